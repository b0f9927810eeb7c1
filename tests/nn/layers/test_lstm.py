"""LSTM: against finite differences, Keras, and numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse.nn.layers import lstm
from dlcourse.nn.layers.lstm import LSTM
from tests.nn.mutants import mutant
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

size = st.integers(1, 4)


@given(
    units=size,
    batch=size,
    time=size,
    features=size,
    return_sequences=st.booleans(),
    go_backwards=st.booleans(),
    with_state=st.booleans(),
    seed=st.integers(0, 99),
)
@example(1, 1, 1, 1, False, False, False, 0)
@example(2, 3, 4, 2, True, True, True, 0)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_configuration(
    units, batch, time, features, return_sequences, go_backwards, with_state, seed
):
    layer = LSTM(units, return_sequences=return_sequences, go_backwards=go_backwards)
    options = {"batch": batch, "seed": seed}
    if with_state:
        options["initial_state"] = list(
            np.random.default_rng(seed).standard_normal((2, batch, units))
        )
    prove(layer, (time, features), **options)


def test_one_step_worked_out_by_hand():
    layer = LSTM(1)
    layer.build((1, 1), np.random.default_rng(0), np.float64)
    layer.params["kernel"][0] = [0.5, 0.3, 0.8, 0.6]
    layer.params["recurrent_kernel"][0] = [0.1, -0.2, 0.4, 0.2]
    layer.params["bias"][:] = [0, 1, 0, 0]
    state = np.array([[0.5]]), np.array([[0.2]])
    outputs, cache = layer.forward(np.ones((1, 1, 1)), initial_state=state)
    gates = [0.634136, 0.768525, 0.761594, 0.668188]
    np.testing.assert_allclose(cache.gates.ravel(), gates, atol=1e-6)
    np.testing.assert_allclose(
        [outputs.item(), cache.cell[1].item()], [0.375936, 0.636659], atol=1e-6
    )


def test_initial_parameters_are_those_of_keras():
    layer = LSTM(8)
    layer.build((5, 3), np.random.default_rng(0))
    kernel, recurrent_kernel, bias = layer.params.values()
    assert np.abs(kernel).max() <= np.sqrt(6 / (3 + 32))
    np.testing.assert_allclose(recurrent_kernel @ recurrent_kernel.T, np.eye(8), atol=1e-6)
    np.testing.assert_array_equal(bias.reshape(4, 8)[:, 0], [0, 1, 0, 0])


def test_cache_unpacks_into_gates_and_states():
    layer = LSTM(4, return_sequences=True)
    layer.build((5, 3), np.random.default_rng(0))
    outputs, cache = layer.forward(np.ones((2, 5, 3), np.float32))
    i, f, g, o = cache.gates
    np.testing.assert_allclose(cache.cell[1:], f * cache.cell[:-1] + i * g, rtol=1e-6)
    np.testing.assert_allclose(cache.hidden[1:], o * np.tanh(cache.cell[1:]), rtol=1e-6)
    np.testing.assert_array_equal(outputs, cache.hidden[1:].swapaxes(0, 1))
    np.testing.assert_array_equal(cache.final_state, [cache.hidden[-1], cache.cell[-1]])


def test_large_inputs_saturate_without_a_warning():
    layer = LSTM(2)
    layer.build((3, 1), np.random.default_rng(0))
    outputs, cache = layer.forward(np.full((1, 3, 1), 1e6, np.float32))
    _, grads = layer.backward(np.ones_like(outputs), cache)
    assert all(np.isfinite(array).all() for array in (outputs, *grads.values()))


def test_swapped_gates_pass_the_gradient_check_but_not_keras():
    swapped = mutant(
        lstm,
        ("z_i, z_f, z_g, z_o = z", "z_f, z_i, z_g, z_o = z"),
        ("grad_i, grad_f, grad_g, grad_o = grad_z", "grad_f, grad_i, grad_g, grad_o = grad_z"),
    ).LSTM(4)
    assert_gradients_match_finite_differences(swapped, (5, 3))
    with pytest.raises(AssertionError, match=r"outputs .* against Keras"):
        assert_matches_keras(swapped, (5, 3))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("grad_h = grad_h, grad_z @ to_hidden", "grad_h = grad_h, np.zeros_like(grad_h)"),
        ("grad_c *= f", "grad_c *= 0"),
        ("grad_c *= f", "pass"),
        ("grad_c += grad_h", "grad_c = grad_h"),
        (
            "grad_h = grad_h, grad_z @ to_hidden",
            "grad_h = grad_h, grad_z @ recurrent_kernel.reshape(units, 4, units).transpose(2, 1, 0)"
            ".reshape(units, -1).T",
        ),
    ],
    ids=["h not carried", "c not carried", "c not forgotten", "c not added", "transposed"],
)
def test_wrong_backward_passes_fail_the_gradient_check(right, wrong):
    broken = mutant(lstm, (right, wrong)).LSTM(4)
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(broken, (5, 3))
