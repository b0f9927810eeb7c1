"""Hand out exercises to ``work/``, the learner's own folder.

No file that exists there is ever written to, replaced or removed, whatever it contains. An
exercise that has changed since it was handed out is put beside the learner's file, under a
name with a date. Which versions were handed out stands in ``work/.handed_out.json``; without
that file the worst that happens is a copy too many.
"""

import json
import os
import tempfile
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

RECORD = ".handed_out.json"


class Notice(NamedTuple):
    """Something that the learner should know about a file in ``work/``.

    Attributes
    ----------
    path : Path
        The file that was written.
    kind : {"new", "beside"}
        A first copy, or a newer version beside the learner's own file.
    message : str
        One sentence.
    """

    path: Path
    kind: Literal["new", "beside"]
    message: str


def hand_out(exercises: Path, work: Path) -> list[Notice]:
    """Copy every exercise that is not in `work` yet.

    Parameters
    ----------
    exercises : Path
        A folder with ``NN_topic/NN_topic.ipynb``.
    work : Path
        The learner's folder; made if it does not exist. It is laid out like `exercises`, so
        that links between notebooks hold.

    Returns
    -------
    list of Notice
        One for each file that was written; empty if there was nothing to do.
    """
    work.mkdir(parents=True, exist_ok=True)
    known = _read_record(work)
    notices = []
    for source in sorted(exercises.glob("*/*.ipynb")):
        if source.stem != source.parent.name or source.stem.startswith("."):
            continue
        content = source.read_bytes()
        notice = _hand_out_one(source.stem, content, work, known.get(source.stem, []))
        if notice is not None:
            notices.append(notice)
        versions = known.setdefault(source.stem, [])
        if _version(content) not in versions:
            versions.append(_version(content))
            _write_record(work, known)
    return notices


def _hand_out_one(name: str, content: bytes, work: Path, versions: list[str]) -> Notice | None:
    folder = work / name
    folder.mkdir(exist_ok=True)
    target = folder / f"{name}.ipynb"
    if _create(target, content):
        return Notice(target, "new", f"New exercise: {_shown(target, work)}")
    if _version(content) in versions or _holds(target, content):
        return None  # this version was handed out; what differs is the learner's own work
    if any(_holds(path, content) for path in folder.glob(f"{name}.new-*.ipynb")):
        return None
    today = date.today().isoformat()
    for number in range(1, 1000):
        beside = folder / f"{name}.new-{today}{f'-{number}' if number > 1 else ''}.ipynb"
        if _create(beside, content):
            return Notice(
                beside,
                "beside",
                f"The exercise {name} has changed. The new version is {_shown(beside, work)}; "
                "your own file is as you left it.",
            )
    return None


def _shown(path: Path, work: Path) -> str:
    return f"{work.name}/{path.relative_to(work).as_posix()}"


def _create(target: Path, content: bytes) -> bool:
    """Create a file, whole or not at all; return False if something of that name exists.

    The content is written under a temporary name and then linked to the final one: linking
    fails where a file exists, so nothing can be overwritten, not even by a second process.
    """
    if os.path.lexists(target):
        return False
    handle, temporary = tempfile.mkstemp(
        prefix=f".{target.name}.", suffix=".tmp", dir=target.parent
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
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


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _version(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def _read_record(work: Path) -> dict[str, list[str]]:
    try:
        record = json.loads((work / RECORD).read_bytes())
        return {str(name): [str(v) for v in versions] for name, versions in record.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_record(work: Path, record: dict[str, list[str]]) -> None:
    handle, temporary = tempfile.mkstemp(prefix=RECORD, suffix=".tmp", dir=work)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)
        os.replace(temporary, work / RECORD)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
