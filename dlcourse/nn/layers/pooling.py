"""Pooling: a window moves over the image and each channel keeps one number per position.

With stride s, output position (p, q) of channel c sees the pixels x[s p + i, s q + j, c] for
each place (i, j) in the window, and puts out

    MaxPooling2D             their maximum
    MinPooling2D             their minimum
    AveragePooling2D         their mean
    GlobalAveragePooling2D   the mean of the whole channel: one window, as large as the image

Backwards, the maximum sends the whole gradient of an output to the pixel that it came from,
and where several pixels are equal to the first of them, row by row, as TensorFlow does. The
mean sends an equal share to each pixel. Pixels in several windows add up what they get.

Nothing outside the image counts: the frame of "same" padding never wins, and no mean
includes it.
"""

from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape
from dlcourse.nn.layers.windows import (
    Pair,
    add_frame,
    as_pair,
    check_padding,
    frame_widths,
    image_shape,
    lies_batch_last,
    output_size,
    remove_frame,
    window_places,
)


class _Pooling2D(Layer):
    """What the pooling layers share: arguments, shapes and the window."""

    def __init__(
        self,
        pool_size: int | Pair = (2, 2),
        strides: int | Pair | None = None,
        padding: str = "valid",
    ) -> None:
        self.pool_size = as_pair("pool_size", pool_size)
        self.strides = self.pool_size if strides is None else as_pair("strides", strides)
        self.padding = check_padding(padding)
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *size, channels = image_shape(type(self).__name__, input_shape)
        return (*output_size(size, self.pool_size, self.strides, self.padding), channels)

    def _framed(self, inputs: Array, fill: float) -> tuple[Array, list[Pair]]:
        """Return the inputs in the frame that the windows need, and its widths."""
        name = f"{type(self).__name__} inputs"
        check_shape(name, inputs, ("batch", "height", "width", "channels"))
        frame = frame_widths(inputs.shape[1:3], self.pool_size, self.strides, self.padding)
        batch_last = lies_batch_last(inputs)
        return add_frame(inputs, frame, fill, inputs.dtype, batch_last), frame

    def _views(self, padded: Array) -> list[Array]:
        """Return, for each place in the window, the pixels there: one for each output."""
        return window_places(padded, self.pool_size, self.strides)


class ExtremeCache(NamedTuple):
    """What the forward pass of a maximum or a minimum leaves for the backward pass."""

    padded: Array  # the inputs, in a frame that never wins
    frame: list[Pair]
    outputs: Array


class _ExtremePooling2D(_Pooling2D):
    """The maximum or the minimum of each window."""

    sliceable = "always"

    _pick: np.ufunc
    _never_picked: float

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, ExtremeCache]:
        padded, frame = self._framed(inputs, self._never_picked)
        outputs = reduce(self._pick, self._views(padded))
        return outputs, ExtremeCache(padded, frame, outputs)

    def backward(
        self, grad_outputs: Array, cache: ExtremeCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        if not input_grad:
            return None, {}
        grad_padded = np.zeros_like(cache.padded)
        free = np.ones_like(cache.outputs, dtype=bool)  # outputs whose pixel is not yet found
        grad_outputs = like(grad_outputs, cache.outputs)
        overlap = self.strides[0] < self.pool_size[0] or self.strides[1] < self.pool_size[1]
        views = zip(self._views(cache.padded), self._views(grad_padded), strict=True)
        for view, grad_view in views:
            found = (view == cache.outputs) & free
            free ^= found
            if overlap:
                grad_view += grad_outputs * found
            else:
                np.multiply(grad_outputs, found, out=grad_view)
        return remove_frame(grad_padded, cache.frame), {}


class MaxPooling2D(_ExtremePooling2D):
    """Keep the largest pixel of each window.

    Inputs (batch, height, width, channels), outputs with fewer rows and columns.

    Parameters
    ----------
    pool_size : int or pair of int, default 2
        Height and width of the window.
    strides : int or pair of int, optional
        Rows and columns from one window to the next. If not given, the size of the
        window: windows lie side by side.
    padding : {"valid", "same"}
        "valid": only windows inside the image; what is left over at the end is not seen.
        "same": size / stride windows along each axis, rounded up.

    Raises
    ------
    ValueError
        If an argument is none of these.

    Examples
    --------
    >>> image = np.array([[1.0, 2, 0, 0], [3, 4, 0, 7], [5, 0, 1, 1], [0, 0, 1, 9]])
    >>> outputs, cache = MaxPooling2D().forward(image.reshape(1, 4, 4, 1))
    >>> outputs[0, :, :, 0]
    array([[4., 7.],
           [5., 9.]])
    """

    _pick = np.maximum
    _never_picked = -np.inf


class MinPooling2D(_ExtremePooling2D):
    """Keep the smallest pixel of each window; arguments as of `MaxPooling2D`.

    Keras has no such layer. It is ``-MaxPooling2D(-inputs)``, and of use where dark pixels
    on light ground carry the meaning.

    Examples
    --------
    >>> image = np.array([[1.0, 2, 0, 0], [3, 4, 0, 7], [5, 0, 1, 1], [0, 0, 1, 9]])
    >>> outputs, cache = MinPooling2D().forward(image.reshape(1, 4, 4, 1))
    >>> outputs[0, :, :, 0]
    array([[1., 0.],
           [0., 1.]])
    """

    _pick = np.minimum
    _never_picked = np.inf


class AverageCache(NamedTuple):
    """What the forward pass of a mean leaves for the backward pass."""

    padded: Array  # the inputs in a frame of zeros
    frame: list[Pair]
    counts: Array  # pixels in each window, shape (1, output height, output width, 1)


class AveragePooling2D(_Pooling2D):
    """Keep the mean of each window; arguments as of `MaxPooling2D`.

    With "same" padding, a window that reaches over the edge has the mean of the pixels that
    are there.

    Examples
    --------
    >>> image = np.array([[1.0, 2, 0], [3, 4, 6], [5, 0, 1]]).reshape(1, 3, 3, 1)
    >>> outputs, cache = AveragePooling2D(2, padding="same").forward(image)
    >>> outputs[0, :, :, 0]
    array([[2.5, 3. ],
           [2.5, 1. ]])
    """

    sliceable = "always"

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, AverageCache]:
        padded, frame = self._framed(inputs, 0)
        ones = np.ones_like(inputs, shape=(1, *inputs.shape[1:3], 1))
        counts = reduce(np.add, self._views(self._framed(ones, 0)[0]))
        outputs = reduce(np.add, self._views(padded)) / counts
        return outputs, AverageCache(padded, frame, counts)

    def backward(
        self, grad_outputs: Array, cache: AverageCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        if not input_grad:
            return None, {}
        grad_padded = np.zeros_like(cache.padded)
        share = grad_outputs / cache.counts
        for view in self._views(grad_padded):
            view += share
        return remove_frame(grad_padded, cache.frame), {}


class GlobalAveragePooling2D(Layer):
    """Keep the mean of each channel, and with it no position at all [1]_.

    Inputs (batch, height, width, channels), outputs (batch, channels).

    Parameters
    ----------
    keepdims : bool, default False
        Keep height and width as axes of length one.

    References
    ----------
    .. [1] M. Lin, Q. Chen, S. Yan, "Network In Network", ICLR 2014, section 3.2.

    Examples
    --------
    >>> outputs, cache = GlobalAveragePooling2D().forward(np.arange(8.0).reshape(1, 2, 2, 2))
    >>> outputs
    array([[3., 4.]])
    """

    sliceable = "always"

    def __init__(self, *, keepdims: bool = False) -> None:
        self.keepdims = keepdims
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *_, channels = image_shape("GlobalAveragePooling2D", input_shape)
        return (1, 1, channels) if self.keepdims else (channels,)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Array]:
        name = "GlobalAveragePooling2D inputs"
        check_shape(name, inputs, ("batch", "height", "width", "channels"))
        return inputs.mean(axis=(1, 2), keepdims=self.keepdims), inputs

    def backward(
        self, grad_outputs: Array, cache: Array, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        if not input_grad:
            return None, {}
        batch, height, width, channels = cache.shape
        grad_inputs = np.empty_like(cache)
        grad_inputs[...] = grad_outputs.reshape(batch, 1, 1, channels) / (height * width)
        return grad_inputs, {}


def like(array: Array, model: Array) -> Array:
    """Copy an array into the memory order of another one, so that both run side by side."""
    copy = np.empty_like(model)
    copy[...] = array
    return copy
