"""What a learner has done: one line for each check, in ``.progress.jsonl`` in their folder.

Lines are only ever added. A line that cannot be read is passed over. Checks that run outside of
that folder (the committed solutions, a teacher's copy) leave no trace.
"""

import json
import os
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from dlcourse import checks, layout
from dlcourse.checks import Verdict
from dlcourse.syllabus import LESSONS
from dlcourse.tables import Table, points

FILE = ".progress.jsonl"


class Attempt(NamedTuple):
    """One check that ran."""

    time: str  # UTC, ISO 8601
    function: str
    passed: int
    tests: int
    score: float
    mistake: str  # the diagnosed one; empty if there was none


def record(verdict: Verdict, home: Path | None = None, score: float | None = None) -> bool:
    """Add one line for a verdict, if the current folder is the learner's or lies in it.

    A function that is not written yet is no attempt. A disk that is full or read-only does
    not disturb the learner: then the line is not written.

    Parameters
    ----------
    verdict : Verdict
    home : Path, optional
        The learner's folder; without it, the one that is in use.
    score : float, optional
        The points, where they differ from those of the verdict.

    Returns
    -------
    bool
        Whether the line was written.
    """
    home = home or layout.home()
    if home is None or verdict.untouched or not _is_below(home):
        return False
    attempt = Attempt(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        function=verdict.check.name,
        passed=verdict.passed,
        tests=len(verdict.results),
        score=verdict.score if score is None else score,
        mistake=verdict.failure.mistake if verdict.failure else "",
    )
    line = json.dumps(attempt._asdict()) + "\n"
    with suppress(OSError):
        # One write to a file opened for appending: lines of two notebooks do not mix.
        file = os.open(home / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)
        return True
    return False


def _is_below(home: Path) -> bool:
    try:
        return Path.cwd().resolve().is_relative_to(home.resolve())
    except OSError:  # the current folder was deleted
        return False


def attempts(home: Path | None = None) -> list[Attempt]:
    """Return every recorded attempt, the oldest first; none where no learner's folder is."""
    home = home or layout.home()
    if home is None:
        return []
    try:
        text = (home / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    found = []
    for line in text.splitlines():
        with suppress(ValueError, TypeError, KeyError):
            fields = json.loads(line)
            found.append(
                Attempt(
                    str(fields["time"]),
                    str(fields["function"]),
                    int(fields["passed"]),
                    int(fields["tests"]),
                    float(fields["score"]),
                    str(fields["mistake"]),
                )
            )
    return found


def progress(home: Path | None = None) -> Table:
    """Return a table of all exercises: what is done, and which functions are still open.

    A function that was tried, but has not passed, comes with its best score.

    Examples
    --------
    >>> progress(Path("nowhere")).columns
    ['lesson', 'done', 'points', 'attempts', 'still open']
    """
    tried = _tried(home)
    titles = {lesson.number: lesson.title for lesson in LESSONS}
    rows: list[list[object]] = []
    finished = total = 0
    for lesson, graded in checks.lessons().items():
        earned, still_open = 0.0, []
        for check in graded:
            best = max((attempt.score for attempt in tried[check.name]), default=0.0)
            earned += best
            if best < check.points:
                begun = f" ({points(best)} of {points(check.points)})" if tried[check.name] else ""
                still_open.append(check.name + begun)
        done = len(graded) - len(still_open)
        most = sum(check.points for check in graded)
        count = sum(len(tried[check.name]) for check in graded)
        score = f"{points(earned)}/{points(most)}"
        rows.append(
            [
                f"{lesson} {titles[lesson]}",
                f"{done}/{len(graded)}",
                score,
                count,
                ", ".join(still_open),
            ]
        )
        finished, total = finished + done, total + len(graded)
    caption = f"{finished} of {total} functions done."
    return Table(["lesson", "done", "points", "attempts", "still open"], rows, caption)


def finished(home: Path | None = None) -> list[str]:
    """Return the functions that have once earned all their points, in the order of the lessons."""
    best = {name: max(a.score for a in tried) for name, tried in _tried(home).items()}
    graded = (check for each in checks.lessons().values() for check in each)
    return [check.name for check in graded if best.get(check.name, 0) >= check.points]


def standing(home: Path | None = None) -> Table:
    """Return the learner's own library: what they have written so far, and what comes next.

    Only lessons with a finished function have a row.

    Examples
    --------
    >>> standing(Path("nowhere")).caption
    'Your library is empty. Its first function waits in the exercise of lesson 00: broadcast_shape.'
    """
    done = set(finished(home))
    titles = {lesson.number: lesson.title for lesson in LESSONS}
    rows: list[list[object]] = []
    waiting: list[str] = []
    for lesson, graded in checks.lessons().items():
        own = [check.name for check in graded if check.name in done]
        bar = "\u25a0" * len(own) + "\u25a1" * (len(graded) - len(own))
        if own:
            rows.append([f"{lesson} {titles[lesson]}", bar, ", ".join(own)])
        missing = [check.name for check in graded if check.name not in own]
        if missing:
            waiting.append(f"waits in the exercise of lesson {lesson}: {missing[0]}.")
    count = "One function" if len(done) == 1 else f"{len(done)} functions"
    caption = f"{count} of your own."
    if not done:
        caption = f"Your library is empty. Its first function {waiting[0]}"
    elif waiting:
        caption += f" The next one {waiting[0]}"
    return Table(["lesson", "done", "your functions"], rows, caption)


def _tried(home: Path | None) -> dict[str, list[Attempt]]:
    """Return the attempts at each function."""
    tried: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts(home):
        tried[attempt.function].append(attempt)
    return tried
