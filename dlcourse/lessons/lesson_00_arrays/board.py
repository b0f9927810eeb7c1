"""Lesson 00's boards: two shapes to type and how they line up, and a timeline to walk along."""

import html
import math

import ipywidgets

from dlcourse.figures import new_figure
from dlcourse.figures.style import BLACK, BLUE, DRAWING, GREY, RED
from dlcourse.lessons.lesson_00_arrays.events import EVENTS
from dlcourse.lessons.lesson_00_arrays.figures import draw_line_up, draw_timeline
from dlcourse.lessons.lesson_00_arrays.shapes import Shape, line_up, read_shape
from dlcourse.widgets.live_figure import Board, LiveFigure, interactive

EXAMPLES = {
    "a row to each row": ("2, 3", "3"),
    "a column to each column": ("2, 3", "2, 1"),
    "the trap": ("100, 1", "100"),
    "no fit": ("2, 3", "2"),
    "all pairs of images": ("360, 1, 64", "1437, 64"),
}


class BroadcastBoard(Board):
    """Two shapes to type; how they line up, and what comes out.

    Attributes
    ----------
    a, b : Text
        The shapes as they are typed.
    result : tuple of int or None
        What comes out; None where the shapes do not fit or are none.
    said : str
        The sentence under the shapes.
    """

    def __init__(self) -> None:
        figure, self._axes = new_figure(size=(6.4, 2.7))
        self.example = ipywidgets.Dropdown(options=list(EXAMPLES), description="Example")
        self.a = ipywidgets.Text(description="Shape a")
        self.b = ipywidgets.Text(description="Shape b")
        self._line = ipywidgets.HTML()
        self.result: Shape | None = None
        self.said = ""
        with DRAWING:
            draw_line_up(self._axes, (2, 3), (3,))
            self._live = LiveFigure(figure, "Two shapes and how they line up.")
        self._fill()
        self.example.observe(lambda change: self._fill(), names="value")
        for text in (self.a, self.b):
            text.observe(lambda change: self._typed(), names="value")
        super().__init__(
            [self.example, self.a, self.b, self._line, self._live],
            "two shapes and how they line up",
        )

    def _fill(self) -> None:
        if self.example.value is None:
            return
        self._filling = True
        self.a.value, self.b.value = EXAMPLES[self.example.value]
        self._filling = False
        self._show()

    def _typed(self) -> None:
        if not self._filling:
            self.example.value = None  # what is typed is no example, and each can be chosen again
            self._show()

    def _show(self) -> None:
        try:
            a, b = read_shape(self.a.value), read_shape(self.b.value)
        except ValueError as problem:
            self.result = None
            self._say(str(problem))
            return
        lengths = [column.length for column in line_up(a, b)]
        known = tuple(length for length in lengths if length is not None)
        self.result = known if len(known) == len(lengths) else None
        self._say(sentence(a, b, self.result))
        with DRAWING:
            draw_line_up(self._axes, a, b)
            self._live.redraw(self.said)

    def _say(self, said: str) -> None:
        self.said = said
        self._line.value = f'<div role="status" style="min-height:3em">{html.escape(said)}</div>'


def sentence(a: Shape, b: Shape, result: Shape | None) -> str:
    """Say what comes out of two shapes, and how many numbers that is.

    Examples
    --------
    >>> sentence((2, 3), (3,), (2, 3))
    '(2, 3) and (3,) give (2, 3): 6 + 3 numbers become 6.'
    """
    if result is None:
        count = max(len(a), len(b))
        clashes = [
            f"axis {place - count}: {column.a} meets {column.b}"
            for place, column in enumerate(line_up(a, b))
            if column.length is None
        ]
        return f"{a} and {b} do not fit. On {', on '.join(clashes)}."
    numbers = f"{math.prod(a):,} + {math.prod(b):,} numbers become {math.prod(result):,}"
    return f"{a} and {b} give {result}: {numbers}."


def timeline_board() -> Board:
    """Return the timeline with a slider that walks from event to event."""
    figure, axes = new_figure(size=(6.4, 4.8))
    with DRAWING:
        drawn = draw_timeline(axes)
    words = ipywidgets.HTML()
    slider = ipywidgets.IntSlider(value=1, min=1, max=len(EVENTS), description="Event")

    def update(event: int) -> str:
        now = EVENTS[event - 1]
        for number, (dot, name) in enumerate(drawn, start=1):
            here, past = number == event, number <= event
            dot.set(color=RED if here else BLUE if past else GREY, markersize=11 if here else 6)
            name.set(color=RED if here else BLACK, fontweight="bold" if here else "normal")
        said = f"{now.year}, {now.name}. {now.text} Source: {now.source}."
        words.value = f'<div role="status" style="min-height:3em">{html.escape(said)}</div>'
        return said

    board = interactive(figure, update, "a timeline from 1943 to 2017", event=slider)
    board.children = (slider, words, board.children[-1])
    return board
