"""Several cores at a time, for parts of one computation of which none needs another.

NumPy lets other threads run while it computes, so threads are enough. The parts and the order of
their results follow from the length of the batch alone. So the result is the same, bit for bit, on
any number of threads.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

ROWS = 256  # a batch of no more stays on one core: to start threads would take too long

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_order(function: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """Yield what a function gives for each part, in their order, computed by several threads.

    The threads are ahead of who asks by two parts each at most, so that no more results wait.
    """
    count = min(threads(), len(parts))
    if count < 2:
        yield from map(function, parts)
        return
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[Future[Result]] = deque()
        for part in parts:
            # With a copy of the context, np.errstate of the caller holds in the thread.
            waiting.append(pool.submit(copy_context().run, function, part))
            if len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def threads() -> int:
    """Return how many threads compute: OMP_NUM_THREADS if it is set, else all cores."""
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    if said.isdigit():
        return int(said)
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed else os.cpu_count() or 1
