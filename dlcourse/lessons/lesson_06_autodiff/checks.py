"""Lesson 06, automatic differentiation: slopes, the order, the way back, a neuron, a curve.

A tape is a dict. Its keys are the names of the numbers that were computed, in the order in
which they were, and the last one is the result. Each holds a list of pairs, one per use: the
name of an input, and the slope for it. Names that are no keys were given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.nn.autodiff import Value, topological_order
from dlcourse.nn.contract import Array as Floats

Rng = np.random.Generator
Inputs = dict[str, list[str]]
Tape = dict[str, list[tuple[str, float]]]
Wrong = Callable[..., Any]

LESSON: Tape = {
    "v1": [("a", -3.0), ("b", 2.0)],
    "v2": [("b", 1.0), ("c", 1.0)],
    "L": [("v1", 1.0), ("v2", 1.0)],
}


# local_slopes


def local_slopes(operation: str, a: float, b: float) -> tuple[float, float]:
    """Return how fast ``a operation b`` grows with a, and with b."""
    first, second = Value(a), Value(b)
    results = {"+": first.__add__, "-": first.__sub__, "*": first.__mul__, "/": first.__truediv__}
    slope_a, slope_b = results[operation](second).slopes
    return slope_a, slope_b


def slopes_cases(rng: Rng) -> list[Case]:
    """Each operation with easy numbers, then with random ones."""
    cases = [
        Case(("+", 2.0, -3.0), "a sum"),
        Case(("-", 2.0, -3.0), "a difference"),
        Case(("*", 2.0, -3.0), "a product"),
        Case(("/", 6.0, 2.0), "a quotient"),
        Case(("/", 5.0, -4.0), "a negative number below the line"),
    ]
    cases += [
        Case(("*", -0.12345, 1.7), "a product of decimals"),
        Case(("/", -1.7, 0.12345), "a quotient of decimals"),
        Case(("/", 3, 2), "whole numbers"),
    ]
    return cases + [Case((operation, *decimals(rng, 2).tolist())) for operation in "*/+-*/"]


def _slopes(**rules: Callable[[float, float], Any]) -> Wrong:
    """Build slopes in which the rules of some operations are wrong."""
    words = {"+": "plus", "-": "minus", "*": "times", "/": "over"}
    right: dict[str, Callable[[float, float], Any]] = {
        "plus": lambda a, b: (1.0, 1.0),
        "minus": lambda a, b: (1.0, -1.0),
        "times": lambda a, b: (b, a),
        "over": lambda a, b: (1 / b, -a / b**2),
    }
    return lambda operation, a, b: (right | rules)[words[operation]](a, b)


SLOPES_MISTAKES = [
    Mistake(
        "product_swapped",
        _slopes(times=lambda a, b: (a, b)),
        "The slopes of a product are the wrong way round. Nudge a by 0.1, and a * b grows by "
        "0.1 * b: the slope for a is b.",
    ),
    Mistake(
        "minus_forgotten",
        _slopes(minus=lambda a, b: (1.0, 1.0)),
        "A difference falls when b grows: the slope of a - b for b is -1.",
    ),
    Mistake(
        "over_not_inverted",
        _slopes(over=lambda a, b: (b, -a / b**2)),
        "a / b is a times 1 / b: nudge a by 0.1, and a / b grows by 0.1 / b.",
    ),
    Mistake(
        "numbers_instead_of_slopes",
        _slopes(plus=lambda a, b: (a, b), minus=lambda a, b: (a, -b)),
        "You return the numbers themselves for a sum. Nudge a by 0.1: a + b grows by 0.1, whatever "
        "a is. The slope is 1.",
    ),
    Mistake(
        "quotient_without_minus",
        _slopes(over=lambda a, b: (1 / b, a / b**2)),
        "a / b falls when b grows (for positive numbers). The slope for b is -a / b**2.",
    ),
    Mistake(
        "quotient_without_square",
        _slopes(over=lambda a, b: (1 / b, -a / b)),
        "The slope of a / b for b is wrong: the derivative of 1 / b is -1 / b**2, with a square.",
    ),
    Mistake(
        "quotient_without_a",
        _slopes(over=lambda a, b: (1 / b, -1 / b**2)),
        "The slope of a / b for b lacks the a: it is -a / b**2.",
    ),
    Mistake(
        "quotient_like_product",
        _slopes(over=lambda a, b: (b, a)),
        "You treat a / b as a product. It is a times 1 / b: the slope for a is 1 / b, and for b it "
        "is -a / b**2.",
    ),
    Mistake(
        "precedence",
        _slopes(over=lambda a, b: (1 / b, -a / b * 2)),
        "`/ b * 2` divides by b and multiplies by 2. A square is `b**2`.",
    ),
    Mistake(
        "first_alone",
        lambda operation, a, b: local_slopes(operation, a, b)[0],
        "You return the slope for a alone. Return two numbers: `return slope_a, slope_b`.",
    ),
    Mistake(
        "both_swapped",
        lambda operation, a, b: local_slopes(operation, a, b)[::-1],
        "Both numbers are right, in the wrong order: first the slope for a, then the one for b.",
    ),
]


# topological_sort


@dataclass
class _Named:
    """A node as `topological_order` wants it."""

    name: str
    inputs: tuple[Any, ...]


def topological_sort(inputs: Inputs, result: str) -> list[str]:
    """Return the result and all it was computed from, each name after its inputs."""
    nodes: dict[str, _Named] = {}

    def node(name: str) -> _Named:
        if name not in nodes:
            nodes[name] = _Named(name, tuple(node(each) for each in inputs[name]))
        return nodes[name]

    return [each.name for each in topological_order(node(result))]


def sort_cases(rng: Rng) -> list[Case]:
    """Graphs in which each wrong way shows: numbers used twice, two ways, things left out."""
    lesson = {"a": [], "b": [], "c": [], "v1": ["a", "b"], "v2": ["b", "c"], "L": ["v1", "v2"]}
    cases = [
        Case(({"a": [], "b": [], "L": ["a", "b"]}, "L"), "one operation"),
        Case((lesson, "L"), "the example of the lesson"),
        Case(({"x": [], "L": ["x", "x"]}, "L"), "a number used twice by one node"),
        Case(
            ({"L": ["v", "w"], "w": ["v"], "v": ["a", "b"], "b": [], "a": []}, "L"),
            "a short and a long way, and the dict in another order",
        ),
        Case((lesson, "v2"), "v2 is the result, so a and v1 are not needed"),
        Case(({"x": []}, "x"), "a single number"),
    ]
    return cases + [Case(_renamed(rng, graph), "a random graph") for graph in GRAPHS]


# Graphs in which a number has a short and a long way to the result r, and one is not needed.
GRAPHS: tuple[Inputs, ...] = (
    {"a": [], "b": [], "v": ["a", "b"], "w": ["v", "a"], "u": ["b"], "r": ["v", "w"]},
    {
        "a": [],
        "b": [],
        "x": ["a", "b"],
        "y": ["x", "x"],
        "z": ["y", "x"],
        "r": ["x", "z"],
        "u": ["r"],
    },
    {
        "a": [],
        "b": [],
        "p": ["a", "b"],
        "s": ["p", "p"],
        "q": ["s", "a"],
        "r": ["p", "q"],
        "u": ["q"],
    },
    {
        "a": [],
        "b": [],
        "c": [],
        "v": ["b", "a", "c"],
        "w": ["v", "b"],
        "u": [],
        "r": ["v", "a", "w"],
    },
)


def _renamed(rng: Rng, graph: Inputs) -> tuple[Inputs, str]:
    """Return a graph with other names in another order; the result comes first in the alphabet."""
    letters = sorted(rng.permutation(list("abcdefghijklmnopqrstuvwxyz"))[: len(graph)].tolist())
    others = [name for name in graph if name != "r"]
    new = dict(zip(["r", *rng.permutation(others).tolist()], letters, strict=True))
    order = rng.permutation(list(graph)).tolist()
    return {new[name]: [new[each] for each in graph[name]] for name in order}, new["r"]


def is_topological_order(order: Any, inputs: Inputs, result: str) -> bool:
    """Tell whether this lists the result and all it needs, each once and after its inputs."""
    if not isinstance(order, (list, tuple)) or not all(isinstance(name, str) for name in order):
        return False
    return sorted(order) == sorted(topological_sort(inputs, result)) and all(
        set(inputs[name]) <= set(order[:place]) for place, name in enumerate(order)
    )


def _walk(*, once: bool = True, before: bool = False, whole: bool = False) -> Wrong:
    """Build a depth-first walk; each argument puts another mistake into it."""

    def sort(inputs: Inputs, result: str) -> list[str]:
        order: list[str] = []

        def visit(name: str) -> None:
            if once and name in order:
                return
            if before:
                order.append(name)
            for each in inputs[name]:
                visit(each)
            if not before:
                order.append(name)

        for start in inputs if whole else [result]:
            visit(start)
        return order

    return sort


def _by_levels(inputs: Inputs, result: str) -> list[str]:
    order = [result]
    for name in order:
        order += [each for each in dict.fromkeys(inputs[name]) if each not in order]
    return order[::-1]


def _one_level(inputs: Inputs, result: str) -> list[str]:
    return [*inputs[result], result]


SORT_MISTAKES = [
    Mistake(
        "one_level",
        _one_level,
        "You list the inputs of the result, but not what they were computed from. Visit each input "
        "with all that belongs to it: a function that calls itself does that.",
    ),
    Mistake(
        "listed_for_each_use",
        _walk(once=False),
        "A number that is used twice is listed twice. Before you visit a name, look whether it is "
        "in the list already.",
    ),
    Mistake(
        "result_first",
        lambda inputs, result: topological_sort(inputs, result)[::-1],
        "Your list begins with the result. The right names, the other way round: inputs come "
        "first, the result is the last.",
    ),
    Mistake(
        "node_before_inputs",
        _walk(before=True),
        "You list a name and then visit its inputs. First visit all its inputs, then list it.",
    ),
    Mistake(
        "node_before_inputs_turned",
        lambda inputs, result: _walk(before=True)(inputs, result)[::-1],
        "Turning the list round at the end is not enough: a number reached by a short way first "
        "comes too late. Visit the inputs first, then append the name.",
    ),
    Mistake(
        "by_levels",
        _by_levels,
        "You go level by level from the result. A number may be near the result and far from it, "
        "too, and then it comes out too late. Go deep first: all inputs of a name, then the name.",
    ),
    Mistake(
        "everything",
        _walk(whole=True),
        "You list names that the result does not need. Start at `result` and visit only what it "
        "was computed from.",
    ),
    Mistake(
        "order_of_the_dict",
        lambda inputs, result: list(inputs),
        "You return the names in the order of the dict, which may be any. Start at `result`, and "
        "list each name after its inputs.",
    ),
    Mistake(
        "result_missing",
        lambda inputs, result: topological_sort(inputs, result)[:-1],
        "The result itself is missing: it is the last name of the list.",
    ),
    Mistake(
        "alphabet",
        lambda inputs, result: sorted(topological_sort(inputs, result)),
        "You sort by the alphabet. The order must come from the graph: each name after its inputs.",
    ),
]


# reverse_mode


def reverse_mode(tape: Tape) -> dict[str, float]:
    """Return the gradient of the result for every name on the tape."""
    grads = dict.fromkeys(_names(tape), 0.0)
    grads[list(tape)[-1]] = 1.0
    for name in reversed(tape):
        for source, slope in tape[name]:
            grads[source] += grads[name] * slope
    return grads


def _names(tape: Tape) -> list[str]:
    return list(dict.fromkeys([*tape, *(source for uses in tape.values() for source, _ in uses)]))


def tapes(rng: Rng) -> list[tuple[Tape, str]]:
    """Return tapes: one use, a chain, the lesson's, a number used twice, random ones."""
    short_and_long: Tape = {
        "v": [("a", 2.0), ("b", 0.5)],
        "w": [("v", 0.25)],
        "unused": [("a", 7.0)],
        "loss": [("v", 1.0), ("w", 4.0)],
    }
    return [
        ({"y": [("a", 5.0), ("b", -2.0)]}, "one operation"),
        ({"v": [("x", 2.0)], "w": [("v", -3.0)], "E": [("w", 0.5)]}, "a chain"),
        (LESSON, "the example of the lesson"),
        ({"v": [("x", 3.0), ("x", 3.0)], "y": [("v", 1.0), ("x", 1.0)]}, "y = x * x + x at x = 3"),
        (short_and_long, "a short and a long way, and a number that the result does not use"),
        (_drawn_tape(always()), "decimals, and longer names"),
        *((_drawn_tape(rng), "a random tape") for _ in range(4)),
    ]


def _drawn_tape(rng: Rng) -> Tape:
    """Draw slopes, and names of the computed numbers, for a tape with ways of several lengths."""
    s = iter(decimals(rng, 12).tolist())
    p, q, r, t, u = ("".join(rng.permutation(list("pqrstu"))[:3].tolist()) + end for end in "vwxyz")
    return {
        p: [("a", next(s)), ("b", next(s))],
        q: [(p, next(s)), (p, next(s))],
        u: [("b", next(s)), ("c", next(s))],
        r: [("a", next(s)), (q, next(s))],
        t: [(p, next(s)), (r, next(s)), ("b", next(s)), ("b", next(s))],
    }


def reverse_cases(rng: Rng) -> list[Case]:
    """Take all tapes."""
    return [Case((tape,), about) for tape, about in tapes(rng)]


def _reverse(
    *,
    seed: float = 1.0,
    start: float = 0.0,
    order: Callable[[Tape], Any] = reversed,
    uses: Callable[[Any], Any] = lambda uses: uses,
    update: Callable[[float, float, float], float] = lambda old, grad, slope: old + grad * slope,
    report: Callable[[dict[str, float], Tape], Any] = lambda grads, tape: grads,
) -> Wrong:
    """Build a backward pass; each argument puts another mistake into it."""

    def backward(tape: Tape) -> Any:
        grads = dict.fromkeys(_names(tape), start)
        grads[list(tape)[-1]] = seed
        for name in order(tape):
            for source, slope in uses(tape[name]):
                grads[source] = update(grads[source], grads[name], slope)
        return report(grads, tape)

    return backward


def _no_entry(tape: Tape) -> dict[str, float]:
    grads = {list(tape)[-1]: 1.0}
    for name in reversed(tape):
        for source, slope in tape[name]:
            grads[source] += grads[name] * slope
    return grads


def _at_each_use(tape: Tape) -> dict[str, float]:
    grads = dict.fromkeys(_names(tape), 0.0)

    def visit(name: str) -> None:
        for source, slope in tape.get(name, []):
            grads[source] += grads[name] * slope
            visit(source)

    result = list(tape)[-1]
    grads[result] = 1.0
    visit(result)
    return grads


def _without_unused(tape: Tape) -> dict[str, float]:
    grads = {list(tape)[-1]: 1.0}
    for name in reversed(tape):
        for source, slope in tape[name] if name in grads else []:
            grads[source] = grads.get(source, 0.0) + grads[name] * slope
    return grads


def _given_reset(tape: Tape) -> dict[str, float]:
    grads = dict.fromkeys(_names(tape), 0.0)
    grads[list(tape)[-1]] = 1.0
    for name in reversed(tape):
        for source, slope in tape[name]:
            old = grads[source] if source in tape else 0.0
            grads[source] = old + grads[name] * slope
    return grads


REVERSE_MISTAKES = [
    Mistake(
        "given_reset",
        _given_reset,
        "A given number gets its 0 again at each use, so only one contribution is left. Give every "
        "name its 0 once, before the walk.",
    ),
    Mistake(
        "no_entry",
        _no_entry,
        "A name has no entry yet when you add to it. Begin with a dict that holds 0.0 for every "
        "name, given or computed.",
    ),
    Mistake(
        "seed_0",
        _reverse(seed=0.0),
        "All gradients are 0. Something must start: the gradient of the result for itself is 1.",
    ),
    Mistake(
        "all_start_at_1",
        _reverse(start=1.0),
        "Every gradient starts at 1. Only the result's own does; all others start at 0.",
    ),
    Mistake(
        "overwritten",
        _reverse(update=lambda old, grad, slope: grad * slope),
        "You overwrite: of a number that is used twice only one contribution is left. Add them up, "
        "with +=.",
    ),
    Mistake(
        "inputs_first",
        _reverse(order=list),
        "You go forward. When a number passes its gradient on, the gradient must be complete: "
        "visit `reversed(tape)`.",
    ),
    Mistake(
        "passed_on_at_each_use",
        _at_each_use,
        "You visit a number again each time it is used, and pass on what it had before once more. "
        "Visit each name once, in the order reversed(tape).",
    ),
    Mistake(
        "used_twice_counted_once",
        _reverse(uses=lambda uses: dict(uses).items()),
        "A node that uses a number twice, as x * x does, has two pairs for it. Both count: do not "
        "turn the pairs into a dict.",
    ),
    Mistake(
        "slopes_alone",
        _reverse(update=lambda old, grad, slope: old + slope),
        "You add the slopes alone. Multiply each by the gradient of the node that you visit.",
    ),
    Mistake(
        "slope_added",
        _reverse(update=lambda old, grad, slope: old + grad + slope),
        "Along a path, rates multiply: add gradient times slope, not gradient plus slope.",
    ),
    Mistake(
        "gradients_alone",
        _reverse(update=lambda old, grad, slope: old + grad),
        "You pass the gradient on as it is. Multiply it by the slope of the use.",
    ),
    Mistake(
        "given_alone",
        _reverse(
            report=lambda grads, tape: {n: g for n, g in grads.items() if n not in tape},
        ),
        "Only the given numbers are in your dict. Return the gradients of the computed ones, too.",
    ),
    Mistake(
        "computed_alone",
        _reverse(report=lambda grads, tape: {n: grads[n] for n in tape}),
        "The given numbers are missing from your dict. They stand in the pairs, not among the keys "
        "of the tape.",
    ),
    Mistake(
        "result_missing",
        _reverse(report=lambda grads, tape: {n: grads[n] for n in grads if n != list(tape)[-1]}),
        "The result is missing from your dict: its gradient is 1.",
    ),
    Mistake(
        "unused_left_out",
        _without_unused,
        "A name that the result does not use is missing. It has a gradient, too: 0.",
    ),
]


# squared_difference


def squared_difference(a: float, b: float) -> tuple[float, float, float]:
    """Return (a - b)**2 and its derivatives for a and for b."""
    x, y = Value(a), Value(b)
    result = (x - y) ** 2
    result.backward()
    return result.data, x.grad, y.grad


def difference_cases(rng: Rng) -> list[Case]:
    """Whole numbers of either sign first, then decimals."""
    cases = [
        Case((5.0, 2.0), "easy numbers"),
        Case((2.0, 5.0), "b is larger"),
        Case((-1.5, 4.0), "a negative number"),
        Case((3, 1), "whole numbers"),
        Case((0.32154, -0.65432), "decimals"),
    ]
    return cases + [Case(tuple(decimals(rng, 2).tolist())) for _ in range(4)]


def _difference(rule: Callable[[float, float], Any]) -> Wrong:
    """Build an answer whose gradients are wrong."""
    return lambda a, b: ((a - b) ** 2, *rule(a, b))


DIFFERENCE_MISTAKES = [
    Mistake(
        "minus_forgotten",
        _difference(lambda a, b: (2 * (a - b), 2 * (a - b))),
        "Both gradients have the same sign. A difference falls when b grows: its local "
        "derivative for b is -1.",
    ),
    Mistake(
        "signs_exchanged",
        _difference(lambda a, b: (-2 * (a - b), 2 * (a - b))),
        "Both signs are the wrong way round. The local derivatives of a - b are 1 for a and -1 "
        "for b.",
    ),
    Mistake(
        "power_without_factor",
        _difference(lambda a, b: (a - b, b - a)),
        "Your gradients are half of what they should be. The local derivative of v**2 is 2 * v. "
        "(Or, if you multiply v by itself: a number that is used twice gets both parts, added.)",
    ),
    Mistake(
        "no_power",
        _difference(lambda a, b: (1.0, -1.0)),
        "These are the gradients of a - b. On the way back the square multiplies them by 2 * v.",
    ),
    Mistake(
        "the_square_itself",
        _difference(lambda a, b: (2 * (a - b) ** 2, -2 * (a - b) ** 2)),
        "The local derivative of v**n is n * v**(n - 1): the exponent falls by 1.",
    ),
    Mistake(
        "no_seed",
        _difference(lambda a, b: (0.0, 0.0)),
        "All gradients are 0. Either nobody called backward() on the result, or these are not the "
        "Values that it was computed from: make each once, and keep it in a name.",
    ),
    Mistake(
        "sum",
        lambda a, b: ((a + b) ** 2, 2 * (a + b), 2 * (a + b)),
        "This is the square of the sum. Look at __sub__: self.data - other.data.",
    ),
    Mistake(
        "not_squared",
        lambda a, b: (a - b, 1.0, -1.0),
        "This is the difference. Square it: (x - y)**2.",
    ),
]


# neuron_error


def neuron_error(w: Floats, x: Floats, b: float, y: float) -> tuple[float, Floats, float]:
    """Return the half squared error of a tanh neuron, and its derivatives for w and for b."""
    weights, bias = [Value(each) for each in w], Value(b)
    z = bias
    for weight, each in zip(weights, x, strict=True):
        z = z + weight * float(each)
    error = 0.5 * (z.tanh() - y) ** 2
    error.backward()
    return error.data, np.array([weight.grad for weight in weights]), bias.grad


def neuron_cases(rng: Rng) -> list[Case]:
    """One weight, two, three; a bias that is not 0; whole numbers."""
    cases = [
        Case((np.array([0.5]), np.array([2.0]), 0.25, -1.0), "one weight"),
        Case((np.array([0.5, -0.3]), np.array([1.0, 2.0]), 0.2, 1.0), "two weights"),
        Case((np.array([1, -2]), np.array([3, 2]), 2, 0), "whole numbers"),
        Case((np.array([0.3, 0.7]), np.array([1.5, -0.5]), -0.2, 0.5), "a negative input"),
        Case((np.array([0.3, 0.4]), np.array([0.3, 0.4]), -0.6, 0.5), "weights like the inputs"),
    ]
    return cases + [_neuron_case(rng, n, about) for n, about in ((3, "random numbers"),) * 5]


def _neuron_case(rng: Rng, inputs: int, about: str, *more: float) -> Case:
    """Draw a neuron whose sum is neither near 0 nor far out, and that is off by a good deal."""
    while True:
        drawn = decimals(rng, 2 * inputs + 2) / 2
        w, x, (b, y) = drawn[:inputs], drawn[inputs : 2 * inputs], drawn[-2:].tolist()
        z = float(w @ x) + b
        if 0.3 < abs(z) < 1.5 and abs(np.tanh(z) - y) > 0.2:
            return Case((w, x, b, y, *more), about)


def _neuron(
    delta: Callable[[float, float, float], float] = lambda z, a, y: (a - y) * (1 - a**2),
    error: Callable[[float, float], float] = lambda a, y: 0.5 * (a - y) ** 2,
    report: Callable[[float, Any, Any, float], Any] = lambda error, w, x, d: (error, d * x, d),
    bias: float = 1.0,
) -> Wrong:
    """Build a neuron; each argument puts another mistake into it."""

    def neuron(w: Floats, x: Floats, b: float, y: float) -> Any:
        z = float(w @ x) + bias * b
        a = float(np.tanh(z))
        return report(error(a, y), w, x, delta(z, a, y))

    return neuron


NEURON_MISTAKES = [
    Mistake(
        "not_half",
        _neuron(lambda z, a, y: 2 * (a - y) * (1 - a**2), lambda a, y: (a - y) ** 2),
        "All three are twice what they should be. The error is half the squared difference: "
        "multiply by Value(0.5).",
    ),
    Mistake(
        "overwritten",
        _neuron(lambda z, a, y: 0.5 * (a - y) * (1 - a**2)),
        "The error is right and your gradients are half of what they should be. A number that is "
        "used twice gets both parts: add with +=, do not overwrite.",
    ),
    Mistake(
        "wrong_way",
        _neuron(lambda z, a, y: (y - a) * (1 - a**2)),
        "Every gradient has the wrong sign. Look at __sub__: the local derivatives are 1 and -1.",
    ),
    Mistake(
        "tanh_without_slope",
        _neuron(lambda z, a, y: a - y),
        "The gradients passed the tanh without its local derivative, 1 - tanh(z)**2.",
    ),
    Mistake(
        "slope_of_sigmoid",
        _neuron(lambda z, a, y: (a - y) * a * (1 - a)),
        "a * (1 - a) is the slope of a sigmoid. That of a tanh is 1 - a**2.",
    ),
    Mistake(
        "slope_at_z",
        _neuron(lambda z, a, y: (a - y) * (1 - z**2)),
        "The local derivative of a tanh is 1 - t**2 with t the result; you have z there.",
    ),
    Mistake(
        "no_seed",
        _neuron(lambda z, a, y: 0.0),
        "All gradients are 0. Either nobody called backward() on the error, or these are not the "
        "Values that it was computed from: make each once, and keep it in a name.",
    ),
    Mistake(
        "of_the_inputs",
        _neuron(report=lambda error, w, x, d: (error, d * w, d)),
        "These are the gradients of the inputs. Return those of the weights.",
    ),
    Mistake(
        "bias_not_added",
        _neuron(bias=0.0),
        "The bias is missing in the sum: begin with it, z = bias.",
    ),
    Mistake(
        "bias_without_gradient",
        _neuron(report=lambda error, w, x, d: (error, d * x, 0.0)),
        "The gradient of the bias stays 0. Keep its Value in a name, use that in the sum, and "
        "return its grad.",
    ),
    Mistake(
        "tanh_missing",
        lambda w, x, b, y: _linear_error(w, x, float(w @ x) + b - y),
        "The tanh is missing: the activation is z.tanh().",
    ),
    Mistake(
        "delta_alone",
        _neuron(report=lambda error, w, x, d: (error, d * np.ones(len(x)), d)),
        "Every weight got the same gradient, that of the bias. A weight is multiplied by its "
        "input, so its local derivative is that input.",
    ),
]


def _linear_error(w: Floats, x: Floats, off: float) -> tuple[float, Floats, float]:
    return 0.5 * off**2, off * x, off


# neuron_step


def neuron_step(w: Floats, x: Floats, b: float, y: float, eta: float) -> tuple[Floats, float]:
    """Return the weights and the bias after one step of gradient descent."""
    _, grad_w, grad_b = neuron_error(w, x, b, y)
    return w - eta * grad_w, b - eta * grad_b


def step_cases(rng: Rng) -> list[Case]:
    """Take neurons like those of `neuron_cases`, with learning rates that are not 1."""
    cases = [
        Case((np.array([0.5]), np.array([2.0]), 0.25, -1.0, 0.5), "one weight"),
        Case((np.array([0.5, -0.3]), np.array([1.0, 2.0]), 0.2, 1.0, 0.1), "two weights"),
        Case((np.array([1, -2]), np.array([3, 2]), 2, 0, 2.0), "whole numbers, learning rate 2"),
        Case((np.array([0.3, 0.4]), np.array([0.6, -0.8]), -0.6, 0.5, 0.3), "a negative input"),
    ]
    return cases + [_neuron_case(rng, 3, "random numbers", 0.7) for _ in range(4)]


def _step(
    rule: Callable[[Any, Any, float], Any] = lambda old, grad, eta: old - eta * grad,
    bias: Callable[[Any, Any, float], Any] | None = None,
) -> Wrong:
    """Build a step; each argument puts another mistake into it."""

    def step(w: Floats, x: Floats, b: float, y: float, eta: float) -> Any:
        _, grad_w, grad_b = neuron_error(w, x, b, y)
        return rule(w, grad_w, eta), (bias or rule)(b, grad_b, eta)

    return step


def _bias_later(w: Floats, x: Floats, b: float, y: float, eta: float) -> tuple[Floats, float]:
    w = w - eta * neuron_error(w, x, b, y)[1]
    return w, b - eta * neuron_error(w, x, b, y)[2]


def _step_in_place(w: Floats, x: Floats, b: float, y: float, eta: float) -> tuple[Floats, float]:
    _, grad_w, grad_b = neuron_error(w, x, b, y)
    w -= eta * grad_w
    return w, b - eta * grad_b


STEP_MISTAKES = [
    Mistake(
        "in_place",
        _step_in_place,
        "`w -= ...` changes the caller's array. Write `w - eta * grad_w`: that makes a new one.",
    ),
    Mistake(
        "uphill",
        _step(lambda old, grad, eta: old + eta * grad),
        "You walk uphill. The gradient points where the error grows, so subtract it.",
    ),
    Mistake(
        "no_rate",
        _step(lambda old, grad, eta: old - grad),
        "The learning rate is missing: subtract eta * gradient.",
    ),
    Mistake(
        "bias_frozen",
        _step(bias=lambda old, grad, eta: old),
        "Your bias never moves. It has a gradient, too: b - eta * grad_b.",
    ),
    Mistake(
        "step_alone",
        _step(lambda old, grad, eta: -eta * grad),
        "You return the step alone. Return where it leads: w - eta * grad_w.",
    ),
    Mistake(
        "bias_after_weights",
        _bias_later,
        "You move the weights, and then compute the gradient of the bias with the new ones. Call "
        "neuron_error once, and move both with what it returns.",
    ),
    Mistake(
        "gradients_alone",
        _step(lambda old, grad, eta: grad),
        "You return the gradients. Return the numbers after the step: w - eta * grad_w.",
    ),
]


# fit_curve: an open task


def fit_curve(train_x: Floats, train_y: Floats, test_x: Floats) -> Floats:
    """Train twelve tanh units by gradient descent with momentum, and answer."""
    rng = np.random.default_rng(0)
    parameters = [rng.normal(0, 2, 12), rng.normal(0, 2, 12), np.zeros(12), np.zeros(())]
    speeds = [np.zeros_like(each) for each in parameters]
    for _ in range(2000):
        w, b, v, c = parameters
        a = np.tanh(np.outer(train_x, w) + b)
        off = 2 * (a @ v + c - train_y) / len(train_x)
        delta = np.outer(off, v) * (1 - a**2)
        grads = [train_x @ delta, delta.sum(axis=0), off @ a, off.sum()]
        speeds = [0.9 * speed + grad for speed, grad in zip(speeds, grads, strict=True)]
        parameters = [p - 0.05 * speed for p, speed in zip(parameters, speeds, strict=True)]
    w, b, v, c = parameters
    heights: Floats = np.tanh(np.outer(test_x, w) + b) @ v + c
    return heights


def untrained_curve(train_x: Floats, train_y: Floats, test_x: Floats) -> Floats:
    """Answer with the best straight line."""
    slope, height = np.polyfit(train_x, train_y, 1)
    line: Floats = slope * test_x + height
    return line


def curve_cases(rng: Rng) -> list[Case]:
    """Draw a wave of about 1.3 periods: 24 points to learn from, 60 others to answer for."""
    shift, rate = rng.uniform(0, 2 * np.pi), rng.uniform(1.8, 2.2)
    train_x = np.linspace(-2, 2, 24) + rng.uniform(-0.05, 0.05, 24)
    test_x = rng.uniform(-1.9, 1.9, 60)
    heights = (np.sin(rate * x + shift) for x in (train_x, test_x))
    train_y, hidden = heights
    about = "24 points of a curve, and 60 other places to answer for"
    return [Case((train_x, train_y, test_x), about, hidden=hidden)]


def explained(heights: Any, right: Any) -> float:
    """Return which part of the variance of the right heights is explained: 1 is all of it.

    Examples
    --------
    >>> explained([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]), explained([1.0, 1.0, 1.0], [0.0, 1.0, 2.0])
    (1.0, 0.0)
    """
    off = np.asarray(heights, float) - np.asarray(right, float)
    return float(1 - np.mean(off**2) / np.var(right))


CHECKS = (
    Check(local_slopes, 1, slopes_cases, SLOPES_MISTAKES, ("slope_a", "slope_b")),
    Check(
        topological_sort,
        2,
        sort_cases,
        SORT_MISTAKES,
        ("list",),
        accepts=is_topological_order,
    ),
    Check(reverse_mode, 3, reverse_cases, REVERSE_MISTAKES, ("dictionary",)),
    Check(
        squared_difference,
        1,
        difference_cases,
        DIFFERENCE_MISTAKES,
        ("result", "grad_a", "grad_b"),
    ),
    Check(neuron_error, 2, neuron_cases, NEURON_MISTAKES, ("E", "grad_w", "grad_b")),
    Check(neuron_step, 1, step_cases, STEP_MISTAKES, ("w", "b")),
    Check(
        fit_curve,
        2,
        curve_cases,
        (),
        ("heights",),
        seconds=20.0,
        goal=Goal(
            explained,
            bars=(0.5, 0.9, 0.97),
            advice=(
                "A straight line explains about a fifth of such a curve, and so does this. Are "
                "there several tanh units, do they start from different weights, and does the "
                "error fall? Print it every ten rounds.",
                "The shape is there, but not close enough. Take more units, more rounds, or a "
                "larger learning rate, and watch the error.",
                "Nearly there. Go through the points more often, and make the steps smaller "
                "towards the end.",
            ),
            untrained=untrained_curve,
            name="the part of the curve that is explained: 1 minus the mean squared error, divided "
            "by the variance of the right heights",
        ),
    ),
)
