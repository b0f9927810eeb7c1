"""What mutants call: slips that depend on the value they meet.

A helper that hands every value back as it came is no slip at all: `Helpers.idle` tells.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.checks.values import same

MAX_STEPS = 2_000  # passes through loops of all calls together


class NoSuchSlipError(Exception):
    """There is nothing to be transposed here, or no axis, or no array that has a kind."""


class EndlessError(BaseException):
    """A loop of the mutant does not come to an end."""


CHANGES: dict[str, Callable[[Any], Any]] = {
    "_transposed": np.transpose,
    "_positive": lambda value: np.maximum(value, 0),
    "_whole": lambda value: np.asarray(value).astype(int),
    "_negative": lambda value: -value,
    "_absolute": abs,
    "_doubled": lambda value: 2 * value,
    "_halved": lambda value: value / 2,
    "_squared": lambda value: value**2,
    "_one_more": lambda value: value + 1,
    "_backwards": lambda value: value[::-1] if hasattr(value, "__getitem__") else list(value)[::-1],
    "_but_first": lambda value: value[1:] if hasattr(value, "__getitem__") else list(value)[1:],
    "_but_last": lambda value: value[:-1] if hasattr(value, "__getitem__") else list(value)[:-1],
    "_stacked": lambda value: np.array([value]),
    "_rounded": lambda value: np.round(value, 4),
}


class Helpers:
    """The helpers of one mutant, with a memory and a count of steps of their own."""

    def __init__(self) -> None:
        self.used = self.changed = False
        self._steps = 0
        memory: dict[str, Any] = {}
        self.names = {
            **{name: self._noted(change) for name, change in CHANGES.items()},
            "_axis": _axis,
            "_kind_of": _kind_of,
            "_kept": memory.setdefault,
            "_tick": self._tick,
        }

    def _noted(self, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def helper(value: Any) -> Any:
            self.used = True
            new = change(value)
            self.changed = self.changed or not _alike(value, new)
            return new

        return helper

    def _tick(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise EndlessError


def _alike(before: Any, after: Any) -> bool:
    try:
        return np.shape(before) == np.shape(after) and np.array_equal(before, after)
    except ValueError:  # parts of several lengths
        return same(before, after)


def _axis(axis: int, values: Any) -> int:
    if np.ndim(values) < 2:
        raise NoSuchSlipError
    return axis


def _kind_of(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        raise NoSuchSlipError
    return value.dtype
