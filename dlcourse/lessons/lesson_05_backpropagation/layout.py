"""Where everything of a small network goes in its drawing, in pixels, y pointing down.

The stepper in the browser and the static frames draw from the same places.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dlcourse.lessons.lesson_05_backpropagation.steps import Trace

CELL = (88, 58)  # width and height of the box that shows one number and its gradient
MARGIN = 14
HEADING = 30  # room above the drawing
TAG = 36  # room under a cell: two lines for a bias and its gradient
LABEL = 36  # height of a weight with its gradient


class Cell(NamedTuple):
    """A box for the number of one symbol; x and y are those of its centre."""

    name: str
    x: float
    y: float


class Link(NamedTuple):
    """A line from one cell to another, and where its weight is written."""

    start: str
    end: str
    weight: str  # "" for the links to the errors
    x1: float
    y1: float
    x2: float
    y2: float
    label_x: float
    label_y: float


class Tag(NamedTuple):
    """A bias, a target or a heading: its first line hangs from this point."""

    name: str
    x: float
    y: float


class Layout(NamedTuple):
    """A whole drawing."""

    width: float
    height: float
    cells: list[Cell]
    links: list[Link]
    tags: list[Tag]  # biases and targets; a shared bias stands at each of its units
    headings: list[Tag]


def lay_out(trace: Trace) -> Layout:
    """Place the layers side by side, the errors behind them.

    Labels of the weights between m and n units stand where they do not meet: at 1/(n + 1) of
    the way, they are evenly spaced.

    Examples
    --------
    >>> import numpy as np
    >>> from dlcourse.lessons.lesson_05_backpropagation.steps import trace_backprop
    >>> from dlcourse.nn import Dense, Sequential
    >>> model = Sequential([Dense(1)], input_shape=(2,), seed=0)
    >>> layout = lay_out(trace_backprop(model, [1.0, 2.0], [0.0]))
    >>> [cell.name for cell in layout.cells]
    ['i1', 'i2', 'sum_o1', 'E']
    """
    widest = max(len(layer) for layer in trace.units)
    spacing = max(CELL[1] + TAG + 26, LABEL * (widest + 1))
    middle = HEADING + (spacing * (widest - 1) + CELL[1]) / 2
    height = 2 * middle - HEADING + TAG + MARGIN

    def rows(count: int) -> list[float]:
        return [middle + spacing * (k - (count - 1) / 2) for k in range(count)]

    cells: dict[str, Cell] = {}
    links: list[Link] = []
    tags: list[Tag] = []
    headings: list[Tag] = []

    def add(name: str, x: float, y: float) -> float:
        """Place a cell with its left side at x; return its right side."""
        cells[name] = Cell(name, x + CELL[0] / 2, y)
        return x + CELL[0]

    def link(start: str, end: str, weight: str = "", part: float = 0.5) -> None:
        x1, y1 = cells[start].x + CELL[0] / 2, cells[start].y
        x2, y2 = cells[end].x - CELL[0] / 2, cells[end].y
        label = (x1 + part * (x2 - x1), y1 + part * (y2 - y1))
        links.append(Link(start, end, weight, x1, y1, x2, y2, *label))

    left = right = float(MARGIN)
    for depth, layer in enumerate(trace.units):
        if depth:
            left = right + max(150, 52 * (len(layer) + 1))
        for unit, y in zip(layer, rows(len(layer)), strict=True):
            right = add(unit.sum, left, y)
            if unit.out != unit.sum:
                right = add(unit.out, right, y)
            if unit.bias:
                tags.append(Tag(unit.bias, left + CELL[0] / 2, y + CELL[1] / 2 + 4))
            for before, weight in zip(trace.units[depth - 1], unit.weights, strict=False):
                link(before.out, unit.sum, weight, 1 / (len(layer) + 1))
        headings.append(Tag(_heading(depth, trace), (left + right) / 2, HEADING / 2))
    left = right + 48
    outputs = trace.units[-1]
    each = trace.errors[: len(outputs)]
    for unit, error, target, y in zip(
        outputs, each, trace.targets, rows(len(outputs)), strict=True
    ):
        right = add(error, left, y)
        tags.append(Tag(target, left + CELL[0] / 2, y + CELL[1] / 2 + 4))
        link(unit.out, error)
    if len(outputs) > 1:
        right = add("E", right + 30, middle)
        for error in each:
            link(error, "E")
    headings.append(Tag("error", (left + right) / 2, HEADING / 2))
    return Layout(right + MARGIN, height, list(cells.values()), links, tags, headings)


def _heading(depth: int, trace: Trace) -> str:
    layers: Sequence[object] = trace.units
    if depth == 0:
        return "inputs"
    return "outputs" if depth == len(layers) - 1 else "hidden layer"
