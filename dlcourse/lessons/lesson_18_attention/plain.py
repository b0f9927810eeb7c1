"""The way back through the lesson's plain block, and the package's block under the same names."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.lessons.lesson_18_attention import models
from dlcourse.nn.contract import Array

NAMES = {  # here, and in which half of the block under which name in the package
    "Wq": (0, "1.query_kernel"),
    "Wk": (0, "1.key_kernel"),
    "Wv": (0, "1.value_kernel"),
    "Wo": (0, "1.output_kernel"),
    "W1": (1, "1.kernel"),
    "b1": (1, "1.bias"),
    "W2": (1, "3.kernel"),
    "b2": (1, "3.bias"),
}


# Shown in the lesson


def normalize_backward(grad: Array, normal: Array, scale: Array) -> Array:
    """Send a gradient back through the normalization of each place."""
    moved_mean = grad.mean(axis=1, keepdims=True)
    moved_variance = normal * (grad * normal).mean(axis=1, keepdims=True)
    result: Array = (grad - moved_mean - moved_variance) * scale
    return result


def block_backward(
    grad: Array, cache: tuple[Any, ...], p: Mapping[str, Array]
) -> tuple[Array, dict[str, Array]]:
    """Send a gradient back through the block; return that of x and those of the weights.

    Parameters
    ----------
    grad : Array, shape (places, width)
    cache : tuple
        Second value of the lesson's ``block``.
    p : mapping of str to Array
        The weights, see `NAMES`.
    """
    n1, scale1, q, k, v, maps, joined, n2, scale2, h = cache
    g = {"W2": h.T @ grad, "b2": grad.sum(axis=0)}
    grad_h = grad @ p["W2"].T * (h > 0)
    g |= {"W1": n2.T @ grad_h, "b1": grad_h.sum(axis=0)}
    grad_y = grad + normalize_backward(grad_h @ p["W1"].T, n2, scale2)  # both ways
    g["Wo"] = joined.T @ grad_y
    grad_joined, d = grad_y @ p["Wo"].T, q.shape[1] // len(maps)
    grad_q, grad_k, grad_v = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for i, a in enumerate(maps):
        s = slice(i * d, (i + 1) * d)  # the columns of this head
        grad_a = grad_joined[:, s] @ v[:, s].T
        grad_s = a * (grad_a - (grad_a * a).sum(axis=1, keepdims=True)) / np.sqrt(d)
        grad_q[:, s], grad_k[:, s] = grad_s @ k[:, s], grad_s.T @ q[:, s]
        grad_v[:, s] = a.T @ grad_joined[:, s]
    grad_n1 = np.zeros_like(n1)
    for name, part in (("Wq", grad_q), ("Wk", grad_k), ("Wv", grad_v)):
        g[name] = n1.T @ part
        grad_n1 += part @ p[name].T
    return grad_y + normalize_backward(grad_n1, n1, scale1), g


# To compare with


class Passed(NamedTuple):
    """What one pass through the package's block gives, without a batch axis."""

    outputs: Array
    grad_x: Array
    grads: dict[str, Array]


def built_block(width: int, heads: int, *, seed: int = 0) -> list[Any]:
    """Return the two halves of a block of the package, built in float64."""
    halves = models.block(width, heads)
    rng = np.random.default_rng(seed)
    for half in halves:
        half.build((models.ANY, width), rng, np.float64)
    return halves


def weights(halves: list[Any]) -> dict[str, Array]:
    """Return the weights as matrices; the biases of attention are left out: they start at zero."""
    return _named([half.params for half in halves])


def run(halves: list[nn.Residual], x: Array, grad: Array) -> Passed:
    """Send a sequence through the block, and a gradient back.

    Parameters
    ----------
    halves : list of two layers
        From `built_block`.
    x, grad : Arrays, shape (places, width)
    """
    middle, look = halves[0].forward(x[np.newaxis])
    outputs, think = halves[1].forward(middle)
    grad_middle, grads_think = halves[1].backward(grad[np.newaxis], think)
    grad_x, grads_look = halves[0].backward(np.asarray(grad_middle), look)
    return Passed(outputs[0], np.asarray(grad_x)[0], _named([grads_look, grads_think]))


def _named(halves: list[Mapping[str, Array]]) -> dict[str, Array]:
    found = {}
    for name, (half, theirs) in NAMES.items():
        array = halves[half][theirs]
        width = len(halves[0]["0.gamma"])
        square = array.ndim == 3  # (width, heads, d), or (heads, d, width)
        found[name] = array.reshape(width, width) if square else array
    return found
