"""The one helper behind every interactive figure: a kept Figure, redrawn into a picture.

The matplotlib Figure is built once and drawn again when a control moves. Only the
bytes of a PNG travel to the browser. Nothing is fetched from anywhere: the script
that shows the picture is the file beside this one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from matplotlib.figure import Figure

from dlcourse.figures import to_png

HERE = Path(__file__).parent


class LiveFigure(anywidget.AnyWidget):
    """A matplotlib Figure in the browser, which can be redrawn and pointed at.

    Parameters
    ----------
    figure : Figure
        Kept; change its artists, then call `redraw`.
    description : str
        One sentence: the alternative text of the picture.
    on_point : callable, optional
        Called with (x, y) in the data units of the first axes, when the learner clicks
        on the picture or presses Enter at the crosshair. Points outside the axes are
        ignored.
    """

    _esm = HERE / "live_figure.js"
    _css = HERE / "live_figure.css"
    png = traitlets.Bytes(b"").tag(sync=True)
    description = traitlets.Unicode("").tag(sync=True)
    accepts_points = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        figure: Figure,
        description: str,
        on_point: Callable[[float, float], None] | None = None,
    ) -> None:
        self.figure = figure
        self._on_point = on_point
        super().__init__(
            png=to_png(figure), description=description, accepts_points=on_point is not None
        )
        self.on_msg(self._receive)

    def redraw(self, description: str | None = None) -> None:
        """Render the figure as it is now and send it to the browser."""
        if description is not None:
            self.description = description
        self.png = to_png(self.figure)

    def point(self, x: float, y: float) -> None:
        """Act as if the learner had pointed at a place of the picture.

        Parameters
        ----------
        x, y : float
            Fractions of the picture's width and height, from its upper left corner.
        """
        axes = self.figure.axes[0]
        width, height = self.figure.bbox.size
        pixels = (x * width, (1 - y) * height)
        if self._on_point is not None and axes.bbox.contains(*pixels):
            data_x, data_y = axes.transData.inverted().transform(pixels)
            self._on_point(float(data_x), float(data_y))

    def _receive(self, widget: object, content: dict[str, Any], buffers: object) -> None:
        self.point(float(content["x"]), float(content["y"]))

    def __repr__(self) -> str:
        return f"Interactive figure: {self.description}"


class Board(ipywidgets.VBox):  # type: ignore[misc]
    """Controls and a live figure, one under the other, with a text form that never changes.

    Parameters
    ----------
    children : list of widgets
    name : str
        What the board is, for readers without a kernel.
    """

    def __init__(self, children: list[ipywidgets.Widget], name: str) -> None:
        super().__init__(children)
        self.name = name

    def __repr__(self) -> str:
        return f"Interactive board: {self.name} (run this notebook to use it)"


def interactive(
    figure: Figure,
    update: Callable[..., str | None],
    description: str,
    **controls: ipywidgets.ValueWidget,
) -> Board:
    """Tie controls to a figure: when one moves, `update` runs and the figure is redrawn.

    Parameters
    ----------
    figure : Figure
        Built once, by the caller.
    update : callable
        Called with the value of every control under its name. It changes the figure's
        artists; it may return a new description.
    description : str
        One sentence about the figure.
    controls : widgets
        Sliders and the like. One without a label gets its name as label, so that a
        screen reader has something to read.

    Returns
    -------
    Board

    Examples
    --------
    >>> from dlcourse.figures import new_figure
    >>> figure, axes = new_figure()
    >>> line, = axes.plot([0, 1], [0, 1])
    >>> slope = ipywidgets.FloatSlider(value=1.0, min=-2.0, max=2.0)
    >>> board = interactive(
    ...     figure, lambda slope: line.set_ydata([0, slope]), "a line with a slope", slope=slope
    ... )
    >>> slope.value = 2.0
    >>> float(line.get_ydata()[1])
    2.0
    """
    for name, control in controls.items():
        if not control.description:
            control.description = name.replace("_", " ")

    def values() -> dict[str, Any]:
        return {name: control.value for name, control in controls.items()}

    live = LiveFigure(figure, update(**values()) or description)

    def on_change(change: object) -> None:
        live.redraw(update(**values()))

    for control in controls.values():
        control.observe(on_change, names="value")
    return Board([*controls.values(), live], description)
