"""An error ended the function: what it means for a beginner, with their own line and names."""

import ast
import re

from dlcourse.checks.check import Check
from dlcourse.checks.diagnosis import errors_of_arrays, errors_of_names, errors_of_types
from dlcourse.checks.diagnosis.scene import Entry, Scene, code
from dlcourse.checks.diagnosis.tree import base, called, loops, walk, words
from dlcourse.checks.rulebook import LIBRARY
from dlcourse.checks.runner import Raised
from dlcourse.checks.source import Source


def _endless(scene: Scene, match: re.Match[str]) -> str:
    found = [loop for loop, _ in loops(scene.source)] if scene.source else []
    if scene.source:
        for loop in found:
            if isinstance(loop, ast.While):
                asked = {n.id for n in ast.walk(loop.test) if isinstance(n, ast.Name)}
                given = {
                    base(n)
                    for n in walk(*loop.body)
                    if isinstance(n, (ast.Name, ast.Subscript, ast.Attribute))
                    and isinstance(n.ctx, ast.Store)
                }
                given |= {called(n).partition(".")[0] for n in walk(*loop.body) if called(n)}
                leaves = any(isinstance(n, (ast.Break, ast.Return)) for n in walk(*loop.body))
                if asked and not asked & given and not leaves:
                    return (
                        "Your function did not come to an end and was stopped: nothing in the loop "
                        f"`while {words(loop.test)}` changes {' or '.join(sorted(asked))}."
                    )
    if found and all(isinstance(loop, ast.For) for loop in found):
        return (
            "Your function was not done in time and was stopped. Python's loops are slow: let "
            "NumPy do the innermost one, with whole rows at once, such as "
            "`np.sum((a - b) ** 2)` in place of a loop over the entries of a and b."
        )
    return (
        "Your function did not come to an end and was stopped. Look for a loop whose condition "
        "never becomes false: does something in it change the condition?"
    )


def _unpack(scene: Scene, match: re.Match[str]) -> str:
    statement = scene.statement
    target = value = None
    if isinstance(statement, ast.Assign):
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.For):
        target, value = statement.target, statement.iter
    if not isinstance(target, (ast.Tuple, ast.List)) or value is None:
        return "The number of variables on the left is not the number of values on the right."
    names = f"{len(target.elts)} names, {code(target)}"
    if isinstance(statement, ast.For):
        return (
            f"Each round of the loop hands over something else than {names}. To go through two "
            "things side by side write `zip(a, b)`, with a count `enumerate(a)`."
        )
    owner = words(value).removesuffix(".shape")
    if words(value).endswith(".shape") and owner in scene.shapes:
        return f"On the left stand {names}, and {owner} has shape {scene.shapes[owner]}."
    rows = scene.shapes.get(owner, ())
    if len(rows) == 2 and rows[1] == len(target.elts):
        return (
            f"On the left stand {names}, and {owner} has shape {rows}: {len(target.elts)} values "
            f"in each row. Take the rows one by one: `for {words(target).strip('()')} in {owner}:`."
        )
    return f"On the left stand {names}, and {code(value)} gives {_how_many(match)}."


def _how_many(match: re.Match[str]) -> str:
    got = re.search(r"got (\d+)", match.string)
    if got is None:
        return "more values"
    return "1 value" if got[1] == "1" else f"{got[1]} values"


def _zero(scene: Scene, match: re.Match[str]) -> str:
    zeros = [name for name, what in scene.values.items() if re.fullmatch(r"-?0(\.0)?", what)]
    who = f": {zeros[0]} is 0 here" if len(zeros) == 1 else ""
    return f"This divides by zero{who}. What should happen for this input?"


def _library(scene: Scene, match: re.Match[str]) -> str:
    return LIBRARY.format(match[1].partition(".")[0])


ENTRIES: tuple[Entry, ...] = (
    (
        "NotImplementedError",
        "",
        "The line `raise NotImplementedError` is still there. Delete it and write your code.",
    ),
    (
        "MissingAnswer",
        "defines no function",
        "Put the line that begins with `def` back as the exercise gave it.",
    ),
    (
        "TimeLimitError",
        "not run",
        "Your function took too long on the inputs before this one, so this one was not tried.",
    ),
    ("TimeLimitError", "", _endless),
    ("ValueError", r"to unpack|unpack \(expected", _unpack),
    *errors_of_arrays.ENTRIES,
    *errors_of_types.ENTRIES,
    *errors_of_names.ENTRIES,
    (
        "ValueError",
        r"zip\(\) argument",
        "The two things that go side by side in `zip` have different lengths. Print both lengths.",
    ),
    (
        "ValueError",
        r"math domain error|expected a positive input|nonnegative",
        "The logarithm or the root of a number that has none: of 0, or of a negative one. What "
        "comes in on this input?",
    ),
    (
        "OverflowError",
        r"infinity to integer",
        "An array of whole numbers cannot hold np.inf. Make it of floats first: x.astype(float); "
        "`np.where(condition, x, -np.inf)` does so by itself.",
    ),
    (
        "OverflowError",
        "",
        "A number became too large, as exp(1000) does. The scores here are far from 0: which form "
        "of the formula takes exp of negative numbers only?",
    ),
    ("ValueError", r"is not in list", "A list is searched for something that is not in it."),
    ("(ModuleNotFound|Import)Error", r"No module named '([\w.]+)'", _library),
    (
        "(Permission|FileNotFound|OS|BlockingIO)Error",
        "",
        "Graded functions work with their arguments alone: no files, no network, no processes.",
    ),
    ("ZeroDivisionError", "", _zero),
    (
        "RecursionError",
        "",
        "The function calls itself without end. Which input should end it, and does every call "
        "come nearer to that? Or did you mean to call another one?",
    ),
    ("StopIteration", "", "`next` found nothing. What should happen if there is none?"),
    ("AssertionError", "", "An `assert` in your code does not hold for this input."),
    ("MemoryError", "", "This asks for more memory than there is. Print the shapes it works with."),
    ("SystemExit", "", "exit() and quit() stop Python. Use `return` to leave a function."),
)


def explain(error: Raised, check: Check, source: Source | None = None) -> str:
    """Explain an error by its class, its text and the line; empty if beginners do not meet it."""
    if not error.line and error.kind == "TypeError" and "argument" in error.message:
        return (
            f"The exercise calls {check.call}. Your function does not take these "
            f"{len(check.parameters)} arguments: keep the line that begins with `def` as it was "
            "given."
        )
    scene = Scene(error, check, source)
    for kind, pattern, say in ENTRIES:
        found = re.search(pattern, error.message)
        if found and re.fullmatch(kind, error.kind):
            groups = [group or "" for group in found.groups()]
            if said := say.format(*groups) if isinstance(say, str) else say(scene, found):
                return said
    return ""
