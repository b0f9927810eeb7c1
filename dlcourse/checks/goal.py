"""Open tasks: train something, as you like, until it is good enough.

The learner's function trains or predicts within a limit of time, on data that the check draws, and
returns plain values: predictions for samples whose labels stay with the check. What counts is one
number, measured on them, and the bars that it reaches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.checks.case import Case


@dataclass(frozen=True)
class Goal:
    """What a trained thing must reach.

    Attributes
    ----------
    measure : callable
        ``measure(value, hidden) -> float``: how good a returned value is, larger is better. The
        value has the form of `hidden`; what the case keeps for itself, such as labels.
    bars : tuple of float
        From low to high. Each bar that is reached earns an equal part of the points; the last one
        is the goal.
    advice : tuple of str
        For each bar a sentence for whoever does not reach it.
    untrained : callable
        What a learner could hand in without training anything; it reaches no bar.
    name : str
        What is measured, in words that end a sentence.
    slip : callable, optional
        ``slip(value, case) -> str``: what is wrong with a value that shows a slip of its own, such
        as answers that are turned round; empty if it shows none. It must bear any value.
    """

    measure: Callable[[Any, Any], float]
    bars: tuple[float, ...]
    advice: tuple[str, ...]
    untrained: Callable[..., Any]
    name: str = "the share of right answers"
    slip: Callable[[Any, Case], str] = lambda value, case: ""

    def reached(self, measured: float) -> int:
        """Return how many bars a number reaches.

        Examples
        --------
        >>> Goal(accuracy, (0.5, 0.9), ("", ""), max).reached(0.7)
        1
        """
        return sum(measured >= bar for bar in self.bars)


def accuracy(predicted: Any, labels: Any) -> float:
    """Return the share of labels that are predicted.

    Examples
    --------
    >>> accuracy(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 0]))
    0.75
    """
    return float(np.mean(np.asarray(predicted) == np.asarray(labels)))


def two_answers(low: int, high: int) -> Callable[[Any, Any], str]:
    """Return a `Goal.slip` for tasks whose right answers are one of two numbers.

    Examples
    --------
    >>> slip, case = two_answers(0, 1), Case((), hidden=np.array([0, 1]))
    >>> slip(np.array([0.2, 0.9]), case)
    'You return numbers such as 0.2. Return a decision for each row, 1 or 0.'
    >>> slip(np.array([0, 1]), case)
    ''
    """

    def slip(value: Any, case: Case) -> str:
        labels = case.hidden
        numbers = isinstance(value, np.ndarray) and value.dtype.kind in "biuf"
        if not numbers or value.shape != np.shape(labels) or not value.size:
            return ""
        others = value[~np.isin(value, (low, high))]
        if others.size:
            shown = f"{others.flat[0]:.3g}"
            return (
                f"You return numbers such as {shown}. Return a decision for each row, "
                f"{high} or {low}."
            )
        if np.all(value == value.flat[0]):
            return f"You answer {value.flat[0]:g} for every row, whatever it is."
        if accuracy(value, labels) < 0.2:
            return f"Nearly all answers are turned round: say {high} where you say {low}."
        return ""

    return slip
