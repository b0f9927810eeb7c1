"""Where an error happened: the learner's line as code, and what its names stood for."""

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dlcourse.checks.check import Check
from dlcourse.checks.diagnosis.tree import called, words
from dlcourse.checks.runner import Raised
from dlcourse.checks.source import Source
from dlcourse.checks.values import listing

Shape = tuple[int, ...]
SHAPE = re.compile(r"an array of shape \(([\d, ]*)\)")


@dataclass(frozen=True)
class Scene:
    """An error and all that is known about it.

    Attributes
    ----------
    error : Raised
    check : Check
    source : Source, optional
        The learner's code, if it can be read.
    """

    error: Raised
    check: Check
    source: Source | None = None

    @cached_property
    def values(self) -> dict[str, str]:
        """What each name in the line stood for, in words: ``{"x": "an array of shape (3,)"}``."""
        pairs = (text.partition(": ") for text in self.error.values)
        return {name: what for name, _, what in pairs if what}

    @cached_property
    def texts(self) -> set[str]:
        """The texts that the exercise hands over, as those of `name` in "AND" or "OR"."""
        cases = self.check.cases(np.random.default_rng(0))
        return {value for case in cases for value in case.arguments if isinstance(value, str)}

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of the names that stood for arrays."""
        found = {name: SHAPE.match(what) for name, what in self.values.items()}
        return {name: _shape(match[1]) for name, match in found.items() if match}

    @cached_property
    def statement(self) -> ast.AST | None:
        """The learner's statement, or its first line where only that is known."""
        number = self.error.number
        best: ast.stmt | None = None
        for function in self.source.functions if self.source else ():
            own = (self.error.function or self.check.name) == function.name
            for node in ast.walk(function):
                if not (own and isinstance(node, ast.stmt)) or node is function:
                    continue
                if node.lineno <= number <= (node.end_lineno or 0):
                    best = node if best is None or _is_inside(node, best) else best
        return best or _parsed(self.error.line)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The nodes of the statement; of a loop or an `if` those of its first line."""
        if self.statement is None:
            return ()
        return tuple(_head(self.statement))

    def calls(self, *names: str) -> str:
        """Return the first of these functions that is called in the line; empty if none is."""
        return next((called(node) for node in self.nodes if called(node) in names), "")

    def call(self, *names: str) -> ast.Call | None:
        """Return the first call of one of these functions in the line."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and called(node) in names:
                return node
        return None

    def of(self, *kinds: str) -> str:
        """Return the first name of the line that stood for something of one of these kinds."""
        return next((n for n, what in self.values.items() if what.startswith(kinds)), "")

    @property
    def who(self) -> str:
        """Say what shapes the arrays in the line have: ``x has shape (3,) and w (4,)``."""
        parts = [f"{name} has shape {shape}" for name, shape in self.shapes.items()]
        if len(parts) > 4:
            return ""
        return listing(parts)


# What to say about an error: a sentence, or a function that makes one of the scene and the
# groups of the pattern. An empty sentence passes on to the next entry.
Say = str | Callable[[Scene, re.Match[str]], str]
Entry = tuple[str, str, Say]


def _shape(text: str) -> Shape:
    return tuple(int(length) for length in text.replace(" ", "").split(",") if length)


def _is_inside(node: ast.stmt, other: ast.stmt) -> bool:
    return node.lineno >= other.lineno and (node.end_lineno or 0) <= (other.end_lineno or 0)


def _parsed(line: str) -> ast.AST | None:
    for text in (line, f"{line} pass", f"if True: pass\n{line} pass"):
        try:
            return ast.parse(textwrap.dedent(text)).body[-1]
        except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
            continue
    return None


def _head(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without the statements that are in it."""
    todo = [statement]
    while todo:
        node = todo.pop(0)
        yield node
        todo += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def code(node: ast.AST) -> str:
    """Write a node as code, in backquotes."""
    return f"`{words(node)}`"
