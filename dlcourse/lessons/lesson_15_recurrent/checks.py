"""Lesson 15, recurrent networks: both passes, Jacobians, clipping, two directions, a language.

All functions work on one sequence, time first, with row vectors: h_t = tanh(x_t W + h_{t-1} U
+ b). Gradients that are clipped, and the weights of a layer, come in dictionaries.
"""
# ruff: noqa: N803, N806  W and U are the names of the lesson, and of the exercise

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.nn.layers.simple_rnn import SimpleRNNCache

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
Layer = dict[str, Floats]
Rng = np.random.Generator


def simple_rnn(W: Floats, U: Floats, b: Floats) -> nn.SimpleRNN:
    """Return the layer of the course with these weights, which puts out every state."""
    layer = nn.SimpleRNN(len(U), return_sequences=True)
    weights = {"kernel": W, "recurrent_kernel": U, "bias": b}
    layer.params = {name: np.asarray(array, float) for name, array in weights.items()}
    return layer


def draw_layer(rng: Rng, features: int, units: int) -> Layer:
    """Draw weights that are neither small nor symmetric."""
    shapes = {"W": (features, units), "U": (units, units), "b": (units,)}
    return {name: decimals(rng, *shape) for name, shape in shapes.items()}


def states(x: Floats, h0: Floats, W: Floats, U: Floats, b: Floats) -> Floats:
    """Run the layer; return the states of all steps."""
    start = np.asarray(h0, float)[np.newaxis]
    outputs, _ = simple_rnn(W, U, b).forward(np.asarray(x, float)[np.newaxis], initial_state=start)
    all_states: Floats = outputs[0]
    return all_states


# rnn_forward


def rnn_forward(x: Floats, h0: Floats, W: Floats, U: Floats, b: Floats) -> Floats:
    """Return the hidden state after each step."""
    return states(x, h0, W, U, b)


def forward_cases(rng: Rng) -> list[Case]:
    """One step by hand, the lesson's example, no memory, then random layers."""
    one = np.ones((1, 1))
    cases = [
        Case((one, np.zeros(1), one, one, np.zeros(1)), "one step from a state of zero"),
        Case((one, np.ones(1), one, 0.5 * one, np.zeros(1)), "one step from a state of one"),
        Case(
            (
                np.array([[1.0], [2.0], [-1.0]]),
                np.zeros(1),
                0.5 * one,
                0.8 * one,
                np.array([0.1]),
            ),
            "the example of the lesson",
        ),
        Case(
            (np.zeros((3, 1)), np.array([0.5, -0.5]), np.ones((1, 2)), np.eye(2), np.zeros(2)),
            "no input: only the state at the start matters",
        ),
    ]

    def drawn(
        rng: Rng, time: int, features: int, units: int, about: str = "random numbers"
    ) -> Case:
        x, h0 = decimals(rng, time, features), decimals(rng, units) / 2
        return Case((x, h0, *draw_layer(rng, features, units).values()), about)

    whole = ([[1, -1], [0, 2]], [1, -1, 0], [[1, 0, -1], [1, 1, 0]], np.eye(3), [0, 1, -1])
    return [
        *cases,
        Case(tuple(np.array(array, int) for array in whole), "whole numbers"),
        drawn(always(), 3, 2, 4, "decimals of either sign"),
        drawn(rng, 2, 1, 2),
        drawn(rng, 3, 2, 3),
        drawn(rng, 4, 3, 2),
        drawn(rng, 5, 2, 2),
    ]


def _forward(
    z: Callable[..., Any] = lambda x, h, W, U, b: x @ W + h @ U + b,
    *,
    activation: Callable[..., Any] = np.tanh,
    start: Callable[..., Any] = lambda h0: h0,
    carry: Callable[..., Any] = lambda h, h0: h,
    keep: Callable[..., Any] = lambda z, h: h,
    result: Callable[..., Any] = lambda h0, kept: np.array(kept),
) -> Callable[..., Any]:
    """Build a forward pass from its parts."""

    def function(x: Floats, h0: Floats, W: Floats, U: Floats, b: Floats) -> Any:
        h, kept = start(h0), []
        for row in x:
            before = z(row, h, W, U, b)
            h = activation(before)
            kept.append(keep(before, h))
            h = carry(h, h0)
        return result(h0, kept)

    return function


def _first_row_given(x: Floats, h0: Floats, W: Floats, U: Floats, b: Floats) -> Any:
    h = np.zeros((len(x), len(h0)))
    h[0] = h0
    for t in range(1, len(x)):
        h[t] = np.tanh(x[t] @ W + h[t - 1] @ U + b)
    return h


FORWARD_MISTAKES = [
    Mistake(
        "first_row_given",
        _first_row_given,
        "Your first row is h0, and x[0] is never read. Row 0 is the state after the first step: "
        "begin the loop at 0, and let h0 be the state before it.",
    ),
    Mistake(
        "one_array_for_all",
        _forward(result=lambda h0, kept: np.array([kept[-1]] * len(kept))),
        "Every row is the last state: you append one and the same array at each step, and change "
        "it in place. Make a new one, `h = np.tanh(...)`, or append `h.copy()`.",
    ),
    Mistake(
        "sigmoid",
        _forward(activation=lambda z: 1 / (1 + np.exp(-z))),
        "You squash with the sigmoid, which lies between 0 and 1. The states of this network come "
        "from tanh.",
    ),
    Mistake(
        "last_state_only",
        _forward(result=lambda h0, kept: kept[-1]),
        "You return the last state alone. Keep the state of every step, one row each: shape "
        "(time, units).",
    ),
    Mistake(
        "start_included",
        _forward(result=lambda h0, kept: np.array([h0, *kept])),
        "Your first row is h0, the state before the first step. Return the states after each "
        "step, so as many rows as x has.",
    ),
    Mistake(
        "states_before_the_step",
        _forward(result=lambda h0, kept: np.array([h0, *kept[:-1]])),
        "Your rows come one step too late: row t holds the state before step t. Store h after "
        "you have updated it.",
    ),
    Mistake(
        "zero_start",
        _forward(start=np.zeros_like),
        "You start from a state of zero. Start from h0: it is given.",
    ),
    Mistake(
        "no_carry",
        _forward(carry=lambda h, h0: h0),
        "Every step starts from h0 again, so nothing is remembered. Put the new state into h and "
        "use it in the next step.",
    ),
    Mistake(
        "no_recurrence",
        _forward(lambda x, h, W, U, b: x @ W + b),
        "You leave out `h @ U`. Without it each step sees its own input and nothing else.",
    ),
    Mistake(
        "transposed_recurrent_kernel",
        _forward(lambda x, h, W, U, b: x @ W + U @ h + b),
        "You multiply from the wrong side: `U @ h` is `h @ U.T`. States are rows here: write "
        "`h @ U`.",
    ),
    Mistake(
        "bias_left_out",
        _forward(lambda x, h, W, U, b: x @ W + h @ U),
        "You leave out the bias. Add b to z in every step.",
    ),
    Mistake(
        "no_tanh",
        _forward(activation=lambda z: z),
        "You leave out tanh. Without it the whole network is linear.",
    ),
    Mistake(
        "pre_activations",
        _forward(keep=lambda z, h: z),
        "You return z, the sum before tanh. Return the states: `np.tanh(z)`.",
    ),
    Mistake(
        "state_after_tanh",
        _forward(lambda x, h, W, U, b: np.tanh(x @ W + b) + h @ U, activation=lambda z: z),
        "You add `h @ U` outside of tanh. It belongs inside, to the sum: "
        "`np.tanh(x_t @ W + h @ U + b)`.",
    ),
    Mistake(
        "tanh_of_the_input_only",
        _forward(lambda x, h, W, U, b: np.tanh(x @ W) + h @ U + b, activation=lambda z: z),
        "A bracket closes too early: tanh reaches `x_t @ W` only. It belongs around the whole "
        "sum: `np.tanh(x_t @ W + h @ U + b)`.",
    ),
]


# rnn_backward


def rnn_backward(
    grad_h: Floats,
    x: Floats,
    h0: Floats,
    h: Floats,
    U: Floats,
) -> tuple[Any, Any, Any]:
    """Return the gradients of W, U and b."""
    units = len(U)
    hidden = np.concatenate([h0[np.newaxis], h])[:, np.newaxis]
    ones = np.ones((len(x), 1))
    joined = np.concatenate([x, hidden[:-1, 0], ones], axis=1)[:, np.newaxis]
    layer = simple_rnn(np.zeros((x.shape[1], units)), U, np.zeros(units))
    cache = SimpleRNNCache(np.concatenate([joined, joined[:1]]), hidden)
    _, grads = layer.backward(grad_h[np.newaxis], cache, input_grad=False)
    return grads["kernel"], grads["recurrent_kernel"], grads["bias"]


def backward_cases(rng: Rng) -> list[Case]:
    """One step, the lesson's example, gradients at the end or everywhere, random layers."""
    one = np.ones((1, 1))
    x = np.array([[1.0], [2.0], [-1.0]])
    h = states(x, np.zeros(1), 0.5 * one, 0.8 * one, np.array([0.1]))
    at_the_end = np.array([[0.0], [0.0], h[2] - 1])
    cases = [
        Case((one, one, np.zeros(1), 0.5 * one, 0.8 * one), "one step from a state of zero"),
        Case((one, one, np.array([0.5]), 0.5 * one, 0.8 * one), "one step, h0 is not zero"),
        Case((at_the_end, x, np.zeros(1), h, 0.8 * one), "the example of the lesson"),
        Case((np.ones((3, 1)), x, np.zeros(1), h, 0.8 * one), "a gradient of 1 at every step"),
    ]

    def drawn(
        rng: Rng, time: int, features: int, units: int, about: str = "random numbers"
    ) -> Case:
        # Half as large, so that no unit is saturated and every step counts.
        layer = {name: part / 2 for name, part in draw_layer(rng, features, units).items()}
        x, h0, grad_h = (
            decimals(rng, time, features) / 2,
            decimals(rng, units) / 2,
            decimals(rng, time, units),
        )
        if "at the end" in about:
            grad_h[:-1] = 0
        h = states(x, h0, **layer)
        return Case((grad_h, x, h0, h, layer["U"]), about)

    return [
        *cases,
        drawn(always(), 4, 3, 2, "decimals of either sign"),
        drawn(rng, 2, 1, 2, "random numbers, a loss at the end"),
        drawn(rng, 3, 2, 2, "random numbers, a loss at the end"),
        drawn(rng, 3, 2, 3),
        drawn(rng, 4, 3, 2),
        drawn(rng, 5, 2, 2),
    ]


def _backward(
    *,
    slope: Callable[..., Any] = lambda h: 1 - h**2,
    after: Callable[..., Any] = lambda states, t: states[t + 1],
    through: Callable[..., Any] = lambda delta, U: delta @ U.T,
    arriving: Callable[..., Any] = lambda own, carried, last: own + carried,
    before: Callable[..., Any] = lambda states, t: states[t],
    carried_from: Callable[..., Any] = lambda delta, grad: delta,
    add: Callable[..., Any] = lambda total, share: total + share,
    order: Callable[..., Any] = lambda steps: reversed(steps),
    outer: Callable[..., Any] = lambda delta, before: np.outer(before, delta),
    outer_u: Callable[..., Any] | None = None,
    finish: Callable[..., Any] = lambda grads, steps: grads,
) -> Callable[..., Any]:
    """Build a backward pass from its parts."""

    def function(
        grad_h: Floats,
        x: Floats,
        h0: Floats,
        h: Floats,
        U: Floats,
    ) -> Any:
        all_states = np.concatenate([h0[np.newaxis], h])
        grad_W = np.zeros((x.shape[1], len(U)))
        grad_U, grad_b, carried = np.zeros_like(U), np.zeros(len(U)), np.zeros(len(U))
        for t in order(range(len(x))):
            grad = arriving(grad_h[t], carried, t == len(x) - 1)
            delta = grad * slope(after(all_states, t))
            grad_W = add(grad_W, outer(delta, x[t]))
            grad_U = add(grad_U, (outer_u or outer)(delta, before(all_states, t)))
            grad_b = add(grad_b, delta)
            carried = through(carried_from(delta, grad), U)
        return finish((grad_W, grad_U, grad_b), len(x))

    return function


BACKWARD_MISTAKES = [
    Mistake(
        "slope_of_the_state_before",
        _backward(after=lambda states, t: states[t]),
        "You take the slope of tanh at the state before the step. Step t ends in h[t]: multiply "
        "by `1 - h[t] ** 2`.",
    ),
    Mistake(
        "carry_dropped",
        _backward(arriving=lambda own, carried, last: own),
        "You drop the carried gradient. h of this step also reaches the loss through all later "
        "steps: add what comes back, `grad = grad_h[t] + carried`.",
    ),
    Mistake(
        "own_gradient_dropped",
        _backward(arriving=lambda own, carried, last: own if last else carried),
        "You use grad_h of the last step only. Every step may have a loss of its own: add "
        "`grad_h[t]` to the carried gradient in each step.",
    ),
    Mistake(
        "recurrent_kernel_not_transposed",
        _backward(through=lambda delta, U: delta @ U),
        "You carry the gradient back through U. What went forwards through U comes back through "
        "its transpose: `delta @ U.T`.",
    ),
    Mistake(
        "slope_left_out_of_the_carry",
        _backward(carried_from=lambda delta, grad: grad),
        "You carry the gradient of h through U.T. It has to pass tanh first: carry "
        "`delta @ U.T`, where `delta = grad * (1 - h[t] ** 2)`.",
    ),
    Mistake(
        "no_slope",
        _backward(slope=np.ones_like),
        "You leave out tanh on the way back: multiply by its slope, `1 - h[t] ** 2`.",
    ),
    Mistake(
        "slope_of_the_output",
        _backward(slope=lambda h: 1 - np.tanh(h) ** 2),
        "You apply tanh once more: h is `tanh(z)` already. The slope of tanh at z is "
        "`1 - h[t] ** 2`, not `1 - np.tanh(h[t]) ** 2`.",
    ),
    Mistake(
        "slope_of_the_sigmoid",
        _backward(slope=lambda h: h * (1 - h)),
        "`h * (1 - h)` is the slope of the sigmoid. That of tanh is `1 - h ** 2`.",
    ),
    Mistake(
        "slope_not_squared",
        _backward(slope=lambda h: 1 - h),
        "The slope of tanh is `1 - h ** 2`. You forgot the square.",
    ),
    Mistake(
        "last_computed_step_only",
        _backward(add=lambda total, share: share),
        "You keep the share of one step only: each step overwrites the one before. All steps "
        "share the weights, so add up: `grad_U += ...`.",
    ),
    Mistake(
        "mean_over_time",
        _backward(finish=lambda grads, steps: tuple(grad / steps for grad in grads)),
        "You divide by the number of steps. The gradient of shared weights is the sum of all "
        "shares, not their mean.",
    ),
    Mistake(
        "state_after_the_step",
        _backward(before=lambda states, t: states[t + 1]),
        "For U you take the state after the step. U multiplied the state before it: h[t - 1], "
        "and h0 in the first step.",
    ),
    Mistake(
        "last_state_before_the_first_step",
        _backward(before=lambda states, t: states[t if t else -1]),
        "In the first step, `h[t - 1]` is `h[-1]`: NumPy takes the last state. The state before "
        "the first step is h0.",
    ),
    Mistake(
        "zero_before_the_first_step",
        _backward(before=lambda states, t: states[t] * (t > 0)),
        "In the first step you take zero for the state before it. It is h0, which need not be "
        "zero.",
    ),
    Mistake(
        "outer_product_turned_round",
        _backward(outer=lambda delta, before: np.outer(delta, before)),
        "Your outer products stand the wrong way round. grad_W has the shape of W: what went in "
        "comes first, `np.outer(x[t], delta)`, and so for U.",
    ),
    Mistake(
        "outer_product_of_U_turned_round",
        _backward(outer_u=lambda delta, before: np.outer(delta, before)),
        "The outer product for U stands the wrong way round. U is multiplied from the left by the "
        "state before: `np.outer(state before, delta)`.",
    ),
    Mistake(
        "forwards_in_time",
        _backward(order=lambda steps: steps),
        "You go through the steps in the order of time. The gradient of step t needs that of "
        "step t + 1: go from the last step to the first.",
    ),
]


# spectral_radius


def spectral_radius(U: Floats) -> float:
    """Return the largest absolute value of the eigenvalues."""
    return float(np.abs(np.linalg.eigvals(U)).max())


def radius_cases(rng: Rng) -> list[Case]:
    """Diagonal, negative, rotated and sheared matrices by hand, then random ones."""
    turn = np.array([[0.0, -0.9], [0.9, 0.0]])
    cases = [
        Case((np.diag([0.5, 0.25]),), "a diagonal matrix"),
        Case((np.diag([0.5, -2.0]),), "an eigenvalue of -2"),
        Case((np.array([[0.8, 1.0], [0.0, 0.8]]),), "the matrix of the lesson"),
        Case((turn,), "a quarter turn times 0.9: its eigenvalues are 0.9i and -0.9i"),
        Case((np.array([[0.0, 5.0], [0.0, 0.0]]),), "both eigenvalues are 0"),
    ]

    def turning(rng: Rng, units: int) -> Floats:
        """Draw a matrix whose largest eigenvalues are a turning pair.

        With more than two units, another one lies further to the right.
        """
        while True:
            matrix = decimals(rng, units, units)
            values = np.linalg.eigvals(matrix)
            widest = values[np.abs(values).argmax()]
            hidden = units == 2 or abs(values.max()) < 0.95 * abs(widest)
            if abs(widest.real) < 0.95 * abs(widest) and hidden:
                return matrix

    return [
        *cases,
        Case((np.array([[1, -2], [3, 1]]),), "whole numbers"),
        Case((turning(always(), 3),), "decimals of either sign"),
        *(Case((turning(rng, units),)) for units in (2, 3, 4, 3, 4)),
    ]


RADIUS_MISTAKES = [
    Mistake(
        "the_norm",
        lambda U: float(np.linalg.norm(U, 2)),
        "That is the norm, the largest singular value. It says how much one step can stretch. "
        "Take the eigenvalues: `np.linalg.eigvals(U)`.",
    ),
    Mistake(
        "frobenius",
        lambda U: float(np.linalg.norm(U)),
        "`np.linalg.norm(U)` is the root of the sum of all squares. Take the eigenvalues: "
        "`np.linalg.eigvals(U)`.",
    ),
    Mistake(
        "largest_real_part",
        lambda U: float(np.linalg.eigvals(U).real.max()),
        "You take the largest real part. An eigenvalue may be negative or complex: take the "
        "absolute value of each, then the largest.",
    ),
    Mistake(
        "real_parts_only",
        lambda U: float(np.abs(np.linalg.eigvals(U).real).max()),
        "You throw the imaginary parts away. `np.abs` of a complex number is its distance from "
        "0: apply it to the eigenvalues as they are.",
    ),
    Mistake(
        "largest_entry",
        lambda U: float(np.abs(U).max()),
        "You take the largest entry of U. Take the eigenvalues of U: `np.linalg.eigvals(U)`.",
    ),
    Mistake(
        "symmetric_part",
        lambda U: float(np.abs(np.linalg.eigvalsh(U)).max()),
        "`eigvalsh` is for symmetric matrices and reads one half of U only. U is not symmetric: "
        "use `np.linalg.eigvals`.",
    ),
    Mistake(
        "absolute_value_last",
        lambda U: float(np.abs(np.linalg.eigvals(U).max())),
        "You take the absolute value after the maximum. -2 is further from 0 than 0.5: first "
        "`np.abs` of all eigenvalues, then the largest.",
    ),
    Mistake(
        "no_absolute_value",
        lambda U: np.linalg.eigvals(U).max(),
        "You compare eigenvalues without their absolute value. -2 is further from 0 than 0.5: "
        "use `np.abs`.",
    ),
]


# jacobian_norms


def jacobian_norms(h: Floats, U: Floats) -> Floats:
    """Return the norms of dh_T/dh_(T-d) for d = 0, 1, ..., T - 1."""
    product = np.eye(len(U))
    norms = [1.0]
    for state in h[:0:-1]:
        product = (U * (1 - state**2)) @ product
        norms.append(float(np.linalg.norm(product, 2)))
    return np.array(norms)


def jacobian_cases(rng: Rng) -> list[Case]:
    """No slope, one unit, a single state, then states of random layers."""
    shear = np.array([[0.8, 1.0], [0.0, 0.8]])
    cases = [
        Case((np.zeros((1, 2)), shear), "a single state: only the distance 0"),
        Case((np.array([[0.5], [0.5], [0.0]]), np.array([[2.0]])), "one unit"),
        Case((np.zeros((4, 2)), shear), "all slopes are 1, the matrix of the lesson"),
        Case((np.array([[0.9, 0.0], [0.0, 0.9]]), np.eye(2)), "U = 1: only the slopes matter"),
    ]

    def drawn(rng: Rng, time: int, units: int, about: str = "the states of a random layer") -> Case:
        """Draw states of which none is saturated, and a matrix of full rank: all of it counts."""
        while abs(np.linalg.det(U := decimals(rng, units, units))) < 0.1:
            pass
        return Case((decimals(rng, time, units) / 2.5, U), about)

    return [
        *cases,
        Case((np.array([[0, 1], [0, 0], [0, 0]]), np.array([[1, 2], [3, -1]])), "whole numbers"),
        drawn(always(), 4, 3, "decimals of either sign"),
        drawn(rng, 3, 2),
        drawn(rng, 4, 2),
        drawn(rng, 5, 3),
        drawn(rng, 6, 3),
    ]


def _jacobians(
    *,
    jacobian: Callable[..., Any] = lambda state, U: U * (1 - state**2),
    used: Callable[..., Any] = lambda h: h[:0:-1],
    times: Callable[..., Any] = lambda j, product: j @ product,
    norm: Callable[..., Any] = lambda product: np.linalg.norm(product, 2),
    first: tuple[float, ...] = (1.0,),
) -> Callable[..., Any]:
    """Build the norms from their parts."""

    def function(h: Floats, U: Floats) -> Any:
        product, norms = np.eye(len(U)), list(first)
        for state in used(h):
            product = times(jacobian(state, U), product)
            norms.append(float(norm(product)))
        return np.array(norms)

    return function


def _product_of_norms(h: Floats, U: Floats) -> Floats:
    norms = [1.0]
    for state in h[:0:-1]:
        norms.append(norms[-1] * float(np.linalg.norm(U * (1 - state**2), 2)))
    return np.array(norms)


JACOBIAN_MISTAKES = [
    Mistake(
        "product_of_the_norms",
        _product_of_norms,
        "You multiply the norms. The norm of a product may be far smaller than the product of "
        "the norms: multiply the matrices first, then take one norm.",
    ),
    Mistake(
        "distance_zero_left_out",
        _jacobians(first=()),
        "The first entry belongs to the distance 0: dh_T/dh_T is the identity, and its norm is "
        "1. Put it in front, so that there are as many entries as states.",
    ),
    Mistake(
        "no_slopes",
        _jacobians(jacobian=lambda state, U: U),
        "You leave out the slopes of tanh. A step has the Jacobian `U * (1 - h[t] ** 2)`: every "
        "column times the slope of its unit.",
    ),
    Mistake(
        "slopes_on_the_rows",
        _jacobians(jacobian=lambda state, U: (1 - state**2)[:, np.newaxis] * U),
        "You multiply the rows of U by the slopes. The change passes U first and tanh after it: "
        "the slopes belong to the columns, `U * (1 - h[t] ** 2)`.",
    ),
    Mistake(
        "slope_not_squared",
        _jacobians(jacobian=lambda state, U: U * (1 - state)),
        "The slope of tanh is `1 - h ** 2`. You forgot the square.",
    ),
    Mistake(
        "states_before_the_steps",
        _jacobians(used=lambda h: h[-2::-1]),
        "You take the slopes one state too early. The step from h[t-1] to h[t] has the slopes "
        "`1 - h[t] ** 2`: begin with the last state.",
    ),
    Mistake(
        "wrong_order",
        _jacobians(times=lambda j, product: product @ j),
        "The factors stand in the wrong order. Rows come from the left, so the earlier step "
        "stands first: `product = J @ product` when you go back in time.",
    ),
    Mistake(
        "from_the_first_step",
        _jacobians(used=lambda h: h[1:], times=lambda j, product: product @ j),
        "You go forwards from the first state: that is dh_t/dh_1. Asked are the influences on "
        "the last state: begin with the last step and go back.",
    ),
    Mistake(
        "frobenius",
        _jacobians(norm=np.linalg.norm, first=(1.0,)),
        "`np.linalg.norm(A)` is the root of the sum of all squares. The largest stretch is the "
        "spectral norm, `np.linalg.norm(A, 2)`.",
    ),
    Mistake(
        "spectral_radius",
        _jacobians(norm=lambda product: np.abs(np.linalg.eigvals(product)).max()),
        "You take the spectral radius of the product. Asked is its norm, `np.linalg.norm(A, 2)`: "
        "how much it can stretch.",
    ),
]


# clip_by_global_norm


def clip_by_global_norm(grads: Layer, limit: float) -> Layer:
    """Scale all gradients by one factor, so that their joint norm is at most `limit`."""
    norm = np.sqrt(sum(float((grad**2).sum()) for grad in grads.values()))
    return {name: grad * (limit / max(norm, limit)) for name, grad in grads.items()}


def clip_cases(rng: Rng) -> list[Case]:
    """3 and 4 by hand: above, at and below the limit; zeros; then random arrays."""
    three_four = {"W": np.array([[3.0]]), "b": np.array([4.0])}
    cases = [
        Case((three_four, 1.0), "the norm is 5, the limit 1"),
        Case((three_four, 5.0), "the norm is exactly the limit"),
        Case((three_four, 10.0), "the norm is 5, below the limit of 10"),
        Case((three_four, 5.5), "the norm is 5, just below the limit"),
        Case(({"W": np.zeros((2, 1)), "b": np.zeros(1)}, 1.0), "all gradients are zero"),
        Case(({"U": np.array([[-6.0, 0.0], [0.0, 8.0]])}, 5.0), "one array, a negative entry"),
        Case(
            ({"W": np.array([[0.3]]), "U": np.array([[40.0]]), "b": np.array([-0.2])}, 2.0),
            "one array is much longer than the others",
        ),
    ]

    def drawn(rng: Rng, factor: float, about: str = "random numbers") -> Case:
        grads = draw_layer(rng, 2, 2)
        return Case((grads, factor * _norm(grads)), about)

    whole = {"kernel": np.array([[1, 2]]), "bias": np.array([2])}
    return [
        *cases,
        Case((whole, 1.5), "whole numbers, and other names"),
        drawn(always(), 0.3, "decimals of either sign"),
        *(drawn(rng, factor) for factor in (0.2, 0.5, 0.9, 20.0)),
    ]


def _norm(grads: Layer) -> float:
    return float(np.sqrt(sum((grad**2).sum() for grad in grads.values())))


def _clip(
    norm: Callable[[Layer], float] = _norm,
    factor: Callable[[float, float], float] = lambda norm, limit: limit / max(norm, limit),
) -> Callable[..., Any]:
    """Build a clipping from a norm and a factor."""
    return lambda grads, limit: {
        name: grad * factor(norm(grads), limit) for name, grad in grads.items()
    }


def _in_place(grads: Layer, limit: float) -> Layer:
    factor = limit / max(_norm(grads), limit)
    for grad in grads.values():
        grad *= factor
    return grads


def _without_warnings(norm: float, limit: float) -> float:
    return float("nan") if norm == 0 else limit / norm


CLIP_MISTAKES = [
    Mistake(
        "in_place",
        _in_place,
        "The numbers are right, but `*=` changes the caller's arrays. Make new ones: "
        "`grad * factor`.",
    ),
    Mistake(
        "each_array_by_itself",
        lambda grads, limit: {
            name: grad * limit / max(float(np.linalg.norm(grad)), limit)
            for name, grad in grads.items()
        },
        "You clip each array by its own norm. Then short arrays stay and long ones shrink, and "
        "the direction changes: compute one norm over all arrays, and one factor.",
    ),
    Mistake(
        "values",
        lambda grads, limit: {name: grad.clip(-limit, limit) for name, grad in grads.items()},
        "You clip every entry by itself, which changes the direction. Multiply all arrays by "
        "the same factor, `limit / norm`.",
    ),
    Mistake(
        "always_scaled",
        _clip(factor=_without_warnings),
        "You always scale to the limit, so short gradients grow and zeros become nan. Scale only "
        "if the norm is above the limit: `limit / max(norm, limit)`.",
    ),
    Mistake(
        "scaled_up_but_zeros",
        _clip(factor=lambda norm, limit: limit / norm if norm else 1.0),
        "You scale short gradients up to the limit. Clipping only shortens: leave them as they "
        "are if the norm is not above the limit.",
    ),
    Mistake(
        "no_root",
        _clip(norm=lambda grads: _norm(grads) ** 2),
        "You compare the sum of squares. The norm is its square root.",
    ),
    Mistake(
        "sum_of_norms",
        _clip(norm=lambda grads: sum(float(np.linalg.norm(grad)) for grad in grads.values())),
        "You add the norms of the arrays. Add the squares of all entries, and take the root of "
        "the sum: 3 and 4 make 5, not 7.",
    ),
    Mistake(
        "largest_norm",
        _clip(norm=lambda grads: max(float(np.linalg.norm(grad)) for grad in grads.values())),
        "You take the longest array. The global norm is the root of the sum of the squares of "
        "all entries of all arrays.",
    ),
    Mistake(
        "divided_by_the_norm",
        _clip(factor=lambda norm, limit: 1 / norm if norm > limit else 1.0),
        "You shorten to the length 1. The limit may be another number: the factor is "
        "`limit / norm`.",
    ),
]


# bidirectional_states


def bidirectional_states(x: Floats, forward: Layer, backward: Layer) -> Floats:
    """Return the states of both directions, side by side, in the order of time."""
    start = np.zeros(len(forward["b"])), np.zeros(len(backward["b"]))
    ahead = states(x, start[0], **forward)
    back = states(x[::-1], start[1], **backward)[::-1]
    return np.concatenate([ahead, back], axis=1)


def bidirectional_cases(rng: Rng) -> list[Case]:
    """One step, no recurrence, no input but one, then random layers."""
    unit = {"W": np.ones((1, 1)), "U": np.full((1, 1), 0.5), "b": np.zeros(1)}
    no_memory = {**unit, "U": np.zeros((1, 1))}
    pulse = np.array([[0.0], [1.0], [0.0], [0.0]])
    cases = [
        Case((np.ones((1, 1)), unit, {**unit, "W": np.full((1, 1), 2.0)}), "a single step"),
        Case((pulse, unit, unit), "a 1 at the second of four steps"),
        Case((np.array([[1.0], [2.0], [3.0]]), no_memory, no_memory), "layers without a memory"),
    ]

    def drawn(
        rng: Rng, time: int, features: int, units: Sequence[int], about: str = "random numbers"
    ) -> Case:
        layers = (draw_layer(rng, features, each) for each in units)
        return Case((decimals(rng, time, features), *layers), about)

    return [
        *cases,
        drawn(always(), 3, 2, (2, 3), "more backward units than forward ones"),
        drawn(always(), 3, 2, (2, 1), "more forward units than backward ones"),
        drawn(rng, 2, 1, (1, 1)),
        drawn(rng, 3, 2, (2, 2)),
        drawn(rng, 4, 2, (1, 3)),
        drawn(rng, 5, 1, (2, 2)),
        drawn(rng, 5, 2, (2, 1)),
    ]


def _two_ways(
    *,
    turn: Callable[..., Any] = lambda x: x[::-1],
    turn_back: Callable[..., Any] = lambda h: h[::-1],
    weights: Callable[..., Any] = lambda forward, backward: backward,
    start: Callable[..., Any] = lambda ahead, used: np.zeros(len(used["b"])),
    merge: Callable[..., Any] = lambda ahead, back: np.concatenate([ahead, back], axis=1),
) -> Callable[..., Any]:
    """Build a bidirectional layer from its parts."""

    def function(x: Floats, forward: Layer, backward: Layer) -> Any:
        ahead = states(x, np.zeros(len(forward["b"])), **forward)
        used = weights(forward, backward)
        back = states(turn(x), start(ahead, used), **used)
        return merge(ahead, turn_back(back))

    return function


BIDIRECTIONAL_MISTAKES = [
    Mistake(
        "not_turned_back",
        _two_ways(turn_back=lambda h: h),
        "The states of the backward layer stand in the order in which it read: its first one "
        "belongs to the last step. Turn them round, `[::-1]`, before you join.",
    ),
    Mistake(
        "not_turned_at_all",
        _two_ways(turn=lambda x: x, turn_back=lambda h: h),
        "Your backward layer reads forwards. Give it the sequence from its end, `x[::-1]`, and "
        "turn its states round afterwards.",
    ),
    Mistake(
        "turned_only_at_the_end",
        _two_ways(turn=lambda x: x),
        "Your backward layer reads forwards, and its states are turned round afterwards. Turn "
        "the input round as well: `x[::-1]`.",
    ),
    Mistake(
        "same_weights",
        _two_ways(weights=lambda forward, backward: forward),
        "Both directions use the weights of the forward layer. The backward layer has its own.",
    ),
    Mistake(
        "backward_first",
        _two_ways(merge=lambda ahead, back: np.concatenate([back, ahead], axis=1)),
        "You put the backward states first. The forward states come first, as in Keras.",
    ),
    Mistake(
        "joined_in_time",
        _two_ways(merge=lambda ahead, back: np.concatenate([ahead, back], axis=0)),
        "You join along time, so the sequence is twice as long. The two states of a step belong "
        "side by side: `axis=1`.",
    ),
    Mistake(
        "joined_in_time_and_not_turned",
        _two_ways(
            merge=lambda ahead, back: np.concatenate([ahead, back], axis=0),
            turn_back=lambda h: h,
        ),
        "You join along time, so the sequence is twice as long. Turn the backward states round, "
        "`[::-1]`, and put them beside the forward ones: `axis=1`.",
    ),
    Mistake(
        "added",
        _two_ways(merge=lambda ahead, back: ahead + back),
        "You add the two states. Put them side by side: `np.concatenate([ahead, back], axis=1)`.",
    ),
    Mistake(
        "starts_where_the_forward_ended",
        _two_ways(start=lambda ahead, used: ahead[-1]),
        "Your backward layer starts from the last state of the forward layer. Both start from "
        "zero: the layers do not know of each other.",
    ),
]


# guess_letters: an open task

LETTERS = 11  # of a made-up language; 0 is the space
LENGTHS = (3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6)  # of its words
READ = 20  # letters that are given before each one to guess


def guess_letters(text: Ints, contexts: Ints, letters: int) -> Floats:
    """Train a recurrent network on the text, twenty letters at a time, and guess."""
    rng, units, one_hot = np.random.default_rng(0), 32, np.eye(letters)
    shapes = {"W": (letters, units), "U": (units, units), "V": (units, letters)}
    weights = {name: rng.normal(0, 0.15, shape) for name, shape in shapes.items()}
    weights |= {"b": np.zeros(units), "c": np.zeros(letters)}
    squares = {name: np.full_like(array, 1e-8) for name, array in weights.items()}
    h0 = np.zeros(units)
    for step in range(500):
        at = 20 * step % (len(text) - 20)
        x, y = one_hot[text[at : at + 20]], one_hot[text[at + 1 : at + 21]]
        h = rnn_forward(x, h0, weights["W"], weights["U"], weights["b"])
        wrong = softmax(h @ weights["V"] + weights["c"]) - y
        grads = {"V": h.T @ wrong, "c": wrong.sum(axis=0)}
        back = rnn_backward(wrong @ weights["V"].T, x, h0, h, weights["U"])
        grads["W"], grads["U"], grads["b"] = back
        for name, grad in clip_by_global_norm(grads, 5.0).items():
            squares[name] += grad**2
            weights[name] -= 0.1 * grad / np.sqrt(squares[name])
        h0 = h[-1]
    h = np.zeros((len(contexts), units))
    for read in contexts.T:
        h = np.tanh(one_hot[read] @ weights["W"] + h @ weights["U"] + weights["b"])
    return softmax(h @ weights["V"] + weights["c"])


def softmax(scores: Floats) -> Floats:
    """Turn each row of scores into probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def untrained_guesses(text: Ints, contexts: Ints, letters: int) -> Floats:
    """Guess with weights as they are drawn."""
    weights = np.random.default_rng(0).normal(size=(letters, letters))
    return softmax(weights[contexts[:, -1]])


def bits_saved(shares: Any, came: Any) -> float:
    """Return how many bits a guess saves on each letter, compared with equal shares for all.

    Rows are scaled to the sum 1. What gets less than one in a million counts as that.

    Examples
    --------
    >>> round(bits_saved(np.array([[1.0, 1.0], [3.0, 1.0]]), np.eye(2)), 3)
    -0.5
    """
    shares = np.maximum(np.asarray(shares, float), 1e-12)
    shares /= shares.sum(axis=1, keepdims=True)
    given = np.maximum((shares * came).sum(axis=1), 1e-6)
    return float(np.log2(given).mean() + np.log2(shares.shape[1]))


def letter_cases(rng: Rng) -> list[Case]:
    """Two languages: of each a text of 6,000 letters, and 400 places of another text."""
    cases = []
    for _ in range(2):
        words = [rng.integers(1, LETTERS, length) for length in LENGTHS]
        drawn = [words[number] for number in rng.integers(len(words), size=1800)]
        letters = np.concatenate([np.append(word, 0) for word in drawn])
        text, later = letters[:6000], letters[6000:9000]
        places = rng.integers(0, len(later) - READ, 400)
        contexts = later[places[:, np.newaxis] + np.arange(READ)]
        about = "6,000 letters of a language to learn from, 400 places to guess the next one"
        hidden = np.eye(LETTERS)[later[places + READ]]
        cases.append(Case((text, contexts, LETTERS), about, hidden=hidden))
    return cases


CHECKS = (
    Check(rnn_forward, 2, forward_cases, FORWARD_MISTAKES, ("h",)),
    Check(rnn_backward, 4, backward_cases, BACKWARD_MISTAKES, ("grad_W", "grad_U", "grad_b")),
    Check(spectral_radius, 1, radius_cases, RADIUS_MISTAKES, ("radius",)),
    Check(jacobian_norms, 2, jacobian_cases, JACOBIAN_MISTAKES, ("norms",)),
    Check(clip_by_global_norm, 2, clip_cases, CLIP_MISTAKES, ("clipped",)),
    Check(bidirectional_states, 2, bidirectional_cases, BIDIRECTIONAL_MISTAKES, ("states",)),
    Check(
        guess_letters,
        3,
        letter_cases,
        (),
        ("shares",),
        seconds=15.0,
        goal=Goal(
            bits_saved,
            bars=(0.8, 1.8, 2.5),
            advice=(
                "Equal shares for all letters save nothing. Count in the text how often each "
                "letter follows each other one: that alone reaches the first bar.",
                "You use what came just before, but not much more. Let the guess depend on more "
                "of the letters that were read: with a recurrent network, carry h from each piece "
                "of the text to the next, and print the loss every hundred pieces.",
                "Nearly there. Is the loss still falling when you stop? Train longer, or with "
                "larger steps; and never give any letter a share of nearly nothing.",
            ),
            untrained=untrained_guesses,
            name="the bits saved on each letter",
        ),
    ),
)
