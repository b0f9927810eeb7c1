"""The learner's variables show what is wrong: never used, lost, or two names for one array."""

import ast
from typing import Any

import numpy as np

from dlcourse.checks import cells
from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.diagnosis.tree import (
    assigned,
    at,
    called,
    changed_in_place,
    is_name,
    loaded,
    loops,
    returns_none,
    stores_entry,
    used_change,
    walk,
    words,
)
from dlcourse.checks.source import Source
from dlcourse.checks.values import same

# Methods and functions of NumPy that return something new and change nothing.
PURE_METHODS = frozenset({
    "copy", "astype", "reshape", "flatten", "ravel", "transpose", "sum", "mean", "round", "clip",
    "dot", "max", "min", "cumsum", "cumprod", "repeat", "replace", "strip", "upper", "lower",
    "join", "split", "squeeze", "argmax", "argmin", "prod",
})  # fmt: skip
PURE_FUNCTIONS = frozenset({
    "append", "concatenate", "sort", "where", "exp", "log", "sqrt", "tanh", "maximum", "minimum",
    "sum", "mean", "dot", "outer", "reshape", "transpose", "zeros", "ones", "array", "insert",
    "delete", "flip", "roll", "pad", "clip", "abs", "sign", "stack", "vstack", "hstack",
})  # fmt: skip


def unused_parameter(evidence: Evidence) -> Hint:
    """Recognise a parameter that is never read, or gets a new value before it is."""
    source = evidence.source
    assert source
    wanted = _parameters_that_matter(evidence)
    for name, official in zip(source.parameters, evidence.check.parameters, strict=False):
        if official not in wanted:
            continue
        if not loaded(name, source.function):
            other = _read_instead(source, name)
            if other:
                return at(
                    source.function,
                    f"You never use the argument `{name}`; your function reads `{other}`, a "
                    "variable of the notebook, which is the same whatever it is given.",
                )
            return at(
                source.function,
                f"You never use `{name}`. What does it stand for, and where does it come in?",
            )
        first = next((node for node in source.nodes if is_name(node, name)), None)
        statement = next((s for s in source.body if assigned(s) == name), None)
        if (
            statement is not None
            and first is not None
            and first.lineno >= statement.lineno
            and not loaded(name, *ast.iter_child_nodes(statement))
        ):
            return at(
                statement,
                f"You give `{name}` a new value before you use the one that came in: what the "
                "caller hands over is lost.",
            )
    return NOTHING


def _parameters_that_matter(evidence: Evidence) -> set[str]:
    """Return the parameters that differ between the inputs, and so may change the result."""
    inputs = [case.arguments for case in evidence.cases]
    return {
        name
        for place, name in enumerate(evidence.check.parameters)
        if any(not same(inputs[0][place], other[place]) for other in inputs[1:])
    }


def _read_instead(source: Source, name: str) -> str:
    """Return a variable of the notebook that the function reads; empty if there is none."""
    outside = cells.reads(source.function) & source.outside
    outside = {other for other in outside if other != other.upper() or other == name.upper()}
    return min(outside, key=lambda other: (other.lower() != name.lower(), other), default="")


def never_used(evidence: Evidence) -> Hint:
    """Recognise a local variable that gets a value and is never read."""
    source = evidence.source
    assert source
    if cells.DYNAMIC & {called(node) for node in source.nodes}:
        return NOTHING
    outside = {n for node in source.nodes if isinstance(node, ast.Global) for n in node.names}
    for statement in source.nodes:
        name = assigned(statement)
        if isinstance(statement, ast.AugAssign) and is_name(statement.target):
            name = statement.target.id
        local = name and name not in outside and not name.startswith("_")
        if local and not loaded(name, source.function):
            return at(
                statement,
                f"You give `{name}` a value and never use it. Is it missing from a formula, or "
                "from what you return?",
            )
    return NOTHING


def discarded(evidence: Evidence) -> Hint:
    """Recognise a line that computes a value and does nothing with it."""
    source = evidence.source
    assert source
    for statement in source.nodes:
        if not isinstance(statement, ast.Expr):
            continue
        value = statement.value
        if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
            return at(
                statement,
                f"`{words(value)}` only compares, and the answer is lost. One `=` gives a value: "
                f"`{words(value.left)} = ...`.",
            )
        if isinstance(value, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Subscript)):
            return at(
                statement,
                f"`{words(value)}` is computed, and the result is lost: it is given to no name "
                "and not returned.",
            )
        name = called(value)
        start, _, last = name.rpartition(".")
        pure = last in (PURE_FUNCTIONS if start in ("np", "numpy") else PURE_METHODS)
        if start and pure and not any(k.arg == "out" for k in getattr(value, "keywords", [])):
            return at(
                statement,
                f"`{words(value)}` returns a new value and changes nothing, so its result is "
                f"lost. Give it to a name: `... = {words(value)}`.",
            )
        if name in (source.name, *source.helpers) and _returns(source, name):
            return at(
                statement,
                f"You call `{name}` and do nothing with what it returns. Give it to a name, or "
                "return it.",
            )
    return NOTHING


def _returns(source: Source, name: str) -> bool:
    function = source.helpers[name][0] if name in source.helpers else source.function
    return any(isinstance(node, ast.Return) and node.value for node in ast.walk(function))


def result_of_a_change(evidence: Evidence) -> Hint:
    """Recognise `rows = rows.append(x)`: what changes a list returns None."""
    assert evidence.source
    node = used_change(evidence.source.nodes)
    return NOTHING if node is None else at(node, returns_none(node))


def one_array_appended(evidence: Evidence) -> Hint:
    """Recognise one array that is kept at every step and changed afterwards."""
    source = evidence.source
    assert source
    for loop, _ in loops(source):
        for node in walk(*loop.body):
            if not (isinstance(node, ast.Call) and called(node).endswith(".append")):
                continue
            if called(node) == "np.append" or len(node.args) != 1 or not is_name(node.args[0]):
                continue
            name = node.args[0].id
            if any(assigned(inner) == name for inner in walk(*loop.body)):
                continue  # a new one in every round
            by_sign = _is_array(name, evidence)
            if changed_in_place(name, *loop.body, augmented=by_sign):
                return at(
                    node,
                    f"`{words(node)}` keeps the same array in every round, and it is changed "
                    f"afterwards: in the end all entries show its last state. Keep a copy: "
                    f"`{name}.copy()`.",
                )
    return NOTHING


def _is_array(name: str, evidence: Evidence) -> bool:
    """Tell whether a variable surely is an array: an argument that is one, or made by NumPy."""
    source = evidence.source
    assert source
    arguments: dict[str, Any] = dict(zip(source.parameters, evidence.case.arguments, strict=False))
    if isinstance(arguments.get(name), np.ndarray):
        return True
    for statement in source.nodes:
        if assigned(statement) == name and isinstance(statement, ast.Assign):
            value = statement.value
            if called(value).startswith(("np.zeros", "np.ones", "np.array")):
                return True
            if called(value).endswith(".copy"):
                return True
            if is_name(value) and value.id != name and _is_array(value.id, evidence):
                return True
    return False


def second_name(evidence: Evidence) -> Hint:
    """Recognise `wp = w` where a copy is meant: a change of one shows in the other."""
    source = evidence.source
    assert source
    for statement in source.nodes:
        name = assigned(statement)
        if not (name and isinstance(statement, ast.Assign) and is_name(statement.value)):
            continue
        other = statement.value.id
        if other == name or not _is_array(other, evidence):
            continue
        below = [n for n in source.nodes if getattr(n, "lineno", 0) > statement.lineno]
        rest = [n for n in below if isinstance(n, ast.stmt)]
        if changed_in_place(name, *rest) and (other in source.parameters or loaded(other, *rest)):
            return at(
                statement,
                f"`{name} = {other}` makes no copy: both names stand for one array, and a change "
                f"of `{name}` changes `{other}` too. Write `{name} = {other}.copy()`.",
            )
    return NOTHING


def one_array_two_names(evidence: Evidence) -> Hint:
    """Recognise `up = down = w.copy()`, where both are changed."""
    source = evidence.source
    assert source
    for statement in source.nodes:
        if not (isinstance(statement, ast.Assign) and len(statement.targets) > 1):
            continue
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        rest = [n for n in source.nodes if getattr(n, "lineno", 0) > statement.lineno]
        changed = [name for name in names if any(stores_entry(node, name) for node in rest)]
        if len(changed) > 1:
            return at(
                statement,
                f"`{words(statement)}` makes one array with {len(names)} names: a change of "
                f"`{changed[0]}` changes `{changed[1]}` too. Write one line for each, with a "
                "copy of its own.",
            )
    return NOTHING


def from_outside(evidence: Evidence) -> Hint:
    """Recognise a list, an array or a counter of the notebook that the function changes."""
    source = evidence.source
    assert source
    for function in source.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                return at(node, f"`global {', '.join(node.names)}` keeps a value between calls.")
    local = set(source.parameters) | {assigned(node) for node in source.nodes}
    for name in sorted(source.outside - local):
        if changed_in_place(name, *source.function.body):
            return Hint(f"`{name}` stands outside of your function, which changes it.")
    return NOTHING


def default_that_stays(evidence: Evidence) -> Hint:
    """Recognise a default such as `order=[]`, made once and kept between calls."""
    source = evidence.source
    assert source
    for function in source.functions:
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(reversed(named), reversed(arguments.defaults), strict=False))
        pairs += [
            (a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d
        ]
        for argument, default in pairs:
            if isinstance(default, (ast.List, ast.Dict, ast.Set, ast.Call)) and (
                changed_in_place(argument.arg, *function.body)
            ):
                return at(
                    default,
                    f"The default `{argument.arg}={words(default)}` is made once, when `def` runs, "
                    "and what is put into it stays there for the next call. Make it inside the "
                    f"function: `{argument.arg} = {words(default)}`.",
                )
    return NOTHING
