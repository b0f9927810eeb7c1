"""Layers and an optimizer made of what learners write in the exercises.

Each takes its functions from `Parts`: the learner's own, or the course's where one is missing.
They keep the contract of `dlcourse.nn`, so that networks of them train and are proved like ours. In
the exercises a function works on one image, or one step: the loops around it stand here.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcourse import nn
from dlcourse.exercises.library import Parts
from dlcourse.nn.contract import Array, Cache, Layer, Params, Shape

Labels = NDArray[np.integer[Any]]


class OwnConvolution(Layer):
    """A convolution without padding, by ``conv_channels`` and ``conv_backward``.

    Inputs (batch, height, width, channels), outputs (batch, rows, columns, filters).

    Parameters
    ----------
    filters, size : int
    parts : Parts
    """

    def __init__(self, filters: int, size: int, parts: Parts) -> None:
        self.filters, self.size, self.parts_ = filters, size, parts

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
    ) -> Shape:
        """Draw the kernel by ``he_std``."""
        height, width, channels = input_shape
        std = self.parts_["he_std"](self.size**2 * channels)
        kernel = rng.normal(0, std, (self.size, self.size, channels, self.filters))
        self.params = {"kernel": kernel.astype(dtype), "bias": np.zeros(self.filters, dtype)}
        self.state = {}
        return height - self.size + 1, width - self.size + 1, self.filters

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Cache]:
        """Go through the images one by one."""
        conv, kernel, bias = (
            self.parts_["conv_channels"],
            self.params["kernel"],
            self.params["bias"],
        )
        return np.stack([np.asarray(conv(image, kernel, bias)) for image in inputs]), inputs

    def backward(
        self, grad_outputs: Array, cache: Cache, *, input_grad: bool = True
    ) -> tuple[Array, Params]:
        """Go through channels and filters: the exercise's function knows one of each."""
        back, kernel = self.parts_["conv_backward"], self.params["kernel"]
        grad_inputs, grad_kernel = np.zeros_like(cache), np.zeros_like(kernel)
        grad_bias = np.zeros_like(self.params["bias"])
        for f in range(self.filters):
            for c in range(kernel.shape[2]):
                found = back(cache[..., c], kernel[:, :, c, f], grad_outputs[..., f])
                grad_inputs[..., c] += found[0]
                grad_kernel[:, :, c, f] = found[1]
                grad_bias[f] = found[2]
        return grad_inputs, {"kernel": grad_kernel, "bias": grad_bias}


class OwnPooling(Layer):
    """Max pooling by ``pool2d`` and ``maxpool_backward``, on windows that do not overlap.

    Inputs (batch, height, width, channels).

    Parameters
    ----------
    size : int
    parts : Parts
    """

    def __init__(self, size: int, parts: Parts) -> None:
        self.size, self.parts_ = size, parts

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
    ) -> Shape:
        """Nothing is learned here."""
        self.params, self.state = {}, {}
        height, width, channels = input_shape
        return height // self.size, width // self.size, channels

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Cache]:
        """Pool each channel of each image."""
        pool = self.parts_["pool2d"]
        maps = [
            [pool(x[..., c], self.size, self.size, "max") for c in range(x.shape[2])]
            for x in inputs
        ]
        return np.moveaxis(np.array(maps), 1, -1), inputs

    def backward(
        self, grad_outputs: Array, cache: Cache, *, input_grad: bool = True
    ) -> tuple[Array, Params]:
        """Send each gradient to the pixel that was the largest."""
        back, grad_inputs = self.parts_["maxpool_backward"], np.zeros_like(cache)
        for image, grad, into in zip(cache, grad_outputs, grad_inputs, strict=True):
            for c in range(image.shape[2]):
                into[..., c] = back(image[..., c], grad[..., c], self.size)
        return grad_inputs, {}


class OwnLSTM(Layer):
    """A recurrent layer by ``lstm_step`` and ``lstm_backward_step``; the last state comes out.

    Inputs (batch, time, features), outputs (batch, units). Blocks of the arrays in the order i, f,
    g, o, as in Keras.

    Parameters
    ----------
    units : int
    parts : Parts
    """

    def __init__(self, units: int, parts: Parts) -> None:
        self.units, self.parts_ = units, parts

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float64
    ) -> Shape:
        """Draw the weights by ``he_std``; the forget gates start open."""
        features, std = input_shape[-1], self.parts_["he_std"]
        kernel = rng.normal(0, std(features) / 2, (features, 4 * self.units))
        recurrent = rng.normal(0, std(self.units) / 2, (self.units, 4 * self.units))
        bias = np.zeros(4 * self.units)
        bias[self.units : 2 * self.units] = 1
        arrays = {"kernel": kernel, "recurrent_kernel": recurrent, "bias": bias}
        self.params, self.state = {name: a.astype(dtype) for name, a in arrays.items()}, {}
        return (self.units,)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Cache]:
        """Go through the sequences one by one, step by step."""
        step, (W, U, b) = self.parts_["lstm_step"], self.params.values()  # noqa: N806
        states = np.zeros((2, inputs.shape[1] + 1, len(inputs), self.units), inputs.dtype)
        for n, sequence in enumerate(inputs):
            for t, x in enumerate(sequence):
                states[:, t + 1, n] = step(x, states[0, t, n], states[1, t, n], W, U, b)
        return states[0, -1], (inputs, states)

    def backward(
        self, grad_outputs: Array, cache: Cache, *, input_grad: bool = True
    ) -> tuple[Array, Params]:
        """Walk back in time; what a step needs of its gates is computed again."""
        inputs, (hidden, cells) = cache
        back, (W, U, b) = self.parts_["lstm_backward_step"], self.params.values()  # noqa: N806
        grads = {name: np.zeros_like(array) for name, array in self.params.items()}
        grad_inputs, grad_h = np.zeros_like(inputs), grad_outputs
        grad_c = np.zeros_like(grad_h)
        for t in reversed(range(inputs.shape[1])):
            i, f, g, o = np.split(inputs[:, t] @ W + hidden[t] @ U + b, 4, axis=1)
            i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
            rows = zip(grad_h, grad_c, i, f, g, o, cells[t], strict=True)
            found = [back(*row) for row in rows]
            grad_z = np.array([np.ravel(z) for z, _ in found])
            grad_c = np.array([c for _, c in found])
            grads["kernel"] += inputs[:, t].T @ grad_z
            grads["recurrent_kernel"] += hidden[t].T @ grad_z
            grads["bias"] += grad_z.sum(axis=0)
            grad_inputs[:, t], grad_h = grad_z @ W.T, grad_z @ U.T
        return grad_inputs, grads


def _sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


class OwnAdam:
    """Adam by ``adam_step``, one call for each array.

    Parameters
    ----------
    learning_rate : float
    parts : Parts
    limit : float, optional
        The joint length of all gradients is held to it by ``clip_by_global_norm``.
    """

    def __init__(self, learning_rate: float, parts: Parts, limit: float | None = None) -> None:
        self.learning_rate, self.parts, self.limit = learning_rate, parts, limit
        self.moments: dict[str, tuple[Array, Array]] = {}
        self.t = 0

    def step(self, params: Params, grads: Params) -> None:
        """Move all arrays, in place."""
        self.t += 1
        if self.limit is not None:
            grads = self.parts["clip_by_global_norm"](grads, self.limit)
        for name, w in params.items():
            m, s = self.moments.get(name, (np.zeros_like(w), np.zeros_like(w)))
            w[...], m, s = self.parts["adam_step"](
                w, m, s, grads[name], self.t, self.learning_rate, 0.9, 0.999, 1e-7
            )
            self.moments[name] = m, s


def train(
    model: nn.Sequential,
    x: Array,
    y: Labels,
    optimizer: OwnAdam,
    epochs: int,
    size: int,
    seed: int,
) -> list[float]:
    """Train by ``batches`` and ``softmax_ce_grad``; return the mean loss of each epoch.

    Parameters
    ----------
    model : Sequential
        Its outputs are scores, one for each class.
    x, y : arrays
        Inputs, and labels from 0.
    optimizer : OwnAdam
    epochs, size, seed : int
        `size` examples at a time, shuffled by `seed`.
    """
    parts, rng, losses = optimizer.parts, np.random.default_rng(seed), []
    for _ in range(epochs):
        order, told = rng.permutation(len(x)), []
        for start, stop in parts["batches"](len(x), size):
            rows = order[start:stop]
            scores, cache = model.forward(x[rows], training=True)
            slopes = np.asarray(parts["softmax_ce_grad"](scores, y[rows]))
            _, grads = model.backward(slopes, cache)
            optimizer.step(model.params, grads)
            told.append(_loss(scores, y[rows]))
        losses.append(float(np.mean(told)))
    return losses


def _loss(scores: Array, y: Labels) -> float:
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -float(np.mean(logs[np.arange(len(y)), y]))
