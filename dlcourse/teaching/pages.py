"""The pages of the teacher's pack: each stands alone, in one file, and needs no network."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from dlcourse.grading.rendering import environment
from dlcourse.syllabus import Lesson
from dlcourse.teaching.deck import deck
from dlcourse.teaching.notes import sheet
from dlcourse.teaching.render import code_style, inline

if TYPE_CHECKING:
    from jinja2 import Environment


def slides(lesson: Lesson) -> str:
    """Return the deck of a lesson: an HTML page with its figures in it."""
    return (
        _environment()
        .get_template("deck.html")
        .render(
            lesson=lesson,
            slides=deck(lesson),
            style=_text("deck.css"),
            script=_text("deck.js"),
            code_style=code_style(),
        )
    )


def notes(lesson: Lesson) -> str:
    """Return the two pages for the teacher of a lesson: HTML, two sheets of A4 when printed."""
    return (
        _environment()
        .get_template("notes.html")
        .render(sheet=sheet(lesson), style=_text("notes.css"))
    )


def index(lessons: Sequence[Lesson], links: Sequence[tuple[str, str]], students: str = "") -> str:
    """Return the front page of the pack.

    Parameters
    ----------
    lessons : sequence of Lesson
    links : sequence of tuple of str
        A place with ``{name}`` in it, and a word.
    students : str
        The place of the course for a class; empty where it is not in the pack.
    """
    template = _environment().get_template("index.html")
    return template.render(
        lessons=lessons, links=links, students=students, style=_text("notes.css")
    )


def _text(name: str) -> str:
    return files("dlcourse.teaching").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    from markupsafe import Markup

    own = environment("dlcourse.teaching")
    own.filters["inline"] = lambda markdown: Markup(inline(markdown))
    own.filters["capitalized"] = lambda text: text[:1].upper() + text[1:]
    return own
