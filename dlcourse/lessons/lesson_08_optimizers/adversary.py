"""Slopes that lead Adam astray, and what was put in its place.

S. J. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", ICLR 2018.
"""

from collections.abc import Callable, Iterator


def online(step: int) -> float:
    """Return the slope of a step, from 1: 1010 in one of 101, -10 in the others.

    Examples
    --------
    >>> online(1), online(2), online(102)
    (1010.0, -10.0, 1010.0)
    """
    return 1010.0 if step % 101 == 1 else -10.0


def period_three(step: int) -> float:
    """Return the slope of a step, from 1: 3, then -1 twice.

    Examples
    --------
    >>> [period_three(step) for step in (1, 2, 3, 4)]
    [3.0, -1.0, -1.0, 3.0]
    """
    return 3.0 if step % 3 == 1 else -1.0


def walk(
    slope: Callable[[int], float],
    steps: int,
    rate: float,
    beta_1: float,
    beta_2: float,
    *,
    amsgrad: bool,
) -> Iterator[float]:
    """Yield one weight, kept between -1 and 1, after each step from 0.

    The learning rate of step t is ``rate / sqrt(t)``, and nothing is corrected for its start at 0,
    as in the paper.

    Parameters
    ----------
    slope : callable
        Of the number of the step.
    steps : int
    rate : float
        Learning rate of the first step.
    beta_1, beta_2 : float
        What stays of the moving averages of the slope and of its square.
    amsgrad : bool
        Divide by the root of the largest average so far, not of the present one.
    """
    w = mean = square = largest = 0.0
    for step in range(1, steps + 1):
        g = slope(step)
        mean = beta_1 * mean + (1 - beta_1) * g
        square = beta_2 * square + (1 - beta_2) * g * g
        largest = max(largest, square) if amsgrad else square
        w = min(1.0, max(-1.0, w - rate / step**0.5 * mean / largest**0.5))
        yield w


def both(steps: int) -> dict[str, list[float]]:
    """Return where Adam and AMSGrad go on the slopes of `online`, by name."""
    setting = (online, steps, 0.5, 0.9, 0.99)
    return {
        "Adam": list(walk(*setting, amsgrad=False)),
        "AMSGrad": list(walk(*setting, amsgrad=True)),
    }
