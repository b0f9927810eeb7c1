"""The right kind of thing came back, in the right shape, with wrong numbers."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.checks.diagnosis.evidence import Evidence, agreed, is_plural, the
from dlcourse.checks.diagnosis.tree import called, number, words
from dlcourse.checks.source import Source
from dlcourse.checks.values import agree, brief, close, is_number, same


def not_finite(evidence: Evidence) -> str:
    """Recognise nan or infinity where numbers belong."""
    expected, received = _numbers(evidence)
    if received is None or np.isfinite(received[np.isfinite(expected)]).all():
        return ""
    what = "nan (not a number)" if np.isnan(received).any() else "infinite"
    if what == "infinite" and evidence.source and _writes_infinity(evidence.source):
        return (
            "Your function returns infinity here, and a finite number is expected. Look at the "
            "condition that leads there: what is its value on this input?"
        )
    warned = next(iter(evidence.outcome.warnings), "")
    said = f" NumPy warned: {warned}." if warned else ""
    return (
        f"Some numbers are {what}.{said} Look for a division by zero, or for log, sqrt or exp of "
        "a number that they cannot take."
    )


def _writes_infinity(source: Source) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "inf" for node in source.nodes)


def finite(evidence: Evidence) -> str:
    """Recognise a number, or nan, where infinity belongs."""
    expected, received = _numbers(evidence)
    if received is None or not np.any(np.isinf(expected) & ~np.isinf(received)):
        return ""
    return (
        "Infinity is expected here. Look for what hides it: a small number that is added, "
        "np.nan_to_num, or a case that is left out."
    )


def zeros(evidence: Evidence) -> str:
    """Recognise that nothing but zeros comes back, whatever the input."""
    every = [_numbers(item)[1] for item in evidence.wrong()]
    if len(every) < 2 or any(received is None or received.any() for received in every):
        return ""
    name, _, part = evidence.part()
    if not isinstance(part, np.ndarray) or part.dtype.kind in "iu":
        return ""  # a single number: the rule for constants; whole numbers: that for cut decimals
    where = f"in {name}" if evidence.several else "that comes back"
    source = evidence.source
    if source is None or any("zeros" in called(node) for node in source.nodes):
        return (
            f"Every number {where} is 0. Is an array of np.zeros never filled, or is something "
            "multiplied by 0?"
        )
    return (
        f"Every number {where} is 0. Is something multiplied by 0, or is it the difference of two "
        "things that are the same?"
    )


def rounded(evidence: Evidence) -> str:
    """Recognise rounding, by hand or by float32."""
    pairs = [_numbers(item) for item in evidence.wrong()]
    if any(received is None or not np.isfinite(want).all() for want, received in pairs):
        return ""
    for digits in range(1, 7):
        if all(close(np.round(want, digits), received, 0, 1e-12) for want, received in pairs):
            return (
                f"The numbers are rounded to {digits} decimal{'s' if digits > 1 else ''}. Return "
                "them in full and round only when you print."
            )
    if close(*pairs[0], 2e-6, 1e-7) and all(
        close(*pair, 1e-3, 1e-5) and _held_by_float32(pair[1]) for pair in pairs
    ):
        return (
            "The numbers are right to about seven digits only: that is the precision of float32. "
            "Keep the arrays in float64, NumPy's default."
        )
    return ""


def _held_by_float32(numbers: Any) -> bool:
    with np.errstate(over="ignore"):
        return bool((numbers.astype(np.float32) == numbers).all())


def nearly(evidence: Evidence) -> str:
    """Recognise numbers that are nearly right: a constant added or cut, or a coarse step."""
    pairs = [_numbers(item) for item in evidence.wrong()]
    if any(received is None or not np.isfinite(want).all() for want, received in pairs):
        return ""
    if not all(close(want, got, 1e-2, 1e-4) for want, got in pairs):
        return ""
    largest = max(_relative(want, got) for want, got in pairs)
    digits = max(int(-np.log10(max(largest, 1e-15))), 1)
    opening = f"The numbers are nearly right: to about {digits} digit{'s' if digits > 1 else ''}. "
    if said := _what_is_added(evidence):
        return opening + said
    return (
        f"{opening}Look for a constant that is rounded or added (as in `+ 1e-8`), for np.clip, for "
        "float32, or for a numerical slope where a formula is wanted."
    )


def _relative(want: Any, got: Any) -> float:
    return float(np.max(np.abs(got - want) / np.maximum(np.abs(want), 1e-9), initial=0))


def _what_is_added(evidence: Evidence) -> str:
    """Find a small constant or a clip in the learner's code."""
    if evidence.source is None:
        return ""
    nodes = [node for function in evidence.source.functions for node in ast.walk(function)]
    for node in nodes:
        if called(node) in ("np.linspace", "np.arange"):
            return (
                f"`{words(node)}` tries values one by one, and the result is only as exact as its "
                "steps. The exact one comes from a formula."
            )
    for node in nodes:
        if called(node).endswith(".clip"):
            return f"`{words(node)}` cuts numbers off that should stay as they are."
        if isinstance(node, ast.Attribute) and node.attr in ("float32", "float16"):
            return f"`{words(node)}` keeps fewer digits. Use float64, NumPy's default."
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            value = number(node.right)
            if value is not None and 0 < abs(value) < 1e-2:
                return f"In `{words(node)}` the small constant changes the result."
    return ""


def integer(evidence: Evidence) -> str:
    """Recognise decimals that were cut off."""
    pairs = [_numbers(item) for item in evidence.wrong()]
    if any(received is None or not np.isfinite(want).all() for want, received in pairs):
        return ""
    name, want, part = evidence.part()
    parts = [item.part()[2] for item in evidence.wrong()]
    whole = all(isinstance(p, np.ndarray) and p.ndim and p.dtype.kind in "iu" for p in parts)
    cut = any(
        all(close(cut(want), received, 0, 0) for want, received in pairs)
        for cut in (np.trunc, np.floor, np.rint)
    )
    if not cut and not (whole and np.any(np.asarray(want) % 1 != 0)):
        return ""
    if whole:
        return (
            f"{the(name)} an array of whole numbers ({part.dtype}), so the decimals are cut "
            "off. Make it of floats from the start: np.zeros(n), without dtype=int; np.zeros_like "
            "and copies of a whole-number array hold whole numbers too."
        )
    return (
        "The decimals are missing. `//` and int() drop them, round() rounds them; use `/` and "
        "leave the number as it is."
    )


def factor(evidence: Evidence) -> str:
    """Recognise a wrong sign, or a factor that is the length of an argument."""
    ratios = [_ratio(item) for item in evidence.wrong()]
    every = "Every number" if np.size(evidence.part()[1]) > 1 else "The number"
    if all(ratio == -1 for ratio in ratios):
        return f"{every} has the wrong sign: look for a minus too many, or one too few."
    for word, size in _sizes(evidence):
        lengths = [dict(_sizes(item)).get(word) for item in evidence.wrong()]
        pairs = list(zip(ratios, lengths, strict=True))
        if all(ratio and length and close(length, ratio, 1e-9, 0) for ratio, length in pairs):
            return (
                f"{every} is {size} times too large, and {size} is {word}. Look for a sum where "
                "a mean is wanted, or a division that is missing."
            )
        if all(ratio and length and close(1 / length, ratio, 1e-9, 0) for ratio, length in pairs):
            return (
                f"{every} is {size} times too small, and {size} is {word}. Look for a mean where "
                "a sum is wanted, or a division too many."
            )
    return ""


def relation(evidence: Evidence) -> str:
    """Recognise numbers that are off in the same way on every input."""
    pairs = [(_flat(want), _flat(got)) for want, got in evidence.everywhere()]
    if not pairs or any(w is None or g is None or len(w) != len(g) for w, g in pairs):
        return ""
    want, got = (np.concatenate(side) for side in zip(*pairs, strict=True))
    want, got = want[np.isfinite(want)], got[np.isfinite(want)]
    if len(want) < 3 or np.ptp(want) == 0 or close(want, got, 1e-6, 1e-9):
        return ""  # "1 times what it should be" helps nobody
    one = np.argmax(np.abs(want))
    ratio, shift = got[one] / want[one], got[one] - want[one]
    name = evidence.part()[0]
    if len(want) > len(pairs):
        subject, it = f"Every number in {name}" if evidence.several else "Every number", "it"
        verb = "is"
    else:
        own = f"the returned {name}" if evidence.several else "your number"
        it, verb = (agreed(name, word) if evidence.several else word for word in ("it", "is"))
        subject = f"On every input {own}"
    with np.errstate(all="ignore"):
        relations = (
            (ratio * want, f"{ratio:.6g} times what {it} should be. {_origin(ratio)}"),
            (want + shift, f"off by {shift:+.6g}"),
            (np.sqrt(np.abs(want)), f"the square root of what {it} should be"),
            (want**2, f"the square of what {it} should be"),
            (1 / want, f"one divided by what {it} should be"),
        )
    for like, said in relations:
        if close(like, got, 1e-6, 1e-12):
            return f"{subject} {verb} {said}."
    return ""


def activation(evidence: Evidence) -> str:
    """Recognise a result that went through an activation once too often, or not at all."""
    pairs = [(_flat(want), _flat(got)) for want, got in evidence.everywhere()]
    if not pairs or any(w is None or g is None or len(w) != len(g) for w, g in pairs):
        return ""
    want, got = (np.concatenate(side).astype(float) for side in zip(*pairs, strict=True))
    if len(np.unique(want)) < 3 or len(np.unique(got)) < 3:
        return ""
    name = evidence.part()[0]
    what = f"the right {name}" if evidence.several else "the right result"
    with np.errstate(all="ignore"):
        for word, act in ACTIVATIONS.items():
            if close(act(want), got, 1e-9, 1e-9):
                return f"You return the {word} of {what}. Leave that last activation out."
            if close(want, act(got), 1e-9, 1e-9) and word != "ReLU":
                return f"The {word} of what you return gives {what}: the activation is missing."
    return ""


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0),
    "exponential": np.exp,
}


def _origin(ratio: float) -> str:
    """Say where a constant factor comes from, if it is a known one."""
    known = {
        np.log10(np.e): "That is the logarithm to base 10: np.log is the natural one",
        np.log2(np.e): "That is the logarithm to base 2: np.log is the natural one",
        np.log10(2): "That is the logarithm to base 10, and one to base 2 is wanted",
        np.log(2): "That is the natural logarithm, and one to base 2 is wanted",
        180 / np.pi: "That is an angle in degrees; NumPy counts in radians",
        np.pi / 180: "NumPy counts angles in radians already",
    }
    said = (origin for factor, origin in known.items() if close(factor, ratio, 1e-9, 0))
    return next(said, "Look for a constant factor in the formula")


def some_right(evidence: Evidence) -> str:
    """Recognise that only the first entry is right, or all but the last or the first."""
    pattern = {_which_right(item) for item in evidence.wrong()} - {""}
    if len(pattern) != 1 or not _which_right(evidence):
        return ""
    return {
        "first": "Only the first entry is right. Look for an index [0], a loop that ends too "
        "soon, or a `return` inside the loop.",
        "all but last": "All entries but the last are right. What is special about the last one?",
        "all but first": "All entries but the first are right. What is special about the first "
        "one?",
        "mixed": "",
    }[pattern.pop()]


def _which_right(evidence: Evidence) -> str:
    """Say which entries of the wrong part are right; empty if it is too short to tell."""
    expected, received = _numbers(evidence)
    if received is None or expected.ndim == 0 or expected.size < 3:
        return ""
    right = np.isclose(
        received, expected, evidence.check.rtol, evidence.check.atol, equal_nan=True
    ).ravel()
    if right[0] and not right[1:].any():
        return "first"
    if right[:-1].all():
        return "all but last"
    return "all but first" if right[1:].all() else "mixed"


def order(evidence: Evidence) -> str:
    """Recognise the right numbers in another order, on every input that is wrong."""
    pairs = [_numbers(item) for item in evidence.wrong()]
    pairs = [(w, g) for w, g in pairs if g is None or w.size > 2]
    if not pairs or any(g is None or len(np.unique(w)) < 3 for w, g in pairs):
        return ""
    if all(close(w.ravel()[::-1], g.ravel(), 1e-9, 1e-9) for w, g in pairs):
        return "The numbers are right, but in reverse order."
    if all(close(np.sort(w, axis=None), np.sort(g, axis=None), 1e-9, 1e-9) for w, g in pairs):
        return "The numbers are right, but in another order."
    return ""


def off_by_one(evidence: Evidence) -> str:
    """Recognise a count that is one too large or too small."""
    gaps = set()
    for item in evidence.wrong():
        name, expected, received = item.part()
        if not (isinstance(expected, int) and is_number(received)) or isinstance(expected, bool):
            return ""
        gaps.add(received - expected)
    if gaps not in ({1}, {-1}) or {item.part()[1] for item in evidence.wrong()} <= {0, 1}:
        return ""
    above, below = ("many", "few") if is_plural(name) else ("large", "small")
    way = above if gaps == {1} else below
    return (
        f"{the(name)} one too {way}. Look at where the counting starts, and whether the last "
        "round is counted."
    )


def handed_back(evidence: Evidence) -> str:
    """Recognise an argument that comes back as it went in, whatever the input."""
    if not isinstance(evidence.part()[1], np.ndarray):
        return ""
    answered = [o.value for o in evidence.outcomes if o.error is None]
    for place, parameter in enumerate(evidence.check.parameters):
        given = [case.arguments[place] for case in evidence.cases]
        if not isinstance(given[0], np.ndarray) or len(answered) != len(given):
            continue
        if len(given) > 1 and all(map(same, given, answered)):
            return (
                f"Your function returns {parameter} just as it came in. Is the new value computed, "
                "but not assigned to a name or returned?"
            )
    return ""


def unchanged(evidence: Evidence) -> str:
    """Recognise an argument that comes back as it went in where it should change."""
    if not isinstance(evidence.part()[1], np.ndarray):
        return ""
    every = evidence.wrong()
    for place, parameter in enumerate(evidence.check.parameters):
        argument = evidence.case.arguments[place]
        if isinstance(argument, np.ndarray) and all(
            same(item.case.arguments[place], item.part()[2]) for item in every
        ):
            return (
                f"On this input {parameter} must change, and your function leaves it as it is. "
                "Look at the condition that decides whether it changes: what is it here?"
            )
    return ""


def constant(evidence: Evidence) -> str:
    """Recognise the same value whatever the input."""
    values = [outcome.value for outcome in evidence.outcomes if outcome.error is None]
    if len(values) < 3 or any(not agree(values[0], value, 0, 0) for value in values[1:]):
        return ""
    return f"Your function returns {brief(values[0])} whatever it is given."


def _numbers(evidence: Evidence) -> tuple[Any, Any]:
    """Return the wrong part as two float arrays of one shape; (None, None) if it is not so."""
    _, expected, received = evidence.part()
    numeric = (is_number(value) or isinstance(value, np.ndarray) for value in (expected, received))
    if not all(numeric) or np.shape(expected) != np.shape(received):
        return None, None
    if np.iscomplexobj(received) or np.asarray(received).dtype == bool:
        return None, None
    return np.asarray(expected, dtype=float), np.asarray(received, dtype=float)


def _flat(value: Any) -> Any:
    """Return all numbers of a value, and of what is in it, in one row; None if not all are."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value, key=str)]
    if isinstance(value, (list, tuple)):
        rows = [_flat(item) for item in value]
        return np.concatenate(rows) if rows and all(row is not None for row in rows) else None
    if not is_number(value) and not (isinstance(value, np.ndarray) and value.dtype.kind in "iuf"):
        return None
    return None if np.iscomplexobj(value) else np.asarray(value, dtype=float).ravel()


def _ratio(evidence: Evidence) -> float | None:
    """Return the factor between all numbers; None if there is not one, or if it is 1."""
    expected, received = _numbers(evidence)
    if received is None or not (expected != 0).any():
        return None
    if close(-expected, received, 1e-9, 1e-12):
        return -1.0
    if not np.isfinite(expected).all():
        return None
    if ((expected == 0) != (np.abs(received) < 1e-12)).any():
        return None
    ratios = received[expected != 0] / expected[expected != 0]
    ratio = float(ratios[0])
    constant = close(np.full_like(ratios, ratio), ratios, 1e-6, 0)
    return ratio if constant and abs(ratio - 1) >= 1e-6 else None


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
