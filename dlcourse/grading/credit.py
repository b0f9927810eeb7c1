"""What a verdict is worth, in a class and alone: what is right counts, guessing earns nothing.

The *known* inputs decide about the points: their share that is right. They are the same for
everybody and every time, and so are the *probes*: whoever does not do better there than an answer
without a thought gets nothing. So the same code always gets the same points. The *new* inputs,
drawn for a class or a notebook, tell a table: what is right on the others and not on these.

The reasons are in docs/decisions/0024-what-an-answer-is-worth.md.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from dlcourse import checks
from dlcourse.checks import Case, Check, Mistake, Outcome, Verdict
from dlcourse.checks.diagnosis import Evidence
from dlcourse.checks.forms import fit
from dlcourse.checks.values import agree, same
from dlcourse.grading.card import Award

PROBES = 1  # the seed of the inputs that tell a guess: everybody meets the same
NEW = 24  # inputs that are drawn, where a check draws any
DRY = 5  # draws in a row without a new input: there are no more
FIRST = 8  # of them that are run where all is right so far and a guess is seldom right
SELDOM = 1 / 4  # of the time
MANY = 120  # where an answer with few values, such as yes and no, is right on some only
FEW = 4  # different answers that are so few
EDGE = 1 / 3  # of what an answer without a thought gets wrong has to be right
TABLE = 1 / 3  # less right on new inputs than on known ones: then only the new ones count
KEPT = 0.6  # of the points, where one known mistake is all that is wrong

Seed = int | tuple[int, ...]

NO_BETTER = (
    "On inputs that nobody has seen, this does no better than an answer without a thought: one "
    "that always returns the same, hands back an argument, or guesses. Points begin above that."
)
LESS_ON_NEW = (
    "On inputs that nobody has seen, less is right than on those that are always the same. The "
    "new ones count."
)
ONE_MISTAKE = "One known mistake is all that is wrong: the rest of the work counts."
IN_PART = "Where a test fails, what is right of its result counts in part."


@cache
def known(check: Check) -> Sequence[Case]:
    """Return the inputs that decide about the points: the same ones every time."""
    return tuple(check.cases(np.random.default_rng(0)))


@lru_cache(100)
def hidden(check: Check, seed: Seed) -> Sequence[Case]:
    """Draw the data of an open task: once for a class, which has one seed."""
    return tuple(check.cases(np.random.default_rng(seed)))


def first(check: Check, seed: Seed) -> Sequence[Case]:
    """Return the inputs on which a function runs first."""
    return known(check) if check.goal is None else hidden(check, seed)


@lru_cache(1000)
def new(check: Check, seed: Seed, count: int = NEW) -> Sequence[Case]:
    """Draw inputs that are none of the known ones; fewer where a check has no more.

    Those of a smaller `count` come first. A class has one seed, so that they are drawn, and the
    reference is run on them, only once for all.
    """
    rng, always = np.random.default_rng(seed), known(check)
    found: list[Case] = []
    empty = 0
    while len(found) < count and empty < DRY:
        fresh = [
            case
            for case in check.cases(rng)
            if not any(same(case.arguments, other.arguments) for other in always)
        ]
        found += fresh
        empty = 0 if fresh else empty + 1
    return tuple(found[:count])


def assess(
    check: Check,
    call: Callable[[Sequence[Sequence[Any]]], list[Outcome]],
    seed: Seed,
    cells: Sequence[str],
    judge: Callable[..., Verdict] = checks.judge,
) -> Award:
    """Run a function on known and on new inputs, judge it, and say what that is worth.

    Parameters
    ----------
    check : Check
    call : callable
        It runs the function on inputs, within one limit of time for all of them.
    seed : int or tuple of int
        Of the new inputs.
    cells : sequence of str
        The learner's code; see `dlcourse.checks.judge`.
    judge : callable
        As `dlcourse.checks.judge`.
    """
    cases = first(check, seed)
    outcomes = call(checks.inputs(cases))
    verdict = judge(check, cases, outcomes, cells)
    if check.goal is not None:  # measured on hidden data, which nobody may know
        return Award(verdict, verdict.score)
    if all(outcome.value is None for outcome in verdict.outcomes):
        return Award(verdict, *credit(verdict, cases, (), ()))
    if verdict.failure is not None:
        points, reason, more, of_more = _weighed(verdict, cases, call, PROBES)
        if points and reason != ONE_MISTAKE:
            drawn, fresh = _run(call, new(check, seed))
            if _share(check, drawn, fresh) < _share(check, more, of_more) - TABLE:
                points, reason = credit(verdict, cases, drawn, fresh)
        return Award(verdict, points, reason)
    points, reason, drawn, fresh = _weighed(verdict, cases, call, seed)
    if points < check.points:  # show one that is wrong
        each = zip(drawn, fresh, strict=True)
        case, outcome = next(pair for pair in each if _right(check, *pair) < 1)
        verdict = judge(check, [*cases, case], [*outcomes[: len(cases)], outcome], cells)
    return Award(verdict, points, reason)


def _weighed(
    verdict: Verdict,
    cases: Sequence[Case],
    call: Callable[[Sequence[Sequence[Any]]], list[Outcome]],
    seed: Seed,
) -> tuple[float, str, list[Case], list[Outcome]]:
    """Run a function on drawn inputs until its points are known; return them, why, and what ran."""
    drawn: list[Case] = []
    outcomes: list[Outcome] = []
    points, reason = 0.0, ""
    for some in _portions(verdict, seed):
        more, of_more = _run(call, some)
        drawn, outcomes = drawn + more, outcomes + of_more
        points, reason = credit(verdict, cases, drawn, outcomes)
        decided = reason == ONE_MISTAKE or (points == 0 and len(drawn) >= NEW)
        if decided or points == verdict.check.points:
            break
    return points, reason, drawn, outcomes


def _portions(verdict: Verdict, seed: Seed) -> Iterator[Sequence[Case]]:
    """Yield drawn inputs in the portions in which they are run, until enough is known."""
    check = verdict.check
    first = new(check, seed, FIRST)
    if verdict.failure is not None or not first or _best_guess(check, first) > SELDOM:
        yield new(check, seed)
    else:
        yield first
        yield new(check, seed)[FIRST:]
    if _few_answers(check, known(check)):  # what is right may be luck
        yield new(check, seed, MANY)[NEW:]


def _run(
    call: Callable[[Sequence[Sequence[Any]]], list[Outcome]], drawn: Sequence[Case]
) -> tuple[list[Case], list[Outcome]]:
    """Run a function on new inputs; return those for which there was time, and the outcomes."""
    outcomes = call([case.arguments for case in drawn])
    ran = [pair for pair in zip(drawn, outcomes, strict=False) if not _not_run(pair[1])]
    return [case for case, _ in ran], [outcome for _, outcome in ran]


def _few_answers(check: Check, cases: Sequence[Case]) -> bool:
    """Tell whether a check has so few different answers that a guess is often right."""
    kinds: list[Any] = []
    for case in cases:
        value = check.expected(case)
        if not any(_alike(kind, value) for kind in kinds):
            kinds.append(value)
    return len(kinds) <= FEW


def _not_run(outcome: Outcome) -> bool:
    return outcome.error is not None and outcome.error.message.startswith("not run")


def credit(
    verdict: Verdict, cases: Sequence[Case], drawn: Sequence[Case], outcomes: Sequence[Outcome]
) -> tuple[float, str]:
    """Return the points of a verdict, and why if they are not its share of the tests.

    Parameters
    ----------
    verdict : Verdict
    cases : sequence of Case
        The known inputs, from which it was made.
    drawn, outcomes : sequences of Case and Outcome
        Others, and what the function did with them.

    Returns
    -------
    points : float
    reason : str
        One sentence; empty if every test counts whole.
    """
    check = verdict.check
    on_known = _on_known(verdict, cases)
    share, fresh = _mean(on_known), _share(check, drawn, outcomes)
    if share == 1 == fresh:
        return check.points, ""
    reason = IN_PART if any(0 < part < 1 for part in on_known) else ""
    if _one_mistake(verdict, cases, drawn, outcomes):  # no guess, whatever was drawn
        share, reason = max(share, KEPT), ONE_MISTAKE
    elif drawn:
        best = _best_guess(check, tuple(drawn))
        if fresh <= best + EDGE * (1 - best):
            share, reason = 0.0, NO_BETTER if share else ""
        elif share == 1 or fresh < share - TABLE:
            share, reason = fresh, LESS_ON_NEW
    return round(check.points * share, 2), reason


def _share(check: Check, drawn: Sequence[Case], outcomes: Sequence[Outcome]) -> float:
    """Return which part of what a function did with inputs is right."""
    return _mean([_right(check, *pair) for pair in zip(drawn, outcomes, strict=True)] or [1.0])


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)


def _on_known(verdict: Verdict, cases: Sequence[Case]) -> list[float]:
    """Return which part of each test is right; a test that failed is never wholly right."""
    shares = []
    each = zip(verdict.results, cases, verdict.outcomes, strict=True)
    for passed, case, outcome in each:
        part = 1.0
        if not passed:
            part = min(_right(verdict.check, case, outcome), 0.5)
        shares.append(part)
    return shares


def _right(check: Check, case: Case, outcome: Outcome) -> float:
    """Return which part of an outcome is right; half of it, where an argument was changed."""
    if outcome.error is not None:
        return 0.0
    expected = check.expected(case)
    value = fit(expected, outcome.value)
    part = float(check.is_right(case.arguments, expected, value)) or _part(check, expected, value)
    return part / 2 if Evidence(check, case, expected, outcome).changed else part


def _part(check: Check, expected: Any, value: Any) -> float:
    """Return which part of a value is right: of several, each counts; of an array, each entry."""
    if agree(expected, value, check.rtol, check.atol):
        return 1.0
    kind = type(expected)
    if kind in (tuple, list) and type(value) is kind and len(value) == len(expected) > 0:
        return _mean([_part(check, e, v) for e, v in zip(expected, value, strict=True)])
    if kind is dict and type(value) is dict and expected:
        return _mean([_part(check, expected[key], value.get(key)) for key in expected])
    arrays = isinstance(expected, np.ndarray) and isinstance(value, np.ndarray)
    if arrays and value.shape == expected.shape and value.dtype.kind not in "cb":
        return float(np.mean(np.isclose(value, expected, check.rtol, check.atol, equal_nan=True)))
    return 0.0


# ------------------------------------------------------------------ without a thought

LINES: tuple[Callable[[Any], Any], ...] = (
    lambda a: a,
    lambda a: -a,
    lambda a: a > 0,
    lambda a: a[0],
    lambda a: a[-1],
    lambda a: a.T,
    sum,
    max,
    min,
    len,
    lambda a: int(sum(a) > 0),
    lambda a: bool(sum(a) > 0),
    lambda a: bool(np.all(a)),
    lambda a: bool(np.any(a)),
)


@lru_cache(1000)
def _best_guess(check: Check, drawn: Sequence[Case]) -> float:
    """Return which part the best answer without a thought gets right."""
    values = [check.expected(case) for case in drawn]
    return max(
        _mean([_part(check, *pair) for pair in zip(values, guess, strict=True)])
        for guess in _guesses(drawn, values)
    )


def _guesses(drawn: Sequence[Case], values: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield what answers without a thought return for the inputs."""
    kinds: list[Any] = []
    for value in values:
        if len(kinds) < 8 and not any(_alike(kind, value) for kind in kinds):
            kinds.append(value)
    yield from ([kind] * len(values) for kind in kinds)
    for number in (0, 1):
        yield [_filled(value, number) for value in values]
    for arguments in zip(*(case.arguments for case in drawn), strict=True):
        for line in LINES:
            if _applied(line, arguments[0]) is not None:
                yield [_applied(line, argument) for argument in arguments]


def _applied(line: Callable[[Any], Any], argument: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return line(argument)
        except Exception:  # it does not fit this kind of argument
            return None


def _filled(value: Any, number: int) -> Any:
    return np.full(value.shape, float(number)) if isinstance(value, np.ndarray) else number


def _alike(one: Any, other: Any) -> bool:
    return agree(one, other, 1e-9, 1e-9)


# ------------------------------------------------------------------ one mistake


def _one_mistake(
    verdict: Verdict, cases: Sequence[Case], drawn: Sequence[Case], outcomes: Sequence[Outcome]
) -> bool:
    """Tell whether a known mistake, and not a guess, gives the same outcomes on every input."""
    check = verdict.check
    returned = [outcome.value for outcome in verdict.outcomes]
    if verdict.failure is None or all(value is None for value in returned):
        return False
    pairs = [*zip(cases, verdict.outcomes, strict=True), *zip(drawn, outcomes, strict=True)]
    if not any(all(_made(check, m, *pair) for pair in pairs) for m in check.mistakes):
        return False
    wanted = [check.expected(case) for case in cases]
    return not any(all(map(_alike, guess, returned)) for guess in _guesses(cases, wanted))


def _made(check: Check, mistake: Mistake, case: Case, outcome: Outcome) -> bool:
    other = mistake.outcome(case)
    if other.error or outcome.error:
        return bool(other.error and outcome.error and other.error.kind == outcome.error.kind)
    return agree(other.value, fit(other.value, outcome.value), check.rtol, check.atol)
