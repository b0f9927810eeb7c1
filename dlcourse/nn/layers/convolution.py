"""Two-dimensional convolution: one small kernel, moved over the whole image.

With stride s, dilation d and inputs x in a frame of zeros, the output of filter f at row p
and column q of image n is a weighted sum over the window that starts at row s p, column s q:

    y[n, p, q, f] = bias[f] + sum over i, j, c of x[n, s p + d i, s q + d j, c] kernel[i, j, c, f]

Strictly this is a cross-correlation. A convolution turns the kernel by 180 degrees first,
x[n, p - i, q - j, c], which makes it commute: first blur, then shift is first shift, then
blur. A kernel that is learned would only come out turned, so deep learning leaves the turn
out and keeps the name.

Copy every window into a column and the sum is a matrix product. X has a row for each kernel
entry (i, j, c) and a column for each output position (n, p, q); K is the kernel with its
first three axes taken together; G is dL/dY:

    Y     = K.T @ X
    dL/dK = X @ G.T            dL/d bias = sum of the columns of G
    dL/dX = K @ G              each entry is added back to the pixel it was copied from

X repeats a pixel for each window that it lies in, so it is never there as a whole: it is
made, and made again in the backward pass, for as many positions as fit into the cache of the
processor. Where the batch lies last, see below, each row of the images is a product of its own:
for small products OpenBLAS has code that takes half the time.

Memory order. Images have shape (batch, height, width, channels). A copy is fast along the
axis that lies last in memory, and few channels make a short axis: then the bytes lie in the
order (channels, height, width, batch), and a transposed view shows them in the usual shape.
No result depends on it; a LeNet step takes half as long.
"""

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape
from dlcourse.nn.cores import ROWS, Result, in_order
from dlcourse.nn.initializers import get_initializer
from dlcourse.nn.layers.windows import (
    Pair,
    add_frame,
    as_pair,
    check_padding,
    empty_images,
    extent,
    frame_widths,
    image_shape,
    lies_batch_last,
    output_size,
    remove_frame,
    sliding_windows,
    window_places,
)

CHUNK_BYTES = 2**21  # of columns at a time: about the second-level cache of a core
FEW_CHANNELS = 16  # with fewer, the batch lies last in memory


class Conv2DCache(NamedTuple):
    """What `Conv2D.forward` leaves for `Conv2D.backward`."""

    padded: Array  # the inputs in their frame of zeros
    frame: Sequence[Pair]  # rows above and below, columns to the left and to the right
    batch_last: bool  # in memory


class Conv2D(Layer):
    """Convolution of images with trained kernels [1]_ [2]_.

    Inputs (batch, height, width, channels), outputs (batch, output height, output width,
    filters).

    Parameters
    ----------
    filters : int
        Number of kernels, which is the number of output channels.
    kernel_size : int or pair of int
        Height and width of the window.
    strides : int or pair of int, default 1
        Rows and columns from one window to the next.
    padding : {"valid", "same"}
        "valid": the window stays inside the image. "same": zeros around it, so that the
        output has size / stride rows and columns, rounded up; of an odd number of zeros,
        the extra one comes after the image.
    dilation_rate : int or pair of int, default 1
        Rows and columns from one kernel entry to the next. Not together with strides.
    use_bias : bool, default True
        Add a trained number to each filter.
    kernel_initializer, bias_initializer : str
        A name of `dlcourse.nn.initializers`.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (kernel height, kernel width, channels, filters), and ``bias``,
        shape (filters,): names, order and layout of ``keras.layers.Conv2D``.

    Raises
    ------
    ValueError
        If an argument is none of these.

    References
    ----------
    .. [1] K. Fukushima, "Neocognitron", Biological Cybernetics 36, 1980.
    .. [2] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86(11), 1998.

    Examples
    --------
    >>> layer = Conv2D(1, 3)
    >>> layer.build((3, 4, 1), np.random.default_rng(0))
    (1, 2, 1)
    >>> layer.params["kernel"][:, :, 0, 0] = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    >>> image = np.array([[1, 1, 1, 0], [0, 1, 1, 1], [0, 0, 1, 1]], np.float32)
    >>> outputs, cache = layer.forward(image.reshape(1, 3, 4, 1))
    >>> outputs[0, :, :, 0]
    array([[4., 3.]], dtype=float32)
    """

    sliceable = "always"

    def __init__(
        self,
        filters: int,
        kernel_size: int | Pair,
        strides: int | Pair = (1, 1),
        padding: str = "valid",
        *,
        dilation_rate: int | Pair = (1, 1),
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
    ) -> None:
        if filters < 1:
            raise ValueError(f"Conv2D needs at least one filter, got filters={filters}")
        self.filters = filters
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.strides = as_pair("strides", strides)
        self.padding = check_padding(padding)
        self.dilation_rate = as_pair("dilation_rate", dilation_rate)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                "Conv2D takes strides above 1 or a dilation_rate above 1, not both, as Keras "
                f"does; got strides={self.strides} and dilation_rate={self.dilation_rate}"
            )
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *size, channels = image_shape("Conv2D", input_shape)
        kernel_shape = (*self.kernel_size, channels, self.filters)
        self.params = {"kernel": get_initializer(self.kernel_initializer)(rng, kernel_shape, dtype)}
        if self.use_bias:
            bias = get_initializer(self.bias_initializer)(rng, (self.filters,), dtype)
            self.params["bias"] = bias
        return (*output_size(size, *self._window()), self.filters)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Conv2DCache]:
        kernel = self.params["kernel"]
        channels = kernel.shape[2]
        check_shape("Conv2D inputs", inputs, ("batch", "height", "width", channels))
        batch, *size, _ = inputs.shape
        batch_last = channels < FEW_CHANNELS or lies_batch_last(inputs)
        frame = frame_widths(size, *self._window())
        padded = add_frame(inputs, frame, 0, np.result_type(inputs, kernel), batch_last)
        output_shape = (batch, *output_size(size, *self._window()), self.filters)
        outputs = empty_images(padded, output_shape, padded.dtype, batch_last)

        weights = kernel.reshape(-1, self.filters).T
        if batch_last:
            weights = weights.copy()  # small products want the rows of their left side together

        windows = self._windows(padded)

        def convolve(part: slice) -> None:
            strips = in_strips(outputs, part, batch_last)
            rows = strips.reshape(len(strips), self.filters, -1)  # a view, to write into
            np.matmul(weights, columns_of(windows, part, batch_last), out=rows)
            if self.use_bias:
                rows += self.params["bias"][:, np.newaxis]

        for _ in for_parts(convolve, windows, batch_last):
            pass  # the outputs are written
        return outputs, Conv2DCache(padded, frame, batch_last)

    def backward(
        self, grad_outputs: Array, cache: Conv2DCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        padded, frame, batch_last = cache
        weights = self.params["kernel"].reshape(-1, self.filters)
        grad_weights = np.zeros_like(weights)
        windows = self._windows(padded)
        if input_grad:
            grad_padded = np.zeros_like(padded)
            places = window_places(grad_padded, self.kernel_size, self.strides, self.dilation_rate)

        def go_back(part: slice) -> Array:
            columns = columns_of(windows, part, batch_last)
            strips = in_strips(grad_outputs, part, batch_last)
            rows = strips.reshape(len(strips), self.filters, -1)
            share: Array = (columns @ rows.swapaxes(1, 2)).sum(axis=0)
            if input_grad:
                grad_columns = np.matmul(weights, rows, out=np.empty_like(columns))
                shape = (len(strips), len(places), padded.shape[-1], *strips.shape[2:])
                by_place = grad_columns.reshape(shape).swapaxes(0, 1)
                for place, pixels in zip(places, by_place, strict=True):
                    there = in_strips(place, part, batch_last)
                    there += pixels  # windows overlap, a place of theirs does not
            return share

        for share in for_parts(go_back, windows, batch_last, apart=not input_grad):
            grad_weights += share

        grads = {"kernel": grad_weights.reshape(self.params["kernel"].shape)}
        if self.use_bias:
            grads["bias"] = grad_outputs.sum(axis=(0, 1, 2))
        return (remove_frame(grad_padded, frame) if input_grad else None), grads

    def _window(self) -> tuple[Pair, Pair, str]:
        return extent(self.kernel_size, self.dilation_rate), self.strides, self.padding

    def _windows(self, padded: Array) -> Array:
        return sliding_windows(padded, self.kernel_size, self.strides, self.dilation_rate)


def for_parts(
    function: Callable[[slice], Result], windows: Array, batch_last: bool, *, apart: bool = True
) -> Iterator[Result]:
    """Yield what a function gives for some rows of all images, or some images, after others.

    The columns of each part fit into the cache. A large batch comes whole if other layers need it
    whole; then several cores share the parts, unless two might write to one pixel: windows in
    neighbouring rows may, if they are not `apart`, and windows in two images never.
    """
    length = windows.shape[1 if batch_last else 0]
    step = max(1, CHUNK_BYTES * length // max(1, windows.nbytes))
    parts = [slice(start, start + step) for start in range(0, length, step)]
    on_processor = isinstance(windows, np.ndarray)
    shared = len(windows) > ROWS and on_processor and (apart or not batch_last)
    return in_order(function, parts) if shared else map(function, parts)


def columns_of(windows: Array, part: slice, batch_last: bool) -> Array:
    """Make some columns of the matrix X of the module's docstring.

    Returns
    -------
    columns : Array, shape (strips, window entries, positions)
        Of some rows of all images, or of some images. See `in_strips`.
    """
    entries = prod(windows.shape[3:])
    if batch_last:
        some = windows[:, part].transpose(1, 3, 4, 5, 2, 0)
        return some.reshape(len(some), entries, -1)
    return windows[part].reshape(1, -1, entries).swapaxes(1, 2)


def in_strips(images: Array, part: slice, batch_last: bool) -> Array:
    """View some rows of all images as a strip each if the batch lies last, or some images as one.

    Returns
    -------
    strips : Array, shape (rows, channels, width, batch) or (1, channels, images, height, width)
    """
    if batch_last:
        return images[:, part].transpose(1, 3, 2, 0)
    return images[part].transpose(3, 0, 1, 2)[np.newaxis]
