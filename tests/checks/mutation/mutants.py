"""Change the source of a function in one place at a time, as slips of the pen do.

`slips` says what somebody might have written in place of one node of the syntax tree,
`slips_of_a_block` in place of a block of statements. Both give source text. Names that
begin with an underscore stand for functions of `helpers.py`.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise

SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
OTHER_SYMBOLS = {
    "+": ("-", "*"),
    "-": ("+",),
    "*": ("/", "+"),
    "/": ("*", "//"),
    "//": ("/", "*"),
    "%": ("//", "*"),
    "**": ("*", "+"),
    "@": ("*",),
    "<": ("<=", ">", "!="),
    "<=": ("<", ">=", "=="),
    ">": (">=", "<", "!="),
    ">=": (">", "<=", "=="),
    "==": ("!=", ">=", "<="),
    "!=": ("==", ">", "<"),
    "in": ("not in",),
    "not in": ("in",),
}
COMMUTE = {"+", "*"}
SAME_WITH_OTHER_BRACKETS = {("+", "+"), ("+", "-"), ("*", "*"), ("*", "/")}

OTHER_NAMES = {
    "max": ("min", "sum", "mean"),
    "min": ("max", "sum", "mean"),
    "maximum": ("minimum", "add"),
    "argmax": ("argmin",),
    "any": ("all",),
    "all": ("any",),
    "sum": ("mean", "max", "prod"),
    "mean": ("sum", "max", "median"),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "eye": ("ones",),
    "exp": ("exp2", "expm1"),
    "tanh": ("sin", "arctan"),
    "sqrt": ("square", "abs"),
    "abs": ("real", "square"),
    "eigvals": ("eigvalsh",),
    "outer": ("inner", "multiply"),
    "append": ("extend",),
}
REDUCE = {"sum", "mean", "max", "min", "any", "all", "argmax"}
MAKE = {"zeros", "ones", "zeros_like", "eye"}
CONVERT = {"float", "bool", "array"}  # right numbers in another form are right

OF_OPERANDS = ("_transposed", "_positive", "_whole")
OF_RESULTS = (
    *OF_OPERANDS,
    "_negative",
    "_absolute",
    "_doubled",
    "_halved",
    "_squared",
    "_one_more",
    "_backwards",
    "_but_first",
    "_stacked",
    "_rounded",
)
OF_LOOPS = ("_backwards", "_but_first", "_but_last")

Edit = tuple[ast.AST, ast.AST, str]  # from the beginning of one node to the end of another


def mutants(source: str) -> Iterator[str]:
    """Return the sources of all mutants of a function, each once.

    Examples
    --------
    >>> list(mutants("def f(n):\\n    return n < 1"))[1]
    'def f(n):\\n    return n <= 1'
    """
    module = ast.parse(source)
    seen = {ast.unparse(module)}
    for edit in edits(module.body[0]):
        try:
            mutant = ast.unparse(ast.parse(edited(source, edit)))
        except SyntaxError:  # nothing can be assigned to a call, and the like
            continue
        if mutant not in seen:
            seen.add(mutant)
            yield mutant


def edits(function: ast.AST) -> Iterator[Edit]:
    """Return all changes of a function."""
    names = variables(function)
    for parent in ast.walk(function):
        for node in ast.iter_child_nodes(parent):
            in_brackets = isinstance(node, ast.expr) and not isinstance(node, ast.Slice)
            for text in slips(node, parent, names):
                yield node, node, f"({text})" if in_brackets else text
        for block in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(block, list) and block:
                yield from slips_of_a_block(block, parent)
        if isinstance(parent, ast.Return) and isinstance(parent.value, ast.Tuple):
            parent.value.returned = True  # type: ignore[attr-defined]


def edited(source: str, edit: Edit) -> str:
    """Put the text of an edit into a source."""
    first, last, text = edit
    lines = source.splitlines(keepends=True)
    begin = sum(map(len, lines[: first.lineno - 1])) + first.col_offset  # type: ignore[attr-defined]
    end = sum(map(len, lines[: last.end_lineno - 1])) + last.end_col_offset  # type: ignore[attr-defined]
    return source[:begin] + text + source[end:]


def variables(tree: ast.AST) -> list[str]:
    """Return the names of parameters and local variables."""
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return sorted(names - {"_"})


def slips(node: ast.AST, parent: ast.AST, names: list[str]) -> Iterator[str]:
    """Return what might have been written in place of a node."""
    text = ast.unparse(node)
    match node:
        case ast.BinOp():
            yield from _arithmetic(node)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            is_text = isinstance(right, ast.Constant) and isinstance(right.value, str)
            for other in OTHER_SYMBOLS[SYMBOLS[type(operator)]][: 1 if is_text else 3]:
                yield f"({ast.unparse(left)}) {other} ({ast.unparse(right)})"
            yield from ("True", "False")
        case ast.BoolOp(op=operator, values=values):
            other = " or " if isinstance(operator, ast.And) else " and "
            yield other.join(f"({ast.unparse(value)})" for value in values)
            yield from map(ast.unparse, values)
        case ast.UnaryOp(operand=operand):
            yield ast.unparse(operand)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (ast.unparse(body), ast.unparse(orelse))
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=str() as value) if value:
            yield from ("''", repr(value[1:]), repr(value[::-1]))
        case ast.Constant(value=int() | float() as value):
            yield from map(repr, sorted({value + 1, value - 1, 2 * value, value / 2, 0} - {value}))
        case ast.Name(ctx=ast.Load()) if text in names:
            yield from (name for name in names if name != text)
        case ast.Name() | ast.Attribute():
            before, dot, last = text.rpartition(".")
            yield from (f"{before}{dot}{name}" for name in OTHER_NAMES.get(last, ()))
            if last in ("T", "copy"):
                yield before
        case ast.Call():
            yield from _call(node, names)
        case ast.Subscript(value=value, slice=index):
            yield from _index(ast.unparse(value), index)
        case ast.Slice():
            yield from _slice(node)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from _several([ast.unparse(part) for part in parts], text[0] == "[")
        case ast.stmt():
            yield from _statement(node)
    if isinstance(node, ast.expr) and not isinstance(node, ast.Constant):
        if isinstance(parent, ast.Return) or getattr(parent, "returned", False):
            yield from (f"{helper}({text})" for helper in OF_RESULTS)
        elif isinstance(parent, (ast.BinOp, ast.Call, ast.Subscript)):
            yield from (f"{helper}({text})" for helper in OF_OPERANDS)
        elif isinstance(parent, (ast.For, ast.comprehension)) and node is parent.iter:
            yield from (f"{helper}({text})" for helper in OF_LOOPS)


def _arithmetic(node: ast.BinOp) -> Iterator[str]:
    symbol = SYMBOLS[type(node.op)]
    left, right = f"({ast.unparse(node.left)})", f"({ast.unparse(node.right)})"
    yield from (f"{left} {other} {right}" for other in OTHER_SYMBOLS[symbol])
    yield from (left, right)
    if symbol not in COMMUTE:
        yield f"{right} {symbol} {left}"
    # Brackets that stand elsewhere: a + b / c for (a + b) / c.
    if isinstance(node.left, ast.BinOp):
        inner = SYMBOLS[type(node.left.op)]
        a, b = ast.unparse(node.left.left), ast.unparse(node.left.right)
        if (inner, symbol) not in SAME_WITH_OTHER_BRACKETS:
            yield f"({a}) {inner} (({b}) {symbol} {right})"
    if isinstance(node.right, ast.BinOp):
        inner = SYMBOLS[type(node.right.op)]
        a, b = ast.unparse(node.right.left), ast.unparse(node.right.right)
        if (symbol, inner) not in SAME_WITH_OTHER_BRACKETS:
            yield f"({left} {symbol} ({a})) {inner} ({b})"


def _call(node: ast.Call, names: list[str]) -> Iterator[str]:
    function = ast.unparse(node.func)
    arguments = [ast.unparse(argument) for argument in node.args]
    keywords = [ast.unparse(keyword) for keyword in node.keywords]
    owner, _, last = function.rpartition(".")

    def call(arguments: list[str], keywords: list[str]) -> str:
        return f"{function}({', '.join(arguments + keywords)})"

    if last not in CONVERT:
        yield arguments[0] if arguments else owner or "None"
    yield from (call(order, keywords) for order in _with_neighbours_swapped(arguments))
    yield from (call(fewer, keywords) for fewer in _with_one_left_out(arguments)[1:])
    yield from (call(arguments, fewer) for fewer in _with_one_left_out(keywords))
    if last in REDUCE and not any(keyword.startswith("axis") for keyword in keywords):
        values = arguments[0] if arguments else owner
        yield call(arguments, [*keywords, f"axis=_axis(0, {values})"])
        yield call(arguments, [*keywords, f"axis=_axis(1, {values})"])
    if last in MAKE:
        others = [keyword for keyword in keywords if not keyword.startswith("dtype=")]
        for kind in ("int", *(f"_kind_of({name})" for name in names)):
            yield call(arguments, [*others, f"dtype={kind}"])


def _index(value: str, index: ast.expr) -> Iterator[str]:
    yield value
    if isinstance(index, ast.Tuple):
        parts = [ast.unparse(part) for part in index.elts]
        yield f"{value}[{', '.join(parts[::-1])}]"
        for at, part in enumerate(index.elts):
            if not isinstance(part, (ast.Slice, ast.Constant)):
                for by in ("+ 1", "- 1"):
                    yield f"{value}[{', '.join([*parts[:at], parts[at] + by, *parts[at + 1 :]])}]"
    elif not isinstance(index, (ast.Slice, ast.Compare, ast.Constant)):
        text = ast.unparse(index)
        yield from (f"{value}[({text}) + 1]", f"{value}[({text}) - 1]", f"{value}[-1 - ({text})]")


def _slice(node: ast.Slice) -> Iterator[str]:
    low, high, step = (
        ast.unparse(part) if part else "" for part in (node.lower, node.upper, node.step)
    )
    yield from (f":{high}:{step}", f"{low}::{step}", f"{low}:{high}:")
    yield from (f"{low or 0} + 1:{high}:{step}", f"{low}:{high} - 1:{step}")
    if low:
        yield f"{low} - 1:{high}:{step}"
    if high:
        yield f"{low}:{high} + 1:{step}"


def _several(parts: list[str], is_list: bool) -> Iterator[str]:
    for order in _with_neighbours_swapped(parts) + _with_one_left_out(parts):
        if order:
            yield f"[{', '.join(order)}]" if is_list else f"({', '.join(order)},)"


def _with_neighbours_swapped(parts: list[str]) -> list[list[str]]:
    pairs = range(len(parts) - 1)
    return [[*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]] for at in pairs]


def _with_one_left_out(parts: list[str]) -> list[list[str]]:
    return [parts[:at] + parts[at + 1 :] for at in range(len(parts))]


def _statement(node: ast.stmt) -> Iterator[str]:
    yield "pass"
    match node:
        case ast.AugAssign(target=target, op=operator, value=value):
            for other in ("", *OTHER_SYMBOLS[SYMBOLS[type(operator)]]):
                yield f"{ast.unparse(target)} {other}= {ast.unparse(value)}"
        case ast.Assign(targets=[target], value=ast.BinOp(left=left, op=operator, right=right)):
            if ast.unparse(left) == ast.unparse(target):
                yield f"{ast.unparse(left)} {SYMBOLS[type(operator)]}= {ast.unparse(right)}"
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Dict() | ast.Call()):
            yield f"{name} = _kept({name!r}, {ast.unparse(node.value)})"
        case ast.Return(value=ast.BinOp(left=ast.Name(id=name), op=operator, right=right)):
            yield f"{name} {SYMBOLS[type(operator)]}= {ast.unparse(right)}; return {name}"


def slips_of_a_block(block: list[ast.stmt], parent: ast.AST) -> Iterator[Edit]:
    """Return edits of a block: neighbours that change places, loops that end too early."""

    def lines(node: ast.stmt, like: ast.stmt) -> str:
        return ast.unparse(node).replace("\n", _margin(like))

    for one, two in pairwise(block):
        if _names_in(one) & _names_in(two):
            yield one, two, f"{lines(two, one)}{_margin(one)}{lines(one, one)}"
        if isinstance(one, (ast.For, ast.While)):
            end = one.body[-1]
            yield end, end, f"{lines(end, end)}{_margin(end)}{lines(two, end)}"
    if isinstance(parent, (ast.For, ast.While)):
        end = block[-1]
        yield end, end, f"{lines(end, end)}{_margin(end)}break"


def _margin(node: ast.stmt) -> str:
    return "\n" + " " * node.col_offset


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
