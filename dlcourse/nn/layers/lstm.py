"""Long short-term memory: a recurrent layer whose memory is a gated running sum.

One step, from input x, hidden state h and cell state c:

    z = x @ kernel + h @ recurrent_kernel + bias     four blocks of `units`: i, f, g, o
    input gate   i = sigmoid(z_i)                    how much of the candidate to write
    forget gate  f = sigmoid(z_f)                    how much of the old cell to keep
    candidate    g = tanh(z_g)                       what to write
    output gate  o = sigmoid(z_o)                    how much of the cell to show
    new cell     c = f * c + i * g
    new hidden   h = o * tanh(c)

The three terms of z are computed as one product, of the joined row [x, h, 1] with the three
parameters stacked; backwards, one product likewise gives the three gradients.

In a step that a mask skips, i and o are 0 and f is 1: the cell stays, and h is handed on.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.activations import sigmoid
from dlcourse.nn.contract import Array, Mask, Params, Shape, check_shape
from dlcourse.nn.initializers import glorot_uniform, orthogonal
from dlcourse.nn.layers.recurrent import (
    Recurrent,
    check_input_shape,
    check_sequences,
    check_states,
    check_units,
    grad_of_states,
    in_step_order,
    outputs_of,
    skipped_steps,
)


class LSTMCache(NamedTuple):
    """What `LSTM.forward` computed: time first, in the order in which the steps were run."""

    joined: Array  # (time + 1, batch, in_features + units + 1): [x, h, 1] before each step
    hidden: Array  # (time + 1, batch, units): h before each step, and after the last
    cell: Array  # (time + 1, batch, units): c likewise
    gates: Array  # (4, time, batch, units): i, f, g, o
    skip: Mask | None = None  # (time, batch, 1): steps that the mask left out

    @property
    def final_state(self) -> tuple[Array, Array]:
        """The pair h, c after the last step, each (batch, units): where a decoder starts."""
        return self.hidden[-1], self.cell[-1]


class LSTM(Recurrent):
    """LSTM over a whole sequence [1]_ [2]_.

    Inputs (batch, time, in_features); outputs (batch, units), or (batch, time, units) with
    `return_sequences`, in (-1, 1).

    Parameters
    ----------
    units : int
        Size of the hidden and of the cell state.
    return_sequences : bool, default False
        Return the hidden state of every step rather than of the last one.
    go_backwards : bool, default False
        Read the sequence from its end. The first output then belongs to the last input.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (in_features, 4 * units), Glorot uniform;
        ``recurrent_kernel``, shape (units, 4 * units), orthogonal; ``bias``, shape
        (4 * units,), zeros except one for the forget gate [3]_: names, order and
        layout of ``keras.layers.LSTM``, which calls the candidate block "c".

    References
    ----------
    .. [1] S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory", Neural
       Computation 9(8), 1997.
    .. [2] F. Gers, J. Schmidhuber, F. Cummins, "Learning to Forget: Continual
       Prediction with LSTM", Neural Computation 12(10), 2000 (the forget gate).
    .. [3] R. Jozefowicz, W. Zaremba, I. Sutskever, "An Empirical Exploration of
       Recurrent Network Architectures", ICML 2015.

    Examples
    --------
    >>> layer = LSTM(4, return_sequences=True)
    >>> layer.build((5, 3), np.random.default_rng(0))
    (5, 4)
    >>> outputs, cache = layer.forward(np.ones((2, 5, 3), np.float32))
    >>> outputs.shape
    (2, 5, 4)
    >>> i, f, g, o = cache.gates
    >>> f.shape, bool(f.min() > 0)
    ((5, 2, 4), True)
    """

    sliceable = "always"

    def __init__(
        self, units: int, *, return_sequences: bool = False, go_backwards: bool = False
    ) -> None:
        check_units("LSTM", units)
        self.units = units
        self.return_sequences = return_sequences
        self.go_backwards = go_backwards
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        check_input_shape("LSTM", input_shape)
        time, in_features = input_shape
        units = self.units
        self.params = {
            "kernel": glorot_uniform(rng, (in_features, 4 * units), dtype),
            "recurrent_kernel": orthogonal(rng, (units, 4 * units), dtype),
            "bias": np.repeat(np.array([0, 1, 0, 0], dtype), units),
        }
        return (time, units) if self.return_sequences else (units,)

    def forward(
        self,
        inputs: Array,
        *,
        training: bool = False,
        initial_state: Sequence[Array] | None = None,
        mask: Mask | None = None,
    ) -> tuple[Array, LSTMCache]:
        kernel, recurrent_kernel, bias = self.params.values()
        check_sequences("LSTM inputs", inputs, len(kernel))
        batch, time, in_features = inputs.shape
        units = self.units

        weights = np.concatenate([kernel, recurrent_kernel, bias[np.newaxis]])
        joined = np.empty_like(weights, shape=(time + 1, batch, len(weights)))
        joined[:-1, :, :in_features] = in_step_order(inputs, self.go_backwards)
        joined[:, :, -1] = 1
        hidden = joined[:, :, in_features:-1]  # a view: what is written here is read there
        cell = np.empty_like(weights, shape=(time + 1, batch, units))
        hidden[0] = cell[0] = 0
        if initial_state is not None:
            check_states("LSTM initial_state", initial_state, "hc", (batch, units))
            hidden[0], cell[0] = initial_state

        skip = skipped_steps("LSTM", mask, inputs, self.go_backwards)
        gates = np.empty_like(weights, shape=(4, time, batch, units))
        for t in range(time):
            z = joined[t] @ weights
            z_i, z_f, z_g, z_o = z.reshape(batch, 4, units).swapaxes(0, 1)
            i, f, g, o = gates[:, t]
            i[...] = sigmoid(z_i)
            f[...] = sigmoid(z_f)
            g[...] = np.tanh(z_g)
            o[...] = sigmoid(z_o)
            if skip is not None:
                _shut(gates[:, t], skip[t])
            cell[t + 1] = f * cell[t] + i * g
            hidden[t + 1] = o * np.tanh(cell[t + 1])
            if skip is not None:
                hidden[t + 1] += skip[t] * hidden[t]

        outputs = outputs_of(hidden[1:], skip, return_sequences=self.return_sequences)
        return outputs, LSTMCache(joined, hidden, cell, gates, skip)

    def backward_with_state(
        self,
        grad_outputs: Array,
        cache: LSTMCache,
        *,
        input_grad: bool = True,
        grad_final_state: Sequence[Array] | None = None,
    ) -> tuple[Array | None, Params, tuple[Array, Array]]:
        kernel, recurrent_kernel, _ = self.params.values()
        in_features, units = len(kernel), self.units
        _, time, batch, _ = cache.gates.shape
        shape = (batch, time, units) if self.return_sequences else (batch, units)
        check_shape("LSTM grad_outputs", grad_outputs, shape)
        grad_outputs = grad_of_states(
            grad_outputs, cache.skip, return_sequences=self.return_sequences
        )

        grad_h = np.zeros_like(cache.cell[0])
        grad_c = np.zeros_like(grad_h)
        if grad_final_state is not None:
            check_states("LSTM grad_final_state", grad_final_state, "hc", (batch, units))
            grad_h[...], grad_c[...] = grad_final_state
        if not self.return_sequences:
            grad_h += grad_outputs

        grad_weights = np.zeros_like(kernel, shape=(in_features + units + 1, 4 * units))
        grad_z = np.empty_like(kernel, shape=(batch, 4 * units))
        grad_i, grad_f, grad_g, grad_o = grad_z.reshape(batch, 4, units).swapaxes(0, 1)  # views
        grad_inputs = np.empty_like(kernel, shape=(batch, time, in_features))
        grad_x = in_step_order(grad_inputs, self.go_backwards)
        to_hidden = recurrent_kernel.T.copy()  # rows that lie together make a faster product
        for t in reversed(range(time)):
            i, f, g, o = cache.gates[:, t]
            tanh_c = np.tanh(cache.cell[t + 1])
            if self.return_sequences:
                grad_h += grad_outputs[:, t]
            grad_c += grad_h * o * (1 - tanh_c**2)
            grad_i[...] = grad_c * g * i * (1 - i)
            grad_f[...] = grad_c * cache.cell[t] * f * (1 - f)
            grad_g[...] = grad_c * i * (1 - g**2)
            grad_o[...] = grad_h * tanh_c * o * (1 - o)
            grad_weights += cache.joined[t].T @ grad_z
            if input_grad:
                grad_x[t] = grad_z @ kernel.T
            grad_h_after, grad_h = grad_h, grad_z @ to_hidden
            if cache.skip is not None:
                grad_h += cache.skip[t] * grad_h_after
            grad_c *= f

        grads = {
            "kernel": grad_weights[:in_features],
            "recurrent_kernel": grad_weights[in_features:-1],
            "bias": grad_weights[-1],
        }
        return grad_inputs if input_grad else None, grads, (grad_h, grad_c)


def _shut(gates: Array, rows: Mask) -> None:
    """In some rows, write nothing into the cell, forget nothing, show nothing."""
    i, f, _, o = gates
    i[...] = np.where(rows, 0, i)
    f[...] = np.where(rows, 1, f)
    o[...] = np.where(rows, 0, o)
