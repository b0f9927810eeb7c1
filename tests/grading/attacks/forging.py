"""Results that are none: objects that lie, patched libraries, forged replies."""

ATTACKS = {
    "equal to everything": """
class Same:
    __eq__ = __ne__ = __lt__ = __le__ = lambda self, other: True
    __hash__ = None
    shape, dtype, ndim, size = (3,), np.dtype(float), 1, 3
    __array__ = lambda self, *a, **k: np.zeros(3)
def perceptron_step(w, x, y):
    return Same()
""",
    "array subclass": """
class Array(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)
def perceptron_step(w, x, y):
    return np.zeros_like(w).view(Array)
""",
    "float subclass": """
class Float(float):
    def __sub__(self, other): return Float(0)
    __rsub__ = __abs__ = lambda self, *a: Float(0)
    def __eq__(self, other): return True
def perceptron_step(w, x, y):
    return [Float(1)] * len(w)
""",
    "array of objects that lie": """
class Zero:
    def __sub__(self, other): return 0
    __rsub__ = __mul__ = __rmul__ = lambda self, other: 0
def perceptron_step(w, x, y):
    return np.array([Zero()] * len(w), dtype=object)
""",
    "masked array": """
def perceptron_step(w, x, y):
    return np.ma.masked_all(w.shape)
""",
    "one number for all": """
def perceptron_step(w, x, y):
    return np.broadcast_to(np.nan, w.shape)
""",
    "infinite": """
def perceptron_step(w, x, y):
    return np.full(w.shape, np.inf)
""",
    "structured array": """
def perceptron_step(w, x, y):
    return np.zeros(len(w), dtype=[("value", float)])
""",
    "NumPy is patched": """
for name in ("allclose", "isclose", "array_equal", "all", "any", "array_equiv"):
    setattr(np, name, lambda *a, **k: True)
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
def perceptron_step(w, x, y):
    return w
""",
    "builtins are patched": """
import builtins
builtins.abs = lambda x: 0
builtins.all = builtins.any = lambda x: True
def perceptron_step(w, x, y):
    return w
""",
    "the runner is patched": """
import sys
runner = sys.modules["dlcourse.checks.runner"]
runner.plain = lambda value, depth=0: True
runner.Outcome.__eq__ = lambda self, other: True
def perceptron_step(w, x, y):
    return w
""",
    "the outcome is patched": """
import sys
sys.modules["dlcourse.grading.sandbox.wire"].pack_outcome = lambda o: {
    "score": 1.0, "passed": True, "points": 10, "results": [True] * 20}
def perceptron_step(w, x, y):
    return w
""",
    "a score instead of a reply": """
import json, os
def perceptron_step(w, x, y):
    text = json.dumps({"score": 2, "results": [True] * 14}).encode()
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
        except OSError: pass
    return w
""",
    "replies sent beforehand": """
import json, os
text = json.dumps([None, [], None, "", []]).encode()
for fd in range(3, 10):
    try: os.write(fd, (len(text).to_bytes(4, "big") + bytes(4) + text) * 20)
    except OSError: pass
def perceptron_step(w, x, y):
    return w
""",
    "a reply of 4 GiB": """
import os
def perceptron_step(w, x, y):
    for fd in range(3, 10):
        try: os.write(fd, b"\\xff" * 8)
        except OSError: pass
    return w
""",
    "a reply without end": """
import os
def perceptron_step(w, x, y):
    for fd in range(3, 10):
        try:
            while True: os.write(fd, b"\\0\\x10\\0\\0" + b"[" * 100_000)
        except OSError: pass
""",
    "deeply nested reply": """
import os
def perceptron_step(w, x, y):
    text = b"[" * 200_000 + b"]" * 200_000
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
        except OSError: pass
""",
    "an array that claims too much": """
import os
def perceptron_step(w, x, y):
    text = b'[{"array": ["<f8", [1000000, 1000000, 0], 0]}, [], null, "", []]'
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
        except OSError: pass
""",
    "a number of a million digits": """
import os
def perceptron_step(w, x, y):
    text = b"[" + b"9" * 1_000_000 + b', [], null, "", []]'
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
        except OSError: pass
""",
    "check is redefined": """
def check(function):
    return 2.0
def perceptron_step(w, x, y):
    return check(perceptron_step)
""",
    "JSON is patched": """
import json
json.dumps = lambda value, **k: '{"score": 2}'
def perceptron_step(w, x, y):
    return w
""",
    "half of the answers by chance": """
def perceptron_step(w, x, y):
    return w
""",
    "a huge whole number": """
def perceptron_step(w, x, y):
    return -(2 ** 64) + 1
""",
    "pickle": """
class Code:
    def __reduce__(self):
        return (open, (PLACES[0] + "/forged", "w"))
    __getstate__ = __reduce__
def perceptron_step(w, x, y):
    import pickle
    return pickle.dumps(Code()), Code()
""",
    "a class with the name of another": """
class Meta(type):
    __name__ = property(lambda self: 1 / 0)
class Array(metaclass=Meta):
    __class__ = property(lambda self: np.ndarray)
def perceptron_step(w, x, y):
    return Array()
""",
    "an argument that lies": """
class Meta(type):
    __name__ = property(lambda self: 1 / 0)
class Thing(metaclass=Meta): pass
def perceptron_step(w, x, y):
    w[:] = 0
    w.__class__ = type("ndarray", (np.ndarray,), {"__eq__": lambda s, o: True})
    return w
""",
    "lazy values": """
def perceptron_step(w, x, y):
    return (value for value in w)
""",
    "a list in itself": """
def perceptron_step(w, x, y):
    values = []
    values.append(values)
    return values
""",
    "a dictionary in itself": """
def perceptron_step(w, x, y):
    values = {}
    values["w"] = values
    return values
""",
    "not a function": """
class perceptron_step:
    def __init__(self, w, x, y): pass
    def __eq__(self, other): return True
""",
    "half a surrogate": """
def perceptron_step(w, x, y):
    print(chr(0xD800), chr(27) + "[2J", "<script>alert(1)</script>")
    raise ValueError(chr(0xDFFF) + "<img src=x onerror=alert(1)>" + chr(0))
""",
    "an error that is an array": """
import os
def perceptron_step(w, x, y):
    text = b'[null, [], {"array": ["<f8", [2], 0]}, "", []]'
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + (16).to_bytes(4, "big") + text + bytes(16))
        except OSError: pass
""",
    "a report of arrays": """
import os
text = b'[[{"array": ["<f8", [2], 0]}, {"array": ["<f8", [2], 16]}, {"array": ["<f8", [2], 32]}]]'
for fd in range(3, 10):
    try: os.write(fd, len(text).to_bytes(4, "big") + (48).to_bytes(4, "big") + text + bytes(48))
    except OSError: pass
def perceptron_step(w, x, y):
    return w
""",
    "fewer arguments than there were": """
import os
def perceptron_step(w, x, y):
    text = b'[null, [], null, "", []]'
    for fd in range(3, 10):
        try: os.write(fd, len(text).to_bytes(4, "big") + bytes(4) + text)
        except OSError: pass
""",
    "arrays that share their bytes": """
import os
def perceptron_step(w, x, y):
    one = b'{"array": ["<c16", [1000000], 0]}'
    text = b"[[" + b",".join([one] * 400) + b'], [], null, "", []]'
    head = len(text).to_bytes(4, "big") + (16_000_000).to_bytes(4, "big")
    left = memoryview(head + text + bytes(16_000_000))
    while left: left = left[os.write(4, left):]
""",
}
