"""Metrics: numbers that people understand, where a loss is what gradients understand.

Each is a function of ``y_true`` and ``y_pred`` that returns a float, averaged over the examples, so
that the values of several batches can be averaged by their sizes.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array, Mask, as_array, whole_numbers

Metric: TypeAlias = Callable[[NDArray[Any], Array], float]
Metrics: TypeAlias = Sequence[str | Metric]
# From targets, outputs and mask to each metric by name, and how many rows or steps it is over.
Measures: TypeAlias = Callable[[NDArray[Any], Array, Mask | None], tuple[dict[str, float], int]]


def binary_accuracy(y_true: NDArray[Any], y_pred: Array, threshold: float = 0.5) -> float:
    """Share of yes/no answers that are right.

    Parameters
    ----------
    y_true : array, shape (batch, ...)
        0 or 1; targets (batch,) fit predictions (batch, 1).
    y_pred : array, shape (batch, ...)
        Probabilities, or logits with ``threshold=0``.
    threshold : float, default 0.5
        Predictions above it count as 1.

    Returns
    -------
    accuracy : float

    Examples
    --------
    >>> binary_accuracy(np.array([0, 1, 1]), np.array([[0.2], [0.7], [0.4]]))
    0.6666666666666666
    """
    truth = _as_rows(y_true, y_pred.shape)
    return float(np.mean((y_pred > threshold) == truth))


def categorical_accuracy(y_true: NDArray[Any], y_pred: Array) -> float:
    """Share of rows whose largest prediction is at the 1 of a one-hot row."""
    truth = _as_rows(y_true, y_pred.shape)
    return float(np.mean(y_pred.argmax(axis=-1) == truth.argmax(axis=-1)))


def sparse_categorical_accuracy(y_true: NDArray[Any], y_pred: Array) -> float:
    """Share of rows whose largest prediction is at the class index in `y_true`."""
    truth = _as_rows(y_true, y_pred.shape[:-1])
    return float(np.mean(y_pred.argmax(axis=-1) == truth))


def accuracy(y_true: NDArray[Any], y_pred: Array, threshold: float = 0.5) -> float:
    """Share of right answers; which of the three above follows from the shapes, as in Keras.

    One output is a yes/no answer. Several outputs are classes: one-hot if `y_true` has their
    shape, else indices.
    """
    if y_pred.shape[-1] == 1:
        return binary_accuracy(y_true, y_pred, threshold)
    if np.shape(y_true) == y_pred.shape:
        return categorical_accuracy(y_true, y_pred)
    return sparse_categorical_accuracy(y_true, y_pred)


def mean_squared_error(y_true: NDArray[Any], y_pred: Array) -> float:
    """Mean of the squared differences."""
    return float(np.mean(_differences(y_true, y_pred) ** 2))


def mean_absolute_error(y_true: NDArray[Any], y_pred: Array) -> float:
    """Mean of the absolute differences."""
    return float(np.mean(np.abs(_differences(y_true, y_pred))))


def confusion_matrix(
    y_true: NDArray[Any], y_pred: NDArray[Any], classes: int | None = None
) -> NDArray[np.int64]:
    """Count how often each class was taken for each other.

    Parameters
    ----------
    y_true, y_pred : array, shape (n,)
        Class indices, both, in any type of numbers.
    classes : int, optional
        How many there are; the largest index plus one by default.

    Returns
    -------
    counts : array of int, shape (classes, classes)
        Row: the true class; column: the predicted one.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]))
    array([[1, 1],
           [0, 1]])
    """
    shapes = as_array(y_true).shape, as_array(y_pred).shape
    if shapes[0] != shapes[1] or len(shapes[0]) != 1:
        raise ValueError(
            f"expected two arrays of class indices (n,), got {shapes[0]} and {shapes[1]}"
        )
    truth, answers = (whole_numbers(y, "class indices") for y in (y_true, y_pred))
    both = np.concatenate([truth, answers])
    count = classes
    if count is None:
        count = int(both.max()) + 1 if both.size else 0
    if both.size and (both.min() < 0 or both.max() >= count):
        raise ValueError(
            f"expected class indices from 0 to {count - 1}, got {both.min()} to {both.max()}"
        )
    return np.bincount(truth * count + answers, minlength=count * count).reshape(count, count)


def _differences(y_true: NDArray[Any], y_pred: Array) -> Array:
    """Subtract the truth; in float64 if both are whole numbers, whose own types may overflow."""
    predictions = as_array(y_pred, None if as_array(y_pred).dtype.kind == "f" else np.float64)
    differences: Array = predictions - _as_rows(y_true, predictions.shape)
    return differences


def _as_rows(y_true: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    truth: NDArray[Any] = as_array(y_true)
    if truth.shape == shape:
        return truth
    if truth.size != int(np.prod(shape)) or len(truth) != shape[0]:
        raise ValueError(f"expected y_true of shape {shape}, got {truth.shape}")
    return truth.reshape(shape)


METRICS: dict[str, Metric] = {
    "accuracy": accuracy,
    "binary_accuracy": binary_accuracy,
    "categorical_accuracy": categorical_accuracy,
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
    "mse": mean_squared_error,
    "mean_squared_error": mean_squared_error,
    "mae": mean_absolute_error,
    "mean_absolute_error": mean_absolute_error,
}


def get_metric(name: str | Metric, *, from_logits: bool = False) -> Metric:
    """Return the metric of this name; a function is returned as it is.

    Parameters
    ----------
    name : str or function
        A name of this file.
    from_logits : bool
        Whether predictions are logits, where a yes starts at 0 rather than at 0.5. (Keras
        keeps 0.5, and then reports too low an accuracy.)

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    if not isinstance(name, str):
        return name
    if name not in METRICS:
        raise ValueError(f"unknown metric {name!r}; known are {', '.join(METRICS)}")
    if from_logits and name == "accuracy":
        return lambda y_true, y_pred: accuracy(y_true, y_pred, threshold=0)
    if from_logits and name == "binary_accuracy":
        return lambda y_true, y_pred: binary_accuracy(y_true, y_pred, threshold=0)
    return METRICS[name]


def measures_of(metrics: Metrics, *, from_logits: bool) -> Measures:
    """Return a function that computes all metrics, of sequences over the steps that count."""
    functions = {
        name if isinstance(name, str) else name.__name__: get_metric(name, from_logits=from_logits)
        for name in metrics
    }

    def measures(
        y_true: NDArray[Any], y_pred: Array, mask: Mask | None
    ) -> tuple[dict[str, float], int]:
        if mask is not None:
            y_true, y_pred = y_true[mask], y_pred[mask]
        if not len(y_pred):
            return {}, 0
        return {name: metric(y_true, y_pred) for name, metric in functions.items()}, len(y_pred)

    return measures
