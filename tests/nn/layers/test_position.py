"""Positions: trained or made of waves, for sequences that are shorter, and longer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse import nn
from tests.nn.proofs import prove

size = st.integers(1, 4)


@given(time=size, longer=st.integers(0, 3), features=size)
@settings(max_examples=10, deadline=None, derandomize=True)
def test_trained_positions_are_proved(time, longer, features):
    prove(nn.PositionEmbedding(time + longer), (time, features))


@given(time=size, features=size, max_wavelength=st.sampled_from([10000, 30.0]))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_waves_are_proved(time, features, max_wavelength):
    prove(nn.SinePositionEncoding(max_wavelength), (time, features))


def test_what_is_added_is_the_table():
    x = np.random.default_rng(0).standard_normal((2, 5, 6))
    added = nn.SinePositionEncoding().forward(x)[0] - x
    np.testing.assert_allclose(added[1], nn.sinusoidal_positions(5, 6), atol=1e-12)


def test_a_longer_sequence_is_refused_by_the_table_and_not_by_waves():
    rng = np.random.default_rng(0)
    table, waves = nn.PositionEmbedding(5), nn.SinePositionEncoding()
    table.build((None, 3), rng)
    waves.build((None, 3), rng)
    longer = np.zeros((1, 6, 3), np.float32)
    with pytest.raises(ValueError, match=r"PositionEmbedding\(5\) has no vector .* of 6 steps"):
        table.forward(longer)
    with pytest.raises(ValueError, match="of 7 steps"):
        nn.PositionEmbedding(5).build((7, 3), rng)
    assert waves.forward(longer)[0].shape == longer.shape


def test_a_mask_goes_through():
    x = np.array([[1, 2, 0], [3, 0, 0]])
    positions = (nn.PositionEmbedding(3), nn.SinePositionEncoding())
    layers = [nn.Embedding(4, 2, mask_zero=True), *positions]
    _, cache = nn.Sequential(layers, input_shape=(3,), seed=0).forward(x)
    np.testing.assert_array_equal(cache.mask, x != 0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: nn.PositionEmbedding(0), "at least one place, got sequence_length=0"),
        (lambda: nn.SinePositionEncoding(0), "max_wavelength must be positive, got 0"),
        (
            lambda: nn.SinePositionEncoding().build((3,), np.random.default_rng(0)),
            r"SinePositionEncoding takes sequences \(time, features\), got shape \(3,\)",
        ),
        (
            lambda: nn.PositionEmbedding(3).build((3, 1, 1), np.random.default_rng(0)),
            r"PositionEmbedding takes sequences",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(make, words):
    with pytest.raises(ValueError, match=words):
        make()
