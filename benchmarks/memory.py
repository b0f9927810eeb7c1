"""Extra memory of a convolution, forward and backward, here and in Keras.

    python -m benchmarks.memory CONTENDER

prints the most megabytes that the process held beyond what it held before the call, with the
inputs and the gradient of the outputs already there. Outputs and gradients of inputs, kernel
and bias are part of it. Linux only: the kernel keeps the peak and lets a process reset it.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dlcourse import nn
from dlcourse.compare import keras_layer
from dlcourse.compare.keras_backend import gradients

BATCH, INPUT_SHAPE = 64, (28, 28, 32)
MEGABYTE = 2**20


def dlcourse_call(layer: nn.Conv2D, x: np.ndarray, grad_outputs: np.ndarray) -> object:
    outputs, cache = layer.forward(x)
    return outputs, layer.backward(grad_outputs, cache)


def keras_call(layer: nn.Conv2D) -> Callable[[np.ndarray, np.ndarray], object]:
    twin = keras_layer(layer)
    twin.build((None, *INPUT_SHAPE))

    def call(x: np.ndarray, grad_outputs: np.ndarray) -> object:
        return gradients(twin, [x], twin.trainable_weights, grad_outputs)

    return call


def peak_of(call: Callable[[], object]) -> float:
    """Return the megabytes that a call needs at most, beyond those held before it."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak becomes what is held now
    before = _status("VmRSS")
    kept = call()
    peak = _status("VmHWM") - before
    del kept
    return peak


def _status(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    raise RuntimeError(f"/proc/self/status has no {field}")


def main() -> None:
    contender = sys.argv[1]
    rng = np.random.default_rng(0)
    layer = nn.Conv2D(64, 3, padding="same")
    output_shape = layer.build(INPUT_SHAPE, rng)
    x = rng.standard_normal((BATCH, *INPUT_SHAPE), np.float32)
    grad_outputs = rng.standard_normal((BATCH, *output_shape), np.float32)
    keras = keras_call(layer) if contender == "keras" else None

    def call(rows: int) -> object:
        if keras:
            return keras(x[:rows], grad_outputs[:rows])
        return dlcourse_call(layer, x[:rows], grad_outputs[:rows])

    call(1)  # loads whatever code is needed
    print(peak_of(lambda: call(BATCH)))


if __name__ == "__main__":
    main()
