"""What is known about one failing case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dlcourse.checks.check import Case, Check
from dlcourse.checks.runner import Outcome
from dlcourse.checks.values import agree, same


@dataclass(frozen=True)
class Evidence:
    """One failing case, and what all the others did.

    Attributes
    ----------
    check, case : Check, Case
        The function's check and the input.
    expected, outcome : object, Outcome
        What the reference returns for this input, and what the learner's function did.
    expected_values, outcomes : sequences
        The same for every input, this one included.
    """

    check: Check
    case: Case
    expected: Any
    outcome: Outcome
    expected_values: Sequence[Any] = ()
    outcomes: Sequence[Outcome] = ()

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
            if not same(before, after)
        ]

    def part(self) -> tuple[str, Any, Any]:
        """Return the first returned value that is wrong: its name, expected and received."""
        received = self.outcome.value
        if not self.several:
            return self._entry(self.check.returns[0], self.expected, received)
        if isinstance(received, (tuple, list)) and len(received) == len(self.expected):
            for name, want, got in zip(self.check.returns, self.expected, received, strict=True):
                if not self.right(want, got):
                    return self._entry(name, want, got)
        return "result", self.expected, received

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


def the(name: str) -> str:
    """Name a returned value at the beginning of a sentence."""
    return "The result" if name == "result" else f"The returned {name}"
