"""One input worked through in numbers, without code: what the variables of an answer hold on it."""

import dis
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.checks.check import Check
from dlcourse.checks.trace import traced
from dlcourse.checks.values import brief


def worked(check: Check, arguments: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return the variables of the right answer on one input, each with its value, in order.

    It is the plain answer of the check that is run. Without one the reference stands in, if it
    works everything out itself: the variables of one that calls the course's layers would say
    nothing to a learner.

    Parameters
    ----------
    check : Check
    arguments : sequence
        The input.

    Returns
    -------
    list of (name, value)
        Empty if the right answer has no variables of its own.
    """
    function = check.plain or check.reference
    if not (check.plain or _stands_alone(function)):
        return []
    return traced(function, arguments).steps


def _stands_alone(function: Callable[..., Any]) -> bool:
    """Tell whether a function of a file calls nothing of the package."""
    names = {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}
    known = getattr(function, "__globals__", {})
    return all(known.get(name, np) is np for name in names)


def lines(steps: Sequence[tuple[str, Any]]) -> str:
    """Write the steps, a line for each variable and more for its rows.

    Examples
    --------
    >>> print(lines([("score", 3.0), ("w", [1, 2])]))
    score = 3.0
    w = [1, 2]
    """
    written = []
    for name, value in steps:
        start = f"{name} = " if name != "..." else ""
        first, *rest = brief(value).splitlines() or [""]
        written += [start + first, *(" " * len(start) + line for line in rest)]
    return "\n".join(written)
