"""Examples as they enter training: inputs, targets, and how much each of them counts.

sample_weight    a number per example, by which its loss is multiplied
class_weight     a number per class, for all examples of the class
"balanced"       n / (classes * examples of the class): each class counts as much as any other
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcourse.nn.contract import Array, as_array, whole_numbers
from dlcourse.nn.devices import mover

ClassWeight: TypeAlias = Mapping[int, float] | str


class Examples(NamedTuple):
    """Arrays of one length, checked."""

    x: Array
    y: NDArray[Any]
    weights: Array | None = None

    def at(self, rows: Any, device: str) -> "Examples":
        """Return some of the examples, on a device."""
        x, y, weights = self
        return Examples(x[rows], y[rows], None if weights is None else weights[rows]).on(device)

    def on(self, device: str) -> "Examples":
        """Return the examples on a device."""
        if device == "cpu":
            return self
        move = mover(device)
        x, y, weights = self
        return Examples(move(x), move(y), None if weights is None else move(weights))


def examples(
    x: Array,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    class_weight: ClassWeight | None = None,
) -> Examples:
    """Check targets and weights against the inputs.

    Parameters
    ----------
    x : Array, shape (n, ...)
    y : array, length n
    sample_weight : array, shape (n,) or, for the steps of sequences, (n, time), optional
    class_weight : dict or "balanced", optional
        From class index to weight; a class that is not in it has 1. For targets that are class
        indices or one-hot rows.

    Returns
    -------
    examples : Examples

    Raises
    ------
    ValueError
        If lengths differ, a weight is not finite, or both kinds of weights are given.
    """
    targets: NDArray[Any] = as_array(y)
    if targets.shape[:1] != x.shape[:1]:
        raise ValueError(
            f"x and y must have the same length, got {len(x)} inputs and y of shape {targets.shape}"
        )
    if targets.dtype.kind == "f" and targets.dtype != x.dtype:
        targets = targets.astype(x.dtype)
    if class_weight is not None:
        if sample_weight is not None:
            raise ValueError("give sample_weight or class_weight, not both: multiply them first")
        sample_weight = of_classes(targets, class_weight)
    if sample_weight is None:
        return Examples(x, targets)
    weights = as_array(sample_weight, x.dtype)
    if weights.shape[:1] != x.shape[:1]:
        raise ValueError(
            f"sample_weight must have a number for each of {len(x)} examples, "
            f"got shape {weights.shape}"
        )
    if not np.isfinite(weights).all():
        raise ValueError("sample_weight must be finite, got NaN or infinity in it")
    return Examples(x, targets, weights)


def of_classes(y: NDArray[Any], class_weight: ClassWeight) -> Array:
    """Return the weight of each example by its class.

    Examples
    --------
    >>> of_classes(np.array([0, 0, 0, 1]), {1: 3.0})
    array([1., 1., 1., 3.])
    >>> of_classes(np.array([0, 0, 0, 1]), "balanced").round(2)
    array([0.67, 0.67, 0.67, 2.  ])
    """
    if y.ndim == 2 and y.shape[1] > 1:
        y = y.argmax(axis=1)
    if y.size != len(y):
        raise ValueError(
            "class_weight needs targets that are class indices or one-hot rows, one for each "
            f"example; got y of shape {y.shape}"
        )
    classes, indices = np.unique(whole_numbers(y.reshape(-1), "classes"), return_inverse=True)
    if isinstance(class_weight, str):
        if class_weight != "balanced":
            raise ValueError(f'class_weight must be a dict or "balanced", got {class_weight!r}')
        weights = len(y) / (len(classes) * np.bincount(indices))
    else:
        weights = np.array([class_weight.get(int(index), 1.0) for index in classes], np.float64)
    found: Array = weights[indices]
    return found
