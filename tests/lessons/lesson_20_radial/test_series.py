"""The series: that they obey their equations."""

import numpy as np

from dlcourse.lessons.lesson_20_radial import series


def test_the_series_obeys_its_equation():
    x = series.mackey_glass(200, skipped=300, per_unit=20)
    slope = (x[19:-1] - x[17:-3]) / 2  # at x[18:-2], with an error of second order
    old = x[1:-19]
    expected = 0.2 * old / (1 + old**10) - 0.1 * x[18:-2]
    assert np.corrcoef(slope, expected)[0, 1] > 0.999
    assert np.abs(slope - expected).max() < 0.01


def test_finer_steps_change_little_before_chaos_sets_in():
    coarse, fine = (series.mackey_glass(150, skipped=0, per_unit=n) for n in (10, 40))
    assert np.abs(coarse - fine).max() < 1e-4


def test_another_beginning_is_another_series():
    first, second = (series.mackey_glass(300, start) for start in (1.2, 1.22))
    assert np.abs(first - second).max() > 0.2
    assert 0.2 < first.std() < 0.26
    np.testing.assert_array_equal(first, series.mackey_glass(300))


def test_windows_look_back_and_ahead():
    x, y = series.windows(np.arange(130.0), ahead=85)
    np.testing.assert_array_equal(x[0], [18, 12, 6, 0])
    assert y[0] == 103
    assert len(x) == len(y) == 130 - 85 - 18


def test_the_mean_scores_one():
    y = np.array([1.0, 2.0, 4.0])
    assert series.error(np.full(3, y.mean()), y) == 1
    assert series.error(y, y) == 0
