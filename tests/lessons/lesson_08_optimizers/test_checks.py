"""What is special about lesson 08: its steps are those of `dlcourse.nn`, and its ravine is one."""

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.checks import Case
from dlcourse.lessons.lesson_08_optimizers.checks import (
    adam_step,
    best_weights,
    digits_right,
    lr_range_test,
    momentum_step,
    off_course,
    ravine_cases,
)


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_steps_are_those_of_the_package(nesterov):
    rng = np.random.default_rng(0)
    optimizer = nn.SGD(0.1, momentum=0.8, nesterov=nesterov)
    w, v = rng.normal(size=5), np.zeros(5)
    params = {"w": w.copy()}
    for _ in range(4):
        grad = rng.normal(size=5)
        optimizer.step(params, {"w": grad})
        w, v = momentum_step(w, v, grad, 0.1, 0.8, nesterov)
        np.testing.assert_allclose(w, params["w"])


def test_adam_steps_are_those_of_the_package():
    rng = np.random.default_rng(0)
    optimizer, w = nn.Adam(0.1), rng.normal(size=5)
    m, s, params = np.zeros(5), np.zeros(5), {"w": w.copy()}
    for t in range(1, 5):
        grad = rng.normal(size=5)
        optimizer.step(params, {"w": grad})
        w, m, s = adam_step(w, m, s, grad, t, 0.1, 0.9, 0.999, 1e-7)
        np.testing.assert_allclose(w, params["w"], atol=1e-6)


def test_the_trap_would_give_another_rate():
    rates = np.geomspace(0.001, 1, 7)
    losses = np.array([2.3, 1.6, 1.3, 1.2, 9.0, 3.0, 2.0])
    assert lr_range_test(rates, losses) == rates[1]
    (trap,) = (m for m in checks.find("lr_range_test").mistakes if m.name == "the_trap")
    assert trap.function(rates, losses) == rates[5]


@pytest.mark.parametrize("seed", range(3))
def test_the_ravine_is_steep_and_narrow_and_has_a_lowest_point(seed):
    for case in ravine_cases(np.random.default_rng(seed)):
        x, y = case.arguments
        best = best_weights(x, y)
        p = 1 / (1 + np.exp(-x @ best))
        assert np.abs(x.T @ (p - y)).max() < 1e-8
        bends = np.linalg.eigvalsh((x * (p * (1 - p))[:, np.newaxis]).T @ x / len(x))
        assert 2e4 < bends[-1] / bends[0] < 1e6


def test_plain_descent_reaches_no_bar_and_the_usual_momentum_the_first():
    check = checks.find("cross_ravine")
    for case in check.cases(np.random.default_rng(0)):
        x, y = case.arguments
        rate = 1 / np.linalg.eigvalsh(x.T @ x / (4 * len(x)))[-1]
        for beta, bars in ((0.0, 0), (0.9, 1)):
            w, v = np.zeros(8), np.zeros(8)
            for _ in range(20_000):
                grad = x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(x)
                w, v = momentum_step(w, v, grad, rate, beta, False)
            assert check.goal.reached(check.goal.measure(w, case.hidden)) == bars


def test_weights_that_are_no_numbers_reach_nothing():
    assert digits_right(np.full(8, np.nan), np.ones(8)) == -np.inf
    assert digits_right(np.ones(8), np.ones(8)) == pytest.approx(12)


@pytest.mark.parametrize(
    ("sign", "size", "said"),
    [(1, 1, ""), (-1, 1, "you walk uphill"), (1, 300, "from wall to wall")],
)
def test_a_walk_uphill_or_too_fast_is_told_so(sign, size, said):
    for case in ravine_cases(np.random.default_rng(5)):
        x, y = case.arguments
        w = np.zeros(8)
        for _ in range(400):
            w = w - sign * size * x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(x)
        slip = off_course(w, case)
        assert said in slip
        assert bool(slip) == bool(said)


@pytest.mark.parametrize("found", [None, "w", np.full(8, np.nan), np.ones((8, 1)), [1.0] * 8])
def test_what_are_no_weights_is_left_to_others(found):
    assert off_course(found, Case((np.eye(8), np.ones(8)), hidden=np.ones(8))) == ""
