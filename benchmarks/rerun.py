"""Whether a second run of `benchmarks.gpu` says what the first one said."""

from typing import Any

from dlcourse.tables import Table

MARGIN = 0.25
SPREAD = (
    "seconds: lower quartile, median and upper quartile of the rounds. Two runs agree on a figure "
    f"if these intervals, each wider by {MARGIN:.0%} at either end, meet."
)


def refuse_other_machine(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Exit in words if times of this machine say nothing about those of the record."""
    for what, there, here in (
        ("device", before["device"]["name"], now["device"]["name"]),
        ("backend", before["backend"], now["backend"]),
    ):
        if there != here:
            raise SystemExit(f"the {what} of the record is {there}, here it is {here}")


def agreement(before: dict[str, Any], now: dict[str, Any]) -> tuple[Table, bool]:
    """Say of each figure whether two runs agree on it, as `SPREAD` has it.

    What the second run left out is not asked for; what failed in it does not agree.
    """
    place = ("network", "batch_size", "contender")
    left_out = {tuple(about[key] for key in place) for about in now["left_out"]}
    found = {_key(figure): figure["seconds"] for figure in now["figures"]}
    rows, agree = [], []
    for figure in before["figures"]:
        if tuple(figure[key] for key in place) in left_out:
            continue
        old, new = figure["seconds"], found.get(_key(figure))
        agree.append(new is not None and meet(old, new))
        shown = "failed" if new is None else f"{1000 * new[1]:.3g}"
        verdict = "yes" if agree[-1] else "NO"
        rows.append([*_key(figure), f"{1000 * old[1]:.3g}", shown, verdict])
    caption = f"{sum(agree)} of {len(agree)} figures agree. {before['spread']}"
    columns = [*place, "task", "recorded, ms", "now, ms", "agrees"]
    return Table(columns, rows, caption), all(agree)


def meet(one: list[float], other: list[float]) -> bool:
    """Return whether two intervals, each wider by the margin, have a point in common.

    Examples
    --------
    >>> meet([1.0, 1.1, 1.2], [1.5, 1.6, 1.7]), meet([1.0, 1.1, 1.2], [2.5, 2.6, 2.7])
    (True, False)
    """
    return max(one[0], other[0]) / (1 + MARGIN) <= min(one[2], other[2]) * (1 + MARGIN)


def _key(figure: dict[str, Any]) -> tuple[Any, ...]:
    return figure["network"], figure["batch_size"], figure["contender"], figure["task"]
