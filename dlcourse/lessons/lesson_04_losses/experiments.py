"""The experiments of lesson 04 that its cells call: walks, a softmax layer, letters in bits."""

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.datasets import SHANNONS
from dlcourse.nn.activations import softmax
from dlcourse.nn.contract import Array


def walk(start: float, loss: str, eta: float = 0.15, goal: float = 0.1) -> Array:
    """Take steps downhill with one sigmoid neuron, x = 1 and label 0, until it answers `goal`.

    Parameters
    ----------
    start : float
        Its weight and its bias; both move.
    loss : str
        ``"half squared error"`` or ``"cross-entropy"``.
    eta, goal : float

    Returns
    -------
    outputs : Array
        Before each step, and at the end.

    Examples
    --------
    >>> len(walk(2.0, "half squared error")) - 1, len(walk(2.0, "cross-entropy")) - 1
    (469, 50)
    """
    z, outputs = 2 * start, [float(1 / (1 + np.exp(-2 * start)))]
    while outputs[-1] >= goal:
        a = outputs[-1]
        slope = a * a * (1 - a) if loss == "half squared error" else a
        z -= 2 * eta * slope  # weight and bias move by the same amount
        outputs.append(float(1 / (1 + np.exp(-z))))
    return np.array(outputs)


def softmax_layer(
    x: Array, targets: Array, eta: float, steps: int, loss: str = "cross-entropy"
) -> tuple[Array, Array]:
    """Train one softmax layer from zero on all examples at once.

    Parameters
    ----------
    x : Array, shape (batch, inputs)
    targets : Array, shape (batch, classes)
        Rows that add up to 1.
    eta : float
    steps : int
    loss : str
        ``"cross-entropy"``, or ``"squares"`` for the mean squared error of the probabilities.

    Returns
    -------
    W, b : Array, shapes (inputs, classes) and (classes,)
    """
    x = x.astype(float)
    W, b = np.zeros((x.shape[1], targets.shape[1])), np.zeros(targets.shape[1])  # noqa: N806
    for _ in range(steps):
        p = softmax(x @ W + b)
        slopes = p - targets
        if loss == "squares":
            pull = 2 * slopes / targets.shape[1]
            slopes = p * (pull - (pull * p).sum(axis=1, keepdims=True))
        W -= eta * x.T @ slopes / len(x)  # noqa: N806
        b -= eta * slopes.mean(axis=0)
    return W, b


def confidence_gap(p: Array, y: NDArray[np.integer[Any]], bins: int = 10) -> float:
    """Return how far the largest probability and the share of right answers lie apart.

    Answers are sorted into bins by their largest probability; the gaps of the bins are averaged,
    each weighed with the share of answers in it: the expected calibration error.

    Parameters
    ----------
    p : Array, shape (batch, classes)
    y : array of int, shape (batch,)
    bins : int

    Examples
    --------
    >>> round(confidence_gap(np.array([[0.8, 0.2], [0.8, 0.2]]), np.array([0, 1])), 9)
    0.3
    """
    sure, right = p.max(axis=1), p.argmax(axis=1) == y
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = (abs(np.sum((sure - right)[place == number])) for number in range(bins))
    return float(sum(gaps) / len(y))


def bits_counted(text: str, longest: int) -> list[float]:
    """Count blocks of letters, and return Shannon's bits per letter for each length of blocks.

    Parameters
    ----------
    text : str
    longest : int
        Letters in the longest blocks.

    Returns
    -------
    bits : list of float
        What the last letter of a block adds to the entropy of blocks: F1, F2 and so on.

    Examples
    --------
    >>> [round(bits, 3) for bits in bits_counted("aabc", 2)]
    [1.5, 0.085]
    """
    entropies = [0.0]
    for n in range(1, longest + 1):
        blocks = Counter(text[i : i + n] for i in range(len(text) - n + 1))
        shares = np.array(list(blocks.values())) / blocks.total()
        entropies.append(float(-np.sum(shares * np.log2(shares))))
    return [later - before for before, later in pairwise(entropies)]


def bits_on_new(known: str, new: str, n: int) -> float:
    """Count blocks of up to n letters in one text, and predict each letter of another with them.

    The shares after the last n - 1 letters are mixed with those after fewer; a past that came with
    many different letters trusts its own counts less (Witten and Bell's rule).

    Parameters
    ----------
    known, new : str
        In the symbols of `dlcourse.datasets.SHANNONS`.
    n : int

    Returns
    -------
    bits : float
        The mean surprise about a letter of `new`.
    """
    counts: dict[str, Array] = {}
    for i in range(n - 1, len(known)):
        number = SHANNONS.index(known[i])
        for length in range(n):
            counts.setdefault(known[i - length : i], np.zeros(27))[number] += 1
    surprises = []
    for i in range(n - 1, len(new)):
        p = np.full(27, 1 / 27)
        for length in range(n):
            seen = counts.get(new[i - length : i])
            if seen is None:
                break
            kinds = np.count_nonzero(seen)
            p = (seen + kinds * p) / (seen.sum() + kinds)
        surprises.append(-np.log2(p[SHANNONS.index(new[i])]))
    return float(np.mean(surprises))


def written(text: str, n: int, letters: int = 60) -> str:
    """Write letters, each drawn as it follows the n - 1 before it in a text.

    Parameters
    ----------
    text : str
    n : int
        0 draws from 27 equal chances.
    letters : int

    Returns
    -------
    new : str
    """
    rng = np.random.default_rng(0)
    if n == 0:
        return "".join(rng.choice(list(SHANNONS), letters))
    new = text[: n - 1]
    while len(new) < letters:
        past = new[len(new) - n + 1 :]
        follow = [text[i + n - 1] for i in range(len(text) - n + 1) if text.startswith(past, i)]
        new += str(rng.choice(follow))
    return new
