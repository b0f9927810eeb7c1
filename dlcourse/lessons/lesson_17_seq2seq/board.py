"""Lesson 17's board: a number becomes words, letter by letter, greedily and with a beam."""

from collections.abc import Mapping

import ipywidgets
import numpy as np

from dlcourse import nn
from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLUE, DRAWING
from dlcourse.lessons.lesson_17_seq2seq.figures import draw_weights
from dlcourse.lessons.lesson_17_seq2seq.tasks import (
    ALPHABET,
    DIGITS,
    FIRST,
    START,
    STOP,
    Rows,
    row_of,
    text_of,
)
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

LONGEST = 50  # letters that are written at most
MOST_DIGITS = 6  # that may be typed
ROOM = 42  # letters for which there is room at the start
SHOWN = 5  # next letters
NAMES = ["pad", "start", "stop", *ALPHABET.replace(" ", "·")]


class WriterBoard(Board):
    """A network that turns digits into words, to be watched letter by letter.

    Parameters
    ----------
    models : mapping of str to EncoderDecoder
        From digits to words, by name; the first is shown at the start.
    number : str
        The digits to begin with.

    Attributes
    ----------
    written : int
        How many letters have been written, the stop symbol included.
    """

    def __init__(self, models: Mapping[str, nn.EncoderDecoder], number: str = "9876") -> None:
        self.models = dict(models)
        self.written = 0
        with DRAWING:
            self._figure, (self._map, self._next) = new_figure(2, 1, size=(6.6, 2.3))
            self._live = LiveFigure(self._figure, "A network that writes.")
        self.number = ipywidgets.Text(value=number, description="Digits", continuous_update=False)
        self.network = ipywidgets.Dropdown(options=list(self.models), description="Network")
        self.width = ipywidgets.IntSlider(value=1, min=1, max=8, description="Beam")
        self._said = ipywidgets.HTML()
        for control in (self.number, self.network):
            control.observe(lambda change: self.begin(), names="value")
        self.width.observe(lambda change: self._search(), names="value")
        self.begin()
        self.finish()  # a still picture shows all of it
        super().__init__(
            [
                row(self.number, self.network, self.width),
                row(
                    button("Next letter", "write one letter", self.step),
                    button("All", "write to the end", self.finish),
                    button("Back", "take the last letter back", self.back),
                    button("Again", "begin anew", self.begin),
                ),
                *(self._said, self._live),
            ],
            "a network that turns digits into words, letter by letter",
        )

    def begin(self) -> None:
        """Read the digits, and write nothing yet."""
        with DRAWING:
            self.written = 0
            if self._read():
                self._search()
            else:
                for axes in (self._map, self._next):  # the picture was of another number
                    axes.clear()
                    axes.axis("off")
                self._say(f"Type 1 to {MOST_DIGITS} digits, such as 9876, then press Enter.")

    def step(self) -> None:
        """Write the next letter."""
        self.written = min(self.written + 1, len(self._symbols))
        self._draw()

    def back(self) -> None:
        """Take a letter back."""
        self.written = max(self.written - 1, 0)
        self._draw()

    def finish(self) -> None:
        """Write to the end."""
        self.written = len(self._symbols)
        self._draw()

    def _read(self) -> bool:
        """Read what is typed; tell whether it is a number."""
        digits = self.number.value.strip()
        right = 0 < len(digits) <= MOST_DIGITS and all(digit in DIGITS for digit in digits)
        self._digits = digits if right else ""
        self._symbols: list[int] = []
        return right

    def _search(self) -> None:
        """Find what the network will write, with a beam of this width."""
        if not self._digits:
            return
        with DRAWING:
            model = self.models[self.network.value]
            at_end = bool(self._symbols) and self.written == len(self._symbols)
            source: Rows = np.array([row_of(self._digits, DIGITS)])
            step = model.next_symbol(source)
            width = self.width.value
            self._symbols, self._log_p = nn.beam_search(step, START, STOP, width, LONGEST)
            given, _ = nn.teacher_forcing(np.array([[*self._symbols, STOP]]), START)
            encoded = model.encode(source)
            decoded = model.decode(given, encoded.state, encoded)
            powers = np.exp(decoded.logits[0] - decoded.logits[0].max(axis=1, keepdims=True))
            self._likely: Array = powers / powers.sum(axis=1, keepdims=True)
            self._weights = None if decoded.weights is None else decoded.weights[0]
            self.written = len(self._symbols) if at_end else min(self.written, len(self._symbols))
            self._draw()

    def _draw(self) -> None:
        if not self._digits:
            return
        with DRAWING:
            text = self._text()
            self._map.clear()
            if self._weights is None:
                self._map.axis("off")
                middle = {"ha": "center", "va": "center", "transform": self._map.transAxes}
                self._map.text(0.5, 0.6, text.replace(" ", "·") or "...", fontsize=13, **middle)
                self._map.text(0.5, 0.3, "It cannot look back.", fontsize=10, **middle)
            else:
                self._map.axis("on")
                weights = self._weights[: max(self.written, 1)]
                draw_weights(self._map, self._digits, text or " ", weights if text else weights * 0)
                self._map.set_xlim(-0.5, max(ROOM, len(text)) - 0.5)
                label(self._map, "written", "read", "Where it looked")
            self._draw_next()
            said = self.sentence()
            self._say(said)

    def _draw_next(self) -> None:
        """Draw the letters that are likeliest to come next."""
        self._next.clear()
        self._next.axis("on")
        p = self._likely[min(self.written, len(self._likely) - 1)]
        best = np.argsort(-p, kind="stable")[:SHOWN][::-1]
        self._next.barh(range(SHOWN), p[best], color=BLUE)
        self._next.set_yticks(range(SHOWN), [NAMES[i] for i in best], fontsize=11)
        self._next.set_xlim(0, 1)
        label(self._next, "probability", "", "Next letter")

    def _say(self, said: str) -> None:
        self._said.value = f'<div role="status" style="min-height:3em">{said}</div>'
        self._live.redraw(said)

    def _text(self) -> str:
        return text_of(self._symbols[: self.written], ALPHABET)

    def sentence(self) -> str:
        """Say what has been written, and what is likely to come."""
        text = self._text()
        if self._symbols[: self.written][-1:] == [STOP]:
            p = float(np.exp(self._log_p))
            return f'{self._digits}: "{text}". It gives this text the probability {p:.2g}.'
        p = self._likely[self.written]
        best = int(p.argmax())
        name = "a space" if best == FIRST + ALPHABET.index(" ") else NAMES[best]
        letters = "1 letter" if self.written == 1 else f"{self.written} letters"
        end = f" The board stops after {LONGEST} letters." if self.written == LONGEST else ""
        return (
            f'{self._digits}: "{text}" so far, {letters}. Likeliest next: {name}, '
            f"probability {p[best]:.2f}.{end}"
        )
