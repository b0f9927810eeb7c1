"""Lesson 05's board: follow one step of training through a network, number by number.

Python computes all steps at once and sends them to the browser; stepper.js shows
them one by one, so that a key press needs no answer from Python. Only an edited number does.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from dlcourse.lessons.lesson_05_backpropagation.formula import html, split_name, spoken
from dlcourse.lessons.lesson_05_backpropagation.layout import CELL, NARROW, WIDE, Layout, lay_out
from dlcourse.lessons.lesson_05_backpropagation.network import Names, SmallNetwork
from dlcourse.lessons.lesson_05_backpropagation.steps import Step, Trace, short, trace_network
from dlcourse.nn import Sequential
from dlcourse.nn.losses import Loss, get_loss
from dlcourse.widgets.board import FROM_BROWSER, ScriptBoard
from dlcourse.widgets.files import script, stylesheet

HERE = Path(__file__).parent
RATE = "η"  # the learning rate, among the numbers that can be edited
DIGITS = 10  # of the value of a step; the drawing shows five


class BackpropStepper(ScriptBoard):
    """A small network with all its numbers, to be stepped forward, backward and updated.

    Parameters
    ----------
    model : Sequential
        Up to three `Dense` layers of up to four units, each followed by one `Activation` or
        none. It is copied, not changed.
    x, t : array, shape (inputs,) and (outputs,)
        One example and its targets.
    loss : Loss or str
        The half squared error or the mean squared error.
    learning_rate : float
        Of the update.
    train_biases : bool
        Whether the update moves the biases, too.
    weight_names, bias_names : sequence, optional
        As `SmallNetwork` takes them. Units whose biases have one name share one bias.

    Attributes
    ----------
    trace : Trace
        The steps of the numbers that are shown.
    position : int
        Of the step that is shown; -1 when nothing is computed yet.
    followed : str
        A weight or bias: only the steps that lead to it are shown. "" shows all.
    updates : int
        Steps of training taken since the start.

    Examples
    --------
    >>> from dlcourse.nn import Dense
    >>> model = Sequential([Dense(1)], input_shape=(1,), dtype=np.float64)
    >>> model.set_weights([[[3.0]], [1.0]])
    >>> stepper = BackpropStepper(model, [2.0], [5.0], learning_rate=0.1)
    >>> stepper.take_update()
    'Update 1: E fell from 2 to 0.5.'
    >>> stepper.set("w1", 3.0)
    'w1 is 3 now, and E is 1.62.'
    """

    what = "backpropagation, step by step"
    _esm = script(HERE / "stepper.js")
    still = HERE / "stepper.png"
    _css = stylesheet("backprop-stepper", HERE / "stepper.css")

    drawing = traitlets.Dict().tag(sync=True)  # where everything goes; never changes
    content = traitlets.Dict().tag(sync=True)  # numbers and words; new after every edit
    position = traitlets.Int(-1).tag(**FROM_BROWSER)
    followed = traitlets.Unicode("").tag(**FROM_BROWSER)

    def __init__(
        self,
        model: Sequential,
        x: ArrayLike,
        t: ArrayLike,
        *,
        loss: Loss | str = "half_squared_error",
        learning_rate: float = 0.5,
        train_biases: bool = True,
        weight_names: Sequence[Names] | None = None,
        bias_names: Names | None = None,
    ) -> None:
        self._network = SmallNetwork(model, x, t, weight_names, bias_names)
        self._loss = get_loss(loss)
        self._learning_rate = learning_rate
        self._train_biases = train_biases
        self._start = self.numbers()
        self.updates = 0
        self._edition = 0
        self.trace = self._trace()
        super().__init__(
            drawing=_drawing(self.trace), content=self._content("Press Next, or the right arrow.")
        )

    def numbers(self) -> dict[str, float]:
        """Return every number that can be edited, by name."""
        return self._network.numbers() | {RATE: self._learning_rate}

    @property
    def error(self) -> float:
        """The error E with the numbers as they are."""
        return self.trace.steps[self.trace.find("E")].value

    def set(self, name: str, value: float) -> str:
        """Change an input, target, weight, bias or the learning rate; return what to say.

        Raises
        ------
        ValueError
            If there is nothing of this name, or the value is not finite.
        """
        if name == RATE:
            if not np.isfinite(value):
                raise ValueError(f"the learning rate must be a finite number, got {value}")
            self._learning_rate = float(value)
        else:
            self._network.set(name, value)
        return self._show(f"{name} is {short(value)} now, and E is ", end=".")

    def take_update(self) -> str:
        """Give every parameter its new value; return what became of the error."""
        before = self.error
        for step in self.trace.steps:
            if step.phase == "update":
                self._network.set(step.place, step.value)
        self.updates += 1
        self.trace = self._trace()
        moved = "fell" if self.error < before else "rose" if self.error > before else "stayed"
        self.position = self.trace.find("E")
        return self._show(f"Update {self.updates}: E {moved} from {short(before)} to ", end=".")

    def reset(self) -> str:
        """Go back to the numbers of the start."""
        for name, value in self._start.items():
            if name != RATE:
                self._network.set(name, value)
        self._learning_rate = self._start[RATE]
        self.updates = 0
        self.position = -1
        return self._show("Back at the start: E is ", end=".")

    def _show(self, message: str, end: str) -> str:
        """Compute all steps again and send them; the message ends with the error."""
        self.trace = self._trace()
        message += short(self.error) + end
        self.content = self._content(message)
        return message

    def _trace(self) -> Trace:
        return trace_network(self._network, self._loss, self._learning_rate, self._train_biases)

    def _content(self, message: str) -> dict[str, Any]:
        numbers = self.numbers()
        self._edition += 1  # an answer is sent, also where it is the same as the one before
        return {
            "edition": self._edition,
            "message": message,
            "numbers": numbers,
            "given": {name: short(value) for name, value in numbers.items()},
            "steps": [_as_shown(self.trace, step) for step in self.trace.steps],
            "follow": {name: self.trace.follow(name) for name in self.trace.parameters},
        }

    def receive(self, content: dict[str, Any]) -> None:
        """Do what the learner asked for in the browser."""
        if content.get("take"):
            self.take_update()
        elif content.get("reset"):
            self.reset()
        elif "set" in content:
            name, value = content["set"]
            self.set(name, float(value))


def _drawing(trace: Trace) -> dict[str, Any]:
    """Return the layout in both forms, and every name as a base and an index."""
    layouts = {"wide": lay_out(trace, WIDE), "narrow": lay_out(trace, NARROW)}
    names = [*trace.given, *(cell.name for cell in layouts["wide"].cells)]
    return {
        "names": {name: list(split_name(name)) for name in names},
        "layouts": {form: _places(layout) for form, layout in layouts.items()},
    }


def _places(layout: Layout) -> dict[str, Any]:
    """Return a layout as the browser needs it."""
    return {
        "size": [layout.width, layout.height],
        "cell": [layout.form.cell, CELL[1]],
        "label": layout.form.label,
        "cells": [cell._asdict() for cell in layout.cells],
        "links": [link._asdict() for link in layout.links],
        "tags": [tag._asdict() for tag in layout.tags],
        "headings": [heading._asdict() for heading in layout.headings],
    }


def _as_shown(trace: Trace, step: Step) -> dict[str, Any]:
    """Return a step as the browser shows it and says it."""
    value, long = short(step.value), short(step.value, DIGITS)
    equals = [html(step.formula), html(step.numbers), html(long)]
    lines = list(dict.fromkeys(equals))  # a slope of 1 is 1, and need not be said twice
    said = f"{spoken(step.symbol)} equals {spoken(step.numbers)} equals {spoken(value)}"
    return {
        "phase": step.phase,
        "place": step.place,
        "slot": step.slot,
        "symbol": html(step.symbol),
        "lines": lines,
        "value": value,
        "reads": sorted(trace.places(step.reads)),
        "sentence": step.sentence,
        "spoken": f"{said}. {step.sentence}",
    }
