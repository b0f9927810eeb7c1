"""The files in a zip: how they are called, when they were written, and zips in the zip.

A zip is never unpacked to the disk, and what it says about itself is not believed: sizes are those
of what is read, names go through `reading.parts`, and one budget holds for all that is inside.
"""

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import NoReturn

from dlcourse.grading.clock import to_utc
from dlcourse.grading.reading import MAX_BYTES, NO_TIME, File, UnreadableError, parts, too_large

MAX_FILES = 50_000  # in the zip of a class
MAX_UNPACKED = 4 << 30  # bytes, likewise
MAX_FILES_INNER = 2_000  # in all that a zip in a zip holds
MAX_UNPACKED_INNER = 256 << 20  # bytes, likewise
MAX_INNER = 64 << 20  # bytes of a zip in a zip
MAX_DEPTH = 3  # zips in each other

IGNORED = {".ipynb_checkpoints", "__MACOSX", "__pycache__", ".DS_Store"}
UTF_8 = 0x800  # the flag of an entry whose name is written in UTF-8
ENCRYPTED = 0x1
NAME_READ = "The zip does not say how its names are written; this one was read as UTF-8."

TAKEN_OUT = "It was handed in in a zip, and was taken out of that."

Opener = Callable[[], AbstractContextManager[zipfile.ZipFile]]


@dataclass
class Budget:
    """What may still be read."""

    unpacked: int
    files: int

    @classmethod
    def of_class(cls) -> "Budget":
        """Return what the zip of a class may take."""
        return cls(MAX_UNPACKED, MAX_FILES)

    @classmethod
    def of_student(cls) -> "Budget":
        """Return what a zip in it may take: one student's must not use up what is for all."""
        return cls(MAX_UNPACKED_INNER, MAX_FILES_INNER)


def is_zip(name: str) -> bool:
    """Tell whether a file is called a zip."""
    return name.lower().endswith(".zip")


def ignored(name: str) -> bool:
    """Tell whether a file is none of a person's: what macOS and Jupyter put beside them."""
    found = parts(name)
    return bool(IGNORED & set(found)) or found[-1].startswith("._")


def files(
    opener: Opener,
    zone: tzinfo | None,
    budget: Budget | None = None,
    outer: File | None = None,
    depth: int = 1,
) -> Iterator[File]:
    """Yield the files in a zip, and those in zips inside it.

    Parameters
    ----------
    opener : callable
        Opens the zip; it is called anew for each file that is read.
    zone : tzinfo, optional
        Where a time is meant that names no zone; None is this machine's.
    budget : Budget, optional
        Without it, that of a class.
    outer : File, optional
        The zip itself, where it lies in something else. Its time and notes hold for all in it:
        what it says of itself, whoever packed it may have chosen.
    depth : int
        How many zips are around these files.

    Raises
    ------
    UnreadableError
        If there are too many.
    Exception
        `zipfile` raises many kinds on hostile data.
    """
    budget = budget or Budget.of_class()
    with opener() as archive:
        for entry in sorted(archive.infolist(), key=lambda e: e.filename):
            own, recovered = entry_name(entry)
            if entry.is_dir() or ignored(own):
                continue
            budget.files -= 1
            if budget.files < 0:
                raise UnreadableError("The zip holds too many files.")
            found = File(
                f"{outer.name}/{own}" if outer else own,
                partial(_read, opener, entry, budget),
                outer.time if outer else entry_time(entry, zone),
                (*(outer.notes if outer else ()), *([NAME_READ] if recovered else [])),
            )
            inner = budget if depth > 1 else Budget.of_student()
            yield from inside(found, zone, inner, depth) if is_zip(own) else [found]


def inside(
    found: File,
    zone: tzinfo | None,
    budget: Budget,
    depth: int = 0,
    opener: Opener | None = None,
) -> Iterator[File]:
    """Yield the files in a zip that was handed in; if that cannot be, the zip with the reason.

    Parameters
    ----------
    found : File
        The zip.
    zone, budget
        See `files`.
    depth : int
        How many zips are around this one.
    opener : callable, optional
        Opens the zip; without it, it is read as a whole.
    """

    def read_it() -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(found.read()))

    try:
        if depth >= MAX_DEPTH:
            raise UnreadableError("It lies in zips in zips. Pack the notebook once, or not at all.")
        noted = File(found.name, found.read, found.time, (*found.notes, TAKEN_OUT))
        yield from files(opener or read_it, zone, budget, noted, depth + 1)
    except UnreadableError as error:
        yield _unreadable(found, str(error))
    except Exception as error:  # zipfile raises many kinds on hostile data
        why = f"This is no zip file, or a damaged one ({type(error).__name__})."
        yield _unreadable(found, why)


def _unreadable(found: File, why: str) -> File:
    def refuse() -> NoReturn:
        raise UnreadableError(why)

    return File(found.name, refuse, found.time, found.notes)


def _read(opener: Opener, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise UnreadableError("This is a link to a file, not a file. Hand in the file.")
    if entry.flag_bits & ENCRYPTED:
        raise UnreadableError("The file is encrypted. Hand it in without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableError("The zip is packed in an unusual way. Pack it as an ordinary zip.")
    if budget.unpacked <= 0:
        raise UnreadableError("The zip unpacks to more than can be graded. Split it up.")
    most = MAX_INNER if is_zip(entry.filename) else MAX_BYTES
    try:
        with opener() as archive, archive.open(entry) as file:
            content = file.read(most + 1)  # whatever size the zip's directory claims
    except UnreadableError:  # of the zip around it
        raise
    except Exception as error:  # zipfile and the codecs raise many kinds on hostile data
        budget.unpacked -= most
        raise UnreadableError(
            f"The file in the zip is damaged ({type(error).__name__})."
        ) from error
    budget.unpacked -= len(content)
    if len(content) > most:
        size = max(entry.file_size, len(content))
        if is_zip(entry.filename):
            raise UnreadableError(f"The zip has {size / 1e6:.0f} MB. Hand in the notebook alone.")
        raise UnreadableError(too_large(size))
    if not content:
        raise UnreadableError("The file is empty.")
    return content


# ------------------------------------------------------------------ what an entry says of itself


def entry_name(entry: zipfile.ZipInfo) -> tuple[str, bool]:
    """Return the name of an entry, and whether it was not clear how it is written.

    macOS writes UTF-8 and does not set the flag that says so; then `zipfile` reads code page 437,
    and José becomes another student. Bytes that are valid UTF-8 beyond ASCII are hardly anything
    else.
    """
    if entry.flag_bits & UTF_8 or entry.filename.isascii():
        return entry.filename, False
    try:
        return entry.filename.encode("cp437").decode("utf-8"), True
    except UnicodeError:
        return entry.filename, False


def entry_time(entry: zipfile.ZipInfo, zone: tzinfo | None) -> datetime:
    """Return when an entry was written last, in UTC: by its extra fields, which say it in UTC.

    Without these there is the time of a clock on a wall, in steps of two seconds, and whoever
    packed the zip is taken to have lived in `zone`.
    """
    try:
        for identity, data in _extra_fields(entry.extra):
            if identity == 0x5455 and data[0] & 1:  # Info-ZIP, "UT": flags, seconds since 1970
                return datetime.fromtimestamp(struct.unpack_from("<i", data, 1)[0], UTC)
            if identity == 0x5855:  # macOS, "UX": read last, written last
                return datetime.fromtimestamp(struct.unpack_from("<ii", data)[1], UTC)
            if identity == 0x000A and data[4:8] == b"\x01\x00\x18\x00":  # Windows: 100 ns from 1601
                (ticks,) = struct.unpack_from("<Q", data, 8)
                when = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
                return when.replace(microsecond=0)
    except (struct.error, IndexError, ValueError, OverflowError, OSError):
        pass  # damaged, or of another world
    try:
        return to_utc(datetime(*entry.date_time), zone)
    except (ValueError, OverflowError, OSError):  # OSError: Windows, before 1970
        return NO_TIME


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        identity, size = struct.unpack_from("<HH", extra)
        yield identity, extra[4 : 4 + size]
        extra = extra[4 + size :]
