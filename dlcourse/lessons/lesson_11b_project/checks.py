"""The project: split by hands, measure, choose, read scanned digits, report."""

import itertools
import json
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator
PARTS = ("training", "validation", "test")
SHARES = np.array([0.6, 0.2, 0.2])
FAR = 0.1  # by which the share of a part may be off


# split_by_hands: an open task, since many splits are right


def split_by_hands(hands: Ints) -> Ints:
    """Give each hand, the largest first, to the part that lacks most."""
    parts = np.zeros(len(hands), dtype=int)
    lacking = SHARES * len(hands)
    names, counts = np.unique(hands, return_counts=True)
    for place in np.argsort(-counts):
        part = int(lacking.argmax())
        parts[hands == names[place]] = part
        lacking[part] -= counts[place]
    return parts


def all_in_one(hands: Ints) -> Ints:
    """Put everything into training."""
    return np.zeros(len(hands), dtype=int)


def rules_kept(parts: Ints, hands: Ints) -> float:
    """Return how many of three rules a split keeps, up to the first that it breaks."""
    if parts.dtype.kind not in "iuf" or set(np.unique(parts)) != {0, 1, 2}:
        return 0.0
    if any(len(np.unique(parts[hands == hand])) > 1 for hand in np.unique(hands)):
        return 1.0
    return 2.0 + bool(np.all(np.abs(_shares(parts) - SHARES) <= FAR))


def _shares(parts: Ints) -> Floats:
    return np.array([np.mean(parts == part) for part in range(3)])


def split_slip(value: Any, case: Case) -> str:
    """Name the hand that stands in two parts, or the part that is too large or too small."""
    hands = case.arguments[0]
    named = len(np.unique(hands))
    if isinstance(value, np.ndarray) and value.shape == (named,) and named < len(hands):
        return (
            "You give one answer for each hand. Give one for each example, in their order: "
            "`parts[hands == name] = ...`."
        )
    if (
        not isinstance(value, np.ndarray)
        or value.shape != hands.shape
        or value.dtype.kind not in "iuf"
    ):
        return ""
    kept = rules_kept(value, hands)
    if kept == 0:
        found = ", ".join(f"{part:g}" for part in np.unique(value)[:5])
        return (
            f"You answer with {found}. Each example gets 0 for training, 1 for validation or "
            "2 for test, and no part is empty."
        )
    if kept == 1:
        both = next(h for h in np.unique(hands) if len(np.unique(value[hands == h])) > 1)
        there = [PARTS[int(part)] for part in np.unique(value[hands == both])]
        return (
            f"Examples by hand {both} stand in {' and in '.join(there)}. Whoever knows a hand "
            "reads it more easily: split the hands, not the examples."
        )
    if kept == 2:
        part = int(np.abs(_shares(value) - SHARES).argmax())
        return (
            f"No hand stands twice: good. But {_shares(value)[part]:.0%} of the examples are in "
            f"{PARTS[part]}, where {SHARES[part]:.0%} belong. Hands differ in size: count examples "
            "while you give hands away, the largest first."
        )
    return ""


def split_cases(rng: Rng) -> list[Case]:
    """Draw hands of like sizes, of very different ones, in blocks and mixed, with gaps in names."""

    def case(about: str, counts: Ints, mixed: bool) -> Case:
        names = rng.permutation(np.arange(3, 3 + 2 * len(counts)))[: len(counts)]
        hands = np.repeat(names, counts)
        hands = rng.permutation(hands) if mixed else hands
        return Case((hands,), about, hidden=hands.copy())

    like = rng.integers(18, 23, size=30)
    unlike = rng.permutation(np.concatenate([[160, 90, 60], rng.integers(5, 15, size=30)]))
    ten = rng.permutation(np.array([60, 40, 40, 30, 20, 20, 20, 10, 10, 10]))
    return [
        case("thirty hands of about twenty digits each, one after the other", like, False),
        case("the same number of hands, their digits mixed", rng.permutation(like), True),
        case("three hands wrote much, thirty little", unlike, False),
        case("ten hands, mixed", ten, True),
    ]


# measure_reader


def measure_reader(y: Ints, predicted: Ints) -> tuple[float, float, int, tuple[int, int]]:
    """Return the error, its standard error, the worst digit and the commonest confusion."""
    error = np.mean(predicted != y)
    standard_error = np.sqrt(error * (1 - error) / len(y))
    shares = np.zeros(10)
    most, confusion = 0, (0, 0)
    for digit in range(10):
        answers = predicted[y == digit]
        if len(answers) > 0:
            shares[digit] = np.mean(answers != digit)
        for read in range(10):
            times = np.sum(answers == read)
            if read != digit and times > most:
                most, confusion = times, (digit, read)
    return float(error), float(standard_error), int(np.argmax(shares)), confusion


def measure_cases(rng: Rng) -> list[Case]:
    """Take ten digits, rare and missing ones, ties, and a reader whose digits change names."""

    def case(about: str, y: list[int], predicted: list[int]) -> Case:
        return Case((np.array(y), np.array(predicted)), about)

    # Names keep their order, since it decides ties; without 0 no name is its own place.
    names, order = np.sort(rng.permutation(9)[:7] + 1), rng.permutation(30)
    meant = np.repeat([0, 1, 2, 3, 4, 5], [4, 3, 12, 6, 1, 4])
    read = np.array([0, 0, 0, 1, 1, 1, 0, *[2] * 8, 3, 3, 3, 5, *[3] * 4, 2, 2, 6, 5, 5, 5, 5])
    return [
        case("ten digits, two of them misread", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
             [0, 1, 2, 3, 4, 5, 6, 1, 8, 1]),
        case("8 is read as 1 twice, 1 as 8 once", [8, 8, 8, 8, 1, 1, 1, 2, 2, 3],
             [1, 1, 8, 8, 8, 1, 1, 2, 2, 3]),
        case("the 4 is rare and always wrong", [5] * 12 + [4] + [9] * 7,
             [5] * 9 + [3, 3, 6, 7] + [9] * 7),
        case("9 is read as 8 and as 7; 8 as 9 more often", [9] * 5 + [8] * 11 + [0, 0, 3],
             [8, 7, 8, 7, 9, 9, 9, 9, 9] + [8] * 7 + [0, 0, 3]),
        case("the commonest confusion is not the worst digit's", [2] * 10 + [6, 6, 0, 0, 0, 0],
             [7, 7, 7] + [2] * 7 + [1, 5, 0, 0, 0, 0]),
        case("3 and 5 are taken for each other", [3, 3, 3, 3, 5, 5, 5, 5, 5, 0, 0, 0],
             [5, 3, 3, 3, 3, 3, 5, 5, 5, 0, 0, 0]),
        case("a tie: the smaller digits", [9, 9, 4, 4, 4, 1, 1, 1, 7, 7],
             [4, 9, 9, 4, 4, 7, 1, 1, 1, 7]),
        case("a tie between two that one digit is read as", [6, 6, 6, 6, 6, 2, 2, 2],
             [8, 8, 0, 0, 6, 2, 2, 2]),
        case("5 is read worst; 7 as 1 by the largest share; 0 as 6 most often",
             [5] * 8 + [7] * 4 + [0] * 10,
             [1, 1, 2, 2, 3, 3, 5, 5, 1, 1, 7, 7, 6, 6, 6, 0, 0, 0, 0, 0, 0, 0]),
        case("zeros are read worst, most of them as 6", [0, 0, 0, 0, 6, 6, 6, 5, 5],
             [6, 0, 6, 5, 6, 6, 0, 5, 5]),
        case("all nines are read as zeros", [9, 9, 9, 0, 1], [0, 0, 0, 0, 1]),
        case("everything is read as 3", [3, 3, 1, 1, 1, 2, 7], [3, 3, 3, 3, 3, 3, 3]),
        Case((names[meant][order], names[read][order]), "thirty digits in a mess"),
    ]  # fmt: skip


def _worst_by_all(y: Ints, predicted: Ints) -> Any:
    error, standard_error, _, confusion = measure_reader(y, predicted)
    wrong = np.bincount(y[y != predicted], minlength=10)
    return error, standard_error, int(np.argmax(wrong)), confusion


def _confusion_of_the_worst(y: Ints, predicted: Ints) -> Any:
    error, standard_error, worst, _ = measure_reader(y, predicted)
    read = np.bincount(predicted[(y == worst) & (predicted != worst)], minlength=10)
    return error, standard_error, worst, (worst, int(np.argmax(read)))


def _each_confusion_once(y: Ints, predicted: Ints) -> Any:
    error, standard_error, worst, _ = measure_reader(y, predicted)
    return error, standard_error, worst, min(_pairs(y, predicted))


def _confusion_met_first(y: Ints, predicted: Ints) -> Any:
    error, standard_error, worst, _ = measure_reader(y, predicted)
    pairs = _pairs(y, predicted)
    return error, standard_error, worst, max(pairs, key=pairs.count)


def _pairs(y: Ints, predicted: Ints) -> list[tuple[int, int]]:
    """Return what was meant and what was read, for each wrong answer, as they come."""
    return [(int(m), int(r)) for m, r in zip(y, predicted, strict=True) if m != r]


MEASURE_MISTAKES = [
    Mistake(
        "right",
        ("error = np.mean(predicted != y)", "error = np.mean(predicted == y)"),
        "Your error is the share of right answers. The error is the share of wrong ones.",
    ),
    Mistake(
        "count",
        ("return float(error)", "return float(error) * len(y)"),
        "You return how many are wrong. The error is a share: divide by the number of examples.",
    ),
    Mistake(
        "per_cent",
        ("return float(error), float(standard_error)",
         "return 100 * float(error), 100 * float(standard_error)"),
        "You return per cent. A share lies between 0 and 1.",
    ),
    Mistake(
        "no_root",
        ("np.sqrt(error * (1 - error) / len(y))", "error * (1 - error) / len(y)"),
        "That is the variance of the error. The standard error is its square root.",
    ),
    Mistake(
        "one_example",
        ("np.sqrt(error * (1 - error) / len(y))", "np.sqrt(error * (1 - error))"),
        "That is the spread of one example. The error is a mean of n: divide by n under the root.",
    ),
    Mistake(
        "root_outside",
        ("np.sqrt(error * (1 - error) / len(y))", "np.sqrt(error * (1 - error)) / len(y)"),
        "You divide by n after the root. n belongs under it.",
    ),
    Mistake(
        "error_alone",
        ("np.sqrt(error * (1 - error) / len(y))", "np.sqrt(error / len(y))"),
        "Under the root the factor 1 - error is missing.",
    ),
    Mistake(
        "n_minus_one",
        ("np.sqrt(error * (1 - error) / len(y))", "np.sqrt(error * (1 - error) / (len(y) - 1))"),
        "You divide by n - 1. For a share the course divides by n.",
    ),
    Mistake(
        "missing_digit_is_worst",
        ("shares = np.zeros(10)", "shares = np.full(10, np.nan)"),
        "A digit that never comes has no share: the mean of nothing is nan, and np.argmax takes"
        " nan for the largest. Leave such a digit out.",
    ),
    Mistake(
        "place_among_those_there",
        ("int(np.argmax(shares))", "int(np.argmax(shares[np.unique(y)]))"),
        "You return the place among the digits that come. The digit itself is "
        "np.unique(y)[place]: some may be missing.",
    ),
    Mistake(
        "worst_by_count",
        _worst_by_all,
        "You take the digit with most wrong answers. A common digit has more of everything: "
        "take the largest share of its own examples.",
    ),
    Mistake(
        "worst_by_answer",
        ("int(np.argmax(shares)), confusion",
         "int(np.argmax([np.mean(y[predicted == d] != d) if np.any(predicted == d) else 0 "
         "for d in range(10)])), confusion"),
        "You look at those that are read as a digit. The worst digit is the one that is misread: "
        "look at those that mean it.",
    ),
    Mistake(
        "best",
        ("int(np.argmax(shares))", "int(np.argmin(shares))"),
        "You return the digit that is read best.",
    ),
    Mistake(
        "last_worst",
        ("int(np.argmax(shares))", "9 - int(np.argmax(shares[::-1]))"),
        "At a tie you take the larger digit. The smaller one is asked for, as np.argmax finds it.",
    ),
    Mistake(
        "turned_round",
        ("(digit, read)", "(read, digit)"),
        "Your confusion is turned round: first the digit that was meant, then the one read.",
    ),
    Mistake(
        "right_answers_counted",
        ("if read != digit and times > most", "if times > most"),
        "You count right answers as confusions: a digit that is read as itself is none.",
    ),
    Mistake(
        "last_confusion",
        ("times > most", "times >= most"),
        "At a tie you take the last confusion. The first is asked for: replace it only by a "
        "commoner one.",
    ),
    Mistake(
        "confusion_of_the_worst",
        _confusion_of_the_worst,
        "You look for the confusion among the examples of the worst digit alone. The commonest may "
        "be another digit's: count all pairs.",
    ),
    Mistake(
        "confusion_by_share",
        ("times = np.sum(answers == read)",
         "times = np.mean(answers == read) if len(answers) else 0"),
        "You divide the confusions by how often the digit was meant. The commonest is the one that "
        "happens most often: count.",
    ),
    Mistake(
        "each_confusion_once",
        _each_confusion_once,
        "Each confusion counts once with you, however often it happens. `table[y, predicted] += 1` "
        "does that: it adds 1 once for each place. Use np.add.at(table, (y, predicted), 1) or a "
        "loop.",
    ),
    Mistake(
        "confusion_met_first",
        _confusion_met_first,
        "At a tie you take the confusion that comes first in the data, as Counter.most_common "
        "does. The smaller meant digit is asked for, then the smaller read.",
    ),
    Mistake(
        "both_ways",
        ("times = np.sum(answers == read)",
         "times = np.sum(answers == read) + np.sum(y[predicted == digit] == read)"),
        "You add both directions. A 3 read as 5 and a 5 read as 3 are two confusions.",
    ),
    Mistake(
        "place_in_the_table",
        ("np.argmax(shares)), confusion", "np.argmax(shares)), 10 * confusion[0] + confusion[1]"),
        "`argmax` of a table is a place in its numbers, row by row. Row and column of it are "
        "divmod(place, 10), a tuple of two.",
    ),
]  # fmt: skip


# choose_simplest


def choose_simplest(wrong: Ints, n: int) -> int:
    """Return the first machine that is within one standard error of the best."""
    errors = np.array(wrong) / n
    best = errors.min()
    limit = best + np.sqrt(best * (1 - best) / n)
    return int(np.flatnonzero(errors <= limit)[0])


def choose_cases(rng: Rng) -> list[Case]:
    """Take machines that are alike, clearly better, equal, perfect, and drawn ones."""

    def case(about: str, wrong: list[int], n: int) -> Case:
        return Case((np.array(wrong), n), about)

    def drawn(n: int, far_off: tuple[int, ...]) -> Case:
        """Machines that are worse than the best by 0, less than its error, or more."""
        best = round(n * (0.08 + 0.001 * rng.integers(5)))
        step = np.sqrt(best / n * (1 - best / n) * n)
        near, far = int(step * 0.8), int(step * 1.1) + 1
        wrong = best + np.array([(0, near, far, 9 * far)[each] for each in far_off])
        return Case((wrong, n), "from simple to large")

    return [
        case("the second is as good as the best, within its error", [40, 22, 20, 21], 200),
        case("each is clearly better than the one before", [90, 60, 30], 200),
        case("the simplest is the best", [10, 12, 30], 200),
        case("the last is the best by far", [50, 49, 48, 9], 300),
        case("many examples: a small difference counts", [1150, 1080, 1000], 10_000),
        case("few examples: no difference counts", [6, 5, 4], 20),
        case(
            "the third is the best; the fourth would do, and is not simpler", [70, 50, 20, 22], 200
        ),
        case("the third is the best, by far", [60, 33, 20, 30], 200),
        case("the simplest is just within the error", [8, 6, 7], 20),
        case("one within the error comes after one without", [24, 31, 20], 150),
        case("nothing wrong at all", [1, 0, 0], 50),
        case("more than half wrong", [80, 69, 62], 100),
        drawn(250, (3, 2, 1, 0, 1)),
        drawn(300, (1, 0, 2, 3)),
        drawn(400, (3, 1, 2, 0, 3)),
        drawn(500, (3, 3, 2, 2, 0, 1)),
    ]


def _own_errors(wrong: Ints, n: int) -> int:
    errors = np.array(wrong) / n
    own = np.sqrt(errors * (1 - errors) / n)
    return int(np.flatnonzero(errors - own <= errors.min())[0])


def _strictly_below(wrong: Ints, n: int) -> int | None:
    errors = np.array(wrong) / n
    best = errors.min()
    limit = best + np.sqrt(best * (1 - best) / n)
    return next((place for place, error in enumerate(errors) if error < limit), None)


def _walk_back(wrong: Ints, n: int) -> int:
    good = np.array(wrong) / n <= _limit(wrong, n)
    place = int(np.argmin(wrong))
    while place > 0 and good[place - 1]:
        place -= 1
    return place


def _worst_within(wrong: Ints, n: int) -> int:
    errors = np.array(wrong) / n
    return int(np.argmax(np.where(errors <= _limit(wrong, n), errors, -1)))


def _limit(wrong: Ints, n: int) -> float:
    best = np.min(wrong) / n
    return float(best + np.sqrt(best * (1 - best) / n))


CHOOSE_MISTAKES = [
    Mistake(
        "best",
        ("np.flatnonzero(errors <= limit)[0]", "np.argmin(errors)"),
        "Your choice is the machine with the fewest wrong. One standard error above it counts as "
        "equal, and the simplest of the equal ones wins. If you have such a limit, it is too low: "
        "it is a share, as the error is, and n stands under the root.",
    ),
    Mistake(
        "last",
        ("np.flatnonzero(errors <= limit)[0]", "np.flatnonzero(errors <= limit)[-1]"),
        "You take the last that is good enough. The list begins with the simplest: take the first.",
    ),
    Mistake(
        "two_errors",
        ("limit = best + np.sqrt", "limit = best + 2 * np.sqrt"),
        "You allow two standard errors. One is asked for.",
    ),
    Mistake(
        "below",
        ("limit = best + ", "limit = best - "),
        "Your limit lies below the best error. It is the best error plus one standard error.",
    ),
    Mistake(
        "of_the_first",
        ("best * (1 - best) / n)", "errors[0] * (1 - errors[0]) / n)"),
        "You take the standard error of the simplest machine. Take that of the best one.",
    ),
    Mistake(
        "one_example",
        ("np.sqrt(best * (1 - best) / n)", "np.sqrt(best * (1 - best))"),
        "With you the simplest machine wins, unless another makes no mistake: all pass your "
        "limit, or none does. Compute with shares, wrong / n, and divide by n under the root: "
        "best + sqrt(best (1 - best) / n).",
    ),
    Mistake(
        "walk_back",
        _walk_back,
        "You walk back from the best and stop at the first that is not good enough. A simpler one "
        "before it may be: look at all, from the first.",
    ),
    Mistake(
        "spread_of_machines",
        ("np.sqrt(best * (1 - best) / n)", "np.std(errors)"),
        "You take the spread of the machines' errors. The standard error is that of one machine on "
        "n digits: sqrt(best (1 - best) / n).",
    ),
    Mistake(
        "spread_of_their_mean",
        ("np.sqrt(best * (1 - best) / n)", "np.std(errors) / np.sqrt(len(errors))"),
        "You take the spread of the machines' errors. The standard error is that of one machine on "
        "n digits: sqrt(best (1 - best) / n).",
    ),
    Mistake(
        "n_machines",
        ("best * (1 - best) / n)", "best * (1 - best) / len(errors))"),
        "You divide by the number of machines. n is the number of digits that each has read.",
    ),
    Mistake(
        "worst_within",
        _worst_within,
        "Of those that are good enough you take the one with most wrong. The simplest is asked "
        "for: the first.",
    ),
    Mistake(
        "from_one",
        ("[0])", "[0]) + 1"),
        "You count from 1. Return the index, from 0.",
    ),
    Mistake(
        "count",
        ("int(np.flatnonzero(errors <= limit)[0])", "int(np.array(wrong)[errors <= limit][0])"),
        "You return how many the machine misreads. Return its place in the list, from 0.",
    ),
    Mistake(
        "error",
        ("int(np.flatnonzero(errors <= limit)[0])", "float(errors[errors <= limit][0])"),
        "You return the error of the machine. Return its place in the list, from 0.",
    ),
    Mistake(
        "own_errors",
        _own_errors,
        "You give each machine its own standard error. Take that of the best one, for all.",
    ),
    Mistake(
        "strictly_below",
        _strictly_below,
        "You want the error below the limit. `At most` is <=: with a best error of 0 the limit "
        "is 0, too, and nothing lies below.",
    ),
    Mistake(
        "first_if_none_is_below",
        ("np.flatnonzero(errors <= limit)[0]", "np.argmax(errors < limit)"),
        "You want the error below the limit. `At most` is <=: with a best error of 0 the limit "
        "is 0, too, and nothing lies below.",
    ),
    Mistake(
        "of_the_last",
        ("best = errors.min()", "best = errors[-1]"),
        "You take the most complicated machine for the best. The best has the fewest wrong, "
        "wherever it stands.",
    ),
]  # fmt: skip


# read_scans: an open task


def read_scans(
    train_x: Floats, train_y: Ints, validation_x: Floats, validation_y: Ints, test_x: Floats
) -> Ints:
    """Ask the neighbours among moved copies; how many, the validation part tells, then helps."""
    known, labels = _copies(train_x), np.tile(train_y, len(STEPS))
    near = _neighbours(known, validation_x.reshape(-1, 64), 5)
    right = {k: np.mean(_vote(labels[near[:, :k]]) == validation_y) for k in (1, 3, 5)}
    k = max(right, key=lambda k: right[k])
    known = np.concatenate([known, _copies(validation_x)])
    labels = np.concatenate([labels, np.tile(validation_y, len(STEPS))])
    return _vote(labels[_neighbours(known, test_x.reshape(-1, 64), k)])


STEPS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def _copies(x: Floats) -> Floats:
    return np.concatenate([_moved(x, *step) for step in STEPS]).reshape(-1, 64)


def _moved(x: Floats, down: int, right: int) -> Floats:
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)), mode="edge")
    return padded[:, 1 - down : 9 - down, 1 - right : 9 - right]


def _neighbours(known: Floats, new: Floats, k: int) -> Ints:
    squares = (known**2).sum(axis=1) - 2 * new @ known.T
    return np.argsort(squares, axis=1)[:, :k]


def _vote(labels: Ints) -> Ints:
    return np.array([np.bincount(row).argmax() for row in labels])


def commonest(
    train_x: Floats, train_y: Ints, validation_x: Floats, validation_y: Ints, test_x: Floats
) -> Ints:
    """Call everything by the commonest name."""
    return np.full(len(test_x), np.bincount(train_y).argmax())


LEARNED, CHOSEN, ASKED = 150, 150, 400
GAP = 150  # left out between two parts; 13 people wrote about 138 digits each


def scan_cases(rng: Rng) -> list[Case]:
    """Draw twice: a scanner that fades, blurs, shifts and adds noise; parts by other hands."""
    data = datasets.digits()
    images, labels = data.x[..., 0].astype(float), data.y
    cases = []
    for _ in range(2):
        # Digits by one hand stand in a row: parts that are apart hold other hands.
        start = rng.integers(len(labels))
        order = (start + np.arange(len(labels))) % len(labels)
        asked, others = order[:ASKED], order[ASKED + GAP : -GAP]
        choose, learn = others[:CHOSEN], rng.permutation(others[CHOSEN + GAP :])[:LEARNED]
        scanned = _scan(images, rng)
        arguments = [
            values[places].copy() for places in (learn, choose) for values in (scanned, labels)
        ]
        about = f"{LEARNED} scans to learn from, {CHOSEN} to choose by, {ASKED} to read"
        cases.append(Case((*arguments, scanned[asked]), about, hidden=labels[asked]))
    return cases


def _scan(images: Floats, rng: Rng) -> Floats:
    """Blur, move nine of ten by a pixel at most, add noise, fade and lighten."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    around = padded[:, :-2, 1:-1] + padded[:, 2:, 1:-1] + padded[:, 1:-1, :-2] + padded[:, 1:-1, 2:]
    scanned = 0.8 * images + 0.05 * around
    steps = rng.integers(-1, 2, size=(len(images), 2)) * (rng.random((len(images), 1)) < 0.9)
    scanned = np.concatenate(
        [_moved(image[None], *step) for image, step in zip(scanned, steps, strict=True)]
    )
    noisy = scanned + rng.normal(0, 0.06, size=scanned.shape)
    return np.asarray(rng.uniform(0.4, 2) * noisy + rng.uniform(-1, 1))


def scan_slip(value: Any, case: Case) -> str:
    """See answers for another part, and one answer for all."""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or not value.size:
        return ""
    if value.shape == case.arguments[3].shape != case.hidden.shape:
        return "You answer for the validation part. Answer for test_x."
    if value.shape == case.hidden.shape and np.all(value == value[0]):
        return f"You answer {value[0]:g} for every scan, whatever it shows."
    return ""


# report_card: an open task, since words differ


def report_card(
    y: Ints, predicted: Ints, machine: str, data: str, purpose: str, limits: str
) -> str:
    """Write the card."""
    error, standard, worst, (meant, read) = measure_reader(y, predicted)
    share = np.mean(predicted[y == worst] != worst)
    times = np.sum((y == meant) & (predicted == read))
    return "\n".join(
        [
            f"Machine: {machine}",
            f"Data: {data}",
            f"Purpose: {purpose}",
            f"Limits: {limits}",
            f"Tested on {len(y)} digits that it had never seen.",
            f"Error: {100 * error:.1f} % +- {100 * standard:.1f} %",
            f"Worst digit: {worst}, of which it misreads {100 * share:.1f} %",
            f"Commonest confusion: {meant} read as {read}, {times} times",
        ]
    )


def words_alone(
    y: Ints, predicted: Ints, machine: str, data: str, purpose: str, limits: str
) -> str:
    """Write down the words, and measure nothing."""
    return "\n".join([machine, data, purpose, limits])


MOST_LINES, MOST_NUMBERS, MOST_IN_A_LINE = 20, 30, 5
Facts = dict[str, Any]


def lines_there(card: str, facts: str) -> float:
    """Return how many of the six things that belong into a card are in it."""
    return 6.0 - len(missing_things(card, json.loads(facts))) if isinstance(card, str) else 0.0


def missing_things(card: str, facts: Facts) -> list[str]:
    """Name those of the six things that are not in a card.

    Numbers in the given words do not count; what belongs together stands in one line.
    """
    lines = _numbers(card, facts)
    crowded = _is_crowded(lines)
    meant, read, times = facts["confusion"]
    found = {
        "words": all(words in card for words in facts["words"]),
        "n": _together(lines, facts["n"]),
        "error": _together(lines, facts["error"]),
        "standard": _together(lines, facts["error"], facts["standard"]),
        "worst": _together(lines, *facts["worst"]),
        "confusion": _together(lines, meant, read, times, in_order=2),
    }
    return [name for name, there in found.items() if not there or (crowded and name != "words")]


def _numbers(card: str, facts: Facts) -> list[list[float]]:
    """Return the numbers in each line, without those in the given words."""
    for words in facts["words"]:
        card = card.replace(words, "")
    pattern = r"(?<![\w.])\d+(?:\.\d+)?"
    return [[float(n) for n in re.findall(pattern, line)] for line in card.splitlines()]


def _is_crowded(lines: list[list[float]]) -> bool:
    return len(lines) > MOST_LINES or sum(map(len, lines)) > MOST_NUMBERS


def _together(
    lines: list[list[float]], *wanted: float, in_order: int = 0, decimals: int = 1
) -> bool:
    """Whether one line of few numbers holds all these, rounded, each at a place of its own.

    The first `in_order` of them must stand in this order.
    """
    return any(
        all(
            abs(line[place] - w) <= 0.501 * 10.0**-decimals
            and line[place] == round(line[place], decimals)
            for place, w in zip(places, wanted, strict=True)
        )
        and list(places[:in_order]) == sorted(places[:in_order])
        for line in lines
        if len(line) <= MOST_IN_A_LINE
        for places in itertools.permutations(range(len(line)), len(wanted))
    )


def card_slip(value: Any, case: Case) -> str:
    """Say what is missing first, and why, where that can be seen."""
    if not isinstance(value, str):
        return ""
    facts = json.loads(case.hidden)
    missing = missing_things(value, facts)
    if not missing:
        return ""
    if braces := re.search(r"{\w+", value):
        return (
            f"`{braces[0]}` stands in the card as in your code. With an f in front of the "
            'text, f"...", the value comes in.'
        )
    lines = _numbers(value, facts)
    if _is_crowded(lines):
        return f"A card fits on a page: at most {MOST_LINES} lines and {MOST_NUMBERS} numbers."
    if len(missing) >= 5 and not any(lines):
        return (
            "You answer with the given words alone. Measure the reader, and write down what you "
            "found."
        )
    if len(lines) == 1 and len(lines[0]) > MOST_IN_A_LINE:
        return "All stands in one line. Give each of the things 2 to 6 a line of its own."
    return _why(missing[0], value, lines, facts)


def _why(name: str, card: str, lines: list[list[float]], facts: Facts) -> str:
    """Say why one thing is missing, and which numbers were to be there."""
    n, error, standard = facts["n"], facts["error"], facts["standard"]
    (worst, share), (meant, read, times) = facts["worst"], facts["confusion"]
    if name == "words":
        absent = next(words for words in facts["words"] if words not in card)
        return f"The card does not say: {absent!r}. Take the given words over as they are."
    if name == "n":
        return f"The card does not say on how many digits the reader was tested; here {n}."
    if name == "error":
        want = f"The error in per cent is wanted, with one decimal; here {error:.1f}."
        if _together(lines, error / 100, decimals=3):
            return f"You write the error as a share. {want}"
        if _together(lines, 100 - error):
            return f"You write the share of right answers. {want}"
        if any(abs(number - error) < 0.5 for line in lines for number in line):
            return f"Round the error. {want}"
        return f"No line of at most {MOST_IN_A_LINE} numbers holds the error. {want}"
    if name == "standard":
        want = f"{standard:.1f} is wanted, in the line of the error, {error:.1f}."
        if _together(lines, standard):
            return f"The standard error does not stand beside the error. {want}"
        if _together(lines, standard / 100, decimals=3):
            return f"You write the standard error as a share, not in per cent. {want}"
        return f"The standard error in per cent, with one decimal, is missing or another. {want}"
    if name == "worst":
        want = f"{share:.1f} % of its own examples is wanted, in one line with the digit, {worst}."
        misread, wrong = facts["worst_misread"], error * n / 100
        if _together(lines, worst, 100 - share):
            return f"You write how much of the worst digit is read rightly. {want}"
        if _together(lines, worst, 100 * misread / n):
            return f"You divide the misread examples of the worst digit by all examples. {want}"
        if _together(lines, worst, 100 * misread / wrong):
            return f"You divide the misread examples of the worst digit by all wrong ones. {want}"
        if _together(lines, worst, share / 100, decimals=3):
            return f"You write a share of the worst digit, not per cent. {want}"
        return f"The worst digit, or its misread share with one decimal, is not there. {want}"
    want = f"Here {meant} is read as {read}, {times} times."
    if _together(lines, read, meant, times, in_order=2):
        return f"The digit that was meant comes first, then the one that was read. {want}"
    if _together(lines, meant, read, in_order=2):
        return f"How many times the commonest confusion happens is missing, or another. {want}"
    return f"No line tells the commonest confusion. {want}"


MACHINES = (
    ("the three nearest of 900 scans", "900 digits by 30 hands, scanned"),
    ("64 sigmoid units, 40 epochs", "1,437 digits of 8 x 8 pixels"),
    ("naive Bayes on 64 pixels", "digits that 13 people wrote in 1998"),
)
PURPOSES = ("sorting parcels by postcode", "reading forms; a person looks at doubtful ones")
LIMITS = ("no letters, no signatures", "never tried on hands from other countries")


def card_cases(rng: Rng) -> list[Case]:
    """Draw three readers: their errors, their weakness, their words."""
    cases = []
    for machine, data in MACHINES:
        size = int(rng.integers(200, 400))
        y = np.concatenate([np.arange(10), rng.integers(0, 10, size=size - 10)])
        weak, taken = rng.permutation(10)[:2]
        predicted = np.where(rng.random(size) < 0.06, rng.integers(0, 10, size=size), y)
        predicted = np.where((y == weak) & (rng.random(size) < 0.5), taken, predicted)
        words = machine, data, str(rng.choice(PURPOSES)), str(rng.choice(LIMITS))
        error, standard, worst, (meant, read) = measure_reader(y, predicted)
        facts = {
            "words": words,
            "n": size,
            "error": 100 * error,
            "standard": 100 * standard,
            "worst": [worst, 100 * float(np.mean(predicted[y == worst] != worst))],
            "worst_misread": int(np.sum((y == worst) & (predicted != y))),
            "confusion": [meant, read, int(np.sum((y == meant) & (predicted == read)))],
        }
        cases.append(Case((y, predicted, *words), "a reader and its words", json.dumps(facts)))
    return cases


CHECKS = (
    Check(
        split_by_hands,
        2,
        split_cases,
        (),
        ("parts",),
        goal=Goal(
            rules_kept,
            bars=(1, 2, 3),
            advice=("Name a part for each example.", "Split the hands.", "Mind the sizes."),
            untrained=all_in_one,
            name="the number of rules kept",
            slip=split_slip,
        ),
    ),
    Check(
        measure_reader,
        2,
        measure_cases,
        MEASURE_MISTAKES,
        ("error", "standard error", "worst digit", "confusion"),
    ),
    Check(choose_simplest, 1, choose_cases, CHOOSE_MISTAKES, ("place",)),
    Check(
        read_scans,
        3,
        scan_cases,
        (),
        ("labels",),
        seconds=20.0,
        goal=Goal(
            accuracy,
            bars=(0.52, 0.68, 0.78),
            advice=(
                "A guess is right once in ten times, the nearest of ten mean images four times. "
                "Draw a few scans with their labels, and ask the nearest of the known scans.",
                "It reads. The mean of many hands is nobody's hand: ask the nearest scans, or "
                "train a network. If you do so already: once you have chosen, the validation "
                "scans are examples to learn from, too.",
                "Nearly there. Draw scans of one digit side by side: many are moved by a pixel. "
                "Moved copies of the known scans are new examples that cost nothing. At the edge a "
                'copy needs the shade of the paper, which is seldom 0: np.pad(..., mode="edge").',
            ),
            untrained=commonest,
            slip=scan_slip,
        ),
    ),
    Check(
        report_card,
        2,
        card_cases,
        (),
        ("card",),
        goal=Goal(
            lines_there,
            bars=(3, 4, 5, 6),
            advice=("Say on how many digits it was tested.",) * 4,
            untrained=words_alone,
            name="the number of things that belong into a card and are there",
            slip=card_slip,
        ),
    ),
)
