"""GRU, with the reset gate on either side: against finite differences and Keras."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse.nn.layers import gru
from dlcourse.nn.layers.gru import GRU
from tests.nn.mutants import mutant
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

size = st.integers(1, 4)


@given(
    units=size,
    reset_after=st.booleans(),
    batch=size,
    time=size,
    features=size,
    return_sequences=st.booleans(),
    go_backwards=st.booleans(),
    with_state=st.booleans(),
    seed=st.integers(0, 99),
)
@example(1, True, 1, 1, 1, False, False, False, 0)
@example(1, False, 1, 1, 1, False, False, False, 0)
@example(2, True, 3, 4, 2, True, True, True, 0)
@example(2, False, 3, 4, 2, True, True, True, 0)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_every_configuration(
    units, reset_after, batch, time, features, return_sequences, go_backwards, with_state, seed
):
    layer = GRU(
        units,
        return_sequences=return_sequences,
        go_backwards=go_backwards,
        reset_after=reset_after,
    )
    options = {"batch": batch, "seed": seed}
    if with_state:
        options["initial_state"] = np.random.default_rng(seed).standard_normal((batch, units))
    prove(layer, (time, features), **options)


def test_bias_has_a_row_for_each_product_that_it_is_added_to():
    for reset_after, shape in ((True, (2, 12)), (False, (12,))):
        layer = GRU(4, reset_after=reset_after)
        layer.build((5, 3), np.random.default_rng(0))
        assert layer.params["bias"].shape == shape


@pytest.mark.parametrize("reset_after", [True, False])
def test_update_gate_one_keeps_the_state_and_zero_replaces_it(reset_after):
    state = np.array([[0.3, -0.7]])
    layer = GRU(2, reset_after=reset_after)
    layer.build((5, 3), np.random.default_rng(0), np.float64)
    bias_z = layer.params["bias"][..., :2]
    bias_z[...] = 1e3
    outputs, _ = layer.forward(np.ones((1, 5, 3)), initial_state=state)
    np.testing.assert_array_equal(outputs, state)
    bias_z[...] = -1e3
    outputs, cache = layer.forward(np.ones((1, 5, 3)), initial_state=state)
    np.testing.assert_array_equal(outputs, cache.gates[2, -1])


def test_reset_gate_on_the_wrong_side_passes_the_gradient_check_but_not_keras():
    product = "h @ recurrent_kernel[:, candidate]"
    wrong_side = mutant(
        gru,
        ("reset = reset @ recurrent_kernel[:, candidate]", f"reset = r * ({product})"),
        ("grad_g if self.reset_after else grad_g @ to_hidden[candidate]", "grad_g"),
        ("grad_reset * cache.resettable[t]", f"grad_reset * ({product})"),
        ("grad_reset * r +", "(grad_reset * r) @ to_hidden[candidate] +"),
        ("(r * h).T @ grad_g", "h.T @ (r * grad_g)"),
    ).GRU(4, reset_after=False)
    assert_gradients_match_finite_differences(wrong_side, (5, 3))
    with pytest.raises(AssertionError, match=r"outputs .* against Keras"):
        assert_matches_keras(wrong_side, (5, 3))


def test_exchanged_update_gate_passes_the_gradient_check_but_not_keras():
    exchanged = mutant(
        gru,
        ("z * h + (1 - z) * g", "(1 - z) * h + z * g"),
        ("grad_h * (h - g) * z * (1 - z)", "grad_h * (g - h) * z * (1 - z)"),
        ("grad_h * (1 - z) * (1 - g**2)", "grad_h * z * (1 - g**2)"),
        ("grad_h *= z", "grad_h *= 1 - z"),
    ).GRU(4)
    assert_gradients_match_finite_differences(exchanged, (5, 3))
    with pytest.raises(AssertionError, match=r"outputs .* against Keras"):
        assert_matches_keras(exchanged, (5, 3))


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("grad_h += grad", "grad_h = grad"),
        ("grad_h *= z", "grad_h *= 0"),
        ("grad_reset * cache.resettable[t]", "grad_reset * cache.hidden[t + 1]"),
        ("* r * (1 - r)", "* (1 - r)"),
    ],
    ids=["state not kept", "state dropped", "wrong factor of the reset gate", "wrong slope"],
)
def test_wrong_backward_passes_fail_the_gradient_check(right, wrong, reset_after):
    broken = mutant(gru, (right, wrong)).GRU(4, reset_after=reset_after)
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(broken, (5, 3))
