"""Find submissions: in a folder, in a zip, in zips in them."""

import contextlib
import errno
import hashlib
import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from dlcourse.grading import archive, clock, gradescope
from dlcourse.grading.authors import Author, Names
from dlcourse.grading.reading import (
    MAX_BYTES,
    NO_TIME,
    File,
    UnreadableError,
    parts,
    too_large,
)

SAVED_AS = "The name does not end with .ipynb. It was read as a notebook."
MAX_PER_STUDENT = 50  # notebooks; a thousand in one zip must not keep the class waiting
ADDED = (".ipynb.txt", ".ipynb.json")  # by browsers, when a notebook is saved from one
PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True)
class Submission:
    """One file that a student handed in.

    Attributes
    ----------
    student : str
        From the name of the file or folder.
    file : str
        Where it lies, for messages.
    time : datetime
        When it was handed in, as far as that can be known; UTC.
    content : bytes
        The file itself; empty if `problem` says why there is none.
    problem : str
        One sentence for the student.
    id : str
        The student's number in Canvas, Moodle, Brightspace or Gradescope, if there is one.
    late : bool
        Whether Canvas marked it as late.
    source : str
        Which of these named it: "Canvas", "Moodle", "Blackboard", "Brightspace", "Gradescope";
        empty for none of them.
    notes : tuple of str
        What the teacher should know of how it was found.
    """

    student: str
    file: str
    time: datetime
    content: bytes = field(default=b"", repr=False)
    problem: str = ""
    id: str = ""
    late: bool = False
    source: str = ""
    notes: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """A name for the content; what could not be read has its problem for content."""
        return hashlib.sha256(self.content or self.problem.encode()).hexdigest()


def collect(path: Path, zone: tzinfo | None = None) -> Iterator[Submission]:
    """Yield every submission at a path, in the order of their names.

    Parameters
    ----------
    path : Path
        A notebook, a zip as Canvas, Moodle, Blackboard, Brightspace or Gradescope export it, or a
        folder with notebooks in it: one per student, or a folder or zip per student, at any depth.
    zone : tzinfo, optional
        Where a time is meant that names no zone; None is this machine's.

    Raises
    ------
    UnreadableError
        If there is nothing to grade.
    """
    with contextlib.ExitStack() as stack:
        found = sorted(_files(path, zone, stack), key=lambda file: file.name)
        notebooks = [file for file in found if _is_graded(file.name)]
        people = People.of(found, notebooks)
        without = list(_without_notebook(found, notebooks, people, zone))
        if not notebooks and not without:
            raise UnreadableError(f"{path} holds no notebooks (files that end with .ipynb).")
        handed_in: Counter[tuple[str, str]] = Counter()
        for file in notebooks:
            for author in people.authors(file.name):
                handed_in[author.student, author.id] += 1
                if handed_in[author.student, author.id] <= MAX_PER_STUDENT:
                    yield _submission(file, author, zone, people.notes(file.name))
        for (student, number), count in handed_in.items():
            if count > MAX_PER_STUDENT:
                problem = f"{count} notebooks were handed in; the first {MAX_PER_STUDENT} count."
                yield Submission(student, "", NO_TIME, problem=problem, id=number)
        yield from without


def count(path: Path) -> int:
    """Return how many notebooks there are at a path, for a progress bar."""
    with contextlib.suppress(UnreadableError), contextlib.ExitStack() as stack:
        return sum(_is_graded(file.name) for file in _files(path, None, stack))
    return 0


def _is_graded(name: str) -> bool:
    return PurePosixPath(name.lower()).name.endswith((".ipynb", *ADDED))


class People(NamedTuple):
    """Whose the files of a class are: as Gradescope's metadata say, or else their names."""

    names: Names
    export: gradescope.Export

    @classmethod
    def of(cls, found: Sequence[File], notebooks: Sequence[File]) -> "People":
        """Look at all files of a class, and at those that are graded."""
        names = Names.of([file.name for file in found], [file.name for file in notebooks])
        return cls(names, gradescope.Export.find(found))

    def authors(self, name: str) -> tuple[Author, ...]:
        """Return who handed a file in: one person, or a group."""
        return self.export.of(name) or (self.names.author(name),)

    def notes(self, name: str) -> tuple[str, ...]:
        """Say that a group handed a file in."""
        group = len(self.export.of(name))
        return (gradescope.OF_A_GROUP.format(count=group),) if group > 1 else ()


def _submission(
    file: File, author: Author, zone: tzinfo | None, notes: tuple[str, ...] = ()
) -> Submission:
    content, problem = b"", ""
    try:
        content = file.read()
    except UnreadableError as error:
        problem = str(error)
    return Submission(
        author.student,
        "/".join(parts(file.name)),
        _handed_in(file, author, zone),
        content,
        problem,
        author.id,
        author.late,
        author.source,
        file.notes + notes + ((SAVED_AS,) if file.name.lower().endswith(ADDED) else ()),
    )


def _handed_in(file: File, author: Author, zone: tzinfo | None) -> datetime:
    """Return when a file was handed in; `NO_TIME` where all that is known is its download."""
    if author.time is not None:
        with contextlib.suppress(ValueError, OverflowError, OSError):
            return clock.to_utc(author.time, zone)
    return NO_TIME if author.source else file.time


def _without_notebook(
    found: Sequence[File], notebooks: Sequence[File], people: People, zone: tzinfo | None
) -> Iterator[Submission]:
    """Yield what says that a student handed something in, without any notebook.

    That is what a system has named, a zip, what only other programs unpack, and what lies in a
    folder beside those of other students.
    """
    names = people.names
    in_folders = bool(notebooks) and all(names.has_folder(file.name) for file in notebooks)
    with_one = {(a.student, a.id) for file in notebooks for a in people.authors(file.name)}
    for file in found:
        name = parts(file.name)[-1]
        packed = any(map(archive.is_zip, parts(file.name))) or name.lower().endswith(PACKED)
        beside = in_folders and names.has_folder(file.name)
        for author in people.authors(file.name):
            if (author.student, author.id) in with_one or not (author.source or packed or beside):
                continue
            with_one.add((author.student, author.id))
            ending = PurePosixPath(name).suffix[:10]  # the whole name may tell who it is
            problem = (
                f"A notebook (a file that ends with .ipynb) was expected, not a {ending} file."
            )
            if archive.is_zip(name):
                with contextlib.suppress(UnreadableError):
                    problem = _submission(file, author, zone).problem
            when = _handed_in(file, author, zone)
            where = "/".join(parts(file.name))
            yield Submission(
                author.student, where, when, b"", problem, author.id, author.late, author.source
            )


# ------------------------------------------------------------------ where they lie


def _files(path: Path, zone: tzinfo | None, stack: contextlib.ExitStack) -> Iterator[File]:
    """Yield every file at a path; those in a zip can be read while `stack` is open."""
    if path.is_dir():
        yield from _in_folder(path, zone)
    elif archive.is_zip(path.name):
        try:
            opened = stack.enter_context(zipfile.ZipFile(path))
            yield from archive.files(lambda: contextlib.nullcontext(opened), zone)
        except UnreadableError as error:
            raise UnreadableError(f"{path}: {error}") from error
        except Exception as error:  # zipfile raises many kinds on hostile data
            raise UnreadableError(f"{path} is no zip file: {error}.") from error
    elif _is_graded(path.name):
        yield _on_disk(path, path.name)
    else:
        raise UnreadableError(f"{path} is no folder, no zip and no notebook.")


def _in_folder(folder: Path, zone: tzinfo | None) -> Iterator[File]:
    """Yield the files in a folder and in zips there; follow no link to a folder."""
    for here, folders, names in os.walk(folder, onerror=None, followlinks=False):
        folders[:] = sorted(name for name in folders if not archive.ignored(name))
        for name in [*names, *(f for f in folders if _is_graded(f))]:
            path = Path(here, name)
            if archive.ignored(name):
                continue
            file = _on_disk(path, path.relative_to(folder).as_posix())
            if archive.is_zip(name) and stat.S_ISREG(path.lstat().st_mode):
                opener = partial(zipfile.ZipFile, path)
                yield from archive.inside(file, zone, archive.Budget.of_class(), opener=opener)
            else:
                yield file


def _on_disk(path: Path, name: str) -> File:
    try:
        when = datetime.fromtimestamp(int(path.lstat().st_mtime), UTC)
    except (OSError, ValueError, OverflowError):
        when = NO_TIME
    return File(name, partial(_read_file, path), when)


def _read_file(path: Path) -> bytes:
    """Read a regular file of bounded size; whatever else has its name is not opened."""
    try:
        # O_NONBLOCK: a pipe in place of a file must not keep the class waiting.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        file = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise UnreadableError(
                "This is a link to a file, not a file. Hand in the file."
            ) from error
        raise UnreadableError(f"The file cannot be opened: {error.strerror}.") from error
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("This is a folder or a device, not a file.")
        if status.st_size > MAX_BYTES:
            raise UnreadableError(too_large(status.st_size))
        content = bytearray()
        while part := os.read(file, MAX_BYTES + 1 - len(content)):
            content += part
        if len(content) > MAX_BYTES:
            raise UnreadableError(too_large(len(content)))
        if not content:
            raise UnreadableError("The file is empty.")
        return bytes(content)
    except OSError as error:
        raise UnreadableError(f"The file cannot be read: {error.strerror}.") from error
    finally:
        os.close(file)
