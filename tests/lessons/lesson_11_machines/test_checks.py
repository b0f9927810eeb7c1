"""What is special to the checks of lesson 11: the open task, and lazy answers to it."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_11_machines import checks

(CASE, OTHER) = checks.fault_cases(np.random.default_rng(0))
GOAL = checks.CHECKS[-1].goal


def share(answer, case=CASE):
    return GOAL.measure(answer(*case.arguments), case.hidden)


def standardized(train_x, test_x):
    middle, spread = train_x.mean(axis=0), train_x.std(axis=0)
    return (train_x - middle) / spread, (test_x - middle) / spread


def bare_neighbours(train_x, train_y, test_x):
    return checks.knn(train_x, train_y, test_x, 5)


def naive_bayes(train_x, train_y, test_x):
    fitted = checks.naive_bayes_fit(train_x, train_y)
    return checks.naive_bayes(test_x, *fitted).argmax(axis=1)


def neighbours(train_x, train_y, test_x):
    known, new = standardized(train_x, test_x)
    return checks.knn(known, train_y, new, 9)


@pytest.mark.parametrize("case", [CASE, OTHER])
def test_each_bar_asks_for_another_machine(case):
    first, second, third = GOAL.bars
    assert share(checks.nothing_found, case) < first
    assert share(bare_neighbours, case) < second
    assert first < share(neighbours, case) < third
    assert first < share(naive_bayes, case) < third
    assert share(checks.find_faults, case) > third


def test_the_units_differ_and_the_labels_stay_hidden():
    x, y, new = CASE.arguments
    assert x.std(axis=0).max() > 100 * x.std(axis=0).min()
    assert new.shape == (300, checks.SENSORS)
    assert 0.2 < y.mean() < 0.6
    assert len(CASE.hidden) == 300


def test_the_examples_of_the_lesson():
    line, labels = np.array([[1.0], [2.0], [4.0], [7.0]]), np.array([0, 0, 1, 1])
    new = np.array([[3.2]])
    assert checks.knn(line, labels, new, 1).tolist() == [1]
    assert checks.knn(line, labels, new, 3).tolist() == [0]
    assert checks.best_split(line[:, 0], np.array([0, 0, 0, 1])) == 5.5
    half = np.array([0.5, 0.5])
    p = checks.naive_bayes(np.array([[1.0]]), np.array([[0.0], [3.0]]), np.ones((2, 1)), half)
    assert p[0, 0] == pytest.approx(0.8175744762)
    steps = np.array([[0.0], [1.0], [4.0], [5.0]]), np.array([[0.0], [1.0]])
    _, moved = checks.kmeans_step(*steps)
    np.testing.assert_allclose(moved, [[0.0], [10 / 3]])
    _, moved = checks.kmeans_step(steps[0], moved)
    np.testing.assert_array_equal(moved, [[0.5], [4.5]])
