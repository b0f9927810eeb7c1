"""What each graded function of the course must satisfy.

    check.py       what a check holds: a reference, cases, mistakes with the sentences that help
    edits.py       mistakes written as edits of the right answer
    source.py      a learner's function as code, found in the cells of a notebook
    runner.py      run a learner's function: only plain values come out; knows no answers
    verdict.py     compare what came out with the reference: the trusted side
    forms.py       right numbers in another form: a list for an array
    diagnosis/     name the cause
    registry.py    find the checks of all lessons, each in the wing of its lesson

>>> find("perceptron_step").call
'perceptron_step(w, x, y)'
"""

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.registry import find, lessons
from dlcourse.checks.runner import Outcome, run, run_all
from dlcourse.checks.verdict import Failure, Verdict, inputs, judge

__all__ = [
    "Case",
    "Check",
    "Failure",
    "Mistake",
    "Outcome",
    "Verdict",
    "find",
    "inputs",
    "judge",
    "lessons",
    "run",
    "run_all",
]
