"""Right numbers in another form: a list for an array, an array without axes for a number.

`fit` brings a received value into the form of the expected one where no number changes; from
there on only the numbers count. `note` says in one sentence where the form matters later.
"""

from typing import Any

import numpy as np

from dlcourse.checks.values import is_number


def fit(expected: Any, received: Any) -> Any:
    """Return a received value in the form of the expected one, as far as it has it.

    Lists and tuples become arrays where an array is wanted, arrays become tuples or lists where
    several values are, and arrays without axes become numbers. What does not fit stays as it is.

    Examples
    --------
    >>> fit(np.zeros(2), [1, 2])
    array([1, 2])
    >>> fit(["a"], ("a",)), fit(1.0, np.array(2.0))
    (['a'], 2.0)
    """
    if isinstance(expected, np.ndarray):
        return _as_array(expected, received)
    if isinstance(expected, bool) or is_number(expected):
        without_axes = isinstance(received, np.ndarray) and received.ndim == 0
        return received.item() if without_axes else received
    if isinstance(expected, (tuple, list)):
        return _as_sequence(expected, received)
    if isinstance(expected, dict) and isinstance(received, dict):
        return {key: fit(expected.get(key), value) for key, value in received.items()}
    return received


def _as_array(expected: Any, received: Any) -> Any:
    if is_number(received) and not expected.ndim:
        return np.asarray(received)
    if not isinstance(received, (list, tuple)):
        return received
    try:
        made = np.array(received)
    except (ValueError, OverflowError):  # rows of different lengths, a huge whole number
        return received
    # A tuple of another shape is rather a `return a, b`, or a comma too many.
    fits = isinstance(received, list) or made.shape == expected.shape
    return made if fits and made.dtype.kind in "biufc" else received


def _as_sequence(expected: Any, received: Any) -> Any:
    rows = isinstance(received, np.ndarray) and received.ndim > 0
    if not (rows or isinstance(received, (tuple, list))) or len(received) != len(expected):
        return received
    return type(expected)(fit(e, r) for e, r in zip(expected, received, strict=True))


def note(expected: Any, received: Any) -> str:
    """Say where the form of a right value matters later; empty if it does not.

    Parameters
    ----------
    expected, received : object
        The reference's value, and the received one before it was fitted.
    """
    if isinstance(expected, np.ndarray) and expected.ndim and isinstance(received, (list, tuple)):
        kind = "list" if isinstance(received, list) else "tuple"
        return (
            f"You return a {kind} where an array is meant. Its numbers are right, so it counts; "
            f"but `+` joins {kind}s and adds arrays. `np.array(...)` makes an array of it."
        )
    inside: list[tuple[Any, Any]] = []
    if isinstance(expected, dict) and isinstance(received, dict):
        inside = [(value, received.get(key)) for key, value in expected.items()]
    elif isinstance(expected, (tuple, list)) and isinstance(received, (tuple, list)):
        inside = list(zip(expected, received, strict=False))
    return next(filter(None, (note(e, r) for e, r in inside)), "")
