"""Keras, imported late and quietly: the only file that imports it.

The import takes seconds and several hundred megabytes, so it happens when a function
first needs it. TensorFlow writes start-up messages straight to file descriptor 2, past
`sys.stderr`; a notebook would store them. They are held back, and shown if the import
fails.
"""

import importlib
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from dlcourse.compare.backends import BACKENDS, Backend
from dlcourse.layout import COURSE
from dlcourse.nn.contract import Array

_STDERR = 2


class NoBackendError(ImportError):
    """What Keras is to run on is not installed."""


def load_keras() -> ModuleType:
    """Import Keras, or return it if it is there already, without start-up messages.

    It computes with what the environment variable KERAS_BACKEND names: tensorflow, which is
    the default, jax or torch.

    Raises
    ------
    NoBackendError
        If the backend is not installed.
    ImportError
        If Keras or its backend cannot be imported; the message holds what they printed.
    RuntimeError
        If Keras is to run on something else.
    """
    if "keras" not in sys.modules:
        _class_of(os.environ.get("KERAS_BACKEND") or "tensorflow")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        # JAX would take three quarters of the memory of a GPU at once.
        os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
        with _quiet_import("Keras"):
            import keras

            _class_of(keras.backend.backend())(keras).start()
    return sys.modules["keras"]


def load_backend() -> Backend:
    """Import Keras and return what it computes with; raises what `load_keras` raises."""
    keras = load_keras()
    return _class_of(keras.backend.backend())(keras)


def load_tensorflow() -> ModuleType:
    """Import TensorFlow itself the same way, for what is shown in its own words.

    Raises
    ------
    RuntimeError
        If Keras runs on another backend.
    """
    name = load_keras().backend.backend()
    if name != "tensorflow":
        remedy = "unset the environment variable KERAS_BACKEND"
        if find_spec("tensorflow") is None:
            remedy = f"`{COURSE} --full lab` installs it"
        raise RuntimeError(
            f"this needs TensorFlow, but Keras runs on {name}: {remedy}, and start Python "
            "(the kernel) again"
        )
    return sys.modules["tensorflow"]


def gradients(
    function: Callable[..., Any],
    arrays: Sequence[Any],
    variables: Sequence[Any] = (),
    grad_outputs: Array | None = None,
) -> tuple[Any, list[Array]]:
    """Run a function and differentiate what it returns.

    Parameters
    ----------
    function : callable
        Takes a tensor an array and returns a tensor, or a tuple: its first tensor is
        differentiated, the others are handed on.
    arrays : sequence of arrays
        What it is called with.
    variables : sequence of Keras variables
        What it reads besides.
    grad_outputs : Array, optional
        Gradient of the loss for the outputs; left out if the outputs are the loss.

    Returns
    -------
    result : Array or tuple of Array
        What the function returned.
    grads : list of Array
        One per array, then one per variable; zeros where the outputs do not depend on it, and
        for indices.
    """
    backend = load_backend()
    result, grads = backend.gradients(function, arrays, variables, grad_outputs)
    to_numpy = backend.keras.ops.convert_to_numpy
    numbers = tuple(map(to_numpy, result)) if isinstance(result, tuple) else to_numpy(result)
    return numbers, [to_numpy(grad) for grad in grads]


def value_of(variable: Any) -> Array:
    """Return a copy of what a Keras variable holds.

    Its own method ``numpy`` does so in a way that NumPy warns of, on JAX and PyTorch.
    """
    ops = load_keras().ops
    array: Array = ops.convert_to_numpy(ops.copy(variable))
    return array


def mask_of(tensor: Any) -> Any:
    """Return which steps of a tensor count, or None; Keras has no public function for it."""
    load_keras()
    return importlib.import_module("keras.src.backend").get_keras_mask(tensor)


def set_mask(tensor: Any, mask: Any) -> None:
    """Say which steps of a tensor count."""
    load_keras()
    importlib.import_module("keras.src.backend").set_keras_mask(tensor, mask)


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """Let Keras compute in exactly this dtype, float32 or float64.

    Left alone, Keras keeps learning rates in its own default, float32, whatever the dtype of
    the layers, and on JAX and PyTorch it rounds the results of every operation to float32.
    Recent GPUs shorten the factors of float32 products to 10 bits.
    """
    backend = load_backend()
    config = backend.keras.config
    default, policy = config.floatx(), config.dtype_policy()  # Keras keeps what it first used
    config.set_floatx(dtype)
    try:
        with (
            backend.products(shortened=False),
            backend.float64() if dtype == "float64" else nullcontext(),
        ):
            yield
    finally:
        config.set_floatx(default)
        config.set_dtype_policy(policy)


def _class_of(name: str) -> type[Backend]:
    """Return the class for a backend by the name that Keras has for it."""
    if name not in BACKENDS:
        raise RuntimeError(
            f"Keras is to run on {name!r}, and the course knows {', '.join(BACKENDS)}: set the "
            "environment variable KERAS_BACKEND to one of them, or unset it for TensorFlow, "
            "and start Python (the kernel) again"
        )
    return BACKENDS[name]


@contextmanager
def _quiet_import(name: str) -> Iterator[None]:
    """Hold back messages on file descriptor 2, warnings and logs, unless the import fails."""
    sys.stderr.flush()
    original = os.dup(_STDERR)
    level = logging.root.manager.disable
    with tempfile.TemporaryFile() as held_back:
        try:
            os.dup2(held_back.fileno(), _STDERR)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                logging.disable(logging.WARNING)
                yield
        except ImportError as error:
            module = (error.name or "").partition(".")[0]
            if module in BACKENDS:
                raise NoBackendError(
                    f"Keras is to run on {BACKENDS[module].title} (KERAS_BACKEND={module}), which "
                    f'is not installed: install it with "{sys.executable}" -m pip install {module}'
                    ", or unset KERAS_BACKEND for TensorFlow, and start Python (the kernel) again"
                ) from error
            held_back.seek(0)
            printed = held_back.read().decode(errors="replace").strip()
            raise ImportError(f"{name} cannot be imported: {error}\n{printed}".strip()) from error
        finally:
            logging.disable(level)
            os.dup2(original, _STDERR)
            os.close(original)
