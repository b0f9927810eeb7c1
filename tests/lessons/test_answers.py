"""A lesson teaches what its exercise asks for, and does not hold it ready to be copied."""

import ast
import json

import numpy as np
import pytest

from dlcourse import checks, syllabus
from dlcourse.layout import NOTEBOOKS

LESSONS = [f"{number:02}" for number in range(22)]
GRADED = {check.name for lesson in checks.lessons().values() for check in lesson}


def functions(number):
    """Return the functions that the cells of a lesson define, by name."""
    (name,) = (lesson.name for lesson in syllabus.LESSONS if lesson.number == number)
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    parts = [part for text in code for part in ast.walk(ast.parse(text))]
    found = [part for part in parts if isinstance(part, ast.FunctionDef)]
    space = {"np": np}
    exec(compile(ast.Module(found, []), name, "exec"), space)
    return {part.name: space[part.name] for part in found}


def earns_all(check, function):
    """Tell whether a function would get full points."""
    cases = check.cases(np.random.default_rng(0))
    outcomes = checks.run_all(function, [case.arguments for case in cases], seconds=20)
    return checks.judge(check, cases, outcomes).score == check.points


@pytest.mark.parametrize("number", LESSONS)
def test_no_answer_stands_in_the_lesson(number):
    found = functions(number)
    assert found
    assert not set(found) & GRADED
    graded = [check for check in checks.lessons()[number] if check.goal is None]
    given = [(n, check.name) for check in graded for n in found if earns_all(check, found[n])]
    assert given == []


def test_an_answer_would_be_seen():
    check = checks.find("knn")
    assert earns_all(check, check.reference)
