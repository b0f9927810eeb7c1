"""Name the cause of a wrong outcome, for mistakes that no check has to list.

A rule looks at the evidence of one failing case and returns one plain sentence, or an
empty text when it does not apply. `diagnose` asks the rules in order, from "nothing came
back" over the type and the shape to the numbers, and takes the first answer.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.checks.check import Case, Check
from dlcourse.checks.run import Opaque, Outcome, Raised
from dlcourse.checks.values import agree, brief, close, describe, is_number, listing, same


@dataclass(frozen=True)
class Evidence:
    """One failing case, and what all the others did.

    Attributes
    ----------
    check, case : Check, Case
        The function's check and the input.
    expected, outcome : object, Outcome
        What the reference returns for this input, and what the learner's function did.
    outcomes : sequence of Outcome
        What it did with every input, this one included.
    """

    check: Check
    case: Case
    expected: Any
    outcome: Outcome
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
            return self.check.returns[0], self.expected, received
        if isinstance(received, (tuple, list)) and len(received) == len(self.expected):
            for name, want, got in zip(self.check.returns, self.expected, received, strict=True):
                if not agree(want, got, self.check.rtol, self.check.atol):
                    return name, want, got
        return "result", self.expected, received


Rule = Callable[[Evidence], str]


def diagnose(evidence: Evidence) -> str:
    """Return the sentence of the first rule that applies, or an empty text."""
    if evidence.outcome.error is not None:
        return error_rule(evidence.outcome.error, evidence)
    return next(filter(None, (rule(evidence) for rule in RULES)), "")


# Nothing, or the wrong kind of thing, came back.


def nothing_rule(evidence: Evidence) -> str:
    """Recognise None: returned always, on one path only, or with the result printed."""
    if evidence.outcome.value is not None:
        return ""
    changed = evidence.changed
    if evidence.outcome.printed:
        return (
            "Your function prints its result but returns nothing. print() only shows a value on "
            "the screen; end the function with `return` and the value."
        )
    if changed:
        return (
            f"Your function changes {listing(changed)} and returns nothing. Compute a new value "
            "and hand it back with `return`."
        )
    if any(outcome.value is not None for outcome in evidence.outcomes):
        return (
            "On this input your function reaches its end without a `return`. Check that every "
            "path through it returns a value, also when an `if` does not apply."
        )
    return (
        "Your function returns nothing yet. Write your code below the docstring and end it "
        "with `return` and the result."
    )


def count_rule(evidence: Evidence) -> str:
    """Recognise too few or too many returned values."""
    received, returns = evidence.outcome.value, evidence.check.returns
    if evidence.several:
        wanted = f"{len(returns)} values: `return {', '.join(returns)}`"
        if not isinstance(received, (tuple, list)):
            return f"Your function returns {describe(received)}. It must return {wanted}."
        if len(received) != len(returns):
            return f"Your function returns {len(received)} values. It must return {wanted}."
        return ""
    if isinstance(received, tuple) and not isinstance(evidence.expected, tuple):
        if len(received) == 1:
            return "There is a comma after the value that you return: that makes a tuple of it."
        return (
            f"Your function returns {len(received)} values, and only one is wanted: {returns[0]}."
        )
    return ""


def swapped_rule(evidence: Evidence) -> str:
    """Recognise the right values in another order."""
    received = evidence.outcome.value
    if not evidence.several or not isinstance(received, (tuple, list)):
        return ""
    left = list(received)
    for want in evidence.expected:
        match = next((i for i, got in enumerate(left) if _agree(evidence, want, got)), None)
        if match is None:
            return ""
        del left[match]
    order = ", ".join(evidence.check.returns)
    return f"The values are right, but in another order. Write `return {order}`."


def kind_rule(evidence: Evidence) -> str:
    """Recognise a list for an array, 1 for True, a text for a number."""
    name, expected, received = evidence.part()
    if isinstance(received, Opaque):
        return _opaque(name, received)
    if received is None:
        return f"{_The(name)} is None: the variable was never given a value."
    if isinstance(expected, bool):
        return _not_a_bool(expected, received)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _not_an_array(name, received)
    if is_number(expected) and not is_number(received):
        return _not_a_number(name, received)
    return ""


def _opaque(name: str, received: Opaque) -> str:
    if "placeholder" in received.kind:
        return "Your function still returns the placeholder `...`. Put your result there."
    if "Python objects" in received.kind:
        return (
            f"{_The(name)} is an array of Python objects. Lists of different lengths, or None "
            "among numbers, make NumPy do that; build it from numbers only."
        )
    return f"{_The(name)} is {received.kind}, which is not a value that can be compared."


def _not_a_bool(expected: bool, received: Any) -> str:
    if isinstance(received, bool):
        return ""
    if isinstance(received, np.ndarray) and received.ndim:
        return (
            "You return one answer for each entry. One answer for all is wanted: put `.all()` "
            "or `.any()` behind the comparison, whichever the question asks for."
        )
    if isinstance(received, str):
        return f"You return the text {received!r}. Return {expected} itself, without quotes."
    if is_number(received) and received in (0, 1):
        right = "" if bool(received) == expected else ", and here it should be the other one"
        return (
            f"You return the number {brief(received)}. Return True or False instead: a comparison "
            f"such as `a == b` is one already{right}."
        )
    return f"You return {describe(received)}. Return True or False."


def _not_an_array(name: str, received: Any) -> str:
    if isinstance(received, (list, tuple)):
        word = "list" if isinstance(received, list) else "tuple"
        return (
            f"{_The(name)} is a {word}. Return a NumPy array: `np.array(...)` makes one from it. "
            "With arrays `+` adds number by number; with lists it joins them."
        )
    if isinstance(received, np.ndarray) and received.dtype == bool:
        return f"{_The(name)} holds True and False, the result of a comparison. Numbers are wanted."
    if is_number(received):
        return (
            f"{_The(name)} is a single number, and an array is wanted. Look for a sum (`@`, "
            "np.dot, np.sum) or an index such as [0] that leaves one number only."
        )
    return "" if isinstance(received, np.ndarray) else f"{_The(name)} is {describe(received)}."


def _not_a_number(name: str, received: Any) -> str:
    if isinstance(received, bool):
        return f"{_The(name)} is {received}. A number is wanted, not the result of a comparison."
    if isinstance(received, np.ndarray) and received.size == 1:
        return (
            f"{_The(name)} is an array of shape {received.shape} that holds a single number. "
            "Return the number: take it out with an index, or leave out `keepdims`."
        )
    if isinstance(received, np.ndarray):
        return (
            f"{_The(name)} is an array of shape {received.shape}, and one number is wanted. "
            "Look for a missing sum, mean, max or min."
        )
    return f"{_The(name)} is {describe(received)}, and one number is wanted."


# The shape.


def shape_rule(evidence: Evidence) -> str:
    """Recognise an array that is transposed or flattened, an axis missing or too many."""
    _, expected, received = evidence.part()
    if not (isinstance(expected, np.ndarray) and isinstance(received, np.ndarray)):
        return ""
    want, got = expected.shape, received.shape
    if want == got:
        return ""
    if len(want) > 1 and got == want[::-1]:
        return f"The shape is {got} and should be {want}: the array is transposed (see `.T`)."
    if received.size == expected.size:
        if len(got) > len(want):
            return (
                f"The shape is {got} and should be {want}: there is an axis of length 1 too many. "
                "Look for `keepdims`, double brackets [[...]] or reshape(-1, 1)."
            )
        return (
            f"The shape is {got} and should be {want}: the numbers are all there, but an axis is "
            "missing. Look for flatten, ravel or an index that drops an axis."
        )
    if len(got) > len(want):
        return (
            f"The shape is {got} and should be {want}: there is an axis too many. Two arrays of "
            "shapes (n,) and (n, 1) in one formula make an (n, n) table; or a sum is missing."
        )
    if len(got) < len(want):
        return (
            f"The shape is {got} and should be {want}: an axis is missing. Look for a sum or mean "
            "over an axis that should stay."
        )
    return f"The shape is {got} and should be {want}. Compare it with the shapes in the docstring."


# The numbers.


def nan_rule(evidence: Evidence) -> str:
    """Recognise nan or infinity where numbers belong."""
    expected, received = _numbers(evidence)
    if received is None or np.isfinite(received[np.isfinite(expected)]).all():
        return ""
    what = "nan (not a number)" if np.isnan(received).any() else "infinite"
    warned = next(iter(evidence.outcome.warnings), "")
    said = f" NumPy warned: {warned}." if warned else ""
    return (
        f"Some numbers are {what}.{said} Look for a division by zero, or for log, sqrt or exp of "
        "a number that they cannot take."
    )


def integer_rule(evidence: Evidence) -> str:
    """Recognise decimals that were cut off."""
    expected, received = _numbers(evidence)
    if received is None or not np.isfinite(expected).all() or close(expected, received, 0, 1e-9):
        return ""
    name, _, part = evidence.part()
    cut = [np.trunc(expected), np.floor(expected), np.rint(expected)]
    if not any(close(c, received, 0, 0) for c in cut):
        return ""
    if isinstance(part, np.ndarray) and part.ndim and part.dtype.kind in "iu":
        return (
            f"{_The(name)} is an array of whole numbers ({part.dtype}), so the decimals are cut "
            "off. Make it of floats from the start: np.zeros(n), without dtype=int; np.zeros_like "
            "and copies of a whole-number array hold whole numbers too."
        )
    return (
        "The decimals are missing. `//` and int() drop them, round() rounds them; use `/` and "
        "leave the number as it is."
    )


def rounded_rule(evidence: Evidence) -> str:
    """Recognise rounding, by hand or by float32."""
    expected, received = _numbers(evidence)
    if received is None or not np.isfinite(expected).all():
        return ""
    for digits in range(1, 7):
        if close(np.round(expected, digits), received, 0, 1e-12):
            return (
                f"The numbers are rounded to {digits} decimal{'s' if digits > 1 else ''}. Return "
                "them in full and round only when you print."
            )
    if close(expected, received, 2e-6, 1e-7):
        return (
            "The numbers are right to about seven digits only: that is the precision of float32. "
            "Keep the arrays in float64, NumPy's default."
        )
    return ""


def factor_rule(evidence: Evidence) -> str:
    """Recognise a constant factor between all numbers."""
    expected, received = _numbers(evidence)
    if received is None or not (expected != 0).any() or not np.isfinite(expected).all():
        return ""
    if ((expected == 0) != (np.abs(received) < 1e-12)).any():
        return ""
    nonzero = expected != 0
    ratios = received[nonzero] / expected[nonzero]
    factor = float(ratios[0])
    if not close(np.full_like(ratios, factor), ratios, 1e-6, 0) or abs(factor - 1) < 1e-6:
        return ""
    every = "Every number" if expected.size > 1 else "The number"
    if close(-1, factor, 1e-9, 0):
        return f"{every} has the wrong sign: look for a minus too many, or one too few."
    for word, size in _sizes(evidence):
        if close(size, factor, 1e-9, 0):
            return (
                f"{every} is {size} times too large, and {size} is {word}. Look for a sum where "
                "a mean is wanted, or a division that is missing."
            )
        if close(1 / size, factor, 1e-9, 0):
            return (
                f"{every} is {size} times too small, and {size} is {word}. Look for a mean where "
                "a sum is wanted, or a division too many."
            )
    if expected.size > 1 or abs(factor) in (0.5, 2.0):
        return (
            f"{every} is {factor:.6g} times what it should be. Look for a constant factor in the "
            "formula."
        )
    return ""


def some_right_rule(evidence: Evidence) -> str:
    """Recognise that only the first entry is right, or all but the last or the first."""
    expected, received = _numbers(evidence)
    if received is None or expected.ndim == 0 or expected.size < 2:
        return ""
    right = np.isclose(
        received, expected, evidence.check.rtol, evidence.check.atol, equal_nan=True
    ).ravel()
    if right[0] and not right[1:].any():
        return (
            "Only the first entry is right. Look for an index [0], a loop that ends too soon, or "
            "a `return` inside the loop."
        )
    if right[:-1].all() and not right[-1]:
        return "All entries but the last are right. What is special about the last one?"
    if right[1:].all() and not right[0]:
        return "All entries but the first are right. What is special about the first one?"
    return ""


def order_rule(evidence: Evidence) -> str:
    """Recognise the right numbers in another order."""
    expected, received = _numbers(evidence)
    if received is None or expected.size < 2 or np.ptp(expected) == 0:
        return ""
    if close(expected.ravel()[::-1], received.ravel(), 1e-9, 1e-9):
        return "The numbers are right, but in reverse order."
    if close(np.sort(expected, axis=None), np.sort(received, axis=None), 1e-9, 1e-9):
        return "The numbers are right, but in another order."
    return ""


def off_by_one_rule(evidence: Evidence) -> str:
    """Recognise a count that is one too large or too small."""
    name, expected, received = evidence.part()
    if not (isinstance(expected, int) and is_number(received)) or isinstance(expected, bool):
        return ""
    if abs(received - expected) != 1:
        return ""
    way = "large" if received > expected else "small"
    return (
        f"{_The(name)} is one too {way}. Look at where the counting starts, and whether the last "
        "round is counted."
    )


def unchanged_rule(evidence: Evidence) -> str:
    """Recognise an argument that comes back as it went in."""
    name, expected, received = evidence.part()
    if not isinstance(expected, np.ndarray):
        return ""
    for parameter, argument in zip(evidence.check.parameters, evidence.case.arguments, strict=True):
        if isinstance(argument, np.ndarray) and same(argument, received):
            return f"{_The(name)} is {parameter}, just as it came in."
    return ""


def constant_rule(evidence: Evidence) -> str:
    """Recognise the same value whatever the input."""
    values = [outcome.value for outcome in evidence.outcomes if outcome.error is None]
    if len(values) < 3 or any(not agree(values[0], value, 0, 0) for value in values[1:]):
        return ""
    return f"Your function returns {brief(values[0])} whatever it is given."


def argument_rule(evidence: Evidence) -> str:
    """Recognise the right result with an argument changed on the way."""
    changed = evidence.changed
    if not changed or not _agree(evidence, evidence.expected, evidence.outcome.value):
        return ""
    name = changed[0]
    return (
        f"The result is right, but your function changes its argument {name} in place, so the "
        f"caller's own {name} is different afterwards. `{name} += ...` and `{name}[...] = ...` do "
        f"that; write `{name} = {name} + ...`, or begin with `{name} = {name}.copy()`."
    )


RULES: tuple[Rule, ...] = (
    nothing_rule,
    argument_rule,
    count_rule,
    swapped_rule,
    kind_rule,
    shape_rule,
    nan_rule,
    integer_rule,
    rounded_rule,
    constant_rule,
    factor_rule,
    off_by_one_rule,
    order_rule,
    unchanged_rule,
    some_right_rule,
)


# The errors. A pattern that the message must contain, or "" for any, and the sentence.

ERRORS: tuple[tuple[str, str, str], ...] = (
    (
        "NotImplementedError",
        "",
        "The line `raise NotImplementedError` is still there. Delete it and write your code.",
    ),
    (
        "TimeLimitError",
        "not run",
        "Your function took too long on the inputs before this one, so this one was not tried.",
    ),
    (
        "TimeLimitError",
        "",
        "Your function did not come to an end and was stopped. Look for a loop whose condition "
        "never becomes false: does something in it change the condition, or does `max_epochs` "
        "end it?",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "Python needs one True or False here, and got an array of them. `if`, `and`, `or` and "
        "`not` take single values: compare single numbers, or use `.all()` or `.any()`; between "
        "arrays write `&` and `|`.",
    ),
    (
        "ValueError",
        r"matmul|not aligned|operands could not be broadcast|shape-mismatch|mismatch in its core",
        "Two arrays do not fit together. Print their shapes just before this line: for a @ b the "
        "last axis of a must be as long as the first axis of b.",
    ),
    (
        "ValueError",
        r"unpack",
        "The number of variables on the left is not the number of values on the right.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence|inhomogeneous",
        "An array got a sequence where one number belongs. All rows must have the same length.",
    ),
    (
        "(UFuncType|_UFuncOutputCasting|Type)Error",
        r"[Cc]annot cast",
        "An array of whole numbers cannot take decimals in place. Make it of floats from the "
        "start, np.zeros(n) without dtype=int, or write `w = w + ...` instead of `w += ...`.",
    ),
    (
        "TypeError",
        r"can't multiply sequence|can only concatenate|unsupported operand.*(list|tuple)",
        "A list is used as if it were an array. Lists do not add or multiply number by number; "
        "make it an array first: np.array(...).",
    ),
    (
        "TypeError",
        r"NoneType|None",
        "A value here is None. It comes from a function without `return`, or from one that is "
        "not written yet.",
    ),
    (
        "TypeError",
        r"positional argument|unexpected keyword|required",
        "The brackets hold another number of values than the function takes. Compare the call "
        "with the line that begins with `def`.",
    ),
    (
        "TypeError",
        r"not subscriptable|scalar variable|not iterable|has no len|unsized",
        "A single number is used as if it were an array: it has no entries to index or loop over.",
    ),
    (
        "TypeError",
        r"not callable",
        "Something that is no function is called. Look for a missing `*` before a bracket, or a "
        "variable that has the name of a function.",
    ),
    (
        "IndexError",
        r"invalid index to scalar|too many indices",
        "This uses more indices than the array has axes. Print its shape just before this line.",
    ),
    (
        "IndexError",
        r"",
        "An index is beyond the end. Counting starts at 0, so the last entry of n is n - 1.",
    ),
    (
        "(NameError|UnboundLocalError)",
        r"'(\w+)'",
        "The name {0} has no value at this point. Check its spelling, and that the line that "
        "defines it runs first, on every path.",
    ),
    (
        "AttributeError",
        r"'list' object",
        "A list is used as if it were an array. Make it one first: np.array(...).",
    ),
    (
        "AttributeError",
        r"'NoneType' object",
        "A value here is None. It comes from a function without `return`.",
    ),
    ("AttributeError", "", "There is nothing of that name. Check the spelling after the dot."),
    ("KeyError", "", "The dictionary has no such key. Check its spelling."),
    ("ZeroDivisionError", "", "This divides by zero. What should happen for this input?"),
    (
        "RecursionError",
        "",
        "The function calls itself without end. Did you mean to call another one?",
    ),
    ("AssertionError", "", "An `assert` in your code does not hold for this input."),
    ("MemoryError", "", "This asks for more memory than there is. Print the shapes it works with."),
    ("SystemExit", "", "exit() and quit() stop Python. Use `return` to leave a function."),
)


def error_rule(error: Raised, evidence: Evidence) -> str:
    """Explain an error by its class and its text."""
    if not error.line and error.kind == "TypeError" and "argument" in error.message:
        return (
            f"The exercise calls {evidence.check.call}. Your function does not take these "
            f"{len(evidence.check.parameters)} arguments: keep the line that begins with `def` as "
            "it was given."
        )
    for kind, pattern, sentence in ERRORS:
        found = re.search(pattern, error.message)
        if re.fullmatch(kind, error.kind) and found:
            return sentence.format(*found.groups())
    return ""


def _agree(evidence: Evidence, expected: Any, received: Any) -> bool:
    return agree(expected, received, evidence.check.rtol, evidence.check.atol)


def _numbers(evidence: Evidence) -> tuple[Any, Any]:
    """Return the wrong part as two float arrays of one shape; (None, None) if it is not so."""
    _, expected, received = evidence.part()
    numeric = (is_number(value) or isinstance(value, np.ndarray) for value in (expected, received))
    if not all(numeric) or np.shape(expected) != np.shape(received):
        return None, None
    if np.iscomplexobj(received) or np.asarray(received).dtype == bool:
        return None, None
    return np.asarray(expected, dtype=float), np.asarray(received, dtype=float)


def _sizes(evidence: Evidence) -> list[tuple[str, int]]:
    """Return the lengths of the arguments' axes, in words, where they can be a factor."""
    arguments = zip(evidence.check.parameters, evidence.case.arguments, strict=True)
    return [
        (
            f"the length of axis {axis} of {name}" if value.ndim > 1 else f"the length of {name}",
            size,
        )
        for name, value in arguments
        if isinstance(value, np.ndarray)
        for axis, size in enumerate(value.shape)
        if size > 2
    ]


def _The(name: str) -> str:  # noqa: N802
    return "The result" if name == "result" else f"The returned {name}"
