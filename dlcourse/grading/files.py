"""Write a file whole or not at all, and say in words why it cannot be."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path


class KeepingError(RuntimeError):
    """Something cannot be kept on the disk: why, and what to do."""


def no_room(path: Path) -> str:
    """Say that the disk is full."""
    return (
        f"The disk with {path} is full. Make room and run the command again: what has been graded "
        "is kept."
    )


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn an error of the file system into a `KeepingError`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            raise KeepingError(no_room(path)) from error
        raise KeepingError(f"{path} cannot be written: {error.strerror or error}.") from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it, if they are not there.

    Raises
    ------
    KeepingError
        If that is not possible.
    """
    with told(path):
        path.mkdir(parents=True, exist_ok=True)


def write(path: Path, text: str) -> None:
    """Put a text in place of a file; whoever is interrupted leaves the old one as it was.

    The part that is being written carries the number of the process, so two runs in one folder
    do not write into each other's.

    Raises
    ------
    KeepingError
        If that is not possible.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with told(path):
        try:
            part.write_text(text, encoding="utf-8", newline="")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
