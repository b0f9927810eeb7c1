"""What a verdict is worth in a class: guessing earns nothing.

The reasons are in docs/decisions/0009-guessing-earns-nothing.md.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcourse.checks import Case, Check, Verdict
from dlcourse.checks.runner import run
from dlcourse.checks.values import agree, same

ALL_OR_NOTHING = (
    "This question has only two answers, which anybody can guess: it gives points only if every "
    "test passes."
)
NO_BETTER = (
    "A function that always returns the same, or hands back an argument, passes as many tests. "
    "Points begin above that."
)

NOTHING_NEW = (
    "No test passes whose input was drawn for this submission, only some that are always the same. "
    "Points begin with the first new one."
)


def credit(verdict: Verdict, cases: Sequence[Case]) -> tuple[float, str]:
    """Return the points of a verdict in a class, and why if they are fewer than its score.

    Parameters
    ----------
    verdict : Verdict
    cases : sequence of Case
        The cases it was made from.

    Returns
    -------
    points : float
    reason : str
        One sentence; empty if the score counts as it is.
    """
    if verdict.failure is None or not verdict.passed or verdict.check.goal:
        return verdict.score, ""
    expected = [run(verdict.check.reference, case.arguments).value for case in cases]
    kinds: list[Any] = []
    for value in expected:
        if not any(_same(verdict.check, kind, value) for kind in kinds):
            kinds.append(value)
    if len(kinds) <= 2:
        return 0.0, ALL_OR_NOTHING
    if verdict.passed <= _without_thought(verdict.check, cases, expected, kinds):
        return 0.0, NO_BETTER
    others = verdict.check.cases(np.random.default_rng())
    new = [
        passed
        for passed, case, other in zip(verdict.results, cases, others, strict=True)
        if not same(case.arguments, other.arguments)
    ]
    if new and not any(new):
        return 0.0, NOTHING_NEW
    return verdict.score, ""


def _without_thought(
    check: Check, cases: Sequence[Case], expected: Sequence[Any], kinds: Sequence[Any]
) -> int:
    """Return how many cases the best of all answers without a thought passes."""
    guesses = [[kind] * len(cases) for kind in kinds]
    guesses += [list(values) for values in zip(*(case.arguments for case in cases), strict=True)]
    guesses += [[_filled(value, number) for value in expected] for number in (0, 1)]
    return max(
        sum(_same(check, value, guess) for value, guess in zip(expected, values, strict=True))
        for values in guesses
    )


def _same(check: Check, expected: Any, value: Any) -> bool:
    return agree(expected, value, check.rtol, check.atol)


def _filled(value: Any, number: int) -> Any:
    return np.full(value.shape, float(number)) if isinstance(value, np.ndarray) else None
