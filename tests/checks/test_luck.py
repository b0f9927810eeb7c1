"""No draw is kinder than another: the same code gets the same score from every set of cases.

Whatever is wrong fails on a case that never changes, and is right on as many of the drawn
cases in one set as in the next, each returned value by itself.
"""

import os

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks import Check
from dlcourse.checks.runner import plain
from dlcourse.checks.values import agree, same

DRAWS = int(os.environ.get("DRAWS", "16"))  # 200 for whoever changes how a case is drawn

CHECKS = [
    check for of_lesson in checks.lessons().values() for check in of_lesson if check.goal is None
]

pytestmark = pytest.mark.filterwarnings("ignore")  # mistakes divide by zero as they please


def name_of(value):
    return value.name


def columns(check: Check, draws: int):
    """Return the cases in the order of the check, each with what it is in every draw."""
    sets = [check.cases(np.random.default_rng(seed)) for seed in range(draws)]
    return [[case.arguments for case in column] for column in zip(*sets, strict=True)]


def never_changes(column) -> bool:
    return all(same(column[0], arguments) for arguments in column)


def right_parts(check: Check, function, arguments) -> tuple[bool, ...]:
    """Tell which of the returned values are right, and whether the arguments stay as they were."""
    expected, own = check.reference(*plain(arguments)), plain(arguments)
    try:
        with np.errstate(all="ignore"):
            value = plain(function(*own))
    except Exception:
        return ()
    parts = (check.is_right(arguments, expected, value),)
    if isinstance(expected, tuple) and isinstance(value, tuple) and len(value) == len(expected):
        parts += tuple(
            agree(e, v, check.rtol, check.atol) for e, v in zip(expected, value, strict=True)
        )
    return (*parts, same(arguments, own))


def kinds_of_outcomes(check: Check, function, column) -> set[tuple[bool, ...]]:
    return {right_parts(check, function, arguments) for arguments in column}


@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_each_mistake_fails_on_a_fixed_case_and_luck_decides_nothing(check):
    fixed, drawn = [], []
    for column in columns(check, DRAWS):
        (fixed if never_changes(column) else drawn).append(column)
    for mistake in check.mistakes:
        on_fixed = [right_parts(check, mistake.function, column[0]) for column in fixed]
        assert not all(parts and parts[0] and parts[-1] for parts in on_fixed), mistake.name
        for column in drawn:
            found = kinds_of_outcomes(check, mistake.function, column)
            assert len(found) == 1, f"{mistake.name} depends on the draw"


def test_luck_is_seen():
    """A sample whose class is drawn is kind to some: who adds x always is right for class +1."""
    check = checks.find("perceptron_step")
    mistake = next(m for m in check.mistakes if m.name == "label_left_out")
    w, x = np.zeros(2), np.ones(2)
    column = [(w, x, int(y)) for y in np.random.default_rng(0).choice([-1, 1], DRAWS)]
    assert len(kinds_of_outcomes(check, mistake.function, column)) == 2
