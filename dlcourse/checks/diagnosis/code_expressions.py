"""The learner's formulas show what is wrong: an operator, missing brackets, a constant."""

import ast
import math
from collections.abc import Iterator
from typing import TypeGuard

import numpy as np

from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.diagnosis.tree import at, called, is_name, number, words

ASKS = (ast.Compare, ast.BoolOp)  # what gives True or False


def power(evidence: Evidence) -> Hint:
    """Recognise `x ^ 2` for a power."""
    for node in _nodes(evidence):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.BitXor):
            parts = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
            if not any(isinstance(part, ASKS) for part in parts):
                return at(
                    node,
                    f"`{words(node)}` is no power: `^` compares the bits of two whole numbers. A "
                    "power is written `**`.",
                )
    return NOTHING


def half_as_power(evidence: Evidence) -> Hint:
    """Recognise `x ** 1 / 2`, which is half of x."""
    for node in _nodes(evidence):
        if (
            _is_division(node)
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, ast.Pow)
            and number(node.left.right) == 1
            and number(node.right) is not None
        ):
            by = words(node.right)
            root = " A root is also `np.sqrt(...)`." if by == "2" else ""
            return at(
                node,
                f"`**` comes before `/`, so `... ** 1 / {by}` is the power 1, divided by {by}. Put "
                f"the exponent into brackets: `... ** (1 / {by})`.{root}",
            )
    return NOTHING


def always_true(evidence: Evidence) -> Hint:
    """Recognise `name == "AND" or "NAND"`, which holds for every name."""
    for node in _nodes(evidence):
        if not isinstance(node, ast.BoolOp):
            continue
        first, *others = node.values
        alone = [other for other in others if isinstance(other, ast.Constant) and other.value]
        if isinstance(first, ast.Compare) and alone and isinstance(first.ops[0], (ast.Eq, ast.In)):
            word = "or" if isinstance(node.op, ast.Or) else "and"
            asked = [first.comparators[0], *others]
            choice = ", ".join(words(part) for part in asked)
            return at(
                node,
                f"`{words(node)}` does not compare with each of them: what stands alone behind "
                f"`{word}` counts as True. Write `{words(first.left)} in ({choice})`.",
            )
    return NOTHING


def divided_too_early(evidence: Evidence) -> Hint:
    """Recognise a sum or difference of which only the last part is divided."""
    for node in _nodes(evidence):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))):
            continue
        left, right = node.left, node.right
        if _is_division(left) and number(left.left) is not None and number(left.right) == 1:
            return at(
                node,
                f"`{words(node)}` divides first: it is {words(left)}, and then the rest is added. "
                f"Put the sum into brackets: `{words(left.left)} / ({words(left.right)} + ...)`.",
            )
        if _is_division(right) and _look_alike(left, right.left):
            sign = "+" if isinstance(node.op, ast.Add) else "-"
            return at(
                node,
                f"Only the last part, `{words(right)}`, is divided: `/` comes before `{sign}`. Put "
                "what is to be divided into brackets: "
                f"`(... {sign} ...) / {_bracketed(right.right)}`.",
            )
    return NOTHING


def _is_division(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _bracketed(node: ast.AST) -> str:
    return f"({words(node)})" if isinstance(node, ast.BinOp) else words(node)


def _look_alike(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two parts of a sum belong together: two entries, or two calls of a function."""
    if isinstance(one, ast.Subscript) and isinstance(other, ast.Subscript):
        return ast.dump(one.value) == ast.dump(other.value)
    return bool(called(one)) and called(one) == called(other)


def minus_before_times(evidence: Evidence) -> Hint:
    """Recognise `yhat - y * yhat * (1 - yhat)`, where `yhat - y` is to be multiplied."""
    for node in _nodes(evidence):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)):
            continue
        factors = _factors(node.right)
        slopes = [f for f in factors if isinstance(f, ast.BinOp) and number(f.left) == 1]
        if len(factors) > 1 and number(node.left) is None and isinstance(factors[0], ast.Name):
            own = ast.dump(node.left)
            inside = [ast.dump(part) for slope in slopes for part in ast.walk(slope)]
            if own in inside or (slopes and own in map(ast.dump, factors)):
                return at(
                    node,
                    f"`*` comes before `-`, so in `{words(node)}` only `{words(factors[0])}` is "
                    f"multiplied. Put the difference into brackets: `({words(node.left)} - "
                    f"{words(factors[0])}) * ...`.",
                )
    return NOTHING


def _factors(node: ast.AST) -> list[ast.AST]:
    """Return the factors of a product, from left to right."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), node.right]
    return [node]


def minus_before_power(evidence: Evidence) -> Hint:
    """Recognise `-1 ** n`, which is always -1."""
    for node in _nodes(evidence):
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.BinOp)
            and isinstance(node.operand.op, ast.Pow)
            and number(node.operand.left) is not None
        ):
            inner = node.operand
            return at(
                node,
                f"`**` comes before the minus: `{words(node)}` is -({words(inner)}). Write "
                f"`(-{words(inner.left)}) ** {words(inner.right)}`.",
            )
    return NOTHING


def comparisons_joined_by_bits(evidence: Evidence) -> Hint:
    """Recognise `x > 0 & y > 0` without brackets: `&` comes before `>`."""
    for node in _nodes(evidence):
        if not isinstance(node, ast.Compare):
            continue
        for part in (node.left, *node.comparators):
            if isinstance(part, ast.BinOp) and isinstance(part.op, (ast.BitAnd, ast.BitOr)):
                sign = "&" if isinstance(part.op, ast.BitAnd) else "|"
                if isinstance(part.left, ast.Constant) or len(node.ops) > 1:
                    return at(
                        node,
                        f"`{sign}` comes before the comparisons, so `{words(part)}` is computed "
                        f"first. Put each comparison into brackets: `(...) {sign} (...)`.",
                    )
    return NOTHING


def is_for_equal(evidence: Evidence) -> Hint:
    """Recognise `name is "AND"`: `is` asks whether it is the same object."""
    for node in _nodes(evidence):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Is, ast.IsNot)):
            value = node.comparators[0]
            if isinstance(value, ast.Constant) and type(value.value) in (str, int, float):
                return at(
                    node,
                    f"`{words(node)}` asks whether both are one and the same object. Ask whether "
                    "they are equal: `==`.",
                )
    return NOTHING


def one_row_many_times(evidence: Evidence) -> Hint:
    """Recognise `[[0] * n] * m`: one row that stands in every place."""
    for node in _nodes(evidence):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            continue
        rows = node.left if isinstance(node.left, ast.List) else node.right
        if not isinstance(rows, ast.List) or len(rows.elts) != 1:
            continue
        row = rows.elts[0]
        inner = isinstance(row, ast.BinOp) and isinstance(row.left, ast.List)
        if inner or isinstance(row, (ast.List, ast.Dict)) or called(row).startswith("np."):
            return at(
                node,
                f"`{words(node)}` puts one and the same row into every place: a change of one "
                "shows in all. Make each anew: `[... for _ in range(n)]`, or use np.zeros.",
            )
    return NOTHING


def digits_of_a_constant(evidence: Evidence) -> Hint:
    """Recognise 2.718 for e and 3.14 for pi."""
    for node in _nodes(evidence):
        value = number(node)
        for exact, name, better in (
            (math.e, "e", "np.exp(x)` for a power of e, or `np.e"),
            (math.pi, "pi", "np.pi"),
        ):
            if value is not None and 1e-12 < abs(value - exact) < 0.003:
                return at(
                    node,
                    f"{words(node)} is only the beginning of {name}, so the result is only nearly "
                    f"right. Write `{better}`.",
                )
    return NOTHING


def one_number_a_row(evidence: Evidence) -> Hint:
    """Recognise `y * X`, where y has a number for each row of the table X."""
    source = evidence.source
    assert source
    given = dict(zip(source.parameters, evidence.case.arguments, strict=False))
    for node in _nodes(evidence):
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
            continue
        if not (is_name(node.left) and is_name(node.right)):
            continue
        axes = {n.id: np.ndim(given.get(n.id, 0)) for n in (node.left, node.right)}
        if sorted(axes.values()) == [1, 2]:
            one, table = sorted(axes, key=lambda name: axes[name])
            rows, columns = np.shape(given[table])
            if one.startswith("b") and table.startswith("W"):
                return at(
                    node,
                    f"`*` multiplies entry by entry. Layers in a row are matrix products: "
                    f"here it is `{one} @ {table}`, and `@` between two tables of weights, too.",
                )
            if len(given[one]) == rows != columns or _for_rows(one, table, evidence):
                return at(
                    node,
                    f"`{one}` has one number for each row of `{table}`, but `{words(node)}` "
                    f"multiplies along the columns. `*` and `@` have the same rank, from left to "
                    f"right: compute the product with `@` first, in brackets, or write "
                    f"`{one}[:, None]`.",
                )
    return NOTHING


def _for_rows(one: str, table: str, evidence: Evidence) -> bool:
    """Tell whether, over all inputs, the length of one is the number of rows of the other."""
    source = evidence.source
    assert source
    places = [source.parameters.index(name) for name in (one, table)]
    sizes = [
        (len(case.arguments[places[0]]), np.shape(case.arguments[places[1]]))
        for case in evidence.cases
    ]
    return all(n == shape[0] for n, shape in sizes) and any(n != shape[1] for n, shape in sizes)


def divided_and_multiplied(evidence: Evidence) -> Hint:
    """Recognise `a / 2 * eps`, where both are to divide."""
    for node in _nodes(evidence):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Mult)
            and isinstance(node.left, ast.BinOp)
            and isinstance(node.left.op, ast.Div)
            and number(node.left.right) not in (None, 1)
            and (is_name(node.right) or called(node.right) == "len")
        ):
            by, times = words(node.left.right), words(node.right)
            return at(
                node,
                f"`.../ {by} * {times}` divides by {by} and multiplies by {times}. To divide by "
                f"both, put them into brackets: `.../ ({by} * {times})`.",
            )
    return NOTHING


def clipped(evidence: Evidence) -> Hint:
    """Recognise np.clip where nothing is to be cut."""
    for node in _nodes(evidence):
        if called(node).endswith(".clip"):
            return at(
                node,
                f"`{words(node)}` changes every number beyond its bounds, and so the result. Leave "
                "the numbers as they are.",
            )
    return NOTHING


def _nodes(evidence: Evidence) -> Iterator[ast.AST]:
    """Yield all nodes of the function and its helpers."""
    assert evidence.source
    for function in evidence.source.functions:
        yield from ast.walk(function)
