"""Polynomials through noisy points: the smallest machine that underfits and overfits."""

from typing import NamedTuple

import numpy as np

from dlcourse.nn.contract import Array

TESTED = 1000  # points between -1 and 1 on which a fit is judged


class Points(NamedTuple):
    """Where a curve was measured, and what was found there; each has shape (points,)."""

    x: Array
    y: Array


def truth(x: Array) -> Array:
    """Return the curve that is to be found: one wave of a sine."""
    curve: Array = np.sin(np.pi * x)
    return curve


def draw(points: int, noise: float, seed: int) -> Points:
    """Measure the curve at random places between -1 and 1, with normal noise.

    Parameters
    ----------
    points : int
    noise : float
        Standard deviation of what is added to each value.
    seed : int
        More points or another noise leave the random numbers as they are.
    """
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(-1, 1, 200)[:points], rng.normal(size=200)[:points]
    order = np.argsort(x)
    return Points(x[order], (truth(x) + noise * z)[order])


def columns(x: Array, degree: int) -> Array:
    """Return the Legendre polynomials up to a degree at some places, shape (points, degree + 1).

    Any polynomial is a weighted sum of them, as it is of 1, x, x^2, ...; these are all equally
    large on average, which keeps the weights small and comparable.
    """
    scaled: Array = np.polynomial.legendre.legvander(x, degree) * np.sqrt(
        2 * np.arange(degree + 1) + 1
    )
    return scaled


def fit(points: Points, degree: int, ridge: float = 0.0) -> Array:
    """Return the weights with the least squared error plus `ridge` times the squared weights.

    Without a ridge, and with more weights than points, many fit all points; these are the smallest.

    Examples
    --------
    >>> exact = fit(Points(np.array([-1.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0])), 2)
    >>> np.round(columns(np.array([0.5]), 2) @ exact, 6)
    array([0.25])
    """
    u, s, v = np.linalg.svd(columns(points.x, degree), full_matrices=False)
    kept = s > 1e-10 * s[0]
    weights: Array = v[kept].T @ (s[kept] / (s[kept] ** 2 + ridge) * (u[:, kept].T @ points.y))
    return weights


def errors(points: Points, degree: int, ridge: float = 0.0) -> tuple[float, float]:
    """Return the root of the mean squared error on the points, and on the noiseless curve."""
    weights = fit(points, degree, ridge)
    places = np.linspace(-1, 1, TESTED)
    train = columns(points.x, degree) @ weights - points.y
    test = columns(places, degree) @ weights - truth(places)
    return float(np.sqrt(np.mean(train**2))), float(np.sqrt(np.mean(test**2)))
