"""Branches: side by side forwards, added up backwards."""

import numpy as np
import pytest

from dlcourse import nn
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)


def inception():
    """A small module of every kind of branch that GoogLeNet has."""
    return nn.Branches(
        [
            nn.Conv2D(2, 1),
            [nn.Conv2D(1, 1), nn.Activation("tanh"), nn.Conv2D(3, 3, padding="same")],
            [nn.AveragePooling2D(3, 1, padding="same"), nn.Conv2D(1, 1)],
        ]
    )


def test_inception_module_is_proved():
    prove(inception(), (3, 3, 2))


def test_side_by_side_convolutions_are_proved_against_keras():
    module = nn.Branches([nn.Conv2D(2, 1), nn.Conv2D(1, 3, padding="same")])
    prove(module, (3, 3, 2))


def test_one_dense_branch_is_the_layer_itself():
    prove(nn.Branches([nn.Dense(2)]), (3,))


def test_parameters_are_named_by_branch_and_survive_a_model():
    model = nn.Sequential([inception()], input_shape=(3, 3, 2), seed=0)
    assert list(model.params)[:3] == ["0.0.kernel", "0.0.bias", "0.1.0.kernel"]
    weights = [np.full_like(array, 0.5) for array in model.get_weights()]
    model.set_weights(weights)
    assert model.layers[0].branches[0].params["kernel"].min() == 0.5


def test_joining_in_another_order_fails_keras():
    class Reversed(nn.Branches):
        def forward(self, inputs, *, training=False):
            outputs, cache = super().forward(inputs, training=training)
            return outputs[..., ::-1], cache

        def backward(self, grad_outputs, cache, *, input_grad=True):
            return super().backward(grad_outputs[..., ::-1], cache, input_grad=input_grad)

    module = Reversed([nn.Conv2D(2, 1), nn.Conv2D(1, 3, padding="same")])
    assert_gradients_match_finite_differences(module, (3, 3, 2))
    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(module, (3, 3, 2))


def test_keeping_the_gradient_of_one_branch_only_fails_the_check():
    class First(nn.Branches):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            _, grads = super().backward(grad_outputs, cache)
            part = grad_outputs[..., : self.branches[0].units]
            return self._branches[0].backward(part, cache[0])[0], grads

    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(First([nn.Dense(2), nn.Dense(1)]), (3,))


def test_what_cannot_be_joined_is_refused_in_words():
    with pytest.raises(ValueError, match="at least one branch"):
        nn.Branches([])
    module = nn.Branches([nn.Conv2D(2, 1), nn.Conv2D(2, 3)])
    with pytest.raises(ValueError, match=r"last axis only, got \(5, 5, 2\), \(3, 3, 2\)"):
        module.build((5, 5, 1), np.random.default_rng(0))
