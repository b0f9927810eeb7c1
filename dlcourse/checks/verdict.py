"""Judge outcomes: the side that knows the answers.

Student code never runs here. `judge` gets the cases that were drawn and the outcomes,
plain values only, and says what was right, what was wrong, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlcourse.checks import forms
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check
from dlcourse.checks.diagnosis import Evidence, diagnose, explain, kinds, shapes, state
from dlcourse.checks.diagnosis.evidence import the
from dlcourse.checks.goal import Goal
from dlcourse.checks.runner import Outcome
from dlcourse.checks.source import find
from dlcourse.checks.values import agree, describe, is_number, listing

FALLBACK = (
    "Work through this input on paper, and print() the values in between: which is the first one "
    "that differs?"
)


@dataclass(frozen=True)
class Failure:
    """The case that is shown, and what there is to say about it.

    Attributes
    ----------
    case, expected, outcome : Case, object, Outcome
        The first failing case, what was expected, and what happened.
    problem : str
        What is wrong, as seen from outside.
    hint : str
        The likely cause and what to do.
    mistake : str
        The name of the diagnosed mistake, for reports; empty if none fits.
    line : int
        The number of the line to look at in its cell; 0 if it is not known.
    code : str
        That line.
    """

    case: Case
    expected: Any
    outcome: Outcome
    problem: str
    hint: str
    mistake: str = ""
    line: int = 0
    code: str = ""


@dataclass(frozen=True)
class Verdict:
    """What came out for one function.

    Attributes
    ----------
    check : Check
        The check that was applied.
    results : tuple of bool
        Which of the cases passed.
    failure : Failure, optional
        The first failing case; None if all passed.
    outcomes : tuple of Outcome
        What the function did.
    untouched : bool
        Whether the function did nothing at all, as the stub of the exercise does.
    note : str
        A friendly word where all is right and the form matters later.
    parts : tuple of float
        Of an open task: what share of the bars each case reached.
    """

    check: Check
    results: tuple[bool, ...]
    failure: Failure | None
    outcomes: tuple[Outcome, ...]
    untouched: bool
    note: str = ""
    parts: tuple[float, ...] = ()

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(self.results)

    @property
    def score(self) -> float:
        """The points: every case counts the same, and those of an open task by their bars."""
        parts = self.parts or self.results
        return round(self.check.points * sum(parts) / len(parts), 2)


def inputs(cases: Sequence[Case]) -> list[tuple[Any, ...]]:
    """Return what to run a function on: every input, and the first one again at the end.

    A function that keeps something between calls gives another result the second time. An open
    task may take its time, and is not run again.
    """
    again = [case for case in cases[:1] if case.hidden is None]
    return [case.arguments for case in (*cases, *again)]


def judge(
    check: Check,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    cells: Sequence[str] = (),
) -> Verdict:
    """Compare outcomes with the reference and explain the first that is wrong.

    Parameters
    ----------
    check : Check
        The function's check.
    cases : sequence of Case
        The inputs, as `check.cases` drew them.
    outcomes : sequence of Outcome
        What the learner's function did with each of them, in the same order; where there is one
        more, what it did with the first input when that came again (see `inputs`).
    cells : sequence of str
        The learner's code, for the rules that read it after a failure: the cells of the notebook
        in the order in which they ran.

    Returns
    -------
    Verdict
    """
    if check.goal is not None:
        return _judge_goal(check, check.goal, cases, outcomes, cells)
    outcomes, again = list(outcomes[: len(cases)]), next(iter(outcomes[len(cases) :]), None)
    right = [check.expected(case) for case in cases]
    fitted = [_fitted(e, outcome) for e, outcome in zip(right, outcomes, strict=True)]
    source = find(cells, check.name) if cells else None
    evidence = [
        Evidence(
            check,
            case,
            expected,
            outcome,
            cases,
            right,
            fitted,
            again and _fitted(right[0], again),
            source,
        )
        for case, expected, outcome in zip(cases, right, fitted, strict=True)
    ]
    results = [_is_right(item) for item in evidence]
    if state.differs(evidence[0]):
        results[0] = False
    failure, note = None, ""
    if all(results):
        notes = (forms.note(e, o.value) for e, o in zip(right, outcomes, strict=True))
        note = next(filter(None, notes), "")
    else:
        first = results.index(False)
        failure = _failure(evidence[first], outcomes[first])
    untouched = not any(results) and all(_did_nothing(item) for item in evidence)
    if source is not None and not source.is_stub:
        untouched = False
    return Verdict(check, tuple(results), failure, tuple(outcomes), untouched, note)


def _failure(evidence: Evidence, outcome: Outcome) -> Failure:
    hint = diagnose(evidence)
    return Failure(
        evidence.case,
        evidence.expected,
        outcome,
        problem=_problem(evidence),
        hint=hint.text or FALLBACK,
        mistake=hint.mistake,
        line=hint.line,
        code=evidence.source.line(hint.line) if evidence.source and hint.line else "",
    )


def _fitted(expected: Any, outcome: Outcome) -> Outcome:
    return replace(outcome, value=forms.fit(expected, outcome.value))


def _judge_goal(
    check: Check,
    goal: Goal,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    cells: Sequence[str],
) -> Verdict:
    """Measure what an open task returned, and explain the case that is furthest from the goal."""
    outcomes = outcomes[: len(cases)]
    fitted = [_fitted(c.hidden, o) for c, o in zip(cases, outcomes, strict=True)]
    source = find(cells, check.name) if cells else None
    evidence = [
        Evidence(check, case, case.hidden, outcome, source=source)
        for case, outcome in zip(cases, fitted, strict=True)
    ]
    measured = [_measured(goal, item) for item in evidence]
    reached = [0 if m is None else goal.reached(m) for m in measured]
    parts = tuple(count / len(goal.bars) for count in reached)
    failure, note = None, ""
    if all(part == 1 for part in parts):
        numbers = ", ".join(f"{m:.3g}" for m in measured if m is not None)
        note = f"{goal.name[:1].upper()}{goal.name[1:]}: {numbers}. The bar is {goal.bars[-1]:g}."
    else:
        worst = parts.index(min(parts))
        failure = _short_of(goal, evidence[worst], outcomes[worst], measured[worst])
    untouched = all(map(_did_nothing, evidence)) and (source is None or source.is_stub)
    results = tuple(part == 1 for part in parts)
    return Verdict(check, results, failure, tuple(outcomes), untouched, note, parts)


def _measured(goal: Goal, evidence: Evidence) -> float | None:
    """Return what is measured; None for an error, or a value of another form than wanted."""
    outcome = evidence.outcome
    if outcome.error or evidence.changed or kinds.kind(evidence) or shapes.shape(evidence):
        return None
    if type(outcome.value) is not type(evidence.expected):
        return None
    try:
        number = float(goal.measure(outcome.value, evidence.expected))
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if np.isfinite(number) else None


def _short_of(goal: Goal, evidence: Evidence, outcome: Outcome, measured: float | None) -> Failure:
    """Say which bar was not reached, or why nothing could be measured."""
    if measured is None:
        rules = (kinds.nothing, kinds.kind, shapes.shape)
        error = outcome.error and explain(outcome.error, evidence.check, evidence.source)
        slip = "" if evidence.changed else goal.slip(evidence.outcome.value, evidence.case)
        hint = error or slip or next(filter(None, (rule(evidence) for rule in rules)), "")
        problem = _problem(evidence)
        if evidence.changed and not hint:
            names = _arguments(evidence.changed)
            problem = f"The {names} changed on the way, so nothing was measured."
            hint = kinds.in_place(evidence)
    else:
        step = goal.reached(measured)
        last = step == len(goal.bars) - 1
        bars = f"The next bar is {goal.bars[step]:g}, the goal {goal.bars[-1]:g}."
        problem = f"{goal.name[:1].upper()}{goal.name[1:]}: {measured:.3g}. " + (
            f"The goal is {goal.bars[-1]:g}." if last else bars
        )
        hint = goal.slip(evidence.outcome.value, evidence.case) or goal.advice[step]
    return Failure(evidence.case, f"at least {goal.bars[-1]:g}", outcome, problem, hint or FALLBACK)


def _did_nothing(evidence: Evidence) -> bool:
    outcome = evidence.outcome
    returned_or_said = outcome.value is not None or outcome.error or outcome.printed
    return not (returned_or_said or evidence.changed)


def _is_right(evidence: Evidence) -> bool:
    return (
        evidence.outcome.error is None
        and evidence.check.is_right(
            evidence.case.arguments, evidence.expected, evidence.outcome.value
        )
        and not evidence.changed
    )


def _problem(evidence: Evidence) -> str:
    """Say what is wrong: an error, the kind, the shape, or the largest difference."""
    outcome = evidence.outcome
    if outcome.error is not None:
        return _error_problem(outcome)
    name, expected, received = evidence.part()
    if not evidence.changed and evidence.check.is_right(
        evidence.case.arguments, evidence.expected, outcome.value
    ):
        return "The result is right at first; when the same input comes again, it is another."
    if agree(expected, received, evidence.check.rtol, evidence.check.atol):
        return f"The result is right, but the {_arguments(evidence.changed)} changed on the way."
    if received is None:
        return "Nothing was returned (None)."
    arrays = isinstance(expected, np.ndarray) and isinstance(received, np.ndarray)
    if arrays and expected.shape != received.shape:
        return f"{the(name, 'has')} shape {received.shape}; expected {expected.shape}."
    if arrays and expected.dtype != received.dtype == bool:
        return f"{the(name, 'holds')} True and False; expected numbers."
    if (arrays or (is_number(expected) and is_number(received))) and not isinstance(expected, bool):
        return f"{the(name)} wrong: {_largest_difference(expected, received)}."
    if type(expected) is type(received) and not isinstance(expected, tuple):
        return f"{the(name)} wrong."
    return f"{the(name)} {describe(received)}; expected {describe(expected)}."


def _arguments(names: Sequence[str]) -> str:
    return f"argument{'s' if len(names) > 1 else ''} {listing(names)}"


def _error_problem(outcome: Outcome) -> str:
    error = outcome.error
    assert error is not None
    where = f" at line {error.number}" if error.number else ""
    if where and error.function.isidentifier():
        where += f" of {error.function[:60]}"
    if error.kind == "TimeLimitError":
        return f"There is {error.message}. Your code was stopped{where}."
    return f"Your code stopped with an error{where}."


def _largest_difference(expected: Any, received: Any) -> str:
    with np.errstate(all="ignore"):
        gap = np.abs(np.asarray(received) - np.asarray(expected, dtype=complex))
    wrong = ~np.isclose(gap, 0, atol=1e-9)
    gap = np.where(np.isfinite(gap), gap, np.inf)
    if gap.ndim == 0:
        return f"it differs by {float(gap):.6g}"
    where = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
    index = ", ".join(map(str, where))
    return (
        f"{int(wrong.sum())} of {gap.size} entries differ, the most at index [{index}], "
        f"by {float(gap[where]):.6g}"
    )
