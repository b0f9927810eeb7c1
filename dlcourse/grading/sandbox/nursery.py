"""Inside the sandbox: wait, with NumPy and without student code, and fork workers.

To start Python and NumPy costs ten times as much as to fork a process that has them. This one runs
no line of a student, and reads nothing but what the other side sends; it goes under no filter of
system calls, since it forks. Each worker limits itself and goes under the filter before it loads
the first cell: then it can do nothing to this process, and nothing to the next worker.
"""

import contextlib
import gc
import json
import os
import socket

import numpy as np

from dlcourse.grading.sandbox import worker

MESSAGE = 4096  # bytes of a request, at most
FILES = 4096  # higher than the number of any file that bubblewrap may have left open


def main() -> None:
    """Fork a worker for each pair of pipes that comes, and send a handle on it."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    gc.freeze()  # what is here now is not visited, and so not copied, by each worker
    while True:
        message, pipes, _, _ = socket.recv_fds(control, MESSAGE, 2)
        if not message:
            return
        _reap()
        child = os.fork()
        if not child:
            control.close()
            _become_worker(json.loads(message), *pipes)
        handle = os.pidfd_open(child)
        socket.send_fds(control, [b"."], [handle])
        for file in (*pipes, handle):
            os.close(file)


def _reap() -> None:
    """Take leave of those that have ended, so that their processor time is counted."""
    with contextlib.suppress(ChildProcessError):  # there are none
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become_worker(limits: dict[str, int], requests: int, replies: int) -> None:
    try:
        os.dup2(requests, 0)
        os.dup2(replies, 1)
        os.closerange(3, FILES)
        np.random.seed()  # noqa: NPY002  (or all workers would draw the same numbers)
        worker.main(limits, True)
    finally:
        os._exit(0)
