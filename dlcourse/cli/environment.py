"""The environment of the processes that execute and test: the same on every machine."""

import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# One thread: two cores are shared by two workers, and sums come out in the same order everywhere.
SETTINGS = {
    "DLCOURSE_AUTHOR": "1",  # answers are shown to whoever has predicted nothing
    "KERAS_BACKEND": "tensorflow",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
# For processors with AVX-512, OpenBLAS and NumPy have code of their own, which rounds otherwise:
# after some hundred steps of training that is another network. So all run older code.
if platform.machine().lower() in ("x86_64", "amd64"):
    SETTINGS["OPENBLAS_CORETYPE"] = "Haswell"
    SETTINGS["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"


@contextmanager
def reproducible() -> Iterator[dict[str, str]]:
    """Give an environment for child processes, without what the user has set up for IPython.

    Yields
    ------
    dict
        The present environment with `SETTINGS`, an empty IPython folder, and the
        matplotlib backend that the process itself chooses.
    """
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    with tempfile.TemporaryDirectory(prefix="dlcourse-", ignore_cleanup_errors=True) as folder:
        ipython = Path(folder) / "ipython"
        ipython.mkdir()
        yield kept | SETTINGS | {"IPYTHONDIR": str(ipython)}
