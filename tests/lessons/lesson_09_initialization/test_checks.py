"""What is special about lesson 09: its sizes are those of the package, and its thirty layers."""

from itertools import pairwise

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.lessons.lesson_09_initialization.checks import (
    DEPTH,
    UNITS,
    activation_sizes,
    delta_sizes,
    glorot_limit,
    he_std,
    right_by_thirty,
    thirty_cases,
)
from dlcourse.nn.initializers import INITIALIZERS


def test_limit_and_deviation_are_those_of_the_package():
    rng = np.random.default_rng(0)
    uniform = INITIALIZERS["glorot_uniform"](rng, (300, 200))
    assert np.abs(uniform).max() == pytest.approx(glorot_limit(300, 200), rel=1e-3)
    assert INITIALIZERS["he_normal"](rng, (300, 200)).std() == pytest.approx(he_std(300), rel=0.02)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_sizes_are_those_of_the_package(activation):
    rng = np.random.default_rng(0)
    widths = (5, 7, 4, 3)
    kernels = [rng.normal(size=pair) for pair in pairwise(widths)]
    x, arriving = rng.normal(size=(6, 5)), rng.normal(size=(6, 3))
    activations, deltas = [], []
    outputs, grad, caches = x, arriving, []
    for kernel in kernels:
        layer = nn.Activation(activation)
        outputs, cache = layer.forward(outputs @ kernel)
        caches.append((layer, cache))
        activations.append(np.sqrt(np.mean(outputs**2)))
    for (layer, cache), kernel in zip(caches[::-1], kernels[::-1], strict=True):
        delta, _ = layer.backward(grad, cache)
        deltas.insert(0, np.sqrt(np.mean(delta**2)))
        grad = delta @ kernel.T
    np.testing.assert_allclose(activation_sizes(x, kernels, activation), activations)
    np.testing.assert_allclose(delta_sizes(x, kernels, activation, arriving), deltas)


def kept(case):
    """Return what the check keeps, as inputs and labels."""
    rows = case.hidden.reshape(-1, UNITS)
    return np.column_stack([rows[:, :-1], np.ones(len(rows))]), rows[:, -1]


def test_the_kept_examples_are_of_the_same_kind():
    for seed in range(3):
        (case,) = thirty_cases(np.random.default_rng(seed))
        x, y = case.arguments
        others, labels = kept(case)
        assert x.shape[1:] == others.shape[1:] == (UNITS,)
        assert set(y) == set(labels) == {-1.0, 1.0}
        assert (x[:, -1] == 1).all()
        np.testing.assert_allclose(np.std(x[:, :-1]), np.std(others[:, :-1]), rtol=0.1)


def test_a_straight_cut_reaches_no_bar():
    goal = checks.find("thirty_layers").goal
    for seed in range(10):
        (case,) = thirty_cases(np.random.default_rng(seed))
        others, labels = kept(case)
        cut = np.linalg.lstsq(*case.arguments, rcond=None)[0]
        assert np.mean((others @ cut) * labels > 0) < goal.bars[0]


def test_kernels_that_let_the_signal_through_give_the_sign_of_what_comes_in():
    (case,) = thirty_cases(np.random.default_rng(0))
    cut = np.linalg.lstsq(*case.arguments, rcond=None)[0]
    kernels = np.stack([1.5 * np.eye(UNITS)] * DEPTH)
    kernels[0][:, 0] = cut
    others, labels = kept(case)
    straight = np.mean((others @ cut) * labels > 0)
    assert right_by_thirty(kernels, case.hidden) == pytest.approx(straight)


def test_weights_that_are_too_small_or_no_numbers_reach_nothing():
    (case,) = thirty_cases(np.random.default_rng(0))
    shape = (DEPTH, UNITS, UNITS)
    assert right_by_thirty(np.zeros(shape), case.hidden) == 0
    assert right_by_thirty(np.full(shape, np.nan), case.hidden) == 0
