"""Write files of a learner's folder: whole or not at all, and never over something unasked."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def create(target: Path, content: bytes) -> bool:
    """Create a file, whole or not at all; return False if something of that name exists.

    The content is written under a temporary name and then linked to the final one: linking
    fails where a file exists, so nothing can be overwritten, not even by a second process.
    """
    if os.path.lexists(target):
        return False
    temporary = _write_beside(target, content)
    try:
        try:
            os.link(temporary, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            return _create_without_link(target, content)
        return True
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def _create_without_link(target: Path, content: bytes) -> bool:
    created = False
    try:
        with open(target, "xb") as file:
            created = True
            file.write(content)
    except FileExistsError:
        return False
    except BaseException:
        if created:
            target.unlink()  # our own file, and not whole
        raise
    return True


def replace(target: Path, content: bytes) -> None:
    """Put a file in the place of another, whole or not at all."""
    temporary = _write_beside(target, content)
    try:
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _write_beside(target: Path, content: bytes) -> str:
    """Write a whole file under a temporary name in the folder of `target`; return its path."""
    handle, temporary = tempfile.mkstemp(
        prefix=f".{target.name}.", suffix=".tmp", dir=target.parent
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


@contextmanager
def locked(file: Path, patience: float = 10.0) -> Iterator[None]:
    """Let one process at a time go on; where the file system knows no locks, all of them.

    Parameters
    ----------
    file : Path
        An empty file that stands for what is locked; it is made, and stays.
    patience : float
        Seconds to wait for another process.

    Raises
    ------
    TimeoutError
        If another process holds the lock all that time.
    """
    with open(file, "ab") as handle:
        deadline = time.monotonic() + patience
        while (taken := _take(handle.fileno())) is False:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{file} is held by another process; end it and try again")
            time.sleep(0.02)
        try:
            yield
        finally:
            if taken:
                _give_back(handle.fileno())


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool | None:
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        except OSError:
            return None
        return True

    def _give_back(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> bool | None:
        """Return whether the lock is ours now; None where there are no locks."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return None
        return True

    def _give_back(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
