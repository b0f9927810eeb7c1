"""Lesson 11, other learning machines: neighbours, naive Bayes, k-means, a tree's question."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy, two_answers
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator


def _column(*values: float) -> Floats:
    return np.array(values, dtype=float)[:, None]


# knn


def knn(x_train: Floats, y_train: Ints, x: Floats, k: int) -> Ints:
    """Return for each row the commonest label among its k nearest."""
    answers = []
    for row in x:
        squares = ((x_train - row) ** 2).sum(axis=1)
        near = np.argsort(squares, kind="stable")[:k]
        answers.append(np.bincount(y_train[near]).argmax())
    return np.array(answers)


def knn_cases(rng: Rng) -> list[Case]:
    """Take the lesson's line, ties, planes in which other distances err, drawn points."""
    line, signs = _column(1, 2, 4, 7), np.array([0, 0, 1, 1])
    square = np.array([[3.0, 0.0], [0.0, 4.2], [2.2, 2.2], [2.4, 2.3], [-9.0, 1.0]])
    kinds = np.array([4, 2, 7, 7, 2])

    def drawn(k: int) -> Case:
        known, new = decimals(always(), 9, 2), decimals(always(), 2, 12, 2)[1]
        scale = decimals(rng, 1)[0]  # who is near stays near
        return Case((known * scale, np.array([0, 3, 1, 1, 0, 3, 1, 0, 3]), new * scale, k))

    return [
        Case((line, signs, _column(3.2), 1), "the line of the lesson, the nearest one"),
        Case((line, signs, _column(3.2), 3), "the line of the lesson, three neighbours"),
        Case((line, signs, _column(0.0, 6.0, 3.4), 1), "three new examples, the nearest one"),
        Case((_column(0.3, 0.9, 5), np.array([0, 1, 1]), _column(0.8), 1), "distances below 1"),
        Case((_column(-3, 1), np.array([0, 1]), _column(-2), 1), "a negative number"),
        Case((line, signs, _column(3.4), 2), "a tie of two labels: the smaller wins"),
        Case((line, np.array([1, 1, 0, 0]), _column(3.4, 9.0), 2), "a tie, labels exchanged"),
        Case((line, np.array([5, 5, 2, 5]), _column(3.2, 4.1), 4), "all of them vote"),
        Case((square, kinds, np.zeros((1, 2)), 1), "two features, the nearest one"),
        Case((square, kinds, np.array([[0.0, 0.0], [0.1, 4.0], [5.0, 0.0]]), 3), "two features"),
        Case((square, kinds, np.array([[-4.0, -4.0]]), 5), "far from all, all five vote"),
        Case(
            (np.array([[0.0, 50], [0, -50], [9, 0], [9, 1], [9, 2]]), np.array([3, 3, 3, 1, 1]),
             np.array([[0.0, 0.0], [9.0, 60.0]]), 3),
            "the second feature is large",
        ),
        drawn(3),
        drawn(4),
    ]  # fmt: skip


def _first_seen_wins(x_train: Floats, y_train: Ints, x: Floats, k: int) -> Any:
    answers = []
    for row in x:
        near = np.argsort(((x_train - row) ** 2).sum(axis=1), kind="stable")[:k]
        labels = y_train[near].tolist()
        answers.append(max(labels, key=labels.count))
    return np.array(answers)


KNN_MISTAKES = [
    Mistake(
        "nearest_only",
        ("[:k]", "[:1]"),
        "You ask one neighbour. Let the k nearest vote: the first k places of the argsort.",
    ),
    Mistake(
        "one_too_few",
        ("[:k]", "[: max(k - 1, 1)]"),
        "You ask one neighbour fewer than k. `[:k]` holds k places.",
    ),
    Mistake(
        "one_too_many",
        ("[:k]", "[: k + 1]"),
        "You ask one neighbour too many. The new example is not among those kept, so nothing has "
        "to be left out: `[:k]` holds k places.",
    ),
    Mistake(
        "one_left_out",
        ("[:k]", "[1 : k + 1]"),
        "You leave out the nearest one. The new example is not among those kept.",
    ),
    Mistake(
        "farthest",
        ("[:k]", "[::-1][:k]"),
        "You ask the farthest ones. argsort puts the smallest distance first.",
    ),
    Mistake(
        "places",
        ("np.bincount(y_train[near]).argmax()", "near[0]"),
        "You return the place of the nearest example. Its label is `y_train[place]`.",
    ),
    Mistake(
        "label_of_nearest_place",
        ("np.bincount(y_train[near]).argmax()", "np.bincount(near).argmax()"),
        "You count places. Count their labels: `y_train[near]`.",
    ),
    Mistake(
        "mean",
        ("np.bincount(y_train[near]).argmax()", "y_train[near].mean()"),
        "You average the labels. Labels are names: between a 3 and a 7 there is no 5. Take a vote.",
    ),
    Mistake(
        "median",
        ("np.bincount(y_train[near]).argmax()", "int(np.median(y_train[near]))"),
        "You take the middle of the labels. Labels are names: count the votes for each.",
    ),
    Mistake(
        "votes",
        ("np.bincount(y_train[near]).argmax()", "np.bincount(y_train[near]).max()"),
        "You return how many votes the winner has. Return its label: argmax, not max.",
    ),
    Mistake(
        "rarest",
        (
            "np.bincount(y_train[near]).argmax()",
            "min(set(y_train[near].tolist()), key=y_train[near].tolist().count)",
        ),
        "You return the label with the fewest votes.",
    ),
    Mistake(
        "absolute",
        ("(x_train - row) ** 2", "abs(x_train - row)"),
        "You add up absolute differences. Square them: that is the straight-line distance.",
    ),
    Mistake(
        "largest_difference",
        ("((x_train - row) ** 2).sum(axis=1)", "abs(x_train - row).max(axis=1)"),
        "You take the largest difference of the features. Add up the squares of all of them.",
    ),
    Mistake(
        "first_feature",
        ("((x_train - row) ** 2).sum(axis=1)", "((x_train - row) ** 2)[:, 0]"),
        "You compare the first feature alone. Add up the squares of all of them: sum(axis=1).",
    ),
    Mistake(
        "dot_product",
        ("((x_train - row) ** 2).sum(axis=1)", "-(x_train @ row)"),
        "You take the largest dot product for the nearest. Far points have large ones. Subtract, "
        "square and add up.",
    ),
    Mistake(
        "not_squared",
        ("(x_train - row) ** 2", "(x_train - row)"),
        "You add up differences that are not squared: those below count as nearer than near.",
    ),
    Mistake(
        "first_rows",
        ("np.argsort(squares, kind=\"stable\")[:k]", "np.arange(k)"),
        "You ask the first k examples. Sort the distances first: np.argsort.",
    ),
    Mistake(
        "all_vote",
        ("[:k]", ""),
        "You let all examples vote. Take the k nearest alone.",
    ),
    Mistake(
        "distances_of_features",
        ("sum(axis=1)", "sum(axis=0)"),
        "You add up over the examples, which leaves a number for each feature. Each example has"
        " a distance: add up over its features, axis=1.",
    ),
    Mistake(
        "rounded_mean",
        ("np.bincount(y_train[near]).argmax()", "int(np.rint(y_train[near].mean()))"),
        "You average the labels and round. Labels are names: between a 3 and a 7 there is no 5."
        " Take a vote.",
    ),
    Mistake(
        "first_seen_wins",
        _first_seen_wins,
        "At a tie of votes your winner is the label that comes first, that of the nearer "
        "example. Here the smaller label wins, as with np.bincount(...).argmax().",
    ),
]  # fmt: skip


# naive_bayes_fit


def naive_bayes_fit(x: Floats, y: Ints) -> tuple[Floats, Floats, Floats]:
    """Return means, variances and shares of the classes."""
    classes = range(y.max() + 1)
    means = np.array([x[y == c].mean(axis=0) for c in classes])
    variances = np.array([x[y == c].var(axis=0) for c in classes])
    return means, variances, np.bincount(y) / len(y)


def fit_cases(rng: Rng) -> list[Case]:
    """Two classes of one feature, several features, unequal classes, a class of one."""

    def case(about: str, x: list[list[float]], y: list[int]) -> Case:
        return Case((np.array(x), np.array(y)), about)

    return [
        case("one feature, two classes", [[0.0], [2.0], [5.0], [9.0]], [0, 0, 1, 1]),
        case("classes in turn", [[1.0], [6.0], [3.0], [9.0], [8.0]], [0, 1, 0, 1, 1]),
        case(
            "two features, three classes",
            [[1.0, 8.0], [2.0, 6.0], [4.0, 1.0], [7.0, 2.5], [5.0, 5.0], [9.0, 3.0], [3.0, 0.5]],
            [2, 2, 0, 1, 0, 1, 1],
        ),
        case("a class with one example", [[1.0, 2.0], [3.0, 7.0], [8.0, 4.0]], [0, 0, 1]),
        Case((decimals(always(), 7, 3), np.array([0, 1, 2, 2, 1, 1, 0])), "decimals"),
        Case((decimals(rng, 6, 2), np.array([1, 0, 0, 1, 1, 1]))),
        Case((decimals(rng, 8, 3), np.array([2, 0, 1, 1, 0, 2, 2, 2]))),
    ]


COUNTED = ("np.bincount(y) / len(y)", "np.array([np.mean(y == c) for c in classes])")
FIT_MISTAKES = [
    Mistake(
        "deviations",
        (".var(axis=0)", ".std(axis=0)"),
        "You return standard deviations. The variance is their square: np.var.",
    ),
    Mistake(
        "divided_by_one_less",
        (".var(axis=0)", ".var(axis=0, ddof=min(1, np.sum(y == c) - 1))"),
        "You divide by one less than the number of examples. Here, and in scikit-learn, the "
        "variance is the mean of the squared distances: np.var as it is.",
    ),
    Mistake(
        "variance_of_all",
        ("x[y == c].var(axis=0)", "x.var(axis=0)"),
        "Your variances are those of all examples. Each class has its own: x[y == c].",
    ),
    Mistake(
        "mean_of_all",
        ("x[y == c].mean(axis=0)", "x.mean(axis=0)"),
        "Your means are those of all examples. Each class has its own: x[y == c].",
    ),
    Mistake(
        "over_features",
        ((".mean(axis=0)", ".mean()"), (".var(axis=0)", ".var()")),
        "You return one number for all features of a class. Each feature has its own: axis=0.",
    ),
    Mistake(
        "counts",
        ("np.bincount(y) / len(y)", "np.bincount(y)"),
        "You return how many examples each class has. Divide by their number: shares add up to 1.",
    ),
    Mistake(
        "equal_shares",
        ("np.bincount(y) / len(y)", "np.ones(y.max() + 1) / (y.max() + 1)"),
        "You call all classes equally frequent. Count the labels.",
    ),
    Mistake(
        "medians",
        ("x[y == c].mean(axis=0)", "np.median(x[y == c], axis=0)"),
        "You take medians. A bell curve stands over the mean.",
    ),
    Mistake(
        "squares_not_centred",
        ("x[y == c].var(axis=0)", "(x[y == c] ** 2).mean(axis=0)"),
        "You average the squares of the features. Subtract the mean of the class first.",
    ),
    Mistake(
        "turned_round",
        (("np.array([x[y == c].mean(axis=0) for c in classes])",
          "np.array([x[y == c].mean(axis=0) for c in classes]).T"),
         ("np.array([x[y == c].var(axis=0) for c in classes])",
          "np.array([x[y == c].var(axis=0) for c in classes]).T")),
        "Your arrays stand on their side. A row for each class, a column for each feature.",
    ),
    Mistake(
        "over_examples",
        ((".mean(axis=0)", ".mean(axis=1)"), (".var(axis=0)", ".var(axis=1)")),
        "You average over the features of each example. Average over the examples of a class: "
        "axis=0.",
    ),
    Mistake(
        "a_row_for_each_example",
        (("range(y.max() + 1)", "y"), COUNTED),
        "You go through the labels of all examples, so a class comes as often as it has "
        "examples. Go through the classes: range(y.max() + 1).",
    ),
    Mistake(
        "last_class_left_out",
        (("range(y.max() + 1)", "range(y.max())"), COUNTED),
        "Your last class is missing: `range(n)` ends before n. The classes are range(y.max() + "
        "1).",
    ),
    Mistake(
        "all_around_its_mean",
        ("x[y == c].var(axis=0)", "((x - x[y == c].mean(axis=0)) ** 2).mean(axis=0)"),
        "You average the squared distances of all examples from the mean of a class. Take the "
        "examples of that class alone, x[y == c].",
    ),
]  # fmt: skip


# naive_bayes


def naive_bayes(x: Floats, means: Floats, variances: Floats, shares: Floats) -> Floats:
    """Return the probability of each class for each row."""
    squares = (x[:, None] - means) ** 2 / variances
    scores = np.log(shares) - (squares + np.log(variances)).sum(axis=2) / 2
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Floats = p / p.sum(axis=1, keepdims=True)
    return probabilities


def _shares(rng: Rng, classes: int) -> Floats:
    sizes = np.abs(decimals(rng, classes))
    shares: Floats = sizes / sizes.sum()
    return shares


def bayes_cases(rng: Rng) -> list[Case]:
    """Take the lesson's point, unequal shares, unequal variances, two features, far points."""
    zero_three, ones, half = _column(0, 3), _column(1, 1), np.array([0.5, 0.5])

    def generic(rng: Rng, n: int, classes: int, features: int) -> tuple[Any, ...]:
        return (
            decimals(rng, n, features),
            decimals(rng, classes, features),
            np.abs(decimals(rng, classes, features)) + 0.3,
            _shares(rng, classes),
        )

    return [
        Case((_column(1.0), zero_three, ones, half), "the example of the lesson"),
        Case((_column(1.0, 1.5, 2.5), zero_three, ones, half), "three points"),
        Case((_column(1.0), zero_three, ones, np.array([0.2, 0.8])), "a class that is frequent"),
        Case((_column(0.0, 2.0), _column(0, 0), _column(1, 9), half), "a narrow and a wide class"),
        Case(
            (np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[0.0, 1.0], [2.0, 2.5], [1.0, -1.0]]),
             np.array([[1.0, 4.0], [0.5, 2.0], [3.0, 1.0]]), np.array([0.5, 0.3, 0.2])),
            "two features, three classes",
        ),
        Case(
            (np.full((1, 20), 90.0), np.array([[0.0] * 20, [1.0] * 20]), np.ones((2, 20)), half),
            "twenty features, far from both classes",
        ),
        Case((_column(-60.0, 80.0), zero_three, ones, half), "points far away"),
        Case(generic(always(), 3, 2, 3), "decimals of either sign"),
        Case(generic(rng, 2, 3, 2)),
        Case(generic(rng, 4, 2, 3)),
    ]  # fmt: skip


def _quiet(shift: bool, axis: int, largest: int | None = 1) -> Callable[..., Any]:
    """Build a wrong answer that divides 0 by 0 far from all classes, without a warning."""

    def wrong(x: Floats, means: Floats, variances: Floats, shares: Floats) -> Any:
        squares = (x[:, None] - means) ** 2 / variances
        scores = np.log(shares) - (squares + np.log(variances)).sum(axis=2) / 2
        with np.errstate(all="ignore"):
            p = np.exp(scores - scores.max(axis=largest, keepdims=True) * shift)
            return p / p.sum(axis=axis, keepdims=True)

    return wrong


BAYES_MISTAKES = [
    Mistake(
        "underflow",
        _quiet(shift=False, axis=1),
        "Far from all classes, exp gives 0 for each, and 0 / 0 is nan. Subtract the largest score "
        "of the row first; that changes no share.",
    ),
    Mistake(
        "shares_left_out",
        ("np.log(shares) - ", "-"),
        "You leave out how frequent the classes are. Add np.log(shares) to the scores.",
    ),
    Mistake(
        "shares_not_logarithms",
        ("np.log(shares)", "shares"),
        "You add the shares to logarithms. Add their logarithms: multiplying becomes adding.",
    ),
    Mistake(
        "height_left_out",
        ("(squares + np.log(variances)).sum(axis=2)", "squares.sum(axis=2)"),
        "A wide bell is a low one: its height is 1 / sqrt(variance). Subtract half the logarithm "
        "of the variance, too.",
    ),
    Mistake(
        "height_not_root",
        ("squares + np.log(variances)", "squares + 2 * np.log(variances)"),
        "You divide by the variance. The height of a bell is 1 / sqrt(variance): half the "
        "logarithm.",
    ),
    Mistake(
        "not_divided_by_variance",
        ("** 2 / variances", "** 2"),
        "You leave out the variance in the exponent. Divide the squared distance by it.",
    ),
    Mistake(
        "by_root",
        ("** 2 / variances", "** 2 / np.sqrt(variances)"),
        "You divide the squared distance by the standard deviation. Divide by the variance.",
    ),
    Mistake(
        "half_left_out",
        (".sum(axis=2) / 2", ".sum(axis=2)"),
        "The exponent of a bell has a half: -(x - mean)^2 / (2 variance).",
    ),
    Mistake(
        "not_squared",
        ("(x[:, None] - means) ** 2", "abs(x[:, None] - means)"),
        "You take the distance as it is. A bell has its square in the exponent.",
    ),
    Mistake(
        "scores",
        (("p = np.exp(scores - scores.max(axis=1, keepdims=True))", "p = scores"),
         ("return probabilities", "return p")),
        "You return scores. Probabilities are their exponentials, divided by their sum.",
    ),
    Mistake(
        "not_divided",
        ("return probabilities", "return p"),
        "Your rows do not add up to 1. Divide each by its sum.",
    ),
    Mistake(
        "columns",
        _quiet(shift=True, axis=0),
        "You divide by the sums of the columns. Each row is an example, and adds up to 1.",
    ),
    Mistake(
        "labels",
        ("return probabilities", "return p.argmax(axis=1)"),
        "You return the likeliest class. Return the probabilities of all classes.",
    ),
    Mistake(
        "sign",
        (("- (squares + np.log(variances)).sum(axis=2) / 2",
          "+ (squares + np.log(variances)).sum(axis=2) / 2"),),
        "Your sign is turned round: what is far from the mean of a class is rare in it.",
    ),
    Mistake(
        "mean_of_features",
        (".sum(axis=2) / 2", ".mean(axis=2) / 2"),
        "You average over the features. Each is evidence of its own: add them up.",
    ),
    Mistake(
        "largest_of_all",
        _quiet(shift=True, axis=1, largest=None),
        "You subtract the largest score of all rows. In a row far below it every exp gives 0, "
        "and 0 / 0 is nan. Subtract the largest of each row: axis=1, keepdims=True.",
    ),
    Mistake(
        "sum_of_all",
        ("p.sum(axis=1, keepdims=True)", "p.sum()"),
        "You divide by the sum of all rows. Each row adds up to 1: axis=1, keepdims=True.",
    ),
    Mistake(
        "logarithm_outside",
        ("(squares + np.log(variances)).sum(axis=2) / 2",
         "squares.sum(axis=2) / 2 + np.log(variances).sum(axis=1)"),
        "The factor -1/2 belongs to both, the squares and the logarithms of the variances: put "
        "their sum into brackets.",
    ),
    Mistake(
        "log10",
        (("np.log(shares)", "np.log10(shares)"), ("np.log(variances)", "np.log10(variances)")),
        "np.log10 counts powers of ten. The logarithm that belongs to e^z is np.log.",
    ),
    Mistake(
        "quotient_squared",
        ("(x[:, None] - means) ** 2 / variances", "((x[:, None] - means) / variances) ** 2"),
        "You square the variance, too. Square the distance alone, then divide by the variance.",
    ),
]  # fmt: skip


# kmeans_step


def kmeans_step(x: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """Return the nearest centre of each row, and the centres moved to their rows."""
    squares = ((x[:, None] - centres) ** 2).sum(axis=2)
    clusters = squares.argmin(axis=1)
    moved = centres.copy()
    for j in range(len(centres)):
        if np.any(clusters == j):
            moved[j] = x[clusters == j].mean(axis=0)
    return clusters, moved


def kmeans_cases(rng: Rng) -> list[Case]:
    """Take the lesson's line, its second step, an empty cluster, planes, drawn points."""
    line = _column(0, 1, 4, 5)
    plane = np.array([[0.0, 0.0], [3.0, 0.0], [2.2, 2.2], [6.0, 1.0], [7.0, 5.0], [2.0, 7.0]])

    def drawn() -> Case:
        scale = decimals(rng, 1)[0]  # who is near stays near
        start = np.array([[0.1, 3.3], [5.0, 5.0], [40.0, 9.0], [3.5, 0.5]])
        return Case((plane * scale, start * scale))

    return [
        Case((line, _column(0, 1)), "the first step of the lesson"),
        Case((line, _column(0.0, 10 / 3)), "the second step of the lesson"),
        Case((line, _column(4, 0)), "centres in another order"),
        Case((line, _column(0, 4, 20)), "a centre that nobody is near"),
        Case((_column(0, 1, 4, 9), _column(2)), "one centre"),
        Case((plane, np.array([[0.0, 3.0], [5.0, 5.0], [3.5, 0.5]])), "two features"),
        Case((plane, np.array([[9.0, 9.0], [-30.0, 0.0], [1.0, 0.0], [40.0, 2.0]])), "two empty"),
        Case((_column(0, 9), _column(20, 30, 1)), "more centres than examples"),
        Case((_column(0.9, 0.2, -1.7), _column(0, 1.6, -3)), "decimals"),
        Case((np.zeros((2, 2)), np.array([[2.2, 2.2], [3.0, 0.0]])), "along an axis and across"),
        Case((_column(0, 2), _column(1, 1)), "two centres in one place: the first one gets all"),
        drawn(),
        drawn(),
    ]


KMEANS_MISTAKES = [
    Mistake(
        "empty_is_nan",
        ("if np.any(clusters == j):\n            moved[j] = x[clusters == j].mean(axis=0)",
         "moved[j] = x[clusters == j].sum(axis=0) / (np.sum(clusters == j) or np.nan)"),
        "A centre without examples has no mean, and becomes nan. Let it stay where it is.",
    ),
    Mistake(
        "empty_is_zero",
        ("moved = centres.copy()", "moved = np.zeros_like(centres)"),
        "A centre without examples jumps to 0. Let it stay where it is: begin with a copy of the "
        "centres.",
    ),
    Mistake(
        "in_place",
        ("centres.copy()", "centres"),
        "The numbers are right, but you change the caller's centres. Write to a copy.",
    ),
    Mistake(
        "assigned_again",
        ("return clusters, moved",
         "return ((x[:, None] - moved) ** 2).sum(axis=2).argmin(axis=1), moved"),
        "You give the examples to the moved centres. Return the clusters from before the move.",
    ),
    Mistake(
        "not_moved",
        ("return clusters, moved", "return clusters, centres"),
        "Your centres do not move. Each goes to the mean of its examples.",
    ),
    Mistake(
        "one_after_the_other",
        ("return clusters, moved", "return clusters, moved[::-1]"),
        "Your centres are in another order than they came.",
    ),
    Mistake(
        "sums",
        (".mean(axis=0)", ".sum(axis=0)"),
        "You add up the examples of a cluster. Take their mean.",
    ),
    Mistake(
        "medians",
        ("x[clusters == j].mean(axis=0)", "np.median(x[clusters == j], axis=0)"),
        "You take medians. k-means takes means.",
    ),
    Mistake(
        "halfway",
        ("moved[j] = x[clusters == j].mean(axis=0)",
         "moved[j] = (centres[j] + x[clusters == j].mean(axis=0)) / 2"),
        "Your centres go halfway. They go all the way to the mean.",
    ),
    Mistake(
        "farthest",
        ("argmin", "argmax"),
        "You give each example to the farthest centre. Take argmin.",
    ),
    Mistake(
        "absolute",
        ("(x[:, None] - centres) ** 2", "abs(x[:, None] - centres)"),
        "You add up absolute differences. Square them: that is the straight-line distance.",
    ),
    Mistake(
        "first_feature",
        ("((x[:, None] - centres) ** 2).sum(axis=2)", "((x[:, None] - centres) ** 2)[:, :, 0]"),
        "You compare the first feature alone. Add up the squares of all: sum(axis=2).",
    ),
    Mistake(
        "nearest_example",
        ("squares.argmin(axis=1)", "squares.argmin(axis=0)"),
        "You look for the nearest example of each centre. Look for the nearest centre of each "
        "example: axis=1.",
    ),
    Mistake(
        "one_number_for_all_features",
        ("x[clusters == j].mean(axis=0)", "x[clusters == j].mean()"),
        "You take one mean of all features together. Each feature of a centre is a mean of its "
        "own: axis=0.",
    ),
    Mistake(
        "last_of_a_tie",
        ("squares.argmin(axis=1)", "len(centres) - 1 - squares[:, ::-1].argmin(axis=1)"),
        "If two centres are equally near, you take the last one. Take the first: replace it "
        "only if the next is nearer, <.",
    ),
]  # fmt: skip


# best_split


def best_split(x: Floats, y: Ints) -> float:
    """Return the threshold whose two sides are purest."""
    best, threshold = np.inf, 0.0
    values = np.unique(x)
    for place in range(1, len(values)):
        middle = (values[place - 1] + values[place]) / 2
        impurity = 0.0
        for side in (y[x < middle], y[x > middle]):
            shares = np.bincount(side) / len(side)
            impurity += len(side) / len(y) * (1 - np.sum(shares**2))
        if impurity < best:
            best, threshold = impurity, middle
    return float(threshold)


def split_cases(rng: Rng) -> list[Case]:
    """Take the lesson's line, another order, ties, equal values, three classes, drawn points."""

    def case(about: str, x: list[float], y: list[int]) -> Case:
        return Case((np.array(x, dtype=float), np.array(y)), about)

    def drawn(labels: list[int]) -> Case:
        places = np.array([4.0, 1.0, 9.0, 2.5, 6.0, 12.0, 3.0, 7.0, 10.0])
        return Case((places * decimals(rng, 1)[0], np.array(labels)))  # the order stays

    return [
        case("the example of the lesson", [1, 2, 4, 7], [0, 0, 0, 1]),
        case("the same in another order", [4, 7, 1, 2], [0, 1, 0, 0]),
        case("two and two", [1, 2, 4, 7], [0, 0, 1, 1]),
        case("labels exchanged", [1, 2, 4, 7], [1, 1, 0, 0]),
        case("a small pure side, or two large ones nearly pure", list(range(10)),
             [1, 0, 0, 0, 0, 0, 1, 1, 0, 1]),
        case("equal values cannot be parted", [1, 3, 3, 3, 5], [0, 0, 1, 1, 1]),
        case("a tie: the smaller threshold", [1, 2, 3, 4], [0, 1, 1, 0]),
        case("three classes", [1, 2, 4, 5, 7, 8, 9], [2, 2, 0, 0, 1, 1, 1]),
        case("three classes, mixed", [1, 2, 3, 4, 5, 6, 7, 8], [0, 2, 0, 0, 1, 2, 1, 2]),
        case("three classes in disorder", [7, 1, 6, 2, 3, 5, 4], [0, 2, 1, 0, 0, 1, 2]),
        case("three classes, hardly parted", [1, 2, 3, 4, 5, 6, 7, 8], [1, 0, 1, 2, 1, 2, 1, 2]),
        case("numbers in no order", [7, 9, 2, 1, 4], [1, 1, 0, 0, 1]),
        case("five decimals", [0.12345, 0.12348, 3.0], [0, 1, 1]),
        case("negative numbers", [-5, -3, -2, 0, 4], [3, 3, 1, 1, 1]),
        case("two values", [2, 6, 6, 2], [1, 0, 1, 1]),
        case("nine values, two classes mixed", list(range(1, 10)), [1, 0, 1, 1, 1, 1, 0, 1, 1]),
        case("decimals", [0.3, 0.9, -1.6, -0.45, 2.2], [1, 0, 1, 0, 0]),
        case("the mean of the two is negative", [-0.7, -0.4, -0.2, 0.9], [1, 1, 0, 0]),
        drawn([0, 1, 2, 0, 2, 2, 1, 0, 0]),
        drawn([1, 1, 0, 1, 0, 1, 0, 0, 0]),
    ]  # fmt: skip


def _labels_left_behind(x: Floats, y: Ints) -> float:
    return best_split(np.sort(x), y)


def _neighbours_as_they_come(x: Floats, y: Ints) -> float:
    best, threshold = np.inf, 0.0
    for middle in (x[:-1] + x[1:]) / 2:
        sides = [side for side in (y[x < middle], y[x >= middle]) if len(side)]
        shares = [np.bincount(side) / len(side) for side in sides]
        parts = zip(sides, shares, strict=True)
        impurity = sum(len(side) / len(y) * (1 - np.sum(share**2)) for side, share in parts)
        if impurity < best:
            best, threshold = float(impurity), float(middle)
    return threshold


def _between_equal_values(x: Floats, y: Ints) -> float:
    order = np.argsort(x)
    x, y = x[order], y[order]
    best, threshold = np.inf, 0.0
    for place in range(1, len(x)):
        impurity = 0.0
        for side in (y[:place], y[place:]):
            shares = np.bincount(side) / len(side)
            impurity += len(side) / len(y) * (1 - np.sum(shares**2))
        if impurity < best:
            best, threshold = impurity, (x[place - 1] + x[place]) / 2
    return float(threshold)


def _entropy(x: Floats, y: Ints) -> float:
    best, threshold = np.inf, 0.0
    values = np.unique(x)
    for middle in (values[:-1] + values[1:]) / 2:
        entropy = 0.0
        for side in (y[x < middle], y[x > middle]):
            shares = np.bincount(side) / len(side)
            shares = shares[shares > 0]
            entropy -= len(side) / len(y) * np.sum(shares * np.log2(shares))
        if entropy < best - 1e-12:
            best, threshold = entropy, middle
    return float(threshold)


SPLIT_MISTAKES = [
    Mistake(
        "not_weighted",
        ("len(side) / len(y) * (1 - np.sum(shares**2))", "(1 - np.sum(shares**2))"),
        "You add the impurities of the sides as they are. A side counts with its share of the "
        "examples: one lonely pure example is no good question.",
    ),
    Mistake(
        "value",
        ("return float(threshold)", "return float(x[x < threshold].max())"),
        "You return an example's value. The threshold lies in the middle between two values.",
    ),
    Mistake(
        "upper_value",
        ("return float(threshold)", "return float(x[x > threshold].min())"),
        "You return the value above. The threshold lies in the middle between two values.",
    ),
    Mistake(
        "impurity",
        ("return float(threshold)", "return float(best)"),
        "You return an impurity. Return the threshold at which it is lowest.",
    ),
    Mistake(
        "worst",
        (("np.inf", "-np.inf"), ("impurity < best", "impurity > best")),
        "You keep the threshold with the most impure sides. Keep the one with the lowest Gini.",
    ),
    Mistake(
        "last_tie",
        ("impurity < best", "impurity <= best + 1e-12"),
        "At a tie you keep the last threshold. Keep the first: replace it only if the new one is "
        "better.",
    ),
    Mistake(
        "not_sorted",
        ("np.unique(x)", "x"),
        "You go through x as it comes. Neighbours are found in sorted order: np.unique(x).",
    ),
    Mistake(
        "first_only",
        ("if impurity < best:", "if best == np.inf:"),
        "You answer with the first threshold. Try all of them, and judge both sides: the left one "
        "alone is purest when it is smallest.",
    ),
    Mistake(
        "shares_not_squared",
        ("np.sum(shares**2)", "shares.max()"),
        "You take the share of the commonest label. Gini's impurity is 1 minus the sum of the "
        "squared shares.",
    ),
    Mistake(
        "right_only",
        ("(y[x < middle], y[x > middle])", "(y[x > middle],)"),
        "You judge the right side alone. Add the left side.",
    ),
    Mistake(
        "middle_of_all",
        ("return float(threshold)", "return float((x.min() + x.max()) / 2 + 1e-3)"),
        "You part the range of x in the middle, whatever the labels say.",
    ),
    Mistake(
        "between_means",
        ("return float(threshold)",
         "return float((x[x < threshold].mean() + x[x > threshold].mean()) / 2 + 1e-3)"),
        "You take the middle between the means of the sides. Take it between the two values next "
        "to the threshold.",
    ),
    Mistake(
        "labels_left_behind",
        _labels_left_behind,
        "You sort x, and y stays as it was: the labels no longer belong to their values. Sort "
        "both by one order, np.argsort(x), or leave x and take the values from np.unique(x).",
    ),
    Mistake(
        "neighbours_as_they_come",
        _neighbours_as_they_come,
        "You take neighbours in the order in which x comes. Neighbours are found in sorted "
        "order: np.unique(x).",
    ),
    Mistake(
        "between_equal_values",
        _between_equal_values,
        "You part examples that have the same value. No threshold can do that: try the middles "
        "between different values, np.unique(x).",
    ),
    Mistake(
        "entropy",
        _entropy,
        "You measure impurity by the entropy, as some trees do. Here it is Gini's: 1 minus the "
        "sum of the squared shares.",
    ),
    Mistake(
        "labels_as_numbers",
        ("1 - np.sum(shares**2)", "1 - side.mean() ** 2 - (1 - side.mean()) ** 2"),
        "You take the mean of the labels for a share. That holds for 0 and 1 alone: count each "
        "label, np.bincount.",
    ),
    Mistake(
        "last_threshold_left_out",
        ("range(1, len(values))", "range(1, max(2, len(values) - 1))"),
        "You leave out the last threshold, between the two largest values. `range` and slices "
        "end before their last number.",
    ),
]  # fmt: skip


# find_faults: an open task


def find_faults(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Boost small trees: each is grown for what those before it left over."""
    score = np.zeros(len(train_x))
    answer = np.zeros(len(test_x))
    for _ in range(60):
        p = 1 / (1 + np.exp(-score))
        rest = train_y - p
        known, new = _tree(train_x, rest, test_x, 3)
        score, answer = score + known, answer + new
    return (answer > 0).astype(int)


def _tree(x: Floats, rest: Floats, new: Floats, depth: int) -> tuple[Floats, Floats]:
    """Grow a tree of a few questions for numbers; return its answers for known and new rows."""
    told, answers = np.full(len(x), rest.mean()), np.full(len(new), rest.mean())
    if depth == 0 or len(x) < 10:
        return told, answers
    order = np.argsort(x, axis=0)
    sums = np.cumsum(rest[order], axis=0)[4:-5]  # five examples at least on each side
    left = np.arange(5, len(x) - 4)[:, None]
    gain = sums**2 / left + (rest.sum() - sums) ** 2 / (len(x) - left)
    place, feature = np.unravel_index(gain.argmax(), gain.shape)
    column = x[order[:, feature], feature]
    threshold = (column[place + 4] + column[place + 5]) / 2
    for side in (np.less, np.greater_equal):
        here, there = side(x[:, feature], threshold), side(new[:, feature], threshold)
        if here.any():
            told[here], answers[there] = _tree(x[here], rest[here], new[there], depth - 1)
    return told, answers


def nothing_found(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Call everything sound, or everything faulty if that is commoner."""
    return np.full(len(test_x), int(train_y.mean() > 0.5))


SENSORS = 16


def fault_cases(rng: Rng) -> list[Case]:
    """Draw twice: a rule about three of sixteen sensors, each in a unit of its own."""
    cases = []
    for _ in range(2):
        plain = rng.normal(size=(700, SENSORS))
        a, b, c = rng.choice(SENSORS, 3, replace=False)
        faulty = ((plain[:, a] > 0.1) & (plain[:, b] < 0.4)) | (plain[:, c] > 1.1)
        x = plain * 10 ** rng.uniform(-3, 3, SENSORS) + rng.normal(size=SENSORS)
        y = faulty.astype(int)
        about = "400 parts with 16 readings and a label, 300 to answer for"
        cases.append(Case((x[:400], y[:400], x[400:]), about, hidden=y[400:]))
    return cases


CHECKS = (
    Check(knn, 2, knn_cases, KNN_MISTAKES, ("labels",)),
    Check(naive_bayes_fit, 1, fit_cases, FIT_MISTAKES, ("means", "variances", "shares")),
    Check(naive_bayes, 2, bayes_cases, BAYES_MISTAKES, ("probabilities",)),
    Check(kmeans_step, 1, kmeans_cases, KMEANS_MISTAKES, ("clusters", "centres")),
    Check(best_split, 2, split_cases, SPLIT_MISTAKES, ("threshold",)),
    Check(
        find_faults,
        2,
        fault_cases,
        (),
        ("labels",),
        seconds=10.0,
        goal=Goal(
            accuracy,
            bars=(0.7, 0.87, 0.95),
            advice=(
                "That is hardly better than the same answer for all. Print a few rows: each sensor "
                "has a unit of its own. Subtract the mean of each column and divide by its "
                "standard deviation, both of the training parts, and try your naive Bayes.",
                "It has found something. Most sensors say nothing about faults, and drown the "
                "neighbours' distances. A tree asks one sensor at a time: call best_split on each "
                "column, take the purest, and ask again on both sides.",
                "Nearly there: the rule has more than one part. Let the tree ask three or four "
                "questions deep, with five examples at least on each side, or let many trees vote.",
            ),
            untrained=nothing_found,
            slip=two_answers(0, 1),
        ),
    ),
)
