"""Bidirectional: every recurrent layer, every merge, against finite differences and Keras."""

import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse import compare, nn
from dlcourse.nn.layers import bidirectional
from dlcourse.nn.layers.bidirectional import MERGE_MODES
from tests.nn.mutants import mutant
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

size = st.integers(1, 3)


@given(
    layer_class=st.sampled_from([nn.SimpleRNN, nn.LSTM, nn.GRU]),
    merge_mode=st.sampled_from(MERGE_MODES),
    units=size,
    batch=size,
    time=size,
    features=size,
    return_sequences=st.booleans(),
)
@example(nn.LSTM, "concat", 1, 1, 1, 1, False)
@example(nn.LSTM, "concat", 2, 3, 4, 2, True)
@example(nn.GRU, "mul", 2, 3, 4, 2, True)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_every_configuration(
    layer_class, merge_mode, units, batch, time, features, return_sequences
):
    layer = layer_class(units, return_sequences=return_sequences)
    prove(nn.Bidirectional(layer, merge_mode), (time, features), batch=batch)


STACK = (
    nn.Bidirectional(nn.LSTM(3, return_sequences=True)),
    nn.GRU(4, return_sequences=True),
    nn.Bidirectional(nn.SimpleRNN(2, return_sequences=True), merge_mode="sum"),
    nn.LSTM(3),
    nn.Dense(2),
)


def test_a_stack_of_recurrent_layers():
    prove(nn.Sequential(STACK), (5, 3))


@pytest.mark.parametrize(
    "optimizer", [nn.SGD(0.1, momentum=0.9), nn.RMSprop(0.01), nn.Adam(0.01)], ids=repr
)
def test_a_stack_learns_as_in_keras(optimizer):
    """Outputs, gradients and weights over five steps; `agreement` raises where they differ."""
    rng = np.random.default_rng(0)
    model = nn.Sequential(STACK, input_shape=(5, 3), seed=0, dtype=np.float64)
    x, y = rng.standard_normal((4, 5, 3)), rng.standard_normal((4, 2))
    loss = nn.MeanSquaredError()
    compare.agreement(model, x, y, loss=loss, optimizer=optimizer, steps=5, tolerance=1e-10)


def test_the_layer_given_is_a_pattern_and_stays_as_it_was():
    pattern = nn.GRU(2)
    layer = nn.Bidirectional(pattern)
    layer.build((5, 3), np.random.default_rng(0))
    assert pattern.params == {}
    assert not pattern.go_backwards
    kernels = layer.params["forward.kernel"], layer.params["backward.kernel"]
    assert kernels[0] is layer.forward_layer.params["kernel"]
    assert not np.array_equal(*kernels)


def test_final_states_of_both_directions_are_in_the_cache():
    layer = nn.Bidirectional(nn.LSTM(2))
    layer.build((5, 3), np.random.default_rng(0))
    outputs, cache = layer.forward(np.ones((4, 5, 3), np.float32))
    hidden = [part.final_state[0] for part in (cache.forward, cache.backward)]
    np.testing.assert_array_equal(np.concatenate(hidden, axis=-1), outputs)


@pytest.mark.parametrize(
    ("error", "arguments", "message"),
    [
        (TypeError, (nn.Dense(3),), "needs a recurrent layer such as LSTM(8), got Dense(3)"),
        (
            ValueError,
            (nn.LSTM(3, go_backwards=True),),
            "from a forward one, got LSTM(3, go_backwards=True)",
        ),
        (ValueError, (nn.LSTM(3), "max"), "one of concat, sum, mul, ave, got 'max'"),
    ],
)
def test_wrong_arguments_are_refused_in_words(error, arguments, message):
    with pytest.raises(error, match=re.escape(message)):
        nn.Bidirectional(*arguments)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("sequences[:, ::-1] if self.layer.return_sequences else sequences", "sequences"),
        ("backward_layer.go_backwards = True", "backward_layer.go_backwards = False"),
        ("[f, b], axis", "[b, f], axis"),
    ],
    ids=["not turned round", "both forwards", "merged the other way round"],
)
def test_wrong_order_fails_against_keras(right, wrong):
    broken = mutant(bidirectional, (right, wrong)).Bidirectional(nn.GRU(2, return_sequences=True))
    with pytest.raises(AssertionError, match=r"outputs .* against Keras"):
        assert_matches_keras(broken, (5, 3))


@pytest.mark.parametrize("merge_mode", MERGE_MODES)
def test_a_merge_differentiated_wrongly_fails_the_gradient_check(merge_mode):
    both = 'grad_outputs if self.merge_mode == "sum" else grad_outputs / 2'
    broken = mutant(
        bidirectional,
        ("grad_outputs[..., :units]", "grad_outputs[..., units:]"),
        ("grad_outputs * b, grad_outputs * f", "grad_outputs * f, grad_outputs * b"),
        (both, "grad_outputs / 3"),
    ).Bidirectional(nn.LSTM(2), merge_mode)
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(broken, (4, 3))
