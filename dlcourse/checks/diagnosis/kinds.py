"""Nothing came back, or the wrong kind of thing, or an argument was changed on the way."""

import ast
from typing import Any

import numpy as np

from dlcourse.checks.diagnosis.evidence import Evidence, the
from dlcourse.checks.diagnosis.tree import called, returns_none, used_change
from dlcourse.checks.runner import Opaque
from dlcourse.checks.values import brief, describe, is_number, listing


def nothing(evidence: Evidence) -> str:
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
            "On this input your function returns None, on others a value. Check that every path "
            "through it ends with a `return` and a value, also when an `if` does not apply."
        )
    if said := _no_path_returns(evidence):
        return said
    return (
        "Your function returns nothing yet. Write your code below the docstring and end it "
        "with `return` and the result."
    )


def _no_path_returns(evidence: Evidence) -> str:
    """Say why a function with `return` in it returns nothing on any input."""
    source = evidence.source
    if source is None or source.is_stub:
        return ""
    if (call := used_change(source.nodes)) is not None:
        return returns_none(call)
    returns = [node for node in source.nodes if isinstance(node, ast.Return)]
    if not returns:
        return (
            "Your function computes, but it ends without `return`, so its result is lost. Write "
            "`return` and the result at the end."
        )
    if all(node.value is None for node in returns):
        return "`return` stands alone. Write the result behind it."
    texts = {n.value for n in source.nodes if isinstance(n, ast.Constant) and type(n.value) is str}
    for name, value in zip(source.parameters, evidence.case.arguments, strict=False):
        if isinstance(value, str) and value not in texts:
            for text in sorted(texts):
                if text.lower().strip() == value.lower():
                    return (
                        f"No `return` is reached. You compare with {text!r}, and `{name}` is "
                        f"{value!r}: capital and small letters are different, and blanks count."
                    )
    return (
        "There is a `return` in your function, but on these inputs it is never reached: the "
        "conditions around it do not hold. print() them to see why."
    )


def count(evidence: Evidence) -> str:
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
        if len(received) == 1 and _finds_places(evidence):
            return (
                "`np.where` and `np.nonzero` return a tuple, with an array of places for each "
                "axis. Take the array out of it, `[0]`, and if one place is wanted, `[0][0]`."
            )
        if len(received) == 1:
            return "There is a comma after the value that you return: that makes a tuple of it."
        return (
            f"Your function returns {len(received)} values, and only one is wanted: {returns[0]}."
        )
    return ""


def _finds_places(evidence: Evidence) -> bool:
    """Tell whether np.where(condition) or np.nonzero(...) stands in the code."""
    return any(
        called(node) in ("np.where", "np.nonzero") and len(getattr(node, "args", ())) == 1
        for node in (evidence.source.nodes if evidence.source else ())
    )


def swapped(evidence: Evidence) -> str:
    """Recognise the right values in another order."""
    received = evidence.outcome.value
    if not evidence.several or not isinstance(received, (tuple, list)):
        return ""
    left = list(received)
    for want in evidence.expected:
        match = next((i for i, got in enumerate(left) if evidence.right(want, got)), None)
        if match is None:
            return ""
        del left[match]
    order = ", ".join(evidence.check.returns)
    return f"The values are right, but in another order. Write `return {order}`."


def kind(evidence: Evidence) -> str:
    """Recognise a list for an array, 1 for True, a text for a number."""
    name, expected, received = evidence.part()
    if isinstance(received, Opaque):
        return _opaque(name, received)
    if received is None:
        return f"{the(name)} None: the variable was never given a value."
    if isinstance(expected, bool):
        return _not_a_bool(expected, received)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return _not_an_array(name, expected, received)
    if is_number(expected) and not is_number(received):
        return _not_a_number(name, received)
    if isinstance(expected, str) and not isinstance(received, str):
        return f"{the(name)} {describe(received)}. {_text_wanted(expected, received)}"
    if isinstance(expected, dict):
        return _not_a_dictionary(name, expected, received)
    if isinstance(expected, list):
        return _not_a_list(name, expected, received)
    return ""


def _text_wanted(expected: str, received: Any) -> str:
    if isinstance(received, (list, tuple)) and all(isinstance(part, str) for part in received):
        return 'One text is wanted: `"\\n".join(...)` makes one of many, a line each.'
    such = f", such as {expected!r}" if len(expected) < 40 else ""
    return f"A text is wanted{such}."


ONE_BY_ONE = frozenset({"a map", "a filter", "a zip", "an enumerate", "a reversed"})


def _opaque(name: str, received: Opaque) -> str:
    if "placeholder" in received.kind:
        return "Your function still returns the placeholder `...`. Put your result there."
    if "without its brackets" in received.kind:
        return (
            f"{the(name)} a function that was not called. Put brackets behind it: `.all()`, "
            "not `.all`."
        )
    if "Python objects" in received.kind:
        return (
            f"{the(name)} an array of Python objects. Lists of different lengths, or None "
            "among numbers, make NumPy do that; build it from numbers only."
        )
    if received.kind == "a generator":
        return (
            f"{the(name)} a generator: `yield`, or round brackets around a `for`, hand out one "
            "value at a time. Collect them in a list and return the list."
        )
    if received.kind == "a slice":
        return f"{the(name)} a slice. Return its two numbers, `(start, stop)`."
    if received.kind.endswith("iterator") or received.kind in ONE_BY_ONE:
        return (
            f"{the(name)} {received.kind}, which hands out one value at a time. Make a list of "
            "it: `list(...)`."
        )
    return f"{the(name)} {received.kind}, which is not a value that can be compared."


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


def _not_an_array(name: str, expected: Any, received: Any) -> str:
    if isinstance(received, (list, tuple)):
        word = "list" if isinstance(received, list) else "tuple"
        return (
            f"{the(name)} a {word}. Return a NumPy array: `np.array(...)` makes one from it. "
            "With arrays `+` adds number by number; with lists it joins them."
        )
    if isinstance(received, np.ndarray) and received.dtype == bool != expected.dtype:
        return (
            f"{the(name, 'holds')} True and False, the result of a comparison. Numbers are wanted."
        )
    if isinstance(received, np.ndarray) and received.dtype != bool == expected.dtype:
        return f"{the(name, 'holds')} numbers. True and False are wanted: compare, or `dtype=bool`."
    if is_number(received):
        return (
            f"{the(name)} a single number, and an array is wanted. Look for a sum (`@`, "
            "np.dot, np.sum) or an index such as [0] that leaves one number only."
        )
    if isinstance(received, np.ndarray):
        return ""
    return f"{the(name)} {describe(received)}. Return a NumPy array."


def _not_a_dictionary(name: str, expected: dict[Any, Any], received: Any) -> str:
    if not isinstance(received, dict):
        return f"{the(name)} {describe(received)}. Return a dictionary."
    if missing := expected.keys() - received.keys():
        return f"{the(name, 'has')} no entry for {listing(sorted(map(repr, missing))[:3])}."
    if extra := received.keys() - expected.keys():
        return f"{the(name, 'should have')} no entry for {listing(sorted(map(repr, extra))[:3])}."
    return ""


def _not_a_list(name: str, expected: list[Any], received: Any) -> str:
    if not isinstance(received, (list, tuple)):
        return f"{the(name)} {describe(received)}. Return a list."
    if len(received) != len(expected):
        return f"{the(name, 'holds')} {len(received)}, and should hold {len(expected)}."
    return ""


def _not_a_number(name: str, received: Any) -> str:
    if isinstance(received, bool):
        return f"{the(name)} {received}. A number is wanted, not the result of a comparison."
    if isinstance(received, np.ndarray) and received.size == 1:
        return (
            f"{the(name)} an array of shape {received.shape} that holds a single number. "
            "Return the number: take it out with an index, or leave out `keepdims`."
        )
    if isinstance(received, np.ndarray):
        return (
            f"{the(name)} an array of shape {received.shape}, and one number is wanted. "
            "Look for a missing sum, mean, max or min: `a * b` multiplies number by number, "
            "`a @ b` adds up as well."
        )
    return f"{the(name)} {describe(received)}, and one number is wanted."


def argument(evidence: Evidence) -> str:
    """Recognise the right result with an argument changed on the way."""
    if not evidence.changed or not evidence.right(evidence.expected, evidence.outcome.value):
        return ""
    return in_place(evidence, "The result is right, but your function")


def in_place(evidence: Evidence, subject: str = "Your function") -> str:
    """Say which argument was changed, and how to leave it as it came in."""
    name = evidence.changed[0]
    opening = (
        f"{subject} changes its argument {name} in place, so the caller's own {name} is different "
        "afterwards. "
    )
    value = evidence.case.arguments[evidence.check.parameters.index(name)]
    if not isinstance(value, (list, dict)):
        return (
            f"{opening}`{name} += ...` and `{name}[...] = ...` do that; write "
            f"`{name} = {name} + ...`, or begin with `{name} = {name}.copy()`."
        )
    entries = value.values() if isinstance(value, dict) else value
    if any(isinstance(entry, (list, dict, np.ndarray)) for entry in entries):
        return (
            f"{opening}{name} holds others of its kind, and a copy of it would hold the same ones: "
            f"leave them as they are and build new ones, or begin with "
            f"`{name} = copy.deepcopy({name})` (`import copy`)."
        )
    return (
        f"{opening}`append`, `pop`, `remove`, `sort` and `{name}[...] = ...` do that; begin with "
        f"`{name} = {name}.copy()`."
    )
