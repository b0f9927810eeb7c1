"""One small input worked through in numbers, without the code: what the right answer holds on it.

The values of the right answer's own variables are written down in the order in which they get
them. The plain answer of the check is run, on the side that knows it.
"""

import inspect
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

from dlcourse.checks.check import Check
from dlcourse.checks.runner import Opaque, plain
from dlcourse.checks.values import brief, same

MOST = 12  # lines


def worked(check: Check, arguments: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return the variables of the right answer on one input, each with its value, in order.

    Parameters
    ----------
    check : Check
    arguments : sequence
        The input.

    Returns
    -------
    list of (name, value)
        At most `MOST`; empty if the right answer has no variables of its own.
    """
    function = check.plain or check.reference
    code = getattr(inspect.unwrap(function), "__code__", None)
    steps: list[tuple[str, Any]] = []
    known: dict[str, Any] = {}

    def note(frame: FrameType) -> None:
        for name, value in frame.f_locals.items():
            copy = plain(value)
            if isinstance(copy, Opaque) or name.startswith(("_", ".")):
                continue
            if name not in known or not same(known[name], copy):
                if name in known or name not in check.parameters:
                    steps.append((name, copy))
                known[name] = copy

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code is not code:
            return None
        if event == "call":
            known.update({name: plain(value) for name, value in frame.f_locals.items()})
        elif len(steps) <= MOST:
            note(frame)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*map(plain, arguments))
    finally:
        sys.settrace(before)
    return steps[:MOST] if len(steps) <= MOST else [*steps[:MOST], ("...", Opaque("and so on"))]


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
