"""Flatten and Reshape: entries keep their order, and come back."""

import numpy as np
import pytest

from dlcourse import nn
from tests.nn.proofs import assert_matches_keras, prove


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Flatten(), (3, 2, 2)),
        (nn.Flatten(), (5,)),
        (nn.Reshape((4, 3)), (2, 3, 2)),
        (nn.Reshape((-1,)), (2, 3)),
        (nn.Reshape((2, -1, 3)), (12,)),
        (nn.Reshape((2, 3, 1)), (2, 3)),
    ],
    ids=repr,
)
def test_reshaping_is_proved(layer, shape):
    prove(layer, shape)


def test_order_of_entries_does_not_depend_on_memory():
    images = np.arange(24.0).reshape(2, 2, 3, 2)
    batch_last = np.ascontiguousarray(images.swapaxes(0, 3)).swapaxes(0, 3)
    np.testing.assert_array_equal(nn.Flatten().forward(batch_last)[0], images.reshape(2, -1))


def test_an_empty_batch_keeps_its_shape():
    outputs, _ = nn.Reshape((-1, 2)).forward(np.ones((0, 6)))
    assert outputs.shape == (0, 3, 2)


def test_channels_before_rows_fails_keras():
    class ChannelsFirst(nn.Flatten):
        def forward(self, inputs, *, training=False):
            return super().forward(np.moveaxis(inputs, -1, 1))

        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad_inputs, grads = super().backward(grad_outputs, cache)
            return np.moveaxis(grad_inputs, 1, -1), grads

    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(ChannelsFirst(), (2, 2, 3))


@pytest.mark.parametrize("target_shape", [(-1, -1), (0, 2), (-2,)])
def test_impossible_targets_are_refused_in_words(target_shape):
    with pytest.raises(ValueError, match="positive entries and at most one -1"):
        nn.Reshape(target_shape)


@pytest.mark.parametrize("target_shape", [(5,), (4, -1), (2, 2)])
def test_shapes_of_another_size_are_refused_in_words(target_shape):
    layer = nn.Reshape(target_shape)
    message = r"Reshape cannot make .* of \(2, 3\): that has 6 entries"
    with pytest.raises(ValueError, match=message):
        layer.build((2, 3), np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        layer.forward(np.ones((1, 2, 3)))
