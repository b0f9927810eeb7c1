"""Sequences that need a memory: Reber's grammar and the adding problem.

Hochreiter and Schmidhuber tested the LSTM on both [1]_. In an embedded Reber string the second
symbol comes again just before the last one, with a whole Reber string in between: who predicts
it must remember it. In the adding problem two numbers, marked among many, are to be added.

References
----------
.. [1] S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997,
   experiments 1 and 4.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SYMBOLS = "BTPSXVE"

# Reber's grammar: from each state, the symbols that may come next and where they lead.
REBER: tuple[dict[str, int], ...] = (
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
    {},
)


def _embed(grammar: tuple[dict[str, int], ...]) -> list[dict[str, int]]:
    """Set a frame around a grammar: B, T or P, the inner string, the same letter again, E."""
    states: list[dict[str, int]] = [{"B": 1}, {}]
    for letter in "TP":
        first = len(states)
        states[1][letter] = first
        states += [{symbol: first + to for symbol, to in ways.items()} for ways in grammar[:-1]]
        states += [{letter: len(states) + 1}, {"E": len(states) + 2}, {}]
    return states


EMBEDDED = _embed(REBER)
LEGAL = np.array([[symbol in ways for symbol in SYMBOLS] for ways in EMBEDDED])  # (states, 7)


class ReberBatch(NamedTuple):
    """Embedded Reber strings, one-hot over `SYMBOLS`, zeros behind the end of a string."""

    x: NDArray[np.float32]  # (strings, time, 7): each symbol but the last
    y: NDArray[np.float32]  # (strings, time, 7): the symbol that came next
    legal: NDArray[np.bool_]  # (strings, time, 7): the symbols that might have come next
    strings: list[str]


def legal_next_symbols(prefix: str) -> str:
    """Return the symbols that may follow the beginning of an embedded Reber string.

    Parameters
    ----------
    prefix : str
        Any number of symbols from its start.

    Returns
    -------
    symbols : str
        In alphabetical order; empty if the string is complete.

    Raises
    ------
    ValueError
        If no embedded Reber string begins like this.

    Examples
    --------
    >>> legal_next_symbols(""), legal_next_symbols("B"), legal_next_symbols("BTBPVVE")
    ('B', 'PT', 'T')
    """
    return "".join(sorted(EMBEDDED[_states(prefix)[-1]]))


def _states(prefix: str) -> list[int]:
    """Return the states before each symbol and after the last."""
    states = [0]
    for symbol in prefix:
        if symbol not in EMBEDDED[states[-1]]:
            raise ValueError(f"no embedded Reber string begins with {prefix!r}")
        states.append(EMBEDDED[states[-1]][symbol])
    return states


def reber_string(rng: np.random.Generator) -> str:
    """Draw an embedded Reber string: at each fork, both ways are equally likely.

    Examples
    --------
    >>> reber_string(np.random.default_rng(0))
    'BPBPVPXTTTTVVEPE'
    """
    text, state = "", 0
    while ways := list(EMBEDDED[state]):
        symbol = ways[rng.integers(len(ways))] if len(ways) > 1 else ways[0]
        text, state = text + symbol, EMBEDDED[state][symbol]
    return text


def reber_batch(strings: Sequence[str]) -> ReberBatch:
    """Set embedded Reber strings as arrays, padded behind their ends to one length.

    A row of zeros as a target adds nothing to the categorical cross-entropy, so the padding
    teaches nothing; and coming last, it changes no output before it.

    Parameters
    ----------
    strings : sequence of str
        Embedded Reber strings.

    Returns
    -------
    batch : ReberBatch

    Examples
    --------
    >>> batch = reber_batch(["BTBPVVETE", "BPBTXSEPE"])
    >>> batch.x.shape, batch.legal[0].sum(axis=1).tolist()
    ((2, 8, 7), [2, 1, 2, 2, 2, 1, 1, 1])
    """
    shape = (len(strings), max(map(len, strings)) - 1, len(SYMBOLS))
    x, y = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    legal = np.zeros(shape, bool)
    for row, string in enumerate(strings):
        indices = [SYMBOLS.index(symbol) for symbol in string]
        steps = np.arange(len(string) - 1)
        x[row, steps, indices[:-1]] = 1
        y[row, steps, indices[1:]] = 1
        legal[row, steps] = LEGAL[_states(string)[1:-1]]
    return ReberBatch(x, y, legal, list(strings))


def reber_stream(rows: int, length: int, rng: np.random.Generator) -> ReberBatch:
    """Draw embedded Reber strings end to end, with nothing that says where one ends [2]_.

    Parameters
    ----------
    rows : int
        Streams side by side.
    length : int
        Symbols to read of each; the last string may be cut.
    rng : numpy.random.Generator

    Returns
    -------
    batch : ReberBatch
        Of shape (rows, length, 7), without padding. Behind an E a new B is legal.

    References
    ----------
    .. [2] F. Gers, J. Schmidhuber, F. Cummins, "Learning to Forget: Continual Prediction with
       LSTM", Neural Computation 12(10), 2000.

    Examples
    --------
    >>> batch = reber_stream(2, 50, np.random.default_rng(0))
    >>> batch.x.shape, bool(batch.legal[batch.y == 1].all())
    ((2, 50, 7), True)
    """
    texts = []
    legal = np.empty((rows, length, len(SYMBOLS)), bool)
    begin = LEGAL[0]  # behind the end of a string
    for row in range(rows):
        text, symbols = "", []
        while len(text) < length + 1:
            string = reber_string(rng)
            text += string
            symbols += [*LEGAL[_states(string)[1:-1]], begin]
        texts.append(text[: length + 1])
        legal[row] = symbols[:length]
    one_hot = np.eye(len(SYMBOLS), dtype=np.float32)
    indices = np.array([[SYMBOLS.index(symbol) for symbol in text] for text in texts])
    return ReberBatch(one_hot[indices[:, :-1]], one_hot[indices[:, 1:]], legal, texts)


def predicted_legally(outputs: NDArray[np.floating], legal: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each string whether, at every step, all legal symbols lead all others.

    This is the paper's measure of success: the most active outputs are those of the symbols
    that may come next, both of them at a fork.

    Parameters
    ----------
    outputs : array, shape (strings, time, 7)
        Probabilities or logits.
    legal : array of bool, shape (strings, time, 7)
        As in `ReberBatch`; steps without a legal symbol count as right.

    Returns
    -------
    right : array of bool, shape (strings,)
    """
    lowest_legal = np.where(legal, outputs, np.inf).min(axis=-1)
    highest_other = np.where(legal, -np.inf, outputs).max(axis=-1)
    right: NDArray[np.bool_] = (lowest_legal > highest_other).all(axis=-1)
    return right


def adding_target(values: NDArray[np.floating], marks: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return what the adding problem asks for: 0.5 plus a quarter of the sum of what is marked.

    Parameters
    ----------
    values : array, shape (..., time)
        Numbers in [-1, 1].
    marks : array, shape (..., time)
        1 where a number is to be added; -1 (first and last) and 0 do not count.

    Returns
    -------
    target : array, shape (...)
        In [0, 1].

    Examples
    --------
    >>> values = np.array([0.3, 0.5, -0.9, 0.1, 0.7])
    >>> adding_target(values, np.array([-1, 1, 0, 1, -1])).round(3)
    np.float32(0.65)
    """
    target: NDArray[np.float32] = np.float32(0.5) + (values * (marks == 1)).sum(axis=-1) / 4
    return np.asarray(target, np.float32)[()]


def adding_batch(
    lag: int, batch: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw sequences of the adding problem, as the paper defines it.

    Each step is a pair: a number from [-1, 1] and a mark. The first of the marked pairs is one
    of the first ten, the second one of the other pairs among the first ``lag / 2 - 1``. The
    first and the last pair of a sequence have the mark -1. If the first pair is drawn to be
    marked, its number counts as zero: the mark cannot be seen.

    Parameters
    ----------
    lag : int
        T: the length is drawn from T to T + T / 10, once for the whole batch.
    batch : int
        Number of sequences.
    rng : numpy.random.Generator

    Returns
    -------
    x : array, shape (batch, length, 2)
    y : array, shape (batch, 1)
        In [0, 1]; see `adding_target`.

    Raises
    ------
    ValueError
        If `lag` is too short for ten pairs to choose from.
    """
    if lag < 22:
        raise ValueError(f"the marks need ten pairs to choose from: lag >= 22, got {lag}")
    length = int(rng.integers(lag, lag + lag // 10 + 1))
    x = np.zeros((batch, length, 2), np.float32)
    x[..., 0] = rng.uniform(-1, 1, (batch, length))
    rows = np.arange(batch)
    first = rng.integers(10, size=batch)
    second = rng.integers(lag // 2 - 2, size=batch)
    second += second >= first  # one of the others
    x[rows, first, 1] = x[rows, second, 1] = 1
    x[:, [0, -1], 1] = -1
    return x, adding_target(x[..., 0], x[..., 1])[:, np.newaxis]


def brain_waves() -> NDArray[np.float64]:
    """Return an EEG: four electrodes on one head, 80 samples a second for ten seconds.

    Matplotlib ships it for its example "MRI with EEG", which also names the electrodes, and
    says neither whose it is nor what its unit is.

    Returns
    -------
    voltage : array, shape (800, 4)

    Examples
    --------
    >>> brain_waves().shape
    (800, 4)
    """
    return np.fromfile(_matplotlib_sample("eeg.dat"), dtype="<f8").reshape(800, 4)


def share_prices() -> NDArray[np.float64]:
    """Return 1047 daily closing prices of a Google share, August 2004 to October 2008.

    In US dollars, adjusted for splits. Matplotlib ships them for its examples.

    Returns
    -------
    price : array, shape (1047,)

    Examples
    --------
    >>> share_prices()[[0, -1]]
    array([100.34, 362.71])
    """
    with np.load(_matplotlib_sample("goog.npz")) as file:
        return np.array(file["price_data"]["adj_close"])


def _matplotlib_sample(name: str) -> Path:
    """Return where matplotlib keeps a file of its examples."""
    from matplotlib import get_data_path

    return Path(get_data_path(), "sample_data", name)


def sliding_windows(
    series: NDArray[np.floating], width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cut a series into windows, each with the value that came next.

    Parameters
    ----------
    series : array, shape (time,)
    width : int
        Values in a window.

    Returns
    -------
    x : array, shape (time - width, width, 1)
    y : array, shape (time - width, 1)

    Raises
    ------
    ValueError
        If the series is no longer than one window.

    Examples
    --------
    >>> x, y = sliding_windows(np.arange(5.0), 3)
    >>> x[..., 0].tolist(), y[..., 0].tolist()
    ([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]], [3.0, 4.0])
    """
    if len(series) <= width:
        raise ValueError(
            f"a series of {len(series)} values has no window of {width} and a next value"
        )
    windows = np.lib.stride_tricks.sliding_window_view(series, width + 1).astype(np.float32)
    return windows[:, :-1, np.newaxis], windows[:, -1:]
