"""Two recurrent layers over the same sequence, one from each end.

    forwards   f = layer(inputs)
    backwards  b = a copy of layer with go_backwards, its outputs put back in order of time
    outputs    [f, b] joined along the last axis, or f + b, f * b, (f + b) / 2

Output t then knows the whole sequence: f what came before step t, b what comes after it. The
outputs of a step that a mask skips are zero.
"""

import copy
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Mask, Params, Shape, prefixed

MERGE_MODES = ("concat", "sum", "mul", "ave")


class BidirectionalCache(NamedTuple):
    """The caches of the two layers, and what they put out, both in the order of time."""

    forward: Any  # cache of the forward layer, steps in the order of time
    backward: Any  # cache of the backward layer, steps from the end
    outputs: tuple[Array, Array]
    mask: Mask | None  # (batch, time, 1): outputs that are not set to zero


class Bidirectional(Layer):
    """Run a recurrent layer and its mirror image, and merge what they put out [1]_.

    Inputs (batch, time, in_features); outputs (batch, width), or (batch, time, width) if the
    layer returns sequences, where width is 2 * units for "concat", else units.

    Parameters
    ----------
    layer : SimpleRNN, LSTM or GRU
        The forward layer. The backward layer is a copy with weights of its own.
    merge_mode : {"concat", "sum", "mul", "ave"}, default "concat"
        How to merge. Only "concat" makes the last axis longer: twice `units`.

    Attributes
    ----------
    forward_layer, backward_layer : Layer
    params : dict
        The three of the forward layer, named ``"forward.<name>"``, then the three of the
        backward layer, named ``"backward.<name>"``: the order of
        ``keras.layers.Bidirectional``.

    Raises
    ------
    TypeError
        If `layer` is not recurrent.
    ValueError
        If it goes backwards itself, or there is no such merge mode.

    References
    ----------
    .. [1] M. Schuster, K. Paliwal, "Bidirectional Recurrent Neural Networks", IEEE
       Transactions on Signal Processing 45(11), 1997.

    Examples
    --------
    >>> from dlcourse.nn.layers.lstm import LSTM
    >>> layer = Bidirectional(LSTM(4, return_sequences=True))
    >>> layer.build((5, 3), np.random.default_rng(0))
    (5, 8)
    >>> list(layer.params)[:4]
    ['forward.kernel', 'forward.recurrent_kernel', 'forward.bias', 'backward.kernel']
    """

    sliceable = "always"

    def __init__(self, layer: Any, merge_mode: str = "concat") -> None:
        if not hasattr(layer, "go_backwards"):
            raise TypeError(f"Bidirectional needs a recurrent layer such as LSTM(8), got {layer!r}")
        if layer.go_backwards:
            raise ValueError(
                f"Bidirectional makes the backward layer from a forward one, got {layer!r}"
            )
        if merge_mode not in MERGE_MODES:
            raise ValueError(
                f"merge_mode must be one of {', '.join(MERGE_MODES)}, got {merge_mode!r}"
            )
        self.layer = layer
        self.merge_mode = merge_mode
        self.forward_layer = copy.deepcopy(layer)
        self.backward_layer = copy.deepcopy(layer)
        self.backward_layer.go_backwards = True
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *time, units = self.forward_layer.build(input_shape, rng, dtype)
        self.backward_layer.build(input_shape, rng, dtype)
        self.params = prefixed({name: part.params for name, part in self.parts().items()})
        return (*time, 2 * units if self.merge_mode == "concat" else units)

    def forward(
        self, inputs: Array, *, training: bool = False, mask: Mask | None = None
    ) -> tuple[Array, BidirectionalCache]:
        f, forward_cache = self.forward_layer.forward(inputs, training=training, mask=mask)
        b, backward_cache = self.backward_layer.forward(inputs, training=training, mask=mask)
        b = self._turned_round(b)
        shown = None
        if mask is not None and self.layer.return_sequences:
            shown = mask[..., np.newaxis]
            f, b = f * shown, b * shown
        if self.merge_mode == "concat":
            outputs = np.concatenate([f, b], axis=-1)
        elif self.merge_mode == "mul":
            outputs = f * b
        else:
            outputs = f + b if self.merge_mode == "sum" else (f + b) / 2
        return outputs, BidirectionalCache(forward_cache, backward_cache, (f, b), shown)

    def backward(
        self, grad_outputs: Array, cache: BidirectionalCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        if cache.mask is not None:
            grad_outputs = grad_outputs * cache.mask
        f, b = cache.outputs
        if self.merge_mode == "concat":
            units = f.shape[-1]
            grad_f, grad_b = grad_outputs[..., :units], grad_outputs[..., units:]
        elif self.merge_mode == "mul":
            grad_f, grad_b = grad_outputs * b, grad_outputs * f
        else:
            grad_f = grad_b = grad_outputs if self.merge_mode == "sum" else grad_outputs / 2
        from_forward, forward_grads = self.forward_layer.backward(
            grad_f, cache.forward, input_grad=input_grad
        )
        from_backward, backward_grads = self.backward_layer.backward(
            self._turned_round(grad_b), cache.backward, input_grad=input_grad
        )
        grad_inputs = from_forward + from_backward if input_grad else None
        grads = {"forward": forward_grads, "backward": backward_grads}
        return grad_inputs, prefixed(
            {name: grads[name] for name, part in self.parts().items() if part.trainable}
        )

    def compute_mask(
        self, inputs: Array, mask: Mask | None, cache: BidirectionalCache
    ) -> Mask | None:
        return mask if self.layer.return_sequences else None

    def parts(self) -> dict[str, Layer]:
        return {"forward": self.forward_layer, "backward": self.backward_layer}

    def _turned_round(self, sequences: Array) -> Array:
        """Reverse the time axis, if there is one: between order of time and of steps."""
        return sequences[:, ::-1] if self.layer.return_sequences else sequences
