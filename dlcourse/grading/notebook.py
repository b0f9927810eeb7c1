"""``check(function)``: the verdict on an exercise, at once and in words."""

import linecache
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from dlcourse import checks
from dlcourse.checks import Check, Outcome, Verdict
from dlcourse.checks.rulebook import LIBRARY, foreign
from dlcourse.checks.runner import plain
from dlcourse.checks.source import find
from dlcourse.checks.values import listing
from dlcourse.exercises import attempts
from dlcourse.grading.card import STOOD_IN, Award, Card, Section, award_card
from dlcourse.grading.credit import assess
from dlcourse.grading.rungs import later
from dlcourse.grading.score import Score

SEED = secrets.randbits(64)  # of the new inputs; drawing them takes longer than most answers run


def check(function: Callable[..., Any]) -> Score:
    """Test a function of an exercise and show what came out.

    The function runs on inputs that are the same every time, and on others that are drawn once
    for this notebook: the same code gets the same points again.
    Nothing that it does raises an error here, so that a notebook runs on. A function that does not
    come to an end is stopped after some seconds, where the system can do that (Linux and
    macOS). The points are those that a class would give.

    Parameters
    ----------
    function : callable
        The function itself, by the name that the exercise gave it: ``check(perceptron_step)``.

    Returns
    -------
    Score
        The points.
    """
    known = sys._getframe(1).f_globals
    problem, graded = _find(function, known)
    if graded is not None and (package := foreign(function)):
        problem = LIBRARY.format(package)
    if graded is None or problem:
        _show(Card("wrong", "Nothing was checked", (Section("What is wrong", problem),)))
        return Score(0, of=graded.points if graded else 0.0)
    cells = _cells(graded.name, function)
    award = _assessed(graded, function, cells)
    stood_in: list[str] = []
    if award.points < graded.points and (called := _called(graded, function, cells)):
        with _references_for(called, function):
            again = _assessed(graded, function, cells)
        if again.points > award.points:
            award = replace(again, reason=STOOD_IN.format(names=listing(called)))
            stood_in = called
    tries = TRIES.count(graded.name, function, award.verdict)
    with _references_for(stood_in, function):
        more = later(award.verdict, tries, function, cells)
    _show(award_card(award, more))
    attempts.record(award.verdict, score=award.points)
    return Score(award.points, of=graded.points)


def _assessed(graded: Check, function: Callable[..., Any], cells: Sequence[str]) -> Award:
    def call(inputs: Sequence[Sequence[Any]]) -> list[Outcome]:
        return checks.run_all(function, inputs, seconds=graded.seconds)

    return assess(graded, call, SEED, cells)


def _cells(name: str, function: Any) -> list[str]:
    """Return the code that ran in this notebook so far, the function's own cell last.

    Empty if the function's code is not there: it was made in another way than by a cell.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    ran = [str(text) for text in shell.user_ns.get("In", ())] if shell is not None else []
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    texts = [*ran, "".join(linecache.getlines(code.co_filename))]
    source = find(texts, name)
    return texts if source is not None and source.first_line == code.co_firstlineno else []


def _called(graded: Check, function: Any, cells: Sequence[str]) -> list[str]:
    """Return the functions that the exercise asks for earlier and that this one may call."""
    source = find(cells, graded.name)
    lesson = [check.name for check in checks.lessons()[graded.lesson]]
    before = lesson[: lesson.index(graded.name)]
    known = getattr(function, "__globals__", {})
    used = set(source.helpers) if source else set()
    return [name for name in before if name in used and callable(known.get(name))]


@contextmanager
def _references_for(names: Sequence[str], function: Callable[..., Any]) -> Iterator[None]:
    """Put the course's own functions in the place of the learner's for a while."""
    known = getattr(function, "__globals__", {})
    own = {name: known[name] for name in names}
    try:
        known.update({name: _reference(name) for name in names})
        yield
    finally:
        known.update(own)


def _reference(name: str) -> Callable[..., Any]:
    right = checks.find(name).reference
    return lambda *given, **named: plain(
        right(*map(plain, given), **{key: plain(value) for key, value in named.items()})
    )


class Tries:
    """How often each function was tried since it last passed: hints grow with them."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Any, int]] = {}

    def count(self, name: str, function: Any, verdict: Verdict) -> int:
        """Count one more try, and return how many there are; the same code again is none."""
        if verdict.failure is None or verdict.untouched:
            self._last.pop(name, None)
            return 0
        code = getattr(function, "__code__", None)
        before, tries = self._last.get(name, (None, 0))
        tries += code is None or code != before
        self._last[name] = code, tries
        return tries


TRIES = Tries()


def _find(function: Any, known: dict[str, Any]) -> tuple[str, Check | None]:
    """Return the check of a function, or one sentence that says why there is none."""
    names = [check.name for lesson in checks.lessons().values() for check in lesson]
    if isinstance(function, str):
        if function in names:
            return f"Leave out the quotes: `check({function})`.", None
        return "check() takes the function itself, without quotes.", None
    if isinstance(function, type):
        return "This is a class. check() takes one of the functions of the exercise.", None
    here = [name for name in names if callable(function) and known.get(name) is function]
    name = here[0] if here else getattr(function, "__name__", None)
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
