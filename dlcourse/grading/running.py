"""Run the functions of one submission: in a worker, and in a fresh one whenever one has died."""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dlcourse import checks
from dlcourse.checks import Check, Outcome, cells
from dlcourse.checks.runner import Opaque, Raised
from dlcourse.grading.answers import Answers
from dlcourse.grading.reading import printable
from dlcourse.grading.sandbox.host import QUESTIONS, Limits, TooManyQuestionsError, Worker
from dlcourse.grading.sandbox.processes import DeadWorkerError

DEATHS = 3  # workers that one function may end, or fill, before the rest of its cases is not run
DEATHS_AT_LOAD = 5  # workers that may die while cells are executed, before none is any more
MAX_RECEIVED = 32 << 20  # bytes of all results of one function
GONE = (
    "the process that ran your code ended without an answer: it used too much memory, called "
    "exit, or crashed"
)
GONE_AT_LOAD = (
    "your code cells could not be loaded: several of them run without end, use too much memory, "
    "call exit, or crash"
)
TOO_MANY = "the course's own functions, which stood in for others, were called too often"
GONE_HERE = "this cell ends the process that runs it: it uses too much memory, exits, or crashes"

References = Mapping[str, Check]


class Running:
    """The code of one submission, running.

    Parameters
    ----------
    answers : Answers
    limits : Limits
    confined : bool

    Attributes
    ----------
    notices : list of str
        What the student and the teacher should know.
    first : dict of str to list of Outcome
        What each function did when it ran first, by itself.
    asked_too_often : bool
        Whether the function that ran last called references more often than they can answer.
    """

    def __init__(self, answers: Answers, limits: Limits, confined: bool) -> None:
        self.answers, self.limits, self.confined = answers, limits, confined
        self.cells = list(answers.cells)  # without those that end a worker
        self.notices: list[str] = []
        self.worker: Worker | None = None
        self.replaced: tuple[str, ...] = ()
        self.left = limits.whole  # seconds
        self.deaths_at_load = 0
        self.broken: Raised | None = None  # why nothing is run any more
        self.unloadable: Raised | None = None
        self.missing: dict[str, Raised] = {}
        self.first: dict[str, list[Outcome]] = {}
        self.asked_too_often = False

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *details: object) -> None:
        self._end()

    def replace(self, functions: Sequence[str]) -> None:
        """Go on in a fresh worker, where the course's own functions can stand in for these."""
        self._end()
        self.replaced = tuple(functions)

    def run(
        self,
        function: str,
        inputs: Sequence[Sequence[Any]],
        references: References | None = None,
        seconds: float | None = None,
    ) -> list[Outcome]:
        """Run a function on every input, within one limit of time for all of them.

        Parameters
        ----------
        function : str
        inputs : sequence of sequences
        references : mapping, optional
            What takes the place of the functions of these names; see `replace`.
        seconds : float, optional
            The limit, where it is not that of an ordinary function.
        """
        left, room, deaths = seconds or self.limits.check, MAX_RECEIVED, 0
        questions, self.asked_too_often = QUESTIONS, False
        outcomes = []
        for arguments in inputs:
            if deaths >= DEATHS:
                words = f"not run: it had ended {DEATHS} processes before, or filled their memory"
                outcomes.append(_failed(arguments, Raised("WorkerError", words)))
                continue
            worker = self._loaded()  # starting a worker costs the student no time
            error = self.broken or self.missing.get(function)
            if error is None and left <= 0:
                words = f"not run: the {seconds or self.limits.check:g} s were used up"
                error = Raised("TimeLimitError", words)
            if self.asked_too_often:
                error = Raised("WorkerError", f"not run: {TOO_MANY}")
            if error or worker is None:
                outcomes.append(_failed(arguments, error or Raised("WorkerError", GONE)))
                continue
            worker.questions = questions
            began, before = time.monotonic(), worker.received
            outcome = self._call(worker, function, arguments, min(left, self.left), references)
            full = outcome.error is not None and outcome.error.kind == "MemoryError"
            deaths += self.worker is None or full
            questions = worker.questions
            room -= worker.received - before
            if room < 0:  # many results, each below the limit for one
                outcome = Outcome(Opaque("a very large result"), tuple(arguments))
            outcomes.append(outcome)
            left -= time.monotonic() - began
        self.first.setdefault(function, outcomes)
        return outcomes

    def problem(self, function: str) -> Raised | None:
        """Return why a function could not be called at all; None if it could."""
        return self.missing.get(function) or self.unloadable

    def _end(self) -> None:
        if self.worker:
            self.worker.end()
        self.worker = None

    def _call(
        self,
        worker: Worker,
        function: str,
        arguments: Sequence[Any],
        seconds: float,
        references: References | None,
    ) -> Outcome:
        began = time.monotonic()
        try:
            return worker.call(function, arguments, seconds, references)
        except TooManyQuestionsError:
            self._end()
            self.asked_too_often = True
            return _failed(arguments, Raised("WorkerError", TOO_MANY))
        except DeadWorkerError:
            self._end()
            if time.monotonic() - began >= seconds:
                late = Raised("TimeLimitError", f"no result after {seconds:.2g} s")
                return _failed(arguments, late)
            return _failed(arguments, Raised("WorkerError", GONE))
        finally:
            self._spend(began)

    def _spend(self, began: float) -> None:
        self.left -= time.monotonic() - began
        if self.left <= 0:
            words = f"not run: the {self.limits.whole:g} s for the whole notebook were used up"
            self.broken = self.broken or Raised("TimeLimitError", words)

    def _loaded(self) -> Worker | None:
        """Return a worker with the cells in it; a cell that ends one is left out of the next."""
        while not (self.worker or self.broken):
            self.worker = self._start()
            began = time.monotonic()
            try:
                self._load(self.worker)
            except DeadWorkerError:
                self._end()
                self.deaths_at_load += 1
                if self.deaths_at_load > DEATHS_AT_LOAD:
                    self.broken = self.unloadable = Raised("WorkerError", GONE_AT_LOAD)
            finally:
                self._spend(began)
        return self.worker

    def _start(self) -> Worker:
        try:
            return Worker(self.limits, self.confined)
        except DeadWorkerError:  # no fault of the student's: once more
            return Worker(self.limits, self.confined)

    def _load(self, worker: Worker) -> None:
        """Execute all cells, each kind within its half of the time; see what they define."""
        left = {"answers": self.limits.load / 2, "others": self.limits.load / 2}
        if self.replaced:
            worker.replace(self.replaced)
        errors: dict[str, Raised | None] = {}
        for number, (name, source) in enumerate(self.cells):
            kind = "answers" if name else "others"
            title = f"answer {name}" if name and name not in errors else f"cell {number + 1}"
            began = time.monotonic()
            try:
                error = worker.cell(name, source, title, max(left[kind], 0.01))
            except DeadWorkerError:
                self._leave_out(number)
                raise
            left[kind] -= time.monotonic() - began
            if name:
                errors[name] = errors.get(name) or error
        names = [check.name for check in checks.lessons()[self.answers.lesson]]
        for name, place in zip(names, worker.find(names), strict=True):
            self._found(name, place, name in errors, errors.get(name))

    def _leave_out(self, number: int) -> None:
        """Drop a cell that ends the worker."""
        name, source = self.cells.pop(number)
        if name:
            self.missing[name] = Raised("WorkerError", GONE_HERE)
        else:
            begins = printable(source.strip().partition("\n")[0])[:60]
            self.notices.append(f"A cell that ends Python was left out. It begins with: {begins}")

    def _found(self, name: str, place: str, has_cell: bool, error: Raised | None) -> None:
        """Note where a function was found, or why it was not."""
        if place:
            self.missing.pop(name, None)  # another of its cells ended a worker
        if place == "elsewhere":
            notice = f"{name} is not in its own answer cell. The one in another cell was graded."
            self.notices += [notice] if notice not in self.notices else []
        if place or name in self.missing:
            return
        if not has_cell:
            words = f"the notebook has no answer cell for {name}"
            self.missing[name] = Raised("MissingAnswer", words)
        else:
            words = f"the answer cell defines no function called {name}"
            self.missing[name] = error or Raised("MissingAnswer", words)


def reaches(answers: Answers, function: str) -> set[str]:
    """Return the names of the other answers that a function may call, directly or through others.

    What it reads decides, and what that was made of, in whatever cell: helpers and variables too.
    """
    reads: dict[str, set[str]] = {}
    for _, source in answers.cells:
        for bound, read in _statements(source):
            for name in bound:
                reads.setdefault(name, set()).update(read)
    found: set[str] = set()
    todo = {function}
    while todo:
        found |= todo
        todo = set().union(*(reads.get(name, set()) for name in todo)) - found
    graded = {check.name for check in checks.lessons()[answers.lesson]}
    return (graded if found & cells.DYNAMIC else found & graded) - {function}


@lru_cache(1000)
def _statements(source: str) -> list[tuple[set[str], set[str]]]:
    """Return what each statement of a cell binds and reads; a cell that is no Python never runs."""
    try:
        return [(cells.binds(node), cells.reads(node)) for node in cells.parse(source).body]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _failed(arguments: Sequence[Any], error: Raised) -> Outcome:
    return Outcome(arguments=tuple(arguments), error=error)
