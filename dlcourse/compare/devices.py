"""What Keras can compute on, and if no GPU is used, why not."""

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

from dlcourse.compare.keras_backend import load_keras, load_tensorflow
from dlcourse.tables import Table


class Devices(Table):
    """What Keras sees on this machine; prints as a table.

    Attributes
    ----------
    backend : str
        "3.15.1 on TensorFlow 2.21.0", the version of Keras and of what it runs on.
    cpu : str
        Name of the processor.
    gpus : list of str
        Name and memory of each GPU that Keras uses; empty if there is none.
    why_no_gpu : str
        In words; empty if there is a GPU.
    """

    def __init__(self, backend: str, cpu: str, gpus: list[str], why_no_gpu: str) -> None:
        self.backend = backend
        self.cpu = cpu
        self.gpus = gpus
        self.why_no_gpu = why_no_gpu
        gpu_rows = [["GPU", gpu] for gpu in gpus] or [["GPU", f"not used: {why_no_gpu}"]]
        super().__init__(["device", "found"], [["Keras", backend], ["CPU", cpu], *gpu_rows])


def devices() -> Devices:
    """Look at what Keras can compute on.

    Returns
    -------
    Devices
        A table with a row for Keras and its backend, the CPU and each GPU.

    Raises
    ------
    ImportError
        If Keras cannot be imported.
    RuntimeError
        If Keras runs on another backend than TensorFlow.
    """
    keras, tf = load_keras(), load_tensorflow()
    backend = f"{keras.__version__} on TensorFlow {tf.__version__}"
    gpus = [_describe(tf, gpu) for gpu in tf.config.list_physical_devices("GPU")]
    return Devices(backend, cpu_name(), gpus, "" if gpus else _why_no_gpu())


def cpu_name() -> str:
    """Return the name of the processor, or its architecture where no name is to be had."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if platform.system() == "Darwin":
        return _output_of("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    return platform.processor() or platform.machine()


def _describe(tf: Any, gpu: Any) -> str:
    """Return the name of a GPU, with its memory where the driver tells it."""
    name = str(tf.config.experimental.get_device_details(gpu).get("device_name", "GPU"))
    listing = _output_of(
        "nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"
    )
    for line in listing.splitlines():
        found, _, mebibytes = line.rpartition(",")
        if found.strip() == name and mebibytes.strip().isdigit():
            return f"{name}, {int(mebibytes) / 1024:.0f} GiB"
    return name


def _why_no_gpu() -> str:
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0") in ("", "-1"):
        return "the environment variable CUDA_VISIBLE_DEVICES hides every GPU"
    if platform.system() == "Darwin":
        return "TensorFlow computes on the CPU under macOS"
    if platform.system() == "Windows":
        return "TensorFlow uses no GPU under Windows; inside WSL 2 it does"
    if not Path("/proc/driver/nvidia/version").exists() and not shutil.which("nvidia-smi"):
        return "this machine has no NVIDIA driver"
    return (
        "there is an NVIDIA driver, but TensorFlow lacks the CUDA libraries or found no GPU that "
        'it can use; install them with: pip install "tensorflow[and-cuda]"'
    )


def _output_of(*command: str) -> str:
    """Return what a command prints, or nothing if it is not there or fails."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
