"""What counts, alone and in a class: the same rules in the same words.

The two lines of `RULES` stand at the top of every exercise.
"""

import dis
import sys
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from dlcourse.checks.runner import SECONDS

LIBRARIES = frozenset({"numpy", "builtins", "__main__"}) | sys.stdlib_module_names

RULES = (
    "**What counts**, here and in a class: NumPy and Python's standard library, no other package "
    f"and no files; at most {SECONDS:g} seconds for all tests of a function, unless it says more; "
    "arguments stay as they came in.\n"
    "What is right of an answer earns its part, a guess or a table earns nothing. What goes wrong "
    "in a function that you call is paid there, and not twice."
)

LIBRARY = (
    "Your function uses {0}. Graded functions use NumPy and Python's standard library only, here "
    "and in a class, so this one earns no points yet."
)


def foreign(function: Callable[..., Any]) -> str:
    """Return the first package that a function uses and that does not count; empty if none.

    The function is not called. Its own helpers are looked into as well. The course itself is such
    a package: its answers are not the learner's.

    Examples
    --------
    >>> notebook = {"np": np, "__name__": "__main__"}
    >>> exec("def power(x): return np.exp(x)", notebook)
    >>> foreign(notebook["power"])
    ''
    """
    course = _first(__name__)
    if _first(getattr(function, "__module__", None)) == course:
        return course
    seen: set[int] = set()
    todo: list[Any] = [function]
    while todo:
        here = todo.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        code = getattr(here, "__code__", None)
        if not isinstance(code, CodeType):
            continue
        for package in _imported(code):
            if package not in LIBRARIES:
                return package
        for value in _globals(code, here.__globals__):
            if getattr(value, "__globals__", None) is here.__globals__:
                todo.append(value)
            elif (package := _package(value)) not in (*LIBRARIES, _first(here.__module__)):
                return package
    return ""


def _globals(code: CodeType, known: dict[str, Any]) -> Iterator[Any]:
    """Yield what the global names in a function stand for."""
    for part in parts(code):
        for step in dis.get_instructions(part):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval in known:
                yield known[step.argval]


def _imported(code: CodeType) -> Iterator[str]:
    for part in parts(code):
        for step in dis.get_instructions(part):
            if step.opname == "IMPORT_NAME":
                yield _first(step.argval)


def parts(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a function and of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from parts(constant)


def _package(value: Any) -> str:
    """Return the package that a value comes from."""
    if isinstance(value, ModuleType):
        return _first(value.__name__)
    if isinstance(value, np.ufunc):
        return "numpy" if getattr(np, value.__name__, None) is value else _owner(value)
    module = getattr(value, "__module__", None)
    return _first(module if isinstance(module, str) else type(value).__module__)


def _owner(value: Any) -> str:
    """Find the package whose module has this value."""
    for name, module in list(sys.modules.items()):
        if (
            getattr(module, "__dict__", {}).get(value.__name__) is value
            and _first(name) not in LIBRARIES
        ):
            return _first(name)
    return "numpy"


def _first(name: str | None) -> str:
    return (name or "").partition(".")[0]
