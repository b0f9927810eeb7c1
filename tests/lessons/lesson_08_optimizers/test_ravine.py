import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_08_optimizers import ravine


def ball(rate, beta, nesterov=False):
    return nn.SGD(rate, momentum=beta, nesterov=nesterov)


def test_the_slope_is_the_derivative_of_the_loss():
    w, eps = np.array([1.3, -0.7]), 1e-6
    for k, nudge in enumerate(eps * np.eye(2)):
        measured = (ravine.loss(w + nudge, 9.0) - ravine.loss(w - nudge, 9.0)) / (2 * eps)
        assert ravine.slope(w, 9.0)[k] == pytest.approx(float(measured))


@pytest.mark.parametrize(
    ("optimizer", "steps"),
    [
        (nn.SGD(0.01), 539),
        (nn.SGD(0.07), 75),
        (nn.SGD(2 / 26), 69),
        (ball(0.02, 0.9), 82),
        (ball(0.02, 0.99), 587),
        (ball(1 / 9, 4 / 9), 21),
        (ball(0.02, 0.9, True), 61),
        (nn.Adam(0.3), 86),
    ],
    ids=repr,
)
def test_steps_that_the_lesson_names(optimizer, steps):
    assert ravine.arrival(ravine.walk(optimizer, 1000)) == steps


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (nn.SGD, 2),
        (lambda rate: ball(rate, 0.9), 3.8),
        (lambda rate: ball(rate, 0.9, True), 3.8 / 2.8),
        (lambda rate: ball(rate, 0.5), 3.0),
        (lambda rate: ball(rate, 0.5, True), 3.0 / 2.0),
    ],
)
def test_the_limits_are_those_of_the_formulas(make, limit):
    below, above = ravine.steps_needed(make, [0.99 * limit / 25, 1.01 * limit / 25])
    assert int(below) < 1000
    assert above == "diverges"


def test_rmsprop_hovers_at_half_its_rate():
    path = ravine.walk(nn.RMSprop(0.1), 3000)
    assert ravine.arrival(path) is None
    np.testing.assert_allclose(np.abs(path[-1]), 0.05, atol=0.01)


def test_a_walk_that_leaves_the_map_ends():
    path = ravine.walk(nn.SGD(1.0), 3000)
    assert len(path) < 20
    assert ravine.verdict(path) == "diverges"
    assert ravine.verdict(ravine.walk(nn.SGD(0.001), 10)) == "more than 10"


def test_a_round_bowl_needs_no_ball():
    plain = ravine.walk(nn.SGD(0.5), 400, across=1)
    rolled = ravine.walk(ball(0.5, 0.9), 400, across=1)
    assert (ravine.arrival(plain, 1), ravine.arrival(rolled, 1)) == (8, 61)


def test_a_valley_forty_times_as_narrow_takes_forty_times_as_long():
    path = ravine.walk(nn.SGD(2 / 1001), 4000, across=1000)
    assert ravine.arrival(path, 1000) == pytest.approx(3300, abs=50)
