"""Lesson 10, generalization: stop early, drop units, a ridge, folds, and new examples."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.nn.contract import Array as Floats

Rng = np.random.Generator
Wrong = Callable[..., Any]

# early_stop


def early_stop(losses: Floats, patience: int) -> tuple[int, int]:
    """Return the epoch after which training stops, and the best one, both from 0."""
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best == patience:
            return epoch, best
    return len(losses) - 1, best


def early_cases(rng: Rng) -> list[Case]:
    """Stop at once, late, never; ties; a better epoch that comes too late; in other units."""
    lesson = [0.9, 0.7, 0.6, 0.65, 0.62, 0.64]
    valley = [2.0, 1.5, 1.7, 1.2, 1.3, 1.25, 1.1, 1.15, 1.2, 1.3, 0.5]
    tied = [1.0, 0.8, 0.8, 0.8, 0.8, 0.4]
    fixed = [
        Case((np.array(lesson), 2), "the losses of the lesson"),
        Case((np.array(lesson), 1), "patience 1"),
        Case((np.array([1.0, 0.9, 0.8, 0.7]), 2), "it falls to the end"),
        Case((np.array(valley), 3), "two false alarms, and the lowest comes too late"),
        Case((np.array(valley), 2), "a false alarm"),
        Case((np.array(tied), 3), "equal losses are no improvement"),
        Case((np.array([0.5, 0.6, 0.7, 0.8]), 3), "it only rises"),
        Case((np.array([0.8, 0.8, 0.9, 0.9]), 3), "the first two are equal"),
        Case(
            (np.array([0.5, 0.9, 0.8, 0.7, 0.6, 0.55]), 3), "it falls again, but not below the best"
        ),
        Case((np.array([3.0, 2.0, 1.0, 1.5, 1.4]), 4), "it is over before patience is"),
        Case(
            (np.array([1.0, 2.0, 1.5, 0.9, 1.0, 0.95, 0.8, 0.9]), 3), "the start is best for long"
        ),
    ]
    scales = np.abs(decimals(rng, 3)).tolist()
    return fixed + [
        Case((np.array(losses) * scale, patience), "the same in other units")
        for scale, (losses, patience) in zip(
            scales, ((lesson, 2), (valley, 3), (tied, 3)), strict=True
        )
    ]


BETTER = "if losses[epoch] < losses[best]:"
FULL = "if epoch - best == patience:"
FOUND = "return epoch, best"
NEVER = "return len(losses) - 1, best"


def _against_the_one_before(losses: Floats, patience: int) -> Any:
    worse, best = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        worse = 0 if losses[epoch] < losses[epoch - 1] else worse + 1
        if worse == patience:
            return epoch, best
    return len(losses) - 1, best


def _never_reset(losses: Floats, patience: int) -> Any:
    bad, best = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            bad += 1
        if bad == patience:
            return epoch, best
    return len(losses) - 1, best


def _best_below_the_one_before(losses: Floats, patience: int) -> Any:
    worse, best = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1]:
            worse, best = 0, epoch
        else:
            worse += 1
        if worse == patience:
            return epoch, best
    return len(losses) - 1, best


def _first_counts(losses: Floats, patience: int) -> Any:
    bad, best = 0, 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            bad, best = 0, epoch
        else:
            bad += 1
        if bad == patience:
            return epoch, best
    return len(losses) - 1, best


EARLY_MISTAKES = [
    Mistake(
        "lowest_of_all",
        lambda losses, patience: (
            early_stop(losses, patience)[0],
            int(np.argmin(losses)),
        ),
        "The end is right. But the best epoch must be one that was trained: look for the lowest "
        "loss up to the end, not in the whole list.",
    ),
    Mistake(
        "one_epoch_more",
        (FULL, "if epoch - best > patience:"),
        "You train one epoch too many. After `patience` epochs in a row without improvement it "
        "is over: epoch - best == patience.",
    ),
    Mistake(
        "one_epoch_less",
        (FULL, "if epoch - best == patience - 1:"),
        "You stop one epoch too early. `patience` epochs in a row must pass without improvement.",
    ),
    Mistake(
        "against_the_one_before",
        _against_the_one_before,
        "You compare each loss with the one before. Compare it with the lowest so far: a loss "
        "that falls again has not improved until it is below the best.",
    ),
    Mistake(
        "never_reset",
        _never_reset,
        "You count all epochs without improvement. Only those in a row count: an improvement "
        "starts the count again.",
    ),
    Mistake(
        "ties_improve",
        (BETTER, "if losses[epoch] <= losses[best]:"),
        "You take an equal loss for an improvement. It must be lower: <.",
    ),
    Mistake(
        "higher_is_better",
        (BETTER, "if losses[epoch] > losses[best]:"),
        "You look for the highest loss. A lower loss is better.",
    ),
    Mistake(
        "from_one",
        ((FOUND, "return epoch + 1, best + 1"), (NEVER, "return len(losses), best + 1")),
        "You count epochs from 1. The first one is epoch 0 here.",
    ),
    Mistake(
        "how_many_epochs",
        ((FOUND, "return epoch + 1, best"), (NEVER, "return len(losses), best")),
        "The best epoch is right. For the other one return the number of the last epoch, counted "
        "from 0, not how many there were.",
    ),
    Mistake(
        "turned_round",
        ((FOUND, "return best, epoch"), (NEVER, "return best, len(losses) - 1")),
        "The two are turned round: first the last epoch, then the best.",
    ),
    Mistake(
        "the_best_alone",
        lambda losses, patience: early_stop(losses, patience)[1],
        "You return one number. Return two: the last epoch and the best.",
    ),
    Mistake(
        "the_loss_itself",
        ((FOUND, "return epoch, losses[best]"), (NEVER, "return len(losses) - 1, losses[best]")),
        "You return the lowest loss. Return the epoch in which it was reached.",
    ),
    Mistake(
        "none_if_never",
        lambda losses, patience: (
            early_stop(losses, patience)
            if early_stop(losses, patience)[0] < len(losses) - 1
            or early_stop(losses, patience)[0] - early_stop(losses, patience)[1] == patience
            else None
        ),
        "If training never stops early, it ends with the last epoch: return len(losses) - 1 and "
        "the best.",
    ),
    Mistake(
        "best_below_the_one_before",
        _best_below_the_one_before,
        "You compare each loss with the one before, and call it the best if it is lower. "
        "Compare it with the lowest loss so far.",
    ),
    Mistake(
        "first_epoch_counts",
        _first_counts,
        "You count epoch 0 as one without improvement. It is the best there is until then: "
        "start the count behind it.",
    ),
]


# dropout


def dropout(x: Floats, rate: float, random: Floats, training: bool) -> tuple[Floats, Floats]:
    """Return what is left of x, and what each number was multiplied by."""
    mask = np.where(random < rate, 0.0, 1 / (1 - rate)) if training else np.ones(x.shape)
    return x * mask, mask


def plain_dropout(x: Floats, rate: float, random: Floats, training: bool) -> tuple[Floats, Floats]:
    """Return it as a learner computes it."""
    if not training:
        return x * 1.0, np.ones(x.shape)
    kept = random >= rate
    mask = kept / (1 - rate)
    return x * mask, mask


def dropout_cases(rng: Rng) -> list[Case]:
    """Train and use; several rates, and none; a number equal to the rate; whole numbers."""
    x, random = np.array([[2.0, 4.0, 6.0]]), np.array([[0.7, 0.2, 0.9]])
    more = np.array([[1.0, -2.0], [3.0, 0.5]]), np.array([[0.1, 0.3], [0.9, 0.15]])

    def drawn(draw: Rng) -> tuple[Floats, Floats]:
        values = decimals(draw, 3, 4)
        chances: Floats = draw.permutation((np.arange(12) + 0.5) / 12).reshape(3, 4)
        return values, chances

    fixed, fixed_random = drawn(always())
    cases = [
        Case((x, 0.5, random, True), "one row, rate 0.5, in training"),
        Case((x, 0.5, random, False), "the same in use"),
        Case((more[0], 0.2, more[1], True), "two rows, rate 0.2"),
        Case((more[0], 0.2, more[1], False), "two rows, in use"),
        Case((x, 0.25, np.array([[0.25, 0.1, 0.5]]), True), "a random number equal to the rate"),
        Case((x, 0.0, random, True), "rate 0 keeps all"),
        Case((np.array([3, -2, 5, 1]), 0.5, np.array([0.9, 0.1, 0.6, 0.3]), True), "whole numbers"),
        Case((fixed, 0.3, fixed_random, True), "decimals"),
        Case((fixed, 0.8, fixed_random, True), "most are dropped"),
    ]
    for rate in (0.4, 0.7):
        values, chances = drawn(rng)
        cases.append(Case((values, rate, chances, True)))
        cases.append(Case((values, rate, chances, False), "random numbers, in use"))
    return cases


KEPT = "kept = random >= rate"
MASK = "mask = kept / (1 - rate)"
USED = "return x * 1.0, np.ones(x.shape)"
OUT = "    return x * mask, mask"
IDLE = "if not training:"


def _dropped_in_place(x: Floats, rate: float, random: Floats, training: bool) -> Any:
    mask = np.ones(x.shape)
    if training:
        mask = (random >= rate) / (1 - rate)
        x[random < rate] = 0
        x /= 1 - rate
    return x, mask


DROPOUT_MISTAKES = [
    Mistake(
        "in_place",
        _dropped_in_place,
        "The numbers are right, but you change x itself. It belongs to the caller: return a new "
        "array, x * mask.",
    ),
    Mistake(
        "not_scaled",
        (MASK, "mask = kept * 1.0"),
        "Those that stay are not scaled. Divide them by 1 - rate, so that the sum is right on "
        "average.",
    ),
    Mistake(
        "scaled_down",
        (MASK, "mask = kept * (1 - rate)"),
        "You multiply those that stay by 1 - rate. Divide by it: the few must make good for the "
        "many.",
    ),
    Mistake(
        "divided_by_the_rate",
        (MASK, "mask = kept / rate if rate else kept * 1.0"),
        "You divide by the rate, the share that is dropped. Divide by the share that stays, "
        "1 - rate.",
    ),
    Mistake(
        "scaled_in_use",
        (USED, "return x * (1 - rate), np.full(x.shape, 1 - rate)"),
        "You scale in use, as the paper of 2014 did. Here those that stay are scaled in training, "
        "and in use nothing is changed: the mask is all ones.",
    ),
    Mistake(
        "dropped_in_use_too",
        (IDLE, "if False:"),
        "You drop in use, too. If training is False, x stays as it is and the mask is all ones.",
    ),
    Mistake(
        "only_in_use",
        (IDLE, "if training:"),
        "Training and use are swapped: drop only if training is True.",
    ),
    Mistake(
        "never",
        (IDLE, "if True:"),
        "You never drop anything. If training is True, set to 0 where random < rate.",
    ),
    Mistake(
        "the_others_dropped",
        (KEPT, "kept = random < rate"),
        "You keep those that should go. A number is dropped where random < rate.",
    ),
    Mistake(
        "equal_dropped",
        (KEPT, "kept = random > rate"),
        "Where the random number equals the rate, it is kept: random >= rate.",
    ),
    Mistake(
        "rate_to_keep",
        (KEPT, "kept = random < 1 - rate"),
        "You keep where random < 1 - rate. That is the right share of the wrong ones: here a "
        "number is dropped where random < rate.",
    ),
    Mistake(
        "mask_of_ones",
        (OUT, "    return x * mask, kept * 1.0"),
        "The output is right. But the mask must hold what x was multiplied by: 0 or "
        "1 / (1 - rate). The backward pass multiplies by it.",
    ),
    Mistake(
        "random_of_its_own",
        (KEPT, "kept = np.random.default_rng(0).random(x.shape) >= rate"),
        "You draw random numbers of your own. Use those in `random`.",
    ),
    Mistake(
        "output_alone",
        lambda *arguments: dropout(*arguments)[0],
        "You return the output only. Return the mask, too: the backward pass needs it.",
    ),
    Mistake(
        "turned_round",
        lambda *arguments: dropout(*arguments)[::-1],
        "The two are turned round: return the output first, then the mask.",
    ),
]


# ridge


def ridge(x: Floats, y: Floats, strength: float) -> Floats:
    """Return the weights with the least squared error plus the price of the weights."""
    gram = x.T @ x + strength * np.eye(x.shape[1])
    weights: Floats = np.linalg.solve(gram, x.T @ y)
    return weights


def ridge_cases(rng: Rng) -> list[Case]:
    """One weight, two, more weights than examples, whole numbers; random ones."""
    line = np.array([[1.0], [2.0]]), np.array([2.0, 3.0])
    plane = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), np.array([1.0, 3.0, 2.0])
    wide = np.array([[1.0, 2.0, 0.5]]), np.array([4.0])
    whole = np.array([[1, 2], [3, -1], [0, 2]]), np.array([2, 1, -3])

    def drawn(draw: Rng, n: int, k: int) -> tuple[Floats, Floats]:
        values = decimals(draw, n, k + 1)
        return values[:, :k], values[:, k]

    return [
        Case((np.array([[1.0]]), np.array([2.0]), 0.25), "the point of the lesson"),
        Case((*line, 3.0), "one weight, two points"),
        Case((*plane, 0.5), "the three points of the lesson, a constant and x"),
        Case((*plane, 0.0), "no price"),
        Case((*wide, 0.5), "more weights than examples"),
        Case((*whole, 2), "whole numbers"),
        Case((*drawn(always(), 6, 3), 0.7), "decimals"),
        Case((*drawn(rng, 5, 3), 0.3)),
        Case((*drawn(rng, 4, 5), 1.5), "random numbers, more weights than examples"),
    ]


def _inverse_by_numbers(x: Floats, y: Floats, strength: float) -> Any:
    with np.errstate(all="ignore"):
        return (x.T @ x + strength * np.eye(x.shape[1])) ** -1 @ x.T @ y


GRAM = "gram = x.T @ x + strength * np.eye(x.shape[1])"
SOLVED = "np.linalg.solve(gram, x.T @ y)"
RIDGE_MISTAKES = [
    Mistake(
        "no_price",
        lambda x, y, strength: np.linalg.pinv(x) @ y,
        "The price is missing: add strength * np.eye(k) to x.T @ x.",
    ),
    Mistake(
        "added_everywhere",
        (GRAM, "gram = x.T @ x + strength"),
        "You add the strength to every number of x.T @ x. Add it on the diagonal alone: "
        "strength * np.eye(k).",
    ),
    Mistake(
        "subtracted",
        (GRAM, "gram = x.T @ x - strength * np.eye(x.shape[1])"),
        "You subtract the strength. The price is added to the error, so it is added here.",
    ),
    Mistake(
        "times_n",
        (GRAM, "gram = x.T @ x + len(x) * strength * np.eye(x.shape[1])"),
        "You multiply the strength by the number of examples. That belongs to a mean squared "
        "error; here the squared errors are summed.",
    ),
    Mistake(
        "halved",
        (GRAM, "gram = x.T @ x + strength / 2 * np.eye(x.shape[1])"),
        "You take half of the strength. The 2 of both slopes cancels: x.T @ x + strength * I.",
    ),
    Mistake(
        "doubled",
        (GRAM, "gram = x.T @ x + 2 * strength * np.eye(x.shape[1])"),
        "You take twice the strength. The slope of the squared error has a 2, too, and the two "
        "cancel: x.T @ x + strength * I.",
    ),
    Mistake(
        "squared",
        (GRAM, "gram = x.T @ x + strength**2 * np.eye(x.shape[1])"),
        "You square the strength. The weights are squared, the strength is not.",
    ),
    Mistake(
        "first_is_free",
        (
            GRAM,
            "eye = np.eye(x.shape[1])\n    eye[0, 0] = 0\n    gram = x.T @ x + strength * eye",
        ),
        "You leave the first weight free, as one does for a bias. Here every weight has its price.",
    ),
    Mistake(
        "not_solved",
        (SOLVED, "gram @ (x.T @ y)"),
        "You multiply by the matrix. Solve the equations: np.linalg.solve(matrix, x.T @ y).",
    ),
    Mistake(
        "divided_afterwards",
        (SOLVED, "np.linalg.pinv(x) @ y / (1 + strength)"),
        "You make the weights of least squares smaller, all alike. That is right for one weight "
        "and one point; in general the price goes into the equations.",
    ),
    Mistake(
        "a_column",
        (SOLVED, "np.linalg.solve(gram, x.T @ y).reshape(-1, 1)"),
        "Your weights have shape (k, 1). Return shape (k,).",
    ),
    Mistake(
        "predictions",
        (SOLVED, "x @ np.linalg.solve(gram, x.T @ y)"),
        "You return the predictions. Return the weights.",
    ),
    Mistake(
        "identity_of_the_rows",
        (GRAM, "gram = x.T @ x + strength * np.eye(len(x))"),
        "Your identity has a row for each example. x.T @ x has one for each weight: "
        "np.eye(x.shape[1]).",
    ),
    Mistake(
        "inverse_number_by_number",
        _inverse_by_numbers,
        "`** -1` divides 1 by every number of the matrix by itself, and that is no inverse. "
        "Take np.linalg.solve(matrix, x.T @ y).",
    ),
    Mistake(
        "exchanged",
        (SOLVED, "np.linalg.solve(x.T @ y, gram)"),
        "The matrix comes first: np.linalg.solve(matrix, x.T @ y).",
    ),
    Mistake(
        "a_bias",
        lambda x, y, strength: ridge(np.c_[np.ones(len(x)), x], y, strength),
        "You add a column of ones. There is no bias here: one weight for each column of x.",
    ),
]


# folds


def folds(n: int, k: int) -> list[NDArray[np.int64]]:
    """Return the rows of each part: k of them, in order, as equal as can be."""
    return np.array_split(np.arange(n), k)


def plain_folds(n: int, k: int) -> list[NDArray[np.int64]]:
    """Return them as a learner does without np.array_split."""
    parts, start = [], 0
    size, over = divmod(n, k)
    for fold in range(k):
        end = start + size + (1 if fold < over else 0)
        parts.append(np.arange(start, end))
        start = end
    return parts


def folds_cases(rng: Rng) -> list[Case]:
    """Even, one over, all but one over, one row each, halves; larger ones."""
    drawn = []
    for over in (1, 3):
        k, size = int(rng.integers(5, 8)), int(rng.integers(4, 9))
        drawn.append(Case((k * size + over, k), f"{over} over"))
    return [
        Case((6, 3), "6 rows in 3 parts"),
        Case((7, 3), "one row over"),
        Case((8, 3), "two rows over"),
        Case((5, 5), "one row each"),
        Case((5, 2), "two parts"),
        Case((23, 4), "three rows over"),
        Case((11, 5), "one row over, 5 parts"),
        *drawn,
    ]


END = "end = start + size + (1 if fold < over else 0)"
ROWS = "parts.append(np.arange(start, end))"


def _starts_of_their_own(n: int, k: int) -> Any:
    parts = []
    for fold in range(k):
        size = n // k + (1 if fold < n % k else 0)
        parts.append(np.arange(fold * size, fold * size + size))
    return parts


FOLDS_MISTAKES = [
    Mistake(
        "the_rest_is_lost",
        (END, "end = start + size"),
        "The last rows are in no part. Every row must be validated once: if n is no multiple of "
        "k, the first parts get one row more.",
    ),
    Mistake(
        "the_rest_goes_last",
        (END, "end = start + size + (over if fold == k - 1 else 0)"),
        "You put all that is over into the last part. Give one row each to the first parts.",
    ),
    Mistake(
        "longer_parts_last",
        (END, "end = start + size + (1 if fold >= k - over else 0)"),
        "Your last parts are the longer ones. Here the first n % k parts get one row more.",
    ),
    Mistake(
        "rounded_up",
        lambda n, k: [np.arange(n)[i : i + -(-n // k)] for i in range(0, n, -(-n // k))],
        "You round the size up, so the last part is too short or missing. Sizes may differ by one "
        "at most.",
    ),
    Mistake(
        "every_kth",
        lambda n, k: [np.arange(fold, n, k) for fold in range(k)],
        "You deal the rows out like cards. Here each part is a run of neighbours: 0, 1, 2, ...",
    ),
    Mistake(
        "training_rows",
        lambda n, k: [np.setdiff1d(np.arange(n), part) for part in folds(n, k)],
        "You return the rows to train on. Return those that are left out.",
    ),
    Mistake(
        "from_one",
        (ROWS, "parts.append(np.arange(start + 1, end + 1))"),
        "You count rows from 1. The first row is 0.",
    ),
    Mistake(
        "sizes",
        lambda n, k: np.array([len(part) for part in folds(n, k)]),
        "You return how many rows each part has. Return the rows themselves.",
    ),
    Mistake(
        "k_rows_each",
        lambda n, k: [np.arange(n)[i : i + k] for i in range(0, n, k)],
        "You make parts of k rows. Make k parts.",
    ),
    Mistake(
        "shuffled",
        lambda n, k: np.array_split(np.random.default_rng(0).permutation(n), k),
        "You shuffle. Here the rows stay in order: whoever wants them shuffled does it before.",
    ),
    Mistake(
        "all_that_is_over_first",
        (END, "end = start + size + (over if fold == 0 else 0)"),
        "You put all that is over into the first part. Give one row each to the first parts.",
    ),
    Mistake(
        "starts_of_their_own",
        _starts_of_their_own,
        "Your sizes are right, but not where the parts begin: a part begins where the one "
        "before ends, and that is `i * size` only if all are equally long.",
    ),
]


# predict_new: an open task

NOISE = 0.5  # of the values, whose own standard deviation is 1
UNITS = (0.1, 10.0)  # the standard deviation of the inputs, in each of two tasks
INPUTS, EXAMPLES, TESTED = 300, 300, 1000


def predict_new(train_x: Floats, train_y: Floats, test_x: Floats) -> Floats:
    """Choose a ridge by cross-validation, and predict."""
    strengths = np.mean(train_x**2) * len(train_x) * np.geomspace(0.001, 10, 13)
    errors = np.zeros(len(strengths))
    for part in folds(len(train_x), 5):
        x, y = np.delete(train_x, part, axis=0), np.delete(train_y, part)
        for place, strength in enumerate(strengths):
            found = train_x[part] @ ridge(x, y, strength)
            errors[place] += np.sum((found - train_y[part]) ** 2)
    predictions: Floats = test_x @ ridge(train_x, train_y, strengths[np.argmin(errors)])
    return predictions


def unlearned(train_x: Floats, train_y: Floats, test_x: Floats) -> Floats:
    """Predict the mean."""
    return np.full(len(test_x), train_y.mean())


def share_explained(predictions: Any, truth: Any) -> float:
    """Return by what share the squared error is smaller than that of a guess, which says 0.

    Examples
    --------
    >>> truth = np.array([1.0, -1.0])
    >>> share_explained(truth, truth), share_explained(0 * truth, truth)
    (1.0, 0.0)
    """
    error = np.mean((np.asarray(predictions, dtype=float) - truth) ** 2)
    share = float(1 - error / np.mean(np.asarray(truth) ** 2))
    return share if np.isfinite(share) else -np.inf


def new_cases(rng: Rng) -> list[Case]:
    """One task with inputs in small units and one in large ones, in a random order."""
    cases = []
    for unit in rng.permutation(UNITS):
        w = rng.normal(size=INPUTS) / np.sqrt(INPUTS) / unit
        train_x, test_x = (unit * rng.normal(size=(n, INPUTS)) for n in (EXAMPLES, TESTED))
        train_y = train_x @ w + NOISE * rng.normal(size=EXAMPLES)
        about = f"{EXAMPLES} examples with {INPUTS} inputs"
        cases.append(Case((train_x, train_y, test_x), about, hidden=test_x @ w))
    return cases


CHECKS = (
    Check(early_stop, 2, early_cases, EARLY_MISTAKES, ("last", "best")),
    Check(dropout, 2, dropout_cases, DROPOUT_MISTAKES, ("output", "mask"), plain=plain_dropout),
    Check(ridge, 2, ridge_cases, RIDGE_MISTAKES, ("weights",)),
    Check(folds, 1, folds_cases, FOLDS_MISTAKES, ("parts",), plain=plain_folds),
    Check(
        predict_new,
        3,
        new_cases,
        (),
        ("predictions",),
        seconds=10.0,
        goal=Goal(
            share_explained,
            bars=(0.1, 0.3, 0.47),
            advice=(
                "On new examples you are hardly better than a guess. With as many weights as "
                "examples, least squares learns the noise: put a price on the weights.",
                "Better than a guess on both tasks. But their inputs come in other units, and no "
                "single strength serves both: choose it by cross-validation, or bring the inputs "
                "to one unit first.",
                "Nearly there. Try more strengths, on a logarithmic scale around the sum of the "
                "squares of a column of x, and five parts or more.",
            ),
            untrained=unlearned,
            name="the share of the squared error of a guess that is gone",
        ),
    ),
)
