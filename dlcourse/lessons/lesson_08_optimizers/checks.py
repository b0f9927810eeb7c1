"""Lesson 08, optimizers: steps of momentum and Adam, a falling rate, a range test, a ravine."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.nn.contract import Array as Floats
from dlcourse.nn.schedules import CosineDecay

Rng = np.random.Generator
Wrong = Callable[..., Any]

# momentum_step


def momentum_step(
    w: Floats,
    v: Floats,
    grad: Floats,
    learning_rate: float,
    momentum: float,
    nesterov: bool,
) -> tuple[Floats, Floats]:
    """Return the weights and the velocity after a step."""
    v = momentum * v - learning_rate * grad
    if nesterov:
        return w + momentum * v - learning_rate * grad, v
    return w + v, v


def momentum_cases(rng: Rng) -> list[Case]:
    """Take the first step, a later one, both kinds; whole numbers; random ones."""
    w, v, grad = np.array([1.0, 2.0]), np.array([0.5, -0.25]), np.array([1.0, 4.0])
    zero = np.zeros(2)
    whole = (np.array([3, -2]), np.array([1, 2]), np.array([2, -4]))
    fixed = decimals(always(), 3, 4)
    return [
        Case((w, zero, grad, 0.1, 0.5, False), "the first step, plain"),
        Case((w, v, grad, 0.1, 0.5, False), "a later step, plain"),
        Case((w, v, grad, 0.1, 0.5, True), "a later step, Nesterov"),
        Case((w, zero, grad, 0.1, 0.9, True), "the first step, Nesterov"),
        Case((w, v, zero, 0.1, 0.9, False), "no slope: the ball rolls on"),
        Case((*whole, 0.5, 0.25, False), "whole numbers, plain"),
        Case((*whole, 0.5, 0.25, True), "whole numbers, Nesterov"),
        Case((*fixed, 0.3, 0.7654321, False), "decimals, plain"),
        Case((*fixed, 0.3, 0.7654321, True), "decimals, Nesterov"),
        Case((*decimals(rng, 3, 4), 0.2, 0.9, False), "random numbers, plain"),
        Case((*decimals(rng, 3, 6), 0.7, 0.6, False), "random numbers, plain"),
        Case((*decimals(rng, 3, 4), 0.2, 0.9, True), "random numbers, Nesterov"),
        Case((*decimals(rng, 3, 6), 0.7, 0.6, True), "random numbers, Nesterov"),
    ]


VELOCITY = "v = momentum * v - learning_rate * grad"
AHEAD = "return w + momentum * v - learning_rate * grad, v"


def _in_place(w: Floats, v: Floats, grad: Floats, rate: float, share: float, ahead: bool) -> Any:
    v *= share
    v -= rate * grad
    w += share * v - rate * grad if ahead else v
    return w, v


MOMENTUM_MISTAKES = [
    Mistake(
        "in_place",
        _in_place,
        "The numbers are right, but `v *= ...` and `w += ...` change the caller's arrays. Write "
        "`v = momentum * v - ...` and `w + v`: those make new ones.",
    ),
    Mistake(
        "velocity_of_the_other_sign",
        (
            (VELOCITY, "v = momentum * v + learning_rate * grad"),
            (AHEAD, "return w - momentum * v - learning_rate * grad, v"),
            ("return w + v, v", "return w - v, v"),
        ),
        "You use the form with `w - v`, whose velocity has the other sign. Here v points downhill: "
        "v = momentum * v - learning_rate * grad, and then w + v.",
    ),
    Mistake(
        "uphill",
        (
            (VELOCITY, "v = momentum * v + learning_rate * grad"),
            (AHEAD, "return w + momentum * v + learning_rate * grad, v"),
        ),
        "You roll uphill. The gradient points where the loss grows: subtract learning_rate * grad.",
    ),
    Mistake(
        "rate_outside",
        (
            (VELOCITY, "v = momentum * v - grad"),
            (AHEAD, "return w + learning_rate * (momentum * v - grad), v"),
            ("return w + v, v", "return w + learning_rate * v, v"),
        ),
        "You keep the learning rate out of the velocity and multiply it in afterwards. Other "
        "libraries do; here it is part of v, as in Keras: v = momentum * v - learning_rate * grad.",
    ),
    Mistake(
        "as_in_pytorch",
        (
            (VELOCITY, "v = momentum * v + grad"),
            (AHEAD, "return w - learning_rate * (grad + momentum * v), v"),
            ("return w + v, v", "return w - learning_rate * v, v"),
        ),
        "This is PyTorch's form: v adds up slopes, and w - learning_rate * v follows. Here v is "
        "the step itself, as in Keras: v = momentum * v - learning_rate * grad, then w + v.",
    ),
    Mistake(
        "a_mean_of_slopes",
        (
            (VELOCITY, "v = momentum * v + (1 - momentum) * grad"),
            (AHEAD, "return w - learning_rate * (momentum * v + (1 - momentum) * grad), v"),
            ("return w + v, v", "return w - learning_rate * v, v"),
        ),
        "Your v is a moving average of the slopes, as in Adam. Here v is the step itself: "
        "v = momentum * v - learning_rate * grad, then w + v.",
    ),
    Mistake(
        "rate_for_all",
        (VELOCITY, "v = learning_rate * (momentum * v - grad)"),
        "You multiply the old velocity by the learning rate, too. Only the slope gets it: "
        "momentum * v - learning_rate * grad, without brackets.",
    ),
    Mistake(
        "rate_and_share_swapped",
        (
            (VELOCITY, "v = learning_rate * v - momentum * grad"),
            (AHEAD, "return w + learning_rate * v - momentum * grad, v"),
        ),
        "The two numbers are swapped: momentum multiplies the old velocity, learning_rate the "
        "slope.",
    ),
    Mistake(
        "no_learning_rate",
        (
            (VELOCITY, "v = momentum * v - grad"),
            (AHEAD, "return w + momentum * v - grad, v"),
        ),
        "The learning rate is missing: subtract learning_rate * grad.",
    ),
    Mistake(
        "an_average",
        (VELOCITY, "v = momentum * v - (1 - momentum) * learning_rate * grad"),
        "You multiply the slope by (1 - momentum), as a moving average does. Momentum adds the "
        "whole slope: v = momentum * v - learning_rate * grad.",
    ),
    Mistake(
        "momentum_for_the_slope_too",
        (VELOCITY, "v = momentum * (v - learning_rate * grad)"),
        "You multiply the new slope by momentum, too. Only the old velocity loses a share.",
    ),
    Mistake(
        "no_memory",
        (VELOCITY, "v = -learning_rate * grad"),
        "The old velocity is forgotten. Keep a share of it: momentum * v - learning_rate * grad.",
    ),
    Mistake(
        "old_velocity_whole",
        (VELOCITY, "v = v - learning_rate * grad"),
        "You keep the whole old velocity. Multiply it by momentum, or the ball never slows down.",
    ),
    Mistake(
        "moved_by_the_old_velocity",
        lambda w, v, grad, rate, share, ahead: (
            w + (share * v - rate * grad if ahead else v),
            share * v - rate * grad,
        ),
        "You move w by the velocity as it was before the step. First the new v, then w.",
    ),
    Mistake(
        "v_is_subtracted",
        (
            (AHEAD, "return w - momentum * v - learning_rate * grad, v"),
            ("return w + v, v", "return w - v, v"),
        ),
        "Your v is right, but you subtract it. It points downhill already: add it.",
    ),
    Mistake(
        "the_step_for_the_weights",
        (
            (AHEAD, "return momentum * v - learning_rate * grad, v"),
            ("return w + v, v", "return v, v"),
        ),
        "You return the step in place of the weights. Add it to w.",
    ),
    Mistake(
        "the_old_velocity_returned",
        (
            (VELOCITY, "new = momentum * v - learning_rate * grad"),
            (AHEAD, "return w + momentum * new - learning_rate * grad, v"),
            ("return w + v, v", "return w + new, v"),
        ),
        "Your weights are right, but you return the velocity as it came in. The next step needs "
        "the new one.",
    ),
    Mistake(
        "never_nesterov",
        (AHEAD, "return w + v, v"),
        "You do the same for both kinds. With nesterov=True, w moves by "
        "momentum * v - learning_rate * grad, with the new v.",
    ),
    Mistake(
        "always_nesterov",
        ("return w + v, v", AHEAD),
        "You always take the step of Nesterov. With nesterov=False, w moves by the new v alone.",
    ),
    Mistake(
        "kinds_swapped",
        ("if nesterov:", "if not nesterov:"),
        "The two kinds are swapped: look at what you do when nesterov is True.",
    ),
    Mistake(
        "nesterov_on_top",
        (AHEAD, "return w + v + momentum * v - learning_rate * grad, v"),
        "The plain step is right. With nesterov=True you take the plain step and Nesterov's. Take "
        "his alone: w + momentum * v - learning_rate * grad.",
    ),
    Mistake(
        "nesterov_adds_the_slope",
        (AHEAD, "return w + momentum * v + learning_rate * grad, v"),
        "The plain step is right. In Nesterov's the slope is added: it points uphill, so subtract "
        "learning_rate * grad.",
    ),
    Mistake(
        "nesterov_without_the_slope",
        (AHEAD, "return w + momentum * v, v"),
        "The plain step is right. Nesterov's has two parts: momentum * v with the new v, and "
        "- learning_rate * grad once more.",
    ),
    Mistake(
        "nesterov_with_all_of_v",
        (AHEAD, "return w + v - learning_rate * grad, v"),
        "The plain step is right. Nesterov takes a share of the new velocity: "
        "momentum * v - learning_rate * grad.",
    ),
    Mistake(
        "nesterov_keeps_the_look_ahead",
        (
            AHEAD,
            "v = momentum * v - learning_rate * grad\n        return w + v, v",
        ),
        "Nesterov's w is right, but you return the step as the velocity. v is updated once; "
        "the look ahead is for w alone.",
    ),
    Mistake(
        "weights_alone",
        lambda *arguments: momentum_step(*arguments)[0],
        "You return the weights only. The next step needs the velocity, too: return w, v.",
    ),
    Mistake(
        "turned_round",
        lambda *arguments: momentum_step(*arguments)[::-1],
        "The two are turned round: return the weights first, then the velocity.",
    ),
]


# adam_step


def adam_step(
    w: Floats,
    m: Floats,
    s: Floats,
    grad: Floats,
    t: int,
    learning_rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> tuple[Floats, Floats, Floats]:
    """Return the weights and both moving averages after step t, counted from 1."""
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    w = w - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)
    return w, m, s


def adam_cases(rng: Rng) -> list[Case]:
    """Take the first step, a later one, a large epsilon, whole numbers, random ones."""
    w, grad, zero = np.array([1.0, 2.0]), np.array([1.0, -4.0]), np.zeros(2)
    m, s = np.array([0.5, -0.25]), np.array([0.25, 2.0])
    whole = (np.array([3, -2]), np.array([1, 2]), np.array([4, 9]), np.array([2, -4]))

    def drawn(draw: Rng, size: int) -> tuple[Floats, ...]:
        w, m, s, grad = decimals(draw, 4, size)
        return w, m, np.abs(s), grad

    return [
        Case((w, zero, zero, grad, 1, 0.1, 0.9, 0.99, 1e-7), "the first step"),
        Case((w, m, s, grad, 2, 0.1, 0.5, 0.75, 1e-7), "the second step"),
        Case((w, m, s, grad, 10, 0.1, 0.9, 0.99, 1e-7), "the tenth step"),
        Case((w, m, s, grad, 3, 0.1, 0.5, 0.75, 0.5), "a large epsilon"),
        Case((w, m, s, zero, 5, 0.1, 0.9, 0.99, 1e-7), "no slope in this step"),
        Case((*whole, 2, 0.5, 0.5, 0.25, 0.125), "whole numbers"),
        Case((*drawn(always(), 4), 7, 0.3, 0.7654321, 0.95, 0.25), "decimals"),
        Case((*drawn(rng, 4), 1, 0.01, 0.9, 0.999, 0.125)),
        Case((*drawn(rng, 4), 4, 0.2, 0.6, 0.9, 0.25)),
        Case((*drawn(rng, 6), 20, 0.5, 0.8, 0.95, 0.5)),
    ]


MEAN = "m = beta_1 * m + (1 - beta_1) * grad"
SQUARE = "s = beta_2 * s + (1 - beta_2) * grad**2"
MEAN_HAT, SQUARE_HAT = "m_hat = m / (1 - beta_1**t)", "s_hat = s / (1 - beta_2**t)"
STEP = "w = w - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)"
BACK = "return w, m, s"
# What divides by 0 or takes the root of a negative number says nothing about it.
QUIET_STEP = (STEP, f'with np.errstate(all="ignore"):\n        {STEP}')


def _corrected_by(mean: str, square: str) -> tuple[tuple[str, str], ...]:
    """Return the edits that divide the averages by something else."""
    return (
        (MEAN_HAT, 'with np.errstate(all="ignore"):'),
        (SQUARE_HAT, f"    m_hat, s_hat = m / ({mean}), s / ({square})"),
        (STEP, f"    {STEP}"),
    )


def _adam_in_place(
    w: Floats,
    m: Floats,
    s: Floats,
    grad: Floats,
    t: int,
    learning_rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> Any:
    m *= beta_1
    m += (1 - beta_1) * grad
    s *= beta_2
    s += (1 - beta_2) * grad**2
    w -= learning_rate * m / (1 - beta_1**t) / (np.sqrt(s / (1 - beta_2**t)) + epsilon)
    return w, m, s


ADAM_MISTAKES = [
    Mistake(
        "in_place",
        _adam_in_place,
        "The numbers are right, but `m *= ...` changes the caller's arrays. Write "
        "`m = beta_1 * m + ...`: that makes a new one.",
    ),
    Mistake(
        "epsilon_beside_the_uncorrected_root",
        (
            (MEAN_HAT, "root = np.sqrt(1 - beta_2**t)"),
            (SQUARE_HAT, "rate = learning_rate * root / (1 - beta_1**t)"),
            (STEP, "w = w - rate * m / (np.sqrt(s) + epsilon)"),
        ),
        "You put the correction into the learning rate, as Keras does. Then epsilon stands beside "
        "the root of s and is another one. Add it to the corrected root: np.sqrt(s_hat) + epsilon.",
    ),
    Mistake(
        "not_corrected",
        ((MEAN_HAT, "m_hat = m"), (SQUARE_HAT, "s_hat = s")),
        "The averages are right, but w moves without the correction: divide m by (1 - beta_1**t) "
        "and s by (1 - beta_2**t) first.",
    ),
    Mistake(
        "mean_not_corrected",
        (MEAN_HAT, "m_hat = m"),
        "You correct s and not m. Divide m by (1 - beta_1**t), too.",
    ),
    Mistake(
        "square_not_corrected",
        (SQUARE_HAT, "s_hat = s"),
        "You correct m and not s. Divide s by (1 - beta_2**t), too.",
    ),
    Mistake(
        "correction_kept",
        (BACK, "return w, m_hat, s_hat"),
        "Your w is right, but you return the corrected averages. The next step goes on from m and "
        "s as they were before the correction.",
    ),
    Mistake(
        "correction_without_t",
        ((MEAN_HAT, "m_hat = m / (1 - beta_1)"), (SQUARE_HAT, "s_hat = s / (1 - beta_2)")),
        "You divide by (1 - beta). That is right for the first step only: take beta to the power "
        "of t.",
    ),
    Mistake(
        "beta_times_t",
        _corrected_by("1 - beta_1 * t", "1 - beta_2 * t"),
        "You multiply beta by t. The correction has a power: beta_1**t and beta_2**t.",
    ),
    Mistake(
        "power_of_the_difference",
        (
            (MEAN_HAT, "m_hat = m / (1 - beta_1) ** t"),
            (SQUARE_HAT, "s_hat = s / (1 - beta_2) ** t"),
        ),
        "You raise the whole difference to the power t. Only beta gets it: 1 - beta_1**t.",
    ),
    Mistake(
        "corrected_by_multiplying",
        (
            (MEAN_HAT, "m_hat = m * (1 - beta_1**t)"),
            (SQUARE_HAT, "s_hat = s * (1 - beta_2**t)"),
        ),
        "You multiply by (1 - beta**t). The averages are too small at first: divide by it.",
    ),
    Mistake(
        "t_one_less",
        _corrected_by("1 - beta_1 ** (t - 1)", "1 - beta_2 ** (t - 1)"),
        "You take the power t - 1, which divides by 0 in the first step. t counts from 1 already: "
        "beta_1**t.",
    ),
    Mistake(
        "old_averages_corrected",
        lambda w, m, s, grad, t, rate, beta_1, beta_2, epsilon: (
            w - rate * m / (1 - beta_1**t) / (np.sqrt(s / (1 - beta_2**t)) + epsilon),
            *adam_step(w, m, s, grad, t, rate, beta_1, beta_2, epsilon)[1:],
        ),
        "You correct the averages before this step's slope is in them. First m and s, then m_hat "
        "and s_hat.",
    ),
    Mistake(
        "old_averages_returned",
        lambda w, m, s, grad, *rest: (adam_step(w, m, s, grad, *rest)[0], m, s),
        "Your w is right, but you return the averages as they came in. The next step goes on from "
        "the new ones.",
    ),
    Mistake(
        "t_from_zero",
        (
            (MEAN_HAT, "m_hat = m / (1 - beta_1 ** (t + 1))"),
            (SQUARE_HAT, "s_hat = s / (1 - beta_2 ** (t + 1))"),
        ),
        "You take the power t + 1. t counts the steps from 1, so the first step has beta**1.",
    ),
    Mistake(
        "betas_swapped_in_the_correction",
        (
            (MEAN_HAT, "m_hat = m / (1 - beta_2**t)"),
            (SQUARE_HAT, "s_hat = s / (1 - beta_1**t)"),
        ),
        "The betas of the correction are swapped: beta_1 belongs to m, beta_2 to s.",
    ),
    Mistake(
        "betas_swapped",
        lambda w, m, s, grad, t, rate, beta_1, beta_2, epsilon: adam_step(
            w, m, s, grad, t, rate, beta_2, beta_1, epsilon
        ),
        "The two betas are swapped: beta_1 belongs to the average of the slope, beta_2 to that of "
        "its square.",
    ),
    Mistake(
        "beta_1_for_both",
        (
            (SQUARE, "s = beta_1 * s + (1 - beta_1) * grad**2"),
            (SQUARE_HAT, "s_hat = s / (1 - beta_1**t)"),
        ),
        "You use beta_1 for both averages. s has its own: beta_2, in the average and in the "
        "correction.",
    ),
    Mistake(
        "shares_swapped",
        (
            (MEAN, "m = (1 - beta_1) * m + beta_1 * grad"),
            (SQUARE, "s = (1 - beta_2) * s + beta_2 * grad**2"),
        ),
        "The shares are swapped: beta is what stays of the old average, 1 - beta what comes new.",
    ),
    Mistake(
        "whole_slope_added",
        ((MEAN, "m = beta_1 * m + grad"), (SQUARE, "s = beta_2 * s + grad**2")),
        "You add the whole slope, as momentum does. In an average the new part has the share "
        "1 - beta.",
    ),
    Mistake(
        "not_squared",
        (SQUARE, "s = beta_2 * s + (1 - beta_2) * np.abs(grad)"),
        "s averages the size of the slope. It must average the square: grad**2.",
    ),
    Mistake(
        "slope_for_its_square",
        ((SQUARE, "s = beta_2 * s + (1 - beta_2) * grad"), QUIET_STEP),
        "s averages the slope, like m, and has no root where it is negative. Average the square: "
        "grad**2.",
    ),
    Mistake(
        "one_size_for_all_weights",
        (SQUARE, "s = beta_2 * s + (1 - beta_2) * np.sum(grad**2)"),
        "You add up the squares of all slopes. Each weight has a size of its own: grad**2, without "
        "a sum.",
    ),
    Mistake(
        "square_of_the_average",
        (SQUARE, "s = beta_2 * s + (1 - beta_2) * m**2"),
        "s averages the square of m. It must average the square of the slope itself: grad**2.",
    ),
    Mistake(
        "no_root",
        (STEP, "w = w - learning_rate * m_hat / (s_hat + epsilon)"),
        "The root is missing: divide by np.sqrt(s_hat) + epsilon.",
    ),
    Mistake(
        "epsilon_inside",
        (STEP, "w = w - learning_rate * m_hat / np.sqrt(s_hat + epsilon)"),
        "You add epsilon inside the root. Here, as in the paper, it is added after the root: "
        "np.sqrt(s_hat) + epsilon.",
    ),
    Mistake(
        "epsilon_left_out",
        (STEP, "w = w - learning_rate * m_hat / np.sqrt(s_hat)"),
        "epsilon is missing: divide by np.sqrt(s_hat) + epsilon.",
    ),
    Mistake(
        "epsilon_added_to_the_quotient",
        (STEP, "w = w - learning_rate * (m_hat / np.sqrt(s_hat) + epsilon)"),
        "epsilon is added to the quotient: put brackets around np.sqrt(s_hat) + epsilon.",
    ),
    Mistake(
        "epsilon_added_to_the_weights",
        (STEP, "w = w - learning_rate * m_hat / np.sqrt(s_hat) + epsilon"),
        "Without brackets epsilon is added to w. Divide by the sum: (np.sqrt(s_hat) + epsilon).",
    ),
    Mistake(
        "the_step_for_the_weights",
        (STEP, "w = learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)"),
        "You return the step in place of the weights. Subtract it from w.",
    ),
    Mistake(
        "slope_in_place_of_its_average",
        (STEP, "w = w - learning_rate * grad / (np.sqrt(s_hat) + epsilon)"),
        "You step along the slope of this batch, as RMSprop does. Adam steps along its average, "
        "m_hat.",
    ),
    Mistake(
        "uphill",
        (STEP, "w = w + learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)"),
        "You walk uphill: subtract the step.",
    ),
    Mistake(
        "no_learning_rate",
        (STEP, "w = w - m_hat / (np.sqrt(s_hat) + epsilon)"),
        "The learning rate is missing: multiply the step by it.",
    ),
    Mistake(
        "weights_alone",
        (BACK, "return w"),
        "You return the weights only. The next step needs both averages: return w, m, s.",
    ),
    Mistake(
        "weights_last",
        (BACK, "return m, s, w"),
        "The three are in another order: return the weights first, then m, then s.",
    ),
]


# cosine_decay


def cosine_decay(step: int, steps: int, learning_rate: float) -> float:
    """Return the learning rate of a step, counted from 0."""
    return CosineDecay(learning_rate, steps)(step)


def plain_cosine_decay(step: int, steps: int, learning_rate: float) -> float:
    """Return it as a learner computes it."""
    share = min(step, steps) / steps
    return float(learning_rate * (1 + np.cos(np.pi * share)) / 2)


def cosine_cases(rng: Rng) -> list[Case]:
    """Begin, middle, a third, end, beyond; random rates."""
    rates = decimals(rng, 3)
    return [
        Case((0, 100, 0.5), "the first step"),
        Case((50, 100, 0.5), "half of the way"),
        Case((25, 75, 2.0), "a third of the way"),
        Case((2, 3, 1.5), "two thirds of the way"),
        Case((100, 100, 0.5), "the end"),
        Case((130, 100, 0.5), "beyond the end"),
        Case((7, 30, 0.8), "step 7 of 30"),
        Case((45, 60, float(abs(rates[0]))), "a random rate"),
        Case((9, 50, float(abs(rates[1]))), "a random rate"),
        Case((80, 60, float(abs(rates[2]))), "a random rate, beyond the end"),
    ]


SHARE = "share = min(step, steps) / steps"
WAVE = "learning_rate * (1 + np.cos(np.pi * share)) / 2"
COSINE_MISTAKES = [
    Mistake(
        "rises_again",
        (SHARE, "share = step / steps"),
        "After the last step the rate rises again. It must stay at 0: use min(step, steps).",
    ),
    Mistake(
        "starts_again",
        (SHARE, "share = step % steps / steps"),
        "With `%` the rate starts again after the last step, from the top. It must stay at 0: use "
        "min(step, steps).",
    ),
    Mistake(
        "whole_rate_beyond",
        (SHARE, "share = step / steps if step <= steps else 0"),
        "Beyond the last step you return the whole rate. There it is 0.",
    ),
    Mistake(
        "max_for_min",
        (SHARE, "share = max(step, steps) / steps"),
        "`max` takes the larger of the two, so the share is 1 from the start. Take the smaller: "
        "min(step, steps).",
    ),
    Mistake(
        "one_step_less",
        (SHARE, "share = min(step, steps) / (steps - 1)"),
        "You divide by steps - 1. The rate is 0 in step `steps`, so divide by steps.",
    ),
    Mistake(
        "one_step_ahead",
        (SHARE, "share = min(step + 1, steps) / steps"),
        "You are one step ahead. Steps count from 0, and in step 0 the rate is whole: use step.",
    ),
    Mistake(
        "no_half",
        (WAVE, "learning_rate * (1 + np.cos(np.pi * share))"),
        "Your rate starts at twice the learning rate: 1 + cos is 2 at the start. Divide by 2.",
    ),
    Mistake(
        "a_rising_wave",
        (WAVE, "learning_rate * (1 - np.cos(np.pi * share)) / 2"),
        "Your rate starts at 0 and rises. Add the cosine: (1 + cos) / 2 falls from 1 to 0.",
    ),
    Mistake(
        "no_pi",
        (WAVE, "learning_rate * (1 + np.cos(share)) / 2"),
        "np.cos takes radians, and half a wave is pi long: np.cos(np.pi * step / steps).",
    ),
    Mistake(
        "degrees",
        (WAVE, "learning_rate * (1 + np.cos(180 * share)) / 2"),
        "np.cos takes radians. Half a wave is np.pi, not 180.",
    ),
    Mistake(
        "cosine_of_the_step_alone",
        (WAVE, "learning_rate * (1 + np.cos(np.pi * share * steps) / steps) / 2"),
        "You take the cosine of pi * step and divide it by steps. Divide inside the brackets: "
        "np.cos(np.pi * step / steps).",
    ),
    Mistake(
        "no_brackets",
        (WAVE, "learning_rate * 1 + np.cos(np.pi * share) / 2"),
        "Brackets are missing: the sum 1 + cos is what is multiplied by the rate and halved.",
    ),
    Mistake(
        "sine",
        (WAVE, "learning_rate * (1 + np.sin(np.pi * share)) / 2"),
        "You use the sine, which is 0 at the start and at the end. The cosine falls from 1 to -1.",
    ),
    Mistake(
        "a_whole_wave",
        (WAVE, "learning_rate * (1 + np.cos(2 * np.pi * share)) / 2"),
        "Your rate falls and comes back: that is a whole wave. Half of one is np.pi long.",
    ),
    Mistake(
        "a_quarter_wave",
        (WAVE, "learning_rate * np.cos(np.pi / 2 * share)"),
        "You take a quarter of a wave, which ends in its steepest fall. Half a wave is flat at "
        "both ends: (1 + cos(pi step / steps)) / 2.",
    ),
    Mistake(
        "cosine_alone",
        (WAVE, "learning_rate * np.cos(np.pi * share)"),
        "The cosine goes from 1 to -1, and a rate below 0 walks uphill. Add 1 and divide by 2.",
    ),
    Mistake(
        "a_line",
        (WAVE, "learning_rate * (1 - share)"),
        "Your rate falls along a line. Use the cosine: (1 + cos(pi step / steps)) / 2.",
    ),
    Mistake(
        "rate_left_out",
        (WAVE, "(1 + np.cos(np.pi * share)) / 2"),
        "You return the share of the rate. Multiply it by learning_rate.",
    ),
    Mistake(
        "whole_division",
        (SHARE, "share = min(step, steps) // steps"),
        "`//` drops what is behind the point, so the share is 0 until the end. Divide with `/`.",
    ),
]


# lr_range_test


def lr_range_test(rates: Floats, losses: Floats) -> float:
    """Return the rate of the step with the largest fall, up to the lowest loss."""
    lowest = int(np.argmin(losses))
    if lowest == 0:
        return float(rates[0])
    falls = losses[:lowest] - losses[1 : lowest + 1]
    return float(rates[1 + np.argmax(falls)])


def range_cases(rng: Rng) -> list[Case]:
    """Fall, break, come down again; fall in one step or none; random ones."""

    def case(losses: list[float], about: str, scale: float = 1.0) -> Case:
        rates = 0.00123456789 * scale * 2.0 ** np.arange(len(losses))
        return Case((rates, np.array(losses)), about)

    trap = [2.3, 2.0, 1.55, 1.3, 1.2, 1.5, 9.0, 3.0, 2.5]
    return [
        case([2.3, 2.2, 1.5, 1.2, 1.1, 1.3], "falls, then rises a little"),
        case(trap, "shoots up, and comes down again"),
        case([2.3, 2.1, 1.8, 1.0, 8.0, 2.0, 30.0, 4.0], "the steepest fall leads to the lowest"),
        case([2.4, 1.4, 1.3, 1.2, 5.0, 1.9], "the first step falls most"),
        case([2.0, 2.3, 1.9, 1.2, 1.0, 0.9, 4.0, np.inf], "rises first; lost in the end"),
        case([1.0, 1.5, 4.0, 2.0, 3.0], "nothing falls below the first loss"),
        case([8.0, 7.0, 5.5, 6.0, 2.0, 1.9, 0.5, 0.4, 6.0, 1.0], "falls in several places"),
        case([8.0, 7.0, 5.0, 4.5, 2.5, 2.0, 9.0, 3.0], "two steps fall as much"),
        *(
            case([value + shift for value in trap], "another network", scale)
            for shift, scale in np.abs(decimals(rng, 3, 2)).tolist()
        ),
    ]


LOWEST = "lowest = int(np.argmin(losses))"
FALLS = "falls = losses[:lowest] - losses[1 : lowest + 1]"
NONE = "if lowest == 0:\n        return float(rates[0])"
RATE = "return float(rates[1 + np.argmax(falls)])"
RANGE_MISTAKES = [
    Mistake(
        "the_trap",
        (FALLS, "falls = losses[:-1] - losses[1:]"),
        "This is the trap: the steepest fall of the whole curve lies after the break. Search only "
        "up to the lowest loss.",
    ),
    Mistake(
        "the_trap_without_the_first_question",
        lambda rates, losses: float(rates[1 + np.argmax(losses[:-1] - losses[1:])]),
        "This is the trap: the steepest fall of the whole curve lies after the break. Search only "
        "up to the lowest loss.",
    ),
    Mistake(
        "at_the_lowest",
        (RATE, "return float(rates[lowest])"),
        "You return the rate of the lowest loss, which is about to be too high. Return the one "
        "where the loss falls most.",
    ),
    Mistake(
        "a_tenth_of_the_lowest",
        (RATE, "return float(rates[lowest]) / 10"),
        "You return a tenth of the rate at the lowest loss. That is a rule of thumb, too; here "
        "return the rate of the largest fall before it.",
    ),
    Mistake(
        "the_step_before",
        (RATE, "return float(rates[np.argmax(falls)])"),
        "You are one step early. A fall from losses[i - 1] to losses[i] was made with rates[i]: "
        "falls begins with the second loss.",
    ),
    Mistake(
        "the_last_fall_left_out",
        (FALLS, "falls = losses[: lowest - 1] - losses[1:lowest]"),
        "You leave out the step that leads to the lowest loss. It counts, too.",
    ),
    Mistake(
        "steepest_rise",
        (FALLS, "falls = losses[1 : lowest + 1] - losses[:lowest]"),
        "You find the step where the loss falls least, or rises. A fall is the loss before minus "
        "the loss after.",
    ),
    Mistake(
        "largest_change",
        (FALLS, "falls = np.abs(losses[:-1] - losses[1:])"),
        "You look for the largest change, up or down, on the whole curve. Look for the largest "
        "fall, up to the lowest loss.",
    ),
    Mistake(
        "its_number",
        (RATE, "return int(1 + np.argmax(falls))"),
        "You return the number of the step. Return its learning rate: rates[...].",
    ),
    Mistake(
        "the_fall_itself",
        (RATE, "return float(np.max(falls))"),
        "You return how much the loss falls. Return the learning rate of that step.",
    ),
    Mistake(
        "by_the_share",
        (FALLS, "falls = 1 - losses[1 : lowest + 1] / losses[:lowest]"),
        "You compare by what share the loss falls. Compare the falls themselves: before minus "
        "after.",
    ),
    Mistake(
        "by_the_rate",
        (
            FALLS,
            "falls = (losses[:lowest] - losses[1 : lowest + 1]) / np.diff(rates[: lowest + 1])",
        ),
        "You divide each fall by how much the rate grew, so small rates win. Compare the falls "
        "themselves.",
    ),
    Mistake(
        "last_of_equals",
        (RATE, "return float(rates[lowest - np.argmax(falls[::-1])])"),
        "If several steps fell as much, you take the last. Take the first: compare with `>`, not "
        "with `>=`.",
    ),
    Mistake(
        "up_to_the_first_rise",
        (LOWEST, "lowest = int(np.argmax(np.diff(losses) > 0))"),
        "You stop at the first rise. The loss may rise for a step and fall on: search up to the "
        "lowest of all losses.",
    ),
    Mistake(
        "its_loss",
        (RATE, "return float(losses[1 + np.argmax(falls)])"),
        "You return the loss after that step. Return its learning rate: rates[...].",
    ),
    Mistake(
        "between_two_rates",
        (RATE, "return float(np.mean(rates[np.argmax(falls) : np.argmax(falls) + 2]))"),
        "You return the middle of two rates. The fall was made by one step: return its rate.",
    ),
    Mistake(
        "np_gradient",
        (FALLS, "falls = -np.gradient(losses)[1 : lowest + 1]"),
        "`np.gradient` compares the neighbours on both sides and blurs the fall. Take each loss "
        "minus the next one.",
    ),
    Mistake(
        "highest",
        (LOWEST, "lowest = int(np.argmax(losses))"),
        "You search up to the highest loss. The search ends at the lowest: np.argmin.",
    ),
    Mistake(
        "none_is_forgotten",
        (NONE, "if lowest == 0:\n        return float(rates[1])"),
        "If the first loss is the lowest, there is no fall to choose: return the first rate.",
    ),
]


# cross_ravine: an open task


def cross_ravine(x: Floats, y: Floats) -> Floats:
    """Walk with much momentum: the rate by the steepest bend, which is at most x' x / 4 n."""
    rate = 1 / np.linalg.eigvalsh(x.T @ x / (4 * len(x)))[-1]
    w: Floats = np.zeros(x.shape[1])
    v: Floats = np.zeros(x.shape[1])
    for _ in range(12_000):
        grad = x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(x)
        w, v = momentum_step(w, v, grad, rate, 0.996, True)
    return w


def untrained_ravine(x: Floats, y: Floats) -> Floats:
    """Return the start."""
    return np.zeros(x.shape[1])


def best_weights(x: Floats, y: Floats) -> Floats:
    """Return the weights of the lowest loss, by Newton's method, shape (columns,)."""
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        bends = (x * (p * (1 - p))[:, np.newaxis]).T @ x
        w = w - np.linalg.solve(bends, x.T @ (p - y))
    return w


def digits_right(found: Any, best: Any) -> float:
    """Return to how many decimal digits the weights are right, taken together.

    Examples
    --------
    >>> round(digits_right(np.array([3.0, 4.005]), np.array([3.0, 4.0])), 1)
    3.0
    """
    off = np.asarray(found, dtype=float) - best
    distance = float(np.linalg.norm(off) / np.linalg.norm(best))
    if not np.isfinite(distance):
        return -np.inf
    return -math.log10(max(distance, 1e-12))


def off_course(found: Any, case: Case) -> str:
    """Say what is wrong with weights that no lack of steps explains."""
    x, best = case.arguments[0], case.hidden
    if not isinstance(found, np.ndarray) or found.shape != np.shape(best):
        return ""
    if found.dtype.kind not in "iuf" or not np.all(np.isfinite(found)):
        return ""
    if float(found @ best) < 0:
        return (
            "Your weights point away from the best ones: you walk uphill. The gradient is "
            "x.T @ (y_hat - y) / n, and it is subtracted."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        if np.linalg.norm(x @ (found - best)) <= np.linalg.norm(x @ best):
            return ""
    return (
        "Your answers are farther from the best ones than those of all zeros: the walk is thrown "
        "from wall to wall. Divide the gradient by n, and keep the rate below the limit."
    )


def ravine_cases(rng: Rng) -> list[Case]:
    """Two ravines in eight directions, the flattest a hundred thousand times flatter."""
    cases = []
    for _ in range(2):
        turned, _ = np.linalg.qr(rng.normal(size=(8, 8)))
        x = rng.normal(size=(300, 8)) * np.geomspace(1, 0.003, 8) @ turned
        truth = turned.T @ (np.sqrt(8) / 4 * rng.choice([-1.0, 1.0], 8) / np.geomspace(1, 0.003, 8))
        y = (rng.random(300) < 1 / (1 + np.exp(-x @ truth))).astype(float)
        about = "300 examples with 8 inputs; the answer is 8 weights"
        cases.append(Case((x, y), about, hidden=best_weights(x, y)))
    return cases


CHECKS = (
    Check(momentum_step, 2, momentum_cases, MOMENTUM_MISTAKES, ("w", "v")),
    Check(adam_step, 3, adam_cases, ADAM_MISTAKES, ("w", "m", "s")),
    Check(
        cosine_decay, 1, cosine_cases, COSINE_MISTAKES, ("learning rate",), plain=plain_cosine_decay
    ),
    Check(lr_range_test, 2, range_cases, RANGE_MISTAKES, ("learning rate",), atol=1e-12),
    Check(
        cross_ravine,
        2,
        ravine_cases,
        (),
        ("weights",),
        seconds=20.0,
        goal=Goal(
            digits_right,
            bars=(0.3, 1.0, 2.0),
            advice=(
                "Your weights are hardly nearer to the best ones than the start. Print the length "
                "of the gradient every 100 steps: is the rate just below the limit? "
                "Plain descent crawls along the flattest direction; give it momentum.",
                "You are on the way along the ravine. More momentum: with a condition number of "
                "100,000 the theory of the lesson asks for 0.98 and more. And more steps.",
                "Nearly there. Keep the rate just below the limit, raise momentum further, and "
                "walk on until the length of the gradient stops falling.",
            ),
            untrained=untrained_ravine,
            slip=off_course,
            name="the number of right digits",
        ),
    ),
)
