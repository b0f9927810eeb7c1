"""Who handed in the same as another: equal files, and answers that differ in names and layout only.

Two who are right often write the same. So what counts is what few wrote: an answer that is shared
weighs its length times the logarithm of how rare it is in the class. What was changed within an
answer is not found here; `export` writes the answers as JPlag takes them.
"""

import builtins
import io
import itertools
import keyword
import math
import tokenize
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from dlcourse.grading import files
from dlcourse.grading.answers import read
from dlcourse.grading.grades import Answer, Grade
from dlcourse.grading.reading import UnreadableError
from dlcourse.layout import EXERCISES

MIN_TOKENS = 15  # a shorter answer is equal by chance
MIN_ONE = 80  # tokens: so long must an answer be that alone makes two suspicious
KEPT = {*keyword.kwlist, *dir(builtins), "np", "numpy"}  # names that nobody chooses
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER, tokenize.ENCODING,
}  # fmt: skip


@dataclass
class Pair:
    """Two who handed in the same, in whole or in part.

    Attributes
    ----------
    one, other : Grade
    files : bool
        Whether their files are equal to the last byte.
    verbatim, renamed : list of str
        The questions to which they wrote the same, comments and blanks included, and those where
        only these and the names differ.
    wrote : int
        How many wrote the rarest of these answers, the two included.
    weight : float
        What it is sorted by.
    few, tokens : int
        How many of the answers few wrote, and how long these are together.
    """

    one: Grade
    other: Grade
    files: bool = False
    verbatim: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    wrote: int = 0
    weight: float = 0.0
    tokens: int = 0
    few: int = 0

    @property
    def is_suspicious(self) -> bool:
        """Whether more is equal than chance explains."""
        return self.files or self.few > 1 or self.tokens >= MIN_ONE


@lru_cache(10_000)
def normal(code: str) -> tuple[str, ...]:
    """Return the tokens of a piece of code, without layout and comments, with numbers for names.

    The code is read as text; it is never parsed or run here.

    Examples
    --------
    >>> normal("y = f( x )  # easy") == normal("b = g(a)")
    True
    """
    found: list[str] = []
    numbers: dict[str, str] = {}
    starts_line = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            text = token.string
            if token.type in LAYOUT:
                starts_line = starts_line or token.type not in (tokenize.NL, tokenize.COMMENT)
                continue
            if token.type == tokenize.STRING and starts_line:
                continue  # what a function does, in words
            starts_line = False
            after_dot = bool(found) and found[-1] == "."
            if token.type == tokenize.NAME and text not in KEPT and not after_dot:
                text = numbers.setdefault(text, f"name {len(numbers)}")
            found.append(text)
    except (tokenize.TokenError, SyntaxError, ValueError):
        found += code.split()  # no Python: what is written counts, blanks aside
    return tuple(found)


def pairs(found: Iterable[Grade], lesson: str) -> list[Pair]:
    """Return who handed in the same in a lesson, the most suspicious first."""
    own = [grade for grade in found if grade.lesson == lesson and grade.attempt]
    pairs: dict[tuple[int, int], Pair] = {}
    for equal in _groups(own, _file):
        for i, j in itertools.combinations(equal, 2):
            pairs[i, j] = Pair(own[i], own[j], files=True, wrote=len(equal))
    for question in sorted({answer.question for grade in own for answer in grade.answers}):
        for equal in _groups(own, partial(_tokens, question)):
            # What many write is the way to write it, and makes nobody suspicious.
            few = len(equal) <= max(3, len(own) // 10)
            length = len(_tokens(question, own[equal[0]]))
            for i, j in itertools.combinations(equal, 2) if few else ():
                pair = pairs.setdefault((i, j), Pair(own[i], own[j]))
                pair.few += 1
                pair.tokens += length
                pair.weight += length * math.log(1 + len(own) / len(equal))
                pair.wrote = min(pair.wrote or len(equal), len(equal))
    suspicious = [pair for pair in pairs.values() if pair.is_suspicious]
    for pair in suspicious:
        for answer in pair.one.answers:
            _compare(pair, answer.question)
    return sorted(suspicious, key=lambda pair: (-pair.files, -pair.weight, pair.one.who))


def _groups(own: Sequence[Grade], key: Callable[[Grade], object]) -> Iterator[list[int]]:
    """Yield the places of those with equal keys, where there are several; empty keys are none."""
    found: dict[object, list[int]] = defaultdict(list)
    for i, grade in enumerate(own):
        if value := key(grade):
            found[value].append(i)
    return (equal for equal in found.values() if len(equal) > 1)


def _file(grade: Grade) -> str:
    readable = grade.attempt and grade.attempt.result.marks
    return grade.attempt.content if grade.attempt and readable else ""


def _tokens(question: str, grade: Grade) -> tuple[str, ...]:
    found = normal(_code(grade.answer(question)))
    return found if len(found) >= MIN_TOKENS else ()


def _compare(pair: Pair, question: str) -> None:
    one, other = (_code(grade.answer(question)) for grade in (pair.one, pair.other))
    if one and one == other:
        pair.verbatim.append(question)
    elif one and normal(one) == normal(other):
        pair.renamed.append(question)


def _code(answer: Answer | None) -> str:
    """Return what a student wrote; nothing for what is as it was handed out."""
    if answer is None or answer.mark is None or answer.mark.card["kind"] == "todo":
        return ""
    return answer.mark.code


# ------------------------------------------------------------------ for JPlag


def export(folder: Path, found: Iterable[Grade], name_of: Callable[[Grade], str]) -> list[Path]:
    """Write the answers as JPlag and MOSS take them: one folder per student, and what all got.

    Parameters
    ----------
    folder : Path
        Gets ``NN/students/NAME/answers.py`` and ``NN/handed-out/answers.py``.
    found : iterable of Grade
    name_of : callable
        The name of a student's folder.

    Returns
    -------
    list of Path
        The folder of each lesson.
    """
    lessons = defaultdict(list)
    for grade in found:
        if grade.attempt and grade.lesson and any(_code(a) for a in grade.answers):
            lessons[grade.lesson].append(grade)
    written = []
    for lesson, own in sorted(lessons.items()):
        here = folder / lesson
        questions = [answer.question for answer in own[0].answers]
        _write(here / "handed-out", [(name, _handed_out(lesson, name)) for name in questions])
        for grade in own:
            answers = [(answer.question, _code(answer)) for answer in grade.answers]
            _write(here / "students" / name_of(grade), answers)
        written.append(here)
    return written


def _write(folder: Path, answers: Sequence[tuple[str, str]]) -> None:
    files.make_folder(folder)
    text = "\n\n".join(f"# {name}\n{code}" for name, code in answers if code)
    files.write(folder / "answers.py", text + "\n")


def _handed_out(lesson: str, question: str) -> str:
    for path in EXERCISES.glob(f"{lesson}_*/*.ipynb"):
        try:
            return read(path.read_bytes()).code(question)
        except (OSError, UnreadableError):
            continue
    return ""
