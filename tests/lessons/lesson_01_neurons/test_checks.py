"""What is special about the checks of the neurons."""

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.lessons.lesson_01_neurons.checks import (
    GATES,
    gate_weights,
    neuron,
    sigmoid_centre,
    tell_apart,
)
from tests.checks.test_checks import grade

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def test_the_recorded_numbers():
    """The worked example and the centres as the course's plan records them."""
    assert f"{neuron(np.array([2.0, 3.0]), np.array([0.0, 1.0]), 4.0):.10f}" == "0.9990889488"
    assert sigmoid_centre(1.0, 4.0) == (-4.0, 0.25)
    assert sigmoid_centre(2.0, 4.0) == (-2.0, 0.5)


def test_the_weights_of_gates_compute_them():
    tables = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "NOR": [1, 0, 0, 0]}
    assert set(tables) == set(GATES)
    for name, table in tables.items():
        w, b = gate_weights(name, 2)
        np.testing.assert_array_equal(CORNERS @ w + b >= 0, table)


def loop(x, inhibitory, threshold):
    total = 0
    for active, inhibits in zip(x, inhibitory, strict=True):
        if active and inhibits:
            return 0
        total += active
    return 1 if total >= threshold else 0


def by_name(name, n):
    if name == "AND":
        return np.full(n, 1), 0.5 - n
    if name == "OR":
        return np.full(n, 1), -0.5
    w, b = by_name({"NAND": "AND", "NOR": "OR"}[name], n)
    return -w, -b


def two_branches(x, w, b):
    z = sum(float(a) * float(c) for a, c in zip(x, w, strict=True)) + b
    return 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z))


def measured(w, b):
    return [-b / w, w * 0.5 * (1 - 0.5)]


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("mp_neuron", loop),
        ("gate_weights", by_name),
        ("neuron", two_branches),
        ("neuron", lambda x, w, b: (1 + np.tanh((w @ x + b) / 2)) / 2),
        ("sigmoid_centre", measured),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_other_ways_to_be_right_pass(name, function, seed):
    verdict = grade(checks.find(name), function, seed)
    assert verdict.failure is None


@pytest.mark.parametrize("seed", range(5))
def test_a_neuron_that_knows_one_kind_only_reaches_no_bar(seed):
    """Without a bias it answers 1 for every image: all sums are positive."""

    def one_kind(train_x, train_y, test_x):
        return (test_x @ train_x[train_y == 1].mean(axis=0) >= 0).astype(int)

    def wrong_way_round(train_x, train_y, test_x):
        return 1 - tell_apart(train_x, train_y, test_x)

    for function in (one_kind, wrong_way_round):
        assert grade(checks.find("tell_apart"), function, seed).score == 0


def with_bias(change):
    """Return the right answer with its bias changed."""

    def answer(train_x, train_y, test_x):
        first, second = (train_x[train_y == kind].mean(axis=0) for kind in (0, 1))
        w = second - first
        return (test_x @ w + change(-w @ (first + second) / 2) >= 0).astype(int)

    return answer


@pytest.mark.parametrize(
    "change", [lambda b: 0 * b, lambda b: -b, lambda b: b / 2, lambda b: 2 * b]
)
@pytest.mark.parametrize("seed", range(6))
def test_a_bias_that_is_wrong_reaches_no_bar_on_any_draw(change, seed):
    verdict = grade(checks.find("tell_apart"), with_bias(change), seed)
    assert verdict.score == 0
    assert "the bias" in verdict.failure.hint


def sums(train_x, train_y, test_x):
    means = [train_x[train_y == kind].mean(axis=0) for kind in (0, 1)]
    w = means[1] - means[0]
    return test_x @ w - w @ (means[0] + means[1]) / 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *given: 1 / (1 + np.exp(-sums(*given))), "Return decisions"),
        (lambda *given: 1 - tell_apart(*given), "turned round"),
        (lambda *given: 2 * tell_apart(*given), "You answer 2"),
        (lambda *given: (np.ones(64), 0.5), "weights and the bias"),
        (lambda *given: np.ones(64), "perhaps the weights"),
        (lambda x, y, z: tell_apart(x, y, x), "You answer for train_x"),
        (lambda x, y, z: np.ones(len(z), int), "You answer 1 for every image"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_told_so(wrong, words):
    verdict = grade(checks.find("tell_apart"), wrong)
    assert verdict.score == 0
    assert words in verdict.failure.hint


def test_who_is_short_of_the_goal_alone_hears_of_one_bar():
    def often(train_x, train_y, test_x):
        answers = tell_apart(train_x, train_y, test_x)
        answers[::6] = 1 - answers[::6]
        return answers

    verdict = grade(checks.find("tell_apart"), often)
    assert verdict.score == 1
    assert verdict.failure.problem.endswith(". The goal is 0.9.")


def test_the_nearer_average_is_the_same_neuron():
    def nearer(train_x, train_y, test_x):
        means = [train_x[train_y == kind].mean(axis=0) for kind in (0, 1)]
        return [int(np.sum((x - means[1]) ** 2) <= np.sum((x - means[0]) ** 2)) for x in test_x]

    assert grade(checks.find("tell_apart"), nearer).failure is None
