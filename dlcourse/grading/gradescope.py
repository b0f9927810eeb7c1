"""Who is behind the numbered folders of Gradescope's export: its file of metadata says it.

::

    assignment_77_export/
        submission_metadata.yml
        submission_1001/02_perceptron.ipynb
        submission_1002/02_perceptron.ipynb

The file names, for each folder, everybody who handed it in, and when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from dlcourse.grading.authors import Author
from dlcourse.grading.reading import File, UnreadableError, decode, parts, printable

METADATA = "submission_metadata.yml"
OF_A_GROUP = "It was handed in by a group of {count}; each gets its points."


@dataclass(frozen=True)
class Export:
    """What the file of metadata says; nothing where there is none.

    Attributes
    ----------
    depth : int
        How many folders lie around those of the submissions.
    authors : mapping
        Those of each folder, by its name.
    """

    depth: int
    authors: Mapping[str, tuple[Author, ...]]

    @classmethod
    def find(cls, files: Sequence[File]) -> "Export":
        """Look for the file above everything else: one deeper down is a student's own."""
        found = [parts(file.name) for file in files]
        for file, (*folders, name) in zip(files, found, strict=True):
            above = all(other[: len(folders)] == folders for other in found)
            if name == METADATA and above:
                return cls(len(folders), _authors(file))
        return cls(0, {})  # no export of Gradescope

    def of(self, name: str) -> tuple[Author, ...]:
        """Return whose a file is; nobody, where the metadata do not say it."""
        folder, *inside = parts(name)[self.depth :]
        return self.authors.get(folder, ()) if inside else ()


def _authors(file: File) -> dict[str, tuple[Author, ...]]:
    """Read the file; one that is damaged says nothing, and the folders keep their numbers."""
    loader = getattr(
        yaml, "CSafeLoader", yaml.SafeLoader
    )  # in C where it is built: ten times faster
    try:
        written = yaml.load(decode(file.read()), loader)
    except (UnreadableError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(written, dict):
        return {}
    found = {str(folder): _of_one(said) for folder, said in written.items()}
    return {folder: authors for folder, authors in found.items() if authors}


def _of_one(said: Any) -> tuple[Author, ...]:
    if not isinstance(said, dict) or not isinstance(said.get(":submitters"), list):
        return ()
    when = said.get(":created_at")
    time = when if isinstance(when, datetime) else None
    found = []
    for person in said[":submitters"]:
        if isinstance(person, dict):
            name, email, number = (_text(person, key) for key in (":name", ":email", ":sid"))
            if who := name or email or number:
                found.append(Author(who, number, source="Gradescope", time=time))
    return tuple(found)


def _text(person: dict[Any, Any], key: str) -> str:
    return printable(str(person.get(key) or "")).strip()[:120]
