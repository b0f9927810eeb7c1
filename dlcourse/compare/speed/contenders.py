"""The same network, ready to be trained and timed: here or in Keras, on the CPU or on a GPU.

The batch lies on the device from the start. A training step is what a user would call,
``train_on_batch``, and ends with the value of the loss; a prediction ends with the outputs in
NumPy. A clock that is read after a block of calls waits until the device has done them all.
"""

import copy
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.keras_backend import load_backend, load_keras, value_of
from dlcourse.compare.keras_backend import precision as exact
from dlcourse.compare.training_twins import keras_loss, keras_optimizer
from dlcourse.compare.twins import to_keras
from dlcourse.nn.contract import configuration
from dlcourse.nn.devices import mover, to_host
from dlcourse.nn.memory import keep_freed_memory

_NAMES = {"float32": "", "tfloat32": ", TF32", "bfloat16": ", bfloat16"}
Call = Callable[[], object]


class Contender:
    """One way to compute a network.

    Attributes
    ----------
    name : str
        Such as "Keras, GPU, bfloat16".
    device : str
        "CPU" or "GPU".
    itemsize : int
        Bytes of a number in the products.
    """

    name: str
    device: str
    itemsize = 4

    def step(self) -> float:
        """Take a training step and return the loss before it."""
        raise NotImplementedError

    def predict(self) -> NDArray[Any]:
        """Return the outputs for the batch."""
        raise NotImplementedError

    def weights(self) -> list[NDArray[Any]]:
        """Return all arrays in the order of Keras, in NumPy; waits for what still runs."""
        raise NotImplementedError

    def wait(self) -> None:
        """Return when the device has done all that the network was told to do."""

    @contextmanager
    def active(self) -> Iterator[None]:
        """Hold while anything is computed: chooses device and precision."""
        yield

    def seconds(self, task: str, calls: int) -> float:
        """Return how long so many calls of a task take."""
        call = {"training step": self.step, "prediction": self.predict}[task]
        with self.active():
            start = perf_counter()
            for _ in range(calls):
                call()
            self.wait()
            return perf_counter() - start

    def product_and_copy(self, size: int) -> tuple[Call, Call]:
        """Return what multiplies two matrices of this size, and what reads and writes one.

        Either waits for the result.
        """
        raise NotImplementedError


class Here(Contender):
    """`dlcourse.nn`, on the CPU with NumPy or on a GPU with CuPy."""

    def __init__(
        self, model: Any, x: NDArray[Any], y: NDArray[Any], loss: Any, optimizer: Any, device: str
    ) -> None:
        self.name, self.device = self.title(device), device
        keep_freed_memory()  # as `fit` does
        place = "cuda" if device == "GPU" else "cpu"
        self._move = mover(place)
        self._model = copy.deepcopy(model).to(place)
        self._x, self._y = self._move(np.asarray(x, model.dtype)), self._move(y)
        self._loss, self._optimizer = loss, type(optimizer)(**configuration(optimizer))

    @staticmethod
    def title(device: str) -> str:
        """Return the name of a contender."""
        return f"dlcourse, {device}"

    def step(self) -> float:  # noqa: D102
        return float(
            self._model.train_on_batch(self._x, self._y, loss=self._loss, optimizer=self._optimizer)
        )

    def predict(self) -> NDArray[Any]:  # noqa: D102
        return to_host(self._model.predict(self._x, batch_size=len(self._x)))

    def weights(self) -> list[NDArray[Any]]:  # noqa: D102
        arrays: list[NDArray[Any]] = self._model.get_weights()
        return arrays

    def wait(self) -> None:  # noqa: D102
        if self.device == "GPU" and "cupy" in sys.modules:
            sys.modules["cupy"].cuda.Device().synchronize()

    def product_and_copy(self, size: int) -> tuple[Call, Call]:  # noqa: D102
        matrix, out = self._move(_noise(size)), self._move(_noise(size))

        def product() -> None:
            np.matmul(matrix, matrix, out=out)
            self.wait()

        def copy() -> None:
            np.copyto(out, matrix)
            self.wait()

        return product, copy


class InKeras(Contender):
    """The Keras twin, on a device and in a precision of its own.

    Parameters
    ----------
    device : {"CPU", "GPU"}
    precision : {"float32", "tfloat32", "bfloat16"}
        How products are shortened, if they are. The weights keep the dtype of the model:
        "bfloat16" is Keras's mixed precision.
    fused : bool, default True
        Whether recurrent layers may take the fused kernels of cuDNN.
    """

    def __init__(
        self,
        model: Any,
        x: NDArray[Any],
        y: NDArray[Any],
        loss: Any,
        optimizer: Any,
        device: str,
        precision: str = "float32",
        fused: bool = True,
    ) -> None:
        keras = load_keras()
        self.name, self.device = self.title(device, precision, fused), device
        self._precision, self.itemsize = precision, 2 if precision == "bfloat16" else 4
        self._dtype = dtype = np.dtype(model.dtype).name
        with self.active():
            self._twin = to_keras(model, "mixed_bfloat16" if precision == "bfloat16" else dtype)
            # Keras asks whether the machine has a GPU, not whether this model computes on it.
            self._use_cudnn("auto" if fused and device == "GPU" else False)
            self._twin.compile(keras_optimizer(optimizer, dtype), keras_loss(loss, dtype))
            self._x = keras.ops.convert_to_tensor(np.asarray(x, model.dtype))
            self._y = keras.ops.convert_to_tensor(y)

    @staticmethod
    def title(device: str, precision: str = "float32", fused: bool = True) -> str:
        """Return the name of a contender."""
        return f"Keras, {device}{_NAMES[precision]}{'' if fused else ', not fused'}"

    def fused(self) -> bool | None:
        """Return whether the recurrent layers run in a fused kernel, None if there are none.

        Keras does not say what it took. PyTorch is watched; the other backends refuse if they
        are told to take it and cannot.
        """
        layers = self._recurrent_layers()
        if not layers or not all(layer.use_cudnn for layer in layers):
            return False if layers else None
        with self.active():
            if load_keras().backend.backend() == "torch":
                torch = importlib.import_module("torch")
                with torch.autograd.profiler.profile() as watched:
                    self.predict()
                return any("_cudnn_rnn" in event.key for event in watched.key_averages())
            self._use_cudnn(True)
            try:
                self._twin(self._x)
            except ValueError:
                return False
            finally:
                self._use_cudnn("auto")
        return True

    def _recurrent_layers(self) -> list[Any]:
        return [layer for layer in self._twin.layers if hasattr(layer, "use_cudnn")]

    def _use_cudnn(self, choice: bool | str) -> None:
        for layer in self._recurrent_layers():
            layer.use_cudnn = choice

    def step(self) -> float:  # noqa: D102
        return float(np.ravel(self._twin.train_on_batch(self._x, self._y))[0])

    def predict(self) -> NDArray[Any]:  # noqa: D102
        outputs: NDArray[Any] = self._twin.predict_on_batch(self._x)
        return outputs

    def weights(self) -> list[NDArray[Any]]:  # noqa: D102
        return [value_of(variable) for variable in self._twin.weights]

    def wait(self) -> None:  # noqa: D102
        load_backend().wait(self._twin)

    def product_and_copy(self, size: int) -> tuple[Call, Call]:  # noqa: D102
        ops = load_keras().ops
        dtype = "bfloat16" if self._precision == "bfloat16" else "float32"
        matrix = ops.cast(ops.convert_to_tensor(_noise(size)), dtype)

        def product() -> None:
            ops.convert_to_numpy((matrix @ matrix)[0, :1])

        def copy() -> None:
            ops.convert_to_numpy((matrix + 1)[0, :1])

        return product, copy

    @contextmanager
    def active(self) -> Iterator[None]:  # noqa: D102
        backend = load_backend()
        with ExitStack() as stack:
            stack.enter_context(backend.on(self.device))
            stack.enter_context(exact(self._dtype))
            stack.enter_context(backend.products(self._precision == "tfloat32"))
            yield


def contenders(
    model: Any, x: NDArray[Any], y: NDArray[Any], loss: Any, optimizer: Any
) -> Iterator[Contender]:
    """Make every contender that this machine has, in float32."""
    yield Here(model, x, y, loss, optimizer, "CPU")
    yield InKeras(model, x, y, loss, optimizer, "CPU")
    if load_backend().gpu_names():
        yield InKeras(model, x, y, loss, optimizer, "GPU")
    if cupy_has_gpu():
        yield Here(model, x, y, loss, optimizer, "GPU")


def _noise(size: int) -> NDArray[np.float32]:
    """Return a square matrix of noise: GPUs draw less power, and run faster, on constants."""
    return np.resize(np.random.default_rng(0).standard_normal(2**16, np.float32), (size, size))


def cupy_has_gpu() -> bool:
    """Return whether CuPy is there and can compute."""
    try:
        mover("cuda")
    except (ImportError, RuntimeError):
        return False
    return True
