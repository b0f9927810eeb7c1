"""Training: what any model with a forward and a backward pass can do with data.

One step of training is four lines:

    outputs, cache = model.forward(x, training=True)
    value, grad_outputs = loss.value_and_grad(y, outputs)
    _, grads = model.backward(grad_outputs, cache, input_grad=False)
    optimizer.step(model.params, grads)
"""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcourse.nn.contract import Array, Layer, Shape, as_array
from dlcourse.nn.losses import Loss, get_loss
from dlcourse.nn.optimizers import Optimizer


class Model(Layer):
    """A layer that can be trained by itself; `Sequential` is one."""

    dtype: DTypeLike
    output_shape: Shape | None

    def check_built(self) -> None:
        """Raise ValueError if the parameters have not been created yet."""
        if self.output_shape is None:
            raise ValueError(
                f"this {type(self).__name__} is not built: give it input_shape=..., call "
                "build(input_shape, rng), or fit it to data"
            )

    def get_weights(self) -> list[Array]:
        """Return copies of all arrays, in the order of Keras: layer by layer, state last."""
        return [array.copy() for array in _weights(self)]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Copy values into all arrays; the order is that of `get_weights`.

        Raises
        ------
        ValueError
            If their number or a shape differs.
        """
        arrays = _weights(self)
        if len(weights) != len(arrays):
            raise ValueError(f"expected {len(arrays)} arrays, got {len(weights)}")
        for index, (array, values) in enumerate(zip(arrays, weights, strict=True)):
            if array.shape != np.shape(values):
                raise ValueError(
                    f"weights[{index}] must have shape {array.shape}, got {np.shape(values)}"
                )
        for array, values in zip(arrays, weights, strict=True):
            array[...] = values

    def train_on_batch(
        self, x: Array, y: NDArray[Any], *, loss: Loss | str, optimizer: Optimizer
    ) -> float:
        """Take one step of training and return the loss before it."""
        self.check_built()
        loss = get_loss(loss)
        outputs, cache = self.forward(as_array(x, self.dtype), training=True)
        value, grad_outputs = loss.value_and_grad(y, outputs)
        if not isfinite(value):
            raise ValueError(f"the loss is {value}")
        _, grads = self.backward(grad_outputs, cache, input_grad=False)
        optimizer.step(self.params, grads)
        return value

    def predict(self, x: Array, batch_size: int = 32) -> Array:
        """Return the outputs for `x`, computed batch by batch."""
        self.check_built()
        x = as_array(x, self.dtype)
        return np.concatenate(
            [self.forward(x[i : i + batch_size])[0] for i in range(0, len(x), batch_size)]
        )


def _weights(layer: Layer) -> list[Array]:
    layers = getattr(layer, "layers", None)
    if layers is None:
        return [*layer.params.values(), *layer.state.values()]
    return [array for inner in layers for array in _weights(inner)]
