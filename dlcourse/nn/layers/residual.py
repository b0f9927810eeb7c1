"""Residual connection: layers learn what to add to their inputs rather than what to put out.

    outputs = layers(inputs) + shortcut(inputs)      without a shortcut layer: + inputs

Backwards the gradient takes both ways, and their sum arrives. The identity passes it on
unchanged, however deep the network: that is what trains networks of a hundred layers.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import (
    Array,
    Cache,
    Layer,
    Mask,
    Params,
    Shape,
    forward_with_mask,
    prefixed,
)
from dlcourse.nn.sequential import Sequential


class ResidualCache(NamedTuple):
    """The caches of the two ways."""

    layers: Cache
    shortcut: Cache
    mask: Mask | None  # of the outputs


class Residual(Layer):
    """Add the inputs of some layers to their outputs [1]_.

    Parameters
    ----------
    layers : sequence of Layer
        Applied one after the other.
    shortcut : Layer, optional
        What the inputs go through on the other way, where the shapes differ: such as
        ``Conv2D(64, 1, strides=2)``, a projection. Without one, they go as they are.

    Attributes
    ----------
    params, state : dict
        Arrays of the layers as ``"<index>.<name>"``, those of the shortcut as
        ``"shortcut.<name>"``.

    Notes
    -----
    A step of the outputs counts if it does on either way, as in ``keras.layers.Add``; a way that
    hands on no mask lets all steps count.

    Raises
    ------
    ValueError
        From `build`, if the two ways end in different shapes.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition",
       CVPR 2016, eq. 1 and 2.

    Examples
    --------
    >>> from dlcourse.nn import Activation, Dense
    >>> block = Residual([Dense(3), Activation("relu"), Dense(3)])
    >>> block.build((3,), np.random.default_rng(0))
    (3,)
    >>> list(block.params)
    ['0.kernel', '0.bias', '2.kernel', '2.bias']
    """

    sliceable = "always"

    def __init__(self, layers: Sequence[Layer], shortcut: Layer | None = None) -> None:
        self.layers = list(layers)
        self.shortcut = shortcut
        self._main = Sequential(self.layers)
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        output_shape = self._main.build(input_shape, rng, dtype)
        other_shape = tuple(input_shape)
        if self.shortcut is not None:
            other_shape = self.shortcut.build(input_shape, rng, dtype)
        self.params = prefixed({name: part.params for name, part in self.parts().items()})
        self.state = prefixed({name: part.state for name, part in self.parts().items()})
        self.makes_mask = any(part.makes_mask for part in self.parts().values())
        if other_shape != output_shape:
            raise ValueError(
                f"Residual cannot add shape {other_shape} to shape {output_shape}: give it a "
                "shortcut that ends in the shape of the layers, such as a Dense or Conv2D of 1 x 1"
            )
        return output_shape

    def forward(
        self, inputs: Array, *, training: bool = False, mask: Mask | None = None
    ) -> tuple[Array, ResidualCache]:
        outputs, cache, after = forward_with_mask(self._main, inputs, mask, training=training)
        other, shortcut_cache, other_after = inputs, None, mask
        if self.shortcut is not None:
            other, shortcut_cache, other_after = forward_with_mask(
                self.shortcut, inputs, mask, training=training
            )
        either = None if after is None or other_after is None else after | other_after
        return outputs + other, ResidualCache(cache, shortcut_cache, either)

    def backward(
        self, grad_outputs: Array, cache: ResidualCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        grad_inputs, grads = self._main.backward(grad_outputs, cache.layers, input_grad=input_grad)
        grad_other: Array | None = grad_outputs
        if self.shortcut is not None:
            grad_other, shortcut_grads = self.shortcut.backward(
                grad_outputs, cache.shortcut, input_grad=input_grad
            )
            if self.shortcut._unfrozen():
                grads = grads | prefixed({"shortcut": shortcut_grads})
        if not input_grad or grad_inputs is None or grad_other is None:
            return None, grads
        return grad_inputs + grad_other, grads

    def compute_mask(self, inputs: Array, mask: Mask | None, cache: ResidualCache) -> Mask | None:
        return cache.mask

    def parts(self) -> dict[str, Layer]:
        return self._main.parts() | ({} if self.shortcut is None else {"shortcut": self.shortcut})
