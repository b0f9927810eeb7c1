"""Count what a network has to do for a batch, to set it beside what a device can do.

    operations   two for each multiply-add of the matrix products; all else is little beside them
    bytes        each layer reads its inputs and parameters once and writes its outputs once;
                 backward it reads them again with the gradient of its outputs, and writes the
                 gradients; SGD reads parameters and gradients, and writes parameters

A device that computes P operations and moves B bytes a second needs at least
max(operations / P, bytes / B) seconds: the roofline [1]_. Both counts are of the mathematics.
A program may do more, and one that fuses layers, or keeps arrays in a cache, moves less.

.. [1] S. Williams, A. Waterman, D. Patterson, "Roofline: An Insightful Visual Performance Model
   for Multicore Architectures", Communications of the ACM 52(4), 2009.
"""

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

from dlcourse import nn
from dlcourse.nn.contract import Shape
from dlcourse.tables import Table

TASKS = ("training step", "prediction")
_ONLY_VIEWS = (nn.Flatten, nn.Reshape)
_RECURRENT = (nn.SimpleRNN, nn.LSTM, nn.GRU)
_WITHOUT_PRODUCTS = (
    nn.Activation,
    nn.AveragePooling2D,
    nn.BatchNormalization,
    nn.Dropout,
    nn.ELU,
    nn.Embedding,  # looks rows up
    nn.GlobalAveragePooling2D,
    nn.LayerNormalization,
    nn.LeakyReLU,
    nn.MaxPooling2D,
    nn.MinPooling2D,
    nn.ScaledTanh,
    nn.Subsampling2D,
    *_ONLY_VIEWS,
)


class Count(NamedTuple):
    """What one layer does for one example."""

    layer: str
    forward: int  # multiply-adds
    backward: int  # multiply-adds, without the gradient of the data
    reads: int  # entries of the inputs
    writes: int  # entries of the outputs
    parameters: int  # entries; for a batch as for an example
    first: bool  # whether nobody needs the gradient of the inputs


class Work(Table):
    """Operations and bytes of a network, one row per layer.

    Attributes
    ----------
    operations, bytes : dict
        Of the whole network and batch, for a ``"training step"`` and a ``"prediction"``.
    """

    def __init__(self, counts: list[Count], batch_size: int, itemsize: int) -> None:
        rows = [[count.layer, *_numbers(count, batch_size, itemsize)] for count in counts]
        totals: list[int] = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
        self.operations = dict(zip(TASKS, totals[:2], strict=True))
        self.bytes = dict(zip(TASKS, totals[2:], strict=True))
        rows.append(["together", *totals])
        columns = [f"{what}, {task}" for what in ("operations", "bytes") for task in TASKS]
        super().__init__(
            ["layer", *columns],
            [[name, *(f"{number:,}" for number in numbers)] for name, *numbers in rows],
            f"Counted for a batch of {batch_size}.",
        )


def work(model: nn.Sequential, batch_size: int = 1) -> Work:
    """Count the operations and bytes of a training step with SGD and of a prediction.

    Parameters
    ----------
    model : nn.Sequential
        Built, for inputs of one size.
    batch_size : int, default 1

    Returns
    -------
    Work
        A table, with the totals as attributes.

    Raises
    ------
    TypeError
        If it does not know how often a layer uses its parameters.
    ValueError
        If the model has not been built, or for sequences of any length.

    Examples
    --------
    A dense layer of 3 units on 2 inputs, 6 multiply-adds per example: 12 operations forward, 12
    for the gradient of the kernel, and none for that of the data. It reads 2 numbers and 9
    parameters and writes 3, of 4 bytes each.

    >>> counted = work(nn.Sequential([nn.Dense(3)], input_shape=(2,)))
    >>> counted.operations
    {'training step': 24, 'prediction': 12}
    >>> counted.bytes["prediction"]
    56
    """
    model.check_built()
    shape = model.input_shape
    if shape is None or None in shape:
        raise ValueError(f"counting needs inputs of one size, the model takes {shape}")
    return Work(list(_counts(model, shape, True)), batch_size, model.dtype.itemsize)


def _numbers(count: Count, batch_size: int, itemsize: int) -> list[int]:
    """Return operations of a step and a prediction, then bytes of both."""
    prediction = count.reads + count.writes
    step = (2 if count.first else 3) * count.reads + 2 * count.writes
    return [
        2 * batch_size * (count.forward + count.backward),
        2 * batch_size * count.forward,
        itemsize * (batch_size * step + 6 * count.parameters),
        itemsize * (batch_size * prediction + count.parameters),
    ]


def _counts(layer: Any, shape: Shape, first: bool, outputs: Shape = ()) -> Iterator[Count]:
    """Yield a count for a layer, or one for each layer inside it."""
    name = type(layer).__name__
    if isinstance(layer, nn.Sequential):
        for inner, inner_outputs in zip(layer.layers, layer.output_shapes, strict=True):
            yield from _counts(inner, shape, first, inner_outputs)
            shape, first = inner_outputs, first and not inner.params
        return
    if isinstance(layer, nn.Bidirectional):
        yield from _counts(layer.forward_layer, shape, first, _half(layer, outputs))
        yield from _counts(layer.backward_layer, shape, first, _half(layer, outputs))
        return
    if isinstance(layer, nn.Residual):
        yield from _counts(layer._main, shape, first)
        if layer.shortcut is not None:
            yield from _counts(layer.shortcut, shape, first, outputs)
        yield Count(f"{name}, sum", 0, 0, 2 * prod(outputs), prod(outputs), 0, False)
        return
    of_inputs, of_itself = _products(layer, shape, outputs)
    yield Count(
        name,
        of_inputs + of_itself,
        (1 if first else 2) * of_inputs + 2 * of_itself,
        0 if isinstance(layer, _ONLY_VIEWS) else prod(shape),
        0 if isinstance(layer, _ONLY_VIEWS) else prod(outputs),
        sum(array.size for array in layer.params.values()),
        first,
    )


def _products(layer: Any, shape: Shape, outputs: Shape) -> tuple[int, int]:
    """Return the multiply-adds of one example: with the inputs, and with earlier outputs."""
    kernel = layer.params["kernel"].size if "kernel" in layer.params else 0
    if isinstance(layer, nn.PartialConv2D):  # computed as a full one, with zeros
        return prod(layer.kernel_size) * shape[-1] * prod(outputs), 0
    if isinstance(layer, nn.Dense | nn.Conv2D):
        return kernel * prod(outputs[:-1]), 0
    if isinstance(layer, _RECURRENT):
        return kernel * shape[0], layer.params["recurrent_kernel"].size * shape[0]
    if isinstance(layer, _WITHOUT_PRODUCTS):
        return 0, 0
    raise TypeError(f"what {type(layer).__name__} computes is not counted here")


def _half(layer: nn.Bidirectional, outputs: Shape) -> Shape:
    """Return the output shape of one of the two layers."""
    return (*outputs[:-1], outputs[-1] // 2) if layer.merge_mode == "concat" else outputs
