"""What Keras can compute on, and if no GPU is used, why not."""

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from dlcourse.compare.backends import Backend
from dlcourse.compare.keras_backend import load_backend
from dlcourse.compare.machine import Gpu, Machine, cpu_name, look
from dlcourse.tables import Table

# The oldest driver for a version of CUDA:
# https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
OLDEST_DRIVER = {11: 450, 12: 525, 13: 580}
FULL = 0.9  # of the memory of a GPU: what is left is too little to start with
PIP = f'"{sys.executable}" -m pip install'


@dataclass(frozen=True)
class Build:
    """How a backend was built, and what it answers when it is asked for a GPU.

    Parameters
    ----------
    name, title : str
        As in KERAS_BACKEND, and as its makers write it.
    cuda : str
        The version of CUDA that it was built for; empty without CUDA.
    has_libraries : bool
        Whether the libraries of CUDA are installed beside it.
    refusal : str
        What it says itself.
    """

    name: str = "tensorflow"
    title: str = "TensorFlow"
    cuda: str = ""
    has_libraries: bool = False
    refusal: str = ""


class Devices(Table):
    """What Keras sees on this machine; prints as a table.

    Attributes
    ----------
    backend : str
        "3.15.1 on TensorFlow 2.21.0", the version of Keras and of what it runs on.
    cpu : str
        Name of the processor.
    gpus : list of Gpu
        The GPUs that Keras uses; empty if there is none.
    cuda : str
        The version of CUDA that the backend was built for; empty without CUDA.
    why_no_gpu : str
        In words; empty if there is a GPU.
    """

    def __init__(
        self, backend: str, cpu: str, gpus: list[Gpu], cuda: str = "", why_no_gpu: str = ""
    ) -> None:
        self.backend = backend
        self.cpu = cpu
        self.gpus = gpus
        self.cuda = cuda
        self.why_no_gpu = why_no_gpu
        rows = [["Keras", backend], ["CPU", cpu]]
        rows += [["GPU", str(gpu)] for gpu in gpus] or [["GPU", f"not used: {why_no_gpu}"]]
        if gpus and gpus[0].driver:
            rows.append(["driver", f"NVIDIA {gpus[0].driver}, CUDA {cuda} in the backend"])
        super().__init__(["device", "found"], rows)


def devices() -> Devices:
    """Look at what Keras can compute on.

    Returns
    -------
    Devices
        A table with a row for Keras and its backend, the CPU and each GPU.

    Raises
    ------
    ImportError
        If Keras or its backend cannot be imported.
    RuntimeError
        If Keras runs on a backend that the course does not know.
    """
    backend, machine = load_backend(), look()
    title = f"{backend.keras.__version__} on {backend.title} {backend.version}"
    gpus = known_to_driver(backend.gpu_names(), machine.gpus)
    cuda = backend.cuda_version()
    why_not = "" if gpus else why_no_gpu(machine, _build(backend))
    return Devices(title, cpu_name(), gpus, cuda, why_not)


def known_to_driver(names: list[str], listed: tuple[Gpu, ...]) -> list[Gpu]:
    """Return the GPUs of these names, with what the driver tells of them."""
    left = list(listed)
    found = []
    for name in names:
        gpu = next((gpu for gpu in left if gpu.name == name), None)
        if gpu:
            left.remove(gpu)
        found.append(gpu or Gpu(name))
    return found


def why_no_gpu(machine: Machine, build: Build) -> str:
    """Say in words why no GPU is used, and what to do about it."""
    return (
        _switched_off(machine, build)
        or _wrong_system(machine, build)
        or _no_driver(machine)
        or _wrong_build(machine, build)
        or _refused(machine, build)
    )


def _switched_off(machine: Machine, build: Build) -> str:
    """Look for an environment variable that keeps the backend off the GPU."""
    visible = machine.settings.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and (
        visible in ("", "-1") or _names_none(visible, len(machine.gpus) or sys.maxsize)
    ):
        return f'CUDA_VISIBLE_DEVICES="{visible}" hides every GPU; unset that environment variable'
    for backend, name in ("jax", "JAX_PLATFORMS"), ("torch", "KERAS_TORCH_DEVICE"):
        if build.name == backend and machine.settings.get(name) == "cpu":
            return f"{name}=cpu keeps {build.title} on the CPU; unset that environment variable"
    return ""


def _names_none(visible: str, count: int) -> bool:
    """CUDA counts from zero and stops at the first number that no GPU has."""
    first = visible.partition(",")[0].strip()
    return first.isdigit() and int(first) >= count


def _wrong_system(machine: Machine, build: Build) -> str:
    """Look for a system on which the backend uses no GPU."""
    if machine.system == "Darwin":
        if build.name == "torch":
            return "this Mac has no GPU that PyTorch can use"
        return f"under macOS {build.title} computes on the CPU"
    if machine.system == "Windows" and build.name != "torch":
        return f"{build.title} uses no GPU under Windows; inside WSL 2 it does"
    return ""


def _no_driver(machine: Machine) -> str:
    """Look for a driver that is missing or does not work."""
    if machine.complaint:
        return (
            f"the NVIDIA driver does not answer ({machine.complaint}); "
            "restart the machine, and if that does not help, install the driver again"
        )
    if machine.gpus:
        return ""
    if machine.driver_loaded and not machine.wsl:
        return (
            "the NVIDIA driver is loaded, but its programs are not here, as in a container that "
            "was started without --gpus=all"
        )
    if machine.wsl:
        return (
            "WSL reaches no NVIDIA GPU; install NVIDIA's driver in Windows, not in WSL, and run "
            "`wsl --update` there"
        )
    if machine.has_card:
        return "there is an NVIDIA GPU, but no driver for it; install NVIDIA's driver"
    return "this machine has no NVIDIA GPU"


def _wrong_build(machine: Machine, build: Build) -> str:
    """Look for a backend that does not fit the driver, or lacks what it needs besides."""
    found = f"{machine.gpus[0].name}: "
    install = {
        "tensorflow": f"{PIP} -r requirements/gpu.txt",
        "jax": f'{PIP} "jax[cuda12]"',
        "torch": "choose CUDA on https://pytorch.org/get-started/locally",
    }[build.name]
    if not build.cuda:
        return f"{found}{build.title} is built without CUDA; {install}"
    driver = machine.gpus[0].driver
    oldest = OLDEST_DRIVER.get(_major(build.cuda), 0)
    if driver and _major(driver) < oldest:
        return (
            f"{found}its driver {driver} is too old for CUDA {build.cuda}, for which "
            f"{build.title} is built; install driver {oldest} or newer"
        )
    if not build.has_libraries:
        return f"{found}{build.title} lacks the CUDA libraries; {install}"
    return ""


def _refused(machine: Machine, build: Build) -> str:
    """Find words for a backend that has all it needs and does not take the GPU."""
    gpu = machine.gpus[0]
    found = f"{gpu.name}: "
    if gpu.gibibytes and gpu.used and gpu.used > FULL * gpu.gibibytes:
        return (
            f"{found}{gpu.used:.0f} of its {gpu.gibibytes:.0f} GiB are taken; nvidia-smi lists by "
            "which processes (another notebook's kernel, perhaps): end them"
        )
    if build.refusal:
        return f"{found}{build.title} says: {build.refusal.partition(chr(10))[0]}"
    return (
        f"{found}{build.title} gives no reason; it prints more when TF_CPP_MIN_LOG_LEVEL=0 is set "
        "before Python starts"
    )


def _build(backend: Backend) -> Build:
    name, cuda = backend.keras.backend.backend(), backend.cuda_version()
    return Build(name, backend.title, cuda, _has_libraries(cuda), backend.refusal())


def _has_libraries(cuda: str) -> bool:
    """Return whether CUDA's library for networks is installed as a package, or for all."""
    try:
        version(f"nvidia-cudnn-cu{_major(cuda)}")
    except PackageNotFoundError:
        from ctypes.util import find_library

        return find_library("cudnn") is not None
    return True


def _major(version: str) -> int:
    """Return the first number of a version, 0 if there is none."""
    first = version.partition(".")[0]
    return int(first) if first.isdigit() else 0
