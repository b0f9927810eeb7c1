"""What a record says of the machine: by the names of its processors, never by its own."""

import os
import platform
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

from dlcourse.compare.devices import devices
from dlcourse.compare.keras_backend import load_backend
from dlcourse.compare.machine import cpu_name

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")


def device() -> dict[str, str]:
    """Describe the first GPU that Keras uses, or the CPU if it uses none."""
    found = devices()
    if not found.gpus:
        return {"kind": "CPU", "name": found.cpu}
    gpu = found.gpus[0]
    told = {
        "name": gpu.name,
        "memory": "" if gpu.gibibytes is None else f"{gpu.gibibytes:.0f} GiB",
        "driver": gpu.driver,
        "cuda": found.cuda,
        "compute_capability": gpu.capability,
    }
    return {"kind": "GPU"} | {key: value for key, value in told.items() if value}


def cpu() -> dict[str, object]:
    """Describe the CPU, with the cores of it and the threads that the libraries may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    cores = len(allowed(0)) if allowed else os.cpu_count()
    limits = {name: os.environ[name] for name in THREADS if name in os.environ}
    return {"name": cpu_name(), "cores": cores, "threads": limits or "one per core"}


def versions() -> dict[str, str]:
    """Return the versions of Python and of everything that computes."""
    backend = load_backend()
    found = {
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "keras": str(backend.keras.__version__),
        backend.keras.backend.backend(): backend.version,
    }
    if find_spec("cupy"):
        found["cupy"] = str(import_module("cupy").__version__)
    return found
