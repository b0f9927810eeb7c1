"""The questions as a deck for Anki, a program that asks cards on computers and telephones.

Every note has a GUID made from its question's id (`ids`), so a deck of a newer version updates the
notes that are there, and Anki keeps what it knows of the learner. Each lesson is a subdeck.
Formulas are MathJax, which Anki has built in. Questions have no pictures, so no file travels.
"""

import hashlib
from collections.abc import Iterable
from html import escape
from pathlib import Path

import genanki

from dlcourse import __version__
from dlcourse.recall.markup import to_html
from dlcourse.recall.questions import Question
from dlcourse.syllabus import LESSONS

NAME = "dlcourse"
FIELDS = ("question", "answer", "lesson", "id")
STYLE = """
.card { font: 20px/1.5 system-ui, sans-serif; text-align: left; max-width: 40em; margin: auto; }
.lesson { color: #767676; font-size: 14px; }
.right { font-weight: bold; }
"""


def write_deck(questions: Iterable[Question], path: Path) -> None:
    """Write a deck that Anki imports.

    Parameters
    ----------
    questions : iterable of Question
    path : Path
        The file, ``NAME.apkg``; one that exists is replaced.
    """
    model = genanki.Model(
        number("model 1"),
        f"{NAME} question",
        fields=[{"name": name} for name in FIELDS],
        templates=[
            {
                "name": "question",
                "qfmt": '<div class="lesson">{{lesson}}</div>{{question}}',
                "afmt": '{{FrontSide}}<hr id="answer">{{answer}}',
            }
        ],
        css=STYLE,
    )
    decks: dict[str, genanki.Deck] = {}
    titles = {lesson.number: lesson.title for lesson in LESSONS}
    for question in questions:
        lesson = f"{question.lesson} {titles[question.lesson]}"
        deck = decks.setdefault(
            lesson, genanki.Deck(number(f"deck {question.lesson}"), f"{NAME}::{lesson}")
        )
        fields = [front(question), back(question), escape(lesson), question.id]
        tags = [question.kind, f"{NAME}-{__version__}"]
        deck.add_note(genanki.Note(model, fields, guid=guid(question), tags=tags))
    genanki.Package(list(decks.values())).write_to_file(str(path))


def number(name: str) -> int:
    """Return a number that stands for a name in Anki; it never changes."""
    digest = hashlib.sha256(f"{NAME} {name}".encode()).digest()
    return 1 << 30 | int.from_bytes(digest[:4]) >> 2


def guid(question: Question) -> str:
    """Return by what Anki knows a question again."""
    return hashlib.sha256(f"{NAME} {question.id}".encode()).hexdigest()[:20]


def front(question: Question) -> str:
    """Return the side that asks, as HTML."""
    if not question.choices:
        return to_html(question.asked)
    choices = "".join(f"<li>{escape(choice)}</li>" for choice in question.choices)
    return f"{to_html(question.asked)}<ol>{choices}</ol>"


def back(question: Question) -> str:
    """Return the side that answers, as HTML."""
    if not question.choices:
        return to_html(question.answer)
    return f'<p class="right">{escape(question.answer)}</p>{to_html(question.reason)}'
