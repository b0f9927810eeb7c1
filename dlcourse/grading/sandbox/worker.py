"""Inside the sandbox: load a student's cells, then call a function on one input after another.

Student code shares this process, so nothing here is safe from it, and nothing here is worth
stealing: no answers, no tests. All that it can do is to send values, which is what it is for.
"""

import ast
import contextlib
import linecache
import os
import re
import sys
import time
import types
from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np

from dlcourse.checks import runner
from dlcourse.grading.sandbox import wire

# Cells that hold another language.
FOREIGN = re.compile(r"\s*%%(?!time|timeit|capture|prun)\w")
MAGIC = re.compile(r"^([ \t]*)(?:[%!?]|[\w.]+\?\??[ \t]*$)", re.MULTILINE)
# Top-level statements of the student's own cells that answers may need.
DEFINITIONS = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
    ast.AugAssign,
)  # fmt: skip


def main(limits: dict[str, int], confine: bool) -> None:
    """Answer messages from standard input until it ends.

    Parameters
    ----------
    limits : dict
        Resource limits by the name of their constant: ``{"RLIMIT_CPU": 10}``.
    confine : bool
        Whether to go under the filter of system calls. Without, this process is not safe.
    """
    requests, replies = _streams()
    _limit(limits, confine)
    stand_in()
    namespace = {"__name__": "__main__", "np": np}
    functions: dict[str, Callable[..., Any]] = {}
    _send(replies, "ready")
    while message := _receive(requests):
        if message["do"] == "load":
            functions, report = load(message["cells"], namespace, message["seconds"])
            _send(replies, report)
        else:
            outcome = runner.run(
                functions[message["function"]], message["arguments"], message["seconds"]
            )
            _send(replies, wire.pack_outcome(outcome))


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Move the two pipes away from where student code prints and reads."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return requests, replies


def _limit(limits: dict[str, int], confine: bool) -> None:
    if limits:
        import resource

        for name, most in limits.items():
            # What the system does not support matters only where nothing else protects it.
            with contextlib.nullcontext() if confine else contextlib.suppress(ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (most, most))
    if confine:
        from dlcourse.grading.sandbox import syscalls

        syscalls.install()


def stand_in() -> None:
    """Offer the one thing of the course that exercises import: a `check` that does nothing."""
    module = types.ModuleType("dlcourse.grading")
    module.__dict__["check"] = lambda function: None
    sys.modules["dlcourse.grading"] = module
    sys.modules["dlcourse"].__dict__["grading"] = module


def _receive(stream: BinaryIO) -> Any:
    header = stream.read(wire.HEADER.size)
    if len(header) < wire.HEADER.size:
        return None
    text, raw = wire.HEADER.unpack(header)
    return wire.decode(stream.read(text), stream.read(raw), wire.MAX_JSON)


def _send(stream: BinaryIO, message: Any) -> None:
    stream.write(wire.encode(message))
    stream.flush()


# ------------------------------------------------------------------ the cells


def load(
    cells: list[list[str]], namespace: dict[str, Any], seconds: float
) -> tuple[dict[str, Callable[..., Any]], Any]:
    """Execute cells in their order.

    Answer cells are executed whole, statement by statement: one that fails (an import of
    a package that is not here) leaves the others. Of the student's other cells only the
    definitions are: imports, functions, classes, assignments. They get half of the time, so that
    a training in one of them leaves enough for the answers.

    Parameters
    ----------
    cells : list of [function, source]
        The name of the function that an answer cell is for; empty for other cells.
    namespace : dict
        The globals of the notebook.
    seconds : float
        For all cells together.

    Returns
    -------
    functions : dict
        The functions that were found: the answer cell's own definition, or any other.
    report : list
        ``[name, found, error]`` for each answer cell: whether it defines the function itself
        ("cell"), another cell does ("elsewhere") or none (""), and its first error.
    """
    left = {"answers": seconds / 2, "others": seconds / 2}
    functions: dict[str, Callable[..., Any]] = {}
    errors: dict[str, Any] = {}
    for number, (name, source) in enumerate(cells):
        kind = "answers" if name else "others"
        title = f"answer {name}" if name else f"cell {number + 1}"
        before = namespace.pop(name, None) if name else None
        begin = time.monotonic()
        execute = _executing(source, title, namespace, whole=bool(name))
        outcome = runner.run(execute, (), max(left[kind], 0.01))
        left[kind] -= time.monotonic() - begin
        if name:
            if callable(namespace.get(name)):
                functions[name] = namespace[name]
            elif before is not None:
                namespace[name] = before
            errors[name] = wire.pack_outcome(outcome)[2]
    report = []
    for name, error in errors.items():
        found = "cell" if name in functions else ""
        if not found and callable(namespace.get(name)):
            functions[name], found = namespace[name], "elsewhere"
        report.append([name, found, error])
    return functions, report


def _executing(
    source: str, title: str, namespace: dict[str, Any], *, whole: bool
) -> Callable[[], None]:
    def execute() -> None:
        first: Exception | None = None
        for node in parse(source, title).body:
            if whole or isinstance(node, DEFINITIONS):
                try:
                    exec(compile(ast.Module([node], []), title, "exec"), namespace)
                except Exception as error:
                    first = first or error
        if first:
            raise first

    return execute


def parse(source: str, name: str) -> ast.Module:
    r"""Parse a cell as IPython would, without its magics, and keep its lines for messages.

    Examples
    --------
    >>> ast.unparse(parse("%matplotlib inline\nx = 7 % 2\n!ls", "cell 1"))
    'pass\nx = 7 % 2\npass'
    """
    if FOREIGN.match(source):
        source = ""
    lines = source.splitlines(keepends=True)
    linecache.cache[name] = (len(source), None, lines, name)
    try:
        return ast.parse(source, name)
    except SyntaxError:
        stripped = MAGIC.sub(r"\1pass #", source)
        if stripped == source:
            raise
        return ast.parse(stripped, name)
