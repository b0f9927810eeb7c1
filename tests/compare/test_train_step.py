import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.lessons.lesson_07_training.playground import gradient_step

RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 2)).astype(np.float32)
Y = (X[:, :1] * X[:, 1:] > 0).astype(np.float32)


def small_model(activation="tanh"):
    layers = [nn.Dense(3), nn.Activation(activation), nn.Dense(1), nn.Activation("sigmoid")]
    return nn.Sequential(layers, input_shape=(2,), seed=1)


def test_keras_takes_the_step_that_we_take():
    ours, theirs = small_model(), small_model()
    step = compare.KerasTrainStep()
    for learning_rate in (0.1, 0.5, 0.5):
        gradient_step(ours, X, Y, learning_rate)
        step(theirs, X, Y, learning_rate)
        for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-6)
    assert not np.allclose(ours.get_weights()[0], small_model().get_weights()[0])


def test_weights_changed_by_hand_count():
    model = small_model()
    step = compare.KerasTrainStep()
    step(model, X, Y, 0.1)
    model.params["2.bias"][:] = 5.0
    step(model, X, Y, 0.0)
    assert model.params["2.bias"][0] == 5.0


def test_another_model_gets_a_twin_of_its_own():
    step = compare.KerasTrainStep()
    for activation in ("tanh", "relu"):
        model = small_model(activation)
        before = model.get_weights()[0]
        step(model, X, Y, 0.1)
        assert not np.array_equal(before, model.get_weights()[0])


def test_what_keras_does_not_have_is_refused():
    with pytest.raises(compare.NoTwinError, match="no step activation"):
        compare.KerasTrainStep()(small_model("step"), X, Y, 0.1)
