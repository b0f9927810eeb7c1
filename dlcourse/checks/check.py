"""What a graded function must satisfy: a reference, cases, and the mistakes people make."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One input.

    Attributes
    ----------
    arguments : tuple
        The positional arguments, plain values. Whoever runs a function copies them first.
    about : str
        What is special about this input, to end the words "On this input: ".
    """

    arguments: tuple[Any, ...]
    about: str = "random numbers"


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that people really write, and the sentence that helps.

    Attributes
    ----------
    name : str
        What to call it in reports.
    function : callable
        It takes the arguments of the reference and makes the mistake.
    hint : str
        Said to whoever gets exactly the results of `function`.
    """

    name: str
    function: Callable[..., Any]
    hint: str


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
    """

    reference: Callable[..., Any]
    points: float
    cases: Callable[[np.random.Generator], list[Case]]
    mistakes: Sequence[Mistake]
    returns: tuple[str, ...] = ("result",)
    rtol: float = 1e-9
    atol: float = 1e-9

    @property
    def name(self) -> str:
        """The name of the graded function."""
        return self.reference.__name__

    @property
    def lesson(self) -> str:
        """The number of the lesson, from the module that holds the reference."""
        return self.reference.__module__.rpartition("lesson_")[2]

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def call(self) -> str:
        """The function as the exercise calls it: ``perceptron_step(w, x, y)``."""
        return f"{self.name}({', '.join(self.parameters)})"
