"""Find the checks of every lesson: each wing in ``dlcourse/lessons`` brings its own."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from dlcourse.checks.check import Check
from dlcourse.syllabus import LESSONS


@cache
def lessons() -> dict[str, tuple[Check, ...]]:
    """Return the checks of every lesson, in order, under the number of the lesson: ``"02"``."""
    return {
        lesson.number: tuple(import_module(f"{lesson.wing}.checks").CHECKS)
        for lesson in LESSONS
        if find_spec(lesson.wing) and find_spec(f"{lesson.wing}.checks")
    }


def find(name: str) -> Check:
    """Return the check of the function of this name.

    Raises
    ------
    LookupError
        If the course grades no function of this name.
    """
    for checks in lessons().values():
        for check in checks:
            if check.name == name:
                return check
    raise LookupError(f"the course has no exercise called {name!r}")
