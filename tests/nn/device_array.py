"""A stand-in for `cupy.ndarray` on machines without a GPU: as strict, and computed by NumPy.

A `DeviceArray` holds an array that nothing may look at directly, as a program cannot look into
the memory of a GPU. What NumPy is called with goes through the two protocols by which CuPy is
called, and is refused with TypeError where CuPy 14.2 refuses it:

- conversion to a NumPy array, but by `get`;
- any operand, value or output that is a NumPy array. (CuPy accepts some: as an index, or as a
  value set by an index array. Only indices are accepted here.)
- functions, methods, attributes and parameters that CuPy does not have: `cupy_interface` says
  which it has. Methods of ufuncs are in `UFUNC_METHODS`.

What the stand-in cannot show: rounding and the order of sums on a GPU, errors inside kernels, and
indices out of range, which CuPy takes modulo the length. For these the same tests run on CuPy
itself where there is a GPU (`tests/nn/test_devices.py`).
"""

import contextlib
import functools
import json
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from dlcourse.nn import devices
from tests.nn import cupy_interface

INTERFACE = json.loads(cupy_interface.PATH.read_text(encoding="utf-8"))
# cupy/_core/_kernel.pyx, class ufunc; `at` for floats: scatter_op in _routines_math and _math.misc.
UFUNC_METHODS = {
    "at": {"add", "maximum", "minimum"},
    "reduce": {"add", "multiply"},
    "accumulate": {"add", "multiply"},
    "reduceat": {"add"},
    "outer": set(INTERFACE["ufuncs"]),
    "__call__": set(INTERFACE["ufuncs"]),
}
UFUNC_KEYWORDS = {"out", "dtype", "casting", "axis", "keepdims"}
SCALARS = bool | int | float | complex | np.generic


class DeviceArray(NDArrayOperatorsMixin):
    """An array that does what `cupy.ndarray` does, and refuses what it refuses."""

    def __init__(self, host: Any) -> None:
        self._host = np.array(host)

    @classmethod
    def _of(cls, result: Any) -> Any:
        """Wrap what NumPy computed; views stay views, and a number becomes an array of no axes."""
        if isinstance(result, tuple | list):
            return type(result)(cls._of(entry) for entry in result)
        if not isinstance(result, np.ndarray | np.generic | bool):
            return result
        array = cls.__new__(cls)
        array._host = np.asarray(result)
        return array

    def get(self) -> Any:
        """Copy to the host, the only way there is."""
        return self._host.copy()

    # ------------------------------------------------------------------ NumPy's protocols

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed: use .get()")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        out = keywords.get("out", ())
        if ufunc.__name__ not in UFUNC_METHODS[method]:
            raise TypeError(f"CuPy has no {ufunc.__name__}.{method}")
        if not keywords.keys() <= UFUNC_KEYWORDS:
            raise TypeError(f"{ufunc.__name__} of CuPy takes {UFUNC_KEYWORDS}, got {keywords}")
        for operand in (*inputs, *out):
            if not isinstance(operand, DeviceArray | SCALARS):
                raise TypeError(f"{ufunc.__name__} of CuPy got a {type(operand).__name__}")
        result = getattr(ufunc, method)(*_hosts(inputs), **_hosts(keywords))
        return out[0] if out else self._of(result)

    def __array_function__(self, func: Any, types: Any, args: Any, keywords: Any) -> Any:
        name = f"{func.__module__}.{func.__name__}"
        if name not in INTERFACE["functions"]:
            return NotImplemented  # NumPy then raises TypeError
        _check_call(name, INTERFACE["functions"][name], args, keywords)
        if name in {"numpy.asarray", "numpy.array"} and not isinstance(args[0], DeviceArray):
            return DeviceArray(func(*args, **keywords))  # by `like=`: from the host
        return self._of(func(*_hosts(args), **_hosts(keywords)))

    # ------------------------------------------------------------------ what CuPy's arrays have

    def __getattr__(self, name: str) -> Any:
        if name in INTERFACE["methods"]:
            return functools.partial(self._call, name)
        if name == "flags":
            return _Flags(self._host.flags)
        if name in INTERFACE["attributes"]:
            return self._of(getattr(self._host, name))
        raise AttributeError(f"cupy.ndarray has no attribute {name!r}")

    def _call(self, name: str, *args: Any, **keywords: Any) -> Any:
        _check_call(name, INTERFACE["methods"][name], args, keywords)
        found = getattr(self._host, name)(*_hosts(args), **_hosts(keywords))
        return found if name in {"item", "tolist", "tobytes"} else self._of(found)

    def __getitem__(self, index: Any) -> Any:
        return self._of(self._host[_index(index)])

    def __setitem__(self, index: Any, value: Any) -> None:
        if not isinstance(value, DeviceArray | SCALARS):
            raise TypeError(f"cannot set entries of a CuPy array to a {type(value).__name__}")
        self._host[_index(index)] = _hosts(value)

    def __len__(self) -> int:
        return len(self._host)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self._host)

    def __int__(self) -> int:
        return int(self._host)

    def __float__(self) -> float:
        return float(self._host)

    def __format__(self, spec: str) -> str:
        return format(self._host, spec)

    def __repr__(self) -> str:
        return repr(self._host)

    def __deepcopy__(self, memo: Any) -> "DeviceArray":
        return DeviceArray(self._host)

    def __reduce__(self) -> Any:
        return DeviceArray, (self._host,)


def to_stand_in(array: Any) -> DeviceArray:
    """Do what `cupy.asarray` does: move from the host, or leave what is there already."""
    return array if isinstance(array, DeviceArray) else DeviceArray(array)


# How far a result may be from NumPy's, relative to the largest entry: bit for bit, or sums in
# another order. In float32, few terms can cancel to a thousandth of their size.
TOLERANCE = {
    "stand-in": {"float64": 0.0, "float32": 0.0},
    "cuda": {"float64": 1e-10, "float32": 1e-4},
}


def movers() -> dict[str, devices.Mover]:
    """Return how to move to each device that is here."""
    found: dict[str, devices.Mover] = {"stand-in": to_stand_in}
    with contextlib.suppress(ImportError, RuntimeError):
        found["cuda"] = devices.mover("cuda")
    return found


class _Flags:
    def __init__(self, flags: Any) -> None:
        self.c_contiguous = flags.c_contiguous
        self.f_contiguous = flags.f_contiguous
        self.owndata = flags.owndata


def _hosts(value: Any) -> Any:
    """Put what NumPy can compute with in place of the arrays; refuse NumPy's own."""
    if isinstance(value, DeviceArray):
        return value._host
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>: a CuPy array was expected")
    if isinstance(value, tuple | list):
        return type(value)(_hosts(entry) for entry in value)
    if isinstance(value, dict):
        return {name: _hosts(entry) for name, entry in value.items()}
    return value


def _index(index: Any) -> Any:
    """Return an index for the host; with an ellipsis, a single entry is a view as CuPy's is."""
    parts = index if isinstance(index, tuple) else (index,)
    hosts = tuple(part if isinstance(part, np.ndarray) else _hosts(part) for part in parts)
    return hosts if any(part is ... for part in hosts) else (*hosts, ...)


def _check_call(name: str, parameters: str, args: Any, keywords: Any) -> None:
    """Refuse arguments that CuPy's function of this name does not take."""
    words = parameters.split()
    by_place = words[: words.index("*")] if "*" in words else words
    too_many = len(args) > len(by_place) and not any(word[0] == "*" for word in by_place)
    unknown = set() if "**" in words else keywords.keys() - set(words)
    if too_many or unknown:
        raise TypeError(f"{name} of CuPy takes ({parameters}), got {len(args)} and {set(keywords)}")
