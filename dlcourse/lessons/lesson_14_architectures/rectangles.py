"""What stands around a detector's network: a grid as its target, boxes from its outputs, a score.

The lesson shows each of them on one case; here they are for any number of boxes and cells.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcourse.lessons.lesson_14_architectures.drawings import KINDS, Boxes, Drawings, Labels
from dlcourse.nn.contract import Array

OVERLAP = 0.5  # of two boxes, above which they are taken for one
FAINTEST = 0.05  # score of a box that is looked at
GOOD = 0.5  # IoU of a box that counts as found


class Found(NamedTuple):
    """What a detector says of one image: boxes (k, 4), scores (k,) and kinds (k,), best first."""

    boxes: Boxes
    scores: NDArray[np.float64]
    kinds: Labels

    def above(self, least: float) -> "Found":
        """Return those with a score of at least so much."""
        sure = self.scores >= least
        return Found(self.boxes[sure], self.scores[sure], self.kinds[sure])


def iou(a: ArrayLike, b: ArrayLike) -> float:
    """Return the area that two boxes share, divided by the area that they cover together.

    Examples
    --------
    >>> round(iou((0, 0, 4, 4), (2, 2, 6, 6)), 4)
    0.1429
    """
    return float(_ious(np.asarray(a, float), np.asarray(b, float)[np.newaxis])[0])


def _ious(box: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Return the IoU of one box (4,) with each of some others (n, 4)."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    area, areas = np.prod(box[2:] - box[:2]), np.prod(others[:, 2:] - others[:, :2], axis=1)
    found: NDArray[np.float64] = shared / (area + areas - shared)
    return found


def nms(boxes: Boxes, scores: ArrayLike, threshold: float = OVERLAP) -> list[int]:
    """Keep the best box, drop what overlaps it by more than a threshold, and go on with the rest.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 4, 4], [0, 0, 4, 3], [6, 6, 9, 9]])
    >>> nms(boxes, [0.6, 0.9, 0.8])
    [1, 2]
    """
    kept: list[int] = []
    for place in np.argsort(-np.asarray(scores, float), kind="stable"):
        if not kept or _ious(boxes[place], boxes[kept]).max() <= threshold:
            kept.append(int(place))
    return kept


def encode_grid(boxes: Boxes, kinds: Labels, size: int, cells: int) -> Array:
    """Return what the network should put out: six numbers for each cell.

    Returns
    -------
    target : array, shape (cells, cells, 6)
        Object, x and y in the cell, width and height as shares of the image, kind. Of two objects
        in one cell the first stays.

    Examples
    --------
    >>> encode_grid(np.array([[4, 2, 10, 14]]), np.array([1]), size=16, cells=4)[2, 1].tolist()
    [1.0, 0.75, 0.0, 0.375, 0.75, 1.0]
    """
    target = np.zeros((cells, cells, 6), np.float32)
    cell = size / cells
    for (x1, y1, x2, y2), kind in zip(boxes, kinds, strict=True):
        x, y = (x1 + x2) / 2 / cell, (y1 + y2) / 2 / cell
        row, column = min(int(y), cells - 1), min(int(x), cells - 1)
        if not target[row, column, 0]:
            width, height = (x2 - x1) / size, (y2 - y1) / size
            target[row, column] = 1, x - column, y - row, width, height, kind
    return target


def targets(drawings: Drawings, cells: int) -> Array:
    """Return the grids of all drawings, shape (n, cells, cells, 6)."""
    size = drawings.images.shape[1]
    pairs = zip(drawings.boxes, drawings.kinds, strict=True)
    return np.array([encode_grid(boxes, kinds, size, cells) for boxes, kinds in pairs])


def decode_grid(outputs: Array, size: int, least: float = FAINTEST) -> Found:
    """Turn what the network puts out for one image into boxes, one for each cell that is sure.

    Parameters
    ----------
    outputs : array, shape (cells, cells, 5 + kinds)
    size : int
        Of the image, in pixels.
    least : float
        Score below which a cell is left out: object times its best kind.
    """
    cells = outputs.shape[0]
    scores = outputs[..., 0] * outputs[..., 5:].max(axis=-1)
    rows, columns = np.nonzero(scores > least)
    sure = outputs[rows, columns].astype(float)
    middle = (np.stack([columns, rows], axis=1) + sure[:, 1:3]) * (size / cells)
    sides = size * sure[:, 3:5] ** 2
    boxes = np.hstack([middle - sides / 2, middle + sides / 2])
    order = np.argsort(-scores[rows, columns], kind="stable")
    kinds = sure[:, 5:].argmax(axis=1)
    return Found(boxes[order], scores[rows, columns][order].astype(float), kinds[order])


def suppressed(found: Found, threshold: float = OVERLAP) -> Found:
    """Return what non-maximum suppression leaves."""
    kept = nms(found.boxes, found.scores, threshold)
    return Found(found.boxes[kept], found.scores[kept], found.kinds[kept])


def hits(found: Found, boxes: Boxes, kinds: Labels, good: float = GOOD) -> list[bool]:
    """Tell which boxes are right: of the right kind, with an IoU of `good`, each shape once."""
    free = np.ones(len(boxes), dtype=bool)
    right = []
    for box, kind in zip(found.boxes, found.kinds, strict=True):
        overlap = np.where(kinds == kind, _ious(box, boxes), 0)
        best = int(overlap.argmax())
        right.append(bool(overlap[best] >= good and free[best]))
        if right[-1]:
            free[best] = False
    return right


def average_precision(scores: ArrayLike, right: ArrayLike, positives: int) -> float:
    """Return the area under precision over recall, its dents filled.

    Examples
    --------
    >>> round(average_precision([0.9, 0.8, 0.7], [True, False, True], 2), 4)
    0.8333
    """
    order = np.argsort(-np.asarray(scores, float), kind="stable")
    ordered = np.asarray(right, bool)[order]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    filled = np.maximum.accumulate(precision[::-1])[::-1]
    return float(filled[ordered].sum() / positives)


class Judged(NamedTuple):
    """All boxes of all images: their scores (n,), whether they are right (n,), their kinds (n,)."""

    scores: NDArray[np.float64]
    hits: NDArray[np.bool_]
    kinds: Labels


def judge(found: Sequence[Found], drawings: Drawings, good: float = GOOD) -> Judged:
    """Tell of every box that was found in some drawings whether it is right."""
    right = [
        hits(one, boxes, kinds, good)
        for one, boxes, kinds in zip(found, drawings.boxes, drawings.kinds, strict=True)
    ]
    return Judged(
        np.concatenate([one.scores for one in found]),
        np.array([each for one in right for each in one], dtype=bool),
        np.concatenate([one.kinds for one in found]),
    )


def mean_average_precision(found: Sequence[Found], drawings: Drawings, good: float = GOOD) -> float:
    """Return the mean over the kinds of the average precision, with this IoU for a right box."""
    scores, right, kinds = judge(found, drawings, good)
    truths = np.concatenate(drawings.kinds)
    each = []
    for kind in range(len(KINDS)):
        positives = int(np.sum(truths == kind))
        each.append(average_precision(scores[kinds == kind], right[kinds == kind], positives))
    return float(np.mean(each))
