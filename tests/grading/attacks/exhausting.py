"""Too much of everything: time, memory, processes, output."""

ATTACKS = {
    "no end": """
def perceptron_step(w, x, y):
    while True: pass
""",
    "no end, whatever is raised": """
def perceptron_step(w, x, y):
    while True:
        try:
            while True: pass
        except BaseException: pass
""",
    "no end, no signals": """
import signal
def perceptron_step(w, x, y):
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True: pass
""",
    "no end in C": """
def perceptron_step(w, x, y):
    return sum(range(10 ** 14))
""",
    "sleep": """
import time
def perceptron_step(w, x, y):
    time.sleep(10 ** 6)
""",
    "a regular expression": """
import re
def perceptron_step(w, x, y):
    return re.match("(a+)+$", "a" * 60 + "b")
""",
    "a power of a power": """
def perceptron_step(w, x, y):
    return 9 ** 9 ** 9
""",
    "4 GiB at once": """
def perceptron_step(w, x, y):
    return len(np.ones(1 << 29))
""",
    "memory bit by bit": """
kept = []
def perceptron_step(w, x, y):
    while True: kept.append(bytearray(1 << 20))
""",
    "memory outside of the process": """
import os, ctypes
kept = []
def perceptron_step(w, x, y):
    libc = ctypes.CDLL(None)
    for i in range(100):
        kept.append(libc.shmget(0, 1 << 24, 0o1600))
    return os.memfd_create("kept")
""",
    "fork bomb": """
import os
def perceptron_step(w, x, y):
    while True: os.fork()
""",
    "threads": """
import threading, time
def perceptron_step(w, x, y):
    while True: threading.Thread(target=time.sleep, args=(1000,)).start()
""",
    "a process pool": """
def perceptron_step(w, x, y):
    from concurrent.futures import ProcessPoolExecutor
    return list(ProcessPoolExecutor(50).map(abs, range(100)))
""",
    "200 MB printed": """
def perceptron_step(w, x, y):
    for _ in range(200): print("x" * 1_000_000)
""",
    "200 MB to the standard output": """
import os
def perceptron_step(w, x, y):
    for _ in range(200): os.write(1, b"x" * 1_000_000)
""",
    "stops itself": """
import os, signal
def perceptron_step(w, x, y):
    try: os.kill(os.getpid(), signal.SIGSTOP)
    except PermissionError: signal.pause()
""",
    "half a reply": """
import os, time
def perceptron_step(w, x, y):
    for fd in range(3, 10):
        try: os.write(fd, bytes([0, 0, 0, 9, 0]))
        except OSError: pass
    time.sleep(1000)
""",
    "a storm of alarms": """
import signal
def perceptron_step(w, x, y):
    signal.signal(signal.SIGALRM, lambda *a: 1 / 0)
    signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
""",
    "no end when it is thrown away": """
class Sticky:
    def __del__(self):
        while True: pass
def perceptron_step(w, x, y):
    Sticky()
""",
    "no end when it is printed": """
class Endless(Exception):
    def __str__(self):
        while True: pass
def perceptron_step(w, x, y):
    raise Endless
""",
    "processor time in small pieces": """
import time
def perceptron_step(w, x, y):
    end = time.monotonic() + 0.3
    while time.monotonic() < end: pass
""",
    "a huge array": """
def perceptron_step(w, x, y):
    return np.zeros(10_000_000)
""",
    "many large arrays": """
def perceptron_step(w, x, y):
    return [np.zeros(900_000) for _ in range(4)]
""",
    "a huge list": """
def perceptron_step(w, x, y):
    return [[0] * 9_000] * 9_000
""",
    "a huge text": """
def perceptron_step(w, x, y):
    return "x" * 100_000_000
""",
    "an error with a long message": """
def perceptron_step(w, x, y):
    raise ValueError("x" * 50_000_000)
""",
    "an error that cannot be printed": """
class Broken(Exception):
    def __str__(self): return 1 / 0
    __repr__ = __str__
def perceptron_step(w, x, y):
    raise Broken
""",
    "many warnings": """
import warnings
def perceptron_step(w, x, y):
    for number in range(20_000): warnings.warn(f"warning {number}")
""",
    "recursion": """
import sys
def perceptron_step(w, x, y):
    sys.setrecursionlimit(10 ** 9)
    return perceptron_step(w, x, y)
""",
    "many open files": """
kept = []
def perceptron_step(w, x, y):
    while True: kept.append(open("/dev/null"))
""",
    "a full disk": """
def perceptron_step(w, x, y):
    for place in ["/tmp", "/dev/shm", "/", "/packages", "."] + PLACES[:1]:
        with open(place + "/full", "wb") as file:
            while True: file.write(bytes(1 << 20))
""",
    "many files": """
import os
def perceptron_step(w, x, y):
    for number in range(10 ** 6): os.mkdir(f"/tmp/{number}")
""",
    "a shape that is one large zero": """
def perceptron_step(w, x, y):
    return np.zeros((0, 2 ** 62))
""",
    "9,000 small arrays": """
def perceptron_step(w, x, y):
    return {f"w{i}": np.zeros(3) for i in range(9_000)}
""",
    "lists of lists of lists": """
def perceptron_step(w, x, y):
    return [[[[np.zeros((6, 6)) for _ in range(12)] for _ in range(12)] for _ in range(12)]] * 12
""",
    "nineteen axes": """
def perceptron_step(w, x, y):
    return np.zeros((2,) * 19)
""",
}
