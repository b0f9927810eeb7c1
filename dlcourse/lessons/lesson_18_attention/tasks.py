"""Sequences of letters to reverse, to sort, and to recall from: the answer stands at every place.

Letters are numbers from 0 to 9 in the arrays, and a to j where people read them.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array

LETTERS = "abcdefghij"
LENGTH = 16  # of a sequence in training
TASKS = ("reverse", "sort")
Codes = NDArray[np.intp]


def draw(task: str, rng: np.random.Generator, rows: int, length: int = LENGTH) -> tuple[Any, Any]:
    """Draw sequences of letters and what becomes of them.

    Parameters
    ----------
    task : {"reverse", "sort"}
    rng : numpy.random.Generator
    rows, length : int

    Returns
    -------
    x, y : Arrays of int, shape (rows, length)

    Raises
    ------
    ValueError
        If there is no such task.

    Examples
    --------
    >>> x, y = draw("sort", np.random.default_rng(0), 1, 6)
    >>> words(x[0]), words(y[0])
    ('igfcda', 'acdfgi')
    """
    x = rng.integers(len(LETTERS), size=(rows, length))
    return x, answer(task, x)


def answer(task: str, x: Codes) -> Codes:
    """Return the right answers, shape (rows, length)."""
    if task not in TASKS:
        raise ValueError(f"expected one of the tasks {', '.join(TASKS)}, got {task!r}")
    return x[:, ::-1].copy() if task == "reverse" else np.sort(x, axis=1)


def words(codes: Array | Codes) -> str:
    """Return numbers as letters.

    Examples
    --------
    >>> words([1, 0, 3])
    'bad'
    """
    return "".join(LETTERS[int(code)] for code in codes)


def codes(text: str) -> Codes:
    """Return letters as numbers; what is not among a to j is left out.

    Examples
    --------
    >>> codes("bad!")
    array([1, 0, 3])
    """
    return np.array([LETTERS.index(c) for c in text.lower() if c in LETTERS], np.intp)


class Recall(NamedTuple):
    """Pairs of a key and a value in a row; a key that comes again has the same value again."""

    x: Codes  # (rows, 2 * pairs): key, value, key, value, ...; values are counted after the keys
    y: Codes  # (rows, 2 * pairs): the value that comes next, at the places of keys
    asked: NDArray[np.bool_]  # where a key has come before, so that its value can be known


def draw_recall(rng: np.random.Generator, rows: int, keys: int, pairs: int) -> Recall:
    """Draw rows of pairs; every row has its own values for the keys.

    Examples
    --------
    >>> recall = draw_recall(np.random.default_rng(0), 1, keys=3, pairs=4)
    >>> recall.x[0].tolist(), recall.asked[0].astype(int).tolist()
    ([0, 5, 0, 5, 0, 5, 0, 5], [0, 0, 1, 0, 1, 0, 1, 0])
    """
    values = rng.integers(keys, size=(rows, keys))
    key = rng.integers(keys, size=(rows, pairs))
    value = np.take_along_axis(values, key, axis=1)
    x, y = np.zeros((2, rows, 2 * pairs), np.intp)
    asked = np.zeros((rows, 2 * pairs), bool)
    x[:, ::2], x[:, 1::2], y[:, ::2] = key, keys + value, value
    for place in range(1, pairs):
        asked[:, 2 * place] = (key[:, :place] == key[:, place : place + 1]).any(axis=1)
    return Recall(x, y, asked)
