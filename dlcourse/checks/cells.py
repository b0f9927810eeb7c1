"""The cells of a notebook as code: parse them, and find what they bind and read.

Nothing here runs anything. This file uses the standard library only: the sandbox carries it.
"""

import ast
import re
from collections.abc import Iterable, Iterator

# Cells that hold another language.
FOREIGN = re.compile(r"\s*%%(?!time|timeit|capture|prun)\w")
MAGIC = re.compile(r"^([ \t]*)(?:[%!?]|[\w.]+\?\??[ \t]*$)", re.MULTILINE)
# Whoever calls these may need anything.
DYNAMIC = frozenset({"globals", "eval", "exec", "vars", "locals"})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def parse(source: str, name: str = "<cell>") -> ast.Module:
    r"""Parse a cell as IPython would, without its magics.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If it is no Python.

    Examples
    --------
    >>> ast.unparse(parse("%matplotlib inline\nx = 7 % 2\n!ls"))
    'pass\nx = 7 % 2\npass'
    """
    if FOREIGN.match(source):
        source = ""
    try:
        return ast.parse(source, name)
    except SyntaxError:
        stripped = MAGIC.sub(r"\1pass #", source)
        if stripped == source:
            raise
        return ast.parse(stripped, name)


def binds(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds or changes where it stands; ``"*"`` for any."""
    found: set[str] = set()
    for node in _own(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            found.add(_base(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # A method may change what it belongs to: `rows.append(1)`, `np.seterr(...)`.
            function = node.value.func
            found.add(_base(function) if isinstance(function, ast.Attribute) else "")
    return found - {""}


def reads(node: ast.AST) -> set[str]:
    """Return the names that code reads and does not bind in a function of its own."""
    found: set[str] = set()
    for inner in _own(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            found.add(inner.id)
        elif isinstance(inner, (ast.AugAssign, ast.Subscript, ast.Attribute)):
            target = inner.target if isinstance(inner, ast.AugAssign) else inner
            found.add(_base(target))
        if isinstance(inner, FUNCTIONS):
            found |= _reads_of_function(inner)
    return found - _counters(node) - {""}


def _counters(node: ast.AST) -> set[str]:
    """Return the names that loops in code give a value themselves, before anything reads it."""
    targets = [n.target for n in _own(node) if isinstance(n, (ast.For, ast.comprehension))]
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}


def _reads_of_function(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """Return the names that a function takes from outside."""
    body = [function.body] if isinstance(function, ast.Lambda) else function.body
    arguments = function.args
    local = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    local |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}
    outside: set[str] = set()
    found: set[str] = set()
    for part in body:
        found |= reads(part)
        for node in _own(part):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                local.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                local.add(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                local |= {(a.asname or a.name).partition(".")[0] for a in node.names}
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                outside |= set(node.names)
    return found - (local - outside) | outside


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Walk code without going into the bodies of functions; their defaults belong to it."""
    todo = [node]
    while todo:
        here = todo.pop()
        yield here
        if isinstance(here, ast.Lambda):
            todo += _outer_parts(here.args)
        elif isinstance(here, (ast.FunctionDef, ast.AsyncFunctionDef)):
            todo += [*here.decorator_list, *_outer_parts(here.args)]
            todo += [here.returns] if here.returns else []
        else:
            todo += ast.iter_child_nodes(here)


def _outer_parts(arguments: ast.arguments) -> Iterable[ast.AST]:
    """Return the defaults and the hints of types, which are read where the `def` stands."""
    all_of_them = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    all_of_them += filter(None, (arguments.vararg, arguments.kwarg))
    hints = [argument.annotation for argument in all_of_them]
    return [part for part in (*arguments.defaults, *arguments.kw_defaults, *hints) if part]


def _base(node: ast.AST) -> str:
    """Return the name that ``name.a[0].b`` begins with; empty if it is none."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
