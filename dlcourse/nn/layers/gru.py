"""Gated recurrent unit: a hidden state that is a gated average of old and new.

One step, from input x and hidden state h; three blocks of `units`: z, r, h. With

    a = x @ kernel + bias                    the share of the input
    b = h @ recurrent_kernel (+ bias)        the share of the state
    update gate  z = sigmoid(a_z + b_z)      how much of the old state to keep
    reset gate   r = sigmoid(a_r + b_r)      how much of it the candidate sees
    candidate    g                           what the rest is filled with
    new hidden   h = z * h + (1 - z) * g

there are two versions of the candidate:

    reset_after=True     g = tanh(a_h + r * b_h), as in the first preprint of [1]_ and in
                         cuDNN: one product per step, and a bias of its own for b
    reset_after=False    g = tanh(a_h + (r * h) @ recurrent_kernel_h), as published [1]_

Some later texts [2]_ exchange z and 1 - z.

In a step that a mask skips, z is 1: the old state stays.
"""

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
    check_units,
    grad_of_states,
    in_step_order,
    outputs_of,
    skipped_steps,
)


class GRUCache(NamedTuple):
    """What `GRU.forward` computed: time first, in the order in which the steps were run."""

    inputs: Array  # (time, batch, in_features)
    hidden: Array  # (time + 1, batch, units): h before each step, and after the last
    gates: Array  # (3, time, batch, units): z, r, and the candidate g
    resettable: Array  # (time, batch, units): what r multiplies, b_h or h
    skip: Mask | None = None  # (time, batch, 1): steps that the mask left out

    @property
    def final_state(self) -> Array:
        """Hidden state after the last step, (batch, units): where a decoder starts."""
        hidden: Array = self.hidden[-1]
        return hidden


class GRU(Recurrent):
    """GRU over a whole sequence [1]_.

    Inputs (batch, time, in_features); outputs (batch, units), or (batch, time, units) with
    `return_sequences`, in (-1, 1) if the state starts there.

    Parameters
    ----------
    units : int
        Size of the hidden state.
    return_sequences : bool, default False
        Return the hidden state of every step rather than of the last one.
    go_backwards : bool, default False
        Read the sequence from its end. The first output then belongs to the last input.
    reset_after : bool, default True
        Where the reset gate acts: see the equations at the top of this file.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (in_features, 3 * units), Glorot uniform;
        ``recurrent_kernel``, shape (units, 3 * units), orthogonal; ``bias``, zeros,
        shape (3 * units,), or (2, 3 * units) with `reset_after`, for input and
        recurrent product: names, order and layout of ``keras.layers.GRU``.

    References
    ----------
    .. [1] K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder
       for Statistical Machine Translation", EMNLP 2014, eqs. 5-8; version 1 of the
       preprint (arXiv:1406.1078) applies the reset gate after the product.
    .. [2] J. Chung, C. Gulcehre, K. Cho, Y. Bengio, "Empirical Evaluation of Gated
       Recurrent Neural Networks on Sequence Modeling", arXiv:1412.3555, 2014, eq. 7.

    Examples
    --------
    >>> layer = GRU(4, return_sequences=True)
    >>> layer.build((5, 3), np.random.default_rng(0))
    (5, 4)
    >>> outputs, cache = layer.forward(np.ones((2, 5, 3), np.float32))
    >>> outputs.shape
    (2, 5, 4)
    >>> z, r, g = cache.gates
    >>> z.shape
    (5, 2, 4)
    """

    sliceable = "always"

    def __init__(
        self,
        units: int,
        *,
        return_sequences: bool = False,
        go_backwards: bool = False,
        reset_after: bool = True,
    ) -> None:
        check_units("GRU", units)
        self.units = units
        self.return_sequences = return_sequences
        self.go_backwards = go_backwards
        self.reset_after = reset_after
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        check_input_shape("GRU", input_shape)
        time, in_features = input_shape
        units = self.units
        self.params = {
            "kernel": glorot_uniform(rng, (in_features, 3 * units), dtype),
            "recurrent_kernel": orthogonal(rng, (units, 3 * units), dtype),
            "bias": np.zeros((2, 3 * units) if self.reset_after else 3 * units, dtype),
        }
        return (time, units) if self.return_sequences else (units,)

    def forward(
        self,
        inputs: Array,
        *,
        training: bool = False,
        initial_state: Array | None = None,
        mask: Mask | None = None,
    ) -> tuple[Array, GRUCache]:
        kernel, recurrent_kernel, bias = self.params.values()
        check_sequences("GRU inputs", inputs, len(kernel))
        batch, time, _ = inputs.shape
        units = self.units
        z_and_r, candidate = slice(None, 2 * units), slice(2 * units, None)

        x = in_step_order(inputs, self.go_backwards)
        skip = skipped_steps("GRU", mask, inputs, self.go_backwards)
        hidden = np.empty_like(kernel, shape=(time + 1, batch, units))
        hidden[0] = 0
        if initial_state is not None:
            check_shape("GRU initial_state", initial_state, (batch, units))
            hidden[0] = initial_state
        gates = np.empty_like(kernel, shape=(3, time, batch, units))
        resettable = np.empty_like(hidden[1:]) if self.reset_after else hidden[:-1]
        input_bias = bias[0] if self.reset_after else bias

        for t in range(time):
            h = hidden[t]
            a = x[t] @ kernel + input_bias
            if self.reset_after:
                b = h @ recurrent_kernel + bias[1]
                resettable[t] = b[:, candidate]
            else:
                b = h @ recurrent_kernel[:, z_and_r]
            sigmoids = sigmoid(a[:, z_and_r] + b[:, z_and_r])
            gates[:2, t] = sigmoids.reshape(batch, 2, units).swapaxes(0, 1)
            z, r, g = gates[:, t]
            if skip is not None:
                z[...] = np.where(skip[t], 1, z)
            reset = r * resettable[t]
            if not self.reset_after:
                reset = reset @ recurrent_kernel[:, candidate]
            g[...] = np.tanh(a[:, candidate] + reset)
            hidden[t + 1] = z * h + (1 - z) * g

        outputs = outputs_of(hidden[1:], skip, return_sequences=self.return_sequences)
        return outputs, GRUCache(x, hidden, gates, resettable, skip)

    def backward_with_state(
        self,
        grad_outputs: Array,
        cache: GRUCache,
        *,
        input_grad: bool = True,
        grad_final_state: Array | None = None,
    ) -> tuple[Array | None, Params, Array]:
        kernel, recurrent_kernel, _ = self.params.values()
        units = self.units
        time, batch, in_features = cache.inputs.shape
        z_and_r, candidate = slice(None, 2 * units), slice(2 * units, None)
        shape = (batch, time, units) if self.return_sequences else (batch, units)
        check_shape("GRU grad_outputs", grad_outputs, shape)
        grad_outputs = grad_of_states(
            grad_outputs, cache.skip, return_sequences=self.return_sequences
        )

        grad_h = np.zeros_like(kernel, shape=(batch, units))
        if grad_final_state is not None:
            check_shape("GRU grad_final_state", grad_final_state, (batch, units))
            grad_h += grad_final_state
        if not self.return_sequences:
            grad_h += grad_outputs

        grads = {name: np.zeros_like(array) for name, array in self.params.items()}
        grad_kernel, grad_recurrent, grad_bias = grads.values()
        grad_a = np.empty_like(kernel, shape=(batch, 3 * units))
        grad_z, grad_r, grad_g = grad_a.reshape(batch, 3, units).swapaxes(0, 1)  # views
        grad_inputs = np.empty_like(kernel, shape=(batch, time, in_features))
        grad_x = in_step_order(grad_inputs, self.go_backwards)
        to_hidden = recurrent_kernel.T.copy()  # rows that lie together make a faster product
        for t in reversed(range(time)):
            h = cache.hidden[t]
            z, r, g = cache.gates[:, t]
            if self.return_sequences:
                grad_h += grad_outputs[:, t]
            grad_z[...] = grad_h * (h - g) * z * (1 - z)
            grad_g[...] = grad_h * (1 - z) * (1 - g**2)
            grad_reset = grad_g if self.reset_after else grad_g @ to_hidden[candidate]
            grad_r[...] = grad_reset * cache.resettable[t] * r * (1 - r)
            grad_h *= z
            if self.reset_after:
                grad_b = grad_a.copy()
                grad_b[:, candidate] *= r
                grad_h += grad_b @ to_hidden
                grad_recurrent += h.T @ grad_b
                grad_bias += np.stack([grad_a.sum(axis=0), grad_b.sum(axis=0)])
            else:
                grad_h += grad_reset * r + grad_a[:, z_and_r] @ to_hidden[z_and_r]
                grad_recurrent[:, z_and_r] += h.T @ grad_a[:, z_and_r]
                grad_recurrent[:, candidate] += (r * h).T @ grad_g
                grad_bias += grad_a.sum(axis=0)
            grad_kernel += cache.inputs[t].T @ grad_a
            if input_grad:
                grad_x[t] = grad_a @ kernel.T

        return grad_inputs if input_grad else None, grads, grad_h
