"""The table of digits says of each lesson what its notebook shows."""

import nbformat
import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.lessons import digits
from dlcourse.syllabus import LESSONS


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


@pytest.mark.parametrize("lesson", [lesson for lesson in LESSONS if lesson.is_here], ids=str)
def test_the_line_of_a_lesson_is_what_its_notebook_shows(lesson):
    expected = [] if lesson.digits is None else [repr(digits.so_far(lesson.number, *lesson.digits))]
    assert shown(lesson) == expected


def test_later_lessons_are_not_shown():
    assert [row[0] for row in digits.so_far("00", "a guess", [324]).rows] == ["00"]
