"""What each graded function of the course must satisfy.

    check.py       what a check holds: a reference, cases, mistakes with the sentences that help
    edits.py       mistakes written as edits of the right answer
    runner.py      run a learner's function: only plain values come out; knows no answers
    verdict.py     compare what came out with the reference: the trusted side
    diagnosis/     name the cause of errors that no check lists
    lesson_NN.py   the checks of one lesson

>>> find("perceptron_step").call
'perceptron_step(w, x, y)'
"""

import pkgutil
from functools import cache
from importlib import import_module

from dlcourse.checks.check import Case, Check, Mistake
from dlcourse.checks.runner import Outcome, run, run_all
from dlcourse.checks.verdict import Failure, Verdict, judge

__all__ = [
    "Case",
    "Check",
    "Failure",
    "Mistake",
    "Outcome",
    "Verdict",
    "find",
    "judge",
    "lessons",
    "run",
    "run_all",
]


@cache
def lessons() -> dict[str, tuple[Check, ...]]:
    """Return the checks of every lesson, in order, under the number of the lesson: ``"02"``."""
    modules = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name[:7] == "lesson_")
    return {
        name.removeprefix("lesson_"): tuple(import_module(f"{__name__}.{name}").CHECKS)
        for name in modules
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
