"""Where everything of a small network goes in its drawing, in pixels, y pointing down.

The stepper in the browser and the static frames draw from the same places. A drawing has two
forms: in the narrow one, for a window with little room, the output of a unit stands under its
sum, and the error of the network between the errors of its outputs.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from dlcourse.lessons.lesson_05_backpropagation.steps import Trace

CELL = (88, 58)  # width and height of the box that shows one number and its gradient
MARGIN = 14
HEADING = 30  # room above the drawing
TAG = 36  # room for two lines: a bias and its gradient
LABEL = 36  # height of a weight with its gradient
SLOPE = 26  # room under a cell for a slope


class Form(NamedTuple):
    """Measures of a drawing: width of a cell and of a weight, and of the room for weights."""

    cell: float
    label: float
    gap: float  # between two layers, at least
    each: float  # of that gap, for each label that stands beside another
    before_errors: float
    stacked: bool  # the output under the sum, not beside it


WIDE = Form(cell=CELL[0], label=84, gap=150, each=52, before_errors=48, stacked=False)
NARROW = Form(cell=80, label=72, gap=104, each=36, before_errors=18, stacked=True)


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
    form: Form
    cells: list[Cell]
    links: list[Link]
    tags: list[Tag]  # biases and targets; a shared bias stands at each of its units
    headings: list[Tag]


def lay_out(trace: Trace, form: Form = WIDE) -> Layout:
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
    ['x1', 'x2', 'z_o1', 'E']
    """
    return _Plan(trace, form).layout()


class _Plan:
    """A drawing while it is made, from left to right."""

    def __init__(self, trace: Trace, form: Form) -> None:
        self.trace, self.form = trace, form
        widest = max(len(layer) for layer in trace.units)
        self.tall = CELL[1] * (2 if form.stacked else 1)  # a unit without its bias
        self.spacing = max(self.tall + TAG + SLOPE, LABEL * (widest + 1))
        above = HEADING + (TAG if form.stacked else 0)
        self.middle = above + (self.spacing * (widest - 1) + self.tall) / 2
        below = SLOPE if form.stacked else TAG
        self.height = 2 * self.middle - above + below + MARGIN
        self.cells: dict[str, Cell] = {}
        self.links: list[Link] = []
        self.tags: list[Tag] = []
        self.headings: list[Tag] = []
        self.right = float(MARGIN)  # of what is placed so far

    def layout(self) -> Layout:
        for depth, layer in enumerate(self.trace.units):
            gap = max(self.form.gap, self.form.each * (len(layer) + 1)) if depth else 0
            self._column(_heading(depth, self.trace), gap, partial(self._layer, depth))
        errors = self._stacked_errors if self.form.stacked else self._errors
        self._column("error", self.form.before_errors, errors)
        cells = list(self.cells.values())
        lists = (cells, self.links, self.tags, self.headings)
        return Layout(self.right + MARGIN, self.height, self.form, *lists)

    def _rows(self, count: int) -> list[float]:
        return [self.middle + self.spacing * (k - (count - 1) / 2) for k in range(count)]

    def _column(self, heading: str, gap: float, place: Callable[[float], None]) -> None:
        """Place a part of the network that begins `gap` behind what is there."""
        left = self.right + gap
        place(left)
        self.headings.append(Tag(heading, (left + self.right) / 2, HEADING / 2))

    def _cell(self, name: str, left: float, y: float) -> Cell:
        cell = self.cells[name] = Cell(name, left + self.form.cell / 2, y)
        self.right = max(self.right, left + self.form.cell)
        return cell

    def _link(self, start: str, end: str, weight: str = "", part: float = 0.5) -> None:
        x1, y1 = self.cells[start].x + self.form.cell / 2, self.cells[start].y
        x2, y2 = self.cells[end].x - self.form.cell / 2, self.cells[end].y
        label = (x1 + part * (x2 - x1), y1 + part * (y2 - y1))
        self.links.append(Link(start, end, weight, x1, y1, x2, y2, *label))

    def _hang(self, name: str, cell: Cell) -> None:
        """Write a bias or a target under a cell."""
        self.tags.append(Tag(name, cell.x, cell.y + CELL[1] / 2 + 4))

    def _layer(self, depth: int, left: float) -> None:
        layer = self.trace.units[depth]
        above = self.trace.units[depth - 1]
        for unit, y in zip(layer, self._rows(len(layer)), strict=True):
            both = unit.out != unit.sum
            shift = CELL[1] / 2 if self.form.stacked and both else 0
            total = self._cell(unit.sum, left, y - shift)
            if both and self.form.stacked:
                self._cell(unit.out, left, y + shift)
            elif both:
                self._cell(unit.out, left + self.form.cell, y)
            if unit.bias and self.form.stacked:
                self.tags.append(Tag(unit.bias, total.x, total.y - CELL[1] / 2 - TAG + 2))
            elif unit.bias:
                self._hang(unit.bias, total)
            for before, weight in zip(above, unit.weights, strict=False):
                self._link(before.out, unit.sum, weight, 1 / (len(layer) + 1))

    def _errors(self, left: float) -> None:
        outputs = self.trace.units[-1]
        each = self.trace.errors[: len(outputs)]
        rows = self._rows(len(outputs))
        for unit, error, target, y in zip(outputs, each, self.trace.targets, rows, strict=True):
            self._hang(target, self._cell(error, left, y))
            self._link(unit.out, error)
        if len(outputs) > 1:
            self._cell("E", self.right + 30, self.middle)
            for error in each:
                self._link(error, "E")

    def _stacked_errors(self, left: float) -> None:
        """Place all errors in one column, that of the network in the middle."""
        outputs = self.trace.units[-1]
        each = list(self.trace.errors[: len(outputs)])
        names = [*each[: len(each) // 2], "E", *each[len(each) // 2 :]] if len(each) > 1 else each
        spacing = CELL[1] + TAG + 16
        for k, name in enumerate(names):
            self._cell(name, left, self.middle + spacing * (k - (len(names) - 1) / 2))
        for unit, error, target in zip(outputs, each, self.trace.targets, strict=True):
            self._hang(target, self.cells[error])
            self._link(unit.out, error)
        for error in each if len(each) > 1 else ():
            x, y1, y2 = self.cells["E"].x, self.cells[error].y, self.cells["E"].y
            self.links.append(Link(error, "E", "", x, y1, x, y2, x, y1))


def _heading(depth: int, trace: Trace) -> str:
    layers: Sequence[object] = trace.units
    if depth == 0:
        return "inputs"
    return "outputs" if depth == len(layers) - 1 else "hidden layer"
