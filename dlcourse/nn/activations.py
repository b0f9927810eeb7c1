"""Activation functions and their derivatives, entry by entry except softmax.

Each function comes with its backward pass: given the gradient of the loss for the outputs,
the inputs x and the outputs y, it returns the gradient for the inputs.

    linear      y = x                        dy/dx = 1
    step        y = 1 if x >= 0 else 0       dy/dx = 0: no gradient, so nothing to learn from
    sigmoid     y = 1 / (1 + exp(-x))        dy/dx = y (1 - y), at most 1/4
    tanh        y = tanh(x)                  dy/dx = 1 - y^2
    relu        y = max(x, 0)                dy/dx = 1 if x > 0 else 0
    leaky_relu  y = x if x > 0 else a x      dy/dx = 1 if x > 0 else a
    elu         y = x if x > 0 else a (exp(x) - 1)      dy/dx = 1 if x > 0 else y + a
    softplus    y = log(1 + exp(x))          dy/dx = sigmoid(x)
    softsign    y = x / (1 + |x|)            dy/dx = (1 - |y|)^2
    silu        y = x sigmoid(x)             dy/dx = s + y (1 - s),  s = sigmoid(x)
    softmax     y_i = exp(x_i) / sum_j exp(x_j)         dy_i/dx_j = y_i ([i = j] - y_j)

At a kink (x = 0) the derivative is a convention; these are Keras's.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from dlcourse.nn.contract import Array

Forward: TypeAlias = Callable[[Array], Array]
Backward: TypeAlias = Callable[[Array, Array, Array], Array]


def linear(x: Array) -> Array:
    """Return the inputs."""
    return x


def _linear_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    return grad_outputs


def step(x: Array) -> Array:
    """Return 1 where x reaches zero, else 0: the threshold unit of 1943 and 1958."""
    outputs: Array = (x >= 0).astype(x.dtype)
    return outputs


def _step_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    return np.zeros_like(grad_outputs)


def sigmoid(x: Array) -> Array:
    """Squash into (0, 1).

    Below -88, where the result is 6e-39, it no longer falls: exp cannot overflow.
    """
    outputs: Array = 1 / (1 + np.exp(-np.maximum(x, -88)))
    return outputs


def _sigmoid_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    return grad_outputs * (y * (1 - y))


def tanh(x: Array) -> Array:
    """Squash into (-1, 1)."""
    outputs: Array = np.tanh(x)
    return outputs


def _tanh_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    return grad_outputs * (1 - y * y)


def relu(x: Array) -> Array:
    """Cut off what is negative."""
    outputs: Array = np.maximum(x, 0)
    return outputs


def _relu_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    return grad_outputs * (y > 0)


def leaky_relu(x: Array, negative_slope: float = 0.2) -> Array:
    """Scale what is negative by `negative_slope`, so that a unit cannot die."""
    outputs: Array = np.where(x > 0, x, negative_slope * x)
    return outputs


def leaky_relu_backward(
    grad_outputs: Array, x: Array, y: Array, negative_slope: float = 0.2
) -> Array:
    """Return the gradient for the inputs of `leaky_relu`."""
    grad_inputs: Array = np.where(x > 0, grad_outputs, negative_slope * grad_outputs)
    return grad_inputs


def elu(x: Array, alpha: float = 1.0) -> Array:
    """Bend what is negative smoothly towards ``-alpha``."""
    outputs: Array = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return outputs


def elu_backward(grad_outputs: Array, x: Array, y: Array, alpha: float = 1.0) -> Array:
    """Return the gradient for the inputs of `elu`."""
    grad_inputs: Array = np.where(x > 0, grad_outputs, grad_outputs * (y + alpha))
    return grad_inputs


def softplus(x: Array) -> Array:
    """Return log(1 + exp(x)), a smooth ReLU."""
    outputs: Array = np.logaddexp(x, 0)
    return outputs


def _softplus_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    return grad_outputs * sigmoid(x)


def softsign(x: Array) -> Array:
    """Squash into (-1, 1), with slower tails than tanh."""
    outputs: Array = x / (1 + np.abs(x))
    return outputs


def _softsign_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    grad_inputs: Array = grad_outputs * (1 - np.abs(y)) ** 2
    return grad_inputs


def silu(x: Array) -> Array:
    """Return x sigmoid(x), a smooth ReLU that dips below zero; also called swish."""
    outputs: Array = x * sigmoid(x)
    return outputs


def _silu_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    gate = sigmoid(x)
    return grad_outputs * (gate + y * (1 - gate))


def softmax(x: Array) -> Array:
    """Turn the last axis into probabilities: positive, with sum one.

    Only differences between entries count, so the largest is taken off first and
    `exp` cannot overflow.

    Examples
    --------
    >>> softmax(np.array([2.0, 1.0, 0.1])).round(3)
    array([0.659, 0.242, 0.099])
    >>> softmax(np.array([1e4, 0.0]))
    array([1., 0.])
    """
    outputs: Array = np.exp(x - x.max(axis=-1, keepdims=True))
    outputs /= outputs.sum(axis=-1, keepdims=True)
    return outputs


def _softmax_backward(grad_outputs: Array, x: Array, y: Array) -> Array:
    grad_inputs: Array = y * (grad_outputs - (grad_outputs * y).sum(axis=-1, keepdims=True))
    return grad_inputs


class ActivationFunction(NamedTuple):
    """A function and its backward pass."""

    forward: Forward  # x -> y
    backward: Backward  # grad_outputs, x, y -> grad_inputs


ACTIVATIONS: dict[str, ActivationFunction] = {
    "linear": ActivationFunction(linear, _linear_backward),
    "step": ActivationFunction(step, _step_backward),
    "sigmoid": ActivationFunction(sigmoid, _sigmoid_backward),
    "tanh": ActivationFunction(tanh, _tanh_backward),
    "relu": ActivationFunction(relu, _relu_backward),
    "leaky_relu": ActivationFunction(leaky_relu, leaky_relu_backward),
    "elu": ActivationFunction(elu, elu_backward),
    "softplus": ActivationFunction(softplus, _softplus_backward),
    "softsign": ActivationFunction(softsign, _softsign_backward),
    "silu": ActivationFunction(silu, _silu_backward),
    "softmax": ActivationFunction(softmax, _softmax_backward),
}


def get_activation(name: str) -> ActivationFunction:
    """Return the activation of this name.

    Raises
    ------
    ValueError
        If there is none of this name.
    TypeError
        If it is not a name.
    """
    if not isinstance(name, str):
        raise TypeError(
            f"an activation is a name here, one of {', '.join(ACTIVATIONS)}, got {name!r}. For a "
            "function of your own, write a layer with its forward and backward"
        )
    if name not in ACTIVATIONS:
        raise ValueError(f"unknown activation {name!r}; known are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
