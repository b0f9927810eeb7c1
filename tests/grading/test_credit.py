"""Points: the same code always gets the same, guesses and tables get none, work gets its part."""

import copy

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.checks.values import same
from dlcourse.grading import credit
from dlcourse.grading.credit import KEPT, LESS_ON_NEW, NO_BETTER, ONE_MISTAKE, assess

CHECKS = [check for graded in checks.lessons().values() for check in graded if check.goal is None]
all_checks = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def award(check, function, seed: int = 3):
    def call(inputs):
        return checks.run_all(function, inputs, 60)

    return assess(check, call, seed, ())


def earned(name: str, function, seed: int = 3) -> tuple[float, str]:
    """Return which part of the points a function gets, and why."""
    check = checks.find(name)
    got = award(check, function, seed)
    return got.points / check.points, got.reason


def table(check):
    """Return what looks a known input up; None for any other."""
    answers = [
        (case.arguments, check.reference(*copy.deepcopy(case.arguments)))
        for case in credit.known(check)
    ]
    return lambda *given: next(((value,) for inputs, value in answers if same(inputs, given)), None)


@all_checks
def test_the_reference_gets_everything(check):
    got = award(check, check.reference)
    assert (got.points, got.reason, got.verdict.failure) == (check.points, "", None)


@all_checks
def test_a_table_with_a_thoughtless_line_gets_nothing(check):
    known = table(check)
    values = [check.reference(*copy.deepcopy(case.arguments)) for case in credit.known(check)[:3]]
    lines = [lambda *given, value=value: value for value in values]
    lines += [lambda *given, i=i: given[i] for i in range(len(check.parameters))]
    for line in lines:
        for answer in (lambda *given, line=line: (known(*given) or (line(*given),))[0], line):
            assert award(check, answer).points == 0


def coins(name: str) -> int:
    """Return in how many of 30 draws a table with a coin behind it earns something."""
    check = checks.find(name)
    known, rng = table(check), np.random.default_rng(6)
    values = [check.reference(*case.arguments) for case in credit.known(check)]

    def coin(*given):
        return (known(*given) or (values[rng.integers(len(values))],))[0]

    return sum(award(check, coin, seed).points > 0 for seed in range(1, 31))


@pytest.mark.parametrize("name", ["mp_neuron", "is_separable", "gate_weights"])
def test_a_table_with_a_coin_gets_nothing(name):
    assert coins(name) == 0


def test_with_few_inputs_a_coin_would_get_something(monkeypatch):
    monkeypatch.setattr(credit, "MANY", credit.NEW)
    assert coins("mp_neuron") + coins("is_separable") > 0


@pytest.mark.parametrize("answer", [True, False])
def test_yes_and_no_are_worth_nothing(answer):
    assert earned("is_separable", lambda *data: answer) == (0, NO_BETTER)


def test_handing_an_argument_back_is_worth_nothing():
    assert earned("perceptron_step", lambda w, x, y: w) == (0, NO_BETTER)


def test_a_question_with_two_answers_is_not_all_or_nothing():
    check = checks.find("is_separable")
    odd = check.cases(np.random.default_rng(0))[1].arguments

    def nearly(*given):
        return check.reference(*given) != same(given, odd)

    share, _ = earned("is_separable", nearly)
    assert 0.8 < share < 1


def test_the_same_code_always_gets_the_same():
    for name, mistake in (("perceptron_step", 0), ("conv2d", 1), ("backward_2_2_2", 2)):
        wrong = checks.find(name).mistakes[mistake].function
        assert len({earned(name, wrong, seed) for seed in range(5)}) == 1

    def without_the_first(x, inhibitory, threshold):  # right about as often as the limit asks for
        return checks.find("mp_neuron").reference(x[1:], inhibitory[1:], threshold)

    assert len({earned("mp_neuron", without_the_first, seed) for seed in range(8)}) == 1


def test_a_table_of_all_that_is_always_the_same_earns_nothing():
    check = checks.find("mp_neuron")
    always = [*credit.known(check), *credit.new(check, credit.PROBES, credit.MANY)]
    entries = {repr(case.arguments): check.expected(case) for case in always[1:]}
    assert earned("mp_neuron", lambda *given: entries.get(repr(given), 1), 99)[0] == 0


def test_each_returned_value_earns_its_part():
    check = checks.find("forward_2_2_2")

    def half(x, w, b):
        h, o = check.reference(x, w, b)
        return h, o * 1.01 + 0.003

    assert earned("forward_2_2_2", half)[0] == pytest.approx(0.5, abs=0.01)


def test_an_argument_that_was_changed_costs_half():
    check = checks.find("half_squared_error")

    def careless(t, o):
        value = check.reference(t, o)
        t += 1
        return value

    assert earned("half_squared_error", careless)[0] == 0.5


def test_one_known_mistake_keeps_most_of_the_points():
    check = checks.find("backward_2_2_2")
    wrong = next(m for m in check.mistakes if m.name == "wrong_sign")
    got = award(check, wrong.function)
    assert got.verdict.passed == 0
    assert (got.points, got.reason) == (round(KEPT * check.points, 2), ONE_MISTAKE)


def test_most_mistakes_of_learners_keep_most_of_the_points():
    """The few that do not are answers without a thought, or errors on every input."""
    kept = [award(c, m.function).points > c.points / 2 for c in CHECKS[::4] for m in c.mistakes[:4]]
    assert sum(kept) > 0.8 * len(kept)


def test_right_on_known_inputs_alone_is_what_new_ones_say():
    check = checks.find("perceptron_step")
    known = table(check)

    def half(w, x, y):
        right = check.reference(w, x, y)
        return right if known(w, x, y) or x[0] > -0.5 else right + 1

    share, reason = earned("perceptron_step", half)
    assert 0 < share < 1
    assert reason == LESS_ON_NEW
    assert award(check, half).verdict.failure is not None  # the card shows one


def test_nothing_that_returns_nothing_is_run_on_new_inputs():
    calls = []
    assert earned("perceptron_step", lambda *given: calls.append(given))[0] == 0
    assert len(calls) == len(credit.known(checks.find("perceptron_step"))) + 1


@all_checks
def test_new_inputs_are_new(check):
    drawn, other = credit.new(check, 1), credit.new(check, 2)
    assert len(drawn) == len(other) == credit.NEW
    assert any(not same(a.arguments, b.arguments) for a, b in zip(drawn, other, strict=True))
    for case in drawn:
        assert not any(same(case.arguments, other.arguments) for other in credit.known(check))
    more = credit.new(check, 1, credit.NEW + 3)
    assert all(same(a.arguments, b.arguments) for a, b in zip(drawn, more, strict=False))


@pytest.mark.parametrize("check", CHECKS[::3], ids=lambda check: check.name)
def test_what_is_kept_for_a_class_is_changed_by_nobody(check):
    for mistake in check.mistakes[:3]:
        award(check, mistake.function)
    fresh = check.cases(np.random.default_rng(0))
    for kept, case in zip(credit.known(check), fresh, strict=True):
        assert same(kept.arguments, case.arguments)
        right = check.reference(*copy.deepcopy(case.arguments))
        assert check.is_right(case.arguments, right, check.expected(kept))
