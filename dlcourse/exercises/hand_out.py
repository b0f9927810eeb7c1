"""Hand out lessons and exercises: copies without outputs, in the learner's own folder.

A copy that its learner has not changed is replaced when a newer version comes. One that they
changed is never written to, replaced or removed: the newer version is put beside it, under a name
with a date. Running a cell changes nothing; what counts is what the cells say. Which versions were
handed out stands in ``.handed_out.json``; without it the worst that happens is a copy too many.
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from dlcourse import layout
from dlcourse.exercises.files import create, replace

RECORD = layout.HANDED_OUT


class Notice(NamedTuple):
    """Something that the learner should know about a file in their folder.

    Attributes
    ----------
    path : Path
        The file that was written.
    kind : {"new", "newer", "beside"}
        A first copy; a newer one in place of one that was not changed; or a newer one
        beside the learner's own.
    message : str
        One sentence.
    """

    path: Path
    kind: Literal["new", "newer", "beside"]
    message: str


class Copy(NamedTuple):
    """What a learner gets of one notebook.

    Attributes
    ----------
    name : str
        In the learner's folder, without the suffix.
    content : bytes
    version : str
        A name for what its cells say.
    """

    name: str
    content: bytes
    version: str


def copies(notebooks: Path, exercises: Path) -> Iterator[Copy]:
    """Yield what a learner gets: lessons, then exercises, without any output.

    In a learner's folder they lie side by side, so links between them are rewritten.

    Parameters
    ----------
    notebooks : Path
        A folder with lessons, ``NN_topic.ipynb``.
    exercises : Path
        A folder with ``NN_topic/NN_topic.ipynb``.
    """
    for source in sorted(notebooks.glob("[0-9]*.ipynb")):
        yield _copy(source.stem, source)
    for source in sorted(exercises.glob("[0-9]*/*.ipynb")):
        if source.stem == source.parent.name:
            yield _copy(f"{source.stem}_exercise", source)


# From a lesson to an exercise, and from an exercise to a lesson.
LINKS = (
    (re.compile(r"\]\(\.\./exercises/(\w+)/\1\.ipynb"), r"](\1_exercise.ipynb"),
    (re.compile(r"\]\(\.\./\.\./notebooks/(\w+)\.ipynb"), r"](\1.ipynb"),
)


def _copy(name: str, source: Path) -> Copy:
    """Return a notebook without outputs, its links as they hold in a learner's folder."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        else:
            text = "".join(cell["source"])
            for link, there in LINKS:
                text = link.sub(there, text)
            cell["source"] = text.splitlines(keepends=True)
    content = f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode()
    return Copy(name, content, _version(content))


def own_exercises(home: Path) -> list[Path]:
    """Return the exercises in a learner's folder, not the newer versions beside them."""
    flat = home.glob("[0-9]*_exercise.ipynb")
    folders = (path for path in home.glob("[0-9]*/*.ipynb") if path.stem == path.parent.name)
    return sorted([*flat, *folders], key=lambda path: path.name)


def hand_out(
    home: Path, notebooks: Path = layout.NOTEBOOKS, exercises: Path = layout.EXERCISES
) -> list[Notice]:
    """Bring a learner's folder up to date; it is made if it does not exist.

    Returns
    -------
    list of Notice
        One for each file that was written; empty if there was nothing to do.
    """
    home.mkdir(parents=True, exist_ok=True)
    known = _read_record(home)
    notices = []
    for copy in copies(notebooks, exercises):
        versions = known.setdefault(copy.name, [])
        notice = _hand_out_one(copy, home, versions)
        if notice is not None:
            notices.append(notice)
        if copy.version not in versions:
            versions.append(copy.version)
            _write_record(home, known)
    return notices


def _hand_out_one(copy: Copy, home: Path, versions: list[str]) -> Notice | None:
    target = _target(copy.name, home)
    kind = "exercise" if copy.name.endswith("_exercise") else "lesson"
    if create(target, copy.content):
        return Notice(target, "new", f"New {kind}: {target.relative_to(home).as_posix()}")
    present = _version_of(target)
    if present == copy.version:
        return None
    if present in versions:
        replace(target, copy.content)
        name = target.relative_to(home).as_posix()
        return Notice(target, "newer", f"{name} is the newer version now; you had not changed it.")
    if copy.version in versions:
        return None  # this version was handed out; what differs is the learner's own work
    newer = target.parent.glob(f"{target.stem}.new-*.ipynb")
    if any(_version_of(path) == copy.version for path in newer):
        return None
    today = date.today().isoformat()
    for number in range(1, 1000):
        suffix = f"-{number}" if number > 1 else ""
        beside = target.with_name(f"{target.stem}.new-{today}{suffix}.ipynb")
        if create(beside, copy.content):
            message = (
                f"The {kind} {copy.name} has changed. The new version is "
                f"{beside.relative_to(home).as_posix()}; your own file is as you left it."
            )
            return Notice(beside, "beside", message)
    return None


def _target(name: str, home: Path) -> Path:
    """Return where a copy belongs: beside the others, or where an earlier version put it."""
    exercise = name.removesuffix("_exercise")
    earlier = home / exercise / f"{exercise}.ipynb"
    if exercise != name and os.path.lexists(earlier):
        return earlier
    return home / f"{name}.ipynb"


def _version(content: bytes) -> str:
    """Return a name for what the cells of a notebook say, whatever their outputs.

    Raises
    ------
    ValueError, TypeError, KeyError
        If it is no notebook.
    """
    cells: list[Any] = json.loads(content)["cells"]
    said = [[c["cell_type"], "".join(c["source"]), c.get("attachments", {})] for c in cells]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _version_of(path: Path) -> str | None:
    """Return the version of a file; None for what is no notebook, or not to be read."""
    try:
        if path.is_symlink():
            return None  # somebody's own arrangement
        return _version(path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _read_record(home: Path) -> dict[str, list[str]]:
    try:
        record = json.loads((home / RECORD).read_bytes())
        return {str(name): [str(v) for v in versions] for name, versions in record.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_record(home: Path, record: dict[str, list[str]]) -> None:
    replace(home / RECORD, json.dumps(record, indent=1).encode())
