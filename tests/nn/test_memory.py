"""Freed arrays stay with the process: a second one of their size brings no new pages."""

import os
import subprocess
import sys
from platform import libc_ver

import pytest

PROGRAM = """
import resource
import numpy as np
{setup}
def pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        [np.ones({size}, np.uint8) for _ in range(10)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
pages()
print(pages())
"""


FIT = """
from dlcourse import nn
nn.Sequential([nn.Dense(1)]).fit([[0.0]], [[1.0]], loss="mse", verbose=False)
"""


def pages(setup, size=2**20):
    # With one of its variables set (dask sets one for all it starts), glibc adapts no limit.
    environment = {name: v for name, v in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", PROGRAM.format(setup=setup, size=size)]
    return int(subprocess.check_output(command, env=environment))


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="another allocator")
def test_arrays_made_again_bring_no_new_pages_where_that_was_asked_for():
    assert pages("from dlcourse import nn; nn.keep_freed_memory()") < 20
    assert pages(FIT) < 20
    assert pages("") > 1000


def version():
    """The version of glibc, (0, 0) where there is another library."""
    name, said = libc_ver()
    return tuple(map(int, said.split("."))) if name == "glibc" else (0, 0)


@pytest.mark.skipif(version() < (2, 35), reason="no glibc, or one that refuses such a limit")
def test_so_do_large_ones():
    assert pages("from dlcourse import nn; nn.keep_freed_memory()", 48 * 2**20) < 20
    assert pages("", 48 * 2**20) > 100  # pages may be of 2 MB


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="another allocator")
def test_an_import_changes_nothing_of_the_process():
    assert pages("import dlcourse.nn") > 1000
