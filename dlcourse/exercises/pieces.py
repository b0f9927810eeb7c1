"""A learner's functions as text: each with whatever of their own it needs, ready for a module.

A notebook is read, never run. Its top-level statements are the pieces; a function needs those
that bind the names it reads, and those that these need in turn.
"""

import ast
import io
import json
import keyword
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlcourse.checks import cells

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
NOT_TAKEN = {"dlcourse", "IPython"}  # a library of one's own does not stand on ours


class MissingError(Exception):
    """A function cannot be taken out of its notebook; the message says why."""


@dataclass(frozen=True)
class Piece:
    """One top-level statement of a notebook.

    Attributes
    ----------
    text : str
        Its lines, with the comments in them, without a line end.
    binds, reads : frozenset of str
        The names that it gives a value, and those that it takes from elsewhere.
    kind : {"import", "definition", "value", "other"}
        A value is an assignment that calls nothing of the learner's.
    """

    text: str
    binds: frozenset[str]
    reads: frozenset[str]
    kind: str


def code_cells(notebook: Path) -> list[str]:
    """Return the code of a learner's notebook, cell by cell; none if it cannot be read."""
    try:
        found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def pieces(texts: Iterable[str]) -> list[Piece]:
    """Return the top-level statements of cells; cells that are no Python have none."""
    found = []
    for text in texts:
        try:
            body = cells.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        lines = text.splitlines()
        found += [_piece(statement, lines) for statement in body]
    return found


def _piece(statement: ast.stmt, lines: Sequence[str]) -> Piece:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    text = "\n".join(lines[first - 1 : statement.end_lineno])
    binds, reads = frozenset(cells.binds(statement)), frozenset(cells.reads(statement))
    return Piece(text, binds, reads, _kind(statement))


def _kind(statement: ast.stmt) -> str:
    if isinstance(statement, IMPORTS):
        modules = {alias.name for alias in statement.names}
        if isinstance(statement, ast.ImportFrom):
            modules = {statement.module or ""}
        ours = any(module.partition(".")[0] in NOT_TAKEN for module in modules)
        return "other" if ours else "import"
    named = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda)
    if named or isinstance(statement, DEFINITIONS):
        return "definition"
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
        calls = [node.func for node in ast.walk(statement.value) if isinstance(node, ast.Call)]
        if all(isinstance(function, ast.Attribute) for function in calls):
            return "value"
    return "other"


def needed(name: str, known: Sequence[Piece]) -> list[int]:
    r"""Return the places of the pieces that a function needs, its own among them, in order.

    Raises
    ------
    MissingError
        If the notebook does not define it, or it reads what cannot be taken along.

    Examples
    --------
    >>> cells = ["import numpy as np", "def half(x):\n    return x / 2", "def f(x): return half(x)"]
    >>> needed("f", pieces(cells))
    [1, 2]
    """
    bound = {name for piece in known for name in piece.binds}
    made = {
        name: place
        for place, piece in enumerate(known)
        if piece.kind != "other"
        for name in piece.binds
    }
    if name not in made or known[made[name]].kind != "definition":
        raise MissingError("it is not defined in its notebook")
    found: set[int] = set()
    todo = [name]
    while todo:
        wanted = todo.pop()
        if wanted not in bound:
            continue  # a builtin, or an error that running it will show
        if wanted not in made:
            raise MissingError(
                f"it uses {wanted}, a variable of the notebook: make it an argument, or put it "
                "into the function"
            )
        place = made[wanted]
        if place not in found:
            found.add(place)
            todo += sorted(known[place].reads)
    return sorted(found)


def renamed(text: str, names: Mapping[str, str]) -> str:
    r"""Return code with other names for some of its own; attributes and texts stay as they are.

    Examples
    --------
    >>> renamed("def f(x):\n    return half(x).half  # half of it", {"half": "half_in_04"})
    'def f(x):\n    return half_in_04(x).half  # half of it'
    """
    lines = [list(line) for line in text.splitlines(keepends=True)]
    found = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for before, token in reversed(list(zip([None, *found], found, strict=False))):
        after_dot = before is not None and before.string == "."
        if token.type == tokenize.NAME and token.string in names and not after_dot:
            row, start = token.start
            lines[row - 1][start : token.end[1]] = names[token.string]
    return "".join("".join(line) for line in lines)


def free_name(name: str, lesson: str, taken: Iterable[str]) -> str:
    """Return another name for a helper, which says the lesson it comes from.

    Examples
    --------
    >>> free_name("half", "04", {"half", "half_in_04"})
    'half_in_04_2'
    """
    taken, new, number = set(taken), f"{name}_in_{lesson}", 2
    while new in taken or keyword.iskeyword(new):
        new, number = f"{name}_in_{lesson}_{number}", number + 1
    return new
