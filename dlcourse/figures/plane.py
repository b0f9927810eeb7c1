"""What a network and each of its units put out over a square plane, ready to be coloured."""

import numpy as np

from dlcourse import nn
from dlcourse.nn.contract import Array

# The middle of the values of an activation, and how far they reach from there. What is not
# listed reaches as far as its largest value on the plane.
REACH = {"tanh": (0.0, 1.0), "sigmoid": (0.5, 0.5), "step": (0.5, 0.5)}


def plane(limit: float, side: int) -> Array:
    """Return points of a square plane, row by row from its upper left corner.

    Parameters
    ----------
    limit : float
        Both coordinates go from -limit to limit.
    side : int
        Points along each side.

    Returns
    -------
    points : Array, shape (side * side, 2), float32

    Examples
    --------
    >>> plane(1.0, 2)
    array([[-1.,  1.],
           [ 1.,  1.],
           [-1., -1.],
           [ 1., -1.]], dtype=float32)
    """
    line = np.linspace(-limit, limit, side, dtype=np.float32)
    across, up = np.meshgrid(line, line[::-1])
    return np.column_stack([across.ravel(), up.ravel()])


def unit_outputs(model: nn.Sequential, x: Array) -> list[Array]:
    """Return what every unit puts out, one array (batch, units) for each activation layer."""
    outputs = []
    for layer in model.layers:
        x, _ = layer.forward(x)
        if isinstance(layer, nn.Activation):
            outputs.append(x)
    return outputs


def signed(values: Array, activation: str) -> Array:
    """Scale the outputs of units to -1 (orange) to 1 (blue), with the middle at 0 (white).

    Parameters
    ----------
    values : Array, shape (batch, units)
    activation : str
        Decides where the middle is; units without a limit are scaled by their own largest
        value.

    Returns
    -------
    scaled : Array, shape (batch, units)
        Entries that are not finite become 0.

    Examples
    --------
    >>> signed(np.array([[0.0], [1.0]]), "sigmoid")
    array([[-1.],
           [ 1.]])
    """
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    middle, reach = REACH.get(activation, (0.0, None))
    if reach is None:
        largest = np.abs(values).max(axis=0, keepdims=True)
        return values / np.where(largest > 0, largest, 1)
    return (values - middle) / reach
