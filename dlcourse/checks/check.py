"""What a graded function must satisfy: a reference, cases, and the mistakes people make."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dlcourse.checks.case import Case
from dlcourse.checks.edits import Edit, Edited
from dlcourse.checks.goal import Goal
from dlcourse.checks.runner import SECONDS, Outcome, run
from dlcourse.checks.values import agree


@dataclass(frozen=True, init=False)
class Mistake:
    """A wrong implementation that people really write, and the sentence that helps.

    Parameters
    ----------
    name : str
        What to call it in reports.
    wrong : callable, or (old, new), or a tuple of these pairs
        A function that takes the arguments of the reference and makes the mistake. Or the edits
        that make it of the check's `plain` answer: the text that stands there, and the wrong one.
    hint : str
        Said to whoever gets the results of the wrong function.

    Examples
    --------
    >>> Mistake("strict", ("<= 0", "< 0"), "Zero counts too.").function.edits
    (('<= 0', '< 0'),)
    """

    name: str
    function: Callable[..., Any]
    hint: str

    def __init__(
        self, name: str, wrong: Callable[..., Any] | Edit | tuple[Edit, ...], hint: str
    ) -> None:
        """Keep the function, or the edits until a check says of what."""
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "function", wrong if callable(wrong) else Edited(_pairs(wrong)))
        object.__setattr__(self, "hint", hint)

    def of(self, plain: Callable[..., Any]) -> "Mistake":
        """Return the mistake as one of this plain answer."""
        function = self.function
        if isinstance(function, Edited) and function.plain is None:
            return Mistake(self.name, function.of(plain), self.hint)
        return self

    def outcome(self, case: Case) -> Outcome:
        """Return what it does with a case; it is found out once, and kept with the case."""
        kept: dict[Mistake, Outcome] = vars(case).setdefault("_by_mistake", {})
        if self not in kept:
            kept[self] = run(self.function, case.arguments)
        return kept[self]


def _pairs(edits: Edit | tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return the edits as a tuple of pairs, also if they are a single pair."""
    return tuple((old, new) for old, new in ((edits,) if isinstance(edits[0], str) else edits))


@dataclass(frozen=True)
class Check:
    """All that is needed to judge one graded function.

    Attributes
    ----------
    reference : callable
        The right implementation. Its name and its parameters are those of the exercise.
    points : float
        Full marks.
    cases : callable
        ``cases(rng) -> list of Case``: edge cases by hand and fresh random inputs, always
        the same number of them. Cases that are easy to read come first, because
        the first failing one is shown.
    mistakes : sequence of Mistake
        The first one that fits is named, so the more particular ones come first.
    returns : tuple of str
        A name for each returned value; one name for a function that returns one value.
    rtol, atol : float
        How far a number may be from the reference's.
    plain : callable, optional
        The right answer as a learner writes it: a `def` with NumPy alone. Mistakes that are
        edits start from it. Without it, they start from the reference.
    accepts : callable, optional
        ``accepts(value, *arguments) -> bool``, where several answers are right: whether a value
        other than the reference's is one of them. It must not change the arguments, and must
        bear any value that a learner returns.
    seconds : float
        For all inputs together.
    goal : Goal, optional
        For an open task: how what comes back is measured. Then the reference need not agree with
        anybody; it shows that the goal can be reached.
    """

    reference: Callable[..., Any]
    points: float
    cases: Callable[[np.random.Generator], list[Case]]
    mistakes: Sequence[Mistake]
    returns: tuple[str, ...] = ("result",)
    rtol: float = 1e-9
    atol: float = 1e-9
    plain: Callable[..., Any] | None = None
    accepts: Callable[..., bool] | None = None
    seconds: float = SECONDS
    goal: Goal | None = None

    def __post_init__(self) -> None:
        """Bind mistakes that are edits to the answer that they edit."""
        answer = self.plain or self.reference
        mistakes = tuple(mistake.of(answer) for mistake in self.mistakes)
        object.__setattr__(self, "mistakes", mistakes)

    def expected(self, case: Case) -> Any:
        """Return what the reference returns for a case; it is worked out once, and kept with it."""
        reference, value = vars(case).get("_expected", (None, None))
        if reference is not self.reference:
            value = run(self.reference, case.arguments).value
            object.__setattr__(case, "_expected", (self.reference, value))
        return value

    def is_right(self, arguments: Sequence[Any], expected: Any, received: Any) -> bool:
        """Tell whether a returned value is right: the expected one, or another that is as good.

        Parameters
        ----------
        arguments : sequence
            The input.
        expected, received : object
            What the reference returns for it, and what a learner's function returned.
        """
        if agree(expected, received, self.rtol, self.atol):
            return True
        if self.accepts is None:
            return False
        return bool(self.accepts(received, *arguments))

    @property
    def name(self) -> str:
        """The name of the graded function."""
        return self.reference.__name__

    @property
    def lesson(self) -> str:
        """The number of the lesson, from the wing that holds the reference: ``"02"``."""
        return self.reference.__module__.rpartition("lesson_")[2].partition("_")[0]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def call(self) -> str:
        """The function as the exercise calls it: ``perceptron_step(w, x, y)``."""
        return f"{self.name}({', '.join(self.parameters)})"
