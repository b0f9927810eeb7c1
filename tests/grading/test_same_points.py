"""A learner's `check` and a class give the same points for the same code, whatever they draw."""

import linecache

import numpy as np
import pytest

from dlcourse.grading import notebook
from dlcourse.grading.marking import mark
from tests.checks import beginners, newcomers
from tests.grading.notebooks import code, no_sandbox
from tests.grading.notebooks import notebook as written

pytestmark = pytest.mark.filterwarnings("ignore")
ANSWERS = {
    title: answer[:2]
    for title, answer in (beginners.WRONG | beginners.RIGHT | newcomers.RIGHT).items()
}
SEED = 5


@pytest.mark.parametrize("title", ANSWERS)
def test_check_and_class_agree(title, monkeypatch):
    name, source = ANSWERS[title]
    source = source.strip() + "\n"
    result = mark(written(code(source, name)), SEED, confined=not no_sandbox())
    (in_class,) = (m for m in result.marks if m.function == name)

    cell = f"<same points {hash(source)}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(True), cell)
    namespace = {"np": np, "__name__": "__main__", "check": notebook.check}
    exec(compile(source, cell, "exec"), namespace)
    shown = []
    monkeypatch.setattr(notebook, "_show", shown.append)
    exec(f"alone = check({name})", namespace)

    assert float(namespace["alone"]) == in_class.points
    assert shown[0].headline == in_class.card["headline"]
    assert shown[0].hint == in_class.card["hint"]
