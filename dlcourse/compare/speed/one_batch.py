"""How long a step takes here and in Keras, measured in one process and quickly.

For a lesson's cell: a few seconds, wall-clock time, whatever else the machine does.
The careful measurement, in processes of their own, is in `benchmarks/`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.speed.contenders import InKeras, contenders
from dlcourse.compare.speed.timing import in_turns, quartiles
from dlcourse.compare.speed.work import TASKS
from dlcourse.nn.losses import get_loss
from dlcourse.nn.optimizers import get_optimizer
from dlcourse.tables import Table


def speed(
    model: Any, x: NDArray[Any], y: NDArray[Any], *, loss: Any, optimizer: Any, rounds: int = 9
) -> Table:
    """Time a training step and a prediction on one batch, here and in Keras.

    Here is NumPy on the CPU and, where CuPy finds one, a GPU. Keras runs ``train_on_batch`` and
    ``predict_on_batch`` of the compiled twin, on the CPU and on a GPU if there is one. The batch
    lies on the device already, and the clock is read when the device has finished. All take
    turns; the ratio is taken in each round.

    Parameters
    ----------
    model : nn.Sequential
        Built. It is not changed.
    x, y : array
        Inputs and targets of one batch.
    loss, optimizer : Loss and Optimizer, or str
        Of `dlcourse.nn`, or their names.
    rounds : int, default 9
        How often each is measured.

    Returns
    -------
    Table
        One row per device and task: the median times in milliseconds, the median ratio
        (below 1: faster than Keras) and its quartiles.
    """
    ready = list(contenders(model, x, np.asarray(y), get_loss(loss), get_optimizer(optimizer)))
    pairs = [
        (ours, keras)
        for keras in ready
        if isinstance(keras, InKeras)
        for ours in ready
        if not isinstance(ours, InKeras) and ours.device in ("CPU", keras.device)
    ]
    rows = []
    for task in TASKS:
        seconds = dict(zip(ready, in_turns(ready, task, rounds), strict=True))
        for ours, keras in pairs:
            low, median, high = quartiles(seconds[ours] / seconds[keras])
            times = [f"{1000 * np.median(seconds[each]):.2f}" for each in (ours, keras)]
            where = [ours.device, keras.device]
            rows.append([*where, task, *times, f"{median:.2f}", f"{low:.2f} to {high:.2f}"])
    rows.sort(key=lambda row: row[:2])
    return Table(
        ["dlcourse on", "Keras on", "task", "dlcourse, ms", "Keras, ms", "ratio", "middle half"],
        rows,
        f"Time for one batch of {len(x)}; ratio below 1: dlcourse is faster than Keras.",
    )
