"""Initializers have the spread of Keras's, its layouts, and their own randomness."""

import numpy as np
import pytest

from dlcourse.compare.keras_backend import load_keras
from dlcourse.nn.initializers import INITIALIZERS, constant, fans, get_initializer, orthogonal

RANDOM = sorted(set(INITIALIZERS) - {"zeros", "ones", "orthogonal"})


@pytest.mark.parametrize("name", RANDOM)
@pytest.mark.parametrize("shape", [(150, 250), (3, 3, 40, 100)])
def test_spread_and_range_are_those_of_keras(name, shape):
    ours = INITIALIZERS[name](np.random.default_rng(0), shape, np.float64)
    theirs = np.asarray(load_keras().initializers.get(name)(shape))
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)
    assert abs(ours.mean()) < 0.02 * ours.std()
    if "normal" in name and name != "random_normal":
        # Cut off. Not by Keras on PyTorch where four draws lie beyond: once in 230,000 numbers.
        ends = [np.quantile(np.abs(weights), 0.999) for weights in (ours, theirs)]
        assert ends[0] == pytest.approx(ends[1], rel=5e-3)
        assert np.abs(ours).max() < 1.01 * ends[0]
    if "uniform" in name:
        assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=1e-3)


@pytest.mark.parametrize("shape", [(4, 4), (3, 12), (12, 3), (2, 3, 4)])
def test_orthogonal_rows_or_columns(shape):
    matrix = orthogonal(np.random.default_rng(0), shape, np.float64).reshape(-1, shape[-1])
    product = matrix @ matrix.T if len(matrix) <= shape[-1] else matrix.T @ matrix
    np.testing.assert_allclose(product, np.eye(min(matrix.shape)), atol=1e-12)


def test_orthogonal_matrices_are_drawn_evenly():
    rng = np.random.default_rng(0)
    signs = [np.sign(orthogonal(rng, (2, 2))[0, 0]) for _ in range(400)]
    assert abs(np.mean(signs)) < 0.2  # without the correction of signs, it is -1


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_type_and_reproducibility(name, dtype):
    first, again, other = (
        INITIALIZERS[name](np.random.default_rng(seed), (5, 6), dtype) for seed in (0, 0, 1)
    )
    assert first.dtype == dtype
    assert first.flags.c_contiguous
    np.testing.assert_array_equal(first, again)
    assert name in {"zeros", "ones"} or (first != other).any()


def test_constants_and_names():
    rng = np.random.default_rng(0)
    assert (constant(3.0)(rng, (2, 2), np.float32) == 3).all()
    assert get_initializer(orthogonal) is orthogonal
    assert fans((7,)) == (7, 7)
    with pytest.raises(ValueError, match="unknown initializer 'xavier'; known are zeros, ones"):
        get_initializer("xavier")
