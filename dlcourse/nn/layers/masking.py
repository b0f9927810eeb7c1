"""Masking: say which steps of a sequence are padding, by what stands in them.

mask[t]    = whether any feature of step t differs from mask_value
outputs[t] = inputs[t] if mask[t] else 0
"""

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Mask, Params, Shape


class Masking(Layer):
    """Leave out the steps that are filled with one number; all layers that follow will, too.

    Inputs and outputs (batch, time, features).

    Parameters
    ----------
    mask_value : float, default 0.0
        What the features of a padded step all are.

    Raises
    ------
    ValueError
        From `build`, if the inputs are no sequences.

    Examples
    --------
    >>> layer = Masking()
    >>> inputs = np.array([[[1.0, 0.0], [0.0, 0.0]]])
    >>> outputs, cache = layer.forward(inputs)
    >>> layer.compute_mask(inputs, None, cache)
    array([[ True, False]])
    """

    sliceable = "always"
    supports_masking = True
    makes_mask = True

    def __init__(self, mask_value: float = 0.0) -> None:
        self.mask_value = mask_value
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        if len(input_shape) < 2:
            raise ValueError(f"Masking takes sequences (time, features), got shape {input_shape}")
        return tuple(input_shape)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Mask]:
        kept = (inputs != self.mask_value).any(axis=-1, keepdims=True)
        return inputs * kept, kept

    def backward(
        self, grad_outputs: Array, cache: Mask, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        return (grad_outputs * cache if input_grad else None), {}

    def compute_mask(self, inputs: Array, mask: Mask | None, cache: Mask) -> Mask | None:
        """Return where a step is kept; as in Keras, a mask from before is forgotten."""
        kept: Mask = cache[..., 0]
        return kept
