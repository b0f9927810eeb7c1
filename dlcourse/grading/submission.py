"""Find submissions (folders, zips) and read what a student wrote in one of them.

A notebook is read as plain JSON by hand: of a stranger's file nothing else is needed, and nothing
is trusted. A zip is never unpacked to the disk.
"""

import contextlib
import errno
import hashlib
import itertools
import json
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from dlcourse import checks

MAX_BYTES = 10 << 20  # of one notebook
MAX_SOURCE = 1 << 20  # characters in the code cells of one notebook
MAX_CELLS = 5_000
MAX_FILES = 50_000  # in one zip
MAX_UNPACKED = 4 << 30  # bytes, of one zip
NO_TIME = datetime.fromtimestamp(0, UTC)  # of what has none

IGNORED = {".ipynb_checkpoints", "__MACOSX", "__pycache__"}
EXERCISE = re.compile(r"\d\d_")
# Canvas: doejane_LATE_12345_67890_notebook-1.ipynb, or LATE_anon_x1Y2z_67890_notebook.ipynb.
CANVAS = re.compile(
    r"((?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)|(?P<anon_late>LATE_)?(?P<anon>anon_[^\W_]+))"
    r"_\d+_.*\.\w+$"
)
# Moodle: Jane Doe_12345_assignsubmission_file_/notebook.ipynb, or all in the name of the file.
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_?$")
MOODLE_FILE = re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_.*")


class UnreadableError(ValueError):
    """The file is no submission: one sentence for the student."""


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
        When it was written last, as the file system or the zip says.
    content : bytes
        The file itself; empty if `problem` says why there is none.
    problem : str
        One sentence for the student.
    id : str
        The student's number in Canvas or Moodle, if the name has one.
    late : bool
        Whether Canvas marked it as late.
    """

    student: str
    file: str
    time: datetime
    content: bytes = field(default=b"", repr=False)
    problem: str = ""
    id: str = ""
    late: bool = False

    @property
    def hash(self) -> str:
        """A name for the content; what could not be read has its problem for content."""
        return hashlib.sha256(self.content or self.problem.encode()).hexdigest()


# ------------------------------------------------------------------ where they are


def collect(path: Path) -> Iterator[Submission]:
    """Yield every submission at a path, in the order of their names.

    Parameters
    ----------
    path : Path
        A notebook, a zip as Canvas or Moodle export it, or a folder with notebooks in it: one per
        student, or a folder per student, at any depth.

    Raises
    ------
    UnreadableError
        If there is nothing to grade.
    """
    if path.is_dir():
        found = _in_folder(path)
    elif path.suffix.lower() == ".zip":
        found = _in_zip(path)
    elif path.suffix.lower() == ".ipynb":
        found = _in_folder(path.parent, [path])
    else:
        raise UnreadableError(f"{path} is no folder, no zip and no notebook.")
    first = next(found, None)
    if first is None:
        raise UnreadableError(f"{path} holds no notebooks (files that end with .ipynb).")
    yield first
    yield from found


def count(path: Path) -> int:
    """Return how many notebooks there are at a path, for a progress bar."""
    if path.is_dir():
        return sum(map(_is_notebook, _files(path)))
    if path.suffix.lower() == ".zip":
        with contextlib.suppress(Exception), zipfile.ZipFile(path) as archive:
            return sum(map(_is_notebook, archive.namelist()))
    return 1


def _in_folder(folder: Path, paths: list[Path] | None = None) -> Iterator[Submission]:
    files = sorted(_files(folder)) if paths is None else paths
    names = [path.relative_to(folder).as_posix() for path in files]
    students = Names.of(names)
    for path in filter(_is_notebook, files):
        content, problem, when = b"", "", NO_TIME
        try:
            content, when = _read_file(path)
        except UnreadableError as error:
            problem = str(error)
        yield students.submission(path.relative_to(folder).as_posix(), when, content, problem)
    yield from _without_notebook(names, students)


def _files(folder: Path) -> Iterator[Path]:
    """Yield files, and what has the name of a notebook; follow no link to a folder."""
    for here, folders, files in os.walk(folder, onerror=None, followlinks=False):
        folders[:] = sorted(set(folders) - IGNORED)
        for name in [*files, *(f for f in folders if f.lower().endswith(".ipynb"))]:
            yield Path(here, name)


def _is_notebook(file: Path | str) -> bool:
    return str(file).lower().endswith(".ipynb")


def _without_notebook(files: Sequence[str], students: "Names") -> Iterator[Submission]:
    """Yield what Canvas or Moodle say that a student handed in, without any notebook."""
    with_one = {students.student(file)[:2] for file in filter(_is_notebook, files)}
    for file in files:
        student, number, late = students.student(file)
        if number and (student, number) not in with_one:
            with_one.add((student, number))
            name = PurePosixPath(printable(file)).name
            problem = f"A notebook (a file that ends with .ipynb) was expected, not {name[:80]}."
            when = NO_TIME
            yield Submission(student, printable(file), when, b"", problem, number, late)


def _read_file(path: Path) -> tuple[bytes, datetime]:
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
            raise UnreadableError(_too_large(status.st_size))
        content = bytearray()
        while part := os.read(file, MAX_BYTES + 1 - len(content)):
            content += part
        if len(content) > MAX_BYTES:
            raise UnreadableError(_too_large(len(content)))
        if not content:
            raise UnreadableError("The file is empty.")
        return bytes(content), datetime.fromtimestamp(int(status.st_mtime), UTC)
    except OSError as error:
        raise UnreadableError(f"The file cannot be read: {error.strerror}.") from error
    finally:
        os.close(file)


def _too_large(size: int) -> str:
    return (
        f"The file has {size / 1e6:.0f} MB; at most {MAX_BYTES >> 20} are graded. Clear its "
        "outputs (Kernel > Restart Kernel and Clear Outputs), save it and hand it in again."
    )


def _in_zip(path: Path) -> Iterator[Submission]:
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # zipfile raises many kinds on hostile data
        raise UnreadableError(f"{path} is no zip file: {error}.") from error
    with archive:
        entries = [e for e in archive.infolist() if not e.is_dir()]
        entries = [e for e in entries if not IGNORED & set(PurePosixPath(e.filename).parts)]
        if len(entries) > MAX_FILES:
            raise UnreadableError(f"{path} holds more than {MAX_FILES} files.")
        names = [entry.filename for entry in entries]
        students = Names.of(names)
        left = MAX_UNPACKED
        for entry in sorted(entries, key=lambda e: e.filename):
            if not _is_notebook(entry.filename):
                continue
            content, problem = b"", ""
            try:
                content = _read_entry(archive, entry, left)
            except UnreadableError as error:
                problem = str(error)
            left -= len(content) or MAX_BYTES if problem else len(content)
            yield students.submission(entry.filename, _entry_time(entry), content, problem)
        yield from _without_notebook(names, students)


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise UnreadableError("This is a link to a file, not a file. Hand in the file.")
    if entry.flag_bits & 1:
        raise UnreadableError("The file is encrypted. Hand it in without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableError("The zip is packed in an unusual way. Pack it as an ordinary zip.")
    if left <= 0:
        raise UnreadableError("The zip unpacks to more than can be graded. Split it up.")
    try:
        with archive.open(entry) as file:
            content = file.read(MAX_BYTES + 1)  # whatever size the zip's directory claims
    except Exception as error:  # zipfile and the codecs raise many kinds on hostile data
        raise UnreadableError(
            f"The file in the zip is damaged ({type(error).__name__})."
        ) from error
    if len(content) > MAX_BYTES:
        raise UnreadableError(_too_large(max(entry.file_size, len(content))))
    if not content:
        raise UnreadableError("The file is empty.")
    return content


def _entry_time(entry: zipfile.ZipInfo) -> datetime:
    try:
        return datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError, OSError):  # OSError: Windows, before 1970
        return NO_TIME


@dataclass(frozen=True)
class Names:
    """How the students of a class are read off the names of its files.

    Attributes
    ----------
    common : int
        How many folders all notebooks share: they are not the names of students.
    exported : bool
        Whether Canvas or Moodle named every notebook, or a folder around it. Elsewhere a student
        may have chosen such a name, and that of another student.
    """

    common: int
    exported: bool

    @classmethod
    def of(cls, files: Sequence[str]) -> "Names":
        """Look at all files of a class."""
        notebooks = [_parts(file) for file in filter(_is_notebook, files)]
        folders = [parts[:-1] for parts in notebooks]
        levels = itertools.takewhile(lambda same: len(set(same)) == 1, zip(*folders, strict=False))
        common = len(list(levels)) if len(folders) > 1 else 0
        return cls(common, all(any(_exports(parts)) for parts in notebooks))

    def submission(self, file: str, time: datetime, content: bytes, problem: str) -> Submission:
        """Say whose a file is."""
        student, number, late = self.student(file)
        return Submission(student, printable(file), time, content, problem, number, late)

    def student(self, file: str) -> tuple[str, str, bool]:
        """Return a student's name, number in Canvas or Moodle, and whether Canvas calls it late."""
        parts = _parts(file)
        own = parts[self.common : -1]
        found = _exports(parts)  # the outermost is Moodle's own, those inside are the student's
        if not self.exported:
            found = found[self.common :][:1]
        for name in filter(None, found):
            return name
        stem = PurePosixPath(parts[-1]).stem
        if not own and EXERCISE.match(stem):
            own = parts[:-1][-1:]  # all notebooks are one student's
        return (own[0] if own else stem)[:120], "", False


def _parts(file: str) -> list[str]:
    """Return the folders of a file and its name."""
    parts = printable(file.replace("\\", "/")).split("/")
    return [part for part in parts if part not in ("", ".", "..")] or ["?"]


def _exports(parts: Sequence[str]) -> list[tuple[str, str, bool] | None]:
    """Read each folder and the file as a name that Canvas or Moodle make; None if it is none."""
    *folders, name = parts
    found: list[tuple[str, str, bool] | None] = [
        (match["name"][:120], match["id"], False) if match else None
        for match in map(MOODLE.fullmatch, folders)
    ]
    if match := CANVAS.fullmatch(name):
        late = bool(match["late"] or match["anon_late"])
        found.append(((match["name"] or match["anon"])[:120], match["id"] or "", late))
    elif match := MOODLE_FILE.fullmatch(name):
        found.append((match["name"][:120], match["id"], False))
    return found


def printable(text: str) -> str:
    r"""Return a text without what moves a terminal's cursor or hides: controls, odd directions.

    Examples
    --------
    >>> printable("Jane\x1b[2J Doe")
    'Jane[2J Doe'
    """
    text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return "".join(c for c in text if unicodedata.category(c)[0] != "C")


# ------------------------------------------------------------------ what is in them


@dataclass(frozen=True)
class Answers:
    """What there is to grade in one notebook.

    Attributes
    ----------
    lesson : str
        The number of the lesson whose answer cells it has.
    cells : list of (function, source)
        The code in the order of the notebook: the name of the graded function for an answer cell,
        empty for the student's other cells. Test cells are left out.
    notices : list of str
        What the student and the teacher should know.
    """

    lesson: str
    cells: list[tuple[str, str]]
    notices: list[str]


def read(content: bytes) -> Answers:
    """Take the answers from a notebook, by the `grade_id` of their cells.

    Raises
    ------
    UnreadableError
        If there are none: one sentence for the student.
    """
    notebook = _parse(content)
    cells = _cells(notebook)
    lesson = _lesson(cells)
    notices = []
    language = _path(notebook, "metadata", "kernelspec", "language") or _path(
        notebook, "metadata", "language_info", "name"
    )
    if isinstance(language, str) and language.lower() not in ("python", ""):
        notices.append(
            f"The notebook says that its language is {printable(language)[:40]!r}. "
            "It was run as Python."
        )
    names = {check.name for check in checks.lessons()[lesson]}
    tests = {f"test_{name}" for name in names}
    last = {identity: i for i, (identity, _) in enumerate(cells) if identity in names}
    kept = []
    for i, (identity, source) in enumerate(cells):
        if identity in tests:
            continue
        if identity in names and last[identity] != i:
            notice = f"There are several answer cells for {identity}. The last one was graded."
            notices += [notice] if notice not in notices else []
            continue
        kept.append((identity if identity in names else "", source))
    if sum(len(source) for _, source in kept) > MAX_SOURCE:
        raise UnreadableError("The code cells hold more than a million characters.")
    return Answers(lesson, kept, notices)


def _parse(content: bytes) -> dict[str, Any]:
    try:
        text = decode(content)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "The file is not written in UTF-8, as notebooks are. Open it in JupyterLab, save it "
            "there and hand it in again."
        ) from error
    if not text.strip():
        raise UnreadableError("The file is empty.")
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            "The file is no notebook: it is not valid JSON. Open it in JupyterLab; if that cannot "
            "read it either, hand in an older version."
        ) from error
    if not isinstance(notebook, dict):
        raise UnreadableError("The file is JSON, but no notebook.")
    return notebook


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 where it begins with that mark.

    Raises
    ------
    UnicodeDecodeError
        If it is written in neither.
    """
    marks = (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if content.startswith(marks) else "utf-8-sig")


def _cells(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    """Return grade_id and source of every code cell; format 3 keeps them in worksheets."""
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        lists = [_path(sheet, "cells") for sheet in notebook["worksheets"]]
        cells = [cell for part in lists if isinstance(part, list) for cell in part]
    if not isinstance(cells, list):
        raise UnreadableError("The file is JSON, but no notebook: it has no cells.")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"The notebook has more than {MAX_CELLS} cells.")
    found = []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            continue
        identity = _path(cell, "metadata", "nbgrader", "grade_id")
        # Half of a surrogate pair can be written as JSON, and nowhere else.
        source = source.encode("utf-8", "replace").decode()
        found.append((identity if isinstance(identity, str) else "", source))
    return found


def _path(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _lesson(cells: list[tuple[str, str]]) -> str:
    """Return the lesson with the most answer cells here."""
    identities = {identity for identity, _ in cells}
    scores = {
        lesson: len(identities & {check.name for check in graded})
        for lesson, graded in checks.lessons().items()
    }
    best = max(scores, key=lambda lesson: scores[lesson])
    if not scores[best]:
        raise UnreadableError(
            "This notebook has none of the answer cells of an exercise of this course. Write your "
            "answers into the notebook that was handed out, and hand in that one."
        )
    return best
