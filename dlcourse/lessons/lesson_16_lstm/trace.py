"""What an LSTM computes on one sequence, number by number, with gates held open or shut by hand.

The lesson's drawings and the gate inspector read the same trace. Without a held gate it equals
what `dlcourse.nn.LSTM` computes, to rounding.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from dlcourse.nn import LSTM
from dlcourse.nn.contract import Array, check_shape

GATES = "ifgo"  # the blocks of the weights, in this order; g, the candidate, is no gate


class Hold(NamedTuple):
    """A gate that is held by hand: the cell uses `value` in place of what it computed."""

    gate: str  # "i", "f" or "o"
    value: float | None  # 0 is shut, 1 is open; None: let go again
    step: int | None = None  # None: at every step
    unit: int | None = None  # None: in every unit


class LSTMTrace(NamedTuple):
    """All numbers of one sequence. The axis of 4 is i, f, g, o."""

    x: Array  # (time, in_features)
    from_x: Array  # (4, time, units): the part of z that comes from x
    from_h: Array  # (4, time, units): the part that comes from h
    bias: Array  # (4, units)
    computed: Array  # (4, time, units): what the cell says
    gates: Array  # (4, time, units): what is used: `computed`, or the held value
    cell: Array  # (time + 1, units): c before each step, and after the last
    hidden: Array  # (time + 1, units): h likewise
    held: Array  # (4, time, units): where a gate is held


def trace_lstm(layer: LSTM, x: Array, holds: Iterable[Hold] = ()) -> LSTMTrace:
    """Run one sequence through a layer, step by step, and keep every number.

    Parameters
    ----------
    layer : LSTM
        Built; reads forward.
    x : Array, shape (time, in_features)
    holds : iterable of Hold
        Later ones win over earlier ones.

    Returns
    -------
    trace : LSTMTrace
        In the type of the layer's parameters.

    Raises
    ------
    ValueError
        If `x` has another shape, or a hold names no gate, step or unit of this run, or a value
        outside [0, 1].

    Examples
    --------
    >>> layer = LSTM(2)
    >>> layer.build((3, 1), np.random.default_rng(0))
    (2,)
    >>> trace = trace_lstm(layer, np.ones((3, 1), np.float32), [Hold("f", 0.0, step=2)])
    >>> trace.gates[1, 2].tolist(), trace.cell.shape
    ([0.0, 0.0], (4, 2))
    """
    kernel, recurrent_kernel, bias = layer.params.values()
    check_shape("x", x, ("time", len(kernel)))
    time, units = len(x), layer.units
    values = np.full((4, time, units), np.nan, kernel.dtype)  # nan: not held
    for hold in holds:
        _check(hold, time, units)
        steps = slice(None) if hold.step is None else hold.step
        chosen = slice(None) if hold.unit is None else hold.unit
        values[GATES.index(hold.gate), steps, chosen] = np.nan if hold.value is None else hold.value

    def blocks(z: Array) -> Array:
        return z.reshape(*z.shape[:-1], 4, units)

    from_x = np.moveaxis(blocks(x.astype(kernel.dtype) @ kernel), 1, 0)
    from_h = np.empty_like(from_x)
    computed, gates = np.empty_like(from_x), np.empty_like(from_x)
    cell = np.zeros_like(kernel, shape=(time + 1, units))
    hidden = np.zeros_like(cell)
    for t in range(time):
        from_h[:, t] = blocks(hidden[t] @ recurrent_kernel)
        z = from_x[:, t] + from_h[:, t] + blocks(bias)
        computed[:, t] = 0.5 * np.tanh(0.5 * z) + 0.5
        computed[2, t] = np.tanh(z[2])
        gates[:, t] = np.where(np.isnan(values[:, t]), computed[:, t], values[:, t])
        i, f, g, o = gates[:, t]
        cell[t + 1] = f * cell[t] + i * g
        hidden[t + 1] = o * np.tanh(cell[t + 1])
    held = ~np.isnan(values)
    return LSTMTrace(x, from_x, from_h, blocks(bias), computed, gates, cell, hidden, held)


def _check(hold: Hold, time: int, units: int) -> None:
    if hold.gate not in ("i", "f", "o"):
        raise ValueError(f"the gates are i, f and o, got {hold.gate!r}")
    if hold.value is not None and not 0 <= hold.value <= 1:
        raise ValueError(f"a gate is held between 0 and 1, got {hold.value}")
    if hold.step is not None and not 0 <= hold.step < time:
        raise ValueError(f"the sequence has steps 0 to {time - 1}, got step {hold.step}")
    if hold.unit is not None and not 0 <= hold.unit < units:
        raise ValueError(f"the layer has units 0 to {units - 1}, got unit {hold.unit}")
