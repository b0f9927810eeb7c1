"""What lesson 02 trains and measures beside its one neuron.

How close a line comes, what more epochs bring, the bound on
random data, perceptrons behind random units, and how long a call takes.
"""

import timeit
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dlcourse.datasets import logic_gates
from dlcourse.nn import novikoff_bound, perceptron_updates
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

Floats = NDArray[np.float64]


def closest(x: Array, y: Array, weights: Array) -> float:
    """Return the distance from the line of the example closest to it; below 0: a wrong answer.

    Parameters
    ----------
    x : Array, shape (samples, inputs)
    y : Array, shape (samples,)
        Labels, -1 or +1.
    weights : Array, shape (inputs + 1,)
        The last one is the bias.

    Examples
    --------
    >>> closest(np.array([[4.0, 2.0], [0.0, 0.0]]), np.array([1, -1]), np.array([3.0, 4.0, -15.0]))
    1.0
    """
    distances = y * (x @ weights[:-1] + weights[-1]) / np.linalg.norm(weights[:-1])
    return float(distances.min())


def wrong_after_each_epoch(x: Array, y: Array, epochs: int, seed: int) -> NDArray[np.int64]:
    """Train one perceptron in a new random order each epoch; count its wrong answers after each.

    Parameters
    ----------
    x : Array, shape (samples, inputs)
    y : Array, shape (samples,)
        Labels, -1 or +1.
    epochs, seed : int

    Returns
    -------
    wrong : array of int, shape (epochs,)
    """
    examples = np.column_stack([x, np.ones(len(x))])
    weights = np.zeros(examples.shape[1])
    rng = np.random.default_rng(seed)
    wrong = np.empty(epochs, np.int64)
    for epoch in range(epochs):
        for i in rng.permutation(len(y)):
            if y[i] * (weights @ examples[i]) <= 0:
                weights = weights + y[i] * examples[i]
        wrong[epoch] = np.sum(y * (examples @ weights) <= 0)
    return wrong


def mistakes_and_bounds(count: int) -> tuple[NDArray[np.int64], Floats]:
    """Train perceptrons on random separable data; return their mistakes and Novikoff's bounds.

    Each data set has 60 examples with 1 to 7 inputs, all normally distributed, and the labels that
    random weights give them. The bound is that of these weights.

    Parameters
    ----------
    count : int
        Of data sets.

    Returns
    -------
    mistakes, bounds : arrays, shape (count,)
    """
    rng = np.random.default_rng(0)
    mistakes, bounds = [], []
    for _ in range(count):
        x = rng.normal(size=(60, rng.integers(1, 8)))
        truth = rng.normal(size=x.shape[1] + 1)
        y = np.where(x @ truth[:-1] + truth[-1] > 0, 1, -1)
        mistakes.append(sum(1 for _ in perceptron_updates(x, y, max_epochs=10**6)))
        bounds.append(novikoff_bound(x, y, truth))
    return np.array(mistakes), np.array(bounds)


def learns_xor(count: int, seed: int) -> bool:
    """Tell whether a perceptron behind random association units learns XOR in 200 epochs.

    Parameters
    ----------
    count : int
        Of units. Each has random connections +1 or -1 to both inputs and a random threshold, 0 or
        1; none of them learns.
    seed : int
    """
    rng = np.random.default_rng(seed)
    x, y = logic_gates("XOR")
    connections = rng.choice([-1, 1], size=(2, count))
    thresholds = rng.choice([0, 1], size=count)
    fires = (x @ connections > thresholds).astype(np.float64)
    return max(update.epoch for update in perceptron_updates(fires, y, max_epochs=200)) < 200


def times(calls: Mapping[str, Callable[[Array], object]], inputs: int, sizes: list[int]) -> Table:
    """Time some functions on batches of several sizes, each the best of five calls.

    Parameters
    ----------
    calls : mapping of str to callable
        Each takes a batch, shape (size, inputs), in float32.
    inputs : int
    sizes : list of int
    """
    rows = []
    for size in sizes:
        batch = np.ones((size, inputs), np.float32)
        best = [
            1000 * min(timeit.repeat(partial(call, batch), number=1, repeat=5))
            for call in calls.values()
        ]
        rows.append([f"{size:,}", *(f"{each:.3f}" for each in best)])
    return Table(["examples", *(f"{name}, ms" for name in calls)], rows)
