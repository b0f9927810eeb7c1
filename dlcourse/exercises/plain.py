"""The plain answer to a question, from the solution of its exercise, where that is at hand."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from dlcourse import layout


@cache
def plain_answer(name: str) -> Callable[..., Any] | None:
    """Return the solution's own function; None where there are no solutions, as in a wheel.

    Examples
    --------
    >>> plain_answer("no_such_question") is None
    True
    """
    for path in sorted(layout.SOLUTIONS.glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        answers = [c for c in cells if c["metadata"].get("nbgrader", {}).get("solution")]
        if any(c["metadata"]["nbgrader"]["grade_id"] == name for c in answers):
            known: dict[str, Any] = {"np": np}
            for cell in answers:
                exec("".join(cell["source"]), known)
            found: Callable[..., Any] | None = known.get(name)
            return found
    return None
