"""What `check` shows and returns, in a notebook and outside."""

import functools
import json
import linecache
import re
from html.parser import HTMLParser

import nbformat
import numpy as np
import pytest

from dlcourse import checks, layout
from dlcourse.grading import Score, check
from dlcourse.grading.card import MARKS
from dlcourse.grading.notebook import Tries


def perceptron_step(w, x, y):
    return w + y * x if y * (w @ x) <= 0 else w


def wrong_sign(w, x, y):
    return w - y * x if y * (w @ x) <= 0 else w


def named(name, function):
    function.__name__ = name
    return function


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Leave no trace in anybody's work/, and forget what other tests tried."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dlcourse.grading.notebook.TRIES", Tries())


def test_a_right_answer(capsys):
    score = check(perceptron_step)
    said = capsys.readouterr().out
    assert re.fullmatch(r"✓ perceptron_step: all \d+ tests passed, 2 of 2 points\n", said)
    assert score == 2
    assert repr(score) == "2"


def test_a_wrong_answer_says_what_where_and_why(capsys):
    score = check(named("perceptron_step", wrong_sign))
    text = capsys.readouterr().out
    assert score < 2
    labels = ["What is wrong", "On this input", "Expected", "Received", "Hint"]
    places = [text.index(f"  {label}:") for label in labels]
    assert places == sorted(places)
    assert re.search(r"✗ perceptron_step: \d+ of \d+ tests passed, [\d.]+ of 2 points", text)
    assert "      w = [0. 0. 0.]\n      x = [1. 2. 1.]\n      y = 1\n" in text
    assert "the sign of the update is wrong" in text


def test_an_error_in_the_answer_is_no_error_of_the_notebook(capsys):
    def perceptron_step(w, x, y):
        raise RuntimeError("my own words")

    assert check(perceptron_step) == 0
    text = capsys.readouterr().out
    assert 'raise RuntimeError("my own words")' in text
    assert "RuntimeError: my own words" in text
    assert "Traceback" not in text


def test_what_the_function_prints_is_not_swallowed(capsys):
    def chatty(w, x, y):
        print("score", w @ x)
        return perceptron_step(w, x, y)

    assert check(named("perceptron_step", chatty)) == 2
    text = capsys.readouterr().out
    assert "Printed by your function" in text
    assert "score 0.0" in text


class SomeClass:
    pass


NOT_FUNCTIONS = {
    "a misspelled name": (named("perceptron_stepp", lambda: 1), "Is it meant to be `perceptron_st"),
    "another case": (named("Perceptron_Fit", lambda: 1), "Is it meant to be `perceptron_fit`"),
    "an unknown name": (named("zzz", lambda: 1), "no exercise called `zzz`.\n"),
    "the called function": (perceptron_step, "write its name alone, without brackets"),
    "None": (None, "without brackets"),
    "a number": (3.0, "without brackets"),
    "a text": ("perceptron_step", "Leave out the quotes: `check(perceptron_step)`"),
    "another text": ("hello", "without quotes"),
    "a class": (SomeClass, "This is a class"),
    "a lambda": (lambda w: w, "has no name"),
    "a partial": (functools.partial(perceptron_step, 1), "without brackets"),
}


@pytest.mark.parametrize("name", NOT_FUNCTIONS)
def test_what_is_no_function_gets_a_sentence(name, capsys):
    thing, words = NOT_FUNCTIONS[name]
    if name == "the called function":
        thing = thing(np.ones(2), np.ones(2), 1)
    assert check(thing) == 0
    text = capsys.readouterr().out.replace("\n  ", " ")
    assert text.startswith("✗ Nothing was checked")
    assert words in text


class Tags(HTMLParser):
    """Sees that every tag is closed, and collects the words."""

    def __init__(self, html):
        super().__init__()
        self.open, self.words = [], []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def cards(monkeypatch):
    shown = []
    monkeypatch.setattr("dlcourse.grading.notebook._show", shown.append)
    return shown


def test_html_and_text_say_the_same(cards):
    check(named("perceptron_step", wrong_sign))
    check(perceptron_step)
    check(named("perceptron_step", lambda w, x, y: None))
    for card in cards:
        html = "".join(Tags(card._repr_html_()).words)
        letters = [re.sub(r"[\s`]", "", words) for words in (html, repr(card))]
        assert letters[0] == letters[1]


def test_colour_is_never_the_only_signal(cards):
    check(perceptron_step)
    check(named("perceptron_step", wrong_sign))
    check(named("perceptron_step", lambda w, x, y: None))
    marks = [re.sub(r"<[^>]*>", "", card._repr_html_()).strip()[0] for card in cards]
    assert marks == [MARKS["passed"], MARKS["wrong"], MARKS["todo"]]
    assert len(set(marks)) == 3
    for card in cards:  # every colour has a theme variable, and a fallback outside of JupyterLab
        colours = re.findall(r"(?:color|background):([^;\"]*)", card._repr_html_())
        assert all(c == "inherit" or c.startswith("var(--jp-") for c in colours)
        assert all("," in c for c in colours if c.startswith("var("))


def test_what_a_learner_returns_or_prints_cannot_become_html(cards):
    def evil(w, x, y):
        print("<script>alert(1)</script>")
        return "<img src=x onerror=alert(1)>"

    check(named("perceptron_step", evil))
    html = cards[0]._repr_html_()
    assert "<script" not in html
    assert "<img" not in html


def test_a_score_is_a_number_that_nbgrader_can_read():
    score = Score(1.29, of=2)
    assert float(repr(score)) == 1.29
    assert score + 1 == 2.29
    assert "1.29 of 2 points" in score._repr_html_()


def in_cell(source, name="perceptron_step", **known):
    """Define a function as a cell of a notebook does."""
    title = f"<cell {hash(source)}>"
    linecache.cache[title] = (len(source), None, source.splitlines(True), title)
    namespace = {"np": np, "__name__": "__main__", **known}
    exec(compile(source, title, "exec"), namespace)
    return namespace[name]


RIGHT = "def perceptron_step(w, x, y):\n    return w + y * x if y * (w @ x) <= 0 else w\n"


def test_a_list_counts_and_a_note_says_where_it_matters(capsys):
    source = RIGHT.replace("return ", "return list(").replace("else w", "else w)")
    assert check(in_cell(source)) == 2
    assert "Note: You return a list where an array is meant." in capsys.readouterr().out


def test_a_package_that_a_class_has_not_earns_nothing_here_either(capsys):
    source = "from scipy.special import expit\n" + RIGHT.replace("y * x", "y * x + 0 * expit(x)")
    assert check(in_cell(source)) == 0
    text = capsys.readouterr().out.replace("\n  ", " ")
    assert "Your function uses scipy. Graded functions use NumPy and Python's standard" in text
    source = "def half(x):\n    import scipy\n    return x / 2\n" + RIGHT.replace(
        "w @ x", "half(w) @ x"
    )
    assert check(in_cell(source)) == 0
    assert "uses scipy" in capsys.readouterr().out


def test_a_lambda_under_the_name_of_the_exercise_counts(capsys):
    source = "perceptron_step = lambda w, x, y: w + y * x if y * (w @ x) <= 0 else w\n"
    source += "from dlcourse.grading import check\nscore = check(perceptron_step)\n"
    assert in_cell(source, "score") == 2


def test_the_more_often_it_was_tried_the_more_a_card_shows(cards):
    bodies = ("w - x", "w - 2 * x", "w - 3 * x", "w - 4 * x")
    for body in bodies:
        source = f"def perceptron_step(w, x, y):\n    speed = 7\n    return {body}\n"
        check(in_cell(source))
        check(in_cell(source))  # the same again is no new attempt
    shown = [[section.label for section in card.sections] for card in cards]
    seen = ["Line to look at" in labels for labels in shown]
    assert seen == [False] * 4 + [True] * 4
    (line,) = (s for s in cards[4].sections if s.label == "Line to look at")
    assert line.code == "def perceptron_step(w, x, y):"
    assert "You never use `y`" in cards[0].hint
    check(perceptron_step)
    check(in_cell(source))
    assert "Line to look at" not in [section.label for section in cards[-1].sections]


def test_the_last_cards_show_the_input_in_numbers(cards):
    """The solution's own variables, without its code."""
    for number in range(4):
        check(in_cell(f"def perceptron_step(w, x, y):\n    return {number} * w\n"))
    shown = [[section.label for section in card.sections] for card in cards]
    assert ["This input in numbers" in labels for labels in shown] == [False] * 3 + [True]
    (section,) = (s for s in cards[-1].sections if s.label == "This input in numbers")
    assert section.code.startswith("score = ")
    assert "return" not in section.code


def test_the_last_cards_show_the_learners_own_values_and_where_the_wrong_one_is_made(cards):
    """Also where there are no solutions, as in a wheel; the learner's code has all of it."""
    for number in range(4):
        body = f"    score = {number}\n    new = w + score * x\n    return new\n"
        check(in_cell(f"def perceptron_step(w, x, y):\n    y = -y\n{body}"))
    labels = [[section.label for section in card.sections] for card in cards]
    assert ["Your values" in shown for shown in labels] == [False] * 3 + [True]
    sections = {section.label: section for section in cards[-1].sections}
    assert sections["Line to look at"].code == "new = w + score * x"
    assert sections["Line to look at"].text.endswith("the wrong value comes from here")
    assert "score = 3\nnew = " in sections["Your values"].code


def test_a_card_without_solutions_lacks_only_what_is_not_there(cards, monkeypatch):
    monkeypatch.setattr("dlcourse.grading.rungs.plain_answer", lambda name: None)
    for number in range(4):
        check(in_cell(f"def perceptron_step(w, x, y):\n    z = {number} * y\n    return z * w\n"))
    labels = [section.label for section in cards[-1].sections]
    assert "Your values" in labels
    assert "This input in numbers" not in labels  # the reference calls the course's own class


def test_what_is_wrong_in_a_function_that_is_called_costs_nothing_here(cards):
    """As in a class: perceptron_fit is right, and calls a perceptron_step that is not."""
    wrong = "def perceptron_step(w, x, y):\n    return w - x\n"
    fit = """
def perceptron_fit(X, y, max_epochs):
    w, mistakes = np.zeros(X.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        before = mistakes
        for row, label in zip(X, y):
            if label * (w @ row) <= 0:
                w, mistakes = perceptron_step(w, row, label), mistakes + 1
        if mistakes == before:
            break
    return w, mistakes, epoch
"""
    function = in_cell(wrong + fit, "perceptron_fit")
    own = function.__globals__["perceptron_step"]
    assert check(function) == 3
    assert "Your code calls perceptron_step. What is wrong there" in repr(cards[-1]).replace(
        "\n  ", " "
    )
    assert function.__globals__["perceptron_step"] is own
    assert check(in_cell(wrong + fit.replace("mistakes + 1", "mistakes + 2"), "perceptron_fit")) < 3


def run_cells(cells, folder):
    """Execute cells in a fresh kernel; return their outputs."""
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    client.execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.filterwarnings("ignore")
def test_in_a_kernel(tmp_path):
    """One card as a display, the score as the result; an endless loop ends; nothing on stderr."""
    outputs = run_cells(
        [
            "from dlcourse import checks\nfrom dlcourse.grading import check\n"
            "run_all = checks.run_all\n"
            "checks.run_all = lambda function, inputs, seconds: run_all(function, inputs, 0.5)",
            "def perceptron_step(w, x, y):\n    return w",
            "check(perceptron_step)",
            "def perceptron_step(w, x, y):\n    while True:\n        w = w + 1\n    return w",
            "check(perceptron_step)",
        ],
        str(tmp_path),
    )
    card, result = outputs[2]
    assert card.output_type == "display_data"
    assert set(card.data) == {"text/html", "text/plain"}
    assert result.output_type == "execute_result"
    assert float(result.data["text/plain"]) == 0
    said = card.data["text/plain"].replace("\n  ", " ")
    assert "does no better than an answer without a thought" in said
    assert "You never use `x`" in said  # a kernel's own record of its cells is read
    text = outputs[4][0].data["text/plain"]
    assert "There is no result after 0.5 s." in text
    assert "Look for a loop" in text
    assert float(outputs[4][1].data["text/plain"]) == 0
    assert not [o for cell in outputs for o in cell if o.output_type in ("error", "stream")]


def test_the_committed_solutions_pass_with_full_marks():
    for path in sorted(layout.SOLUTIONS.glob("*/*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("grade") and cell["cell_type"] == "code":
                card, result = cell["outputs"]
                assert card["data"]["text/plain"][0].startswith("✓")
                assert float(result["data"]["text/plain"][0]) == about["points"]


def test_exercises_import_numpy_and_check_only():
    for path in sorted(layout.EXERCISES.glob("*/*.ipynb")):
        source = "\n".join(
            "".join(cell["source"])
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        )
        imports = re.findall(r"^[ \t]*(?:import|from) .*$", source, re.MULTILINE)
        own = ["from dlcourse import datasets"] * path.stem.endswith("_project")  # for its report
        assert imports == ["import numpy as np", "from dlcourse.grading import check", *own]


def test_an_answer_of_the_course_is_not_the_learners(capsys):
    assert check(checks.find("perceptron_step").reference) == 0
    assert "Your function uses dlcourse." in capsys.readouterr().out
