"""What later cards show beside the first one: the line to look at, then this input in numbers.

Both come out of the learner's own code, which is run once more and watched. The right answer gives
the numbers to compare with, never its code.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from dlcourse.checks import Failure, Verdict
from dlcourse.checks.diagnosis import Evidence
from dlcourse.checks.diagnosis.place import place
from dlcourse.checks.forms import fit
from dlcourse.checks.source import find
from dlcourse.checks.trace import Trace, traced
from dlcourse.checks.worked import lines, worked
from dlcourse.exercises.plain import plain_answer
from dlcourse.grading.card import Section

LINE, WORKED = 3, 4  # the try from which on a card shows them


def later(
    verdict: Verdict, tries: int, function: Callable[..., Any], cells: Sequence[str]
) -> list[Section]:
    """Return the sections that a card gets because the function was tried so often.

    Parameters
    ----------
    verdict : Verdict
    tries : int
        How many different answers were tried so far, this one included.
    function : callable
        The learner's function. It is run on the failing input, from the third try on.
    cells : sequence of str
        The learner's code.
    """
    failure = verdict.failure
    if failure is None or verdict.untouched or verdict.check.goal is not None or tries < LINE:
        return []
    own = traced(function, failure.case.arguments, verdict.check.seconds)
    shown = _line(verdict, failure, own, cells)
    return shown + _numbers(verdict, failure, own) if tries >= WORKED else shown


def _line(verdict: Verdict, failure: Failure, own: Trace, cells: Sequence[str]) -> list[Section]:
    """Show the line that the diagnosis has named, else the one where the wrong value comes from."""
    if failure.outcome.error is not None and failure.outcome.error.line:
        return []  # the card shows it already
    line, code, about = failure.line, failure.code, ""
    source = find(cells, verdict.check.name)
    if not line and source is not None:
        outcome = replace(own.outcome, value=fit(failure.expected, own.outcome.value))
        evidence = Evidence(verdict.check, failure.case, failure.expected, outcome)
        right = verdict.check.is_right(failure.case.arguments, failure.expected, outcome.value)
        changed = evidence.changed if right else []
        line = place(source, own.lines, evidence.wrong_index(), changed)
        code = source.line(line)
        about = ": this changes the argument" if changed else ": the wrong value comes from here"
    return [Section("Line to look at", f"line {line} of its cell{about}", code)] if line else []


def _numbers(verdict: Verdict, failure: Failure, own: Trace) -> list[Section]:
    """Show what the variables held, those of the learner and those of a right answer."""
    check = verdict.check
    check = check if check.plain else replace(check, plain=plain_answer(check.name))
    told = (
        ("Your values", "on this input, in the order in which your code sets them", own.steps),
        (
            "This input in numbers",
            "what a right answer computes on the way",
            worked(check, failure.case.arguments),
        ),
    )
    return [Section(label, text, lines(steps)) for label, text, steps in told if steps]
