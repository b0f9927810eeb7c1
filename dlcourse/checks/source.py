"""A learner's function as code: found in the cells of the notebook, parsed, never run."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from dlcourse.checks import cells

MAX_SOURCE = 100_000  # characters of a cell; what is longer is not read
MAX_CELLS = 500
MAX_HELPERS = 20
MAX_NODES = 3_000  # of one function

Function = ast.FunctionDef
IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Source:
    """One function of a learner's, and those of their own that it calls.

    Attributes
    ----------
    function : ast.FunctionDef
        The function; a lambda that was given a name comes as one that returns its value.
    lines : tuple of str
        The lines of its cell.
    helpers : dict
        The functions that it calls, directly or not, by name, each with the lines of its cell.
    outside : frozenset of str
        The variables of the notebook: what stands outside of functions and is none.
    imports : dict
        The imported names of the notebook, each with the package it comes from.
    """

    function: Function
    lines: tuple[str, ...]
    helpers: dict[str, tuple[Function, tuple[str, ...]]]
    outside: frozenset[str] = frozenset()
    imports: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.function.name

    @property
    def first_line(self) -> int:
        """The number of its first line in its cell, that of a decorator included."""
        first: int = self.function.lineno
        return min([first, *(decorator.lineno for decorator in self.function.decorator_list)])

    @cached_property
    def parameters(self) -> list[str]:
        """The names of its parameters."""
        arguments = self.function.args
        return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the function, in the order of the text; those of helpers are not here."""
        return tuple(_in_order(self.function))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The function itself and its helpers."""
        return (self.function, *(function for function, _ in self.helpers.values()))

    @cached_property
    def body(self) -> list[ast.stmt]:
        """The statements of the function without its docstring."""
        first, *rest = self.function.body
        return rest if _is_text(first) else [first, *rest]

    @property
    def is_stub(self) -> bool:
        """Whether nothing was written yet: ``...``, ``pass`` or a docstring alone."""
        return all(
            isinstance(statement, ast.Pass)
            or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
            for statement in self.body
        )

    def line(self, node: ast.AST | int) -> str:
        """Return the line of the cell where a node of the function begins, without its indent."""
        number = node if isinstance(node, int) else getattr(node, "lineno", 0)
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""


def find(texts: Sequence[str], name: str) -> Source | None:
    """Find the last definition of a function in cells, in the order in which they ran.

    Returns
    -------
    Source
        None if there is none, or none that can be read.
    """
    known: dict[str, tuple[Function, tuple[str, ...]]] = {}
    outside: set[str] = set()
    imports: dict[str, str] = {}
    for text in texts[-MAX_CELLS:]:
        if len(text) > MAX_SOURCE:
            continue
        cell = _read(text)
        lines = tuple(text.splitlines())
        known |= {own: (function, lines) for own, function in cell.functions.items()}
        outside |= cell.variables
        imports |= cell.imports
    if name not in known or _is_long(known[name][0]):
        return None
    function, lines = known[name]
    helpers = _helpers(function, known)
    return Source(function, lines, helpers, frozenset(outside - known.keys()), imports)


class _Cell(NamedTuple):
    """What a cell defines."""

    functions: dict[str, Function]
    variables: frozenset[str]
    imports: dict[str, str]


@lru_cache(maxsize=2 * MAX_CELLS)
def _read(text: str) -> _Cell:
    try:
        body = cells.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Cell({}, frozenset(), {})
    others = (s for s in body if not isinstance(s, (ast.FunctionDef, ast.ClassDef, *IMPORTS)))
    variables = frozenset(name for statement in others for name in cells.binds(statement))
    functions = {function.name: function for function in _functions(body)}
    return _Cell(functions, variables, dict(_imports(body)))


def _imports(body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Yield the names that imports give, each with its package."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, IMPORTS):
                for alias in node.names:
                    origin = getattr(node, "module", None) or alias.name
                    name = alias.asname or alias.name
                    yield name.partition(".")[0], origin.partition(".")[0]


def _is_long(function: Function) -> bool:
    return sum(1 for _ in ast.walk(function)) > MAX_NODES


def _functions(body: Sequence[ast.stmt]) -> Iterator[Function]:
    """Yield the functions that statements define, those under `if` and the like included."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef):
            yield statement
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
            yield from _named_lambda(statement, statement.value)
        elif not isinstance(statement, ast.ClassDef):
            for field in ("body", "orelse", "finalbody"):
                yield from _functions(getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                yield from _functions(handler.body)


def _named_lambda(statement: ast.Assign, value: ast.Lambda) -> Iterator[Function]:
    for target in statement.targets:
        if isinstance(target, ast.Name):
            body = ast.copy_location(ast.Return(value.body), value.body)
            function = ast.FunctionDef(target.id, value.args, [body], [])
            yield ast.copy_location(function, statement)


def _helpers(
    function: Function, known: dict[str, tuple[Function, tuple[str, ...]]]
) -> dict[str, tuple[Function, tuple[str, ...]]]:
    found: dict[str, tuple[Function, tuple[str, ...]]] = {}
    todo = [function]
    while todo and len(found) < MAX_HELPERS:
        for name in sorted(cells.reads(todo.pop())):
            fits = name in known and not _is_long(known[name][0])
            if fits and name != function.name and name not in found:
                found[name] = known[name]
                todo.append(known[name][0])
    return dict(islice(found.items(), MAX_HELPERS))


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    todo = list(reversed(list(ast.iter_child_nodes(node))))
    while todo:
        here = todo.pop()
        yield here
        todo += reversed(list(ast.iter_child_nodes(here)))


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@lru_cache(maxsize=256)
def of_function(function: Callable[..., Any]) -> Source | None:
    """Read a function that stands in a file; None if it cannot be read."""
    try:
        return find([textwrap.dedent(inspect.getsource(function))], function.__name__)
    except (OSError, TypeError):
        return None
