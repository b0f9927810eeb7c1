"""A function on one input, line by line: which of its lines ran, and what its variables held."""

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from dlcourse.checks.runner import SECONDS, Opaque, Outcome, plain, run
from dlcourse.checks.values import same

MOST = 12  # values


@dataclass
class Trace:
    """What is seen of one call; of a function that calls itself, the first call.

    Attributes
    ----------
    steps : list of (name, value)
        The variables in the order in which they got their values, at most `MOST`. An argument
        stands there only if it changed.
    lines : list of int
        The numbers of the lines that ran, the one that ran last at the end.
    outcome : Outcome
        What came of it.
    """

    steps: list[tuple[str, Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)


def traced(
    function: Callable[..., Any], arguments: Sequence[Any], seconds: float = SECONDS
) -> Trace:
    """Run a function on copies of the arguments, as `run` does, and watch it.

    Examples
    --------
    >>> def share(part, whole):
    ...     rest = whole - part
    ...     return part / rest
    >>> traced(share, (1, 5)).steps
    [('rest', 4)]
    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    found = Trace()
    known: dict[str, Any] = {}
    first: list[FrameType] = []
    ran: dict[int, None] = {}

    def note(frame: FrameType) -> None:
        for name, value in frame.f_locals.items():
            copy = plain(value)
            if isinstance(copy, Opaque) or name.startswith(("_", ".")):
                continue
            if name not in known or not same(known[name], copy):
                known[name] = copy
                found.steps.append((name, copy))

    def watch(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code is not code or (first and frame is not first[0]):
            return None
        if event == "call":
            first.append(frame)
            known.update({name: plain(value) for name, value in frame.f_locals.items()})
        elif len(found.steps) <= MOST:
            note(frame)
        if event == "line":
            ran.pop(frame.f_lineno, None)
            ran[frame.f_lineno] = None
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        found.outcome = run(function, arguments, seconds)
    finally:
        sys.settrace(before)
    found.lines = list(ran)
    if len(found.steps) > MOST:
        found.steps[MOST:] = [("...", Opaque("and so on"))]
    return found
