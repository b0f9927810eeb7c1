"""A nonlinearity as a layer of its own; the functions stand in `dlcourse.nn.activations`."""

from functools import partial

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.activations import (
    Backward,
    Forward,
    elu,
    elu_backward,
    get_activation,
    leaky_relu,
    leaky_relu_backward,
)
from dlcourse.nn.contract import Array, Layer, Params, Shape


class Activation(Layer):
    """Apply an activation function.

    Inputs of any shape, outputs of the same.

    Parameters
    ----------
    activation : str
        A name of `dlcourse.nn.activations`: linear, step, sigmoid, tanh, relu, leaky_relu,
        elu, softplus, softsign, silu or softmax (over the last axis).

    Raises
    ------
    ValueError
        If there is no such function.

    Examples
    --------
    >>> outputs, cache = Activation("relu").forward(np.array([[-1.0, 2.0]]))
    >>> outputs
    array([[0., 2.]])
    """

    sliceable = "always"
    supports_masking = True

    def __init__(self, activation: str) -> None:
        self.activation = activation
        self._forward: Forward
        self._backward: Backward
        self._forward, self._backward = get_activation(activation)
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        return input_shape

    def forward(
        self, inputs: Array, *, training: bool = False
    ) -> tuple[Array, tuple[Array, Array]]:
        outputs = self._forward(inputs)
        return outputs, (inputs, outputs)

    def backward(
        self, grad_outputs: Array, cache: tuple[Array, Array], *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        return (self._backward(grad_outputs, *cache) if input_grad else None), {}


class LeakyReLU(Activation):
    """ReLU that lets a part of the negative inputs through.

    Parameters
    ----------
    negative_slope : float, default 0.3
        The part. ``Activation("leaky_relu")`` has 0.2; the two defaults are Keras's.
    """

    def __init__(self, negative_slope: float = 0.3) -> None:
        super().__init__("leaky_relu")
        self.negative_slope = negative_slope
        self._forward = partial(leaky_relu, negative_slope=negative_slope)
        self._backward = partial(leaky_relu_backward, negative_slope=negative_slope)


class ELU(Activation):
    """Exponential linear unit: what is negative bends smoothly towards ``-alpha``.

    Parameters
    ----------
    alpha : float, default 1.0
        How far below zero the outputs reach.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__("elu")
        self.alpha = alpha
        self._forward = partial(elu, alpha=alpha)
        self._backward = partial(elu_backward, alpha=alpha)
