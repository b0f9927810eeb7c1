"""The matrix products that a network cannot do without: no code in NumPy is faster.

Convolutions count one product for each image, recurrent layers one for each step. The arrays are
there from the start, and those of a large batch are used again and again: they stay in the cache.
"""

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np

from dlcourse import nn

ROWS = 256  # of the batch at a time


class Product(NamedTuple):
    """``(rows, inner) @ (inner, columns)``, so many times."""

    times: int
    rows: int
    inner: int
    columns: int


def forward_and_backward(model: nn.Sequential, batch: int) -> tuple[list[Product], list[Product]]:
    """Return the products of both passes, without that for the gradient of the data."""
    forward: list[Product] = []
    backward: list[Product] = []
    for layer, inputs, outputs in _layers(model, model.input_shape):
        first = not forward
        for product in _products(layer, inputs, outputs, batch):
            times, rows, inner, columns = product
            forward.append(product)
            backward.append(Product(times, inner, rows, columns))  # for the kernel
            if not first or (times > 1 and isinstance(layer, nn.SimpleRNN | nn.LSTM | nn.GRU)):
                backward.append(
                    Product(times, rows, columns, inner)
                )  # for the inputs, or the state
    return forward, backward


def _products(
    layer: Any, inputs: tuple[int, ...], outputs: tuple[int, ...], batch: int
) -> Iterator[Product]:
    if isinstance(layer, nn.Dense):
        yield Product(1, batch * prod(inputs[:-1]), inputs[-1], layer.units)
    elif isinstance(layer, nn.Conv2D | nn.PartialConv2D):
        window = prod(layer.kernel_size) * inputs[-1]
        yield Product(batch, prod(outputs[:-1]), window, layer.filters)
    elif isinstance(layer, nn.SimpleRNN | nn.LSTM | nn.GRU):
        width = layer.params["kernel"].shape[1]
        yield Product(1, batch * inputs[0], inputs[1], width)
        yield Product(inputs[0], batch, layer.units, width)


def _layers(model: nn.Sequential, shape: Any) -> Iterator[tuple[Any, Any, Any]]:
    for layer, outputs in zip(model.layers, model.output_shapes, strict=True):
        if isinstance(layer, nn.Residual):
            yield from _layers(layer._main, shape)
        else:
            yield layer, shape, outputs
        shape = outputs


class Runner:
    """Computes products again and again, on arrays of its own."""

    def __init__(self, model: nn.Sequential, batch: int) -> None:
        rows = min(batch, ROWS)
        self.parts = batch / rows
        rng = np.random.default_rng(0)
        forward, backward = forward_and_backward(model, rows)

        def arrays(product: Product) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
            times, rows, inner, columns = product
            left = rng.standard_normal((rows, inner), np.float32)
            right = rng.standard_normal((inner, columns), np.float32)
            return times, left, right, np.empty((rows, columns), np.float32)

        self.forward = [arrays(product) for product in forward]
        self.step = self.forward + [arrays(product) for product in backward]

    def run(self, task: str) -> None:
        """Compute those of a "step", or of an "inference"."""
        for times, left, right, out in self.step if task == "step" else self.forward:
            for _ in range(round(times * self.parts)):
                np.matmul(left, right, out=out)
