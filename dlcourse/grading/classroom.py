"""Grade a whole class: over processes or machines, each submission once."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from dataclasses import dataclass, field

from dlcourse.grading.gradebook import Gradebook
from dlcourse.grading.marking import Result, mark, seed_for
from dlcourse.grading.sandbox.host import DeadWorkerError, Limits, NoSandboxError
from dlcourse.grading.submission import Submission


@dataclass
class Run:
    """What one run has done.

    Attributes
    ----------
    contents : set of str
        The hashes of all submissions that it saw.
    graded : int
        How many it graded; the others had been graded before.
    problems : list of str
        For the teacher: what could not be graded, and why.
    """

    contents: set[str] = field(default_factory=set)
    graded: int = 0
    problems: list[str] = field(default_factory=list)


def grade(
    submissions: Iterable[Submission],
    book: Gradebook,
    executor: Callable[[], Executor],
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
    executor : callable
        Makes an executor; it is called again if a process of the first one dies.
    confined, limits
        See `dlcourse.grading.marking.mark`.
    regrade : bool
        Whether to grade what has been graded before.
    jobs : int
        How many submissions to hand out at a time.
    """
    run = Run()
    waiting: dict[Future[Result], Submission] = {}
    alone: list[Submission] = []  # were in a pool that broke: graded one by one
    pool = executor()

    def start(submission: Submission) -> Future[Result]:
        seed = seed_for(book.secret, submission.hash)
        return pool.submit(mark, submission.content, seed, confined, limits)

    def finish(future: Future[Result], submission: Submission) -> None:
        try:
            result = future.result()
        except (DeadWorkerError, NoSandboxError) as error:
            run.problems.append(f"{submission.file}: the sandbox did not start: {error}")
            return
        book.keep(submission.hash, result)
        run.graded += 1

    def drain(most: int) -> Iterator[Submission]:
        while len(waiting) > most:
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                submission = waiting.pop(future)
                try:
                    finish(future, submission)
                except BrokenExecutor:
                    alone.append(submission)
                else:
                    yield submission

    try:
        for submission in submissions:
            book.enter(submission)
            known = submission.hash in run.contents
            run.contents.add(submission.hash)
            if known or (book.has(submission.hash) and not regrade):
                yield submission, run
            elif submission.problem:
                book.keep(submission.hash, Result("", notices=[submission.problem]))
                run.graded += 1
                yield submission, run
            else:
                try:
                    waiting[start(submission)] = submission
                except BrokenExecutor:
                    alone.append(submission)
                for done in drain(jobs - 1):
                    yield done, run
                if alone and not waiting:
                    pool.shutdown()
                    pool = executor()
        for done in drain(0):
            yield done, run
        for submission in alone:
            pool.shutdown()
            pool = executor()
            try:
                finish(start(submission), submission)
            except BrokenExecutor:
                run.problems.append(
                    f"{submission.file}: the grader's own process ended on it. Read it by hand."
                )
            yield submission, run
    finally:
        for future in waiting:  # after Ctrl-C; dask's executor has no cancel_futures
            future.cancel()
        pool.shutdown(wait=True)


def processes(jobs: int) -> Callable[[], Executor]:
    """Return what makes a pool of processes that end when this one does, however that ends."""
    context = multiprocessing.get_context("spawn")
    return lambda: ProcessPoolExecutor(jobs, context, _end_with_parent, (os.getpid(),))


def _end_with_parent(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def cluster(address: str) -> Callable[[], Executor]:
    """Return what connects to a scheduler of dask.distributed.

    Raises
    ------
    ImportError
        If dask.distributed is not installed.
    OSError
        If there is no scheduler at the address.
    """
    from distributed import Client

    client = Client(address)
    return lambda: client.get_executor(pure=False)
