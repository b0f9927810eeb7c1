"""A model card as a table that can be read."""

from collections.abc import Mapping
from typing import Any

from dlcourse.tables import Table


def shown(card: Mapping[str, Any], names: Mapping[int, str]) -> Table:
    """Return a card as a table of two columns.

    Parameters
    ----------
    card : dict
        As ``model_card`` of the exercise returns it.
    names : dict
        What the groups are called.

    Examples
    --------
    >>> shown({"error": 0.25, "group_errors": {0: 0.0, 1: 0.5}}, {0: "A", 1: "B"})
    on the card   said
    ------------  -------------------
    error         25.0 %
    group errors  A: 0.0 %, B: 50.0 %
    """
    rows: list[list[object]] = []
    for key, value in card.items():
        if isinstance(value, Mapping):
            said = ", ".join(f"{names[group]}: {_written(each)}" for group, each in value.items())
        elif key == "worst_group":
            said = names[value]
        else:
            said = _written(value)
        rows.append([key.replace("_", " "), said])
    return Table(["on the card", "said"], rows)


def _written(value: object) -> str:
    return f"{100 * value:.1f} %" if isinstance(value, float) else str(value)
