"""Every layer equals its Keras twin: one case each, on whatever backend Keras has.

The test of a layer tries it in many more ways. This file is short, so that it can run on JAX, too,
which compiles each new shape: `tests/compare/test_other_backends.py` sees to it.
"""

import copy
import os

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import load_keras
from dlcourse.nn.activations import ACTIVATIONS
from tests.nn.layers.test_rbf import twin as rbf_twin
from tests.nn.proofs import assert_matches_keras

MASK = np.array([[1, 1, 1, 0], [0, 0, 1, 1], [1, 0, 1, 0]], bool)
TRIANGLE = nn.normalised_adjacency([[0, 1, 1], [1, 0, 1], [1, 1, 0]])
TABLE = np.array([[1, 0, 1], [0, 1, 1]])
BLOCK = [nn.Dense(3), nn.Activation("tanh"), nn.Dense(2)]
ATTENTION = [
    (nn.MultiHeadAttention(2, 3, use_causal_mask=True), (4, 2), {}),
    (nn.MultiHeadAttention(1, 2), (4, 2), {"mask": MASK}),
]

CASES = [
    *((nn.Activation(name), (3,), {}) for name in ACTIVATIONS if name != "step"),
    (nn.ELU(0.5), (3,), {}),
    (nn.LeakyReLU(0.1), (3,), {}),
    (nn.ScaledTanh(), (3,), {}),
    (nn.Dense(2), (3, 4), {}),
    (nn.RBF(2), (3,), {"twin": rbf_twin}),
    (nn.Dropout(0.4), (3,), {}),
    (nn.Flatten(), (3, 2), {}),
    (nn.Reshape((2, -1)), (3, 4), {}),
    (nn.Conv2D(3, (3, 2), padding="same"), (4, 5, 2), {}),
    (nn.Conv2D(2, 2, strides=2), (5, 4, 1), {}),
    (nn.PartialConv2D(3, 3, 2, "same", connections=TABLE), (5, 4, 2), {}),
    (nn.Subsampling2D((2, 2)), (4, 6, 2), {}),
    (nn.MaxPooling2D(3, 2, padding="same"), (5, 6, 2), {}),
    (nn.AveragePooling2D(), (4, 6, 2), {}),
    (nn.AveragePooling2D(3, 2, padding="same"), (5, 6, 2), {}),
    (nn.MinPooling2D(), (4, 6, 2), {}),
    (nn.GlobalAveragePooling2D(), (3, 2, 2), {}),
    (nn.BatchNormalization(), (4, 2), {}),
    (nn.BatchNormalization(), (4, 2), {"training": True, "mask": MASK}),
    (nn.LayerNormalization(), (4, 3), {}),
    (nn.SimpleRNN(3), (4, 2), {"mask": MASK}),
    (nn.GRU(3), (4, 2), {"mask": MASK}),
    (nn.GRU(3, reset_after=False, return_sequences=True), (4, 2), {}),
    (nn.LSTM(3, return_sequences=True, go_backwards=True), (4, 2), {"mask": MASK}),
    (nn.Bidirectional(nn.LSTM(3)), (4, 2), {"mask": MASK}),
    (nn.Embedding(5, 2), (3,), {"inputs": np.array([[0, 4, 4], [1, 0, 2]])}),
    (nn.Masking(), (4, 2), {}),
    (nn.PositionEmbedding(5), (4, 2), {}),
    (nn.SinePositionEncoding(), (4, 2), {}),
    *ATTENTION,
    (nn.GraphConvolution(2, TRIANGLE), (3, 2), {}),
    (nn.Residual(BLOCK), (2,), {}),
    (nn.Branches([nn.Dense(2), BLOCK]), (2,), {}),
]


def ids_of(cases):
    return [repr(layer) for layer, _, _ in cases]


def test_no_layer_is_left_out():
    there = {each for each in vars(nn.layers).values() if isinstance(each, type)}
    assert {type(layer) for layer, _, _ in CASES} == there


@pytest.mark.parametrize(("layer", "input_shape", "options"), CASES, ids=ids_of(CASES))
def test_every_layer_equals_that_of_keras(layer, input_shape, options):
    backend = load_keras().backend.backend()
    assert backend == (os.environ.get("KERAS_BACKEND") or "tensorflow")
    dtypes = ["float64"] if backend == "jax" else ["float64", "float32"]  # compiled anew for each
    assert_matches_keras(layer, input_shape, dtypes=dtypes, **options)


@pytest.mark.parametrize(("layer", "input_shape", "options"), ATTENTION, ids=ids_of(ATTENTION))
def test_attention_equals_that_of_keras_in_single_precision(layer, input_shape, options):
    """JAX computes its softmax in float32 even where all else is float64: `differences.py`."""
    layer = copy.copy(layer)
    layer.use_bias = False  # the gradient of the keys' bias is zero but for rounding
    assert_matches_keras(layer, input_shape, dtypes=["float32"], **options)


def test_a_network_with_a_mask_weights_and_a_frozen_layer_learns_as_in_keras():
    frozen = nn.Dense(2)
    frozen.trainable = False
    layers = [nn.Embedding(5, 2, mask_zero=True), frozen, nn.SimpleRNN(2, return_sequences=True)]
    model = nn.Sequential(layers, input_shape=(4,), seed=0, dtype=np.float64)
    rng = np.random.default_rng(0)
    x, y, weights = rng.integers(1, 5, (3, 4)) * MASK, rng.random((3, 4, 2)), rng.random((3, 4))
    options = {"loss": "mse", "optimizer": nn.SGD(0.1), "steps": 2, "sample_weight": weights}
    found = {d.quantity for d in compare.agreement(model, x, y, **options).differences}
    assert "gradient of 0.embeddings" in found
    assert "gradient of 1.kernel" not in found


BROKEN = [nn.ELU, nn.Dense, nn.Conv2D, nn.BatchNormalization, nn.GRU, nn.MultiHeadAttention]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_gradient_a_thousandth_too_large_differs_from_that_of_keras(kind):
    class Broken(kind):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad_outputs = grad_outputs * np.float32(1.001)
            return super().backward(grad_outputs, cache, input_grad=input_grad)

    layer, input_shape, options = next(case for case in CASES if type(case[0]) is kind)
    layer = copy.copy(layer)
    layer.__class__ = Broken
    with pytest.raises(AssertionError, match=r"gradient of .* \(float32\) against Keras: off by"):
        assert_matches_keras(layer, input_shape, dtypes=["float32"], **options)
