"""Outside: references that go into a worker as code, because they need nothing but NumPy.

A reference that stands in for a student's function may be called thousands of times, and a
question to this side takes as long as thirty such calls. What is carried earns nothing in there:
the function in whose place it stands has its points already, or the worker ends with this one run.
See docs/decisions/0030-stand-ins-are-carried.md.
"""

import builtins
import dis
import marshal
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from dlcourse.checks.check import Check
from dlcourse.checks.rulebook import parts

CONSTANTS = (bool, int, float, str)
OTHERWISE = ("IMPORT_NAME", "STORE_GLOBAL", "DELETE_GLOBAL")
PLACE = "<the course>"  # the file of the code: a path of this machine stays here


def carried_for(check: Check) -> np.ndarray | None:
    """Return the code of a check's reference, or else of its plain answer; None for neither."""
    code = carried(check.reference)
    return carried(check.plain) if code is None and check.plain else code


@cache
def carried(function: Callable[..., Any]) -> np.ndarray | None:
    """Return the code of a reference for `dlcourse.grading.sandbox.worker.StandIn.carry`.

    With it goes what it uses of its own file: functions of the same kind, and plain constants.

    Parameters
    ----------
    function : callable

    Returns
    -------
    array of uint8, or None
        None if it uses anything else: then this side has to be asked.
    """
    found: dict[str, Any] = {}
    if not _collect(function, found):
        return None
    return np.frombuffer(marshal.dumps((function.__name__, found)), np.uint8)


def _collect(function: Any, found: dict[str, Any]) -> bool:
    """Add a function, and what it uses, to what is found; False if it uses too much."""
    if type(function) is not FunctionType or function.__closure__ or vars(function):
        return False
    own = function.__code__
    defaults = (function.__defaults__, function.__kwdefaults__)
    try:
        marshal.dumps(defaults)
    except ValueError:  # an object that is no plain constant
        return False
    found[function.__name__] = (_moved(own), *defaults)
    return all(_known(function, name, found) for name in _globals(own))


def _known(function: FunctionType, name: str, found: dict[str, Any]) -> bool:
    """Tell whether a name that a function uses is there in a worker, or can go with it."""
    here = function.__globals__
    if name in found or (name not in here and hasattr(builtins, name)):
        return True
    value = here.get(name)
    if value is np:
        return name == "np"
    if type(value) in CONSTANTS:
        found[name] = (None, value)
        return True
    same_file = getattr(value, "__module__", "") == function.__module__
    return same_file and getattr(value, "__name__", "") == name and _collect(value, found)


def _globals(code: CodeType) -> Iterator[str]:
    """Yield the global names that code uses; an empty one, which nothing has, for an import."""
    for part in parts(code):
        for step in dis.get_instructions(part):
            if step.opname in OTHERWISE:
                yield ""
            elif step.opname == "LOAD_GLOBAL":
                yield step.argval


def _moved(code: CodeType) -> CodeType:
    """Return code that does not say where its file lies."""
    constants = (_moved(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_filename=PLACE, co_consts=tuple(constants))
