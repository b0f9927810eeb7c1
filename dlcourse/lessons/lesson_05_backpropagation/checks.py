"""Lesson 05, backpropagation by hand: both passes of a 2-2-2 network, nudging, training.

The network is Mazur's, and so is the numbering: unit h1 reads w[0] and w[1], h2 reads w[2]
and w[3], o1 reads w[4] and w[5], o2 reads w[6] and w[7]. Each layer has one bias, b[0] and
b[1], which its two units share. All units are sigmoid; the error is half the squared distance.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy, two_answers
from dlcourse.nn.contract import Array as Floats

Rng = np.random.Generator
Ints = NDArray[np.integer[Any]]
Pair = tuple[Floats, Floats]
Wrong = Callable[..., Any]

MAZUR_X, MAZUR_T = np.array([0.05, 0.10]), np.array([0.01, 0.99])
MAZUR_W = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55])
MAZUR_B = np.array([0.35, 0.60])


def network(w: Floats, b: Floats) -> nn.Sequential:
    """Return the network with these weights, each shared bias given to both its units.

    It is always the same one, with other weights: a numerical slope asks for it very often.
    """
    model = _built()
    first, second = w.reshape(2, 2, 2)
    model.set_weights([first.T, [b[0], b[0]], second.T, [b[1], b[1]]])
    return model


@cache
def _built() -> nn.Sequential:
    layers = [nn.Dense(2), nn.Activation("sigmoid"), nn.Dense(2), nn.Activation("sigmoid")]
    return nn.Sequential(layers, input_shape=(2,), dtype=np.float64)


def examples(rng: Rng) -> list[tuple[tuple[Floats, Floats, Floats, Floats], str]]:
    """Return inputs, targets, weights and biases: Mazur's, easy ones, random ones."""

    def example(x: list[float], t: list[float], w: list[float], b: list[float]) -> Any:
        return np.array(x), np.array(t), np.array(w), np.array(b)

    cases = [
        ((MAZUR_X, MAZUR_T, MAZUR_W, MAZUR_B), "Mazur's network"),
        (
            example([1.0, 2.0], [0.0, 1.0], [1.0, 0, 0, 0, 0, 0, 0, 1.0], [0.0, 0.0]),
            "only w[0] and w[7] are not zero",
        ),
        (
            example(
                [1.0, -1.0], [1.0, 0.0], [1.0, 2.0, 3.0, 4.0, 1.0, -1.0, 2.0, 0.5], [1.0, -1.0]
            ),
            "weights with few digits",
        ),
    ]
    one = _drawn(always())
    cases += [
        (one, "decimals of either sign"),
        ((one[0], one[1], -one[2], -one[3]), "weights and biases of the other sign"),
        ((-one[0], one[1], one[2], one[3]), "inputs of the other sign"),
        *((_drawn(rng), "random numbers") for _ in range(4)),
    ]
    return cases


def _drawn(rng: Rng) -> tuple[Floats, Floats, Floats, Floats]:
    """Draw a network whose outputs miss their targets, so that every gradient counts."""
    while True:
        x, w, b = decimals(rng, 2) / 2, decimals(rng, 8), decimals(rng, 2) / 2
        t = rng.uniform(0.05, 0.95, 2).round(2)
        _, outputs = forward_2_2_2(x, w, b)
        if (np.abs(outputs - t) > 0.1).all():
            return x, t, w, b


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _rows(w: Floats) -> Pair:
    """Return the weights of both layers, one row per unit."""
    return w[:4].reshape(2, 2), w[4:].reshape(2, 2)


# forward_2_2_2


def forward_2_2_2(x: Floats, w: Floats, b: Floats) -> Pair:
    """Return what the hidden units and the outputs put out."""
    model = network(w, b)
    hidden = x[np.newaxis]
    for layer in model.layers[:2]:
        hidden, _ = layer.forward(hidden)
    return hidden[0], model.forward(x[np.newaxis])[0][0]


def forward_cases(rng: Rng) -> list[Case]:
    """Leave the targets out."""
    whole = (np.array([1, -2]), np.array([1, 2, -1, 1, 2, -1, 0, 1]), np.array([1, -1]))
    return [
        Case(whole, "whole numbers"),
        *(Case((x, w, b), about) for (x, _, w, b), about in examples(rng)),
    ]


def _forward(
    *,
    rows: Callable[[Floats], Pair] = _rows,
    biases: Callable[[Floats], Any] = lambda b: b,
    hidden: Callable[[Any], Any] = _sigmoid,
    output: Callable[[Any], Any] = _sigmoid,
    read: Callable[[Floats, Floats], Floats] = lambda x, h: h,
    report: Callable[[Floats, Floats], Any] = lambda h, o: (h, o),
) -> Wrong:
    """Build a forward pass; each argument puts another mistake into it."""

    def forward(x: Floats, w: Floats, b: Floats) -> Any:
        first, second = rows(w)
        low, high = biases(b)
        h = hidden(first @ x + low)
        return report(h, output(second @ read(x, h) + high))

    return forward


def _biases_outside(x: Floats, w: Floats, b: Floats) -> Any:
    first, second = _rows(w)
    h = _sigmoid(first @ x) + b[0]
    return h, _sigmoid(second @ h) + b[1]


FORWARD_MISTAKES = [
    Mistake(
        "biases_outside",
        _biases_outside,
        "You add the bias to the output of the sigmoid. It belongs to the sum, inside: "
        "sigmoid(sum + bias).",
    ),
    Mistake(
        "numbered_as_in_the_lesson",
        _forward(rows=lambda w: (w[:4].reshape(2, 2).T, w[4:].reshape(2, 2))),
        "You number the hidden weights as the lesson's network does. Here the weights of one unit "
        "are neighbours: h1 reads w[0] and w[1], h2 reads w[2] and w[3]. Look at the table.",
    ),
    Mistake(
        "all_weights_transposed",
        _forward(rows=lambda w: (w[:4].reshape(2, 2).T, w[4:].reshape(2, 2).T)),
        "The weights are assigned to the wrong lines, in both layers. The weights of one unit are "
        "neighbours: h1 reads w[0] and w[1], o1 reads w[4] and w[5].",
    ),
    Mistake(
        "output_weights_transposed",
        _forward(rows=lambda w: (w[:4].reshape(2, 2), w[4:].reshape(2, 2).T)),
        "The hidden layer is right. The output weights are on the wrong lines: o1 reads w[4] and "
        "w[5], o2 reads w[6] and w[7].",
    ),
    Mistake(
        "no_biases",
        _forward(biases=lambda b: (0.0, 0.0)),
        "The biases are missing. Add b[0] to both hidden sums and b[1] to both output sums.",
    ),
    Mistake(
        "no_output_bias",
        _forward(biases=lambda b: (b[0], 0.0)),
        "The hidden layer is right. The outputs have a bias, too: add b[1] to their sums.",
    ),
    Mistake(
        "no_hidden_bias",
        _forward(biases=lambda b: (0.0, b[1])),
        "The bias of the hidden units is missing: add b[0] to their sums.",
    ),
    Mistake(
        "one_bias_for_all",
        _forward(biases=lambda b: (b[0], b[0])),
        "You add b[0] in both layers. The output units have the bias b[1].",
    ),
    Mistake(
        "a_bias_for_each_unit",
        _forward(biases=lambda b: (b, b)),
        "You give b[0] to the first unit of each layer and b[1] to the second. Here b[0] belongs "
        "to both hidden units, and b[1] to both outputs.",
    ),
    Mistake(
        "biases_swapped",
        _forward(biases=lambda b: (b[1], b[0])),
        "The biases are swapped: b[0] belongs to the hidden layer, b[1] to the outputs.",
    ),
    Mistake(
        "no_activation_at_all",
        _forward(hidden=lambda z: z, output=lambda z: z),
        "You return weighted sums. Each unit puts its sum through the sigmoid.",
    ),
    Mistake(
        "outputs_not_squashed",
        _forward(output=lambda z: z),
        "The outputs are still sums. Put them through the sigmoid, too.",
    ),
    Mistake(
        "hidden_not_squashed",
        _forward(hidden=lambda z: z),
        "The outputs must read what the hidden units put out, not their sums: take the sigmoid of "
        "the hidden sums first.",
    ),
    Mistake(
        "sigmoid_upside_down",
        _forward(
            hidden=lambda z: 1 / (1 + np.exp(z)),
            output=lambda z: 1 / (1 + np.exp(z)),
        ),
        "Your sigmoid falls where it should rise: the minus is missing in exp(-z).",
    ),
    Mistake(
        "tanh",
        _forward(hidden=np.tanh, output=np.tanh),
        "You use tanh. The units here are sigmoid: 1 / (1 + exp(-z)).",
    ),
    Mistake(
        "outputs_read_the_inputs",
        _forward(read=lambda x, h: x),
        "Your outputs read the inputs x. They must read the hidden units h.",
    ),
    Mistake(
        "hidden_sums",
        lambda x, w, b: (w[:4].reshape(2, 2) @ x + b[0], forward_2_2_2(x, w, b)[1]),
        "For the hidden units you return the sums before the sigmoid. Return what the units put "
        "out, after it.",
    ),
    Mistake(
        "outputs_alone",
        _forward(report=lambda h, o: o),
        "You return the outputs only. The backward pass will need the hidden values, too: "
        "`return h, o`.",
    ),
]


# half_squared_error


def half_squared_error(t: Floats, o: Floats) -> float:
    """Return half the sum of the squared differences."""
    return nn.HalfSquaredError()(t[np.newaxis], o[np.newaxis])


def error_cases(rng: Rng) -> list[Case]:
    """One output off, all right, both off in opposite ways, random ones."""
    return [
        Case((np.array([0.0, 1.0]), np.array([0.5, 1.0])), "only the first output is off"),
        Case((np.array([0.0, 1.0]), np.array([0.0, -1.0])), "only the second output is off, by 2"),
        Case((np.array([0.5, 0.5]), np.array([0.5, 0.5])), "both outputs are right"),
        Case((np.array([0.0, 0.0]), np.array([1.0, -1.0])), "one too high, one too low"),
        Case((np.array([1, 0]), np.array([3, -1])), "whole numbers"),
        Case((np.array([0.123, -0.456]), np.array([0.789, 0.321])), "decimals"),
        *(Case(tuple(decimals(rng, 2, 2))) for _ in range(4)),
    ]


ERROR_MISTAKES = [
    Mistake(
        "half_forgotten",
        lambda t, o: float(np.sum((t - o) ** 2)),
        "The half is missing: E is half the sum of the squares.",
    ),
    Mistake(
        "half_of_the_mean",
        lambda t, o: float(0.5 * np.mean((t - o) ** 2)),
        "You get half of what is right. Either you take the mean, where E is half of the sum, or "
        "you square the half too: first the squares, then their sum, then half of it.",
    ),
    Mistake(
        "one_error_an_output",
        lambda t, o: 0.5 * (t - o) ** 2,
        "You return one error for each output. Add them up: one number is wanted.",
    ),
    Mistake(
        "sum_before_the_square",
        lambda t, o: float(0.5 * np.sum(t - o) ** 2),
        "You square the sum of the differences. A difference above and one below would cancel: "
        "square each, then add.",
    ),
    Mistake(
        "not_squared",
        lambda t, o: float(0.5 * np.sum(t - o)),
        "The square is missing: without it, errors in opposite directions cancel.",
    ),
    Mistake(
        "absolute",
        lambda t, o: float(0.5 * np.sum(np.abs(t - o))),
        "You take absolute values. E uses squares: their slope is the difference itself.",
    ),
    Mistake(
        "root",
        lambda t, o: float(np.sqrt(np.sum((t - o) ** 2))),
        "You return the distance. E is half of its square: no root.",
    ),
    Mistake(
        "first_output_alone",
        lambda t, o: float(0.5 * (t[0] - o[0]) ** 2),
        "You count the first output only. Add the error of the second one.",
    ),
]


# backward_2_2_2


def backward_2_2_2(x: Floats, t: Floats, w: Floats, b: Floats) -> Pair:
    """Return the derivatives of E for the eight weights and the two shared biases."""
    model = network(w, b)
    outputs, cache = model.forward(x[np.newaxis])
    _, grad = nn.HalfSquaredError().value_and_grad(t[np.newaxis], outputs)
    _, grads = model.backward(grad, cache)
    grad_w = np.concatenate([grads["0.kernel"].T.ravel(), grads["2.kernel"].T.ravel()])
    return grad_w, np.array([grads["0.bias"].sum(), grads["2.bias"].sum()])


def backward_cases(rng: Rng) -> list[Case]:
    """Return the examples as they are."""
    return [Case(arguments, about) for arguments, about in examples(rng)]


def _slope(out: Any) -> Any:
    return out * (1 - out)


def _backward(
    *,
    distance: Callable[[Floats, Floats], Floats] = lambda o, t: o - t,
    slope_o: Callable[[Floats, Floats], Any] = lambda o, z: _slope(o),
    slope_h: Callable[[Floats, Floats], Any] = lambda h, z: _slope(h),
    paths: Callable[[Floats, Floats], Floats] = lambda second, delta_o: second.T @ delta_o,
    to_hidden: Callable[[Floats, Floats], Floats] = np.outer,
    to_output: Callable[[Floats, Floats], Floats] = np.outer,
    biases: Callable[[Floats, Floats, Floats], Any] = lambda d_h, d_o, b: [d_h.sum(), d_o.sum()],
    report: Callable[[Floats, Floats], Any] = lambda grad_w, grad_b: (grad_w, grad_b),
) -> Wrong:
    """Build a backward pass; each argument puts another mistake into it."""

    def backward(x: Floats, t: Floats, w: Floats, b: Floats) -> Any:
        first, second = _rows(w)
        sum_h = first @ x + b[0]
        h = _sigmoid(sum_h)
        sum_o = second @ h + b[1]
        o = _sigmoid(sum_o)
        delta_o = distance(o, t) * slope_o(o, sum_o)
        delta_h = paths(second, delta_o) * slope_h(h, sum_h)
        grad_w = np.concatenate([to_hidden(delta_h, x).ravel(), to_output(delta_o, h).ravel()])
        return report(grad_w, np.array(biases(delta_h, delta_o, b)))

    return backward


def _hidden_times_hidden(x: Floats, t: Floats, w: Floats, b: Floats) -> Pair:
    h, _ = forward_2_2_2(x, w, b)
    return _backward(to_hidden=lambda delta_h, x: np.outer(delta_h, h))(x, t, w, b)  # type: ignore[no-any-return]


BACKWARD_MISTAKES = [
    Mistake(
        "hidden_times_hidden",
        _hidden_times_hidden,
        "You multiply the hidden deltas by h. A weight's derivative is the delta at its end times "
        "the value at its start, and hidden weights start at the inputs: x.",
    ),
    Mistake(
        "half_a_slope_at_the_hidden",
        _backward(slope_h=lambda h, z: 1 - h),
        "At the hidden units you multiply by 1 - h alone. The slope of the sigmoid is h * (1 - h).",
    ),
    Mistake(
        "half_a_slope_at_the_outputs",
        _backward(slope_o=lambda o, z: 1 - o),
        "At the outputs you multiply by 1 - o alone. The slope of the sigmoid is o * (1 - o).",
    ),
    Mistake(
        "wrong_sign",
        _backward(distance=lambda o, t: t - o),
        "Every derivative has the wrong sign. The derivative of (t - o)**2 / 2 for o is o - t: the "
        "inner derivative is -1. The minus of gradient descent comes later, in the step.",
    ),
    Mistake(
        "two_left_over",
        _backward(distance=lambda o, t: 2 * (o - t)),
        "Every derivative is twice too large. The half in E cancels the 2 of the square.",
    ),
    Mistake(
        "error_instead_of_its_slope",
        _backward(distance=lambda o, t: 0.5 * (o - t) ** 2),
        "You start from the errors themselves. Start from how fast they grow with the outputs: "
        "o - t.",
    ),
    Mistake(
        "brackets",
        _backward(distance=lambda o, t: o - t * _slope(o), slope_o=lambda o, z: 1.0),
        "`o - t * o * (1 - o)` multiplies before it subtracts. Put brackets around the difference: "
        "`(o - t) * o * (1 - o)`.",
    ),
    Mistake(
        "no_slopes",
        _backward(slope_o=lambda o, z: 1.0, slope_h=lambda h, z: 1.0),
        "You go through the sigmoids as if they were not there. Multiply by their slopes, "
        "o * (1 - o) and h * (1 - h).",
    ),
    Mistake(
        "no_slope_at_the_outputs",
        _backward(slope_o=lambda o, z: 1.0),
        "The slope of the output sigmoids is missing: delta_o = (o - t) * o * (1 - o).",
    ),
    Mistake(
        "no_slope_at_the_hidden_units",
        _backward(slope_h=lambda h, z: 1.0),
        "The output weights are right. For the hidden ones, the slope h * (1 - h) is missing.",
    ),
    Mistake(
        "slope_of_the_sum",
        _backward(slope_o=lambda o, z: _slope(z), slope_h=lambda h, z: _slope(z)),
        "You put the sum into z * (1 - z). The slope of the sigmoid is out * (1 - out), with what "
        "the unit puts out.",
    ),
    Mistake(
        "sigmoid_taken_twice",
        _backward(
            slope_o=lambda o, z: _slope(_sigmoid(o)),
            slope_h=lambda h, z: _slope(_sigmoid(h)),
        ),
        "You take the sigmoid of an output that is one already. The slope is out * (1 - out).",
    ),
    Mistake(
        "one_path",
        _backward(paths=lambda second, delta_o: np.diag(second) * delta_o),
        "Each hidden unit reaches E along two paths, and you follow one. Add up: h1 gets "
        "delta_o1 * w[4] + delta_o2 * w[6].",
    ),
    Mistake(
        "paths_transposed",
        _backward(paths=lambda second, delta_o: second @ delta_o),
        "The output weights are right. For h1 you go back over w[4] and w[5], which both lead to "
        "o1. The lines that leave h1 are w[4] and w[6]; those that leave h2 are w[5] and w[7].",
    ),
    Mistake(
        "weights_left_out",
        _backward(paths=lambda second, delta_o: np.full(2, delta_o.sum())),
        "You hand the deltas back without the weights. On its path each delta is multiplied by the "
        "weight of the line: delta_o1 * w[4] + delta_o2 * w[6].",
    ),
    Mistake(
        "rates_transposed",
        _backward(to_hidden=lambda d, a: np.outer(d, a).T, to_output=lambda d, a: np.outer(d, a).T),
        "The numbers are right, but some stand at the wrong weight. The weights of one unit are "
        "neighbours: w[1] leads from x[1] to h1, w[2] from x[0] to h2.",
    ),
    Mistake(
        "numbered_as_in_the_lesson",
        _backward(to_hidden=lambda d, a: np.outer(d, a).T),
        "The derivatives of w[1] and w[2] are swapped. Here w[1] leads from x[1] to h1 and w[2] "
        "from x[0] to h2; the lesson's network numbers them the other way.",
    ),
    Mistake(
        "inputs_left_out",
        _backward(
            to_hidden=lambda d, a: np.outer(d, np.ones(2)),
            to_output=lambda d, a: np.outer(d, np.ones(2)),
        ),
        "You give each weight the delta of its unit. Multiply by the number at the line's start: x "
        "for the hidden weights, h for the output weights.",
    ),
    Mistake(
        "biases_not_added_up",
        _backward(biases=lambda d_h, d_o, b: [d_h[0], d_o[0]]),
        "The weights are right. A shared bias acts on both units of its layer: add both deltas.",
    ),
    Mistake(
        "a_bias_for_each_unit",
        _backward(biases=lambda d_h, d_o, b: [*d_h, *d_o]),
        "You return a derivative for each unit. The two units of a layer share one bias: add "
        "their deltas, and return two numbers.",
    ),
    Mistake(
        "biases_averaged",
        _backward(biases=lambda d_h, d_o, b: [d_h.mean(), d_o.mean()]),
        "The weights are right. For a shared bias the two deltas add up; you take their mean.",
    ),
    Mistake(
        "times_the_bias",
        _backward(biases=lambda d_h, d_o, b: [b[0] * d_h.sum(), b[1] * d_o.sum()]),
        "The weights are right. The derivative of a sum for its bias is 1, not the bias: add the "
        "deltas, and nothing else.",
    ),
    Mistake(
        "biases_swapped",
        _backward(biases=lambda d_h, d_o, b: [d_o.sum(), d_h.sum()]),
        "The weights are right, and the two bias derivatives are swapped: b[0] is the hidden one.",
    ),
    Mistake(
        "no_bias_derivatives",
        _backward(report=lambda grad_w, grad_b: grad_w),
        "You return the weights' derivatives only: `return grad_w, grad_b`.",
    ),
]


# numeric_grad


def _error(x: Floats, t: Floats, w: Floats, b: Floats) -> float:
    return half_squared_error(t, forward_2_2_2(x, w, b)[1])


def numeric_grad(x: Floats, t: Floats, w: Floats, b: Floats, eps: float) -> Floats:
    """Return central differences of E for the eight weights."""
    steps = eps * np.eye(8)
    return np.array([(_error(x, t, w + e, b) - _error(x, t, w - e, b)) / (2 * eps) for e in steps])


def numeric_cases(rng: Rng) -> list[Case]:
    """Nudge by steps that are large enough to tell one formula from another."""
    sizes = (0.1, 0.5, 0.25, 0.2, 0.05, 0.4, 0.1, 0.01, 0.3, 0.2)
    whole = (np.array([1, -2]), np.array([1, 0]), MAZUR_W, np.array([1, -1]))
    return [
        Case((*whole, 0.1), "inputs, targets and biases that are whole numbers"),
        *(
            Case((*arguments, eps), f"{about}, eps = {eps}")
            for (arguments, about), eps in zip(examples(rng), sizes, strict=True)
        ),
    ]


def _numeric(quotient: Callable[..., Any]) -> Wrong:
    """Build a numeric gradient from (at, w, e, eps); at(w) is the error, e nudges one weight."""

    def numeric(x: Floats, t: Floats, w: Floats, b: Floats, eps: float) -> Any:
        def error(changed: Floats) -> float:
            return _error(x, t, changed, b)

        return np.array([quotient(error, w, e, eps) for e in eps * np.eye(8)])

    return numeric


def _never_put_back(x: Floats, t: Floats, w: Floats, b: Floats, eps: float) -> Floats:
    grad = np.zeros(8)
    for i in range(8):
        w[i] += eps
        above = _error(x, t, w, b)
        w[i] -= 2 * eps
        grad[i] = (above - _error(x, t, w, b)) / (2 * eps)
    return grad


def _piled_up(x: Floats, t: Floats, w: Floats, b: Floats, eps: float) -> Floats:
    high, low, grad = w.copy(), w.copy(), np.zeros(8)
    for i in range(8):
        high[i] += eps
        low[i] -= eps
        grad[i] = (_error(x, t, high, b) - _error(x, t, low, b)) / (2 * eps)
    return grad


ONE_SIDED = (
    "You nudge to one side only. Go to both sides and divide by 2 * eps: that is far more exact."
)


def _both_layers(x: Floats, t: Floats, w: Floats, b: Floats, eps: float) -> Floats:
    def error(changed: Floats) -> float:
        return sum(half_squared_error(t, values) for values in forward_2_2_2(x, changed, b))

    return np.array([(error(w + e) - error(w - e)) / (2 * eps) for e in eps * np.eye(8)])


NUMERIC_MISTAKES = [
    Mistake(
        "both_layers",
        _both_layers,
        "You compare all that `forward_2_2_2` returns with t, the hidden values, too. It returns "
        "two arrays: `h, o = forward_2_2_2(...)`, and only o belongs into the error.",
    ),
    Mistake(
        "never_put_back",
        _never_put_back,
        "You change the caller's w and do not put it back, so later nudges start from the wrong "
        "place. Nudge a copy, w.copy(), for each weight.",
    ),
    Mistake(
        "nudges_pile_up",
        _piled_up,
        "The first derivative is right. Then the nudges pile up: each weight must start again from "
        "the original w, so take a fresh copy inside the loop.",
    ),
    Mistake(
        "all_at_once",
        _numeric(lambda at, w, e, eps: (at(w + eps) - at(w - eps)) / (2 * eps)),
        "You nudge all eight weights at once: `w + eps` adds eps to each of them. Nudge one and "
        "leave the other seven alone.",
    ),
    Mistake(
        "one_sided",
        _numeric(lambda at, w, e, eps: (at(w + e) - at(w)) / eps),
        ONE_SIDED,
    ),
    Mistake(
        "other_side",
        _numeric(lambda at, w, e, eps: (at(w) - at(w - e)) / eps),
        ONE_SIDED,
    ),
    Mistake(
        "two_forgotten",
        _numeric(lambda at, w, e, eps: (at(w + e) - at(w - e)) / eps),
        "The two places lie 2 * eps apart, and you divide by eps.",
    ),
    Mistake(
        "not_divided",
        _numeric(lambda at, w, e, eps: at(w + e) - at(w - e)),
        "You return how much E changes. Divide by how far the weight moved, 2 * eps.",
    ),
    Mistake(
        "precedence",
        _numeric(lambda at, w, e, eps: (at(w + e) - at(w - e)) / 2 * eps),
        "`/ 2 * eps` divides by 2 and then multiplies by eps. Put brackets: / (2 * eps).",
    ),
    Mistake(
        "wrong_sign",
        _numeric(lambda at, w, e, eps: (at(w - e) - at(w + e)) / (2 * eps)),
        "Every number has the wrong sign: subtract the error at the smaller weight from the one at "
        "the larger.",
    ),
    Mistake(
        "the_exact_gradient",
        lambda x, t, w, b, eps: backward_2_2_2(x, t, w, b)[0],
        "Your numbers are those of a tiny step, or of the backward pass itself, which this is to "
        "check. Nudge the weights by eps as it is given: it is large here on purpose.",
    ),
]


# sgd_step


def sgd_step(w: Floats, grad: Floats, learning_rate: float) -> Floats:
    """Return the parameters after one step of gradient descent."""
    params = {"w": w.astype(float)}
    nn.SGD(learning_rate).step(params, {"w": grad})
    return params["w"]


def sgd_cases(rng: Rng) -> list[Case]:
    """Easy numbers, a gradient of zero, random ones."""
    return [
        Case((np.array([1.0, 2.0]), np.array([0.5, -1.0]), 0.1), "easy numbers"),
        Case((np.array([1.0, 2.0]), np.array([0.0, 4.0]), 0.5), "the first derivative is 0"),
        Case((np.array([0.35, 0.6]), np.array([0.25, 0.125]), 2.0), "a learning rate of 2"),
        Case((np.array([3, -2, 1]), np.array([1, 2, -4]), 0.5), "whole numbers"),
        Case((*decimals(always(), 2, 4), 0.0123), "decimals of either sign"),
        Case((*decimals(rng, 2, 8), 0.6)),
        Case((*decimals(rng, 2, 8), 0.05)),
        Case((*decimals(rng, 2, 3), 0.3)),
    ]


def _sgd_in_place(w: Floats, grad: Floats, learning_rate: float) -> Floats:
    w -= learning_rate * grad
    return w


SGD_MISTAKES = [
    Mistake(
        "in_place",
        _sgd_in_place,
        "The numbers are right, but `w -= ...` changes the caller's array. Write "
        "`w - learning_rate * grad`: that makes a new one.",
    ),
    Mistake(
        "uphill",
        lambda w, grad, learning_rate: w + learning_rate * grad,
        "You walk uphill. The gradient points where E grows, so subtract it.",
    ),
    Mistake(
        "no_learning_rate",
        lambda w, grad, learning_rate: w - grad,
        "The learning rate is missing: subtract learning_rate * grad.",
    ),
    Mistake(
        "divided_by_the_rate",
        lambda w, grad, learning_rate: w - grad / learning_rate,
        "You divide by the learning rate. A small rate must make a small step: multiply.",
    ),
    Mistake(
        "rate_times_all",
        lambda w, grad, learning_rate: learning_rate * (w - grad),
        "The learning rate multiplies w as well. It scales the step only: "
        "w - learning_rate * grad.",
    ),
    Mistake(
        "step_alone",
        lambda w, grad, learning_rate: -learning_rate * grad,
        "You return the step alone. Return where it leads: w - learning_rate * grad.",
    ),
    Mistake(
        "sign_alone",
        lambda w, grad, learning_rate: w - learning_rate * np.sign(grad),
        "You use the direction of the gradient only. Its size counts, too.",
    ),
    Mistake(
        "weights_shrunk",
        lambda w, grad, learning_rate: w * (1 - learning_rate * grad),
        "You multiply the step by w as well. Subtract learning_rate * grad, without w.",
    ),
]


# train_2_2_2


Trained = tuple[Floats, Floats, Floats]


def train_2_2_2(
    x: Floats, t: Floats, w: Floats, b: Floats, learning_rate: float, steps: int
) -> Trained:
    """Return the weights and biases after some steps, and the error before and after each."""
    errors = [_error(x, t, w, b)]
    for _ in range(steps):
        grad_w, grad_b = backward_2_2_2(x, t, w, b)
        w, b = sgd_step(w, grad_w, learning_rate), sgd_step(b, grad_b, learning_rate)
        errors.append(_error(x, t, w, b))
    return w, b, np.array(errors)


def train_cases(rng: Rng) -> list[Case]:
    """One step first, then a few; no step at all."""
    first = ((0.5, 1), (0.5, 2), (1.0, 0), (0.7, 2), (0.3, 3), (0.9, 1))
    runs = (*first, (2.0, 3), (3.0, 2), (2.0, 4), (1.5, 5))
    return [
        Case((*arguments, rate, steps), f"{about}, {steps} step{'s' if steps != 1 else ''}")
        for (arguments, about), (rate, steps) in zip(examples(rng), runs, strict=True)
    ]


def _train(
    *,
    step: Callable[..., Pair] | None = None,
    extra: int = 0,
    report: Callable[[Floats, Floats, list[float]], Any] = lambda w, b, errors: (
        w,
        b,
        np.array(errors),
    ),
) -> Wrong:
    """Build a training loop; each argument puts another mistake into it."""

    def train(x: Floats, t: Floats, w: Floats, b: Floats, learning_rate: float, steps: int) -> Any:
        errors = [_error(x, t, w, b)]
        start = w, b
        for _ in range(steps + extra):
            move = step or _right_step
            w, b = move(x, t, w, b, learning_rate, start)
            errors.append(_error(x, t, w, b))
        return report(w, b, errors)

    return train


def _right_step(x: Floats, t: Floats, w: Floats, b: Floats, rate: float, start: Pair) -> Pair:
    grad_w, grad_b = backward_2_2_2(x, t, w, b)
    return w - rate * grad_w, b - rate * grad_b


def _frozen(x: Floats, t: Floats, w: Floats, b: Floats, rate: float, start: Pair) -> Pair:
    return w - rate * backward_2_2_2(x, t, w, b)[0], b


def _uphill(x: Floats, t: Floats, w: Floats, b: Floats, rate: float, start: Pair) -> Pair:
    return _right_step(x, t, w, b, -rate, start)


def _first_gradient(x: Floats, t: Floats, w: Floats, b: Floats, rate: float, start: Pair) -> Pair:
    grad_w, grad_b = backward_2_2_2(x, t, *start)
    return w - rate * grad_w, b - rate * grad_b


def _weights_before_biases(
    x: Floats, t: Floats, w: Floats, b: Floats, rate: float, start: Pair
) -> Pair:
    w = w - rate * backward_2_2_2(x, t, w, b)[0]
    return w, b - rate * backward_2_2_2(x, t, w, b)[1]


def _outputs_before_hidden(
    x: Floats, t: Floats, w: Floats, b: Floats, rate: float, start: Pair
) -> Pair:
    old, grad_b = backward_2_2_2(x, t, w, b)
    moved = w - rate * old
    h, o = forward_2_2_2(x, w, b)
    delta_h = (moved[4:].reshape(2, 2).T @ ((o - t) * _slope(o))) * _slope(h)
    first = w[:4] - rate * np.outer(delta_h, x).ravel()
    return np.concatenate([first, moved[4:]]), b - rate * grad_b


def _train_in_place(
    x: Floats, t: Floats, w: Floats, b: Floats, learning_rate: float, steps: int
) -> Trained:
    errors = [_error(x, t, w, b)]
    for _ in range(steps):
        grad_w, grad_b = backward_2_2_2(x, t, w, b)
        w -= learning_rate * grad_w
        b -= learning_rate * grad_b
        errors.append(_error(x, t, w, b))
    return w, b, np.array(errors)


TRAIN_MISTAKES = [
    Mistake(
        "in_place",
        _train_in_place,
        "The numbers are right, but `w -= ...` changes the caller's arrays. Write "
        "`w = sgd_step(w, grad_w, learning_rate)`: that makes new ones.",
    ),
    Mistake(
        "biases_frozen",
        _train(step=_frozen),
        "Your biases never move. They have derivatives, too: "
        "`b = sgd_step(b, grad_b, learning_rate)`.",
    ),
    Mistake(
        "outputs_before_hidden",
        _train(step=_outputs_before_hidden),
        "You move the output weights first and send the deltas back through the new ones. Compute "
        "all derivatives with the old weights, then move. (Mazur's 0.291027924 has this slip.)",
    ),
    Mistake(
        "weights_before_biases",
        _train(step=_weights_before_biases),
        "You move the weights, and then compute the derivatives of the biases with the new ones. "
        "Call backward_2_2_2 once in each step, and move both with what it returns.",
    ),
    Mistake(
        "first_gradient_for_all",
        _train(step=_first_gradient),
        "You compute the derivatives once and use them in all steps. Call backward_2_2_2 inside "
        "the loop: at each new place the slope is another.",
    ),
    Mistake(
        "uphill",
        _train(step=_uphill),
        "Your error grows: you walk along the gradient. Subtract learning_rate times the gradient.",
    ),
    Mistake(
        "one_step_too_many",
        _train(extra=1),
        "You take one step too many. `range(steps)` runs the loop exactly `steps` times.",
    ),
    Mistake(
        "first_error_missing",
        _train(report=lambda w, b, errors: (w, b, np.array(errors[1:]))),
        "The error before the first step is missing: errors has steps + 1 entries.",
    ),
    Mistake(
        "last_error_missing",
        _train(report=lambda w, b, errors: (w, b, np.array(errors[:-1]))),
        "The error after the last step is missing: errors has steps + 1 entries.",
    ),
    Mistake(
        "last_error_alone",
        _train(report=lambda w, b, errors: (w, b, errors[-1])),
        "You return the last error only. Return all of them, from before the first step on.",
    ),
    Mistake(
        "errors_alone",
        _train(report=lambda w, b, errors: np.array(errors)),
        "You return the errors only. Return three values: `return w, b, errors`.",
    ),
]


# separate_ring: an open task


def separate_ring(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Train eight hidden units by gradient descent on all points at once, and answer."""
    mean, spread = train_x.mean(axis=0), train_x.std(axis=0)
    x, y = (train_x - mean) / spread, train_y[:, np.newaxis]
    rng = np.random.default_rng(0)
    first, low, second, high = rng.normal(size=(2, 8)), np.zeros(8), rng.normal(size=(8, 1)), 0.0
    for _ in range(500):
        a = _sigmoid(x @ first + low)
        y_hat = _sigmoid(a @ second + high)
        delta_2 = (y_hat - y) * _slope(y_hat) / len(x)
        delta_1 = delta_2 @ second.T * _slope(a)
        first, low = first - 8.0 * x.T @ delta_1, low - 8.0 * delta_1.sum(axis=0)
        second, high = second - 8.0 * a.T @ delta_2, high - 8.0 * delta_2.sum()
    a = _sigmoid((test_x - mean) / spread @ first + low)
    answers: Ints = (_sigmoid(a @ second + high)[:, 0] > 0.5).astype(int)
    return answers


def untrained_ring(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with weights as they are drawn."""
    rng = np.random.default_rng(0)
    a = _sigmoid(test_x @ rng.normal(size=(2, 8)))
    answers: Ints = (_sigmoid(a @ rng.normal(size=(8, 1)))[:, 0] > 0.5).astype(int)
    return answers


def ring_cases(rng: Rng) -> list[Case]:
    """Two discs, each in a ring of its own place and size: 200 points to learn, 200 to answer."""
    cases = []
    for _ in range(2):
        centre, size = rng.uniform(-1.0, 1.0, 2), rng.uniform(0.8, 1.0)
        points, labels = zip(*(_disc_and_ring(rng, centre, size) for _ in range(2)), strict=True)
        about = "200 points to learn from, 200 others to answer for"
        cases.append(Case((points[0], labels[0], points[1]), about, hidden=labels[1]))
    return cases


def _disc_and_ring(rng: Rng, centre: Floats, size: float) -> tuple[Floats, Ints]:
    """Draw 100 points of a disc, label 1, and 100 of the ring around it, label 0."""
    labels = rng.permutation(np.arange(200) % 2)
    disc, ring = np.sqrt(rng.uniform(0.0, 1.0, 200)), rng.uniform(1.5, 2.2, 200)
    radius, angle = size * np.where(labels, disc, ring), rng.uniform(0.0, 2 * np.pi, 200)
    return centre + radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1), labels


CHECKS = (
    Check(forward_2_2_2, 2, forward_cases, FORWARD_MISTAKES, ("h", "o")),
    Check(half_squared_error, 1, error_cases, ERROR_MISTAKES, ("error",)),
    Check(backward_2_2_2, 3, backward_cases, BACKWARD_MISTAKES, ("grad_w", "grad_b")),
    Check(numeric_grad, 1, numeric_cases, NUMERIC_MISTAKES, ("gradient",)),
    Check(sgd_step, 1, sgd_cases, SGD_MISTAKES, ("array",)),
    Check(train_2_2_2, 2, train_cases, TRAIN_MISTAKES, ("w", "b", "errors")),
    Check(
        separate_ring,
        2,
        ring_cases,
        (),
        ("labels",),
        seconds=10.0,
        goal=Goal(
            accuracy,
            bars=(0.75, 0.9, 0.97),
            advice=(
                "A guess is right half of the time, a straight line six times in ten, and this is "
                "no better. Are there hidden "
                "units, do they start from different random weights, and does the error fall? "
                "Print it every 100 steps.",
                "The hidden units bend the boundary, but not all the way round. Take more of them, "
                "larger steps, or more steps, and watch the error.",
                "Nearly there. Train longer, or take a larger learning rate, until the error on "
                "the training points stops falling.",
            ),
            untrained=untrained_ring,
            slip=two_answers(0, 1),
        ),
    ),
)
