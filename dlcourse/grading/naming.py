"""What a student is called on pages and in the names of files: by name, or by one that hides it."""

import hashlib
import re
from dataclasses import dataclass

from dlcourse.grading.alias import alias
from dlcourse.grading.grades import Grade


@dataclass(frozen=True)
class Naming:
    """How students are called in what is written.

    Attributes
    ----------
    secret : bytes
        That of the gradebook: with it, pages are anonymous. Empty: they carry names.
    """

    secret: bytes = b""

    @property
    def suffix(self) -> str:
        """What the names of anonymous pages end with, so that they never mix with the others."""
        return "-anonymous" if self.secret else ""

    def shown(self, grade: Grade) -> str:
        """Return what a student is called on a page."""
        return alias(self.secret, (grade.student, grade.id)) if self.secret else grade.who

    def stem(self, grade: Grade) -> str:
        """Return the name of a student's files, without an ending."""
        if self.secret:
            return file_stem(self.shown(grade))
        return file_stem(grade.student, grade.id)


def file_stem(student: str, number: str = "") -> str:
    """Return a name for a file about a student, safe and different from all others.

    Examples
    --------
    >>> file_stem("../../Jane Doe")
    'jane-doe-36ff60b88fcb06d8'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", student.lower()).strip("-")[:40]
    identity = f"{student}\0{number}" if number else student
    return f"{plain or 'student'}-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
