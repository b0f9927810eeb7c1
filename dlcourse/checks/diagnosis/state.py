"""The same input gives two results: something is kept between calls, or drawn at random."""

from dlcourse.checks.diagnosis import code_names
from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.diagnosis.tree import called


def kept(evidence: Evidence) -> Hint:
    """Recognise a function that answers the first input otherwise when it comes again."""
    if not differs(evidence):
        return NOTHING
    opening = "Your function got its first input twice and gave two different results. "
    if evidence.source:
        drawn = [n for n in map(called, evidence.source.nodes) if "random" in n or "rng" in n]
        if drawn:
            return Hint(f"{opening}It draws random numbers, `{drawn[0]}`, and none are wanted.")
        for rule in (code_names.default_that_stays, code_names.from_outside):
            hint = rule(evidence)
            if hint.text:
                return Hint(opening + hint.text, hint.line)
    return Hint(
        f"{opening}Something is left over from the calls before: a list or an array that stands "
        "outside of the function, or a default such as `rows=[]`. Make it anew inside."
    )


def differs(evidence: Evidence) -> bool:
    """Tell whether the function gave another result for its first input when it came again."""
    if evidence.again is None or not evidence.outcomes:
        return False
    first, again = evidence.outcomes[0], evidence.again
    for outcome in (first, again):
        if outcome.error and outcome.error.kind in ("TimeLimitError", "WorkerError"):
            return False
    if first.error or again.error:
        return bool(first.error) != bool(again.error)
    return not evidence.right(first.value, again.value)
