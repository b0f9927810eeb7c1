"""Lesson 18, attention: a softmax with a mask, a head, several heads, positions; a head learned.

Rows are places: q is (queries, d), k is (keys, d), v is (keys, width). There is no batch axis.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]
Rng = np.random.Generator
Wrong = Callable[..., Any]


def _quiet(function: Wrong) -> Wrong:
    """Wrap a wrong function that divides by zero or overflows, so that nothing is warned."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


# softmax_rows


def softmax_rows(scores: Floats, mask: Bools) -> Floats:
    """Return the weights of each row; a hidden key gets 0."""
    weights = np.zeros(scores.shape)
    for i in range(len(scores)):
        seen = mask[i]
        if seen.any():
            powers = np.exp(scores[i, seen] - scores[i, seen].max())
            weights[i, seen] = powers / powers.sum()
    return weights


def softmax_cases(rng: Rng) -> list[Case]:
    """All seen, some hidden, rows that see nothing, huge scores, whole numbers; random ones."""

    def case(about: str, scores: list[list[float]], mask: list[list[int]]) -> Case:
        return Case((np.array(scores), np.array(mask, dtype=bool)), about)

    some = np.array([[1, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]], dtype=bool)
    none = np.array([[1, 1, 0, 1, 0], [0, 0, 0, 0, 0], [0, 1, 1, 1, 1]], dtype=bool)
    return [
        case("every key may be seen", [[1.0, 2.0, 3.0]], [[1, 1, 1]]),
        case("the last key is hidden", [[1.0, 2.0, 3.0]], [[1, 1, 0]]),
        case("two rows see different keys", [[0.0, 1, 2], [3.0, 1, 0]], [[1, 0, 1], [0, 1, 1]]),
        case("the second row may see nothing", [[2.0, 1.0], [1.0, 3.0]], [[1, 1], [0, 0]]),
        case("huge scores", [[1000.0, 999.0, 998.0], [0.0, 2000.0, 0.0]], [[1] * 3] * 2),
        case("rows that are far apart", [[900.0, 901.0], [-900.0, -901.0]], [[1, 1]] * 2),
        case(
            "the hidden score is the largest by far",
            [[1.0, 2.0, 5000.0], [-5000.0, 1.0, 2.0]],
            [[1, 1, 0], [1, 0, 0]],
        ),
        case("very low scores", [[-2000.0, -2001.0, -1999.0]], [[1, 1, 0]]),
        case("whole numbers", [[3, 1, 2], [0, 2, 5], [1, 1, 4]], [[1, 0, 0], [1, 1, 0], [1] * 3]),
        case("more rows than keys", [[0.5, 2.0], [1.5, 1.0], [0.2, 0.3]], [[1, 1]] * 3),
        Case((decimals(always(), 3, 5), none), "decimals; the second row may see nothing"),
        Case((decimals(rng, 3, 4), some), "random numbers"),
        Case((decimals(rng, 2, 4), some[1:]), "random numbers"),
        Case((decimals(rng, 3, 5), none), "random numbers; the second row may see nothing"),
    ]


POWERS = "powers = np.exp(scores[i, seen] - scores[i, seen].max())"
DIVIDED = "weights[i, seen] = powers / powers.sum()"
SEEN = "seen = mask[i]"


def _softmax(scores: Any, axis: int | None = 1, shift: Any = None) -> Any:
    largest = scores.max(axis=axis, keepdims=True) if shift is None else shift
    powers = np.exp(scores - largest)
    return powers / powers.sum(axis=axis, keepdims=True)


def _filled(value: float) -> Wrong:
    """Build the softmax that gives hidden keys this score."""
    return _quiet(lambda scores, mask: _softmax(np.where(mask, scores, value)))


def _softmax_in_place(scores: Any, mask: Any) -> Any:
    scores -= np.where(mask, scores, -9e99).max(axis=1, keepdims=True).astype(scores.dtype)
    return softmax_rows(scores, mask)


def _hidden_in_place(scores: Any, mask: Any) -> Any:
    weights = softmax_rows(scores, mask)
    scores[~mask] = -np.inf if scores.dtype.kind == "f" else -(10**9)
    return weights


def _renormalized(scores: Any, mask: Any) -> Any:
    """Take the softmax of all, then divide what is left: 0 / 0 where all that is seen is tiny."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True)) * mask
    return powers / powers.sum(axis=1, keepdims=True)


def _empty_row_alone(scores: Any, mask: Any) -> Any:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True)) * mask
    total = powers.sum(axis=1, keepdims=True)
    return powers / np.where(total == 0, 1, total)


def _powers_of_all(scores: Any, mask: Any) -> Any:
    top = np.where(mask, scores, -np.inf).max(axis=1, keepdims=True)
    powers = np.exp(scores - np.where(np.isfinite(top), top, 0)) * mask
    return powers / np.where(mask.any(axis=1, keepdims=True), powers.sum(axis=1, keepdims=True), 1)


def _divided_by(scores: Any, mask: Any, total: Wrong) -> Any:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True)) * mask
    return powers / total(powers)


def _not_shifted_row_by_row(scores: Any, mask: Any) -> Any:
    powers = np.exp(scores)
    return np.where(mask, powers / np.where(mask, powers, 0).sum(axis=1, keepdims=True), 0)


def _largest_taken_from_the_powers(scores: Any, mask: Any) -> Any:
    powers = (np.exp(scores) - scores.max(axis=1, keepdims=True)) * mask
    return powers / powers.sum(axis=1, keepdims=True)


def _divided_by_the_columns(scores: Any, mask: Any) -> Any:
    return _divided_by(scores, mask, lambda powers: powers.sum(axis=0))


def _logarithms(scores: Any, mask: Any) -> Any:
    return np.log(softmax_rows(scores, mask))


def _over_all(scores: Any, mask: Any) -> Any:
    shown = np.where(mask, scores, -np.inf)
    powers = np.exp(shown - shown.max())
    return powers / powers.sum()


def _down_the_columns(scores: Any, mask: Any) -> Any:
    return softmax_rows(scores.T, mask.T).T


def _shifted_by_all(scores: Any, mask: Any) -> Any:
    powers = np.exp(scores - scores.max()) * mask
    total = powers.sum(axis=1, keepdims=True)
    return powers / np.where(mask.any(axis=1, keepdims=True), total, 1)


def _shifted_by_all_seen(scores: Any, mask: Any) -> Any:
    powers = np.exp(np.where(mask, scores, -np.inf) - scores[mask].max())
    total = powers.sum(axis=1, keepdims=True)
    return powers / np.where(mask.any(axis=1, keepdims=True), total, 1)


def _not_shifted(scores: Any, mask: Any) -> Any:
    powers = np.where(mask, np.exp(scores), 0)
    total = powers.sum(axis=1, keepdims=True)
    return powers / np.where(mask.any(axis=1, keepdims=True), total, 1)


def _total_kept(scores: Floats, mask: Bools) -> Floats:
    weights, total = np.zeros(scores.shape), 0.0
    for i in range(len(scores)):
        seen = mask[i]
        if seen.any():
            powers = np.exp(scores[i, seen] - scores[i, seen].max())
            total += powers.sum()
            weights[i, seen] = powers / total
    return weights


SOFTMAX_MISTAKES = [
    Mistake(
        "in_place",
        _softmax_in_place,
        "The weights are right, but `scores -= ...` changes the caller's array. Write "
        "`scores = scores - ...`: that makes a new one.",
    ),
    Mistake(
        "hidden_in_place",
        _hidden_in_place,
        "The weights are right, but you write into `scores`, which belongs to the caller. "
        "`np.where(mask, scores, ...)` makes a new array.",
    ),
    Mistake(
        "mask_ignored",
        (SEEN, "seen = mask[i] | True"),
        "You never ask the mask: every key gets a weight. Where it is False, the weight is 0, and "
        "the others share what is left.",
    ),
    Mistake(
        "minus_infinity_for_the_seen",
        _quiet(lambda scores, mask: _softmax(np.where(mask, -np.inf, scores))),
        "Your mask is turned round: you hide what may be seen. True means that the key may be "
        "seen: np.where(mask, scores, -np.inf).",
    ),
    Mistake(
        "infinity_times_zero",
        _quiet(lambda scores, mask: _softmax(scores + (1 - mask) * -np.inf)),
        "Infinity times 0 is nan, so that all is nan. Choose instead of multiplying: "
        "np.where(mask, scores, -np.inf).",
    ),
    Mistake(
        "mask_turned_round",
        (SEEN, "seen = ~mask[i]"),
        "Your mask is turned round: you hide what may be seen. True means that the key may be "
        "seen.",
    ),
    Mistake(
        "hidden_afterwards",
        _quiet(lambda scores, mask: _softmax(scores) * mask),
        "The sum that you divide by counts hidden keys, too, so that a row no longer adds up to 1. "
        "Hide them first, then divide by the sum of what may be seen.",
    ),
    Mistake(
        "hidden_score_zero",
        _filled(0.0),
        "A hidden key gets the score 0, and exp(0) is 1, not 0. Its score would have to be minus "
        "infinity; or leave it out of the sum.",
    ),
    Mistake(
        "hidden_score_zero_and_then_none",
        _quiet(lambda scores, mask: _softmax(scores * mask) * mask),
        "You multiply the scores by the mask, and a score of 0 has the power exp(0) = 1, which is "
        "in your sum. Leave hidden keys out of the sum.",
    ),
    Mistake(
        "hidden_score_not_low_enough",
        _filled(-100.0),
        "The score that you give to hidden keys is not low enough: others may be lower still. "
        "Take -np.inf, or leave them out of the sum.",
    ),
    Mistake(
        "nothing_seen_is_nan",
        _filled(-np.inf),
        "A row that may see nothing becomes nan. If you hide keys by -np.inf, its largest score is "
        "-inf, and -inf minus -inf is nan; if you leave them out, its sum is 0, and 0 / 0 is nan. "
        "Such a row gets zeros: treat it by itself.",
    ),
    Mistake(
        "nothing_seen_sees_all",
        _quiet(lambda scores, mask: _softmax(scores + (1 - mask) * -1e9)),
        "In a row that may see nothing, all your scores are lowered alike, which changes no "
        "weight. Such a row gets zeros.",
    ),
    Mistake(
        "nothing_seen_is_one",
        lambda scores, mask: softmax_rows(scores, mask) + ~mask.any(axis=1, keepdims=True),
        "A row that may see nothing gets zeros, and yours holds ones.",
    ),
    Mistake(
        "nothing_seen_is_shared",
        _filled(-1e9),
        "In a row that may see nothing, all your scores are equally low, so that each key gets the "
        "same weight. Such a row gets zeros.",
    ),
    Mistake(
        "shifted_by_a_hidden_score",
        _quiet(_renormalized),
        "You subtract the largest score of all keys, and it may be a hidden one. Next to it the "
        "powers of the others become 0, and 0 / 0 is nan. Take the largest that may be seen.",
    ),
    Mistake(
        "shifted_by_a_hidden_score_and_zero",
        _quiet(_empty_row_alone),
        "You subtract the largest score of all keys, and it may be a hidden one. Next to it the "
        "powers of all others become 0. Take the largest score that may be seen.",
    ),
    Mistake(
        "not_shifted_and_hidden",
        _quiet(lambda scores, mask: _not_shifted_row_by_row(scores, mask)),
        "exp overflows for huge scores, and infinity divided by infinity is nan. Subtract the "
        "largest score of the row first: that changes no weight.",
    ),
    Mistake(
        "hidden_power_overflows",
        _quiet(_powers_of_all),
        "You take the powers of hidden scores, too. One of them may be so large that exp "
        "overflows, and infinity times 0 is nan. Hide them before np.exp.",
    ),
    Mistake(
        "not_shifted",
        _quiet(_not_shifted),
        "exp overflows for huge scores, and infinity divided by infinity is nan. Subtract the "
        "largest score of the row first: that changes no weight.",
    ),
    Mistake(
        "shifted_by_the_largest_of_all",
        _quiet(_shifted_by_all),
        "You subtract the largest score of all rows. A row that lies far below it becomes 0 / 0. "
        "Each row needs its own largest score.",
    ),
    Mistake(
        "shifted_by_the_largest_seen",
        _quiet(_shifted_by_all_seen),
        "You subtract the largest score of all rows. A row that lies far below it becomes 0 / 0: "
        "take the largest of each row.",
    ),
    Mistake(
        "over_all",
        _quiet(_over_all),
        "All your weights together add up to 1. Each row is a softmax of its own: divide by the "
        "sum of the row, axis=1 with keepdims=True.",
    ),
    Mistake(
        "divided_by_all",
        _quiet(lambda scores, mask: _divided_by(scores, mask, lambda powers: powers.sum())),
        "You divide by the sum of all rows. Each row is a softmax of its own: divide by the sum of "
        "the row, axis=1 with keepdims=True.",
    ),
    Mistake(
        "sum_goes_on",
        _quiet(
            lambda scores, mask: _divided_by(
                scores, mask, lambda powers: powers.sum(axis=1, keepdims=True).cumsum(axis=0)
            )
        ),
        "Your sum goes on from row to row. Set it back to 0 where a row begins.",
    ),
    Mistake(
        "down_the_columns",
        _down_the_columns,
        "Your softmax runs down the columns. Every query is a row, so each row adds up to 1: "
        "axis=1, keepdims=True.",
    ),
    Mistake(
        "divided_by_the_columns",
        _quiet(_divided_by_the_columns),
        "You divide by the sums of the columns; `sum(p)` and axis=0 add up rows. Each row must add "
        "up to 1: p.sum(axis=1, keepdims=True).",
    ),
    Mistake(
        "logarithms",
        _quiet(_logarithms),
        "These are the logarithms of the weights. Return the weights, the powers divided by their "
        "sum.",
    ),
    Mistake(
        "not_divided",
        (DIVIDED, "weights[i, seen] = powers"),
        "These are the powers. Divide them by their sum, so that a row adds up to 1.",
    ),
    Mistake(
        "no_powers",
        (POWERS, "powers = scores[i, seen]"),
        "You divide the scores themselves by their sum. First take their powers, np.exp(...).",
    ),
    Mistake(
        "the_largest_alone",
        (POWERS, "powers = 1.0 * (scores[i, seen] == scores[i, seen].max())"),
        "You give everything to the largest score. A softmax shares it out by the powers, "
        "np.exp(...).",
    ),
    Mistake(
        "first_row_alone",
        (DIVIDED, f"{DIVIDED}\n        break"),
        "Only the first row has its weights. Go on through all rows of scores.",
    ),
    Mistake(
        "sigmoids",
        _quiet(lambda scores, mask: mask / (1 + np.exp(-scores))),
        "You take a sigmoid of each score. A softmax divides each power by the sum of its row, so "
        "that a row adds up to 1.",
    ),
    Mistake(
        "largest_taken_from_the_powers",
        _quiet(lambda scores, mask: _largest_taken_from_the_powers(scores, mask)),
        "You subtract the largest score from the powers. Subtract it from the scores, inside of "
        "np.exp(...).",
    ),
    Mistake(
        "total_kept",
        _total_kept,
        "Your sum goes on from row to row. Each row has a sum of its own: set it to 0 inside "
        "the loop over the rows.",
    ),
]


# causal_mask


def causal_mask(length: int) -> Bools:
    """Return which place (row) may see which (column): itself and all before it."""
    return np.tril(np.full((length, length), True))


def mask_cases(rng: Rng) -> list[Case]:
    """Few places, one, many; random lengths."""
    fixed = [
        Case((3,), "three places"),
        Case((2,), "two places"),
        Case((1,), "one place sees itself"),
        Case((4,), "four places"),
        Case((7,), "seven places"),
    ]
    drawn = rng.choice(np.arange(8, 40), 2, replace=False)
    return fixed + [Case((int(length),), "a random length") for length in drawn]


def _dropped(length: int) -> Any:
    return np.where(causal_mask(length), 0, -np.inf)


MASK_MISTAKES = [
    Mistake(
        "numbers",
        lambda length: np.tril(np.ones((length, length))),
        "The places are right, but the mask must hold True and False, and yours holds 1 and 0: "
        "`dtype=bool` in np.ones, or `.astype(bool)`. As an index, 1 and 0 would be places.",
    ),
    Mistake(
        "numbers_of_the_future",
        lambda length: np.triu(np.ones((length, length)), 1),
        "Your 1 marks the places to hide. Here True marks those that may be seen: the place itself "
        "and all before it.",
    ),
    Mistake(
        "hidden_is_true",
        lambda length: ~causal_mask(length),
        "Your mask is turned round: True where a key must be hidden. Here True means that it may "
        "be seen.",
    ),
    Mistake(
        "future",
        lambda length: causal_mask(length).T,
        "Your places see what comes after them. Row i is the place that asks, and it sees the "
        "columns up to i: the lower triangle, np.tril.",
    ),
    Mistake(
        "numbers_turned",
        lambda length: np.triu(np.ones((length, length))),
        "Your places see what comes after them, and the mask holds numbers. Take the lower "
        "triangle, np.tril, of True and False.",
    ),
    Mistake(
        "not_itself",
        lambda length: np.tril(np.ones((length, length), dtype=bool), -1),
        "Your places do not see themselves. Place i sees 0 to i, itself included; the first one "
        "has nothing else.",
    ),
    Mistake(
        "numbers_not_itself",
        lambda length: np.tril(np.ones((length, length)), -1),
        "Your places do not see themselves, and the mask holds numbers. Place i sees 0 to i, "
        "itself included: np.tril of True and False.",
    ),
    Mistake(
        "one_too_many",
        lambda length: np.tril(np.ones((length, length), dtype=bool), 1),
        "Your places also see the one after them, which they are to predict. Place i sees the "
        "columns up to i.",
    ),
    Mistake(
        "everything",
        lambda length: np.ones((length, length), dtype=bool),
        "Your mask hides nothing. A column that comes after its row is False.",
    ),
    Mistake(
        "nothing",
        lambda length: np.zeros((length, length), dtype=bool),
        "Your mask hides everything. The places that may be seen are True: itself and all before.",
    ),
    Mistake(
        "itself_alone",
        lambda length: np.eye(length, dtype=bool),
        "Your places see themselves alone. They see all places before them, too.",
    ),
    Mistake(
        "one_back",
        lambda length: causal_mask(length) & ~np.tril(np.ones((length, length), dtype=bool), -2),
        "Your places see themselves and the one before. They see all that came before.",
    ),
    Mistake(
        "added_to_scores",
        _dropped,
        "That is a mask to be added to the scores, 0 and minus infinity. Here a mask holds True "
        "where a key may be seen, and False elsewhere.",
    ),
    Mistake(
        "one_row",
        lambda length: np.ones(length, dtype=bool),
        "A mask has a row for every place that asks and a column for every place that may be "
        "seen: shape (length, length).",
    ),
]


# attention


def attention(q: Floats, k: Floats, v: Floats, causal: bool) -> tuple[Floats, Floats]:
    """Return what each query brings back, and the weights of the keys."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    mask = causal_mask(len(q)) if causal else np.full(scores.shape, True)
    weights = softmax_rows(scores, mask)
    return weights @ v, weights


def attention_cases(rng: Rng) -> list[Case]:
    """Draw the three places of the lesson, one query, huge and whole scores, decimals."""
    x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    q, k = np.array([[2.0, 0, 0, 1]]), np.array([[1.0, 0, 3, 0], [0.0, 1, 0, 2]])
    v = np.array([[1.0, 2.0, 3.0], [0.0, 10.0, 0.0]])
    high = 100 * np.array([[3.0, 1.0], [1.0, 4.0], [2.0, -1.0]])
    whole = np.array([[1, 2], [3, -1], [0, 2]]), np.array([[2, 1], [1, 1], [-1, 0]])

    def drawn(rng: Rng, queries: int, keys: int, d: int, width: int, causal: bool) -> Case:
        """Draw a case; q and k have no common sizes, so that no two scores are alike."""
        both = decimals(rng, queries + keys, d)
        arguments = both[:queries], both[queries:], decimals(rng, keys, width), causal
        return Case(arguments, "decimals, causal" if causal else "decimals, everything is seen")

    return [
        Case((x, x, x, False), "the three places of the lesson, everything is seen"),
        Case((x, x, x, True), "the three places of the lesson, causal"),
        Case((q, k, v, False), "one query, two keys"),
        Case((high, high, high[:, ::-1].copy(), False), "huge scores"),
        Case((high, high[::-1].copy(), high, True), "huge scores, causal"),
        Case((*whole, np.array([[1, 0, 2], [3, 1, 0], [0, 5, 1]]), True), "whole numbers, causal"),
        Case((*whole, np.array([[4], [1], [2]]), False), "whole numbers, everything is seen"),
        drawn(always(), 2, 4, 3, 2, False),
        drawn(always(), 4, 4, 3, 2, True),
        drawn(rng, 3, 2, 4, 3, False),
        drawn(rng, 3, 3, 2, 4, True),
        drawn(rng, 2, 3, 5, 1, False),
        drawn(rng, 4, 4, 3, 2, True),
    ]


SCORES = "scores = q @ k.T / np.sqrt(q.shape[1])"
CAUSAL = "mask = causal_mask(len(q)) if causal else np.full(scores.shape, True)"
WEIGHTS = "weights = softmax_rows(scores, mask)"
OUT = "return weights @ v, weights"


def _unshifted(scores: Any, mask: Any) -> Any:
    powers = np.where(mask, np.exp(scores), 0)
    return powers / powers.sum(axis=1, keepdims=True)


def _attended(q: Floats, k: Floats, v: Floats, mask: Any) -> Any:
    powers = np.exp(q @ k.T / np.sqrt(q.shape[1])) * mask
    weights = powers / powers.sum(axis=1, keepdims=True)
    return weights @ v, weights


ATTENTION_MISTAKES = [
    Mistake(
        "not_scaled",
        (SCORES, "scores = q @ k.T"),
        "The scores are not scaled. Divide them by the square root of d, the width of a query.",
    ),
    Mistake(
        "divided_by_d",
        (SCORES, "scores = q @ k.T / q.shape[1]"),
        "You divide the scores by d. Divide by its square root: that is how much a sum of d "
        "products spreads.",
    ),
    Mistake(
        "half_of_it",
        (SCORES, "scores = q @ k.T / q.shape[1] / 2"),
        "You divide by d, and then by 2. `d ** 1/2` is (d ** 1) / 2: a power takes only what "
        "follows it at once. Write np.sqrt(d), or d ** 0.5.",
    ),
    Mistake(
        "multiplied",
        (SCORES, "scores = q @ k.T * np.sqrt(q.shape[1])"),
        "You multiply the scores by the square root of d. Divide by it.",
    ),
    Mistake(
        "root_of_the_queries",
        (SCORES, "scores = q @ k.T / np.sqrt(len(q))"),
        "You scale by the number of queries. What counts is d, how many products a score adds up: "
        "q.shape[1].",
    ),
    Mistake(
        "root_of_the_keys",
        (SCORES, "scores = q @ k.T / np.sqrt(len(k))"),
        "You scale by the number of keys. What counts is d, how many products a score adds up: "
        "q.shape[1].",
    ),
    Mistake(
        "root_of_the_values",
        (SCORES, "scores = q @ k.T / np.sqrt(v.shape[1])"),
        "You scale by the width of the values. What counts is d, how many products a score adds "
        "up: q.shape[1].",
    ),
    Mistake(
        "root_of_the_size",
        (SCORES, "scores = q @ k.T / np.sqrt(q.size)"),
        "You scale by how many numbers q holds in all. What counts is d, the width of one query: "
        "q.shape[1].",
    ),
    Mistake(
        "scaled_afterwards",
        (WEIGHTS, "weights = softmax_rows(q @ k.T, mask) / np.sqrt(q.shape[1])"),
        "You divide the weights by the square root of d, so that they no longer add up to 1. "
        "Divide the scores, before the softmax.",
    ),
    Mistake(
        "normalized",
        (
            SCORES,
            "long = lambda x: np.maximum(np.sqrt((x**2).sum(axis=1, keepdims=True)), 1e-300)\n"
            "    scores = (q / long(q)) @ (k / long(k)).T",
        ),
        "You divide by the lengths of q and k: that is a cosine. Here the dot product is divided "
        "by the square root of d.",
    ),
    Mistake(
        "minus_squared_distances",
        (SCORES, "scores = -((q[:, None] - k) ** 2).sum(axis=2)"),
        "Your scores are distances. Here a score is the dot product of query and key, divided by "
        "the square root of d.",
    ),
    Mistake(
        "down_the_columns",
        _quiet(lambda q, k, v, causal: _by_columns(q, k, v, causal)),
        "Your softmax runs down the columns, over the queries. Every query shares its attention "
        "out over the keys: each row of the weights adds up to 1.",
    ),
    Mistake(
        "keys_ask",
        _quiet(lambda q, k, v, causal: attention(k, q, v, causal)),
        "Your keys ask the queries. The scores are q @ k.T: a row for each query, a column for "
        "each key.",
    ),
    Mistake(
        "never_causal",
        (CAUSAL, "mask = np.ones(scores.shape, dtype=bool)"),
        "You look into the future also where `causal` is True. Then place i may see the keys up to "
        "i: causal_mask(len(q)).",
    ),
    Mistake(
        "always_causal",
        (CAUSAL, "mask = np.tril(np.ones(scores.shape, dtype=bool))"),
        "You hide the future also where `causal` is False. Then every query may see every key.",
    ),
    Mistake(
        "causal_turned_round",
        (CAUSAL, CAUSAL.replace("if causal", "if not causal")),
        "You have turned `causal` round: the mask belongs where it is True.",
    ),
    Mistake(
        "future_only",
        (CAUSAL, CAUSAL.replace("causal_mask(len(q))", "causal_mask(len(q)).T")),
        "Where `causal` is True, your places see the future and not the past. Row i of the mask is "
        "True up to column i.",
    ),
    Mistake(
        "not_itself",
        (CAUSAL, CAUSAL.replace("causal_mask(len(q))", "np.tril(np.ones(scores.shape), -1) > 0")),
        "Where `causal` is True, your places do not see themselves. Place i sees the keys 0 to i, "
        "itself included.",
    ),
    Mistake(
        "future_only_without_itself",
        (CAUSAL, CAUSAL.replace("causal_mask(len(q))", "~causal_mask(len(q))")),
        "Where `causal` is True, your mask is turned round: places see only what comes after them. "
        "True means that a key may be seen, so no `~` is needed.",
    ),
    Mistake(
        "nothing_seen",
        (CAUSAL, CAUSAL.replace("True", "False")),
        "Where `causal` is False, your mask is False everywhere and hides all keys. True means "
        "that a key may be seen.",
    ),
    Mistake(
        "added_to_the_seen",
        _quiet(lambda q, k, v, causal: _with_softmax(q, k, v, causal, _added_to_the_seen)),
        "You lower the scores of the places that may be seen. The mask is True where a key may be "
        "seen; hide the others.",
    ),
    Mistake(
        "hidden_afterwards",
        (WEIGHTS, "weights = softmax_rows(scores, np.ones(scores.shape, dtype=bool)) * mask"),
        "You hide the future after the softmax, so that the rows no longer add up to 1. Give the "
        "mask to softmax_rows.",
    ),
    Mistake(
        "future_has_score_zero",
        (WEIGHTS, "weights = softmax_rows(scores * mask, np.ones(scores.shape, dtype=bool))"),
        "You set the scores of the future to 0, and exp(0) is 1: they still get a weight. Hide "
        "them with the mask of softmax_rows.",
    ),
    Mistake(
        "not_shifted",
        _quiet(lambda q, k, v, causal: _with_softmax(q, k, v, causal, _unshifted)),
        "exp overflows for huge scores, and infinity divided by infinity is nan. softmax_rows "
        "subtracts the largest score first: use it.",
    ),
    Mistake(
        "outputs_scaled",
        (
            (SCORES, "scores = q @ k.T"),
            (OUT, "return weights @ v / np.sqrt(q.shape[1]), weights"),
        ),
        "You divide the outputs by the square root of d. It belongs to the scores, before the "
        "softmax.",
    ),
    Mistake(
        "summed_over_queries",
        _quiet(lambda q, k, v, causal: _summed_over_queries(q, k, v, causal)),
        "You add up over the queries. The output of a query is a sum over the keys: "
        "`weights @ v` adds them up.",
    ),
    Mistake(
        "softmax_twice",
        (WEIGHTS, "weights = softmax_rows(softmax_rows(scores, mask | True), mask)"),
        "You take the softmax twice. Once is enough: of the scores, with the mask.",
    ),
    Mistake(
        "whole_weights",
        (WEIGHTS, f"{WEIGHTS}.astype(int)"),
        "Your weights lost their decimals: an array of whole numbers cuts them off. Make it of "
        "floats, np.zeros without dtype=int.",
    ),
    Mistake(
        "softmax_of_all",
        _quiet(lambda q, k, v, causal: _with_softmax(q, k, v, causal, _over_all)),
        "All your weights together add up to 1. Each row must add up to 1 by itself: use "
        "softmax_rows.",
    ),
    Mistake(
        "scores_returned",
        (OUT, "return weights @ v, scores"),
        "The outputs are right. But return the weights with them, not the scores.",
    ),
    Mistake(
        "scores_for_weights",
        (OUT, "return np.where(mask, scores, 0) @ v, np.where(mask, scores, 0)"),
        "You weigh the values with the scores. First the softmax makes weights of them, which add "
        "up to 1 in each row.",
    ),
    Mistake(
        "queries_brought_back",
        _quiet(lambda q, k, v, causal: _queries_brought_back(q, k, v, causal)),
        "You bring back the queries. What a place answers is its value: weights @ v.",
    ),
    Mistake(
        "keys_brought_back",
        (OUT, "return weights @ k, weights"),
        "You bring back the keys. A key tells whether a place is asked; what it answers is its "
        "value: weights @ v.",
    ),
    Mistake(
        "weights_transposed",
        _quiet(lambda q, k, v, causal: _with_transposed_weights(q, k, v, causal)),
        "You multiply the transposed weights. Row i belongs to query i: weights @ v.",
    ),
    Mistake(
        "the_largest_alone",
        (OUT, "return v[weights.argmax(axis=1)], weights"),
        "You bring back the value of one key. Every query brings back all values, weighed: "
        "weights @ v.",
    ),
    Mistake(
        "turned_round",
        (OUT, "return weights, weights @ v"),
        "The two are turned round: return the outputs first, then the weights.",
    ),
    Mistake(
        "outputs_alone",
        (OUT, "return weights @ v"),
        "You return the outputs only. Return the weights, too: `return outputs, weights`.",
    ),
    Mistake(
        "itself_hidden",
        _quiet(
            lambda q, k, v, causal: (
                _attended(q, k, v, np.tri(len(q), k=-1) > 0)
                if causal
                else attention(q, k, v, causal)
            )
        ),
        "A place does not see itself with you, and the first one sees nothing: 0 / 0 is nan. "
        "Place i sees 0 to i, and `range(i)` ends before i.",
    ),
    Mistake(
        "zero_times_infinity",
        _quiet(
            lambda q, k, v, causal: (
                _attended(q, k, v, np.full((len(q), len(k)), np.nan))
                if causal
                else attention(q, k, v, causal)
            )
        ),
        "0 times infinity is nan, so all that may be seen is lost, too. Choose in place of "
        "multiplying: np.where(mask, scores, -np.inf).",
    ),
]


def _with_softmax(q: Any, k: Any, v: Any, causal: Any, softmax: Wrong) -> Any:
    scores = q @ k.T / np.sqrt(q.shape[1])
    weights = softmax(scores, causal_mask(len(q)) if causal else np.ones(scores.shape, dtype=bool))
    return weights @ v, weights


def _added_to_the_seen(scores: Any, mask: Any) -> Any:
    return _softmax(scores if mask.all() else scores + mask * -1e9)


def _queries_brought_back(q: Any, k: Any, v: Any, causal: Any) -> Any:
    _, weights = attention(q, k, v, causal)
    return weights @ q, weights


def _by_columns(q: Any, k: Any, v: Any, causal: Any) -> Any:
    return _with_softmax(q, k, v, causal, _down_the_columns)


def _summed_over_queries(q: Any, k: Any, v: Any, causal: Any) -> Any:
    _, weights = attention(q, k, v, causal)
    return (weights[:, :, None] * v).sum(axis=0), weights


def _with_transposed_weights(q: Any, k: Any, v: Any, causal: Any) -> Any:
    _, weights = attention(q, k, v, causal)
    return weights.T @ v, weights


# split_heads


def split_heads(x: Floats, heads: int) -> Floats:
    """Return the columns of x in equal parts: (T, D) becomes (heads, T, D / heads)."""
    length, width = x.shape
    return x.reshape(length, heads, width // heads).transpose(1, 0, 2)


def split_cases(rng: Rng) -> list[Case]:
    """As many heads as places, other counts, one head, heads of one column; random ones."""
    counted = np.arange(1.0, 13.0)
    return [
        Case((counted[:8].reshape(2, 4), 2), "two places, two heads of two columns"),
        Case((counted.reshape(3, 4), 2), "three places, two heads"),
        Case((counted.reshape(2, 6), 3), "two places, three heads"),
        Case((counted[:4].reshape(1, 4), 2), "one place"),
        Case((counted[:6].reshape(2, 3), 1), "one head"),
        Case((counted[:6].reshape(2, 3), 3), "heads of one column"),
        Case((np.arange(16).reshape(4, 4), 2), "whole numbers"),
        Case((decimals(always(), 3, 8), 4), "decimals"),
        Case((decimals(rng, 3, 6), 2), "random numbers"),
        Case((decimals(rng, 3, 9), 3), "random numbers"),
        Case((decimals(rng, 2, 8), 4), "random numbers"),
    ]


SPLIT = "return x.reshape(length, heads, width // heads).transpose(1, 0, 2)"
SPLIT_MISTAKES = [
    Mistake(
        "reshaped_alone",
        (SPLIT, "return x.reshape(heads, length, width // heads)"),
        "The shape is right, the numbers are not: reshape reads row by row, so your heads mix "
        "places. Cut the columns first, (T, heads, D / heads), then move the axis of the heads to "
        "the front.",
    ),
    Mistake(
        "not_moved",
        (SPLIT, "return x.reshape(length, heads, width // heads)"),
        "You have cut the columns, but the places come first. Move the axis of the heads to the "
        "front: .transpose(1, 0, 2).",
    ),
    Mistake(
        "columns_in_turn",
        (SPLIT, "return x.reshape(length, width // heads, heads).transpose(2, 0, 1)"),
        "You deal the columns out like cards. Each head takes a run of neighbours: the first one "
        "columns 0 to D / heads - 1.",
    ),
    Mistake(
        "columns_in_turn_not_moved",
        (SPLIT, "return x.reshape(length, width // heads, heads)"),
        "Your heads stand last. Cut the columns into (T, heads, D / heads), then move the axis of "
        "the heads to the front.",
    ),
    Mistake(
        "each_head_transposed",
        (SPLIT, "return x.reshape(length, heads, width // heads).transpose(1, 2, 0)"),
        "Your heads are transposed. Each one has a row for every place: shape (heads, T, D / "
        "heads).",
    ),
    Mistake(
        "axes_backwards",
        (SPLIT, "return x.reshape(length, heads, width // heads).T"),
        "`.T` turns all three axes round. Only the first two change places: .transpose(1, 0, 2).",
    ),
    Mistake(
        "heads_last",
        (SPLIT, "return x.reshape(length, heads, width // heads).transpose(0, 2, 1)"),
        "Your heads stand last. The axis of the heads comes first: .transpose(1, 0, 2).",
    ),
    Mistake(
        "transposed_first",
        (SPLIT, "return x.T.reshape(heads, length, width // heads)"),
        "You reshape the transposed array, which mixes places and columns. Cut the columns first, "
        "(T, heads, D / heads), then move the axis of the heads to the front.",
    ),
    Mistake(
        "heads_backwards",
        (SPLIT, f"{SPLIT}[::-1]"),
        "Your heads come in reverse order. The first one takes the first columns.",
    ),
    Mistake(
        "parts_overlap",
        lambda x, heads: np.stack(
            [x[:, i : i + x.shape[1] // heads] for i in range(heads)],
        ),
        "Your parts overlap: each begins one column after the last. Head h begins at column h * D "
        "/ heads.",
    ),
    Mistake(
        "stacked",
        (SPLIT, f"{SPLIT}.reshape(-1, width // heads)"),
        "You lay the heads below each other in one table. Give them an axis of their own, the "
        "first one: np.stack, not np.concatenate.",
    ),
    Mistake(
        "places_cut",
        _quiet(lambda x, heads: np.array(np.split(x, heads, axis=0))),
        "You cut the places. Every head sees all places: cut the columns, axis=1.",
    ),
    Mistake(
        "first_head",
        lambda x, heads: x[:, : x.shape[1] // heads],
        "You return the first head alone. Return all of them, in an array of shape (heads, T, D / "
        "heads).",
    ),
    Mistake(
        "columns_of_size_heads",
        lambda x, heads: np.stack([x[:, i : i + heads] for i in range(0, x.shape[1], heads)]),
        "`heads` is how many heads there are, and you take it for how many columns each of them "
        "has. That is D / heads.",
    ),
    Mistake(
        "first_part_for_all",
        lambda x, heads: np.stack([x[:, : x.shape[1] // heads]] * heads),
        "Every head gets the first part. Head h begins at column h * D / heads.",
    ),
    Mistake(
        "copies",
        lambda x, heads: np.stack([x] * heads),
        "You give all columns to every head. Each one gets its own part, D / heads of them.",
    ),
    Mistake(
        "rows_in_runs",
        lambda x, heads: np.array(
            [x[h * (x.shape[1] // heads) : (h + 1) * (x.shape[1] // heads)] for h in range(heads)]
        ),
        "`x[a:b]` takes rows. Each head takes columns, of all rows: `x[:, a:b]`.",
    ),
    Mistake(
        "as_wide_as_heads",
        lambda x, heads: np.array([x[:, h * heads : (h + 1) * heads] for h in range(heads)]),
        "Your parts are as wide as there are heads. They are D / heads wide: x.shape[1] // heads.",
    ),
]


# join_heads


def join_heads(x: Floats) -> Floats:
    """Return the heads side by side: (heads, T, width) becomes (T, heads * width)."""
    heads, length, width = x.shape
    return x.transpose(1, 0, 2).reshape(length, heads * width)


def join_cases(rng: Rng) -> list[Case]:
    """As many heads as places, other counts, one head, heads of one column; random ones."""
    counted = np.arange(1.0, 13.0)
    return [
        Case((counted[:8].reshape(2, 2, 2),), "two heads, two places"),
        Case((counted.reshape(2, 3, 2),), "two heads, three places"),
        Case((counted.reshape(3, 2, 2),), "three heads, two places"),
        Case((counted[:4].reshape(2, 1, 2),), "one place"),
        Case((counted[:6].reshape(1, 2, 3),), "one head"),
        Case((counted[:6].reshape(3, 2, 1),), "heads of one column"),
        Case((np.arange(16).reshape(2, 4, 2),), "whole numbers"),
        Case((decimals(always(), 4, 3, 2),), "decimals"),
        Case((decimals(rng, 2, 3, 4),), "random numbers"),
        Case((decimals(rng, 3, 3, 3),), "random numbers"),
        Case((decimals(rng, 4, 2, 3),), "random numbers"),
    ]


JOIN = "return x.transpose(1, 0, 2).reshape(length, heads * width)"


def _one_further(x: Floats) -> Floats:
    heads, length, width = x.shape
    joined = np.zeros((length, heads * width))
    for head in range(heads):
        joined[:, head : head + width] = x[head]
    return joined


JOIN_MISTAKES = [
    Mistake(
        "reshaped_alone",
        (JOIN, "return x.reshape(length, heads * width)"),
        "The shape is right, the numbers are not: reshape reads head by head, so your rows mix "
        "places. Move the axis of the places to the front first: .transpose(1, 0, 2).",
    ),
    Mistake(
        "a_row_for_each_head",
        (JOIN, "return x.reshape(heads, length * width)"),
        "You make a row of each head. Every place keeps a row, with the columns of all heads: move "
        "the axis of the places to the front first.",
    ),
    Mistake(
        "axes_misnamed",
        (JOIN, "return x.transpose(1, 0, 2).reshape(heads, length * width)"),
        "You take the first axis of x for the places. It is that of the heads: heads, length, "
        "width = x.shape.",
    ),
    Mistake(
        "columns_in_turn",
        (JOIN, "return x.transpose(1, 2, 0).reshape(length, heads * width)"),
        "You take one column of each head in turn. Lay the heads side by side: all columns of the "
        "first one, then those of the second.",
    ),
    Mistake(
        "stacked",
        (JOIN, "return x.reshape(heads * length, width)"),
        "You lay the heads below each other. Lay them side by side: every place keeps one row, "
        "with the columns of all heads.",
    ),
    Mistake(
        "transposed",
        (JOIN, f"{JOIN}.T"),
        "Your places stand in the columns. Every place is a row: shape (T, heads * width).",
    ),
    Mistake(
        "columns_of_the_transposed",
        (JOIN, "return x.transpose(2, 1, 0).reshape(length, heads * width)"),
        "Your first axis is that of the columns. The places come first, then the heads: "
        ".transpose(1, 0, 2).",
    ),
    Mistake(
        "rows_transposed",
        (JOIN, "return x.transpose(0, 2, 1).reshape(length, heads * width)"),
        "You swap the last two axes, and the rows mix places. The places come first, then the "
        "heads: .transpose(1, 0, 2).",
    ),
    Mistake(
        "added",
        (JOIN, "return x.sum(axis=0)"),
        "You add the heads up. Lay them side by side: shape (T, heads * width).",
    ),
    Mistake(
        "mean",
        (JOIN, "return x.mean(axis=0)"),
        "You take the mean of the heads. Lay them side by side: shape (T, heads * width).",
    ),
    Mistake(
        "not_joined",
        (JOIN, "return x.transpose(1, 0, 2)"),
        "You have moved the axes; now join the last two: .reshape(length, heads * width).",
    ),
    Mistake(
        "overwritten",
        lambda x: np.hstack([x[-1], *(0 * x[1:])]),
        "Each head overwrites the one before, and the columns behind stay 0. Head h begins at "
        "column h * width.",
    ),
    Mistake(
        "first_head",
        (JOIN, "return x[0]"),
        "You return the first head alone. Lay all of them side by side.",
    ),
    Mistake(
        "heads_backwards",
        (JOIN, "return x[::-1].transpose(1, 0, 2).reshape(length, heads * width)"),
        "Your heads come in reverse order. The first one takes the first columns.",
    ),
    Mistake(
        "one_row",
        (JOIN, "return x.transpose(1, 0, 2).reshape(-1)"),
        "You lay everything out in one row. Every place keeps a row of its own: shape (T, heads * "
        "width).",
    ),
    Mistake(
        "one_column_further",
        _one_further,
        "Each head begins one column after the one before, and covers it. Head h begins at "
        "column h * width.",
    ),
    Mistake(
        "first_twice",
        lambda x: np.hstack([x[0], *x]),
        "The first head stands there twice: before the loop, and in its first round. Let the "
        "loop begin with the second.",
    ),
]


# sinusoidal_positions


def sinusoidal_positions(length: int, width: int) -> Floats:
    """Return a row for each place: sines and cosines of angles that grow more and more slowly."""
    table = np.zeros((length, width))
    for place in range(length):
        for pair in range(width // 2):
            angle = place / 10000 ** (2 * pair / width)
            table[place, 2 * pair] = np.sin(angle)
            table[place, 2 * pair + 1] = np.cos(angle)
    return table


def position_cases(rng: Rng) -> list[Case]:
    """Few places and columns, one place, two columns, many; random sizes."""
    fixed = [
        Case((3, 4), "three places, four columns"),
        Case((2, 6), "two places, six columns"),
        Case((5, 2), "one sine and one cosine"),
        Case((1, 4), "one place"),
        Case((4, 8), "four places, eight columns"),
        Case((12, 10), "twelve places, ten columns"),
    ]
    lengths = rng.choice(np.arange(5, 20, 2), 3, replace=False)  # odd: never a width
    widths = 2 * rng.choice(np.arange(4, 12), 3, replace=False)
    drawn = zip(lengths, widths, strict=True)
    return fixed + [Case((int(n), int(width)), "random sizes") for n, width in drawn]


ANGLE = "angle = place / 10000 ** (2 * pair / width)"
SINE = "table[place, 2 * pair] = np.sin(angle)"
COSINE = "table[place, 2 * pair + 1] = np.cos(angle)"


def _by_columns_of_their_own(length: int, width: int) -> Any:
    angles = np.arange(length)[:, None] / 10000 ** (np.arange(width) / width)
    return np.where(np.arange(width) % 2, np.cos(angles), np.sin(angles))


def _twice_the_column(length: int, width: int) -> Any:
    angles = np.arange(length)[:, None] / 10000 ** (2 * np.arange(width) / width)
    return np.where(np.arange(width) % 2, np.cos(angles), np.sin(angles))


POSITION_MISTAKES = [
    Mistake(
        "halves",
        (
            (SINE, "table[place, pair] = np.sin(angle)"),
            (COSINE, "table[place, width // 2 + pair] = np.cos(angle)"),
        ),
        "You write all sines first and then all cosines, as some programs do. Here they take "
        "turns, as in the paper: a sine in column 2i, its cosine in column 2i + 1.",
    ),
    Mistake(
        "cosine_first",
        ((SINE, SINE.replace("sin", "cos")), (COSINE, COSINE.replace("cos", "sin"))),
        "Sine and cosine are turned round: the sine stands in the even columns, 0, 2, 4, ...",
    ),
    Mistake(
        "sines_alone",
        (COSINE, COSINE.replace("cos", "sin")),
        "All your columns are sines. The odd ones, 1, 3, 5, ..., hold cosines.",
    ),
    Mistake(
        "odd_columns_empty",
        (f"            {COSINE}\n", ""),
        "Your odd columns are not filled. Column 2i + 1 holds the cosine of the angle in column "
        "2i.",
    ),
    Mistake(
        "a_rate_for_each_column",
        _by_columns_of_their_own,
        "Your cosines have angles of their own. A sine and the cosine beside it share the angle: "
        "the exponent is 2i / width in both columns, 2i and 2i + 1.",
    ),
    Mistake(
        "twice_the_column",
        _twice_the_column,
        "You take i for the number of the column. It counts the pairs: columns 2i and 2i + 1 share "
        "the exponent 2i / width.",
    ),
    Mistake(
        "twice_the_exponent",
        (ANGLE, "angle = place / 10000 ** (4 * pair / width)"),
        "Your exponents grow twice as fast. In 2i / width the 2i is the number of an even column; "
        "if your loop counts 0, 2, 4, ..., that is 2i already.",
    ),
    Mistake(
        "power_without_brackets",
        (ANGLE, "angle = place / 10000**2 * pair / width"),
        "Without brackets only the 2 is the exponent. Put all of it in brackets: "
        "10000 ** (2 * i / width).",
    ),
    Mistake(
        "last_pair_missing",
        ("range(width // 2)", "range(width // 2 - 1)"),
        "The last pair of columns is not filled. There are width // 2 pairs, and a range ends "
        "before its last number.",
    ),
    Mistake(
        "half_the_exponent",
        (ANGLE, "angle = place / 10000 ** (pair / width)"),
        "Your exponent is i / width. It is 2i / width, so that it goes from 0 nearly to 1.",
    ),
    Mistake(
        "exponent_up_to_one",
        (ANGLE, "angle = place / 10000 ** (pair / max(width // 2 - 1, 1))"),
        "Your last exponent is 1. In the paper it is 2i / width, which stays below 1.",
    ),
    Mistake(
        "exponent_from_one",
        (ANGLE, "angle = place / 10000 ** (2 * (pair + 1) / width)"),
        "Your exponents begin with 2 / width. Count i from 0: the first pair has the exponent 0.",
    ),
    Mistake(
        "whole_exponent",
        (ANGLE, "angle = place / 10000 ** (2 * pair // width)"),
        "`//` makes a whole number of the exponent, here always 0. Divide with `/`.",
    ),
    Mistake(
        "multiplied",
        (ANGLE, "angle = place * 10000 ** (2 * pair / width)"),
        "You multiply by the power. Divide by it: the angles grow more and more slowly from pair "
        "to pair.",
    ),
    Mistake(
        "another_base",
        (ANGLE, "angle = place / 1000 ** (2 * pair / width)"),
        "Your base is 1000. In the paper it is 10000.",
    ),
    Mistake(
        "base_too_large",
        (ANGLE, "angle = place / 100000 ** (2 * pair / width)"),
        "Your base is 100000. In the paper it is 10000.",
    ),
    Mistake(
        "one_rate",
        (ANGLE, "angle = place / 10000"),
        "All your pairs have one rate. The power depends on the pair: 10000 ** (2i / width).",
    ),
    Mistake(
        "power_left_out",
        (ANGLE, "angle = place / (10000 * 2 * pair / width) if pair else float(place)"),
        "You multiply 10000 by the exponent. It is a power: 10000 ** (2i / width).",
    ),
    Mistake(
        "divided_before_the_power",
        (ANGLE, "angle = (place / 10000) ** (2 * pair / width)"),
        "You divide first and then take the power. The power belongs to 10000 alone: "
        "place / 10000 ** (2i / width).",
    ),
    Mistake(
        "places_from_one",
        (ANGLE, "angle = (place + 1) / 10000 ** (2 * pair / width)"),
        "You count places from 1. The first one is 0: its sines are 0 and its cosines 1.",
    ),
    Mistake(
        "with_pi",
        (ANGLE, "angle = 2 * np.pi * place / 10000 ** (2 * pair / width)"),
        "You multiply by 2 pi. In the paper the angle is the place divided by the power, no more.",
    ),
    Mistake(
        "in_degrees",
        (ANGLE, "angle = np.deg2rad(place / 10000 ** (2 * pair / width))"),
        "You take the angle for degrees. np.sin and np.cos take radians: nothing to convert.",
    ),
    Mistake(
        "angles",
        ((SINE, SINE.replace("np.sin(angle)", "angle")), (COSINE, COSINE.replace("np.cos", ""))),
        "These are the angles. Write their sines and cosines.",
    ),
    Mistake(
        "transposed",
        ("return table", "return table.T"),
        "Your places stand in the columns. Every place is a row: shape (length, width).",
    ),
    Mistake(
        "last_place_alone",
        ("return table", "return table[-1]"),
        "You return the last place alone. Return the table, a row for each place.",
    ),
    Mistake(
        "length_for_width",
        (ANGLE, "angle = place / 10000 ** (2 * pair / length)"),
        "You divide the exponent by the length. It is 2i / width.",
    ),
    Mistake(
        "ten",
        (ANGLE, "angle = place / 10.000 ** (2 * pair / width)"),
        "Your base is 10. In Python 10.000 is ten: write 10000.",
    ),
    Mistake(
        "divided_afterwards",
        (
            (SINE, SINE.replace("np.sin(angle)", "np.sin(place) / 10000 ** (2 * pair / width)")),
            (
                COSINE,
                COSINE.replace("np.cos(angle)", "np.cos(place) / 10000 ** (2 * pair / width)"),
            ),
        ),
        "You divide the sine and the cosine. Divide the place, and take the sine of that.",
    ),
    Mistake(
        "first_pair_missing",
        ("range(width // 2)", "range(1, width // 2)"),
        "The first pair of columns is not filled. i counts from 0.",
    ),
    Mistake(
        "one_column_for_both",
        ((SINE, "pass"), (COSINE, "table[place, pair] = np.cos(angle)")),
        "You write the cosine over the sine. They stand side by side, in columns 2i and 2i + 1.",
    ),
    Mistake(
        "rounded_down",
        (ANGLE, ANGLE.replace("place / ", "place // ")),
        "`//` drops what stands behind the point of the angle. Divide with `/`.",
    ),
]


# learn_to_look: an open task

LETTERS, PLACES = 5, 12
ROWS, TESTED = 200, 100
NOISE = 0.3  # of the answers, whose numbers have standard deviation 1
SHARP, SLOPE = 8.0, 1.5  # the score of the letter that is looked for, and of each place between


def learn_to_look(
    train_letters: Ints,
    train_numbers: Floats,
    train_answers: Floats,
    test_letters: Ints,
    test_numbers: Floats,
) -> Floats:
    """Learn the scores of a head from letters and positions, one row at a time."""
    one_hot, positions = np.eye(LETTERS), sinusoidal_positions(PLACES, 16)

    def look(letters: Ints, numbers: Floats) -> tuple[Floats, Floats, Floats]:
        x = np.concatenate([one_hot[letters], positions], axis=1)
        outputs, weights = attention(x @ scorer, x, numbers[:, None], True)
        return x, outputs[:, 0], weights

    scorer = np.zeros((LETTERS + 16, LETTERS + 16))
    for _ in range(15):
        for i in range(len(train_letters)):
            x, outputs, weights = look(train_letters[i], train_numbers[i])
            slope = (outputs - train_answers[i])[:, None] * train_numbers[i]
            slope = weights * (slope - (weights * slope).sum(axis=1, keepdims=True))
            scorer -= 0.2 * x.T @ slope @ x
    return np.array([outputs for _, outputs, _ in map(look, test_letters, test_numbers)])


def mean_so_far(numbers: Floats) -> Floats:
    """Return the mean of the numbers up to each place: attention whose scores are all equal."""
    means: Floats = np.cumsum(numbers, axis=1) / np.arange(1, numbers.shape[1] + 1)
    return means


def unlearned(
    train_letters: Ints,
    train_numbers: Floats,
    train_answers: Floats,
    test_letters: Ints,
    test_numbers: Floats,
) -> Floats:
    """Look at all places alike."""
    return mean_so_far(test_numbers)


def share_explained(answers: Any, truth: Any) -> float:
    """Return by what share the squared error is smaller than that of whoever always says 0.

    Examples
    --------
    >>> truth = np.array([1.0, -1.0])
    >>> share_explained(truth, truth), share_explained(0 * truth, truth)
    (1.0, 0.0)
    """
    error = np.mean((np.asarray(answers, dtype=float) - truth) ** 2)
    share = float(1 - error / np.mean(np.asarray(truth) ** 2))
    return share if np.isfinite(share) else -np.inf


def hidden_head(letters: Ints, numbers: Floats, sought: Ints, slope: float) -> Floats:
    """Return the answers of a head that looks for one letter, and for near or far places.

    Parameters
    ----------
    letters, numbers : array, shape (rows, places)
    sought : array, shape (letters,)
        Which letter each letter looks for.
    slope : float
        What each place between costs; far places are better where it is negative.

    Returns
    -------
    array, shape (rows, places)
    """
    back = np.subtract.outer(np.arange(PLACES), np.arange(PLACES))
    scores = SHARP * (sought[letters][:, :, None] == letters[:, None]) - slope * back
    powers = np.exp(scores - scores.max(axis=2, keepdims=True)) * causal_mask(PLACES)
    answers: Floats = (powers @ numbers[:, :, None])[..., 0] / powers.sum(axis=2)
    return answers


def look_cases(rng: Rng) -> list[Case]:
    """One head that likes near places and one that likes far ones, in a random order."""
    cases = []
    for side in rng.permutation([1, -1]):
        circle, sought = rng.permutation(LETTERS), np.zeros(LETTERS, int)
        sought[circle] = np.roll(circle, 1)  # no letter looks for itself
        letters = rng.integers(0, LETTERS, (ROWS + TESTED, PLACES))
        numbers = rng.normal(size=letters.shape)
        truth = hidden_head(letters, numbers, sought, side * SLOPE)
        answers = truth[:ROWS] + NOISE * rng.normal(size=(ROWS, PLACES))
        known, new = slice(0, ROWS), slice(ROWS, None)
        arguments = letters[known], numbers[known], answers, letters[new], numbers[new]
        about = f"{ROWS} rows to learn from, {TESTED} to answer for"
        cases.append(Case(arguments, about, hidden=truth[new]))
    return cases


def look_slip(value: Any, case: Case) -> str:
    """Say what is wrong with answers that nothing was learned for, or that are no numbers."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return ""
    numbers = case.arguments[4]
    if value.shape == (*numbers.shape, 1):
        return (
            "Your answers have an axis of length 1 too many. The outputs of a head are a column: "
            "take outputs[:, 0] of each row."
        )
    if value.shape == (*numbers.shape, numbers.shape[1]):
        return "You return the weights. Wanted are the answers: the weights times the numbers."
    if value.shape == case.arguments[2].shape:
        return (
            "You answer for the rows that you learned from. Answer for those of test_letters and "
            "test_numbers."
        )
    if value.ndim == 2 and value.shape[0] == value.shape[1]:
        return "You return a square matrix. Return what your head answers on the test rows with it."
    if value.shape != numbers.shape:
        return ""
    if not np.isfinite(value).all():
        return (
            "Some of your answers are nan or infinite. Either you divide by 0, or the scores have "
            "grown without limit: then take a smaller rate, and a softmax that does not overflow."
        )
    if np.allclose(value, mean_so_far(numbers)):
        return (
            "You answer the mean of all numbers up to each place: all scores are equal still. If "
            "you train two matrices that both begin at zero, neither ever moves."
        )
    if np.allclose(value, numbers.mean(axis=1, keepdims=True)):
        return "You answer the mean of the row: all scores are equal, and the future is seen, too."
    if np.allclose(value, numbers):
        return "You answer the numbers of the test as they are: every place sees itself alone."
    if share_explained(value, case.hidden) < -0.1:
        return (
            "You answer worse than whoever always says 0. Print the squared error on the training "
            "rows after each round: if it grows, take a smaller rate, and look at the signs and at "
            "which index stands for who asks, which for who is asked."
        )
    return ""


CHECKS = (
    Check(softmax_rows, 2, softmax_cases, SOFTMAX_MISTAKES, ("weights",)),
    Check(causal_mask, 1, mask_cases, MASK_MISTAKES, ("mask",)),
    Check(attention, 2, attention_cases, ATTENTION_MISTAKES, ("outputs", "weights")),
    Check(split_heads, 1, split_cases, SPLIT_MISTAKES, ("parts",)),
    Check(join_heads, 1, join_cases, JOIN_MISTAKES, ("joined",)),
    Check(sinusoidal_positions, 1, position_cases, POSITION_MISTAKES, ("positions",)),
    Check(
        learn_to_look,
        2,
        look_cases,
        (),
        ("answers",),
        seconds=20.0,
        goal=Goal(
            share_explained,
            bars=(0.5, 0.75, 0.95),
            advice=(
                "That is hardly better than the mean of all numbers up to each place. Every letter "
                "looks for another one: give each letter a one-hot row, and learn the scores by "
                "gradient descent. If the error grows, take a smaller rate.",
                "You look at the right letters, or nearly. But of several such places the head "
                "prefers some: near ones in one task, far ones in the other. Put the positions "
                "beside the one-hot rows. If they are there, train for longer.",
                "Nearly there. Train for longer; and see that the future is hidden, and that the "
                "slope of a score has both its terms.",
            ),
            untrained=unlearned,
            name="the share of the squared error that is gone",
            slip=look_slip,
        ),
    ),
)
