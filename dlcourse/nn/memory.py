"""Keep freed memory for the next array.

glibc gives a freed block of more than 128 KB back to the system at once. The next array of
that size comes as fresh pages, which the system must clear and map one by one: half of the
time of a LeNet step. So arrays of up to `LARGEST` come from the heap, of which up to `KEPT`
stays with the process while it lies free on top. Other C libraries are not affected.

This holds for the whole process, so nothing here does it unasked but `fit`: whoever trains many
steps wants it. Before a loop of your own, call `keep_freed_memory` once.

See mallopt(3), M_MMAP_THRESHOLD and M_TRIM_THRESHOLD. Before version 2.35 glibc refuses a limit
above 32 MB. But it adapts the limit to the largest block freed so far, up to those 32 MB, so
freeing one block of that size, never written to, raises it for good.
"""

import ctypes
import sys
from functools import cache

import numpy as np

LARGEST = 64 * 2**20
KEPT = 512 * 2**20
ADAPTED = 32 * 2**20 - 2**16  # just below the most that glibc adapts to
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # in malloc.h


@cache
def keep_freed_memory() -> None:
    """Let arrays of up to 64 MB be made of memory that this process already has."""
    np.empty(ADAPTED, np.uint8)
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGEST)
        mallopt(M_TRIM_THRESHOLD, KEPT)
