"""The filter of system calls, read as the kernel reads it, and asked in a real process."""

import fcntl
import platform
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from dlcourse.grading.sandbox import syscalls
from dlcourse.grading.sandbox.syscalls import ALLOW, FAIL, KILL, MACHINES, numbers, program
from tests.grading.notebooks import no_sandbox

FORBIDDEN = {
    "x86_64": {
        "socket": 41, "clone": 56, "fork": 57, "vfork": 58, "execve": 59, "kill": 62, "ptrace": 101,
        "shmget": 29, "mount": 165, "bpf": 321, "memfd_create": 319, "clone3": 435, "tgkill": 234,
        "io_uring_setup": 425, "unshare": 272, "setns": 308, "execveat": 322, "ioctl": 16,
        "prctl": 157, "prlimit64": 302, "keyctl": 250, "perf_event_open": 298,
    },
    "aarch64": {
        "socket": 198, "clone": 220, "execve": 221, "kill": 129, "ptrace": 117, "shmget": 194,
        "mount": 40, "bpf": 280, "memfd_create": 279, "clone3": 435, "tgkill": 131, "ioctl": 29,
        "io_uring_setup": 425, "unshare": 97, "setns": 268, "prctl": 167, "prlimit64": 261,
    },
}  # fmt: skip


def verdict(code: bytes, number: int, architecture: int, command: int = 0) -> int:
    """Run the program as the kernel does."""
    data = {0: number, 4: architecture, 24: command}
    lines = [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]
    at = accumulator = 0
    while True:
        operation, jump, otherwise, constant = lines[at]
        at += 1
        if operation == syscalls.LOAD:
            accumulator = data[constant]
        elif operation == syscalls.EQUAL:
            at += jump if accumulator == constant else otherwise
        else:
            assert operation == syscalls.RETURN
            return constant


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_listed_is_allowed_and_nothing_else(machine):
    code, architecture = program(machine), MACHINES[machine][1]
    allowed = {n for n in range(1000) if verdict(code, n, architecture) == ALLOW}
    assert allowed == set(numbers(machine))
    assert {verdict(code, n, architecture) for n in set(range(1000)) - allowed} == {FAIL}
    assert not allowed & set(FORBIDDEN[machine].values())


@pytest.mark.parametrize("machine", MACHINES)
def test_fcntl_sends_no_signals(machine):
    """A pipe that can be read would send one to whomever F_SETOWN names."""
    code, (_, architecture) = program(machine), MACHINES[machine]
    words, (column, _) = syscalls.TABLE.split(), MACHINES[machine]
    number = syscalls.FCNTL[machine]
    assert words[words.index("fcntl") + column] == str(number)
    allowed = {n for n in range(2000) if verdict(code, number, architecture, n) == ALLOW}
    assert allowed == set(syscalls.COMMANDS)
    forbidden = {fcntl.F_SETOWN, fcntl.F_SETSIG, fcntl.F_SETLEASE, fcntl.F_NOTIFY, 15}
    assert not allowed & forbidden
    read = int(words[words.index("read") + column])
    assert verdict(code, read, architecture, fcntl.F_SETOWN) == ALLOW  # there it is no command


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_in_the_dress_of_another_machine_end_the_process(machine):
    assert verdict(program(machine), 0, 0x40000003) == KILL  # 32-bit x86
    assert verdict(program(machine), 0x40000000, MACHINES[machine][1]) == FAIL  # x32


@pytest.mark.parametrize("machine", MACHINES)
def test_the_program_is_one_that_the_kernel_takes(machine):
    """What bpf_check_classic asks for: whole lines, jumps that stay inside, a return at the end."""
    code = program(machine)
    lines = [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]
    assert len(code) == 8 * len(lines) <= 8 * 4096
    for at, (operation, jump, otherwise, _) in enumerate(lines):
        assert operation in (syscalls.LOAD, syscalls.EQUAL, syscalls.RETURN)
        if operation == syscalls.EQUAL:
            assert at + 1 + max(jump, otherwise) < len(lines)
    assert lines[-1][0] == syscalls.RETURN


# Where the package linux-libc-dev puts the kernel's own tables; arm64 has the generic one.
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels(machine):
    if not HEADERS[machine].exists():
        pytest.skip(f"{HEADERS[machine]} is not here")
    text = HEADERS[machine].read_text(encoding="utf-8")
    kernel = {
        name: int(number)
        for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", text)
    }
    kernel.setdefault("newfstatat", kernel.get("fstatat"))  # its name in the generic table
    words = syscalls.TABLE.split()
    column, _ = MACHINES[machine]
    ours = dict(zip(words[::3], words[column::3], strict=True))
    assert {name: str(kernel.get(name, "-")) for name in ours} == ours


def test_a_program_that_is_too_long_for_its_jumps_is_not_made():
    assert max(len(numbers(machine)) for machine in MACHINES) < 250


SCRIPT = """
import os, sys
from dlcourse.grading.sandbox import syscalls
assert os.fork() or os._exit(0) is None
syscalls.install()
try:
    os.fork()
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox())
def test_the_kernel_takes_it():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"


@pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox())
def test_the_kernel_takes_the_program_of_the_other_machine_and_ends_who_is_not_it():
    (other,) = set(MACHINES) - {platform.machine()}
    script = f"""
from dlcourse.grading.sandbox import syscalls
syscalls.platform.machine = lambda: {other!r}
syscalls.install()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -signal.SIGSYS
    assert done.stderr == b""
