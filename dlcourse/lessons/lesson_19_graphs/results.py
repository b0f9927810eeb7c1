"""What the longer runs of lesson 19 measured: the record, and the tables made of it."""

from functools import cache
from statistics import median
from typing import Any

import numpy as np

from dlcourse.lessons import records
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.graphs"


@cache
def record() -> dict[str, Any]:
    """Return the record."""
    return records.read("graphs", COMMAND)


def source() -> str:
    """Say when and by which command it was measured."""
    return f"Recorded {record()['date']}: {COMMAND}."


def _percent(shares: list[float]) -> str:
    low, high = 100 * min(shares), 100 * max(shares)
    return f"{100 * median(shares):.1f} ({low:.1f} to {high:.1f})"


def methods() -> list[str]:
    """Return the ways to answer from few labels, in the order of the record."""
    return list(dict.fromkeys(row["method"] for row in record()["few_labels"]))


def few(method: str, labels: int) -> list[float]:
    """Return the shares of right answers of a method from so many labels a class, by draw."""
    (found,) = (
        row["right"]
        for row in record()["few_labels"]
        if row["method"] == method and row["labels"] == labels
    )
    return list(found)


def few_labels() -> Table:
    """Return right answers from 1, 5 and 20 labels a class."""
    numbers = sorted({row["labels"] for row in record()["few_labels"]})
    rows = [[method, *(_percent(few(method, n)) for n in numbers)] for method in methods()]
    draws = len(few(methods()[0], numbers[0]))
    names = [f"{n} label{'s' * (n > 1)} a digit" for n in numbers]
    told = f"Right answers, %: median of {draws} draws, and their range. {source()}"
    return Table(["method", *names], rows, told)


def wins(first: str, second: str) -> Table:
    """Return on how many draws one method is ahead of another, and how often both are level."""
    rows = []
    for n in sorted({row["labels"] for row in record()["few_labels"]}):
        pairs = list(zip(few(first, n), few(second, n), strict=True))
        ahead, level = sum(a > b for a, b in pairs), sum(a == b for a, b in pairs)
        rows.append([n, ahead, level, len(pairs) - ahead - level])
    return Table(["labels a digit", f"{first} ahead", "level", f"{second} ahead"], rows)


def ways() -> list[str]:
    """Return how neighbours were mixed, in the order of the record."""
    return list(dict.fromkeys(row["way"] for row in record()["depth"]))


def over_times(way: str, part: str = "right") -> tuple[list[int], Array]:
    """Return numbers of means or layers, and right answers in percent, shape (seeds, numbers)."""
    rows = [row for row in record()["depth"] if row["way"] == way]
    return [row["times"] for row in rows], 100 * np.array([row[part] for row in rows]).T


def deepest() -> Table:
    """Return for the deepest networks what they know of their own labels, and of the others."""
    rows = []
    for way in ways()[1:]:
        times, others = over_times(way)
        _, known = over_times(way, "known")
        cells = [_percent((part[:, -1] / 100).tolist()) for part in (known, others)]
        rows.append([f"{times[-1]} {way}", *cells])
    head = ["network", "80 digits with a label, % right", "520 others, % right"]
    return Table(head, rows, f"Median and range of {record()['seeds']} draws. {source()}")


def club_depth() -> Table:
    """Return right sides of the club from two labels, over the number of means or layers."""
    rows = [
        [row["times"], _counts(row["means"]), _counts(row["right"])]
        for row in record()["club_depth"]
    ]
    seeds = len(record()["club_depth"][0]["right"])
    told = f"Right of 34 from two labels: median and range of {seeds} seeds. {source()}"
    return Table(["k", "k means, then one layer", "k graph layers, then one layer"], rows, told)


def pixels() -> Table:
    """Return digits read wrongly by kernels and by graph convolutions over pixels."""
    found = {(row["kind"], row["shuffled"]): row for row in record()["pixels"]}
    rows = []
    for kind in dict.fromkeys(row["kind"] for row in record()["pixels"]):
        plain, shuffled = found[kind, False], found[kind, True]
        rows.append(
            [
                kind,
                _counts(plain["known"]),
                _counts(plain["wrong"]),
                _counts(shuffled["wrong"]),
            ]
        )
    head = ["two layers of", "wrong of 1437 known", "wrong of 360", "pixels shuffled: wrong of 360"]
    return Table(head, rows, f"Median and range of {record()['seeds']} seeds. {source()}")


def _counts(wrong: list[int]) -> str:
    return f"{median(wrong):g} ({min(wrong)} to {max(wrong)})"
