"""Lesson 06's board: the backward pass of any formula, one contribution at a time."""

import html

import ipywidgets

from dlcourse.figures import new_figure
from dlcourse.figures.style import DRAWING
from dlcourse.lessons.lesson_06_autodiff.formula import parse
from dlcourse.lessons.lesson_06_autodiff.graph import (
    check_size,
    draw_graph,
    graph_in_words,
    graph_size,
)
from dlcourse.lessons.lesson_06_autodiff.steps import backward_steps
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

# What to begin with: a formula, and the numbers a, b, c.
EXAMPLES = {
    "(a * b) + (b + c)": (2.0, -3.0, 10.0),
    "a * a + a": (3.0, 0.0, 0.0),
    "a * b + tanh(a * b)": (0.5, 2.0, 0.0),
    "sigmoid(0.1 * a + 0.5 * b + c)": (0.1, 0.3, 0.25),
}


class AutodiffBoard(Board):
    """A formula, three numbers, its graph, and buttons to walk through its backward pass.

    Attributes
    ----------
    position : int
        How many steps have been made.
    message : str
        What the board says under the picture.

    Examples
    --------
    >>> board = AutodiffBoard()
    >>> board.step()
    >>> board.message
    'Step 1 of 7. The gradient of L for itself is 1: the seed.'
    >>> board.show("a * b", a=3)
    >>> board.message
    'Step 0 of 3. Every gradient starts at 0.'
    """

    def __init__(self) -> None:
        self._formula = ipywidgets.Text(
            description="Formula",
            tooltip="type a formula of a, b and c, then press Enter",
            continuous_update=False,
            layout={"width": "340px"},
        )
        self._numbers = {name: _number_field(name) for name in "abc"}
        self._examples = ipywidgets.Dropdown(
            options=list(EXAMPLES), description="Example", tooltip="a formula to begin with"
        )
        self._figure, self._axes = new_figure()
        self._said = ipywidgets.HTML()
        self._live = LiveFigure(self._figure, "The graph of a computation.")
        self._setting = False
        buttons = row(
            button("Step", "add the next contribution", self.step),
            button("Back", "take the last contribution away", self.back),
            button("Start", "go back to where all gradients are 0", self.start),
            button("End", "add all contributions", self.end),
            self._examples,
        )
        super().__init__(
            [row(self._formula, *self._numbers.values()), buttons, self._live, self._said],
            "the backward pass of a formula, step by step",
        )
        self._examples.observe(lambda change: self._take(change["new"]), names="value")
        for field in (self._formula, *self._numbers.values()):
            field.observe(lambda change: self._changed(), names="value")
        self._take(self._examples.value)

    def show(self, formula: str, **numbers: float) -> None:
        """Take another formula, and other numbers if they are given; start from zero gradients."""
        self._setting = True
        try:
            self._formula.value = formula
            for name, number in numbers.items():
                self._numbers[name].value = number
        finally:
            self._setting = False
        self._changed()

    def step(self) -> None:
        """Add the next contribution, or say that there is none."""
        self._go_to(self.position + 1)

    def back(self) -> None:
        """Take the last contribution away."""
        self._go_to(self.position - 1)

    def start(self) -> None:
        """Go back to where all gradients are zero."""
        self._go_to(0)

    def end(self) -> None:
        """Add all contributions."""
        self._go_to(len(self._moments) - 1)

    def _take(self, example: str) -> None:
        self.show(example, **dict(zip("abc", EXAMPLES[example], strict=True)))

    def _changed(self) -> None:
        """Draw what the fields say; where they say nothing, say why and keep the picture."""
        if self._setting:
            return
        numbers = {name: field.value for name, field in self._numbers.items()}
        try:
            root = parse(self._formula.value, numbers)
            check_size(root)
        except ValueError as error:
            self._say(f"{error} The picture still shows the last formula that could be computed.")
            return
        with DRAWING:
            self._graph, self._moments = backward_steps(root)
            self._figure.set_size_inches(*graph_size(self._graph))
            self.start()

    def _go_to(self, position: int) -> None:
        last = len(self._moments) - 1
        self.position = min(max(position, 0), last)
        moment = self._moments[self.position]
        with DRAWING:
            self._axes.clear()
            draw_graph(self._axes, self._graph, moment)
            self._live.redraw(graph_in_words(self._graph, moment))
        ended = " Every gradient is complete." if self.position == last else ""
        self._say(f"Step {self.position} of {last}. {moment.text}{ended}")

    def _say(self, message: str) -> None:
        self.message = message
        text = html.escape(message, quote=False)
        self._said.value = f'<div role="status" style="min-height:3em">{text}</div>'


def _number_field(name: str) -> ipywidgets.FloatText:
    return ipywidgets.FloatText(
        description=name,
        tooltip=f"the number {name}",
        layout={"width": "130px"},
        style={"description_width": "20px"},
    )
