"""Errors about shapes, indices and truth values of arrays."""

import ast
import re

from dlcourse.checks.diagnosis.errors_of_types import axis_meant
from dlcourse.checks.diagnosis.scene import Entry, Scene, Shape, code
from dlcourse.checks.diagnosis.tree import assigned, called, is_name, loops, number, words

FIT = "Two arrays do not fit together here"


def _misfit(scene: Scene, match: re.Match[str]) -> str:
    who = f": {scene.who}. " if len(scene.shapes) > 1 else ". "
    product = any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.MatMult) for n in scene.nodes)
    product = product or bool(scene.calls("np.dot", "np.matmul")) or "matmul" in match[0]
    if "aligned" in match[0] or ("broadcast" not in match[0] and product):
        return (
            f"{FIT}{who}For `a @ b` the last axis of a must be as long as the first axis of b. Is "
            "one of them meant transposed, or the other way round?"
        )
    if shapes := re.search(r"with shapes (\([\d,]*\)) (\([\d,]*\))", match.string):
        return f"{FIT}{who}{_elementwise(*map(_shape, shapes.groups()))}"
    return f"{FIT}{who}Print their shapes just before this line."


def _elementwise(one: Shape, other: Shape) -> str:
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    if len(long) == len(short) + 1 and short == long[:-1] and long[:-1] != long[1:]:
        return (
            f"Shape {short} holds one number for each row of {long}. To meet the rows it must keep "
            f"the axis: shape {(*short, 1)}, by `keepdims=True` or `[:, None]`."
        )
    if len(one) == len(other) == 1 and abs(one[0] - other[0]) == 1:
        return (
            "One has an entry more than the other. Look at the slices and ranges that made them: "
            "was one number left out, or the bias taken for a weight?"
        )
    return (
        "`+`, `-`, `*` and `/` go number by number, so both need the same shape. Where a sum over "
        "an axis is meant, it is `@`."
    )


def _shape(text: str) -> Shape:
    return tuple(int(length) for length in re.findall(r"\d+", text))


def _into(scene: Scene, match: re.Match[str]) -> str:
    got, place = match.groups()
    for node in scene.nodes:
        who = words(node.left) if isinstance(node, ast.Compare) else ""
        if scene.values.get(who, "").startswith("a list"):
            return (
                f"{who} is a list, so {code(node)} compares it as a whole, and the answer is "
                f"False. Make it an array first: `{who} = np.array({who})`."
            )
    return (
        f"The right side has shape {got}, and the place on the left has shape {place}. Print both "
        "before this line: which of them is not as you meant it?"
    )


def _one_entry(scene: Scene, match: re.Match[str]) -> str:
    statement = scene.statement
    if any(called(node).startswith("math.") for node in scene.nodes):
        return ""
    if isinstance(statement, (ast.Assign, ast.AugAssign)):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        if isinstance(target, ast.Subscript):
            return (
                f"{code(target)} is a single number, and {code(statement.value)} is an array. "
                "Is a sum missing (`np.sum`, or `@`), or an index on the right?"
            )
    return ""


def _lengths(scene: Scene, match: re.Match[str]) -> str:
    return (
        "An array is made of parts that have different lengths: print them. A slice beyond the end "
        "is shorter than the others. If a function returns several values, take them apart first: "
        "`a, b, c = function(...)`."
    )


def _truth(scene: Scene, match: re.Match[str]) -> str:
    if name := scene.calls("max", "min"):
        call = scene.call(name)
        both = call is not None and len(call.args) > 1
        return f"Python's `{name}` compares single numbers, and there is an array here. " + (
            f"`np.{name}imum(...)` compares number by number." if both else f"Use `np.{name}`."
        )
    if scene.calls("sorted", "any", "all"):
        return "Python's own function meets an array here. NumPy has one for arrays: `np....`."
    for node in scene.nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return (
                f"{code(node)} compares arrays, which gives an array of answers. Compare with each "
                "one by one: `np.array_equal(...)`."
            )
    for node in scene.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            sides = (node.left, node.right)
            if all(is_name(side) and scene.shapes.get(side.id) for side in sides):
                return (
                    f"{code(node)} is an array: `*` multiplies number by number. If one number is "
                    f"meant, the sum of the products, write "
                    f"`{words(node.left)} @ {words(node.right)}`."
                )
    if any(isinstance(node, ast.BoolOp) for node in scene.nodes):
        return (
            "Python needs one True or False here, and got an array of them. `and`, `or` and `not` "
            "take single values; between arrays write `&` and `|`, each comparison in brackets. "
            "For one answer about all numbers put `.all()` or `.any()` behind it."
        )
    who = next((name for name, shape in scene.shapes.items() if shape), "")
    who = f"{who} is an array of shape {scene.shapes[who]}, so this" if who else "This"
    return (
        f"Python needs one True or False here. {who} gives one answer for each number. Go through "
        "them one by one, choose with `np.where(condition, this, that)`, or ask for `.all()` or "
        "`.any()`."
    )


def _bounds(scene: Scene, match: re.Match[str]) -> str:
    index, axis, size = match.groups()
    last = int(size) - 1
    if last < 0:
        return "This array is empty: it has no entries to take. Where should they come from?"
    which = _subscripted(scene)
    opening = f"{which} asks for index {index}" if which else f"This asks for index {index}"
    along = "" if axis == "0" and not _is_table(scene) else f" along axis {axis}"
    return (
        f"{opening}, and the {size} entries{along} have indices 0 to {last}. {_where_from(scene)}"
    )


def _is_table(scene: Scene) -> bool:
    return any(len(shape) > 1 for shape in scene.shapes.values())


def _subscripted(scene: Scene) -> str:
    found = [n for n in scene.nodes if isinstance(n, ast.Subscript)]
    return code(found[0]) if len(found) == 1 else ""


def _where_from(scene: Scene) -> str:
    """Say which part of the line or its loop goes one too far."""
    for node in scene.nodes:
        if isinstance(node, ast.Subscript):
            for part in ast.walk(node.slice):
                if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add):
                    return f"In the last round {code(part)} is one too far."
    used = {
        part.id
        for n in scene.nodes
        if isinstance(n, ast.Subscript)
        for part in ast.walk(n.slice)
        if isinstance(part, ast.Name)
    }
    for loop, _ in loops(scene.source) if scene.source else ():
        if not (isinstance(loop, ast.For) and is_name(loop.target) and loop.target.id in used):
            continue
        if is_name(loop.iter):
            v, x = loop.target.id, loop.iter.id
            return (
                f"`for {v} in {x}` goes through the entries of `{x}`, not their positions: `{v}` "
                f"is a value here, and no index. To count, write `for {v} in range(len({x}))`."
            )
        if called(loop.iter) == "range":
            assert isinstance(loop.iter, ast.Call)
            end = loop.iter.args[min(len(loop.iter.args), 2) - 1]
            if isinstance(end, ast.BinOp) and isinstance(end.op, ast.Add):
                return f"The loop ends too late: a `range` to {code(end)} reaches one too far."
            if loop.target.id in scene.values:
                return f"Is {code(end)} the length of what you index?"
    return "Counting starts at 0, so the last entry of n is n - 1."


def _list_bounds(scene: Scene, match: re.Match[str]) -> str:
    which = _subscripted(scene)
    owner = scene.of(f"a {match[1]} of")
    if which and owner:
        index = next((w for n, w in scene.values.items() if w.lstrip("-").isdigit()), "")
        at = f" (here {index})" if index else ""
        return (
            f"{which} asks for an index{at} that is not there: {owner} is {scene.values[owner]}. "
            f"{_where_from(scene)}"
        )
    return "An index is beyond the end. Counting starts at 0, so the last entry of n is n - 1."


def _too_many(scene: Scene, match: re.Match[str]) -> str:
    has, used = match.groups()
    which = _subscripted(scene)
    return (
        f"{which or 'This'} uses {used} indices, and the array has {has} "
        f"{'axis' if has == '1' else 'axes'}. "
        + (f"Here {scene.who}." if scene.who else "Print its shape just before this line.")
    )


def _float_index(scene: Scene, match: re.Match[str]) -> str:
    for node in scene.nodes:
        if isinstance(node, ast.Subscript) and (said := _no_index(scene, node)):
            return said
    return (
        "An index must be a whole number, and this one is none: int(...) makes one. `/` always "
        "gives a float, and `//` does where one side is a float."
    )


def _no_index(scene: Scene, node: ast.Subscript) -> str:
    """Say why what stands in these square brackets is no index; empty if it may be one."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for part in parts:
        if any(isinstance(p, ast.BinOp) and isinstance(p.op, ast.Div) for p in ast.walk(part)):
            return (
                f"{code(part)} is a float, also where it comes out even, and an index must be a "
                "whole number: divide with `//`."
            )
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            return f"{code(node)} takes an array for a dictionary: arrays have numbers as indices."
    if is_name(node.slice) and is_name(node.value) and (said := _entry(scene, node)):
        return said
    for part in parts:
        value = scene.values.get(words(part), "")
        if re.fullmatch(r"-?\d+\.\d*", value):
            who = words(part)
            return (
                f"`{who}` is {value}, a float, and an index must be a whole number: `int({who})`. "
                "`/` always gives a float, and `//` does where one side is a float."
            )
    return ""


def _entry(scene: Scene, node: ast.Subscript) -> str:
    """Recognise `for v in x: x[v]`."""
    v, x = words(node.slice), words(node.value)
    for loop, _ in loops(scene.source) if scene.source else ():
        if (
            isinstance(loop, ast.For)
            and is_name(loop.target, v)
            and "range" not in called(loop.iter)
        ):
            return (
                f"`for {v} in {words(loop.iter)}` goes through the entries, not their positions: "
                f"`{v}` is a value here, and no index. Use `{v}` itself, or "
                f"`for {v} in range(len({x}))`."
            )
    return ""


def _float_indices(scene: Scene, match: re.Match[str]) -> str:
    indices = {words(node.slice) for node in scene.nodes if isinstance(node, ast.Subscript)}
    for node in scene.source.nodes if scene.source else ():
        name = assigned(node)
        if name in indices and any(called(part) == "np.sort" for part in ast.walk(node)):
            return (
                f"`np.sort` gives the values themselves, and {name} is an index here. Their "
                "places, the smallest value first, come from `np.argsort`."
            )
    return (
        "The indices are floats. Whole numbers choose entries by position, True and False by a "
        "condition: `x[x > 0]`."
    )


def _axis(scene: Scene, match: re.Match[str]) -> str:
    if said := axis_meant(scene):
        return said
    axis, axes = match.groups()
    who = f" ({scene.who})" if scene.who else ""
    number_of = "one axis, axis 0" if axes == "1" else f"{axes} axes, 0 to {int(axes) - 1}"
    if axes == "0":
        number_of = "no axes: it is a single number"
    return f"There is no axis {axis}: the array has {number_of}{who}."


def _without_axes(scene: Scene, match: re.Match[str]) -> str:
    single = [
        n for n, w in scene.values.items() if n not in scene.shapes and number(_as(w)) is not None
    ]
    who = f"{single[0]} is {scene.values[single[0]]}, a" if single else "One side is a"
    return f"{who} single number, and `@` takes arrays. With a number multiply by `*`."


def _as(text: str) -> ast.AST:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return ast.Constant(None)


def _empty(scene: Scene, match: re.Match[str]) -> str:
    return (
        "This takes the largest, the smallest or a stack of nothing: there are no entries. Does "
        "the loop or the condition that should find some ever do so?"
    )


ENTRIES: tuple[Entry, ...] = (
    (
        "ValueError",
        r"could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\))",
        _into,
    ),
    (
        "ValueError",
        r"matmul: Input operand . does not have enough dimensions",
        _without_axes,
    ),
    (
        "ValueError",
        r"matmul|not aligned|operands could not be broadcast|shape-mismatch|mismatch in its core",
        _misfit,
    ),
    ("ValueError", r"setting an array element with a sequence", _one_entry),
    ("TypeError", r"only (?:length-1|0-dimensional) arrays can be converted", _one_entry),
    ("ValueError", r"setting an array element with a sequence|inhomogeneous", _lengths),
    (
        "ValueError",
        r"must match exactly|must have the same shape|must have same",
        "Parts that are put together have different shapes. Print the shape of each of them before "
        "this line.",
    ),
    ("ValueError", r"truth value of an array", _truth),
    (
        "ValueError",
        r"cannot reshape array of size (\d+) into shape (\(.*?\))",
        "{0} numbers do not fill the shape {1}. Multiply its lengths: where does the difference "
        "come from?",
    ),
    ("ValueError", r"zero-size array|need at least one array|empty sequence|is empty", _empty),
    ("AxisError", r"axis (-?\d+) is out of bounds for array of dimension (\d+)", _axis),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _bounds),
    ("IndexError", r"(list|tuple|string) index out of range", _list_bounds),
    ("IndexError", r"array is (\d+)-dimensional, but (\d+) were indexed", _too_many),
    ("IndexError", r"only integers, slices", _float_index),
    ("TypeError", r"(?:list|tuple) indices must be integers or slices, not float", _float_index),
    (
        "LinAlgError",
        r"[Ss]ingular",
        "These equations have no solution, or many: the matrix is singular. Print it: is a row or "
        "a column 0, or are two of them alike?",
    ),
    (
        "LinAlgError",
        r"must be square",
        "`np.linalg.solve` and `np.linalg.inv` take a square matrix. Print its shape; for least "
        "squares it is A.T @ A.",
    ),
    ("IndexError", r"must be of integer", _float_indices),
    (
        "ValueError",
        r"does not result in an equal division",
        "`np.split` makes parts of the same length only. `np.array_split` gives the first parts an "
        "entry more where it must.",
    ),
    (
        "IndexError",
        r"size of axis is (\d+) but size of corresponding boolean axis is (\d+)",
        "The condition in the brackets has another length ({1}) than the axis that it chooses from "
        "({0}): it was made from another array, or along another axis.",
    ),
    (
        "IndexError",
        r"pop from empty",
        "The list is empty already. How many times may the loop run?",
    ),
    (
        "IndexError",
        r"invalid index to scalar",
        "This uses more indices than the array has axes: what stands before the last brackets is a "
        "single number already. Print it just before this line.",
    ),
    (
        "IndexError",
        r"",
        "An index is beyond the end. Counting starts at 0, so the last entry of n is n - 1.",
    ),
)
