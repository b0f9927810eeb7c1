"""Lesson 14's board: a detector looks at drawings; cells, boxes, scores and both thresholds."""

import ipywidgets
import numpy as np

from dlcourse import nn
from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLACK, DRAWING, RED
from dlcourse.lessons.lesson_14_architectures import detector, rectangles
from dlcourse.lessons.lesson_14_architectures.drawings import KINDS, Drawings, draw
from dlcourse.lessons.lesson_14_architectures.figures import boxes_on, outline, picture
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

SHOWN = 40  # drawings of each sort
SORTS = {
    "as it learned them": {},
    "overlapping": {"gap": -7.0},
    "larger than it learned": {"sides": (16.0, 22.0), "most": 1},
    "smaller than it learned": {"sides": (4.0, 7.0)},
}


class DetectorBoard(Board):
    """What a detector says of a drawing, cell by cell, and what is made of it.

    Parameters
    ----------
    model : nn.Sequential, optional
        A trained detector; without one, one is trained, in some seconds.

    Attributes
    ----------
    drawings : Drawings
        The forty of the chosen sort.
    found, kept : rectangles.Found
        The boxes of all cells above the least score, and those that suppression leaves.
    cell : (int, int)
        Row and column of the cell that was pointed at.
    """

    def __init__(self, model: nn.Sequential | None = None) -> None:
        self.model = detector.trained(seed=0) if model is None else model
        self.cell = (0, 0)
        with DRAWING:
            self._figure, (self._left, self._right) = new_figure(1, 2, size=(4.2, 4.0))
            self._live = LiveFigure(self._figure, "A drawing.", on_point=self._point)
        self.sort = ipywidgets.Dropdown(options=list(SORTS), description="Shapes")
        self.number = ipywidgets.IntSlider(value=0, min=0, max=SHOWN - 1, description="Drawing")
        self.least = ipywidgets.FloatSlider(
            value=0.3, min=0.05, max=0.95, step=0.05, description="Least score"
        )
        self.overlap = ipywidgets.FloatSlider(
            value=0.5, min=0, max=1, step=0.05, description="Overlap"
        )
        self.truth = ipywidgets.Checkbox(value=False, description="Show the true boxes")
        self._said = ipywidgets.HTML()
        self.sort.observe(lambda change: self._draw(), names="value")
        for control in (self.number, self.least, self.overlap, self.truth):
            control.observe(lambda change: self._show(), names="value")
        after = button("Next drawing", "look at the next drawing", self.next)
        self._draw()
        super().__init__(
            [
                row(self.sort, self.number, self.least, self.overlap),
                *(row(after, self.truth), self._said, self._live),
            ],
            "a detector of shapes, with the least score and the overlap to set",
        )

    def next(self) -> None:
        """Look at the next drawing, after the last one at the first."""
        self.number.value = (self.number.value + 1) % SHOWN

    def _point(self, x: float, y: float) -> None:
        """Take the cell that the learner points at."""
        cells = self._outputs.shape[1]
        width = self.drawings.images.shape[1] / cells
        row_, column = (int(np.clip(at // width, 0, cells - 1)) for at in (y, x))
        self.cell = (row_, column)
        self._show()

    def _draw(self) -> None:
        """Draw all of the chosen sort, and let the network look at them once."""
        self.drawings: Drawings = draw(SHOWN, detector.FRESH, **SORTS[self.sort.value])  # type: ignore[arg-type]
        self._outputs = self.model.predict(self.drawings.images)
        self._show()

    def _show(self) -> None:
        number = self.number.value
        image, outputs = self.drawings.images[number], self._outputs[number]
        size, cells = len(image), len(outputs)
        self.found = rectangles.decode_grid(outputs, size, self.least.value)
        self.kept = rectangles.suppressed(self.found, self.overlap.value)
        with DRAWING:
            for axes in (self._left, self._right):
                axes.clear()
                picture(axes, image, cells)
            boxes_on(self._left, self.found, named=False)
            self._mark(size / cells)
            boxes_on(self._right, self.kept)
            if self.truth.value:
                for box in self.drawings.boxes[number]:
                    outline(self._right, box, edgecolor=BLACK, ls=":", lw=1.5)
            label(self._left, "", "", f"Cells above the least score: {len(self.found.scores)}")
            label(self._right, "", "", f"Boxes that are kept: {len(self.kept.scores)}")
            said = self.sentence()
            self._said.value = f'<div role="status" style="min-height:5em">{said}</div>'
            self._live.redraw(said)

    def _mark(self, width: float) -> None:
        """Frame the chosen cell."""
        at_row, at_column = self.cell
        corners = np.array([at_column, at_row, at_column + 1, at_row + 1]) * width
        outline(self._left, corners, edgecolor=RED, lw=2)

    def right(self) -> int:
        """Return how many of the kept boxes are right."""
        number = self.number.value
        truth = self.drawings.boxes[number], self.drawings.kinds[number]
        return sum(rectangles.hits(self.kept, *truth))

    def sentence(self) -> str:
        """Say what is kept, how much of it is right, and what the chosen cell says."""
        kept, there = len(self.kept.scores), len(self.drawings.boxes[self.number.value])
        outputs = self._outputs[self.number.value][self.cell]
        object_, x, y, width, height = outputs[:5]
        size, kind = self.drawings.images.shape[1], int(outputs[5:].argmax())
        return (
            f"{len(self.found.scores)} of {self._outputs[0, ..., 0].size} cells score at least "
            f"{self.least.value:.2f}; {kept} {_boxes(kept)} kept, {self.right()} right, of {there} "
            f"{'shape' if there == 1 else 'shapes'}. The framed cell (row {self.cell[0]}, column "
            f"{self.cell[1]}): object {object_:.2f}, middle at {x:.2f} and {y:.2f} of the cell, "
            f"{size * width**2:.0f} x {size * height**2:.0f} pixels, {KINDS[kind]} "
            f"{outputs[5 + kind]:.2f}, so score {object_ * outputs[5 + kind]:.2f}."
        )


def _boxes(number: int) -> str:
    return "box is" if number == 1 else "boxes are"
