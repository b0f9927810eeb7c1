"""Radial basis functions: each unit answers to inputs near a centre of its own.

    outputs_k = exp(-beta_k |x - c_k|^2)

c is the centre; beta says how narrow the bell is: it falls to one half at the distance
sqrt(ln 2 / beta). Unlike a dense unit, which divides the whole space by a plane, this one
knows nothing of what is far away.

Backwards, with G = dL/d outputs and H = G * outputs:

    dL/d beta_k = - sum over examples of H_k |x - c_k|^2
    dL/d c_k    = 2 beta_k * sum over examples of H_k (x - c_k)
    dL/d x      = - 2 * sum over k of beta_k H_k (x - c_k)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, as_array, check_shape


class RBFCache(NamedTuple):
    """What `RBF.forward` leaves for `RBF.backward`."""

    offsets: Array  # x - c, shape (batch, units, features)
    squares: Array  # |x - c|^2, shape (batch, units)
    outputs: Array


class RBF(Layer):
    """Gaussian bells around centres [1]_.

    Inputs (batch, features), outputs (batch, units), in (0, 1].

    Parameters
    ----------
    units : int
        Number of centres.
    beta : float or array, shape (units,), default 1.0
        Narrowness at first.
    centres : array, shape (units, features), optional
        Centres at first, such as some of the examples, or what k-means found. Drawn from
        a normal distribution if not given.
    trainable : bool, default True
        Whether training moves centres and narrowness; else only the layers that follow learn.

    Attributes
    ----------
    params : dict
        ``centres``, shape (units, features), and ``beta``, shape (units,).

    Raises
    ------
    ValueError
        If there is no unit, a `beta` is not positive, or a shape does not fit.

    References
    ----------
    .. [1] D. S. Broomhead, D. Lowe, "Multivariable Functional Interpolation and Adaptive
       Networks", Complex Systems 2, 1988.

    Examples
    --------
    The two bells that make XOR a matter of one line:

    >>> layer = RBF(2, centres=[[0, 0], [1, 1]])
    >>> layer.build((2,), np.random.default_rng(0))
    (2,)
    >>> outputs, cache = layer.forward(np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32))
    >>> outputs.round(4)
    array([[1.    , 0.1353],
           [0.3679, 0.3679],
           [0.3679, 0.3679],
           [0.1353, 1.    ]], dtype=float32)
    """

    sliceable = "always"

    def __init__(
        self,
        units: int,
        beta: ArrayLike = 1.0,
        centres: ArrayLike | None = None,
        *,
        trainable: bool = True,
    ) -> None:
        if units < 1:
            raise ValueError(f"RBF needs at least one unit, got units={units}")
        if np.shape(beta) not in ((), (units,)) or not np.all(np.asarray(beta) > 0):
            raise ValueError(f"beta must be positive, one or {units} of them, got {beta!r}")
        self.units = units
        self.beta = beta
        self.centres = centres
        self.trainable = trainable
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        expected = (self.units, *input_shape)
        if len(expected) != 2:
            raise ValueError(f"RBF takes inputs of shape (features,), got {tuple(input_shape)}")
        drawn = rng.standard_normal(expected) if self.centres is None else self.centres
        centres = as_array(drawn).astype(dtype)
        if centres.shape != expected:
            raise ValueError(f"centres must have shape {expected}, got {centres.shape}")
        self.params = {"centres": centres, "beta": np.full(self.units, self.beta, dtype)}
        return (self.units,)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, RBFCache]:
        centres, beta = self.params.values()
        check_shape("RBF inputs", inputs, ("batch", centres.shape[1]))
        offsets = inputs[:, np.newaxis] - centres
        squares = (offsets**2).sum(axis=-1)
        outputs = np.exp(-beta * squares)
        return outputs, RBFCache(offsets, squares, outputs)

    def backward(
        self, grad_outputs: Array, cache: RBFCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        offsets, squares, outputs = cache
        beta = self.params["beta"]
        grad = grad_outputs * outputs
        pull = 2 * (beta * grad)[:, :, np.newaxis] * offsets  # of each example on each centre
        grads = {"centres": pull.sum(axis=0), "beta": -(grad * squares).sum(axis=0)}
        return (-pull.sum(axis=1) if input_grad else None), grads
