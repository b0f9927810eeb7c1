"""A watched call: the values of its variables, the lines that ran, and where a wrong value is."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks.diagnosis.place import place
from dlcourse.checks.source import find
from dlcourse.checks.trace import MOST, traced
from dlcourse.checks.worked import worked
from tests.checks.test_check import CHECK


def made(source):
    namespace = {"np": np}
    exec(compile(source, "<watched>", "exec"), namespace)
    return namespace["f"]


def line_of(source, *arguments, wrong=None, changed=()):
    """Return the text of the line to look at."""
    found = find([source], "f")
    return found.line(place(found, traced(made(source), arguments).lines, wrong, changed))


def test_values_stand_in_the_order_in_which_they_came():
    source = "def f(a):\n    b = a + 1\n    a = 2 * b\n    _hidden = 7\n    return a\n"
    assert traced(made(source), (1,)).steps == [("b", 2), ("a", 4)]


def test_of_many_values_only_the_first_are_kept():
    found = traced(made("def f(n):\n    for i in range(n):\n        pass\n"), (100,))
    assert len(found.steps) == MOST + 1
    assert found.steps[-1][0] == "..."


def test_a_function_that_calls_itself_is_watched_once():
    source = "def f(n):\n    m = n - 1\n    return f(m) if m else 0\n"
    assert traced(made(source), (3,)).steps == [("m", 2)]


def test_errors_and_endless_loops_come_back_as_outcomes_and_the_old_trace_is_back():
    before = sys.gettrace()
    failed = traced(made("def f(a):\n    b = 1\n    return a / 0\n"), (1,))
    assert failed.outcome.error.kind == "ZeroDivisionError"
    assert failed.steps == [("b", 1)]
    if hasattr(__import__("signal"), "setitimer"):
        endless = traced(made("def f(a):\n    while True:\n        a = 1 - a\n"), (1,), 0.2)
        assert endless.outcome.error.kind == "TimeLimitError"
    assert sys.gettrace() is before


def test_what_has_no_code_is_only_run():
    assert traced(abs, (-1,)).steps == []
    assert traced(abs, (-1,)).outcome.value == 1


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("return a + b", "return a + b"),
        ("c = a\n    c = c + b\n    return c", "c = c + b"),
        ("c = [0]\n    for i in a:\n        c[0] += i\n    return c", "c[0] += i"),
        ("c = []\n    c.append(a)\n    return c", "c.append(a)"),
        ("if b:\n        return 1\n    return 2", "return 1"),
        ("c = 0\n    if not b:\n        c = 2\n    return c", "c = 0"),
        ("c, d = a, b\n    return d", "c, d = a, b"),
        ("b = 1", ""),
        ("return", ""),
    ],
)
def test_the_line_to_look_at_gives_the_value(body, line):
    assert line_of(f"def f(a, b):\n    {body}\n", np.ones(2), 3) == line


def test_of_several_values_the_wrong_one_is_looked_for():
    source = "def f(a):\n    b = 1\n    c = 2\n    return b, c, (\n        a)\n"
    assert line_of(source, 1, wrong=0) == "b = 1"
    assert line_of(source, 1, wrong=1) == "c = 2"
    assert line_of("def f(a):\n    return (1,\n        2)", 1, wrong=1) == "2)"


def test_an_argument_that_was_changed_leads_to_its_change():
    source = "def f(a):\n    b = a.copy()\n    a[0] = 7\n    return b\n"
    assert line_of(source, [1], changed=["a"]) == "a[0] = 7"


def test_a_lambda_is_one_line():
    assert line_of("f = lambda a: a + 1", 1) == "f = lambda a: a + 1"


def test_the_right_answer_shows_its_values():
    """Without a plain answer the reference stands in, unless it calls the rest of the course."""
    steps = worked(CHECK, (np.array([2.0, 3.0]),))
    assert steps[:3] == [("result", 0.0), ("number", 2.0), ("result", 2.0)]
    assert worked(replace(CHECK, plain=None), (np.ones(2),)) == []
    alone, calls = checks.find("receptive_field"), checks.find("rnn_backward")
    for check, shown in ((alone, True), (calls, False)):
        arguments = check.cases(np.random.default_rng(0))[-1].arguments
        assert bool(worked(check, arguments)) == shown
