"""What is different from the last run: what a teacher has seen, and perhaps handed out, before.

The last run's points lie in ``last-run.json`` in the folder of the grades.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlcourse.grading import files
from dlcourse.grading.grades import Grade

FILE = "last-run.json"


@dataclass(frozen=True)
class Change:
    """Other points than before.

    Attributes
    ----------
    grade : Grade
    question : str
        Empty for the lesson as a whole.
    before, after : float
    why : str
    """

    grade: Grade
    question: str
    before: float
    after: float
    why: str


def compare(folder: Path, found: Iterable[Grade], confined: bool) -> list[Change]:
    """Return what changed since the last run, and remember this one.

    Students and lessons that are not in this run are remembered as they were. Grades without
    the sandbox are compared with their like.
    """
    path = folder / FILE
    try:
        known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    if not isinstance(known, dict):
        known = {}
    changes: list[Change] = []
    for grade in found:
        key = json.dumps([grade.student, grade.id, grade.lesson, confined])
        if isinstance(before := known.get(key), dict):
            changes += _changes(grade, before)
        known[key] = _remembered(grade)
    files.write(path, json.dumps(known, indent=0))
    return changes


def _remembered(grade: Grade) -> dict[str, Any]:
    return {
        "points": grade.points,
        "file": grade.attempt.content if grade.attempt else "",
        "days": grade.days_late,
        "answers": {answer.question: answer.points for answer in grade.answers},
    }


def _changes(grade: Grade, before: dict[str, Any]) -> list[Change]:
    other_file = before.get("file") != _remembered(grade)["file"]
    found = []
    for answer in grade.answers:
        old = before.get("answers", {}).get(answer.question)
        if isinstance(old, int | float) and old != answer.points:
            why = "by hand" if answer.by_hand else "another file" if other_file else "graded again"
            found.append(Change(grade, answer.question, old, answer.points, why))
    old = before.get("points")
    if isinstance(old, int | float) and old != grade.points:
        late = before.get("days") != grade.days_late
        why = "by hand" if grade.by_hand else "its lateness" if late else "the questions above"
        if not found and not late and not grade.by_hand:
            why = "another rule: the deadline, what lateness costs, or points taken back"
        found.append(Change(grade, "", old, grade.points, why))
    return found
