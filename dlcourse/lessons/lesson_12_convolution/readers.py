"""Lesson 12's machines that read digits: ten perceptrons on what fixed filters say.

Nothing here is trained by gradients. What the perceptrons see of an image, its features, is the
pixels themselves, edges, or patches cut out of other digits. A machine learns from digits in the
middle of 12 x 12 pixels, and is tested on digits that may have moved.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.datasets import Dataset, digits_split
from dlcourse.nn.contract import Array, Layer
from dlcourse.tables import Table

Layers: TypeAlias = Sequence[Layer]
TRAIN, TEST = digits_split()
SHIFTS = {"in place": 0, "one pixel to the right": 1, "two pixels": 2}


def place(images: Array, right: int = 0) -> Array:
    """Put images of 8 x 8 pixels into 12 x 12, in the middle or up to two pixels to the right.

    Parameters
    ----------
    images : Array, shape (images, 8, 8, 1)
    right : int

    Returns
    -------
    larger : Array, shape (images, 12, 12)

    Examples
    --------
    >>> place(np.ones((1, 8, 8, 1)), right=1)[0, 2]
    array([0., 0., 0., 1., 1., 1., 1., 1., 1., 1., 1., 0.])
    """
    larger = np.zeros((len(images), 12, 12))
    larger[:, 2:10, 2 + right : 10 + right] = images[..., 0]
    return larger


def as_rows(features: Array) -> Array:
    """Lay each example out as one row of numbers, with a 1 at its end for the bias."""
    return np.column_stack([features.reshape(len(features), -1), np.ones(len(features))])


def ten_perceptrons(
    features: Array, labels: NDArray[np.int64], seed: int, epochs: int = 10
) -> Array:
    """Let a perceptron for each digit learn by Rosenblatt's rule: it moves when it is wrong.

    What comes back is the sum of its weights over all steps, which answers as their average does
    [1]_: the last weights alone depend on the order of the last few examples.

    Parameters
    ----------
    features : Array, shape (examples, ...)
    labels : array of int, shape (examples,)
    seed : int
        Of the order of the examples, another one in each epoch.
    epochs : int

    Returns
    -------
    weights : Array, shape (10, features + 1)
        The last one of each perceptron is its bias.

    References
    ----------
    .. [1] Y. Freund, R. E. Schapire, "Large margin classification using the perceptron
       algorithm", Machine Learning 37, 1999.
    """
    rows, rng = as_rows(features), np.random.default_rng(seed)
    wanted = np.where(labels[:, np.newaxis] == np.arange(10), 1, -1)
    weights = np.zeros((10, rows.shape[1]))
    total: Array = np.zeros_like(weights)
    for _ in range(epochs):
        for n in rng.permutation(len(rows)):
            mistaken = wanted[n] * (weights @ rows[n]) <= 0
            if mistaken.any():
                weights[mistaken] += np.outer(wanted[n][mistaken], rows[n])
            total += weights
    return total


def wrong(weights: Array, features: Array, labels: NDArray[np.int64]) -> int:
    """Count the examples for which another perceptron than the right one has the largest score."""
    return int(np.sum((as_rows(features) @ weights.T).argmax(axis=1) != labels))


def wrong_by_shift(
    layers: Layers | Sequence[Layers], *, seeds: int = 5, epochs: int = 10
) -> dict[str, list[int]]:
    """Learn from digits in place, and count what is read wrongly when the test digits move.

    Parameters
    ----------
    layers : list of Layer, or such a list for each seed
        What the images go through before the perceptrons see them; nothing in an empty list.
    seeds : int
        How many runs.
    epochs : int

    Returns
    -------
    counts : dict
        For each of `SHIFTS` the number of wrong test digits, of 360, one for each seed.
    """
    own = bool(layers) and isinstance(layers[0], list)
    counts: dict[str, list[int]] = {name: [] for name in SHIFTS}
    for seed in range(seeds):
        through: Any = layers[seed] if own else layers
        weights = ten_perceptrons(apply(through, place(TRAIN.x)), TRAIN.y, seed, epochs)
        for name, right in SHIFTS.items():
            seen = apply(through, place(TEST.x, right))
            counts[name].append(wrong(weights, seen, TEST.y))
    return counts


def shuffled(data: Dataset) -> Dataset:
    """Return digits whose 64 pixels lie in another order, the same one for all."""
    order = np.random.default_rng(99).permutation(64)
    return data._replace(x=data.x.reshape(-1, 64)[:, order].reshape(data.x.shape))


def wrong_when_shuffled(layers: Layers, seeds: int = 5) -> dict[str, list[int]]:
    """Count what is read wrongly with the pixels in their order, and in another one."""
    counts = {}
    for name, change in (("as they are", lambda data: data), ("shuffled", shuffled)):
        seen, unseen = (apply(layers, place(change(data).x)) for data in (TRAIN, TEST))
        learned = (ten_perceptrons(seen, TRAIN.y, seed) for seed in range(seeds))
        counts[name] = [wrong(weights, unseen, TEST.y) for weights in learned]
    return counts


def apply(layers: Layers, images: Array) -> Array:
    """Send grey images of shape (images, height, width) through layers, one after the other."""
    values: Array = images[..., np.newaxis]
    for layer in layers:
        values, _ = layer.forward(values)
    return values


def layer_of(kernels: Sequence[Array]) -> nn.Conv2D:
    """Return a layer of a filter for each kernel, for grey images, with the padding "same"."""
    stacked = np.stack([np.asarray(kernel, dtype=np.float64) for kernel in kernels], axis=-1)
    layer = nn.Conv2D(len(kernels), stacked.shape[:2], padding="same", use_bias=False)
    layer.params = {"kernel": stacked[:, :, np.newaxis]}
    return layer


def cut_patches(seed: int, count: int = 96, side: int = 5) -> list[Array]:
    """Cut kernels out of training digits, at random and without a look at the labels.

    Patches with little ink are passed over; the mean is taken off, and all get length 1.
    """
    images, rng = place(TRAIN.x), np.random.default_rng(seed)
    patches: list[Array] = []
    while len(patches) < count:
        row, column = rng.integers(0, 13 - side, 2)
        patch = images[rng.integers(len(images)), row : row + side, column : column + side]
        if patch.std() > 0.25:
            centred = patch - patch.mean()
            patches.append(centred / np.linalg.norm(centred))
    return patches


def from_to(counts: Sequence[int]) -> str:
    """Write the mean of some runs, and the smallest and largest of them.

    Examples
    --------
    >>> from_to([39, 43, 41])
    '41 (39 to 43)'
    """
    return f"{np.mean(counts):.0f} ({min(counts)} to {max(counts)})"


def table(first: str, columns: Mapping[str, Mapping[str, Sequence[int]]]) -> Table:
    """Set what several machines read wrongly side by side, one row for each kind of digits.

    Examples
    --------
    >>> table("digits", {"pixels": {"in place": [3, 5], "moved": [9, 9]}})
    digits    pixels
    --------  ----------
    in place  4 (3 to 5)
    moved     9 (9 to 9)
    """
    names = next(iter(columns.values()))
    rows = [[name, *(from_to(counts[name]) for counts in columns.values())] for name in names]
    return Table([first, *columns], rows)
