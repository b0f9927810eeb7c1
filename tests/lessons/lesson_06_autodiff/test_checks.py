"""What is special about the checks of automatic differentiation."""

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.lessons.lesson_06_autodiff.checks import is_topological_order
from tests.checks.test_checks import grade

DIAMOND = {"r": ["v", "w"], "w": ["a"], "v": ["a"], "a": [], "unused": []}


def right_to_left(inputs, result):
    order = []

    def visit(name):
        if name not in order:
            for each in reversed(inputs[name]):
                visit(each)
            order.append(name)

    visit(result)
    return order


def as_soon_as_ready(inputs, result):
    needed = right_to_left(inputs, result)
    order = []
    while len(order) < len(needed):
        order += [n for n in needed if n not in order and set(inputs[n]) <= set(order)]
    return tuple(order)


@pytest.mark.parametrize("function", [right_to_left, as_soon_as_ready])
def test_every_valid_order_is_right(function):
    for seed in range(10):
        assert grade(checks.find("topological_sort"), function, seed).failure is None


@pytest.mark.parametrize("order", [["a", "v", "w", "r"], ["a", "w", "v", "r"]])
def test_a_diamond_has_two_orders(order):
    assert is_topological_order(order, DIAMOND, "r")


@pytest.mark.parametrize(
    "order",
    [
        ["a", "v", "r", "w"],
        ["v", "a", "w", "r"],
        ["a", "v", "w"],
        ["a", "v", "w", "w", "r"],
        ["a", "v", "w", "r", "unused"],
        ["a", "v", "w", "x", "r"],
        [],
        "avwr",
        None,
        ["a", "v", "w", 1],
        [["a"], "v", "w", "r"],
        np.array([1, 2]),
        {"a": 1},
    ],
)
def test_nothing_else_is_an_order(order):
    assert not is_topological_order(order, DIAMOND, "r")
