"""Lesson 00, arrays: shapes that line up, one-hot rows, batches, standardising, two layers in one.

Sizes that are drawn are all different and larger than 1, so that no draw is kinder than another.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal, accuracy
from dlcourse.nn.contract import Array as Floats

Ints = NDArray[np.integer[Any]]
Rng = np.random.Generator
Shape = tuple[int, ...]


# broadcast_shape


def broadcast_shape(a: Shape, b: Shape) -> Any:
    """Return the shape of a sum, or False where the two do not fit."""
    shape: list[int] = []
    for i in range(1, max(len(a), len(b)) + 1):
        m = a[-i] if i <= len(a) else 1
        n = b[-i] if i <= len(b) else 1
        if m != n and m != 1 and n != 1:
            return False
        shape.insert(0, n if m == 1 else m)
    return shape


def shape_cases(rng: Rng) -> list[Case]:
    """Shapes of the lesson, missing axes on either side, clashes, and drawn lengths."""
    k, m, n = (int(size) for size in rng.choice(np.arange(2, 10), 3, replace=False))
    return [
        Case(((2, 3), (3,)), "the example of the lesson"),
        Case(((2, 3), (2,)), "two shapes that do not fit"),
        Case(((2, 1), (3,)), "an axis of length 1 on the left"),
        Case(((100,), (100, 1)), "the trap of the lesson"),
        Case(((5,), (2, 5)), "the second shape is longer"),
        Case(((4, 3), (1, 3)), "an axis of length 1 on the right"),
        Case(((), (4,)), "a single number and a vector"),
        Case(((4, 2), ()), "a matrix and a single number"),
        Case(((), ()), "two single numbers"),
        Case(((2, 3), (2, 3)), "equal shapes"),
        Case(((8, 1, 6, 1), (7, 1, 5)), "four axes and three"),
        Case(((2, 3), (3, 2)), "the same lengths in another order"),
        Case(((4, 2, 3), (4, 3)), "a clash on an axis that is not the last"),
        Case(((2, 5, 3), (3, 1)), "a clash between axes that fit"),
        Case(((4, 3), (2, 4, 3)), "a missing axis in front"),
        Case(((1, 1), (1,)), "ones alone"),
        Case(((k, m, n), (m, 1)), "drawn lengths"),
        Case(((m, n), (k, 1, n)), "drawn lengths"),
    ]


def _paired(a: Shape, b: Shape, left: bool = False) -> list[tuple[int, int]]:
    """Return the lengths that meet, with 1 for what is missing; from the left by mistake."""
    most = max(len(a), len(b))
    one, other = (1,) * (most - len(a)), (1,) * (most - len(b))
    return list(zip(a + one, b + other, strict=True) if left else zip(one + a, other + b))  # noqa: B905


def _joined(pairs: list[tuple[int, int]]) -> Any:
    if any(m != n and m != 1 and n != 1 for m, n in pairs):
        return False
    return [n if m == 1 else m for m, n in pairs]


def _common_axes(a: Shape, b: Shape) -> Any:
    return _joined(list(zip(a[::-1], b[::-1], strict=False))[::-1])


def _no_stretching(a: Shape, b: Shape) -> Any:
    short, long = sorted((a, b), key=len)
    return list(long) if long[len(long) - len(short) :] == short else False


def _last_axes_decide(a: Shape, b: Shape) -> Any:
    """Ask one pair of lengths alone; a single number has none, which is an error."""
    fits = a[-1] == b[-1] or 1 in (a[-1], b[-1])
    return list(a if len(a) >= len(b) else b) if fits else False


def _one_pair_decides(a: Shape, b: Shape, which: int) -> Any:
    pairs = _paired(a, b)
    return [max(pair) for pair in pairs] if _joined(pairs[which:][:1]) is not False else False


CLASH = "m != n and m != 1 and n != 1"
ONE_PAIR = (
    "Each round overwrites what the one before has found, so one pair of lengths decides alone. "
    "A single clash is enough: `return False` at once."
)
ONE_SIDED = (
    "You repeat an axis of length 1 in one of the two shapes only. It may stand in either: "
    "(2, 1) and (3,), (3,) and (2, 1)."
)

SHAPE_MISTAKES = (
    Mistake(
        "from_the_left",
        lambda a, b: _joined(_paired(a, b, left=True)),
        "You compare the shapes from the left. Broadcasting starts at the last axis and goes "
        "backwards: (2, 3) and (3,) meet at the 3.",
    ),
    Mistake(
        "common_axes_only",
        _common_axes,
        "You stop where the shorter shape ends. A missing axis counts as 1, so what is left of "
        "the longer shape belongs to the result.",
    ),
    Mistake(
        "as_many_axes",
        lambda a, b: _joined(_paired(a, b)) if len(a) == len(b) else False,
        "You refuse shapes with different numbers of axes. They may fit: an axis that is missing "
        "in front counts as 1.",
    ),
    Mistake(
        "no_stretching",
        _no_stretching,
        "You want lengths that meet to be equal. An axis of length 1 fits any length: it is "
        "repeated.",
    ),
    Mistake(
        "clash_not_seen",
        lambda a, b: [max(pair) for pair in _paired(a, b)],
        "You never say False. Two lengths that differ fit only if one of them is 1: 2 and 3 clash.",
    ),
    Mistake(
        "divides",
        lambda a, b: (
            [max(pair) for pair in _paired(a, b)]
            if all(max(pair) % min(pair) == 0 for pair in _paired(a, b))
            else False
        ),
        "You let a length repeat until it fills the other. Only length 1 may be repeated: 2 and 4 "
        "clash.",
    ),
    Mistake("only_a_is_repeated", (CLASH, "m != n and m != 1"), ONE_SIDED),
    Mistake("only_b_is_repeated", (CLASH, "m != n and n != 1"), ONE_SIDED),
    Mistake(
        "equal_alone",
        (CLASH, "m != n"),
        "You say False wherever two lengths differ. They fit if one of them is 1; join with `and`: "
        "they differ, and neither is 1.",
    ),
    Mistake("last_pair_decides", lambda a, b: _one_pair_decides(a, b, -1), ONE_PAIR),
    Mistake("first_pair_decides", lambda a, b: _one_pair_decides(a, b, 0), ONE_PAIR),
    Mistake(
        "last_axes_alone",
        _last_axes_decide,
        "You compare the last axes and take the longer shape. Compare the others, too: an axis of "
        "length 1 may stand anywhere.",
    ),
    Mistake(
        "axes_of_a",
        ("max(len(a), len(b))", "len(a)"),
        "You count the axes of a. b may have more: go as far as the longer shape.",
    ),
    Mistake(
        "axes_of_b",
        ("max(len(a), len(b))", "len(b)"),
        "You count the axes of b. a may have more: go as far as the longer shape.",
    ),
    Mistake(
        "missing_is_zero",
        (
            ("a) else 1", "a) else 0"),
            ("b) else 1", "b) else 0"),
            ("n if m == 1 else m", "max(m, n)"),
        ),
        "An axis that is missing counts as 0 with you. It counts as 1, and so fits any length.",
    ),
    Mistake(
        "lengths_multiplied",
        ("n if m == 1 else m", "m * n"),
        "You multiply the lengths that meet. Equal lengths come out as they are: 3 and 3 give 3.",
    ),
    Mistake(
        "false_in_the_list",
        ("return False", "shape.insert(0, False); continue"),
        "You put False into the list and go on. If one pair clashes, nothing fits: "
        "`return False` at once.",
    ),
    Mistake(
        "empty_list",
        ("return False", "return []"),
        "You return an empty list for shapes that do not fit. That is the shape of a single "
        "number: return False.",
    ),
    Mistake(
        "none",
        ("return False", "return None"),
        "Where the shapes do not fit, nothing comes back. Write `return False` there.",
    ),
    Mistake(
        "error_raised",
        ("return False", "raise ValueError"),
        "You raise an error where the shapes do not fit, as NumPy does. Here return False.",
    ),
    Mistake(
        "back_to_front",
        lambda a, b: shape if (shape := _joined(_paired(a, b))) is False else shape[::-1],
        "The lengths are right, and they come in the wrong order: you collect them from the last "
        "axis on. Put each new one in front.",
    ),
    Mistake(
        "smaller_length",
        lambda a, b: (
            False if _joined(_paired(a, b)) is False else [min(pair) for pair in _paired(a, b)]
        ),
        "You keep the 1 of two lengths that meet. The axis of length 1 is repeated, so the other "
        "length is what comes out.",
    ),
)


# one_hot


def one_hot(y: Ints, classes: int) -> Floats:
    """Return a row for each label, 1 in the place of the label."""
    rows = np.zeros((len(y), classes))
    rows[np.arange(len(y)), y] = 1
    return rows


def one_hot_cases(rng: Rng) -> list[Case]:
    """Labels of the lesson, classes that do not occur, one label, none, shuffled labels."""
    return [
        Case((np.array([2, 0, 1]), 3), "the example of the lesson"),
        Case((np.array([0, 1, 1, 0]), 4), "classes that do not occur"),
        Case((np.array([1]), 2), "one label"),
        Case((np.array([3, 3, 0, 1, 3]), 5), "a label that comes again"),
        Case((np.array([0, 0]), 3), "zeros alone"),
        Case((np.array([], dtype=int), 3), "no label at all"),
        Case((rng.permutation([0, 1, 2, 4, 5]), 7), "shuffled labels"),
        Case((rng.permutation([0, 1, 1, 3]), 6), "shuffled labels"),
    ]


def _set(y: Ints, classes: int, off: float = 0.0, shift: int = 0) -> Floats:
    rows = np.full((len(y), classes), off)
    rows[np.arange(len(y)), (y + shift) % max(classes, 1)] = 1
    return rows


def _whole_columns(y: Ints, classes: int) -> Floats:
    rows = np.zeros((len(y), classes))
    rows[:, y] = 1
    return rows


def _as_many_as_seen(y: Ints, classes: int) -> Floats:
    return one_hot(y, int(y.max(initial=-1)) + 1)


def _renumbered(y: Ints, classes: int) -> Floats:
    return one_hot(np.unique(y, return_inverse=True)[1], classes)


FILLED = "rows[np.arange(len(y)), y]"

ONE_HOT_MISTAKES = (
    Mistake(
        "one_row",
        (("(len(y), classes)", "classes"), (FILLED, "rows[y]")),
        "You make one row for all examples. Each has its own: np.zeros((len(y), classes)), and "
        "a 1 in each row.",
    ),
    Mistake(
        "whole_rows",
        (FILLED, "rows[y]"),
        "`rows[y] = 1` fills whole rows, and takes the labels for rows. The row is the example, "
        "the column its label: `rows[i, y[i]] = 1` for each i.",
    ),
    Mistake(
        "indices_changed_places",
        (FILLED, "rows[y, np.arange(len(y))]"),
        "The two indices have changed places. First the row, the number of the example, then the "
        "column, its label: `rows[i, y[i]]`.",
    ),
    Mistake(
        "label_twice",
        (FILLED, "rows[y, y]"),
        "You use the label as row and as column. The row is the number of the example: "
        "`for i in range(len(y))`, then `rows[i, y[i]]`.",
    ),
    Mistake(
        "square_of_the_batch",
        lambda y, classes: np.eye(len(y))[y],
        "np.eye(len(y)) has as many rows as there are examples. It must have one for each class: "
        "np.eye(classes).",
    ),
    Mistake(
        "not_all_pairs",
        lambda y, classes: np.equal(y, np.arange(classes)) * 1.0,
        "`y == np.arange(classes)` goes number by number. For all pairs of a label and a class y "
        "needs a second axis: y[:, np.newaxis].",
    ),
    Mistake(
        "renumbered",
        _renumbered,
        "You number the classes anew, as they occur in y. Label 3 stays in column 3, also where "
        "there is no label 2.",
    ),
    Mistake(
        "as_many_as_seen",
        _as_many_as_seen,
        "You count the classes in y. A batch need not hold the last class: the number of columns "
        "is `classes`.",
    ),
    Mistake(
        "transposed",
        lambda y, classes: one_hot(y, classes).T,
        "Your classes run down the rows. Examples come first: one row for each label, one column "
        "for each class.",
    ),
    Mistake(
        "counted_from_one",
        lambda y, classes: _set(y, classes, shift=-1),
        "Your 1 stands one place too far left. Classes count from 0: label 0 means column 0.",
    ),
    Mistake(
        "whole_columns",
        _whole_columns,
        "`rows[:, y] = 1` sets the whole column of each label. You want one place in each row: "
        "`rows[np.arange(len(y)), y] = 1`.",
    ),
    Mistake(
        "minus_one",
        lambda y, classes: _set(y, classes, off=-1.0),
        "The other places hold -1. One-hot means 1 in one place and 0 elsewhere.",
    ),
    Mistake(
        "the_label_itself",
        lambda y, classes: one_hot(y, classes) * y[:, np.newaxis],
        "You write the label in its place. One-hot rows hold a 1 there, whatever the label is.",
    ),
)


# batches


def batches(n: int, size: int) -> list[tuple[int, int]]:
    """Return where each batch starts and stops."""
    return [(start, min(start + size, n)) for start in range(0, n, size)]


def batch_cases(rng: Rng) -> list[Case]:
    """Draw the numbers of the lesson, no rest, fewer than one batch, none, drawn numbers."""
    size = int(rng.integers(6, 60))
    return [
        Case((10, 4), "a rest of 2"),
        Case((1050, 100), "the numbers of the lesson"),
        Case((8, 4), "no rest"),
        Case((3, 5), "fewer examples than one batch"),
        Case((5, 5), "exactly one batch"),
        Case((3, 1), "batches of one example"),
        Case((0, 3), "no example"),
        Case((11, 5), "a rest of 1"),
        Case((3 * size + 2, size), "drawn numbers"),
        Case((2 * size, size), "drawn numbers"),
    ]


def _with_gaps(n: int, size: int) -> list[tuple[int, int]]:
    return [(start, min(start + size, n)) for start in range(0, n, size + 1)]


def _rest_first(n: int, size: int) -> list[tuple[int, int]]:
    rest = n % size
    return [(0, rest)] * (rest > 0) + [(s, s + size) for s in range(rest, n, size)]


def _even_parts(n: int, size: int) -> list[tuple[int, int]]:
    """Return as many batches as there should be, as even as `np.array_split` makes them."""
    stops = np.cumsum([len(part) for part in np.array_split(np.arange(n), max(-(-n // size), 1))])
    return [(int(a), int(b)) for a, b in zip([0, *stops], stops, strict=False) if n]


BATCH_MISTAKES = (
    Mistake(
        "rest_dropped",
        lambda n, size: [(i * size, (i + 1) * size) for i in range(n // size)],
        "The last examples are in no batch. The last batch may be smaller than the others: it "
        "takes what is left.",
    ),
    Mistake(
        "runs_over",
        lambda n, size: [(start, start + size) for start in range(0, n, size)],
        "Your last batch stops after the end of the data. It stops at n.",
    ),
    Mistake(
        "inclusive",
        lambda n, size: [(start, stop - 1) for start, stop in batches(n, size)],
        "You give the last example of each batch. As in a slice, `stop` is the place after it.",
    ),
    Mistake(
        "rest_joined",
        lambda n, size: (
            [(i * size, (i + 1) * size) for i in range(n // size - 1)]
            + ([(max(n // size - 1, 0) * size, n)] if n else [])
        ),
        "You put the rest into the batch before it. No batch may hold more than `size` examples: "
        "the rest is a batch of its own.",
    ),
    Mistake(
        "reaches_back",
        lambda n, size: [(max(stop - size, 0), stop) for _, stop in batches(n, size)],
        "You fill the last batch with examples of the one before, which then count twice. Let it "
        "start where the one before stops.",
    ),
    Mistake(
        "empty_batch",
        lambda n, size: [(i * size, min((i + 1) * size, n)) for i in range(n // size + 1)],
        "Where nothing is left over, you add an empty batch. Start batches at 0, size, 2 size ... "
        "as long as that is less than n.",
    ),
    Mistake(
        "counted_from_one",
        lambda n, size: [(start + 1, stop) for start, stop in batches(n, size)],
        "You count examples from 1. Python counts from 0: the first batch starts at 0.",
    ),
    Mistake(
        "one_left_out",
        _with_gaps,
        "Between two batches an example is left out. `stop` is the place after the last example, "
        "so the next batch starts there.",
    ),
    Mistake(
        "rest_first",
        _rest_first,
        "You put the rest in front. Full batches come first; the last one takes what is left.",
    ),
    Mistake(
        "even_parts",
        _even_parts,
        "You make all batches about as long as each other. All but the last hold `size` examples.",
    ),
    Mistake(
        "the_examples",
        lambda n, size: [list(range(start, stop)) for start, stop in batches(n, size)],
        "You list the examples of each batch. Return where it starts and where it stops: a pair.",
    ),
    Mistake(
        "flat",
        lambda n, size: [place for pair in batches(n, size) for place in pair],
        "All numbers stand in one row. Put the two of each batch into a pair: "
        "`append((start, stop))`.",
    ),
    Mistake(
        "start_and_size",
        lambda n, size: [(start, size) for start, _ in batches(n, size)],
        "You return a start and a length. For each batch return where it starts and where it "
        "stops.",
    ),
    Mistake(
        "start_and_length",
        lambda n, size: [(start, stop - start) for start, stop in batches(n, size)],
        "You return a start and a length. For each batch return where it starts and where it "
        "stops.",
    ),
    Mistake(
        "lengths",
        lambda n, size: [(size, stop - start) for start, stop in batches(n, size)],
        "You return lengths. For each batch return where it starts and where it stops.",
    ),
)


# standardise


def standardise(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Shift and scale each feature of both by what `train` says."""
    return _scaled(train, test, train)


def _scaled(train: Floats, test: Floats, seen: Floats, ddof: int = 0) -> tuple[Floats, Floats]:
    mean, std = seen.mean(axis=0), seen.std(axis=0, ddof=ddof)
    std = np.where(std == 0, 1, std)
    return (train - mean) / std, (test - mean) / std


def scale_cases(rng: Rng) -> list[Case]:
    """Small tables by hand, a constant feature, one test example, drawn tables."""
    constant = 0.3 * decimals(rng, 4, 3)  # every drawn spread is below 1, whatever is drawn
    constant[:, 1] = 2.0
    return [
        Case((np.array([[1.0, 10.0], [3.0, 50.0]]), np.array([[5.0, 20.0]])), "by hand"),
        Case(
            (np.array([[1.0, 4.0], [2.0, 4.0], [6.0, 4.0]]), np.array([[2.0, 7.0], [0.0, 4.0]])),
            "a feature that is the same in every training example",
        ),
        Case(
            (np.array([[0.0], [0.0], [3.0], [9.0]]), np.array([[4.0], [1.0], [7.0]])),
            "one feature",
        ),
        Case(
            (np.array([[1.0, 2.0], [4.0, 0.0], [1.0, 7.0]]), np.array([[5.0, 5.0], [5.0, 5.0]])),
            "equal test examples",
        ),
        Case(
            (np.array([[0.25, 3.0], [0.75, 5.0]]), np.array([[1.0, 2.0]])),
            "a feature with a small spread",
        ),
        Case((3 * decimals(always(), 4, 3), 2 * decimals(always(), 3, 3)), "positive and negative"),
        Case((0.3 * decimals(rng, 4, 2), decimals(rng, 3, 2))),
        Case((0.4 * decimals(rng, 5, 3), 5 * decimals(rng, 2, 3))),
        Case((constant, decimals(rng, 2, 3)), "a constant feature"),
    ]


def _over_all(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def _zero_divided(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    with np.errstate(all="ignore"):
        mean, std = train.mean(axis=0), train.std(axis=0)
        return (train - mean) / std, (test - mean) / std


def _of_rows(x: Floats) -> Floats:
    std = x.std(axis=1, keepdims=True)
    rows: Floats = (x - x.mean(axis=1, keepdims=True)) / np.where(std == 0, 1, std)
    return rows


def _spread(train: Floats) -> Floats:
    std = train.std(axis=0)
    return np.where(std == 0, 1, std)


def _zero_where_constant(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    changes = train.std(axis=0) != 0
    one, other = standardise(train, test)
    return one * changes, other * changes


def _nan_replaced(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    one, other = _zero_divided(train, test)
    return np.nan_to_num(one), np.nan_to_num(other)


def _to_unit(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    low, wide = train.min(axis=0), np.ptp(train, axis=0)
    wide = np.where(wide == 0, 1, wide)
    return (train - low) / wide, (test - low) / wide


def _one_spread(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    mean, std = train.mean(axis=0), train.std()
    return (train - mean) / std, (test - mean) / std


def _one_mean(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    return (train - train.mean()) / _spread(train), (test - train.mean()) / _spread(train)


def _at_least_one(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    mean, std = train.mean(axis=0), np.maximum(train.std(axis=0), 1)
    return (train - mean) / std, (test - mean) / std


def _all_by_one(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.ones_like(std) if np.any(std == 0) else std
    return (train - mean) / std, (test - mean) / std


def _no_brackets(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    shift = train.mean(axis=0) / _spread(train)
    return train - shift, test - shift


def _a_little_more(train: Floats, test: Floats, more: float) -> tuple[Floats, Floats]:
    mean, std = train.mean(axis=0), train.std(axis=0) + more
    return (train - mean) / std, (test - mean) / std


def _more_in_the_root(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    mean, std = train.mean(axis=0), np.sqrt(train.var(axis=0) + 1e-8)
    return (train - mean) / std, (test - mean) / std


ADDED = (
    "You add a small number to every spread. That changes all features a little, and a constant "
    "one may become huge. Replace a spread of 0 by 1, and leave the others."
)

SCALE_MISTAKES = (
    Mistake(
        "train_measured_twice",
        lambda train, test: (standardise(train, test)[0], test * 1),
        "`test` comes back as it was. Is it treated at all? Or do you overwrite `train` first? "
        "Then its mean is 0 and its spread 1 from there on: measure both once, before that.",
    ),
    Mistake(
        "mean_measured_too_late",
        lambda train, test: (standardise(train, test)[0], test / _spread(train)),
        "`test` is divided and not shifted. Do you overwrite `train` before you take its mean for "
        "`test`? From there on that is 0: measure it once, before.",
    ),
    Mistake(
        "each_by_itself",
        lambda train, test: (standardise(train, train)[0], standardise(test, test)[0]),
        "You measure mean and spread of the test examples, too. Both come from `train` alone: the "
        "test examples must be treated as if they came one by one.",
    ),
    Mistake(
        "both_together",
        lambda train, test: _scaled(train, test, np.concatenate([train, test])),
        "You measure mean and spread over training and test examples together. That lets the test "
        "look into what you learn from: use `train` alone.",
    ),
    Mistake(
        "zero_divided",
        _zero_divided,
        "A feature that never changes has the spread 0, and dividing by 0 gives nan or infinity. "
        "Divide by 1 there: np.where(std == 0, 1, std).",
    ),
    Mistake(
        "nan_replaced",
        _nan_replaced,
        "You divide by 0 and replace what comes out. A test example that differs there becomes "
        "huge. Divide by 1 where the spread is 0: np.where(std == 0, 1, std).",
    ),
    Mistake(
        "zero_where_constant",
        _zero_where_constant,
        "Where a feature never changes in `train`, you return 0. Only the spread is replaced, by "
        "1: a test example that differs there keeps its difference.",
    ),
    Mistake(
        "all_by_one",
        _all_by_one,
        "Where one feature never changes you divide all of them by 1. Choose for each: "
        "np.where(std == 0, 1, std).",
    ),
    Mistake(
        "at_least_one",
        _at_least_one,
        "You raise every spread below 1 to 1. Only a spread of 0 is replaced: "
        "np.where(std == 0, 1, std).",
    ),
    Mistake("a_little_added", lambda train, test: _a_little_more(train, test, 1e-6), ADDED),
    Mistake("very_little_added", lambda train, test: _a_little_more(train, test, 1e-8), ADDED),
    Mistake("a_little_in_the_root", _more_in_the_root, ADDED),
    Mistake(
        "to_unit",
        _to_unit,
        "You bring each feature between 0 and 1, by its smallest and largest value. Asked for are "
        "its mean and its standard deviation.",
    ),
    Mistake(
        "one_spread",
        _one_spread,
        "You take one spread for all features: x.std() without an axis. Each feature has its own: "
        "x.std(axis=0).",
    ),
    Mistake(
        "one_mean",
        _one_mean,
        "You take one mean for all features: x.mean() without an axis. Each feature has its own: "
        "x.mean(axis=0).",
    ),
    Mistake(
        "brackets_missing",
        _no_brackets,
        "`x - mean / std` divides before it subtracts. Put the difference in brackets: "
        "`(x - mean) / std`.",
    ),
    Mistake(
        "over_all_features",
        _over_all,
        "You take one mean and one spread for all features. Each column is a feature with its own: "
        "use axis=0.",
    ),
    Mistake(
        "along_the_rows",
        lambda train, test: (_of_rows(train), _of_rows(test)),
        "You standardise each example. The mean of a feature runs down the rows: axis=0.",
    ),
    Mistake(
        "one_less",
        lambda train, test: _scaled(train, test, train, ddof=1),
        "You divide by one less than the number of examples (ddof=1). Here the spread is "
        "NumPy's own: x.std(axis=0).",
    ),
    Mistake(
        "not_shifted",
        lambda train, test: (train / _spread(train), test / _spread(train)),
        "You divide and do not shift. Subtract the mean of each feature first.",
    ),
    Mistake(
        "not_divided",
        lambda train, test: (train - train.mean(axis=0), test - train.mean(axis=0)),
        "You shift and do not divide. Divide each feature by its standard deviation.",
    ),
    Mistake(
        "variance",
        lambda train, test: tuple(
            (x - train.mean(axis=0)) / _spread(train) ** 2 for x in (train, test)
        ),
        "You divide by the variance. The standard deviation is its square root.",
    ),
    Mistake(
        "spread_of_test",
        lambda train, test: (
            standardise(train, test)[0],
            (test - train.mean(axis=0)) / _spread(test),
        ),
        "You divide the test examples by their own spread. Divide them by that of `train`.",
    ),
    Mistake(
        "not_shifted_back",
        lambda train, test: (
            standardise(train, test)[0],
            (test - test.mean(axis=0)) / _spread(train),
        ),
        "You subtract the test examples' own mean. Shift them by the mean of `train`.",
    ),
)


# collapse


def collapse(w1: Floats, b1: Floats, w2: Floats, b2: Floats) -> tuple[Floats, Floats]:
    """Multiply the steps out."""
    return w1 @ w2, b1 @ w2 + b2


def _steps(
    rng: Rng, inputs: int, hidden: int, outputs: int
) -> tuple[Floats, Floats, Floats, Floats]:
    return (
        decimals(rng, inputs, hidden),
        decimals(rng, hidden),
        decimals(rng, hidden, outputs),
        decimals(rng, outputs),
    )


def collapse_cases(rng: Rng) -> list[Case]:
    """By hand, with zeros, and drawn steps of many shapes."""
    return [
        Case(
            (np.array([[2.0]]), np.array([1.0]), np.array([[3.0]]), np.array([-1.0])),
            "the example of the lesson",
        ),
        Case(
            (
                np.array([[1.0, 2.0], [0.0, 1.0]]),
                np.array([1.0, -1.0]),
                np.array([[1.0, 1.0], [2.0, 0.0]]),
                np.array([3.0, 5.0]),
            ),
            "two square steps",
        ),
        Case(
            (
                np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]),
                np.array([1.0, 0.0, 1.0]),
                np.array([[1.0], [1.0], [2.0]]),
                np.array([-1.0]),
            ),
            "two inputs, three numbers between, one output",
        ),
        Case(_steps(always(), 3, 4, 2), "numbers with decimals"),
        Case(_steps(always(), 2, 2, 2), "square steps with decimals"),
        Case(_steps(rng, 2, 2, 2)),
        Case(_steps(rng, 3, 2, 3)),
        Case(_steps(rng, 2, 4, 1)),
        Case(_steps(rng, 1, 3, 2)),
    ]


COLLAPSE_MISTAKES = (
    Mistake(
        "order_of_the_shift",
        lambda w1, b1, w2, b2: (w1 @ w2, w2 @ b1 + b2),
        "w is right. In b the order is not: what comes out of the first step stands on the left, "
        "so b1 goes through the second as b1 @ w2.",
    ),
    Mistake(
        "shift_through_the_first",
        lambda w1, b1, w2, b2: (w1 @ w2, w1 @ b1 + b2),
        "b1 is added after the first product, so it never meets w1. It goes through the second "
        "step: b1 @ w2.",
    ),
    Mistake(
        "shift_through_both",
        lambda w1, b1, w2, b2: (w1 @ w2, b1 @ (w1 @ w2) + b2),
        "You send b1 through both steps. It is added after the first product, so only w2 is left: "
        "b1 @ w2.",
    ),
    Mistake(
        "both_shifts_through",
        lambda w1, b1, w2, b2: (w1 @ w2, (b1 + b2) @ w2),
        "You send b2 through the second product, too. It is added after that: b1 @ w2, then + b2.",
    ),
    Mistake(
        "steps_added",
        lambda w1, b1, w2, b2: (w1 + w2, b1 + b2),
        "You add the two steps. The second is done to what the first gives: put x @ w1 + b1 into "
        "it, and multiply out.",
    ),
    Mistake(
        "w_transposed",
        lambda w1, b1, w2, b2: ((w1 @ w2).T, b1 @ w2 + b2),
        "w is transposed. x @ w needs a row for each input: w1 @ w2, without .T.",
    ),
    Mistake(
        "shift_in_w",
        lambda w1, b1, w2, b2: ((w1 + b1) @ w2, b2 * 1),
        "You add b1 to w1. It is no factor of x: multiply (x @ w1 + b1) @ w2 out, and what stands "
        "without x belongs to b.",
    ),
    Mistake(
        "wrong_order",
        lambda w1, b1, w2, b2: (w2 @ w1, b1 @ w2 + b2),
        "You multiply in the wrong order. x meets w1 first: x @ w1 @ w2, so w is w1 @ w2.",
    ),
    Mistake(
        "entry_by_entry",
        lambda w1, b1, w2, b2: (w1 * w2, b1 @ w2 + b2),
        "`*` multiplies entry by entry. The matrix product is `@`.",
    ),
    Mistake(
        "first_shift_left_out",
        lambda w1, b1, w2, b2: (w1 @ w2, b2 * 1),
        "b1 is lost. It passes through the second step as x does: b1 @ w2 belongs to b.",
    ),
    Mistake(
        "second_shift_left_out",
        lambda w1, b1, w2, b2: (w1 @ w2, b1 @ w2),
        "b2 is lost. The second step adds it at the end.",
    ),
    Mistake(
        "shifts_added",
        lambda w1, b1, w2, b2: (w1 @ w2, b1 + b2),
        "You add b1 and b2. But b1 goes through the second step first: it becomes b1 @ w2.",
    ),
    Mistake(
        "shifts_multiplied_both",
        lambda w1, b1, w2, b2: (w1 @ w2, b1 @ w2 + b2 @ w2),
        "You multiply b2 by w2. It is added after the second product, as it is.",
    ),
)


# most_alike: an open task


def most_alike(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with the label of the image that differs least, by the sum of squares."""
    products = test_x @ train_x.T
    apart = (train_x**2).sum(axis=1) - 2 * products  # what all share is left out
    answers: Ints = train_y[apart.argmin(axis=1)]
    return answers


def unlooked(train_x: Floats, train_y: Ints, test_x: Floats) -> Ints:
    """Answer with the first labels, whatever the images show."""
    return train_y[: len(test_x)]


def alike_cases(rng: Rng) -> list[Case]:
    """Draw twice, 600 digits to compare with and 200 to name, most by other hands."""
    cases = []
    for _ in range(2):
        train, test = datasets.digits_split()
        known, new = rng.permutation(len(train.x))[:600], rng.permutation(len(test.x))[:200]
        images, others = (x.reshape(len(x), 64).astype(float) for x in (train.x, test.x))
        cases.append(
            Case(
                (images[known], train.y[known], others[new]),
                "600 drawn digits to compare with",
                hidden=test.y[new],
            )
        )
    return cases


def places_for_digits(value: Any, case: Case) -> str:
    """Say so if places of images come back and not their digits.

    Examples
    --------
    >>> case = Case((), hidden=np.array([1, 3]))
    >>> places_for_digits(np.array([417, 3]), case)[:28]
    'You return numbers above 9. '
    >>> places_for_digits(np.array([1, 3]), case)
    ''
    """
    numbers = isinstance(value, np.ndarray) and value.dtype.kind in "iuf"
    if not numbers or value.shape != np.shape(case.hidden) or not np.any(value > 9):
        return ""
    return (
        "You return numbers above 9. If these are places in `train_x`, the digit "
        "at each of them stands in `train_y`: `train_y[places]`."
    )


def no_rows(value: Any, y: Ints, classes: int) -> bool:
    """Tell whether no rows come back for no labels; a list cannot say how long they would be.

    Examples
    --------
    >>> no_rows(np.array([]), np.array([], dtype=int), 3)
    True
    """
    return len(y) == 0 and isinstance(value, np.ndarray) and value.shape == (0,)


CHECKS = (
    Check(broadcast_shape, 2, shape_cases, SHAPE_MISTAKES, ("shape",)),
    Check(one_hot, 1, one_hot_cases, ONE_HOT_MISTAKES, ("rows",), accepts=no_rows),
    Check(batches, 1, batch_cases, BATCH_MISTAKES, ("pairs",)),
    Check(standardise, 2, scale_cases, SCALE_MISTAKES, ("train", "test")),
    Check(collapse, 2, collapse_cases, COLLAPSE_MISTAKES, ("w", "b")),
    Check(
        most_alike,
        2,
        alike_cases,
        (),
        ("labels",),
        seconds=20,  # three loops over 7.7 million entries, twice, take 5 to 10
        goal=Goal(
            accuracy,
            bars=(0.6, 0.9),
            advice=(
                "That is hardly better than guessing. Subtract a test image from all images that "
                "you know: (1, 64) from (600, 64). Then square, sum over the 64 entries of each "
                "image, and look for the smallest sum.",
                "Your images help. Compare with every single image that you know instead of an "
                "average, and add up squares of differences: they must not cancel.",
            ),
            untrained=unlooked,
            slip=places_for_digits,
        ),
    ),
)
