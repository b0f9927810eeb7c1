"""Lesson 12's machines that read digits: ten perceptrons on what fixed filters say.

Nothing here is trained by gradients. What the perceptrons see of an image, its features, is the
pixels themselves, edges, or patches cut out of other digits. A machine learns from digits in the
middle of 12 x 12 pixels, and is tested on digits that may have moved.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from dlcourse import nn
from dlcourse.datasets import Dataset, digits_split
from dlcourse.lessons.perceptrons import largest_score, ten_perceptrons
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
        features = apply(through, place(TRAIN.x))
        weights = ten_perceptrons(features, TRAIN.y, epochs, seed, average=True)
        for name, right in SHIFTS.items():
            seen = apply(through, place(TEST.x, right))
            counts[name].append(int(np.sum(largest_score(seen, weights) != TEST.y)))
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
        learned = (ten_perceptrons(seen, TRAIN.y, 10, seed, average=True) for seed in range(seeds))
        answers = (largest_score(unseen, weights) for weights in learned)
        counts[name] = [int(np.sum(each != TEST.y)) for each in answers]
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
