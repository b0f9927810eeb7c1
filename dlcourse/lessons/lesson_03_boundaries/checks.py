"""Lesson 03, activations and boundaries: softmax, layers that collapse, XOR, bumps, regions.

Step units answer 1 where their sum reaches 0. Inputs of step units are multiples of 1/4,
so that a sum which should be exactly 0 is.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals, telling
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def _step(z: Any) -> Any:
    return np.where(z >= 0, 1.0, 0.0)


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a mistake overflow without a warning, as its outcome says enough."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


# softmax


def softmax(z: Floats) -> Floats:
    """Return the probabilities of every row."""
    return nn.activations.softmax(z)


def softmax_cases(rng: Rng) -> list[Case]:
    """One row, a square, large numbers, rows far apart, random batches."""
    return [
        Case((np.array([[2.0, 1.0, 0.1]]),), "the example of the lesson"),
        Case((np.array([[0.0, 0.0, 0.0, 0.0]]),), "four equal numbers"),
        Case((np.array([[1.0, 2.0, 3.0], [3.0, 0.0, 0.0]]),), "two rows"),
        Case((np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0], [1.0, 1.0, 4.0]]),), "three rows"),
        Case((np.array([[1000.0, 999.0, 998.1]]),), "large numbers"),
        Case((np.array([[2000.0, 0.0]]),), "one number far above the other"),
        Case((np.array([[900.0, 901.0], [-900.0, -901.0]]),), "rows that are far apart"),
        Case((np.array([[3, 1, 2], [0, 2, 5]]),), "whole numbers"),
        Case((decimals(rng, 1, 5),)),
        Case((decimals(rng, 4, 3),)),
        Case((3 * decimals(rng, 3, 3),)),
    ]


def _softmax_in_place(z: Floats) -> Floats:
    z -= z.max(axis=1, keepdims=True)
    return _shares(np.exp(z), 1)


def _shares(powers: Floats, axis: int | None) -> Floats:
    shares: Floats = powers / powers.sum(axis=axis, keepdims=True)
    return shares


def _running_total(z: Floats) -> Any:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / np.cumsum(powers.sum(axis=1))[:, np.newaxis]


SOFTMAX_MISTAKES = [
    Mistake(
        "running_total",
        _running_total,
        "Your sum goes on from row to row, so only the first row adds up to 1. Each row has a sum "
        "of its own: let it start at 0 for each.",
    ),
    Mistake(
        "shifted_and_summed_over_all",
        lambda z: _shares(np.exp(z - z.max()), None),
        "You take the largest number and the sum over the whole batch. Every row is an example of "
        "its own and must add up to 1: use axis=1, keepdims=True in both.",
    ),
    Mistake(
        "in_place",
        _softmax_in_place,
        "The numbers are right, but `z -= ...` changes the caller's array. Write `z = z - ...`: "
        "that makes a new one.",
    ),
    Mistake(
        "not_shifted",
        _quiet(lambda z: _shares(np.exp(z), 1)),
        "exp overflows for large numbers, and infinity divided by infinity is nan. Subtract the "
        "largest number of each row first: that changes no share.",
    ),
    Mistake(
        "not_shifted_and_summed_over_all",
        _quiet(lambda z: _shares(np.exp(z), None)),
        "Two things: every row must add up to 1 by itself, so sum with axis=1, keepdims=True; and "
        "exp overflows, so subtract the largest number of each row first.",
    ),
    Mistake(
        "not_shifted_and_down_the_columns",
        _quiet(lambda z: _shares(np.exp(z), 0)),
        "Two things: your columns add up to 1, and the rows should (np.sum with axis=1, "
        "keepdims=True; Python's own sum adds rows); and exp overflows, so subtract the largest "
        "number of each row first.",
    ),
    Mistake(
        "shifted_by_the_mean",
        _quiet(lambda z: _shares(np.exp(z - z.mean(axis=1, keepdims=True)), 1)),
        "What you subtract is not the largest number of the row. A number far above it still "
        "overflows: subtract the row's largest.",
    ),
    Mistake(
        "shifted_by_the_largest_of_all",
        _quiet(lambda z: _shares(np.exp(z - z.max()), 1)),
        "You subtract the largest number of all rows. In a row that is far below it, every power "
        "becomes 0, and 0 / 0 is nan. Take the maximum of each row: axis=1, keepdims=True.",
    ),
    Mistake(
        "summed_over_all",
        lambda z: _shares(np.exp(z - z.max(axis=1, keepdims=True)), None),
        "You divide by the sum over the whole batch. Every row is an example of its own and must "
        "add up to 1: sum with axis=1, keepdims=True.",
    ),
    Mistake(
        "down_the_columns",
        lambda z: _shares(np.exp(z - z.max(axis=0)), 0),
        "Your columns add up to 1, and the rows should: take axis=1.",
    ),
    Mistake(
        "without_exp",
        _quiet(lambda z: z / z.sum(axis=1, keepdims=True)),
        "You divide the numbers themselves by their sum. First take np.exp of them, so that all "
        "are positive.",
    ),
    Mistake(
        "upside_down",
        _quiet(lambda z: _shares(np.exp(z.max(axis=1, keepdims=True) - z), 1)),
        "Your largest number gets the smallest share: the sign in exp is the wrong way round. "
        "Take exp of z minus the row's largest number.",
    ),
    Mistake(
        "logarithm",
        lambda z: np.log(np.maximum(softmax(z), 1e-300)),
        "You return logarithms of the probabilities. Return the probabilities.",
    ),
    Mistake(
        "not_divided",
        lambda z: np.exp(z - z.max(axis=1, keepdims=True)),
        "You return the powers alone. Divide each row by its sum.",
    ),
]


# merge_layers


def merge_layers(W1: Floats, b1: Floats, W2: Floats, b2: Floats) -> Any:  # noqa: N803
    """Return the one layer that does what two layers without activation do."""
    return W1 @ W2, b1 @ W2 + b2


def merge_cases(rng: Rng) -> list[Case]:
    """Choose the lesson's example, one number per layer, squares, random layers."""

    def case(about: str, *arrays: Any) -> Case:
        return Case(tuple(np.array(array, dtype=float) for array in arrays), about)

    def drawn(
        rng: Rng, inputs: int, hidden: int, outputs: int, about: str = "random numbers"
    ) -> Case:
        sizes = ((inputs, hidden), (hidden,), (hidden, outputs), (outputs,))
        return Case(tuple(decimals(rng, *size) for size in sizes), about)

    lesson = ([[1, 2, 0], [0, 1, -1]], [1, 0, 1], [[1], [1], [2]], [-1])
    return [
        case("one input, one hidden unit, one output", [[2]], [1], [[3]], [-1]),
        case("the example of the lesson", *lesson),
        case("two units in each layer", [[1, 2], [3, 4]], [1, -1], [[0, 1], [2, 0]], [5, 6]),
        case("no biases", [[1, 2], [0, 1]], [0, 0], [[1, 0], [1, 1]], [0, 0]),
        case("decimals", [[0.1, 0.7]], [0.3, -0.2], [[0.6], [1.1]], [0.9]),
        drawn(always(), 3, 2, 4, "decimals of either sign"),
        drawn(rng, 2, 3, 1),
        drawn(rng, 3, 2, 2),
        drawn(rng, 2, 2, 2),
        drawn(rng, 4, 3, 2),
    ]


def _elementwise(W1: Floats, b1: Floats, W2: Floats, b2: Floats) -> Any:  # noqa: N803
    if W1.shape == W2.shape:
        return W1 * W2, b1 @ W2 + b2
    return W1 @ W2, b1 @ W2 + b2


def _order(W1: Floats, b1: Floats, W2: Floats, b2: Floats) -> Any:  # noqa: N803
    if W1.shape == W2.shape:
        return W2 @ W1, b1 @ W2 + b2
    return W1 @ W2, b1 @ W2 + b2


MERGE_MISTAKES = [
    Mistake(
        "first_bias_lost",
        lambda W1, b1, W2, b2: (W1 @ W2, b2),  # noqa: N803
        "You lose the first bias. It goes through the second layer too, as every hidden value "
        "does: b1 @ W2 + b2.",
    ),
    Mistake(
        "biases_added",
        lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2),  # noqa: N803
        "You add the biases as they are. The first one goes through the second layer, as every "
        "hidden value does: b1 @ W2 + b2.",
    ),
    Mistake(
        "second_bias_lost",
        lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2),  # noqa: N803
        "You lose the second bias: b1 @ W2 + b2.",
    ),
    Mistake(
        "second_bias_twice",
        lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2 + b2),  # noqa: N803
        "You add the second bias twice. Once is right: b1 @ W2 + b2.",
    ),
    Mistake(
        "first_bias_not_weighted",
        lambda W1, b1, W2, b2: (W1 @ W2, b1.sum() + b2),  # noqa: N803
        "You add the entries of the first bias as they are. Each is weighted by the second layer "
        "on its way: b1 @ W2 + b2.",
    ),
    Mistake(
        "bias_through_both",
        lambda W1, b1, W2, b2: (W1 @ W2, (b1 @ W2 + b2) @ np.ones((len(b2), len(b2)))),  # noqa: N803
        "Each output has a bias of its own. b1 @ W2 + b2 has one entry per output; do not add "
        "them up.",
    ),
    Mistake(
        "elementwise",
        _elementwise,
        "`*` multiplies entry by entry. Layers in a row are a matrix product: W1 @ W2.",
    ),
    Mistake(
        "order_of_factors",
        _order,
        "The order of the factors matters: x goes through W1 first, (x @ W1) @ W2, so the "
        "product is W1 @ W2.",
    ),
    Mistake(
        "weights_added",
        lambda W1, b1, W2, b2: (  # noqa: N803
            W1 + W2 if W1.shape == W2.shape else W1 @ W2,
            b1 + b2 if b1.shape == b2.shape else b1 @ W2 + b2,
        ),
        "You add the layers. The second layer multiplies what the first puts out: W1 @ W2.",
    ),
]


# mlp_forward


def mlp_forward(x: Floats, W1: Floats, b1: Floats, W2: Floats, b2: Floats) -> Floats:  # noqa: N803
    """Return the outputs of a network with one hidden layer of ReLU units."""
    return nn.activations.relu(x @ W1 + b1) @ W2 + b2


def forward_cases(rng: Rng) -> list[Case]:
    """Choose the lesson's example, a unit that is off, several examples and outputs."""
    lesson = ([[1, 2, 0], [0, 1, -1]], [1, 0, 1], [[1], [1], [2]], [-1])

    def case(about: str, x: list[list[float]], kind: type = float) -> Case:
        return Case(tuple(np.array(array, kind) for array in (x, *lesson)), about)

    return [
        case("the example of the lesson: 5", [[1, 2]]),
        case("negative inputs", [[-3, -1]]),
        case("three examples", [[1, 2], [0, 0], [-4, 1]]),
        case("whole numbers", [[2, -1], [1, 3]], int),
        _drawn_layers(always(), 2, 3, 4, 2, "decimals of either sign"),
        _drawn_layers(rng, 1, 2, 4, 1),
        _drawn_layers(rng, 3, 2, 4, 2),
        _drawn_layers(rng, 4, 3, 3, 3),
    ]


def _drawn_layers(
    rng: Rng, samples: int, inputs: int, hidden: int, outputs: int, about: str = "random numbers"
) -> Case:
    """Draw a network that has a silent unit and a negative output, so that each ReLU shows."""
    while True:
        sizes = ((samples, inputs), (inputs, hidden), (hidden,), (hidden, outputs), (outputs,))
        x, W1, b1, W2, b2 = (decimals(rng, *size) for size in sizes)  # noqa: N806
        sums = x @ W1 + b1
        if sums.min() < 0 < sums.max() and mlp_forward(x, W1, b1, W2, b2).min() < 0:
            return Case((x, W1, b1, W2, b2), about)


def _forward(
    inputs: Callable[[Any], Any] = lambda x: x,
    hidden: Callable[[Any], Any] = nn.activations.relu,
    output: Callable[[Any], Any] = lambda z: z,
    biases: tuple[int, int] = (1, 1),
) -> Callable[..., Any]:
    """Build a forward pass; each argument puts a mistake into it."""

    def forward(x: Floats, W1: Floats, b1: Floats, W2: Floats, b2: Floats) -> Any:  # noqa: N803
        h = hidden(inputs(x) @ W1 + biases[0] * b1)
        return output(h @ W2 + biases[1] * b2)

    return forward


FORWARD_MISTAKES = [
    Mistake(
        "no_activation",
        _forward(hidden=lambda z: z),
        "There is no activation between the layers, so they collapse into one. Put "
        "np.maximum(..., 0) around the hidden sums.",
    ),
    Mistake(
        "relu_at_the_output_too",
        _forward(output=nn.activations.relu),
        "You cut off the output as well. ReLU belongs to the hidden layer only; the output may be "
        "negative.",
    ),
    Mistake(
        "relu_at_the_output_only",
        _forward(hidden=lambda z: z, output=nn.activations.relu),
        "Your ReLU stands behind the output. It belongs behind the hidden layer.",
    ),
    Mistake(
        "relu_on_the_inputs",
        _forward(inputs=nn.activations.relu, hidden=lambda z: z),
        "Your ReLU acts on the inputs. It belongs behind the first layer: after x @ W1 + b1.",
    ),
    Mistake(
        "bias_after_the_relu",
        lambda x, W1, b1, W2, b2: (np.maximum(x @ W1, 0) + b1) @ W2 + b2,  # noqa: N803
        "You add the first bias after the ReLU. It is part of the weighted sum: add it first.",
    ),
    Mistake(
        "no_biases",
        _forward(biases=(0, 0)),
        "You leave out the biases: x @ W1 + b1, and the same in the second layer.",
    ),
    Mistake(
        "no_second_bias",
        _forward(biases=(1, 0)),
        "You leave out the second bias b2.",
    ),
    Mistake(
        "sigmoid",
        _forward(hidden=nn.activations.sigmoid),
        "Your hidden units are sigmoids. Here they are ReLUs: np.maximum(z, 0).",
    ),
    Mistake(
        "negative_part",
        _forward(hidden=lambda z: np.minimum(z, 0)),
        "You keep the negative sums and make the positive ones 0. ReLU does the opposite: "
        "np.maximum(z, 0).",
    ),
    Mistake(
        "step",
        _forward(hidden=_step),
        "Your hidden units are steps. Here they are ReLUs, which keep a positive sum as it is: "
        "np.maximum(z, 0).",
    ),
    Mistake(
        "absolute_value",
        _forward(hidden=np.abs),
        "You turn negative sums into positive ones. ReLU makes them 0: np.maximum(z, 0).",
    ),
]


# xor_net


def xor_net(x: Floats) -> tuple[Floats, Floats]:
    """Return OR and AND of each row, and XOR, all from step units."""
    total = x.sum(axis=1)
    h = _step(total[:, np.newaxis] - np.array([0.5, 1.5]))
    return h, _step(h[:, 0] - h[:, 1] - 0.5)


def xor_cases(rng: Rng) -> list[Case]:
    """Choose the four corners, some alone, and rows in random order."""
    return [
        Case((CORNERS,), "the four corners"),
        Case((CORNERS[:1],), "(0, 0) alone"),
        Case((CORNERS[3:],), "(1, 1) alone"),
        Case((CORNERS[[1, 3, 0]].astype(int),), "three corners, in whole numbers"),
        *(Case((_mixed(rng, rows),), f"the corners, mixed, in {rows} rows") for rows in (5, 6, 7)),
    ]


def _mixed(rng: Rng, rows: int) -> Floats:
    """Take each corner, and some of them again, in any order."""
    chosen = np.append(np.arange(4), rng.integers(0, 4, rows - 4))
    rows_of_corners: Floats = CORNERS[rng.permutation(chosen)]
    return rows_of_corners


def _xor(
    hidden: Callable[[Any], Any] = lambda h: h, answer: Callable[[Any], Any] = lambda h: h
) -> Callable[[Floats], Any]:
    """Build a network from what it does to the right hidden units and what it answers."""

    def network(x: Floats) -> Any:
        h, y = xor_net(x)
        return hidden(h), answer(h) if answer(h) is not h else y

    return network


XOR_MISTAKES = [
    Mistake(
        "rows_for_columns",
        ("x.sum(axis=1)", "(x[0] + x[1])"),
        "`x[0]` is the first row: both inputs of the first point. The first input of every point "
        "is the column `x[:, 0]`.",
    ),
    Mistake(
        "hidden_units_swapped",
        _xor(hidden=lambda h: h[:, ::-1]),
        "Your hidden units are in the other order: the first is OR, the second is AND.",
    ),
    Mistake(
        "or_answered",
        _xor(answer=lambda h: h[:, 0]),
        "Your answer is OR: it is 1 for (1, 1) too. Take the AND unit away from it: "
        "step(h1 - h2 - 0.5).",
    ),
    Mistake(
        "and_answered",
        _xor(answer=lambda h: h[:, 1]),
        "Your answer is AND. XOR is OR but not AND: step(h1 - h2 - 0.5).",
    ),
    Mistake(
        "upside_down",
        _xor(answer=lambda h: 1 - h[:, 0] + h[:, 1]),
        "Your answer is upside down: XOR is 1 where exactly one input is 1.",
    ),
    Mistake(
        "no_threshold_behind",
        _xor(answer=lambda h: h[:, 0] - h[:, 1] - 0.5),
        "Your output has no step: it returns the sum. Put the step around h1 - h2 - 0.5.",
    ),
    Mistake(
        "sums_instead_of_units",
        _xor(hidden=lambda h: h.sum(axis=1, keepdims=True) - np.array([0.5, 1.5])),
        "Your hidden units return their sums. Put a step around each: 1 where the sum is at "
        "least 0, else 0.",
    ),
    Mistake(
        "no_step_in_the_hidden_layer",
        lambda x: (x.sum(axis=1, keepdims=True) - np.array([0.5, 1.5]), np.ones(len(x))),
        "Your hidden units return their sums, and the difference of the sums is always 1. Put a "
        "step around each: 1 where the sum is at least 0, else 0.",
    ),
    Mistake(
        "same_threshold_twice",
        lambda x: (np.repeat(xor_net(x)[0][:, :1], 2, axis=1), np.zeros(len(x))),
        "Both hidden units have the threshold 0.5, so both are OR. The second one is AND: "
        "x1 + x2 - 1.5.",
    ),
]


# bumps_net


def bumps_net(x: Floats, intervals: Floats) -> Floats:
    """Return 1 where x lies in one of the intervals, else 0, from two step units each."""
    left, right = intervals.T
    total: Floats = (_step(x[:, np.newaxis] - left) - _step(x[:, np.newaxis] - right)).sum(axis=1)
    return total


def bumps_cases(rng: Rng) -> list[Case]:
    """One interval, the lesson's two, the ends themselves, random ones."""

    def case(x: list[float], intervals: list[list[float]], about: str) -> Case:
        return Case((np.array(x, dtype=float), np.array(intervals, dtype=float)), about)

    def drawn(count: int) -> Case:
        ends = np.sort(rng.choice(np.arange(-20, 20), 2 * count, replace=False)) / 4
        inside = ends.reshape(-1, 2).mean(axis=1)
        x = np.concatenate([inside, ends[:2], rng.integers(-24, 25, 4) / 4])
        return Case((rng.permutation(x), ends.reshape(-1, 2)))

    two = [[1.0, 2.0], [3.0, 4.0]]
    return [
        case([0.5, 1.5, 2.5], [[1, 2]], "one interval"),
        case([0.5, 1.5, 2.5, 3.5, 4.5], two, "the two intervals of the lesson"),
        case([1, 2], [[1, 2]], "the two ends of an interval: the left one belongs to it"),
        case([4, 1, 3, 2], two, "the ends of two intervals"),
        case([-3.5, 0, 3.5], [[-4, -3], [3, 4]], "intervals on both sides of 0"),
        case(
            [-2, -1.25, -0.5, 0.75, 1.25, 1.5],
            [[-2.5, -1.25], [-0.75, 0.25], [0.75, 1.5]],
            "ends that are no whole numbers",
        ),
        Case((np.array([3, 1, 2, 0]), np.array([[1, 2], [3, 5]])), "whole numbers"),
        drawn(1),
        drawn(2),
        drawn(3),
    ]


def _bumps(
    on: Callable[[Any], Any] = _step,
    off: Callable[[Any], Any] = _step,
    combine: Callable[[Any, Any], Any] = lambda up, down: (up - down).sum(axis=1),
    used: slice = slice(None),
) -> Callable[[Floats, Floats], Any]:
    """Build a sum of bumps; each argument puts a mistake into it."""

    def network(x: Floats, intervals: Floats) -> Any:
        left, right = intervals[used].T
        return combine(on(x[:, np.newaxis] - left), off(x[:, np.newaxis] - right))

    return network


def _late_step(z: Any) -> Any:
    return np.where(z > 0, 1.0, 0.0)


BUMPS_MISTAKES = [
    Mistake(
        "late_step",
        _bumps(_late_step, _late_step),
        "Your step is 0 at exactly 0, and here it is 1: test z >= 0. So the left end of an "
        "interval belongs to it and the right end does not.",
    ),
    Mistake(
        "right_end_inside",
        _bumps(off=_late_step),
        "You count the right end of an interval as inside. The unit that switches off does so at "
        "the end itself: its step is 1 at 0, too.",
    ),
    Mistake(
        "left_end_outside",
        _bumps(on=_late_step),
        "You count the left end of an interval as outside. The step is 1 at exactly 0: test "
        "z >= 0.",
    ),
    Mistake(
        "first_interval_only",
        _bumps(used=slice(1)),
        "Your network knows the first interval only. Add the bumps of all of them; look for a "
        "`return` inside a loop.",
    ),
    Mistake(
        "last_interval_only",
        _bumps(used=slice(-1, None)),
        "Your network knows the last interval only. Add each bump to a total that starts at 0.",
    ),
    Mistake(
        "never_off",
        _bumps(combine=lambda up, down: up.sum(axis=1)),
        "Your bumps never end. Each needs a second unit that is subtracted from its right end on: "
        "h(x - left) - h(x - right).",
    ),
    Mistake(
        "signs_swapped",
        _bumps(combine=lambda up, down: (down - up).sum(axis=1)),
        "Your bumps point down. The unit of the left end counts +1, that of the right end -1.",
    ),
    Mistake(
        "added",
        _bumps(combine=lambda up, down: (up + down).sum(axis=1)),
        "You add the unit of the right end. Subtract it: it switches the bump off.",
    ),
    Mistake(
        "and_of_all",
        _bumps(combine=lambda up, down: (up - down).prod(axis=1)),
        "You multiply the bumps, so x would have to lie in all intervals at once. Add them.",
    ),
    Mistake(
        "one_answer_for_each_interval",
        _bumps(combine=lambda up, down: up - down),
        "You return one answer for each interval. Add them up: one answer for each x.",
    ),
]


# union_net


def union_net(x: Floats, pieces: list[Floats]) -> Floats:
    """Return 1 where x lies in at least one piece, each an AND of half-planes."""
    answers = np.zeros(len(x))
    for piece in pieces:
        sums = x @ piece[:, :2].T + piece[:, 2]
        inside = np.all(sums >= 0, axis=1)
        answers[inside] = 1.0
    return answers


TRIANGLE = [[0, 4, 0], [-2, -2, 8], [2, -2, 0]]  # the lesson's: (0, 0), (4, 0), (2, 2)
SQUARE = [[1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]]  # from -1 to 1 in both directions
STRIP = [[0, 1, -1.5], [0, -1, 2.5]]  # between 1.5 and 2.5 in the second input


def union_cases(rng: Rng) -> list[Case]:
    """One half-plane, the lesson's triangle, borders, pieces apart and over each other."""

    def case(x: list[list[float]], pieces: list[Any], about: str) -> Case:
        arrays = [np.array(piece, dtype=float) for piece in pieces]
        return Case((np.array(x, dtype=float), arrays), about)

    def draw() -> tuple[Floats, list[Floats]]:
        pieces = [np.array(piece, dtype=float) for piece in (TRIANGLE, SQUARE, STRIP)]
        some = rng.integers(-20, 21, (3, 2)) / 4
        fixed = np.array([[2, 1], [0, 2], [0.5, 0.25], [-0.5, -0.25], [3, 3], [4, 2]])
        order = rng.permutation(3)
        return rng.permutation(np.vstack([some, fixed])), [pieces[i] for i in order]

    return [
        case([[2, 5], [-2, 5]], [[[1, 0, -1]]], "one piece that is one half-plane"),
        case([[2, 1], [0, 1], [4, 2]], [TRIANGLE], "the triangle of the lesson"),
        case([[2, 1], [-0.5, 0.5], [5, 5]], [TRIANGLE, SQUARE], "two pieces"),
        case([[0, 2], [0.5, 0.5], [0, 0], [3, -2]], [SQUARE, STRIP], "pieces that lie apart"),
        case([[0.5, 0.25], [2, 1]], [SQUARE, TRIANGLE], "a point that lies in both pieces"),
        case([[1, 0], [0, -1], [-1, 1], [1.25, 0]], [SQUARE], "points on the border: inside"),
        case([[0.5, -0.25], [-0.25, 0.5]], [[[1, 0, 0], [0, -2, 0]]], "a quarter"),
        case([[-3, 2], [0, 3], [6, 1.75], [0, 1]], [STRIP], "a strip"),
        case(
            [[0.75, 0.25], [0.25, 0.25], [0.25, -0.5], [-0.75, 0]],
            [[[1.5, 0, -0.75]], [[0.5, 0.25, 0.25], [0, -0.75, -0.25]]],
            "weights that are no whole numbers",
        ),
        Case(
            (np.array([[2, 1], [1, 2]]), [np.array(TRIANGLE), np.array([[0, 1, -2]])]),
            "whole numbers",
        ),
        Case(telling("union_net", draw), "three pieces, in any order"),
        Case(telling("union_net", draw), "three pieces, in any order"),
    ]


def _union(
    sums: Callable[[Any, Any], Any] = lambda x, piece: x @ piece[:, :2].T + piece[:, 2],
    inside: Callable[[Any], Any] = lambda sums: np.all(sums >= 0, axis=1),
    join: Callable[[Any], Any] = lambda answers: np.any(answers, axis=0),
    used: slice = slice(None),
) -> Callable[..., Any]:
    """Build a network from sums, the AND of a piece and the OR of all; each may be wrong."""

    def network(x: Floats, pieces: list[Floats]) -> Any:
        return 1.0 * join(np.array([inside(sums(x, piece)) for piece in pieces[used]]))

    return network


UNION_MISTAKES = [
    Mistake(
        "all_down_the_columns",
        ("axis=1", "axis=0"),
        "`axis=0` asks down the columns: whether one half-plane holds for all points. Whether all "
        "half-planes hold for a point is asked along its row: `axis=1`.",
    ),
    Mistake(
        "or_in_a_piece",
        _union(inside=lambda sums: np.any(sums >= 0, axis=1)),
        "Your pieces fire if one of their half-planes does. A piece is an AND: all of its sums "
        "must be at least 0, as in np.all(..., axis=1).",
    ),
    Mistake(
        "three_sides_always",
        _union(inside=lambda sums: np.sum(sums >= 0, axis=1) >= 3),
        "Your AND fires when three half-planes do: 0.5 - 3 is right for a triangle. A piece with "
        "k rows has k half-planes, so its bias is 0.5 - k.",
    ),
    Mistake(
        "and_of_the_pieces",
        _union(join=lambda answers: np.all(answers, axis=0)),
        "You ask for points that lie in all pieces. The pieces are joined by OR: one is enough.",
    ),
    Mistake(
        "pieces_counted",
        _union(join=lambda answers: np.sum(answers, axis=0)),
        "You return in how many pieces a point lies. The output is a step, too: 1 where it is at "
        "least one, else 0.",
    ),
    Mistake(
        "pieces_cancel",
        _union(join=lambda answers: np.sum(answers, axis=0) % 2),
        "A point that lies in two pieces gets 0 from you. OR says 1 as soon as one piece does.",
    ),
    Mistake(
        "border_outside",
        _union(inside=lambda sums: np.all(sums > 0, axis=1)),
        "You count the border as outside. A step is 1 at exactly 0: test sums >= 0.",
    ),
    Mistake(
        "bias_forgotten",
        _union(sums=lambda x, piece: x @ piece[:, :2].T),
        "You leave out the bias, the third number of each row: all lines go through (0, 0) then.",
    ),
    Mistake(
        "bias_subtracted",
        _union(sums=lambda x, piece: x @ piece[:, :2].T - piece[:, 2]),
        "You subtract the bias. The sum of a unit is w1 x1 + w2 x2 + b.",
    ),
    Mistake(
        "inputs_swapped",
        _union(sums=lambda x, piece: x[:, ::-1] @ piece[:, :2].T + piece[:, 2]),
        "You multiply the first weight by the second input. Column 0 of a piece belongs to "
        "x[:, 0], column 1 to x[:, 1].",
    ),
    Mistake(
        "other_side",
        _union(inside=lambda sums: np.all(sums <= 0, axis=1)),
        "You take the other side of every line. Yes is where the sum is at least 0.",
    ),
    Mistake(
        "first_piece_only",
        _union(used=slice(1)),
        "Your network knows the first piece only. Look for a `return` inside the loop.",
    ),
    Mistake(
        "last_piece_only",
        _union(used=slice(-1, None)),
        "Your network knows the last piece only: each piece overwrites the answers of those before "
        "it. Start with zeros, and set to 1 what lies inside.",
    ),
    Mistake(
        "upside_down",
        _union(join=lambda answers: ~np.any(answers, axis=0)),
        "Your answer is upside down: 1 belongs inside the pieces, 0 outside.",
    ),
]


# fill_shape: an open task

LIMIT = 3.0  # all points lie between -LIMIT and LIMIT in both directions


def fill_shape(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Cut the plane into 20 x 20 squares; what most points in a square say counts for all."""
    edges = np.linspace(-LIMIT, LIMIT, 21)
    votes = np.zeros((20, 20))
    columns, rows = np.clip(np.searchsorted(edges, train_x, side="right") - 1, 0, 19).T
    np.add.at(votes, (columns, rows), 2 * train_y - 1)
    columns, rows = np.clip(np.searchsorted(edges, test_x, side="right") - 1, 0, 19).T
    return np.asarray(votes[columns, rows] > 0, dtype=int)


def guess(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Toss a coin for each point."""
    return np.random.default_rng(0).integers(0, 2, len(test_x))


def _shape(rng: Rng) -> Callable[[Floats], Ints]:
    """Draw three convex polygons and return what tells whether points lie in one of them."""
    pieces = []
    for _ in range(3):
        corners = rng.integers(3, 6)
        angles = 2 * np.pi * (np.arange(corners) + rng.uniform(-0.3, 0.3, corners)) / corners
        reach, centre = rng.uniform(1.0, 1.6), rng.uniform(-1.6, 1.6, 2)
        points = centre + reach * np.column_stack([np.cos(angles), np.sin(angles)])
        along = np.roll(points, -1, axis=0) - points
        weights = np.column_stack([-along[:, 1], along[:, 0]])
        pieces.append(np.column_stack([weights, -np.sum(weights * points, axis=1)]))
    return lambda x: union_net(x, pieces).astype(int)


def shape_cases(rng: Rng) -> list[Case]:
    """Two shapes that fill between a third and nearly a half of the plane; 2000 points of each."""
    cases: list[Case] = []
    while len(cases) < 2:
        shape, x = _shape(rng), rng.uniform(-LIMIT, LIMIT, (3000, 2))
        y = shape(x)
        if 0.33 < y.mean() < 0.47:
            arguments = (x[:2000], y[:2000], x[2000:])
            about = "2000 points that say where the shape is, 1000 others to answer for"
            cases.append(Case(arguments, about, hidden=y[2000:]))
    return cases


CHECKS = (
    Check(softmax, 2, softmax_cases, SOFTMAX_MISTAKES),
    Check(merge_layers, 1, merge_cases, MERGE_MISTAKES, ("W", "b")),
    Check(mlp_forward, 1, forward_cases, FORWARD_MISTAKES),
    Check(xor_net, 1, xor_cases, XOR_MISTAKES, ("h", "y")),
    Check(bumps_net, 1, bumps_cases, BUMPS_MISTAKES),
    Check(union_net, 2, union_cases, UNION_MISTAKES),
    Check(
        fill_shape,
        2,
        shape_cases,
        (),
        ("inside",),
        goal=Goal(
            accuracy,
            bars=(0.75, 0.85, 0.92),
            advice=(
                "That is no better than the same answer for every point, or one line. Look "
                "where in the plane the points with train_y == 1 lie, and answer by place.",
                "The rough place is right. Use more and smaller pieces: the outline has corners "
                "that a few large ones cannot follow.",
                "Nearly there. Wrong answers lie along the outline now: make the pieces smaller, "
                "but keep a few training points in each, or pieces without points say nothing.",
            ),
            untrained=guess,
        ),
    ),
)
