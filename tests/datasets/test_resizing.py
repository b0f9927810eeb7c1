import numpy as np
import pytest

from dlcourse import datasets


@pytest.mark.parametrize(("old", "new"), [(8, 16), (28, 16), (8, 8), (5, 3), (3, 7)])
def test_a_plain_image_stays_plain_and_a_slope_a_slope(old, new):
    plain = np.full((1, old, old, 2), 0.5)
    np.testing.assert_allclose(datasets.resized(plain, new), 0.5, rtol=1e-6)
    slope = np.arange(old).reshape(1, 1, old, 1) + np.zeros((1, old, 1, 1))
    steps = np.diff(datasets.resized(slope, new)[0, 0, 1:-1, 0])
    if new >= old:
        inner = steps[1:-1] if new > old else steps
        np.testing.assert_allclose(inner, old / new, rtol=1e-5)
    assert np.all(steps > 0)


def test_the_same_size_changes_nothing():
    x = datasets.digits().x[:5]
    np.testing.assert_array_equal(datasets.resized(x, 8), x)


def test_doubling_keeps_every_mean():
    """Each old pixel is the mean of what surrounds it, so no ink appears or is lost inside."""
    x = np.zeros((1, 8, 8, 1))
    x[0, 3, 4, 0] = 1
    doubled = datasets.resized(x, 16)
    assert doubled.sum() == pytest.approx(4)
    assert doubled[0, 6:8, 8:10, 0].min() == pytest.approx(0.5625)
