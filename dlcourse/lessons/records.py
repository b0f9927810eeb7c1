"""The records that lessons show: what longer runs measured, read and written as words."""

import json
from collections.abc import Sequence
from statistics import median
from typing import Any

from dlcourse.layout import RECORDS


def read(name: str, command: str) -> dict[str, Any]:
    """Return a record.

    Parameters
    ----------
    name : str
        Of the file, without its suffix.
    command : str
        What makes it.

    Raises
    ------
    FileNotFoundError
        If there is none. Nothing is shown that was not measured.
    """
    path = RECORDS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"there is no record {path.name}; make it with: {command}")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Write the median of some numbers, and the lowest and highest.

    Examples
    --------
    >>> spread([3.0, 7.25, 4.0])
    '4.0 (3.0 to 7.2)'
    """
    low, middle, high = min(values), median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
