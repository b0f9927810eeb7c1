"""Lesson 02's board: put points on a plane and let a perceptron learn, update by update."""

from collections.abc import Iterator

import ipywidgets
import numpy as np

from dlcourse.figures import label, new_figure
from dlcourse.figures.style import DRAWING, RED
from dlcourse.lessons.lesson_02_perceptron.figures import draw_line, draw_points, vector
from dlcourse.nn.contract import Array
from dlcourse.nn.perceptron import PerceptronUpdate, perceptron_updates
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

LIMIT = 3.0  # the plane is drawn from -LIMIT to LIMIT
MOST_EPOCHS = 200  # then the board gives up on points that may not be separable
ZERO = "The weights are zero: every score is 0, which is no answer, so every point counts as wrong."
EMPTY = "There are no points. Put some on the plane: click, or press Enter at the crosshair."


class PerceptronBoard(Board):
    """Points, a perceptron, and buttons to step it.

    Parameters
    ----------
    x : Array, shape (batch, 2)
        The points to start with, between -3 and 3.
    y : Array, shape (batch,)
        Their labels, -1 or +1.

    Attributes
    ----------
    weights : Array, shape (3,)
        The weight of each coordinate, and the bias.
    mistakes : int
        Updates made since the weights were last zero.
    message : str
        What the board says above the picture.
    """

    def __init__(self, x: Array, y: Array) -> None:
        self._start = [(float(a), float(b), int(value)) for (a, b), value in zip(x, y, strict=True)]
        self._figure, self._axes = new_figure(size=(5.2, 4.6))
        self._new_label = ipywidgets.ToggleButtons(
            options=[("blue square, +1", 1), ("orange disc, -1", -1)],
            description="New point",
            tooltips=["add points with label +1", "add points with label -1"],
        )
        self._said = ipywidgets.HTML()
        self._live = LiveFigure(
            self._figure, "A plane with points.", on_point=self.add, on_tick=self._next
        )
        self._run = button("Run", "make updates one by one, or pause", self.run)
        self._live.observe(self._name_run, "playing")
        learning = row(
            button("Step", "make the next update", self.step),
            self._run,
            button("End", "make all updates until no mistake is left", self.end),
            button("Forget", "set the weights back to zero", self.forget),
        )
        points = row(
            button("Remove last", "take the newest point away", self.remove_last),
            button("Clear", "take all points away", self.clear),
            button("First points", "go back to the points of the start", self.reset),
        )
        super().__init__(
            [learning, points, self._new_label, self._said, self._live], "a perceptron learning"
        )
        self.reset()

    def step(self) -> None:
        """Pause, and make the next update, or say why there is none."""
        self._live.playing = False
        self._next()

    def run(self) -> None:
        """Make updates one by one until no mistake is left, or pause."""
        self._live.playing = not self._live.playing and bool(self._points)
        self._show(self.message if self._points else EMPTY)

    def end(self) -> None:
        """Make updates until no mistake is left, or until the board gives up."""
        self._live.playing = False
        for update in self._updates:
            self._take(update)
        self._show(self._verdict())

    def forget(self) -> None:
        """Set the weights back to zero and keep the points."""
        self._restart(f"{ZERO} Press Step.")

    def reset(self) -> None:
        """Go back to the points of the start, with zero weights."""
        self._points = list(self._start)
        self._restart(f"{ZERO} Press Step, or put points on the plane.")

    def add(self, x1: float, x2: float) -> None:
        """Add a point with the chosen label; the weights start again from zero."""
        point = (round(x1, 1), round(x2, 1), int(self._new_label.value))
        self._points.append(point)
        self._restart(f"Added ({point[0]:g}, {point[1]:g}) with label {point[2]:+d}.")

    def remove_last(self) -> None:
        """Take the newest point away; the weights start again from zero."""
        del self._points[-1:]
        self._restart("Removed the newest point." if self._points else EMPTY)

    def clear(self) -> None:
        """Take all points away."""
        self._points.clear()
        self._restart(EMPTY)

    def _restart(self, message: str) -> None:
        self._live.playing = False
        points = np.reshape(self._points, (-1, 3))
        self.x = points[:, :2]
        self.y = points[:, 2].astype(int)
        self._updates: Iterator[PerceptronUpdate] = iter(())
        if self._points:
            self._updates = perceptron_updates(self.x, self.y, max_epochs=MOST_EPOCHS)
        self.weights: Array = np.zeros(3)
        self.mistakes = 0
        self._current: PerceptronUpdate | None = None
        self._show(message)

    def _next(self) -> None:
        update = next(self._updates, None)
        if update is None:
            self._live.playing = False
            self._show(self._verdict())
        else:
            self._take(update)
            self._show(explain(update))

    def _name_run(self, change: object) -> None:
        self._run.description = "Pause" if self._live.playing else "Run"

    def _take(self, update: PerceptronUpdate) -> None:
        self.weights = update.weights_after
        self.mistakes += 1
        self._current = update

    def _wrong(self) -> int:
        scores = self.x @ self.weights[:2] + self.weights[2]
        return int(np.sum(self.y * scores <= 0))

    def _verdict(self) -> str:
        if not self._points:
            return EMPTY
        if self._wrong() == 0:
            return (
                f"No mistake is left after {self.mistakes} updates: the perceptron has converged."
            )
        return (
            f"Gave up after {MOST_EPOCHS} epochs and {self.mistakes} updates. Perhaps no line "
            "separates these points; what does the cycle look like?"
        )

    def _show(self, message: str) -> None:
        with DRAWING:
            self._draw()
        self.message = message
        self._said.value = f'<div role="status" style="min-height:3em">{message}</div>'

    def _draw(self) -> None:
        axes = self._axes
        axes.clear()
        axes.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT))
        draw_line(axes, self.weights)
        draw_points(axes, self.x, self.y)
        if self._current is not None:
            axes.scatter(*self._current.x, s=210, facecolors="none", edgecolors=RED, lw=2)
        label(axes, "$x_1$", "$x_2$", f"updates: {self.mistakes}    wrong now: {self._wrong()}")
        self._live.redraw(
            f"{len(self.y)} labelled points and the decision line of w = {vector(self.weights)} "
            f"after {self.mistakes} updates; {self._wrong()} points are on the wrong side."
        )


def explain(update: PerceptronUpdate) -> str:
    """Write an update out with its numbers.

    Examples
    --------
    >>> x, y = [[0.0, 2.0]], [-1]
    >>> explain(next(perceptron_updates(x, y, max_epochs=1)))
    'Score of (0, 2): 0, label -1: a mistake. w = (0, 0, 0) - (0, 2, 1) = (0, -2, -1)'
    """
    sign = "+" if update.y > 0 else "-"
    return (
        f"Score of {vector(update.x)}: {update.score:.3g}, label {update.y:+d}: a mistake. "
        f"w = {vector(update.weights_before)} {sign} {vector(np.append(update.x, 1))} "
        f"= {vector(update.weights_after)}"
    )
