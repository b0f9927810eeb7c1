"""Lesson 10's board: capacity, noise and regularization, and what they do to both errors."""

import ipywidgets
import numpy as np

from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLACK, BLUE, DRAWING, GREY, ORANGE
from dlcourse.lessons.lesson_10_generalization import polynomials
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

HIGHEST = 40  # degree
FLOOR, CEILING = 1e-3, 1e5  # errors beyond are drawn at the border
PLACES = np.linspace(-1, 1, 601)
RIDGES = (0.0, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)


class FitBoard(Board):
    """Noisy points, a polynomial through them, and its errors over the degree.

    Attributes
    ----------
    points : Points
    seed : int
        Of the points.
    errors : array, shape (HIGHEST + 1, 2)
        Error on the points and on the curve, for every degree.
    """

    def __init__(self) -> None:
        self.seed = 0
        with DRAWING:
            self._new_drawing()
            self._live = LiveFigure(self._figure, "A fit.", on_point=self._choose)
        self.degree = ipywidgets.IntSlider(value=3, min=0, max=HIGHEST, description="Degree")
        self.noise = ipywidgets.FloatSlider(
            value=0.25, min=0, max=1, step=0.05, description="Noise"
        )
        self.number = ipywidgets.IntSlider(value=15, min=5, max=60, description="Points")
        self.ridge = ipywidgets.SelectionSlider(
            options=[(f"{value:g}", value) for value in RIDGES], value=0.0, description="Ridge λ"
        )
        self._said = ipywidgets.HTML()
        for control in (self.degree, self.noise, self.number, self.ridge):
            control.observe(lambda change: self._show(), names="value")
        again = button("New points", "measure the curve at other places", self.draw_again)
        back = button("First points", "go back to the points of the start", self.reset)
        self._show()
        super().__init__(
            [
                row(self.degree, self.noise, self.number, self.ridge),
                *(row(again, back), self._said, self._live),
            ],
            "a polynomial through noisy points, with degree, noise, points and ridge to set",
        )

    def draw_again(self) -> None:
        """Draw new points."""
        self.seed += 1
        self._show()

    def reset(self) -> None:
        """Go back to the first points."""
        self.seed = 0
        self._show()

    def best(self) -> int:
        """Return the degree with the smallest error on new points."""
        return int(np.argmin(self.errors[:, 1]))

    def _choose(self, x: float, y: float) -> None:
        """Take the degree that the learner points at."""
        self.degree.value = int(np.clip(round(x), 0, HIGHEST))

    def _new_drawing(self) -> None:
        self._figure, (scores, fit) = new_figure(1, 2, size=(4.0, 3.6))
        self._train, self._test = (
            scores.semilogy([], [], color=color, ls=style, marker=mark, ms=3.5, lw=1.4, label=name)[
                0
            ]
            for color, style, mark, name in (
                (BLUE, "-", "o", "on these points"),
                (ORANGE, "--", "s", "on new points"),
            )
        )
        self._mark = scores.axvline(0, color=BLACK, lw=1, ls=":")
        scores.set(xlim=(-0.5, HIGHEST + 0.5), ylim=(FLOOR, CEILING))
        scores.legend(loc="lower right", bbox_to_anchor=(1, 0.06), fontsize=9)
        label(scores, "degree", "error (rms, log scale)", "Click to choose a degree")
        fit.plot(PLACES, polynomials.truth(PLACES), color=GREY, ls="--", lw=1.4, label="the curve")
        (self._curve,) = fit.plot([], [], color=ORANGE, lw=1.8, label="the fit")
        (self._points,) = fit.plot([], [], "o", color=BLUE, ms=5, label="the points")
        fit.set(xlim=(-1.05, 1.05), ylim=(-2.5, 2.5))
        fit.legend(loc="upper left", fontsize=9)
        label(fit, "x", "y", "The fit")
        self._figure.draw_without_rendering()
        self._figure.set_layout_engine(None)  # all stays in its place from now on

    def _show(self) -> None:
        self.points = polynomials.draw(self.number.value, self.noise.value, self.seed)
        degrees, ridge = range(HIGHEST + 1), self.ridge.value
        self.errors = np.array([polynomials.errors(self.points, d, ridge) for d in degrees])
        weights = polynomials.fit(self.points, self.degree.value, ridge)
        curve: Array = polynomials.columns(PLACES, self.degree.value) @ weights
        with DRAWING:
            seen = np.clip(self.errors, FLOOR, CEILING)
            self._train.set_data(degrees, seen[:, 0])
            self._test.set_data(degrees, seen[:, 1])
            self._mark.set_xdata([self.degree.value] * 2)
            self._curve.set_data(PLACES, np.clip(curve, -1e3, 1e3))
            self._points.set_data(*self.points)
            said = self.sentence()
            self._said.value = f'<div role="status" style="min-height:4em">{said}</div>'
            self._live.redraw(said)

    def sentence(self) -> str:
        """Say both errors, and which degree would be best."""
        degree = self.degree.value
        train, test = self.errors[degree]
        weights = polynomials.fit(self.points, degree, self.ridge.value)
        return (
            f"Degree {degree}, {degree + 1} weights for {self.number.value} points. Error on these "
            f"points: {_short(train)}; on new points: {_short(test)}. Length of the weights: "
            f"{_short(float(np.linalg.norm(weights)))}. Best degree here: {self.best()}, with "
            f"{_short(self.errors[self.best(), 1])} on new points."
        )


def _short(value: float) -> str:
    """Write an error with two digits that count.

    Examples
    --------
    >>> _short(0.1234), _short(1e-12), _short(12345.0)
    ('0.12', '0', '12,000')
    """
    if value < 1e-6:
        return "0"
    digits = float(f"{value:.2g}")
    return f"{digits:,.0f}" if digits >= 10 else f"{digits:g}"
