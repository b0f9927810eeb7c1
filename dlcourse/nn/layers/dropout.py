"""Dropout: in training, switch off a random part of the units, another one each time.

    outputs = inputs * mask      mask: 0 with probability `rate`, else 1 / (1 - rate)

The factor keeps the mean of every unit what it is without dropout, so that nothing has to
change when predicting ("inverted" dropout; the original scaled the weights afterwards).
Backwards, the gradient goes through the same mask.
"""

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape


class Dropout(Layer):
    """Set a part of the inputs to zero, in training only [1]_.

    Inputs of any shape, outputs of the same.

    Parameters
    ----------
    rate : float
        Probability of each number to be set to zero, in [0, 1).

    Raises
    ------
    ValueError
        If `rate` is outside [0, 1).

    Notes
    -----
    `build` gives the layer a generator of its own, a child of the one that it is given. Two
    models built with the same seed then drop the same units, also where one of them computes
    on a GPU: the masks are drawn by NumPy and moved there.

    References
    ----------
    .. [1] N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout:
       A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014.

    Examples
    --------
    >>> layer = Dropout(0.5)
    >>> layer.build((4,), np.random.default_rng(0))
    (4,)
    >>> outputs, mask = layer.forward(np.ones((2, 4), np.float32), training=True)
    >>> sorted(set(outputs.ravel().tolist()))
    [0.0, 2.0]
    >>> layer.forward(np.ones((1, 4), np.float32))[0]
    array([[1., 1., 1., 1.]], dtype=float32)
    """

    sliceable = "predicting"
    supports_masking = True

    def __init__(self, rate: float) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"the rate of a Dropout must be in [0, 1), got {rate}")
        self.rate = rate
        self._rng: np.random.Generator | None = None
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        (self._rng,) = rng.spawn(1)
        return tuple(input_shape)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Array | None]:
        if not training or self.rate == 0:
            return inputs, None
        if self._rng is None:
            raise ValueError("Dropout needs a generator: call build(input_shape, rng) first")
        kept = self._rng.random(inputs.shape, np.float32) >= self.rate
        mask = np.asarray(kept, like=inputs) / inputs.dtype.type(1 - self.rate)
        return inputs * mask, mask

    def backward(
        self, grad_outputs: Array, cache: Array | None, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        if not input_grad:
            return None, {}
        return (grad_outputs if cache is None else grad_outputs * cache), {}
