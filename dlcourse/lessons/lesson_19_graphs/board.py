"""Lesson 19's board: give members of the club a side, and watch it spread along the ties."""

import ipywidgets
import numpy as np

from dlcourse import datasets, nn
from dlcourse.figures import new_figure
from dlcourse.figures.style import DRAWING
from dlcourse.lessons.lesson_19_graphs import graphs
from dlcourse.lessons.lesson_19_graphs.drawing import SIDES, ClubDrawing, leanings, name_sides
from dlcourse.lessons.lesson_19_graphs.experiments import two_labels
from dlcourse.lessons.lesson_19_graphs.graphs import UNKNOWN
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

LAST = 64  # steps
LABELS, FEATURES = "labels, put back", "a feature, left alone"


class ClubBoard(Board):
    """The club, members to give a side, and steps that spread it.

    Attributes
    ----------
    labels : array, shape (34,)
        0 or 1 for a side, -1 for none.
    values : array, shape (34,)
        Who leans where at the step shown, from -1 to 1.
    """

    def __init__(self) -> None:
        self._club = datasets.karate_club()
        self._places = graphs.layout(self._club.adjacency)
        self.labels = two_labels()
        with DRAWING:
            self._figure, axes = new_figure(size=(6.6, 5.4))
            self._drawing = ClubDrawing(axes, self._places, self._club.adjacency)
            name_sides(axes)
            self._live = LiveFigure(
                self._figure, "A club.", on_point=self._point, on_tick=self._tick
            )
        self._live.pace = 500
        self.what = ipywidgets.Dropdown(
            options=[LABELS, FEATURES], description="Spread", tooltip="what goes along the ties"
        )
        self.steps = ipywidgets.IntSlider(value=0, min=0, max=LAST, description="Steps")
        self._said = ipywidgets.HTML()
        self.what.observe(lambda change: self._start(), names="value")
        self.steps.observe(lambda change: self._show(), names="value")
        self._play = button("Play", "show the steps one after the other, or pause", self.play)
        self._live.observe(self._name_play, "playing")
        buttons = row(
            button("Step", "one more step", self.step),
            self._play,
            button("Start", "go back to step 0", self._start),
            button("Only the leaders", "a side for 0 and 33, nobody else", self.leaders),
            button("Nobody", "take all sides away", self.nobody),
        )
        self._start()
        super().__init__(
            [row(self.what, self.steps), buttons, self._said, self._live],
            "a club through which a side spreads from the members that you choose",
        )

    def choose(self, member: int) -> None:
        """Give a member the next choice: no side, the first, the second, none again.

        Raises
        ------
        ValueError
            If there is no such member.
        """
        if not 0 <= member < len(self.labels):
            raise ValueError(f"members are numbered from 0 to 33, got {member}")
        following = {UNKNOWN: 0, 0: 1, 1: UNKNOWN}
        self.labels[member] = following[int(self.labels[member])]
        self._show()

    def leaders(self) -> None:
        """Go back to the two labels of the lesson, and to step 0."""
        self.labels = two_labels()
        self._start()

    def nobody(self) -> None:
        """Take all sides away, and go back to step 0."""
        self.labels = np.full(34, UNKNOWN)
        self._start()

    def step(self) -> None:
        """Take one step more."""
        self.steps.value += 1

    def play(self) -> None:
        """Show the steps one after the other, or pause."""
        if self._live.playing:
            self._live.playing = False
            return
        if self.steps.value >= LAST:
            self.steps.value = 0
        self._live.playing = True

    def _start(self) -> None:
        self._live.playing = False
        self.steps.value = 0
        self._show()

    def _tick(self) -> None:
        if self.steps.value >= LAST:
            self._live.playing = False
        else:
            self.steps.value += 1

    def _name_play(self, change: object) -> None:
        self._play.description = "Pause" if self._live.playing else "Play"

    def _point(self, x: float, y: float) -> None:
        self.choose(int(np.linalg.norm(self._places - (x, y), axis=1).argmin()))

    def _spread(self) -> Array:
        """Return who leans where: -1 to 1."""
        steps = self.steps.value
        if self.what.value == LABELS:
            return leanings(graphs.spread(self._club.adjacency, self.labels, steps, 2)[-1])
        feature = np.where(self.labels == UNKNOWN, 0.0, 2.0 * self.labels - 1)
        mix = nn.normalised_adjacency(self._club.adjacency)
        return np.asarray(np.linalg.matrix_power(mix, steps) @ feature).round(12)

    def _show(self) -> None:
        self.values = self._spread()
        scale = np.abs(self.values).max() if self.what.value == FEATURES else 0
        wrong = (self.values != 0) & ((self.values > 0) != self._club.side)
        with DRAWING:
            self._drawing.lean(self.values / (scale or 1), self.labels, np.flatnonzero(wrong))
            said = self.sentence()
            self._said.value = f'<div role="status" style="min-height:4em">{said}</div>'
            self._live.redraw(said)

    def sentence(self) -> str:
        """Say whom it has reached, and how many sides are right."""
        values, steps = self.values, self.steps.value
        reached = values != 0
        if not reached.any():
            return "Nobody has a side. Click on a member: once for Mr. Hi, twice for John A."
        right = int(np.sum((values > 0) == self._club.side, where=reached))
        wrong = np.flatnonzero(reached & ((values > 0) != self._club.side))
        first, second = (int(np.sum(values * sign > 0)) for sign in (-1, 1))
        parts = [
            f"Step {steps}. {int(reached.sum())} of 34 have a side: {first} lean to {SIDES[0]}, "
            f"{second} to {SIDES[1]}",  # which ends in a full stop
            f"{right} of them went there, too.",
        ]
        if 0 < len(wrong) <= 6:
            parts.append(f"Otherwise: {', '.join(map(str, wrong))}.")
        if self.what.value == FEATURES:
            parts.append(f"The feature lies between {values.min():.4f} and {values.max():.4f}.")
        return " ".join(parts)
