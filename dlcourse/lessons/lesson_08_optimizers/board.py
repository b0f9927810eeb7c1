"""Lesson 08's board: five optimizers race down a ravine from wherever the start is dragged."""

import ipywidgets
import numpy as np

from dlcourse import nn
from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLACK, CYCLE, DRAWING
from dlcourse.lessons.lesson_08_optimizers import ravine
from dlcourse.lessons.lesson_08_optimizers.figures import BOX, MARKS, draw_map
from dlcourse.nn.contract import Array
from dlcourse.nn.optimizers import Optimizer
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

RACE = 400  # steps; whoever has not arrived by then is called under way
NAMES = ("SGD", "momentum", "Nesterov", "RMSprop", "Adam")
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.085, 0.1, 0.15,
         0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0)  # fmt: skip


def racers(rate: float, beta: float) -> dict[str, Optimizer]:
    """Return the five optimizers, new, with one learning rate."""
    made = (
        nn.SGD(rate),
        nn.SGD(rate, momentum=beta),
        nn.SGD(rate, momentum=beta, nesterov=True),
        nn.RMSprop(rate),
        nn.Adam(rate),
    )
    return dict(zip(NAMES, made, strict=True))


class RaceBoard(Board):
    """A ravine, a start to drag, and five walks from there.

    Attributes
    ----------
    start : tuple of float
    paths : dict of arrays, shape (steps + 1, 2)
        Where each optimizer goes in a whole race.
    """

    def __init__(self) -> None:
        self.start = ravine.START
        self.paths: dict[str, Array] = {}
        with DRAWING:
            self._new_drawing()
            self._live = LiveFigure(
                self._figure, "A ravine.", on_point=self.put, on_tick=self._tick
            )
        self._live.pace = 60
        self._live.drags = True
        self.rate = ipywidgets.SelectionSlider(
            options=[(f"{rate:g}", rate) for rate in RATES], value=0.04, description="Rate η"
        )
        self.beta = ipywidgets.FloatSlider(
            value=0.9, min=0, max=0.99, step=0.01, description="Share β"
        )
        self.across = ipywidgets.Dropdown(
            options=[("round bowl", 1), ("5 times", 5), ("25 times", 25), ("100 times", 100)],
            value=25,
            description="Steeper",
        )
        self.steps = ipywidgets.IntSlider(value=40, min=0, max=RACE, description="Steps")
        self._said = ipywidgets.HTML()
        self._race = button("Race", "show the steps one after the other, or pause", self.race)
        self._live.observe(self._name_race, "playing")
        back = button("First start", "put the start back to (10, 1)", self.reset)
        for control in (self.rate, self.beta):
            control.observe(lambda change: self._walk(), names="value")
        self.across.observe(self._bent, names="value")
        self.steps.observe(lambda change: self._show(), names="value")
        self._walk()
        super().__init__(
            [
                *(self.rate, self.beta, self.across, self.steps),
                *(row(self._race, back), self._said, self._live),
            ],
            "five optimizers racing down a ravine",
        )

    def put(self, w1: float, w2: float) -> None:
        """Move the start, to the nearest tenth of the map.

        Raises
        ------
        ValueError
            If a weight is no number.
        """
        if not (np.isfinite(w1) and np.isfinite(w2)):
            raise ValueError(f"a start has two finite weights, got {w1} and {w2}")
        at = np.clip((w1, w2), BOX[::2], BOX[1::2]).round(1) + 0.0  # no -0
        self.start = (float(at[0]), float(at[1]))
        self._walk()

    def reset(self) -> None:
        """Put the start back to where the lesson has it."""
        self.put(*ravine.START)

    def race(self) -> None:
        """Show the steps one after the other, from the start or from where it paused."""
        if self._live.playing:
            self._live.playing = False
            return
        if self.steps.value >= self._last():
            self.steps.value = 0
        self._live.playing = True

    def _last(self) -> int:
        """Return the step at which the race is over: all have arrived, are lost, or are late."""
        ends = [ravine.arrival(path, self.across.value) for path in self.paths.values()]
        lost = [len(path) - 1 for path in self.paths.values()]
        return max(there if there is not None else n for there, n in zip(ends, lost, strict=True))

    def _tick(self) -> None:
        if self.steps.value >= self._last():
            self._live.playing = False
        else:
            self.steps.value += 1

    def _name_race(self, change: object) -> None:
        self._race.description = "Pause" if self._live.playing else "Race"

    def _new_drawing(self) -> None:
        self._figure, self._axes = new_figure(size=(7.2, 4.2))
        self._lines = draw_map(self._axes)
        label(self._axes, "weight $w_1$", "weight $w_2$")
        self._drawn = [
            self._axes.plot([], [], color=CYCLE[i], marker=MARKS[i], ms=3.5, lw=1, label=name)[0]
            for i, name in enumerate(NAMES)
        ]
        self._heads = [
            self._axes.plot([], [], color=CYCLE[i], marker=MARKS[i], ms=9, mec=BLACK)[0]
            for i in range(len(NAMES))
        ]
        (self._place,) = self._axes.plot([], [], "o", ms=14, mfc="none", mec=BLACK, mew=2)
        self._axes.legend(loc="lower right", fontsize=9, ncols=2)
        self._figure.draw_without_rendering()
        self._figure.set_layout_engine(None)  # all stays in its place from now on

    def _bent(self, change: object) -> None:
        with DRAWING:
            self._lines.remove()
            self._lines = draw_map(self._axes, self.across.value)
        self._walk()

    def _walk(self) -> None:
        """Let all walk again, a whole race."""
        self.paths = {
            name: ravine.walk(optimizer, RACE, self.start, self.across.value)
            for name, optimizer in racers(self.rate.value, self.beta.value).items()
        }
        self._show()

    def _show(self) -> None:
        shown = self.steps.value
        with DRAWING:
            self._place.set_data([self.start[0]], [self.start[1]])
            for line, head, path in zip(self._drawn, self._heads, self.paths.values(), strict=True):
                seen = np.clip(path[: shown + 1], -1e3, 1e3)  # far enough to be off the map
                line.set_data(*seen.T)
                head.set_data(*seen[-1:].T)
            said = self.sentence()
            self._said.value = f'<div role="status" style="min-height:4em">{said}</div>'
            self._live.redraw(said)

    def sentence(self) -> str:
        """Say who has arrived when, who is under way, and who is lost, at the step shown."""
        arrived, lost, walking = [], [], []
        for name, path in self.paths.items():
            there = ravine.arrival(path, self.across.value)
            seen = path[: self.steps.value + 1]
            if there is not None and there <= self.steps.value:
                arrived.append((there, name))
            elif not _on_map(seen[-1]):
                lost.append(name)
            else:
                height = float(ravine.loss(seen[-1], self.across.value))
                walking.append(f"{name} (L = {height:.2g})")
        parts = [f"Start ({self.start[0]:g}, {self.start[1]:g}), step {self.steps.value}."]
        if arrived:
            parts.append(f"Arrived: {', '.join(f'{name} at {n}' for n, name in sorted(arrived))}.")
        if walking:
            parts.append(f"Under way: {', '.join(walking)}.")
        if lost:
            parts.append(f"Off the map: {', '.join(lost)}.")
        return " ".join(parts)


def _on_map(w: Array) -> bool:
    return bool(BOX[0] <= w[0] <= BOX[1] and BOX[2] <= w[1] <= BOX[3])
