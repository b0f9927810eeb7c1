"""The fully connected layer: every output is a weighted sum of every input.

    outputs = inputs @ kernel + bias

Backwards, with G = dL/d outputs and every leading axis flattened into rows:

    dL/d kernel = inputs.T @ G
    dL/d bias   = sum of the rows of G
    dL/d inputs = G @ kernel.T
"""

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape
from dlcourse.nn.initializers import get_initializer


class Dense(Layer):
    """Affine map of the last axis, ``outputs = inputs @ kernel + bias``.

    Inputs (..., in_features), outputs (..., units).

    The nonlinearity is a layer of its own, so that each has one derivative to explain.

    Parameters
    ----------
    units : int
        Size of the last axis of the outputs.
    use_bias : bool, default True
        Add a trained bias.
    kernel_initializer, bias_initializer : str
        A name of `dlcourse.nn.initializers`.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (in_features, units), and ``bias``, shape (units,): names,
        order and layout of ``keras.layers.Dense``.

    Examples
    --------
    >>> layer = Dense(2)
    >>> layer.build((3,), np.random.default_rng(0))
    (2,)
    >>> outputs, cache = layer.forward(np.ones((5, 3), np.float32))
    >>> outputs.shape
    (5, 2)
    """

    sliceable = "always"
    supports_masking = True

    def __init__(
        self,
        units: int,
        *,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
    ) -> None:
        if units < 1:
            raise ValueError(f"Dense needs at least one unit, got units={units}")
        self.units = units
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *leading, in_features = input_shape
        self.params = {
            "kernel": get_initializer(self.kernel_initializer)(
                rng, (in_features, self.units), dtype
            )
        }
        if self.use_bias:
            self.params["bias"] = get_initializer(self.bias_initializer)(rng, (self.units,), dtype)
        return (*leading, self.units)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Array]:
        kernel = self.params["kernel"]
        if inputs.shape[-1:] != kernel.shape[:1]:
            check_shape("Dense inputs", inputs, (..., len(kernel)))
        # On matrices, dot does what @ does and starts sooner; on more axes it is slow.
        outputs = inputs.dot(kernel) if inputs.ndim == 2 else inputs @ kernel
        if self.use_bias:
            outputs += self.params["bias"]
        return outputs, inputs

    def backward(
        self, grad_outputs: Array, cache: Array, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        kernel = self.params["kernel"]
        rows = cache.reshape(-1, len(kernel))
        grad_rows = grad_outputs.reshape(-1, self.units)
        grads: Params = {"kernel": rows.T.dot(grad_rows)}
        if self.use_bias:
            grads["bias"] = grad_rows.sum(axis=0)
        if not input_grad:
            return None, grads
        return grad_rows.dot(kernel.T).reshape(cache.shape), grads
