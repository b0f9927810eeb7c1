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
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.activations import sigmoid
from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape
from dlcourse.nn.initializers import glorot_uniform, orthogonal
from dlcourse.nn.layers.recurrent import (
    check_input_shape,
    check_sequences,
    check_states,
    check_units,
    in_step_order,
)


class LSTMCache(NamedTuple):
    """What `LSTM.forward` computed: time first, in the order in which the steps were run."""

    joined: Array  # (time + 1, batch, in_features + units + 1): [x, h, 1] before each step
    hidden: Array  # (time + 1, batch, units): h before each step, and after the last
    cell: Array  # (time + 1, batch, units): c likewise
    gates: Array  # (4, time, batch, units): i, f, g, o

    @property
    def final_state(self) -> tuple[Array, Array]:
        """The pair h, c after the last step, each (batch, units): where a decoder starts."""
        return self.hidden[-1], self.cell[-1]


class LSTM(Layer):
    """LSTM over a whole sequence [1]_ [2]_.

    Padded steps are not masked: cut the sequences of a batch to one length.

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
        """Create the parameters for inputs of shape (time, in_features)."""
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
    ) -> tuple[Array, LSTMCache]:
        """Run the sequence step by step.

        Parameters
        ----------
        inputs : Array, shape (batch, time, in_features)
        training : bool
            Makes no difference to this layer.
        initial_state : pair of Array, each of shape (batch, units), optional
            h and c before the first step; zero if not given.

        Returns
        -------
        outputs : Array, shape (batch, units) or (batch, time, units)
            Hidden state, in (-1, 1); with the time axis if `return_sequences`.
        cache : LSTMCache

        Raises
        ------
        ValueError
            If `inputs` or a state has another shape, or there is no row or no step.
        """
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

        gates = np.empty_like(weights, shape=(4, time, batch, units))
        for t in range(time):
            z = joined[t] @ weights
            z_i, z_f, z_g, z_o = z.reshape(batch, 4, units).swapaxes(0, 1)
            i, f, g, o = gates[:, t]
            i[...] = sigmoid(z_i)
            f[...] = sigmoid(z_f)
            g[...] = np.tanh(z_g)
            o[...] = sigmoid(z_o)
            cell[t + 1] = f * cell[t] + i * g
            hidden[t + 1] = o * np.tanh(cell[t + 1])

        outputs = hidden[1:].swapaxes(0, 1) if self.return_sequences else hidden[-1]
        return outputs, LSTMCache(joined, hidden, cell, gates)

    def backward(
        self, grad_outputs: Array, cache: LSTMCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        """Backpropagate through time, from the last step to the first.

        Parameters
        ----------
        grad_outputs : Array
            Of the shape of the outputs.
        cache : LSTMCache
            Second value of `forward`.
        input_grad : bool
            Whether the gradient of the inputs is needed.

        Returns
        -------
        grad_inputs : Array, shape (batch, time, in_features), or None
        grads : dict
            One gradient per entry of `params`, under the same name.
        """
        grad_inputs, grads, _ = self.backward_with_state(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, grads

    def backward_with_state(
        self,
        grad_outputs: Array,
        cache: LSTMCache,
        *,
        input_grad: bool = True,
        grad_final_state: Sequence[Array] | None = None,
    ) -> tuple[Array | None, Params, tuple[Array, Array]]:
        """Do what `backward` does, with the gradients of the states in and out.

        A decoder returns the gradient of its initial state, which is the gradient of the
        final state of its encoder.

        Parameters
        ----------
        grad_outputs, cache, input_grad
            As for `backward`.
        grad_final_state : pair of Array, each of shape (batch, units), optional
            dL/dh and dL/dc of ``cache.final_state``, besides what comes through the outputs.

        Returns
        -------
        grad_inputs, grads
            As from `backward`.
        grad_initial_state : pair of Array, each of shape (batch, units)
            dL/dh and dL/dc before the first step.

        Raises
        ------
        ValueError
            If a gradient has not the shape of what it belongs to.
        """
        kernel, recurrent_kernel, _ = self.params.values()
        in_features, units = len(kernel), self.units
        _, time, batch, _ = cache.gates.shape
        shape = (batch, time, units) if self.return_sequences else (batch, units)
        check_shape("LSTM grad_outputs", grad_outputs, shape)

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
            grad_h = grad_z @ to_hidden
            grad_c *= f

        grads = {
            "kernel": grad_weights[:in_features],
            "recurrent_kernel": grad_weights[in_features:-1],
            "bias": grad_weights[-1],
        }
        return grad_inputs if input_grad else None, grads, (grad_h, grad_c)
