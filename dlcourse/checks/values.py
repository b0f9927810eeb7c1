"""Compare plain values, and put them into words that a learner can read."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcourse.checks.runner import Opaque

ROWS = 30  # of an array, at most: who reads a card must reach its hint


def is_number(value: Any) -> bool:
    """Tell whether this is one number: no bool, but an array without axes counts."""
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iufc"
    return isinstance(value, (int, float, complex, np.number)) and not isinstance(value, bool)


def agree(expected: Any, received: Any, rtol: float, atol: float) -> bool:
    """Tell whether a value is as good as the expected one.

    Arrays must have the same shape; numbers may be int or float alike; a truth value must
    be a bool; a list is as good as a tuple where several values are returned.

    Examples
    --------
    >>> agree(np.array([1.0, 2.0]), np.array([1, 2]), 1e-9, 1e-9)
    True
    >>> agree(np.array([1.0, 2.0]), [1.0, 2.0], 1e-9, 1e-9)
    False
    """
    if isinstance(expected, bool):
        if isinstance(received, np.ndarray) and received.ndim == 0 and received.dtype == bool:
            received = bool(received)
        return isinstance(received, bool) and received == expected
    if is_number(expected):
        return is_number(received) and close(expected, received, rtol, atol)
    if isinstance(expected, np.ndarray):
        return (
            isinstance(received, np.ndarray)
            and received.shape == expected.shape
            and (received.dtype == bool) == (expected.dtype == bool)
            and close(expected, received, rtol, atol)
        )
    if isinstance(expected, (tuple, list)):
        return (
            isinstance(received, (tuple, list))
            and len(received) == len(expected)
            and all(agree(e, r, rtol, atol) for e, r in zip(expected, received, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(received, dict)
            and received.keys() == expected.keys()
            and all(agree(expected[key], received[key], rtol, atol) for key in expected)
        )
    return type(expected) is type(received) and bool(expected == received)


def close(expected: Any, received: Any, rtol: float, atol: float) -> bool:
    """Tell whether numbers of one shape are equal up to rounding; nan equals nan."""
    if np.iscomplexobj(received) and not np.iscomplexobj(expected):
        return False
    full, got = np.asarray(expected), np.asarray(received)
    alike = full.dtype.kind == got.dtype.kind == "f" and full.shape == got.shape
    if alike and np.isfinite(full).all():
        # np.allclose says the same, and takes ten times as long for a few numbers.
        with np.errstate(all="ignore"):
            return bool((np.abs(got - full) <= atol + rtol * np.abs(full)).all())
    # An array: next to a plain float NumPy compares in float32.
    return bool(np.allclose(received, full, rtol=rtol, atol=atol, equal_nan=True))


def same(before: Any, after: Any, rounding: float = 0.0) -> bool:
    """Tell whether an argument is as it was: exactly, or up to rounding in its floats."""
    if isinstance(before, np.ndarray):
        if not (isinstance(after, np.ndarray) and before.dtype == after.dtype):
            return False
        if rounding and before.dtype.kind == "f" and before.shape == after.shape:
            return close(before, after, rounding, rounding)
        return bool(np.array_equal(before, after, equal_nan=before.dtype.kind in "fc"))
    if isinstance(before, (list, tuple)):
        return (
            type(before) is type(after)
            and len(before) == len(after)
            and all(same(b, a, rounding) for b, a in zip(before, after, strict=True))
        )
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and before.keys() == after.keys()
            and all(same(before[key], after[key], rounding) for key in before)
        )
    if rounding and type(before) is type(after) is float:
        return close(before, after, rounding, rounding)
    return type(before) is type(after) and bool(before == after or before != before)


def describe(value: Any) -> str:
    """Say what kind of value this is.

    Examples
    --------
    >>> describe(np.zeros((2, 3)))
    'an array of shape (2, 3), float64'
    >>> describe([1, 2]), describe(None), describe(True)
    ('a list of 2', 'nothing (None)', 'a bool (True or False)')
    """
    if isinstance(value, Opaque):
        return value.kind
    if value is None:
        return "nothing (None)"
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return f"an array without axes, {value.dtype}"
        return f"an array of shape {value.shape}, {value.dtype}"
    for kind, word in ((tuple, "tuple"), (list, "list"), (dict, "dictionary")):
        if isinstance(value, kind):
            return f"a {word} of {len(value)}"
    words = {
        bool: "a bool (True or False)",
        int: "a whole number (int)",
        float: "a number (float)",
        complex: "a complex number",
        str: "a text (str)",
    }
    return words.get(type(value), f"a number ({type(value).__name__})")


def brief(value: Any, most: int = 12) -> str:
    """Print a value so that it stays small: six digits, and a gap in what is long.

    Of a list, tuple or dictionary at most `most` entries are shown, and fewer of those inside
    it, so that no value takes long.

    Examples
    --------
    >>> brief(np.array([1.0, -0.5])), brief(1 / 3), brief(Opaque("a function"))
    ('[ 1.  -0.5]', '0.333333', 'a function')
    >>> brief({"w": (1, 0.5)}), brief([(1,)] * 13, most=2)
    ("{'w': (1, 0.5)}", '[(1,), (1,), ...]')
    """
    if isinstance(value, Opaque):
        return value.kind
    if isinstance(value, np.ndarray):
        return _brief_array(value, 17 * most**2)
    if isinstance(value, (float, np.floating)):
        text = f"{float(value):.6g}"
        return text if set(text) & set(".ein") else f"{text}.0"
    if isinstance(value, (tuple, list, dict)):
        inside = max(most // 2, 1)
        first = itertools.islice(value.items() if isinstance(value, dict) else value, most)
        if isinstance(value, dict):
            shown = [f"{brief(key, inside)}: {brief(entry, inside)}" for key, entry in first]
        else:
            shown = [brief(entry, inside) for entry in first]
        shown += ["..."] if len(value) > most else []
        text = ", ".join(shown) + "," * (isinstance(value, tuple) and len(value) == 1)
        begin, end = "{}" if isinstance(value, dict) else "()" if isinstance(value, tuple) else "[]"
        return f"{begin}{text}{end}"
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _brief_array(array: np.ndarray, most: int) -> str:
    """Print an array; of one with many axes only the first block.

    >>> print(_brief_array(np.zeros((150, 8, 2)), most=100))
    [[0. 0.]
     [0. 0.]
     [0. 0.]
     ...
     [0. 0.]
     [0. 0.]
     [0. 0.]]
    ...
    """
    block = array
    while _shown(block.shape) > most or _shown(block.shape[:-1]) > ROWS:
        block = block[0]
    text = np.array2string(block, precision=6, threshold=60, edgeitems=3, max_line_width=76)
    return text if block is array else f"{text}\n..."


def _shown(shape: tuple[int, ...]) -> int:
    """Return how many entries are printed of an array of this shape, seven along each axis."""
    return math.prod(min(length, 7) for length in shape)


def listing(words: Sequence[str]) -> str:
    """Join words as in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
