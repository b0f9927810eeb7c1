"""A mistake that the check knows, made together with another one."""

from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.runner import run


def one_of_several(evidence: Evidence) -> str:
    """Recognise a known mistake: wherever it changes the result, the result is changed so.

    Elsewhere the function may be wrong in another way. Two inputs at least must show the mistake,
    the one that is explained among them; truth values and counts are too easily alike.
    """
    if all(isinstance(value, (bool, int)) for value in evidence.expected_values):
        return ""
    inputs = list(zip(evidence.cases, evidence.expected_values, evidence.outcomes, strict=True))
    for mistake in evidence.check.mistakes:
        seen = []
        for case, expected, outcome in inputs:
            made = run(mistake.function, case.arguments)
            if made.error is None and evidence.right(expected, made.value):
                continue
            if made.error or outcome.error or not evidence.right(made.value, outcome.value):
                break
            seen.append(case)
        else:
            if len(seen) > 1 and any(case is evidence.case for case in seen):
                return mistake.hint
    return ""
