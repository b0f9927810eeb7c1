"""The ten perceptrons that two lessons share."""

import numpy as np

from dlcourse import nn
from dlcourse.lessons import perceptrons


def test_ten_perceptrons_follow_the_rule_of_one():
    """Each column is what a single perceptron learns from the same examples in the same order."""
    images = np.random.default_rng(0).random((30, 8, 8, 1))
    digits = np.arange(30) % 10
    weights = perceptrons.ten_perceptrons(images, digits, epochs=1, seed=3)
    order = np.random.default_rng(3).permutation(30)
    for digit in (0, 7):
        x, y = images.reshape(30, -1)[order], np.where(digits[order] == digit, 1, -1)
        *_, last = nn.perceptron_updates(x, y, max_epochs=1)
        np.testing.assert_allclose(weights[:, digit], last.weights_after)


def test_the_largest_score_wins():
    weights = np.zeros((65, 10))
    weights[-1, 4] = 1
    assert perceptrons.largest_score(np.ones((2, 8, 8, 1)), weights).tolist() == [4, 4]


def test_the_average_answers_what_lines_separate():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 200)
    features = np.eye(10)[labels] + rng.normal(0, 0.05, (200, 10))
    weights = perceptrons.ten_perceptrons(features, labels, 10, seed=0, average=True)
    assert np.array_equal(perceptrons.largest_score(features, weights), labels)


def test_the_average_is_that_of_the_weights_after_each_step():
    images, digits = np.array([[2.0, 3.0], [1.0, -4.0]]), np.array([1, 7])
    first = np.random.default_rng(5).permutation(2)[0]
    after_one = perceptrons.ten_perceptrons(images[[first]], digits[[first]], 1, seed=0)
    after_both = perceptrons.ten_perceptrons(images, digits, 1, seed=5)
    total = perceptrons.ten_perceptrons(images, digits, 1, seed=5, average=True)
    np.testing.assert_array_equal(total, after_one + after_both)
    assert not np.array_equal(total, 2 * after_both)
