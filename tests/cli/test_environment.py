"""Notebooks come out alike on processors that OpenBLAS treats differently."""

import json
import platform
import subprocess
import sys

import pytest

from dlcourse.cli.environment import reproducible

ASK = "import json, numpy, threadpoolctl; print(json.dumps(threadpoolctl.threadpool_info()))"


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="another kind")
def test_products_are_added_in_one_order_whatever_the_processor_can_do():
    with reproducible() as environment:
        told = subprocess.run(
            [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
        )
    used = [library for library in json.loads(told.stdout) if library["internal_api"] == "openblas"]
    assert [library["architecture"] for library in used] in ([], ["Haswell"])
    assert all(library["num_threads"] == 1 for library in used)
