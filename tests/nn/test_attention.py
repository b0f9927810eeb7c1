"""Attention on plain arrays: by hand, against finite differences and Keras, and with masks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import nn
from dlcourse.compare.keras_backend import gradients, load_keras, precision
from dlcourse.nn import attention
from dlcourse.nn.attention import attend, attend_backward, masked_softmax, sinusoidal_positions
from tests.nn.device_array import DeviceArray, to_stand_in
from tests.nn.mutants import mutant

size = st.integers(1, 4)


def random_case(leading, queries, keys, depth, width, seed, masked, dtype=np.float64):
    """Return query, keys, values, a mask or None, and a gradient of the context."""
    rng = np.random.default_rng(seed)
    shapes = ((queries, depth), (keys, depth), (keys, width), (queries, width))
    query, key, value, grad = (
        rng.standard_normal((*leading, *shape)).astype(dtype) for shape in shapes
    )
    mask = rng.random((*leading, queries, keys)) < 0.6 if masked else None
    return query, key, value, mask, grad


def test_three_keys_and_one_query_by_hand():
    states = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    context, weights = attend(np.array([[1.0, 2.0]]), states, states, scale=1.0)
    np.testing.assert_allclose(weights, [[0.0900305732, 0.2447284711, 0.6652409558]], atol=1e-10)
    np.testing.assert_allclose(context, [[0.7552715289, 0.9099694268]], atol=1e-10)


def test_three_places_that_ask_each_other_by_hand():
    x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    context, weights = attend(x, x, x)
    np.testing.assert_allclose(weights[0], [0.4011120927, 0.1977758146, 0.4011120927], atol=1e-10)
    np.testing.assert_allclose(context[2], [0.7517449217, 0.7517449217], atol=1e-10)
    _, causal = attend(x, x, x, nn.causal_mask(3))
    np.testing.assert_allclose(causal[:2, :2], [[1, 0], [0.3302384507, 0.6697615493]], atol=1e-10)


@given(
    leading=st.lists(size, max_size=2).map(tuple),
    queries=size,
    keys=size,
    depth=size,
    width=size,
    scale=st.sampled_from([None, 1.0, 0.3]),
    masked=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_backward_agrees_with_finite_differences(
    leading, queries, keys, depth, width, scale, masked, seed
):
    query, key, value, mask, grad = random_case(leading, queries, keys, depth, width, seed, masked)

    def loss():
        return float((attend(query, key, value, mask, scale)[0] * grad).sum())

    _, weights = attend(query, key, value, mask, scale)
    found = attend_backward(grad, query, key, value, weights, scale)
    for array, grads in zip((query, key, value), found, strict=True):
        expected = nn.numerical_gradient(loss, array)
        np.testing.assert_allclose(grads, expected, atol=1e-8)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_equal_to_keras(dtype, tolerance, masked):
    query, key, value, _, grad = random_case((2, 3), 5, 4, 6, 7, 0, False, dtype)
    mask = np.arange(4) < np.array([4, 2])[:, None, None, None]
    context, weights = attend(query, key, value, mask if masked else None)
    found = attend_backward(grad, query, key, value, weights)
    swapped = [array.swapaxes(1, 2) for array in (query, key, value)]  # (batch, time, heads, depth)
    with precision(dtype):
        ops = load_keras().ops
        theirs, grads = gradients(
            lambda q, k, v: ops.dot_product_attention(
                q, k, v, mask=mask if masked else None, scale=ops.cast(6, dtype) ** -0.5
            ),
            swapped,
            [],
            grad.swapaxes(1, 2),
        )
    for ours, other in zip((context, *found), (theirs, *grads), strict=True):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, np.asarray(other).swapaxes(1, 2), atol=tolerance)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("masked", [False, True])
def test_on_another_device_and_in_place_of_nothing(dtype, masked):
    query, key, value, mask, grad = random_case((2,), 3, 4, 5, 2, 0, masked, dtype)
    expected = attend(query, key, value, mask)
    expected += attend_backward(grad, query, key, value, expected[1])
    here = [None if a is None else to_stand_in(a) for a in (query, key, value, mask)]
    found = attend(*here)
    found += attend_backward(to_stand_in(grad), *here[:3], found[1])
    for there, array in zip(found, expected, strict=True):
        assert type(there) is DeviceArray
        assert array.dtype == dtype
        np.testing.assert_array_equal(there.get(), array)


def test_hidden_keys_change_nothing():
    query, key, value, _, grad = random_case((), 3, 5, 4, 2, 0, False)
    mask = np.array([True, False, True, True, False])
    context, weights = attend(query, key, value, mask)
    alone, weights_alone = attend(query, key[mask], value[mask])
    np.testing.assert_allclose(context, alone, rtol=1e-12)
    np.testing.assert_allclose(weights[:, mask], weights_alone, rtol=1e-12)
    assert not weights[:, ~mask].any()
    _, grad_keys, grad_values = attend_backward(grad, query, key, value, weights)
    assert not grad_keys[~mask].any()
    assert not grad_values[~mask].any()


def test_who_may_see_nothing_gets_nothing():
    scores = np.array([[1.0, 2.0], [1e300, -1e300]])
    weights = masked_softmax(scores, np.array([[False, False], [False, True]]))
    np.testing.assert_array_equal(weights, [[0, 0], [0, 1]])
    context, weights = attend(*np.ones((3, 2, 2)), np.zeros((2, 2), bool))
    assert not context.any()
    for grads in attend_backward(np.ones((2, 2)), *np.ones((3, 2, 2)), weights):
        np.testing.assert_array_equal(grads, np.zeros((2, 2)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_scores_do_not_overflow(dtype):
    largest = np.finfo(dtype).max / 4
    scores = np.array([[largest, largest, -largest], [-largest, -largest, -largest]], dtype)
    np.testing.assert_allclose(masked_softmax(scores), [[0.5, 0.5, 0], [1 / 3] * 3], rtol=1e-6)
    mask = np.array([False, True, True])
    np.testing.assert_allclose(masked_softmax(scores, mask), [[0, 1, 0], [0, 0.5, 0.5]], rtol=1e-6)


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (((2, 3), (4, 5), (4, 3)), r"attend keys must have shape \(..., keys, 3\), got \(4, 5\)"),
        (
            ((2, 3), (4, 3), (5, 3)),
            r"attend values must have shape \(..., 4, width\), got \(5, 3\)",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(shapes, words):
    with pytest.raises(ValueError, match=words):
        attend(*(np.zeros(shape) for shape in shapes))


def test_waves_are_those_of_the_paper():
    table = sinusoidal_positions(50, 6)
    for place in (0, 1, 17, 49):
        for i in range(3):
            angle = place / 10000 ** (2 * i / 6)
            np.testing.assert_allclose(table[place, 2 * i], np.sin(angle), atol=1e-12)
            np.testing.assert_allclose(table[place, 2 * i + 1], np.cos(angle), atol=1e-12)
    assert sinusoidal_positions(3, 5, dtype=np.float32).dtype == np.float32
    np.testing.assert_array_equal(sinusoidal_positions(9, 6), table[:9])


def test_tables_that_all_share_cannot_be_written_to():
    for table in (sinusoidal_positions(3, 4), nn.causal_mask(3)):
        with pytest.raises(ValueError, match="read-only"):
            table[0, 0] = 1


MUTANTS = [
    ("grad_weights - row_sums", "grad_weights"),
    ("* scale_of(query.shape[-1], scale)\n    grad_query", "\n    grad_query"),
    ("grad_scores.swapaxes(-1, -2) @ query", "grad_scores @ query"),
]


@pytest.mark.parametrize("replaced", MUTANTS, ids=range(len(MUTANTS)))
def test_a_wrong_backward_is_caught(replaced):
    query, key, value, _, grad = random_case((), 3, 3, 4, 2, 0, False)
    broken = mutant(attention, replaced)
    _, weights = attend(query, key, value)
    right = attend_backward(grad, query, key, value, weights)
    wrong = broken.attend_backward(grad, query, key, value, weights)
    assert any(not np.allclose(a, b) for a, b in zip(right, wrong, strict=True))
