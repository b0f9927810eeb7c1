"""What longer runs of lesson 20 measured: the record, and the tables made of it."""

from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import Any

from dlcourse.lessons import records
from dlcourse.lessons.lesson_20_radial.vowels import RATES, SYSTEMS
from dlcourse.lessons.records import spread
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.radial"
EQUAL = 10.0  # the rate at which all systems of the race are compared


@cache
def record() -> dict[str, Any]:
    """Return the record."""
    return records.read("radial", COMMAND)


def source() -> str:
    """Say where, when and by which command it was measured."""
    found = record()
    return f"One core of {found['processor']}, {found['date']}: {COMMAND}."


def forecasts(ahead: Sequence[int] = (6, 85)) -> Table:
    """Return who forecasts how well, and for how many seconds it learned."""
    rows = record()["forecasts"]
    names = list(dict.fromkeys(row["machine"] for row in rows))
    at = {(row["ahead"], row["machine"]): row for row in rows}
    table = [
        [
            name,
            *(spread(at[steps, name]["errors"], 3) for steps in ahead),
            f"{median(at[ahead[-1], name]['seconds']):.1f}",
        ]
        for name in names
    ]
    told = f"Errors: median (lowest to highest) of {record()['seeds']['forecasts']} series. "
    heads = ["machine", *(f"{steps} steps ahead" for steps in ahead), "seconds"]
    return Table(heads, table, told + source())


def lines() -> Table:
    """Return how well experts learn three lines by competing, and by cooperating."""
    rows = record()["lines"]
    numbers = list(dict.fromkeys(row["experts"] for row in rows))
    at = {(row["experts"], row["competition"]): row for row in rows}
    table = []
    for number in numbers:
        ways = [at[number, competition] for competition in (True, False)]
        used = (_span(way["used"]) for way in ways)
        errors = (spread(way["errors"], 3) for way in ways)
        table.append([number, *(cell for pair in zip(errors, used, strict=True) for cell in pair)])
    heads = ["experts", "error, competing", "used", "error, cooperating", "used"]
    told = f"Median (lowest to highest) of {record()['seeds']['lines']} seeds. "
    return Table(heads, table, told + source())


def bits(competition: bool, experts: int) -> float:
    """Return the median entropy of the gate."""
    (row,) = (
        r for r in record()["lines"] if r["competition"] == competition and r["experts"] == experts
    )
    return float(median(row["bits"]))


def _span(values: Sequence[int]) -> str:
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{low} to {high}"


def _at(system: str, rate: float) -> dict[str, Any]:
    (row,) = (r for r in record()["vowels"] if (r["system"], r["rate"]) == (system, rate))
    return dict(row)


def arrived(row: dict[str, Any]) -> list[int]:
    """Return the epochs of the runs that reached the criterion."""
    return [epochs for epochs in row["epochs"] if epochs is not None]


def best_rate(system: str) -> float | None:
    """Return the rate with the smallest median of epochs, among those that never failed."""
    whole = [rate for rate in RATES if len(arrived(_at(system, rate))) == seeds()]
    return min(whole, key=lambda rate: median(_at(system, rate)["epochs"]), default=None)


def seeds() -> int:
    """Return how many times each race was run."""
    return int(record()["seeds"]["vowels"])


def epochs(system: str, rate: float) -> float:
    """Return the median of the epochs at a rate."""
    return median(arrived(_at(system, rate)))


def race() -> Table:
    """Return how many epochs each system needs at an equal rate, and at its own best one."""
    table: list[list[object]] = []
    for system in SYSTEMS:
        rate, equal = best_rate(system), _at(system, EQUAL)
        if rate is None:
            table.append([system, *["never"] * 2, *["-"] * 3])
            continue
        best = _at(system, rate)
        used = _span(best["used"]) if best["used"][0] is not None else "-"
        cells = [spread(row["epochs"], 0) for row in (equal, best)]
        table.append([system, *cells, f"{rate:g}", spread(best["test"], 0), used])
    heads = ["system", f"epochs, rate {EQUAL:g}", "epochs, its best rate", "that rate"]
    heads += ["right on new speakers, %", "experts used"]
    return Table(heads, table, f"Median (lowest to highest) of {seeds()} runs. {source()}")


def speedup(rate: float | None = None) -> list[float]:
    """Return how many times the epochs of 4 and 8 experts each of the networks needs.

    Parameters
    ----------
    rate : float, optional
        The rate of all; each one's best if not given.
    """

    def needed(system: str) -> float:
        own = best_rate(system)
        assert own is not None
        return epochs(system, own if rate is None else rate)

    return [needed(network) / needed(crew) for crew in SYSTEMS[1:3] for network in SYSTEMS[3:]]
