"""The gradebook: every attempt and every result, in one SQLite file.

A result belongs to the content of a file and to a version of the checks, so the same file is
graded once. Each result is committed as it comes. Whoever kills the grader loses the submissions
in flight and nothing else; the next run grades those. Two runs on one folder wait for each other.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from dlcourse import checks, nn
from dlcourse.grading import sandbox
from dlcourse.grading.locks import told
from dlcourse.grading.marking import Mark, Result
from dlcourse.grading.reading import NO_TIME
from dlcourse.grading.submission import Submission

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (
    student TEXT, content TEXT, file TEXT, time TEXT, id TEXT, late INTEGER, source TEXT,
    notes TEXT, PRIMARY KEY (student, id, content));
CREATE TABLE IF NOT EXISTS result (
    content TEXT, version TEXT, graded TEXT, lesson TEXT, points REAL, report TEXT,
    PRIMARY KEY (content, version));
"""
ADDED = {"source": "''", "notes": "'[]'"}  # columns that a gradebook made earlier lacks
BUSY = 60  # seconds that another program may keep the file to itself
NOT_YET = "Not graded yet: run the command again."


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
    source : str
        Which of Canvas, Moodle, Blackboard, Brightspace named the file; empty for none of them.
    notes : list of str
        What the teacher should know of how it was found.
    content : str
        The hash of the file.
    """

    student: str
    file: str
    id: str
    time: datetime
    late: bool
    result: Result
    source: str = ""
    notes: list[str] = field(default_factory=list)
    content: str = ""


@cache
def checks_version() -> str:
    """Return a name for all code that decides about points."""
    digest = hashlib.sha256()
    for package in (checks, nn, sandbox):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    here = Path(__file__).parent
    names = ("answers.py", "running.py", "marking.py", "credit.py")
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
    KeepingError
        If the file is no gradebook, or cannot be read or written: this and every method.
    """

    def __init__(self, path: Path, confined: bool = True) -> None:
        self.version = checks_version() + ("" if confined else "-trusted")
        self.path = path
        with told(path):
            self.database = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
        try:
            self._ask("PRAGMA journal_mode=WAL")
            self._ask("PRAGMA synchronous=FULL")
            for statement in SCHEMA.split(";"):
                self._ask(statement)
            known = {name for _, name, *_ in self._ask("PRAGMA table_info(attempt)")}
            for name, default in ADDED.items():
                if name not in known:
                    self._ask(f"ALTER TABLE attempt ADD {name} TEXT DEFAULT {default}")
            self._ask(
                "INSERT OR IGNORE INTO setting VALUES ('secret', ?)", [secrets.token_bytes(32)]
            )
            ((secret,),) = self._ask("SELECT value FROM setting WHERE name = 'secret'")
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

    def _ask(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with told(self.path):
            return self.database.execute(query, values).fetchall()

    def enter(self, submission: Submission) -> None:
        """Note that a student handed a file in; of equal files the earliest counts."""
        self._ask(
            "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "late = min(late, excluded.late), "
            "time = min(coalesce(time, excluded.time), coalesce(excluded.time, time)), "
            "file = excluded.file, source = excluded.source, notes = excluded.notes",
            (
                submission.student,
                submission.hash,
                submission.file,
                None if submission.time == NO_TIME else submission.time.isoformat(),
                submission.id,
                submission.late,
                submission.source,
                json.dumps(submission.notes),
            ),
        )

    def has(self, content: str) -> bool:
        """Tell whether there is a result for a content."""
        query = "SELECT 1 FROM result WHERE content = ? AND version = ?"
        return bool(self._ask(query, [content, self.version]))

    def keep(self, content: str, result: Result) -> None:
        """Keep a result; it is on the disk when this returns."""
        self._ask(
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
            Only these contents, and all attempts of the same lessons. Those that were not graded
            come, too, with a result that says so.
        """
        rows = self._ask(
            "SELECT content, report, attempt.student, file, id, time, late, source, notes "
            "FROM attempt LEFT JOIN (SELECT content, report FROM result WHERE version = ?) "
            "USING (content) ORDER BY student, id, time, file",
            [self.version],
        )
        wanted = set(contents or ())
        found = [
            _attempt(content, report, *fields)
            for content, report, *fields in rows
            if report is not None or content in wanted
        ]
        if contents is None:
            return found
        lessons = {a.result.lesson for a in found if a.content in wanted} - {""}
        return [a for a in found if a.content in wanted or a.result.lesson in lessons]


def _attempt(
    content: str,
    report: str | None,
    student: str,
    file: str,
    number: str,
    time: str | None,
    *about: Any,
) -> Attempt:
    when = datetime.fromisoformat(time) if time else NO_TIME
    late, source, notes = about
    result = Result("", problem=NOT_YET) if report is None else _result(report)
    notes = json.loads(notes)
    return Attempt(student, file, number, when, bool(late), result, source, notes, content)


def _result(report: str) -> Result:
    fields = json.loads(report)
    return Result(**fields | {"marks": [Mark(**mark) for mark in fields["marks"]]})
