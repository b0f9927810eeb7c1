"""Lesson 16's board: look into an LSTM as it reads, and hold its gates by hand.

Python computes every number of a run at once and sends them to the browser; inspector.js
draws them, so that a key press needs no answer from Python. Only a held gate does: the run is
then computed anew.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from dlcourse.lessons.lesson_16_lstm.trace import GATES, Hold, LSTMTrace, trace_lstm
from dlcourse.nn import LSTM, Sequential
from dlcourse.nn.contract import Array
from dlcourse.widgets.board import FROM_BROWSER, ScriptBoard
from dlcourse.widgets.files import script, stylesheet

HERE = Path(__file__).parent
GATE_NAMES = {"i": "input gate", "f": "forget gate", "o": "output gate"}


class GateInspector(ScriptBoard):
    """An LSTM and its readout, run over a sequence; every number of every step to be seen.

    Parameters
    ----------
    model : Sequential
        Its first layer is an `LSTM` that returns sequences; the layers behind it read the
        hidden state of each step.
    sequences : mapping of str to Array of shape (time, in_features)
        What can be read, by name. The first one is read at first.
    read_input : callable
        ``read_input(row) -> str``: what a row of a sequence is called.
    read_outputs : callable
        ``read_outputs(outputs) -> sequence of str``: what the outputs (time, ...) of the model
        say at each step.

    Attributes
    ----------
    trace : LSTMTrace
        The numbers that are shown.
    answers : list of str
        What the model says at each step.
    holds : list of Hold
        The gates that are held.
    sequence : str
        Name of the sequence that is read.
    position, unit : int
        The step and the unit that are shown.

    Raises
    ------
    ValueError
        If the model does not begin with such a layer, or there is no sequence.

    Examples
    --------
    >>> layers = [LSTM(2, return_sequences=True)]
    >>> model = Sequential(layers, input_shape=(3, 1), seed=0)
    >>> x = {"ones": np.ones((3, 1), np.float32)}
    >>> inspector = GateInspector(model, x, str, lambda h: ["" for _ in h])
    >>> inspector.hold("f", 0, step=1)
    'The forget gate of unit 0 is held at 0 at step 1. No answer changed.'
    >>> inspector.trace.gates[1, 1, 0]
    np.float32(0.0)
    """

    what = "inside an LSTM, gate by gate"
    _esm = script(HERE / "inspector.js")
    still = HERE / "inspector.png"
    _css = stylesheet("gate-inspector", HERE / "inspector.css")

    content = traitlets.Dict().tag(sync=True)  # numbers and words; new after every edit
    position = traitlets.Int(0).tag(**FROM_BROWSER)
    unit = traitlets.Int(0).tag(**FROM_BROWSER)

    def __init__(
        self,
        model: Sequential,
        sequences: Mapping[str, Array],
        read_input: Callable[[Array], str],
        read_outputs: Callable[[Array], Sequence[str]],
    ) -> None:
        first = model.layers[0]
        if not isinstance(first, LSTM) or not first.return_sequences or first.go_backwards:
            raise ValueError(
                "the model must begin with LSTM(..., return_sequences=True) that reads forward, "
                f"got {first!r}"
            )
        if not sequences:
            raise ValueError("there must be a sequence to read, got none")
        self.model = model
        self.lstm = first
        self.sequences = dict(sequences)
        self._read_input, self._read_outputs = read_input, read_outputs
        self.holds: list[Hold] = []
        self._edition = 0
        self.sequence = next(iter(self.sequences))
        self.trace, self.answers = self._run(self.holds)
        super().__init__(content=self._content("Step with the arrow keys, or point at a step."))

    def read(self, sequence: str) -> str:
        """Read another sequence, all gates let go; return what to say.

        Raises
        ------
        ValueError
            If there is none of this name.
        """
        if sequence not in self.sequences:
            raise ValueError(f"the sequences are {list(self.sequences)}, got {sequence!r}")
        self.holds = []
        self.sequence = sequence
        self.trace, self.answers = self._run(self.holds)
        self.position = min(self.position, len(self.trace.x) - 1)
        return self._show(f"Reading {sequence}: {len(self.trace.x)} steps.")

    def hold(
        self, gate: str, value: float | None, *, step: int | None = None, all_units: bool = False
    ) -> str:
        """Hold a gate of the unit that is shown, or of all units; return what to say.

        Parameters
        ----------
        gate : {"i", "f", "o"}
        value : float, optional
            0 is shut, 1 is open; None lets go.
        step : int, optional
            Without it the gate is held at every step.
        all_units : bool
            In every unit, not only in the one that is shown.

        Raises
        ------
        ValueError
            If there is no such gate or step, or the value is outside [0, 1].
        """
        new = Hold(gate, value, step, None if all_units else self.unit)
        holds = [hold for hold in self.holds if not _covers(new, hold)]
        if value is not None or holds:
            holds.append(new)
        before = self.answers
        self.trace, self.answers = self._run(holds)  # raises before anything is changed
        self.holds = holds
        where = "at every step" if step is None else f"at step {step}"
        whose = "all units" if all_units else f"unit {self.unit}"
        done = "let go" if value is None else f"held at {value:g}"
        verb = "gates" if all_units else "gate"
        return self._show(
            f"The {GATE_NAMES[gate].replace('gate', verb)} of {whose} "
            f"{'are' if all_units else 'is'} {done} {where}. {_changes(before, self.answers)}"
        )

    def let_go(self) -> str:
        """Let all gates go; return what to say."""
        self.holds = []
        self.trace, self.answers = self._run(self.holds)
        return self._show("All gates are let go: the network runs by itself.")

    def _run(self, holds: Sequence[Hold]) -> tuple[LSTMTrace, list[str]]:
        trace = trace_lstm(self.lstm, self.sequences[self.sequence], holds)
        outputs = trace.hidden[np.newaxis, 1:]
        for layer in self.model.layers[1:]:
            outputs, _ = layer.forward(outputs)
        return trace, [str(answer) for answer in self._read_outputs(outputs[0])]

    def _show(self, message: str) -> str:
        self.content = self._content(message)
        return message

    def _content(self, message: str) -> dict[str, Any]:
        trace = self.trace
        self._edition += 1  # an answer is sent, also where it is the same as the one before
        return {
            "edition": self._edition,
            "message": message,
            "sequence": self.sequence,
            "sequences": list(self.sequences),
            "inputs": [self._read_input(row) for row in trace.x],
            "answers": self.answers,
            "gates": dict(zip(GATES, _lists(trace.gates), strict=True)),
            "computed": dict(zip(GATES, _lists(trace.computed), strict=True)),
            "from_x": dict(zip(GATES, _lists(trace.from_x), strict=True)),
            "from_h": dict(zip(GATES, _lists(trace.from_h), strict=True)),
            "bias": dict(zip(GATES, _lists(trace.bias), strict=True)),
            "held": dict(zip(GATES, trace.held.tolist(), strict=True)),
            "cell": _lists(trace.cell),
            "hidden": _lists(trace.hidden),
        }

    def receive(self, content: dict[str, Any]) -> None:
        """Do what the learner asked for in the browser."""
        if content.get("let_go"):
            self.let_go()
        elif "read" in content:
            self.read(content["read"])
        elif "hold" in content:
            wish = content["hold"]
            self.unit = int(wish["unit"])
            self.hold(wish["gate"], wish["value"], step=wish["step"], all_units=wish["all_units"])


def _covers(new: Hold, old: Hold) -> bool:
    """Tell whether a hold leaves nothing of an earlier one."""
    return new.gate == old.gate and new.step in (None, old.step) and new.unit in (None, old.unit)


def _changes(before: Sequence[str], after: Sequence[str]) -> str:
    """Say which answers are other ones now."""
    changed = [
        f"step {step}: {old} became {new}"
        for step, (old, new) in enumerate(zip(before, after, strict=True))
        if old != new
    ]
    if not changed:
        return "No answer changed."
    more = f", and {len(changed) - 2} more" if len(changed) > 2 else ""
    return f"Changed answers: {'; '.join(changed[:2])}{more}."


def _lists(values: Array) -> Any:
    """Return nested lists of numbers, with the digits that anybody looks at."""
    return np.round(np.asarray(values, np.float64), 6).tolist()
