"""Mark in a process that may be lost: whatever a submission does to it, the class goes on.

    mark()      in any thread, here or on a machine of a cluster: hand a submission to the process
                of this thread, start another one if that is lost
    serve()     in that process: mark what comes, within limits of memory and processor time

The sandbox keeps student code away from the grader. This keeps the grader's own work on what came
out of there (reading, comparing, diagnosing) away from everybody else's.
"""

import contextlib
import ctypes
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from dlcourse.grading import marking
from dlcourse.grading.marking import Result
from dlcourse.grading.sandbox.host import Limits
from dlcourse.grading.sandbox.processes import DeadWorkerError, NoSandboxError

SOURCES = str(Path(__file__).parents[2])  # where the package lies
START = (
    "import sys; sys.path.insert(0, sys.argv[1])\n"
    "from dlcourse.grading.marker import serve; serve()"
)
LOST = (
    "The grader's own process ended twice on this file: it was killed, or there was too little "
    "memory. Read it by hand, or grade it again with --regrade."
)
TOO_LONG = "The grader needed too long for this file and gave up. Read it by hand."
PATIENCE = 5  # on a busy machine: times the limit for its code that a submission may take


class LostError(RuntimeError):
    """The process is no more."""


def mark(content: bytes, seed: int, confined: bool = True, limits: Limits | None = None) -> Result:
    """Grade one notebook in a process of its own; see `dlcourse.grading.marking.mark`.

    Raises
    ------
    DeadWorkerError, NoSandboxError
        If no sandbox starts on this machine, or no process: no fault of the file.
    """
    limits = limits or Limits()
    for _ in range(2):
        marker = _of_this_thread()
        try:
            result = marker.mark(content, seed, confined, limits)
        except LostError:
            marker.end()
            if marker.late:
                return Result("", problem=TOO_LONG)
        else:
            if result.problem == TOO_LONG:  # what was cut short may have been kept for the next
                marker.end()
            return result
    return Result("", problem=LOST)


# ------------------------------------------------------------------ outside

_own = threading.local()


def _of_this_thread() -> "Marker":
    marker: Marker | None = getattr(_own, "marker", None)
    if marker is None or marker.ended:
        marker = _own.marker = Marker()
    return marker


class Marker:
    """A process that marks one submission after another.

    It ends with the thread that made it, or with the process of that thread.

    Raises
    ------
    DeadWorkerError
        If it does not start.
    """

    def __init__(self) -> None:
        self.ended, self.late = True, False
        try:
            self.process = subprocess.Popen(
                # -P: a file called numpy.py in the current folder is not imported.
                [sys.executable, "-P", "-c", START, SOURCES],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
            self.ended = False
            if self._receive() != os.getpid():
                raise LostError("it has another parent")
        except (OSError, LostError) as error:
            self.end()
            raise DeadWorkerError("the process that marks does not start") from error

    def __del__(self) -> None:
        self.end()

    def mark(self, *arguments: Any) -> Result:
        """Hand over the arguments of `marking.mark`; return the result, or raise its error."""
        limits: Limits = arguments[-1]
        alarm = threading.Timer(PATIENCE * limits.whole, self._too_long)
        alarm.start()
        try:
            self._send(arguments)
            result = self._receive()
        finally:
            alarm.cancel()
        if isinstance(result, Exception):
            raise result
        assert isinstance(result, Result)
        return result

    def end(self) -> None:
        """Kill it."""
        if self.ended:
            return
        self.ended = True
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # half of a message was still to be written
                assert pipe is not None
                pipe.close()

    def _too_long(self) -> None:
        self.late = True
        self.process.kill()

    def _send(self, message: Any) -> None:
        assert self.process.stdin is not None
        try:
            pickle.dump(message, self.process.stdin)
            self.process.stdin.flush()
        except OSError as error:
            raise LostError("it reads no more") from error

    def _receive(self) -> Any:
        assert self.process.stdout is not None
        try:
            return pickle.load(self.process.stdout)  # from our own code: student code is elsewhere
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise LostError("it ended") from error


# ------------------------------------------------------------------ inside


class BudgetError(BaseException):
    """The grader's own work took too long. Not an Exception: whoever catches those goes on."""


def serve() -> None:
    """Mark what comes from standard input, until it ends."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed here by mistake is no reply
    _end_with_parent()
    _reply(replies, os.getppid())
    while True:
        try:
            arguments = pickle.load(requests)
        except EOFError:
            return
        _reply(replies, _within_limits(*arguments))


def _reply(replies: BinaryIO, message: Any) -> None:
    pickle.dump(message, replies)
    replies.flush()


def _within_limits(content: bytes, seed: int, confined: bool, limits: Limits) -> Result | Exception:
    """Mark a submission; return the error of a machine on which nothing can be marked."""
    with _limited(limits) as late:
        try:
            result: Result | Exception = marking.mark(content, seed, confined, limits)
        except (DeadWorkerError, NoSandboxError) as error:
            result = error
        except BudgetError:
            pass
    return Result("", problem=TOO_LONG) if late else result


@contextlib.contextmanager
def _limited(limits: Limits) -> Iterator[list[bool]]:
    """Limit this process's memory, and its own processor time in the block.

    Yields
    ------
    list
        It is not empty once the time is up: whatever came out then does not count. Somebody may
        have caught the error.
    """
    late: list[bool] = []
    if os.name != "posix":
        yield late
        return
    import resource

    def ring(signum: int, frame: FrameType | None) -> None:
        late.append(True)
        raise BudgetError

    with contextlib.suppress(ValueError, OSError):  # macOS
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limits.host_memory, most))
    # A computation that hears no alarm is ended, and this process with it.
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + 2 * limits.host_cpu + 2, most))
    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, limits.host_cpu, 1)
    try:
        yield late
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _end_with_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG: of the thread that started this process
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
