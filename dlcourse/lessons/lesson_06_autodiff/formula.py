"""A formula that somebody typed, as a graph of numbers; what is wrong with it, in a sentence."""

import ast
import math
from collections.abc import Mapping

from dlcourse.nn.autodiff import Value

OPERATIONS = {
    ast.Add: Value.__add__,
    ast.Sub: Value.__sub__,
    ast.Mult: Value.__mul__,
    ast.Div: Value.__truediv__,
}
FUNCTIONS = {
    "tanh": Value.tanh,
    "sigmoid": Value.sigmoid,
    "exp": Value.exp,
    "log": Value.log,
    "relu": Value.relu,
}
CAN = (
    "A formula is made of a, b, c, numbers, + - * / ** and brackets, and "
    f"{', '.join(FUNCTIONS)}, such as tanh(a * b) + c."
)
LONGEST = 200  # characters


def parse(formula: str, numbers: Mapping[str, float]) -> Value:
    """Compute a formula, and keep the graph.

    A part that occurs twice is computed once, and used twice.

    Parameters
    ----------
    formula : str
        Such as ``"a * b + (b + c)"``.
    numbers : mapping of str to float
        The numbers that it may use, by name.

    Returns
    -------
    Value
        The result, with the label L.

    Raises
    ------
    ValueError
        If it is no formula, or has no finite result; the message says why in a sentence.

    Examples
    --------
    >>> parse("a * b + (b + c)", {"a": 2, "b": -3, "c": 10}).data
    1.0
    """
    if not formula.strip():
        raise ValueError(f"There is no formula. {CAN}")
    if len(formula) > LONGEST:
        raise ValueError(f"This formula has more than {LONGEST} characters. Take a shorter one.")
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"This is not complete, or a bracket is missing. {CAN}") from None
    made: dict[str, Value] = {}
    try:
        result = _compute(tree, numbers, made)
    except ZeroDivisionError:
        raise ValueError("This divides by 0. Change a number.") from None
    except OverflowError:
        raise ValueError("This becomes too large to compute. Change a number.") from None
    if any(not math.isfinite(x) for node in made.values() for x in (node.data, *node.slopes)):
        raise ValueError("This becomes too large to compute. Change a number.")
    if not result.label:
        result.label = "L"
    return result


def _compute(tree: ast.expr, numbers: Mapping[str, float], made: dict[str, Value]) -> Value:
    written = ast.unparse(tree)
    if written not in made:
        made[written] = _node(tree, numbers, made)
    return made[written]


def _node(tree: ast.expr, numbers: Mapping[str, float], made: dict[str, Value]) -> Value:
    match tree:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Value(number)
        case ast.Name(id=name) if name in numbers:
            return Value(numbers[name], name)
        case ast.Name(id=name):
            known = ", ".join(numbers)
            raise ValueError(f"There is no number {name!r} here, only {known}. {CAN}")
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_compute(inner, numbers, made)
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return _power(_compute(base, numbers, made), exponent)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in OPERATIONS:
            first, second = (_compute(side, numbers, made) for side in (left, right))
            return OPERATIONS[type(operation)](first, second)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
            argument = _compute(inner, numbers, made)
            if name == "log" and argument.data <= 0:
                raise ValueError(
                    f"The logarithm of {argument.data:g} does not exist. Change a number."
                )
            return FUNCTIONS[name](argument)
    raise ValueError(f"{ast.unparse(tree)!r} is not understood. {CAN}")


def _power(base: Value, exponent: ast.expr) -> Value:
    """Raise to a power that is written as a number, with or without a minus."""
    try:
        power = ast.literal_eval(exponent)
    except ValueError:
        power = None
    if not isinstance(power, int | float) or isinstance(power, bool):
        raise ValueError("After ** there must be a number, such as a**2.")
    try:
        return base**power
    except ValueError:
        raise ValueError(
            f"{base.data:g} to the power of {power:g} is no number that can be computed. "
            "Change a number."
        ) from None
