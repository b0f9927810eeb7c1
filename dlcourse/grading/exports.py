"""Grades as CSV: for anything, for Canvas and for Moodle."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from dlcourse.grading import files
from dlcourse.grading.grades import Grade
from dlcourse.tables import points

BOM = "\ufeff"  # spreadsheets read UTF-8 only after it


def write(folder: Path, found: Sequence[Grade], confined: bool) -> list[Path]:
    """Write grades.csv and one file per lesson for Canvas and for Moodle.

    Where student code ran without the sandbox, the names of the files say so.
    """
    mark = "" if confined else "-without-sandbox"
    texts = {f"grades{mark}.csv": BOM + grades_csv(found, confined)}
    for lesson in sorted({grade.lesson for grade in found} - {""}):
        own = [grade for grade in found if grade.lesson == lesson]
        texts[f"canvas-{lesson}{mark}.csv"] = canvas_csv(own)
        texts[f"moodle-{lesson}{mark}.csv"] = BOM + moodle_csv(own)
    for name, text in texts.items():
        files.write(folder / name, text)
    return [folder / name for name in texts]


def grades_csv(found: Sequence[Grade], confined: bool) -> str:
    """Return one line for each student and lesson."""
    head = ["student", "id", "lesson", "points", "of", "attempts", "handed in (UTC)", "days late"]
    rows = [
        [
            grade.student,
            grade.id,
            grade.lesson,
            points(grade.points),
            points(grade.of),
            len(grade.attempts),
            grade.attempt.moment if grade.attempt else "",
            grade.days_late,
            "yes" if confined else "NO",
            " ".join(grade.notices),
        ]
        for grade in found
    ]
    return _text([[*head, "sandbox", "notices"], *rows])


def canvas_csv(own: Sequence[Grade]) -> str:
    """Return what Canvas imports in its gradebook: students by their Canvas number."""
    name = f"dlcourse lesson {own[0].lesson}"
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", name]
    possible = ["    Points Possible", "", "", "", "", points(own[0].of)]
    rows = [[grade.student, grade.id, "", "", "", points(grade.points)] for grade in own]
    return _text([head, possible, *rows])


def moodle_csv(own: Sequence[Grade]) -> str:
    """Return what Moodle uploads as an offline grading worksheet.

    Moodle refuses a worksheet without the time at which its grades were changed, and keeps a grade
    of its own that is newer.
    """
    head = ["Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)"]
    head.append("Feedback comments")
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    rows = [
        [
            f"Participant {grade.id}" if grade.id else "",
            grade.student,
            points(grade.points),
            points(grade.of),
            now,
            " ".join(grade.notices),
        ]
        for grade in own
    ]
    return _text([head, *rows])


def _text(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(value) for value in row] for row in rows])
    return text.getvalue()


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Jane"), harmless(-1)
    ("'=1+1", 'Jane', -1)
    """
    if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}" if value.strip() else value
    return value
