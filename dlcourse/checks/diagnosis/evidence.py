"""What is known about one failing case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check
from dlcourse.checks.runner import Outcome
from dlcourse.checks.source import Source
from dlcourse.checks.values import agree, same

# What `w += eps` and `w -= eps` may leave behind, by the size of w.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Evidence:
    """One failing case, and what all the others did.

    Attributes
    ----------
    check, case : Check, Case
        The function's check and the input.
    expected, outcome : object, Outcome
        What the reference returns for this input, and what the learner's function did.
    cases, expected_values, outcomes : sequences
        The same for every input, this one included.
    again : Outcome, optional
        What the function did when it got the first input once more, at the end.
    source : Source, optional
        The learner's code.
    """

    check: Check
    case: Case
    expected: Any
    outcome: Outcome
    cases: Sequence[Case] = ()
    expected_values: Sequence[Any] = ()
    outcomes: Sequence[Outcome] = ()
    again: Outcome | None = None
    source: Source | None = None

    @property
    def several(self) -> bool:
        """Whether the function returns several values."""
        return isinstance(self.expected, tuple)

    @property
    def changed(self) -> list[str]:
        """The names of the arguments that are not as they were before the call."""
        return [
            name
            for name, before, after in zip(
                self.check.parameters, self.case.arguments, self.outcome.arguments, strict=False
            )
            if not same(before, after, ROUNDING)
        ]

    def part(self) -> tuple[str, Any, Any]:
        """Return the first returned value that is wrong: its name, expected and received."""
        received = self.outcome.value
        if not self.several:
            return self._entry(self.check.returns[0], self.expected, received)
        wrong = self.wrong_index()
        if wrong is None:
            return "result", self.expected, received
        return self._entry(self.check.returns[wrong], self.expected[wrong], received[wrong])

    def everywhere(self) -> list[tuple[Any, Any]]:
        """Return what was expected and received on every input, of the value that is wrong here."""
        pairs = [
            (expected, outcome.value)
            for expected, outcome in zip(self.expected_values, self.outcomes, strict=True)
            if outcome.error is None
        ]
        wrong = self.wrong_index()
        if wrong is None:
            return pairs
        return [
            (expected[wrong], value[wrong])
            for expected, value in pairs
            if isinstance(value, (tuple, list)) and len(value) == len(expected)
        ]

    def wrong(self) -> list["Evidence"]:
        """Return the evidence of every input with a wrong result; errors are left out."""
        return self._wrong

    @cached_property
    def _wrong(self) -> list["Evidence"]:
        each = [
            replace(self, case=case, expected=expected, outcome=outcome)
            for case, expected, outcome in zip(
                self.cases, self.expected_values, self.outcomes, strict=True
            )
            if outcome.error is None
            and not self.check.is_right(case.arguments, expected, outcome.value)
        ]
        return each or [self]

    def wrong_index(self) -> int | None:
        """Return which of several values is the first wrong one, if there are as many as wanted."""
        if not self.several:
            return None
        received = self.outcome.value
        if not isinstance(received, (tuple, list)) or len(received) != len(self.expected):
            return None
        pairs = enumerate(zip(self.expected, received, strict=True))
        return next((i for i, (want, got) in pairs if not self.right(want, got)), None)

    def _entry(self, name: str, expected: Any, received: Any) -> tuple[str, Any, Any]:
        """Look into a list or a dictionary for the first entry that is wrong."""
        keys: Iterable[Any] = ()
        if isinstance(expected, dict) and isinstance(received, dict):
            keys = expected if expected.keys() == received.keys() else ()
        elif isinstance(expected, (list, tuple)) and isinstance(received, (list, tuple)):
            keys = range(len(expected)) if len(expected) == len(received) else ()
        for key in keys:
            if not self.right(expected[key], received[key]):
                return self._entry(f"{name}[{key!r}]", expected[key], received[key])
        return name, expected, received

    def right(self, expected: Any, received: Any) -> bool:
        """Tell whether a value is right, within the tolerances of the check."""
        return agree(expected, received, self.check.rtol, self.check.atol)


# One thing, though it ends in s; and so is what ends in ss, us or is: loss, radius, axis.
SINGULAR = frozenset({"s", "bias"})
PLURAL = {"is": "are", "has": "have", "holds": "hold", "it": "they"}


def is_plural(name: str) -> bool:
    """Tell whether a returned value has the name of several things; an entry is one thing.

    Examples
    --------
    >>> [is_plural(name) for name in ("features", "grad_bias", "loss", "errors[2]")]
    [True, False, False, False]
    """
    noun = name.replace("_", " ").rpartition(" ")[2]
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and noun not in SINGULAR


def agreed(name: str, word: str) -> str:
    """Return a verb or pronoun in the number of a name: ``is`` becomes ``are`` for features."""
    return PLURAL.get(word, word) if is_plural(name) else word


def the(name: str, verb: str = "is") -> str:
    """Name a returned value at the beginning of a sentence, with its verb.

    Examples
    --------
    >>> the("result"), the("low"), the("features", "has")
    ('The result is', 'The returned low is', 'The returned features have')
    """
    subject = "The result" if name == "result" else f"The returned {name}"
    return f"{subject} {agreed(name, verb)}"
