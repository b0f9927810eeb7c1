"""Lesson 04's board: what comes, what is believed, and what that costs in bits."""

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLUE, DRAWING, ORANGE
from dlcourse.lessons.lesson_04_losses.figures import draw_areas
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

NAMES = "ABCD"
WIDTH = 0.38  # of a bar; p stands left of q
LEAST, HIGHEST = 0.001, 6.0  # no share is less; no area is drawn higher, in bits
START = np.array([0.5, 0.25, 0.125, 0.125]), np.array([0.125, 0.125, 0.25, 0.5])


def with_share(shares: Array, number: int, share: float) -> Array:
    """Return shares with one of them set, and the others scaled to make room.

    Examples
    --------
    >>> with_share(np.array([0.5, 0.25, 0.25]), 0, 0.6).tolist()
    [0.6, 0.2, 0.2]
    """
    share = float(np.clip(share, LEAST, 1 - LEAST * (len(shares) - 1)))
    others = np.maximum(np.delete(shares, number), LEAST)
    changed = np.insert(others * (1 - share) / others.sum(), number, share)
    floored = np.maximum(changed, LEAST)
    scaled: Array = floored / floored.sum()
    return scaled


def bits(p: Array, q: Array) -> float:
    """Return the mean surprise of one who believes q, where p comes, in bits.

    Examples
    --------
    >>> bits(START[0], START[1])
    2.625
    """
    return float(-np.sum(p * np.log2(q)))


class TwoDistributions(Board):
    """Bars of two distributions to set by hand, and their entropy, cross-entropy and divergence.

    Attributes
    ----------
    p, q : Array, shape (4,)
        What comes, and what is believed.
    """

    def __init__(self) -> None:
        self.p, self.q = START
        self._figure = self._new_drawing()
        self._said = ipywidgets.HTML()
        with DRAWING:
            self._live = LiveFigure(self._figure, "Two distributions.", self._point)
            self._live.drags = True
        self._show()
        controls = row(
            button("q = p", "believe what comes", self._believe),
            button("Swap", "exchange p and q", self._swap),
            button("Equal p", "let all letters come equally often", self._equal),
            button("Reset", "start again", self._reset),
        )
        super().__init__(
            [controls, self._said, self._live],
            "two distributions to set, with entropy, cross-entropy and divergence",
        )

    def _new_drawing(self) -> Figure:
        figure, (bars, self._costs) = new_figure(1, 2, size=(4.0, 3.4), width_ratios=(1.1, 1))
        places = np.arange(len(NAMES))
        self._p_bars = bars.bar(places - WIDTH / 2, self.p, WIDTH, color=BLUE, label="p: comes")
        self._q_bars = bars.bar(
            places + WIDTH / 2, self.q, WIDTH, color=ORANGE, hatch="//", edgecolor="white",
            label="q: believed",
        )  # fmt: skip
        bars.set_xticks(places, list(NAMES))
        bars.set(ylim=(0, 1), xlim=(-0.6, len(NAMES) - 0.4))
        bars.legend(loc="upper right")
        label(bars, "letter", "share", "Click or drag a bar")
        self._draw_costs()
        figure.draw_without_rendering()
        figure.set_layout_engine(None)  # all stays in its place from now on
        return figure

    def _draw_costs(self) -> None:
        self._costs.clear()
        heights, middles = -np.log2(self.q), np.cumsum(self.p) - self.p / 2
        draw_areas(self._costs, self.p, heights, NAMES)
        for share, middle, height in zip(self.p, middles, heights, strict=True):
            if height > HIGHEST and share > 0.1:  # cut off, and wide enough to say so
                self._costs.text(middle, HIGHEST - 0.15, f"↑ {height:.1f}", ha="center", va="top")
        self._costs.step(
            np.concatenate([[0], np.cumsum(self.p)]),
            np.append(-np.log2(self.p), -np.log2(self.p[-1])),
            where="post", color=BLUE, lw=2, ls="--",
        )  # fmt: skip
        self._costs.set(xlim=(0, 1), ylim=(0, HIGHEST))
        label(self._costs, "how often it comes ($p$)", "surprise (bits)", "Dashed: believing p")

    def _point(self, x: float, y: float) -> None:
        """Set the bar that stands where the learner points."""
        number = int(np.clip(round(x), 0, len(NAMES) - 1))
        if x < number:
            self.p = with_share(self.p, number, y)
        else:
            self.q = with_share(self.q, number, y)
        self._show()

    def _believe(self) -> None:
        self.q = self.p
        self._show()

    def _swap(self) -> None:
        self.p, self.q = self.q, self.p
        self._show()

    def _equal(self) -> None:
        self.p = np.full(len(NAMES), 1 / len(NAMES))
        self._show()

    def _reset(self) -> None:
        self.p, self.q = START
        self._show()

    def _show(self) -> None:
        with DRAWING:
            for rectangles, shares in ((self._p_bars, self.p), (self._q_bars, self.q)):
                for rectangle, share in zip(rectangles, shares, strict=True):
                    rectangle.set_height(share)
            self._draw_costs()
            entropy, cross = bits(self.p, self.p), bits(self.p, self.q)
            back = bits(self.q, self.p) - bits(self.q, self.q)
            said = (
                f"Entropy H(p) = {entropy:.3f} bits. Cross-entropy H(p, q) = {cross:.3f} bits. "
                f"KL(p‖q) = {abs(cross - entropy):.3f} bits; the other way, KL(q‖p) = "
                f"{abs(back):.3f}."
            )
            self._said.value = f'<div role="status" style="min-height:3em">{said}</div>'
            told = "; ".join(
                f"{name}: p {p:.3f}, q {q:.3f}"
                for name, p, q in zip(NAMES, self.p, self.q, strict=True)
            )
            self._live.redraw(f"{told}. {said}")
