"""Lesson 21: shards averaged, Amdahl's law, errors counted for whom, a card, a fair reader."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets
from dlcourse.checks.case import Case
from dlcourse.checks.check import Check, Mistake
from dlcourse.checks.draw import always, decimals
from dlcourse.checks.goal import Goal

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Gradients = dict[str, Floats]
Rng = np.random.Generator
Wrong = Callable[..., Any]


def _quiet(function: Wrong) -> Wrong:
    """Wrap a wrong function that divides by zero, so that nothing is warned."""

    def quiet(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*arguments)

    return quiet


# average_gradients


def average_gradients(shards: Sequence[Gradients], sizes: Sequence[int]) -> Gradients:
    """Return the mean over all examples from the means over the shards."""
    total = sum(sizes)
    mean: Gradients = {}
    for name in shards[0]:
        mean[name] = np.zeros(shards[0][name].shape)
        for shard, size in zip(shards, sizes, strict=True):
            if size > 0:
                mean[name] += size / total * shard[name]
    return mean


def shards_of(sizes: Sequence[int], rng: Rng, **shapes: tuple[int, ...]) -> Any:
    """Draw gradients of some shapes for each shard; those of an empty one are nan."""
    drawn = {name: decimals(rng, len(sizes), *shape) for name, shape in shapes.items()}
    shards = [{name: drawn[name][i].copy() for name in shapes} for i in range(len(sizes))]
    for shard, size in zip(shards, sizes, strict=True):
        for gradient in shard.values():
            gradient[...] = gradient if size else np.nan
    return shards, list(sizes)


def average_cases(rng: Rng) -> list[Case]:
    """Equal and unequal shards, empty ones, one device, names in another order, whole numbers."""
    one, two = {"w": np.array([1.0, 2.0])}, {"w": np.array([4.0, 8.0])}
    turned = [
        {"w": np.array([2.0, 6.0]), "b": np.array([1.0, 4.0])},
        {"b": np.array([7.0, 0.5]), "w": np.array([5.0, 3.0])},
    ]
    whole = [{"v": np.array([[3, -2], [0, 4]])}, {"v": np.array([[1, 5], [-7, 2]])}]
    zeros = [{"w": np.array([3.0, 6.0, 9.0])}, {"w": np.zeros(3)}, {"w": np.array([9.0, 0.0, 3.0])}]
    fixed = always()
    return [
        Case(([one, two], [2, 1]), "two devices, 2 and 1 examples"),
        Case(([one, two], [4, 4]), "two devices with 4 examples each"),
        Case(([{"w": np.array([0.5, -3.0])}], [7]), "one device"),
        Case((zeros, [2, 0, 4]), "the second device has no examples, and hands in zeros"),
        Case(shards_of((3, 0), fixed, w=(2,)), "the second device has no examples, and nan"),
        Case(shards_of((0, 5, 2), fixed, w=(2,), b=(1,)), "the first device has no examples"),
        Case((turned, [1, 3]), "the second device names its parameters in another order"),
        Case((whole, [3, 2]), "whole numbers"),
        Case(shards_of((4, 1, 2), fixed, kernel=(2, 3), bias=(3,)), "a kernel and a bias"),
        Case(shards_of((6, 2), rng, w1=(3,), b1=(2,)), "random numbers, shards of 6 and 2"),
        Case(shards_of((1, 5, 3), rng, u=(2, 2), v=(2,)), "random numbers, shards of 1, 5 and 3"),
        Case(shards_of((2, 0, 5), rng, w=(3,)), "random numbers, one device without examples"),
    ]


TOTAL = "total = sum(sizes)"
SHARE = "mean[name] += size / total * shard[name]"
COUNTED = "            if size > 0:\n                mean"
ZEROS = "mean[name] = np.zeros(shards[0][name].shape)"


def _written_into_the_first(shards: Any, sizes: Any) -> Any:
    mean = average_gradients(shards, sizes)
    shards[0].update(mean)
    return mean


def _mean_of_the_devices(shards: Any, sizes: Any) -> Any:
    return {name: np.mean([shard[name] for shard in shards], axis=0) for name in shards[0]}


def _mean_of_the_busy(shards: Any, sizes: Any) -> Any:
    busy = [shard for shard, size in zip(shards, sizes, strict=True) if size]
    return _mean_of_the_devices(busy, sizes)


def _by_position(shards: Any, sizes: Any) -> Any:
    rows = [dict(zip(shards[0], shard.values(), strict=True)) for shard in shards]
    return average_gradients(rows, sizes)


def _for_each(shards: Any, sizes: Any, weigh: Callable[[int, int], float]) -> Any:
    """Add up all shards with a weight made of a size and the sum of the sizes."""
    pairs = list(zip(shards, sizes, strict=True))
    return {
        name: sum(weigh(size, sum(sizes)) * shard[name] for shard, size in pairs)
        for name in shards[0]
    }


def _mean_by(shards: Any, weights: Sequence[float]) -> Any:
    """Average the shards that have a weight."""
    pairs = [(shard, weight) for shard, weight in zip(shards, weights, strict=True) if weight]
    return {
        name: sum(weight * shard[name] for shard, weight in pairs) / sum(weights)
        for name in shards[0]
    }


def _joined_by_the_first_rows(shards: Any, sizes: Any) -> Any:
    """Join one device after the other, without counting the rows that are in already."""
    busy = [pair for pair in zip(shards, sizes, strict=True) if pair[1]]
    mean, rows = busy[0]
    for other, size in busy[1:]:
        mean = {name: (rows * mean[name] + size * other[name]) / (rows + size) for name in mean}
    return mean


AVERAGE_MISTAKES = [
    Mistake(
        "written_into_the_first",
        _written_into_the_first,
        "The mean is right, but you change what the devices have handed in. `mean = shards[0]` "
        "makes no copy, and `shard[name] *= size` changes their arrays: begin with {}, and write "
        "`size * shard[name]`.",
    ),
    Mistake(
        "mean_of_the_devices",
        _mean_of_the_devices,
        "You take the plain mean of the devices, as if all shards held the same number of "
        "examples. Weight each by its size, and divide by the sum of all sizes.",
    ),
    Mistake(
        "mean_of_the_busy",
        _mean_of_the_busy,
        "You take the plain mean of the devices that have examples. A shard of 6 must count three "
        "times as much as one of 2: weight each by its size, divided by the sum of all sizes.",
    ),
    Mistake(
        "empty_ones_count",
        (COUNTED, "            if True:\n                mean"),
        "0 times nan is nan, not 0. The gradients of an empty shard mean nothing: leave it out, "
        "`if size > 0`.",
    ),
    Mistake(
        "by_position",
        _by_position,
        "You add up what stands in the same place of each dictionary. Their entries may come in "
        "another order: take them by name, `shard[name]`.",
    ),
    Mistake(
        "summed",
        lambda shards, sizes: _for_each(shards, sizes, lambda size, total: 1),
        "You add up the gradients of the devices. Each is a mean already: weight it by the size of "
        "its shard, and divide by the sum of all sizes.",
    ),
    Mistake(
        "summed_where_there_are_examples",
        (SHARE, "mean[name] += shard[name]"),
        "You add up the gradients of the devices. Each is a mean already: weight it by the size of "
        "its shard, and divide by the sum of all sizes.",
    ),
    Mistake(
        "not_divided",
        (SHARE, "mean[name] += size * shard[name]"),
        "You weight by the sizes, but do not divide: that is the sum over all examples. Divide by "
        "the sum of all sizes.",
    ),
    Mistake(
        "not_divided_and_empty_ones_count",
        lambda shards, sizes: _for_each(shards, sizes, lambda size, total: size),
        "You weight by the sizes, but do not divide by their sum. And an empty shard must not "
        "count: 0 times nan is nan.",
    ),
    Mistake(
        "divided_by_the_devices",
        (TOTAL, "total = len(sizes)"),
        "You weight by the sizes, and divide by the number of devices. Divide by the sum of the "
        "sizes.",
    ),
    Mistake(
        "divided_by_the_busy",
        (TOTAL, "total = sum(size > 0 for size in sizes)"),
        "You divide by the number of devices that have examples. Divide by the sum of the sizes.",
    ),
    Mistake(
        "divided_by_the_largest",
        (TOTAL, "total = max(sizes)"),
        "You divide by the largest size. The weights must add up to 1: divide by the sum of the "
        "sizes.",
    ),
    Mistake(
        "taken_for_sums",
        (SHARE, "mean[name] += shard[name] / total"),
        "You treat the gradients as sums over the examples. They are means: multiply each by its "
        "size before you divide by the sum of the sizes.",
    ),
    Mistake(
        "divided_by_its_size",
        (SHARE, "mean[name] += shard[name] / size"),
        "You divide each gradient by its size. It is a mean already: multiply by the size, and "
        "divide by the sum of all sizes.",
    ),
    Mistake(
        "weight_turned_round",
        (SHARE, "mean[name] += total / size * shard[name]"),
        "Your weights are turned round: a small shard counts most. The weight is its size divided "
        "by the sum of the sizes.",
    ),
    Mistake(
        "weights_one_by_size",
        lambda shards, sizes: _mean_by(shards, [size and 1 / size for size in sizes]),
        "You weight by 1 / size, so that a small shard counts most. The weight is the size "
        "itself, divided by the sum of the sizes.",
    ),
    Mistake(
        "weighted_and_averaged",
        (SHARE, "mean[name] += size / total * shard[name] / len(shards)"),
        "You divide twice: by the sum of the sizes and by the number of devices. The weights add "
        "up to 1 already.",
    ),
    Mistake(
        "stops_at_an_empty_one",
        (SHARE, f"{SHARE}\n            else:\n                break"),
        "You stop at the first device without examples. Leave it out, and go on with the next "
        "one: `continue`, not `break`.",
    ),
    Mistake(
        "overwritten",
        (SHARE, "mean[name] = size / total * shard[name]"),
        "Each device overwrites what the one before has added. Write `+=`.",
    ),
    Mistake(
        "last_device_alone",
        (SHARE, "mean[name] = 1.0 * shard[name]"),
        "You return the gradients of the last device. All of them count, each by its size.",
    ),
    Mistake(
        "first_device_alone",
        lambda shards, sizes: {name: 1.0 * shards[0][name] for name in shards[0]},
        "You return the gradients of the first device. All of them count, each by its size.",
    ),
    Mistake(
        "first_two_devices_alone",
        _quiet(lambda shards, sizes: average_gradients(shards[:2], sizes[:2])),
        "You return the mean of the first two devices. There may be more: all count, each by its "
        "size.",
    ),
    Mistake(
        "joined_by_the_first_rows",
        _joined_by_the_first_rows,
        "You join one device after the other, and what is joined still weighs as much as the first "
        "alone. Its rows grow with each: add the size of the next one.",
    ),
    Mistake(
        "weights_rounded_down",
        (SHARE, "mean[name] += size // total * shard[name]"),
        "`//` rounds every share below 1 down to 0. Write `size / total`.",
    ),
    Mistake(
        "largest_shard_alone",
        lambda shards, sizes: dict(shards[int(np.argmax(sizes))]),
        "You return the gradients of the largest shard. All of them count, each by its size.",
    ),
    Mistake(
        "first_name_alone",
        ("    return mean", "        break\n    return mean"),
        "Only the first parameter is in your dictionary. Go on through all names.",
    ),
    Mistake(
        "one_sum_for_all_names",
        (ZEROS, f"{ZEROS} + next(reversed(mean.values()), 0)"),
        "Your sum goes on from one parameter to the next. Each name has its own: let it begin "
        "with 0 inside of the loop over the names.",
    ),
    Mistake(
        "started_with_ones",
        (ZEROS, ZEROS.replace("zeros", "ones")),
        "Your sums start with 1. They start with 0.",
    ),
    Mistake(
        "one_number",
        lambda shards, sizes: {
            name: float(gradient.mean())
            for name, gradient in average_gradients(shards, sizes).items()
        },
        "You have averaged over the entries, too: each gradient has become one number. Average "
        "over the devices alone, so that its shape stays: axis=0 if you stack them.",
    ),
]


# amdahl


def amdahl(parallel: Any, workers: Any) -> Any:
    """Return the time on one worker divided by the time on all."""
    return 1 / ((1 - parallel) + parallel / workers)


def amdahl_cases(rng: Rng) -> list[Case]:
    """Numbers and arrays, all and nothing in parallel, one worker; random shares."""
    shares = rng.permutation(np.arange(551, 980, 11))[:5] / 1000
    many = np.array([1, 2, 4, 8, 64])
    return [
        Case((0.9, 8), "nine tenths in parallel, 8 workers"),
        Case((0.75, 3), "three quarters in parallel, 3 workers"),
        Case((0.5, 4), "half of it in parallel, 4 workers"),
        Case((0.95, 1), "one worker"),
        Case((1.0, 4), "all in parallel"),
        Case((0.0, 16), "nothing in parallel"),
        Case((1, 5), "all in parallel, a whole number"),
        Case((0.9, many), "several numbers of workers"),
        Case((np.array([0.0, 0.6, 0.99, 1.0]), 10), "several shares"),
        Case((np.array([0.25, 0.8, 0.95]), np.array([2, 16, 5])), "pairs"),
        Case((np.array([[0.7], [0.98]]), np.array([2, 10, 1000])), "a table: a row for each share"),
        Case((float(shares[0]), int(rng.integers(3, 60))), "random numbers"),
        Case((float(shares[1]), np.array([3, 7, 30])), "a random share"),
        Case((shares[2:], int(rng.integers(3, 60))), "random shares"),
    ]


TIME = "((1 - parallel) + parallel / workers)"
AMDAHL_MISTAKES = [
    Mistake(
        "swapped",
        (TIME, "(parallel + (1 - parallel) / workers)"),
        "You let the workers share the serial part. They share the parallel one: "
        "parallel / workers, and 1 - parallel stays as it is.",
    ),
    Mistake(
        "serial_part_missing",
        _quiet(lambda parallel, workers: 1 / (parallel / workers)),
        "The serial part is missing: 1 - parallel of the time is not shared, and takes as long as "
        "before.",
    ),
    Mistake(
        "serial_part_alone",
        _quiet(lambda parallel, workers: 1 / (1 - parallel)),
        "That is the limit for infinitely many workers. Add what they still need for their part: "
        "parallel / workers. (`//` would round it down to 0.)",
    ),
    Mistake(
        "serial_part_is_all",
        (TIME, "(1 + parallel / workers)"),
        "You count the whole time as serial. Only 1 - parallel of it is.",
    ),
    Mistake(
        "of_ten_seconds",
        (f"1 / {TIME}", "10 / ((10 - parallel) + parallel / workers)"),
        "You take the share for seconds out of 10, as in the lesson. All of the time is 1 here, "
        "and 1 - parallel of it is serial.",
    ),
    Mistake(
        "time",
        ("1 / ((1 - parallel) + parallel / workers)", "(1 - parallel) + parallel / workers"),
        "That is the time that is left on all workers, as a share of the time on one. The speed-up "
        "is 1 divided by all of it: 1 / (... + ...), with brackets.",
    ),
    Mistake(
        "multiplied",
        (TIME, "((1 - parallel) + parallel * workers)"),
        "You multiply the parallel part by the workers. They share it: divide.",
    ),
    Mistake(
        "gustafson",
        ("1 / ((1 - parallel) + parallel / workers)", "(1 - parallel) + parallel * workers"),
        "That is Gustafson's law, for work that grows with the workers. Here the work stays the "
        "same: 1 divided by the time that is left, the serial part plus parallel / workers.",
    ),
    Mistake(
        "all_shared",
        (TIME, "((1 - parallel + parallel) / workers)"),
        "You divide the serial part by the workers, too, so that the speed-up is their number. "
        "Only the parallel part is shared.",
    ),
    Mistake(
        "brackets_of_the_whole",
        _quiet(lambda parallel, workers: 1 / (1 - parallel) + parallel / workers),
        "1 / (...) ends too early, and what follows is added afterwards. Put all of the time into "
        "one pair of brackets.",
    ),
    Mistake(
        "subtracted",
        _quiet(lambda parallel, workers: 1 / ((1 - parallel) - parallel / workers)),
        "You subtract what the workers need. The serial and the parallel part come one after the "
        "other: add them.",
    ),
    Mistake(
        "one_minus_the_shared",
        _quiet(lambda parallel, workers: 1 / (1 - parallel / workers)),
        "You subtract parallel / workers from 1. What remains is 1 - parallel, and parallel / "
        "workers on top of it.",
    ),
    Mistake(
        "a_share_of_the_workers",
        ("1 / ((1 - parallel) + parallel / workers)", "parallel * workers"),
        "You take a share of the workers. Compute the time that is left, the serial part plus "
        "parallel / workers, and divide 1 by it.",
    ),
    Mistake(
        "in_per_cent",
        (TIME, "((100 - parallel) + parallel / workers)"),
        "You count in per cent. `parallel` goes from 0 to 1: the serial part is 1 - parallel.",
    ),
    Mistake(
        "in_per_cent_throughout",
        lambda parallel, workers: 100 / (100 - parallel + parallel / workers),
        "You count in per cent. `parallel` goes from 0 to 1: write 1 where you write 100.",
    ),
    Mistake(
        "arguments_swapped",
        _quiet(lambda parallel, workers: 1 / (1 - workers + workers / parallel)),
        "You take `workers` for the share, and `parallel` for the number of workers.",
    ),
    Mistake(
        "power",
        (TIME, "((1 - parallel) + parallel**workers)"),
        "You take a power. The workers share the parallel part: divide, parallel / workers.",
    ),
    Mistake(
        "one_worker_more",
        (TIME, "((1 - parallel) + parallel / (workers + 1))"),
        "You count one worker more than there are. Divide by `workers`.",
    ),
    Mistake(
        "one_worker_less",
        _quiet(lambda parallel, workers: 1 / ((1 - parallel) + parallel / (workers - 1))),
        "You count one worker less than there are. Divide by `workers`.",
    ),
    Mistake(
        "gain",
        (
            "1 / ((1 - parallel) + parallel / workers)",
            "1 / ((1 - parallel) + parallel / workers) - 1",
        ),
        "You return by how much it is faster. Wanted is how many times: do not subtract 1.",
    ),
    Mistake(
        "per_worker",
        (
            "1 / ((1 - parallel) + parallel / workers)",
            "1 / ((1 - parallel) + parallel / workers) / workers",
        ),
        "You divide the speed-up by the workers: that is their efficiency. Return the speed-up.",
    ),
    Mistake(
        "time_saved",
        (
            "1 / ((1 - parallel) + parallel / workers)",
            "1 - ((1 - parallel) + parallel / workers)",
        ),
        "That is the share of the time that is saved. The speed-up is 1 divided by the time that "
        "is left.",
    ),
]


# confusion


def confusion(y: Ints, predicted: Ints, classes: int) -> Ints:
    """Count the examples of each right class and predicted class."""
    counts = np.zeros((classes, classes), int)
    for right, guess in zip(y, predicted, strict=True):
        counts[right, guess] += 1
    return counts


def confusion_cases(rng: Rng) -> list[Case]:
    """Two to five classes, classes that never occur, all right, all wrong; renamed ones."""

    def case(y: list[int], predicted: list[int], classes: int, about: str) -> Case:
        return Case((np.array(y), np.array(predicted), classes), about)

    y = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2])
    predicted = np.array([0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 2, 1])
    cases = [
        case([0, 0, 1], [0, 1, 1], 2, "three examples"),
        case([1, 0, 1, 1, 0], [1, 1, 0, 1, 1], 2, "class 0 is never right"),
        case([2, 2, 2, 0, 1, 0], [0, 0, 2, 0, 0, 1], 3, "the same error twice"),
        case([0, 1, 1], [1, 1, 1], 4, "classes 2 and 3 do not occur"),
        case([3, 1, 3], [3, 3, 1], 5, "some classes do not occur"),
        case([0, 1, 2, 2], [0, 1, 2, 2], 3, "all are right"),
        case([0, 0, 1, 2], [1, 1, 2, 0], 3, "all are wrong"),
        case([2], [1], 3, "one example"),
    ]
    for _ in range(2):
        names, order = rng.permutation(3), rng.permutation(len(y))
        arguments = names[y][order], names[predicted][order], 3
        cases.append(Case(arguments, "twelve examples of three classes"))
    return cases


COUNT = "counts[right, guess] += 1"
MADE = "np.zeros((classes, classes), int)"


def _not_repeated(y: Any, predicted: Any, classes: int) -> Any:
    counts = np.zeros((classes, classes), dtype=int)
    counts[y, predicted] += 1
    return counts


def _classes_that_occur(y: Any, predicted: Any, classes: int) -> Any:
    occur = int(max(y.max(), predicted.max())) + 1
    return confusion(y, predicted, classes)[:occur, :occur]


def _shares_of_rows(y: Any, predicted: Any, classes: int) -> Any:
    counts = confusion(y, predicted, classes)
    return counts / counts.sum(axis=1, keepdims=True)


def _with_totals(y: Any, predicted: Any, classes: int) -> Any:
    counts = confusion(y, predicted, classes)
    rows = np.vstack([counts, counts.sum(axis=0)])
    return np.column_stack([rows, rows.sum(axis=1)])


CONFUSION_MISTAKES = [
    Mistake(
        "transposed",
        (COUNT, "counts[guess, right] += 1"),
        "Rows and columns are turned round: the row is the right class, the column the predicted "
        "one.",
    ),
    Mistake(
        "not_repeated",
        _not_repeated,
        "A pair that occurs twice counts only once: `counts[y, predicted] += 1` takes each place "
        "once, and `= 1` never counts further. Use a loop with `+= 1`, or "
        "np.add.at(counts, (y, predicted), 1).",
    ),
    Mistake(
        "true_and_false",
        lambda y, predicted, classes: confusion(y, predicted, classes) > 0,
        "You say whether a pair occurs. Count how often it does.",
    ),
    Mistake(
        "shares_of_rows",
        _quiet(_shares_of_rows),
        "You divide each row by its sum. Return the counts themselves.",
    ),
    Mistake(
        "shares_of_all",
        lambda y, predicted, classes: confusion(y, predicted, classes) / len(y),
        "You divide by the number of examples. Return the counts themselves.",
    ),
    Mistake(
        "errors_alone",
        (COUNT, "counts[right, guess] += right != guess"),
        "You count the wrong answers alone. Right ones count too: they stand on the diagonal.",
    ),
    Mistake(
        "right_ones_alone",
        (COUNT, "counts[right, guess] += right == guess"),
        "You count the right answers alone. Wrong ones count too: they stand beside the diagonal.",
    ),
    Mistake(
        "either",
        lambda y, predicted, classes: np.array(
            [[np.sum((y == i) | (predicted == j)) for j in range(classes)] for i in range(classes)]
        ),
        "You count examples that are of class i or predicted as class j. Both must hold: `&`.",
    ),
    Mistake(
        "classes_that_occur",
        _classes_that_occur,
        "You make a row for each class up to the largest that occurs. There are `classes` rows and "
        "columns, also where nothing is counted.",
    ),
    Mistake(
        "names_that_occur",
        lambda y, predicted, classes: confusion(y, predicted, classes)[
            np.ix_(*[np.union1d(y, predicted)] * 2)
        ],
        "You make a row for each class that occurs. There are `classes` rows and columns, also "
        "where nothing is counted.",
    ),
    Mistake(
        "from_one",
        (COUNT, "counts[right - 1, guess - 1] += 1"),
        "You count classes from 1, so that class 0 lands in the last row. The first class is 0: no "
        "- 1.",
    ),
    Mistake(
        "both_ways",
        (COUNT, f"{COUNT}\n        counts[guess, right] += 1"),
        "You count each example twice, as (right, predicted) and as (predicted, right). Only the "
        "first counts.",
    ),
    Mistake(
        "flat",
        lambda y, predicted, classes: confusion(y, predicted, classes).ravel(),
        "Your counts stand in one row. Fold them: `.reshape(classes, classes)`.",
    ),
    Mistake(
        "diagonal",
        lambda y, predicted, classes: np.diag(confusion(y, predicted, classes)),
        "You return how many of each class are right. Return the whole table.",
    ),
    Mistake(
        "classes_of_the_labels",
        lambda y, predicted, classes: np.bincount(y, minlength=classes),
        "You count the right classes alone. Each entry counts a pair: right class and predicted "
        "one.",
    ),
    Mistake(
        "began_with_ones",
        (MADE, MADE.replace("zeros", "ones")),
        "Your counts begin with 1. They begin with 0.",
    ),
    Mistake(
        "one_class_more",
        (MADE, "np.zeros((classes + 1, classes + 1), int)"),
        "You make one row and one column too many. Classes go from 0 to classes - 1.",
    ),
    Mistake(
        "with_totals",
        _with_totals,
        "You have a row and a column more, for totals. Return the counts alone.",
    ),
    Mistake(
        "first_example_alone",
        (COUNT, f"{COUNT}\n        break"),
        "You count the first example alone. Go on through all of them.",
    ),
]


# group_error_rates


def group_error_rates(y: Ints, predicted: Ints, group: Ints) -> dict[int, float]:
    """Return the share of wrong answers in each group."""
    rates = {}
    for g in np.unique(group):
        members = group == g
        rates[int(g)] = float(np.mean(y[members] != predicted[members]))
    return rates


def examples_of(*parts: str) -> tuple[Ints, Ints, Ints]:
    """Read examples that are written as texts, in the same order: right, predicted, group.

    Examples
    --------
    >>> examples_of("210", "211", "334")
    (array([2, 1, 0]), array([2, 1, 1]), array([3, 3, 4]))
    """
    y, predicted, group = (np.array(list(map(int, part))) for part in parts)
    return y, predicted, group


# Group 5 is the larger one and has more errors; group 2 the larger share of them.
UNEVEN = examples_of("31420972563", "31429952560", "55552552555")
MIXED = examples_of("7031948256204", "7131040256907", "4484848844844")


def renamed(examples: tuple[Ints, Ints, Ints], rng: Rng) -> tuple[Ints, Ints, Ints]:
    """Give the groups other names, from 10 to 99, in the same order; no other number changes."""
    y, predicted, group = examples
    names, places = np.unique(group, return_inverse=True)
    others = np.sort(rng.choice(np.arange(10, 100), len(names), replace=False))
    return y.copy(), predicted.copy(), others[places]


def rates_cases(rng: Rng) -> list[Case]:
    """Draw groups of one, faultless, all wrong, negative; classes far apart; other names."""
    below = examples_of("11021", "10021", "00000")
    names = np.array([8, -4, -4, 8, 0])
    return [
        Case(examples_of("1011", "1001", "7722"), "two groups of two"),
        Case(examples_of("201312", "211302", "343434"), "two groups in turn"),
        Case(UNEVEN, "a large group and a small one"),
        Case(examples_of("0110", "1001", "5588"), "all are wrong"),
        Case(examples_of("90441", "90441", "66116"), "all are right"),
        Case(examples_of("5172", "1172", "3333"), "one group"),
        Case(examples_of("908", "900", "295"), "groups of one"),
        Case((*below[:2], names), "numbers of groups may be negative"),
        Case(MIXED, "13 examples"),
        Case(renamed(UNEVEN, rng), "the groups have other numbers"),
        Case(renamed(MIXED, rng), "the groups have other numbers"),
    ]


RATE = "float(np.mean(y[members] != predicted[members]))"
MEMBERS = "members = group == g"
UNIQUE = "for g in np.unique(group):"


def _rate(value: str) -> tuple[str, str]:
    """Put another value in place of the share."""
    return RATE, value


def _by_place(y: Any, predicted: Any, group: Any) -> Any:
    return dict(enumerate(group_error_rates(y, predicted, group).values()))


def _by_text(y: Any, predicted: Any, group: Any) -> Any:
    return {str(g): rate for g, rate in group_error_rates(y, predicted, group).items()}


def _in_runs(y: Any, predicted: Any, group: Any) -> Any:
    rates, start = {}, 0
    for end in range(1, len(group) + 1):
        if end == len(group) or group[end] != group[start]:
            rates[int(group[start])] = float(np.mean(y[start:end] != predicted[start:end]))
            start = end
    return rates


def _up_to_the_largest(y: Any, predicted: Any, group: Any, missing: float) -> Any:
    rates = group_error_rates(y, predicted, group)
    return {g: rates.get(g, missing) for g in range(int(group.max()) + 1)}


RATES_MISTAKES = [
    Mistake(
        "right_answers",
        _rate("float(np.mean(y[members] == predicted[members]))"),
        "You return the share of right answers. Count the wrong ones: `y != predicted`.",
    ),
    Mistake(
        "counts",
        _rate("int(np.sum(y[members] != predicted[members]))"),
        "You count the errors of each group. Divide by how many examples the group has.",
    ),
    Mistake(
        "of_all_examples",
        _rate("float(np.sum(y[members] != predicted[members]) / len(y))"),
        "You divide by the number of all examples, so that a small group always looks good. Divide "
        "by how many examples the group has.",
    ),
    Mistake(
        "of_all_errors",
        _quiet(
            lambda y, predicted, group: {
                int(g): float(np.sum((y != predicted)[group == g]) / np.sum(y != predicted))
                for g in np.unique(group)
            }
        ),
        "You divide by the number of all errors. Divide by how many examples the group has.",
    ),
    Mistake(
        "all_errors",
        _rate("float(np.sum(y != predicted) / np.sum(members))"),
        "You divide the errors of all groups by the size of one. Count the errors of that group "
        "alone.",
    ),
    Mistake(
        "last_example_alone",
        _rate("float((y[members] != predicted[members])[-1])"),
        "Each example overwrites what stood there for its group, so that only the last one "
        "counts. Add up the errors of a group, and divide by its size.",
    ),
    Mistake(
        "same_for_all",
        _rate("float(np.mean(y != predicted))"),
        "Every group gets the share of all examples. Take those of the group: y[group == g].",
    ),
    Mistake(
        "the_others",
        (
            (MEMBERS, "members = group != g"),
            (RATE, f"{RATE} if members.any() else float('nan')"),
        ),
        "You take the examples of all other groups. Take those of the group: group == g.",
    ),
    Mistake(
        "differences",
        _rate("float(np.mean(y[members] - predicted[members]))"),
        "You average differences of classes. Classes are names: ask whether they are the same, "
        "`y != predicted`.",
    ),
    Mistake(
        "sizes_of_differences",
        _rate("float(np.mean(np.abs(y[members] - predicted[members])))"),
        "You average how far the classes lie apart. Classes are names: 9 for 0 is one error, as 1 "
        "for 0 is. Ask whether they are the same.",
    ),
    Mistake(
        "squares_of_differences",
        _rate("float(np.mean((y[members] - predicted[members]) ** 2))"),
        "You average squared differences. Classes are names: ask whether they are the same.",
    ),
    Mistake(
        "too_large_alone",
        _rate("float(np.mean(y[members] < predicted[members]))"),
        "You count only predictions that are too large. Each other class is wrong: `!=`.",
    ),
    Mistake(
        "too_small_alone",
        _rate("float(np.mean(y[members] > predicted[members]))"),
        "You count only predictions that are too small. Each other class is wrong: `!=`.",
    ),
    Mistake(
        "by_class",
        lambda y, predicted, group: group_error_rates(y, predicted, y),
        "You group by the right class. The groups stand in `group`.",
    ),
    Mistake(
        "by_place",
        _by_place,
        "Your keys count the groups, 0, 1, 2, ... The keys are the numbers that stand in `group`.",
    ),
    Mistake(
        "by_text",
        _by_text,
        "Your keys are texts. The keys are the numbers that stand in `group`.",
    ),
    Mistake(
        "in_runs",
        _in_runs,
        "You take neighbours with the same number for a group, and a later run overwrites an "
        "earlier one. The examples of a group may lie apart: choose them by group == g.",
    ),
    Mistake(
        "nan_for_the_missing",
        lambda y, predicted, group: _up_to_the_largest(y, predicted, group, np.nan),
        "You count groups from 0 up to the largest. Only those that occur have an entry: "
        "np.unique(group).",
    ),
    Mistake(
        "zero_for_the_missing",
        lambda y, predicted, group: _up_to_the_largest(y, predicted, group, 0.0),
        "You count groups from 0 up to the largest. Only those that occur have an entry: "
        "np.unique(group).",
    ),
    Mistake(
        "without_the_faultless",
        lambda y, predicted, group: {
            g: rate for g, rate in group_error_rates(y, predicted, group).items() if rate
        },
        "Groups without an error are missing. Their share is 0, and they belong into the "
        "dictionary.",
    ),
    Mistake(
        "in_per_cent",
        _rate("100 * float(np.mean(y[members] != predicted[members]))"),
        "You return per cent. Return shares, from 0 to 1.",
    ),
    Mistake(
        "first_group_alone",
        ("    return rates", "        break\n    return rates"),
        "Only the first group is in your dictionary. Go on through all of them.",
    ),
    Mistake(
        "a_list",
        lambda y, predicted, group: list(group_error_rates(y, predicted, group).values()),
        "You return a list, and nobody knows which group is which. Return a dictionary: the "
        "number of each group and its share.",
    ),
    Mistake(
        "pairs",
        lambda y, predicted, group: {
            g: (rate, int(np.sum(group == g)))
            for g, rate in group_error_rates(y, predicted, group).items()
        },
        "You return two numbers for each group. Wanted is one, its share of wrong answers.",
    ),
]


# model_card


def model_card(texts: dict[str, str], y: Ints, predicted: Ints, group: Ints) -> dict[str, Any]:
    """Return the texts, and how often the model is wrong for whom."""
    errors = group_error_rates(y, predicted, group)
    card: dict[str, Any] = {}
    for key in ("name", "intended_use", "training_data", "evaluation_data", "limits"):
        card[key] = texts.get(key, "not stated")
    card["examples"] = len(y)
    card["error"] = float(np.mean(y != predicted))
    card["group_examples"] = {g: int(np.sum(group == g)) for g in errors}
    card["group_errors"] = errors
    card["worst_group"] = max(sorted(errors), key=lambda g: errors[g])
    return card


DIGITS = {
    "name": "digits, version 2",
    "intended_use": "to read forms",
    "training_data": "1,437 digits of ten people",
    "evaluation_data": "360 digits of others",
    "limits": "black ink on white paper alone",
}
SOME = {"name": "scanner", "evaluation_data": "13 images", "intended_use": "to sort letters"}


def card_cases(rng: Rng) -> list[Case]:
    """All texts and some, none; the worst group is small, first, last, one of two; one group."""
    tied = examples_of("112233", "102213", "885544")
    alone = examples_of("5172", "1172", "3333")
    faultless = examples_of("90441", "90441", "66116")
    below = examples_of("11021", "10021", "00000")
    names = np.array([8, -4, -4, 8, 0])

    def case(texts: dict[str, str], examples: tuple[Ints, Ints, Ints], about: str) -> Case:
        return Case((dict(texts), *(array.copy() for array in examples)), about)

    few = {"limits": "tested on few images"}
    return [
        case(DIGITS, examples_of("20131", "20100", "11122"), "all texts, two groups"),
        case(SOME, examples_of("201312", "210302", "343434"), "two texts are missing"),
        case(DIGITS, UNEVEN, "the group with most errors has the smaller share"),
        case({}, examples_of("0110", "1001", "5588"), "no texts; all are wrong"),
        case(few, tied, "two groups are equally bad"),
        case(SOME, alone, "one group"),
        case(DIGITS, faultless, "all are right"),
        case(few, (*below[:2], names), "numbers of groups may be negative"),
        case(SOME, MIXED, "13 examples"),
        case(DIGITS, renamed(UNEVEN, rng), "the groups have other numbers"),
        case(SOME, renamed(MIXED, rng), "the groups have other numbers"),
    ]


NUMBER = 'card["examples"] = len(y)'
ERROR = 'card["error"] = float(np.mean(y != predicted))'
SIZES = 'card["group_examples"] = {g: int(np.sum(group == g)) for g in errors}'
ERRORS = 'card["group_errors"] = errors'
WORST = 'card["worst_group"] = max(sorted(errors), key=lambda g: errors[g])'
TEXT = 'card[key] = texts.get(key, "not stated")'
TEXT_KEYS = ("name", "intended_use", "training_data", "evaluation_data", "limits")


def _texts_changed(texts: Any, y: Any, predicted: Any, group: Any) -> Any:
    card = model_card(texts, y, predicted, group)
    texts.update(card)
    return card


def _worst(choose: str) -> tuple[str, str]:
    """Put another choice in place of the worst group."""
    return WORST, f'card["worst_group"] = {choose}'


CARD_MISTAKES = [
    Mistake(
        "texts_changed",
        _texts_changed,
        "The card is right, but you write it into `texts`, which belongs to the caller: "
        "`card = texts` makes no copy. Begin with a new one, {} or dict(texts).",
    ),
    Mistake(
        "missing_texts_left_out",
        (TEXT, f"if key in texts:\n            {TEXT}"),
        "Where a text is missing, your card says nothing. Whoever reads it must see the gap: write "
        "'not stated' under that key.",
    ),
    Mistake(
        "missing_texts_are_none",
        (TEXT, "card[key] = texts.get(key)"),
        "Where a text is missing, your card holds None. Write 'not stated'.",
    ),
    Mistake(
        "missing_texts_are_empty",
        (TEXT, 'card[key] = texts.get(key, "")'),
        "Where a text is missing, yours is empty. Write 'not stated'.",
    ),
    Mistake(
        "other_words_for_missing",
        (TEXT, 'card[key] = texts.get(key, "Not stated")'),
        "Where a text is missing, the two words are 'not stated', in small letters.",
    ),
    Mistake(
        "dot_behind_missing",
        (TEXT, 'card[key] = texts.get(key, "not stated.")'),
        "Where a text is missing, the two words are 'not stated', without a full stop.",
    ),
    Mistake(
        "underscore_in_missing",
        (TEXT, 'card[key] = texts.get(key, "not_stated")'),
        "Where a text is missing, the two words are 'not stated', with a blank between them.",
    ),
    *(
        Mistake(
            f"{word}_for_missing",
            (TEXT, f'card[key] = texts.get(key, "{word}")'),
            "Where a text is missing, the two words are 'not stated'.",
        )
        for word in ("unknown", "missing", "none", "None", "n/a", "not given", "Not Stated")
    ),
    Mistake(
        "no_text_at_all",
        (TEXT, 'card[key] = "not stated"'),
        "You write 'not stated' under every key. Where `texts` has a text, take that one.",
    ),
    Mistake(
        "most_errors",
        _worst("max(sorted(errors), key=lambda g: errors[g] * card['group_examples'][g])"),
        "Your worst group has the largest number of errors. A large group has many because it is "
        "large: compare the shares.",
    ),
    Mistake(
        "best_group",
        _worst("min(sorted(errors), key=lambda g: errors[g])"),
        "You name the group with the smallest error. The worst one has the largest.",
    ),
    Mistake(
        "last_of_several",
        _worst("max(sorted(errors, reverse=True), key=lambda g: errors[g])"),
        "Where several groups are equally bad, you name the last. Name the smallest number.",
    ),
    Mistake(
        "first_to_come",
        _worst("max(dict.fromkeys(group.tolist()), key=lambda g: errors[g])"),
        "Where several groups are equally bad, you name the one that comes first in `group`. Name "
        "the smallest number.",
    ),
    Mistake(
        "none_where_all_is_right",
        _worst("max(sorted(errors), key=lambda g: errors[g]) if any(errors.values()) else None"),
        "Where nothing is wrong, all groups are equally bad, and the smallest number is named. A "
        "search for the largest that begins with 0 finds none: begin with -1.",
    ),
    Mistake(
        "no_entry_where_all_is_right",
        (WORST, f"if any(errors.values()):\n        {WORST}"),
        "Where nothing is wrong, all groups are equally bad, and the smallest number is named. A "
        "search for the largest that begins with 0 finds none: begin with -1.",
    ),
    Mistake(
        "worst_error",
        _worst("max(errors.values())"),
        "You return the largest error. Return the group that has it: a key of 'group_errors'.",
    ),
    Mistake(
        "place_of_the_worst",
        _worst("int(np.argmax(list(errors.values())))"),
        "You return the place of the worst group in the list. Return its number, as it stands in "
        "`group`.",
    ),
    Mistake(
        "largest_number",
        _worst("max(errors)"),
        "max(...) of a dictionary gives its largest key. Compare the values: key=errors.get.",
    ),
    Mistake(
        "worst_as_text",
        _worst("str(max(sorted(errors), key=lambda g: errors[g]))"),
        "Your worst group is a text. Return its number, as it stands in `group`.",
    ),
    Mistake(
        "all_worst_groups",
        _worst("[g for g in errors if errors[g] == max(errors.values())]"),
        "You return a list of the worst groups. Return one number; of several groups that are "
        "equally bad the smallest.",
    ),
    Mistake(
        "largest_group",
        _worst("max(errors, key=lambda g: np.sum(group == g))"),
        "You name the largest group. The worst one has the largest error.",
    ),
    Mistake(
        "smallest_group",
        _worst("min(errors, key=lambda g: np.sum(group == g))"),
        "You name the smallest group. The worst one has the largest error.",
    ),
    Mistake(
        "mean_of_the_groups",
        (ERROR, 'card["error"] = float(np.mean(list(errors.values())))'),
        "Your 'error' is the mean of the groups' errors, as if all groups were equally large. It "
        "is the share of all examples that are wrong.",
    ),
    Mistake(
        "sum_of_the_groups",
        (ERROR, 'card["error"] = sum(errors.values())'),
        "Your 'error' adds up the groups' errors. It is the share of all examples that are wrong.",
    ),
    Mistake(
        "worst_for_all",
        (ERROR, 'card["error"] = max(errors.values())'),
        "Your 'error' is that of the worst group. It is the share of all examples that are wrong.",
    ),
    Mistake(
        "errors_counted",
        (ERROR, 'card["error"] = int(np.sum(y != predicted))'),
        "Your 'error' is how many examples are wrong. Divide by how many there are.",
    ),
    Mistake(
        "share_right",
        (ERROR, 'card["error"] = float(np.mean(y == predicted))'),
        "Your 'error' is the share of right answers. Count the wrong ones.",
    ),
    Mistake(
        "error_in_per_cent",
        (ERROR, 'card["error"] = 100 * float(np.mean(y != predicted))'),
        "Your 'error' is in per cent. Return a share, from 0 to 1.",
    ),
    Mistake(
        "shares_of_groups",
        (SIZES, 'card["group_examples"] = {g: float(np.mean(group == g)) for g in errors}'),
        "Your 'group_examples' are shares. Count the examples of each group.",
    ),
    Mistake(
        "errors_of_groups_counted",
        (
            SIZES,
            'card["group_examples"] = {g: int(np.sum((y != predicted)[group == g]))'
            " for g in errors}",
        ),
        "Your 'group_examples' count the wrong answers of each group. Count all of its examples.",
    ),
    Mistake(
        "all_examples_for_each",
        (SIZES, 'card["group_examples"] = {g: len(group) for g in errors}'),
        "Your 'group_examples' hold the number of all examples. Count those with group == g.",
    ),
    Mistake(
        "how_many_groups",
        (SIZES, 'card["group_examples"] = len(errors)'),
        "Your 'group_examples' is one number. It is a dictionary: for each group, how many "
        "examples it has.",
    ),
    Mistake(
        "sizes_in_a_list",
        (SIZES, 'card["group_examples"] = [int(np.sum(group == g)) for g in errors]'),
        "Your 'group_examples' is a list, and nobody knows which group is which. Make it a "
        "dictionary: each group and how many examples it has.",
    ),
    Mistake(
        "texts_counted",
        (NUMBER, 'card["examples"] = len(texts)'),
        "Your 'examples' is the number of texts. Count the examples: len(y).",
    ),
    Mistake(
        "groups_counted",
        (NUMBER, 'card["examples"] = len(errors)'),
        "Your 'examples' is the number of groups. Count the examples: len(y).",
    ),
    Mistake(
        "examples_that_are_right",
        (NUMBER, 'card["examples"] = int(np.sum(y == predicted))'),
        "Your 'examples' counts right answers alone. Count all examples: len(y).",
    ),
    Mistake(
        "gaps_for_errors",
        (ERRORS, 'card["group_errors"] = {g: errors[g] - card["error"] for g in errors}'),
        "Your 'group_errors' are differences from the error of all. Return the shares themselves, "
        "as group_error_rates does.",
    ),
    Mistake(
        "accuracies_of_groups",
        (ERRORS, 'card["group_errors"] = {g: 1 - errors[g] for g in errors}'),
        "Your 'group_errors' are shares of right answers. Return what group_error_rates does.",
    ),
    Mistake(
        "accuracies_everywhere",
        (
            (ERROR, 'card["error"] = float(np.mean(y == predicted))'),
            (ERRORS, 'card["group_errors"] = {g: 1 - errors[g] for g in errors}'),
        ),
        "You return shares of right answers. A model card of this form tells the errors: 1 minus "
        "that.",
    ),
    Mistake(
        "numbers_alone",
        lambda *arguments: {
            key: value for key, value in model_card(*arguments).items() if key not in TEXT_KEYS
        },
        "Your card holds the numbers alone. The five texts belong in it, too, under their own "
        "keys.",
    ),
    Mistake(
        "texts_in_a_text_entry",
        lambda texts, *arguments: (
            {"texts": texts}
            | {k: v for k, v in model_card(texts, *arguments).items() if k not in TEXT_KEYS}
        ),
        "Your texts stand in a dictionary inside the card. Each has a key of its own there: "
        "'name', 'intended_use', ...",
    ),
]


# fair_reader: an open task

FEW, KNOWN = 48, 1200  # images of group 1 among all that are learned from
WAYS: tuple[Callable[[Floats], Floats], ...] = (
    lambda x: 1 - x,
    lambda x: x[:, :, ::-1],
    lambda x: x[:, ::-1],
    lambda x: np.rot90(x, axes=(1, 2)),
)


def _apart(a: Floats, b: Floats) -> Floats:
    """Return the squared distance of each image of a from each of b."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    squares: Floats = (a**2).sum(axis=1)[:, np.newaxis] + (b**2).sum(axis=1) - 2 * a @ b.T
    return squares


def fair_reader(train_x: Floats, train_y: Ints, train_group: Ints, test_x: Floats) -> Ints:
    """Find out how group 1 looks, make it as large as group 0, and compare with all images."""
    large, small = train_group == 0, train_group == 1

    def misfit(way: Callable[[Floats], Floats]) -> float:
        apart = _apart(train_x[small], way(train_x[large]))
        apart[train_y[small][:, np.newaxis] != train_y[large]] = np.inf
        return float(apart.min(axis=1).mean())

    way = min(WAYS, key=misfit)
    known = np.concatenate([train_x, way(train_x[large])])
    digits = np.concatenate([train_y, train_y[large]])
    likeness = np.exp(-0.1 * _apart(known, known)) + 0.01 * np.eye(len(known))
    weights = np.linalg.solve(likeness, np.eye(10)[digits])
    answers: Ints = (np.exp(-0.1 * _apart(test_x, known)) @ weights).argmax(axis=1)
    return answers


def unlearned(train_x: Floats, train_y: Ints, train_group: Ints, test_x: Floats) -> Ints:
    """Answer with weights as they are drawn."""
    weights = np.random.default_rng(0).normal(size=(64, 10))
    answers: Ints = (test_x.reshape(len(test_x), -1) @ weights).argmax(axis=1)
    return answers


def shares_right(answers: Any, hidden: Any) -> tuple[float, float]:
    """Return the share of right answers in group 0 and in group 1.

    Parameters
    ----------
    answers, hidden : array, shape (n,)
        A hidden number is the digit, plus 10 in group 1.

    Examples
    --------
    >>> shares_right(np.array([3, 4, 5, 5]), np.array([3, 7, 15, 15]))
    (0.5, 1.0)
    """
    right, group = np.asarray(answers) == np.asarray(hidden) % 10, np.asarray(hidden) // 10
    return float(right[group == 0].mean()), float(right[group == 1].mean())


def worse_share(answers: Any, hidden: Any) -> float:
    """Return the share of right answers in the group that is served worse.

    Examples
    --------
    >>> worse_share(np.array([3, 4, 5, 5]), np.array([3, 7, 15, 15]))
    0.5
    """
    return min(shares_right(answers, hidden))


def reader_cases(rng: Rng) -> list[Case]:
    """Two scanners, each with a way of its own; all 360 test digits in both groups."""
    train, test = datasets.digits_split()
    others, labels = test.x[..., 0].astype(float), test.y
    cases = []
    for number in rng.permutation(len(WAYS))[:2]:
        way = WAYS[number]
        drawn = rng.permutation(len(train.x))[:KNOWN]
        images, group = train.x[drawn, ..., 0].astype(float), np.zeros(KNOWN, int)
        group[rng.permutation(KNOWN)[:FEW]] = 1
        images[group == 1] = way(images[group == 1])
        order = rng.permutation(2 * len(others))
        new = np.concatenate([others, way(others)])[order]
        hidden = np.concatenate([labels, labels + 10])[order]
        about = f"{KNOWN:,} images to learn from, {FEW} of them of group 1; {len(new)} new ones"
        cases.append(Case((images, train.y[drawn], group, new), about, hidden=hidden))
    return cases


def reader_slip(value: Any, case: Case) -> str:
    """Say what is wrong with answers that are no digits, or good for one group alone."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or not value.size:
        return ""
    wanted = case.hidden.shape
    if value.shape == (*wanted, 10):
        return (
            "You return ten numbers for each image. Return the digit whose number is the largest: "
            "`.argmax(axis=1)`."
        )
    if value.shape == case.arguments[1].shape:
        return "You answer for the images that you learned from. Answer for those in test_x."
    if value.shape != wanted:
        return ""
    others = value[~np.isin(value, range(10))]
    if others.size:
        return (
            f"You return numbers such as {others[0]:.5g}. Return a digit from 0 to 9 for each "
            "image. If it is the place of a training image, its digit is `train_y[place]`."
        )
    if np.all(value == value[0]):
        return f"You answer {value[0]:g} for every image."
    if np.isin(value, (0, 1)).all():
        return "You answer 0 or 1 for every image. Wanted is the digit, not the group."
    large, small = shares_right(value, case.hidden)
    if small > large + 0.05:
        return (
            f"Now group 0 is served worse: {large:.0%} right, and {small:.0%} in group 1. Do not "
            "learn from group 1 alone, nor weight it so much that group 0 is lost."
        )
    return ""


CHECKS = (
    Check(average_gradients, 2, average_cases, AVERAGE_MISTAKES, ("mean",)),
    Check(amdahl, 1, amdahl_cases, AMDAHL_MISTAKES, ("speed-up",)),
    Check(confusion, 1, confusion_cases, CONFUSION_MISTAKES, ("counts",)),
    Check(group_error_rates, 1, rates_cases, RATES_MISTAKES, ("rates",)),
    Check(model_card, 2, card_cases, CARD_MISTAKES, ("card",)),
    Check(
        fair_reader,
        3,
        reader_cases,
        (),
        ("answers",),
        seconds=20.0,
        goal=Goal(
            worse_share,
            bars=(0.65, 0.88, 0.92),
            advice=(
                "In one group many answers are wrong, however good the average is. Hold back some "
                "images of each group and count errors group by group. One dense layer needs many "
                "images of a kind; a nearest neighbour gets along with few.",
                "Both groups are read, one of them worse. To repeat or weight 48 images adds none "
                "that is new. Group 1 shows the same digits in another way: find out which of the "
                "four it is, and turn images of group 0 into images of group 1.",
                "Nearly there: both groups are read nearly alike. Keep the images as they are "
                "beside the changed ones, and look for a better machine: compare a new image with "
                "all that are known, or train for longer.",
            ),
            untrained=unlearned,
            name="the share of right answers in the group that is served worse",
            slip=reader_slip,
        ),
    ),
)
