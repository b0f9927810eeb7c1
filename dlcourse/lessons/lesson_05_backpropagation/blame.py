"""An experiment: how often the largest weight of a network has the largest derivative."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Forward = Callable[..., tuple[Floats, Floats]]
Backward = Callable[..., tuple[Floats, Floats, Floats, Floats]]


def largest_is_most_to_blame(forward: Forward, backward: Backward, networks: int) -> float:
    """Return the share of random 2-2-2 networks of which that is true.

    Parameters
    ----------
    forward, backward : callable
        As the lesson writes them: ``forward(X, W1, bias1, W2, bias2)`` returns the hidden
        activations and the outputs, ``backward(X, Y, A, Y_hat, W2)`` the four derivatives.
    networks : int
        How many; weights and biases are drawn from a normal distribution, inputs and labels
        evenly between 0 and 1.
    """
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(networks):
        weights, biases = rng.normal(size=(2, 2, 2)), rng.normal(size=(2, 2))
        x, y = rng.uniform(size=(2, 1, 2))
        hidden, outputs = forward(x, weights[0], biases[0], weights[1], biases[1])
        first, _, second, _ = backward(x, y, hidden, outputs, weights[1])
        hits += np.abs(weights).argmax() == np.abs([first, second]).argmax()
    return float(hits / networks)
