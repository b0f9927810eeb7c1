"""Lesson 04, losses and information: cross-entropy, its slopes, entropy, KL, letters in bits."""

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator
SYMBOLS = datasets.SHANNONS


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a mistake take the logarithm of 0 without a warning, as its outcome says enough."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


def _shares(rng: Rng, *shape: int) -> Floats:
    """Draw rows of probabilities, none of them 0."""
    sizes = np.abs(decimals(rng, *shape))
    shares: Floats = sizes / sizes.sum(axis=-1, keepdims=True)
    return shares


def _surprising(draw: Callable[..., Floats], rng: Rng, y: list[int], classes: int) -> Case:
    """Draw a row for each label until not all rows are largest at theirs."""
    while True:
        rows = draw(rng, len(y), classes)
        if np.any(rows.argmax(axis=1) != y):
            return Case((rows, np.array(y)))


# cross_entropy


def cross_entropy(p: Floats, y: Ints) -> float:
    """Return the mean surprise about the right classes, in nats."""
    return float(-np.mean(np.log(_chosen(p, y))))


def _chosen(p: Floats, y: Ints) -> Floats:
    chosen: Floats = p[np.arange(len(y)), y]
    return chosen


def cross_entropy_cases(rng: Rng) -> list[Case]:
    """One row, the same row with another label, several rows, a square, random ones."""

    def case(about: str, p: list[list[float]], y: list[int]) -> Case:
        return Case((np.array(p), np.array(y)), about)

    row = [0.7, 0.2, 0.1]
    return [
        case("the example of the lesson", [row], [0]),
        case("the same prediction, and the last class is right", [row], [2]),
        case("two examples", [[0.5, 0.5], [0.25, 0.75]], [1, 0]),
        case("four examples", [row, [0.1, 0.8, 0.1], row, [0.3, 0.3, 0.4]], [1, 1, 2, 0]),
        Case((_shares(always(), 3, 5), np.array([4, 0, 2])), "three examples, five classes"),
        _surprising(_shares, rng, [2, 0, 1, 1], classes=3),
        _surprising(_shares, rng, [3, 1, 0, 2, 2], classes=4),
        _surprising(_shares, rng, [5, 3], classes=6),
    ]


CROSS_ENTROPY_MISTAKES = [
    Mistake(
        "sign",
        lambda p, y: np.mean(np.log(_chosen(p, y))),
        "The sign is missing: logarithms of probabilities are negative, and a surprise is not.",
    ),
    Mistake(
        "bits",
        lambda p, y: -np.mean(np.log2(_chosen(p, y))),
        "Your answer is in bits. Losses are in nats: take np.log, the natural logarithm.",
    ),
    Mistake(
        "base_ten",
        lambda p, y: -np.mean(np.log10(_chosen(p, y))),
        "You take logarithms to base 10. np.log is the natural one.",
    ),
    Mistake(
        "sum",
        lambda p, y: -np.sum(np.log(_chosen(p, y))),
        "You add the surprises up. Return their mean, so that a loss does not grow with the number "
        "of examples.",
    ),
    Mistake(
        "over_classes_too",
        lambda p, y: -np.sum(np.log(_chosen(p, y))) / p.size,
        "You divide by the number of all entries of p. There is one surprise per example: divide "
        "by the number of examples, len(y).",
    ),
    Mistake(
        "each",
        lambda p, y: -np.log(_chosen(p, y)),
        "You return a surprise for each example. Return their mean, one number.",
    ),
    Mistake(
        "labels_as_rows",
        _quiet(lambda p, y: -np.mean(np.sum(y * np.log(p), axis=1))),
        "You multiply the logarithms by y. The lesson's labels were rows of zeros and a 1; here y "
        "says which class is right: take p[np.arange(len(y)), y].",
    ),
    Mistake(
        "all_classes",
        lambda p, y: -np.mean(np.sum(np.log(p), axis=1)),
        "You add the logarithms of all classes. Only the probability of the right class counts: "
        "p[np.arange(len(y)), y].",
    ),
    Mistake(
        "mean_of_all",
        lambda p, y: -np.mean(np.log(p)),
        "You take the mean over all classes. Only the probability of the right class counts: "
        "p[np.arange(len(y)), y].",
    ),
    Mistake(
        "logarithm_last",
        lambda p, y: -np.log(np.mean(_chosen(p, y))),
        "You take the logarithm of a mean. Take the logarithm of each probability first, and the "
        "mean at the end: one probability near 0 must hurt.",
    ),
    Mistake(
        "binary",
        lambda p, y: (
            -np.mean(np.sum(np.log(np.where(np.eye(p.shape[1])[y] > 0, p, 1 - p)), axis=1))
        ),
        "You add -log(1 - p) for the wrong classes. That is binary cross-entropy, for outputs that "
        "answer yes or no each; here the classes share one probability.",
    ),
    Mistake(
        "not_logarithm",
        lambda p, y: np.mean(1 - _chosen(p, y)),
        "You average 1 - p of the right class. Surprise is -log p.",
    ),
    Mistake(
        "entropy_of_the_prediction",
        lambda p, y: -np.mean(np.sum(p * np.log(p), axis=1)),
        "That is the entropy of the predictions: it does not ask what was right. Use the labels y.",
    ),
    Mistake(
        "likelihood",
        lambda p, y: np.prod(_chosen(p, y)),
        "You multiply the probabilities: that is the likelihood. Average minus their logarithms.",
    ),
    Mistake(
        "first_only",
        lambda p, y: -np.log(p[0, y[0]]),
        "You return the surprise of the first example. Go on to the others, and average.",
    ),
    Mistake(
        "counted_from_one",
        lambda p, y: -np.mean(np.log(_chosen(p, y - 1))),
        "You take the class in front of the right one. Classes are counted from 0: the index is "
        "y, not y - 1.",
    ),
    Mistake(
        "rows_and_columns_turned",
        lambda p, y: -np.mean(np.log(p[y, np.arange(len(y))])),
        "Rows come first: p[np.arange(len(y)), y], not p[y, np.arange(len(y))].",
    ),
    Mistake(
        "every_pair",
        lambda p, y: -np.mean(np.log(p[:, y])),
        "p[:, y] takes all these columns from every row. Each row has one right class: "
        "p[np.arange(len(y)), y].",
    ),
    Mistake(
        "over_classes",
        lambda p, y: -np.sum(np.log(_chosen(p, y))) / p.shape[1],
        "You divide by the number of classes. The loss is a mean over the examples: divide by "
        "len(y).",
    ),
    Mistake(
        "likeliest",
        lambda p, y: -np.mean(np.log(p.max(axis=1))),
        "You take the largest probability of each row, right or not. Take that of the right "
        "class: p[np.arange(len(y)), y].",
    ),
    Mistake(
        "wrong_classes",
        _quiet(lambda p, y: -np.mean(np.log(1 - _chosen(p, y)))),
        "You take the logarithm of 1 - p: that is the surprise if the class had been wrong. "
        "Surprise is -log p.",
    ),
    Mistake(
        "weighed",
        lambda p, y: -np.mean(_chosen(p, y) * np.log(_chosen(p, y))),
        "You weigh each surprise with p. That is for an entropy, where p says how often "
        "something comes; here it has come, so each example counts the same.",
    ),
    Mistake(
        "softmax_again",
        lambda p, y: cross_entropy(nn.activations.softmax(p), y),
        "You take a softmax of p. The rows are probabilities already: take their logarithms as "
        "they are.",
    ),
    Mistake(
        "class_numbers",
        lambda p, y: -np.mean(np.sum(y[:, None] * np.log(p), axis=1)),
        "You multiply with the numbers of the classes. A label that multiplies has to be "
        "one-hot, np.eye(p.shape[1])[y]; or take p[np.arange(len(y)), y].",
    ),
    Mistake(
        "one_hot_by_examples",
        lambda p, y: -np.mean(np.sum(np.eye(len(y))[y] * np.log(p), axis=1)),
        "Your one-hot rows have as many entries as there are examples. They need one for each "
        "class: np.eye(p.shape[1])[y].",
    ),
    Mistake(
        "squared",
        lambda p, y: np.mean(np.sum((p - np.eye(p.shape[1])[y]) ** 2, axis=1)),
        "You add up squares. Surprise is -log p of the right class.",
    ),
    Mistake(
        "last_only",
        lambda p, y: -np.log(p[-1, y[-1]]),
        "You return the surprise of the last example: every round of the loop forgets the one "
        "before. Add them up with +=, and divide by len(y).",
    ),
    Mistake(
        "last_only_divided",
        lambda p, y: -np.log(p[-1, y[-1]]) / len(y),
        "Only the last example counts: every round of the loop forgets the one before. Add the "
        "surprises up with +=.",
    ),
]


# softmax_ce_grad


def softmax_ce_grad(z: Floats, y: Ints) -> Floats:
    """Return the slopes of the mean cross-entropy behind a softmax."""
    return nn.SparseCategoricalCrossentropy(from_logits=True).value_and_grad(y, z.astype(float))[1]


def grad_cases(rng: Rng) -> list[Case]:
    """One row, the label elsewhere, equal scores, several rows, a square, huge scores."""

    def case(about: str, z: list[list[float]], y: list[int]) -> Case:
        return Case((np.array(z), np.array(y)), about)

    return [
        case("the example of the lesson", [[2.0, 1.0, 0.1]], [0]),
        case("the last class is right", [[2.0, 1.0, 0.1]], [2]),
        case("four equal scores", [[0.0, 0.0, 0.0, 0.0]], [1]),
        case("two examples", [[1.0, 2.0, 3.0], [3.0, 0.0, 0.0]], [2, 1]),
        case("three examples", [[1.0, 0, 2], [0, 3.0, 1], [1.0, 1, 4]], [2, 0, 0]),
        case("huge scores", [[1000.0, 999.0, 998.0], [0.0, 2000.0, 0.0]], [1, 1]),
        case("rows that are far apart", [[900.0, 901.0], [-900.0, -901.0]], [1, 1]),
        case("whole numbers", [[3, 1, 2], [0, 2, 5]], [0, 0]),
        Case((decimals(always(), 4, 3), np.array([2, 0, 1, 1])), "decimals of either sign"),
        _surprising(decimals, rng, [3, 1, 0], classes=4),
        _surprising(decimals, rng, [0, 2, 1, 1], classes=3),
        _surprising(decimals, rng, [4, 2], classes=5),
    ]


def _grad(
    softmax: Callable[[Any], Any] = nn.activations.softmax,
    minus: Callable[[Any, Any], Any] = lambda p, hot: p - hot,
    divisor: Callable[[Any], Any] = len,
) -> Callable[..., Any]:
    """Build the slopes; each argument puts a mistake into them."""

    def grad(z: Floats, y: Ints) -> Any:
        p = softmax(z.astype(float))
        return minus(p, np.eye(z.shape[1])[y]) / divisor(z)

    return _quiet(grad)


def _plain_softmax(z: Floats) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def _of_columns(z: Floats) -> Any:
    powers = np.exp(z - z.max(axis=0))
    return powers / powers.sum(axis=0)


def _of_all(z: Floats) -> Any:
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def _through_squares(p: Floats, hot: Floats) -> Any:
    pull = 2 * (p - hot) / p.shape[1]
    return p * (pull - (pull * p).sum(axis=1, keepdims=True))


def _shifted(by: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Build a softmax whose scores are shifted by something else than the largest of each row."""

    def softmax(z: Floats) -> Any:
        powers = np.exp(z - by(z))
        return powers / powers.sum(axis=1, keepdims=True)

    return softmax


def _shifted_above(z: Floats) -> Any:
    return np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z).sum(axis=1, keepdims=True)


def _grad_at(place: Callable[[Any, Any], Any], value: str = "less") -> Callable[..., Any]:
    """Build the slopes with 1 taken away, or with -1 put, in other places."""

    def grad(z: Floats, y: Ints) -> Any:
        p = nn.activations.softmax(z.astype(float))
        where = place(np.arange(len(y)), y)
        p[where] = -1 if value == "put" else p[where] - 1
        return p / len(y)

    return grad


def _label_first(z: Floats, y: Ints) -> Any:
    return nn.activations.softmax(z - np.eye(z.shape[1])[y]) / len(y)


def _share_divided(z: Floats, y: Ints) -> Any:
    return nn.activations.softmax(z.astype(float)) / len(y) - np.eye(z.shape[1])[y]


def _label_divided(z: Floats, y: Ints) -> Any:
    return nn.activations.softmax(z.astype(float)) - np.eye(z.shape[1])[y] / len(y)


def _class_numbers(z: Floats, y: Ints) -> Any:
    return (nn.activations.softmax(z.astype(float)) - y[:, None]) / len(y)


def _likeliest(p: Floats, hot: Floats) -> Any:
    return p - np.eye(p.shape[1])[p.argmax(axis=1)]


def _in_place(z: Floats, y: Ints) -> Any:
    z -= z.max(axis=1, keepdims=True)
    return softmax_ce_grad(z, y)


GRAD_MISTAKES = [
    Mistake(
        "in_place",
        _in_place,
        "The numbers are right, but `z -= ...` changes the caller's array. Write `z = z - ...`: "
        "that makes a new one.",
    ),
    Mistake(
        "not_shifted",
        _grad(softmax=_plain_softmax),
        "exp overflows for huge scores, and infinity divided by infinity is nan. Subtract the "
        "largest score of each row first: that changes no share.",
    ),
    Mistake(
        "turned_round",
        _grad(minus=lambda p, hot: hot - p),
        "Your signs are turned round: y - p. The slope of the right class is p - 1, negative: a "
        "larger score there makes the loss smaller.",
    ),
    Mistake(
        "not_divided",
        _grad(divisor=lambda z: 1),
        "These are the slopes of the sum of the losses. The loss is the mean over the examples: "
        "divide by their number, len(y).",
    ),
    Mistake(
        "divided_by_all",
        _grad(divisor=np.size),
        "You divide by the number of all entries. The loss is a mean over examples: divide by "
        "len(y).",
    ),
    Mistake(
        "divided_by_classes",
        _grad(divisor=lambda z: z.shape[1]),
        "You divide by the number of classes. The loss is a mean over examples: divide by len(y).",
    ),
    Mistake(
        "label_left_out",
        _grad(minus=lambda p, hot: p),
        "You return p, and nothing says which class is right. Subtract 1 in its place.",
    ),
    Mistake(
        "subtracted_everywhere",
        _grad(minus=lambda p, hot: p - 1),
        "You subtract 1 from every class. Only the right one has a 1 in its label: "
        "p[np.arange(len(y)), y] -= 1.",
    ),
    Mistake(
        "right_class_only",
        _grad(minus=lambda p, hot: (p - hot) * hot),
        "Your slopes are 0 for the wrong classes. A larger score of a wrong class takes its share "
        "from the right one: the slope there is p.",
    ),
    Mistake(
        "no_softmax",
        _grad(softmax=lambda z: z),
        "You subtract the label from the scores. First the softmax makes probabilities of them: "
        "p - y, not z - y.",
    ),
    Mistake(
        "sigmoid",
        _grad(softmax=nn.activations.sigmoid),
        "You take a sigmoid of each score. A softmax divides each power by the sum of its row, so "
        "that a row adds up to 1.",
    ),
    Mistake(
        "down_the_columns",
        _grad(softmax=_of_columns),
        "Your softmax runs down the columns. Every row is an example: take axis=1, keepdims=True.",
    ),
    Mistake(
        "over_all",
        _grad(softmax=_of_all),
        "Your softmax divides by the sum over all examples. Every row must add up to 1 by itself: "
        "axis=1, keepdims=True.",
    ),
    Mistake(
        "slope_of_the_logarithm",
        _grad(minus=lambda p, hot: -hot / np.maximum(p, 1e-300)),
        "That is the slope for p, -1 / p. Asked are the slopes for the scores z, before the "
        "softmax: p - y.",
    ),
    Mistake(
        "squared_error",
        _grad(minus=_through_squares),
        "These are the slopes of the mean squared error behind a softmax. Those of cross-entropy "
        "are simpler: p - y.",
    ),
    Mistake(
        "shifted_by_the_largest_of_all",
        _grad(softmax=_shifted(np.max)),
        "You subtract the largest score of all rows. A row that lies far below it becomes 0 / "
        "0: subtract the largest of each row, z.max(axis=1, keepdims=True).",
    ),
    Mistake(
        "shifted_down_the_columns",
        _grad(softmax=_shifted(lambda z: z.max(axis=0))),
        "You subtract the largest score of each column, which changes the shares within a row. "
        "Take that of each row: z.max(axis=1, keepdims=True).",
    ),
    Mistake(
        "shifted_above_only",
        _grad(softmax=_shifted_above),
        "You shift the scores above the line and not below it. Both are powers of the same "
        "shifted scores.",
    ),
    Mistake(
        "every_pair",
        _grad_at(lambda rows, y: (slice(None), y)),
        "p[:, y] takes all these columns in every row. Each row has one right class: "
        "p[np.arange(len(y)), y] -= 1.",
    ),
    Mistake(
        "rows_and_columns_turned",
        _grad_at(lambda rows, y: (y, rows)),
        "Rows come first: p[np.arange(len(y)), y], not p[y, np.arange(len(y))].",
    ),
    Mistake(
        "counted_from_one",
        _grad_at(lambda rows, y: (rows, y - 1)),
        "You subtract 1 from the class in front of the right one. Classes are counted from 0: "
        "the index is y, not y - 1.",
    ),
    Mistake(
        "first_label",
        _grad_at(lambda rows, y: (rows, y[0])),
        "You subtract 1 in the same column of every row. Each row has its own label: "
        "p[np.arange(len(y)), y].",
    ),
    Mistake(
        "put",
        _grad_at(lambda rows, y: (rows, y), "put"),
        "You put -1 in the place of the right class. Subtract 1 from what is there: -= 1, not = "
        "-1.",
    ),
    Mistake(
        "class_numbers",
        _class_numbers,
        "You subtract the numbers of the classes. Subtract one-hot rows, np.eye(z.shape[1])[y]: "
        "1 for the right class and 0 for the others.",
    ),
    Mistake(
        "class_numbers_in_columns",
        lambda z, y: (nn.activations.softmax(z.astype(float)) - y) / len(y),
        "y holds the numbers of the classes, and you subtract these. Subtract one-hot rows, "
        "np.eye(z.shape[1])[y]: 1 for the right class and 0 for the others.",
    ),
    Mistake(
        "shifted_by_the_smallest",
        _grad(softmax=_shifted(lambda z: z.min(axis=1, keepdims=True))),
        "You subtract the smallest score of each row, and exp of what is left can overflow. "
        "Subtract the largest: then no power is above 1.",
    ),
    Mistake(
        "added",
        _grad(minus=lambda p, hot: p + hot),
        "You add 1 in the place of the right class. Subtract it: a larger score there makes the "
        "loss smaller.",
    ),
    Mistake(
        "label_before_the_softmax",
        _label_first,
        "You subtract 1 from the score. First the softmax, then 1 from the probability.",
    ),
    Mistake(
        "label_not_divided",
        _share_divided,
        "You divide p by the number of examples, but not the label. Subtract first, then divide "
        "both.",
    ),
    Mistake(
        "share_not_divided",
        _label_divided,
        "You divide the label by the number of examples, but not p. Subtract first, then divide "
        "both.",
    ),
    Mistake(
        "likeliest",
        _grad(minus=_likeliest),
        "You subtract 1 from the largest probability, right or not. Subtract it where y says.",
    ),
    Mistake(
        "diagonal",
        _grad(minus=lambda p, hot: p * (1 - p)),
        "p(1 - p) is how a share grows with its own score. Asked is how the loss does: p - y.",
    ),
    Mistake(
        "no_powers",
        _grad(softmax=lambda z: z / z.sum(axis=1, keepdims=True)),
        "You divide the scores by their sum. A softmax takes their powers first: np.exp.",
    ),
]


# entropy


def entropy(p: Floats, base: float = 2) -> float:
    """Return the mean surprise of a distribution."""
    p = p[p > 0]
    return float(-np.sum(p * np.log(p)) / np.log(base))


def entropy_cases(rng: Rng) -> list[Case]:
    """Choose a coin, the lesson's four letters, certainty, zeros, other bases."""

    def case(about: str, p: list[float], base: float = 2) -> Case:
        return Case((np.array(p), base), about)

    return [
        case("the four letters of the lesson", [0.5, 0.25, 0.125, 0.125]),
        case("a fair coin", [0.5, 0.5]),
        case("a coin that shows heads nine times of ten", [0.9, 0.1]),
        case("in nats: base e", [0.7, 0.2, 0.1], math.e),
        case("in digits: base 10", [0.5, 0.25, 0.25], 10),
        case("something that never happens", [0.75, 0.0, 0.25]),
        case("certainty", [0.0, 1.0, 0.0]),
        case("certainty, in nats", [1.0], math.e),
        Case((_shares(always(), 5), 3.0), "five letters, base 3"),
        Case((_shares(rng, 4), 2)),
        Case((_shares(rng, 6), 2)),
        Case((np.append(_shares(rng, 3), 0.0), math.e), "random numbers and a 0, in nats"),
    ]


def _entropy(formula: Callable[[Any, float], Any], skip: bool = True) -> Callable[..., Any]:
    """Build a wrong entropy, which leaves out zeros or does not."""

    def wrong(p: Floats, base: float = 2) -> Any:
        return formula(p[p > 0] if skip else p, base)

    return _quiet(wrong)


def _both_sides(p: Floats) -> Any:
    """Add what a yes and a no of each outcome cost, in nats."""
    return sum(_entropy_of_a_yes(share) for share in p)


def _entropy_of_a_yes(share: float) -> float:
    return entropy(np.array([share, 1 - share]), math.e)


def _up_to_a_zero(p: Floats) -> Floats:
    ends = np.flatnonzero(p == 0)
    return p[: ends[0]] if ends.size else p


ENTROPY_MISTAKES = [
    Mistake(
        "zeros",
        _entropy(lambda p, base: -np.sum(p * np.log(p)) / np.log(base), skip=False),
        "0 times the logarithm of 0 is nan for NumPy. What never happens adds nothing: keep only "
        "p > 0.",
    ),
    Mistake(
        "zeros_in_bits",
        _entropy(lambda p, base: -np.sum(p * np.log2(p)), skip=False),
        "Two things: 0 times the logarithm of 0 is nan, so keep only p > 0; and the logarithm "
        "must have the given base: divide natural ones by np.log(base).",
    ),
    Mistake(
        "always_bits",
        _entropy(lambda p, base: -np.sum(p * np.log2(p))),
        "Your answer is always in bits. A logarithm to another base is np.log(p) / np.log(base).",
    ),
    Mistake(
        "always_nats",
        _entropy(lambda p, base: -np.sum(p * np.log(p))),
        "Your answer is always in nats. Divide by np.log(base).",
    ),
    Mistake(
        "multiplied",
        _entropy(lambda p, base: -np.sum(p * np.log(p)) * np.log(base)),
        "A logarithm to a base is np.log(p) / np.log(base): divide, do not multiply.",
    ),
    Mistake(
        "divided_by_the_base",
        _entropy(lambda p, base: -np.sum(p * np.log(p)) / base),
        "You divide by the base itself. Divide by its logarithm, np.log(base).",
    ),
    Mistake(
        "sign",
        _entropy(lambda p, base: np.sum(p * np.log(p)) / np.log(base)),
        "The sign is missing: surprises are minus logarithms.",
    ),
    Mistake(
        "mean",
        _entropy(lambda p, base: -np.mean(p * np.log(p)) / np.log(base)),
        "You divide by the number of outcomes. The weights p make it a mean already: take the sum.",
    ),
    Mistake(
        "not_weighted",
        _entropy(lambda p, base: -np.sum(np.log(p)) / np.log(base)),
        "You add the surprises as they are. Each counts as often as it happens: weigh it with p.",
    ),
    Mistake(
        "mean_surprise_not_weighted",
        _entropy(lambda p, base: -np.mean(np.log(p)) / np.log(base)),
        "You average the surprises as if all outcomes were equally likely. Weigh each with its p.",
    ),
    Mistake(
        "as_if_equal",
        _entropy(lambda p, base: np.log(len(p)) / np.log(base)),
        "That is the entropy of equally likely outcomes. Use the probabilities.",
    ),
    Mistake(
        "largest",
        _entropy(lambda p, base: -np.log(p.max()) / np.log(base)),
        "That is the surprise of the likeliest outcome. Average over all outcomes.",
    ),
    Mistake(
        "certain_with_a_zero",
        lambda p, base: 0.0 if np.any(p == 0) else entropy(p, base),
        "You return 0 as soon as something never happens. Leave that outcome out, and add up "
        "the others.",
    ),
    Mistake(
        "stops_at_a_zero",
        lambda p, base: entropy(_up_to_a_zero(p), base),
        "You stop at the first 0. Leave it out, and go on with what comes after it.",
    ),
    Mistake(
        "left_out_once",
        lambda p, base: -np.sum(p * np.log(p[p > 0])) / np.log(base),
        "You leave the zeros out of the logarithm, but not in front of it. Do it once for both: "
        "p = p[p > 0].",
    ),
    Mistake(
        "bits_by_the_base",
        _entropy(lambda p, base: -np.sum(p * np.log2(p)) / base),
        "You divide bits by the base. A logarithm to any base is np.log(p) / np.log(base).",
    ),
    Mistake(
        "two_logarithms",
        _entropy(lambda p, base: -np.sum(p * np.log(p)) / np.log2(base)),
        "You divide a natural logarithm by one to base 2. Take the same kind in both: np.log(p) "
        "/ np.log(base).",
    ),
    Mistake(
        "upside_down",
        _entropy(lambda p, base: -np.sum(p * np.log(base) / np.log(p))),
        "Your fraction is upside down. A logarithm to a base is np.log(p) / np.log(base).",
    ),
    Mistake(
        "logarithm_of_a_fraction",
        _entropy(lambda p, base: -np.sum(p * np.log(p / base))),
        "You take the logarithm of p / base, or subtract that of the base. Divide the logarithms: "
        "np.log(p) / np.log(base).",
    ),
    Mistake(
        "power",
        lambda p, base: base ** entropy(p, base),
        "You raise the base to the entropy: that is how many equally likely outcomes would "
        "surprise as much. Return the entropy itself.",
    ),
    Mistake(
        "logarithm_last",
        _entropy(lambda p, base: -np.log(np.sum(p * p)) / np.log(base)),
        "You take the logarithm of a mean. Take the logarithm of each probability first, and "
        "weigh them with p.",
    ),
    Mistake(
        "both_sides",
        _entropy(lambda p, base: _both_sides(p) / np.log(base)),
        "You add the same for 1 - p. In a distribution the other outcomes have entries of their "
        "own.",
    ),
]


# kl


def kl(p: Floats, q: Floats) -> float:
    """Return what it costs to expect q where p is true, in bits."""
    if np.any((p > 0) & (q == 0)):
        return np.inf
    seen = p > 0
    return float(np.sum(p[seen] * np.log2(p[seen] / q[seen])))


def kl_cases(rng: Rng) -> list[Case]:
    """Choose the lesson's pairs both ways, equal ones, zeros in p, in q, in both."""

    def case(about: str, p: list[float], q: list[float]) -> Case:
        return Case((np.array(p), np.array(q)), about)

    fair, bent = [0.5, 0.5], [0.75, 0.25]
    letters, turned = [0.5, 0.25, 0.125, 0.125], [0.125, 0.125, 0.25, 0.5]
    return [
        case("a fair coin, and one expects a bent one", fair, bent),
        case("a bent coin, and one expects a fair one", bent, fair),
        case("the letters of the lesson", letters, turned),
        case("decimals", [0.1, 0.6, 0.3], [0.2, 0.3, 0.5]),
        case("twice the same", letters, letters),
        case("something that never happens", [0.5, 0.0, 0.5], [0.25, 0.5, 0.25]),
        case("the first never happens", [0.0, 0.25, 0.75], [0.5, 0.25, 0.25]),
        case("something happens that was called impossible", fair, [1.0, 0.0]),
        case("what is called impossible never happens", [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]),
        case("a little of the impossible", [0.2, 0.7, 0.1], [0.0, 0.6, 0.4]),
        Case(_pair(always(), 5), "five outcomes"),
        Case(_pair(rng, 3)),
        Case(_pair(rng, 6)),
        Case(
            tuple(np.append(one, 0.0) for one in _pair(rng, 4)), "random numbers, and a 0 in each"
        ),
    ]


def _pair(rng: Rng, outcomes: int) -> tuple[Floats, Floats]:
    """Draw two distributions that a formula turned round tells apart."""
    while True:
        p, q = _shares(rng, 2, outcomes)
        if abs(kl(p, q) - kl(q, p)) > 1e-3:
            return p, q


def _divergence(formula: Callable[[Any, Any], Any], skip: bool = True) -> Callable[..., Any]:
    """Build a wrong divergence, which looks after zeros or does not."""

    def wrong(p: Floats, q: Floats) -> Any:
        if np.any((p > 0) & (q == 0)):
            return np.inf
        seen = p > 0
        return formula(p[seen], q[seen]) if skip else formula(p, q)

    return _quiet(wrong)


def _bits(p: Any, q: Any) -> Any:
    return np.sum(p * np.log2(p / q))


def _turned(p: Floats, q: Floats) -> Any:
    return kl(q, p)


def _both_positive(p: Floats, q: Floats) -> Any:
    seen = (p > 0) & (q > 0)
    return _bits(p[seen], q[seen])


def _stops(p: Floats, q: Floats) -> Any:
    """Stop at the first outcome that never happens."""
    left = _up_to_a_zero(p)
    return kl(left, q[: len(left)])


@_quiet
def _zeros_of_q_left_out(p: Floats, q: Floats) -> Any:
    return _impossible(p, q) or _bits(p[q > 0], q[q > 0])


def _entropy_of_q_off(p: Floats, q: Floats) -> Any:
    return _impossible(p, q) or _surprise(p, q) - entropy(q)


def _impossible(p: Floats, q: Floats) -> float:
    """Return infinity where something happens that was called impossible, else 0."""
    return np.inf if np.any((p > 0) & (q == 0)) else 0.0


def _surprise(p: Floats, q: Floats) -> float:
    seen = p > 0
    return float(-np.sum(p[seen] * np.log2(q[seen])))


KL_MISTAKES = [
    Mistake(
        "zeros",
        _divergence(_bits, skip=False),
        "0 times the logarithm of 0 is nan for NumPy. What never happens costs nothing: keep only "
        "p > 0, in p and in q.",
    ),
    Mistake(
        "the_impossible_skipped",
        _both_positive,
        "You leave out what q calls impossible. If it happens, the surprise is infinite: return "
        "np.inf if any q is 0 where p is not.",
    ),
    Mistake(
        "turned_round",
        _turned,
        "You return kl(q, p). What happens is p, so p weighs the terms, and p stands above q.",
    ),
    Mistake(
        "cross_entropy",
        _divergence(lambda p, q: -np.sum(p * np.log2(q))),
        "That is the cross-entropy. Subtract the entropy of p: what remains is what the wrong "
        "expectation costs *more*.",
    ),
    Mistake(
        "nats",
        _divergence(lambda p, q: np.sum(p * np.log(p / q))),
        "Your answer is in nats. Take np.log2: asked are bits.",
    ),
    Mistake(
        "sign",
        _divergence(lambda p, q: np.sum(p * np.log2(q / p))),
        "The sign is wrong: a divergence is never negative. It is log2(p / q), p above q.",
    ),
    Mistake(
        "weighed_with_q",
        _divergence(lambda p, q: np.sum(q * np.log2(p / q))),
        "You weigh the terms with q. What happens is p: weigh with p.",
    ),
    Mistake(
        "mean",
        _divergence(lambda p, q: np.mean(p * np.log2(p / q))),
        "You divide by the number of outcomes. The weights p make it a mean already: take the sum.",
    ),
    Mistake(
        "not_weighted",
        _divergence(lambda p, q: np.sum(np.log2(p / q))),
        "You add the terms as they are. Each counts as often as it happens: weigh it with p.",
    ),
    Mistake(
        "absolute",
        _divergence(lambda p, q: np.sum(p * np.abs(np.log2(p / q)))),
        "You take absolute values. Some terms may be negative; only their sum may not.",
    ),
    Mistake(
        "difference",
        _divergence(lambda p, q: np.sum(np.abs(p - q))),
        "You add up differences of probabilities. A divergence compares surprises: log2(p / q), "
        "weighed with p.",
    ),
    Mistake(
        "infinite_at_any_zero_of_q",
        lambda p, q: np.inf if np.any(q == 0) else kl(p, q),
        "You return infinity as soon as q has a 0. It counts only if that happens: where p is "
        "not 0.",
    ),
    Mistake(
        "infinite_at_any_zero_of_p",
        lambda p, q: np.inf if np.any(p == 0) else kl(p, q),
        "You return infinity where p is 0. What never happens costs nothing; infinite is what "
        "happens (p > 0) where q is 0.",
    ),
    Mistake(
        "nothing_at_any_zero_of_p",
        lambda p, q: _impossible(p, q) or (0.0 if np.any(p == 0) else kl(p, q)),
        "You return 0 as soon as something never happens. Only its own term is 0: add up the "
        "others.",
    ),
    Mistake(
        "stops_at_a_zero",
        _stops,
        "You stop at the first outcome that never happens. Its term is 0: go on with what comes "
        "after it.",
    ),
    Mistake(
        "masks_apart",
        lambda p, q: _impossible(p, q) or _bits(p[p > 0], q[q > 0]),
        "You leave the zeros of p out of p, and those of q out of q, so the pairs no longer "
        "belong together. Take the same places of both: seen = p > 0, then p[seen] and q[seen].",
    ),
    Mistake(
        "zeros_of_q_left_out",
        _zeros_of_q_left_out,
        "You keep the places where q is not 0. Keep those where p is not 0: what never happens "
        "costs nothing, whatever q says.",
    ),
    Mistake(
        "both_ways",
        lambda p, q: kl(p, q) + kl(q, p),
        "You add the divergence the other way round. Asked is one of the two: what happens is p.",
    ),
    Mistake(
        "difference_of_entropies",
        lambda p, q: _impossible(p, q) or entropy(q) - entropy(p),
        "You subtract one entropy from the other. Whoever expects q still meets p: it is the "
        "cross-entropy, -sum of p log2 q, less the entropy of p.",
    ),
    Mistake(
        "entropy_of_q_off",
        _entropy_of_q_off,
        "You subtract the entropy of q from the cross-entropy. What cannot be avoided is the "
        "entropy of p, as p is what happens.",
    ),
    Mistake(
        "quotient_of_logarithms",
        _divergence(lambda p, q: np.sum(p * (np.log2(p) / np.log2(q)))),
        "You divide two logarithms. It is the logarithm of the quotient: np.log2(p / q).",
    ),
    Mistake(
        "logarithm_of_p_only",
        _divergence(lambda p, q: np.sum(p * np.log2(p) / q)),
        "You take the logarithm of p and divide by q. The quotient belongs into the brackets: "
        "np.log2(p / q).",
    ),
    Mistake(
        "weighed_with_the_quotient",
        _divergence(lambda p, q: np.sum(p / q * np.log2(p / q))),
        "You weigh the terms with p / q. How often each happens is p.",
    ),
    Mistake(
        "positive_terms",
        _divergence(lambda p, q: np.sum(np.maximum(p * np.log2(p / q), 0))),
        "You leave out the terms that are negative. They count, too: only the sum is never "
        "negative.",
    ),
]


# ngram_entropy


def _blocks(text: str, length: int) -> Counter[str]:
    return Counter(text[i : i + length] for i in range(len(text) - length + 1))


def _entropy_of(counts: "Counter[Any]") -> float:
    p = np.array(list(counts.values()), dtype=float)
    return entropy(p / p.sum())


def ngram_entropy(text: str, n: int) -> float:
    """Return the mean surprise about a letter after the n - 1 before it, as counted in the text."""
    return _entropy_of(_blocks(text, n)) - _entropy_of(_blocks(text, n - 1))


def ngram_cases(rng: Rng) -> list[Case]:
    """Letters alone, pairs, triples, repeats that overlap, capitals; renamed texts."""
    return [
        Case(("aabc", 1), "letters one by one"),
        Case(("aabc", 2), "pairs"),
        Case(("abracadabra", 1), "a spell, letters one by one"),
        Case(("abracadabra", 2), "a spell, pairs"),
        Case(("abracadabra", 3), "a spell, triples"),
        Case(("aaaabaaab", 2), "pairs that overlap"),
        Case(("aaaabaaab", 4), "blocks of four that overlap"),
        Case(("the cat on the mat", 2), "a sentence, pairs; a space is a letter, too"),
        Case(("Aa Bb aA", 1), "capitals are letters of their own"),
        Case(("ab", 2), "a single pair"),
        Case((_renamed(rng, "barbarabar"), 1), "a spell with its letters renamed"),
        Case((_renamed(rng, "mississippi"), 2), "a river with its letters renamed"),
        Case((_renamed(rng, "senselessness"), 3), "a word with its letters renamed"),
    ]


def _renamed(rng: Rng, text: str) -> str:
    names = rng.permutation(list("abcdefghijklmnopqrstuvwxyz"))
    return text.translate({ord(old): str(new) for old, new in zip(SYMBOLS[1:], names, strict=True)})


def _ngram(
    blocks: Callable[[str, int], Any] = _blocks, measure: Callable[[Any], Any] = _entropy_of
) -> Callable[..., Any]:
    """Build a wrong entropy of letters; each argument puts a mistake into it."""
    return _quiet(lambda text, n: measure(blocks(text, n)) - measure(blocks(text, n - 1)))


def _steps(text: str, length: int) -> Any:
    """Count blocks that do not overlap."""
    return Counter(text[i : i + length] for i in range(0, len(text) - length + 1, length or 1))


def _last_lost(text: str, length: int) -> Any:
    return Counter(text[i : i + length] for i in range(len(text) - length)) or {"": 1}


def _too_many(text: str, length: int) -> Any:
    return Counter(text[i : i + length] for i in range(len(text)))


def _by_count(text: str, length: int) -> Any:
    return {block: text.count(block) for block in _blocks(text, length)}


def _at_the_starts_of(n: int) -> Callable[[str, int], Any]:
    """Count blocks only where one of n letters starts."""
    return lambda text, length: Counter(text[i : i + length] for i in range(len(text) - n + 1))


def _round_the_end(text: str, length: int) -> Any:
    return Counter((text + text)[i : i + length] for i in range(len(text)))


def _first_lost(text: str, length: int) -> Any:
    return Counter(text[i : i + length] for i in range(1, len(text) - length + 1)) or {"": 1}


def _sorted(text: str, length: int) -> Any:
    return Counter("".join(sorted(text[i : i + length])) for i in range(len(text) - length + 1))


def _one_too_few(text: str, length: int) -> Any:
    return {block: count - 1 for block, count in _blocks(text, length).items()}


def _by_letters(text: str, length: int) -> float:
    """Divide the counts by the number of letters in the text, not of blocks."""
    counts = np.array(list(_blocks(text, length).values()))
    return entropy(counts / len(text)) if length else 0.0


def _minus_the_last_step(text: str, n: int) -> float:
    return _entropy_of(_blocks(text, n)) - (_minus_the_last_step(text, n - 1) if n > 1 else 0)


def _words(text: str, length: int) -> Any:
    words = text.split()
    return Counter(tuple(words[i : i + length]) for i in range(len(words) - length + 1))


def _letters_only(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha())


NGRAM_MISTAKES = [
    Mistake(
        "nothing",
        lambda text, n: 0.0,
        "Your answer is always 0: do you subtract an entropy from itself? The longer blocks have n "
        "letters, the shorter n - 1.",
    ),
    Mistake(
        "of_blocks",
        lambda text, n: _entropy_of(_blocks(text, n)),
        "That is the entropy of whole blocks of n letters. Subtract that of blocks of n - 1: what "
        "remains is the last letter.",
    ),
    Mistake(
        "divided",
        lambda text, n: _entropy_of(_blocks(text, n)) / n,
        "You share the entropy of a block out among its letters. Asked is what the last letter "
        "adds: subtract the entropy of blocks of n - 1 letters.",
    ),
    Mistake(
        "no_overlap",
        _ngram(blocks=_steps),
        "Your blocks do not overlap. One starts at every letter: range(len(text) - length + 1).",
    ),
    Mistake(
        "last_lost",
        _ngram(blocks=_last_lost),
        "The last block is missing: range(len(text) - length + 1) has one start more.",
    ),
    Mistake(
        "too_many",
        _ngram(blocks=_too_many),
        "At the end of the text you count blocks that are too short. The last start is at "
        "len(text) - length.",
    ),
    Mistake(
        "str_count",
        _ngram(blocks=_by_count),
        "str.count passes over blocks that overlap: 'aaa' holds 'aa' twice. Go from letter to "
        "letter and count each block yourself.",
    ),
    Mistake(
        "kinds",
        _ngram(measure=lambda counts: np.log2(len(counts))),
        "You take how many different blocks there are, as if all were equally frequent. Use how "
        "often each comes.",
    ),
    Mistake(
        "nats",
        _ngram(measure=lambda counts: _entropy_of(counts) * np.log(2)),
        "Your answer is in nats. Asked are bits: base 2.",
    ),
    Mistake(
        "turned_round",
        lambda text, n: _entropy_of(_blocks(text, n - 1)) - _entropy_of(_blocks(text, n)),
        "The sign is wrong: long blocks have more entropy than short ones, so subtract the short.",
    ),
    Mistake(
        "one_letter_on",
        lambda text, n: _entropy_of(_blocks(text, n + 1)) - _entropy_of(_blocks(text, n)),
        "You are one letter too far: the longest blocks have n letters, the others n - 1.",
    ),
    Mistake(
        "minus_single_letters",
        lambda text, n: _entropy_of(_blocks(text, n)) - (_entropy_of(_blocks(text, 1)) * (n > 1)),
        "You subtract the entropy of single letters. Subtract that of blocks of n - 1 letters.",
    ),
    Mistake(
        "small_letters",
        lambda text, n: ngram_entropy(text.lower(), n),
        "You turn capitals into small letters. The text comes as it is to be counted.",
    ),
    Mistake(
        "without_spaces",
        lambda text, n: ngram_entropy(text.replace(" ", ""), n),
        "You take out the spaces. A space is a letter like the others here.",
    ),
    Mistake(
        "minus_the_last_step",
        _minus_the_last_step,
        "You subtract F of n - 1, which is what one letter adds. Subtract the entropy of whole "
        "blocks of n - 1 letters.",
    ),
    Mistake(
        "letters_apart",
        lambda text, n: _entropy_of(_blocks(text, n)) - (n - 1) * _entropy_of(_blocks(text, 1)),
        "You subtract n - 1 times the entropy of a letter, as if letters had nothing to do with "
        "each other. Count the blocks of n - 1 letters.",
    ),
    Mistake(
        "at_the_same_starts",
        lambda text, n: _ngram(blocks=_at_the_starts_of(n))(text, n),
        "You count the short blocks only where a long one starts. One more short block fits at "
        "the end: range(len(text) - length + 1), each with its own length.",
    ),
    Mistake(
        "quotient",
        lambda text, n: (
            _entropy_of(_blocks(text, n)) / (_entropy_of(_blocks(text, n - 1)) if n > 1 else 1)
        ),
        "You divide one entropy by the other. The last letter adds their difference.",
    ),
    Mistake(
        "shared_out",
        lambda text, n: ngram_entropy(text, n) / n,
        "You divide by n at the end. The difference is what one letter adds, already.",
    ),
    Mistake(
        "by_letters",
        lambda text, n: _by_letters(text, n) - _by_letters(text, n - 1),
        "You divide the counts by the number of letters. There are fewer blocks: divide by the "
        "sum of the counts, so that the shares add up to 1.",
    ),
    Mistake(
        "order_ignored",
        _ngram(blocks=_sorted),
        "You count 'ab' and 'ba' as one block. The order of the letters belongs to a block.",
    ),
    Mistake(
        "round_the_end",
        _ngram(blocks=_round_the_end),
        "Your last blocks go on with the beginning of the text. The last one starts at "
        "len(text) - n.",
    ),
    Mistake(
        "first_lost",
        _ngram(blocks=_first_lost),
        "The first block is missing: the starts begin at 0.",
    ),
    Mistake(
        "counted_from_zero",
        _ngram(blocks=_one_too_few),
        "Each block is counted once too little: the first time that it comes, its count is 1.",
    ),
    Mistake(
        "equal_chances_first",
        lambda text, n: ngram_entropy(text, n) - (np.log2(27) if n == 1 else 0),
        "For n = 1 you subtract the entropy of equal chances. There is nothing in front of a "
        "single letter: H_0 is 0.",
    ),
    Mistake(
        "nothing_for_one",
        lambda text, n: ngram_entropy(text, n) if n > 1 else 0.0,
        "For n = 1 you return 0. H_0 is 0, so the answer is the entropy of the single letters.",
    ),
    Mistake(
        "letters_only",
        lambda text, n: ngram_entropy(_letters_only(text), n),
        "You drop spaces and capitals. The text comes as it is to be counted: all that stands in "
        "it is a letter.",
    ),
    Mistake(
        "words",
        _ngram(blocks=_words),
        "You count words. A block is n letters that follow each other, spaces among them.",
    ),
    Mistake(
        "counts",
        _ngram(measure=lambda counts: entropy(np.array(list(counts.values()), dtype=float))),
        "You give the counts to `entropy`. It wants shares: divide the counts by their sum.",
    ),
]


# predict_letters: an open task


def predict_letters(pages: list[str], pasts: list[str]) -> Floats:
    """Mix what is known of the last 0, 1, 2, 3 letters, the longer the more."""
    longest, text = 3, "".join(pages)
    counts: dict[str, Floats] = {}
    place = {letter: number for number, letter in enumerate(SYMBOLS)}
    for i in range(longest, len(text)):
        for length in range(longest + 1):
            past = text[i - length : i]
            if past not in counts:
                counts[past] = np.zeros(27)
            counts[past][place[text[i]]] += 1
    answers = np.full((len(pasts), 27), 1 / 27)
    for row, past in enumerate(pasts):
        for length in range(longest + 1):
            seen = counts.get(past[len(past) - length :])
            if seen is not None:
                kinds = np.sum(seen > 0)
                answers[row] = (seen + kinds * answers[row]) / (np.sum(seen) + kinds)
    return answers


def without_counting(pages: list[str], pasts: list[str]) -> Floats:
    """Call all 27 symbols equally likely."""
    return np.full((len(pasts), 27), 1 / 27)


def letter_cases(rng: Rng) -> list[Case]:
    """Two stretches of Python's manual: 20,000 letters to learn from, 800 to come in the next."""
    manual = datasets.shannons_symbols(datasets.python_manual())
    cases = []
    for _ in range(2):
        start = rng.integers(len(manual) - 26_000)
        pages = [manual[start + k : start + k + 1000] for k in range(0, 20_000, 1000)]
        text = manual[start + 20_000 : start + 26_000]
        places = rng.choice(np.arange(8, 6_000), 800, replace=False)
        right = np.array([SYMBOLS.index(text[place]) for place in places])
        pasts = [text[place - 8 : place] for place in places]
        about = "20 pages to learn from, 800 pasts whose next letter you do not know"
        cases.append(Case((pages, pasts), about, hidden=np.eye(27)[right]))
    return cases


def bits_saved(predicted: Any, right: Any) -> float:
    """Return how many bits a letter costs less than among 27 equally likely ones.

    Rows that are no probabilities save nothing.

    Examples
    --------
    >>> bits_saved(np.full((2, 27), 1 / 27), np.eye(27)[:2])
    0.0
    """
    predicted = np.asarray(predicted, dtype=float)
    if _no_probabilities(predicted):
        return 0.0
    with np.errstate(divide="ignore"):
        surprise = -np.log2(np.sum(predicted * right, axis=1)).mean()
    return round(float(np.log2(27) - surprise), 9) + 0.0


def _no_probabilities(predicted: Floats) -> bool:
    return not (np.all(predicted >= 0) and np.allclose(predicted.sum(axis=-1), 1, atol=1e-6))


def letter_slip(predicted: Any, case: Case) -> str:
    """Name rows that are no probabilities, letters called impossible, and letters mixed up."""
    right = case.hidden
    numbers = isinstance(predicted, np.ndarray) and predicted.dtype.kind in "biuf"
    if not numbers or predicted.shape != np.shape(right) or not predicted.size:
        return ""
    if _no_probabilities(predicted):
        return "Every row must hold 27 probabilities: none negative, and together 1."
    missed = np.mean(np.sum(predicted * right, axis=1) == 0)
    if missed:
        return (
            f"You call {missed:.1%} of the letters that came impossible, and that costs infinitely "
            "many bits. Leave something for every letter: add a little to each count."
        )
    if bits_saved(predicted, right) < 0:
        return (
            "Your probabilities cost more than equal chances, so they belong to other letters. The "
            "space is the first of the 27, and the letter just before is the last of the past, "
            "past[-1]."
        )
    return ""


CHECKS = (
    Check(cross_entropy, 1, cross_entropy_cases, CROSS_ENTROPY_MISTAKES, ("loss",)),
    Check(softmax_ce_grad, 2, grad_cases, GRAD_MISTAKES, ("slopes",)),
    Check(entropy, 1, entropy_cases, ENTROPY_MISTAKES, ("entropy",)),
    Check(kl, 2, kl_cases, KL_MISTAKES, ("divergence",)),
    Check(ngram_entropy, 2, ngram_cases, NGRAM_MISTAKES, ("bits",)),
    Check(
        predict_letters,
        2,
        letter_cases,
        (),
        ("probabilities",),
        seconds=10.0,
        goal=Goal(
            bits_saved,
            bars=(0.4, 1.1, 1.7),
            advice=(
                "Equal chances for all letters save nothing. Count how often each letter comes in "
                "the pages, and answer with these shares.",
                "You know which letters are frequent. After a q comes a u: count which letter "
                "follows each letter, and look at the last letter of the past.",
                "Pairs are known. Look two or three letters back, and mix: a long past that came "
                "rarely says little, so let shorter ones speak, too.",
            ),
            untrained=without_counting,
            name="the number of bits saved per letter",
            slip=letter_slip,
        ),
    ),
)
