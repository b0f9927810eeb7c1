"""How two shapes line up by broadcasting, axis by axis; and shapes that somebody types."""

import re
from typing import NamedTuple

Shape = tuple[int, ...]


class Column(NamedTuple):
    """Two lengths that meet, and what comes out.

    Attributes
    ----------
    a, b : int or None
        None where the axis is missing.
    length : int or None
        Of the result; None where the two clash.
    """

    a: int | None
    b: int | None
    length: int | None


def line_up(a: Shape, b: Shape) -> list[Column]:
    """Return the axes of two shapes, aligned at the last one.

    Examples
    --------
    >>> line_up((2, 3), (3,))
    [Column(a=2, b=None, length=2), Column(a=3, b=3, length=3)]
    >>> line_up((2, 3), (2,))[1].length is None
    True
    """
    count = max(len(a), len(b))
    columns = []
    for place in range(-count, 0):
        m = a[place] if -place <= len(a) else None
        n = b[place] if -place <= len(b) else None
        one, other = m or 1, n or 1
        fits = one == other or 1 in (one, other)
        columns.append(Column(m, n, max(one, other) if fits else None))
    return columns


def read_shape(text: str) -> Shape:
    """Return the shape that a text stands for: ``"2, 3"``, ``"(2,3)"``, ``"3"`` or ``"()"``.

    Raises
    ------
    ValueError
        If it is none, with what to write instead.

    Examples
    --------
    >>> read_shape("(2, 3)"), read_shape("3"), read_shape("()")
    ((2, 3), (3,), ())
    """
    text = text.strip()
    inside = text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text
    parts = [part.strip() for part in inside.removesuffix(",").split(",")] if inside else []
    if len(parts) > 6 or not all(re.fullmatch(r"[1-9][0-9]{0,4}", part) for part in parts):
        raise ValueError(
            "Write up to six lengths from 1 to 99999 with commas between them, such as 2, 3."
        )
    return tuple(map(int, parts))
