"""Each lesson has the shape that readers asked for: a core with an end, and code that tires nobody.

The core of a lesson ends where it says so; what is deeper follows, and is not counted.
"""

import json

import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.syllabus import LESSONS

STOP, DEEPER = "## You may stop here", "## Going deeper"
# First editions, to be rewritten: whoever rewrites one deletes it here, and nobody adds any.
FIRST_EDITIONS: set[str] = set()
HERE = [lesson for lesson in LESSONS if lesson.is_here]
REWRITTEN = [lesson for lesson in HERE if lesson.name not in FIRST_EDITIONS]


def read(lesson):
    """Return (kind, source) of all cells of a lesson."""
    cells = json.loads((NOTEBOOKS / f"{lesson.name}.ipynb").read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def core(cells):
    """Return the cells up to the one that says that a reader may stop."""
    ends = [number for number, (_, source) in enumerate(cells) if STOP in source]
    return cells[: ends[0] + 1] if ends else cells


def lines_of_code(cells):
    """Return how many lines of code there are to read; imports and blank lines do not count."""
    sources = [source for kind, source in cells if kind == "code"]
    lines = [line for source in sources for line in source.splitlines() if line.strip()]
    return sum(not line.startswith(("import ", "from ")) for line in lines)


def minutes(cells):
    """Return what a newcomer takes: words at 200 per minute, 1.5 per cell, 2 per prediction."""
    code = [source for kind, source in cells if kind == "code"]
    words = sum(len(source.split()) for kind, source in cells if kind == "markdown")
    questions = sum("Prediction(" in source for source in code)
    return words / 200 + 1.5 * len(code) + 2 * questions


@pytest.mark.parametrize("lesson", HERE, ids=str)
def test_the_minutes_are_what_a_newcomer_takes(lesson):
    assert lesson.minutes == pytest.approx(minutes(core(read(lesson))), rel=0.2)


@pytest.mark.parametrize("lesson", REWRITTEN, ids=str)
def test_a_reader_is_told_where_the_core_ends(lesson):
    text = [source for kind, source in read(lesson) if kind == "markdown"]
    assert sum(STOP in source for source in text) == 1
    assert sum(DEEPER in source for source in text) == 1
    assert f"**Time:** {lesson.minutes} minutes" in text[0]


@pytest.mark.parametrize("lesson", REWRITTEN, ids=str)
def test_the_core_has_little_code(lesson):
    assert lines_of_code(core(read(lesson))) <= 150


@pytest.mark.parametrize("lesson", REWRITTEN, ids=str)
def test_the_core_shows_the_machine_in_keras(lesson):
    code = "\n".join(source for kind, source in core(read(lesson)) if kind == "code")
    assert "keras.layers" in code


def test_the_list_of_first_editions_is_not_longer_than_it_must_be():
    for lesson in HERE:
        told = any(STOP in source for _, source in read(lesson))
        assert told == (lesson.name not in FIRST_EDITIONS), lesson.name
