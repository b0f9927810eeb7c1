"""The map of the course, as pages show it: made from the table of lessons, never by hand.

``dlcourse release`` writes it into README and the welcome page; ``release --check`` and a test
compare them with what stands here.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

from dlcourse.layout import NOTEBOOKS, ROOT, WELCOME
from dlcourse.syllabus import LESSONS, PARTS, Lesson


def map_of(link: Callable[[Lesson], str], exercise: Callable[[Lesson], str] | None = None) -> str:
    """Return the map as a Markdown table; planned lessons have no link and no time.

    Parameters
    ----------
    link, exercise : callable
        Return where a lesson and its exercise lie, as seen from the page.
    """
    lines = ["| | lesson | minutes | what you build |", "|---|---|---|---|"]
    for lesson in LESSONS:
        if lesson.number in PARTS:
            lines.append(f"| | **{PARTS[lesson.number]}** | | |")
        title, minutes = lesson.title, "planned"
        if lesson.is_here:
            title, minutes = f"[{lesson.title}]({link(lesson)})", str(lesson.minutes)
        if exercise and lesson.has_exercise:
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
    return map_of(lambda lesson: f"{lesson.name}.ipynb")


# From the head of the table to its last row.
MAP = re.compile(r"^\| \| lesson \| minutes \|.*?(?=\n\n|\n*\Z)", re.MULTILINE | re.DOTALL)


def pages() -> dict[Path, str]:
    """Return the pages that show the map, with the text that they should have."""
    readme, welcome = ROOT / "README.md", NOTEBOOKS / WELCOME
    notebook = json.loads(welcome.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = MAP.sub(lambda _: welcome_map(), "".join(cell["source"]))
        cell["source"] = text.splitlines(keepends=True)
    return {
        readme: MAP.sub(lambda _: readme_map(), readme.read_text(encoding="utf-8")),
        welcome: f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n",
    }


def stale() -> dict[Path, str]:
    """Return the pages whose map is not that of the table, with the text that they should have."""
    return {
        path: text for path, text in pages().items() if path.read_text(encoding="utf-8") != text
    }


def differences() -> list[str]:
    """Say in one sentence each which page shows another map than the table of lessons."""
    return [f"{path.name} shows another map than dlcourse/syllabus.py." for path in stale()]


def write() -> list[Path]:
    """Write the map into the pages that show it; return those that changed."""
    changed = stale()
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(changed)
