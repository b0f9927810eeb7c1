"""Two chaotic series: the Mackey-Glass equation, and the logistic map."""

from collections.abc import Sequence

import numpy as np

from dlcourse.nn.contract import Array

DELAY = 17  # of the Mackey-Glass equation
LAGS = (0, 6, 12, 18)  # what a forecast looks at: now, and three times before


def mackey_glass(n: int, start: float = 1.2, skipped: int = 2000, per_unit: int = 10) -> Array:
    """Return n values, one per unit of time, of the equation of Mackey and Glass [1]_.

        dx/dt = 0.2 x(t - 17) / (1 + x(t - 17)^10) - 0.1 x(t)

    Parameters
    ----------
    n : int
    start : float
        The value at all times up to 0.
    skipped : int
        Values at the beginning that are left out.
    per_unit : int
        Runge-Kutta steps of fourth order per unit of time.

    References
    ----------
    .. [1] M. C. Mackey, L. Glass, "Oscillation and chaos in physiological control systems",
       Science 197, 1977.

    Examples
    --------
    >>> mackey_glass(3, skipped=0).round(3)
    array([1.118, 1.043, 0.975])
    """
    h, back = 1 / per_unit, DELAY * per_unit
    x = [start] * (back + 1)
    for step in range((n + skipped) * per_unit):
        now, old, next_old = x[-1], x[step], x[step + 1]
        begin, middle, end = (_inflow(value) for value in (old, (old + next_old) / 2, next_old))
        k1 = begin - 0.1 * now
        k2 = middle - 0.1 * (now + h / 2 * k1)
        k3 = middle - 0.1 * (now + h / 2 * k2)
        k4 = end - 0.1 * (now + h * k3)
        x.append(now + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return np.array(x[back + 1 + skipped * per_unit :][per_unit - 1 :: per_unit])


def _inflow(old: float) -> float:
    square = old * old  # products alone: every machine rounds them alike, and chaos keeps it so
    fourth = square * square
    return 0.2 * old / (1 + fourth * fourth * square)


def logistic_map(n: int, start: float) -> Array:
    """Return n values of x' = 4 x (1 - x).

    Examples
    --------
    >>> logistic_map(4, 0.2).round(8)
    array([0.2       , 0.64      , 0.9216    , 0.28901376])
    """
    x = [start]
    for _ in range(n - 1):
        x.append(4 * x[-1] * (1 - x[-1]))
    return np.array(x)


def windows(series: Array, ahead: int, lags: Sequence[int] = LAGS) -> tuple[Array, Array]:
    """Return what a forecast looks at, shape (n, lags), and what comes `ahead` steps later, (n,).

    Examples
    --------
    >>> x, y = windows(np.arange(8.0), ahead=3, lags=(0, 2))
    >>> x.tolist(), y.tolist()
    ([[2.0, 0.0], [3.0, 1.0], [4.0, 2.0]], [5.0, 6.0, 7.0])
    """
    now = np.arange(max(lags), len(series) - ahead)
    return np.stack([series[now - lag] for lag in lags], axis=1), series[now + ahead]


def error(predicted: Array, y: Array) -> float:
    """Return the root mean squared error, in standard deviations of y: the mean scores 1."""
    return float(np.sqrt(np.mean((predicted - y) ** 2)) / np.std(y))
