"""How long a batch takes, for batches of all sizes and on every device: measured or recorded.

A device is kept waiting by whoever calls it: Python decides what comes next, the framework
launches it, and each launch takes some microseconds whatever the size of the arrays. So the time
of a small batch does not depend on its size. Only beyond that do operations and bytes count.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.devices import devices
from dlcourse.compare.speed.contenders import contenders
from dlcourse.compare.speed.timing import Limits, in_turns, limits, of_devices, quartiles
from dlcourse.compare.speed.work import TASKS, work
from dlcourse.nn.losses import get_loss
from dlcourse.nn.optimizers import get_optimizer
from dlcourse.tables import Table

BASELINE = "Keras, CPU"


class Point(NamedTuple):
    """The time of one task on one batch, in seconds, with what was to be done in it."""

    contender: str
    task: str
    batch_size: int
    low: float  # lower quartile
    median: float
    high: float  # upper quartile
    operations: int
    bytes: int


class Sweep(Table):
    """Times of a network by batch size; `figures.batch_sweep` draws one or several.

    Attributes
    ----------
    title : str
        Where and when it was measured.
    points : list of Point
    limits : dict
        Of each contender, operations and bytes a second: the most that anyone reached on its
        device, with a large matrix product and a large copy.
    """

    def __init__(
        self, title: str, points: Sequence[Point], limits: dict[str, Limits], caption: str = ""
    ) -> None:
        self.title = title
        self.points = list(points)
        self.limits = limits
        names = list(dict.fromkeys(point.contender for point in points))
        others = [name for name in names if BASELINE in names and name != BASELINE]
        columns = ["task", "batch", *(f"{name}, ms" for name in names)]
        columns += [f"{name} : {BASELINE}" for name in others]
        super().__init__(columns, self._rows(names, others), caption or f"{title}.")

    def _rows(self, names: list[str], others: list[str]) -> list[list[object]]:
        median = {(p.task, p.batch_size, p.contender): p.median for p in self.points}
        rows: list[list[object]] = []
        for task, size in dict.fromkeys((p.task, p.batch_size) for p in self.points):
            of = {name: median.get((task, size, name)) for name in names}
            base = of.get(BASELINE)
            times = ["" if (t := of[name]) is None else f"{1000 * t:.3g}" for name in names]
            ratios = [
                "" if (t := of[name]) is None or base is None else f"{t / base:.2f}"
                for name in others
            ]
            rows.append([task, size, *times, *ratios])
        return rows


def speed_sweep(
    model: Any,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    loss: Any,
    optimizer: Any,
    batch_sizes: Sequence[int] = (1, 8, 64, 512),
    rounds: int = 5,
) -> Sweep:
    """Time a training step and a prediction for several batch sizes, here and in Keras.

    Contenders are Keras on the CPU and, where there is one, on the GPU; `dlcourse.nn` on the
    CPU and, where CuPy finds a GPU, on that. The batch lies on the device already. Contenders
    take turns, and every call waits for its result.

    Parameters
    ----------
    model : nn.Sequential
        Built, in float32. It is not changed.
    x, y : array
        Examples, which are repeated to fill a larger batch.
    loss, optimizer : Loss and Optimizer, or str
        Of `dlcourse.nn`, or their names.
    batch_sizes : sequence of int
    rounds : int, default 5
        How often each is measured.

    Returns
    -------
    Sweep
        One row per task and batch size: the median time of each contender, and its ratio to Keras
        on the CPU. Draw it with ``figures.batch_sweep``.
    """
    loss, optimizer = get_loss(loss), get_optimizer(optimizer)
    points: list[Point] = []
    reached: dict[str, Limits] = {}
    for size in batch_sizes:
        rows = np.resize(np.arange(len(x)), size)
        ready = list(contenders(model, x[rows], y[rows], loss, optimizer))
        counted = work(model, size)
        for task in TASKS:
            for contender, seconds in zip(ready, in_turns(ready, task, rounds), strict=True):
                points.append(
                    Point(
                        contender.name,
                        task,
                        size,
                        *quartiles(seconds),
                        counted.operations[task],
                        counted.bytes[task],
                    )
                )
        reached = reached or {contender.name: limits(contender) for contender in ready}
    points.sort(key=lambda point: TASKS.index(point.task))
    found = devices()
    where = " and ".join([found.cpu, *map(str, found.gpus)])
    return Sweep(f"measured here, on {where}", points, of_devices(reached))
