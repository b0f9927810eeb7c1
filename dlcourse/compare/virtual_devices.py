"""The process of `data_parallel`: python -m dlcourse.compare.virtual_devices FOLDER DEVICES.

It cuts the CPU into virtual devices, which is possible only before a framework starts: the
environment does it for JAX, `_cut_up` for TensorFlow.
"""

import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras, precision, value_of
from dlcourse.compare.training_twins import keras_loss, keras_optimizer
from dlcourse.compare.twins import to_keras


def main(folder: Path, devices: int) -> None:
    """Train as the job in the folder says, and leave the result there."""
    share = {"tensorflow": _on_tensorflow, "jax": _on_jax}[os.environ["KERAS_BACKEND"]]
    job = pickle.loads((folder / "job").read_bytes())
    model, x, y = job["model"], job["x"], job["y"]
    dtype = np.dtype(model.dtype).name
    with share(devices, x, dtype) as rows:
        twin = to_keras(model)
        twin.compile(keras_optimizer(job["optimizer"], dtype), keras_loss(job["loss"], dtype))
        twin.fit(x, y, batch_size=len(x), epochs=job["steps"], shuffle=False, verbose=0)
        weights = [value_of(variable) for variable in twin.weights]
    (folder / "result").write_bytes(pickle.dumps((weights, rows)))


@contextmanager
def _on_tensorflow(devices: int, x: Any, dtype: str) -> Iterator[list[int]]:
    """Copy what is made inside to all devices; give the rows that each gets of a batch."""
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    part = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [part] * devices)
    strategy = tf.distribute.MirroredStrategy([f"CPU:{index}" for index in range(devices)])
    batches = tf.data.Dataset.from_tensor_slices(x).batch(len(x))
    (shares,) = strategy.experimental_distribute_dataset(batches)
    with precision(dtype), strategy.scope():
        yield [len(share) for share in strategy.experimental_local_results(shares)]


@contextmanager
def _on_jax(devices: int, x: Any, dtype: str) -> Iterator[list[int]]:
    """Do the same; here Keras itself has the means."""
    keras = load_keras()
    distribution = keras.distribution.DataParallel(devices=keras.distribution.list_devices("cpu"))
    with precision(dtype), distribution.scope():
        layout = distribution.get_data_layout(x.shape)
        shares = keras.distribution.distribute_tensor(keras.ops.convert_to_tensor(x), layout)
        yield [len(share.data) for share in shares.addressable_shards]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
