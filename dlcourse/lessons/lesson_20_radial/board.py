"""Lesson 20's board: bells to be moved, widened and counted, and the curve that they add up to."""

import ipywidgets
import numpy as np

from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLACK, BLUE, DRAWING, GREY, ORANGE
from dlcourse.lessons.lesson_20_radial.bells import Bells, beta_of, kmeans
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

PLACES = np.linspace(-6, 6, 481)
POINTS, NOISE = 40, 0.1
MOST = 12
RIDGES = (1e-12, 1e-8, 1e-3, 1e-2, 0.1, 1.0, 10.0)


def truth(x: Array) -> Array:
    """Return the curve: calm on the left, a fast wave on the right."""
    return np.where(x < 0, 0.5 * np.sin(x), np.sin(3 * x) * np.exp(-0.3 * x))


class BellsBoard(Board):
    """Points of a curve between -4 and 4, bells around centres, and their weighted sum.

    Attributes
    ----------
    centres : array, shape (k,)
    model : Bells
    """

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.x = np.sort(rng.uniform(-4, 4, POINTS))
        self.y = truth(self.x) + rng.normal(0, NOISE, POINTS)
        self.centres: Array = np.linspace(-4, 4, 5)
        with DRAWING:
            self._new_drawing()
            self._live = LiveFigure(self._figure, "Bells.", on_point=self.move)
            self._live.drags = True
        self.number = ipywidgets.IntSlider(value=5, min=1, max=MOST, description="Bells")
        self.reach = ipywidgets.FloatLogSlider(
            value=1.0, base=2, min=-4, max=3, step=0.25, description="Reach"
        )
        self.ridge = ipywidgets.SelectionSlider(
            options=[(f"{value:g}", value) for value in RIDGES], value=1e-8, description="Ridge λ"
        )
        self._said = ipywidgets.HTML()
        self.number.observe(lambda change: self.spread(), names="value")
        for control in (self.reach, self.ridge):
            control.observe(lambda change: self._show(), names="value")
        even = button("Spread evenly", "put the centres at equal distances", self.spread)
        found = button("k-means", "put the centres where the points are", self.cluster)
        self._show()
        super().__init__(
            [
                row(self.number, self.reach, self.ridge),
                *(row(even, found), self._said, self._live),
            ],
            "bells around centres that can be dragged, and the curve that they add up to",
        )

    def spread(self) -> None:
        """Put the centres at equal distances."""
        k = self.number.value
        self.centres = np.linspace(-4, 4, k) if k > 1 else np.zeros(1)
        self._show()

    def cluster(self) -> None:
        """Put the centres where the points are."""
        found = kmeans(self.x[:, np.newaxis], self.number.value, np.random.default_rng(0))
        self.centres = np.sort(found[:, 0])
        self._show()

    def move(self, x: float, y: float) -> None:
        """Move the nearest centre to the place that the learner points at."""
        self.centres[np.argmin(np.abs(self.centres - x))] = x
        self._show()

    def errors(self) -> tuple[float, float]:
        """Return the rms error on the points, and on the curve between -4 and 4."""
        inside = PLACES[np.abs(PLACES) <= 4]
        known = self.model.predict(self.x[:, np.newaxis]) - self.y
        new = self.model.predict(inside[:, np.newaxis]) - truth(inside)
        return float(np.sqrt(np.mean(known**2))), float(np.sqrt(np.mean(new**2)))

    def _new_drawing(self) -> None:
        self._figure, axes = new_figure(size=(8.0, 3.9))
        axes.axvspan(-4, 4, color=GREY, alpha=0.12)
        axes.plot(PLACES, truth(PLACES), color=GREY, ls="--", lw=1.4, label="the curve")
        axes.plot(self.x, self.y, "o", color=BLACK, ms=4, label="the points")
        self._bells = [axes.plot([], [], color=BLUE, lw=1, alpha=0.7)[0] for _ in range(MOST)]
        self._bells[0].set_label("each bell, weighted")
        (self._sum,) = axes.plot([], [], color=ORANGE, lw=2.4, label="their sum")
        (self._marks,) = axes.plot([], [], "^", color=BLUE, ms=11, label="centres")
        axes.set(xlim=(-6, 6), ylim=(-2.2, 2.2))
        axes.legend(loc="upper left", fontsize=9, ncols=2)
        label(axes, "x", "y", "Click or drag to move the nearest centre")
        self._figure.draw_without_rendering()
        self._figure.set_layout_engine(None)

    def _show(self) -> None:
        x, centres = self.x[:, np.newaxis], self.centres[:, np.newaxis]
        self.model = Bells.fit(x, self.y, centres, self.reach.value, self.ridge.value)
        beta = beta_of(self.reach.value)
        with DRAWING:
            for place, line in enumerate(self._bells):
                shown = place < len(self.centres)
                line.set_visible(shown)
                if shown:
                    bell = np.exp(-beta * (PLACES - self.centres[place]) ** 2)
                    line.set_data(PLACES, self.model.weights[place] * bell)
            self._sum.set_data(PLACES, self.model.predict(PLACES[:, np.newaxis]))
            self._marks.set_data(self.centres, np.full(len(self.centres), -2.1))
            said = self.sentence()
            self._said.value = f'<div role="status" style="min-height:4em">{said}</div>'
            self._live.redraw(said)

    def sentence(self) -> str:
        """Say both errors, the largest weight, and the answer far away."""
        known, new = self.errors()
        largest = np.abs(self.model.weights[:-1]).max()
        far = self.model.predict(np.array([[6.0]]))[0]
        bells = "1 bell" if len(self.centres) == 1 else f"{len(self.centres)} bells"
        return (
            f"{bells} of reach {self.reach.value:.2f}. Error on the points: "
            f"{known:.2f}; on the curve: {new:.2f}. Largest weight: {float(f'{largest:.2g}'):,g}. "
            f"Answer at x = 6: {far:.2f}; bias: {self.model.weights[-1]:.2f}."
        )
