"""Ten perceptrons that read digits, one for each: lessons 02 and 12 train them."""

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array

Floats = NDArray[np.float64]


def ten_perceptrons(
    images: Array, digits: NDArray[np.int64], epochs: int, seed: int, average: bool = False
) -> Floats:
    """Train one perceptron per digit: its label is +1 for that digit and -1 for all others.

    Parameters
    ----------
    images : Array, shape (samples, ...)
    digits : Array of int, shape (samples,)
    epochs : int
    seed : int
        Of the order in which each epoch takes the images.
    average : bool
        Return the sum of the weights over all steps, which answers as their average does [1]_: the
        last weights alone depend on the order of the last few examples.

    Returns
    -------
    weights : array, shape (inputs + 1, 10)
        A column for each digit; the last row holds the biases.

    References
    ----------
    .. [1] Y. Freund, R. E. Schapire, "Large margin classification using the perceptron
       algorithm", Machine Learning 37, 1999.
    """
    x = with_one(images)
    y = np.where(digits[:, np.newaxis] == np.arange(10), 1, -1)
    weights, total = np.zeros((2, x.shape[1], 10))
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for i in rng.permutation(len(x)):
            mistaken = y[i] * (x[i] @ weights) <= 0  # one yes or no per perceptron
            weights += np.outer(x[i], y[i] * mistaken)
            total += weights
    return total if average else weights


def largest_score(images: Array, weights: Array) -> NDArray[np.int64]:
    """Let all ten perceptrons score each image, shape (samples, ...); the largest wins."""
    answers: NDArray[np.int64] = (with_one(images) @ weights).argmax(axis=1)
    return answers


def with_one(images: Array) -> Floats:
    """Lay each image out in a row and put a constant 1 behind it."""
    rows = images.reshape(len(images), -1)
    return np.column_stack([rows, np.ones(len(rows))]).astype(np.float64)
