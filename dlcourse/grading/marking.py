"""Mark one submission: read it, run its answers in the sandbox, judge what comes out.

`mark` is a function of plain values, so that any `concurrent.futures.Executor` can run it, here
or on another machine. Nothing that a submission does may raise an error here.
"""

import hashlib
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from dlcourse import checks
from dlcourse.checks import Case, Check, Outcome, Verdict
from dlcourse.checks.diagnosis import explain
from dlcourse.checks.runner import Opaque, Raised
from dlcourse.grading.card import Card, Section, verdict_card
from dlcourse.grading.credit import credit
from dlcourse.grading.sandbox.host import DeadWorkerError, Limits, Worker
from dlcourse.grading.submission import Answers, UnreadableError, printable, read
from dlcourse.tables import points as show

DEATHS = 20  # workers of one submission that may die before the rest of its cases is not run
MAX_RECEIVED = 32 << 20  # bytes of all results of one function
GONE = (
    "the process that ran your code ended without an answer: it used too much memory, called "
    "exit, or crashed"
)
GONE_AT_LOAD = (
    "your code cells could not be loaded: one of them runs without end, uses too much memory, "
    "calls exit, or crashes"
)
GONE_HERE = "this cell ends the process that runs it: it uses too much memory, exits, or crashes"


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
    """

    function: str
    points: float
    of: float
    passed: int
    tests: int
    mistake: str
    card: dict[str, Any]


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
    """

    lesson: str
    marks: list[Mark] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: float = 0.0

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
        answers = read(content)
    except UnreadableError as error:
        return Result("", notices=[str(error)])
    notices = list(answers.notices)
    graded = checks.lessons()[answers.lesson]
    with _Runner(answers, limits or Limits(), confined) as runner:
        marks = []
        for number, check in enumerate(graded):
            cases = check.cases(np.random.default_rng([seed, number]))
            outcomes = runner.run(check.name, [case.arguments for case in cases])
            problem = runner.problem(check.name)
            marks.append(
                _without_answer(check, problem, len(cases))
                if problem
                else _mark(check, cases, outcomes)
            )
        notices += runner.notices
    return Result(answers.lesson, marks, notices, round(time.monotonic() - start, 3))


def seed_for(secret: bytes, content_hash: str) -> int:
    """Return the seed of a submission: always the same, and unknown without the secret."""
    return int.from_bytes(hashlib.sha256(secret + content_hash.encode()).digest()[:8])


class _Runner:
    """Runs the functions of one submission, in a fresh worker whenever one has died."""

    def __init__(self, answers: Answers, limits: Limits, confined: bool) -> None:
        self.answers, self.limits, self.confined = answers, limits, confined
        self.cells = list(answers.cells)  # without those that end a worker
        self.loading = 0.0  # seconds
        self.notices: list[str] = []
        self.worker: Worker | None = None
        self.deaths = 0
        self.broken: Raised | None = None  # why the cells cannot be loaded
        self.unloadable: Raised | None = None
        self.missing: dict[str, Raised] = {}

    def __enter__(self) -> "_Runner":
        return self

    def __exit__(self, *details: object) -> None:
        if self.worker:
            self.worker.end()

    def run(self, function: str, inputs: Sequence[Sequence[Any]]) -> list[Outcome]:
        """Run a function on every input, within one limit of time for all of them."""
        left, room = self.limits.check, MAX_RECEIVED
        outcomes = []
        for arguments in inputs:
            worker = self._loaded()  # starting a worker costs the student no time
            error = self.broken or self.missing.get(function)
            if error is None and left <= 0:
                words = f"not run: the {self.limits.check:g} s were used up"
                error = Raised("TimeLimitError", words)
            if error or worker is None:
                outcomes.append(_failed(arguments, error or Raised("WorkerError", GONE)))
                continue
            began = time.monotonic()
            before = worker.received
            outcome = self._call(worker, function, arguments, left)
            room -= worker.received - before
            if room < 0:  # many results, each below the limit for one
                outcome = Outcome(Opaque("a very large result"), tuple(arguments))
            outcomes.append(outcome)
            left -= time.monotonic() - began
        return outcomes

    def problem(self, function: str) -> Raised | None:
        """Return why a function could not be called at all; None if it could."""
        return self.missing.get(function) or self.unloadable

    def _call(
        self, worker: Worker, function: str, arguments: Sequence[Any], seconds: float
    ) -> Outcome:
        began = time.monotonic()
        try:
            return worker.call(function, arguments, seconds)
        except DeadWorkerError:
            worker.end()
            self.worker = None
            self.deaths += 1
            if self.deaths == DEATHS:
                self.broken = Raised("WorkerError", f"not run: {DEATHS} processes had died before")
            if time.monotonic() - began >= seconds:
                late = Raised("TimeLimitError", f"no result after {seconds:.2g} s")
                return _failed(arguments, late)
            return _failed(arguments, Raised("WorkerError", GONE))

    def _loaded(self) -> Worker | None:
        """Return a worker with the cells in it; a cell that ends one is left out of the next."""
        while not (self.worker or self.broken):
            worker = Worker(self.limits, self.confined)
            report = self._try(worker, self.cells)
            if report is not None:
                self.worker = worker
                self._read(report)
            elif self.cells and self.loading < self.limits.load:
                self._leave_one_out()
            else:
                self.broken = self.unloadable = Raised("WorkerError", GONE_AT_LOAD)
        return self.worker

    def _try(self, worker: Worker, cells: Sequence[tuple[str, str]]) -> Any:
        """Load cells; return the report, or None for a worker that is no more."""
        began = time.monotonic()
        try:
            return worker.load(cells)
        except DeadWorkerError:
            worker.end()
            return None
        finally:
            self.loading += time.monotonic() - began

    def _leave_one_out(self) -> None:
        """Drop the cell that ends a worker, found by halving: the ones before it do not."""
        good, bad = 0, len(self.cells)
        while bad - good > 1:
            if self.loading > self.limits.load:
                return
            middle = (good + bad) // 2
            with Worker(self.limits, self.confined) as worker:
                if self._try(worker, self.cells[:middle]) is None:
                    bad = middle
                else:
                    good = middle
        name, source = self.cells.pop(good)
        if name:
            self.missing[name] = Raised("WorkerError", GONE_HERE)
        else:
            begins = printable(source.strip().partition("\n")[0])[:60]
            self.notices.append(f"A cell that ends Python was left out. It begins with: {begins}")

    def _read(self, report: list[tuple[str, str, Raised | None]]) -> None:
        said = {name: (found, error) for name, found, error in report}
        for check in checks.lessons()[self.answers.lesson]:
            name = check.name
            found, error = said.get(name, ("", None))
            if found == "cell" or name in self.missing:
                continue
            if found == "elsewhere":
                notice = (
                    f"{name} is not in its own answer cell. The one in another cell was graded."
                )
                self.notices += [notice] if notice not in self.notices else []
            elif name not in said:
                words = f"the notebook has no answer cell for {name}"
                self.missing[name] = Raised("MissingAnswer", words)
            else:
                words = f"the answer cell defines no function called {name}"
                self.missing[name] = error or Raised("MissingAnswer", words)


def _failed(arguments: Sequence[Any], error: Raised) -> Outcome:
    return Outcome(arguments=tuple(arguments), error=error)


def _without_answer(check: Check, problem: Raised, tests: int) -> Mark:
    """Return the mark of a function that is not there: nothing was tested."""
    words = problem.message[:1].upper() + problem.message[1:]
    fate = "not run" if problem.kind == "WorkerError" else "not found"
    wrong = Section("What is wrong", f"{words}.")
    if problem.kind not in ("MissingAnswer", "WorkerError"):
        code = f"{problem.line}\n{problem.kind}: {problem.message}".strip()
        wrong = Section("What is wrong", f"Your answer cell does not define {check.name}.", code)
    headline = f"{check.name}: {fate}, 0 of {show(check.points)} points"
    card = Card("wrong", headline, (wrong,), explain(problem, check))
    return Mark(check.name, 0.0, check.points, 0, tests, "", asdict(card))


def _mark(check: Check, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Mark:
    verdict = judge(check, cases, outcomes)
    points, reason = credit(verdict, cases)
    card = verdict_card(verdict)
    if reason:
        headline = (
            f"{check.name}: {verdict.passed} of {len(verdict.results)} tests passed, "
            f"{show(points)} of {show(check.points)} points"
        )
        sections = (Section("Points in class", reason), *card.sections)
        card = replace(card, headline=headline, sections=sections)
    return Mark(
        check.name,
        points,
        check.points,
        verdict.passed,
        len(verdict.results),
        verdict.failure.mistake if verdict.failure else "",
        asdict(card),
    )


def judge(check: Check, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Verdict:
    """Judge outcomes; a value that the comparison itself stumbles over is a wrong one."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return checks.judge(check, cases, outcomes)
        except Exception:
            return checks.judge(
                check,
                cases,
                [_comparable(check, c, o) for c, o in zip(cases, outcomes, strict=True)],
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
