"""Schedules give the learning rates of Keras's schedules of the same name."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras
from dlcourse.nn.contract import configuration

SCHEDULES = [
    nn.ExponentialDecay(0.1, 7, 0.5),
    nn.ExponentialDecay(0.1, 7, 0.5, staircase=True),
    nn.CosineDecay(0.1, 20),
    nn.CosineDecay(0.1, 20, alpha=0.2),
    nn.CosineDecay(0.01, 20, alpha=0.1, warmup_target=0.1, warmup_steps=5),
    nn.CosineDecay(0.1, 20, warmup_steps=5),
    nn.CosineDecay(0.1, 20, warmup_target=0.2),
    nn.PiecewiseConstantDecay([3, 10], [0.1, 0.05, 0.01]),
    nn.PiecewiseConstantDecay([5], [1.0, 0.5]),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_rates_equal_those_of_keras(schedule):
    twin = getattr(load_keras().optimizers.schedules, type(schedule).__name__)
    twin = twin(**configuration(schedule))
    steps = range(30)
    rates = [schedule(step) for step in steps]
    assert all(type(rate) is float for rate in rates)
    np.testing.assert_allclose(rates, [float(twin(step)) for step in steps], rtol=3e-6, atol=1e-9)


def test_arguments_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="decay_steps must be positive, got 0"):
        nn.ExponentialDecay(0.1, 0, 0.5)
    with pytest.raises(ValueError, match="decay_steps must be positive, got -1"):
        nn.CosineDecay(0.1, -1)
    with pytest.raises(ValueError, match="got 2 values and 2 boundaries"):
        nn.PiecewiseConstantDecay([1, 2], [0.1, 0.2])
    with pytest.raises(ValueError, match=r"boundaries must rise, got \[2, 1\]"):
        nn.PiecewiseConstantDecay([2, 1], [0.1, 0.2, 0.3])
