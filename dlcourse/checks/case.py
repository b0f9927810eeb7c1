"""One input on which a graded function runs."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Case:
    """One input, equal to no other.

    Attributes
    ----------
    arguments : tuple
        The positional arguments, plain values. Whoever runs a function copies them first.
    about : str
        What is special about this input, to end the words "On this input: ".
    hidden : object, optional
        What the check keeps for itself, where it has a `goal`: the labels of the test samples.
    """

    arguments: tuple[Any, ...]
    about: str = "random numbers"
    hidden: Any = None
