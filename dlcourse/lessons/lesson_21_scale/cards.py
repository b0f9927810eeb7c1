"""A model card, and the table as which it can be read."""

from collections.abc import Mapping
from typing import Any

from dlcourse.lessons.lesson_21_scale import checks
from dlcourse.tables import Table


def made(
    texts: dict[str, str], y: checks.Ints, predicted: checks.Ints, group: checks.Ints
) -> dict[str, Any]:
    """Return a model card: five texts, and the errors of all examples and of each group.

    Parameters
    ----------
    texts : dict
        What is missing becomes "not stated".
    y, predicted, group : array of int, shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> card = made({"name": "reader"}, np.array([1, 0]), np.array([1, 1]), np.array([0, 0]))
    >>> card["limits"], card["error"]
    ('not stated', 0.5)
    """
    return checks.model_card(texts, y, predicted, group)


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
