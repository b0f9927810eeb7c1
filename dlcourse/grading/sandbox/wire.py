"""Values as JSON and raw numbers, across the wall in both directions.

A message is two lengths (4 bytes each, big-endian), JSON, and the bytes of all arrays, one after
the other, each byte of one array. What comes out of the sandbox is hostile: `decode` checks every
part of it, and raises `WireError`, and nothing else, for whatever `encode` cannot have made. What
it returns is as large as what came, up to a factor: no part of a message is used twice.
"""

import json
import struct
from typing import Any

import numpy as np

from dlcourse.checks.runner import (
    KEYS,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NAMES,
    MAX_SIZE,
    MAX_TEXT,
    Opaque,
    Outcome,
    Raised,
)

HEADER = struct.Struct(">II")
MAX_JSON = 4 << 20  # bytes
MAX_RAW = 32 << 20
MAX_VALUES = 50_000  # in one message, so that it stays small in memory too
NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64"
DTYPES = {
    dtype.str: dtype for dtype in map(np.dtype, (*NAMES.split(), "complex64", "complex128"))
}  # in the native byte order; no long double, which differs from machine to machine


class WireError(ValueError):
    """The message is none that `encode` makes."""


# ------------------------------------------------------------------ out


def encode(message: Any, *, bounded: bool = True) -> bytes:
    """Write a message: a plain value (see `dlcourse.checks.runner.plain`).

    Raises
    ------
    WireError
        If it is no plain value, or, where it is `bounded`, over the limits.

    Examples
    --------
    >>> header, body = encode([1, None])[:8], encode([1, None])[8:]
    >>> HEADER.unpack(header), body
    ((9, 0), b'[1, null]')
    """
    raw = bytearray()
    text = json.dumps(_pack(message, raw)).encode()
    if bounded and (len(text) > MAX_JSON or len(raw) > MAX_RAW):
        raise WireError("the message is too long")
    return HEADER.pack(len(text), len(raw)) + text + raw


def _pack(value: Any, raw: bytearray) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is list:
        return [_pack(item, raw) for item in value]
    if kind is tuple:
        return {"tuple": [_pack(item, raw) for item in value]}
    if kind is dict:
        return {"dict": [[_pack(k, raw), _pack(v, raw)] for k, v in value.items()]}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is Opaque:
        return {"opaque": value.kind}
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.kind in "fc" and array.dtype.itemsize > 8 * (1 + (array.dtype.kind == "c")):
            array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
        array = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
        start = len(raw)
        raw += array.tobytes()
        name = "array" if isinstance(value, np.ndarray) else "number"
        return {name: [array.dtype.str, list(array.shape), start]}
    raise WireError(f"no plain value: {kind.__name__}")


def pack_outcome(outcome: Outcome) -> list[Any]:
    """Turn an outcome into a plain value."""
    error = outcome.error
    return [
        outcome.value,
        list(outcome.arguments),
        error and _pack_error(error),
        outcome.printed,
        list(outcome.warnings),
    ]


def _pack_error(error: Raised) -> list[Any]:
    place = [error.line, error.number, error.function]
    return [error.kind, error.message, *place, list(error.values)]


# ------------------------------------------------------------------ in


def lengths(header: bytes) -> tuple[int, int]:
    """Read the lengths of the two parts of a message.

    Raises
    ------
    WireError
        If they are over the limits.
    """
    text, raw = HEADER.unpack(header)
    if text > MAX_JSON or raw > MAX_RAW:
        raise WireError("the message is too long")
    return text, raw


def decode(text: bytes, raw: bytes, max_text: int = MAX_TEXT) -> Any:
    """Read a message from its two parts; texts are cut at `max_text` characters.

    Examples
    --------
    >>> decode(b'{"tuple": [1.5, {"array": ["|b1", [2], 0]}]}', bytes([0, 1]))
    (1.5, array([False,  True]))
    """
    try:
        packed = json.loads(text.decode())
    except (ValueError, RecursionError, MemoryError) as error:
        raise WireError("no JSON") from error
    reader = _Reader(raw, max_text)
    try:
        value = reader.unpack(packed, 0)
    except (RecursionError, MemoryError, TypeError, OverflowError) as error:
        raise WireError("no plain value") from error
    if reader.used != len(raw):
        raise WireError("bytes that belong to no array")
    return value


class _Reader:
    """Unpacks one message."""

    def __init__(self, raw: bytes, max_text: int) -> None:
        self.raw = raw
        self.max_text = max_text
        self.left = MAX_VALUES
        self.used = 0  # bytes of arrays

    def unpack(self, packed: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > 2 * MAX_DEPTH + 4:
            raise WireError("too many values")
        if packed is None or isinstance(packed, (bool, float)):
            return packed
        if isinstance(packed, int):
            # What fits no NumPy integer cannot be compared with one.
            return packed if -(2**63) <= packed < 2**64 else Opaque("a huge whole number")
        if isinstance(packed, str):
            return clean(packed, self.max_text)
        if isinstance(packed, list):
            return self.items(packed, depth)
        if not (isinstance(packed, dict) and len(packed) == 1):
            raise WireError("an object with other than one entry")
        ((kind, content),) = packed.items()
        if kind == "tuple":
            return tuple(self.items(content, depth))
        if kind == "dict":
            pairs = self.items(content, depth)
            if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
                raise WireError("no pairs")
            if not all(isinstance(key, KEYS) for key, _ in pairs):
                raise WireError("keys that are neither texts nor numbers")
            return dict(pairs)
        if kind == "complex":
            return self.complex(content)
        if kind == "opaque" and isinstance(content, str):
            return Opaque(clean(content)[:80])
        if kind == "array":
            return self.array(content)
        if kind == "number":
            array = self.array(content)
            if array.ndim:
                raise WireError("a number with axes")
            return array[()]
        raise WireError("an unknown kind of value")

    def items(self, content: Any, depth: int) -> list[Any]:
        if not isinstance(content, list) or len(content) > MAX_ITEMS:
            raise WireError("no list, or a long one")
        return [self.unpack(item, depth + 1) for item in content]

    def complex(self, content: Any) -> complex:
        if not (isinstance(content, list) and [type(part) for part in content] == [float, float]):
            raise WireError("no complex number")
        return complex(*content)

    def array(self, content: Any) -> Any:
        if not (isinstance(content, list) and len(content) == 3):
            raise WireError("no array")
        name, shape, start = content
        if not (isinstance(name, str) and name in DTYPES and isinstance(shape, list)):
            raise WireError("no array")
        whole = [n for n in [*shape, start] if type(n) is int and 0 <= n <= MAX_RAW]
        if len(whole) != len(shape) + 1 or len(shape) > 32:
            raise WireError("no shape")
        size = 1
        for length in shape:
            size *= length
            if size > MAX_SIZE:
                raise WireError("an array that is too large")
        # A length of 0 hides the others from the product, and NumPy multiplies them.
        if size == 0 and any(length > MAX_SIZE for length in shape):
            raise WireError("an array that is too large")
        dtype = DTYPES[name]
        if start != self.used or start + size * dtype.itemsize > len(self.raw):
            raise WireError("an array that is not where the one before ends")
        self.used += size * dtype.itemsize
        if dtype.kind == "b":  # a byte of 2 would be a bool that is neither True nor False
            flat = np.frombuffer(self.raw, np.uint8, size, start) != 0
        else:
            flat = np.frombuffer(self.raw, dtype, size, start).copy()
        try:
            return flat.reshape(shape)
        except ValueError as error:
            raise WireError("no shape") from error


def clean(text: str, max_text: int = MAX_TEXT) -> str:
    """Return a text that can be written as UTF-8, not too long."""
    return text[:max_text].encode("utf-8", "replace").decode()


def unpack_outcome(message: Any) -> Outcome:
    """Turn a decoded message back into an outcome.

    Raises
    ------
    WireError
        If it is none.
    """
    if not (isinstance(message, list) and len(message) == 5):
        raise WireError("no outcome")
    value, arguments, error, printed, warnings = message
    if not (isinstance(arguments, list) and isinstance(printed, str)):
        raise WireError("no outcome")
    if not (isinstance(warnings, list) and all(isinstance(text, str) for text in warnings)):
        raise WireError("no outcome")
    return Outcome(value, tuple(arguments), unpack_error(error), printed, tuple(warnings[:20]))


def unpack_error(error: Any) -> Raised | None:
    """Turn a decoded error back into one; None if there was none."""
    if error is None:
        return None
    if not (
        isinstance(error, list)
        and [type(part) for part in error] == [str, str, str, int, str, list]
        and 0 <= error[3] <= 10**7
        and all(isinstance(text, str) for text in error[5])
    ):
        raise WireError("no error")
    kind, message, line, number, function, values = error
    described = tuple(text[:200] for text in values[:MAX_NAMES])
    return Raised(kind[:200], message, line, number, function, described)
