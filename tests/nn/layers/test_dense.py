"""Dense: every proof of the harness, its arguments, its errors, and mistakes that are caught."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import nn
from tests.nn.proofs import assert_gradients_match_finite_differences, assert_matches_keras, prove

CONFIGURATIONS = [
    (nn.Dense(4), (3,)),
    (nn.Dense(1), (1,)),
    (nn.Dense(2, use_bias=False), (3,)),
    (nn.Dense(4), (5, 3)),
    (nn.Dense(2), (2, 3, 4)),
]


@pytest.mark.parametrize(("layer", "input_shape"), CONFIGURATIONS, ids=repr)
def test_dense_is_proved(layer, input_shape):
    prove(layer, input_shape)


@given(
    units=st.integers(1, 4),
    input_shape=st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    batch=st.integers(1, 3),
    use_bias=st.booleans(),
)
@settings(deadline=None, max_examples=15)
def test_dense_equals_keras_for_any_shape(units, input_shape, batch, use_bias):
    layer = nn.Dense(units, use_bias=use_bias)
    assert_matches_keras(layer, input_shape, batch=batch)
    assert_gradients_match_finite_differences(layer, input_shape, batch=batch)


def test_initializers_are_chosen_by_name():
    layer = nn.Dense(50, kernel_initializer="he_normal", bias_initializer="ones")
    layer.build((100,), np.random.default_rng(0))
    assert abs(layer.params["kernel"].std() - np.sqrt(2 / 100)) < 0.005
    assert (layer.params["bias"] == 1).all()


def test_wrong_shapes_and_arguments_are_refused_in_words():
    layer = nn.Dense(2)
    layer.build((3,), np.random.default_rng(0))
    with pytest.raises(
        ValueError, match=r"Dense inputs must have shape \(\.\.\., 3\), got \(2, 7\)"
    ):
        layer.forward(np.zeros((2, 7), np.float32))
    with pytest.raises(ValueError, match="at least one unit"):
        nn.Dense(0)
    with pytest.raises(ValueError, match="unknown initializer 'glorot'; known are zeros"):
        nn.Dense(1, kernel_initializer="glorot").build((3,), np.random.default_rng(0))


class TransposedGradient(nn.Dense):
    """The input gradient through the kernel instead of its transpose; fits when it is square."""

    def backward(self, grad_outputs, cache, *, input_grad=True):
        _, grads = super().backward(grad_outputs, cache)
        return grad_outputs @ self.params["kernel"], grads


class MeanBiasGradient(nn.Dense):
    """Averages the bias gradient over the batch, which the loss has done already."""

    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache)
        return grad_inputs, grads | {"bias": grad_outputs.mean(axis=0)}


@pytest.mark.parametrize("mutant", [TransposedGradient(3), MeanBiasGradient(3)], ids=repr)
def test_mistakes_are_caught_by_both_proofs(mutant):
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(mutant, (3,))
    with pytest.raises(AssertionError, match="against Keras"):
        assert_matches_keras(mutant, (3,), twin=lambda layer: _keras_dense(layer))


def _keras_dense(layer):
    from dlcourse.compare.keras_backend import load_keras

    return load_keras().layers.Dense(layer.units, dtype=layer.params["kernel"].dtype.name)
