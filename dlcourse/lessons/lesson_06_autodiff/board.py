"""Lesson 06's board: the backward pass of a graph, one contribution at a time."""

from collections.abc import Callable, Mapping

import ipywidgets

from dlcourse.figures import new_figure
from dlcourse.figures.style import DRAWING
from dlcourse.lessons.lesson_06_autodiff.graph import (
    check_size,
    draw_graph,
    graph_in_words,
    graph_size,
)
from dlcourse.lessons.lesson_06_autodiff.steps import backward_steps
from dlcourse.nn.autodiff import Value
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row


def twice_used() -> Value:
    """Return (a * b) + (b + c), the example of the lesson: b is used twice."""
    a, b, c = Value(2, "a"), Value(-3, "b"), Value(10, "c")
    return _named((a * b) + (b + c), "L")


def square_sum() -> Value:
    """Return x * x + x: one node uses x twice, another once more."""
    x = Value(3, "x")
    return _named(x * x + x, "L")


def short_and_long_way() -> Value:
    """Return v + tanh(v) for v = a * b: v is an input of L, and of an input of L."""
    v = _named(Value(0.5, "a") * Value(2, "b"), "v")
    return _named(v + v.tanh(), "L")


def one_neuron() -> Value:
    """Return the output of hidden unit h1 of lesson 05."""
    i1, i2, b1 = Value(0.1, "i1"), Value(0.5, "i2"), Value(0.25, "b1")
    w1, w3 = Value(0.1, "w1"), Value(0.3, "w3")
    return _named((w1 * i1 + w3 * i2 + b1).sigmoid(), "out")


EXPRESSIONS = {
    "(a * b) + (b + c)": twice_used,
    "x * x + x": square_sum,
    "v + tanh(v), v = a * b": short_and_long_way,
    "sigmoid(w1 * i1 + w3 * i2 + b1)": one_neuron,
}


class AutodiffBoard(Board):
    """A graph, and buttons to walk through its backward pass.

    Parameters
    ----------
    expressions : mapping of str to callable, optional
        What there is to choose from; each function returns the result as a `Value`. Four
        small ones by default.

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
    """

    def __init__(self, expressions: Mapping[str, Callable[[], Value]] | None = None) -> None:
        self._expressions = dict(expressions or EXPRESSIONS)
        self._choice = ipywidgets.Dropdown(
            options=list(self._expressions), description="Expression", tooltip="what to compute"
        )
        self._figure, self._axes = new_figure()
        self._said = ipywidgets.HTML()
        self._live = LiveFigure(self._figure, "The graph of a computation.")
        controls = row(
            button("Step", "add the next contribution", self.step),
            button("Back", "take the last contribution away", self.back),
            button("Start", "go back to where all gradients are 0", self.start),
            button("End", "add all contributions", self.end),
            self._choice,
        )
        super().__init__([controls, self._live, self._said], "a backward pass, step by step")
        self._choice.observe(lambda change: self.choose(change["new"]), names="value")
        self.choose(self._choice.value)

    def choose(self, name: str) -> None:
        """Take another expression, and start it from zero gradients."""
        self._choice.value = name
        root = self._expressions[name]()
        check_size(root)
        with DRAWING:
            self._graph, self._moments = backward_steps(root)
            self._figure.set_size_inches(*graph_size(self._graph))
            self.start()

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

    def _go_to(self, position: int) -> None:
        last = len(self._moments) - 1
        self.position = min(max(position, 0), last)
        moment = self._moments[self.position]
        with DRAWING:
            self._axes.clear()
            draw_graph(self._axes, self._graph, moment)
            self._live.redraw(graph_in_words(self._graph, moment))
        ended = " Every gradient is complete." if self.position == last else ""
        self.message = f"Step {self.position} of {last}. {moment.text}{ended}"
        self._said.value = f'<div role="status" style="min-height:3em">{self.message}</div>'


def _named(value: Value, name: str) -> Value:
    value.label = name
    return value
