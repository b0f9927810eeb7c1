"""Outside: start the processes of workers, in bubblewrap or without any wall, and end them.

    Nursery   one process in the sandbox, with NumPy and without student code, that forks workers
    Forked    a worker that it has forked
    Started   a worker that was started by itself, without the sandbox

The file system in the sandbox is made of nothing but the interpreter's own libraries, the system's
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
import socket
import subprocess
import sys
import sysconfig
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from dlcourse.grading.sandbox import syscalls

PACKAGES = "/packages"  # inside: where NumPy lies
MODULES = (
    "dlcourse.checks.cells",
    "dlcourse.checks.runner",
    "dlcourse.grading.sandbox.wire",
    "dlcourse.grading.sandbox.syscalls",
    "dlcourse.grading.sandbox.worker",
    "dlcourse.grading.sandbox.nursery",
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
sys.modules["dlcourse.grading.sandbox." + payload["main"]].main(*payload["arguments"])
"""


class NoSandboxError(RuntimeError):
    """There is no sandbox on this machine: why, and what to do about it."""


class DeadWorkerError(RuntimeError):
    """The worker ended, or sent something that is no reply, or none in time."""


PATIENCE = 60.0  # seconds for what the system does at once, on a machine that is busy


class Started:
    """A worker without any wall, in a process that was started for it.

    Attributes
    ----------
    requests, replies : int
        The files to write to and to read from.
    greeting : bytes
        What it has to be sent first. Then it says that it is ready.
    """

    def __init__(self, resources: dict[str, int]) -> None:
        self.greeting = payload("worker", resources, False)
        try:
            self.process = subprocess.Popen(
                trusted(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:  # too many processes, too little memory
            raise DeadWorkerError(f"no process can be started: {error.strerror}") from error
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests, self.replies = self.process.stdin.fileno(), self.process.stdout.fileno()

    def end(self) -> None:
        """Kill it, and wait until nothing of it is left; it may have ended by itself before."""
        # Before it is waited for: until then, its number cannot become that of another group.
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    discard = end


class Forked:
    """A worker in the sandbox; see `Started`.

    Parameters
    ----------
    requests, replies : int
    handle : int
        Of the process: its number could be another's by the time that it is used.
    nursery : Nursery
        What has forked it.
    """

    greeting = b""

    def __init__(self, requests: int, replies: int, handle: int, nursery: "Nursery") -> None:
        self.requests, self.replies, self.handle = requests, replies, handle
        self.nursery = nursery
        self.ended = False

    def end(self) -> None:
        """Kill it, and wait until nothing of it is left; it may have ended by itself before."""
        if self.ended:
            return
        self.ended = True
        _kill(self.handle)
        for file in (self.requests, self.replies):
            os.close(file)

    def discard(self) -> None:
        """End it, and its nursery: it was never ready, and the next would fare no better."""
        self.end()
        self.nursery.end()


class Nursery:
    """A process in the sandbox that forks workers: see `dlcourse.grading.sandbox.nursery`.

    It belongs to the thread that makes it, and ends with it.

    Raises
    ------
    DeadWorkerError
        If it does not start.
    NoSandboxError
        If there is none on this machine.
    """

    def __init__(self) -> None:
        self.ended, self.owner = True, os.getpid()
        self.inside: int | None = None  # a handle on the sandbox's first process
        command = [*sandboxed()]
        told, tell = os.pipe()
        self.control, theirs = socket.socketpair()
        try:
            self.process = subprocess.Popen(
                [command[0], "--info-fd", str(tell), *command[1:]],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                start_new_session=True,
                pass_fds=(tell,),
            )
        except OSError as error:  # too many processes, too little memory
            os.close(told)
            self.control.close()
            raise DeadWorkerError(f"no process can be started: {error.strerror}") from error
        finally:
            os.close(tell)
            theirs.close()
        self.ended = False
        try:
            self.control.settimeout(PATIENCE)
            self.control.sendall(payload("nursery"))
            self.inside = _handle(_whole(told))
        except OSError as error:
            self.end()
            raise DeadWorkerError("it ended") from error
        except BaseException:
            self.end()
            raise
        finally:
            os.close(told)

    def __del__(self) -> None:
        self.end()

    def fork(self, resources: dict[str, int]) -> Forked:
        """Return a new worker.

        Parameters
        ----------
        resources : dict
            Its limits by the name of their constant: ``{"RLIMIT_CPU": 10}``.

        Raises
        ------
        DeadWorkerError
            If there is none in time. Then this process has ended.
        """
        theirs_to_read, requests = os.pipe()
        replies, theirs_to_write = os.pipe()
        try:
            message = json.dumps(resources).encode()
            socket.send_fds(self.control, [message], [theirs_to_read, theirs_to_write])
            _, handles, _, _ = socket.recv_fds(self.control, 1, 1, socket.MSG_CMSG_CLOEXEC)
            if not handles:
                raise DeadWorkerError("it ended")
        except BaseException as error:
            self.end()  # whatever it still sends belongs to nobody
            os.close(requests)
            os.close(replies)
            if isinstance(error, OSError):
                raise DeadWorkerError("it ended") from error
            raise
        finally:
            os.close(theirs_to_read)
            os.close(theirs_to_write)
        return Forked(requests, replies, handles[0], self)

    def end(self) -> None:
        """Kill everything in the sandbox, and wait until nothing of it is left."""
        if self.ended or self.owner != os.getpid():
            return
        self.ended = True
        self.control.close()
        if self.inside is not None:
            _kill(self.inside)  # with the first process of a namespace end all the others
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(resources: dict[str, int], confined: bool) -> Started | Forked:
    """Start a worker, in the sandbox or without; it may have no more than `resources`."""
    return nursery().fork(resources) if confined else Started(resources)


_own = threading.local()


def nursery() -> Nursery:
    """Return the nursery of this thread."""
    own: Nursery | None = getattr(_own, "nursery", None)
    if own is None or own.ended or own.owner != os.getpid():
        own = _own.nursery = Nursery()
    return own


def _whole(told: int) -> bytes:
    """Read what bubblewrap tells: one object, in several pieces."""
    text = b""
    while not text.rstrip().endswith(b"}") and (piece := os.read(told, 4096)):
        text += piece
    return text


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


def _kill(handle: int) -> None:
    """End a process for good, and give its handle back."""
    with contextlib.suppress(ProcessLookupError):  # an init has reaped it already
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.poll(PATIENCE * 1000)  # the kernel takes its time
    os.close(handle)


# ------------------------------------------------------------------ how it is started

ENVIRONMENT = {
    "HOME": "/",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}


def payload(module: str, *arguments: Any) -> bytes:
    """Return what `START` reads: the code of `MODULES`, and which of them to run how."""
    message = marshal.dumps({"modules": code(), "main": module, "arguments": arguments})
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
