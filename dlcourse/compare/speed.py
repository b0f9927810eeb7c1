"""How long a step takes here and in Keras, measured in one process and quickly.

For a lesson's cell: a few seconds, wall-clock time, whatever else the machine does.
The careful measurement, in processes of their own, is in `benchmarks/`.
"""

import copy
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.keras_backend import load_tensorflow
from dlcourse.compare.training_twins import keras_loss, keras_optimizer
from dlcourse.compare.twins import to_keras
from dlcourse.nn.contract import configuration
from dlcourse.nn.losses import get_loss
from dlcourse.nn.optimizers import get_optimizer
from dlcourse.tables import Table

BLOCK_SECONDS = 0.03  # long enough that the clock and a short interruption do not count


def speed(
    model: Any, x: NDArray[Any], y: NDArray[Any], *, loss: Any, optimizer: Any, rounds: int = 9
) -> Table:
    """Time a training step and a prediction on one batch, here and in Keras.

    Here is NumPy on the CPU. Keras runs ``train_on_batch`` and ``predict_on_batch`` of the
    compiled twin, on the CPU and on a GPU if there is one; both return NumPy values, so the
    device has finished when the clock is read, and moving the batch to a GPU counts.
    Rounds alternate between the two; the ratio is taken in each round.

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
        A row a device and task: the median times in milliseconds, the median ratio
        (below 1: faster than Keras) and its quartiles.
    """
    tf = load_tensorflow()
    x, y = np.asarray(x, model.dtype), np.asarray(y)
    loss, optimizer = get_loss(loss), get_optimizer(optimizer)
    rows = []
    for device in ["CPU", "GPU"] if tf.config.list_physical_devices("GPU") else ["CPU"]:
        with tf.device(f"/{device}:0"):
            here = _tasks_here(model, x, y, loss, optimizer)
            there = _tasks_in_keras(model, x, y, loss, optimizer)
            for task in here:
                ours, keras = _interleaved(here[task], there[task], rounds)
                low, median, high = np.quantile(ours / keras, [0.25, 0.5, 0.75])
                times = [f"{1000 * np.median(seconds):.2f}" for seconds in (ours, keras)]
                rows.append([device, task, *times, f"{median:.2f}", f"{low:.2f} to {high:.2f}"])
    return Table(
        ["Keras on", "task", "dlcourse, ms", "Keras, ms", "ratio", "middle half"],
        rows,
        f"Time for one batch of {len(x)}, dlcourse on the CPU; ratio below 1: faster than Keras.",
    )


def _tasks_here(model: Any, x: Any, y: Any, loss: Any, optimizer: Any) -> dict[str, Any]:
    model = copy.deepcopy(model)
    optimizer = type(optimizer)(**configuration(optimizer))
    return {
        "training step": lambda: model.train_on_batch(x, y, loss=loss, optimizer=optimizer),
        "prediction": lambda: model.forward(x)[0],
    }


def _tasks_in_keras(model: Any, x: Any, y: Any, loss: Any, optimizer: Any) -> dict[str, Any]:
    twin = to_keras(model)
    dtype = np.dtype(model.dtype).name
    twin.compile(optimizer=keras_optimizer(optimizer, dtype), loss=keras_loss(loss, dtype))
    return {
        "training step": lambda: twin.train_on_batch(x, y),
        "prediction": lambda: twin.predict_on_batch(x),
    }


def _interleaved(
    first: Callable[[], Any], second: Callable[[], Any], rounds: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the seconds a call of each takes, measured in turns."""
    calls = [_calls_in_a_block(function) for function in (first, second)]
    seconds = np.empty((rounds, 2))
    for a_round in seconds:
        for which, function in enumerate((first, second)):
            start = perf_counter()
            for _ in range(calls[which]):
                function()
            a_round[which] = (perf_counter() - start) / calls[which]
    return seconds[:, 0], seconds[:, 1]


def _calls_in_a_block(function: Callable[[], Any]) -> int:
    """Warm a function up (Keras compiles at the first call) and see how often it fits."""
    for _ in range(3):
        start = perf_counter()
        function()
        elapsed = perf_counter() - start
    return max(1, round(BLOCK_SECONDS / elapsed))
