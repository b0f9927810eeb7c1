"""Slips of the keys: a sign on the wrong side of `=`, brackets left out, a text never met."""

import ast
from collections.abc import Iterator

from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.diagnosis.tree import at, base, words
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
