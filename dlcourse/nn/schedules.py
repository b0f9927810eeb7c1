"""Learning-rate schedules: from the number of steps so far to the next learning rate.

    exponential   rate = initial * decay_rate ^ (step / decay_steps)
    cosine        rate = initial * ((1 - alpha) (1 + cos(pi step / decay_steps)) / 2 + alpha)
    piecewise     rate = values[i] while boundaries[i - 1] < step <= boundaries[i]

Pass one to an optimizer as its ``learning_rate``. They are functions of a whole number, so plot
them before you use them.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import cos, floor, pi

from dlcourse.nn.contract import constructor_call


class Schedule(ABC):
    """What an optimizer asks before each step; a plain function of the step will do, too."""

    @abstractmethod
    def __call__(self, step: int) -> float:
        """Return the learning rate after this many steps."""

    def __repr__(self) -> str:
        return constructor_call(self)


class ExponentialDecay(Schedule):
    """Multiply the rate by `decay_rate` every `decay_steps` steps.

    Parameters
    ----------
    initial_learning_rate : float
        Rate of the first step.
    decay_steps : int
        After how many steps the rate is `decay_rate` times what it was.
    decay_rate : float
        The factor.
    staircase : bool, default False
        Drop at once every `decay_steps` steps rather than a little at every step.

    Examples
    --------
    >>> rate = ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)
    >>> rate(0), rate(10), rate(20)
    (0.1, 0.05, 0.025)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive(decay_steps)
        self.decay_rate = decay_rate
        self.staircase = staircase

    def __call__(self, step: int) -> float:
        periods = step / self.decay_steps
        if self.staircase:
            periods = floor(periods)
        return self.initial_learning_rate * float(self.decay_rate**periods)


class CosineDecay(Schedule):
    """Let the rate fall along half a wave of the cosine [1]_, if asked after a warm-up.

    Parameters
    ----------
    initial_learning_rate : float
        Rate of the first step.
    decay_steps : int
        Length of the fall, after the warm-up; then the rate stays.
    alpha : float, default 0.0
        What is left at the end, as a share of the highest rate.
    warmup_target : float, optional
        Rate to climb to, along a line, before the fall.
    warmup_steps : int, default 0
        Length of the climb.

    References
    ----------
    .. [1] I. Loshchilov, F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts",
       ICLR 2017, eq. 5 without restarts.

    Examples
    --------
    >>> rate = CosineDecay(0.1, decay_steps=100)
    >>> [round(rate(step), 3) for step in (0, 50, 100, 200)]
    [0.1, 0.05, 0.0, 0.0]
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = _positive(decay_steps)
        self.alpha = alpha
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step: int) -> float:
        highest = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                climbed = step / self.warmup_steps
                return highest + (self.warmup_target - highest) * climbed
            highest = self.warmup_target
            step -= self.warmup_steps
        wave = (1 + cos(pi * min(step / self.decay_steps, 1))) / 2
        return highest * ((1 - self.alpha) * wave + self.alpha)


class PiecewiseConstantDecay(Schedule):
    """Keep the rate constant between given steps.

    Parameters
    ----------
    boundaries : sequence of int
        The last step of each value but the last, rising.
    values : sequence of float
        One more than there are boundaries.

    Raises
    ------
    ValueError
        If the lengths do not fit or the boundaries do not rise.

    Examples
    --------
    >>> rate = PiecewiseConstantDecay([10, 20], [0.1, 0.01, 0.001])
    >>> rate(10), rate(11), rate(21)
    (0.1, 0.01, 0.001)
    """

    def __init__(self, boundaries: Sequence[int], values: Sequence[float]) -> None:
        if len(values) != len(boundaries) + 1:
            raise ValueError(
                f"expected one more value than boundaries, got {len(values)} values "
                f"and {len(boundaries)} boundaries"
            )
        if any(left >= right for left, right in pairwise(boundaries)):
            raise ValueError(f"boundaries must rise, got {list(boundaries)}")
        self.boundaries = boundaries
        self.values = values

    def __call__(self, step: int) -> float:
        return self.values[bisect_left(self.boundaries, step)]


def _positive(decay_steps: int) -> int:
    if decay_steps <= 0:
        raise ValueError(f"decay_steps must be positive, got {decay_steps}")
    return decay_steps
