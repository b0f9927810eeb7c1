"""The gradebook: every attempt and every result, in one SQLite file.

A result belongs to the content of a file and to a version of the checks, so the same file is
graded once. Each result is committed as it comes. Whoever kills the grader loses the submissions
in flight and nothing else; the next run grades those.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType

from dlcourse import checks, nn
from dlcourse.grading import sandbox
from dlcourse.grading.marking import Mark, Result
from dlcourse.grading.submission import NO_TIME, Submission

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (
    student TEXT, content TEXT, file TEXT, time TEXT, id TEXT, late INTEGER,
    PRIMARY KEY (student, id, content));
CREATE TABLE IF NOT EXISTS result (
    content TEXT, version TEXT, graded TEXT, lesson TEXT, points REAL, report TEXT,
    PRIMARY KEY (content, version));
"""


@dataclass(frozen=True)
class Attempt:
    """One file that a student handed in, and what came out.

    Attributes
    ----------
    student, file, id : str
    time : datetime
        When it was handed in.
    late : bool
        Whether Canvas marked it as late.
    result : Result
    """

    student: str
    file: str
    id: str
    time: datetime
    late: bool
    result: Result

    @property
    def moment(self) -> str:
        """The time in words, UTC; empty for what has none."""
        return "" if self.time == NO_TIME else f"{self.time:%Y-%m-%d %H:%M:%S}"


@cache
def checks_version() -> str:
    """Return a name for all code that decides about points."""
    digest = hashlib.sha256()
    for package in (checks, nn, sandbox):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    here = Path(__file__).parent
    names = ("submission.py", "running.py", "marking.py", "credit.py")
    files = [here / name for name in names]
    files += sorted(here.parent.glob("lessons/*/checks.py"))
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Gradebook:
    """An open gradebook.

    Parameters
    ----------
    path : Path
        The file; it is made if it is not there.
    confined : bool
        Whether results come from the sandbox. Results without it are kept apart: they never stand
        in for sandboxed ones.

    Raises
    ------
    sqlite3.DatabaseError
        If the file is no gradebook.
    """

    def __init__(self, path: Path, confined: bool = True) -> None:
        self.version = checks_version() + ("" if confined else "-trusted")
        self.database = sqlite3.connect(path, timeout=60, isolation_level=None)
        try:
            self.database.execute("PRAGMA journal_mode=WAL")
            self.database.execute("PRAGMA synchronous=FULL")
            self.database.executescript(SCHEMA)
            self.database.execute(
                "INSERT OR IGNORE INTO setting VALUES ('secret', ?)", (secrets.token_bytes(32),)
            )
            ((secret,),) = self.database.execute("SELECT value FROM setting WHERE name = 'secret'")
        except BaseException:
            self.database.close()
            raise
        self.secret = bytes(secret)  # of the random inputs; it never leaves this machine

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.database.close()

    def enter(self, submission: Submission) -> None:
        """Note that a student handed a file in; of equal files the earliest counts."""
        self.database.execute(
            "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "late = min(late, excluded.late), time = min(time, excluded.time), "
            "file = excluded.file",
            (
                submission.student,
                submission.hash,
                submission.file,
                submission.time.isoformat(),
                submission.id,
                submission.late,
            ),
        )

    def has(self, content: str) -> bool:
        """Tell whether there is a result for a content."""
        query = "SELECT 1 FROM result WHERE content = ? AND version = ?"
        with closing(self.database.execute(query, (content, self.version))) as rows:
            return rows.fetchone() is not None

    def keep(self, content: str, result: Result) -> None:
        """Keep a result; it is on the disk when this returns."""
        self.database.execute(
            "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?)",
            (
                content,
                self.version,
                datetime.now(UTC).isoformat(timespec="seconds"),
                result.lesson,
                result.points,
                json.dumps(asdict(result)),
            ),
        )

    def attempts(self, contents: Iterable[str] | None = None) -> list[Attempt]:
        """Return the attempts that have a result, a student's oldest first.

        Parameters
        ----------
        contents : iterable of str, optional
            Only these contents, and all attempts of the same lessons.
        """
        rows = self.database.execute(
            "SELECT attempt.student, file, id, time, late, content, report FROM attempt "
            "JOIN result USING (content) WHERE version = ? ORDER BY student, id, time, file",
            (self.version,),
        ).fetchall()
        found = [
            (
                content,
                Attempt(
                    student, file, number, datetime.fromisoformat(time), bool(late), _result(report)
                ),
            )
            for student, file, number, time, late, content, report in rows
        ]
        if contents is None:
            return [attempt for _, attempt in found]
        wanted = set(contents)
        lessons = {a.result.lesson for content, a in found if content in wanted} - {""}
        return [a for content, a in found if content in wanted or a.result.lesson in lessons]


def _result(report: str) -> Result:
    fields = json.loads(report)
    return Result(**fields | {"marks": [Mark(**mark) for mark in fields["marks"]]})
