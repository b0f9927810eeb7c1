"""What reading the files of strangers has in common: nothing in them is trusted."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_BYTES = 10 << 20  # of one notebook
NO_TIME = datetime.fromtimestamp(0, UTC)  # of what has none


class UnreadableError(ValueError):
    """The file is not what it should be: one sentence for whoever handed it in."""


@dataclass(frozen=True)
class File:
    """One file of a class, in a folder or in a zip.

    Attributes
    ----------
    name : str
        Its path below what is graded, with ``/`` between the parts. A zip on the way is a part.
    read : callable
        Returns the bytes, or raises `UnreadableError`.
    time : datetime
        When it was written last, as the file system or the zip says; UTC.
    notes : tuple of str
        What the teacher should know of how it was found.
    """

    name: str
    read: Callable[[], bytes]
    time: datetime = NO_TIME
    notes: tuple[str, ...] = ()


def parts(name: str) -> list[str]:
    r"""Return the folders of a file and its own name, whatever stands between them.

    Examples
    --------
    >>> parts(r"..\__MACOSX\._a.ipynb")
    ['__MACOSX', '._a.ipynb']
    """
    found = printable(name.replace("\\", "/")).split("/")
    return [part for part in found if part not in ("", ".", "..")] or ["?"]


def too_large(size: int) -> str:
    """Say what to do with a notebook that is too large."""
    return (
        f"The file has {size / 1e6:.0f} MB; at most {MAX_BYTES >> 20} are graded. Clear its "
        "outputs (Kernel > Restart Kernel and Clear Outputs), save it and hand it in again."
    )


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 where it begins with that mark.

    Raises
    ------
    UnicodeDecodeError
        If it is written in neither.
    """
    marks = (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if content.startswith(marks) else "utf-8-sig")


def printable(text: str) -> str:
    r"""Return a text without what moves a terminal's cursor or hides: controls, odd directions.

    Examples
    --------
    >>> printable("Jane\x1b[2J Doe")
    'Jane[2J Doe'
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return "".join(c for c in text if unicodedata.category(c)[0] != "C")
