"""Lesson 02, the perceptron: one step, training, Novikoff's bound, what is separable, an island.

The inputs of the first four functions end with a constant 1, so that the last weight is the bias.
Labels are -1 and +1. A score of exactly 0 counts as a mistake.

Random inputs are multiples of 1/4. Sums of such numbers are exact in float64, so an answer
that adds in another order meets the same scores, also where a score is 0. The flowers are
decimals, which float32 does not hold as float64 does; none of their scores is near 0.

Where a perceptron trains, each drawn set of samples is one of `SETS` in disguise: its features
in another order, some with the other sign. The weights follow, and so does all that a wrong
answer does: it is wrong on every draw or on none.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.goal import Goal, accuracy, two_answers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rng = np.random.Generator
Fit = tuple[Floats, int, int]

CORNERS = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
AND = np.array([-1, -1, -1, 1])
OR = np.array([-1, 1, 1, 1])
XOR = np.array([-1, 1, 1, -1])

FLOWERS = np.array([[1.4, 0.2, 1], [4.7, 1.4, 1], [1.3, 0.2, 1], [3.3, 1.1, 1]])  # petals, in cm
SPECIES = np.array([-1, 1, -1, 1])

MAX_EPOCHS = 200  # of is_separable, as the exercise says


def quarters(rng: Rng, *shape: int) -> Floats:
    """Draw multiples of 1/4 between -3 and 3."""
    return rng.integers(-12, 13, shape) / 4


# Samples, features, and the seed of data on which every known mistake shows.
SETS = ((6, 2, 14), (6, 2, 28), (6, 2, 35), (6, 3, 19))


@cache
def separable(samples: int, features: int, seed: int) -> tuple[Floats, Ints]:
    """Return data that a perceptron separates in some epochs, but not in the first one."""
    rng = np.random.default_rng(seed)
    while True:
        x = np.column_stack([quarters(rng, samples, features), np.ones(samples)])
        y = np.where(x @ np.append(quarters(rng, features), rng.choice([-1.25, 1.25])) > 0, 1, -1)
        _, mistakes, epochs = perceptron_fit(x, y, 25)
        if 3 <= epochs < 25 and mistakes > 2 and abs(y.sum()) < samples:
            return x, y


def disguised(rng: Rng, samples: int, features: int, seed: int) -> tuple[Floats, Ints]:
    """Return a set with the same labels, its features mixed and some of them mirrored."""
    x, y = separable(samples, features, seed)
    order = np.append(rng.permutation(features), features)
    signs = np.append(rng.choice([-1, 1], features), 1)
    return x[:, order] * signs, y.copy()


def contradiction(rng: Rng, samples: int, features: int, seed: int) -> tuple[Floats, Ints]:
    """Return a set in disguise whose first two samples are the same, with both labels."""
    x, y = disguised(rng, samples, features, seed)
    x[0], y[0] = x[1], -y[1]
    return x, y


# perceptron_step


def perceptron_step(w: Floats, x: Floats, y: int) -> Floats:
    """Return the weights after one sample: moved if it was a mistake, else as they were."""
    return w + y * x if y * (w @ x) <= 0 else w


def step_cases(rng: Rng) -> list[Case]:
    """Zero weights, both classes right and wrong, scores at and near 0, random ones."""

    def case(w: list[float], x: list[float], y: int, about: str) -> Case:
        return Case((np.array(w, dtype=float), np.array(x, dtype=float), y), about)

    cases = [
        case([0, 0, 0], [1, 2, 1], 1, "all weights are zero, so the score is 0: a mistake"),
        case([0, 0, 0], [1, 2, 1], -1, "all weights are zero, so the score is 0: a mistake"),
        case([1, 1, -4], [1, 2, 1], 1, "class +1, and the score is -1: a mistake"),
        case([1, 2, -1], [1, 1, 1], -1, "class -1, and the score is 2: a mistake"),
        case([1, 1, -1], [2, 1, 1], 1, "class +1, and the score is 2: right"),
        case([1, 1, -3], [1, 0, 1], -1, "class -1, and the score is -2: right"),
        case([1, -1, 0], [2, 2, 1], -1, "the score is exactly 0: a mistake"),
        case([0.001, 0], [1, 1], 1, "class +1, and the score is 0.001, just right"),
        case([1, -1.25], [1, 1], -1, "class -1, and the score is -0.25: right"),
        case([2, 1, -2], [1, 1, 1], 1, "class +1, and the score is 1: right"),
        case([2, 1, -2], [1, 1, 1], -1, "class -1, and the score is 1: a mistake"),
        case([1 / 3, -2 / 3, 0.1], [-0.6, 1.1, 1], 1, "decimals of either sign"),
        case([-2 / 3, -0.4, 0.1], [-0.6, 0.8, 1], 1, "decimals, and the sample is right"),
        case([0.9, 0.3, -0.5], [0.7, 0.2, 1], 1, "inputs below 1, and the sample is right"),
        Case((np.array([0, 0]), np.array([0.3, 1.0]), 1), "w holds whole numbers, x does not"),
        Case((np.array([1, -2, 1]), np.array([2, 3, 1]), 1), "whole numbers"),
    ]
    for y, wrong, shown in (
        (1, True, "left out"),
        (-1, True, "left out"),
        (1, True, "twice"),
        (-1, True, "twice"),
        (1, False, "left out"),
        (-1, False, "twice"),
    ):
        cases.append(_drawn_sample(rng, -y if wrong else y, y, shown))
    return cases


def _drawn_sample(rng: Rng, sign: int, y: int, shown: str) -> Case:
    """Draw a score of this sign that has the other sign if the bias is not what it should be.

    It is left out of the score, or counted twice; and it is the last weight, not the first.
    """
    while True:
        w, x = quarters(rng, 4), np.append(quarters(rng, 3), 1.0)
        score, bias = w @ x, w[-1]
        other = score - bias if shown == "left out" else score + bias
        if sign * score > 1 and sign * other < 0 and sign * (w[0] + w[1:] @ x[:-1]) < 0 and x.all():
            return Case((w, x, y))


def _step(wrong: Callable[..., Any], move: Callable[..., Any]) -> Callable[..., Any]:
    """Build a step from a condition and a move, each of (w, x, y)."""
    return lambda w, x, y: move(w, x, y) if wrong(w, x, y) else w


def _is_wrong(w: Floats, x: Floats, y: int) -> bool:
    return bool(y * (w @ x) <= 0)


def _guess(w: Floats, x: Floats) -> int:
    return 1 if w @ x >= 0 else -1


def _move(w: Floats, x: Floats, y: int) -> Floats:
    return w + y * x


def _in_place(w: Floats, x: Floats, y: int) -> Floats:
    if _is_wrong(w, x, y):
        w += y * x
    return w


def _without_bias(x: Floats) -> Floats:
    return np.append(x[:-1], 0)


ZERO_SCORE = (
    "You let a score of exactly 0 pass. It counts as a mistake: with `< 0` the weights start at "
    "zero, every score is 0, and nothing is ever learned. Write `y * score <= 0`."
)

NO_LEARNING_RATE = (
    "You multiply the update by a learning rate of 0.1. Rosenblatt's rule has none: add `y * x`. "
    "(From zero weights it would change the length of w, and no prediction.)"
)

STEP_MISTAKES = [
    Mistake(
        "in_place",
        _in_place,
        "The numbers are right, but `w += ...` changes the caller's array w in place. Write "
        "`w = w + y * x`: that makes a new array.",
    ),
    Mistake(
        "zero_score_is_right",
        _step(lambda w, x, y: y * (w @ x) < 0, _move),
        ZERO_SCORE,
    ),
    Mistake(
        "zero_score_is_plus_one",
        _step(lambda w, x, y: _guess(w, x) != y, _move),
        "You count a score of exactly 0 as class +1. It belongs to neither class and is always "
        "a mistake: test `y * score <= 0`.",
    ),
    Mistake(
        "zero_score_is_minus_one",
        _step(lambda w, x, y: (1 if w @ x > 0 else -1) != y, _move),
        "You count a score of exactly 0 as class -1. It belongs to neither class and is always "
        "a mistake: test `y * score <= 0`.",
    ),
    Mistake(
        "every_sample",
        _step(lambda w, x, y: True, _move),
        "You move the weights for every sample. The perceptron learns from its mistakes only: "
        "first compute the score `w @ x`, and move if `y * score <= 0`.",
    ),
    Mistake(
        "only_right_samples",
        _step(lambda w, x, y: y * (w @ x) > 0, _move),
        "Your condition is the wrong way round: you move the weights when the sample is right. "
        "A mistake is `y * score <= 0`.",
    ),
    Mistake(
        "wrong_sign",
        _step(_is_wrong, lambda w, x, y: w - y * x),
        "You move the weights away from the sample: the sign of the update is wrong. Add `y * x`.",
    ),
    Mistake(
        "label_left_out",
        _step(_is_wrong, lambda w, x, y: w + x),
        "You always add x. For a sample of class -1 it must be subtracted: add `y * x`.",
    ),
    Mistake(
        "score_of_no_label",
        _step(lambda w, x, y: w @ x <= 0, _move),
        "You test the score without the label. A score below 0 is right for class -1: test "
        "`y * score <= 0`.",
    ),
    Mistake(
        "labels_0_and_1",
        _step(lambda w, x, y: True, lambda w, x, y: w + (y - (1 if w @ x > 0 else 0)) * x),
        "You compare with predictions 0 and 1, but the labels here are -1 and +1, so no sample of "
        "class -1 is ever right. Test `y * score <= 0` and add `y * x`.",
    ),
    Mistake(
        "labels_0_and_1_at_zero",
        _step(lambda w, x, y: True, lambda w, x, y: w + (y - (1 if w @ x >= 0 else 0)) * x),
        "You compare with predictions 0 and 1, but the labels here are -1 and +1, so no sample of "
        "class -1 is ever right. Test `y * score <= 0` and add `y * x`.",
    ),
    Mistake(
        "twice_as_far_by_sign",
        _step(lambda w, x, y: True, lambda w, x, y: w + (y - np.sign(w @ x)) * x),
        "You add `(y - prediction) * x`. With labels -1 and +1 that is 2 or -2, so you go "
        "twice as far as the rule says. Add `y * x`. (`np.sign(0)` is 0, a class of its own.)",
    ),
    Mistake(
        "twice_as_far",
        _step(lambda w, x, y: True, lambda w, x, y: w + (y - _guess(w, x)) * x),
        "You add `(y - prediction) * x`. With labels -1 and +1 that is 2 or -2, so you go "
        "twice as far as the rule says, and a score of 0 passes as class +1. Add `y * x` if "
        "`y * score <= 0`.",
    ),
    Mistake(
        "learning_rate",
        _step(_is_wrong, lambda w, x, y: w + 0.1 * y * x),
        NO_LEARNING_RATE,
    ),
    Mistake(
        "factor_two",
        ("w + y * x", "w + 2 * y * x"),
        "You go twice as far as the rule says. Add `y * x`, without a factor.",
    ),
    Mistake(
        "bias_never_moves",
        _step(_is_wrong, lambda w, x, y: w + y * _without_bias(x)),
        "The last weight never moves. It is the bias, and x ends with a 1 for it: add `y * x` to "
        "all of w, to the last entry too.",
    ),
    Mistake(
        "bias_left_out_of_score",
        _step(lambda w, x, y: y * (w[:-1] @ x[:-1]) <= 0, _move),
        "You leave the bias out of the score. x ends with a constant 1, so `w @ x` includes the "
        "bias already: use all of w and x.",
    ),
    Mistake(
        "bias_counted_twice",
        ("y * (w @ x) <= 0", "y * (w @ x + w[-1]) <= 0"),
        "You add the bias to the score once more. x ends with a constant 1, so `w @ x` includes "
        "the bias already.",
    ),
    Mistake(
        "margin_of_one",
        ("y * (w @ x) <= 0", "y * (w @ x) < 1"),
        "You move the weights for samples that are right, too, where the score is small. A mistake "
        "is `y * score <= 0`.",
    ),
    Mistake(
        "bias_first",
        _step(lambda w, x, y: y * (w[0] + w[1:] @ x[:-1]) <= 0, _move),
        "You take the first weight for the bias. Here the bias is the last one, and x ends with a "
        "1 for it: the score is simply `w @ x`.",
    ),
    Mistake(
        "update_alone",
        _step(_is_wrong, lambda w, x, y: y * x),
        "You return the change `y * x` alone. Return the new weights: `w + y * x`.",
    ),
    Mistake(
        "update_or_zeros",
        lambda w, x, y: y * x * (y * (w @ x) <= 0),
        "You return the change alone. Return the new weights: w plus the change.",
    ),
    Mistake(
        "score_returned",
        lambda w, x, y: float(w @ x),
        "You return the score `w @ x`. Return the weights after this sample: an array like w.",
    ),
    Mistake(
        "prediction_returned",
        lambda w, x, y: _guess(w, x),
        "You return the predicted class. Return the weights after this sample: an array like w.",
    ),
]


# perceptron_fit


def perceptron_fit(X: Floats, y: Floats | Ints, max_epochs: int) -> Fit:  # noqa: N803
    """Train from zero weights until an epoch has no mistake, or `max_epochs` are over."""
    updates = list(nn.perceptron_updates(X[:, :-1], y, max_epochs))
    if not updates:
        return np.zeros(X.shape[1]), 0, 1
    last = updates[-1]
    return last.weights_after, len(updates), min(last.epoch + 1, max_epochs)


def fit_cases(rng: Rng) -> list[Case]:
    """One sample, gates learned and cut off, whole numbers, random separable data."""
    two = np.array([[2.0, 1], [-1, 1]])
    return [
        Case((np.array([[2.0, 1]]), np.array([1]), 10), "a single sample"),
        Case((two, np.array([-1, 1]), 10), "two samples"),
        Case((CORNERS, OR, 100), "OR"),
        Case((CORNERS, AND, 100), "AND"),
        Case((CORNERS, AND, 3), "AND, stopped after 3 epochs"),
        Case((CORNERS, XOR, 7), "XOR: every epoch has mistakes, so all 7 epochs are run"),
        Case((CORNERS.astype(int), OR, 100), "OR, with inputs that are whole numbers"),
        Case((FLOWERS, SPECIES, 100), "four flowers, two of each species"),
        Case((FLOWERS / [2.54, 2.54, 1], SPECIES, 100), "four flowers, measured in inches"),
        Case((*separable(6, 3, 9), 60), "six samples with three features"),
        *(Case((*disguised(rng, *kind), 60), "random separable samples") for kind in SETS),
        Case((*contradiction(rng, *SETS[0]), 5), "random samples that no line separates"),
    ]


def _fit(
    *,
    wrong: Callable[[float, int], Any] = lambda score, label: label * score <= 0,
    change: Callable[[Floats, int, float], Any] = lambda x, label, score: label * x,
    start: Callable[[int], Any] = np.zeros,
    restart: bool = False,
    rows: slice = slice(None),
    old_weights: bool = False,
    stop: Callable[[int], bool] = lambda mistakes_in_epoch: mistakes_in_epoch == 0,
    report: Callable[..., Any] = lambda w, mistakes, epochs, last: (w, mistakes, epochs),
) -> Callable[..., Any]:
    """Build a training loop; each argument puts another mistake into it."""

    def fit(X: Floats, y: Floats, max_epochs: int) -> Any:  # noqa: N803
        w = start(X.shape[1])
        mistakes = epochs = last = 0
        for _ in range(max_epochs):
            epochs += 1
            last = 0
            if restart:
                w = start(X.shape[1])
            before = w
            for x, label in zip(X[rows], y[rows], strict=True):
                score = float((before if old_weights else w) @ x)
                if wrong(score, label):
                    w = w + change(x, label, score)
                    last += 1
            mistakes += last
            if stop(last):
                break
        return report(w, mistakes, epochs, last)

    return fit


def _with_ones(X: Floats, y: Floats, max_epochs: int) -> Any:  # noqa: N803
    return _fit()(np.column_stack([X, np.ones(len(X))]), y, max_epochs)


def _return_inside_samples(X: Floats, y: Floats, max_epochs: int) -> Fit:  # noqa: N803
    w, mistakes = np.zeros(X.shape[1]), 0
    if y[0] * (w @ X[0]) <= 0:
        w, mistakes = w + y[0] * X[0], 1
    return w, mistakes, 1


def _break_at_first_right(X: Floats, y: Floats, max_epochs: int) -> Fit:  # noqa: N803
    w, mistakes, epochs = np.zeros(X.shape[1]), 0, 0
    for _ in range(max_epochs):
        epochs += 1
        before = mistakes
        for x, label in zip(X, y, strict=True):
            if label * (w @ x) > 0:
                break
            w, mistakes = w + label * x, mistakes + 1
        if mistakes == before:
            break
    return w, mistakes, epochs


def _first_mistake_only(X: Floats, y: Floats, max_epochs: int) -> Any:  # noqa: N803
    w, mistakes, epochs, clean = np.zeros(X.shape[1]), 0, 0, False
    while not clean and epochs < max_epochs:
        wrong = [(x, label) for x, label in zip(X, y, strict=True) if label * (w @ x) <= 0]
        epochs, clean = epochs + 1, not wrong
        if wrong:
            w, mistakes = w + wrong[0][1] * wrong[0][0], mistakes + 1
    return w, mistakes, epochs


FIT_MISTAKES = [
    Mistake(
        "bias_added_once_more",
        _with_ones,
        "You give X a column of ones. Its last column is that constant 1 already; your w has one "
        "weight too many.",
    ),
    Mistake(
        "first_mistake_only",
        _first_mistake_only,
        "An epoch of yours ends at its first mistake. Learn from the sample and go on to the next: "
        "no `break` in the loop over samples.",
    ),
    Mistake(
        "return_inside_samples",
        _return_inside_samples,
        "You return after the first sample: the `return` is indented into the inner loop. Move it "
        "left, until it stands below both loops.",
    ),
    Mistake(
        "return_inside_epochs",
        _fit(stop=lambda last: True),
        "You stop after the first epoch: the `return` (or a `break`) is indented into the loop "
        "over epochs. Go on until an epoch has no mistake.",
    ),
    Mistake(
        "zero_score_is_right",
        _fit(wrong=lambda score, label: label * score < 0),
        ZERO_SCORE,
    ),
    Mistake(
        "zero_score_is_plus_one",
        _fit(wrong=lambda score, label: (1 if score >= 0 else -1) != label),
        "You count a score of exactly 0 as class +1. It belongs to neither class and is always "
        "a mistake: test `y * score <= 0`.",
    ),
    Mistake(
        "never_stops",
        _fit(stop=lambda last: False),
        "You always run max_epochs epochs. Stop after the first epoch without a mistake: count the "
        "mistakes of each epoch, and leave the loop when there were none.",
    ),
    Mistake(
        "clean_epoch_not_counted",
        _fit(report=lambda w, m, epochs, last: (w, m, epochs - (last == 0))),
        "Your epochs are one too few where training succeeds: the last epoch, the one without a "
        "mistake, was run too, so it counts.",
    ),
    Mistake(
        "epochs_from_zero",
        _fit(report=lambda w, m, epochs, last: (w, m, epochs - 1)),
        "Your epochs are one too few. `range` counts from 0: the number of epochs run is one more "
        "than the index of the last one.",
    ),
    Mistake(
        "one_epoch_too_many",
        _fit(report=lambda w, m, epochs, last: (w, m, epochs + 1)),
        "Your epochs are one too many. Start the count at 0 and add 1 for each epoch that is run.",
    ),
    Mistake(
        "last_epochs_mistakes",
        _fit(report=lambda w, m, epochs, last: (w, last, epochs)),
        "You return the mistakes of the last epoch only. Set the total to 0 once, before the loop "
        "over epochs, and let it grow.",
    ),
    Mistake(
        "epochs_with_mistakes",
        _fit(report=lambda w, m, epochs, last: (w, epochs - (last == 0), epochs)),
        "You count the epochs that had a mistake. Count every mistake: one for each update.",
    ),
    Mistake(
        "order_of_results",
        _fit(report=lambda w, m, epochs, last: (w, epochs, m)),
        "You return the epochs before the mistakes. The order is `return w, mistakes, epochs`.",
    ),
    Mistake(
        "weights_alone",
        _fit(report=lambda w, m, epochs, last: w),
        "You return the weights only. Return three values: `return w, mistakes, epochs`.",
    ),
    Mistake(
        "weights_reset",
        _fit(restart=True),
        "You set the weights back to zero in every epoch. Create w once, before the loop over "
        "epochs, or everything that was learned is lost.",
    ),
    Mistake(
        "whole_epoch_at_once",
        _fit(old_weights=True),
        "You test all samples of an epoch with the weights from its beginning. The perceptron "
        "moves at once: the next sample already meets the new weights.",
    ),
    Mistake(
        "every_sample",
        _fit(wrong=lambda score, label: True),
        "You move the weights for every sample. Move, and count, only where `y * score <= 0`.",
    ),
    Mistake(
        "wrong_sign",
        _fit(change=lambda x, label, score: -label * x),
        "You move the weights away from each sample: the sign of the update is wrong. Add `y * x`.",
    ),
    Mistake(
        "label_left_out",
        _fit(change=lambda x, label, score: x),
        "You always add x. For a sample of class -1 it must be subtracted: add `y * x`.",
    ),
    Mistake(
        "labels_0_and_1",
        _fit(
            wrong=lambda score, label: (1 if score > 0 else 0) != label,
            change=lambda x, label, score: (label - (1 if score > 0 else 0)) * x,
        ),
        "You compare with predictions 0 and 1, but the labels here are -1 and +1, so no sample of "
        "class -1 is ever right. Test `y * score <= 0` and add `y * x`.",
    ),
    Mistake(
        "twice_as_far",
        _fit(change=lambda x, label, score: (label - (1 if score > 0 else -1) or label) * x),
        "Your weights are twice as large: `y - prediction` is 2 or -2 with labels -1 and +1. Add "
        "`y * x`.",
    ),
    Mistake(
        "learning_rate",
        _fit(change=lambda x, label, score: 0.1 * label * x),
        NO_LEARNING_RATE,
    ),
    Mistake(
        "bias_never_moves",
        _fit(change=lambda x, label, score: label * _without_bias(x)),
        "The last weight never moves. It is the bias, and every row of X ends with a 1 for it: add "
        "`y * x` to all of w.",
    ),
    Mistake(
        "start_at_ones",
        _fit(start=np.ones),
        "Your weights start at one. Start at zero: `np.zeros(X.shape[1])`.",
    ),
    Mistake(
        "first_sample_skipped",
        _fit(rows=slice(1, None)),
        "You leave out the first sample. Indices start at 0: `range(len(X))`.",
    ),
    Mistake(
        "last_sample_skipped",
        _fit(rows=slice(None, -1)),
        "You leave out the last sample: `range(len(X))` already ends before len(X).",
    ),
    Mistake(
        "break_at_first_right",
        _break_at_first_right,
        "You leave the epoch at the first sample that is right. Pass over it and go on with the "
        "next one: the weights just stay as they are.",
    ),
]


# novikoff_bound


def novikoff_bound(X: Floats, y: Floats, w_star: Floats) -> float:  # noqa: N803
    """Return (R / gamma)^2: at most so many mistakes; infinite if w_star does not separate."""
    return nn.novikoff_bound(X[:, :-1], y, w_star)


def bound_cases(rng: Rng) -> list[Case]:
    """Two samples by hand, weights of any length, one class, no separation, random data."""
    two, labels = np.array([[2.0, 1], [-3, 1]]), np.array([1, -1])
    cases = [
        Case((two, labels, np.array([1.0, 0])), "the longest sample is not the closest one"),
        Case((two, labels, np.array([10.0, 0])), "a w_star of length 10"),
        Case((two, labels, np.array([1.0, 1])), "a w_star with a bias"),
        Case((CORNERS, AND, np.array([3.0, 2, -4])), "AND: the bound is 87"),
        Case((CORNERS.astype(int), OR, np.array([2, 2, -1])), "OR, in whole numbers"),
        Case((np.array([[3.0, 1]]), np.array([-1]), np.array([-1.0, 0])), "a single sample"),
        Case(
            (two, np.array([1, 1]), np.array([1.0, 0])),
            "w_star gets the second sample wrong, so there is no bound: np.inf",
        ),
        Case((two, labels, np.array([1.0, -2.5])), "w_star gets one sample wrong, but only just"),
        Case((two[::-1], labels, np.array([1.0, 0.5])), "w_star gets everything wrong"),
        Case((FLOWERS, SPECIES, np.array([0.6, 0.8, -2.1])), "four flowers, two of each species"),
    ]
    for kind in SETS:
        x, y = disguised(rng, *kind)
        w = perceptron_fit(x, y, 100)[0] * rng.uniform(0.5, 3)
        cases.append(Case((x, y, w), "random separable samples"))
    return cases


def _bound(
    *,
    radius: Callable[[Floats], Any] = lambda x: np.linalg.norm(x, axis=1).max(),
    margin: Callable[[Floats], Any] = np.min,
    score: Callable[[Floats, Floats, Floats], Any] = lambda x, y, w: y * (x @ w),
    length: Callable[[Floats], Any] = np.linalg.norm,
    result: Callable[[Any, Any], Any] = lambda r, gamma: (r / gamma) ** 2,
    separates: bool = True,
) -> Callable[..., Any]:
    """Build the bound from its parts; each argument puts another mistake into it."""

    def bound(X: Floats, y: Floats, w_star: Floats) -> float:  # noqa: N803
        gamma = margin(score(X, y, w_star)) / length(w_star)
        if separates and gamma <= 0:
            return float("inf")
        with np.errstate(all="ignore"):
            return float(result(radius(X), gamma))

    return bound


BOUND_MISTAKES = [
    Mistake(
        "margin_not_normalised",
        _bound(length=lambda w: 1.0),
        "Your margin grows with the length of w_star. Divide it by `np.linalg.norm(w_star)`: twice "
        "the weights describe the same line.",
    ),
    Mistake(
        "margin_twice_normalised",
        _bound(length=lambda w: float(w @ w)),
        "You divide the margin by `w_star @ w_star`, the length squared. Divide by the length: "
        "`np.linalg.norm(w_star)`.",
    ),
    Mistake(
        "length_without_bias",
        _bound(length=lambda w: np.linalg.norm(w[:-1]) or 1.0),
        "You leave the bias out of the length of w_star. Here it is a weight like the others: "
        "`np.linalg.norm(w_star)`.",
    ),
    Mistake(
        "not_squared",
        _bound(result=lambda r, gamma: r / gamma),
        "You return `R / gamma`. The bound is its square.",
    ),
    Mistake(
        "radius_not_squared",
        _bound(result=lambda r, gamma: r / gamma**2),
        "You square the margin but not R. The bound is `(R / gamma)**2`, both of them.",
    ),
    Mistake(
        "margin_not_squared",
        _bound(result=lambda r, gamma: r**2 / gamma),
        "You square R but not the margin. The bound is `(R / gamma)**2`, both of them.",
    ),
    Mistake(
        "upside_down",
        _bound(result=lambda r, gamma: (gamma / r) ** 2),
        "Your fraction is upside down: R stands above, the margin below. A narrow margin means "
        "more mistakes.",
    ),
    Mistake(
        "negative_margin_squared",
        _bound(separates=False),
        "You square a margin that is not positive, and the minus is lost. If any sample is on the "
        "wrong side of w_star there is no bound: return `np.inf`.",
    ),
    Mistake(
        "mean_length",
        _bound(radius=lambda x: np.linalg.norm(x, axis=1).mean()),
        "You take the mean length of the samples for R. R is the length of the longest: use max.",
    ),
    Mistake(
        "shortest",
        _bound(radius=lambda x: np.linalg.norm(x, axis=1).min()),
        "You take the shortest sample for R. R is the length of the longest: use max.",
    ),
    Mistake(
        "first_sample",
        _bound(radius=lambda x: np.linalg.norm(x[0])),
        "You take the length of the first sample for R. R is the length of the longest: compute "
        "`np.linalg.norm(X, axis=1)` and take its max.",
    ),
    Mistake(
        "whole_matrix",
        _bound(radius=np.linalg.norm),
        "You take the norm of all of X at once. R is the length of one sample, the longest: "
        "`np.linalg.norm(X, axis=1)` gives the length of each row.",
    ),
    Mistake(
        "columns",
        _bound(radius=lambda x: np.linalg.norm(x, axis=0).max()),
        "You measure the columns of X. The samples are its rows: `np.linalg.norm(X, axis=1)`.",
    ),
    Mistake(
        "largest_entry",
        _bound(radius=lambda x: np.abs(x).max()),
        "You take the largest entry of X for R. R is the length of the longest row: "
        "`np.linalg.norm(X, axis=1).max()`.",
    ),
    Mistake(
        "radius_without_bias",
        _bound(radius=lambda x: np.linalg.norm(x[:, :-1], axis=1).max()),
        "You leave the constant 1 out of R. Here it is an input like the others: use all of X.",
    ),
    Mistake(
        "mean_margin",
        _bound(margin=np.mean),
        "You take the mean margin. The bound needs the sample closest to the line: use min.",
    ),
    Mistake(
        "margins_added",
        _bound(margin=np.sum),
        "You add up the margins: `y @ (X @ w_star)` is a sum. Multiply entry by entry, "
        "`y * (X @ w_star)`, and take the min.",
    ),
    Mistake(
        "max_margin",
        _bound(margin=np.max),
        "You take the largest margin. The bound needs the sample closest to the line: use min.",
    ),
    Mistake(
        "label_left_out",
        _bound(score=lambda x, y, w: x @ w),
        "You leave the labels out of the margin. It is `y * (w . x)`: positive on the right side, "
        "for both classes.",
    ),
    Mistake(
        "absolute_score",
        _bound(score=lambda x, y, w: np.abs(x @ w)),
        "You take the distance from the line without its side. Use `y * (w . x)`: where w_star is "
        "wrong it is negative, and then there is no bound.",
    ),
    Mistake(
        "rounded_down",
        _bound(result=lambda r, gamma: np.floor((r / gamma) ** 2)),
        "You round the bound down. Return it as it is: `(R / gamma)**2`.",
    ),
]


# is_separable


def is_separable(X: Floats, y: Floats) -> bool:  # noqa: N803
    """Tell whether a perceptron gets every sample right within 200 epochs."""
    w, _, _ = perceptron_fit(X, y, MAX_EPOCHS)
    return bool(np.all(y * (X @ w) > 0))


def separable_cases(rng: Rng) -> list[Case]:
    """Gates, one class, samples in conflict, a narrow gap, and random data of both kinds.

    Every case is certain: those that are separable need at most 200 epochs, and those
    that are not contain a contradiction that no line resolves.
    """
    line = np.array([[0.0, 1], [1, 1], [2, 1], [3, 1]])
    three = np.array([[0.0, -1, 1], [0, 1, 1], [-2, 1, 1]])
    close, closer = np.array([[2.0, 1], [2.5, 1]]), np.array([[3.5, 1], [3.75, 1]])
    closest = np.array([[4.25, 1], [4.4375, 1]])
    cases = [
        Case((CORNERS, AND), "AND"),
        Case((CORNERS, XOR), "XOR"),
        Case((CORNERS, OR), "OR"),
        Case((line[1:], np.array([1, 1, 1])), "one class only"),
        Case((line[:3], np.array([1, -1, 1])), "the middle one of three on a line is different"),
        Case((line[[2, 1, 1]], np.array([-1, -1, 1])), "the same sample twice, with both labels"),
        Case((line[[0, 1, 1]], np.array([-1, 1, 1])), "the same sample twice, with one label"),
        Case((line[1:], np.array([-1, 1, 1])), "separable only with a bias"),
        Case((three, np.array([-1, 1, -1])), "three samples in the plane"),
        Case((close, np.array([-1, 1])), "a narrow gap: it takes 36 epochs"),
        Case((closer, np.array([-1, 1])), "a narrow gap: it takes 130 epochs"),
        Case((closest, np.array([-1, 1])), "a narrow gap: it takes all 200 epochs"),
    ]
    return [
        *cases,
        *(Case(disguised(rng, *kind), "random separable samples") for kind in SETS),
        *(Case(contradiction(rng, *kind), "a sample with both labels") for kind in SETS),
    ]


def _trained(
    max_epochs: int = MAX_EPOCHS,
    answer: Callable[..., Any] = lambda x, y, w, mistakes, epochs: np.all(y * (x @ w) > 0),
    inputs: Callable[[Floats], Floats] = lambda x: x,
) -> Callable[..., Any]:
    """Build an answer from a training run; each argument puts another mistake into it."""

    def decide(X: Floats, y: Floats) -> bool:  # noqa: N803
        x = inputs(X)
        return bool(answer(x, y, *_fit()(x, y, max_epochs)))

    return decide


SEPARABLE_MISTAKES = [
    Mistake(
        "always_true",
        lambda X, y: True,  # noqa: N803
        "You return True for everything, also where no line separates the samples, as in XOR. "
        "Train a perceptron, then ask whether its weights get every sample right; a score of 0 is "
        "not right.",
    ),
    Mistake(
        "always_false",
        lambda X, y: False,  # noqa: N803
        "You return False for everything. Ask whether the weights get every sample right after "
        "training; mistakes on the way are no harm, and the first sample always is one.",
    ),
    Mistake(
        "inverted",
        _trained(answer=lambda x, y, w, m, e: not np.all(y * (x @ w) > 0)),
        "Your answer is the wrong way round: True means that the samples can be separated. A "
        "perceptron that uses up all its epochs has not found a line.",
    ),
    Mistake(
        "one_epoch",
        _trained(1),
        "You look after a single epoch. Give the perceptron its 200 epochs before you say no.",
    ),
    Mistake(
        "hundred_epochs",
        _trained(100),
        "You give up too early: 100 epochs are too few where the gap is narrow. Use "
        "`max_epochs=200`.",
    ),
    Mistake(
        "fewer_epochs",
        _trained(150),
        "You give up too early: one of the gaps is so narrow that it takes all 200 epochs. Use "
        "`max_epochs=200`.",
    ),
    Mistake(
        "ten_epochs",
        _trained(10),
        "You give up too early: where the gap is narrow, that many epochs are too few. Use "
        "`max_epochs=200`.",
    ),
    Mistake(
        "any_right",
        _trained(answer=lambda x, y, w, m, e: np.any(y * (x @ w) > 0)),
        "You ask whether any sample is right. Separable means that all of them are: use `np.all`.",
    ),
    Mistake(
        "most_right",
        _trained(answer=lambda x, y, w, m, e: np.mean(y * (x @ w) > 0) >= 0.6),
        "You are content when most samples are right. Separable means all of them.",
    ),
    Mistake(
        "score_0_is_right",
        _trained(answer=lambda x, y, w, m, e: np.all(y * (x @ w) >= 0)),
        "You accept scores of exactly 0. On XOR the weights come back to zero, where every score "
        "is 0 and nothing is separated: test > 0.",
    ),
    Mistake(
        "label_left_out",
        _trained(answer=lambda x, y, w, m, e: np.all(x @ w > 0)),
        "You leave the labels out: a sample of class -1 is right when its score is negative. Test "
        "`y * (X @ w) > 0`.",
    ),
    Mistake(
        "bias_left_out",
        _trained(inputs=lambda x: x * (np.arange(x.shape[1]) < x.shape[1] - 1)),
        "You leave out the last column of X. It is the constant 1 for the bias; without it every "
        "line has to go through the origin.",
    ),
]


# find_island: an open task


def find_island(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Train a perceptron on coordinates, their squares and their product; keep the mean weights."""

    def features(x: Floats) -> Floats:
        one = np.ones(len(x))
        return np.column_stack([x, x**2, x[:, 0] * x[:, 1], one])

    samples = features(train_x)
    w = total = np.zeros(samples.shape[1])
    for _ in range(50):
        for x, y in zip(samples, train_y, strict=True):
            if y * (w @ x) <= 0:
                w = w + y * x
            total = total + w
    return np.where(features(test_x) @ total > 0, 1, -1)


def untrained(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with a line as it is drawn."""
    return np.where(test_x @ np.random.default_rng(0).normal(size=2) > 0, 1, -1)


def island_cases(rng: Rng) -> list[Case]:
    """Two islands: 400 places whose label is known, and 400 others.

    An island is an ellipse that lies, long and turned as may be, near the middle of a square, and
    takes up to a half of it: no line does much better than a guess.
    """
    cases = []
    for _ in range(2):
        x = rng.uniform(-3, 3, (800, 2))
        angle, length = rng.uniform(0, np.pi), rng.uniform(1, 2)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        offsets = (x - rng.uniform(-0.6, 0.6, 2)) @ turn / [length, 1]
        distances = np.sum(offsets**2, axis=1)
        y = np.where(distances < np.quantile(distances, rng.uniform(0.4, 0.5)), 1, -1)
        arguments = (x[:400], y[:400], x[400:])
        about = "400 places to learn from, 400 others to answer for"
        cases.append(Case(arguments, about, hidden=y[400:]))
    return cases


CHECKS = (
    Check(perceptron_step, 2, step_cases, STEP_MISTAKES, ("w",)),
    Check(perceptron_fit, 3, fit_cases, FIT_MISTAKES, ("w", "mistakes", "epochs")),
    Check(novikoff_bound, 2, bound_cases, BOUND_MISTAKES, ("bound",)),
    Check(is_separable, 1, separable_cases, SEPARABLE_MISTAKES, ("answer",)),
    Check(
        find_island,
        2,
        island_cases,
        (),
        ("labels",),
        seconds=10.0,
        goal=Goal(
            accuracy,
            bars=(0.75, 0.85, 0.93),
            advice=(
                "A straight line is right seven times in ten, and this is no better. No line goes "
                "round an island. Give the perceptron inputs made of x1 and x2, and a "
                "constant 1.",
                "It has found the island, roughly. Would an ellipse fit your inputs? Its equation "
                "has the squares of x1 and x2 and their product. If you draw units at random, "
                "take more of them.",
                "Nearly there. The weights of the last moment may be bad ones. Run more epochs, "
                "and answer with the best weights that you met, or with the sum of all weights on "
                "the way.",
            ),
            untrained=untrained,
            slip=two_answers(-1, 1),
        ),
    ),
)
