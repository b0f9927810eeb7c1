"""Beam search: look for a likely sequence, and not only for a likely next symbol.

A network that writes gives, after every beginning, a probability to each next symbol. The
probability of a whole sequence is the product of those of its symbols. Greedy search takes the
likeliest symbol at each step, and may walk into a place from which nothing likely follows. Beam
search keeps the `width` likeliest beginnings at each step; with width 1 it is greedy.

Logarithms of probabilities are added: a product of many would underflow.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

Step: TypeAlias = Callable[[list[int]], Iterable[float]]


def beam_search(
    step: Step, start: int, stop: int, width: int, longest: int
) -> tuple[list[int], float]:
    """Search for the likeliest sequence with a beam.

    Parameters
    ----------
    step : function
        From the symbols so far, beginning with `start`, to the log probability of each next one.
    start, stop : int
        The symbol before the first, and the one that ends a sequence.
    width : int
        How many beginnings to keep. A sequence that has ended keeps its place among them.
    longest : int
        Symbols at most, `stop` included.

    Returns
    -------
    symbols : list of int
        The likeliest sequence in the end, without `start`; with `stop`, if it got that far.
    log_p : float
        The logarithm of its probability.

    Raises
    ------
    ValueError
        If `width` or `longest` is less than one.

    Examples
    --------
    Greedy search begins with the likelier 0 and ends at 0.6 x 0.55; a beam of two finds 0.4 x 0.9.

    >>> import numpy as np
    >>> after = {2: (0.6, 0.4), 0: (0.55, 0.45), 1: (0.1, 0.9)}
    >>> def step(symbols):
    ...     return np.log(after[symbols[-1]])
    >>> for width in (1, 2):
    ...     symbols, log_p = beam_search(step, start=2, stop=3, width=width, longest=2)
    ...     print(symbols, round(float(np.exp(log_p)), 2))
    [0, 0] 0.33
    [1, 1] 0.36
    """
    if width < 1 or longest < 1:
        raise ValueError(
            f"beam search keeps at least one beginning and writes at least one symbol, got "
            f"width={width}, longest={longest}"
        )
    beams: list[tuple[list[int], float]] = [([start], 0.0)]
    for _ in range(longest):
        candidates = [beam for beam in beams if _has_ended(beam[0], stop)]
        for symbols, log_p in beams:
            if not _has_ended(symbols, stop):
                for symbol, more in enumerate(step(symbols)):
                    candidates.append(([*symbols, symbol], log_p + float(more)))
        beams = sorted(candidates, key=lambda beam: -beam[1])[:width]
        if all(_has_ended(symbols, stop) for symbols, _ in beams):
            break
    symbols, log_p = beams[0]
    return symbols[1:], log_p


def _has_ended(symbols: list[int], stop: int) -> bool:
    return len(symbols) > 1 and symbols[-1] == stop
