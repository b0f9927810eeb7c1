"""A large batch is a sum: cut it into slices of rows, and add up what they give.

Where each row goes through the network by itself and the loss is the mean over the rows, a batch
of N rows that is cut into slices of n rows has

    loss        = sum over slices of  n / N * loss of the slice
    dL/d params = sum over slices of  n / N * dL/d params of the slice

Two things are gained. What one layer writes is still in the cache of the processor when the next
one reads it, and only a few slices are in memory at a time. And as no slice needs another, several
cores compute them at the same time: this is data parallelism, as on several GPUs. Layers allow it
because they keep nothing from one call to the next: what `backward` has to know travels in the
cache that `forward` returns, one for each slice.

The cuts and the order of the sum depend on the number of rows alone. So the result is the same,
bit for bit, on any number of threads.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from itertools import pairwise
from math import isfinite
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array, Layer, Params
from dlcourse.nn.devices import layers_in
from dlcourse.nn.losses import Loss

ROWS = 256  # of a slice, at most: products of few rows are slow, more leave the cache

Gradients: TypeAlias = tuple[float, Array, Params]
Part = TypeVar("Part")
Result = TypeVar("Result")


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
    """
    if len(x) <= ROWS or not (loss.averages_rows and is_sliceable(model, training=True)):
        return _gradients(model, loss, x, y, sample_weight)

    def of_slice(rows: slice) -> Gradients:
        weights = None if sample_weight is None else sample_weight[rows]
        share = (rows.stop - rows.start) / len(x)
        return _gradients(model, loss, x[rows], y[rows], weights, share)

    value, outputs, grads = 0.0, [], Params()
    for value_here, outputs_here, grads_here in in_order(of_slice, slices(len(x))):
        value += value_here
        outputs.append(outputs_here)
        for name, grad in grads_here.items():
            grads[name] = grads[name] + grad if name in grads else grad
    return value, np.concatenate(outputs), grads


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
    weights = () if sample_weight is None else (sample_weight,)
    value, grad_outputs = loss.value_and_grad(y, outputs, *weights)
    if not isfinite(value):
        return value, outputs, {}
    if share != 1:
        value, grad_outputs = value * share, grad_outputs * share
    _, grads = model.backward(grad_outputs, cache, input_grad=False)
    return value, outputs, grads


def predictions(model: Layer, x: Array) -> Array:
    """Return what a network puts out for a batch, as it is or in slices."""
    if len(x) <= ROWS or not is_sliceable(model, training=False):
        return model.forward(x)[0]
    return np.concatenate(list(in_order(lambda rows: model.forward(x[rows])[0], slices(len(x)))))


def is_sliceable(model: Layer, *, training: bool) -> bool:
    """Tell whether every layer of a network takes each row of a batch by itself.

    Each layer says so by its attribute `sliceable`. A GPU has no use for slices.
    """
    allowed = ("always",) if training else ("always", "predicting")
    on_processor = getattr(model, "device", "cpu") == "cpu"
    return on_processor and all(layer.sliceable in allowed for layer in layers_in(model))


def slices(length: int) -> list[slice]:
    """Cut so many rows into slices of `ROWS` at most, which differ by one row at most.

    Examples
    --------
    >>> slices(700)
    [slice(0, 233, None), slice(233, 466, None), slice(466, 700, None)]
    """
    count = -(-length // ROWS)
    cuts = [length * index // count for index in range(count + 1)]
    return [slice(start, stop) for start, stop in pairwise(cuts)]


def in_order(function: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """Yield what a function gives for each part, in their order, computed by several threads.

    The threads are ahead of who asks by two parts each at most, so that no more results wait.
    """
    count = min(threads(), len(parts))
    if count < 2:
        yield from map(function, parts)
        return
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[Future[Result]] = deque()
        for part in parts:
            # With a copy of the context, np.errstate of the caller holds in the thread.
            waiting.append(pool.submit(copy_context().run, function, part))
            if len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def threads() -> int:
    """Return how many threads compute slices: OMP_NUM_THREADS if it is set, else all cores."""
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    if said.isdigit():
        return int(said)
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed else os.cpu_count() or 1
