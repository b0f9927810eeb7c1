"""What was measured of the machines of lesson 11: the record, and the tables made of it."""

from functools import cache
from statistics import mean
from typing import Any

from dlcourse.lessons import records
from dlcourse.tables import Table

COMMAND = "python -m benchmarks.machines"
ENOUGH = 0.8  # share of right answers that says how much data a machine needs
REFUSED = ("refused_known", "refused_new")


@cache
def record() -> dict[str, Any]:
    """Return the record."""
    return records.read("machines", COMMAND)


def source() -> str:
    """Say over what a table takes means, when and by which command it was measured."""
    return f"Means over {record()['seeds']} shuffles of five folds, {measured()}."


def measured() -> str:
    """Say when and by which command the record was measured."""
    return f"{record()['date']}: {COMMAND}"


def row(part: str, **wanted: Any) -> dict[str, Any]:
    """Return the one row of a part of the record in which these entries stand."""
    (found,) = (r for r in record()[part] if all(r[key] == value for key, value in wanted.items()))
    return dict(found)


def machines() -> list[str]:
    """Return the names of the classifiers, in the order of the record."""
    return list(dict.fromkeys(r["machine"] for r in record()["sizes"]))


def percent(shares: list[float]) -> str:
    """Write a mean as a percentage, with the lowest and highest of the shuffles behind it.

    Examples
    --------
    >>> percent([0.95, 0.97, 0.975])
    '96.5 (95.0-97.5)'
    """
    low, high = 100 * min(shares), 100 * max(shares)
    return f"{100 * mean(shares):.1f} ({low:.1f}-{high:.1f})"


def right(table: str, machine: str, scaled: bool | None = None) -> list[float]:
    """Return the shares of right answers on new examples of a table, one per shuffle.

    Digits are raw, all their features being grey values; the other tables are standardized,
    unless `scaled` says otherwise.
    """
    scaled = table != "digits" if scaled is None else scaled
    found: list[float] = row("tables", table=table, machine=machine, scaled=scaled)["right"]
    return found


def needed(machine: str) -> int | None:
    """Return the fewest digits, of those tried, that sufficed for 80 % right answers."""
    for found in record()["sizes"]:
        if found["machine"] == machine and mean(found["right"]) >= ENOUGH:
            return int(found["size"])
    return None


def learning_curves(names: list[str]) -> tuple[list[int], dict[str, list[list[float]]]]:
    """Return numbers of digits, and for each machine and number the shares right, per seed."""
    rows = record()["sizes"]
    sizes = list(dict.fromkeys(int(r["size"]) for r in rows))
    return sizes, {m: [row("sizes", machine=m, size=n)["right"] for n in sizes] for m in names}


def exam() -> Table:
    """Return the large table: right answers on three tables, costs on the digits, data needed."""
    rows = []
    for machine in machines():
        costs = row("tables", table="digits", machine=machine, scaled=False)
        rows.append(
            [
                machine,
                *(percent(right(table, machine)) for table in ("digits", "tumours", "wines")),
                _short(1000 * costs["fit"]),
                _short(costs["predict"]),
                _short(costs["kilobytes"]),
                needed(machine) or "never",
            ]
        )
    columns = ["machine", "digits, % right", "tumours", "wines"]
    columns += ["fit, ms", "predict 1000, ms", "size, KB", "digits to 80 %"]
    told = f"{source()} Times of one core of {record()['processor']}."
    return Table(columns, rows, told)


def _short(number: float) -> str:
    return f"{float(f'{number:.2g}'):,g}"


def raw() -> Table:
    """Return what the features as they were measured do to each machine."""
    rows = []
    for machine in machines():
        rows.append([machine, *(percent(right("wines", machine, s)) for s in (False, True))])
    told = "Wines, right answers on new ones, %. " + source()
    return Table(["machine", "raw", "standardized"], rows, told)


def useless() -> Table:
    """Return what columns of random numbers beside the features do to each machine."""
    columns = list(dict.fromkeys(r["columns"] for r in record()["useless"]))
    rows = [
        [m, *(percent(row("useless", machine=m, columns=n)["right"]) for n in columns)]
        for m in machines()
    ]
    names = [f"{n} useless columns" if n else "30 columns" for n in columns]
    return Table(["machine", *names], rows, "Tumours, right answers on new ones, %. " + source())


def numbers() -> Table:
    """Return how much of the differences between patients each machine explains."""
    rows = [
        [r["machine"], f"{mean(r['explained']):.2f}", *(f"{v:.2f}" for v in r["explained"])]
        for r in record()["numbers"]
    ]
    shuffles = [f"shuffle {seed}" for seed in range(record()["seeds"])]
    return Table(["machine", "R squared", *shuffles], rows)


def best_for_numbers() -> str:
    """Return the machine that explains most of the differences between patients."""
    return str(max(record()["numbers"], key=lambda r: mean(r["explained"]))["machine"])


def one_class() -> Table:
    """Return what machines that learned 100 images of one digit think of all others."""
    found = record()["one_class"]
    rows = [
        ["one-class SVM", *_of(found["auc"]), *(f"{100 * found[k]:.0f} %" for k in REFUSED)],
        ["distance to the nearest known image", *_of(found["nearest_auc"]), "-", "-"],
    ]
    heads = [
        "machine",
        "area under the curve",
        "lowest",
        "known refused",
        "new of its kind refused",
    ]
    return Table(heads, rows, f"Ten digits, {record()['seeds']} draws of 100 images each.")


def _of(shares: list[float]) -> list[str]:
    return [f"{mean(shares):.3f}", f"{min(shares):.3f}"]


def two_exams() -> Table:
    """Return how many of 360 digits are read wrongly: shuffled ones, and the course's last 360."""
    rows, seeds = [], record()["seeds"]
    for machine in machines():
        shuffled = mean(row("sizes", machine=machine, size=1437)["right"])
        last = [mean(row("hands", machine=machine, scaled=s)["wrong"]) for s in (False, True)]
        rows.append([machine, *(f"{wrong:.0f}" for wrong in (360 * (1 - shuffled), *last))])
    return Table(
        ["machine", "any 360", "the last 360", "the last 360, standardized"],
        rows,
        f"Wrong of 360, {measured()}. Any 360: means of {seeds} shuffles; the last 360: of {seeds} "
        "seeds where a machine draws at random.",
    )
