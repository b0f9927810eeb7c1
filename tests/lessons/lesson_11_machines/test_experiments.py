import numpy as np
import pytest

from dlcourse.lessons.lesson_11_machines import experiments


def test_boosting_by_hand():
    start, first, *_, last = experiments.boost(np.arange(3.0), np.array([1.0, 2.0, 6.0]), 30)
    np.testing.assert_array_equal(start, [3, 3, 3])
    np.testing.assert_array_equal(first, [2.25, 2.25, 4.5])
    np.testing.assert_allclose(last, [1, 2, 6], atol=0.02)


def test_wider_bells_help_when_digits_are_few():
    as_counted, wider = (experiments.wider_bells(50, share, 2) for share in (1e-9, 0.1))
    assert min(wider) > max(as_counted) + 0.1


def test_purity_rises_with_the_number_of_clusters_whatever_the_labels():
    labels = np.random.default_rng(0).integers(0, 3, 60)
    assert experiments.purity(np.arange(60), labels) == 1
    assert experiments.purity(np.zeros(60, int), labels) == np.bincount(labels).max() / 60


def test_the_nearest_neighbour_comes_near_its_limit():
    least, limit = experiments.least_and_limit()
    assert least == pytest.approx(0.158655, abs=1e-6)
    assert least < limit < 2 * least * (1 - least)
    assert experiments.neighbour_errs(20_000, 5) == pytest.approx(limit, abs=0.015)
