"""What a check may say: mistakes as edits of a plain answer, and several answers that are right."""

import re

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks import Case, Check, Mistake

CHECKS = [check for lesson in checks.lessons().values() for check in lesson]


def total(x):
    return x.sum()


def plain_total(x):
    result = 0.0
    for number in x:
        result += number
    return result


def cases(rng):
    return [Case((rng.normal(size=size),)) for size in (3, 4, 5)]


OVERWRITTEN = Mistake("overwritten", ("result += number", "result = number"), "Use +=.")
TWO_EDITS = Mistake("product", (("0.0", "1.0"), ("result +=", "result *=")), "Add.")
CHECK = Check(total, 1, cases, [OVERWRITTEN, TWO_EDITS], plain=plain_total)


def judged(check, function):
    drawn = check.cases(np.random.default_rng(0))
    outcomes = checks.run_all(function, [case.arguments for case in drawn])
    return checks.judge(check, drawn, outcomes)


def test_edits_of_the_plain_answer_are_a_mistake():
    x = np.array([2.0, 3.0, 4.0])
    last, product = (mistake.function for mistake in CHECK.mistakes)
    assert (last(x), product(x)) == (4.0, 24.0)
    assert judged(CHECK, lambda x: x[-1]).failure.mistake == "overwritten"
    assert judged(CHECK, np.prod).failure.mistake == "product"
    assert judged(CHECK, plain_total).failure is None


def test_without_a_plain_answer_the_reference_is_edited():
    (mistake,) = Check(total, 1, cases, [Mistake("mean", (".sum", ".mean"), "Add.")]).mistakes
    assert mistake.function(np.array([1.0, 3.0])) == 2.0


@pytest.mark.parametrize(("old", "times"), [("nowhere", 0), ("result", 3)])
def test_an_edit_must_fit_exactly_once(old, times):
    check = Check(total, 1, cases, [Mistake("odd", (old, "x"), "No.")], plain=plain_total)
    with pytest.raises(ValueError, match=re.escape(f"'{old}' stands {times} times in plain_total")):
        check.mistakes[0].function(np.ones(3))


def test_edits_without_a_check_say_so():
    with pytest.raises(ValueError, match="put them into a Check"):
        OVERWRITTEN.function(np.ones(3))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_mistake_of_the_course_that_is_an_edit_fits(check):
    for mistake in check.mistakes:
        if isinstance(mistake.function, checks.edits.Edited):
            assert callable(mistake.function.function)


def test_another_right_answer_is_accepted():
    """A permutation that sorts: with equal numbers there are several."""

    def order(x):
        return np.argsort(x, kind="stable")

    def sorts(value, x):
        return sorted(value) == list(range(len(x))) and bool((np.diff(x[value]) >= 0).all())

    def equal_numbers(rng):
        return [Case((np.array([2, 1, 1]),)), Case((np.array([3, 3, 0]),))]

    def other(x):
        return np.lexsort((-np.arange(len(x)), x))

    assert judged(Check(order, 1, equal_numbers, []), other).passed == 0
    check = Check(order, 1, equal_numbers, [], accepts=sorts)
    assert judged(check, order).failure is None
    assert judged(check, other).failure is None
    assert judged(check, lambda x: np.arange(3)).passed == 0
