"""The one helper behind every board without a script of its own: a kept Figure, redrawn.

The matplotlib Figure is built once and drawn again when a control moves. Only the
bytes of a PNG travel to the browser. Nothing is fetched from anywhere: the script
that shows the picture is the file beside this one.

Whatever changes the Figure holds `DRAWING`: the controls of `interactive`, `on_point` and
`on_tick`, and `button` do it by themselves.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets
from matplotlib.figure import Figure

from dlcourse.figures import to_png
from dlcourse.figures.style import DRAWING
from dlcourse.widgets.files import script
from dlcourse.widgets.still import with_still

HERE = Path(__file__).parent


class LiveFigure(anywidget.AnyWidget):
    """A matplotlib Figure in the browser, which can be redrawn, pointed at and played.

    Parameters
    ----------
    figure : Figure
        Kept; change its artists, then call `redraw`.
    description : str
        One sentence: the alternative text of the picture.
    on_point : callable, optional
        Called with (x, y) in the data units of the axes, when the learner clicks on the
        picture or presses Enter at the crosshair. Points outside the first axes are
        ignored; see `panels`.
    on_tick : callable, optional
        Called over and over while `playing` is true, `pace` milliseconds after it has returned.

    Attributes
    ----------
    playing : bool
    pace : int
    drags : bool
        Whether a pressed mouse goes on pointing as it moves, each time the last picture has come.
    panels : int
        How many of the figure's axes can be pointed at; the first alone, unless it is set.
    """

    _esm = script(HERE / "live_figure.js")
    _css = HERE / "live_figure.css"
    png = traitlets.Bytes(b"").tag(sync=True)
    description = traitlets.Unicode("").tag(sync=True)
    accepts_points = traitlets.Bool(False).tag(sync=True)
    drags = traitlets.Bool(False).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    pace = traitlets.Int(400).tag(sync=True)
    ticks = traitlets.Int(0).tag(sync=True)  # answered

    def __init__(
        self,
        figure: Figure,
        description: str,
        on_point: Callable[[float, float], None] | None = None,
        on_tick: Callable[[], None] | None = None,
    ) -> None:
        self.figure = figure
        self._on_point = on_point
        self._on_tick = on_tick
        self.panels = 1
        super().__init__(
            png=to_png(figure), description=description, accepts_points=on_point is not None
        )
        self.on_msg(self._receive)

    def redraw(self, description: str | None = None) -> None:
        """Render the figure as it is now and send it to the browser."""
        with DRAWING:
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
        with DRAWING:
            width, height = self.figure.bbox.size
            pixels = (x * width, (1 - y) * height)
            hit = [a for a in self.figure.axes[: self.panels] if a.bbox.contains(*pixels)]
            if self._on_point is not None and hit:
                data_x, data_y = hit[0].transData.inverted().transform(pixels)
                self._on_point(float(data_x), float(data_y))

    def tick(self) -> None:
        """Act as if it were time for the next picture."""
        with DRAWING:
            if self.playing and self._on_tick is not None:
                self._on_tick()
                self.ticks += 1

    def _receive(self, widget: object, content: dict[str, Any], buffers: object) -> None:
        if "tick" in content:
            self.tick()
        else:
            self.point(float(content["x"]), float(content["y"]))

    def __repr__(self) -> str:
        return f"Interactive figure: {self.description}"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return with_still(super()._repr_mimebundle_(**options), self.png)


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
        self.add_class("dlcourse-box")  # the live figure looks after the keys in it
        self.name = name

    def __repr__(self) -> str:
        return f"Interactive board: {self.name} (run this notebook to use it)"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        pictures = [child.png for child in self.children if isinstance(child, LiveFigure)]
        picture = pictures[0] if pictures else None
        return with_still(super()._repr_mimebundle_(**options), picture)


def button(name: str, tooltip: str, action: Callable[[], None]) -> ipywidgets.Button:
    """Make a button of a board; its action may change figures.

    Parameters
    ----------
    name, tooltip : str
        What it says, and what it does, for those who ask.
    action : callable
    """

    def on_click(widget: object) -> None:
        with DRAWING:
            action()

    made = ipywidgets.Button(description=name, tooltip=tooltip)
    made.layout.width = "auto"
    made.on_click(on_click)
    return made


def row(*children: ipywidgets.Widget) -> ipywidgets.HBox:
    """Put controls side by side; what finds no room goes into the next line."""
    return ipywidgets.HBox(children, layout=ipywidgets.Layout(flex_flow="row wrap"))


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

    with DRAWING:
        live = LiveFigure(figure, update(**values()) or description)

    def on_change(change: object) -> None:
        with DRAWING:
            live.redraw(update(**values()))

    for control in controls.values():
        control.observe(on_change, names="value")
    return Board([*controls.values(), live], description)
