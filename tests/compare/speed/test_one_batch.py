"""The table of `speed`; how fast anything is, is no matter for a test."""

import sys

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import load_backend
from dlcourse.compare.speed.contenders import InKeras, contenders
from dlcourse.nn import devices
from tests.nn.device_array import to_stand_in

module = sys.modules["dlcourse.compare.speed.one_batch"]  # the name is the function's
TASKS = ["training step", "prediction"]


def table(model):
    x, y = np.eye(2), np.array([0, 1])
    return compare.speed(model, x, y, loss=nn.BinaryCrossentropy(), optimizer=nn.SGD(), rounds=2)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_row_a_task_and_a_model_left_alone(dtype):
    layers = [nn.Dense(1), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(2,), seed=0, dtype=dtype)
    before = model.get_weights()
    found = table(model)
    assert [row[:3] for row in found.rows][:2] == [["CPU", "CPU", task] for task in TASKS]
    assert all(float(cell) >= 0 for row in found.rows for cell in row[3:6])
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_each_device_beside_keras_on_the_same_and_the_cpu_beside_both(monkeypatch):
    """A GPU that is none: Keras's is called so and computes on the CPU, CuPy is the stand-in."""
    monkeypatch.setitem(devices.DEVICES, "cuda", lambda: to_stand_in)

    class Pretended(InKeras):
        def __init__(self, *arguments):
            super().__init__(*arguments[:-1], "CPU")
            self.device = "GPU"

        def active(self):
            return load_backend().on("CPU")

    def with_gpu(*arguments):
        yield from contenders(*arguments)
        yield Pretended(*arguments, "GPU")

    monkeypatch.setattr(module, "contenders", with_gpu)
    model = nn.Sequential([nn.Dense(1), nn.Activation("sigmoid")], input_shape=(2,), seed=0)
    pairs = list(dict.fromkeys(tuple(row[:2]) for row in table(model).rows))
    assert pairs == [("CPU", "CPU"), ("CPU", "GPU"), ("GPU", "GPU")]
