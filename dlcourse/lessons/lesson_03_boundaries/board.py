"""Lesson 03's board: up to six half-planes, joined by AND, OR, or ORs of ANDs."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse.figures import label, new_figure, plane
from dlcourse.figures.style import BLACK, DRAWING, GREY, RED
from dlcourse.figures.surface import PALETTE
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure

LIMIT, SIDE = 3.0, 240  # the plane goes from -LIMIT to LIMIT, with SIDE points along each side
MOST = 6
COLORS = PALETTE([1 / 3, 2 / 3], bytes=True)  # outside and inside, paler than points would be
JOINS = ("AND", "OR", "OR of ANDs")
Lines = Sequence[tuple[float, float]]  # angle in degrees, offset

# What one is asked to build: lines, and how they are joined.
GOALS: dict[str, tuple[Lines, str]] = {
    "none": ([], "AND"),
    "a strip": ([(0, 1), (180, 1)], "AND"),
    "a triangle": ([(90, 1), (210, 1), (330, 1)], "AND"),
    "all but a square": ([(0, -1), (90, -1), (180, -1), (270, -1)], "OR"),
    "opposite quarters": ([(0, 0), (90, 0), (180, 0), (270, 0)], "OR of ANDs"),
    "a star": ([(90, 1), (210, 1), (330, 1), (270, 1), (30, 1), (150, 1)], "OR of ANDs"),
}


def units(lines: Lines) -> tuple[Array, Array]:
    """Return weights, shape (2, lines), and biases of step units: w = (cos, sin), b = offset.

    Examples
    --------
    >>> weights, biases = units([(0, 1), (180, 1)])
    >>> weights[0].tolist(), biases.tolist()
    ([1.0, -1.0], [1.0, 1.0])
    """
    angles = np.radians([angle for angle, _ in lines])
    weights = np.round([np.cos(angles), np.sin(angles)], 12) + 0.0
    return weights, np.array([offset for _, offset in lines], dtype=float)


def region(points: Array, lines: Lines, join: str) -> NDArray[np.bool_]:
    """Return which points lie inside, as a network of step units says, shape (batch,)."""
    weights, biases = units(lines)
    fires = points.astype(float) @ weights + biases >= 0
    if join == "AND":
        return np.asarray(fires.sum(axis=1) >= len(lines))
    if join == "OR":
        return np.asarray(fires.sum(axis=1) >= 1)
    half = (len(lines) + 1) // 2  # the second hidden layer: two ANDs
    return np.asarray(fires[:, :half].all(axis=1) | fires[:, half:].all(axis=1) & (len(lines) > 1))


def outline(lines: Lines, join: str) -> tuple[Array, Array]:
    """Return the border of a region as x1 and x2 of a broken line, with nan at the breaks.

    It lies on the lines: a piece of one belongs to it where its two sides get different answers.
    """
    weights, biases = units(lines)
    along = np.linspace(-2 * LIMIT, 2 * LIMIT, 4 * SIDE)[:, np.newaxis]
    gap = np.full((1, 2), np.nan)
    broken = [gap]
    for w, b in zip(weights.T, biases, strict=True):
        points = -b * w + along * np.array([-w[1], w[0]])
        here, there = (region(points + step * w, lines, join) for step in (-1e-6, 1e-6))
        broken += [np.where((here != there)[:, np.newaxis], points, np.nan), gap]
    x1, x2 = np.concatenate(broken).T
    return x1, x2


class RegionBoard(Board):
    """Half-planes to turn and to shift, and the region that they make together.

    Attributes
    ----------
    matched : float or None
        On which share of the plane the region is the goal; None without a goal.
    """

    def __init__(self) -> None:
        self._lines = [(0.0, 1.0), (180.0, 1.0), (90.0, 1.0), (270.0, 1.0), (45.0, 1.0), (225.0, 1)]
        self._points = plane(LIMIT, SIDE).astype(float)
        self._goals = {
            name: (region(self._points, *goal) if goal[0] else None, outline(*goal))
            for name, goal in GOALS.items()
        }
        self._figure = self._new_drawing()
        self.goal = ipywidgets.Dropdown(options=list(GOALS), description="Goal")
        self.count = ipywidgets.IntSlider(value=1, min=1, max=MOST, description="Lines")
        self.join = ipywidgets.ToggleButtons(options=JOINS, description="Joined by")
        self.line = ipywidgets.IntSlider(value=1, min=1, max=1, description="Move line")
        self.angle = ipywidgets.IntSlider(min=0, max=345, step=15, description="Angle")
        self.offset = ipywidgets.FloatSlider(min=-3, max=3, step=0.25, description="Offset b")
        self._said = ipywidgets.HTML()
        with DRAWING:
            self._live = LiveFigure(self._figure, "Half-planes and their region.")
        self.matched: float | None = None
        self._choose()
        self.count.observe(self._counted, names="value")
        self.line.observe(lambda change: self._choose(), names="value")
        for control in (self.angle, self.offset):
            control.observe(self._moved, names="value")
        for control in (self.goal, self.join):
            control.observe(lambda change: self._show(), names="value")
        super().__init__(
            [
                *(self.goal, self.count, self.join, self.line, self.angle, self.offset),
                *(self._said, self._live),
            ],
            "half-planes and the region that they make",
        )

    def _new_drawing(self) -> Figure:
        """Draw once all that moves later: a new drawing for each change would take too long."""
        figure, axes = new_figure(size=(4.6, 4.6))
        box = (-LIMIT, LIMIT, -LIMIT, LIMIT)
        self._image = axes.imshow(
            np.zeros((SIDE, SIDE, 4), np.uint8), extent=box, aspect="auto", interpolation="nearest"
        )  # fmt: skip
        (self._outline,) = axes.plot([], [], color=BLACK, lw=1.8)
        self._drawn = [axes.plot([], [])[0] for _ in range(MOST)]
        (self._goal_outline,) = axes.plot([], [], "--", color=RED, lw=1.8)
        zeros = np.zeros(MOST)
        self._arrows = axes.quiver(
            *(zeros, zeros, zeros, zeros), angles="xy", scale_units="xy", scale=2.5,
            width=0.007, color=BLACK, zorder=3,
        )  # fmt: skip
        self._numbers = [
            axes.text(0, 0, "", ha="center", va="center", clip_on=True) for _ in range(MOST)
        ]
        axes.set(xlim=box[:2], ylim=box[2:], xticks=[-2, 0, 2], yticks=[-2, 0, 2])
        label(axes, "$x_1$", "$x_2$", "blue: the network answers 1")
        figure.draw_without_rendering()
        figure.set_layout_engine(None)  # all stays in its place from now on
        return figure

    @property
    def lines(self) -> list[tuple[float, float]]:
        """The lines in use: angle in degrees and offset."""
        return self._lines[: self.count.value]

    def _counted(self, change: object) -> None:
        self.line.max = self.count.value
        self.line.value = self.count.value
        self._choose()

    def _choose(self) -> None:
        """Put the sliders where the chosen line stands."""
        angle, offset = self._lines[self.line.value - 1]
        with self.angle.hold_trait_notifications(), self.offset.hold_trait_notifications():
            self._choosing = True
            self.angle.value, self.offset.value = int(angle), offset
        self._choosing = False
        self._show()

    def _moved(self, change: object) -> None:
        if not self._choosing:
            self._lines[self.line.value - 1] = (self.angle.value, self.offset.value)
            self._show()

    def _show(self) -> None:
        inside = region(self._points, self.lines, self.join.value)
        goal, _ = self._goals[self.goal.value]
        self.matched = None if goal is None else float(np.mean(inside == goal))
        with DRAWING:
            self._draw(inside)
            said = f"{self._sentence()} The region fills {inside.mean():.0%} of this plane."
            if self.matched is not None:
                said += f" It is the goal on {self.matched:.1%} of it."
            self._said.value = f'<div role="status" style="min-height:3em">{said}</div>'
            count = self.count.value
            lines = f"{count} lines joined by {self.join.value}" if count > 1 else "1 line"
            self._live.redraw(f"{lines}. {said}")

    def _sentence(self) -> str:
        weights, biases = units(self.lines)
        number = self.line.value - 1
        (w1, w2), b = weights[:, number], biases[number]
        return f"Unit {number + 1} fires where {w1:.2f} x1 {w2:+.2f} x2 {b:+.2f} is at least 0."

    def _draw(self, inside: NDArray[np.bool_]) -> None:
        self._image.set_data(COLORS[inside.astype(int)].reshape(SIDE, SIDE, 4))
        self._outline.set_data(*outline(self.lines, self.join.value))
        self._goal_outline.set_data(*self._goals[self.goal.value][1])
        weights, biases = units(self._lines)
        feet = -biases * weights
        self._arrows.set_offsets(feet.T)
        self._arrows.set_UVC(*np.where(np.arange(MOST) < self.count.value, weights, np.nan))
        for number, (one, text) in enumerate(zip(self._drawn, self._numbers, strict=True)):
            shown, now = number < self.count.value, number == self.line.value - 1
            w, foot = weights[:, number], feet[:, number]
            along = 3 * LIMIT * np.array([-w[1], w[0]])
            one.set(visible=shown, color=BLACK if now else GREY, lw=1 + now)
            one.set_data(*np.transpose([foot - along, foot + along]))
            same = [n + 1 for n, line in enumerate(self.lines) if line == self._lines[number]]
            text.set(visible=shown, text=", ".join(map(str, same)), position=foot + 0.6 * w)
