"""The training of lesson 16 does what its docstrings say."""

import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_16_lstm import training


@pytest.mark.parametrize(("bias", "gate"), [(0, 0.5), (3, 0.95)])
def test_the_belt_is_the_product_of_the_forget_gates(bias, gate):
    belt, whole = training.two_gradients(bias, seed=7, steps=20)
    assert belt[0] == whole[0] == 1
    np.testing.assert_allclose(belt[1:] / belt[:-1], gate, atol=0.05)
    assert (whole[5:] > belt[5:]).all()  # the detours add to it


def test_reber_says_how_many_strings_or_that_they_were_not_enough():
    _, strings = training.reber(nn.LSTM(3, return_sequences=True), 0.02, 0, most=800)
    assert strings is None


def test_a_stream_is_read_to_its_end():
    model = training.stream(20, 0, steps=2)
    test = datasets.reber_stream(2, 1200, np.random.default_rng(0))
    largest, legal = training.read_stream(model, test)
    assert largest.shape == (1201,)
    assert 0 <= legal <= 1
    _, cache = model.layers[0].forward(test.x[:, :5])
    assert (cache.gates[1] == 1).all()


def test_linear_regression_forecasts_a_straight_line():
    x, y, x_test, y_test = training.windows(np.arange(200.0))
    answers = training.linear_forecast(x, y, x_test)
    np.testing.assert_allclose(answers, y_test, atol=1e-6)
    assert set(training.real_series()) == {"EEG", "share price"}
