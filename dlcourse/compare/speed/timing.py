"""How long the contenders take, and the most that their devices can do."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.speed.contenders import Call, Contender

BLOCK_SECONDS = 0.03  # long enough that the clock and a short interruption do not count


class Limits(NamedTuple):
    """What a device does at most in a second: measured, not from a data sheet."""

    operations: float
    bytes: float


def in_turns(
    contenders: Sequence[Contender], task: str, rounds: int, block: float = BLOCK_SECONDS
) -> NDArray[np.float64]:
    """Measure a task of several contenders, one after the other in each round.

    Returns
    -------
    seconds : array, shape (contenders, rounds)
        A call.
    """
    calls = [_calls_in_a_block(contender, task, block) for contender in contenders]
    seconds = np.empty((len(contenders), rounds))
    for a_round in range(rounds):
        for which, contender in enumerate(contenders):
            seconds[which, a_round] = contender.seconds(task, calls[which]) / calls[which]
    return seconds


def limits(contender: Contender, rounds: int = 3) -> Limits:
    """Measure the most that a library gets out of its device, on large square matrices.

    One product of two of them, and one that is read and another one written, too large for any
    cache. The fastest of the rounds counts, because it is a limit.
    """
    for_product, for_copy = (8192, 16384) if contender.device == "GPU" else (2048, 4096)
    with contender.active():
        product, _ = contender.product_and_copy(for_product)
        _, copy = contender.product_and_copy(for_copy)
        return Limits(
            2 * for_product**3 / _least_seconds(product, rounds),
            2 * contender.itemsize * for_copy**2 / _least_seconds(copy, rounds),
        )


def of_devices(measured: Mapping[str, Limits]) -> dict[str, Limits]:
    """Give every contender the most that any one reached on its device, in its precision.

    Examples
    --------
    >>> found = of_devices({"Keras, GPU": Limits(9, 1), "dlcourse, GPU": Limits(7, 2)})
    >>> found["dlcourse, GPU"]
    Limits(operations=9, bytes=2)
    """
    shared = {}
    for name in measured:
        _, device, *precision = name.split(", ")
        of_device = [other for other in measured if other.split(", ")[1] == device]
        as_precise = [other for other in of_device if other.split(", ")[2:] == precision]
        shared[name] = Limits(
            max(measured[other].operations for other in as_precise),
            max(measured[other].bytes for other in of_device),
        )
    return shared


def _least_seconds(call: Call, rounds: int) -> float:
    seconds = []
    for _ in range(rounds + 1):  # the first warms up
        start = perf_counter()
        call()
        seconds.append(perf_counter() - start)
    return min(seconds[1:])


def quartiles(seconds: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile.

    Examples
    --------
    >>> quartiles(np.array([1.0, 2.0, 3.0, 5.0, 9.0]))
    (2.0, 3.0, 5.0)
    """
    low, median, high = np.quantile(seconds, [0.25, 0.5, 0.75]).tolist()
    return low, median, high


def _calls_in_a_block(contender: Contender, task: str, block: float) -> int:
    """Warm up (Keras compiles at the first call) and see how often a call fits into a block."""
    for _ in range(2):
        contender.seconds(task, 1)
    calls, taken = 1, contender.seconds(task, 1)
    while taken < block / 4:
        calls *= 4
        taken = contender.seconds(task, calls)
    return max(1, round(calls * block / taken))
