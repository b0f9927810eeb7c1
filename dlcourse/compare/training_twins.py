"""The Keras twins of losses, optimizers and learning-rate schedules.

As with layers, class names, argument names and defaults are the same on both sides.
"""

from math import prod
from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras
from dlcourse.compare.twins import NoTwinError
from dlcourse.nn.contract import configuration
from dlcourse.nn.detection import BOX, YOLOLoss
from dlcourse.nn.losses import HalfSquaredError
from dlcourse.nn.mixture import MixtureLoss


def keras_loss(loss: Any, dtype: str = "float32") -> Any:
    """Make the Keras loss that computes the same.

    Raises
    ------
    NoTwinError
        If Keras has no loss of this name.
    """
    if isinstance(loss, HalfSquaredError):
        return _half_squared_error(dtype)
    if isinstance(loss, YOLOLoss):
        return _yolo_loss(loss, dtype)
    if isinstance(loss, MixtureLoss):
        return _mixture_loss(loss, dtype)
    return _class_like(loss, load_keras().losses)(**configuration(loss), dtype=dtype)


def _half_squared_error(dtype: str) -> Any:
    """Make half the sum of squares of a row, averaged over the rows; Keras has no class for it."""
    keras = load_keras()
    ops = keras.ops

    class HalfSquaredError(keras.losses.Loss):  # type: ignore[misc,name-defined]  # has no types
        def call(self, y_true: Any, y_pred: Any) -> Any:
            squares = ops.square(y_pred - ops.reshape(y_true, y_pred.shape))
            steps = prod(y_pred.shape[1:-1])  # Keras takes the mean over them, too
            return ops.sum(squares, axis=-1) * (0.5 * steps)

    return HalfSquaredError(dtype=dtype)


def _yolo_loss(loss: YOLOLoss, dtype: str) -> Any:
    """Spell out the loss of `dlcourse.nn.detection` term by term; Keras has none like it."""
    keras = load_keras()
    ops = keras.ops
    box_counts, empty_counts = loss.coordinates, loss.no_object

    class YOLOLoss(keras.losses.Loss):  # type: ignore[misc,name-defined]  # has no types
        def call(self, y_true: Any, y_pred: Any) -> Any:
            y_true = ops.cast(y_true, y_pred.dtype)
            there, middle, size, label = ops.split(y_true, [1, 3, BOX], axis=-1)
            score, at, roots, classes = ops.split(y_pred, [1, 3, BOX], axis=-1)
            box = ops.sum(ops.square(at - middle), axis=-1)
            box += ops.sum(ops.square(roots - ops.sqrt(size)), axis=-1)
            right = ops.one_hot(ops.cast(label[..., 0], "int32"), classes.shape[-1])
            wrong_class = ops.square(classes - ops.cast(right, y_pred.dtype))
            found = ops.square(score[..., 0] - 1) + ops.sum(wrong_class, axis=-1)
            is_there = there[..., 0]
            empty = empty_counts * ops.square(score[..., 0]) * (1 - is_there)
            cells = prod(y_pred.shape[1:-1])  # Keras takes the mean over them, too
            return (is_there * (found + box_counts * box) + empty) * cells

    return YOLOLoss(dtype=dtype)


def _mixture_loss(loss: MixtureLoss, dtype: str) -> Any:
    """Spell out the losses of `dlcourse.nn.mixture`; Keras has none like them."""
    keras = load_keras()
    ops = keras.ops
    experts, variance, competition = loss.experts, loss.variance, loss.competition

    class MixtureLoss(keras.losses.Loss):  # type: ignore[misc,name-defined]  # has no types
        def call(self, y_true: Any, y_pred: Any) -> Any:
            outputs = ops.reshape(y_pred[:, experts:], (y_pred.shape[0], experts, -1))
            targets = ops.reshape(ops.cast(y_true, y_pred.dtype), (y_pred.shape[0], 1, -1))
            gate = ops.softmax(y_pred[:, :experts])
            if competition:
                squares = ops.sum(ops.square(targets - outputs), axis=-1)
                return -ops.logsumexp(ops.log(gate) - squares / (2 * variance), axis=-1)
            mean = ops.sum(gate[:, :, None] * outputs, axis=1, keepdims=True)
            return ops.sum(ops.square(targets - mean), axis=(1, 2))

    return MixtureLoss(dtype=dtype)


def keras_optimizer(optimizer: Any, dtype: str = "float32") -> Any:
    """Make the Keras optimizer with the same configuration, before its first step.

    For float64, call it inside `keras_backend.precision`: Keras keeps the learning rate
    in its default dtype.

    Raises
    ------
    NoTwinError
        If Keras has no optimizer or no schedule of this name.
    """
    return _class_like(optimizer, load_keras().optimizers)(**_exact(optimizer, dtype))


def _exact(ours: Any, dtype: str) -> dict[str, Any]:
    """Read the constructor arguments and translate them, without rounding them."""
    return {name: _translated(value, dtype) for name, value in configuration(ours).items()}


def _translated(value: Any, dtype: str) -> Any:
    if isinstance(value, float) and dtype == "float64":
        return np.float64(value)  # TensorFlow would make a Python float a float32
    if isinstance(value, list | tuple):
        return [_translated(item, dtype) for item in value]
    if callable(value):
        return _class_like(value, load_keras().optimizers.schedules)(**_exact(value, dtype))
    return value


def _class_like(ours: Any, namespace: Any) -> Any:
    """Find the Keras class of the same name; a subclass counts as what it derives from."""
    for base in type(ours).__mro__:
        if base.__name__ not in ("Loss", "Optimizer") and hasattr(namespace, base.__name__):
            return getattr(namespace, base.__name__)
    raise NoTwinError(f"Keras has nothing of the same name as {ours!r}")
