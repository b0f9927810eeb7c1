"""Each assertion of the proof harness fails for a layer that is broken in its way."""

import numpy as np
import pytest

from dlcourse import nn
from tests.nn import proofs

INPUT_SHAPE = (3,)


class TransposedKernel(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, grads | {"kernel": grads["kernel"][::-1]}


class SwappedUnits(nn.Dense):
    """Consistently wrong: forward and backward make the same mistake."""

    def forward(self, inputs, *, training=False):
        outputs, cache = super().forward(inputs, training=training)
        return outputs[..., ::-1], cache

    def backward(self, grad_outputs, cache, *, input_grad=True):
        return super().backward(grad_outputs[..., ::-1], cache, input_grad=input_grad)


class WrongShapeTold(nn.Dense):
    def build(self, input_shape, rng, dtype=np.float32):
        super().build(input_shape, rng, dtype)
        return input_shape


class GradientsInAnotherOrder(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, dict(reversed(grads.items()))


class CacheOnTheLayer(nn.Dense):
    def forward(self, inputs, *, training=False):
        outputs, self.cache = super().forward(inputs, training=training)
        return outputs, None

    def backward(self, grad_outputs, cache, *, input_grad=True):
        return super().backward(grad_outputs, self.cache, input_grad=input_grad)


class CacheUsedUp(nn.Dense):
    def forward(self, inputs, *, training=False):
        outputs, cache = super().forward(inputs, training=training)
        return outputs, [cache]

    def backward(self, grad_outputs, cache, *, input_grad=True):
        return super().backward(grad_outputs, cache.pop(), input_grad=input_grad)


class MixedRows(nn.Dense):
    def forward(self, inputs, *, training=False):
        outputs, cache = super().forward(inputs, training=training)
        return outputs - outputs.mean(axis=0), cache


class AveragedOverTheBatch(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, {name: grad / len(grad_outputs) for name, grad in grads.items()}


class ChangesItsInputs(nn.Dense):
    def forward(self, inputs, *, training=False):
        results = super().forward(inputs.copy(), training=training)
        inputs *= 2
        return results


class ChangesTheGradient(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        results = super().backward(grad_outputs.copy(), cache, input_grad=input_grad)
        grad_outputs *= 2
        return results


class ChangesItsParameters(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        self.params["kernel"] -= 0.1 * grads["kernel"]
        return grad_inputs, grads


class Upcasts(nn.Dense):
    def forward(self, inputs, *, training=False):
        outputs, cache = super().forward(inputs, training=training)
        return outputs + np.zeros(self.units), cache


class UpcastsGradients(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, {name: np.float64(1) * grad for name, grad in grads.items()}


class ReadsMemory(nn.Dense):
    def forward(self, inputs, *, training=False):
        return super().forward(inputs.ravel(order="K").reshape(inputs.shape))


class NeedsTheInputGradient(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=True)
        return (grad_inputs, grads) if input_grad else (None, {})


BROKEN = [
    (proofs.assert_gradients_match_finite_differences, TransposedKernel),
    (proofs.assert_gradients_match_finite_differences, AveragedOverTheBatch),
    (proofs.assert_build_tells_output_shape, WrongShapeTold),
    (proofs.assert_build_tells_output_shape, GradientsInAnotherOrder),
    (proofs.assert_calls_are_independent, CacheOnTheLayer),
    (proofs.assert_rows_are_independent, MixedRows),
    (proofs.assert_rows_are_independent, AveragedOverTheBatch),
    (proofs.assert_inputs_untouched_and_dtype_kept, ChangesItsInputs),
    (proofs.assert_inputs_untouched_and_dtype_kept, ChangesTheGradient),
    (proofs.assert_inputs_untouched_and_dtype_kept, ChangesItsParameters),
    (proofs.assert_inputs_untouched_and_dtype_kept, Upcasts),
    (proofs.assert_inputs_untouched_and_dtype_kept, UpcastsGradients),
    (proofs.assert_memory_order_does_not_matter, ReadsMemory),
    (proofs.assert_input_gradient_can_be_left_out, NeedsTheInputGradient),
    (proofs.assert_matches_keras, SwappedUnits),
    (proofs.assert_matches_keras, TransposedKernel),
]


def name_of(value):
    return value.__name__


@pytest.mark.parametrize(("assertion", "broken"), BROKEN, ids=name_of)
def test_a_broken_layer_is_caught(assertion, broken):
    assertion(nn.Dense(2), INPUT_SHAPE)
    with pytest.raises(AssertionError):
        assertion(broken(2), INPUT_SHAPE)


def test_a_cache_that_is_used_up_is_caught():
    with pytest.raises(IndexError):
        proofs.assert_calls_are_independent(CacheUsedUp(2), INPUT_SHAPE)


def test_a_right_layer_passes_every_proof():
    proofs.prove(nn.Dense(2), INPUT_SHAPE)
    proofs.prove(nn.Dense(1), (5, 3), batch=1)


def test_rounding_that_keras_shares_is_no_mistake():
    """Two features that are nearly equal: what is left of their difference is rounding."""
    layer, shape = nn.LayerNormalization(epsilon=1e-6), (4, 3, 2)
    proofs.assert_matches_keras(layer, shape, batch=1, seed=17)  # 7e-4 apart in float32


class FlawedInFloat32(nn.LayerNormalization):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        flaw = 1.01 if grad_outputs.dtype == np.float32 else 1
        return grad_inputs * np.float32(flaw), grads


def test_a_mistake_in_float32_alone_is_caught():
    layer, shape = FlawedInFloat32(epsilon=1e-6), (4, 3, 2)
    with pytest.raises(AssertionError, match=r"gradient of inputs \(float32\) against Keras"):
        proofs.assert_matches_keras(layer, shape, batch=1, seed=17)


def test_the_layer_of_the_caller_is_not_changed():
    layer = nn.Dense(2)
    proofs.prove(layer, INPUT_SHAPE, keras=False)
    assert not layer.params


def test_a_consistent_mistake_has_right_gradients_and_fails_keras_only():
    """Why both proofs are needed: each sees mistakes that the other cannot."""
    proofs.assert_gradients_match_finite_differences(SwappedUnits(2), INPUT_SHAPE)
    with pytest.raises(AssertionError, match=r"outputs \(float64\) against Keras: off by"):
        proofs.prove(SwappedUnits(2), INPUT_SHAPE)
    proofs.prove(SwappedUnits(2), INPUT_SHAPE, keras=False)


def test_a_layer_that_says_its_batch_may_be_cut_is_held_to_it():
    class Liar(nn.BatchNormalization):
        sliceable = "always"

    options = {"training": True, "rows": False, "keras": False}
    proofs.prove(nn.BatchNormalization(), INPUT_SHAPE, **options)
    with pytest.raises(AssertionError, match="row 0 alone"):
        proofs.prove(Liar(), INPUT_SHAPE, **options)
