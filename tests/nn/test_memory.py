"""Freed arrays stay with the process: a second one of their size brings no new pages."""

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
        [np.ones(2**20, np.uint8) for _ in range(10)]
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
pages()
print(pages())
"""


@pytest.mark.skipif(libc_ver()[0] != "glibc", reason="another allocator")
def test_arrays_made_again_bring_no_new_pages():
    import_nn = "import dlcourse.nn"
    with_nn, without = (
        int(subprocess.check_output([sys.executable, "-c", PROGRAM.format(setup=setup)]))
        for setup in (import_nn, "")
    )
    assert with_nn < 20
    assert without > 1000
