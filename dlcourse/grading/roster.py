"""Who is in the class: a roster, with which whoever hands in nothing is seen."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from dlcourse.grading.reading import UnreadableError, decode, printable

Who = tuple[str, str]  # a student's name, and number in Canvas or Moodle: empty if there is none

NUMBERS = ("id", "identifier")  # Canvas; Moodle's grading worksheet: "Participant 12345"
NAMES = ("student", "full name", "student name", "name")
FIRST, LAST = ("first name", "firstname"), ("last name", "lastname", "surname")
OTHERS = ("sis user id", "sis login id", "id number", "username", "email address", "email")
HANDED_IN = "last modified (submission)"  # Moodle's grading worksheet
MOODLE_TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")
NOBODY = ("points possible", "student, test", "test student")  # rows of Canvas


@dataclass(frozen=True)
class Student:
    """One student on a roster.

    Attributes
    ----------
    name : str
    id : str
        The number in Canvas or Moodle; empty if the roster has none.
    others : tuple of str
        What else may name this student's files: login, e-mail address, other numbers.
    handed_in : datetime, optional
        When Moodle says that this student handed in, by the clock of whoever exported it.
    """

    name: str
    id: str = ""
    others: tuple[str, ...] = field(default=(), compare=False)
    handed_in: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes
    ----------
    students : list of Student
    source : str
        The name of the file it was read from.
    lms : str
        Whose numbers it has: "Canvas" or "Moodle"; empty if that is not clear.
    """

    students: list[Student]
    source: str
    lms: str = ""

    @cached_property
    def times(self) -> dict[str, datetime]:
        """When students handed in, by their number, as far as the roster says."""
        return {s.id: s.handed_in for s in self.students if s.id and s.handed_in}

    def match(self, submitted: Iterable[Who]) -> tuple[dict[Who, Who], list[Who]]:
        """Find who on the roster handed in what.

        The number decides. Without a number of the roster the name does, however it is written
        ("Doe, Jane", "Jane Doe", "doejane"), if only one student has it.

        Parameters
        ----------
        submitted : iterable of (name, number)
            As the names of the files say.

        Returns
        -------
        found : dict
            From what a file says to who is meant; nobody on the roster is left out.
        people : list of (name, number)
            The whole class. A number comes from the files where they have another one: Moodle
            numbers students anew in each assignment.
        """
        submitted = set(submitted)
        by_number = {student.id: student for student in self.students if student.id}
        found = {who: by_number[who[1]] for who in submitted if who[1] in by_number}
        by_name: dict[str, set[Student]] = defaultdict(set)
        for student in self.students:
            for name in (student.name, student.id, *student.others):
                for spelling in spellings(name):
                    by_name[spelling].add(student)
        claims: dict[Student, list[Who]] = defaultdict(list)
        for who in submitted - set(found):
            named = by_name[spellings(who[0])[0]]
            if len(named) == 1:
                claims[next(iter(named))].append(who)
        numbers = {student: student.id for student in self.students}
        for student, claimed in claims.items():
            own = {number for _, number in claimed} - {""}
            own |= {student.id} if student in found.values() else set()
            if len(own) < 2:  # two students of one name, and one of them is not on the roster
                found |= dict.fromkeys(claimed, student)
                numbers[student] = next(iter(own), student.id)
        meant = {who: (student.name, numbers[student]) for who, student in found.items()}
        return meant, [(student.name, numbers[student]) for student in self.students]


def spellings(name: str) -> list[str]:
    """Return a name without spaces and capitals, from each of its words on.

    Examples
    --------
    >>> spellings("Doe, Jane")
    ['doejane', 'janedoe']
    """
    words = re.findall(r"[^\W_]+", name.casefold())
    return ["".join(words[i:] + words[:i]) for i in range(len(words))] or [""]


def read(path: Path) -> Roster:
    """Read a roster: a CSV file as Canvas or Moodle export it, or one name or number per line.

    Raises
    ------
    UnreadableError
        If the file names no students.
    """
    try:
        text = decode(path.read_bytes())
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"{path.name} is not written in UTF-8. Save it as CSV UTF-8, or export it again."
        ) from error
    lines = [line for line in text.splitlines() if printable(line).strip()]
    delimiter = max(",;\t", key="".join(lines[:1]).count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError(f"{path.name} cannot be read as CSV: {error}.") from error
    rows = [[printable(cell).strip() for cell in row] for row in table]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise UnreadableError(f"{path.name} is empty. A roster has a line for each student.")
    columns = [column.casefold() for column in rows[0]]
    if {*NUMBERS, *NAMES, *FIRST, *LAST, *OTHERS} & set(columns):
        students = [_student(dict(zip(columns, row, strict=False))) for row in rows[1:]]
    elif path.suffix.lower() == ".csv":
        raise UnreadableError(
            f"{path.name} has no column that names students. Its columns are: "
            f"{', '.join(rows[0])[:200]}. Expected one of: Student, ID (Canvas); Full name, "
            "Identifier, First name, Last name, Email address, ID number (Moodle). Rename a column "
            "to one of these, or give a text file (.txt) with one name or number per line."
        )
    else:
        names = (printable(line).strip() for line in lines)
        students = [Student(name, name if name.isdecimal() else "") for name in names]
    students = list(dict.fromkeys(s for s in students if s.name))
    _refuse_doubles(students, path.name)
    lms = "Moodle" if "identifier" in columns else ""
    lms = "Canvas" if {"student", "id"} <= set(columns) else lms
    return Roster(students, path.name, lms)


def _student(row: dict[str, str]) -> Student:
    """Return the student of one row; without a name if the row is none."""

    def first(columns: Iterable[str]) -> str:
        return next((row[column] for column in columns if row.get(column)), "")

    number = first(NUMBERS).split()[-1:]  # "Participant 12345"
    others = tuple(row[column] for column in OTHERS if row.get(column))
    name = first(NAMES) or f"{first(FIRST)} {first(LAST)}".strip()
    if name.casefold() in NOBODY or not (name or number or others):
        return Student("")
    handed_in = None
    for form in MOODLE_TIMES:
        with suppress(ValueError):
            handed_in = datetime.strptime(row.get(HANDED_IN, ""), form)
    return Student(name or first(NUMBERS) or others[0], "".join(number), others, handed_in)


def _refuse_doubles(students: list[Student], source: str) -> None:
    """Stop where two students cannot be told apart."""
    if not students:
        raise UnreadableError(f"{source} names no students: it has headings and nothing below.")
    seen: set[str] = set()
    for student in students:
        identity = student.id or student.name.casefold()
        if identity in seen:
            raise UnreadableError(
                f"{source} has {student.id or student.name} twice, for different students. Give "
                "each student a number of their own (column ID or Identifier)."
            )
        seen.add(identity)
