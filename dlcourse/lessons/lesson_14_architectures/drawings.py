"""Drawings of one to three shapes, each with its box and its kind: what the detector learns from.

Grey images; a box is (x1, y1, x2, y2): left, top, right, bottom, in pixels, y downwards.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array

KINDS = ("disc", "square", "triangle")
SIZE = 32  # pixels
SIDES = (7.0, 16.0)  # of a shape
MOST = 3  # shapes in a drawing
TRIES = 20  # to find a free place
NOISE = 0.1

Boxes = NDArray[np.float64]  # (n, 4)
Labels = NDArray[np.int64]  # (n,)


class Drawings(NamedTuple):
    """Images (n, size, size, 1), and for each the boxes (k, 4) and kinds (k,) of its shapes."""

    images: Array
    boxes: list[Boxes]
    kinds: list[Labels]

    @property
    def shapes(self) -> int:
        """How many shapes there are in all drawings together."""
        return sum(len(kinds) for kinds in self.kinds)


def draw(
    n: int,
    seed: int,
    *,
    sides: tuple[float, float] = SIDES,
    most: int = MOST,
    size: int = SIZE,
    gap: float = 1.0,
) -> Drawings:
    """Draw images with one shape or more, which hardly overlap.

    Parameters
    ----------
    n : int
        Number of images.
    seed : int
    sides : pair of float
        The smallest and the largest side of a shape, in pixels.
    most : int
        Shapes in one image, at most; fewer where there is no room.
    size : int
        Height and width of an image.
    gap : float
        Pixels that two shapes are apart, about; negative lets them overlap.

    Examples
    --------
    >>> drawings = draw(2, seed=0)
    >>> drawings.images.shape, [len(boxes) for boxes in drawings.boxes]
    ((2, 32, 32, 1), [2, 2])
    """
    rng = np.random.default_rng(seed)
    images = np.empty((n, size, size, 1), np.float32)
    boxes, kinds = [], []
    for image in images:
        grey = np.full((size, size), rng.uniform(0, 0.3))
        squares = _places(rng, int(rng.integers(1, most + 1)), sides, size, gap)
        found = rng.integers(0, len(KINDS), len(squares))
        for (x, y, side), kind in zip(squares, found, strict=True):
            grey[_inside(KINDS[kind], x, y, side, size)] = rng.uniform(0.6, 1)
        image[..., 0] = grey + rng.normal(0, NOISE, grey.shape)
        boxes.append(
            np.array([[x - s / 2, y - s / 2, x + s / 2, y + s / 2] for x, y, s in squares])
        )
        kinds.append(found)
    return Drawings(images, boxes, kinds)


def _places(
    rng: np.random.Generator, wanted: int, sides: tuple[float, float], size: int, gap: float
) -> list[tuple[float, float, float]]:
    """Find places for shapes, each as the x and y of its middle and its side."""
    placed: list[tuple[float, float, float]] = []
    for _ in range(wanted):
        for _ in range(TRIES):
            side = float(rng.uniform(*sides))
            x, y = (float(at) for at in rng.uniform(side / 2, size - side / 2, 2))
            if all(
                max(abs(x - left), abs(y - top)) > 0.45 * (side + other) + gap
                for left, top, other in placed
            ):
                placed.append((x, y, side))
                break
    return placed


def _inside(kind: str, x: float, y: float, side: float, size: int) -> NDArray[np.bool_]:
    """Tell which pixels a shape covers."""
    down, right = np.mgrid[:size, :size] + 0.5
    down, right = down - y, right - x
    if kind == "disc":
        covered: NDArray[np.bool_] = right**2 + down**2 <= (side / 2) ** 2
    elif kind == "square":
        covered = np.maximum(abs(right), abs(down)) <= side / 2
    else:
        covered = (abs(down) <= side / 2) & (2 * abs(right) <= down + side / 2)
    return covered
