"""Whose file it is, and when it came: read off the names that Canvas, Moodle and others give.

| | name |
|---|---|
| Canvas | ``doejane_LATE_12345_67890_notebook-1.ipynb``, ``LATE_anon_x1Y2z_67890_notebook.ipynb`` |
| Moodle | ``Jane Doe_12345_assignsubmission_file/notebook.ipynb``, or all of it in one name |
| Blackboard | ``Exercise 2_jdoe_attempt_2026-05-01-23-10-05_notebook.ipynb`` |
| Brightspace | ``13394-80551 - Jane Doe - May 1, 2026 1110 PM/notebook.ipynb``, or in one name |

Canvas and Moodle write their zips anew for each download, and the times in them are those of the
download: such a file has no time. Blackboard and Brightspace write the time into the name.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from dlcourse.grading.archive import is_zip
from dlcourse.grading.reading import parts

MAX_NAME = (
    255  # letters; a file system allows no more, and patterns get slow on what a zip can hold
)
EXERCISE = re.compile(r"\d\d[a-z]?_")
NAME_BEFORE_EXERCISE = re.compile(r"(?!Copy of)(.*[^\W\d_])[ _-]+\d\d[a-z]?_[a-z]+")
CANVAS = re.compile(
    r"((?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)|(?P<anon_late>LATE_)?(?P<anon>anon_[^\W_]+))"
    r"_\d+_.*\.\w+"
)
MOODLE_FOLDER = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_?")
MOODLE_FILE = re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_.*")
BLACKBOARD = re.compile(
    r"(?P<head>.+?_(?P<name>[^_]+))_[^\W\d_]+_(?P<time>\d{4}(-\d\d){5})(_.*|\.\w+)?"
)
BRIGHTSPACE = re.compile(
    r"(?P<id>\d+)-(?P<folder>\d+) - (?P<name>.+?) ?- (?P<time>[^-]*\b\d{4}\b[^-]*?)( - .*)?"
)
BRIGHTSPACE_TIMES = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%d %b, %Y %H%M", "%d %B, %Y %H%M")


@dataclass(frozen=True)
class Author:
    """What the name of a file says.

    Attributes
    ----------
    student : str
    id : str
        The student's number in Canvas, Moodle, Brightspace or Gradescope; empty if there is none.
    late : bool
        Whether Canvas marked the file as late.
    source : str
        "Canvas", "Moodle", "Blackboard", "Brightspace" or "Gradescope"; empty if none of them gave
        the name.
    time : datetime, optional
        When it was handed in, by the clock of the university, without a time zone; Gradescope's
        has one.
    """

    student: str
    id: str = ""
    late: bool = False
    source: str = ""
    time: datetime | None = None


@dataclass(frozen=True)
class Names:
    """How the students of a class are read off the names of its files.

    Attributes
    ----------
    common : int
        How many folders all notebooks share: they are not the names of students.
    exported : bool
        Whether one of the four named every notebook, or a folder around it. Elsewhere a student
        may have chosen such a name, and that of another student.
    assignment : str
        With what the names of Blackboard begin: the student's follows.
    numbered : bool
        Whether the first number of Brightspace is the student's: if the second, that of the
        assignment, is the same everywhere.
    """

    common: int
    exported: bool
    assignment: str = ""
    numbered: bool = True

    @classmethod
    def of(cls, files: Sequence[str], notebooks: Sequence[str]) -> "Names":
        """Look at all files of a class, and at those that are graded."""
        handed_in = [parts(file) for file in notebooks]
        folders = [found[:-1] for found in handed_in]
        levels = itertools.takewhile(lambda same: len(set(same)) == 1, zip(*folders, strict=False))
        common = len(list(levels)) if len(folders) > 1 else 0
        heads = {match["head"] for match in _outermost(BLACKBOARD, files)}
        same = itertools.takewhile(lambda c: len(set(c)) == 1, zip(*heads, strict=False))
        shared = "".join(letter for letter, *_ in same) if len(heads) > 1 else ""
        assignments = {match["folder"] for match in _outermost(BRIGHTSPACE, files)}
        names = cls(common, True, shared[: shared.rfind("_") + 1], len(assignments) < 2)
        exported = all(any(names.exports(found)) for found in handed_in)
        return replace(names, exported=exported)

    def author(self, file: str) -> Author:
        """Return whose a file is."""
        found = parts(file)
        own = found[self.common : -1]
        exports = self.exports(found)  # the outermost is the real one, those inside are students'
        if not self.exported:
            exports = exports[self.common :][:1]
        for author in filter(None, exports):
            return author
        stem = _without_exercise(_stem(found[-1]))
        if not own and EXERCISE.match(stem):
            own = found[:-1][-1:]  # all notebooks are one student's
        return Author((_stem(own[0]) if own and is_zip(own[0]) else own[0] if own else stem)[:120])

    def has_folder(self, file: str) -> bool:
        """Tell whether a file lies in a folder of its student's."""
        return len(parts(file)) > self.common + 1

    def exports(self, found: Sequence[str]) -> list[Author | None]:
        """Read each folder and the file as a name that one of the four makes; None if it is none.

        A zip that a student handed in has the name of a file, and is a folder here.
        """
        *folders, name = found
        whole = [self._read(part, is_zip(part)) for part in folders]
        return [*whole, self._read(name, True)]

    def _read(self, name: str, is_file: bool) -> Author | None:
        if len(name) > MAX_NAME:
            return None
        # The order matters: a student chooses the end of a name, and may write another's there.
        if match := BRIGHTSPACE.fullmatch(name):
            number = match["id"] if self.numbered else ""
            when = _moment(re.sub(r"(?<=\d)[:.](?=\d)", "", match["time"]), BRIGHTSPACE_TIMES)
            return Author(match["name"][:120], number, source="Brightspace", time=when)
        if match := (MOODLE_FOLDER.fullmatch(name) if not is_file else None):
            return Author(match["name"][:120], match["id"], source="Moodle")
        if not is_file:
            return None
        if match := CANVAS.fullmatch(name):
            late = bool(match["late"] or match["anon_late"])
            who = (match["name"] or match["anon"])[:120]
            return Author(who, match["id"] or "", late, "Canvas")
        if match := MOODLE_FILE.fullmatch(name):
            return Author(match["name"][:120], match["id"], source="Moodle")
        if match := BLACKBOARD.fullmatch(name):
            who = match["head"].removeprefix(self.assignment) if self.assignment else match["name"]
            when = _moment(match["time"], ["%Y-%m-%d-%H-%M-%S"])
            return Author(who[:120], source="Blackboard", time=when)
        return None


def _outermost(pattern: re.Pattern[str], files: Iterable[str]) -> Iterator[re.Match[str]]:
    """Yield what each file, or the outermost folder around it, is called by a pattern."""
    for file in files:
        matches = (pattern.fullmatch(part) for part in parts(file) if len(part) <= MAX_NAME)
        yield from itertools.islice(filter(None, matches), 1)


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.removesuffix(".ipynb")


def _without_exercise(stem: str) -> str:
    """Return the student's part of a name with the exercise in it.

    Google's Drive and Forms write ``Jane Doe - 02_perceptron``, people ``jane_02_perceptron``.

    Examples
    --------
    >>> _without_exercise("Copy of 02_perceptron - Jane Doe"), _without_exercise("02_perceptron")
    ('Jane Doe', '02_perceptron')
    >>> _without_exercise("jane_doe_02_perceptron"), _without_exercise("Copy of 02_perceptron")
    ('jane_doe', 'Copy of 02_perceptron')
    """
    pieces = stem.split(" - ")
    own = [piece for piece in pieces if not EXERCISE.match(piece.removeprefix("Copy of "))]
    if len(pieces) == 1 and (match := NAME_BEFORE_EXERCISE.fullmatch(stem)):
        return match[1]
    return " - ".join(own) if own else stem


def _moment(text: str, formats: Iterable[str]) -> datetime | None:
    for form in formats:
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form)  # no zone is what it says
    return None
