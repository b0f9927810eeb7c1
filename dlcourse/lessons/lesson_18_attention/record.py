"""What `python -m benchmarks.attention` measured over several seeds, as tables."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from dlcourse.lessons import records
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.attention"
Row = dict[str, Any]


@cache
def read() -> dict[str, Any]:
    """Return the record."""
    return records.read("attention", COMMAND)


def caption() -> str:
    """Say when and on what it was measured."""
    record = read()
    return f"Recorded {record['date']} on one thread of {record['processor']}."


def runs(part: str, **wanted: Any) -> list[Row]:
    """Return the rows of a part in which these entries have these values."""
    return [
        row for row in read()[part] if all(row[name] == value for name, value in wanted.items())
    ]


def percents(shares: Sequence[float]) -> str:
    """Write shares as percents, seed by seed.

    Examples
    --------
    >>> percents([0.999, 0.5, 1.0])
    '99.9, 50, 100'
    """
    return ", ".join(f"{100 * share:.1f}".removesuffix(".0") for share in shares)


def task_table(task: str, kinds: tuple[str, ...]) -> Table:
    """Return what networks make of a task, every seed.

    Parameters
    ----------
    task : {"reverse", "sort"}
    kinds : tuple of str
        Beginnings of their names; a network without positions is left out.
    """
    rows = []
    measured = [*runs("tasks", task=task), *runs("patience", task=task)]
    names = dict.fromkeys(row["network"] for row in measured if "no pos" not in row["network"])
    for name in (name for name in names if name.startswith(kinds)):
        found = [row for row in measured if row["network"] == name]
        learned = [row["learned"] for row in found]
        after = [str(steps) if steps else "never" for steps in learned]
        rows.append(
            [
                name,
                f"{found[0]['weights']:,}",
                f"{found[0]['steps']:,}",
                percents([row["letters"] for row in found]),
                "never" if not any(learned) else ", ".join(after),
            ]
        )
    columns = ["network", "weights", "steps", f"{task}: % of letters right", "99 % after steps"]
    return Table(columns, rows, caption())


def lengths_at(task: str, trained: str, blocks: int, length: int) -> list[float]:
    """Return the shares of letters right at one length, a number for each seed."""
    rows = runs("lengths", task=task, trained=trained, blocks=blocks)
    return [row["letters"][str(length)] for row in rows]


def recalled(network: str) -> list[float]:
    """Return the shares that a network recalled in the end, a number for each seed."""
    return [row["right"][-1] for row in runs("recall", network=network)]


def recall_table() -> Table:
    """Return what each network recalled in the end, every seed."""
    rows = []
    for name in dict.fromkeys(row["network"] for row in read()["recall"]):
        first = runs("recall", network=name)[0]
        sizes = [f"{first['weights']:,}", f"{first['steps']:,}"]
        rows.append([name, *sizes, percents(recalled(name))])
    columns = ["network", "weights", "steps", "% recalled, seed by seed"]
    return Table(columns, rows, caption())


def writers(text: str) -> tuple[Row, list[Row]]:
    """Return the row of the counts of a text, "manual" or "stories", and those of the networks."""
    (counts,) = runs("writers", text=text, network="counts")
    return counts, [row for row in runs("writers", text=text) if row["network"] != "counts"]


def paper_table() -> Table:
    """Set the paper's variations beside ours: heads and positions."""
    ours = {
        1: runs("heads", heads=1),
        2: runs("tasks", network="one block", task="sort"),
        4: runs("heads", heads=4),
        8: runs("heads", heads=8),
    }
    theirs = {1: "24.9", 4: "25.5", 8: "25.8", 16: "25.8", 32: "25.4"}
    rows = []
    for heads in sorted(ours.keys() | theirs.keys()):
        found = ours.get(heads)
        whole = percents([row["whole"] for row in found]) if found else ""
        mean = f"{100 * np.mean([row['whole'] for row in found]):.0f}" if found else ""
        rows.append(
            [f"{heads} heads".replace("1 heads", "1 head"), theirs.get(heads, ""), mean, whole]
        )
    for name, bleu in (("waves", "25.8"), ("trained, large start", "25.7")):
        found = runs("positions", task="sort", network=f"one block, {name}")
        shares = [row["whole"] for row in found]
        rows.append([name, bleu, f"{100 * np.mean(shares):.0f}", percents(shares)])
    columns = ["", "paper: BLEU [1]", "here: % of rows sorted", "seed by seed"]
    return Table(columns, rows, caption())


def products(kind: str, places: int, width: int) -> int:
    """Count the multiplications of one layer: inputs and outputs have the same width.

    Attention makes query, key, value and output at each place, and for each pair of places a score
    and a share of a value. A recurrent layer multiplies input and state at each place.

    Examples
    --------
    >>> products("attention", 10, 4), products("recurrent", 10, 4)
    (1440, 320)
    """
    if kind == "attention":
        return 4 * places * width**2 + 2 * places**2 * width
    return 2 * places * width**2
