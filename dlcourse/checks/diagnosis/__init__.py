"""Name the cause of a wrong outcome that is not exactly one of the mistakes of its check.

A rule looks at the evidence of one failing case and returns one plain sentence, or an
empty text when it does not apply. `diagnose` asks the rules in order, from "nothing came
back" over the kind and the shape to the numbers, and takes the first answer.
"""

from collections.abc import Callable

from dlcourse.checks.diagnosis import kinds, mistakes, numbers
from dlcourse.checks.diagnosis.errors import explain
from dlcourse.checks.diagnosis.evidence import Evidence

__all__ = ["RULES", "Evidence", "diagnose", "explain"]

Rule = Callable[[Evidence], str]

RULES: tuple[Rule, ...] = (
    kinds.nothing,
    kinds.argument,
    kinds.count,
    kinds.swapped,
    kinds.kind,
    numbers.shape,
    numbers.not_finite,
    numbers.zeros,
    numbers.constant,
    numbers.rounded,
    numbers.integer,
    numbers.factor,
    numbers.off_by_one,
    numbers.relation,
    numbers.unchanged,
    mistakes.one_of_several,
    numbers.order,
    numbers.some_right,
)


def diagnose(evidence: Evidence) -> str:
    """Return the sentence of the first rule that applies, or an empty text."""
    if evidence.outcome.error is not None:
        return explain(evidence.outcome.error, evidence.check)
    return next(filter(None, (rule(evidence) for rule in RULES)), "")
