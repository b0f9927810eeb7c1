"""``check(function)``: the verdict on an exercise, at once and in words."""

import sys
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import numpy as np

from dlcourse import checks
from dlcourse.checks import Check
from dlcourse.exercises import attempts
from dlcourse.grading.card import Card, Section, verdict_card
from dlcourse.grading.score import Score


def check(function: Callable[..., Any]) -> Score:
    """Test a function of an exercise and show what came out.

    The function runs on edge cases and on inputs that are drawn anew every time. Nothing
    that it does raises an error here, so that a notebook runs on. A function that does not
    come to an end is stopped after some seconds, where the system can do that (Linux and
    macOS).

    Parameters
    ----------
    function : callable
        The function itself, by the name that the exercise gave it: ``check(perceptron_step)``.

    Returns
    -------
    Score
        The points.
    """
    problem, graded = _find(function)
    if graded is None:
        _show(Card("wrong", "Nothing was checked", (Section("What is wrong", problem),)))
        return Score(0)
    cases = graded.cases(np.random.default_rng())
    outcomes = checks.run_all(function, [case.arguments for case in cases])
    verdict = checks.judge(graded, cases, outcomes)
    _show(verdict_card(verdict))
    attempts.record(verdict)
    return Score(verdict.score, of=graded.points)


def _find(function: Any) -> tuple[str, Check | None]:
    """Return the check of a function, or one sentence that says why there is none."""
    names = [check.name for lesson in checks.lessons().values() for check in lesson]
    if isinstance(function, str):
        if function in names:
            return f"Leave out the quotes: `check({function})`.", None
        return "check() takes the function itself, without quotes.", None
    if isinstance(function, type):
        return "This is a class. check() takes one of the functions of the exercise.", None
    name = getattr(function, "__name__", None)
    if not callable(function) or not isinstance(name, str):
        return (
            "check() takes the function itself: write its name alone, without brackets behind it, "
            "as in `check(perceptron_step)`.",
            None,
        )
    if name == "<lambda>":
        return "This function has no name. Write it with `def`, as in the exercise.", None
    if name in names:
        return "", checks.find(name)
    near = get_close_matches(name.lower(), names, n=1)
    meant = f" Is it meant to be `{near[0]}`? Then rename it where it says `def`." if near else ""
    return f"The course has no exercise called `{name}`.{meant}", None


def _show(card: Card) -> None:
    """Display a card in IPython, print it in plain Python."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display(card)
    else:
        print(card)
