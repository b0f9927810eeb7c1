"""Notebooks come out alike on processors for which NumPy and OpenBLAS have code of their own."""

import json
import platform
import subprocess
import sys

import pytest

from dlcourse.cli.environment import reproducible

ASK = """
import json
import threadpoolctl
from numpy._core._multiarray_umath import __cpu_features__

print(json.dumps([threadpoolctl.threadpool_info(), __cpu_features__]))
"""


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="another kind")
def test_numbers_are_rounded_in_one_way_whatever_the_processor_can_do():
    with reproducible() as environment:
        told = subprocess.run(
            [sys.executable, "-W", "error", "-c", ASK],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    libraries, features = json.loads(told.stdout)
    blas = [library for library in libraries if library["internal_api"] == "openblas"]
    assert all(library["architecture"] == "Haswell" for library in blas)
    assert all(library["num_threads"] == 1 for library in blas)
    assert not features["X86_V4"]
