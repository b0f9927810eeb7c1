"""YOLO's loss: what the cells of a grid say is in an image, and where, against what is there.

The image is cut into cells x cells squares. Each cell puts out 5 + K numbers for K classes:
whether the middle of an object lies in it (o), where in the cell (x, y), the roots of the object's
width and height as shares of the image (r, s), and a score for each class (c_1 .. c_K). The truth
of a cell is six numbers: object (0 or 1), x, y, width, height, and the class as an index. A hat
marks what the network puts out. Over the cells of one image

    L = sum over cells with an object     (o^ - 1)^2
                                          + lambda ((x^ - x)^2 + (y^ - y)^2
                                                    + (r^ - sqrt(width))^2 + (s^ - sqrt(height))^2)
                                          + sum over k of (c^_k - [k is the class])^2
      + mu * sum over all other cells     (o^ - 0)^2

and the loss is the mean over the images. It is one squared difference for each output, times how
much that output counts: 1, lambda, mu or 0. So its gradient is 2 * counts * difference / images.

Most cells are empty. Were mu 1, they would outvote the few that are not; lambda is there because
the four places of a box are small differences, and matter. The roots make an error of one pixel
weigh more for a small box than for a large one.
"""

import numpy as np
from numpy.typing import ArrayLike

from dlcourse.nn.contract import Array, as_array, whole_numbers
from dlcourse.nn.losses import Loss, as_floats, extremes, row_weights

TRUTH = 6  # numbers of a cell: object, x, y, width, height, class
BOX = 5  # numbers of a cell before the classes: object, x, y, and two roots


class YOLOLoss(Loss):
    """Weighted squared errors of a grid of cells, one box for each [1]_.

    Parameters
    ----------
    coordinates : float, default 5.0
        How much the four numbers of a box count; lambda_coord in the paper.
    no_object : float, default 0.5
        How much the object score of an empty cell counts; lambda_noobj in the paper.

    Raises
    ------
    ValueError
        If one of them is negative.

    Notes
    -----
    Each cell of the paper puts out two boxes, and the better one is corrected, with its
    intersection over union as the score to aim at. Here it is one box, and the score to aim at
    is 1.

    References
    ----------
    .. [1] J. Redmon, S. Divvala, R. Girshick, A. Farhadi, "You Only Look Once: Unified, Real-Time
       Object Detection", CVPR 2016, eq. 3.

    Examples
    --------
    One image, one cell, one class. The object is there, in the middle of the cell, a quarter of
    the image wide and high. The outputs are right but for the object score:

    >>> truth = np.array([1, 0.5, 0.5, 0.25, 0.25, 0]).reshape(1, 1, 1, 6)
    >>> outputs = np.array([0.8, 0.5, 0.5, 0.5, 0.5, 1.0]).reshape(1, 1, 1, 6)
    >>> value, grad = YOLOLoss().value_and_grad(truth, outputs)
    >>> round(value, 6), grad.ravel().round(6).tolist()
    (0.04, [-0.4, 0.0, 0.0, 0.0, 0.0, 0.0])
    """

    averages_rows = True

    def __init__(self, coordinates: float = 5.0, no_object: float = 0.5) -> None:
        if not (coordinates >= 0 and no_object >= 0):
            raise ValueError(
                "YOLOLoss needs weights of at least 0, got "
                f"coordinates={coordinates} and no_object={no_object}"
            )
        self.coordinates = coordinates
        self.no_object = no_object

    def value_and_grad(
        self, y_true: ArrayLike, y_pred: Array, sample_weight: ArrayLike | None = None
    ) -> tuple[float, Array]:
        """Return the loss and its gradient.

        Parameters
        ----------
        y_true : array, shape (batch, cells, cells, 6)
            Object, x, y, width, height, class of each cell; zeros in an empty one.
        y_pred : Array, shape (batch, cells, cells, 5 + classes)
        sample_weight : array, shape (batch,) or (batch, cells, cells), optional
        """
        y_pred = as_floats(y_pred)
        truth = _checked_truth(y_true, y_pred)
        weights = row_weights(sample_weight, y_pred)

        difference = y_pred.copy()
        difference[..., :3] -= truth[..., :3]
        difference[..., 3:BOX] -= np.sqrt(truth[..., 3:BOX])
        by_cell = difference.reshape(-1, y_pred.shape[-1])  # a view, as it is a fresh copy
        classes = whole_numbers(truth[..., BOX].reshape(-1), "classes for YOLOLoss")
        by_cell[np.arange(len(by_cell)), BOX + classes] -= 1

        there = truth[..., :1]
        counts = np.empty_like(y_pred)
        counts[..., :1] = self.no_object + (1 - self.no_object) * there
        counts[..., 1:BOX] = self.coordinates * there
        counts[..., BOX:] = there
        if weights is not None:
            counts = counts * weights
        slope = counts * difference
        images = len(y_pred)
        return float(np.vdot(slope, difference)) / images, slope * (2 / images)


def _checked_truth(y_true: ArrayLike, y_pred: Array) -> Array:
    """Return the truth in the type of the predictions, or refuse what cannot be one."""
    truth = as_array(y_true, y_pred.dtype)
    if y_pred.ndim != 4 or y_pred.shape[-1] <= BOX:
        raise ValueError(
            "YOLOLoss needs predictions of shape (batch, cells, cells, 5 + classes), with at least "
            f"one class, got {y_pred.shape}"
        )
    if truth.shape != (*y_pred.shape[:-1], TRUTH):
        raise ValueError(
            f"YOLOLoss needs y_true of shape {(*y_pred.shape[:-1], TRUTH)}, which is object, x, y, "
            f"width, height and class index of each cell, got {truth.shape}"
        )
    if not y_pred.size:
        raise ValueError(f"YOLOLoss got an empty batch: y_pred has shape {y_pred.shape}")
    there = truth[..., 0]
    if bool(((there != 0) & (there != 1)).any()):
        raise ValueError(
            "YOLOLoss needs 0 or 1 as the first number of each cell: is an object there?"
        )
    lowest, highest = extremes(truth[..., 1:BOX])
    if lowest < 0 or highest > 1:
        raise ValueError(
            "YOLOLoss needs x and y as shares of a cell, and width and height as shares of the "
            f"image, all from 0 to 1; got {lowest:g} to {highest:g}"
        )
    lowest, highest = extremes(truth[..., BOX])
    if lowest < 0 or highest > y_pred.shape[-1] - TRUTH:
        raise ValueError(
            f"YOLOLoss needs class indices from 0 to {y_pred.shape[-1] - TRUTH} for predictions of "
            f"{y_pred.shape[-1] - BOX} classes, got {lowest:g} to {highest:g}"
        )
    return truth
