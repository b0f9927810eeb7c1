"""The map of the course, as pages show it: made from the table of lessons, never by hand.

A test compares README and the welcome page with what stands here.
"""

from collections.abc import Callable

from dlcourse.lessons.table import LESSONS, PARTS, Lesson


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
