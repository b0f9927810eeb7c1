"""Layers that change nothing but the shape: the same numbers along other axes.

The gradient of the inputs is the gradient of the outputs, in the shape of the inputs.
"""

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape


class Reshape(Layer):
    """Give every example another shape; the last axis runs fastest in both.

    Parameters
    ----------
    target_shape : tuple of int
        Without the batch axis. One entry may be -1: it takes what is left.

    Raises
    ------
    ValueError
        If an entry is neither positive nor a single -1.

    Examples
    --------
    >>> layer = Reshape((-1, 4))
    >>> layer.build((2, 2, 3), np.random.default_rng(0))
    (3, 4)
    >>> outputs, cache = layer.forward(np.ones((5, 2, 2, 3), np.float32))
    >>> outputs.shape
    (5, 3, 4)
    """

    sliceable = "always"

    def __init__(self, target_shape: Shape) -> None:
        self.target_shape = tuple(target_shape)
        if self.target_shape.count(-1) > 1 or any(n < 1 and n != -1 for n in self.target_shape):
            raise ValueError(
                f"target_shape must have positive entries and at most one -1, got {target_shape}"
            )
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        return self._output_shape(input_shape)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Shape]:
        batch, *shape = inputs.shape
        return inputs.reshape(batch, *self._output_shape(shape)), inputs.shape

    def backward(
        self, grad_outputs: Array, cache: Shape, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        return (grad_outputs.reshape(cache) if input_grad else None), {}

    def _output_shape(self, shape: Sequence[int]) -> Shape:
        known = prod(n for n in self.target_shape if n != -1)
        size = prod(shape)
        if size % known or (-1 not in self.target_shape and size != known):
            raise ValueError(
                f"Reshape cannot make {self.target_shape} of {tuple(shape)}: "
                f"that has {size} entries"
            )
        return tuple(size // known if n == -1 else n for n in self.target_shape)


class Flatten(Reshape):
    """Make one axis of all but the batch axis, ``Reshape((-1,))``.

    Examples
    --------
    >>> Flatten().build((5, 5, 16), np.random.default_rng(0))
    (400,)
    """

    def __init__(self) -> None:
        super().__init__((-1,))
