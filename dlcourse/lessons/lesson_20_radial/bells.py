"""A network of bells: centres from k-means, one width for all, weights from linear equations."""

from typing import NamedTuple, Self

import numpy as np

from dlcourse.nn.contract import Array

REACHES = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)  # tried, in distances from a centre to the next one
HELD_OUT = 0.2  # share of the examples, the last ones, by which a width is chosen


def squared_distances(x: Array, centres: Array) -> Array:
    """Return the squared distance of each row of x, shape (n, features), to each centre."""
    products = x @ centres.T
    squares = (x**2).sum(axis=1)[:, np.newaxis] - 2 * products + (centres**2).sum(axis=1)
    return np.asarray(np.maximum(squares, 0))


def beta_of(reach: float) -> float:
    """Return the narrowness of a bell that has fallen to one half at this distance."""
    return float(np.log(2) / reach**2)


def kmeans(x: Array, k: int, rng: np.random.Generator, rounds: int = 50) -> Array:
    """Return k centres, each the mean of the examples nearest to it; at most so many rounds."""
    centres = x[rng.choice(len(x), k, replace=False)].astype(float)
    for _ in range(rounds):
        near = squared_distances(x, centres).argmin(axis=1)
        counts = np.bincount(near, minlength=k)
        sums = np.zeros_like(centres)
        np.add.at(sums, near, x)
        filled = counts > 0  # a centre without examples stays
        moved = np.where(filled[:, None], sums / np.maximum(counts, 1)[:, None], centres)
        if np.allclose(moved, centres):
            break
        centres = moved
    return centres


def spacing(centres: Array) -> float:
    """Return the mean distance from a centre to the next one."""
    squares = squared_distances(centres, centres)
    np.fill_diagonal(squares, np.inf)
    return float(np.sqrt(squares.min(axis=1)).mean())


def solve(features: Array, y: Array, ridge: float) -> Array:
    """Return the weights, the bias last, of least squares with a price on all but the bias."""
    columns = np.column_stack([features, np.ones(len(features))])
    price = ridge * np.eye(columns.shape[1])
    price[-1, -1] = 0
    return np.linalg.solve(columns.T @ columns + price, columns.T @ y)


class Bells(NamedTuple):
    """A network of bells that has learned.

    Attributes
    ----------
    centres : array, shape (k, features)
    beta : float
    weights : array, shape (k + 1,) or (k + 1, outputs)
        The bias is the last row.
    """

    centres: Array
    beta: float
    weights: Array

    @classmethod
    def fit(cls, x: Array, y: Array, centres: Array, reach: float, ridge: float = 1e-8) -> Self:
        """Solve for the weights; `reach` is the distance at which a bell has fallen to a half."""
        beta = beta_of(reach)
        features = np.exp(-beta * squared_distances(x, centres))
        return cls(centres, beta, solve(features, y, ridge))

    @classmethod
    def chosen(cls, x: Array, y: Array, centres: Array, ridge: float = 1e-8) -> Self:
        """Choose the reach on the last fifth of the examples, then learn from all of them."""
        known, unit = int(len(x) * (1 - HELD_OUT)), spacing(centres)

        def held_out(times: float) -> float:
            model = cls.fit(x[:known], y[:known], centres, times * unit, ridge)
            return float(np.mean((model.predict(x[known:]) - y[known:]) ** 2))

        return cls.fit(x, y, centres, min(REACHES, key=held_out) * unit, ridge)

    def predict(self, x: Array) -> Array:
        """Return the answers, shape (n,) or (n, outputs)."""
        features = np.exp(-self.beta * squared_distances(x, self.centres))
        answers: Array = features @ self.weights[:-1] + self.weights[-1]
        return answers
