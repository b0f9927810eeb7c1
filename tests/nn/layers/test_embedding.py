"""Embedding: the right vector for each index, and all of its gradient."""

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


@settings(max_examples=10, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(1, 3),
    st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
)
def test_embedding_is_proved(input_dim, output_dim, shape):
    indices = np.random.default_rng(0).integers(0, input_dim, shape)
    prove(nn.Embedding(input_dim, output_dim), shape[1:], inputs=indices)


def test_embedding_is_a_dense_layer_on_one_hot_vectors():
    rng = np.random.default_rng(0)
    embedding, dense = nn.Embedding(5, 3), nn.Dense(3, use_bias=False)
    embedding.build((4,), rng, np.float64)
    dense.build((4, 5), rng, np.float64)
    dense.params["kernel"][...] = embedding.params["embeddings"]
    indices = rng.integers(0, 5, (2, 4))
    outputs, cache = embedding.forward(indices)
    expected, dense_cache = dense.forward(np.eye(5)[indices])
    np.testing.assert_array_equal(outputs, expected)
    grad_outputs = rng.standard_normal(outputs.shape)
    grad_inputs, grads = embedding.backward(grad_outputs, cache)
    _, dense_grads = dense.backward(grad_outputs, dense_cache)
    assert grad_inputs is None
    np.testing.assert_allclose(grads["embeddings"], dense_grads["kernel"], atol=1e-14)


def test_whole_numbers_may_come_as_floats():
    model = nn.Sequential([nn.Embedding(5, 2), nn.Flatten()], input_shape=(3,), seed=0)
    outputs, _ = model.forward(np.array([[4, 0, 4]]))
    np.testing.assert_array_equal(outputs[:, :2], outputs[:, 4:])


def test_counting_a_repeated_index_once_fails_both():
    class Once(nn.Embedding):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad = np.zeros_like(self.params["embeddings"])
            grad[cache] += grad_outputs  # NumPy buffers this: the last one wins
            return None, {"embeddings": grad}

    indices = np.array([[1, 1, 2]])
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(Once(3, 2), (3,), inputs=indices)
    with pytest.raises(AssertionError, match="gradient of embeddings"):
        assert_matches_keras(Once(3, 2), (3,), inputs=indices)


@pytest.mark.parametrize("wrong", [-1, 5, 1.5, float("nan"), float("inf")])
def test_what_is_no_index_is_refused_in_words(wrong):
    layer = nn.Embedding(5, 2)
    layer.build((2,), np.random.default_rng(0))
    message = rf"whole numbers from 0 to 4, got {wrong} at index \(0, 1\)"
    with pytest.raises(ValueError, match=message):
        layer.forward(np.array([[0, wrong]]))


def test_index_0_may_be_padding():
    indices = np.array([[3, 0, 0], [1, 2, 0]])
    for mask_zero, expected in ((True, indices != 0), (False, None)):
        layer = nn.Embedding(5, 2, mask_zero=mask_zero)
        layer.build((3,), np.random.default_rng(0))
        _, cache = layer.forward(indices)
        np.testing.assert_array_equal(layer.compute_mask(indices, None, cache), expected)
        assert layer.makes_mask is mask_zero
    prove(nn.Embedding(5, 2, mask_zero=True), (3,), inputs=indices)


def test_empty_tables_are_refused_in_words():
    with pytest.raises(ValueError, match="positive sizes, got input_dim=0, output_dim=2"):
        nn.Embedding(0, 2)
