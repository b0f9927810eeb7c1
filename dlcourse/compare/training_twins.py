"""The Keras twins of losses, optimizers and learning-rate schedules.

As with layers, class names, argument names and defaults are the same on both sides.
"""

from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras
from dlcourse.compare.twins import NoTwinError
from dlcourse.nn.contract import configuration


def keras_loss(loss: Any, dtype: str = "float32") -> Any:
    """Make the Keras loss that computes the same.

    Raises
    ------
    NoTwinError
        If Keras has no loss of this name.
    """
    keras = load_keras()
    name = type(loss).__name__
    if name == "HalfSquaredError":
        return _half_squared_error
    if not hasattr(keras.losses, name):
        raise NoTwinError(f"Keras has no loss {name}")
    return getattr(keras.losses, name)(**configuration(loss), dtype=dtype)


def _half_squared_error(y_true: Any, y_pred: Any) -> Any:
    """Half the sum of squares of a row, averaged over the rows; Keras has no class for it."""
    ops = load_keras().ops
    squares = ops.square(y_pred - ops.cast(ops.reshape(y_true, y_pred.shape), y_pred.dtype))
    return ops.sum(squares) / (2 * len(y_pred))


def keras_optimizer(optimizer: Any, dtype: str = "float32") -> Any:
    """Make the Keras optimizer with the same configuration, before its first step.

    For float64, call it inside `keras_backend.precision`: Keras keeps the learning rate
    in its default dtype.

    Raises
    ------
    NoTwinError
        If Keras has no optimizer or no schedule of this name.
    """
    keras = load_keras()
    name = type(optimizer).__name__
    if not hasattr(keras.optimizers, name):
        raise NoTwinError(f"Keras has no optimizer {name}")
    arguments = configuration(optimizer)
    if callable(arguments["learning_rate"]):
        arguments["learning_rate"] = _keras_schedule(arguments["learning_rate"], dtype)
    return getattr(keras.optimizers, name)(**arguments)


def _keras_schedule(schedule: Any, dtype: str) -> Any:
    keras = load_keras()
    name = type(schedule).__name__
    if not hasattr(keras.optimizers.schedules, name):
        raise NoTwinError(f"Keras has no learning-rate schedule {name}")
    arguments = configuration(schedule)
    # TensorFlow makes a Python float a float32; a NumPy number keeps its dtype.
    exact = {key: _as_dtype(value, dtype) for key, value in arguments.items()}
    return getattr(keras.optimizers.schedules, name)(**exact)


def _as_dtype(value: Any, dtype: str) -> Any:
    if isinstance(value, list | tuple):
        return [_as_dtype(item, dtype) for item in value]
    return np.dtype(dtype).type(value) if isinstance(value, float) else value
