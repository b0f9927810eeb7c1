"""MultiHeadAttention: every configuration and mask, against finite differences and Keras."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse import compare, nn
from dlcourse.nn.layers import attention
from tests.nn.mutants import mutant
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)

size = st.integers(1, 4)
optional = st.none() | size


@given(
    num_heads=size,
    key_dim=size,
    value_dim=optional,
    use_bias=st.booleans(),
    output_shape=optional,
    use_causal_mask=st.booleans(),
    batch=size,
    time=size,
    features=size,
    seed=st.integers(0, 99),
    masked=st.booleans(),
)
@example(1, 1, None, True, None, False, 1, 1, 1, 0, False)
@example(2, 3, 4, True, 5, True, 3, 4, 2, 0, True)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_every_configuration(
    num_heads,
    key_dim,
    value_dim,
    use_bias,
    output_shape,
    use_causal_mask,
    batch,
    time,
    features,
    seed,
    masked,
):
    layer = nn.MultiHeadAttention(
        num_heads,
        key_dim,
        value_dim,
        use_bias=use_bias,
        output_shape=output_shape,
        use_causal_mask=use_causal_mask,
    )
    options = {"batch": batch, "seed": seed}
    if masked:  # rows of padding alone are among them
        options["mask"] = np.random.default_rng(seed).random((batch, time)) < 0.6
    prove(layer, (time, features), **options)


def built(features=4, dtype=np.float64, **arguments):
    layer = nn.MultiHeadAttention(2, 3, **arguments)
    layer.build((None, features), np.random.default_rng(0), dtype)
    return layer


def test_a_twin_in_keras_gets_the_arguments_that_are_written_here():
    """Not our wrapper: the class itself, called as a reader would call it."""
    keras = pytest.importorskip("keras")
    layer = built(dtype=np.float32, value_dim=5, output_shape=6)
    theirs = keras.layers.MultiHeadAttention(2, 3, 5, output_shape=6)
    x = np.random.default_rng(0).standard_normal((2, 7, 4)).astype(np.float32)
    theirs.build(x.shape, x.shape)
    theirs.set_weights(list(layer.params.values()))
    outputs, cache = layer.forward(x)
    expected, weights = theirs(x, x, return_attention_scores=True)
    to_numpy = keras.ops.convert_to_numpy
    np.testing.assert_allclose(outputs, to_numpy(expected), atol=1e-5)
    np.testing.assert_allclose(cache.weights, to_numpy(weights), atol=1e-5)


def test_without_positions_a_new_order_is_only_a_new_order():
    layer, rng = built(), np.random.default_rng(1)
    x, order = rng.standard_normal((2, 6, 4)), rng.permutation(6)
    straight, shuffled = layer.forward(x)[0], layer.forward(x[:, order])[0]
    np.testing.assert_allclose(shuffled, straight[:, order], rtol=1e-12)


def test_a_causal_layer_does_not_know_what_comes():
    layer, rng = built(use_causal_mask=True), np.random.default_rng(1)
    x = rng.standard_normal((2, 6, 4))
    other = x.copy()
    other[:, 4:] = rng.standard_normal((2, 2, 4))
    np.testing.assert_array_equal(layer.forward(x)[0][:, :4], layer.forward(other)[0][:, :4])
    assert not np.triu(layer.forward(x)[1].weights, 1).any()


@pytest.mark.parametrize("causal", [False, True])
def test_padding_changes_nothing(causal):
    layer, rng = built(use_causal_mask=causal), np.random.default_rng(0)
    lengths = [6, 4, 1]
    x = rng.standard_normal((3, 6, 4))  # the padding is noise
    mask = np.arange(6) < np.array(lengths)[:, None]
    outputs, cache = layer.forward(x, mask=mask)
    grad = rng.standard_normal(outputs.shape) * mask[..., None]
    grad_inputs, grads = layer.backward(grad, cache)
    assert not grad_inputs[~mask].any()
    sums = dict.fromkeys(grads, 0.0)
    for row, length in enumerate(lengths):
        here = np.s_[row : row + 1, :length]
        alone, alone_cache = layer.forward(x[here])
        np.testing.assert_allclose(outputs[here], alone, rtol=1e-12)
        from_alone, grads_alone = layer.backward(grad[here], alone_cache)
        np.testing.assert_allclose(grad_inputs[here], from_alone, rtol=1e-9, atol=1e-14)
        sums = {name: total + grads_alone[name] for name, total in sums.items()}
    for name, total in sums.items():
        np.testing.assert_allclose(grads[name], total, rtol=1e-9, atol=1e-13)


def transformer(mask_zero=False, causal=False, dtype=np.float64):
    """Return a small transformer over 8 symbols, 6 steps, with an output at each step."""
    return nn.Sequential(
        [
            nn.Embedding(8, 4, mask_zero=mask_zero),
            nn.PositionEmbedding(9),
            nn.Residual(
                [nn.LayerNormalization(), nn.MultiHeadAttention(2, 2, use_causal_mask=causal)]
            ),
            nn.Residual([nn.LayerNormalization(), nn.Dense(6), nn.Activation("relu"), nn.Dense(4)]),
            nn.SinePositionEncoding(),
            nn.LayerNormalization(),
            nn.Dense(3),
        ],
        input_shape=(6,),
        seed=0,
        dtype=dtype,
    )


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_a_transformer_learns_as_in_keras(padded, causal):
    rng = np.random.default_rng(0)
    x, y = rng.integers(1, 8, (5, 6)), rng.integers(0, 3, (5, 6))
    if padded:
        x[np.arange(6) >= np.array([6, 5, 3, 1, 2])[:, None]] = 0
    compare.agreement(
        transformer(padded, causal),
        *(x, y),
        loss=nn.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=nn.Adam(0.01),
    )


def test_saving_and_summary(tmp_path):
    model = transformer(causal=True, dtype=np.float32)
    model.save(tmp_path / "model.npz")
    again = nn.load_model(tmp_path / "model.npz")
    x = np.random.default_rng(0).integers(0, 8, (2, 6))
    np.testing.assert_array_equal(model.predict(x), again.predict(x))
    assert "MultiHeadAttention(2, 2, use_causal_mask=True)" in repr(again.layers)
    assert str(sum(array.size for array in model.params.values())) in repr(model.summary())


def test_kernels_start_as_wide_as_those_of_keras():
    keras = pytest.importorskip("keras")
    layer = nn.MultiHeadAttention(8, 40)
    layer.build((None, 50), np.random.default_rng(0))
    theirs = keras.layers.MultiHeadAttention(8, 40)
    theirs.build((1, 2, 50), (1, 2, 50))
    for ours, other in zip(layer.params.values(), theirs.get_weights(), strict=True):
        assert ours.shape == other.shape
        assert np.std(ours) == pytest.approx(np.std(other), rel=0.02)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nn.MultiHeadAttention(0, 4), "at least 1, got num_heads=0, key_dim=4"),
        (lambda: nn.MultiHeadAttention(2, 1.5), "whole numbers of at least 1.*key_dim=1.5"),
        (lambda: nn.MultiHeadAttention(2, 4, 0), "value_dim=0"),
        (lambda: nn.MultiHeadAttention(2, 4, output_shape=-1), "output_shape=-1"),
        (
            lambda: nn.MultiHeadAttention(2, 4).build((3,), np.random.default_rng(0)),
            r"takes sequences \(time, features\), got shape \(3,\)",
        ),
        (
            lambda: built().forward(np.zeros((2, 5, 3))),
            r"inputs must have shape \(batch, time, 4\), got \(2, 5, 3\)",
        ),
        (
            lambda: built().forward(np.zeros((2, 5, 4)), mask=np.ones((2, 4), bool)),
            r"MultiHeadAttention mask must have shape \(2, 5\), got \(2, 4\)",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()


MASK = np.array([[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1]], bool)


@pytest.mark.parametrize(
    ("replaced", "finite"),
    [
        (("query * counts", "query"), False),
        (("grad_heads[0] * cache.counts", "grad_heads[0]"), True),
        (("seen = np.asarray", "np.asarray"), False),
        (('ROLES = ("query", "key", "value")', 'ROLES = ("key", "query", "value")'), False),
        (("*cache.heads, cache.weights", "*cache.heads, cache.weights, 1.0"), True),
        (("grad_inputs + grad)", "grad)"), True),
    ],
)
def test_what_is_half_right_is_caught(replaced, finite):
    old, new = replaced
    if old.endswith("grad)"):
        old, new = old[:-1], new[:-1]
    broken = mutant(attention, (old, new)).MultiHeadAttention(2, 3, use_causal_mask=True)
    if finite:
        with pytest.raises(AssertionError, match="finite differences"):
            assert_gradients_match_finite_differences(broken, (5, 2), mask=MASK)
    with pytest.raises(AssertionError, match="against Keras"):
        assert_matches_keras(broken, (5, 2), mask=MASK)
