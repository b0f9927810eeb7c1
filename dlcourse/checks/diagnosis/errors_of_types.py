"""Errors about kinds of values: a list for an array, a float for a size, None, a text."""

import ast
import re

from dlcourse.checks.diagnosis.scene import SHAPE, Entry, Scene, code
from dlcourse.checks.diagnosis.tree import called, is_name, returns_none, used_change, words

LIST = (
    "{who} is used as if it were an array. Lists do not add, multiply or compare number by number "
    "and take one index at a time; make it an array first: np.array(...)."
)
SEVERAL = (
    "{who} holds several values: a function that returns several gives them together. Take them "
    "apart first, one name each: `a, b = function(...)`."
)


def _sequence(scene: Scene, match: re.Match[str]) -> str:
    named = re.search("list|tuple", match[0])
    kind = named[0] if named else "tuple" if scene.of("a tuple") else "list"
    name = scene.of(f"a {kind} of")
    who = f"{name} is {scene.values[name]}, and" if name else f"A {kind}"
    if said := _repeated(scene):
        return said
    if kind == "tuple":
        return SEVERAL.format(who=name or "A name here")
    return LIST.format(who=who)


NUMBER = re.compile(r"-?\d+(\.\d*)?")


def _repeated(scene: Scene) -> str:
    """Recognise `pad * n + row`, where `[pad] * n` is meant."""
    for node in scene.nodes:
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
            continue
        for times, other in ((node.left, node.right), (node.right, node.left)):
            if (
                isinstance(times, ast.BinOp)
                and isinstance(times.op, ast.Mult)
                and is_name(times.left)
                and NUMBER.fullmatch(scene.values.get(times.left.id, ""))
                and scene.values.get(words(other), "").startswith("a list")
            ):
                return (
                    f"{code(times)} is a number, and `+` joins lists to lists. A list that holds "
                    f"{times.left.id} so many times is `[{times.left.id}] * {_factor(times)}`."
                )
    return ""


def _factor(product: ast.BinOp) -> str:
    text = words(product.right)
    return f"({text})" if isinstance(product.right, ast.BinOp) else text


def _none(scene: Scene, match: re.Match[str]) -> str:
    name = scene.of("None")
    if scene.source and (call := used_change(scene.source.nodes)):
        return returns_none(call)
    if not name:
        return (
            "A value here is None. It comes from a function without `return`, or from one that is "
            "not written yet."
        )
    made = _made_by(scene, name)
    if made is not None and called(made).endswith(".get"):
        return f"{name} is None: {code(made)} found no such entry. Print the keys before this line."
    if made is not None:
        return (
            f"{name} is None: {code(made)} returned nothing. Does that function end with `return`, "
            "on every path? Is it written yet?"
        )
    return (
        f"{name} is None here. It comes from a function without `return`, from one that is not "
        "written yet, or it was never given another value."
    )


def _made_by(scene: Scene, name: str) -> ast.Call | None:
    """Return the call that gave a name its value, the last one before the line."""
    found = None
    for function in scene.source.functions if scene.source else ():
        for node in ast.walk(function):
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
                continue
            here = any(is_name(target, name) for target in node.targets)
            if here and node.lineno <= scene.error.number:
                found = node.value
    return found


def _one_number(scene: Scene, match: re.Match[str]) -> str:
    for node in scene.nodes:
        name = called(node)
        if name.startswith("math."):
            who = f" ({scene.who})" if scene.who else ""
            return (
                f"`{name}` takes one number, and it got an array{who}. NumPy's function takes all "
                f"at once: `np.{name[5:]}`."
            )
        if name in ("float", "int", "round"):
            return (
                f"`{name}` takes one number, and it got an array. Is a sum or an index missing, or "
                "is the array meant? `x.astype(...)` changes the kind of all its numbers."
            )
    if function := _from_math(scene):
        return f"`{function}` of `math` takes one number. NumPy's takes arrays: `np.{function}`."
    return "One number is wanted here, and there is an array. Is a sum or an index missing?"


def _from_math(scene: Scene) -> str:
    names = {"exp", "log", "sqrt", "tanh", "sin", "cos", "cosh", "floor", "ceil", "log2", "log10"}
    return next((called(node) for node in scene.nodes if called(node) in names), "")


def _whole(scene: Scene, match: re.Match[str]) -> str:
    if said := axis_meant(scene):
        return said
    floats = [n for n, w in scene.values.items() if re.fullmatch(r"-?\d+\.\d*", w)]
    if "slice" in match[0]:
        who = f", and {floats[0]} is {scene.values[floats[0]]}, a float" if floats else ""
        return (
            f"A slice begins and ends at whole numbers{who}. `/` always gives a float, `//` and "
            "int(...) give whole numbers."
        )
    for node in scene.nodes:
        if isinstance(node, ast.Call):
            name = called(node)
            if name in (
                "range",
                "np.zeros",
                "np.ones",
                "np.eye",
                "np.empty",
                "np.full",
                "np.arange",
            ):
                for part in node.args:
                    if any(
                        isinstance(p, ast.BinOp) and isinstance(p.op, ast.Div)
                        for p in ast.walk(part)
                    ):
                        return (
                            f"{code(part)} is a float, also where it comes out even, and `{name}` "
                            "wants a whole number: divide with `//`."
                        )
                if floats:
                    return (
                        f"`{name}` wants a whole number, and {floats[0]} is "
                        f"{scene.values[floats[0]]}, a float. Where does it come from? `//` and "
                        "int(...) give whole numbers."
                    )
                if scene.shapes:
                    who = next(iter(scene.shapes))
                    return (
                        f"`{name}` wants a whole number, and {who} is an array of shape "
                        f"{scene.shapes[who]}. Is its length meant, `len({who})`, or its shape?"
                    )
                return f"`{name}` wants a whole number. `/` gives a float; `//` gives none."
    return (
        "A whole number is wanted here. `/` gives a float, also where it comes out even; divide "
        "with `//`."
    )


def axis_meant(scene: Scene) -> str:
    """Recognise `np.max(0, x)`: the second value is taken for an axis."""
    for node in scene.nodes:
        name = called(node)
        if (
            isinstance(node, ast.Call)
            and name in ("np.max", "np.min", "np.amax", "np.amin")
            and len(node.args) > 1
        ):
            return (
                f"{code(node)} takes the second value for an axis. To compare two values number by "
                f"number there is `np.{'max' if 'max' in name else 'min'}imum`."
            )
    return ""


def _scalar_index(scene: Scene, match: re.Match[str]) -> str:
    if said := axis_meant(scene):
        return said
    for node in scene.nodes:
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name in ("np.concatenate", "np.stack", "np.hstack", "np.vstack") and len(node.args) > 1:
            return (
                f"`{name}` takes one list of arrays, and what stands second is taken for an axis: "
                f"`{name}([{', '.join(words(part) for part in node.args)}])`."
            )
    for node in scene.nodes:
        if isinstance(node, ast.Subscript) and scene.values.get(words(node.value), "").startswith(
            "a list"
        ):
            return (
                f"{words(node.value)} is a list, and {code(node.slice)} is an array. Lists take "
                "one whole number as an index; make it an array first: np.array(...)."
            )
    return _whole(scene, match)


def _iterable(scene: Scene, match: re.Match[str]) -> str:
    statement = scene.statement
    if isinstance(statement, ast.For):
        return _not_to_loop(statement.iter)
    for node in scene.nodes:
        if isinstance(node, ast.comprehension):
            return _not_to_loop(node.iter)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
        return (
            f"{len(statement.targets[0].elts)} names stand on the left, and "
            f"{code(statement.value)} is a single value."
        )
    for node in scene.nodes:
        if called(node) in ("sum", "max", "min", "len", "list", "zip", "enumerate", "sorted"):
            return (
                f"{code(node)} goes through the entries of something, and there is a single value."
            )
    return (
        "A single number is used as if it were an array: it has no entries to index or loop over."
    )


def _not_to_loop(looped: ast.expr) -> str:
    """Say what cannot be looped over: the number itself, or one of those that are zipped."""
    if called(looped) in ("zip", "enumerate"):
        return (
            f"{code(looped)} goes through the entries of lists or tuples, and one of them is a "
            "single number. A tuple of one number needs a comma: `(x,)`."
        )
    return (
        f"{code(looped)} is a single number: a loop cannot go through it. To count, "
        f"write `range({words(looped)})`."
    )


def _callable(scene: Scene, match: re.Match[str]) -> str:
    for node in scene.nodes:
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        what = scene.values.get(name, "")
        if isinstance(node.func, ast.Name) and what.startswith(
            ("an array", "a list", "a dict", "a tuple")
        ):
            array = SHAPE.match(what)
            kind = array[0] if array else what.partition(",")[0]
            return (
                f"{name} is {kind}. Entries are taken with square brackets: "
                f"`{name}[{', '.join(map(words, node.args))}]`. To multiply, write `*`."
            )
        if isinstance(node.func, ast.Name) and name in ("sum", "max", "min", "len", "abs", "range"):
            return (
                f"`{name}` is a variable of yours here, and no longer Python's function. Give the "
                "variable another name."
            )
        if isinstance(node.func, ast.Name) and what:
            return (
                f"{name} is {what}, and no function. Is a `*` missing before the bracket, or does "
                "a variable have the name of a function?"
            )
    return (
        "Something that is no function is called. Look for a missing `*` before a bracket, or a "
        "variable that has the name of a function."
    )


def _brackets(scene: Scene, match: re.Match[str]) -> str:
    for node in scene.nodes:
        if isinstance(node, ast.Subscript) and not isinstance(node.value, ast.Constant):
            return (
                f"{code(node.value)} is a function: call it with round brackets, "
                f"`{words(node.value)}({words(node.slice)})`."
            )
    return "A function is called with round brackets, not with square ones."


def _single(scene: Scene, match: re.Match[str]) -> str:
    for node in scene.nodes:
        if isinstance(node, ast.Subscript) and is_name(node.value):
            what = scene.values.get(node.value.id, "")
            if what and not what.startswith(("an array", "a list", "a tuple", "a dict")):
                return (
                    f"{node.value.id} is {what}, a single value: it has no entries, so "
                    f"{code(node)} takes nothing out of it."
                )
        if isinstance(node, ast.Call) and called(node) == "len" and node.args:
            return f"{code(node.args[0])} is a single value, and has no length."
    return (
        "A single number is used as if it were an array: it has no entries to index or loop over."
    )


def _text(scene: Scene, match: re.Match[str]) -> str:
    name = scene.of("'", '"')
    who = f"{name} is the text {scene.values[name]}" if name else "One of the values is a text"
    return f"{who}, and you calculate with it as with a number."


def _arguments(scene: Scene, match: re.Match[str]) -> str:
    name = match[1].rpartition(".")[2]
    if name == scene.check.name and not scene.error.line:
        return ""
    return (
        f"You call `{name}` with another number of values than it takes. Compare the call with the "
        "line that begins with `def`."
    )


def _missing(scene: Scene, match: re.Match[str]) -> str:
    name, what = match[1].rpartition(".")[2], match[2].replace("'", "`")
    if numpys := scene.calls(f"np.{name}"):
        return f"`{numpys}` needs {what}: put it into the brackets."
    return (
        f"You call `{name}` without {what}. Compare the call with the line that begins with `def`."
    )


VIEW = "What PyTorch calls `view` is `reshape` in NumPy: put the new shape there."


def _data_type(scene: Scene, match: re.Match[str]) -> str:
    call = scene.call("np.zeros", "np.ones", "np.empty", "np.array", "np.full")
    if call is None:
        viewed = any(called(node).endswith(".view") for node in scene.nodes)
        return VIEW if viewed else ""
    name, inside = called(call), ", ".join(words(part) for part in call.args)
    shape = f"`{name}([{inside}])`" if name == "np.array" else f"`{name}(({inside}))`"
    return f"`{name}` takes its numbers together, in brackets of their own: {shape}."


def _power(scene: Scene, match: re.Match[str]) -> str:
    return (
        "`^` is no power in Python: it compares the bits of whole numbers. A power is written `**`."
    )


ENTRIES: tuple[Entry, ...] = (
    ("(UFunc)?.*TypeError", r"for \^|bitwise_xor", _power),
    (
        "(UFuncType|_UFuncOutputCasting|Type)Error",
        r"[Cc]annot cast",
        "An array of whole numbers cannot take decimals in place. Make it of floats from the "
        "start, np.zeros(n) without dtype=int, or write `w = w + ...` instead of `w += ...`.",
    ),
    ("(TypeError|AttributeError)", r"NoneType|'None'", _none),
    (
        "TypeError",
        r'can only concatenate (list|tuple) \(not "(list|tuple)"\)',
        "`+` joins a list to a list and a tuple to a tuple, and here a {0} meets a {1}. Make both "
        "the same kind first: `list(...)` or `tuple(...)`.",
    ),
    (
        "TypeError",
        r"can't multiply sequence|can only concatenate (list|tuple)"
        r"|unsupported operand.*(list|tuple)|bad operand type.*'(list|tuple)'"
        r"|(list|tuple) indices must be integers or slices, not (tuple|numpy|list)"
        r"|not supported between instances of '(list|tuple)'|tuple indices must be"
        r"|instances of '\w+' and '(list|tuple)'",
        _sequence,
    ),
    ("TypeError", r"only (?:length-1|0-dimensional) arrays can be converted", _one_number),
    ("TypeError", r"only integer scalar arrays can be converted", _scalar_index),
    (
        "TypeError",
        r"cannot be interpreted as an integer|expected a sequence of integers|slice indices must",
        _whole,
    ),
    ("TypeError", r"Cannot interpret '.*' as a data type", _data_type),
    ("ValueError", r"sub-type of ndarray", VIEW),
    (
        "TypeError",
        r"'(\w+)' is an invalid keyword argument for (\w+)\(\)|(\w+)\(\) got an unexpected keyword "
        r"argument 'axis'|(\w+)\(\) takes no keyword arguments",
        "Python's own function does not take this. NumPy's does: put `np.` in front of it.",
    ),
    ("TypeError", r"([\w.<>]+)\(\) missing \d+ required positional arguments?: (.+)", _missing),
    ("TypeError", r"([\w.<>]+)\(\) takes .* positional arguments?", _arguments),
    (
        "TypeError",
        r"positional argument|unexpected keyword|required",
        "The brackets hold another number of values than the function takes. Compare the call "
        "with the line that begins with `def`.",
    ),
    (
        "TypeError",
        r"return arrays must be of ArrayType",
        "This function of NumPy takes one array (or two), and the last value is taken for an "
        "array to write into. A logarithm takes no base: divide by that of the base. To compare "
        "more than two arrays, do it in two steps.",
    ),
    ("TypeError", r"not iterable|cannot unpack non-iterable", _iterable),
    ("TypeError", r"(function|method|type)\w*' object is not subscriptable", _brackets),
    (
        "TypeError",
        r"does not support item assignment",
        "What stands before the square brackets cannot be changed there: a tuple, a text or a "
        "single number. Make an array or a list of it first.",
    ),
    ("TypeError", r"not subscriptable|scalar variable|has no len|unsized", _single),
    ("TypeError", r"not callable", _callable),
    (
        "TypeError",
        r"unhashable type: '(.+)'",
        "A key of a dictionary, or a member of a set, cannot be a list or an array. Take a number, "
        "a text or a tuple.",
    ),
    (
        "(UFunc.*)?TypeError",
        r"'str'|<U|must be str|not \"\w+\"\) to str",
        _text,
    ),
)
