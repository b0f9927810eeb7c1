"""What pages show of the table of lessons: the map, and each lesson's table of digits.

``dlcourse release`` writes it into README and the welcome page; ``release --check`` and a test
compare them with what stands here.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlcourse.layout import NOTEBOOKS, ROOT, WELCOME
from dlcourse.lessons import digits
from dlcourse.syllabus import LESSONS, PARTS, Lesson


def map_of(
    link: Callable[[Lesson], str],
    exercise: Callable[[Lesson], str],
    with_exercises: bool = True,
) -> str:
    """Return the map as a Markdown table; planned lessons have no link and no time.

    Parameters
    ----------
    link, exercise : callable
        Return where a lesson and its exercise lie, as seen from the page.
    with_exercises : bool
        Whether the exercise of a lesson stands beside it; a project always has its line.
    """
    lines = ["| | lesson | minutes | what you build |", "|---|---|---|---|"]
    for lesson in LESSONS:
        if lesson.number in PARTS:
            lines.append(f"| | **{PARTS[lesson.number]}** | | |")
        title, minutes = lesson.title, "planned"
        if lesson.is_project:
            title, minutes = f"[{lesson.title}]({exercise(lesson)})", str(lesson.minutes)
        elif lesson.is_here:
            title, minutes = f"[{lesson.title}]({link(lesson)})", str(lesson.minutes)
            if with_exercises and lesson.has_exercise:
                title += f" and [exercise]({exercise(lesson)})"
        lines.append(f"| {lesson.number} | {title} | {minutes} | {lesson.builds} |")
    return "\n".join(lines)


def readme_map() -> str:
    """Return the map as README shows it."""
    return map_of(
        lambda lesson: f"notebooks/{lesson.name}.ipynb",
        lambda lesson: f"exercises/{lesson.name}/{lesson.name}.ipynb",
    )


def welcome_map() -> str:
    """Return the map as the welcome page shows it; the lessons lie beside it."""
    return map_of(
        lambda lesson: f"{lesson.name}.ipynb",
        lambda lesson: f"../exercises/{lesson.name}/{lesson.name}.ipynb",
        with_exercises=False,
    )


# From the head of the table to its last row.
MAP = re.compile(r"^\| \| lesson \| minutes \|.*?(?=\n\n|\n*\Z)", re.MULTILINE | re.DOTALL)


def pages() -> dict[Path, str]:
    """Return the pages that show the map or an old table, with the text that they should have."""
    readme, welcome = ROOT / "README.md", NOTEBOOKS / WELCOME
    notebook = json.loads(welcome.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = MAP.sub(lambda _: welcome_map(), "".join(cell["source"]))
        cell["source"] = text.splitlines(keepends=True)
    return {
        readme: MAP.sub(lambda _: readme_map(), readme.read_text(encoding="utf-8")),
        welcome: _text(notebook),
        **tables_of_digits(),
    }


def tables_of_digits() -> dict[Path, str]:
    """Return the notebooks of lessons whose stored table lacks a line of an earlier lesson."""
    found = {}
    for lesson in LESSONS:
        path = NOTEBOOKS / f"{lesson.name}.ipynb"
        if lesson.digits and path.is_file():
            notebook = json.loads(path.read_text(encoding="utf-8"))
            if digits.refresh(notebook, lesson):
                found[path] = _text(notebook)
    return found


def _text(notebook: Any) -> str:
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n"


def stale() -> dict[Path, str]:
    """Return the pages that are not what the table says, with the text that they should have."""
    return {
        path: text for path, text in pages().items() if path.read_text(encoding="utf-8") != text
    }


def differences() -> list[str]:
    """Say in one sentence each which page does not show what the table of lessons says."""
    return [f"{path.name} does not show what dlcourse/syllabus.py says." for path in stale()]


def write() -> list[Path]:
    """Write the map into the pages that show it; return those that changed."""
    changed = stale()
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(changed)
