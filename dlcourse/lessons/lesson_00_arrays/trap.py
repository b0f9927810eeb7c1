"""A fitted line that falls into the trap of broadcasting, and what a call costs."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from dlcourse.nn.contract import Array


def fit_line(x: Array, y: Array, steps: int = 2000) -> tuple[float, float, float, float]:
    """Fit w x + b by small steps downhill, as a program would that never looks at shapes.

    Parameters
    ----------
    x : Array, shape (points, 1)
    y : Array, shape (points, 1), or (points,) for the trap
    steps : int

    Returns
    -------
    w, b : float
        Slope, and height at 0.
    first, last : float
        The mean squared difference before and after.
    """
    w = b = 0.0
    first = float(np.mean((w * x + b - y) ** 2))
    for _ in range(steps):
        difference = w * x + b - y  # (points, points) in the trap
        slope_w, slope_b = np.mean(2 * difference * x), np.mean(2 * difference)
        w, b = w - 0.1 * float(slope_w), b - 0.1 * float(slope_b)
    last = float(np.mean((w * x + b - y) ** 2))
    return round(w, 9) + 0.0, round(b, 9) + 0.0, first, last  # no -0, and no digits of chance


def seconds(function: Callable[..., Any], *arguments: Any) -> float:
    """Return the seconds that one call takes, as the mean of as many as fill a tenth of one."""
    calls, start = 0, perf_counter()
    while (passed := perf_counter() - start) < 0.1:
        function(*arguments)
        calls += 1
    return passed / calls
