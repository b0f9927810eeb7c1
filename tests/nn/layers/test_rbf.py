"""RBF against finite differences, Keras's own derivatives, and XOR solved by hand."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0.0, 1, 1, 0])


def twin(layer):
    """The formula of the module's docstring, left to Keras to differentiate."""
    keras = load_keras()

    class RBF(keras.layers.Layer):
        def build(self, shape):
            self.centres = self.add_weight(shape=(layer.units, shape[-1]), name="centres")
            self.beta = self.add_weight(shape=(layer.units,), name="beta")

        def call(self, inputs):
            offsets = keras.ops.expand_dims(inputs, 1) - self.centres
            return keras.ops.exp(-self.beta * keras.ops.sum(offsets**2, axis=-1))

    return RBF(dtype=layer.params["beta"].dtype.name)


@pytest.mark.parametrize(("units", "features"), [(1, 1), (3, 2), (2, 4)])
def test_rbf_is_proved(units, features):
    prove(nn.RBF(units), (features,), keras=twin)


def test_fixed_rbf_is_proved():
    layer = nn.RBF(3, beta=[0.5, 1, 2], centres=np.ones((3, 2)), trainable=False)
    prove(layer, (2,), keras=False)
    layer.build((2,), np.random.default_rng(0))
    assert list(layer.params) == ["centres", "beta"]
    assert not layer.trainable_params


def test_xor_in_closed_form():
    """Two bells and a linear unit: weights -2.5027 twice, bias 2.8413, no error left."""
    layer = nn.RBF(2, centres=[[0, 0], [1, 1]])
    layer.build((2,), np.random.default_rng(0), np.float64)
    bells, _ = layer.forward(CORNERS)
    design = np.column_stack([bells, np.ones(4)])
    weights, *_ = np.linalg.lstsq(design, XOR)
    np.testing.assert_allclose(weights, [-2.5027, -2.5027, 2.8413], atol=5e-5)
    np.testing.assert_allclose(design @ weights, XOR, atol=1e-12)


def test_half_height_is_where_the_docstring_says():
    layer = nn.RBF(1, beta=3.0, centres=[[0.0]])
    layer.build((1,), np.random.default_rng(0), np.float64)
    outputs, _ = layer.forward(np.array([[np.sqrt(np.log(2) / 3)]]))
    np.testing.assert_allclose(outputs, 0.5)


def test_building_leaves_the_given_centres_alone():
    centres = np.zeros((2, 2), np.float32)
    layer = nn.RBF(2, centres=centres)
    layer.build((2,), np.random.default_rng(0))
    layer.params["centres"] += 1
    np.testing.assert_array_equal(centres, 0)


def test_pushing_centres_instead_of_pulling_fails_both():
    class Pushing(nn.RBF):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
            return grad_inputs, grads | {"centres": -grads["centres"]}

    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(Pushing(2), (2,))
    with pytest.raises(AssertionError, match="gradient of centres"):
        assert_matches_keras(Pushing(2), (2,), twin=twin)


def test_distance_for_squared_distance_fails_keras():
    class Cusp(nn.RBF):
        def forward(self, inputs, *, training=False):
            _, cache = super().forward(inputs)
            return np.exp(-self.params["beta"] * np.sqrt(cache.squares)), cache

    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(Cusp(2), (2,), twin=twin)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.RBF(0), "at least one unit, got units=0"),
        (lambda: nn.RBF(2, beta=-1.0), "beta must be positive, one or 2 of them, got -1.0"),
        (lambda: nn.RBF(2, beta=[1, 2, 3]), "one or 2 of them, got"),
        (lambda: nn.RBF(2).build((3, 4), np.random.default_rng(0)), r"\(features,\), got \(3, 4\)"),
        (
            lambda: nn.RBF(2, centres=[[1.0]]).build((1,), np.random.default_rng(0)),
            r"centres must have shape \(2, 1\), got \(1, 1\)",
        ),
    ],
)
def test_wrong_arguments_are_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_wrong_inputs_are_refused_in_words():
    layer = nn.RBF(2)
    layer.build((3,), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"RBF inputs must have shape \(batch, 3\), got \(2, 4\)"):
        layer.forward(np.ones((2, 4)))
