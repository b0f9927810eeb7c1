"""The deck for Anki, opened as the database that it is."""

import json
import sqlite3
import zipfile

import pytest

from dlcourse.recall import deck
from dlcourse.recall.questions import Question, questions
from dlcourse.syllabus import LESSONS

ALL = questions()


def opened(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extract("collection.anki2", folder)
        assert json.loads(archive.read("media")) == {}
    return sqlite3.connect(folder / "collection.anki2")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deck")
    deck.write_deck(ALL, folder / "x.apkg")
    connection = opened(folder / "x.apkg", folder)
    yield connection
    connection.close()


def test_every_question_is_a_note_with_one_card(database):
    assert database.execute("select count(*) from notes").fetchone() == (len(ALL),)
    assert database.execute("select count(distinct guid) from notes").fetchone() == (len(ALL),)
    assert database.execute("select count(*) from cards").fetchone() == (len(ALL),)


def test_each_lesson_is_a_subdeck(database):
    decks = json.loads(database.execute("select decks from col").fetchone()[0])
    names = {int(number): entry["name"] for number, entry in decks.items()}
    used = {names[number] for (number,) in database.execute("select distinct did from cards")}
    assert used == {f"dlcourse::{x.number} {x.title}" for x in LESSONS if x.is_here}


def test_formulas_are_mathjax_and_nothing_is_left_of_markdown(database):
    sides = [fields.split("\x1f")[:2] for (fields,) in database.execute("select flds from notes")]
    assert any(r"\(" in side for pair in sides for side in pair)
    for side in (side for pair in sides for side in pair):
        assert side.count(r"\(") == side.count(r"\)")
        assert "$" not in side
        assert "<img" not in side


def test_a_side_has_choices_in_front_and_the_reason_behind():
    question = Question("05.x", "05", "prediction", "Up?", "yes", ("yes", "a < b"), "Since $x<1$.")
    assert deck.front(question) == "<p>Up?</p><ol><li>yes</li><li>a &lt; b</li></ol>"
    assert deck.back(question) == '<p class="right">yes</p><p>Since \\(x&lt;1\\).</p>'


def test_a_newer_deck_is_known_again(tmp_path):
    """Anki finds a note by its GUID and a note type by its number: a schedule stays."""
    before, after = tmp_path / "before", tmp_path / "after"
    reworded = Question("05.x", "05", "review", "Why at all?", "So.")
    for folder, asked in (
        (before, Question("05.x", "05", "review", "Why?", "So.")),
        (after, reworded),
    ):
        folder.mkdir()
        deck.write_deck([asked], folder / "x.apkg")
    rows = [
        opened(folder / "x.apkg", folder).execute("select guid, mid from notes").fetchone()
        for folder in (before, after)
    ]
    assert rows[0] == rows[1]
    assert rows[0] == ("79156f285111d04a309a", 1817107274)  # never to be changed
