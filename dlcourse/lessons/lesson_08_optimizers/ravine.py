"""The ravine of lesson 08: a valley for two weights, 25 times steeper across than along.

L(w) = (w_1^2 + 25 w_2^2) / 2        dL/dw = (w_1, 25 w_2)
"""

from collections.abc import Callable, Sequence

import numpy as np

from dlcourse.nn.contract import Array
from dlcourse.nn.optimizers import Optimizer

START = (10.0, 1.0)
CLOSE = 1e-3  # whoever is lower has arrived
LOST = 1e6  # a weight that is larger will not come back


def loss(w: Array, across: float = 25.0) -> Array:
    """Return how high places of the ravine lie; the last axis has the two weights.

    `across` is how much steeper the valley gets across than along.

    Examples
    --------
    >>> float(loss(np.array([10.0, 1.0])))
    62.5
    """
    return np.asarray(0.5 * np.sum([1.0, across] * w**2, axis=-1))


def slope(w: Array, across: float = 25.0) -> Array:
    """Return the gradient at a place.

    Examples
    --------
    >>> slope(np.array([10.0, 1.0]))
    array([10., 25.])
    """
    return np.asarray([1.0, across] * w)


def walk(
    optimizer: Optimizer, steps: int, start: Sequence[float] = START, across: float = 25.0
) -> Array:
    """Return where an optimizer of `dlcourse.nn` goes, shape (steps + 1, 2).

    A walk that leaves the map ends there.

    Examples
    --------
    >>> from dlcourse import nn
    >>> walk(nn.SGD(0.07), 2)
    array([[10.    ,  1.    ],
           [ 9.3   , -0.75  ],
           [ 8.649 ,  0.5625]])
    """
    params = {"w": np.array(start, dtype=float)}
    path = [params["w"].copy()]
    for _ in range(steps):
        optimizer.step(params, {"w": slope(params["w"], across)})
        path.append(params["w"].copy())
        if np.abs(path[-1]).max() > LOST:
            break
    return np.array(path)


def arrival(path: Array, across: float = 25.0) -> int | None:
    """Return after how many steps a walk is lower than `CLOSE` for the first time.

    Examples
    --------
    >>> arrival(np.array([[1.0, 0.0], [0.1, 0.0], [0.01, 0.0]]))
    2
    """
    with np.errstate(over="ignore"):
        there = np.flatnonzero(loss(path, across) < CLOSE)
    return int(there[0]) if there.size else None


def verdict(path: Array, across: float = 25.0) -> str:
    """Return in a word or two how a walk ended.

    Examples
    --------
    >>> verdict(np.array([[1.0, 0.0], [9e6, 0.0]]))
    'diverges'
    """
    steps = arrival(path, across)
    if steps is not None:
        return str(steps)
    return "diverges" if np.abs(path[-1]).max() > LOST else f"more than {len(path) - 1}"


def steps_needed(make: Callable[[float], Optimizer], rates: Sequence[float]) -> list[str]:
    """Return how walks from `START` end, one for each learning rate.

    Examples
    --------
    >>> from dlcourse import nn
    >>> steps_needed(nn.SGD, [0.07, 0.081])
    ['75', 'diverges']
    """
    return [verdict(walk(make(rate), 3000)) for rate in rates]
