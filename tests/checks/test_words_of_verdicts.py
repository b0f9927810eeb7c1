"""What a card says about a returned value agrees with its name: one thing, or several."""

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks import Case, Check, judge, run_all
from dlcourse.checks.diagnosis.evidence import is_plural, the

SINGULAR_IN_S = {"loss", "radius", "s", "grad_bias"}


def test_every_name_that_the_checks_give_is_known_as_one_thing_or_several():
    """A new name that ends in s and is one thing belongs into the rule, and here."""
    names = {name for lesson in checks.lessons().values() for c in lesson for name in c.returns}
    in_s = {name for name in names if name.endswith("s")}
    assert {name for name in in_s if not is_plural(name)} == SINGULAR_IN_S
    assert not any(is_plural(name) for name in names - in_s)


@pytest.mark.parametrize("verb", ["is", "has", "holds", "should have"])
def test_an_entry_is_one_thing(verb):
    assert the("features[0]", verb) == f"The returned features[0] {verb}"
    assert the("result", verb) == f"The result {verb}"


def failure(function, name):
    def cases(rng):
        return [Case((rng.normal(size=(3, 4)),)) for _ in range(3)]

    returns = (name,) if isinstance(name, str) else name
    several = len(returns) > 1

    def reference(x):
        return (x.sum(), x.max()) if several else x.mean(axis=1)

    check = Check(reference, 1, cases, [], returns)
    drawn = cases(np.random.default_rng(0))
    return judge(check, drawn, run_all(function, [case.arguments for case in drawn])).failure


WRONG = {
    "another number": (lambda x: x.mean(axis=1) + np.arange(3), "is wrong: 2 of 3 entries"),
    "another shape": (lambda x: x.mean(axis=0), "has shape (4,); expected (3,)."),
    "a comparison": (lambda x: x.mean(axis=1) > 0, "holds True and False; expected numbers."),
    "a dictionary": (lambda x: {"a": x}, "is a dictionary of 1; expected an array"),
}
MANY = {"is": "are", "has": "have", "holds": "hold"}


@pytest.mark.parametrize("name", WRONG)
def test_a_problem_agrees_with_the_name(name):
    function, words = WRONG[name]
    verb, _, rest = words.partition(" ")
    assert f"The returned mean {verb} {rest}" in failure(function, "mean").problem
    assert f"The returned features {MANY[verb]} {rest}" in failure(function, "features").problem


def test_a_hint_agrees_with_the_name():
    def labelled(x):
        return {"mean": x.mean(axis=1)}

    assert failure(labelled, "mean").hint.startswith("The returned mean is a dictionary")
    assert failure(labelled, "features").hint.startswith("The returned features are a dictionary")


@pytest.mark.parametrize(
    ("returns", "words"),
    [
        (("total", "high"), "the returned total is 2 times what it should be."),
        (("bits", "high"), "the returned bits are 2 times what they should be."),
    ],
)
def test_a_relation_agrees_with_the_name(returns, words):
    assert words in failure(lambda x: (2 * x.sum(), x.max()), returns).hint


@pytest.mark.parametrize(
    ("returns", "words"),
    [
        ("count", "The returned count is one too large."),
        ("bits", "The returned bits are one too many."),
    ],
)
def test_a_count_agrees_with_the_name(returns, words):
    check = Check(lambda n: n**2, 1, lambda rng: [Case((n,)) for n in (2, 3, 5)], [], (returns,))
    drawn = check.cases(np.random.default_rng(0))
    outcomes = run_all(lambda n: n**2 + 1, [case.arguments for case in drawn])
    assert words in judge(check, drawn, outcomes).failure.hint


def test_arguments_that_changed_are_counted():
    def both(x, y):
        result = x + y
        x += 1
        y += 1
        return result

    check = Check(
        lambda x, y: x + y, 1, lambda rng: [Case((np.ones(2), np.zeros(2)))] * 2, [], ("total",)
    )
    drawn = check.cases(np.random.default_rng(0))
    outcomes = run_all(both, [case.arguments for case in drawn])
    said = judge(check, drawn, outcomes).failure.problem
    assert said == "The result is right, but the arguments x and y changed on the way."
