"""A learner's own library: ``mine.py`` in their folder, gathered from their exercises.

It holds every function whose check passes today, in the learner's own words, with the helpers it
calls. It is a module like any other: to read, to change, to import. A ``mine.py`` that was changed
by hand is never overwritten; the newer one is put beside it. What somebody has not written yet can
be borrowed from the course, and `Parts` says of each part whose it is.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np

from dlcourse import checks, layout
from dlcourse.checks import Check
from dlcourse.exercises import pieces
from dlcourse.exercises.attempts import finished
from dlcourse.exercises.files import create, replace
from dlcourse.exercises.hand_out import own_exercises
from dlcourse.syllabus import LESSONS
from dlcourse.tables import Table

FILE, RECORD = "mine.py", ".mine.json"
DRAWS = 2  # of new inputs, on which a function must be right to be taken

# What the machines of the capstone are made of.
MACHINES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "LeNet": (
            "batches",
            "softmax_ce_grad",
            "adam_step",
            "he_std",
            "pool2d",
            "conv_channels",
            "conv_backward",
            "maxpool_backward",
        ),
        "LSTM": (
            "batches",
            "softmax_ce_grad",
            "adam_step",
            "he_std",
            "clip_by_global_norm",
            "lstm_step",
            "lstm_backward_step",
        ),
    }
)


@dataclass
class Gathered:
    """What could be taken from a learner's exercises.

    Attributes
    ----------
    text : str
        The module.
    own : dict
        For each lesson, the names of the learner's functions in it.
    left_out : dict
        Functions that are written and not taken, each with the reason.
    """

    text: str
    own: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """All functions of the learner's, in the order of the lessons."""
        return [name for names in self.own.values() for name in names]


def gather(home: Path) -> Gathered:
    """Read the exercises in a learner's folder and take every function that passes.

    A function of an open task is taken if it has once earned all points: training again would
    take too long here.
    """
    reached = set(finished(home))
    gathered, sections, imports = Gathered(""), [], set[str]()
    taken: dict[str, str] = {}  # every name in the module, and its text
    notebooks = {path.name.partition("_")[0]: path for path in own_exercises(home)}
    for lesson, graded in checks.lessons().items():
        if lesson not in notebooks:
            continue
        known = pieces.pieces(pieces.code_cells(notebooks[lesson]))
        places: set[int] = set()
        for check in graded:
            try:
                mine = pieces.needed(check.name, known)
            except pieces.MissingError as problem:
                if any(check.name in piece.binds for piece in known):
                    gathered.left_out[check.name] = str(problem)
                continue
            text = "\n\n\n".join(known[place].text for place in mine)
            reason = _fails(check, text, check.name in reached)
            if reason is None:
                gathered.own.setdefault(lesson, []).append(check.name)
                places |= set(mine)
            elif reason:
                gathered.left_out[check.name] = reason
        chosen = [known[place] for place in sorted(places)]
        imports |= {piece.text for piece in chosen if piece.kind == "import"}
        section = _section(lesson, [p for p in chosen if p.kind != "import"], taken)
        if section:
            sections.append(section)
    gathered.text = _module(gathered, sorted(imports), sections)
    return gathered


def _fails(check: Check, text: str, reached: bool) -> str | None:
    """Return why a function is not taken, None if it is; empty if nothing is written yet."""
    namespace: dict[str, Any] = {"__name__": "mine"}
    try:
        exec(compile(text, FILE, "exec"), namespace)
    except Exception as error:
        return f"its code stops with {type(error).__name__}: {error}"
    if check.goal is not None:
        return None if reached else ""
    for seed in range(DRAWS):
        cases = check.cases(np.random.default_rng(seed))
        inputs = checks.inputs(cases)
        outcomes = checks.run_all(namespace[check.name], inputs, seconds=check.seconds)
        verdict = checks.judge(check, cases, outcomes, [text])
        if verdict.untouched:
            return ""
        if verdict.failure is not None:
            return "it does not pass its check"
    return None


def _section(lesson: str, chosen: Iterable[pieces.Piece], taken: dict[str, str]) -> str:
    """Return what one lesson adds; a helper whose name means something else already gets another.

    The names of graded functions stay.
    """
    chosen = list(chosen)
    graded = {check.name for each in checks.lessons().values() for check in each}
    here = {check.name for check in checks.lessons()[lesson]}
    others = dict(taken)
    bound = {name: piece for piece in chosen for name in sorted(piece.binds)}
    names: dict[str, str] = {}
    for name, piece in bound.items():
        clash = name in others and others[name] != piece.text
        if name not in here and (clash or (name in graded and name not in others)):
            names[name] = pieces.free_name(name, lesson, {*others, *bound, *names.values()})
    texts = []
    for piece in chosen:
        if not names.keys() & (piece.binds | piece.reads) and all(
            others.get(name) == piece.text for name in piece.binds
        ):
            continue  # the same helper stands in the module already
        text = pieces.renamed(piece.text, names) if names else piece.text
        texts.append(text)
        taken |= {names.get(name, name): text for name in piece.binds}
    if not texts:
        return ""
    title = next(each.title for each in LESSONS if each.number == lesson)
    return f"# {lesson} {title}\n\n\n" + "\n\n\n".join(texts)


def _module(gathered: Gathered, imports: list[str], sections: list[str]) -> str:
    count, of = len(gathered.names), sum(len(graded) for graded in checks.lessons().values())
    head = (
        f'"""My own library: {count} of {of} parts, written by me.\n\n'
        "Gathered from my exercises by `dlcourse library`. It is mine to change: a file that I\n"
        'have changed is never overwritten.\n"""'
    )
    return "\n\n".join([head, *(["\n".join(imports)] if imports else []), *sections]) + "\n"


@dataclass(frozen=True)
class Collected:
    """What `collect` did.

    Attributes
    ----------
    path : Path or None
        The file that was written; None if nothing had to be, or nothing is passed yet.
    kind : {"new", "newer", "beside", "same", "empty"}
    gathered : Gathered
    """

    path: Path | None
    kind: str
    gathered: Gathered


def collect(home: Path | None = None) -> Collected:
    """Gather the learner's functions and write ``mine.py``, if it says anything new.

    Raises
    ------
    FileNotFoundError
        If there is no learner's folder.
    """
    home = home or layout.home()
    if home is None or not home.is_dir():
        raise FileNotFoundError("there is no learner's folder here: run `dlcourse start FOLDER`")
    gathered = gather(home)
    if not gathered.names:
        return Collected(None, "empty", gathered)
    content, target = gathered.text.encode(), home / FILE
    written = _written(home)
    if create(target, content):
        return _noted(home, Collected(target, "new", gathered), content)
    present = _version(target.read_bytes())
    if present == _version(content):
        return _noted(home, Collected(None, "same", gathered), content)
    if present in written:
        replace(target, content)
        return _noted(home, Collected(target, "newer", gathered), content)
    for number in range(1, 1000):
        suffix = f"-{number}" if number > 1 else ""
        beside = home / f"mine.new-{date.today().isoformat()}{suffix}.py"
        if beside.is_file() and _version(beside.read_bytes()) == _version(content):
            return Collected(None, "same", gathered)
        if create(beside, content):
            return Collected(beside, "beside", gathered)
    return Collected(None, "same", gathered)


def _version(content: bytes) -> str:
    return sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def _written(home: Path) -> list[str]:
    try:
        return [str(version) for version in json.loads((home / RECORD).read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


def _noted(home: Path, collected: Collected, content: bytes) -> Collected:
    """Remember that this version was written by us: it may be replaced later."""
    written = _written(home)
    if (version := _version(content)) not in written:
        replace(home / RECORD, json.dumps([*written, version]).encode())
    return collected


class Parts(Mapping[str, Callable[..., Any]]):
    """Every graded function: the learner's own where there is one, else the course's.

    Parameters
    ----------
    own : dict
        The learner's functions by name.

    Examples
    --------
    >>> parts = Parts({"he_std": lambda fan_in: (2 / fan_in) ** 0.5})
    >>> parts["he_std"](8), parts.is_own("he_std"), parts.is_own("glorot_limit")
    (0.5, True, False)
    """

    def __init__(self, own: Mapping[str, Callable[..., Any]]) -> None:
        self.own = dict(own)

    def __getitem__(self, name: str) -> Callable[..., Any]:
        """Return a function by its name in the exercises."""
        if name in self.own:
            return self.own[name]
        return checks.find(name).reference

    def __iter__(self) -> Any:
        """Go through all names, in the order of the lessons."""
        return (check.name for graded in checks.lessons().values() for check in graded)

    def __len__(self) -> int:
        """How many parts there are."""
        return sum(len(graded) for graded in checks.lessons().values())

    def is_own(self, name: str) -> bool:
        """Whether the learner has written it."""
        return name in self.own

    def whose(self, names: Iterable[str]) -> Table:
        """Return a table of parts: the lesson of each, and whose it is.

        Examples
        --------
        >>> Parts({}).whose(["he_std"]).rows
        [['he_std', '09', 'borrowed']]
        """
        rows: list[list[object]] = [
            [name, checks.find(name).lesson, "yours" if self.is_own(name) else "borrowed"]
            for name in names
        ]
        own = sum(row[-1] == "yours" for row in rows)
        return Table(["part", "lesson", "whose"], rows, f"{own} of {len(rows)} parts are yours.")


def parts(home: Path | None = None) -> Parts:
    """Return the parts that a network can be made of: those of ``mine.py``, and ours for the rest.

    A ``mine.py`` that its learner has not changed is gathered anew before.

    Raises
    ------
    ImportError
        If ``mine.py`` stops with an error: it says which, and where.
    """
    home = home or layout.home()
    if home is None or not home.is_dir():
        return Parts({})
    path = home / FILE
    if not path.is_file() or _version(path.read_bytes()) in _written(home):
        collect(home)
    if not path.is_file():
        return Parts({})
    module = ModuleType("mine")
    module.__file__ = str(path)
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    except Exception as error:
        line = getattr(error, "lineno", None) or _line(error, str(path))
        raise ImportError(
            f"{path} stops in line {line} with {type(error).__name__}: {error}. Mend it there, or "
            "move the file away and run `dlcourse library` for a new one."
        ) from error
    names = [check.name for graded in checks.lessons().values() for check in graded]
    return Parts({name: vars(module)[name] for name in names if callable(vars(module).get(name))})


def _line(error: Exception, path: str) -> int:
    """Return the last line of a file that an error came through."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def machines(own: Iterable[str]) -> list[str]:
    """Say for each machine of the capstone how many of its parts are there.

    Examples
    --------
    >>> machines(MACHINES["LSTM"])[1]
    'Every part of the LSTM is yours.'
    """
    own, told = set(own), []
    for machine, names in MACHINES.items():
        missing = [name for name in names if name not in own]
        if not missing:
            told.append(f"Every part of the {machine} is yours.")
        else:
            has = len(names) - len(missing)
            next_one = f"{missing[0]} (lesson {checks.find(missing[0]).lesson})"
            told.append(
                f"{has} of {len(names)} parts of the {machine} are yours; next: {next_one}."
            )
    return told
