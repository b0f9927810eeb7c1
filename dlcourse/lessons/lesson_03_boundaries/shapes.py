"""Networks of step units that draw polygons: nothing is trained, every weight is written down."""

from collections.abc import Sequence

import numpy as np

from dlcourse import nn
from dlcourse.nn.contract import Array, Layer

Corners = Sequence[tuple[float, float]]  # of a convex polygon, counter-clockwise

# A house, piece by piece. The last two are cut out.
HOUSE: dict[str, Corners] = {
    "roof": [(-2.75, 2.5), (2.75, 2.5), (0, 5)],
    "chimney": [(1, 2.5), (1.75, 2.5), (1.75, 5), (1, 5)],
    "wall": [(-2, 0), (2, 0), (2, 2.5), (-2, 2.5)],
    "door": [(-1.25, -0.5), (-0.25, -0.5), (-0.25, 1.5), (-1.25, 1.5)],
    "window": [(0.5, 0.75), (1.5, 0.75), (1.5, 1.75), (0.5, 1.75)],
}
SIGNS = (1, 1, 1, -3, -3)
BOX = (-3.5, 3.5, -0.75, 5.75)  # what is drawn of the plane: left, right, bottom, top


def sides(corners: Corners) -> tuple[Array, Array]:
    """Return one half-plane for each side of a convex polygon.

    Parameters
    ----------
    corners : sequence of (x1, x2)
        Counter-clockwise, so that the inside lies to the left of each side.

    Returns
    -------
    weights, biases : Array, shapes (2, sides) and (sides,)
        ``x @ weights + biases`` is at least 0 in every entry where x lies inside.

    Examples
    --------
    >>> weights, biases = sides([(0, 0), (2, 0), (0, 2)])
    >>> np.array([[0.5, 0.5], [3.0, 0.0]]) @ weights + biases
    array([[ 1.,  2.,  1.],
           [ 0., -2.,  6.]])
    """
    start = np.array(corners, dtype=float)
    along = np.roll(start, -1, axis=0) - start
    weights = np.array([-along[:, 1], along[:, 0]])
    return weights, -(start * weights.T).sum(axis=1)


def draw(pieces: Sequence[Corners], signs: Sequence[int]) -> nn.Sequential:
    """Build a network with two hidden layers that answers 1 inside a shape.

    Parameters
    ----------
    pieces : sequence of corners
        Convex polygons: the first layer has a unit for each of their sides, the second one for
        each polygon.
    signs : sequence of int
        The weight of each polygon in the output: 1 adds it, a large negative one cuts it out.

    Returns
    -------
    model : nn.Sequential
        Inputs of shape (batch, 2), outputs 0 or 1 of shape (batch, 1).
    """
    layers = [sides(corners) for corners in pieces]
    counts = [len(biases) for _, biases in layers]
    model = nn.Sequential(
        [layer for n in (sum(counts), len(pieces), 1) for layer in step_layer(n)],
        input_shape=(2,),
    )
    model.set_weights(
        [
            np.hstack([weights for weights, _ in layers]),
            np.concatenate([biases for _, biases in layers]),
            np.repeat(np.eye(len(pieces)), counts, axis=0),
            0.5 - np.array(counts),
            np.transpose([signs]),
            [-0.5],
        ]
    )
    return model


def step_layer(units: int) -> list[Layer]:
    """Return a dense layer of step units."""
    return [nn.Dense(units), nn.Activation("step")]
