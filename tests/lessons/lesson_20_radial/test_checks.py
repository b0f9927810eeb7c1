"""What is special to the checks of lesson 20: they agree with the package; the task is fair."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_20_radial import bells, series
from dlcourse.lessons.lesson_20_radial import checks as own

GOAL = own.CHECKS[-1].goal
CASES = own.foresee_cases(np.random.default_rng(0))


def times(answer, case):
    return GOAL.measure(answer(*case.arguments), case.hidden)


def test_bells_are_those_of_the_package():
    x, centres = np.random.default_rng(1).normal(size=(2, 5, 3))
    layer = nn.RBF(5, beta=0.7, centres=centres)
    layer.build((3,), np.random.default_rng(0), np.float64)
    np.testing.assert_allclose(own.rbf_features(x, centres, 0.7), layer.forward(x)[0], atol=1e-12)


def test_weights_and_centres_are_those_of_the_lesson():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(40, 3)), rng.normal(size=40)
    np.testing.assert_allclose(own.fit_rbf(x, y, 0.3), bells.solve(x, y, 0.3), atol=1e-12)
    start = x[np.random.default_rng(3).choice(40, 6, replace=False)]
    found = bells.kmeans(x, 6, np.random.default_rng(3))
    np.testing.assert_allclose(own.kmeans(x, start), found, atol=1e-9)


def test_weights_make_the_price_least():
    rng = np.random.default_rng(4)
    features, y = rng.normal(size=(9, 4)), rng.normal(size=9)

    def price(w):
        return np.sum((features @ w[:-1] + w[-1] - y) ** 2) + 0.6 * np.sum(w[:-1] ** 2)

    weights = own.fit_rbf(features, y, 0.6)
    for step in 1e-3 * rng.normal(size=(20, 5)):
        assert price(weights + step) > price(weights)


def test_the_loss_of_experts_is_that_of_the_package():
    rng = np.random.default_rng(5)
    logits, outputs, target = rng.normal(size=(6, 3)), 3 * rng.normal(size=(6, 3)), np.ones((6, 1))
    gate = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    row = np.concatenate([logits, outputs], axis=1)
    value, slopes = nn.MixtureLoss(3).value_and_grad(target, row)
    losses = own.mixture_loss(gate, outputs, target)
    np.testing.assert_allclose(losses.mean(), value, atol=1e-12)
    shares = own.responsibilities(gate, (target - outputs) ** 2, 1.0)
    np.testing.assert_allclose(6 * slopes[:, :3], gate - shares, atol=1e-12)


def test_the_numbers_of_the_lesson():
    gate, outputs, target = np.array([[0.25, 0.75]]), np.array([[1.0, 3.0]]), np.array([[3.0]])
    shares = own.responsibilities(gate, (target - outputs) ** 2, 1)
    np.testing.assert_allclose(shares, [[0.0431645330, 0.9568354670]])
    np.testing.assert_allclose(own.mixture_loss(gate, outputs, target), [0.2435582444])


def line(train_x, train_y, test_x):
    columns, new = (np.column_stack([x, np.ones(len(x))]) for x in (train_x, test_x))
    return new @ np.linalg.lstsq(columns, train_y, rcond=None)[0]


def neighbour(train_x, train_y, test_x):
    squares = ((test_x[:, None] - train_x) ** 2).sum(axis=2)
    return train_y[squares.argmin(axis=1)]


@pytest.mark.parametrize("case", CASES)
def test_each_bar_asks_for_more(case):
    first, second, third = GOAL.bars
    assert times(own.value_now, case) < times(line, case) < first
    assert first < times(neighbour, case) < third
    assert second < times(few_bells, case)
    assert times(own.foresee, case) > third


def few_bells(train_x, train_y, test_x):
    """Answer with 100 bells that stay where they begin."""
    model = bells.Bells.chosen(train_x, train_y, train_x[::15])
    return model.predict(test_x)


def test_no_answer_stands_among_the_inputs():
    for case in CASES:
        _, _, test_x = case.arguments
        assert not np.isin(case.hidden, test_x).any()


def test_the_series_is_that_of_the_lesson():
    fine = series.mackey_glass(40, 1.2, skipped=0)
    np.testing.assert_allclose(own.echoes(40, series.DELAY, 1.2, skipped=0), fine, atol=1e-3)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda case: case.hidden[:, None], "one column"),
        (lambda case: case.arguments[1], "the rows of test_x"),
        (lambda case: np.full(own.NEW, np.nan), "nan"),
        (lambda case: case.arguments[2][:, 0], "You answer the value now"),
        (lambda case: np.full(own.NEW, 3.0), "the same for every row"),
        (lambda case: (case.hidden - case.hidden.mean()) / case.hidden.std(), "other units"),
        (lambda case: case.hidden - case.hidden.mean(), "other units"),
        (lambda case: 1e4 * np.cos(np.arange(own.NEW)) * case.hidden, "far beyond"),
        (lambda case: np.roll(case.hidden, 1), ""),
        (lambda case: case.hidden, ""),
        (lambda case: np.zeros((3, 4)), ""),
        (lambda case: None, ""),
        (lambda case: "text", ""),
        (lambda case: [1.0, 2.0], ""),
    ],
)
def test_slips_are_told_and_any_value_is_borne(value, words):
    for case in CASES:
        said = own.foresee_slip(value(case), case)
        assert words in said if words else not said


def test_what_is_no_number_reaches_nothing():
    assert own.times_smaller(np.full(4, np.nan), np.arange(4.0)) == -np.inf
    assert own.times_smaller(np.full(4, np.inf), np.arange(4.0)) == 0
    assert own.times_smaller(np.arange(4.0), np.arange(4.0)) == np.inf
