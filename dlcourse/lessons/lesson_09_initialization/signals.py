"""How large signals are in each layer of a network that has not been trained, both ways.

Forwards the activations, backwards the deltas (how fast the loss grows with each pre-activation),
and their products, the gradients of the weights. Sizes are root mean squares.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcourse.nn.activations import get_activation
from dlcourse.nn.contract import Array, Shape
from dlcourse.nn.initializers import INITIALIZERS, Initializer, fans


def standard_uniform(
    rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32
) -> Array:
    """Draw uniformly up to 1 / sqrt(fan_in), the custom before 2010: variance 1 / (3 fan_in)."""
    limit = 1 / np.sqrt(fans(shape)[0])
    return rng.uniform(-limit, limit, shape).astype(dtype)


def fixed_normal(std: float) -> Initializer:
    """Return an initializer that draws from a normal distribution, whatever the fans are."""

    def initializer(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
        return (std * rng.standard_normal(shape)).astype(dtype)

    return initializer


# The starts that the lesson compares, under the names that its figures and its board use.
STARTS: dict[str, Initializer] = {
    "0.01 everywhere": fixed_normal(0.01),
    "standard": standard_uniform,
    "Glorot": INITIALIZERS["glorot_uniform"],
    "He": INITIALIZERS["he_normal"],
    "0.2 everywhere": fixed_normal(0.2),
}


class Profile(NamedTuple):
    """Sizes in each hidden layer, the first one first."""

    activations: list[float]
    deltas: list[float]
    gradients: list[float]  # of the weights that lead into the layer


def size(values: Array) -> float:
    """Return the root mean square of an array.

    Examples
    --------
    >>> size(np.array([3.0, 4.0]))
    3.5355339059327378
    """
    return float(np.sqrt(np.mean(np.square(values))))


def kernels(start: Initializer, widths: Sequence[int], seed: int) -> list[Array]:
    """Draw the weights between layers of these widths, the inputs first."""
    rng = np.random.default_rng(seed)
    return [np.asarray(start(rng, pair, np.float64), np.float64) for pair in pairwise(widths)]


def profile(x: Array, y: NDArray[np.int64], weights: Sequence[Array], activation: str) -> Profile:
    """Return the sizes of a network without biases whose last layer feeds a softmax.

    Parameters
    ----------
    x : array, shape (batch, inputs)
    y : array of int, shape (batch,)
        The class of each row; the loss is their mean surprise.
    weights : sequence of arrays, shape (in, out)
        Of the hidden layers and, last, of the output layer.
    activation : str
        Of the hidden layers, a name of `dlcourse.nn.activations`.

    Examples
    --------
    >>> weights = kernels(STARTS["He"], [4, 8, 8, 3], seed=0)
    >>> found = profile(np.eye(4), np.array([0, 1, 2, 0]), weights, "relu")
    >>> len(found.activations), len(found.deltas), len(found.gradients)
    (2, 2, 2)
    """
    forward, backward = get_activation(activation)
    layers: list[Array] = [np.asarray(x, np.float64)]
    sums: list[Array] = []
    for kernel in weights[:-1]:
        sums.append(layers[-1] @ kernel)
        layers.append(forward(sums[-1]))
    logits = layers[-1] @ weights[-1]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    delta = powers / powers.sum(axis=1, keepdims=True)
    delta[np.arange(len(y)), y] -= 1
    delta /= len(y)
    deltas, gradients = [], []
    for number in reversed(range(len(sums))):
        delta = backward(delta @ weights[number + 1].T, sums[number], layers[number + 1])
        deltas.append(size(delta))
        gradients.append(size(layers[number].T @ delta))
    return Profile([size(a) for a in layers[1:]], deltas[::-1], gradients[::-1])


def rivers(
    x: Array, functions: Sequence[Callable[[Array], Array]], factors: Sequence[Sequence[float]]
) -> list[list[list[Array]]]:
    """Send a batch through thirty layers as wide as itself, for each function and factor.

    Parameters
    ----------
    x : array, shape (batch, width)
    functions : sequence of callables
        Activation functions.
    factors : sequence of sequences of float
        For each function some values of n_in v: the variance of the weights, times the width.

    Returns
    -------
    list
        For each function and factor the activations of the input and of the thirty layers.
    """
    found = []
    for function, chosen in zip(functions, factors, strict=True):
        line = []
        for factor in chosen:
            rng, layers = np.random.default_rng(0), [x]
            for _ in range(30):
                width = layers[-1].shape[1]
                weights = rng.normal(0, np.sqrt(factor / width), (width, 256))
                layers.append(function(layers[-1] @ weights))
            line.append(layers)
        found.append(line)
    return found
