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
    grad: Array, cache: tuple[Any, ...], p: Mapping[str, Array], heads: int
) -> tuple[Array, dict[str, Array]]:
    """Send a gradient back through the block; return that of x and those of the weights.

    Parameters
    ----------
    grad : Array, shape (places, width)
    cache : tuple
        Second value of the lesson's ``block``.
    p : mapping of str to Array
        The weights, see `NAMES`.
    heads : int
    """
    n1, scale1, q, k, v, a, joined, n2, scale2, h = cache
    g = {"W2": h.T @ grad, "b2": grad.sum(axis=0)}
    grad_h = grad @ p["W2"].T * (h > 0)
    g |= {"W1": n2.T @ grad_h, "b1": grad_h.sum(axis=0)}
    grad_y = grad + normalize_backward(grad_h @ p["W1"].T, n2, scale2)  # both ways
    g["Wo"] = joined.T @ grad_y
    grad_c = split_heads(grad_y @ p["Wo"].T, heads)
    grad_a = grad_c @ v.swapaxes(1, 2)
    grad_s = a * (grad_a - (grad_a * a).sum(axis=2, keepdims=True)) / np.sqrt(q.shape[2])
    back = {"Wq": grad_s @ k, "Wk": grad_s.swapaxes(1, 2) @ q, "Wv": a.swapaxes(1, 2) @ grad_c}
    grad_n1 = np.zeros_like(n1)
    for name, grad_heads in back.items():
        grad_part = join_heads(grad_heads)
        g[name] = n1.T @ grad_part
        grad_n1 += grad_part @ p[name].T
    return grad_y + normalize_backward(grad_n1, n1, scale1), g


def split_heads(x: Array, heads: int) -> Array:
    """(T, D) to (heads, T, D / heads), as in the lesson."""
    return x.reshape(len(x), heads, -1).swapaxes(0, 1)


def join_heads(x: Array) -> Array:
    """(heads, T, D / heads) to (T, D), as in the lesson."""
    return x.swapaxes(0, 1).reshape(x.shape[1], -1)


# To compare with


class Passed(NamedTuple):
    """What one pass through the package's block gives, without a batch axis."""

    outputs: Array
    grad_x: Array
    grads: dict[str, Array]


def built_block(width: int, heads: int, *, causal: bool = False, seed: int = 0) -> list[Any]:
    """Return the two halves of a block of the package, built in float64."""
    halves = models.block(width, heads, causal=causal)
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
