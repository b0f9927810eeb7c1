import numpy as np
import pytest

from dlcourse.lessons.lesson_09_initialization import signals, training

X = np.random.default_rng(0).normal(size=(200, 64))
Y = np.arange(200) % 10


def sizes(start, activation="relu", depth=30, width=256, seed=0):
    weights = signals.kernels(signals.STARTS[start], [64, *[width] * depth, 10], seed)
    return signals.profile(X, Y, weights, activation)


def test_two_numbers_and_one_layer_as_on_paper():
    weights = np.random.default_rng(0).normal(0, 1, (200_000, 2))
    z = weights @ [3, 4]
    assert np.mean(z**2) == pytest.approx(25, rel=0.01)
    assert np.mean(np.maximum(z, 0) ** 2) == pytest.approx(12.5, rel=0.02)


def test_glorot_halves_and_he_keeps_the_mean_square_of_relu_layers():
    glorot, he = sizes("Glorot"), sizes("He")
    halved = (glorot.activations[-1] / glorot.activations[0]) ** (2 / 29)
    assert halved == pytest.approx(0.5, abs=0.02)
    assert he.activations[-1] / he.activations[0] == pytest.approx(1, abs=0.5)
    assert (glorot.deltas[0] / glorot.deltas[-1]) ** (2 / 29) == pytest.approx(0.5, abs=0.02)


def test_the_standard_start_hides_its_vanishing_in_the_product():
    found = sizes("standard", "tanh", depth=5, width=500)
    assert found.activations[-1] < 0.2 * found.activations[0]
    assert found.deltas[0] < 0.2 * found.deltas[-1]
    assert max(found.gradients) < 1.3 * min(found.gradients)


def test_sigmoids_let_the_gradients_of_the_weights_vanish():
    found = sizes("Glorot", "sigmoid", depth=5, width=500)
    ratios = np.array(found.gradients[1:]) / found.gradients[:-1]
    assert ratios[1:].min() > 3


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_the_profile_is_that_of_the_package(activation):
    model = training.network(4, 8, activation, "he_normal", seed=3)
    weights = [model.params[f"{2 * i}.kernel"].astype(float) for i in range(5)]
    found = signals.profile(X, Y, weights, activation)
    outputs, cache = model.forward(X.astype(np.float32))
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    grad = (powers / powers.sum(axis=1, keepdims=True) - np.eye(10)[Y]) / len(Y)
    _, grads = model.backward(grad.astype(np.float32), cache)
    expected = [signals.size(grads[f"{2 * i}.kernel"]) for i in range(4)]
    np.testing.assert_allclose(found.gradients, expected, rtol=1e-4)


def test_rivers_die_live_and_flood():
    small, right, large = signals.rivers(X, [lambda z: np.maximum(z, 0)], [[1, 2, 3]])[0]
    ends = [signals.size(layers[-1]) for layers in (small, right, large)]
    assert ends[0] < 1e-3 < 0.3 < ends[1] < 3 < 100 < ends[2]
    assert [layers[-1].shape for layers in (small, right, large)] == [(200, 256)] * 3


def test_starts_have_their_variance():
    rng, shape = np.random.default_rng(0), (400, 100)
    for name, variance in {
        "0.01 everywhere": 1e-4,
        "standard": 1 / 1200,
        "Glorot": 2 / 500,
        "He": 2 / 400,
        "0.2 everywhere": 0.04,
    }.items():
        assert np.var(signals.STARTS[name](rng, shape)) == pytest.approx(variance, rel=0.03)
