"""Small questions to a syntax tree."""

import ast
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from dlcourse.checks.diagnosis.hint import Hint
from dlcourse.checks.source import Source

LOOPS = (ast.For, ast.While)
Loop = ast.For | ast.While


def loops(source: Source) -> list[tuple[Loop, list[ast.stmt]]]:
    """Return the loops of a function and its helpers, each with the body it belongs to."""
    return [
        (node, function.body)
        for function in source.functions
        for node in ast.walk(function)
        if isinstance(node, LOOPS)
    ]


def walk(*parts: ast.AST) -> Iterator[ast.AST]:
    """Yield nodes and all that is in them."""
    for part in parts:
        yield from ast.walk(part)


def loaded(name: str, *parts: ast.AST) -> bool:
    """Tell whether a variable is read anywhere in these parts; `name += 1` reads it too."""
    return any(is_name(node, name) and isinstance(node.ctx, ast.Load) for node in walk(*parts))


def is_name(node: ast.AST, name: str = "") -> TypeGuard[ast.Name]:
    """Tell whether a node is a variable, of this name if one is given."""
    return isinstance(node, ast.Name) and name in ("", node.id)


def assigned(statement: ast.AST) -> str:
    """Return the variable that a statement ``name = ...`` gives a value; empty if it is none."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value:
        target = statement.target
    else:
        return ""
    return target.id if isinstance(target, ast.Name) else ""


def base(node: ast.AST) -> str:
    """Return the name that ``name[0].a`` begins with; empty if it is none."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def stores_entry(node: ast.AST, name: str) -> bool:
    """Tell whether a node is an entry, ``name[0]``, that is given a value."""
    stored = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    return stored and base(node) == name


def changed_in_place(name: str, *parts: ast.AST, augmented: bool = True) -> bool:
    """Tell whether what a variable stands for is changed: an entry, by a method, or by ``+=``."""
    for node in walk(*parts):
        if isinstance(node, ast.AugAssign) and augmented and is_name(node.target, name):
            return True
        if stores_entry(node, name):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CHANGING
            and base(node.func) == name
        ):
            return True
    return False


# Methods that change what they belong to, and return None.
CHANGING = frozenset({
    "append", "extend", "insert", "remove", "sort", "reverse", "clear", "add", "update", "fill",
})  # fmt: skip
# Methods that change what they belong to, and return something.
CHANGING_TOO = frozenset({"pop", "popleft", "setdefault", "popitem"})


def used_change(nodes: Iterable[ast.AST]) -> ast.Call | None:
    """Return the first call such as ``rows.sort()`` whose value, None, is used for something."""
    nodes = list(nodes)
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    alone |= {
        id(part)
        for node in nodes
        for part in (getattr(node, "elt", None), getattr(node, "body", None))
        if isinstance(node, (ast.ListComp, ast.Lambda, ast.IfExp, ast.GeneratorExp))
    }
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and id(node) not in alone
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CHANGING
            and words(node.func.value) not in ("np", "numpy", "random", "heapq", "operator")
        ):
            return node
    return None


def returns_none(node: ast.Call) -> str:
    """Say of a call that `used_change` has found that nothing comes back."""
    assert isinstance(node.func, ast.Attribute)
    owner, method = words(node.func.value), node.func.attr
    return (
        f"`{owner}.{method}(...)` changes `{owner}` and returns None. Let it stand on a line of "
        "its own, without `=` or `return` in front."
    )


def called(node: ast.AST) -> str:
    """Return what a call calls, as it is written: ``np.max``; empty for another node."""
    if not isinstance(node, ast.Call):
        return ""
    return words(node.func) if isinstance(node.func, (ast.Name, ast.Attribute)) else ""


def words(node: ast.AST, most: int = 40) -> str:
    """Write a node as code, cut where it gets long."""
    text = ast.unparse(node)
    return text if len(text) <= most else f"{text[: most - 3]}..."


def number(node: ast.AST) -> float | None:
    """Return a number that stands in the code; None for another node."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, (int, float)) and type(value) is not bool else None


def at(node: ast.AST, text: str) -> Hint:
    """Return a hint that points to a node."""
    return Hint(text, getattr(node, "lineno", 0))
