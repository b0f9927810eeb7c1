"""Bells: that they solve their equations, find their places, and choose their reach."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_20_radial import bells
from dlcourse.lessons.lesson_20_radial.bells import Bells

RNG = np.random.default_rng(3)


def test_distances_are_those_of_pythagoras():
    x, centres = RNG.normal(size=(7, 3)), RNG.normal(size=(4, 3))
    expected = ((x[:, None] - centres) ** 2).sum(axis=-1)
    np.testing.assert_allclose(bells.squared_distances(x, centres), expected, atol=1e-12)


def test_a_bell_is_one_half_at_its_reach():
    model = Bells(np.zeros((1, 2)), bells.beta_of(1.7), np.array([1.0, 0.0]))
    np.testing.assert_allclose(model.predict(np.array([[0.0, 1.7], [0, 0]])), [0.5, 1])


@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_the_slope_of_loss_and_price_is_zero(ridge):
    features, y = RNG.normal(size=(30, 4)), RNG.normal(size=30)
    w = bells.solve(features, y, ridge)
    misses = features @ w[:-1] + w[-1] - y
    np.testing.assert_allclose(features.T @ misses + ridge * w[:-1], 0, atol=1e-10)
    assert abs(misses.sum()) < 1e-10  # the bias is free


def test_every_centre_is_the_mean_of_what_is_nearest():
    x = RNG.normal(size=(200, 2))
    centres = bells.kmeans(x, 9, np.random.default_rng(0))
    near = ((x[:, None] - centres) ** 2).sum(axis=-1).argmin(axis=1)
    for j in np.unique(near):
        np.testing.assert_allclose(centres[j], x[near == j].mean(axis=0), atol=1e-6)


def test_an_empty_cluster_keeps_its_centre():
    x = np.array([[0.0], [0.0], [5.0]])
    centres = bells.kmeans(x, 3, np.random.default_rng(0))
    assert np.isfinite(centres).all()
    assert set(centres.ravel()) == {0.0, 5.0}


def test_two_bells_do_xor_exactly():
    corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    model = Bells.fit(corners, np.array([0.0, 1, 1, 0]), corners[[0, 3]], np.sqrt(np.log(2)), 0.0)
    np.testing.assert_allclose(model.predict(corners), [0, 1, 1, 0], atol=1e-12)
    np.testing.assert_allclose(model.weights, [-2.502650301, -2.502650301, 2.841347188])


def test_the_reach_is_the_best_on_what_is_held_out():
    x = RNG.uniform(-3, 3, (200, 1))
    y, centres = np.sin(2 * x[:, 0]), np.linspace(-3, 3, 12)[:, None]
    chosen = Bells.chosen(x, y, centres)

    def held_out(times):
        model = Bells.fit(x[:160], y[:160], centres, times * bells.spacing(centres))
        return np.mean((model.predict(x[160:]) - y[160:]) ** 2)

    errors = {times: held_out(times) for times in bells.REACHES}
    best = min(errors, key=errors.get)
    assert chosen.beta == pytest.approx(bells.beta_of(best * bells.spacing(centres)))
    assert np.sqrt(np.mean((chosen.predict(x) - y) ** 2)) < 0.01


def test_far_away_only_the_bias_is_left():
    x = np.linspace(-3, 3, 60)[:, None]
    for shift in (0.0, 4.0):
        model = Bells.fit(x, np.sin(x[:, 0]) + shift, np.linspace(-3, 3, 10)[:, None], 0.83)
        far = model.predict(np.array([[40.0]]))[0]
        assert far == model.weights[-1] == pytest.approx(shift, abs=1e-6)
