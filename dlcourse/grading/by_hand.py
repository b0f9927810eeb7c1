"""What a teacher decides by hand: points, remarks and more time for single students.

It stands in ``by-hand.csv`` in the folder of the grades, one decision per line. The command makes
the file, with headings and nothing below, and never writes to it again: so no regrade, no new
version of the checks and no lost gradebook can undo what a person wrote.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dlcourse import checks
from dlcourse.grading.alias import alias
from dlcourse.grading.reading import UnreadableError, decode, printable
from dlcourse.grading.roster import Who, spellings
from dlcourse.tables import points as show

FILE = "by-hand.csv"
COLUMNS = ("student", "id", "lesson", "question", "points", "extra days", "remark")


@dataclass(frozen=True)
class Decision:
    """One line.

    Attributes
    ----------
    line : int
    student, id : str
        Who is meant; one of the two is enough.
    lesson : str
    question : str
        The function; empty for the lesson as a whole.
    points : float, optional
    extra_days : int
        By how many days the deadline is put off.
    remark : str
        For the student.
    """

    line: int
    student: str
    id: str
    lesson: str
    question: str
    points: float | None
    extra_days: int
    remark: str


def read(folder: Path) -> list[Decision]:
    """Read the decisions in a folder; make the file if it is not there.

    Raises
    ------
    UnreadableError
        If a line cannot be understood. Nothing is guessed about points.
    """
    path = folder / FILE
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(COLUMNS)
    except FileExistsError:
        pass
    try:
        text = decode(path.read_bytes())
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{path} is not written in UTF-8. Save it as CSV UTF-8.") from error
    first = text.partition("\n")[0]
    table = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        rows = [(table.line_num, [printable(cell).strip() for cell in row]) for row in table]
    except csv.Error as error:
        raise UnreadableError(f"{path} cannot be read as CSV: {error}.") from error
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        return []
    columns = [column.casefold() for column in rows[0][1]]
    missing = [column for column in ("lesson", "question", "points") if column not in columns]
    if missing or not {"student", "id"} & set(columns):
        raise UnreadableError(
            f"{path} has not the headings it needs. They are: {', '.join(COLUMNS)}."
        )
    found = []
    for line, row in rows[1:]:
        try:
            found.append(_decision(line, dict(zip(columns, row, strict=False))))
        except ValueError as error:
            raise UnreadableError(f"{path}, line {line}: {error}") from error
    _refuse_doubles(found, path)
    return found


def _decision(line: int, row: dict[str, str]) -> Decision:
    student, number = row.get("student", ""), row.get("id", "")
    lesson = row.get("lesson", "").strip()
    if not lesson:
        raise ValueError("it names no lesson. Write its number, like 02.")
    lesson = lesson.zfill(2)
    question = row.get("question", "").strip("`() ")
    if not student and not number:
        raise ValueError("it names no student.")
    graded = {check.name: check for check in checks.lessons().get(lesson, [])}
    if not graded:
        raise ValueError(f"there is no exercise {lesson}. Write its number, like 02.")
    if question and question not in graded:
        raise ValueError(f"exercise {lesson} asks for {', '.join(graded)}, not for {question}.")
    full = graded[question].points if question else sum(c.points for c in graded.values())
    points = _number(row.get("points", ""), "points")
    if points is not None and question and points > full:
        raise ValueError(f"{question} is worth {show(full)} points at most, not {show(points)}.")
    days = _number(row.get("extra days", ""), "extra days") or 0
    if days != int(days) or (days and question):
        raise ValueError("extra days are whole days, and for the lesson: leave question empty.")
    remark = row.get("remark", "")
    if points is None and not days and not remark:
        raise ValueError("it gives neither points nor extra days nor a remark.")
    return Decision(line, student, number, lesson, question, points, int(days), remark)


def _number(text: str, column: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))  # as spreadsheets write it in half of the world
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1_000:
        raise ValueError(f"{text!r} is no number of {column}.")
    return number


def _refuse_doubles(found: Iterable[Decision], path: Path) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for decision in found:
        who = decision.id or spellings(decision.student)[0]
        given = {"points": decision.points is not None, "extra days": decision.extra_days > 0}
        for kind in (kind for kind, is_given in given.items() if is_given):
            key = who, decision.lesson, decision.question, kind
            if key in seen:
                raise UnreadableError(
                    f"{path}, lines {seen[key]} and {decision.line}: both give {kind} to "
                    f"{decision.student or decision.id} for the same. Remove one."
                )
            seen[key] = decision.line


def assign(
    decisions: Iterable[Decision],
    people: Collection[Who],
    lessons: Collection[str],
    secret: bytes = b"",
) -> tuple[dict[tuple[Who, str], list[Decision]], list[str]]:
    """Find who is meant by each decision.

    Parameters
    ----------
    decisions : iterable of Decision
    people : collection of (name, number)
        The class.
    lessons : collection of str
        Those that are graded now; decisions on others wait.
    secret : bytes
        That of the gradebook, so that the names on anonymous pages are understood, too.

    Returns
    -------
    found : dict
        The decisions for each student and lesson.
    problems : list of str
        One sentence for each decision that fits nobody, or several.
    """
    by_name: dict[str, set[Who]] = defaultdict(set)
    for who in people:
        for name in [*spellings(who[0]), *(spellings(alias(secret, who)) if secret else [])]:
            by_name[name].add(who)
    found: dict[tuple[Who, str], list[Decision]] = defaultdict(list)
    problems = []
    for decision in decisions:
        if decision.lesson not in lessons:
            continue
        names = spellings(decision.student) if decision.student else []
        meant = set().union(*(by_name[name] for name in names)) if names else set(people)
        if decision.id:
            meant = {who for who in meant if who[1] == decision.id}
        if len(meant) == 1:
            found[meant.pop(), decision.lesson].append(decision)
            continue
        called = " ".join(filter(None, (decision.student, decision.id and f"({decision.id})")))
        near = get_close_matches(spellings(decision.student)[0], [n for n in by_name if by_name[n]])
        meant_name = f"; is it {min(by_name[near[0]])[0]}?" if near else "."
        why = f"nobody is called {called}{meant_name}"
        if meant:
            why = f"{len(meant)} students are called {called}. Give the number in the column id."
        problems.append(f"{FILE}, line {decision.line}, changed nothing: {why}")
    return found, problems
