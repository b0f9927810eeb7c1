"""What is often taught or believed and is not so: the claims that lessons put to a test.

Each lesson has a section *Myth check*. A claim there is a paragraph that begins with a bold
quotation, or the heading itself. ``errata.toml`` says of each what is taught, what is true and what
the experiment showed, for a reader who has not read the lesson.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from dlcourse.layout import NOTEBOOKS
from dlcourse.syllabus import LESSONS, Lesson
from dlcourse.website import notebooks
from dlcourse.website.markdown import HEADING, anchors

SECTION = "Myth check"
CLAIM = re.compile(r'\*\*["“](.+?)["”]\.?\*\*\.?\s*', re.DOTALL)
TOLD = Path(__file__).with_name("errata.toml")


class Claim(NamedTuple):
    """One thing that is not so, as a lesson has it.

    Attributes
    ----------
    words : str
        The claim.
    section : str
        The heading under which it stands.
    """

    words: str
    section: str


class Myth(NamedTuple):
    """What the page says of a claim; see ``errata.toml``."""

    lesson: str
    claim: str
    taught: str
    true: str
    tested: str
    says: str = ""


@cache
def myths() -> list[Myth]:
    """Return what the page says, in the order of the lessons."""
    told = tomllib.loads(TOLD.read_text("utf-8"))["myth"]
    return [Myth(**{key: value.strip() for key, value in each.items()}) for each in told]


def claims(notebook: Any) -> list[Claim]:
    """Return the claims of a lesson, in its order."""
    heading, paragraphs = section(notebook)
    if not heading:
        return []
    found = [claim[1].rstrip(".") for text in paragraphs if (claim := CLAIM.match(text))]
    if not found:  # the heading itself makes the claim
        found = [heading.partition(": ")[2].strip('"')]
    return [Claim(words, heading) for words in found]


def section(notebook: Any) -> tuple[str, list[str]]:
    """Return the heading of the section and its paragraphs."""
    heading, paragraphs = "", []
    for block in re.split(r"\n\s*\n", notebooks.markdown(notebook)):
        title = HEADING.match(block.strip())
        if heading and title:
            break
        if title and title[2].startswith(SECTION):
            heading = title[2]
        elif heading:
            paragraphs.append(block.strip())
    return heading, paragraphs


def page() -> str:
    """Return the page of all claims, lesson by lesson."""
    parts = [
        "# Errata of common teaching\n",
        "Sentences that are taught, printed or believed, and that do not hold as they stand. "
        "Each lesson puts one or two to an experiment that you can run. Here is what is commonly "
        "taught, what is true, and what the experiment showed; its link leads to the code and the "
        "output. A result holds for the data and the networks that are named, and for no more.\n",
    ]
    for lesson in LESSONS:
        if lesson.is_here:
            parts += entries(lesson)
    return "\n".join(parts)


def entries(lesson: Lesson) -> list[str]:
    """Return the claims of a lesson as they stand on the page."""
    path = NOTEBOOKS / f"{lesson.name}.ipynb"
    places = anchors(notebooks.prose(path))
    sections = {claim.words: claim.section for claim in claims(notebooks.read(path))}
    parts = []
    for myth in myths():
        if myth.lesson == lesson.number:
            place = f"../notebooks/{lesson.name}.ipynb#{places[sections[myth.claim]]}"
            words = myth.says or myth.claim
            parts.append(
                f"### \u201c{words[0].upper()}{words[1:]}\u201d\n\n"
                f"**What is commonly taught.** {myth.taught}\n\n"
                f"**What is true.** {myth.true}\n\n"
                f"**The experiment, in [lesson {lesson.number}]({place}).** {myth.tested}\n"
            )
    return [f"## {lesson.number} {lesson.title}\n", *parts] if parts else []
