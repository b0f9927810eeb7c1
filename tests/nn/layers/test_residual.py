"""Residual: both ways counted once, forwards and backwards, and what it is good for."""

import numpy as np
import pytest

from dlcourse import nn
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)


def projection():
    return nn.Residual(
        [nn.Conv2D(4, 3, strides=2, padding="same"), nn.Activation("tanh"), nn.Conv2D(3, 1)],
        shortcut=nn.Conv2D(3, 1, strides=2),
    )


@pytest.mark.parametrize(
    ("block", "shape"),
    [
        (nn.Residual([nn.Dense(5), nn.Activation("tanh"), nn.Dense(3)]), (3,)),
        (nn.Residual([nn.Conv2D(2, 3, padding="same")]), (3, 4, 2)),
        (nn.Residual([nn.Dense(4)], shortcut=nn.Dense(4, use_bias=False)), (3,)),
        (nn.Residual([nn.Residual([nn.Dense(2)])]), (2,)),
    ],
    ids=repr,
)
def test_residual_is_proved(block, shape):
    prove(block, shape)


def test_projection_is_proved():
    prove(projection(), (5, 4, 2))


def test_a_block_with_batch_normalization_trains_and_keeps_its_averages():
    """No bias before the normalisation: it would be subtracted again, its gradient is zero."""
    layers = [nn.Dense(3, use_bias=False), nn.BatchNormalization()]
    block = nn.Residual(layers, shortcut=nn.BatchNormalization())
    prove(block, (3,), training=True, rows=False)
    block.build((3,), np.random.default_rng(0))
    averages = ["moving_mean", "moving_variance"]
    expected = [f"{place}.{name}" for place in ("1", "shortcut") for name in averages]
    assert list(block.state) == expected


def test_weights_of_a_model_include_the_shortcut():
    model = nn.Sequential([projection()], input_shape=(5, 4, 2), seed=0)
    other = nn.Sequential([projection()], input_shape=(5, 4, 2), seed=1)
    x = np.ones((1, 5, 4, 2), np.float32)
    assert len(model.get_weights()) == len(model.params) == 6
    assert not np.array_equal(model.forward(x)[0], other.forward(x)[0])
    other.set_weights(model.get_weights())
    np.testing.assert_array_equal(model.forward(x)[0], other.forward(x)[0])


def test_the_gradient_survives_depth():
    """Fifty layers of small weights: nothing arrives without the shortcut, all with it."""
    layers = [nn.Dense(4, kernel_initializer="random_normal") for _ in range(50)]
    for network, survives in ((layers, False), ([nn.Residual([d]) for d in layers], True)):
        model = nn.Sequential(network, input_shape=(4,), seed=0)
        outputs, cache = model.forward(np.ones((1, 4), np.float32))
        grad_inputs, _ = model.backward(np.ones_like(outputs), cache)
        assert (np.abs(grad_inputs).max() > 0.1) == survives


def test_forgetting_the_shortcut_backwards_fails_both():
    class Forgetful(nn.Residual):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad_inputs, grads = super().backward(grad_outputs, cache)
            return grad_inputs - grad_outputs, grads

    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(Forgetful([nn.Dense(3)]), (3,))
    with pytest.raises(AssertionError, match="gradient of inputs"):
        assert_matches_keras(Forgetful([nn.Dense(3)]), (3,))


def test_shapes_that_cannot_be_added_are_refused_in_words():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"cannot add shape \(3,\) to shape \(4,\): give it a"):
        nn.Residual([nn.Dense(4)]).build((3,), rng)
    with pytest.raises(ValueError, match=r"cannot add shape \(2,\) to shape \(4,\)"):
        nn.Residual([nn.Dense(4)], shortcut=nn.Dense(2)).build((3,), rng)
