import numpy as np
import pytest
from sklearn.svm import SVC

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_02_perceptron import machines


@pytest.fixture(scope="module")
def flowers():
    iris = datasets.iris()
    two = iris.y < 2
    return iris.x[two][:, 2:].astype(float), np.where(iris.y[two] == 0, -1, 1)


def test_no_perceptron_keeps_more_room_than_the_widest_line(flowers):
    x, y = flowers
    machine = SVC(kernel="linear", C=1e6).fit(x, y)
    room = machines.closest(x, y, np.append(machine.coef_[0], machine.intercept_))
    assert room == pytest.approx(0.652, abs=1e-3)
    for seed in range(10):
        order = np.random.default_rng(seed).permutation(len(y))
        *_, last = nn.perceptron_updates(x[order], y[order])
        assert 0 <= machines.closest(x, y, last.weights_after) <= room


def test_a_wrong_answer_is_at_a_distance_below_zero():
    x, w = np.array([[4.0, 2.0], [0.0, 0.0]]), np.array([3.0, 4.0, -10.0])
    assert machines.closest(x, np.array([1, -1]), w) == 2
    assert machines.closest(x, np.array([1, 1]), w) == -2


def test_wrong_answers_are_counted_after_each_epoch(flowers):
    x, y = flowers
    assert machines.wrong_after_each_epoch(x, y, 12, seed=0)[-1] == 0
    opposite = machines.wrong_after_each_epoch(np.ones((2, 1)), np.array([-1, 1]), 5, seed=0)
    assert opposite.min() > 0


def test_the_bound_holds_on_random_data():
    mistakes, bounds = machines.mistakes_and_bounds(20)
    assert mistakes.shape == bounds.shape == (20,)
    assert np.all(mistakes <= bounds)
    assert mistakes.min() > 0


def test_one_random_unit_never_learns_xor_and_many_do():
    assert not any(machines.learns_xor(1, seed) for seed in range(20))
    assert machines.learns_xor(64, 0)


def test_times_have_a_row_per_size_and_a_column_per_call():
    table = machines.times({"a": np.sum, "b": np.mean}, inputs=3, sizes=[1, 1000])
    assert [row[0] for row in table.rows] == ["1", "1,000"]
    assert all(float(value) >= 0 for row in table.rows for value in row[1:])
