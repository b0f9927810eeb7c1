"""A large batch is a sum: cut it into slices of rows, and add up what they give.

Where each row goes through the network by itself and the loss is the mean over the rows, a batch
of N rows that is cut into slices of n rows has

    loss        = sum over slices of  n / N * loss of the slice
    dL/d params = sum over slices of  n / N * dL/d params of the slice

A mask makes it a mean over the steps that count, and how many of them a slice has is known only
when it has been computed. So both sums are taken with weight 0 for the other steps, and divided at
the end by the share of those that count.

Two things are gained. What one layer writes is still in the cache of the processor when the next
one reads it, and only a few slices are in memory at a time. And as no slice needs another, several
cores compute them at the same time: this is data parallelism, as on several GPUs. Layers allow it
because they keep nothing from one call to the next: what `backward` has to know travels in the
cache that `forward` returns, one for each slice.

The cuts and the order of the sum depend on the number of rows alone. So the result is the same,
bit for bit, on any number of threads.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array, Layer, Mask, Params
from dlcourse.nn.cores import ROWS, in_order
from dlcourse.nn.devices import layers_in
from dlcourse.nn.losses import Loss, masked_weights

Gradients: TypeAlias = tuple[float, Array, Params, Mask | None]


def gradients(
    model: Layer, loss: Loss, x: Array, y: NDArray[Any], sample_weight: NDArray[Any] | None = None
) -> Gradients:
    """Go through a network and back again, with a batch as it is or in slices.

    Parameters
    ----------
    model : Layer
    loss : Loss
    x, y : array, length N
        Inputs, and what the loss compares the outputs with.
    sample_weight : array, length N, optional
        How much each row counts.

    Returns
    -------
    value : float
        The loss of the batch.
    outputs : Array, length N
    grads : dict
        The gradient of each parameter; without meaning if `value` is not finite.
    mask : array of bool, length N, or None
        Which steps of the outputs count.
    """
    if len(x) <= ROWS or not (loss.averages_rows and is_sliceable(model, training=True)):
        return _of_what_counts(*_gradients(model, loss, x, y, sample_weight))

    def of_slice(rows: slice) -> Gradients:
        weights = None if sample_weight is None else sample_weight[rows]
        share = (rows.stop - rows.start) / len(x)
        return _gradients(model, loss, x[rows], y[rows], weights, share)

    value, outputs, grads, masks = 0.0, [], Params(), []
    for value_here, outputs_here, grads_here, mask_here in in_order(of_slice, slices(len(x))):
        value += value_here
        outputs.append(outputs_here)
        masks.append(mask_here)
        for name, grad in grads_here.items():
            grads[name] = grads[name] + grad if name in grads else grad
    return _of_what_counts(value, np.concatenate(outputs), grads, _joined(masks))


def _gradients(
    model: Layer,
    loss: Loss,
    x: Array,
    y: NDArray[Any],
    sample_weight: NDArray[Any] | None,
    share: float = 1,
) -> Gradients:
    """Take this batch as it is; of a slice, let loss and gradients be its share in the mean."""
    outputs, cache = model.forward(x, training=True)
    mask = model.compute_mask(x, None, cache)
    weights = masked_weights(sample_weight, mask)
    given = () if weights is None else (weights,)  # a loss of one's own may take none
    value, grad_outputs = loss.value_and_grad(y, outputs, *given)
    if not isfinite(value):
        return value, outputs, {}, mask
    if share != 1:
        value, grad_outputs = value * share, grad_outputs * share
    _, grads = model.backward(grad_outputs, cache, input_grad=False)
    return value, outputs, grads, mask


def _of_what_counts(value: float, outputs: Array, grads: Params, mask: Mask | None) -> Gradients:
    """Make a mean over all steps one over those that count; if none does, both are zero."""
    share = 1.0 if mask is None else float(mask.mean())
    if share not in (0, 1):
        value, grads = value / share, {name: grad / share for name, grad in grads.items()}
    return value, outputs, grads, mask


def predictions(model: Layer, x: Array) -> tuple[Array, Mask | None]:
    """Return what a network puts out for a batch, as it is or in slices, and what of it counts."""

    def of_slice(rows: slice) -> tuple[Array, Mask | None]:
        outputs, cache = model.forward(x[rows])
        return outputs, model.compute_mask(x[rows], None, cache)

    if len(x) <= ROWS or not is_sliceable(model, training=False):
        return of_slice(slice(None))
    outputs, masks = zip(*in_order(of_slice, slices(len(x))), strict=True)
    return np.concatenate(outputs), _joined(masks)


def _joined(masks: Sequence[Mask | None]) -> Mask | None:
    """Put the masks of slices together; either all have one, or none has."""
    found = [mask for mask in masks if mask is not None]
    return np.concatenate(found) if found else None


def is_sliceable(model: Layer, *, training: bool) -> bool:
    """Tell whether every layer of a network takes each row of a batch by itself.

    Each layer says so by its attribute `sliceable`. A GPU has no use for slices.
    """
    allowed = ("always",) if training else ("always", "predicting")
    on_processor = getattr(model, "device", "cpu") == "cpu"
    return on_processor and all(layer.sliceable in allowed for layer in layers_in(model))


def slices(length: int) -> list[slice]:
    """Cut so many rows into slices of `ROWS` at most, which differ by one row at most.

    Products of few rows are slow, and what many rows give leaves the cache.

    Examples
    --------
    >>> slices(700)
    [slice(0, 233, None), slice(233, 466, None), slice(466, 700, None)]
    """
    count = -(-length // ROWS)
    cuts = [length * index // count for index in range(count + 1)]
    return [slice(start, stop) for start, stop in pairwise(cuts)]
