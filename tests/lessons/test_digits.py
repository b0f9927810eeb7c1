"""The table of digits says of each lesson what its notebook shows."""

import nbformat
import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.lessons import digits
from dlcourse.lessons.lesson_21_scale import figures
from dlcourse.syllabus import LESSONS, Lesson


def shown(lesson):
    """Return what the cell of a lesson that asks for the table shows, one text per output."""
    notebook = nbformat.read(NOTEBOOKS / f"{lesson.name}.ipynb", as_version=4)
    return [
        output.data["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code" and "digits.so_far(" in cell.source
        for output in cell.outputs
        if "data" in output
    ]


@pytest.mark.parametrize(
    "lesson",
    [lesson for lesson in LESSONS if lesson.is_here and lesson is not LESSONS[-1]],
    ids=str,
)
def test_the_line_of_a_lesson_is_what_its_notebook_shows(lesson):
    expected = [] if lesson.digits is None else [repr(digits.so_far(lesson.number, *lesson.digits))]
    assert shown(lesson) == expected


def test_the_last_lesson_shows_all_lines_in_one_picture():
    lesson = LESSONS[-1]
    notebook = nbformat.read(NOTEBOOKS / f"{lesson.name}.ipynb", as_version=4)
    (cell,) = (cell for cell in notebook.cells if "figures.all_machines(" in cell.source)
    texts = [output["text"] for output in cell.outputs if "text" in output]
    assert f"five seeds: {list(lesson.digits[1])}" in "".join(texts)
    figure = figures.all_machines(*lesson.digits)
    pictures = [output.data for output in cell.outputs if "image/png" in output.get("data", {})]
    assert [data["text/plain"] for data in pictures] == [figure.description]


def test_later_lessons_are_not_shown():
    assert [row[0] for row in digits.so_far("00", "a guess", [324]).rows] == ["00"]


def stored(*wrong, number="03"):
    """Return a notebook that has stored its line with these counts, and no other line."""
    table = digits.so_far("00", "a guess", wrong)
    table.rows = [[number, *table.rows[0][1:]]]
    data = {"text/plain": repr(table), "text/html": table._repr_html_()}
    cell = {"cell_type": "code", "source": "digits.so_far()", "outputs": [{"data": data}]}
    return {"cells": [cell]}, data


LESSON = Lesson("03_guesses", "Guesses", 5, (), "nothing", ("a guess", (320, 324)))


def test_a_stored_table_gets_the_lines_of_earlier_lessons():
    notebook, data = stored(320, 324)
    assert digits.refresh(notebook, LESSON)
    assert "".join(data["text/plain"]) == repr(digits.so_far("03", "a guess", (320, 324)))
    assert not digits.refresh(notebook, LESSON)


def test_a_line_that_was_measured_is_never_written_over():
    notebook, data = stored(320, 325)
    assert not digits.refresh(notebook, LESSON)
    assert "322.5" in data["text/plain"]
