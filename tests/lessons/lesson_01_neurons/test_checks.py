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


def test_the_nearer_average_is_the_same_neuron():
    def nearer(train_x, train_y, test_x):
        means = [train_x[train_y == kind].mean(axis=0) for kind in (0, 1)]
        return [int(np.sum((x - means[1]) ** 2) <= np.sum((x - means[0]) ** 2)) for x in test_x]

    assert grade(checks.find("tell_apart"), nearer).failure is None
