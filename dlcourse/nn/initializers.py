"""Initial values of parameters: functions of a generator and a shape.

The variance-scaling family keeps the size of the signal about the same from layer to
layer. With fan_in inputs to each unit and fan_out units fed by each input, the variance is

    glorot   2 / (fan_in + fan_out)     balances forward and backward pass; for tanh
    he       2 / fan_in                 makes up for the half that ReLU sets to zero
    lecun    1 / fan_in                 keeps the variance of a linear forward pass

drawn uniformly (limit = sqrt(3 * variance)) or from a normal distribution that is cut at
two standard deviations, as Keras does.
"""

from collections.abc import Callable
from math import prod, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Shape

Initializer: TypeAlias = Callable[[np.random.Generator, Shape, DTypeLike], Array]

# Standard deviation of a unit normal distribution that is cut at -2 and 2.
TRUNCATED_STD = 0.87962566103423978


def fans(shape: Shape) -> tuple[int, int]:
    """Return how many inputs feed a unit and how many units an input feeds.

    Parameters
    ----------
    shape : tuple of int
        Of a kernel: (in, out), or (height, width, in, out) of a convolution, where
        every position of the window counts.

    Returns
    -------
    fan_in, fan_out : int

    Examples
    --------
    >>> fans((784, 128)), fans((5, 5, 6, 16))
    ((784, 128), (150, 400))
    """
    if len(shape) < 2:
        size = prod(shape)
        return size, size
    window = prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def zeros(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """All zeros; right for biases, wrong for kernels, whose units would stay alike."""
    return np.zeros(shape, dtype)


def ones(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """All ones, such as the scale of a normalisation."""
    return np.ones(shape, dtype)


def constant(value: float) -> Initializer:
    """Return an initializer that fills with `value`."""

    def initializer(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
        return np.full(shape, value, dtype)

    return initializer


def random_uniform(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw uniformly from [-0.05, 0.05], as ``keras.initializers.RandomUniform`` does."""
    return _uniform(rng, shape, dtype, limit=0.05)


def random_normal(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw from a normal distribution with standard deviation 0.05, as Keras does."""
    return (0.05 * rng.standard_normal(shape)).astype(dtype)


def glorot_uniform(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw uniformly with variance 2 / (fan_in + fan_out) [1]_.

    References
    ----------
    .. [1] X. Glorot, Y. Bengio, "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS 2010, eq. 16.
    """
    fan_in, fan_out = fans(shape)
    return _uniform(rng, shape, dtype, limit=sqrt(6 / (fan_in + fan_out)))


def glorot_normal(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw from a truncated normal distribution with variance 2 / (fan_in + fan_out)."""
    fan_in, fan_out = fans(shape)
    return _truncated_normal(rng, shape, dtype, std=sqrt(2 / (fan_in + fan_out)))


def he_uniform(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw uniformly with variance 2 / fan_in."""
    return _uniform(rng, shape, dtype, limit=sqrt(6 / fans(shape)[0]))


def he_normal(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw from a truncated normal distribution with variance 2 / fan_in [1]_.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren, J. Sun, "Delving Deep into Rectifiers", ICCV 2015,
       eq. 10.
    """
    return _truncated_normal(rng, shape, dtype, std=sqrt(2 / fans(shape)[0]))


def lecun_uniform(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw uniformly with variance 1 / fan_in."""
    return _uniform(rng, shape, dtype, limit=sqrt(3 / fans(shape)[0]))


def lecun_normal(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw from a truncated normal distribution with variance 1 / fan_in [1]_.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient BackProp", 1998, eq. 16.
    """
    return _truncated_normal(rng, shape, dtype, std=sqrt(1 / fans(shape)[0]))


def orthogonal(rng: np.random.Generator, shape: Shape, dtype: DTypeLike = np.float32) -> Array:
    """Draw a matrix whose rows, or columns if they are fewer, are orthonormal [1]_.

    All axes but the last are taken together as the rows.

    References
    ----------
    .. [1] A. Saxe, J. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics
       of learning in deep linear neural networks", ICLR 2014.
    """
    rows, columns = prod(shape[:-1]), shape[-1]
    basis, triangle = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
    basis = basis * np.sign(np.diag(triangle))  # without this, not every basis is as likely
    matrix = basis if rows >= columns else basis.T
    return np.ascontiguousarray(matrix.reshape(shape), dtype)


def _uniform(rng: np.random.Generator, shape: Shape, dtype: DTypeLike, limit: float) -> Array:
    return rng.uniform(-limit, limit, shape).astype(dtype)


def _truncated_normal(
    rng: np.random.Generator, shape: Shape, dtype: DTypeLike, std: float
) -> Array:
    values = rng.standard_normal(shape)
    while (outside := np.abs(values) > 2).any():
        values[outside] = rng.standard_normal(int(outside.sum()))
    return (values * (std / TRUNCATED_STD)).astype(dtype)


INITIALIZERS: dict[str, Initializer] = {
    function.__name__: function
    for function in (
        zeros,
        ones,
        random_uniform,
        random_normal,
        glorot_uniform,
        glorot_normal,
        he_uniform,
        he_normal,
        lecun_uniform,
        lecun_normal,
        orthogonal,
    )
}


def get_initializer(name: str | Initializer) -> Initializer:
    """Return the initializer of this name; a function is returned as it is.

    Raises
    ------
    ValueError
        If there is none of this name.
    """
    if callable(name):
        return name
    if name not in INITIALIZERS:
        raise ValueError(f"unknown initializer {name!r}; known are {', '.join(INITIALIZERS)}")
    return INITIALIZERS[name]
