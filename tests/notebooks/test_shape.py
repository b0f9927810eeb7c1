"""Each lesson has the shape that readers asked for: a core with an end, and code that tires nobody.

The core of a lesson ends where it says so; what is deeper follows, and is not counted.
"""

import ast
import json

import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.syllabus import LESSONS

STOP, DEEPER = "## You may stop here", "## Going deeper"
MOST_CODE = 150  # lines
HERE = [lesson for lesson in LESSONS if lesson.is_here]


def read(lesson):
    """Return (kind, source) of all cells of a lesson."""
    cells = json.loads((NOTEBOOKS / f"{lesson.name}.ipynb").read_text("utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def core(cells):
    """Return the cells up to the one that says that a reader may stop."""
    ends = [number for number, (_, source) in enumerate(cells) if STOP in source]
    return cells[: ends[0] + 1] if ends else cells


def code_of(cells):
    return [source for kind, source in cells if kind == "code"]


def lines_of_code(cells):
    """Return how many lines of code there are to read; imports and blank lines do not count."""
    lines = [line for source in code_of(cells) for line in source.splitlines() if line.strip()]
    return sum(not line.startswith(("import ", "from ")) for line in lines)


def minutes(cells):
    """Return what a newcomer takes: words at 200 per minute, 1.5 per cell, 2 per prediction."""
    words = sum(len(source.split()) for kind, source in cells if kind == "markdown")
    questions = sum("Prediction(" in source for source in code_of(cells))
    return words / 200 + 1.5 * len(code_of(cells)) + 2 * questions


def faults(cells, said):
    """Say what a lesson lacks that promises to take so many minutes."""
    text = [source for kind, source in cells if kind == "markdown"]
    taken = minutes(core(cells))
    return [
        fault
        for fault, is_there in {
            "no end of the core": sum(STOP in source for source in text) != 1,
            "nothing deeper": sum(DEEPER in source for source in text) != 1,
            f"no promise of {said} minutes": f"**Time:** {said} minutes" not in text[0],
            f"{said} minutes promised, {taken:.0f} taken": abs(said - taken) > 0.2 * taken,
            "too much code": lines_of_code(core(cells)) > MOST_CODE,
            "nothing in Keras": "keras.layers" not in "\n".join(code_of(core(cells))),
        }.items()
        if is_there
    ]


@pytest.mark.parametrize("lesson", HERE, ids=str)
def test_a_lesson_has_its_shape(lesson):
    assert faults(read(lesson), lesson.minutes) == []


GOOD = [
    ("markdown", "# A lesson\n\n**Time:** 2 minutes\n\n" + "why " * 80),
    ("code", "import keras\n\nkeras.layers.Dense(1)"),
    ("markdown", STOP),
    ("markdown", DEEPER),
    ("code", "x = 1\n" * 200),
]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (STOP, "## Summary", "no end of the core"),
        (DEEPER, STOP, "nothing deeper"),
        ("2 minutes", "3 minutes", "no promise of 2 minutes"),
        ("# A lesson", "word " * 400, "2 minutes promised, 4 taken"),
        ("keras.layers.Dense(1)", "keras.layers\n" * 151, "too much code"),
        ("keras.layers", "nn", "nothing in Keras"),
    ],
)
def test_a_fault_of_the_shape_is_seen(old, new, fault):
    assert faults(GOOD, 2) == []
    broken = [(kind, source.replace(old, new)) for kind, source in GOOD]
    assert fault in faults(broken, 2)


@pytest.mark.parametrize("lesson", HERE, ids=str)
def test_what_is_revealed_is_shown(lesson):
    """A cell shows the value of its last line alone, and `reveal` returns its words."""
    cells = [source for source in code_of(read(lesson)) if ".reveal(" in source]
    assert all(".reveal(" in ast.unparse(ast.parse(source).body[-1]) for source in cells)
