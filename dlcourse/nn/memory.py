"""Keep freed memory for the next array.

glibc gives a freed block of more than 128 KB back to the system at once. The next array of
that size comes as fresh pages, which the system must clear and map one by one: half of the
time of a LeNet step. The limit rises to the size of the largest such block freed so far, up to
32 MB, so freeing one block of that size, never written to, raises it for good. What lies free
on top of the heap is then kept up to twice that size. Other C libraries are not affected.

This holds for the whole process, so nothing here does it unasked but `fit`: whoever trains many
steps wants it. Before a loop of your own, call `keep_freed_memory` once.

See mallopt(3), M_MMAP_THRESHOLD: "dynamic mmap threshold".
"""

import numpy as np

LARGEST = 32 * 2**20 - 2**16  # just below the most that glibc adapts to


def keep_freed_memory() -> None:
    """Let arrays of up to 32 MB be made of memory that this process already has."""
    np.empty(LARGEST, np.uint8)
