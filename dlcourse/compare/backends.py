"""What differs between the backends of Keras: TensorFlow, JAX and PyTorch.

The rest of this part is written once, with ``keras.ops``. A backend here is an object of one
class; what it does with a gradient, a device or a clock is told below, three times the same.
Nothing is imported before Keras has imported it.
"""

import importlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from importlib.metadata import distributions
from types import ModuleType
from typing import Any, ClassVar

from dlcourse.nn.contract import Array


class Backend(ABC):
    """One of the three.

    Attributes
    ----------
    title : str
        As its makers write it.
    """

    title: ClassVar[str]

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.module: ModuleType = sys.modules[keras.backend.backend()]

    @property
    def version(self) -> str:
        """The version of the backend, not of Keras."""
        return str(self.module.__version__)

    @abstractmethod
    def start(self) -> None:
        """Look for the devices and set what has to be set before the first number."""

    @abstractmethod
    def gradients(
        self,
        function: Callable[..., Any],
        arrays: Sequence[Any],
        variables: Sequence[Any],
        grad_outputs: Array | None,
    ) -> tuple[Any, list[Any]]:
        """Do the work of `keras_backend.gradients`; what comes back are the backend's tensors."""

    @abstractmethod
    def products(self, shortened: bool) -> AbstractContextManager[None]:
        """Let GPUs shorten the factors of float32 products to TF32's 10 bits, or forbid it."""

    @abstractmethod
    def float64(self) -> AbstractContextManager[None]:
        """Compute in float64 what is in float64."""

    @abstractmethod
    def gpu_names(self) -> list[str]:
        """Name the GPUs that Keras computes on, as the driver does where that can be had."""

    @abstractmethod
    def cuda_version(self) -> str:
        """Return the version of CUDA that the backend was built for, "" without CUDA."""

    @abstractmethod
    def refusal(self) -> str:
        """Return what the backend itself says when it is asked for a GPU and has none."""

    @abstractmethod
    def wait(self, model: Any) -> None:
        """Return when all that a Keras model was told to compute is computed."""

    def on(self, device: str) -> AbstractContextManager[Any]:
        """Compute on "CPU" or "GPU", the first of that kind."""
        found: AbstractContextManager[Any] = self.keras.device(f"{device.lower()}:0")
        return found


class TensorFlow(Backend):
    """Records on a tape what is computed; the default of Keras."""

    title = "TensorFlow"

    def start(self) -> None:  # noqa: D102
        config = self.module.config
        for gpu in config.list_physical_devices("GPU"):
            config.experimental.set_memory_growth(gpu, True)  # not all of its memory at once
        self.module.zeros(1)  # looks for the devices now, while messages are held back

    def gradients(  # noqa: D102
        self,
        function: Callable[..., Any],
        arrays: Sequence[Any],
        variables: Sequence[Any],
        grad_outputs: Array | None,
    ) -> tuple[Any, list[Any]]:
        tf = self.module
        tensors = [tf.constant(array) for array in arrays]
        sources = [*tensors, *(variable.value for variable in variables)]
        with tf.GradientTape() as tape:
            tape.watch([tensor for tensor in sources if tensor.dtype.is_floating])
            result = function(*tensors)
        grads = tape.gradient(
            _first(result),
            sources,
            output_gradients=grad_outputs,
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )
        return result, [tf.convert_to_tensor(grad) for grad in grads]  # some are sparse

    @contextmanager
    def products(self, shortened: bool) -> Iterator[None]:  # noqa: D102
        setting = self.module.config.experimental
        before = setting.tensor_float_32_execution_enabled()
        setting.enable_tensor_float_32_execution(shortened)
        try:
            yield
        finally:
            setting.enable_tensor_float_32_execution(before)

    def float64(self) -> AbstractContextManager[None]:  # noqa: D102
        return nullcontext()  # it does so anyway

    def gpu_names(self) -> list[str]:  # noqa: D102
        config = self.module.config
        details = map(config.experimental.get_device_details, config.list_physical_devices("GPU"))
        return [str(each.get("device_name", "GPU")) for each in details]

    def cuda_version(self) -> str:  # noqa: D102
        return str(self.module.sysconfig.get_build_info().get("cuda_version", ""))

    def refusal(self) -> str:  # noqa: D102
        return ""  # it says nothing but "[]"

    def wait(self, model: Any) -> None:  # noqa: D102
        self.module.test.experimental.sync_devices()


class Jax(Backend):
    """Differentiates functions without side effects; Keras's variables become arguments."""

    title = "JAX"

    def start(self) -> None:  # noqa: D102
        self.module.devices()

    def gradients(  # noqa: D102
        self,
        function: Callable[..., Any],
        arrays: Sequence[Any],
        variables: Sequence[Any],
        grad_outputs: Array | None,
    ) -> tuple[Any, list[Any]]:
        jax = self.module
        assigned: list[Any] = []  # what function assigns to, a moving average for instance

        class Scope(self.keras.StatelessScope):  # type: ignore[name-defined, misc]
            def add_update(self, update: tuple[Any, Any]) -> None:
                super().add_update(update)
                assigned.append(update[0])

        def without_side_effects(values: list[Any]) -> tuple[Any, Any]:
            tensors, weights = values[: len(arrays)], values[len(arrays) :]
            with Scope(zip(variables, weights, strict=True)) as scope:
                result = function(*tensors)
            return _first(result), (result, [scope.get_current_value(v) for v in assigned])

        sources = [*map(jax.numpy.asarray, arrays), *(variable.value for variable in variables)]
        outputs, pull_back, (result, values) = jax.vjp(without_side_effects, sources, has_aux=True)
        for variable, value in zip(assigned, values, strict=True):
            variable.assign(value)
        if grad_outputs is None:
            grad_outputs = jax.numpy.ones_like(outputs)
        (grads,) = pull_back(jax.numpy.asarray(grad_outputs))
        # For indices JAX has gradients of a dtype of their own, which has no numbers.
        none = [grad.dtype == jax.dtypes.float0 for grad in grads]
        return result, [
            jax.numpy.zeros_like(source) if nothing else grad
            for source, grad, nothing in zip(sources, grads, none, strict=True)
        ]

    def products(self, shortened: bool) -> AbstractContextManager[None]:  # noqa: D102
        setting = "tensorfloat32" if shortened else "highest"
        found: AbstractContextManager[None] = self.module.default_matmul_precision(setting)
        return found

    @contextmanager
    def float64(self) -> Iterator[None]:  # noqa: D102
        with self.module.enable_x64(True), _keras_keeps_float64():
            yield

    def gpu_names(self) -> list[str]:  # noqa: D102
        return [str(device.device_kind) for device in self.module.devices() if _is_gpu(device)]

    def cuda_version(self) -> str:  # noqa: D102
        for distribution in distributions():  # jax-cuda13-plugin, and the like
            head, found, tail = distribution.name.partition("jax-cuda")
            if not head and found and tail.endswith("-plugin"):
                return tail.removesuffix("-plugin")
        return ""

    def refusal(self) -> str:  # noqa: D102
        try:
            self.module.devices("cuda")
        except RuntimeError as error:
            return str(error)
        return ""

    def wait(self, model: Any) -> None:  # noqa: D102
        self.module.block_until_ready([variable.value for variable in model.variables])


class Torch(Backend):
    """Records on every tensor how it came about."""

    title = "PyTorch"

    def start(self) -> None:  # noqa: D102
        self.module.zeros(1)

    def gradients(  # noqa: D102
        self,
        function: Callable[..., Any],
        arrays: Sequence[Any],
        variables: Sequence[Any],
        grad_outputs: Array | None,
    ) -> tuple[Any, list[Any]]:
        torch, convert = self.module, self.keras.ops.convert_to_tensor
        tensors = [convert(array) for array in arrays]
        sources = [*tensors, *(variable.value for variable in variables)]
        floating = [source for source in sources if source.is_floating_point()]
        for source in floating:
            source.requires_grad_()
        result = function(*tensors)
        grads = torch.autograd.grad(
            _first(result),
            floating,
            grad_outputs=None if grad_outputs is None else convert(grad_outputs),
            allow_unused=True,
            materialize_grads=True,
        )
        of = {id(source): grad for source, grad in zip(floating, grads, strict=True)}
        return result, [of.get(id(source), torch.zeros_like(source)) for source in sources]

    @contextmanager
    def products(self, shortened: bool) -> Iterator[None]:  # noqa: D102
        backends = self.module.backends
        with ExitStack() as back:
            for setting in backends.cuda.matmul, backends.cudnn.conv, backends.cudnn.rnn:
                back.callback(setattr, setting, "fp32_precision", setting.fp32_precision)
                setting.fp32_precision = "tf32" if shortened else "ieee"
            yield

    def float64(self) -> AbstractContextManager[None]:  # noqa: D102
        return _keras_keeps_float64()

    def gpu_names(self) -> list[str]:  # noqa: D102
        cuda = self.module.cuda
        if cuda.is_available():
            return [cuda.get_device_name(index) for index in range(cuda.device_count())]
        return ["Apple GPU (Metal)"] if self._metal else []

    def cuda_version(self) -> str:  # noqa: D102
        return self.module.version.cuda or ""

    def refusal(self) -> str:  # noqa: D102
        try:
            self.module.cuda.init()
        except (AssertionError, RuntimeError) as error:
            return str(error)
        return ""

    def wait(self, model: Any) -> None:  # noqa: D102
        if self._metal:
            self.module.mps.synchronize()
        elif self.module.cuda.is_available():
            self.module.cuda.synchronize()

    def on(self, device: str) -> AbstractContextManager[Any]:  # noqa: D102
        # To PyTorch "cpu:0" is not "cpu": Keras would copy its variables there, without gradients.
        gpu = "mps" if self._metal else "gpu:0"
        found: AbstractContextManager[Any] = self.keras.device("cpu" if device == "CPU" else gpu)
        return found

    @property
    def _metal(self) -> bool:
        return bool(self.module.backends.mps.is_available())


def _first(result: Any) -> Any:
    """Return what is to be differentiated of the result of a function."""
    return result[0] if isinstance(result, tuple) else result


@contextmanager
def _keras_keeps_float64() -> Iterator[None]:
    """Stop Keras from rounding float64 to float32, as it does on JAX and PyTorch.

    It has no setting for it, only this table (keras.backend.result_type).
    """
    table = importlib.import_module("keras.src.backend.common.dtypes").BIT64_TO_BIT32_DTYPE
    before = table["float64"]
    table["float64"] = "float64"
    try:
        yield
    finally:
        table["float64"] = before


def _is_gpu(device: Any) -> bool:
    return bool(device.platform in ("gpu", "cuda", "rocm"))


BACKENDS: dict[str, type[Backend]] = {"tensorflow": TensorFlow, "jax": Jax, "torch": Torch}
