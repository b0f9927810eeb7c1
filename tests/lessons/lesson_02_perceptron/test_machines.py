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


def test_ten_perceptrons_follow_the_rule_of_one():
    """Each column is what a single perceptron learns from the same examples in the same order."""
    images = np.random.default_rng(0).random((30, 8, 8, 1))
    digits = np.arange(30) % 10
    weights = machines.ten_perceptrons(images, digits, epochs=1, seed=3)
    order = np.random.default_rng(3).permutation(30)
    for digit in (0, 7):
        x, y = images.reshape(30, -1)[order], np.where(digits[order] == digit, 1, -1)
        *_, last = nn.perceptron_updates(x, y, max_epochs=1)
        np.testing.assert_allclose(weights[:, digit], last.weights_after)


def test_the_largest_score_wins():
    weights = np.zeros((65, 10))
    weights[-1, 4] = 1
    assert machines.largest_score(np.ones((2, 8, 8, 1)), weights).tolist() == [4, 4]


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
