"""The simple recurrent layer: a hidden state that every step rewrites.

One step, from input x and hidden state h:

    z = x @ kernel + h @ recurrent_kernel + bias
    new h = activation(z)

The three terms of z are computed as one product, of the joined row [x, h, 1] with the three
parameters stacked; backwards, one product over all steps gives the three gradients. On its way
back a gradient passes the slope of the activation and ``recurrent_kernel.T`` once a step, and so
shrinks or grows like a power of their product [1]_.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

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

# Function of z, and its derivative as a function of its value h.
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "relu": (lambda z: np.maximum(z, 0), lambda h: (h > 0).astype(h.dtype)),
    "linear": (lambda z: z, np.ones_like),
}


class SimpleRNNCache(NamedTuple):
    """What `SimpleRNN.forward` computed: time first, in the order the steps were run in."""

    joined: Array  # (time + 1, batch, in_features + units + 1): [x, h, 1] before each step
    hidden: Array  # (time + 1, batch, units): h before each step, and after the last
    skip: Mask | None = None  # (time, batch, 1): steps that the mask left out

    @property
    def final_state(self) -> Array:
        """Hidden state after the last step, (batch, units): where a decoder starts."""
        hidden: Array = self.hidden[-1]
        return hidden


class SimpleRNN(Recurrent):
    """Elman's recurrent layer over a whole sequence [2]_.

    Inputs (batch, time, in_features); outputs (batch, units), or (batch, time, units) with
    `return_sequences`.

    Parameters
    ----------
    units : int
        Size of the hidden state.
    activation : {"tanh", "relu", "linear"}, default "tanh"
    return_sequences : bool, default False
        Return the hidden state of every step rather than of the last one.
    go_backwards : bool, default False
        Read the sequence from its end. The first output then belongs to the last input.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (in_features, units), Glorot uniform; ``recurrent_kernel``,
        shape (units, units), orthogonal; ``bias``, shape (units,), zeros: names, order
        and layout of ``keras.layers.SimpleRNN``.

    Raises
    ------
    ValueError
        If there is no such activation.

    References
    ----------
    .. [1] Y. Bengio, P. Simard, P. Frasconi, "Learning Long-Term Dependencies with
       Gradient Descent is Difficult", IEEE Transactions on Neural Networks 5(2), 1994.
    .. [2] J. Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990.

    Examples
    --------
    >>> layer = SimpleRNN(4)
    >>> layer.build((5, 3), np.random.default_rng(0))
    (4,)
    >>> outputs, cache = layer.forward(np.ones((2, 5, 3), np.float32))
    >>> outputs.shape, cache.hidden.shape
    ((2, 4), (6, 2, 4))
    """

    sliceable = "always"

    def __init__(
        self,
        units: int,
        activation: str = "tanh",
        *,
        return_sequences: bool = False,
        go_backwards: bool = False,
    ) -> None:
        if not isinstance(activation, str) or activation not in ACTIVATIONS:
            raise ValueError(
                f"SimpleRNN activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}"
            )
        check_units("SimpleRNN", units)
        self.units = units
        self.activation = activation
        self.return_sequences = return_sequences
        self.go_backwards = go_backwards
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        check_input_shape("SimpleRNN", input_shape)
        time, in_features = input_shape
        self.params = {
            "kernel": glorot_uniform(rng, (in_features, self.units), dtype),
            "recurrent_kernel": orthogonal(rng, (self.units, self.units), dtype),
            "bias": np.zeros(self.units, dtype),
        }
        return (time, self.units) if self.return_sequences else (self.units,)

    def forward(
        self,
        inputs: Array,
        *,
        training: bool = False,
        initial_state: Array | None = None,
        mask: Mask | None = None,
    ) -> tuple[Array, SimpleRNNCache]:
        kernel, recurrent_kernel, bias = self.params.values()
        check_sequences("SimpleRNN inputs", inputs, len(kernel))
        batch, time, in_features = inputs.shape
        activate, _ = ACTIVATIONS[self.activation]

        weights = np.concatenate([kernel, recurrent_kernel, bias[np.newaxis]])
        joined = np.empty_like(weights, shape=(time + 1, batch, len(weights)))
        joined[:-1, :, :in_features] = in_step_order(inputs, self.go_backwards)
        joined[:, :, -1] = 1
        hidden = joined[:, :, in_features:-1]  # a view: what is written here is read there
        hidden[0] = 0
        if initial_state is not None:
            check_shape("SimpleRNN initial_state", initial_state, (batch, self.units))
            hidden[0] = initial_state
        skip = skipped_steps("SimpleRNN", mask, inputs, self.go_backwards)
        for t in range(time):
            hidden[t + 1] = activate(joined[t] @ weights)
            if skip is not None:
                hidden[t + 1] = np.where(skip[t], hidden[t], hidden[t + 1])

        outputs = outputs_of(hidden[1:], skip, return_sequences=self.return_sequences)
        return outputs, SimpleRNNCache(joined, hidden, skip)

    def backward_with_state(
        self,
        grad_outputs: Array,
        cache: SimpleRNNCache,
        *,
        input_grad: bool = True,
        grad_final_state: Array | None = None,
    ) -> tuple[Array | None, Params, Array]:
        kernel, recurrent_kernel, _ = self.params.values()
        in_features, units = kernel.shape
        time, batch = len(cache.hidden) - 1, cache.hidden.shape[1]
        shape = (batch, time, units) if self.return_sequences else (batch, units)
        check_shape("SimpleRNN grad_outputs", grad_outputs, shape)
        grad_outputs = grad_of_states(
            grad_outputs, cache.skip, return_sequences=self.return_sequences
        )
        _, slope = ACTIVATIONS[self.activation]

        grad_h = np.zeros_like(kernel, shape=(batch, units))
        if grad_final_state is not None:
            check_shape("SimpleRNN grad_final_state", grad_final_state, (batch, units))
            grad_h += grad_final_state
        if not self.return_sequences:
            grad_h += grad_outputs

        grad_z = slope(cache.hidden[1:])  # times dL/dh, which the loop finds step by step
        if cache.skip is not None:
            grad_z *= ~cache.skip
        to_hidden = recurrent_kernel.T.copy()  # rows that lie together make a faster product
        for t in reversed(range(time)):
            if self.return_sequences:
                grad_h += grad_outputs[:, t]
            grad_z[t] *= grad_h
            grad_h_after, grad_h = grad_h, grad_z[t] @ to_hidden
            if cache.skip is not None:
                grad_h += cache.skip[t] * grad_h_after

        rows = grad_z.reshape(-1, units)
        grad_weights = cache.joined[:-1].reshape(len(rows), -1).T @ rows
        grads = {
            "kernel": grad_weights[:in_features],
            "recurrent_kernel": grad_weights[in_features:-1],
            "bias": grad_weights[-1],
        }
        if not input_grad:
            return None, grads, grad_h
        grad_inputs = np.empty_like(kernel, shape=(batch, time, in_features))
        in_step_order(grad_inputs, self.go_backwards)[...] = grad_z @ kernel.T
        return grad_inputs, grads, grad_h
