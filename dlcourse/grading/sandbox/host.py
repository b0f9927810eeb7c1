"""Outside: start a worker in bubblewrap, ask it, never believe it, end it.

The worker's file system is made of nothing but the interpreter's own libraries, the system's
shared libraries and NumPy, all read-only. There is no /proc, no /tmp and no /dev but /dev/null.
"""

import contextlib
import json
import marshal
import os
import platform
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from inspect import Signature, signature
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from dlcourse.checks.runner import Outcome, Raised, TimeLimitError, plain, time_limit
from dlcourse.grading.sandbox import syscalls, wire

PACKAGES = "/packages"  # inside: where NumPy lies
MODULES = (
    "dlcourse.checks.cells",
    "dlcourse.checks.runner",
    "dlcourse.grading.sandbox.wire",
    "dlcourse.grading.sandbox.syscalls",
    "dlcourse.grading.sandbox.worker",
)
# What the interpreter runs: take the modules from standard input, where no file is needed.
START = """
import marshal, sys, types
sys.path.append(sys.argv[1])
stream = sys.stdin.buffer.raw
def read(size):
    parts = b""
    while len(parts) < size:
        parts += stream.read(size - len(parts)) or sys.exit()
    return parts
payload = marshal.loads(read(int.from_bytes(read(4))))
for name, code in payload["modules"]:
    module = sys.modules[name] = types.ModuleType(name)
    parent, _, own = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], own, module)
    if code is None:
        module.__path__ = []
    else:
        module.__file__ = code.co_filename
        exec(code, module.__dict__)
sys.modules["dlcourse.grading.sandbox.worker"].main(*payload["arguments"])
"""


class NoSandboxError(RuntimeError):
    """There is no sandbox on this machine: why, and what to do about it."""


class DeadWorkerError(RuntimeError):
    """The worker ended, or sent something that is no reply, or none in time."""


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


QUESTIONS = 5000  # that one function may ask: each takes about half a millisecond
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
            raise NoSandboxError(no_bubblewrap())
        self.limits = limits
        self.received = 0  # bytes of replies
        self.questions = QUESTIONS  # that it may still ask
        self.unread = bytearray()  # of them, what was not asked for yet
        self.inside: int | None = None  # a handle on the sandbox's first process
        command = [*sandboxed()] if confined else trusted()
        told, tell = os.pipe()
        if confined:
            command[1:1] = ["--info-fd", str(tell)]
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                start_new_session=True,
                bufsize=0,
                pass_fds=(tell,) if confined else (),
            )
        except OSError as error:  # too many processes, too little memory
            os.close(told)
            raise DeadWorkerError(f"no process can be started: {error.strerror}") from error
        finally:
            os.close(tell)
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        self.pipes = stdin, stdout
        self.requests, self.replies = stdin.fileno(), stdout.fileno()
        os.set_blocking(self.requests, False)
        os.set_blocking(self.replies, False)
        try:
            resources = limits.resources() if os.name == "posix" else {}
            if self._exchange(payload(resources, confined), limits.start, {}) != "ready":
                raise DeadWorkerError("it did not say that it is ready")
            if confined:
                self.inside = _handle(os.read(told, 4096))
        except BaseException:
            self.end()
            raise
        finally:
            os.close(told)

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
        stdin, stdout = self.pipes
        if stdout.closed:
            return
        if self.inside is not None:
            # With the first process of its namespace, the kernel ends all the others.
            with contextlib.suppress(ProcessLookupError):  # an init has reaped it already
                signal.pidfd_send_signal(self.inside, signal.SIGKILL)
            with contextlib.suppress(DeadWorkerError):  # the kernel takes its time
                self._wait(time.monotonic() + self.limits.start, self.inside, select.POLLIN)
            os.close(self.inside)
        # Before it is waited for: until then, its number cannot become that of another group.
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(OSError):
            stdin.close()
        stdout.close()

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
        references: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Outcome:
        """Call a function that was loaded, on one input.

        Parameters
        ----------
        function : str
        arguments : sequence
        seconds : float
        references : mapping, optional
            What to call here whenever the function calls one of these names.

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
            "replaced": list(references),
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
        references: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Any:
        message = wire.encode(request, bounded=False)
        return self._exchange(message, seconds, references or {})

    def _exchange(
        self, message: bytes, seconds: float, references: Mapping[str, Callable[..., Any]]
    ) -> Any:
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


def _answer(question: dict[Any, Any], references: Mapping[str, Callable[..., Any]]) -> list[Any]:
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
        bound = _signature(references[name]).bind(*given, **named)
    except TypeError as error:
        return [None, f"{name}(): {error}"]
    try:
        # No `run`: what came is a copy already, nothing is printed, and thousands ask.
        with time_limit(GRACE), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [plain(references[name](*bound.args)), ""]
    except (Exception, TimeLimitError):
        return [None, f"the course's own {name} takes no such arguments"]


@cache
def _signature(function: Callable[..., Any]) -> Signature:
    return signature(function)


def _handle(told: bytes) -> int:
    """Return a handle on the process that bubblewrap tells of."""
    try:
        return os.pidfd_open(json.loads(told)["child-pid"])
    except (ValueError, KeyError, ProcessLookupError) as error:
        raise DeadWorkerError("it ended") from error
    except OSError as error:
        raise NoSandboxError(
            f"This system gives no handle on a process ({error.strerror}). Grade on Linux 5.3 or "
            "later, outside of a container that forbids pidfd_open."
        ) from error


# ------------------------------------------------------------------ how it is started

ENVIRONMENT = {
    "HOME": "/",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}


def payload(resources: dict[str, int], confined: bool) -> bytes:
    """Return what `START` reads: the code of `MODULES` and the arguments of the worker."""
    message = marshal.dumps({"modules": code(), "arguments": (resources, confined)})
    return len(message).to_bytes(4, "big") + message


@cache
def code() -> list[tuple[str, Any]]:
    """Compile `MODULES`; their packages come as empty ones."""
    made: dict[str, Any] = {}
    for name in MODULES:
        parents = name.split(".")[:-1]
        for length in range(1, len(parents) + 1):
            made.setdefault(".".join(parents[:length]), None)
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin).read_text(encoding="utf-8")
        made[name] = compile(source, f"<{name}>", "exec")
    return list(made.items())


def trusted() -> list[str]:
    """Return the command of a worker without any wall."""
    return [sys.executable, "-I", "-B", "-S", "-c", START, str(Path(np.__file__).parent.parent)]


@cache
def sandboxed() -> list[str]:
    """Return the command of a worker in bubblewrap.

    Raises
    ------
    NoSandboxError
        If this machine has none.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise NoSandboxError(no_bubblewrap())
    if platform.machine() not in syscalls.MACHINES:
        raise NoSandboxError(
            f"The filter of system calls is not written for {platform.machine()} processors. "
            "Grade on a machine with an x86-64 or arm64 processor."
        )
    python = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    command = [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    command += ["--new-session", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534"]
    command += ["--hostname", "sandbox", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    for path in ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"):
        if Path(path).is_symlink():
            command += ["--symlink", os.readlink(path), path]
        elif Path(path).exists():
            command += ["--ro-bind", path, path]
    # The interpreter's own library, without the packages that are installed next to it.
    library = str(Path(sysconfig.get_path("stdlib")).parent)
    if not library.startswith("/usr/lib"):
        command += ["--ro-bind", library, library]
    for folder in (
        *Path(library).glob("python*/*-packages"),
        *Path("/usr/lib").glob("python*/*-packages"),
    ):
        command += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    command += ["--ro-bind", str(python), str(python)]
    installed = Path(np.__file__).resolve().parent.parent
    for package in ("numpy", "numpy.libs"):
        if (installed / package).is_dir():
            command += ["--ro-bind", str(installed / package), f"{PACKAGES}/{package}"]
    command += ["--dev-bind", "/dev/null", "/dev/null", "--remount-ro", "/", "--chdir", "/"]
    return [*command, str(python), "-I", "-B", "-S", "-c", START, PACKAGES]


def no_bubblewrap() -> str:
    """Say why there is no bubblewrap, and what to do."""
    if platform.system() != "Linux":
        return (
            f"Student code is only safe to run in a sandbox, and there is none for "
            f"{platform.system()}. Grade on Linux, or in a virtual machine or WSL 2 with Linux."
        )
    return (
        "Student code is only safe to run in a sandbox, and bubblewrap is not installed. "
        "On Debian or Ubuntu: sudo apt install bubblewrap"
    )


def ready() -> None:
    """Start a worker in the sandbox, to see that it works here.

    Raises
    ------
    NoSandboxError
        If it does not: why, and what to do.
    """
    try:
        Worker(Limits()).end()
    except DeadWorkerError as error:
        command = sandboxed()
        said = subprocess.run(
            [*command[: command.index("-c") + 1], "pass"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        ).stderr.strip()
        raise NoSandboxError(explain(said or str(error))) from error


def explain(said: str) -> str:
    """Say what to do about an error of bubblewrap."""
    remedy = "Grade on a Linux machine where `bwrap --unshare-all --ro-bind / / true` works."
    if "uid map" in said or "RTM_NEWADDR" in said or "ermission denied" in said:
        remedy = (
            "On Ubuntu, allow it with an AppArmor profile for bwrap, or with: sudo sysctl "
            "kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if "namespace" in said or "not permitted" in said:
        remedy = (
            "This machine lets nobody make namespaces: in a container, start that with "
            "--security-opt seccomp=unconfined --cap-add SYS_ADMIN, or grade outside of it. On a "
            "machine: sudo sysctl kernel.unprivileged_userns_clone=1"
        )
    if "nown option" in said:
        remedy = "bubblewrap is older than 0.8: upgrade it."
    return f"The sandbox does not start: {said.splitlines()[-1]}. {remedy}"
