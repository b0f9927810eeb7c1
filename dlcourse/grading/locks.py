"""SQLite's errors in words, and its locks for whole runs."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dlcourse.grading.files import KeepingError, no_room


@contextmanager
def alone(folder: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Wait until no other run works on a folder, and keep others waiting in the block.

    Parameters
    ----------
    folder : Path
    tell : callable
        It gets one sentence if there is somebody to wait for.

    Raises
    ------
    KeepingError
        If the folder cannot be written.
    """
    path = folder / "gradebook.lock"
    with told(path):
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    with closing(lock):
        waited = False
        while not _locks(lock, path):
            if not waited:
                tell(f"Another run is grading into {folder}. This one begins when that has ended.")
            waited = True
            time.sleep(0.2)
        yield


def _locks(lock: sqlite3.Connection, path: Path) -> bool:
    """Try to lock a file; the system unlocks it when this process ends, however it does."""
    with told(path):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if _is(error, sqlite3.SQLITE_BUSY):
                return False
            raise
    return True


def _is(error: sqlite3.Error, *codes: int) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in codes


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an error of SQLite into a `KeepingError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise KeepingError(_sentence(error, path)) from error


def _sentence(error: sqlite3.Error, path: Path) -> str:
    if _is(error, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return (
            f"{path} is in use by another program. Close that (a database browser, perhaps) and "
            "run the command again: what has been graded is kept."
        )
    if _is(error, sqlite3.SQLITE_FULL):
        return no_room(path)
    if _is(error, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"{path} cannot be written ({error}). Name another folder with --output."
    return (
        f"{path} cannot be used as a gradebook ({error}). Move it away, or name another folder "
        "with --output."
    )
