"""Lesson 06, automatic differentiation: slopes, the order, both modes, and broadcasting undone.

A tape is a dict. Its keys are the names of the numbers that were computed, in the order in
which they were, and the last one is the result. Each holds a list of pairs, one per use: the
name of an input, and the slope for it. Names that are no keys were given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.checks.check import Case, Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.nn.autodiff import Value, topological_order, unbroadcast
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


# reverse_mode and forward_mode


def reverse_mode(tape: Tape) -> dict[str, float]:
    """Return the gradient of the result for every name on the tape."""
    grads = dict.fromkeys(_names(tape), 0.0)
    grads[list(tape)[-1]] = 1.0
    for name in reversed(tape):
        for source, slope in tape[name]:
            grads[source] += grads[name] * slope
    return grads


def forward_mode(tape: Tape, x: str) -> float:
    """Return the derivative of the result for one given number."""
    rates = dict.fromkeys(_names(tape), 0.0)
    rates[x] = 1.0
    for name, uses in tape.items():
        rates[name] = sum(rates[source] * slope for source, slope in uses)
    return rates[list(tape)[-1]]


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


def forward_cases(rng: Rng) -> list[Case]:
    """Take all tapes, with one of the given numbers; one has no influence on the result."""
    chosen = ("b", "x", "b", "x", "a", "b", "a", "a", "b", "b")
    cases = [
        Case((tape, x), f"{about}, for {x}")
        for (tape, about), x in zip(tapes(rng), chosen, strict=True)
    ]
    no_influence: Tape = {"v": [("a", 2.0)], "w": [("b", 3.0)], "out": [("v", 5.0)]}
    return [*cases, Case((no_influence, "b"), "b has no influence on the result")]


def _weighted_sum(pairs: list[tuple[float, float]]) -> float:
    return sum(rate * slope for rate, slope in pairs)


def _forward(
    *,
    seeds: Callable[[Tape, str], Any] = lambda tape, x: {x},
    combine: Callable[[list[tuple[float, float]]], float] = _weighted_sum,
    order: Callable[[Tape], Any] = list,
    report: Callable[[dict[str, float], Tape], Any] = lambda rates, tape: rates[list(tape)[-1]],
) -> Wrong:
    """Build a forward-mode pass; each argument puts another mistake into it."""

    def forward(tape: Tape, x: str) -> Any:
        starts = seeds(tape, x)
        rates = {name: float(name in starts) for name in _names(tape)}
        for name in order(tape):
            rates[name] = combine([(rates[source], slope) for source, slope in tape[name]])
        return report(rates, tape)

    return forward


FORWARD_MISTAKES = [
    Mistake(
        "rate_of_x",
        _forward(report=lambda rates, tape: 1.0),
        "You return the rate of x itself, which is always 1. Return that of the result, the last "
        "name on the tape.",
    ),
    Mistake(
        "all_given_start_at_1",
        _forward(seeds=lambda tape, x: {n for n in _names(tape) if n not in tape}),
        "All given numbers start at 1, so you add up the derivatives for all of them. Only x "
        "starts at 1; the others do not move, so they start at 0.",
    ),
    Mistake(
        "none_starts",
        _forward(seeds=lambda tape, x: set()),
        "Nothing moves: every rate is 0. The rate of x for itself is 1.",
    ),
    Mistake(
        "last_use_alone",
        _forward(combine=lambda pairs: pairs[-1][0] * pairs[-1][1]),
        "Only the last input of each node counts. Add up rate times slope over all its inputs.",
    ),
    Mistake(
        "first_use_alone",
        _forward(combine=lambda pairs: pairs[0][0] * pairs[0][1]),
        "Only the first input of each node counts. Add up rate times slope over all its inputs; "
        "no `return` and no `break` inside that loop.",
    ),
    Mistake(
        "result_first",
        _forward(order=reversed),
        "Only direct uses of x in the last node count. Did you go through the tape backwards? The "
        "rate of a node needs those of its inputs: go in the order of the tape.",
    ),
    Mistake(
        "rates_alone",
        _forward(combine=lambda pairs: sum(rate for rate, _ in pairs)),
        "You add up the rates of the inputs without their slopes. Multiply each by its slope.",
    ),
    Mistake(
        "slopes_alone",
        _forward(combine=lambda pairs: sum(slope for _, slope in pairs)),
        "You add up the slopes without the rates of the inputs. Multiply each by its input's rate.",
    ),
    Mistake(
        "multiplied_together",
        _forward(combine=lambda pairs: float(np.prod([rate * slope for rate, slope in pairs]))),
        "You multiply over the inputs of a node. Along a path rates multiply; where paths meet, "
        "they add up.",
    ),
    Mistake(
        "all_rates",
        _forward(report=lambda rates, tape: rates),
        "You return the rates of all numbers. Return that of the result, the last on the tape.",
    ),
]


# undo_broadcast


def undo_broadcast(grad: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the gradient for an array of this shape that was repeated to that of `grad`."""
    return np.asarray(unbroadcast(grad, shape))


def broadcast_cases(rng: Rng) -> list[Case]:
    """Repeat along new axes in front, stretched ones, both, none."""
    easy = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    cube = decimals(always(), 2, 3, 4) / 7
    whole = np.arange(12).reshape(2, 2, 3)
    return [
        Case((easy, (2,)), "a bias: one row was added to three"),
        Case((easy, (3, 1)), "a column was added to two"),
        Case((easy, (1, 2)), "a row with two axes was added to three rows"),
        Case((easy, (3, 2)), "nothing was repeated"),
        Case((easy, (1, 1)), "one number with two axes"),
        Case((whole, (2, 1)), "whole numbers: one new axis and one stretched"),
        Case((cube, (4,)), "two new axes"),
        Case((cube, (3, 1)), "one new axis and one stretched"),
        Case((np.arange(16.0).reshape(2, 2, 2, 2), (2, 1)), "two new axes and one stretched"),
        Case((decimals(rng, 3, 2), (1,)), "one number with one axis"),
        Case((decimals(rng, 2, 3, 4), (4,)), "two new axes"),
        Case((decimals(rng, 2, 3, 4), (3, 1)), "one new axis and one stretched"),
        Case((decimals(rng, 2, 3, 4), (1, 3, 1)), "two stretched axes"),
        Case((decimals(rng, 1, 3), (1, 3)), "an axis of length 1 that stayed so"),
    ]


def _stretched(grad: Floats, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i, size in enumerate(shape) if size == 1 and grad.shape[i] > 1)


def _undo(
    *,
    gather: Callable[..., Floats] = np.sum,
    leading: bool = True,
    stretched: bool = True,
    keepdims: bool = True,
) -> Wrong:
    """Build a sum over what was repeated; each argument puts another mistake into it."""

    def undo(grad: Floats, shape: tuple[int, ...]) -> Any:
        if leading:
            for _ in range(grad.ndim - len(shape)):
                grad = gather(grad, axis=0)
        if stretched and grad.ndim == len(shape):
            axes = _stretched(grad, shape)
            grad = gather(grad, axis=axes, keepdims=keepdims) if axes else grad
        return grad

    return undo


def _last_axes(grad: Floats, shape: tuple[int, ...]) -> Any:
    while grad.ndim > len(shape):
        grad = grad.sum(axis=-1)
    axes = tuple(i for i, size in enumerate(shape) if size == 1)
    return grad.sum(axis=axes, keepdims=True)


BROADCAST_MISTAKES = [
    Mistake(
        "last_axes",
        _last_axes,
        "You sum over the last axes. The new ones stand in front: sum over axis 0 until the number "
        "of axes is the same.",
    ),
    Mistake(
        "stretched_forgotten",
        _undo(stretched=False),
        "New axes in front are summed. But an axis of length 1 may have been stretched, too: sum "
        "over it with keepdims=True.",
    ),
    Mistake(
        "leading_forgotten",
        _undo(leading=False),
        "Stretched axes are summed. But `grad` may have more axes than `shape`: sum over those in "
        "front first, axis 0 until the number of axes is the same.",
    ),
    Mistake(
        "axes_lost",
        _undo(keepdims=False),
        "The numbers are right, but an axis is gone. A stretched axis stays, with length 1: "
        "`sum(axis=..., keepdims=True)`.",
    ),
    Mistake(
        "mean",
        _undo(gather=np.mean),
        "You take the mean over the repetitions. Every repetition is a use, and contributions are "
        "added: take the sum.",
    ),
    Mistake(
        "first_copy",
        _undo(gather=lambda g, axis, keepdims=False: _first(g, axis, keepdims)),
        "You take one of the repetitions. All of them count: sum over them.",
    ),
    Mistake(
        "always_rows",
        lambda grad, shape: grad.sum(axis=0),
        "You always sum over axis 0. Which axes were repeated depends on `shape`.",
    ),
    Mistake(
        "always_everything",
        lambda grad, shape: np.full(shape, grad.sum()),
        "You sum over everything. Sum only over the axes that were repeated.",
    ),
    Mistake(
        "reshaped",
        lambda grad, shape: grad.reshape(shape),
        "`reshape` keeps every number, but the result has fewer: the repetitions must be added up. "
        "Use `sum`.",
    ),
    Mistake(
        "as_it_came",
        lambda grad, shape: grad,
        "You return the gradient as it came. Where the array was repeated, add up the repetitions.",
    ),
]


def _first(grad: Floats, axis: int | tuple[int, ...], keepdims: bool) -> Floats:
    axes = (axis,) if isinstance(axis, int) else axis
    taken = grad[tuple(slice(1) if i in axes else slice(None) for i in range(grad.ndim))]
    return taken if keepdims else taken.squeeze(axes)


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
    Check(forward_mode, 2, forward_cases, FORWARD_MISTAKES, ("derivative",)),
    Check(undo_broadcast, 2, broadcast_cases, BROADCAST_MISTAKES, ("array",)),
)
