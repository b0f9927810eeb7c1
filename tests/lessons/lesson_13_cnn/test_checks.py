"""The references of lesson 13 against what else the course has, and the lesson's own numbers."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_13_cnn import figures
from dlcourse.lessons.lesson_13_cnn.checks import (
    conv_backward,
    draw_outputs,
    maxpool_backward,
    parameters_and_connections,
    reject_curve,
)


def slope(function, array, step=1e-6):
    """Central differences of a number for each entry of an array."""
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        moved = [array.copy(), array.copy()]
        moved[0][place] += step
        moved[1][place] -= step
        found[place] = (function(moved[0]) - function(moved[1])) / (2 * step)
    return found


def test_conv_backward_is_the_slope_of_the_convolution():
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 4, 5)), rng.normal(size=(2, 3))
    grad_y = rng.normal(size=(2, 3, 3))

    def loss(x, kernel, bias=0.0):
        windows = np.lib.stride_tricks.sliding_window_view(x, (2, 3), axis=(1, 2))
        return np.sum(grad_y * (np.einsum("npqij,ij->npq", windows, kernel) + bias))

    grad_x, grad_kernel, grad_bias = conv_backward(x, kernel, grad_y)
    np.testing.assert_allclose(grad_x, slope(lambda v: loss(v, kernel), x), atol=1e-6)
    np.testing.assert_allclose(grad_kernel, slope(lambda v: loss(x, v), kernel), atol=1e-6)
    assert grad_bias == pytest.approx(loss(x, kernel, 1.0) - loss(x, kernel))


def test_maxpool_backward_is_the_slope_of_the_maximum():
    rng = np.random.default_rng(0)
    x, grad_y = rng.normal(size=(4, 6)), rng.normal(size=(2, 3))

    def loss(x):
        return np.sum(grad_y * x.reshape(2, 2, 3, 2).max(axis=(1, 3)))

    np.testing.assert_allclose(maxpool_backward(x, grad_y, 2), slope(loss, x), atol=1e-6)


def test_the_counts_are_those_of_the_networks():
    zip_codes = [(12, 64, 25, False), (12, 16, 200, False), (30, 1, 192, True), (10, 1, 30, True)]
    parameters, connections = parameters_and_connections(zip_codes)
    assert (parameters, connections) == (9760, 64660)
    assert parameters == sum(array.size for array in nn.lecun_1989(seed=0).params.values())


def test_the_curve_is_that_of_the_lesson():
    rng = np.random.default_rng(0)
    outputs, labels = draw_outputs(rng, 12, 3), rng.integers(0, 3, 12)
    curve = reject_curve(outputs, labels)
    np.testing.assert_allclose(curve, figures.reject_errors(outputs, labels))
    assert curve[0] == np.mean(outputs.argmax(axis=1) != labels)
