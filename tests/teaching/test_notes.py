"""The two pages for a teacher: whole, short, and right about minutes and points."""

import re
import tomllib
from html import escape

import pytest

from dlcourse.layout import EXERCISES
from dlcourse.syllabus import LESSONS
from dlcourse.teaching import pages
from dlcourse.teaching.notes import IN_CLASS, MISTAKES, exercise_minutes, written
from tests.teaching import seen

TAUGHT = [lesson.number for lesson in LESSONS if not lesson.is_project]
KEYS = {"open", "stumbles", "board", "answer", "plan"}


def test_the_file_speaks_of_every_lesson():
    assert list(written()) == TAUGHT


@pytest.mark.parametrize("number", TAUGHT)
def test_an_entry_is_whole(number):
    entry = written()[number]
    assert entry.keys() == KEYS
    assert 3 <= len(entry["stumbles"]) <= 5
    assert sum(minutes for minutes, _ in entry["plan"]) == IN_CLASS
    assert all(minutes % 5 == 0 for minutes, _ in entry["plan"])
    said = [entry["open"], *entry["stumbles"], entry["board"], entry["answer"]]
    assert all(text[-1] in '.?"' and "!" not in text for text in said)


def test_the_sheet_has_what_the_lesson_and_the_exercise_say(sheets):
    page = sheets["02"]
    assert page.needs == ("01 Neurons",)
    assert page.exercise_minutes == 75
    assert sum(task.points for task in page.tasks) == 10
    assert page.tasks[0].call == "perceptron_step(w, x, y)"
    assert any("score of exactly 0" in hint for hint in page.tasks[0].hints)
    assert len(page.predictions) >= 3


def test_every_task_says_what_goes_wrong(sheets):
    for number, page in sheets.items():
        for task in page.tasks:
            assert task.hints, (number, task.call)


def test_every_exercise_says_how_long_it_takes():
    for lesson in LESSONS:
        if lesson.has_exercise:
            assert 30 <= exercise_minutes(lesson) <= 150, lesson.name


def test_an_exercise_without_minutes_is_an_error(tmp_path, monkeypatch):
    folder = tmp_path / "02_perceptron"
    folder.mkdir()
    source = EXERCISES / "02_perceptron/02_perceptron.ipynb"
    text = source.read_text(encoding="utf-8").replace("Plan on", "Take")
    (folder / source.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("dlcourse.teaching.notes.EXERCISES", tmp_path)
    with pytest.raises(ValueError, match="Plan on NN minutes"):
        exercise_minutes(LESSONS[2])


def test_two_sheets_of_paper_hold_it(lessons):
    """A browser counts the sheets; here the number of words stands in for it."""
    for lesson in lessons:
        words = len(
            re.sub(r"<style>.*?</style>|<[^>]*>", " ", pages.notes(lesson), flags=re.S).split()
        )
        assert 500 < words < 1500, (lesson.number, words)


def test_a_page_stands_alone():
    page = pages.notes(LESSONS[5])
    assert not re.search(r"<script|(src|href)=|@import|https?://(?!www\.w3\.org)", page)


def test_each_prediction_says_on_which_slide_it_stands(sheets, decks):
    for number, page in sheets.items():
        assert len(page.slides) == len(page.predictions), number
        for question, place in zip(page.predictions, page.slides, strict=True):
            slide = decks[number][place - 1]
            assert (slide.kind, slide.right) == ("predict", escape(question.answer)), number
    assert f"Slide {sheets['05'].slides[0]}." in pages.notes(LESSONS[5])


def test_mistakes_that_were_made_stand_first_and_are_marked(sheets):
    """The file says what the answers really had: they are counted again."""
    counted, said = seen.counted(), tomllib.loads(MISTAKES.read_text(encoding="utf-8"))
    for name, mistakes in said.items():
        for mistake, times in mistakes.items():
            assert counted[name][mistake] >= times, (name, mistake)
    told = sum(len(mistakes) for mistakes in said.values())
    there = sum(len(mistakes) for mistakes in counted.values())
    assert told >= 0.8 * there, "run python -m tests.teaching.seen"
    for number, page in sheets.items():
        for task in page.tasks:
            assert 0 <= task.seen <= len(task.hints), (number, task.call)
    (conv2d,) = [task for task in sheets["12"].tasks if task.call.startswith("conv2d(")]
    assert conv2d.seen == 2
    made = [task for page in sheets.values() for task in page.tasks if task.seen]
    assert len(made) > 60
    (lesson,) = [lesson for lesson in LESSONS if lesson.number == "12"]
    marked = pages.notes(lesson).count("<em>Seen:</em>")
    assert marked == sum(task.seen for task in sheets["12"].tasks)
