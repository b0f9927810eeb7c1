"""The system calls that student code may make: it reads, computes, answers, and ends.

A seccomp filter is a program of the kernel's packet filter that looks at the number of each
system call. This one is a list of what is allowed; all else fails with "Operation not permitted".
So there are no processes and no threads (clone, fork, execve), no sockets of any kind, no shared
memory outside the limit on memory (memfd_create, shmget), no signals to others (kill; fcntl, which
can have them sent, has a list of its own), no tracing, no mounting, no namespaces.

Source: Documentation/userspace-api/seccomp_filter.rst of the Linux kernel.
"""

import ctypes
import platform
import struct

# Name, number on x86-64, number on arm64 ("-": arm64 never had it).
TABLE = """
read 0 63               write 1 64              open 2 -                close 3 57
stat 4 -                fstat 5 80              lstat 6 -               poll 7 -
lseek 8 62              mmap 9 222              mprotect 10 226         munmap 11 215
brk 12 214              rt_sigaction 13 134     rt_sigprocmask 14 135   rt_sigreturn 15 139
pread64 17 67           access 21 -             select 23 -             sched_yield 24 124
mremap 25 216           madvise 28 233          dup 32 23               nanosleep 35 101
getitimer 36 102        setitimer 38 103        getpid 39 172           exit 60 93
uname 63 160            fcntl 72 25             getcwd 79 17            readlink 89 -
gettimeofday 96 169     getrusage 98 165        sysinfo 99 179          times 100 153
getuid 102 174          getgid 104 176          geteuid 107 175         getegid 108 177
sigaltstack 131 132     gettid 186 178          futex 202 98            sched_getaffinity 204 123
getdents64 217 61       restart_syscall 219 128 clock_gettime 228 113   clock_getres 229 114
clock_nanosleep 230 115 exit_group 231 94       openat 257 56           newfstatat 262 79
readlinkat 267 78       faccessat 269 48        pselect6 270 72         ppoll 271 73
getrandom 318 278       statx 332 291           faccessat2 439 439
"""
# What fcntl may do: copy a file's number, read and set the flags of a file. It may not say who gets
# a signal when a pipe can be read (F_SETOWN), nor which (F_SETSIG).
COMMANDS = (0, 1, 2, 3, 4, 1030)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
FCNTL = {"x86_64": 72, "aarch64": 25}
MACHINES = {"x86_64": (1, 0xC000003E), "aarch64": (2, 0xC00000B7)}  # column, AUDIT_ARCH_...

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # SECCOMP_RET_...; FAIL carries EPERM
# Offsets in struct seccomp_data; of the second argument the half that holds its low bits, which is
# all that the kernel reads of a command.
NUMBER, ARCHITECTURE, COMMAND = 0, 4, 24

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, MODE_FILTER = 22, 38, 2


def numbers(machine: str) -> list[int]:
    """Return the numbers of the allowed system calls.

    Examples
    --------
    >>> numbers("x86_64")[:4], numbers("aarch64")[:4]
    ([0, 1, 2, 3], [63, 64, 57, 80])
    """
    column, _ = MACHINES[machine]
    words = TABLE.split()
    return [int(n) for n in words[column::3] if n != "-"]


def program(machine: str) -> bytes:
    """Assemble the filter for a machine as `platform.machine` names it.

    Raises
    ------
    KeyError
        If the system calls of this machine are not in the table.
    """
    fcntl = FCNTL[machine]
    allowed = [number for number in numbers(machine) if number != fcntl]
    beyond = len(COMMANDS) + 3  # lines between the last of them and the end
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, MACHINES[machine][1]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        *((EQUAL, len(allowed) + beyond - 1 - i, 0, number) for i, number in enumerate(allowed)),
        (EQUAL, 0, len(COMMANDS) + 1, fcntl),
        (LOAD, 0, 0, COMMAND),
        *((EQUAL, len(COMMANDS) - i, 0, command) for i, command in enumerate(COMMANDS)),
        (RETURN, 0, 0, FAIL),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def install() -> None:
    """Put this process under the filter, for good.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    code = program(platform.machine())
    buffer = ctypes.create_string_buffer(code)
    header = struct.pack("HP", len(code) // 8, ctypes.addressof(buffer))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    pointer = ctypes.create_string_buffer(header)
    for call in (
        (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (PR_SET_SECCOMP, MODE_FILTER, ctypes.addressof(pointer), 0, 0),
    ):
        if prctl(*call):
            raise OSError(ctypes.get_errno(), "the kernel takes no seccomp filter")
