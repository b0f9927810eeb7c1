"""One batch on several devices: every device takes the gradient of its rows, then they share."""

import copy
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.agreement import TOLERANCE, Agreement, difference, refuse_disagreement
from dlcourse.compare.keras_backend import load_backend
from dlcourse.nn.contract import configuration
from dlcourse.nn.losses import get_loss
from dlcourse.nn.optimizers import get_optimizer


def data_parallel(
    model: Any,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    loss: Any,
    optimizer: Any,
    devices: int = 4,
    steps: int = 3,
    tolerance: float | None = None,
) -> Agreement:
    """Train the Keras twin on several devices, and compare it with the model on one.

    The gradient of a mean over a batch is the mean of the gradients of its parts, weighted
    with their sizes. So each device gets some of the rows and a copy of the weights; the
    devices average their gradients, and all take the same step.

    The devices are virtual: parts of the CPU, so that everybody can run this, and nothing
    gets faster. Keras runs in a process of its own, because a framework has to know of them
    before it starts: on TensorFlow with ``tf.distribute.MirroredStrategy``, on JAX with
    ``keras.distribution.DataParallel``.

    Parameters
    ----------
    model : nn.Sequential
        Built. It is not changed. Without BatchNormalization, which would see only the rows
        of its device, and without Dropout, whose masks would differ.
    x, y : array
        Inputs and targets of one batch; as many rows for each device.
    loss, optimizer : Loss and Optimizer, or str
        Of `dlcourse.nn`, or their names.
    devices : int, default 4
        How many devices share the batch.
    steps : int, default 3
        How many steps of training.
    tolerance : float, optional
        Largest relative difference; 1e-4 in float32 and 1e-10 in float64 by default.

    Returns
    -------
    Agreement
        A table, one row per parameter.

    Raises
    ------
    Disagreement
        If a parameter differs by more than the tolerance after the last step.
    ValueError
        If the rows cannot be shared out evenly.
    RuntimeError
        If Keras runs on PyTorch, where it does not share a batch, or if its process fails.
    """
    if len(x) % devices:
        raise ValueError(f"{len(x)} rows cannot be shared evenly between {devices} devices")
    backend = load_backend()
    if backend.keras.backend.backend() == "torch":
        raise RuntimeError(
            "Keras shares a batch between devices on TensorFlow and JAX, not on PyTorch; there, "
            "torch.nn.parallel.DistributedDataParallel does, without Keras"
        )
    dtype = np.dtype(model.dtype).name
    tolerance = TOLERANCE[dtype] if tolerance is None else tolerance
    loss, optimizer = get_loss(loss), get_optimizer(optimizer)
    optimizer = type(optimizer)(**configuration(optimizer))  # one that has not stepped yet
    x, y = np.asarray(x, dtype), np.asarray(y)
    job = {"model": model, "x": x, "y": y, "loss": loss, "optimizer": optimizer, "steps": steps}
    weights, rows = _in_a_process(job, backend.keras.backend.backend(), devices)
    there, here = copy.deepcopy(model), copy.deepcopy(model)
    there.set_weights(weights)
    for _ in range(steps):
        here.train_on_batch(x, y, loss=loss, optimizer=optimizer)
    expected = there.params | there.state
    differences = [
        difference(f"{name} after the step", steps, array, expected[name])
        for name, array in (here.params | here.state).items()
    ]
    refuse_disagreement(differences, differences, tolerance)
    return Agreement(
        differences,
        {f"{name} after step {steps}": array.shape for name, array in expected.items()},
        tolerance,
        f"dlcourse with all {len(x)} rows at once, and Keras on {backend.title} with "
        f"{' + '.join(map(str, rows))} rows on {devices} virtual devices; {steps} steps of "
        f"{type(optimizer).__name__} in {dtype}.",
    )


def _in_a_process(
    job: dict[str, Any], backend: str, devices: int
) -> tuple[list[NDArray[Any]], list[int]]:
    """Return the weights that the twin ends with, and how many rows each device got."""
    settings = {
        "KERAS_BACKEND": backend,
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}",  # for JAX
    }
    with tempfile.TemporaryDirectory(prefix="dlcourse-") as folder:
        (Path(folder) / "job").write_bytes(pickle.dumps(job))
        result = subprocess.run(
            [sys.executable, "-m", "dlcourse.compare.virtual_devices", folder, str(devices)],
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        if result.returncode:
            raise RuntimeError(f"Keras failed on virtual devices:\n{result.stdout.strip()}")
        weights, rows = pickle.loads((Path(folder) / "result").read_bytes())
    return weights, rows
