"""The cells of the lesson, beside the functions that its exercise asks for."""

import ast
import json

from dlcourse import checks
from dlcourse.layout import NOTEBOOKS


def test_the_lesson_does_not_hold_the_answers_of_its_exercise():
    """It shows each on a smaller case, or in another form: to copy it would solve nothing."""
    notebook = json.loads((NOTEBOOKS / "20_radial.ipynb").read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    nodes = [node for text in code for node in ast.walk(ast.parse(text))]
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert defined
    assert not defined & {check.name for check in checks.lessons()["20"]}
