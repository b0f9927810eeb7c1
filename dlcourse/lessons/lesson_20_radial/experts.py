"""Three lines that follow one another, and mixtures of linear experts that learn them."""

from typing import NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.nn.contract import Array

GRID = np.linspace(-3, 3, 601)
NOISE, POINTS = 0.1, 300
VARIANCE, RATE, STEPS = 0.05, 0.02, 2000


def lines(x: Array) -> Array:
    """Return the three lines: falling, rising, falling, that change at -1 and 1."""
    return np.where(x < -1, 0.5 - 1.5 * (x + 2), np.where(x < 1, 1.2 * x, 3 - x))


def points(seed: int, n: int = POINTS) -> tuple[Array, Array]:
    """Return n noisy points of the lines."""
    rng = np.random.default_rng(100 + seed)
    x = rng.uniform(-3, 3, n)
    return x, lines(x) + rng.normal(0, NOISE, n)


def shares(gate: Array, errors: Array, variance: float) -> Array:
    """Return how responsible each expert is for each example.

    Parameters
    ----------
    gate, errors : array, shape (n, experts)
        How much each is trusted, and its squared error.
    variance : float

    Examples
    --------
    >>> shares(np.array([[0.25, 0.75]]), np.array([[4.0, 0.0]]), 1.0).round(4)
    array([[0.0432, 0.9568]])
    """
    nearest = errors.min(axis=1, keepdims=True)  # so that not all shares can be 0
    terms = gate * np.exp(-(errors - nearest) / (2 * variance))
    found: Array = terms / terms.sum(axis=1, keepdims=True)
    return found


class Mixture(NamedTuple):
    """A mixture that has learned: what it says on the grid, and the points that it knows.

    Attributes
    ----------
    x, t : array, shape (n,)
    gate, outputs : array, shape (601, experts)
    answer : array, shape (601,)
    """

    x: Array
    t: Array
    gate: Array
    outputs: Array
    answer: Array

    @property
    def error(self) -> float:
        """Root mean squared error on the lines, without noise."""
        return float(np.sqrt(np.mean((self.answer - lines(GRID)) ** 2)))

    @property
    def used(self) -> int:
        """How many experts the gate trusts most on more than a hundredth of the grid."""
        counts = np.bincount(self.gate.argmax(axis=1), minlength=self.gate.shape[1])
        return int(np.sum(counts > len(GRID) / 100))

    @property
    def bits(self) -> float:
        """Mean entropy of the gate: 0 if it always trusts one expert alone."""
        return float((self.gate * np.log2(1 / np.maximum(self.gate, 1e-12))).sum(axis=1).mean())

    @property
    def sure(self) -> float:
        """Share of the points for which one expert alone is responsible, by more than 0.9."""
        at = np.abs(GRID[:, np.newaxis] - self.x).argmin(axis=0)
        errors = (self.outputs[at] - self.t[:, np.newaxis]) ** 2
        return float(np.mean(shares(self.gate[at], errors, VARIANCE).max(axis=1) > 0.9))


def train(experts: int, competition: bool, seed: int, steps: int = STEPS) -> Mixture:
    """Train linear experts and a linear gate on all points at once, by Adam with a falling rate."""
    x, t = points(seed)
    loss = nn.MixtureLoss(experts, VARIANCE, competition)
    model = nn.Sequential([nn.Dense(2 * experts)], input_shape=(1,), seed=seed, dtype=np.float64)
    optimizer = nn.Adam(nn.CosineDecay(RATE, steps))
    model.fit(
        x[:, np.newaxis], t[:, np.newaxis], loss=loss, optimizer=optimizer,
        epochs=steps, batch_size=len(x), verbose=False,
    )  # fmt: skip
    predicted = model.predict(GRID[:, np.newaxis], len(GRID))
    gate, outputs = loss.split(predicted)
    return Mixture(x, t, gate, outputs[:, :, 0], loss.answer(predicted)[:, 0])
