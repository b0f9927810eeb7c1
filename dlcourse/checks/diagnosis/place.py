"""The line to look at, where no rule has named one: the one that gives the wrong value its value.

It is found in the learner's own code: the `return` that ran, and behind a name in it the line
that ran last of those that give the name a value.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from dlcourse.checks.diagnosis.tree import base, is_name
from dlcourse.checks.source import Source


def place(source: Source, ran: Sequence[int], wrong: int | None, changed: Sequence[str]) -> int:
    """Return the number of a line in its cell; 0 if none can be named.

    Parameters
    ----------
    source : Source
        The learner's function.
    ran : sequence of int
        The lines of it that ran, the one that ran last at the end.
    wrong : int, optional
        Which of several returned values is wrong.
    changed : sequence of str
        The arguments that were changed; if there are any, they are what is wrong.
    """
    statements = [s for s in _statements(source.function.body) if _numbers(s) & set(ran)]
    statements.sort(key=lambda s: max(ran.index(n) for n in _numbers(s) & set(ran)))
    if changed:
        return _gives_a_value(changed[0], statements)
    returns = [s for s in statements if isinstance(s, ast.Return) and s.value is not None]
    if not returns:
        return 0
    value = returns[-1].value
    assert value is not None
    if isinstance(value, ast.Tuple) and wrong is not None and wrong < len(value.elts):
        value = value.elts[wrong]
    line = 0
    if is_name(value):
        line = _gives_a_value(value.id, statements)
    return line or getattr(value, "lineno", 0)


def _gives_a_value(name: str, statements: Sequence[ast.stmt]) -> int:
    """Return the line that ran last of those that bind a name or change what it stands for."""
    return next((s.lineno for s in reversed(statements) if name in _given(s)), 0)


def _given(statement: ast.stmt) -> set[str]:
    """Return the names that a statement, without those inside it, binds or changes."""
    targets: list[Any] = []
    match statement:
        case ast.Assign():
            targets = statement.targets
        case ast.AugAssign() | ast.AnnAssign() | ast.For():
            targets = [statement.target]
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            targets = [method]
    parts = [part for t in targets for part in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return {base(part) for part in parts} - {""}


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those inside them; functions that are defined inside stay out."""
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        yield statement
        for field in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, field, []))
        for handler in getattr(statement, "handlers", []):
            yield from _statements(handler.body)


def _numbers(statement: ast.stmt) -> set[int]:
    """Return the lines of a statement, of one with a body those of its head."""
    body = getattr(statement, "body", None)
    end = body[0].lineno - 1 if body else (statement.end_lineno or statement.lineno)
    return set(range(statement.lineno, max(end, statement.lineno) + 1))
