"""What is special about lesson 07: its numbers, and an XOR that no straight cut finds."""

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.lessons.lesson_07_training.checks import (
    gradients,
    iterations,
    tells_apart,
    train_epoch,
)


def test_the_numbers_of_the_lesson():
    assert iterations(1050, 100, 1) == 11
    assert iterations(2000, 64, 5) == 160
    assert iterations(1437, 10, 15) == 2160


@pytest.mark.parametrize("weights", [(1, 2, 4), (2, 3, 4), (1, 3, 5), (3, 5, 6)])
def test_weights_that_tell_all_patterns_apart(weights):
    assert tells_apart(np.array(weights))
    assert not tells_apart(np.array([1, 2, 3]))


def test_the_gradients_are_those_of_the_package():
    rng = np.random.default_rng(0)
    layers = [nn.Dense(4), nn.Activation("sigmoid"), nn.Dense(2), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(3,), seed=0, dtype=np.float64)
    x, y = rng.normal(size=(6, 3)), rng.uniform(size=(6, 2))
    outputs, cache = model.forward(x, training=True)
    _, grad_outputs = nn.HalfSquaredError().value_and_grad(y, outputs)
    _, grads = model.backward(grad_outputs, cache)
    for name, mine in zip(model.params, gradients(x, y, model.get_weights()), strict=True):
        np.testing.assert_allclose(mine, grads[name], atol=1e-12)


def test_an_epoch_is_what_the_package_does():
    rng = np.random.default_rng(1)
    layers = [nn.Dense(3), nn.Activation("sigmoid"), nn.Dense(1), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(2,), seed=0, dtype=np.float64)
    x, y = rng.normal(size=(7, 2)), rng.integers(0, 2, (7, 1)).astype(float)
    start = model.get_weights()
    optimizer = nn.SGD(0.3, momentum=0.9)
    loss = nn.HalfSquaredError()
    model.fit(x, y, loss=loss, optimizer=optimizer, batch_size=3, shuffle=False, verbose=False)
    steps = [np.zeros_like(array) for array in start]
    mine, _ = train_epoch(x, y, start, steps, np.arange(7), 3, 0.3, 0.9)
    for one, other in zip(mine, model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_a_straight_cut_reaches_no_bar():
    check = checks.find("find_hidden_xor")
    for case in check.cases(np.random.default_rng(0)):
        train_x, train_y, test_x = case.arguments
        columns = np.column_stack([train_x, np.ones(len(train_x))])
        line, *_ = np.linalg.lstsq(columns, 2 * train_y - 1, rcond=None)
        found = (test_x @ line[:8] + line[8] > 0).astype(int)
        assert check.goal.reached(check.goal.measure(found, case.hidden)) == 0
