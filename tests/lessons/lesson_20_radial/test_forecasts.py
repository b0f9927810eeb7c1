"""Forecasts: that nobody sees what is to be forecast, and who is ahead, on another series."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_20_radial import forecasts, series


@pytest.fixture(scope="module")
def data():
    return forecasts.task(85, seed=7)


def test_new_windows_come_after_all_that_is_known(data):
    assert data.x.shape == (forecasts.KNOWN, 4)
    assert data.new_x.shape == (forecasts.NEW, 4)
    whole = series.mackey_glass(forecasts.KNOWN + forecasts.NEW + 85 + 118, 1.2 + 0.02 * 7)
    last_known = np.flatnonzero(whole == data.y[-1])[0]
    first_new = np.flatnonzero(whole == data.new_x[0, 0])[0]
    assert first_new - 18 + 85 > last_known
    assert np.isin(data.new_y, whole).all()


def test_bells_are_ahead_of_a_line_which_is_ahead_of_the_last_value(data):
    last, line = data.new_x[:, 0], forecasts.line(data)
    some, many = (forecasts.bells(data, k, seed=7) for k in (100, 300))
    errors = [series.error(said, data.new_y) for said in (last, line, some, many)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 1 > errors[1]
    assert errors[3] < errors[1] / 4


def test_a_network_learns_it_too(data):
    error = series.error(forecasts.network(data, (20, 20), 60, seed=7), data.new_y)
    assert error < 0.3


def test_every_machine_of_the_record_can_be_called_by_its_name(data):
    machines = forecasts.machines()
    assert list(machines)[:2] == ["the last value", "a line"]
    assert len(machines) == 2 + len(forecasts.BELLS) + 2 * len(forecasts.EPOCHS)
    error, seconds = forecasts.measured(machines["20 bells"], data, 7)
    assert error == series.error(forecasts.bells(data, 20, 7), data.new_y)
    assert seconds >= 0


def test_a_reach_of_two_or_three_spaces_is_best_for_other_starts(data):
    times = [0.25, 1, 2, 3, 12]
    errors = forecasts.reaches(data, times, seeds=[5, 6], k=60)
    for name in ("known", "held out", "new"):
        assert errors[name].shape == (2, 5)
        assert times[np.median(errors[name], axis=0).argmin()] in (1, 2, 3)
    assert np.all(errors["new"][:, 0] > 1.5 * errors["new"].min(axis=1))


def test_steps_use_what_they_have_said_themselves():
    data = forecasts.task(6, seed=7)
    once, twice = (forecasts.steps(data, 100, 7, times) for times in (1, 2))
    assert series.error(once, data.new_y) < 0.02
    whole = series.mackey_glass(forecasts.KNOWN + forecasts.NEW + 6 + 118, 1.2 + 0.02 * 7)
    later = whole[-len(data.new_y) :]  # 6 steps ahead of the new windows
    np.testing.assert_array_equal(later, data.new_y)
    assert series.error(twice[:-6], later[6:]) < 0.05


def test_a_leap_and_as_many_steps_meet_the_same_moments():
    leap, walked = forecasts.leap_and_steps(60, 7, times=3)
    assert 0 < leap < 1
    assert 0 < walked < 1
