"""What the glossary says about one term, in text and in HTML."""

import textwrap
from dataclasses import dataclass
from html import escape

from dlcourse.syllabus import LESSONS

TITLES = {lesson.number: lesson.title for lesson in LESSONS}
WIDTH = 80  # columns of the text form


@dataclass(frozen=True, repr=False)
class Entry:
    """A term of the course.

    Parameters
    ----------
    term : str
        The word that the course uses.
    text : str
        Its definition.
    lesson : int
        The number of the lesson that explains it.
    symbol : str
        How formulas write it, "" if they do not; several are separated by commas.
    shape : str
        The shape of the array, batch first, "" if it is none.
    also : tuple of str
        Its other names.
    """

    term: str
    text: str
    lesson: int
    symbol: str = ""
    shape: str = ""
    also: tuple[str, ...] = ()

    def facts(self) -> list[tuple[str, str]]:
        """Return what there is besides the definition, each with its heading."""
        found = [
            ("symbol", self.symbol),
            ("shape", self.shape),
            ("other names", ", ".join(self.also)),
            ("explained in", f"lesson {self.lesson:02}, {TITLES[f'{self.lesson:02}']}"),
        ]
        return [(heading, value) for heading, value in found if value]

    def __repr__(self) -> str:
        lines = [f"{heading}: {value}" for heading, value in self.facts()]
        filled = textwrap.fill(f"{self.term}: {self.text}", WIDTH)
        return "\n".join([filled, *(f"  {line}" for line in lines)])

    def _repr_html_(self) -> str:
        facts = "; ".join(f"{heading}: {escape(value)}" for heading, value in self.facts())
        return f"<p><b>{escape(self.term)}</b>: {escape(self.text)}<br><small>{facts}</small></p>"


@dataclass(frozen=True, repr=False)
class Listing:
    """Several terms, and a sentence that says why these.

    Parameters
    ----------
    why : str
        The sentence.
    entries : tuple of Entry
        The terms, best first.
    """

    why: str
    entries: tuple[Entry, ...]

    def __repr__(self) -> str:
        return "\n\n".join([self.why, *map(repr, self.entries)])

    def _repr_html_(self) -> str:
        entries = "".join(entry._repr_html_() for entry in self.entries)
        return f"<p>{escape(self.why)}</p>{entries}"
