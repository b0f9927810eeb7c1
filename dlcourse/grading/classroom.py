"""Grade a whole class: over processes or machines, each submission once."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from dlcourse.grading.gradebook import Gradebook
from dlcourse.grading.marker import mark
from dlcourse.grading.marking import Result, seed_for
from dlcourse.grading.sandbox.host import Limits
from dlcourse.grading.sandbox.processes import DeadWorkerError, NoSandboxError
from dlcourse.grading.submission import Submission

SILENCE = 1800.0  # seconds without any result after which a cluster is taken for gone
TRIES = 2  # of a submission that is lost on the way, with the machine that had it


@dataclass
class Run:
    """What one run has done.

    Attributes
    ----------
    contents : set of str
        The hashes of all submissions that it saw.
    graded, before : int
        How many of them it graded, and how many had been graded before.
    by_hand : list of str
        For the teacher: what the grader could not grade and has to be read, and why.
    problems : list of str
        For the teacher: what was not graded because of this machine or of the cluster, and why.
        The next run tries it again.
    """

    contents: set[str] = field(default_factory=set)
    graded: int = 0
    before: int = 0
    by_hand: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def grade(
    submissions: Iterable[Submission],
    book: Gradebook,
    executor: Executor,
    *,
    confined: bool = True,
    limits: Limits | None = None,
    regrade: bool = False,
    jobs: int = 2,
) -> Iterator[tuple[Submission, Run]]:
    """Grade submissions and keep the results; yield each submission that is done.

    Parameters
    ----------
    submissions : iterable of Submission
        They are read as they are needed, so that a class of any size fits into memory.
    book : Gradebook
    executor : Executor
        It is shut down at the end.
    confined, limits
        See `dlcourse.grading.marking.mark`.
    regrade : bool
        Whether to grade what has been graded before.
    jobs : int
        How many submissions to hand out at a time.
    """
    hands = _Hands(book, executor, confined, limits)
    run = hands.run
    try:
        for submission in submissions:
            book.enter(submission)
            known = submission.hash in run.contents
            run.contents.add(submission.hash)
            if known or (book.has(submission.hash) and not regrade):
                run.before += not known
                yield submission, run
            elif submission.problem:
                hands.keep(submission, Result("", notices=[submission.problem]))
                yield submission, run
            elif hands.start(submission):
                for done in hands.done(jobs - 1):
                    yield done, run
            else:
                yield submission, run
        for done in hands.done(0):
            yield done, run
    finally:
        for future in hands.waiting:  # after Ctrl-C; dask's executor has no cancel_futures
            future.cancel()
        executor.shutdown(wait=not hands.gone)


class _Hands:
    """Hands out submissions and takes results in."""

    def __init__(
        self, book: Gradebook, executor: Executor, confined: bool, limits: Limits | None
    ) -> None:
        self.book, self.executor, self.confined, self.limits = book, executor, confined, limits
        self.run = Run()
        self.waiting: dict[Future[Result], tuple[Submission, int]] = {}
        self.gone = ""  # why the executor takes nothing any more

    def start(self, submission: Submission, tries: int = 1) -> bool:
        """Hand a submission out; return whether it is on its way."""
        seed = seed_for(self.book.secret)
        if not self.gone:
            try:
                future = self.executor.submit(
                    mark, submission.content, seed, self.confined, self.limits
                )
            except Exception as error:
                self.gone = f"nothing can be handed out any more: {error}"
            else:
                self.waiting[future] = submission, tries
                return True
        self.run.problems.append(f"{submission.file}: {self.gone}")
        return False

    def keep(self, submission: Submission, result: Result) -> None:
        """Keep a result in the gradebook."""
        self.book.keep(submission.hash, result)
        self.run.graded += 1
        if result.problem:
            self.run.by_hand.append(f"{submission.file}: {result.problem}")

    def done(self, most: int) -> Iterator[Submission]:
        """Yield submissions that are done with, until at most so many are on their way."""
        while len(self.waiting) > most:
            done = wait(self.waiting, SILENCE, FIRST_COMPLETED).done
            if not done:
                self.gone = "the cluster does not answer"
                for future, (submission, _) in list(self.waiting.items()):
                    future.cancel()
                    del self.waiting[future]
                    self.run.problems.append(f"{submission.file}: {self.gone}")
                    yield submission
            for future in done:
                submission, tries = self.waiting.pop(future)
                if self._finish(future, submission, tries):
                    yield submission

    def _finish(self, future: Future[Result], submission: Submission, tries: int) -> bool:
        """Take a result in, or start again; return whether this run is done with it."""
        try:
            result = future.result()
        except (DeadWorkerError, NoSandboxError) as error:
            self.run.problems.append(f"{submission.file}: the sandbox did not start: {error}")
        except Exception as error:  # a machine of the cluster was lost, or all of it
            if tries < TRIES:
                return not self.start(submission, tries + 1)
            self.run.problems.append(f"{submission.file}: lost on the way: {error!r}")
        else:
            self.keep(submission, result)
        return True


def processes(jobs: int) -> Executor:
    """Return what marks so many submissions at a time, each in a process that may be lost."""
    return ThreadPoolExecutor(jobs)


def cluster(address: str) -> Executor:
    """Return what connects to a scheduler of dask.distributed.

    Raises
    ------
    ImportError
        If dask.distributed is not installed.
    OSError
        If there is no scheduler at the address.
    """
    from distributed import Client

    executor: Executor = Client(address).get_executor(pure=False)
    return executor
