"""SimpleRNN: against finite differences, Keras, and powers of the recurrent kernel."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse.nn.layers import simple_rnn
from dlcourse.nn.layers.simple_rnn import SimpleRNN
from tests.nn.mutants import mutant
from tests.nn.proofs import assert_gradients_match_finite_differences, prove

size = st.integers(1, 4)


@given(
    units=size,
    activation=st.sampled_from(["tanh", "relu", "linear"]),
    batch=size,
    time=size,
    features=size,
    return_sequences=st.booleans(),
    go_backwards=st.booleans(),
    with_state=st.booleans(),
    seed=st.integers(0, 99),
)
@example(1, "tanh", 1, 1, 1, False, False, False, 0)
@example(2, "relu", 3, 4, 2, True, True, True, 0)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_configuration(
    units, activation, batch, time, features, return_sequences, go_backwards, with_state, seed
):
    layer = SimpleRNN(
        units, activation, return_sequences=return_sequences, go_backwards=go_backwards
    )
    options = {"batch": batch, "seed": seed}
    if with_state:
        options["initial_state"] = np.random.default_rng(seed).standard_normal((batch, units))
    prove(layer, (time, features), **options)


def test_linear_gradients_are_powers_of_the_recurrent_kernel():
    """dL/dh before the first of n steps is dL/dh after the last times (W.T)**n."""
    rng = np.random.default_rng(0)
    layer = SimpleRNN(3, "linear")
    layer.build((7, 2), rng, np.float64)
    outputs, cache = layer.forward(rng.standard_normal((1, 7, 2)))
    grad_outputs = rng.standard_normal(outputs.shape)
    _, _, grad_initial_state = layer.backward_with_state(grad_outputs, cache)
    power = np.linalg.matrix_power(layer.params["recurrent_kernel"].T, 7)
    np.testing.assert_allclose(grad_initial_state, grad_outputs @ power, rtol=1e-12)


def test_an_unknown_activation_is_refused_in_words():
    message = "SimpleRNN activation must be one of tanh, relu, linear, got 'swish'"
    with pytest.raises(ValueError, match=message):
        SimpleRNN(3, "swish")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("recurrent_kernel.T.copy()", "recurrent_kernel.copy()"),
        ("grad_h = grad_h, grad_z[t] @ to_hidden", "grad_h = grad_h, np.zeros_like(grad_h)"),
        ("slope(cache.hidden[1:])", "slope(cache.hidden[:-1])"),
        ("cache.joined[:-1]", "cache.joined[1:]"),
    ],
    ids=["transposed", "not carried", "slope of the step before", "inputs of the step before"],
)
def test_wrong_backward_passes_fail_the_gradient_check(right, wrong):
    broken = mutant(simple_rnn, (right, wrong)).SimpleRNN(4)
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(broken, (5, 3))
