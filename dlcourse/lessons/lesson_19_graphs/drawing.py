"""A club as lesson 19 draws it: who leans to which side, and how strongly."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from dlcourse.figures.style import BLACK, GREY, NEGATIVE, POSITIVE, RED
from dlcourse.lessons.lesson_19_graphs.graphs import UNKNOWN, Labels
from dlcourse.nn.contract import Array

SIDES = ("Mr. Hi", "John A.")
LOOKS = (NEGATIVE, POSITIVE)  # colour and marker of each side
SIZE = 260
FAINTEST = 0.25  # of a side's colour, where it leads by next to nothing


class ClubDrawing:
    """Members and ties on some axes; `lean` colours them anew.

    Parameters
    ----------
    axes : Axes
    places : array, shape (nodes, 2)
    adjacency : array, shape (nodes, nodes)
    """

    def __init__(self, axes: Axes, places: Array, adjacency: Labels) -> None:
        self.axes, self.places = axes, places
        ends = np.argwhere(np.triu(adjacency))
        axes.add_collection(LineCollection(list(places[ends]), colors=GREY, lw=0.7, zorder=1))
        self._groups: list[Any] = []
        self._names = [
            axes.text(x, y, str(node), ha="center", va="center", fontsize=8, zorder=4)
            for node, (x, y) in enumerate(places)
        ]
        margin = 0.08 * np.ptp(places, axis=0)
        low, high = places.min(axis=0) - margin, places.max(axis=0) + margin
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)

    def lean(self, values: Array, known: Labels, wrong: Labels | None = None) -> None:
        """Colour the members.

        Parameters
        ----------
        values : array, shape (nodes,)
            From -1, wholly the first side, to 1, wholly the second; 0: white, nothing known.
        known : array, shape (nodes,)
            Labels; those that are not -1 get a thick frame.
        wrong : array of int, optional
            Members to put a ring around.
        """
        for group in self._groups:
            group.remove()
        self._groups = []
        colours = np.array([self._colour(value) for value in values])
        widths = np.where(known == UNKNOWN, 0.8, 2.6)
        for side, marker in ((0, "D"), (-1, LOOKS[0][1]), (1, LOOKS[1][1])):
            here = np.sign(values) == side
            if here.any():
                made = self.axes.scatter(
                    self.places[here, 0],
                    self.places[here, 1],
                    s=SIZE * (0.6 if side == 0 else 1),
                    c=colours[here],
                    marker=marker,
                    edgecolors=BLACK,
                    linewidths=widths[here],
                    zorder=3,
                )
                self._groups.append(made)
        if wrong is not None and len(wrong):
            ring = self.axes.scatter(
                self.places[wrong, 0],
                self.places[wrong, 1], s=3 * SIZE, marker="o", facecolors="none",
                edgecolors=RED, linewidths=2.5, zorder=2,
            )  # fmt: skip
            self._groups.append(ring)
        for name, value in zip(self._names, values, strict=True):
            name.set_color("white" if value > 0.6 else BLACK)

    @staticmethod
    def _colour(value: float) -> tuple[float, ...]:
        if value == 0:
            return (1.0, 1.0, 1.0)
        share = FAINTEST + (1 - FAINTEST) * min(abs(value), 1)
        full = to_rgb(LOOKS[int(value > 0)][0])
        return tuple(1 - share * (1 - part) for part in full)


def leanings(scores: Array) -> Array:
    """Return from scores of two sides, shape (nodes, 2), who leans where: -1 to 1, 0 unknown.

    Examples
    --------
    >>> leanings(np.array([[0.5, 0.0], [0.1, 0.3], [0.0, 0.0]])).tolist()
    [-1.0, 0.5, 0.0]
    """
    total = scores.sum(axis=1)
    gap: Array = (scores[:, 1] - scores[:, 0]) / np.where(total > 0, total, 1)
    return gap.round(12)  # a tie is a tie


def name_sides(axes: Axes) -> None:
    """Say which mark stands for which side."""
    marks = [
        Line2D([], [], ls="", marker=mark, ms=9, color=color, mec=BLACK, label=f"with {name}")
        for name, (color, mark) in zip(SIDES, LOOKS, strict=True)
    ]
    axes.legend(handles=marks, loc="lower right", fontsize=9, frameon=False)
