"""Normalisation: give numbers mean zero and variance one, then a scale and a shift of their own.

    normalised = (inputs - mean) / sqrt(variance + epsilon)
    outputs    = gamma * normalised + beta

gamma and beta are trained, one each per entry of the last axis. The two layers differ in what
the mean and the variance are taken over:

    BatchNormalization   all axes but the last: each feature by itself, over the batch; when
                         predicting, moving averages of the training batches stand in
    LayerNormalization   the last axis: each example by itself, in training and after

Backwards, with G = dL/d outputs and H = G * gamma, where the mean is taken over the same axes:

    dL/d beta   = sum of G               over all axes but the last
    dL/d gamma  = sum of G * normalised
    dL/d inputs = (H - mean(H) - normalised * mean(H * normalised)) / sqrt(variance + epsilon)

The two means are there because every input moves the mean and the variance. With moving
averages none does, and they are left out.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape


class NormalizationCache(NamedTuple):
    """What the forward pass leaves for the backward pass."""

    normalised: Array  # before gamma and beta
    scale: Array  # 1 / sqrt(variance + epsilon)
    axes: tuple[int, ...]  # that the mean was taken over; none with moving averages


class _Normalization(Layer):
    """What the two have in common: gamma, beta and the backward pass."""

    epsilon: float

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        """Create the parameters for inputs of shape (..., features)."""
        features = input_shape[-1]
        self.params = {"gamma": np.ones(features, dtype), "beta": np.zeros(features, dtype)}
        return tuple(input_shape)

    def _normalise(
        self, inputs: Array, mean: Array, variance: Array, axes: tuple[int, ...]
    ) -> tuple[Array, NormalizationCache]:
        scale = 1 / np.sqrt(variance + self.epsilon)
        normalised = (inputs - mean) * scale
        outputs = normalised * self.params["gamma"] + self.params["beta"]
        return outputs, NormalizationCache(normalised, scale, axes)

    def _check_inputs(self, inputs: Array) -> None:
        check_shape(f"{type(self).__name__} inputs", inputs, (..., len(self.params["gamma"])))

    def backward(
        self, grad_outputs: Array, cache: NormalizationCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        """Send the gradient back, through the mean and the variance too.

        Parameters
        ----------
        grad_outputs : Array, shape (..., features)
        cache : NormalizationCache
            Second value of `forward`.
        input_grad : bool
            Whether the gradient of the inputs is needed.

        Returns
        -------
        grad_inputs : Array, shape (..., features), or None
        grads : dict
            One gradient per entry of `params`, under the same name.
        """
        normalised, scale, axes = cache
        all_but_last = tuple(range(grad_outputs.ndim - 1))
        grads = {
            "gamma": (grad_outputs * normalised).sum(axis=all_but_last),
            "beta": grad_outputs.sum(axis=all_but_last),
        }
        if not input_grad:
            return None, grads
        grad = grad_outputs * self.params["gamma"]
        if axes:
            through_variance = normalised * (grad * normalised).mean(axis=axes, keepdims=True)
            grad = grad - grad.mean(axis=axes, keepdims=True) - through_variance
        return grad * scale, grads


class BatchNormalization(_Normalization):
    """Normalise each feature over the batch [1]_.

    A forward pass in training also moves the averages in `state`:
    ``average = momentum * average + (1 - momentum) * value of this batch``.

    Parameters
    ----------
    momentum : float, default 0.99
        How much of the moving averages a training batch leaves as it is.
    epsilon : float, default 1e-3
        Added to the variance, so that a feature that never changes divides by no zero.

    Attributes
    ----------
    params : dict
        ``gamma`` and ``beta``, shape (features,), ones and zeros at first.
    state : dict
        ``moving_mean`` and ``moving_variance``, shape (features,), zeros and ones at first.
        Names and order of ``keras.layers.BatchNormalization``.

    Raises
    ------
    ValueError
        If `momentum` is outside [0, 1], or `epsilon` is not positive.

    References
    ----------
    .. [1] S. Ioffe, C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by
       Reducing Internal Covariate Shift", ICML 2015, algorithms 1 and 2.

    Examples
    --------
    >>> layer = BatchNormalization()
    >>> layer.build((1,), np.random.default_rng(0))
    (1,)
    >>> batch = np.array([[1.0], [3.0]], np.float32)
    >>> outputs, cache = layer.forward(batch, training=True)
    >>> outputs.round(2).tolist(), layer.state["moving_mean"]
    ([[-1.0], [1.0]], array([0.02], dtype=float32))
    """

    sliceable = "predicting"

    def __init__(self, *, momentum: float = 0.99, epsilon: float = 1e-3) -> None:
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be in [0, 1], got {momentum}")
        self.momentum = momentum
        self.epsilon = check_epsilon(epsilon)
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        """Create the parameters and the moving averages for inputs of shape (..., features)."""
        features = input_shape[-1]
        self.state = {
            "moving_mean": np.zeros(features, dtype),
            "moving_variance": np.ones(features, dtype),
        }
        return super().build(input_shape, rng, dtype)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, NormalizationCache]:
        """Normalise by the batch in training, else by the moving averages.

        Parameters
        ----------
        inputs : Array, shape (batch, ..., features)
        training : bool
            In training, the moving averages change too.

        Returns
        -------
        outputs : Array, shape (batch, ..., features)
        cache : NormalizationCache

        Raises
        ------
        ValueError
            If the last axis is not `features` long.
        """
        self._check_inputs(inputs)
        if not training:
            mean, variance = self.state.values()
            return self._normalise(inputs, mean, variance, axes=())
        axes = tuple(range(inputs.ndim - 1))
        mean, variance = inputs.mean(axis=axes), inputs.var(axis=axes)
        for average, value in zip(self.state.values(), (mean, variance), strict=True):
            average *= self.momentum
            average += (1 - self.momentum) * value
        return self._normalise(inputs, mean, variance, axes)


class LayerNormalization(_Normalization):
    """Normalise the features of each example [1]_.

    Parameters
    ----------
    epsilon : float, default 1e-3
        Added to the variance.

    Attributes
    ----------
    params : dict
        ``gamma`` and ``beta``, shape (features,), ones and zeros at first: names and order
        of ``keras.layers.LayerNormalization``.

    Raises
    ------
    ValueError
        If `epsilon` is not positive.

    References
    ----------
    .. [1] J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", 2016, eq. 3 and 4.

    Examples
    --------
    >>> layer = LayerNormalization()
    >>> layer.build((2,), np.random.default_rng(0))
    (2,)
    >>> layer.forward(np.array([[1.0, 3.0], [10.0, 30.0]]))[0].round(2)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    sliceable = "always"

    def __init__(self, *, epsilon: float = 1e-3) -> None:
        self.epsilon = check_epsilon(epsilon)
        self.params: Params = {}
        self.state: Params = {}

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, NormalizationCache]:
        """Normalise along the last axis.

        Parameters
        ----------
        inputs : Array, shape (batch, ..., features)
        training : bool
            Makes no difference to this layer.

        Returns
        -------
        outputs : Array, shape (batch, ..., features)
        cache : NormalizationCache

        Raises
        ------
        ValueError
            If the last axis is not `features` long.
        """
        self._check_inputs(inputs)
        mean = inputs.mean(axis=-1, keepdims=True)
        variance = inputs.var(axis=-1, keepdims=True)
        return self._normalise(inputs, mean, variance, axes=(-1,))


def check_epsilon(epsilon: float) -> float:
    """Return epsilon if it is positive."""
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")
    return epsilon
