"""Activations: proved against finite differences and Keras, stable for any input."""

import copy

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import gradients, load_keras
from dlcourse.nn.activations import ACTIVATIONS, sigmoid, softmax
from tests.nn.proofs import assert_gradients_match_finite_differences, assert_matches_keras, prove

IN_KERAS = sorted(set(ACTIVATIONS) - {"step"})


@pytest.mark.parametrize("name", IN_KERAS)
@pytest.mark.parametrize("input_shape", [(3,), (2, 4)])
def test_activations_are_proved(name, input_shape):
    prove(nn.Activation(name), input_shape)


@pytest.mark.parametrize(
    "layer", [nn.LeakyReLU(), nn.LeakyReLU(0.01), nn.ELU(), nn.ELU(alpha=0.5)], ids=repr
)
def test_activations_with_a_parameter_are_proved(layer):
    prove(layer, (5,))


def test_step_has_no_gradient_and_no_keras_twin():
    prove(nn.Activation("step"), (4,), keras=False)
    outputs, cache = nn.Activation("step").forward(np.array([-0.5, 0.0, 0.5]))
    assert outputs.tolist() == [0, 1, 1]
    assert not nn.Activation("step").backward(np.ones(3), cache)[0].any()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_input_overflows(name, dtype):
    inputs = np.array([[-1e4, -400, -100, -1, 0, 1, 100, 400, 1e4]], dtype)
    layer = nn.Activation(name)
    outputs, cache = layer.forward(inputs)
    grad_inputs, _ = layer.backward(np.ones_like(outputs), cache)
    assert outputs.dtype == grad_inputs.dtype == dtype
    assert np.isfinite(outputs).all()
    assert np.isfinite(grad_inputs).all()


def test_known_values():
    assert np.tanh(400) == nn.Activation("tanh").forward(np.array([400.0]))[0][0] == 1
    np.testing.assert_allclose(
        softmax(np.array([2.0, 1.0, 0.1])), [0.659001, 0.242433, 0.098566], atol=1e-6
    )
    assert softmax(np.array([1e4, 0.0])).tolist() == [1, 0]
    assert round(float(sigmoid(np.array(7.0))), 10) == 0.9990889488


def test_small_sigmoids_keep_their_digits():
    x = np.linspace(-80, 30, 10001)
    exact = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(sigmoid(x), exact, rtol=1e-15)
    single = x.astype(np.float32)
    np.testing.assert_allclose(sigmoid(single), 1 / (1 + np.exp(-single.astype(float))), rtol=1e-6)


def test_derivatives_at_the_kink_are_those_of_keras():
    keras, zero = load_keras(), np.zeros(1, np.float32)
    for name in ("relu", "leaky_relu", "elu"):
        _, (expected,) = gradients(getattr(keras.ops, name), [zero])
        _, cache = nn.Activation(name).forward(zero)
        found, _ = nn.Activation(name).backward(np.ones(1, np.float32), cache)
        assert found == expected, name


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="unknown activation 'rellu'; known are linear, step"):
        nn.Activation("rellu")


def test_an_activation_can_be_copied():
    layer = copy.deepcopy(nn.LeakyReLU(0.1))
    assert layer.forward(np.array([-1.0]))[0].tolist() == [-0.1]


class SoftmaxAsIfAlone(nn.Activation):
    """Forgets that every output of a softmax depends on every input."""

    def __init__(self):
        super().__init__("softmax")
        self._backward = lambda grad_outputs, x, y: grad_outputs * (y * (1 - y))


def test_a_wrong_softmax_derivative_is_caught_by_both_proofs():
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(SoftmaxAsIfAlone(), (3,))
    with pytest.raises(AssertionError, match="against Keras"):
        assert_matches_keras(SoftmaxAsIfAlone(), (3,), twin=_keras_softmax)


def _keras_softmax(layer):
    from dlcourse.compare.keras_backend import load_keras

    return load_keras().layers.Activation("softmax", dtype="float64")
