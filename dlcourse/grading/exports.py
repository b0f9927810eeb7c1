"""Grades as files for other programs: spreadsheets, Canvas, Moodle, Gradescope."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dlcourse.grading import files
from dlcourse.grading.changes import Change
from dlcourse.grading.grades import Grade
from dlcourse.grading.marking import card_of
from dlcourse.grading.naming import Naming
from dlcourse.grading.policy import Policy, clock_of
from dlcourse.grading.questions import questions
from dlcourse.tables import points

BOM = "\ufeff"  # spreadsheets read UTF-8 only after it


def write(
    folder: Path,
    found: Sequence[Grade],
    policy: Policy,
    confined: bool,
    naming: Naming | None = None,
    changes: Sequence[Change] = (),
) -> tuple[list[Path], list[str]]:
    """Write grades.csv, questions.csv, changes.csv, and one file per lesson for Canvas and Moodle.

    Where student code ran without the sandbox, the names of the files say so. A file for Canvas
    or Moodle is written if there are numbers that these know; one of an earlier run that is no
    longer true is removed.

    Returns
    -------
    written : list of Path
    problems : list of str
        Who is missing in a file, and why.
    """
    mark = "" if confined else "-without-sandbox"
    texts = {
        f"grades{mark}.csv": BOM + grades_csv(found, policy, confined, naming or Naming()),
        f"questions{mark}.csv": BOM + questions_csv(found),
        f"changes{mark}.csv": BOM + changes_csv(changes) if changes else "",
    }
    problems = []
    for lesson in sorted({grade.lesson for grade in found} - {""}):
        own = [grade for grade in found if grade.lesson == lesson]
        for lms, layout in (("Canvas", canvas_csv), ("Moodle", moodle_csv)):
            name = f"{lms.lower()}-{lesson}{mark}.csv"
            known = [g for g in own if g.id and g.source == lms and g.is_final]
            texts[name] = layout(known) if known else ""
            missing = [g.who for g in own if not (g.id and g.source == lms and g.is_final)]
            if known and missing:
                problems.append(f"Not in {name}, for want of a number or a grade: {_few(missing)}.")
    for name, text in texts.items():
        if text:
            files.write(folder / name, text)
        else:
            (folder / name).unlink(missing_ok=True)
    return [folder / name for name, text in texts.items() if text], problems


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return ", ".join(names[:10]) + more


def grades_csv(found: Sequence[Grade], policy: Policy, confined: bool, naming: Naming) -> str:
    """Return one line for each student and lesson, with one column per question."""
    asked = list(dict.fromkeys(a.question for grade in found for a in grade.answers))
    zone = policy.zone or "local time"
    head = ["student", "id", "lesson", "points", "of", *asked]
    head += ["attempts", f"handed in ({zone})", "days late", "lateness by"]
    head += ["by hand", "page", "sandbox"]
    rows = []
    for grade in found:
        answers = [grade.answer(question) for question in asked]
        given = [a.question for a in grade.answers if a.by_hand]
        rows.append(
            [
                grade.student,
                grade.id,
                grade.lesson,
                points(grade.points),
                points(grade.of),
                *(points(a.points) if a and grade.is_there else "" for a in answers),
                len(grade.attempts),
                policy.moment(grade.attempt),
                grade.days_late,
                clock_of(grade.attempt) if policy.deadline else "",
                " ".join([*given, *(["the lesson"] if grade.by_hand else [])]),
                f"students{naming.suffix}/{naming.stem(grade)}.html",
                "yes" if confined else "NO",
                " ".join([*grade.notices, *grade.remarks]),
            ]
        )
    return _text([[*head, "notices"], *rows])


def questions_csv(found: Sequence[Grade]) -> str:
    """Return one line per question: how the class did."""
    head = ["lesson", "question", "of", "students", "mean", "median", "zeros", "all right"]
    rows = [
        [
            lesson,
            question.name,
            points(question.of),
            len(question.answers),
            points(question.mean),
            points(question.median),
            question.zeros,
            len(question.right),
        ]
        for lesson in sorted({grade.lesson for grade in found} - {""})
        for question in questions(found, lesson)
    ]
    return _text([head, *rows])


def changes_csv(changes: Iterable[Change]) -> str:
    """Return one line for each number that is not what it was in the last run."""
    rows = [
        [
            change.grade.student,
            change.grade.id,
            change.grade.lesson,
            change.question,
            points(change.before),
            points(change.after),
            change.why,
        ]
        for change in changes
    ]
    return _text([["student", "id", "lesson", "question", "before", "after", "why"], *rows])


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
            f"Participant {grade.id}",
            grade.student,
            points(grade.points),
            points(grade.of),
            now,
            " ".join([*grade.notices, *grade.remarks]),
        ]
        for grade in own
    ]
    return BOM + _text([head, *rows])


def gradescope(folder: Path, found: Iterable[Grade], naming: Naming, confined: bool) -> Path:
    """Write ``results.json`` for each student, as an autograder of Gradescope leaves it.

    The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/.
    """
    by_student: dict[str, list[Grade]] = {}
    for grade in found:
        by_student.setdefault(naming.stem(grade), []).append(grade)
    for stem, own in by_student.items():
        here = folder / "gradescope" / stem
        files.make_folder(here)
        text = json.dumps(results_json(own, confined), indent=1, ensure_ascii=False)
        files.write(here / "results.json", text)
    return folder / "gradescope"


def results_json(own: Sequence[Grade], confined: bool) -> dict[str, Any]:
    """Return a student's grades as Gradescope reads them; the score is that after lateness."""
    said = [text for grade in own for text in [*grade.notices, *grade.remarks]]
    if not confined:
        said.insert(0, "Graded without a sandbox: these points can be forged.")
    tests = []
    for grade in own:
        for answer in grade.answers:
            remark = [f"Remark: {answer.remark}"] if answer.remark else []
            card = [repr(card_of(answer.mark))] if answer.mark else ["Nothing was handed in."]
            given = [f"{points(answer.points)} points were given by hand."] * answer.by_hand
            tests.append(
                {
                    "name": f"{grade.lesson} {answer.question}",
                    "score": answer.points,
                    "max_score": answer.of,
                    "status": "passed" if answer.is_right else "failed",
                    "output": "\n".join([*card, *given, *remark]),
                    "output_format": "text",
                }
            )
    return {
        "score": round(sum(grade.points for grade in own), 2),
        "output": "\n".join(said),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }


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
