"""What is special about the checks of the perceptron."""

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.lessons.lesson_02_perceptron.checks import AND, CORNERS, OR, XOR, perceptron_fit
from tests.checks.test_checks import grade


def test_the_recorded_runs():
    """Mistakes, epochs and weights as the course's plan records them."""
    for labels, weights, mistakes, epochs in (
        (AND, [3, 2, -4], 18, 9),
        (OR, [2, 2, -1], 9, 6),
        (-AND, [-3, -2, 4], 18, 9),
        (XOR, [0, 0, 0], 4000, 1000),
    ):
        w, m, e = perceptron_fit(CORNERS, labels, 1000)
        np.testing.assert_array_equal(w, weights)
        assert (m, e) == (mistakes, epochs)


def backwards(w, x):
    """Add up a score in another order, in plain Python floats."""
    return sum(float(a) * float(b) for a, b in reversed(list(zip(w, x, strict=True))))


def step(w, x, y):
    if y * backwards(w, x) > 0:
        return w.copy()
    return np.array([a + y * b for a, b in zip(w, x, strict=True)])


def fit(X, y, max_epochs):  # noqa: N803
    w, mistakes = np.zeros(X.shape[1]), 0
    for epoch in range(max_epochs):
        clean = True
        for i in range(len(X)):
            if y[i] * backwards(w, X[i]) <= 0:
                w, mistakes, clean = step(w, X[i], y[i]), mistakes + 1, False
        if clean:
            return w, mistakes, epoch + 1
    return w, mistakes, max_epochs


def bound(X, y, w_star):  # noqa: N803
    closest = min(label * backwards(w_star, x) for x, label in zip(X, y, strict=True))
    longest = max(backwards(x, x) for x in X)
    return longest * backwards(w_star, w_star) / closest**2 if closest > 0 else float("inf")


def separable_by_signs(X, y):  # noqa: N803
    w, _, epochs = fit(X, y, 1000)
    return epochs < 1000 and all(np.sign(X @ w) == y)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("perceptron_step", step),
        ("perceptron_fit", fit),
        ("novikoff_bound", bound),
        ("is_separable", separable_by_signs),
    ],
)
def test_right_answers_written_differently_pass(name, function):
    """Scores are exact whatever the order of a sum, so no right answer meets another tie."""
    for seed in range(10):
        verdict = grade(checks.find(name), function, seed)
        assert verdict.failure is None, verdict.failure


def test_results_as_people_may_hand_them_over():
    """A list of three values, NumPy's own integers and bools are as good."""

    def fit_list(X, y, max_epochs):  # noqa: N803
        w, mistakes, epochs = fit(X, y, max_epochs)
        return [w, np.int64(mistakes), np.array(epochs)]

    def separable_bool(X, y):  # noqa: N803
        return np.bool_(separable_by_signs(X, y))

    assert grade(checks.find("perceptron_fit"), fit_list).failure is None
    assert grade(checks.find("is_separable"), separable_bool).failure is None
