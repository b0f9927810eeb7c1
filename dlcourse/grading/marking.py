"""Mark one submission: read it, run its answers in the sandbox, judge what comes out.

`mark` is a function of plain values, so that any `concurrent.futures.Executor` can run it, here
or on another machine. Nothing that a submission does may raise an error here.
"""

import errno
import hashlib
import itertools
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from dlcourse import checks
from dlcourse.checks import Case, Check, Outcome, Verdict
from dlcourse.checks.diagnosis import explain
from dlcourse.checks.runner import Opaque, Raised
from dlcourse.checks.values import listing, same
from dlcourse.grading.answers import Answers, read
from dlcourse.grading.card import STOOD_IN, TOO_OFTEN, Card, Section, award_card
from dlcourse.grading.credit import Seed, assess, first, known
from dlcourse.grading.reading import UnreadableError
from dlcourse.grading.running import Running, reaches
from dlcourse.grading.sandbox.host import Limits
from dlcourse.grading.sandbox.processes import DeadWorkerError, NoSandboxError
from dlcourse.tables import points as show

Call: TypeAlias = Callable[[Sequence[Sequence[Any]]], list[Outcome]]

BY_HAND = (
    "{function} was graded with a wrong {names}, which it calls too often for the course's own to "
    "stand in. Look whether it deserves more."
)


@dataclass(frozen=True)
class Mark:
    """What came out for one graded function.

    Attributes
    ----------
    function : str
    points, of : float
        The points, and full marks.
    passed, tests : int
        How many cases passed, and how many ran.
    mistake : str
        The diagnosed mistake; empty if there was none.
    card : dict
        The feedback: the fields of a `Card`.
    code : str
        What the student wrote.
    untouched : bool
        Whether it is the stub of the exercise.
    """

    function: str
    points: float
    of: float
    passed: int
    tests: int
    mistake: str
    card: dict[str, Any]
    code: str = ""
    untouched: bool = False


@dataclass(frozen=True)
class Result:
    """What came out for one submission.

    Attributes
    ----------
    lesson : str
        The number of the lesson; empty if none was recognised.
    marks : list of Mark
    notices : list of str
        What the student and the teacher should know.
    seconds : float
        How long it took.
    problem : str
        Why the grader could not grade it, so that a teacher has to; empty if it could.
    """

    lesson: str
    marks: list[Mark] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: float = 0.0
    problem: str = ""

    @property
    def points(self) -> float:
        """The points of all functions."""
        return round(sum(mark.points for mark in self.marks), 2)

    @property
    def of(self) -> float:
        """Full marks."""
        return sum(mark.of for mark in self.marks)


def mark(content: bytes, seed: int, confined: bool = True, limits: Limits | None = None) -> Result:
    """Grade one notebook.

    Parameters
    ----------
    content : bytes
        The file.
    seed : int
        Of the random inputs; students must not know it.
    confined : bool
        Whether student code runs in the sandbox.
    limits : Limits, optional

    Returns
    -------
    Result
    """
    start = time.monotonic()
    try:
        result = _mark_all(read(content), seed, confined, limits or Limits())
    except UnreadableError as error:
        return Result("", notices=[str(error)])
    except (DeadWorkerError, NoSandboxError):
        raise  # no worker starts here, whatever the file holds
    except Exception as error:
        return Result("", problem=stumbled(error))
    return replace(result, seconds=round(time.monotonic() - start, 3))


def stumbled(error: BaseException) -> str:
    """Say that the grader itself failed, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    full = isinstance(error, OSError) and error.errno == errno.ENOMEM  # so says a file that is read
    kind = "MemoryError" if full else type(error).__name__
    return f"The grader stumbled over it ({kind}{place}). Read it by hand."


def _mark_all(answers: Answers, seed: int, confined: bool, limits: Limits) -> Result:
    """Mark every function by itself; then those again that call one which was wrong."""
    graded = checks.lessons()[answers.lesson]
    marks: dict[str, Mark] = {}
    wrong: list[str] = []  # in the order of the exercise
    done: dict[str, list[str]] = {}  # open tasks, and what stood in for what they call
    with Running(answers, limits, confined) as running:
        for number, check in enumerate(graded):
            called = _called(check.name, wrong, answers) if check.goal else []
            twice = running.left > 2 * check.seconds  # there is time for both runs
            if called and twice and not running.problem(check.name):
                marks[check.name], stood_in = _mark_open(check, (seed, number), running, called)
                done[check.name] = called if stood_in else []
            else:
                marks[check.name] = _mark(check, (seed, number), running)
            if marks[check.name].points < check.points:
                wrong.append(check.name)
        running.replace(wrong)
        for number, check in enumerate(graded):
            mark = marks[check.name]
            again = check.name in wrong and check.name not in done and not mark.untouched
            called = _called(check.name, wrong, answers) if again else []
            if called and not running.problem(check.name):
                marks[check.name] = _mark_again(check, (seed, number), running, called, mark)
                if marks[check.name].points == check.points:
                    wrong.remove(check.name)
        for name, called in done.items():
            if called:
                at_fault = [other for other in called if other in wrong] or called
                marks[name] = _noted(marks[name], STOOD_IN.format(names=listing(at_fault)))
        shown = [replace(mark, code=answers.code(name)) for name, mark in marks.items()]
        return Result(answers.lesson, shown, [*answers.notices, *running.notices])


def _called(name: str, wrong: Sequence[str], answers: Answers) -> list[str]:
    """Return the wrong functions that one may call, of those that the exercise asks for earlier."""
    earlier = list(itertools.takewhile(lambda other: other != name, wrong))
    reached = reaches(answers, name) if earlier else set()
    return [other for other in earlier if other in reached]


def _mark_open(
    check: Check, seed: Seed, running: Running, called: Sequence[str]
) -> tuple[Mark, bool]:
    """Mark an open task that calls wrong functions; say whether the course's own stood in.

    To train takes long, with a wrong function as long as it may: so it begins with the course's
    own in their place, and the student's matter where that is not worth full points. Each runs in
    a worker of its own, which ends with it.
    """
    running.replace(called)
    replaced = _mark(check, seed, running, called)
    too_often = running.asked_too_often
    running.replace([])
    if replaced.points == check.points:
        return replaced, True
    own = _mark(check, seed, running)
    if not too_often and replaced.points > own.points:
        return replaced, True
    return (_too_often(own, running, called) if too_often else own), False


def _mark_again(
    check: Check, seed: Seed, running: Running, called: Sequence[str], before: Mark
) -> Mark:
    """Mark a function with the course's own in the place of others, if that is worth more."""
    again = _again(check, seed, running, called)
    if again and again.points > before.points:
        return _noted(again, STOOD_IN.format(names=listing(called)))
    return _too_often(before, running, called) if running.asked_too_often else before


def _too_often(mark: Mark, running: Running, called: Sequence[str]) -> Mark:
    """Leave it to the teacher whether a function with less than full points deserves more."""
    if mark.points == mark.of:
        return mark
    running.notices.append(BY_HAND.format(function=mark.function, names=listing(called)))
    return _noted(mark, TOO_OFTEN.format(names=listing(called)))


def seed_for(secret: bytes) -> int:
    """Return the seed of a class: always the same, and unknown without the secret."""
    return int.from_bytes(hashlib.sha256(secret).digest()[:8])


def _without_answer(check: Check, problem: Raised) -> Mark:
    """Return the mark of a function that is not there: nothing was tested."""
    words = problem.message[:1].upper() + problem.message[1:]
    ours = {"WorkerError": "not run", "MissingAnswer": "not found", "GraderError": "not graded"}
    fate = ours.get(problem.kind, "not found")
    wrong = Section("What is wrong", f"{words}.")
    if problem.kind not in ours:
        code = f"{problem.line}\n{problem.kind}: {problem.message}".strip()
        wrong = Section("What is wrong", f"Your answer cell does not define {check.name}.", code)
    headline = f"{check.name}: {fate}, 0 of {show(check.points)} points"
    card = Card("wrong", headline, (wrong,), explain(problem, check))
    return Mark(check.name, 0.0, check.points, 0, len(known(check)), "", asdict(card))


def _again(check: Check, seed: Seed, running: Running, replaced: Sequence[str]) -> Mark | None:
    """Mark a function with others in the place of `replaced`; None if that changes nothing."""
    before = running.first.get(check.name, [])
    outcomes = _runner(check, running, replaced)(checks.inputs(first(check, seed)))
    if running.asked_too_often or _alike(before, outcomes):
        return None
    return _mark(check, seed, running, replaced, outcomes)


def _alike(before: Sequence[Outcome], after: Sequence[Outcome]) -> bool:
    """Tell whether outcomes are the same, but for what was printed."""
    try:
        return all(
            one.error == other.error
            and same(one.value, other.value)
            and same(one.arguments, other.arguments)
            for one, other in zip(before, after, strict=True)
        )
    except Exception:  # other inputs, or values that cannot be compared
        return False


def _runner(check: Check, running: Running, replaced: Sequence[str]) -> Call:
    references = {name: checks.find(name) for name in replaced}
    seconds = check.seconds if check.goal else None
    return lambda inputs: running.run(check.name, inputs, references, seconds)


def _mark(
    check: Check,
    seed: Seed,
    running: Running,
    replaced: Sequence[str] = (),
    outcomes: list[Outcome] | None = None,
) -> Mark:
    """Run a function and judge it.

    Others stand in for those in `replaced`. `outcomes` are those of the first inputs, if they ran.
    """
    run, ran = _runner(check, running, replaced), [outcomes] if outcomes else []

    def call(inputs: Sequence[Sequence[Any]]) -> list[Outcome]:
        return ran.pop() if ran else run(inputs)

    try:
        cells = _code(running.answers, check.name)
        award = assess(check, call, seed, cells, judge)
        card = award_card(award)
    except (DeadWorkerError, NoSandboxError):
        raise
    except Exception as error:
        running.notices.append(f"{check.name}: {stumbled(error)}")
        return _without_answer(check, Raised("GraderError", stumbled(error).rstrip(".")))
    if problem := running.problem(check.name):
        return _without_answer(check, problem)
    verdict = award.verdict
    return Mark(
        check.name,
        award.points,
        check.points,
        verdict.passed,
        len(verdict.results),
        verdict.failure.mistake if verdict.failure else "",
        asdict(card),
        untouched=verdict.untouched,
    )


def _noted(mark: Mark, reason: str) -> Mark:
    """Put before the feedback why the points are what they are."""
    card = card_of(mark)
    card = replace(card, sections=(Section("Points", reason), *card.sections))
    return replace(mark, card=asdict(card))


def _code(answers: Answers, name: str) -> list[str]:
    """Return the student's cells, those of a function last: what is defined there counts."""
    return [source for _, source in sorted(answers.cells, key=lambda cell: cell[0] == name)]


def judge(
    check: Check,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    cells: Sequence[str] = (),
) -> Verdict:
    """Judge outcomes; a value that the comparison itself stumbles over is a wrong one."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return checks.judge(check, cases, outcomes, cells)
        except Exception:
            return checks.judge(
                check,
                cases,
                [_comparable(check, c, o) for c, o in zip(cases, outcomes, strict=False)],
            )


def _comparable(check: Check, case: Case, outcome: Outcome) -> Outcome:
    try:
        checks.judge(check, [case], [outcome])
    except Exception:
        return Outcome(Opaque("a value that cannot be compared"), case.arguments)
    return outcome


def card_of(mark: Mark) -> Card:
    """Return the feedback of a mark as a card."""
    return Card.of(mark.card)
