"""The mistakes that a check knows: made exactly, made most likely, or beside another one."""

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from dlcourse.checks.check import Mistake
from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.edits import Edited
from dlcourse.checks.forms import fit
from dlcourse.checks.runner import Outcome

MOST = 0.75  # of the inputs where the mistake or the learner is wrong must show the mistake
ALIKE = 0.7  # how much of two lines must be the same, so that one is taken for the other


class Made:
    """What the mistakes of a check do with each input."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.inputs = list(
            zip(evidence.cases, evidence.expected_values, evidence.outcomes, strict=True)
        )
        shown = [i for i, case in enumerate(evidence.cases) if case is evidence.case]
        self.shown = shown[0] if shown else 0

    def outcome(self, mistake: Mistake, number: int) -> Outcome:
        """Return what a mistake does with one of the inputs."""
        case, expected, _ = self.inputs[number]
        made = mistake.outcome(case)
        return replace(made, value=fit(expected, made.value))

    def candidates(self) -> Iterable[Mistake]:
        """Yield the mistakes that do to the shown input what the learner's function does."""
        for mistake in self.evidence.check.mistakes:
            if self.alike(mistake, self.shown):
                yield mistake

    def alike(self, mistake: Mistake, number: int) -> bool:
        """Tell whether a mistake does to one input what the learner's function does.

        A mistake that changes an argument fits only a function that changes it too. One that
        does not may fit a function that does: then the wrong numbers matter more.
        """
        case, _, outcome = self.inputs[number]
        made = self.outcome(mistake, number)
        if outcome.error or made.error:
            return bool(outcome.error and made.error and outcome.error.kind == made.error.kind)
        if not self.evidence.right(made.value, outcome.value):
            return False
        by_mistake, by_learner = (
            Evidence(self.evidence.check, case, None, o).changed for o in (made, outcome)
        )
        return set(by_mistake) <= set(by_learner)

    def right(self, mistake: Mistake, number: int) -> bool:
        """Tell whether a mistake does no harm to one input."""
        case, expected, _ = self.inputs[number]
        made = self.outcome(mistake, number)
        if made.error or Evidence(self.evidence.check, case, None, made).changed:
            return False
        return self.evidence.check.is_right(case.arguments, expected, made.value)


def exactly(made: Made) -> Mistake | None:
    """Return the first mistake that does the same as the learner's function on every input."""
    numbers = range(len(made.inputs))
    return next((m for m in made.candidates() if all(made.alike(m, i) for i in numbers)), None)


def likely(made: Made) -> str:
    """Recognise a mistake on the shown input and on most others that it or the learner fails.

    Truth values and small counts are too easily alike by chance: at least the shown value must
    say more than that. Of several such mistakes the one that explains most is said.
    """
    if made.evidence.outcome.error or not _telling(made.evidence.outcome.value):
        return ""
    best: tuple[float, Mistake] | None = None
    for mistake in made.candidates():
        hits = misses = 0
        for number, (case, expected, outcome) in enumerate(made.inputs):
            correct = outcome.error is None and made.evidence.check.is_right(
                case.arguments, expected, outcome.value
            )
            if correct and made.right(mistake, number):
                continue
            if not correct and made.alike(mistake, number):
                hits += 1
            else:
                misses += 1
        share = hits / (hits + misses)
        if hits > 1 and share >= MOST and (best is None or share > best[0]):
            best = share, mistake
    return f"Most likely: {best[1].hint}" if best else ""


def beside_another(made: Made) -> str:
    """Recognise a mistake: wherever it changes the result, the result is changed so.

    Elsewhere the function may be wrong in another way. Two inputs at least must show the mistake,
    the one that is explained among them; truth values and counts are too easily alike.
    """
    if all(isinstance(value, (bool, int)) for value in made.evidence.expected_values):
        return ""
    for mistake in made.candidates():
        harmed = [i for i in range(len(made.inputs)) if not made.right(mistake, i)]
        if len(harmed) > 1 and made.shown in harmed:
            outcomes = [(made.outcome(mistake, i), made.inputs[i][2]) for i in harmed]
            if not any(m.error or o.error for m, o in outcomes) and all(
                made.alike(mistake, i) for i in harmed
            ):
                return mistake.hint
    return ""


def _telling(value: Any) -> bool:
    """Tell whether a value is unlikely to be met by chance: fractions, or three numbers or more."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(_telling, value)) or len(set(map(str, value))) > 2
    if isinstance(value, str):
        return len(value) > 5
    if isinstance(value, (int, float, np.number, np.ndarray)):
        numbers = np.asarray(value).ravel()
        if numbers.dtype.kind not in "iuf":
            return False
        numbers = numbers[np.isfinite(numbers)]
        return bool((numbers % 1 != 0).any()) or len(np.unique(numbers)) > 2
    return False


def line(mistake: Mistake, evidence: Evidence) -> int:
    """Return the number of the learner's line that is most like the wrong one; 0 if none is."""
    source = evidence.source
    if source is None or not isinstance(mistake.function, Edited):
        return 0
    wrong = [_tokens(text) for text in mistake.function.changed_lines]
    best = (0.0, 0)
    for number in range(source.function.lineno + 1, (source.function.end_lineno or 0) + 1):
        tokens = _tokens(source.line(number))
        for other in wrong:
            alike = SequenceMatcher(None, tokens, other, autojunk=False).ratio()
            best = max(best, (alike, -number))
    return -best[1] if best[0] >= ALIKE else 0


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]+", text)
