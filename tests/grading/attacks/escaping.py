"""Out of the sandbox: signals, the network, other processes, the kernel."""

ATTACKS = {
    "exit": """
import os
def perceptron_step(w, x, y):
    os._exit(0)
""",
    "sys.exit": """
def perceptron_step(w, x, y):
    raise SystemExit(0)
""",
    "Ctrl-C": """
def perceptron_step(w, x, y):
    raise KeyboardInterrupt
""",
    "abort": """
import os
def perceptron_step(w, x, y):
    os.abort()
""",
    "a null pointer": """
import ctypes
def perceptron_step(w, x, y):
    ctypes.string_at(0)
""",
    "kill everybody": """
import os
def perceptron_step(w, x, y):
    for process in (-1, 0, os.getppid(), 1):
        try: os.kill(process, 9)
        except PermissionError: pass
""",
    "signals by way of the pipes": """
import fcntl, os
def perceptron_step(w, x, y):
    for process in (1, 2):  # bubblewrap and the nursery; the last one counts
        for fd in range(3, 10):
            try:
                fcntl.fcntl(fd, 10, 9)  # F_SETSIG, SIGKILL
                fcntl.fcntl(fd, fcntl.F_SETOWN, process)
                fcntl.fcntl(fd, fcntl.F_SETFL, os.O_ASYNC)
            except OSError: pass
    return w
""",
    "signals to itself": """
import os, signal
def perceptron_step(w, x, y):
    signal.raise_signal(signal.SIGKILL)
""",
    "loopback network": """
import socket
def perceptron_step(w, x, y):
    socket.create_connection(("127.0.0.1", PORT), 1).sendall(b"hello")
""",
    "the internet": """
import urllib.request
def perceptron_step(w, x, y):
    return urllib.request.urlopen("http://example.org", timeout=1).read()
""",
    "a socket in the file system": """
import socket
def perceptron_step(w, x, y):
    for kind in (socket.AF_UNIX, 40, 16):  # 40: to the hypervisor, 16: to the kernel
        socket.socket(kind, socket.SOCK_STREAM)
""",
    "write next to the grader": """
import os
def perceptron_step(w, x, y):
    for place in PLACES[:1]:
        os.makedirs(place, exist_ok=True)
        open(place + "/forged", "w").write("here")
""",
    "delete": """
import shutil
def perceptron_step(w, x, y):
    for place in PLACES[:1]: shutil.rmtree(place)
""",
    "shared memory": """
def perceptron_step(w, x, y):
    from multiprocessing.shared_memory import SharedMemory
    SharedMemory("forged", create=True, size=100)
""",
    "a shell": """
import os, subprocess
def perceptron_step(w, x, y):
    os.system("touch " + PLACES[0] + "/forged")
    subprocess.run(["touch", PLACES[0] + "/forged"])
""",
    "close the pipes": """
import os
def perceptron_step(w, x, y):
    os.closerange(0, 100)
""",
    "ports of the machine": """
import ctypes
def perceptron_step(w, x, y):
    libc = ctypes.CDLL(None)
    assert libc.iopl(3) == 0 or libc.ioperm(0, 1024, 1) == 0
""",
    "rewrite the worker": """
import sys
def perceptron_step(w, x, y):
    worker = sys.modules["dlcourse.grading.sandbox.worker"]
    worker._send = lambda stream, message: stream.write(b"x" * 1_000_000)
""",
    "more rights": """
import os
def perceptron_step(w, x, y):
    for call in (os.setuid, os.setgid, os.setpgid, os.chroot, os.umask):
        try: call(0)
        except (TypeError, OSError): pass
    assert os.getuid() == 0
""",
    "a daemon": """
import os, time
def perceptron_step(w, x, y):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: time.sleep(10 ** 6)
""",
    "namespaces of its own": """
import ctypes
def perceptron_step(w, x, y):
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(0x10000000) == 0 and libc.mount(b"none", b"/", b"tmpfs", 0, None) == 0
""",
    "ptrace": """
import ctypes
def perceptron_step(w, x, y):
    assert ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0
""",
    "system calls by number": """
import ctypes
def perceptron_step(w, x, y):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (39 | 0x40000000, 57, 58, 435, 425, 321, 323, 298, 272, 308, 101, 319, 29, 41):
        assert libc.syscall(number, 0, 0, 0, 0, 0, 0) < 0
    return w
""",
    "another program": """
import os, sys
def perceptron_step(w, x, y):
    os.execv(sys.executable, [sys.executable, "-c", "print('hello')"])
""",
    "the terminal": """
import fcntl, termios
def perceptron_step(w, x, y):
    for letter in b"touch forged\\n":
        fcntl.ioctl(0, termios.TIOCSTI, bytes([letter]))
""",
    "code at the end": """
import atexit
def perceptron_step(w, x, y):
    atexit.register(lambda: open(PLACES[0] + "/forged", "w"))
    raise SystemExit
""",
    "a program in the kernel": """
import ctypes
def perceptron_step(w, x, y):
    assert ctypes.CDLL(None).syscall(321, 0, 0, 0) >= 0  # bpf
""",
}

# At the top level of the answer cell: nothing can be graded.
WHILE_LOADING = {
    "no end while loading": """
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    "exit while loading": """
import os
os._exit(0)
""",
    "close everything while loading": """
import os
os.closerange(0, 100)
""",
    "a loader without modules": """
import sys
sys.modules.clear()
sys.stdout = sys.stderr = None
import os
os._exit(1)
""",
    "memory while loading": """
kept = []
while True: kept.append(bytearray(1 << 24))
import os
""",
    "deep source": "x = " + "(" * 5_000 + ")" * 5_000,
    "a long sum": "x = " + "+".join(["1"] * 100_000),
    "null bytes": "def perceptron_step(w, x, y):\n    return w\0\n",
    "other letters": "def perceptron_\u0455tep(w, x, y):\n    return w + y * x\n",
}
