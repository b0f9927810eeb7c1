"""Lesson 18's board: letters of your own, what a transformer answers, and who looked where."""

from collections.abc import Mapping
from html import escape
from typing import Any

import ipywidgets
import numpy as np

from dlcourse import nn
from dlcourse.figures import label, new_figure
from dlcourse.figures.style import BLACK, DRAWING, RED
from dlcourse.lessons.lesson_18_attention import models, tasks
from dlcourse.lessons.lesson_18_attention.figures import SHADES
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, LiveFigure, button, row

LONGEST = 24  # letters that the board takes


class AttentionBoard(Board):
    """Type letters, read the answer, point at a place to see where it looked.

    Parameters
    ----------
    networks : mapping of str to Sequential
        Trained transformers of one block, by the task that they were trained for.
    text : str
        To begin with.

    Attributes
    ----------
    answer : str
        What the network answers.
    weights : Array, shape (heads, places, places)
    place : int
        The place whose row is marked.
    """

    def __init__(self, networks: Mapping[str, nn.Sequential], text: str) -> None:
        self._networks = dict(networks)
        self.place = 0
        self.answer = ""
        self.weights: Array = np.zeros((1, 1, 1))
        with DRAWING:
            self._figure, axes = new_figure(1, 2, size=(3.4, 3.5))
            self._axes = axes
            self._live = LiveFigure(self._figure, "Attention maps.", on_point=self._point)
            self._live.panels = len(axes)  # a row means the same in each head
        self.task = ipywidgets.Dropdown(options=list(networks), description="Trained to")
        self.letters = ipywidgets.Text(
            value=text, description="Letters", continuous_update=False, placeholder="a to j"
        )
        self._said = ipywidgets.HTML()
        for control in (self.task, self.letters):
            control.observe(lambda change: self._show(), names="value")
        self._text = text
        shuffle = button("Shuffle", "put the same letters in another order", self.shuffle)
        shorter = button("Drop the last", "take off the last letter", self.shorten)
        back = button("First letters", "go back to the letters of the start", self.reset)
        self._rng = np.random.default_rng(0)
        self._show()
        super().__init__(
            [
                row(self.task, self.letters),
                *(row(shuffle, shorter, back), self._said, self._live),
            ],
            "attention maps of trained transformers, on letters of your own",
        )

    def shuffle(self) -> None:
        """Put the letters in another order."""
        codes = tasks.codes(self.letters.value)
        self.letters.value = tasks.words(self._rng.permutation(codes))

    def shorten(self) -> None:
        """Take off the last letter, as long as two are left."""
        text = tasks.words(tasks.codes(self.letters.value))
        self.letters.value = text[:-1] if len(text) > 1 else text

    def reset(self) -> None:
        """Go back to the start."""
        self.place = 0
        self.letters.value = self._text

    def _point(self, x: float, y: float) -> None:
        """Mark the row that the learner points at."""
        self.place = int(np.clip(round(y), 0, len(self.answer) - 1))
        self._show()

    def _show(self) -> None:
        text = tasks.words(tasks.codes(self.letters.value)[:LONGEST]) or "a"
        self._left_out = left_out(self.letters.value)
        codes = tasks.codes(text)[np.newaxis]
        model = self._networks[self.task.value]
        self.answer = tasks.words(model.predict(codes)[0].argmax(axis=-1))
        self.weights = models.attention_maps(model, codes)[0][0]
        self.right = tasks.words(tasks.answer(self.task.value, codes)[0])
        self.place = min(self.place, len(text) - 1)
        with DRAWING:
            for head, axes in enumerate(self._axes):
                self._draw(axes, head, text)
            said = self.sentence(text)
            self._said.value = f'<div role="status" style="min-height:4em">{said}</div>'
            self._live.redraw(said)

    def _draw(self, axes: Any, head: int, text: str) -> None:
        axes.clear()
        axes.imshow(self.weights[head], cmap=SHADES, vmin=0, vmax=1)
        size = 11 if len(text) < 18 else 9.5  # more find no room
        axes.set_xticks(range(len(text)), list(text), fontsize=size)
        ticks = axes.set_yticks(range(len(text)), list(self.answer), fontsize=size)
        for place, tick in enumerate(ticks):
            wrong = self.answer[place] != self.right[place]
            tick.label1.set(color=RED if wrong else BLACK, weight="bold" if wrong else "normal")
        axes.axhspan(self.place - 0.5, self.place + 0.5, fill=False, ec=RED, lw=1.5)
        label(axes, "letters that it read", "its answers" if head == 0 else "", f"Head {head + 1}")

    def sentence(self, text: str) -> str:
        """Say what was answered, what is wrong, and where the marked place looked."""
        wrong = sum(a != b for a, b in zip(self.answer, self.right, strict=True))
        looked = []
        for head, weights in enumerate(self.weights[:, self.place], 1):
            there = int(weights.argmax())
            looked.append(
                f"head {head} most at place {there} ({text[there]}, {weights[there]:.2f})"
            )
        verdict = "all right" if not wrong else f"{wrong} wrong, in bold"
        return escape(
            f"{self._left_out}Read: {text}. Answer: {self.answer} ({verdict}). "
            f"Place {self.place} looked: {'; '.join(looked)}."
        )


def left_out(typed: str) -> str:
    """Say what of the typed letters is not read, and why.

    >>> left_out("hello")
    'Only the letters a to j are read. '
    >>> left_out("bad cab")
    ''
    """
    read = len(tasks.codes(typed))
    if not read:
        return "Type letters from a to j. "
    unknown = "Only the letters a to j are read. " if read < len("".join(typed.split())) else ""
    return unknown + (f"Only the first {LONGEST} letters are read. " if read > LONGEST else "")
