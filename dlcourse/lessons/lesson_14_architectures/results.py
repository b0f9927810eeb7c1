"""What the longer runs of lesson 14 found: the record, and the tables made of it."""

from collections.abc import Iterable
from functools import cache
from statistics import mean
from typing import Any

from dlcourse.lessons import records
from dlcourse.lessons.lesson_14_architectures.networks import DEPTHS, MOMENTUM, STYLES
from dlcourse.lessons.records import spread
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.architectures"


@cache
def record() -> dict[str, Any]:
    """Return the record."""
    return records.read("architectures", COMMAND)


def source() -> str:
    """Say when and by which command it was measured, and how often."""
    return f"{record()['seeds']} seeds, {record()['date']}: {COMMAND}."


def styles(names: Iterable[str] = STYLES) -> Table:
    """Return how networks of these styles read the digits."""
    rows = [
        [row["style"], f"{row['parameters']:,}", spread(row["train"], 0), spread(row["test"], 0)]
        for row in record()["styles"]
        if row["style"] in names
    ]
    return Table(
        ["style", "parameters", "wrong of 1,437 known", "wrong of 360 new"],
        rows,
        f"Median (lowest to highest) of {source()}",
    )


def stack(layers: int, residual: bool, momentum: float = MOMENTUM) -> dict[str, Any]:
    """Return what was measured of the stacks of one kind."""
    wanted = {"layers": layers, "residual": residual, "momentum": momentum}
    for found in record()["depths"]:
        if all(found[name] == value for name, value in wanted.items()):
            return dict(found)
    raise KeyError(f"the record has no stack with {wanted}")


def depths() -> Table:
    """Return the errors of plain and residual stacks while they train, and on new digits."""
    rows = []
    for layers in DEPTHS:
        row: list[object] = [layers]
        for residual in (False, True):
            found = stack(layers, residual)
            row += [spread([run[-1] for run in found["epochs"]]), spread(found["test"])]
        rows.append(row)
    return Table(
        ["layers", "plain: training", "plain: new", "shortcuts: training", "shortcuts: new"],
        rows,
        f"Errors in percent, median (lowest to highest) of {source()}",
    )


def patient() -> str:
    """Say what three times the epochs do for the deepest plain stack."""
    (found,) = record()["patient"]
    return (
        f"{found['layers']} plain layers after {found['epochs']} epochs, training error in %: "
        f"{spread(found['last'])}"
    )


def stale() -> Table:
    """Return the training error of plain stacks, measured in three ways."""
    momenta = [found["momentum"] for found in record()["depths"]]
    late = max(momenta)
    rows = []
    for layers in DEPTHS:
        found = stack(layers, False)
        training = [run[-1] for run in found["epochs"]]
        lagging = stack(layers, False, late)["train"]
        rows.append([layers, spread(training), spread(found["train"]), spread(lagging)])
    return Table(
        ["layers", "last epoch, as it trained", f"after it, momentum {MOMENTUM:g}", f"{late:g}"],
        rows,
        f"Errors of plain stacks on the training digits in percent, of {source()}",
    )


def detectors() -> Table:
    """Return the precision of the detector, and of those in which one choice is undone."""
    rows = [
        [row["way"], spread(row["at_50"], 3), spread(row["at_75"], 3)]
        for row in record()["detectors"]
    ]
    return Table(
        ["detector", "mAP, IoU 0.5", "mAP, IoU 0.75"],
        rows,
        f"300 new drawings; median (lowest to highest) of {source()}",
    )


def sides() -> Table:
    """Return how well shapes of other sizes than the learned ones are found."""
    runs = next(row["sides"] for row in record()["detectors"] if row["sides"])
    rows = [
        [f"{low:g} to {high:g} pixels", spread([run[place] for run in runs], 2)]
        for place, (low, high) in enumerate(record()["sides"])
    ]
    return Table(["sides of the shapes", "mAP, IoU 0.5"], rows, f"300 drawings; {source()}")


def average(values: list[float]) -> float:
    """Return the mean of some numbers, rounded to three digits."""
    return round(mean(values), 3)
