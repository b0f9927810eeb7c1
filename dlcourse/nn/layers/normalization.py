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
averages none does, and they are left out. A mask takes the mean over the steps that count.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Mask, Params, Shape, check_shape

EPSILON = 1e-7  # keras.config.epsilon(), added to the number of steps that a mask leaves


class NormalizationCache(NamedTuple):
    """What the forward pass leaves for the backward pass."""

    normalised: Array  # before gamma and beta
    scale: Array  # 1 / sqrt(variance + epsilon)
    axes: tuple[int, ...]  # that the mean was taken over; none with moving averages
    shares: Array | None = None  # of each step in the mean, (batch, ..., 1), if there is a mask


class _Normalization(Layer):
    """What the two have in common: gamma, beta and the backward pass."""

    supports_masking = True
    epsilon: float

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        features = input_shape[-1]
        self.params = {"gamma": np.ones(features, dtype), "beta": np.zeros(features, dtype)}
        return tuple(input_shape)

    def _normalise(
        self,
        centred: Array,
        variance: Array,
        axes: tuple[int, ...],
        shares: Array | None = None,
    ) -> tuple[Array, NormalizationCache]:
        scale = 1 / np.sqrt(variance + self.epsilon)
        normalised = np.multiply(centred, scale, out=centred)  # no third array as large
        outputs = normalised * self.params["gamma"] + self.params["beta"]
        return outputs, NormalizationCache(normalised, scale, axes, shares)

    def _check_inputs(self, inputs: Array) -> None:
        check_shape(f"{type(self).__name__} inputs", inputs, (..., len(self.params["gamma"])))

    def backward(
        self, grad_outputs: Array, cache: NormalizationCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        normalised, scale, axes, shares = cache
        all_but_last = tuple(range(grad_outputs.ndim - 1))
        grads = {
            "gamma": (grad_outputs * normalised).sum(axis=all_but_last),
            "beta": grad_outputs.sum(axis=all_but_last),
        }
        if not input_grad:
            return None, grads
        grad = grad_outputs * self.params["gamma"]
        if shares is not None:
            offset = normalised - (normalised * shares).sum(axis=axes)  # by EPSILON: nearly nothing
            through_variance = offset * (grad * normalised).sum(axis=axes)
            grad = grad - shares * (grad.sum(axis=axes) + through_variance)
        elif axes:
            through_variance = normalised * (grad * normalised).mean(axis=axes, keepdims=True)
            grad = grad - grad.mean(axis=axes, keepdims=True) - through_variance
        return grad * scale, grads


class BatchNormalization(_Normalization):
    """Normalise each feature over the batch [1]_.

    Inputs (batch, ..., features), outputs of the same shape.

    A forward pass in training also moves the averages in `state`:
    ``average = momentum * average + (1 - momentum) * value of this batch``. A frozen layer,
    ``trainable = False``, takes the averages also in training, and leaves them as they are.

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

    def __init__(self, *, momentum: float = 0.99, epsilon: float = 1e-3) -> None:
        if not 0 <= momentum <= 1:
            raise ValueError(f"momentum must be in [0, 1], got {momentum}")
        self.momentum = momentum
        self.epsilon = check_epsilon(epsilon)
        self.params: Params = {}
        self.state: Params = {}

    @property
    def sliceable(self) -> Literal["predicting", "always"]:  # type: ignore[override]
        """In training the rows meet in the mean, unless the layer is frozen."""
        return "predicting" if self.trainable else "always"

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        features = input_shape[-1]
        self.state = {
            "moving_mean": np.zeros(features, dtype),
            "moving_variance": np.ones(features, dtype),
        }
        return super().build(input_shape, rng, dtype)

    def forward(
        self, inputs: Array, *, training: bool = False, mask: Mask | None = None
    ) -> tuple[Array, NormalizationCache]:
        self._check_inputs(inputs)
        if not (training and self.trainable):
            mean, variance = self.state.values()
            return self._normalise(inputs - mean, variance, axes=())
        axes = tuple(range(inputs.ndim - 1))
        shares = None
        if mask is None:
            mean = inputs.mean(axis=axes)
            centred = inputs - mean
            variance = np.square(centred).mean(axis=axes)
        else:
            check_shape("BatchNormalization mask", mask, inputs.shape[:-1])
            shares = mask[..., np.newaxis].astype(inputs.dtype) / (float(mask.sum()) + EPSILON)
            mean = (inputs * shares).sum(axis=axes)
            centred = inputs - mean
            variance = (np.square(centred) * shares).sum(axis=axes)
        for average, value in zip(self.state.values(), (mean, variance), strict=True):
            average *= self.momentum
            average += (1 - self.momentum) * value
        return self._normalise(centred, variance, axes, shares)


class LayerNormalization(_Normalization):
    """Normalise the features of each example [1]_.

    Inputs (batch, ..., features), outputs of the same shape.

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
        self._check_inputs(inputs)
        centred = inputs - inputs.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        return self._normalise(centred, variance, axes=(-1,))


def check_epsilon(epsilon: float) -> float:
    """Return epsilon if it is positive."""
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")
    return epsilon
