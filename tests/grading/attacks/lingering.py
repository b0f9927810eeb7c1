"""What goes on after the answer: hooks, finalisers, alarms, broken pipes, patched interpreters.

`forge()` writes an outcome to whatever pipe there is: no error, nothing changed, any value.
"""

FORGE = """
import os
def forge(value=b"null", times=1):
    text = b'[' + value + b', [[], [], 1], null, "", []]'
    for fd in range(3, 10):
        try: os.write(fd, (len(text).to_bytes(4, "big") + bytes(4) + text) * times)
        except OSError: pass
"""

BODIES = {
    "a thread after the answer": """
import threading, time
def perceptron_step(w, x, y):
    def later():
        time.sleep(0.01)
        forge(times=50)
    threading.Thread(target=later, daemon=True).start()
    return w
""",
    "a thread below threading": """
import _thread
def perceptron_step(w, x, y):
    _thread.start_new_thread(forge, (b"1", 50))
    return w
""",
    "a result when it is thrown away": """
class Late:
    def __del__(self): forge(times=3)
def perceptron_step(w, x, y):
    return Late()
""",
    "a result at each collection": """
import gc
gc.set_threshold(1)
gc.callbacks.append(lambda phase, info: forge())
def perceptron_step(w, x, y):
    return w
""",
    "a result by an alarm": """
import signal
def perceptron_step(w, x, y):
    signal.signal(signal.SIGVTALRM, lambda *a: forge(times=2))
    signal.setitimer(signal.ITIMER_VIRTUAL, 1e-4, 1e-4)
    return w
""",
    "signals written to the pipe": """
import os, signal
def perceptron_step(w, x, y):
    for fd in range(3, 10):
        try: os.set_blocking(fd, False); signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
        except (OSError, ValueError): pass
    signal.signal(signal.SIGVTALRM, lambda *a: None)
    signal.setitimer(signal.ITIMER_VIRTUAL, 1e-4, 1e-4)
    return w
""",
    "tracebacks on a timer": """
import faulthandler
def perceptron_step(w, x, y):
    faulthandler.dump_traceback_later(0.01, repeat=True, file=4, exit=True)
    return w
""",
    "the fault handler in the pipe": """
import faulthandler, ctypes
def perceptron_step(w, x, y):
    faulthandler.enable(file=4)
    ctypes.string_at(0)
""",
    "a pipe that does not wait": """
import os
def perceptron_step(w, x, y):
    for fd in range(3, 10):
        try: os.set_blocking(fd, False)
        except OSError: pass
    return [np.zeros(900_000), np.zeros(900_000)]
""",
    "a pipe of one page": """
import fcntl
def perceptron_step(w, x, y):
    for fd in range(3, 10):
        try: fcntl.fcntl(fd, 1031, 4096)
        except OSError: pass
    return np.zeros(100_000)
""",
    "the pipes are swapped": """
import os
def perceptron_step(w, x, y):
    os.dup2(3, 5); os.dup2(4, 3); os.dup2(5, 4)
    return w
""",
    "every file is closed": """
import os
def perceptron_step(w, x, y):
    os.closerange(0, 1000)
    return w
""",
    "the questions are eaten": """
import os
def perceptron_step(w, x, y):
    os.set_blocking(3, False)
    try:
        while os.read(3, 1 << 16): pass
    except OSError: pass
    forge(times=100)
    return w
""",
    "an answer before each question": """
def perceptron_step(w, x, y):
    forge(b'{"array": ["<f8", [0], 0]}', times=2)
    return w
""",
    "a question of its own": """
import os
def perceptron_step(w, x, y):
    text = b'{"dict": [["function", "perceptron_step"], ["arguments", []], ["named", {}]]}'
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
        except OSError: pass
    return w
""",
    "questions without end": """
import os
def perceptron_step(w, x, y):
    text = b'{"dict": [["function", "x"], ["arguments", []], ["named", {"dict": []}]]}'
    while True:
        for fd in range(3, 10):
            try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
            except OSError: pass
""",
    "limits are lifted": """
import resource
def perceptron_step(w, x, y):
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return len(bytearray(1 << 33))
""",
    "a limit of nothing": """
import resource
def perceptron_step(w, x, y):
    resource.setrlimit(resource.RLIMIT_AS, (1, 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return w
""",
    "a stack without an end": """
import resource, sys
def perceptron_step(w, x, y):
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 30, 1 << 30))
    sys.setrecursionlimit(10 ** 8)
    value = []
    for _ in range(10 ** 6): value = [value]
    return repr(value)
""",
    "the best priority": """
import os
def perceptron_step(w, x, y):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99))
    os.nice(-20)
    return w
""",
    "at the exit of the interpreter": """
import atexit, sys
atexit.register(forge, b"1", 100)
def perceptron_step(w, x, y):
    sys.stdin = sys.stdout = sys.stderr = None
    raise SystemExit(0)
""",
    "every event raises": """
import sys
def perceptron_step(w, x, y):
    def hook(event, given): raise RuntimeError(event)
    sys.addaudithook(hook)
    return w
""",
    "every call raises": """
import sys
def perceptron_step(w, x, y):
    sys.setprofile(lambda *event: 1 / 0)
    return w
""",
    "types are patched": """
import builtins
real = builtins.type
def perceptron_step(w, x, y):
    builtins.type = lambda *a: np.ndarray if len(a) == 1 else real(*a)
    builtins.isinstance = lambda *a: True
    return "w"
""",
    "numbers are patched": """
np.array = np.asarray = lambda *a, **k: w
np.iscomplexobj = lambda x: False
class Numbers(np.ndarray):
    def __array_finalize__(self, other): self.dtype
    def tobytes(self, *a): return b"\\0" * 10 ** 6
    shape = property(lambda self: (10 ** 9,))
def perceptron_step(w, x, y):
    return np.zeros(3).view(Numbers)
""",
    "a module that is a trap": """
import sys, types
class Trap(types.ModuleType):
    def __getattr__(self, name): raise SystemExit(name)
for name in ("json", "struct", "traceback", "linecache", "numpy.ma"):
    sys.modules[name] = Trap(name)
def perceptron_step(w, x, y):
    raise ValueError("w")
""",
    "a masked array's mask lies": """
import sys, types
class Fake(list): pass
sys.modules["numpy.ma"] = types.SimpleNamespace(MaskedArray=Fake, is_masked=lambda v: False)
def perceptron_step(w, x, y):
    return Fake([Fake()] * 3)
""",
    "an error with endless words": """
class Words(str):
    def __getitem__(self, key): return Words("x" * 10 ** 6)
    def encode(self, *a): return b"\\xff" * 10 ** 8
class Broken(Exception):
    def __str__(self): return Words("x")
def perceptron_step(w, x, y):
    raise Broken
""",
    "an error with a name of 50 MB": """
def perceptron_step(w, x, y):
    raise type("E" * 50_000_000, (Exception,), {})
""",
    "a chain of errors": """
def perceptron_step(w, x, y):
    error = None
    for number in range(100_000):
        new = ValueError(number); new.__cause__ = new.__context__ = error; error = new
    raise error
""",
    "an error that causes itself": """
def perceptron_step(w, x, y):
    error = ValueError("w")
    error.__cause__ = error.__context__ = error
    raise error
""",
    "a group of groups of errors": """
def perceptron_step(w, x, y):
    error = ValueError("w")
    for _ in range(10_000): error = ExceptionGroup("group", [error] * 2)
    raise error
""",
    "a name that describes itself": """
class Huge:
    def __repr__(self): return "x" * 10 ** 9
    __class__ = property(lambda self: 1 / 0)
def perceptron_step(w, x, y):
    huge = Huge()
    return w + huge
""",
    "keys that collide": """
def perceptron_step(w, x, y):
    one = {complex(-1000003.0 * k, k): k for k in range(9_000)}
    return [one] * 5
""",
    "colliding keys in a message": """
import os
def perceptron_step(w, x, y):
    pairs = ",".join('[{"complex": [%.1f, %.1f]}, 1]' % (-1000003.0 * k, k) for k in range(9_900))
    text = ('[[' + ",".join(['{"dict": [' + pairs + ']}'] * 2) + '], [[], [], 1], null, "", []]')
    text = text.encode()
    left = memoryview(len(text).to_bytes(4, "big") + bytes(4) + text)
    while left: left = left[os.write(4, left):]
""",
    "a class with fields that lie": """
class Pair(tuple):
    _fields = ("a",)
    def __iter__(self): return iter([1] * 10 ** 9)
    def __len__(self): return 3
def perceptron_step(w, x, y):
    return Pair([Pair()] * 3)
""",
    "strides of nothing": """
def perceptron_step(w, x, y):
    one = np.lib.stride_tricks.as_strided(np.zeros(1), (1000, 1000), (0, 0))
    return [one] * 9_000
""",
    "a coroutine": """
async def perceptron_step(w, x, y):
    return w + y * x if y * (w @ x) <= 0 else w
""",
    "a question to the reader": """
def perceptron_step(w, x, y):
    return np.array([float(input()), float(input())])
""",
    "gigabytes from C": """
import ctypes
def perceptron_step(w, x, y):
    libc = ctypes.CDLL(None)
    line = b"x" * (1 << 20)
    for _ in range(4_000): libc.puts(line)
    return w
""",
    "the debugger": """
def perceptron_step(w, x, y):
    breakpoint()
    return w
""",
    "numbers that raise when compared": """
def perceptron_step(w, x, y):
    np.seterr(all="raise"); np.seterrcall(lambda *a: 1 / 0)
    return np.array([1e308, -1e308, np.nan]) * w[:1]
""",
    "the smallest numbers": """
def perceptron_step(w, x, y):
    return np.full(w.shape, 5e-324).astype(np.float16).view(np.uint16)
""",
}  # fmt: skip
ATTACKS = {name: FORGE + body for name, body in BODIES.items()}
