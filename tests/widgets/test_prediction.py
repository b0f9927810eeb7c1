"""A prediction is kept; without one, nothing of the answer is seen."""

import ast
import json

import nbformat
import pytest
from nbclient import NotebookClient

from dlcourse.cli.environment import SETTINGS
from dlcourse.exercises.hand_out import copies
from dlcourse.layout import EXERCISES, NOTEBOOKS
from dlcourse.widgets import Prediction
from dlcourse.widgets.author import AUTHOR
from dlcourse.widgets.prediction import FIRST, ChooseFirstError

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture(autouse=True)
def learner(monkeypatch):
    monkeypatch.delenv(AUTHOR, raising=False)


def test_a_prediction_is_kept_and_compared():
    prediction = Prediction("Up or down?", ["up", "down"])
    assert prediction.choice is None
    prediction.choose("down")
    prediction.choose_first()
    assert "Measured: up" in prediction.reveal("up").data
    assert "Where did your reasoning" in prediction.reveal("up").data
    prediction.choose("up")
    assert "You predicted it" in prediction.reveal("up").data


def test_without_a_choice_nothing_is_revealed():
    prediction = Prediction("Up or down?", ["up", "down"])
    assert prediction.reveal("up").data == FIRST
    with pytest.raises(ChooseFirstError) as caught:
        prediction.choose_first()
    assert caught.value._render_traceback_() == [FIRST]


def test_an_author_sees_the_answer_folded(monkeypatch):
    monkeypatch.setenv(AUTHOR, "1")
    prediction = Prediction("Up or down?", ["up", "down"])
    prediction.choose_first()
    assert prediction.reveal("up").data.startswith("<details><summary>")
    assert AUTHOR in SETTINGS  # notebooks are executed and compared so


def test_a_question_must_be_fair():
    with pytest.raises(ValueError, match="at least two"):
        Prediction("Up?", ["up"])
    with pytest.raises(ValueError, match="expected one of"):
        Prediction("Up or down?", ["up", "down"]).reveal("sideways")


def test_its_text_form_is_the_question():
    assert repr(Prediction("Up?", ["yes", "no"])) == "Up?\n  ( ) yes\n  ( ) no"


def test_a_reader_without_a_kernel_sees_every_choice():
    prediction = Prediction("Up or down? " * 20, ["up", "down"])
    bundle = prediction._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == repr(prediction)


# ------------------------------------------------------------------ in the lessons


def open_answers(cells: list[str]) -> list[str]:
    """Return the predictions whose answer a learner could see without a choice.

    The next cell after a question, and the one that reveals, must begin with `choose_first`.
    """
    waiting, found = [], []
    for source in cells:
        body = ast.parse(source).body
        first = {
            node.value.func.value.id
            for node in body
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and getattr(node.value.func, "attr", "") == "choose_first"
        }
        gated = len(first) and all(
            "choose_first" in ast.unparse(node) for node in body[: len(first)]
        )
        for name in [*waiting, *(name for name in asked(cells) if f"{name}.reveal(" in source)]:
            if name not in first or not gated:
                found.append(name)
        waiting = asked([source])
    return sorted(set(found))


def asked(cells):
    return [
        node.targets[0].id
        for source in cells
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and "Prediction(" in ast.unparse(node.value)
    ]


def code_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_answer_waits_for_a_choice(path):
    assert open_answers(code_of(path)) == []


def test_an_answer_that_does_not_wait_is_seen():
    question = "q = widgets.Prediction('a?', ['b', 'c'])\nq"
    assert open_answers([question, "print(1)\nq.reveal('b')"]) == ["q"]
    assert open_answers([question, "print(1)\nq.choose_first()\nq.reveal('b')"]) == ["q"]
    assert open_answers([question, "q.choose_first()", "q.reveal('b')"]) == ["q"]
    assert open_answers([question, "q.choose_first()\nq.reveal('b')"]) == []


def test_a_learner_who_chooses_nothing_sees_no_answer(monkeypatch):
    """Lesson 02 as it is handed out, every cell run, nothing chosen. nbval runs it as an author."""
    (content,) = (c.content for c in copies(NOTEBOOKS, EXERCISES) if c.name == "02_perceptron")
    notebook = nbformat.reads(content.decode(), as_version=4)
    last = max(i for i, cell in enumerate(notebook.cells) if ".reveal(" in cell.source)
    del notebook.cells[last + 1 :]
    NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    gated = [cell for cell in notebook.cells if "choose_first()" in cell.source]
    assert len(gated) >= 3
    for cell in gated:
        (output,) = cell.outputs
        assert (output.ename, output.traceback) == ("ChooseFirstError", [FIRST])
