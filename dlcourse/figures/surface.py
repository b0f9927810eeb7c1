"""Draw what a network answers over a plane, and the points of two classes on it.

Points of class 0 are orange discs, points of class 1 blue squares; values are orange
where they are low, blue where they are high, and white in the middle.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from dlcourse.figures.style import BLACK, BLUE, NEGATIVE, ORANGE, POSITIVE
from dlcourse.nn.contract import Array

BANDS = 8  # shades on either side of white
PALETTE = LinearSegmentedColormap.from_list("classes", [ORANGE, "white", BLUE])


def draw_surface(
    axes: Axes, values: Array, box: tuple[float, float, float, float], *, sharp: bool = False
) -> None:
    """Draw values of a plane, -1 orange to 1 blue, and the boundary where they are zero.

    The colours stay paler than those of points, so that points on them can be seen.

    Parameters
    ----------
    axes : Axes
    values : Array, shape (rows, columns)
        From the upper left corner, as `plane` orders its points.
    box : tuple of float
        Left, right, bottom and top.
    sharp : bool
        Two pale colours, for the answer alone.
    """
    if sharp:
        values = 0.5 * np.where(values > 0, 1.0, -1.0)
    bands = np.rint(BANDS * values) / BANDS  # a picture of few colours is a small file
    axes.imshow(
        bands, cmap=PALETTE, vmin=-1.5, vmax=1.5, extent=box, aspect="auto", interpolation="nearest"
    )
    if values.min() < 0 < values.max():
        axes.contour(values[::-1], levels=[0], extent=box, colors=BLACK, linewidths=1.3, zorder=1)


def draw_classes(axes: Axes, x: Array, y: Array, size: float = 46) -> None:
    """Draw points, shape (batch, 2), of class 0 (orange discs) and class 1 (blue squares)."""
    for value, (color, marker) in {0: NEGATIVE, 1: POSITIVE}.items():
        chosen = x[np.ravel(y) == value]
        axes.scatter(
            chosen[:, 0], chosen[:, 1], s=size, c=color, marker=marker,
            edgecolors="white", linewidths=min(0.8, size / 30), zorder=3,
        )  # fmt: skip
