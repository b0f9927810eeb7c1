"""The small experiments of lesson 11: boosting on paper, bells, purity, neighbours that err."""

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.naive_bayes import GaussianNB

from dlcourse.lessons.lesson_11_machines import measure
from dlcourse.nn.contract import Array


def boost(x: Array, y: Array, rounds: int, share: float = 0.5) -> list[Array]:
    """Boost numbers with single questions; return what is predicted after 0, 1, 2... rounds.

    Parameters
    ----------
    x, y : array, shape (n,)
        A feature in rising order, and the numbers.
    rounds : int
    share : float
        How much of each answer is added.

    Examples
    --------
    >>> boost(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0]), 1)[1].tolist()
    [2.25, 2.25, 4.5]
    """
    told = [np.full(len(y), y.mean())]
    for _ in range(rounds):
        rest = y - told[-1]
        sides = [x < threshold for threshold in (x[1:] + x[:-1]) / 2]
        answers = [np.where(s, rest[s].mean(), rest[~s].mean()) for s in sides]
        errors = [float(np.sum((rest - answer) ** 2)) for answer in answers]
        told.append(told[-1] + share * answers[int(np.argmin(errors))])
    return told


def wider_bells(known: int, wider: float, seeds: int = 3) -> list[float]:
    """Teach naive Bayes few digits with its bells made wider; return shares right, per seed.

    The variance of every bell grows by `wider` times the largest variance of all features. Seeds
    shuffle as those of the record do.
    """
    x, y = measure.data("digits")
    found = []
    for seed in range(seeds):
        places = np.random.default_rng(seed).permutation(len(x))
        a, b = places[:known], places[1437:]
        found.append(float(GaussianNB(var_smoothing=wider).fit(x[a], y[a]).score(x[b], y[b])))
    return found


def purity(clusters: NDArray[np.integer], labels: NDArray[np.integer]) -> float:
    """Return the share of examples that have the commonest label of their cluster.

    Examples
    --------
    >>> purity(np.array([0, 0, 0, 1]), np.array([5, 5, 7, 7]))
    0.75
    """
    counts = [np.bincount(labels[clusters == j]).max() for j in np.unique(clusters)]
    return float(sum(counts) / len(labels))


def purities(k: int, seeds: int = 3) -> tuple[list[float], list[float]]:
    """Cluster the digits; return the purity with their labels, and with labels dealt at random."""
    x, y = measure.data("digits")
    mixed = np.random.default_rng(0).permutation(y)
    found = [KMeans(k, n_init=1, random_state=seed).fit_predict(x) for seed in range(seeds)]
    return [purity(each, y) for each in found], [purity(each, mixed) for each in found]


def neighbour_errs(known: int, seed: int, new: int = 20_000) -> float:
    """Return how often the nearest neighbour errs between two bell curves, at -1 and 1.

    Both have the standard deviation 1 and are equally frequent.

    Parameters
    ----------
    known, new : int
        Examples that are kept, and examples to be answered for.
    seed : int
    """
    rng = np.random.default_rng(seed)
    y, new_y = rng.integers(0, 2, known), rng.integers(0, 2, new)
    x, new_x = rng.normal(2 * y - 1), rng.normal(2 * new_y - 1)
    order = np.argsort(x)
    x, y = x[order], y[order]
    above = np.searchsorted(x, new_x).clip(1, known - 1)
    near = above - (new_x - x[above - 1] < x[above] - new_x)
    return float(np.mean(y[near] != new_y))


def least_and_limit() -> tuple[float, float]:
    """Return the least error between these bell curves, and the neighbour's with all examples.

    Examples
    --------
    >>> [round(share, 4) for share in least_and_limit()]
    [0.1587, 0.2248]
    """
    places, width = np.linspace(-9, 9, 20_001, retstep=True)
    low, high = (np.exp(-((places - m) ** 2) / 2) / np.sqrt(2 * np.pi) for m in (-1, 1))
    least = np.sum(np.minimum(low, high) / 2) * width
    limit = np.sum(low * high / (low + high)) * width
    return float(least), float(limit)
