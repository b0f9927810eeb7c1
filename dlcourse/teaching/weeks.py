"""The course in 14 weeks, and in 7: which lessons when, and how many hours they take.

``dlcourse release`` writes the tables into ``docs/teaching/syllabus.md``; ``release --check`` and a
test compare them with what stands here.
"""

import re
from pathlib import Path

from dlcourse.layout import ROOT
from dlcourse.syllabus import LESSONS, Lesson
from dlcourse.teaching.notes import exercise_minutes

PAGE = ROOT / "docs" / "teaching" / "syllabus.md"
PROJECT = "11b"

# For each number of weeks, what is done in each of them.
PLANS: dict[int, tuple[tuple[str, ...], ...]] = {
    14: (
        ("00", "01"),
        ("02", "03"),
        ("04", "05"),
        ("06", "07"),
        ("08", "09"),
        ("10", "11"),
        (PROJECT,),
        ("12", "13"),
        ("14",),
        ("15", "16"),
        ("17",),
        ("18",),
        ("19", "20"),
        ("21",),
    ),
    7: (
        ("00", "01", "02"),
        ("03", "04", "05"),
        ("06", "07", "08"),
        ("09", "10", "11", "12"),
        (PROJECT, "13"),
        ("14", "15", "16", "17"),
        ("18", "19", "20", "21"),
    ),
}


def minutes(part: str) -> int:
    """Return how long a lesson takes to read and run, and its exercise; or the project.

    Parameters
    ----------
    part : str
        Its number: ``"02"``, ``"11b"``.
    """
    lesson = _lesson(part)
    return lesson.minutes + (0 if lesson.is_project else exercise_minutes(lesson))


def table(weeks: int) -> str:
    """Return a plan as a Markdown table, with the hours of each week and of all.

    Examples
    --------
    >>> table(7).splitlines()[0]
    '| week | lessons and exercises | hours |'
    """
    lines = ["| week | lessons and exercises | hours |", "|---|---|---|"]
    total = 0
    for number, parts in enumerate(PLANS[weeks], 1):
        spent = sum(map(minutes, parts))
        total += spent
        lines.append(f"| {number} | {'; '.join(map(_named, parts))} | {spent / 60:.1f} |")
    return "\n".join([*lines, f"| | all | {total / 60:.1f} |"])


def _named(part: str) -> str:
    lesson = _lesson(part)
    if lesson.is_project:
        return f"[{lesson.title}](../../exercises/{lesson.name}/{lesson.name}.ipynb)"
    if not lesson.is_here:
        return f"{part} {lesson.title} (planned)"
    link = f"{part} [{lesson.title}](../../notebooks/{lesson.name}.ipynb)"
    if lesson.has_exercise:
        link += f", [exercise](../../exercises/{lesson.name}/{lesson.name}.ipynb)"
    return link


def _lesson(number: str) -> Lesson:
    return next(lesson for lesson in LESSONS if lesson.number == number)


def page() -> str:
    """Return the text of the page with the tables as they should be."""
    text = PAGE.read_text(encoding="utf-8")
    for weeks in PLANS:
        pattern = rf"(^## In {weeks} weeks\n.*?\n\n)\| week .*?(?=\n\n|\n*\Z)"
        place = re.compile(pattern, re.MULTILINE | re.DOTALL)
        text = place.sub(lambda match, weeks=weeks: match[1] + table(weeks), text)  # type: ignore[misc]
    return text


def differences() -> list[str]:
    """Say whether the page shows what stands here; empty where there is no such page."""
    if not PAGE.is_file() or page() == PAGE.read_text(encoding="utf-8"):
        return []
    return ["docs/teaching/syllabus.md does not show what dlcourse/syllabus.py says."]


def write() -> list[Path]:
    """Write the tables into the page; return it if it changed."""
    if not differences():
        return []
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    return [PAGE]
