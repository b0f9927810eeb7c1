"""How every figure of the course looks, and how it is shown: with a description.

Figures are built on `matplotlib.figure.Figure` and not on pyplot, so that none is
drawn twice, none is left open, and none depends on what was drawn before it.
"""

from html import escape
from io import BytesIO
from threading import RLock
from typing import Any

from IPython.display import HTML, display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart with every common kind of colour blindness.
# Colour is never the only signal: points carry a shape as well, lines a style.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, RED, YELLOW, BLACK, GREY = "#56B4E9", "#D55E00", "#F0E442", "#222222", "#8A8A8A"
CYCLE = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
DIVERGING = "PuOr"  # for values with a meaningful zero

NEGATIVE = (ORANGE, "o")  # colour and marker of the class labelled -1 or 0
POSITIVE = (BLUE, "s")  # and of the class labelled +1 or 1

# The summary keeps its keys: with the focus on it, JupyterLab would cut the cell at an x.
FOLDED = (
    '<details><summary data-lm-suppress-shortcuts="true"><small>Description</small></summary>'
    "<p>{}</p></details>"
)

DPI = 100  # keeps a committed notebook well under a megabyte

# Held by whoever changes or renders a Figure. JupyterLab may deliver clicks on another thread than
# the one that runs cells (`dlcourse lab` does not, decision 29), and matplotlib is not made for
# two: a Figure that both draw stays white for good.
DRAWING = RLock()


def new_figure(
    rows: int = 1, columns: int = 1, *, size: tuple[float, float] = (4.8, 3.6), **options: Any
) -> tuple[Figure, Any]:
    """Make a figure with a grid of axes in the style of the course.

    Parameters
    ----------
    rows, columns : int
        Shape of the grid.
    size : tuple of float
        Width and height of one axes, in inches.
    options
        Passed on to `Figure.subplots`.

    Returns
    -------
    figure : Figure
    axes : Axes or array of Axes
        As `Figure.subplots` returns them.
    """
    figsize = (size[0] * columns, size[1] * rows)
    figure = Figure(figsize=figsize, dpi=DPI, layout="constrained", facecolor="white")
    axes = figure.subplots(rows, columns, **options)
    for one in figure.axes:
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes


def label(axes: Axes, x: str, y: str, title: str = "") -> None:
    """Name both axes, with their units, and give the axes a title that says the point."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title, loc="left", fontsize=11)


def describe(figure: Figure, description: str) -> Figure:
    """Attach the sentences that stand in for the figure where it cannot be seen.

    Raises
    ------
    ValueError
        If the description is shorter than a sentence: it must say what is to be seen.

    Examples
    --------
    >>> figure, axes = new_figure()
    >>> describe(figure, "A straight line through the origin.").description
    'A straight line through the origin.'
    """
    if len(description.split()) < 4:
        raise ValueError(f"describe what the figure shows in a sentence, got {description!r}")
    figure.description = description  # type: ignore[attr-defined]
    return figure


class Picture:
    """What a notebook keeps of a figure: the picture, with its description as other text."""

    def __init__(self, figure: Figure) -> None:
        description = getattr(figure, "description", None)
        if description is None:
            raise ValueError("this figure has no description: call figures.describe(figure, '...')")
        self.description: str = description
        self.png = to_png(figure)

    def __repr__(self) -> str:
        return self.description

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return self.png, {"alt": self.description}


def show(figure: Figure) -> None:
    """Display a figure of the course, and its description folded under it.

    The description is the picture's alternative text and its plain-text form. JupyterLab gives
    pictures no alternative text, so it stands in the page, too: for a screen reader, and for
    whoever opens it.

    Raises
    ------
    ValueError
        If `describe` was not called on the figure.
    """
    picture = Picture(figure)
    display(picture, HTML(FOLDED.format(escape(picture.description))))


def to_png(figure: Figure) -> bytes:
    """Render a figure as the bytes of a PNG picture."""
    buffer = BytesIO()
    with DRAWING:
        figure.savefig(buffer, format="png")
    return buffer.getvalue()
