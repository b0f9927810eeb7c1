"""What is often taught or believed and is not so: the claims that lessons put to a test.

Each lesson has a section *Myth check*. A claim there is a paragraph that begins with a bold
quotation, an experiment, and what came out.
"""

import re
from typing import Any, NamedTuple

from dlcourse.layout import NOTEBOOKS
from dlcourse.syllabus import LESSONS, Lesson
from dlcourse.website import notebooks
from dlcourse.website.markdown import HEADING, anchors, relink

SECTION = "Myth check"
CLAIM = re.compile(r'\*\*["“](.+?)["”]\.?\*\*\.?\s*', re.DOTALL)
CODE = ""  # stands between paragraphs where the lesson computes


class Claim(NamedTuple):
    """One thing that is not so.

    Attributes
    ----------
    words : str
        The claim.
    why : str
        The rest of its paragraph: why one believes it, and what is tried.
    found : str
        The first paragraph after the experiment, "" if there is none.
    section : str
        The heading under which it stands.
    """

    words: str
    why: str
    found: str
    section: str


def claims(notebook: Any) -> list[Claim]:
    """Return the claims of a lesson, in its order."""
    heading, paragraphs = section(notebook)
    starts = [i for i, text in enumerate(paragraphs) if CLAIM.match(text)]
    if not heading:
        return []
    if not starts:  # the heading itself makes the claim
        words = heading.partition(": ")[2].strip('"')
        return [Claim(words, paragraphs[0], finding(paragraphs), heading)]
    found = []
    for start, end in zip(starts, [*starts[1:], len(paragraphs)], strict=True):
        claim = CLAIM.match(paragraphs[start])
        assert claim
        why = paragraphs[start][claim.end() :]
        found.append(Claim(claim[1], why, finding(paragraphs[start:end]), heading))
    return found


def section(notebook: Any) -> tuple[str, list[str]]:
    """Return the heading of the section and its paragraphs; `CODE` where a cell computes."""
    heading, paragraphs = "", []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            paragraphs += [CODE] if heading else []
            continue
        for block in re.split(r"\n\s*\n", "".join(cell["source"])):
            title = HEADING.match(block.strip())
            if heading and title:
                return heading, paragraphs
            if title and title[2].startswith(SECTION):
                heading = title[2]
            elif heading:
                paragraphs.append(block.strip())
    return heading, paragraphs


def finding(paragraphs: list[str]) -> str:
    """Return the first paragraph after the first experiment, "" if there is none."""
    if CODE not in paragraphs:
        return ""
    after = paragraphs[paragraphs.index(CODE) + 1 :]
    return next((text for text in after if text != CODE), "")


def page() -> str:
    """Return the page of all claims, lesson by lesson."""
    parts = [
        "# Errata of common teaching\n",
        "Sentences that are taught, printed or believed, and that do not hold as they stand. "
        "Each lesson puts some of them to an experiment that you can run; here is what is tried "
        "and what comes out. The link leads to the code and its output.\n",
    ]
    for lesson in LESSONS:
        if lesson.is_here:
            parts += entries(lesson)
    return "\n".join(parts)


def entries(lesson: Lesson) -> list[str]:
    """Return the claims of a lesson as they stand on the page."""
    path = NOTEBOOKS / f"{lesson.name}.ipynb"
    places = anchors(notebooks.prose(path))
    parts = []
    for claim in claims(notebooks.read(path)):
        place = f"../notebooks/{lesson.name}.ipynb#{places[claim.section]}"
        words = claim.words[0].upper() + claim.words[1:].rstrip(".")
        parts.append(f"### \u201c{words}\u201d\n\n{moved(claim.why)}")
        parts += [f"**What came out.** {moved(claim.found)}"] if claim.found else []
        parts.append(f"[The experiment, in lesson {lesson.number}]({place})\n")
    return [f"## {lesson.number} {lesson.title}\n", *parts] if parts else []


def moved(text: str) -> str:
    """Return a paragraph of a lesson with links that lead there from this page."""
    return relink(text, lambda path: f"../notebooks/{path}") + "\n"
