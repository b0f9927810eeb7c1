"""What was measured of the networks of lesson 17: the record, and the tables made of it."""

from functools import cache
from statistics import median
from typing import Any

from dlcourse.lessons import records
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.seq2seq"
HOW = {"skipped": "skipped", "before": "read, before the string", "after": "read, after the string"}


@cache
def record() -> dict[str, Any]:
    """Return the record."""
    return records.read("seq2seq", COMMAND)


def source(part: str) -> str:
    """Say where, when and by which command a part was measured."""
    found = record()[part]
    return f"Recorded {found['date']} on one core of {found['processor']}: {COMMAND} {part}."


def runs(part: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the runs of a part in which these entries stand, a run for each seed."""
    return [r for r in record()[part]["runs"] if all(r[k] == v for k, v in wanted.items())]


def kinds(part: str, entry: str = "kind") -> list[str]:
    """Return what is compared in a part, in the order of the record."""
    return list(dict.fromkeys(run[entry] for run in record()[part]["runs"]))


def percents(shares: list[float]) -> str:
    """Write a share for each seed, more exactly where it is nearly none or nearly all.

    Examples
    --------
    >>> percents([0.947, 1.0, 0.004, 0.998])
    '95, 100, 0.4, 99.8'
    """
    ends = [0 < share < 0.0095 or 0.9949 < share < 1 for share in shares]
    return ", ".join(f"{100 * x:.{int(end)}f}" for x, end in zip(shares, ends, strict=True))


def lengths(part: str) -> dict[str, dict[int, list[float]]]:
    """Return for each kind and length the shares of strings without a mistake, one per seed."""
    found: dict[str, dict[int, list[float]]] = {}
    for kind in kinds(part):
        of_kind = runs(part, kind=kind)
        found[kind] = {
            int(n): [run["lengths"][n]["whole"] for run in of_kind] for n in of_kind[0]["lengths"]
        }
    return found


def reversal(length: int = 8) -> Table:
    """Return what reading from the end does to copies of one length, seed by seed."""
    found = lengths("copying")
    rows = [
        [kind, percents(found[kind][length]), f"{100 * median(found[kind][length]):.0f}"]
        for kind in ("as it is", "reversed")
    ]
    return Table(
        [f"source, {length} letters", "copied without a mistake, %, seed by seed", "median"],
        rows,
        source("copying"),
    )


def wins(length: int = 8) -> tuple[int, int]:
    """Return on how many seeds the reversed source is copied better, and how many there are."""
    found = lengths("copying")
    pairs = list(zip(found["reversed"][length], found["as it is"][length], strict=True))
    return sum(new > old for new, old in pairs), len(pairs)


def into_words() -> Table:
    """Return letters right by teacher forcing, and whole numbers that the network writes."""
    rows = []
    for kind in kinds("into_words"):
        found = runs("into_words", kind=kind)
        rows.append(
            [
                kind,
                f"{found[0]['parameters']:,}",
                *(percents([run[part] for run in found]) for part in ("forced", "whole")),
            ]
        )
    columns = [
        "digits into words",
        "parameters",
        "letters right, forced, %",
        "whole numbers right, %",
    ]
    return Table(columns, rows, source("into_words"))


def into_digits() -> Table:
    """Return how many of 1,000 new numbers in words are turned into digits."""
    rows = []
    for kind in kinds("into_digits"):
        found = [run["whole"] for run in runs("into_digits", kind=kind)]
        rows.append([kind, ", ".join(f"{100 * share:.1f}" for share in found)])
    columns = ["words into digits", "whole numbers right, %, seed by seed"]
    return Table(columns, rows, source("into_digits"))


def beams() -> Table:
    """Return what a beam gains on copies of 8 letters."""
    rows = []
    for kind in kinds("beams"):
        found = [runs("beams", kind=kind, width=width) for width in (1, 5)]
        rows.append([kind, *(percents([run["whole"] for run in each]) for each in found)])
    columns = ["source, 8 letters", "greedy: whole, %", "beam of 5: whole, %"]
    told = "The same 150 strings for both searches, seed by seed. "
    return Table(columns, rows, told + source("beams"))


def padding() -> Table:
    """Return what becomes of strings of four letters when padding makes them longer."""
    rows = []
    for way in kinds("padding", "way"):
        found = runs("padding", way=way)
        widths = found[0]["widths"]
        rows.append([HOW[way], *(percents([run["widths"][n] for run in found]) for n in widths)])
    heads = [f"padded to {n}, %" if n != "4" else "not padded, %" for n in widths]
    return Table(["padding", *heads], rows, source("padding"))
