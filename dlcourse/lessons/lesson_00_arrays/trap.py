"""A fitted line that falls into the trap of broadcasting, and what loops cost."""

from time import perf_counter

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


def product_times(a: Array, b: Array) -> tuple[float, float]:
    """Return the seconds that a matrix product takes in three loops, and in NumPy."""
    start = perf_counter()
    product = [[0.0] * b.shape[1] for _ in range(len(a))]
    for i in range(len(a)):
        for j in range(b.shape[1]):
            for k in range(len(b)):
                product[i][j] += a[i, k] * b[k, j]
    loops = perf_counter() - start
    start = perf_counter()
    for _ in range(100):
        a @ b
    return loops, (perf_counter() - start) / 100
