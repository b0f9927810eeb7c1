"""Slips of the keys: a sign on the wrong side of `=`, brackets left out, a text never met."""

import ast
from collections.abc import Iterator

import numpy as np

from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.diagnosis.tree import assigned, at, base, called, stores_entry, words
from dlcourse.checks.values import listing

# What arrays, lists and dictionaries can do; their names stand for nothing until they are called.
METHODS = frozenset({
    "max", "min", "sum", "mean", "argmax", "argmin", "any", "all", "copy", "flatten", "ravel",
    "transpose", "items", "keys", "values", "tolist", "prod", "std", "cumsum", "cumprod",
})  # fmt: skip
MOST = 6  # texts; where a parameter has more values, it is no choice among a few


def sign_behind_equals(evidence: Evidence) -> Hint:
    """Recognise `total =+ x`, which is `total = +x`."""
    source = evidence.source
    assert source
    for node in source.nodes:
        if not (isinstance(node, ast.Assign) and node.lineno == node.value.lineno):
            continue
        line, column = source.lines[node.lineno - 1], node.value.col_offset
        if line[column - 2 : column] == " =" and line[column] in "+-":
            name, sign, rest = words(node.targets[0]), line[column], line[column + 1 :].strip()
            return at(
                node,
                f"`=` and `{sign}` have changed places: `{line.strip()}` gives {name} a new value "
                f"and forgets the old one. Write `{name} {sign}= {rest}`.",
            )
    return NOTHING


def method_without_brackets(evidence: Evidence) -> Hint:
    """Recognise `z.max` for `z.max()`."""
    source = evidence.source
    assert source
    modules = {"np", *source.imports}
    for parent in source.nodes:
        if not isinstance(parent, (ast.BinOp, ast.Compare, ast.AugAssign, ast.Return)):
            continue
        for node in ast.iter_child_nodes(parent):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Load)
                and node.attr in METHODS
                and base(node) not in modules
            ):
                return at(
                    node,
                    f"`{words(node)}` only names the function. Brackets call it: "
                    f"`{words(node)}()`.",
                )
    return NOTHING


def one_minus_without_brackets(evidence: Evidence) -> Hint:
    """Recognise `o * 1 - o` for `o * (1 - o)`."""
    source = evidence.source
    assert source
    for node in source.nodes:
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)):
            continue
        left, own = node.left, words(node.right)
        if (
            isinstance(left, ast.BinOp)
            and isinstance(left.op, ast.Mult)
            and isinstance(left.right, ast.Constant)
            and left.right.value == 1
            and (words(left.left) == own or words(left.left).endswith(f"* {own}"))
        ):
            return at(
                node,
                f"`{own} * 1 - {own}` multiplies first, and 0 is left of it. Put the difference "
                f"into brackets: `{own} * (1 - {own})`.",
            )
    return NOTHING


def bits_turned(evidence: Evidence) -> Hint:
    """Recognise `~x` where x holds whole numbers: 0 becomes -1, and 1 becomes -2."""
    source = evidence.source
    assert source
    whole = set(_whole_numbers(evidence))
    for node in source.nodes:
        if not (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert)):
            continue
        own = _wrapped(node.operand)
        if own in whole and all(
            _wrapped(other.value) == own
            for other in source.nodes
            if isinstance(other, ast.Assign) and words(other.targets[0]) == own
        ):
            return at(
                node,
                f"`~` turns the bits of a whole number: 0 becomes -1, and 1 becomes -2. For "
                f"the opposite of 0 and 1 write `1 - {own}` with an array, or ask `== 0`.",
            )
    return NOTHING


def _wrapped(node: ast.AST) -> str:
    """Return the variable in `x` or `np.array(x)`."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        return words(node.args[0]) if words(node.func) in ("np.array", "np.asarray") else ""
    return words(node) if isinstance(node, ast.Name) else ""


def _whole_numbers(evidence: Evidence) -> Iterator[str]:
    """Yield the learner's names of the arguments that hold whole numbers."""
    assert evidence.source
    for name, value in zip(evidence.source.parameters, evidence.case.arguments, strict=False):
        if _is_whole(value):
            yield name


def _is_whole(value: object) -> bool:
    """Tell whether a number, an array or a list holds whole numbers and nothing else."""
    if isinstance(value, (list, tuple)):  # of arrays of many shapes, too
        return bool(value) and all(map(_is_whole, value))
    return isinstance(value, (int, np.integer, np.ndarray)) and np.asarray(value).dtype.kind in "iu"


def text_never_met(evidence: Evidence) -> Hint:
    """Recognise `mode == "mean"`, where `mode` is "average" or something else, but never that."""
    source = evidence.source
    assert source
    for place, (name, texts) in enumerate(_choices(evidence)):
        own = source.parameters[place] if place < len(source.parameters) else name
        for node, text in _compared(source.nodes, own):
            if texts and text not in texts:
                known = listing([f'"{each}"' for each in sorted(texts)])
                return at(
                    node,
                    f'You ask whether `{own}` is "{text}", and it never is. The exercise names '
                    f"{known}.",
                )
    return NOTHING


def _choices(evidence: Evidence) -> Iterator[tuple[str, set[str]]]:
    """Yield each parameter with the texts that it may be; with none if it is no such choice."""
    columns = zip(*(case.arguments for case in evidence.cases), strict=True)
    for name, values in zip(evidence.check.parameters, columns, strict=False):
        texts = {value for value in values if isinstance(value, str)}
        few = len(texts) <= MOST and all(isinstance(value, str) for value in values)
        yield name, texts if few else set()


def _compared(nodes: tuple[ast.AST, ...], name: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield the texts with which a variable is compared."""
    for node in nodes:
        if isinstance(node, ast.Compare) and words(node.left) == name:
            for part in node.comparators:
                several = isinstance(part, (ast.Tuple, ast.List, ast.Set))
                for each in part.elts if several else [part]:  # type: ignore[attr-defined]
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield node, each.value
        elif isinstance(node, ast.Match) and words(node.subject) == name:
            for case in node.cases:
                for value in ast.walk(case.pattern):
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield value, value.value


# Functions of NumPy that hardly ever give a whole number.
FRACTIONS = frozenset(f"np.{name}" for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "mean"))


def fractions_into_whole_numbers(evidence: Evidence) -> Hint:
    """Recognise an array made by dtype=int whose entries are quotients, roots or powers of e."""
    source = evidence.source
    assert source
    for made in source.nodes:
        name = assigned(made)
        value = made.value if isinstance(made, ast.Assign) else None
        whole = isinstance(value, ast.Call) and any(
            key.arg == "dtype" and words(key.value) in ("int", "np.int64", "np.int32")
            for key in value.keywords
        )
        if not (
            value
            and name
            and whole
            and called(value) in ("np.zeros", "np.ones", "np.empty", "np.full")
        ):
            continue
        for node in source.nodes:
            if (
                isinstance(node, ast.Assign)
                and stores_entry(node.targets[0], name)
                and _is_fraction(node.value)
            ):
                return at(
                    node,
                    f"`{name}` holds whole numbers (`dtype=int`), so what stands behind the point "
                    f"of `{words(node.value)}` is cut off. Make it without `dtype=int`.",
                )
    return NOTHING


def _is_fraction(node: ast.AST) -> bool:
    """Tell whether a formula divides, or ends with a function such as np.exp."""
    if isinstance(node, ast.BinOp):
        parts = (node.left, node.right)
        return isinstance(node.op, ast.Div) or any(map(_is_fraction, parts))
    return called(node) in FRACTIONS
