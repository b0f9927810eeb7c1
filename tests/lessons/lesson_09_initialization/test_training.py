"""What the lesson says about starts, with a random start that it does not use."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_09_initialization import signals, training

SEED = 11  # the lesson's are 0 to 4


def test_the_digits_are_scaled_together_by_those_to_learn_from():
    x, y, others, labels = training.digits()
    assert (x.shape, others.shape) == ((1437, 64), (360, 64))
    assert x.mean() == pytest.approx(0, abs=1e-5)
    assert x.std() == pytest.approx(1, abs=1e-5)
    assert (len(y), len(labels)) == (1437, 360)


def test_thirty_layers_learn_only_if_the_signal_survives():
    ends = []
    for times in (1, np.sqrt(2)):
        model = training.network(30, 64, "relu", "glorot_uniform", SEED)
        for name, weights in model.params.items():
            if name.endswith("kernel"):
                weights *= times
        ends.append(training.train(model, nn.SGD(0.003, momentum=0.9), epochs=12)[-1])
    assert ends[0] == pytest.approx(np.log(10), abs=0.01)
    assert ends[1] < 2


def test_glorot_learns_where_the_old_custom_stalls():
    ends = {}
    for name, start in {"old": signals.standard_uniform, "Glorot": "glorot_uniform"}.items():
        model = training.network(10, 128, "tanh", start, SEED)
        ends[name] = training.train(model, nn.SGD(0.01), epochs=6, batch=32)[-1]
    assert ends["old"] > 2.29
    assert ends["Glorot"] < 0.7


def test_training_stops_when_it_is_enough():
    model = training.network(1, 32, "tanh", "glorot_uniform", SEED)
    losses = training.train(model, nn.SGD(0.1, momentum=0.9), epochs=50, enough=0.5)
    assert losses[-1] < 0.5 <= min(losses[:-1], default=1)
    assert len(losses) < 10


def test_a_loss_that_is_lost_is_infinite_for_the_rest():
    model = training.network(2, 16, "relu", "he_normal", SEED)
    losses = training.train(model, nn.SGD(1e30), epochs=3)
    assert losses[-1] == np.inf
    assert len(losses) == 3


def test_normalization_makes_the_size_of_the_start_no_matter():
    x, seen = training.digits()[0][:64], []
    for std in (2.0, 20.0):
        model = training.network(2, 16, "relu", signals.fixed_normal(std), SEED, normalized=True)
        outputs = x
        for layer in model.layers[:-1]:
            outputs, _ = layer.forward(outputs, training=True)
        seen.append(outputs)
    np.testing.assert_allclose(*seen, atol=0.02)


def test_a_unit_without_answers_is_dead():
    model = training.network(1, 4, "relu", "he_normal", SEED)
    model.params["0.bias"][:] = [0, 0, -1e6, -1e6]
    assert training.dead_share(model) == 0.5


def test_first_below_and_said():
    assert training.first_below([2.0, 0.4, 0.6], 0.5) == 2
    assert training.first_below([2.0, 0.6], 0.5) == "never"
    assert training.said([5, 4, 5]) == "4 to 5"
    assert training.said([5, "lost"]) == "5, lost"
