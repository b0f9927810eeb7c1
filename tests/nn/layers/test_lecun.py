"""LeCun's layers against finite differences and Keras's own derivatives."""

import numpy as np
import pytest

from dlcourse import nn
from tests.nn.proofs import assert_gradients_match_finite_differences, prove

TABLE = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 0, 0, 1]])


@pytest.mark.parametrize(
    "layer",
    [
        nn.PartialConv2D(4, 3, connections=TABLE),
        nn.PartialConv2D(4, 3, 2, "same", connections=TABLE, background=-1.0),
        nn.PartialConv2D(4, (2, 3), 2, "same", connections=TABLE > 0, shared_bias=False),
        nn.PartialConv2D(2, 1),
    ],
    ids=repr,
)
def test_partial_convolution_is_proved(layer):
    prove(layer, (6, 5, 3))


def test_with_all_connections_it_is_a_convolution():
    rng = np.random.default_rng(0)
    layer, full = nn.PartialConv2D(5, 3, padding="same"), nn.Conv2D(5, 3, padding="same")
    for one in (layer, full):
        one.build((6, 6, 2), rng, np.float64)
    full.params["kernel"][...] = layer.full_kernel()
    x = rng.normal(size=(3, 6, 6, 2))
    np.testing.assert_allclose(layer.forward(x)[0], full.forward(x)[0], atol=1e-12)


def test_a_channel_that_is_not_connected_makes_no_difference():
    layer = nn.PartialConv2D(4, 3, connections=TABLE)
    layer.build((6, 6, 3), np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(1, 6, 6, 3)).astype(np.float32)
    other = x.copy()
    other[..., 1] += 1
    changed = np.abs(layer.forward(x)[0] - layer.forward(other)[0]).max(axis=(0, 1, 2)) > 0
    np.testing.assert_array_equal(changed, TABLE[1])


def test_the_frame_is_the_background():
    layer = nn.PartialConv2D(3, 5, 2, "same", background=-1.0)
    layer.build((8, 8, 1), np.random.default_rng(0), np.float64)
    outputs, _ = layer.forward(np.full((1, 8, 8, 1), -1.0))
    np.testing.assert_allclose(outputs, np.broadcast_to(outputs[0, 2, 2], outputs.shape))


def test_each_filter_starts_with_the_variance_of_its_own_inputs():
    table = np.zeros((40, 2))
    table[:, 0], table[:10, 1] = 1, 1
    layer = nn.PartialConv2D(2, 5, connections=table)
    layer.build((9, 9, 40), np.random.default_rng(0), np.float64)
    wide, narrow = np.split(layer.params["kernel"], [40], axis=-1)
    np.testing.assert_allclose(wide.var(), 1 / 1000, rtol=0.15)
    np.testing.assert_allclose(narrow.var(), 1 / 250, rtol=0.15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"filters": 0}, "at least one filter"),
        ({"connections": np.ones((2, 4))}, r"\(channels, filters\) = \(3, 4\), got \(2, 4\)"),
        ({"connections": TABLE * [1, 0, 1, 1]}, "filter 1 sees none"),
        ({"padding": "full"}, "padding must be"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(arguments, message):
    with pytest.raises(ValueError, match=message):
        nn.PartialConv2D(**{"filters": 4, "kernel_size": 3} | arguments).build(
            (6, 6, 3), np.random.default_rng(0)
        )


def test_a_gradient_of_another_connection_is_seen():
    """The proof fails for a backward pass that mixes up which kernel is whose."""

    class Wrong(nn.PartialConv2D):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
            return grad_inputs, grads | {"kernel": grads["kernel"][..., ::-1]}

    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(Wrong(4, 3, connections=TABLE), (6, 5, 3))


@pytest.mark.parametrize(("layer", "shape"), [((2, 2), (6, 4, 3)), ((2, 3), (5, 7, 1))])
def test_subsampling_is_proved(layer, shape):
    prove(nn.Subsampling2D(layer), shape)


def test_scaled_tanh_is_proved():
    prove(nn.ScaledTanh(), (4, 3))


def test_its_targets_stay_where_they_are():
    outputs, _ = nn.ScaledTanh().forward(np.array([[-1.0, 1.0]]))
    np.testing.assert_allclose(outputs, [[-1, 1]], atol=1e-4)
