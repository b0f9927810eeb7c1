import numpy as np
import pytest

from dlcourse import datasets
from dlcourse.datasets.memory_tasks import BUTTONS


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_only_the_first_number_tells(rng):
    x, y = datasets.remember_first(rng, 2000, time=6)
    assert x.shape == (2000, 6, 1)
    assert set(np.unique(y)) == {-1, 1}
    assert np.mean(np.sign(x[:, 0]) == y) > 0.99
    later = [abs(np.corrcoef(x[:, t, 0], y[:, 0])[0, 1]) for t in range(1, 6)]
    assert max(later) < 0.1


def test_neighbours_are_compared_where_both_exist(rng):
    x, y = datasets.equal_neighbours(rng, 20, time=7)
    assert not y[:, [0, 1, -2, -1]].any()
    for t in (2, 3, 4):
        np.testing.assert_array_equal(y[:, t] == 1, x[:, t - 2] == x[:, t + 2])


def test_every_button_moves_every_state_to_another_place(rng):
    for row in BUTTONS:
        assert sorted(row) == list(range(8))
    x, states = datasets.button_machine(rng, 30, time=5)
    pressed = x.argmax(axis=2)
    before = np.column_stack([np.zeros(30, int), states[:, :-1]])
    np.testing.assert_array_equal(states, BUTTONS[pressed, before])


def test_every_third_bit_is_the_xor_of_the_two_before(rng):
    stream = datasets.temporal_xor(rng, 200)
    first, second, third = stream.reshape(-1, 3).T
    np.testing.assert_array_equal(third, first != second)
    assert 0.4 < stream.mean() < 0.6


def test_tasks_are_fresh_and_repeatable():
    draws = [datasets.remember_first(np.random.default_rng(s), 4, time=3)[0] for s in (0, 0, 1)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert (draws[0] != draws[2]).any()
