"""Pooling against its definition, finite differences, Keras, and mistakes made on purpose."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlcourse import nn
from dlcourse.nn.layers import pooling
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)


@st.composite
def poolings(draw):
    """A layer, the shape of its inputs, and how many images."""
    pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
    layer_class = draw(st.sampled_from([nn.MaxPooling2D, nn.MinPooling2D, nn.AveragePooling2D]))
    layer = layer_class(
        draw(pairs),
        strides=draw(st.none() | pairs),
        padding=draw(st.sampled_from(["valid", "same"])),
    )
    shape = (draw(st.integers(1, 7)), draw(st.integers(1, 7)), draw(st.integers(1, 3)))
    fits = all(k <= n for k, n in zip(layer.pool_size, shape, strict=False))
    assume(layer.padding == "same" or fits)
    return layer, shape, draw(st.integers(1, 3))


def by_definition(layer, inputs):
    """Each window by itself, without the pixels that are not there."""
    pick = {"MaxPooling2D": np.max, "MinPooling2D": np.min, "AveragePooling2D": np.mean}
    (k, m), (s, t) = layer.pool_size, layer.strides
    height, width = inputs.shape[1:3]
    top = left = 0
    if layer.padding == "same":
        rows, columns = -(-height // s), -(-width // t)
        top = max(0, (rows - 1) * s + k - height) // 2
        left = max(0, (columns - 1) * t + m - width) // 2
    else:
        rows, columns = (height - k) // s + 1, (width - m) // t + 1
    outputs = np.empty((len(inputs), rows, columns, inputs.shape[3]))
    for p, q in np.ndindex(rows, columns):
        y, x = s * p - top, t * q - left
        window = inputs[:, max(0, y) : y + k, max(0, x) : x + m]
        outputs[:, p, q] = pick[type(layer).__name__](window, axis=(1, 2))
    return outputs


@settings(max_examples=60, deadline=None)
@given(poolings())
def test_fast_pooling_agrees_with_its_definition(drawn):
    layer, shape, batch = drawn
    inputs = np.random.default_rng(0).standard_normal((batch, *shape))
    outputs, _ = layer.forward(inputs)
    np.testing.assert_allclose(outputs, by_definition(layer, inputs), rtol=1e-12, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(poolings())
def test_pooling_is_proved_in_any_configuration(drawn):
    layer, shape, batch = drawn
    prove(layer, shape, batch=batch, keras=not isinstance(layer, nn.MinPooling2D))


@pytest.mark.parametrize(
    "layer",
    [
        nn.MaxPooling2D(),
        nn.MaxPooling2D(3, 1, padding="same"),
        nn.MaxPooling2D((1, 2), (2, 1)),
        nn.AveragePooling2D(),
        nn.AveragePooling2D(3, 2, padding="same"),
        nn.GlobalAveragePooling2D(),
        nn.GlobalAveragePooling2D(keepdims=True),
    ],
    ids=repr,
)
def test_pooling_is_proved(layer):
    prove(layer, (5, 6, 2))


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_ties_go_to_the_pixel_that_keras_chooses(padding):
    """Small whole numbers, so that windows are full of equal maxima."""
    inputs = np.random.default_rng(0).integers(0, 2, (2, 6, 5, 2)).astype(np.float64)
    for pool_size in (2, 3):
        layer = nn.MaxPooling2D(pool_size, 1, padding=padding)
        assert_matches_keras(layer, inputs.shape[1:], inputs=inputs)


def test_minimum_is_the_maximum_of_what_is_negated():
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 3, (2, 6, 5, 2)).astype(np.float64)
    smallest, largest = (pool(3, 2, padding="same") for pool in (nn.MinPooling2D, nn.MaxPooling2D))
    outputs, cache = smallest.forward(inputs)
    negated, negated_cache = largest.forward(-inputs)
    np.testing.assert_array_equal(outputs, -negated)
    grad_outputs = rng.standard_normal(outputs.shape)
    np.testing.assert_array_equal(
        smallest.backward(grad_outputs, cache)[0], largest.backward(grad_outputs, negated_cache)[0]
    )


def test_a_gradient_is_neither_lost_nor_doubled():
    """What goes into the backward pass of a maximum comes out, whatever the ties."""
    inputs = np.zeros((1, 5, 5, 1))
    layer = nn.MaxPooling2D(3, 1, padding="same")
    outputs, cache = layer.forward(inputs)
    grad_outputs = np.random.default_rng(0).standard_normal(outputs.shape)
    grad_inputs, _ = layer.backward(grad_outputs, cache)
    np.testing.assert_allclose(grad_inputs.sum(), grad_outputs.sum(), rtol=1e-12)


def test_last_of_equal_pixels_passes_the_gradient_check_and_fails_keras(monkeypatch):
    right = pooling._Pooling2D._views
    monkeypatch.setattr(pooling._Pooling2D, "_views", lambda self, x: right(self, x)[::-1])
    assert_gradients_match_finite_differences(nn.MaxPooling2D(), (4, 4, 1))
    ties = np.ones((1, 4, 4, 1))
    with pytest.raises(AssertionError, match="gradient of inputs"):
        assert_matches_keras(nn.MaxPooling2D(), (4, 4, 1), inputs=ties)


def test_counting_the_frame_in_a_mean_fails_keras(monkeypatch):
    def forward(self, inputs, *, training=False):
        outputs, cache = right(self, inputs)
        size = np.prod(self.pool_size)
        return outputs * cache.counts / size, cache._replace(
            counts=np.full_like(cache.counts, size)
        )

    right = nn.AveragePooling2D.forward
    monkeypatch.setattr(nn.AveragePooling2D, "forward", forward)
    layer = nn.AveragePooling2D(3, 2, padding="same")
    assert_gradients_match_finite_differences(layer, (5, 5, 1))
    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(layer, (5, 5, 1))


def test_padding_before_the_image_fails_keras(monkeypatch):
    right = pooling.frame_widths
    monkeypatch.setattr(pooling, "frame_widths", lambda *a: [pair[::-1] for pair in right(*a)])
    layer = nn.MaxPooling2D(2, padding="same")
    assert_gradients_match_finite_differences(layer, (3, 3, 1))
    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(layer, (3, 3, 1))


def test_batch_last_memory_stays_batch_last():
    inputs = np.ones((2, 6, 6, 3), np.float32).swapaxes(0, 3)
    for layer in (nn.MaxPooling2D(), nn.AveragePooling2D()):
        outputs, cache = layer.forward(inputs)
        grad_inputs, _ = layer.backward(np.ones_like(outputs), cache)
        for array in (outputs, grad_inputs):
            assert array.swapaxes(0, 3).flags.c_contiguous


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.MaxPooling2D(0), "pool_size must be a positive int or a pair of them, got 0"),
        (lambda: nn.MaxPooling2D(2, (1, 0)), r"strides must be .* got \(1, 0\)"),
        (lambda: nn.AveragePooling2D(padding="full"), "padding must be .* got 'full'"),
        (lambda: nn.MaxPooling2D(3).build((2, 5, 1), None), "3 x 3 does not fit into .* 2 x 5"),
        (lambda: nn.MaxPooling2D().build((4,), None), r"MaxPooling2D takes images .* got \(4,\)"),
        (lambda: nn.MinPooling2D().forward(np.ones((4, 4, 1))), "MinPooling2D inputs must have"),
        (lambda: nn.GlobalAveragePooling2D().forward(np.ones((4, 4))), r"got \(4, 4\)"),
    ],
)
def test_wrong_arguments_are_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()
