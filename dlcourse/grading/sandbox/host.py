"""Outside: ask a worker, never believe it, end it."""

import os
import select
import subprocess
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from dlcourse.checks.check import Check
from dlcourse.checks.runner import Outcome, Raised, TimeLimitError, plain, time_limit
from dlcourse.grading.sandbox import processes, wire
from dlcourse.grading.sandbox.carried import carried_for
from dlcourse.grading.sandbox.processes import DeadWorkerError, NoSandboxError
from dlcourse.grading.sandbox.worker import answer


class TooManyQuestionsError(DeadWorkerError):
    """The worker asked for more values of references than `QUESTIONS`."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    load, check : float
        Seconds for all of its cells, and for all cases of one function.
    whole : float
        Seconds for all of its code together, loaded again after each death.
    cpu : int
        Seconds of processor time of one worker.
    memory : int
        Bytes of address space of one worker.
    start : float
        Seconds that a worker may take to be ready, on a machine that is busy.
    host_cpu : int
        Seconds of processor time for the grader's own work: reading, comparing, diagnosing.
    host_memory : int
        Bytes of address space of the process that does it.
    """

    load: float = 5.0
    check: float = 5.0
    whole: float = 60.0
    cpu: int = 40
    memory: int = 1 << 30
    start: float = 60.0
    host_cpu: int = 20
    host_memory: int = 3 << 30

    def resources(self) -> dict[str, int]:
        """Return the limits under the names that the system has for them."""
        return {
            "RLIMIT_AS": self.memory,
            "RLIMIT_CPU": self.cpu,
            "RLIMIT_FSIZE": 0,
            "RLIMIT_NOFILE": 64,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": 0,
        }


QUESTIONS = 5000  # that one function may ask: each takes about a third of a millisecond
CHUNK = 1 << 16  # bytes that are read or written at a time: what a pipe holds
GRACE = 1.0  # seconds after the worker's own limit


class Worker:
    """One process with the student's cells in it.

    Parameters
    ----------
    limits : Limits
    confined : bool
        Whether it runs in the sandbox; if not, it may do whatever its owner may.

    Raises
    ------
    DeadWorkerError
        If it does not start.
    NoSandboxError
        If there is none on this machine, or, on Windows, no way to end a worker in time either.
    """

    def __init__(self, limits: Limits, confined: bool = True) -> None:
        if not hasattr(select, "poll"):
            raise NoSandboxError(processes.no_bubblewrap())
        self.limits = limits
        self.received = 0  # bytes of replies
        self.questions = QUESTIONS  # that it may still ask
        self.unread = bytearray()  # of the replies, what was not asked for yet
        self.process = processes.start(limits.resources(), confined)
        self.requests, self.replies = self.process.requests, self.process.replies
        try:
            os.set_blocking(self.requests, False)
            os.set_blocking(self.replies, False)
            if self._exchange(self.process.greeting, limits.start, {}) != "ready":
                raise DeadWorkerError("it did not say that it is ready")
        except BaseException:
            self.process.discard()
            raise

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        """Kill it, and wait until nothing of it is left; it may have ended by itself before."""
        self.process.end()

    def replace(self, functions: Sequence[str]) -> None:
        """Put stand-ins in the place of functions, before any cell is executed."""
        self._do({"do": "replace", "names": list(functions)}, self.limits.start)

    def cell(self, name: str, source: str, title: str, seconds: float) -> Raised | None:
        """Execute a cell; see `dlcourse.grading.sandbox.worker.Notebook.cell`.

        Raises
        ------
        DeadWorkerError
            If no report comes back. Then the worker can only be ended.
        """
        request = {"do": "cell", "name": name, "source": source, "title": title, "seconds": seconds}
        try:
            return wire.unpack_error(self._do(request, seconds + GRACE))
        except wire.WireError as error:
            raise DeadWorkerError("it sent no report") from error

    def find(self, names: Sequence[str]) -> list[str]:
        """Say for each function where it was found: "cell", "elsewhere", or nowhere ("")."""
        reply = self._do({"do": "find", "names": list(names)}, self.limits.check + GRACE)
        texts = isinstance(reply, list) and all(isinstance(place, str) for place in reply)
        if not (texts and len(reply) == len(names) and {*reply} <= {"cell", "elsewhere", ""}):
            raise DeadWorkerError("it sent no report")
        return list(reply)

    def call(
        self,
        function: str,
        arguments: Sequence[Any],
        seconds: float,
        references: Mapping[str, Check] | None = None,
    ) -> Outcome:
        """Call a function that was loaded, on one input.

        Parameters
        ----------
        function : str
        arguments : sequence
        seconds : float
        references : mapping, optional
            Whose reference answers whenever the function calls one of these names.

        Raises
        ------
        DeadWorkerError
            If no outcome comes back. Then the worker can only be ended.
        """
        references = references or {}
        request = {
            "do": "call",
            "function": function,
            "arguments": list(arguments),
            "seconds": seconds,
            "replaced": {name: carried_for(check) for name, check in references.items()},
        }
        reply = self._do(request, seconds + GRACE, references)
        try:
            outcome = wire.unpack_outcome(reply)
        except wire.WireError as error:
            raise DeadWorkerError("it sent no outcome") from error
        if len(outcome.arguments) != len(arguments):
            raise DeadWorkerError("it sent another number of arguments")
        return outcome

    def _do(
        self,
        request: dict[str, Any],
        seconds: float,
        references: Mapping[str, Check] | None = None,
    ) -> Any:
        message = wire.encode(request, bounded=False)
        return self._exchange(message, seconds, references or {})

    def _exchange(self, message: bytes, seconds: float, references: Mapping[str, Check]) -> Any:
        """Send a request and return the reply, both before the time is up.

        Until then the worker may ask for values of `references`; these cost it no time.
        """
        deadline = time.monotonic() + seconds
        if self.unread:
            raise DeadWorkerError("it sent more than it was asked for")
        try:
            self._write(message, deadline)
            while True:
                sizes = wire.lengths(self._read(wire.HEADER.size, deadline))
                text, raw = (self._read(size, deadline) for size in sizes)
                began = time.monotonic()
                reply = wire.decode(text, raw)
                if not isinstance(reply, dict):
                    return reply
                self.questions -= 1
                if self.questions < 0:
                    raise TooManyQuestionsError("it asks too often")
                answer = wire.encode(_answer(reply, references))
                deadline += time.monotonic() - began
                self._write(answer, deadline)
        except wire.WireError as error:
            raise DeadWorkerError("it sent something that is no reply") from error
        except OSError as error:
            raise DeadWorkerError("it ended") from error

    def _write(self, message: bytes, deadline: float) -> None:
        left = memoryview(message)
        while left:
            try:
                left = left[os.write(self.requests, left[:CHUNK]) :]
            except BlockingIOError:
                self._wait(deadline, self.requests, select.POLLOUT)

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self.unread) < size:
            self._wait(deadline, self.replies, select.POLLIN)
            part = os.read(self.replies, CHUNK)
            if not part:
                raise DeadWorkerError("it ended")
            self.unread += part
            self.received += len(part)
        message = bytes(self.unread[:size])
        del self.unread[:size]
        return message

    def _wait(self, deadline: float, file: int, event: int) -> None:
        poll = select.poll()
        poll.register(file, event)
        if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
            raise DeadWorkerError("time is up")


def _answer(question: dict[Any, Any], references: Mapping[str, Check]) -> list[Any]:
    """Return the value of a reference and an empty text, or None and what is wrong.

    Raises
    ------
    WireError
        If this is no question, or one for another function.
    """
    name, given = question.get("function"), question.get("arguments")
    named = question.get("named")
    if not (isinstance(name, str) and name in references and isinstance(given, list)):
        raise wire.WireError("no question")
    if not (isinstance(named, dict) and all(isinstance(key, str) for key in named)):
        raise wire.WireError("no question")
    try:
        with time_limit(GRACE), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value, problem = answer(name, references[name].reference, given, named)
            return [plain(value), problem]
    except TimeLimitError:
        return [None, f"the course's own {name} takes no such arguments"]


def ready() -> None:
    """Start a worker in the sandbox, to see that it works here.

    Raises
    ------
    NoSandboxError
        If it does not: why, and what to do.
    """
    try:
        Worker(Limits()).end()
        processes.nursery().end()  # submissions are graded in other threads and processes
    except DeadWorkerError as error:
        command = processes.sandboxed()
        said = subprocess.run(
            [*command[: command.index("-c") + 1], "pass"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        ).stderr.strip()
        raise NoSandboxError(processes.explain(said or str(error))) from error
