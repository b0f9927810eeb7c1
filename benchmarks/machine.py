"""What a record says of the machine: by the names of its processors, never by its own."""

import importlib
import os
import platform
import subprocess
from contextlib import suppress
from importlib.metadata import version

from dlcourse.compare.devices import cpu_name
from dlcourse.compare.keras_backend import load_backend

FIELDS = ("name", "memory.total", "driver_version", "compute_cap")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")


def device() -> dict[str, str]:
    """Describe the first GPU that Keras uses, or the CPU if it uses none."""
    backend = load_backend()
    if not backend.gpu_names():
        return {"kind": "CPU", "name": cpu_name()}
    return {"kind": "GPU", "name": backend.gpu_names()[0], "cuda": backend.cuda_version()} | smi()


def smi() -> dict[str, str]:
    """Ask the driver of an NVIDIA GPU; nothing where it does not answer."""
    command = ["nvidia-smi", f"--query-gpu={','.join(FIELDS)}", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return {}
    name, mebibytes, driver, capability = answer.stdout.splitlines()[0].split(", ")
    return {
        "name": name,
        "memory": f"{int(mebibytes) / 1024:.0f} GiB",
        "driver": driver,
        "compute_capability": capability,
    }


def cpu() -> dict[str, object]:
    """Describe the CPU, and how many threads the libraries may start on it."""
    limits = {name: os.environ[name] for name in THREADS if name in os.environ}
    return {"name": cpu_name(), "cores": os.cpu_count(), "threads": limits or "one a core"}


def versions() -> dict[str, str]:
    """Return the versions of Python and of everything that computes."""
    backend = load_backend()
    found = {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "keras": str(backend.keras.__version__),
        backend.keras.backend.backend(): backend.version,
    }
    with suppress(ImportError):
        found["cupy"] = importlib.import_module("cupy").__version__
    return found
