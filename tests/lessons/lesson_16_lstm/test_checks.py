"""What is special about the checks of the LSTM."""

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.lessons.lesson_16_lstm.checks import (
    adding_target,
    belt_gradient,
    legal_next_symbols,
    lstm_backward_step,
    lstm_step,
)
from tests.checks.test_checks import grade


def test_the_cell_of_the_plan():
    """The scalar cell, with the digits that the course's plan records."""
    kernel, recurrent = np.array([[0.5, 0.3, 0.8, 0.6]]), np.array([[0.1, -0.2, 0.4, 0.2]])
    x, h, c = np.array([1.0]), np.array([0.5]), np.array([0.2])
    h, c = lstm_step(x, h, c, kernel, recurrent, np.array([0.0, 1, 0, 0]))
    assert (h.round(6).item(), c.round(6).item()) == (0.375936, 0.636659)


def test_the_step_back_is_the_slope_of_the_step():
    """Finite differences of the learner's two functions, each against the other."""
    rng = np.random.default_rng(0)
    z, c_before = rng.normal(size=12), rng.normal(size=3)
    grad_h, grad_c = rng.normal(size=3), rng.normal(size=3)

    def gates(z):
        i, f, g, o = z.reshape(4, 3)
        return *(1 / (1 + np.exp(-part)) for part in (i, f)), np.tanh(g), 1 / (1 + np.exp(-o))

    def loss(z, c_before):
        none = np.zeros((1, 12)), np.zeros((3, 12))
        h, c = lstm_step(np.zeros(1), np.zeros(3), c_before, *none, z)
        return grad_h @ h + grad_c @ c

    grad_z, grad_c_before = lstm_backward_step(grad_h, grad_c, *gates(z), c_before)
    for k in range(12):
        step = 1e-5 * np.eye(12)[k]
        slope = (loss(z + step, c_before) - loss(z - step, c_before)) / 2e-5
        assert grad_z[k] == pytest.approx(slope, abs=1e-8)
    for k in range(3):
        step = 1e-5 * np.eye(3)[k]
        slope = (loss(z, c_before + step) - loss(z, c_before - step)) / 2e-5
        assert grad_c_before[k] == pytest.approx(slope, abs=1e-8)


def test_the_belt_agrees_with_steps_back():
    f = np.random.default_rng(1).uniform(0.1, 0.9, 6)
    nothing, one = np.zeros(1), np.ones(1)
    grad, seen = one, [1.0]
    for gate in f[:0:-1]:
        _, grad = lstm_backward_step(nothing, grad, one, one * gate, one, one, one)
        seen.append(grad.item())
    np.testing.assert_allclose(belt_gradient(f), seen[::-1])


def product_by_hand(f):
    return np.array([float(np.prod(f[t + 1 :])) for t in range(len(f))])


def stacked_step(x, h, c, W, U, b):  # noqa: N803
    z = np.hstack([x, h, [1]]) @ np.vstack([W, U, b])
    n = len(c)
    i, f, o = (np.exp(p) / (1 + np.exp(p)) for p in (z[:n], z[n : 2 * n], z[3 * n :]))
    cell = c * f + np.tanh(z[2 * n : 3 * n]) * i
    return [np.tanh(cell) * o, cell]


def legal_by_trying(prefix, grammar):
    """Keep the symbols that can be read on to a complete string."""

    def walk(string):
        state = 0
        for symbol in string:
            if symbol not in grammar[state]:
                return None
            state = grammar[state][symbol]
        return state

    def possible(string):
        if len(string) < 3:
            return string in ("B", "BT", "BP")
        inner, _, rest = string[2:].partition("E")
        if "E" not in string[2:]:
            return walk(inner) is not None
        closing = string[1] + "E"
        return walk(inner + "E") == 7 and closing.startswith(rest)

    return "".join(symbol for symbol in "BEPSTVX" if possible(prefix + symbol))


def target_in_a_loop(values, marks):
    total = 0.5
    for value, mark in zip(values, marks, strict=True):
        if mark > 0:
            total += value * 0.25
    return np.float64(total)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("lstm_step", stacked_step),
        ("belt_gradient", product_by_hand),
        ("legal_next_symbols", legal_by_trying),
        ("adding_target", target_in_a_loop),
    ],
)
def test_right_answers_written_differently_pass(name, function):
    for seed in range(10):
        verdict = grade(checks.find(name), function, seed)
        assert verdict.failure is None, verdict.failure


def test_the_references_answer_as_the_exercise_says():
    assert legal_next_symbols("BTBPVVE", []) == "T"
    assert adding_target(np.array([0.25, 0.5, -0.75, 1.0]), np.array([-1, 1, 1, -1])) == 0.4375
