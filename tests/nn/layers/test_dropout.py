"""Dropout: what it drops, how often, and that the gradient takes the same way."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras
from tests.nn.proofs import (
    assert_calls_are_independent,
    assert_gradients_match_finite_differences,
    assert_inputs_untouched_and_dtype_kept,
    prove,
)


def built(rate, seed=0):
    layer = nn.Dropout(rate)
    layer.build((1000,), np.random.default_rng(seed))
    return layer


def test_inference_is_proved():
    prove(nn.Dropout(0.4), (3, 2))


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.8])
def test_training_is_proved_with_the_mask_held(rate):
    """Every copy of a layer has the same generator, so the mask is the same each time."""
    layer = nn.Dropout(rate)
    assert_gradients_match_finite_differences(layer, (6,), training=True)
    assert_inputs_untouched_and_dtype_kept(layer, (6,), training=True)


def test_another_call_leaves_a_mask_alone():
    layer = built(0.5)
    ones = np.ones((2, 1000))
    outputs, mask = layer.forward(ones, training=True)
    layer.forward(ones, training=True)
    np.testing.assert_array_equal(layer.backward(ones, mask)[0], outputs)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_statistics_are_those_of_keras(rate):
    """The same two values, in the same proportion, with the same mean."""
    ones = np.ones((200, 1000), np.float32)
    ours, _ = built(rate).forward(ones, training=True)
    theirs = np.asarray(load_keras().layers.Dropout(rate, seed=0)(ones, training=True))
    np.testing.assert_allclose(np.unique(ours), np.unique(theirs), rtol=1e-6)
    deviation = np.sqrt(rate / (1 - rate) / ones.size)  # of the mean of all outputs
    for outputs in (ours, theirs):
        assert abs(outputs.mean() - 1) < 5 * deviation
        assert abs((outputs == 0).mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / ones.size)


def test_every_call_drops_other_units_and_a_seed_repeats_them():
    ones = np.ones((1, 1000), np.float32)
    layer = built(0.5)
    first, second = (layer.forward(ones, training=True)[0] for _ in range(2))
    assert (first != second).any()
    np.testing.assert_array_equal(built(0.5).forward(ones, training=True)[0], first)
    assert (built(0.5, seed=1).forward(ones, training=True)[0] != first).any()


def test_two_layers_of_a_model_drop_independently():
    model = nn.Sequential([nn.Dropout(0.5), nn.Dropout(0.5)], input_shape=(4000,), seed=0)
    outputs, _ = model.forward(np.ones((1, 4000), np.float32), training=True)
    assert abs((outputs != 0).mean() - 0.25) < 0.05


def test_dropping_without_scaling_is_seen():
    """The mean of the plain form is (1 - rate), not one: the check above would fail."""
    outputs, _ = built(0.5).forward(np.ones((200, 1000), np.float32), training=True)
    plain = (outputs != 0).astype(np.float32)
    assert abs(plain.mean() - 1) > 0.4


def test_a_new_mask_in_the_backward_pass_fails_the_gradient_check():
    class NewMask(nn.Dropout):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            _, other = self.forward(grad_outputs, training=True)
            return super().backward(grad_outputs, other, input_grad=input_grad)

    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(NewMask(0.5), (20,), training=True)
    with pytest.raises(AssertionError, match="after another call"):
        assert_calls_are_independent(NewMask(0.5), (20,), training=True)


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, float("nan")])
def test_impossible_rates_are_refused_in_words(rate):
    with pytest.raises(ValueError, match=r"rate of a Dropout must be in \[0, 1\), got"):
        nn.Dropout(rate)


def test_training_before_build_is_refused_in_words():
    with pytest.raises(ValueError, match="needs a generator: call build"):
        nn.Dropout(0.5).forward(np.ones((1, 2)), training=True)
