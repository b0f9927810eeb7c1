"""Batch and layer normalisation against finite differences, Keras, and forgotten terms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import nn
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

shapes = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)


@settings(max_examples=10, deadline=None)
@given(shapes, st.integers(2, 5))
def test_batch_normalization_is_proved_in_training(shape, batch):
    prove(nn.BatchNormalization(), shape, batch=batch, training=True, rows=False)


@settings(max_examples=5, deadline=None)
@given(shapes, st.integers(1, 4))
def test_batch_normalization_is_proved_in_inference(shape, batch):
    prove(nn.BatchNormalization(momentum=0.5, epsilon=0.1), shape, batch=batch)


@settings(max_examples=10, deadline=None)
@given(shapes, st.integers(1, 4))
def test_layer_normalization_is_proved(shape, batch):
    prove(nn.LayerNormalization(), shape, batch=batch)


def test_a_batch_leaves_with_mean_zero_and_variance_one():
    rng = np.random.default_rng(0)
    layer = nn.BatchNormalization(epsilon=1e-12)
    layer.build((4, 4, 3), rng, np.float64)
    outputs, _ = layer.forward(rng.normal(5, 3, (8, 4, 4, 3)), training=True)
    np.testing.assert_allclose(outputs.mean(axis=(0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(outputs.var(axis=(0, 1, 2)), 1)


def test_moving_averages_arrive_at_the_data():
    rng = np.random.default_rng(0)
    layer = nn.BatchNormalization(momentum=0.9)
    layer.build((1,), rng, np.float64)
    mean = layer.state["moving_mean"]
    for _ in range(300):
        layer.forward(rng.normal(5, 3, (500, 1)), training=True)
    assert layer.state["moving_mean"] is mean  # a model's state has the same array
    np.testing.assert_allclose(mean, 5, atol=0.2)
    np.testing.assert_allclose(layer.state["moving_variance"], 9, atol=0.5)


def test_inference_changes_no_average():
    layer = nn.BatchNormalization()
    layer.build((2,), np.random.default_rng(0))
    layer.forward(np.ones((3, 2), np.float32))
    np.testing.assert_array_equal(layer.state["moving_mean"], 0)


@pytest.mark.parametrize("layer_class", [nn.BatchNormalization, nn.LayerNormalization])
def test_taking_mean_and_variance_as_constant_fails_both(layer_class, monkeypatch):
    right = layer_class.backward

    def backward(self, grad_outputs, cache, *, input_grad=True):
        return right(self, grad_outputs, cache._replace(axes=()), input_grad=input_grad)

    monkeypatch.setattr(layer_class, "backward", backward)
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(layer_class(), (3,), training=True)
    with pytest.raises(AssertionError, match="gradient of inputs"):
        assert_matches_keras(layer_class(), (3,), training=True)


def test_the_unbiased_variance_fails_keras(monkeypatch):
    class Sample(nn.BatchNormalization):
        def forward(self, inputs, *, training=False):
            outputs, cache = super().forward(inputs, training=training)
            self.state["moving_variance"] += 0.01 * inputs.var(axis=0, ddof=1)
            self.state["moving_variance"] -= 0.01 * inputs.var(axis=0)
            return outputs, cache

    assert_gradients_match_finite_differences(Sample(), (3,), training=True)
    with pytest.raises(AssertionError, match="moving_variance"):
        assert_matches_keras(Sample(), (3,), training=True)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.BatchNormalization(momentum=1.5), r"momentum must be in \[0, 1\], got 1.5"),
        (lambda: nn.BatchNormalization(epsilon=0), "epsilon must be positive, got 0"),
        (lambda: nn.LayerNormalization(epsilon=-1), "epsilon must be positive, got -1"),
    ],
)
def test_wrong_arguments_are_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("layer_class", [nn.BatchNormalization, nn.LayerNormalization])
def test_wrong_inputs_are_refused_in_words(layer_class):
    layer = layer_class()
    layer.build((3,), np.random.default_rng(0))
    message = rf"{layer_class.__name__} inputs must have shape \(..., 3\), got \(2, 4\)"
    with pytest.raises(ValueError, match=message):
        layer.forward(np.ones((2, 4)))
