"""Keras, imported late and quietly: the only file that imports it or TensorFlow.

The import takes seconds and several hundred megabytes, so it happens when a function
first needs it. TensorFlow writes start-up messages straight to file descriptor 2, past
`sys.stderr`; a notebook would store them. They are held back, and shown if the import
fails.
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from dlcourse.nn.contract import Array

_STDERR = 2


def load_keras() -> ModuleType:
    """Import Keras, or return it if it is there already, without start-up messages.

    Raises
    ------
    ImportError
        If Keras or its backend cannot be imported; the message holds what they printed.
    """
    if "keras" not in sys.modules:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with _quiet_import("Keras"):
            import keras

            if keras.backend.backend() == "tensorflow":
                _start_tensorflow()
    return sys.modules["keras"]


def load_tensorflow() -> ModuleType:
    """Import TensorFlow the same way; gradients of a Keras model need it.

    Raises
    ------
    RuntimeError
        If Keras runs on another backend.
    """
    backend = load_keras().backend.backend()
    if backend != "tensorflow":
        raise RuntimeError(
            f"gradients of Keras models are read through TensorFlow, but Keras runs on {backend}; "
            "set the environment variable KERAS_BACKEND=tensorflow before Keras is first imported"
        )
    return sys.modules["tensorflow"]


def gradients(
    outputs_of: Any, grad_outputs: Array | None, sources: Sequence[Any]
) -> tuple[Any, list[Array]]:
    """Run a function of no argument and differentiate its result.

    Parameters
    ----------
    outputs_of : callable
        Computes the outputs, a tensor, from `sources`.
    grad_outputs : Array or None
        Gradient of the loss for the outputs; None if the outputs are the loss.
    sources : sequence of tensors and Keras variables
        What to differentiate for.

    Returns
    -------
    outputs : tensor
    grads : list of Array
        One a source; zeros where the outputs do not depend on it.
    """
    tf = load_tensorflow()
    variable = load_keras().Variable
    tensors = [each.value if isinstance(each, variable) else each for each in sources]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            if tensor.dtype.is_floating:  # indices have no gradient
                tape.watch(tensor)
        outputs = outputs_of()
    grads = tape.gradient(
        outputs,
        tensors,
        output_gradients=grad_outputs,
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    return outputs, [np.asarray(tf.convert_to_tensor(grad)) for grad in grads]


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """Let Keras compute in exactly this dtype.

    Keras keeps learning rates in its own default, float32, whatever the dtype of the
    layers; and recent GPUs shorten the factors of float32 products to 10 bits.
    """
    keras, tf = load_keras(), load_tensorflow()
    default = keras.config.floatx()
    shortens = tf.config.experimental.tensor_float_32_execution_enabled()
    keras.config.set_floatx(dtype)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        keras.config.set_floatx(default)
        tf.config.experimental.enable_tensor_float_32_execution(shortens)


def _start_tensorflow() -> None:
    """Make TensorFlow look for its devices now, while its messages are held back."""
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)  # not all of its memory at once
    tf.zeros(1)


@contextmanager
def _quiet_import(name: str) -> Iterator[None]:
    """Hold back what is written to file descriptor 2, and warnings, unless the import fails."""
    sys.stderr.flush()
    original = os.dup(_STDERR)
    with tempfile.TemporaryFile() as held_back:
        try:
            os.dup2(held_back.fileno(), _STDERR)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        except ImportError as error:
            held_back.seek(0)
            printed = held_back.read().decode(errors="replace").strip()
            raise ImportError(f"{name} cannot be imported: {error}\n{printed}".strip()) from error
        finally:
            os.dup2(original, _STDERR)
            os.close(original)
