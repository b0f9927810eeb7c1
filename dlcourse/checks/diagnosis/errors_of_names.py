"""Errors about names, keys and imports, and cells that Python cannot read."""

import ast
import re
import sys
from difflib import get_close_matches

import numpy as np

from dlcourse.checks.diagnosis.scene import Entry, Scene, code
from dlcourse.checks.diagnosis.tree import assigned, is_name, words
from dlcourse.checks.rulebook import LIBRARIES, LIBRARY

OWN = {"sigmoid", "softmax", "relu", "logistic", "cross_entropy", "one_hot"}


def _name(scene: Scene, match: re.Match[str]) -> str:
    name = match[1]
    package = scene.source.imports.get(name, "") if scene.source else ""
    if package and package not in LIBRARIES:
        return LIBRARY.format(package)
    if name == "numpy":
        return "The exercise imports NumPy under its short name: write `np.` in place of `numpy.`."
    if name in sys.stdlib_module_names:
        return f"`{name}` is not imported. Write `import {name}` at the top of the cell."
    if name in scene.texts:
        return f'The name {name} has no value. A text stands in quotes: write "{name}".'
    if name == "e":
        return "The name e has no value. A power of e is `np.exp(x)`, the number is `np.e`."
    if hasattr(np, name):
        return f"{name} belongs to NumPy and has `np.` in front: write `np.{name}`."
    known = set(scene.source.parameters) if scene.source else set(scene.check.parameters)
    if scene.source:
        known |= {assigned(node) for node in scene.source.nodes} | set(scene.source.helpers)
        known |= {node.id for node in scene.source.nodes if is_name(node)}
    near = get_close_matches(name, known - {name, ""}, n=1, cutoff=0.7)
    if near:
        return f"The name {name} has no value at this point. Is it meant to be `{near[0]}`?"
    if scene.source and f"'{name}'" in scene.error.message and "access" in scene.error.message:
        return (
            f"The name {name} has no value at this point: the line that gives it one stands in a "
            "loop or under an `if`, and did not run. Give it a value before."
        )
    return (
        f"The name {name} has no value at this point. Check its spelling, and that the line that "
        "defines it runs first, on every path."
    )


def _key(scene: Scene, match: re.Match[str]) -> str:
    key = scene.error.message.strip()[:60]
    if found := _lookups(scene, key):
        owner, asked = words(found[0].value), words(found[0].slice)
        named = "" if asked in (key, key.strip("'\"")) else f" (`{asked}` is {key} here)"
        given = _keys(scene, owner)
        if key.strip("'\"") in given:
            return (
                f"The dictionary {owner} has no entry for {key}{named}: not every key need be "
                f"there. Ask `if {asked} in {owner}`, or read it with `{owner}.get({asked}, ...)` "
                "and what is to stand for it."
            )
        if near := get_close_matches(key.strip("'\""), given, n=1, cutoff=0.7):
            return f"The dictionary {owner} has no entry for {key}. Is {near[0]!r} meant?"
        grows = isinstance(scene.statement, ast.AugAssign) and scene.statement.target is found[0]
        advice = (
            f"`+=` needs something to add to: give each key a 0 first, or read it with "
            f"`{owner}.get({asked}, 0)`."
            if grows
            else "An entry must be put in before it is read: was that forgotten, does it come "
            "later, or does it stand for nothing, so that 0 is meant? Print the keys before this "
            "line."
        )
        return f"The dictionary {owner} has no entry for {key}{named}. {advice}"
    return (
        f"The dictionary has no entry for {key}. An entry must be put in before it is read. Print "
        "its keys before this line."
    )


def _keys(scene: Scene, owner: str) -> list[str]:
    """Return the texts that are keys of this argument."""
    own = scene.source.parameters if scene.source else scene.check.parameters
    if owner not in own:
        return []
    given = scene.check.cases(np.random.default_rng(0))[0].arguments[list(own).index(owner)]
    return [key for key in given if isinstance(key, str)] if isinstance(given, dict) else []


def _lookups(scene: Scene, key: str) -> list[ast.Subscript]:
    """Return where a line looks into dictionaries: first with a variable that is this key.

    A constant that is another key was found, and what a line only writes needs no entry.
    """
    grown = scene.statement.target if isinstance(scene.statement, ast.AugAssign) else None
    found = [
        node
        for node in scene.nodes
        if isinstance(node, ast.Subscript)
        and (not isinstance(node.ctx, ast.Store) or node is grown)
        and scene.values.get(words(node.value), "").startswith("a dict")
        and (not isinstance(node.slice, ast.Constant) or repr(node.slice.value) == key)
    ]
    return sorted(found, key=lambda node: scene.values.get(words(node.slice)) != key)


def _attribute_of_numpy(scene: Scene, match: re.Match[str]) -> str:
    name = match[1]
    if name in ("float", "int", "bool", "object", "str", "complex"):
        return f"NumPy no longer has `np.{name}`. Python's own does the same: write `{name}`."
    if name in OWN:
        return f"NumPy has no `{name}`. Write it yourself, from its formula."
    near = get_close_matches(name, [n for n in dir(np) if n[0] != "_"], n=1, cutoff=0.7)
    meant = f" Is `np.{near[0]}` meant?" if near else ""
    return f"NumPy has nothing called `{name}`.{meant}"


METHODS = {
    "permute": "PyTorch's `permute` is `transpose` in NumPy, with the same axes.",
    "unsqueeze": "A new axis is made by an index: `x[:, None]`.",
    "numpy": "It is one of NumPy's already.",
    "detach": "It is one of NumPy's already, without gradients.",
    "relu": "`np.maximum(x, 0)` does that.",
    "append": "Arrays have a fixed length. Collect in a list, and make an array of it at the end.",
    "length": "Its length is `len(x)`, its shape `x.shape`.",
    "len": "Its length is `len(x)`, its shape `x.shape`.",
    "exp": "Functions of NumPy stand in front: `np.exp(x)`.",
    "abs": "Functions of NumPy stand in front: `np.abs(x)`.",
    "sqrt": "Functions of NumPy stand in front: `np.sqrt(x)`.",
    "tanh": "Functions of NumPy stand in front: `np.tanh(x)`.",
    "log": "Functions of NumPy stand in front: `np.log(x)`.",
    "norm": "The length of a vector is `np.linalg.norm(x)`.",
}


def _attribute_of_array(scene: Scene, match: re.Match[str]) -> str:
    name = match[1]
    owner = next((n for n in scene.nodes if isinstance(n, ast.Attribute) and n.attr == name), None)
    if owner is not None and is_name(owner.value, "random") and hasattr(np.random, name):
        return (
            "`random` is the argument here, an array of random numbers, and no longer the module. "
            "Use the numbers that it holds."
        )
    if name in METHODS:
        return f"An array has no `.{name}`. {METHODS[name]}"
    near = get_close_matches(name, [n for n in dir(np.ndarray) if n[0] != "_"], n=1, cutoff=0.7)
    meant = f" Is `.{near[0]}` meant?" if near else ""
    return f"An array has no `.{name}`.{meant} Check the spelling after the dot."


def _attribute(scene: Scene, match: re.Match[str]) -> str:
    kind, name = match.groups()
    owner = next((n for n in scene.nodes if isinstance(n, ast.Attribute) and n.attr == name), None)
    who = code(owner.value) if owner is not None else "What stands before the dot"
    arrays = {"shape", "T", "sum", "mean", "dot", "max", "min", "copy", "reshape", "ndim", "size"}
    if kind in ("list", "tuple") and name in arrays:
        several = " A function that returns several values gives a tuple: take them apart first."
        return (
            f"{who} is a {kind}, and it is used as if it were an array: it has no `.{name}`. Make "
            f"it one first: np.array(...).{several if kind == 'tuple' else ''}"
        )
    if kind in ("int", "float", "bool"):
        return f"{who} is a single number, and has no `.{name}`. Where is it meant to be an array?"
    if kind == "function":
        return f"{who} is a function that was not called: put brackets behind it."
    article = "an" if kind[:1] in "aeiou" else "a"
    return f"{who} is {article} {kind}, and has no `.{name}`. Check the spelling after the dot."


ENTRIES: tuple[Entry, ...] = (
    ("(NameError|UnboundLocalError)", r"'(\w+)'", _name),
    ("AttributeError", r"module 'numpy' has no attribute '(\w+)'", _attribute_of_numpy),
    ("AttributeError", r"'numpy.ndarray' object has no attribute '(\w+)'", _attribute_of_array),
    ("AttributeError", r"'(?:numpy\.)?(\w+)' object has no attribute '(\w+)'", _attribute),
    ("AttributeError", "", "There is nothing of that name. Check the spelling after the dot."),
    ("KeyError", "", _key),
    (
        "(IndentationError|TabError)",
        "",
        "The lines of one block begin at the same place: four blanks for each level, and no tabs. "
        "The first line of your code stands right below the docstring's quotes.",
    ),
    (
        "SyntaxError",
        r"non-printable character (U\+\w+)",
        "There is a blank in this line that is none (a non-breaking space, {0}): it came with a "
        "text that was copied. Delete the blanks of the line and type them again.",
    ),
    (
        "SyntaxError",
        r"invalid character '(.)'",
        "The sign {0} is no Python: it came with a text that was copied. Type it again: straight "
        "quotes, and - for a minus.",
    ),
    (
        "SyntaxError",
        r"'(.)' was never closed",
        "The bracket {0} has no partner. Count the brackets of that line.",
    ),
    (
        "SyntaxError",
        r"unmatched '(.)'|does not match opening",
        "There is a closing bracket too many, or of another kind. Count the brackets of that line.",
    ),
    (
        "SyntaxError",
        r"expected ':'",
        "A colon is missing at the end of the line that begins with `if`, `for`, `while` or `def`.",
    ),
    (
        "SyntaxError",
        r"Maybe you meant '=='|cannot assign to (comparison|expression)",
        "One `=` gives a name a value. To ask whether two values are equal, write `==`; on the "
        "left of `=` stands a name.",
    ),
    (
        "SyntaxError",
        r"unterminated (triple-quoted )?(f-)?string",
        "A text has no closing quote. Look at the quotes of that line, and of the docstring.",
    ),
    (
        "SyntaxError",
        r"'return' outside function",
        "`return` stands at the left margin, outside of the function. Indent it like the lines "
        "above it.",
    ),
    (
        "SyntaxError",
        r"invalid decimal literal",
        "A number and a name stand together. Write `2 * x`: a product needs its `*`.",
    ),
    (
        "SyntaxError",
        "",
        "Python cannot read this cell. Look at that line and at the one before: is there a colon "
        "behind `if`, `for` or `def`, and is every bracket and every quote closed?",
    ),
)
