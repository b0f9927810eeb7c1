"""An array came back in a wrong shape."""

import ast
from typing import Any

import numpy as np

from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.tree import called, number, words

Shape = tuple[int, ...]


def shape(evidence: Evidence) -> str:
    """Recognise an array that is transposed or flattened, too long or too short, an axis off."""
    name, expected, received = evidence.part()
    if not (isinstance(expected, np.ndarray) and isinstance(received, np.ndarray)):
        return ""
    want, got = expected.shape, received.shape
    if want == got:
        return ""
    of = f" of {name}" if evidence.several else ""
    return f"The shape{of} is {got} and should be {want}: {_cause(evidence, want, got)}"


def _cause(evidence: Evidence, want: Shape, got: Shape) -> str:
    for node in evidence.source.nodes if evidence.source else ():
        if not (isinstance(node, ast.Call) and called(node) in ("np.max", "np.min")):
            continue
        if len(node.args) == 2 and number(node.args[1]) is not None:
            return (
                f"`{words(node)}` takes the second value for an axis. To compare number by number "
                f"there is `{called(node)}imum`."
            )
    if len(want) > 1 and got == want[::-1]:
        return "the array is transposed (see `.T`)."
    if 0 in got and 0 not in want:
        return (
            "nothing is in it. Does the loop that fills it run at all? A `range` ends before its "
            "last number, and a slice too."
        )
    if np.prod(got) == np.prod(want):
        return _same_numbers(evidence, want, got)
    if len(got) == len(want):
        return _other_length(want, got)
    return _axis_too_many(evidence, got) if len(got) > len(want) else _axis_missing(evidence)


def _same_numbers(evidence: Evidence, want: Shape, got: Shape) -> str:
    other = next(filter(None, map(_not_by_ones, evidence.everywhere())), "")
    if len(got) > len(want):
        if other:
            elsewhere = "" if str(got) in other else f" {other}"
            return f"the numbers are all there, in a table.{elsewhere} Lay them out in one row."
        return (
            "there is an axis of length 1 too many. Look for `keepdims`, double brackets [[...]] "
            "or reshape(-1, 1)."
        )
    if len(got) == len(want):
        return "the numbers are all there, but the axes have other lengths. Look at `reshape`."
    flat = _calls(evidence, "np.append", "flatten", "ravel", "np.hstack", "np.concatenate")
    if flat:
        return f"the numbers are all there, but in one row: that is what `{flat}` does."
    if not other and (dropping := _reduces(evidence, keeps=False)):
        return (
            f"an axis of length 1 is missing. `{dropping}` takes its axis away; with "
            "`keepdims=True` it stays, with length 1."
        )
    return (
        "the numbers are all there, but an axis is missing. Look for flatten, ravel or an index "
        "that drops an axis."
    )


def _not_by_ones(pair: tuple[Any, Any]) -> str:
    """Say which shapes differ, on an input where they differ by more than axes of length 1."""
    want, got = (np.shape(side) if isinstance(side, np.ndarray) else () for side in pair)
    if [n for n in want if n != 1] == [n for n in got if n != 1] or np.prod(want) != np.prod(got):
        return ""
    return f"On another input it has shape {got} and should have {want}."


def _reduces(evidence: Evidence, keeps: bool) -> str:
    """Return the last sum, mean or the like along an axis, with `keepdims` or without."""
    for node in reversed(evidence.source.nodes if evidence.source else ()):
        if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in REDUCING:
            names = {keyword.arg for keyword in node.keywords}
            if "axis" in names and ("keepdims" in names) == keeps:
                return words(node)
    return ""


def _other_length(want: Shape, got: Shape) -> str:
    axis = next(i for i, (w, g) in enumerate(zip(want, got, strict=True)) if w != g)
    gap = got[axis] - want[axis]
    where = "" if len(want) == 1 else f" along axis {axis}"
    if gap == -1:
        return (
            f"one entry is missing{where}. A `range` and a slice end before their last number: "
            "is a `+ 1` missing, or is the first or the last one left out?"
        )
    if gap == 1:
        return (
            f"there is one entry too many{where}. Is one stored before the loop, or does a "
            "`range` or a slice go one too far?"
        )
    few = "too few" if gap < 0 else "too many"
    return f"there are {abs(gap)} entries {few}{where}. Compare it with the docstring."


def _axis_too_many(evidence: Evidence, got: Shape) -> str:
    if own := _calls(evidence, "sum", "max", "min"):
        return (
            f"Python's own `{own}` goes through the rows of a table and leaves an axis. NumPy's "
            f"takes all numbers, or those along an axis: `np.{own}`."
        )
    if len(got) > 1 and got[-1] == got[-2]:
        return (
            "there is an axis too many. Two arrays of shapes (n,) and (n, 1) in one formula make "
            "an (n, n) table; or a sum is missing."
        )
    return (
        "there is an axis too many. Is a sum, a mean or a maximum missing? `a * b` multiplies "
        "number by number, `a @ b` adds up as well."
    )


def _axis_missing(evidence: Evidence) -> str:
    source = evidence.source
    for node in source.nodes if source else ():
        if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in REDUCING:
            axis = next((k.value for k in node.keywords if k.arg == "axis"), None)
            along = "all numbers" if axis is None else f"those along axis {words(axis)}"
            if axis is None or number(axis) is not None:
                return f"an axis is missing. `{words(node)}` takes {along} together."
    return "an axis is missing. Look for a sum or mean over an axis that should stay."


REDUCING = ("sum", "mean", "max", "min", "prod", "all", "any", "argmax", "argmin")


def _calls(evidence: Evidence, *names: str) -> str:
    """Return the first of these functions or methods that the learner calls; empty if none is."""
    source = evidence.source
    for name in (called(node) for node in source.nodes) if source else ():
        method = "" if name.startswith("np.") else name.rpartition(".")[2]
        if name in names or (method in names and "." in name and method not in REDUCING):
            return name
    return ""
