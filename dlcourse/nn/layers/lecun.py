"""What LeCun's networks of 1989 to 1998 have and today's do without.

    PartialConv2D   each filter looks at some of the channels only, as a table of connections
                    says; each unit may have a bias of its own; a frame of any grey

        y[n, p, q, f] = bias[f] or bias[p, q, f]
                        + sum over i, j, and channels c that filter f is connected to, of
                          x[n, s p + i, s q + j, c] kernel[i, j, connection of c and f]

    Subsampling2D   a mean over each window, times a trained number, plus a trained number:
                    one pair of them for each channel

        y[n, p, q, c] = coefficient[c] mean of window (p, q) of channel c + bias[c]

    ScaledTanh      y = A tanh(S a) with A = 1.7159 and S = 2/3, chosen so that 1 goes to 1
                    and -1 to -1: targets of 1 and -1 lie where the curve still rises

        dy/da = S (A - y^2 / A)

The table saved work, and made filters see different things, when a network had to run on the
machines of the time. A partial convolution is a full one whose kernel has zeros where there is
no connection; this is how it is computed here.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape
from dlcourse.nn.initializers import get_initializer
from dlcourse.nn.layers.convolution import FEW_CHANNELS, Conv2D, Conv2DCache
from dlcourse.nn.layers.pooling import AverageCache, AveragePooling2D
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
)


class PartialConv2DCache(NamedTuple):
    """What `PartialConv2D.forward` leaves for `PartialConv2D.backward`."""

    full: Conv2D  # with the kernels of this call
    full_cache: Conv2DCache
    frame: Sequence[Pair]


class PartialConv2D(Layer):
    """Convolution in which each filter sees only some of the channels [1]_ [2]_.

    Inputs (batch, height, width, channels), outputs (batch, output height, output width,
    filters).

    Parameters
    ----------
    filters : int
        Number of output channels.
    kernel_size, strides, padding
        As of `Conv2D`.
    connections : array, shape (channels, filters), optional
        True or 1 where the filter sees the channel. All are connected if it is not given.
    shared_bias : bool, default True
        One bias per filter. If false, one for each unit: for each filter at each position.
    background : float, default 0.0
        What stands in the frame around the image, with "same" padding.
    kernel_initializer, bias_initializer : str
        A name of `dlcourse.nn.initializers`. The inputs of a unit are counted as it is
        connected.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (kernel height, kernel width, connections): one small kernel for
        each connection, those of the first filter first. ``bias``, shape (filters,) or
        (output height, output width, filters).

    Raises
    ------
    ValueError
        If an argument is none of these, the table does not fit, or a filter sees nothing.

    References
    ----------
    .. [1] Y. LeCun et al., "Backpropagation Applied to Handwritten Zip Code Recognition",
       Neural Computation 1(4), 1989, section 3.
    .. [2] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86(11), 1998, table I.

    Examples
    --------
    Layer H2 of 1989: 12 maps, each of them sees 8 of 12 maps, and has 16 biases.

    >>> groups = np.arange(12) // 4
    >>> h2 = PartialConv2D(
    ...     12, 5, 2, "same", connections=groups[:, None] != groups, shared_bias=False
    ... )
    >>> h2.build((8, 8, 12), np.random.default_rng(0))
    (4, 4, 12)
    >>> {name: array.size for name, array in h2.params.items()}
    {'kernel': 2400, 'bias': 192}
    """

    sliceable = "always"

    def __init__(
        self,
        filters: int,
        kernel_size: int | Pair,
        strides: int | Pair = (1, 1),
        padding: str = "valid",
        *,
        connections: ArrayLike | None = None,
        shared_bias: bool = True,
        background: float = 0.0,
        kernel_initializer: str = "lecun_uniform",
        bias_initializer: str = "zeros",
    ) -> None:
        if filters < 1:
            raise ValueError(f"PartialConv2D needs at least one filter, got filters={filters}")
        self.filters = filters
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.strides = as_pair("strides", strides)
        self.padding = check_padding(padding)
        self.connections = None if connections is None else np.array(connections)
        self.shared_bias = shared_bias
        self.background = background
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *size, channels = image_shape("PartialConv2D", input_shape)
        table = self._table(channels)
        # The connections, those of the first filter first: which filter, which channel.
        self._filter, self._channel = np.nonzero(table.T)
        initialize = get_initializer(self.kernel_initializer)
        kernels = [
            initialize(rng, (*self.kernel_size, int(seen), 1), dtype)[..., 0]
            for seen in table.sum(axis=0)
        ]
        positions = output_size(size, self.kernel_size, self.strides, self.padding)
        bias_shape = (self.filters,) if self.shared_bias else (*positions, self.filters)
        self.params = {
            "kernel": np.concatenate(kernels, axis=-1),
            "bias": get_initializer(self.bias_initializer)(rng, bias_shape, dtype),
        }
        self._channels = channels
        return (*positions, self.filters)

    def full_kernel(self) -> Array:
        """Return the kernel of the `Conv2D` that does the same: zeros where nothing connects.

        Returns
        -------
        kernel : Array, shape (kernel height, kernel width, channels, filters)
        """
        kernel = self.params["kernel"]
        full = np.zeros_like(kernel, shape=(*self.kernel_size, self._channels, self.filters))
        full[:, :, self._channel, self._filter] = kernel
        return full

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, PartialConv2DCache]:
        check_shape("PartialConv2D inputs", inputs, ("batch", "height", "width", self._channels))
        batch_last = self._channels < FEW_CHANNELS or lies_batch_last(inputs)
        frame = frame_widths(inputs.shape[1:3], self.kernel_size, self.strides, self.padding)
        padded = add_frame(inputs, frame, self.background, inputs.dtype, batch_last)
        full = Conv2D(self.filters, self.kernel_size, self.strides, use_bias=False)
        full.params = {"kernel": self.full_kernel()}
        outputs, full_cache = full.forward(padded)
        outputs += self.params["bias"]
        return outputs, PartialConv2DCache(full, full_cache, frame)

    def backward(
        self, grad_outputs: Array, cache: PartialConv2DCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        full, full_cache, frame = cache
        grad_padded, grads = full.backward(grad_outputs, full_cache, input_grad=input_grad)
        grads = {
            "kernel": grads["kernel"][:, :, self._channel, self._filter],
            "bias": grad_outputs.sum(axis=(0, 1, 2) if self.shared_bias else 0),
        }
        return (None if grad_padded is None else remove_frame(grad_padded, frame)), grads

    def _table(self, channels: int) -> Array:
        """Return the table of connections as an array of True and False, checked."""
        expected = (channels, self.filters)
        if self.connections is None:
            return np.ones(expected, bool)
        if self.connections.shape != expected:
            raise ValueError(
                f"connections must have shape (channels, filters) = {expected}, "
                f"got {self.connections.shape}"
            )
        table = self.connections.astype(bool)
        if not table.any(axis=0).all():
            blind = int(np.argmin(table.any(axis=0)))
            raise ValueError(f"each filter must see a channel, but filter {blind} sees none")
        return table


class Subsampling2D(Layer):
    """Mean of each window, times a trained number, plus another: LeNet's pooling [1]_.

    Inputs (batch, height, width, channels), outputs with fewer rows and columns.

    Parameters
    ----------
    pool_size : int or pair of int, default 2
        Height and width of the windows, which lie side by side.

    Attributes
    ----------
    params : dict
        ``coefficient`` and ``bias``, each of shape (channels,). At first one and zero: the
        plain mean.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86(11), 1998, section II.B; there, the
       pixels of the window are added up, which is the same but for a factor.

    Examples
    --------
    >>> layer = Subsampling2D()
    >>> layer.build((2, 2, 1), np.random.default_rng(0))
    (1, 1, 1)
    >>> layer.params["coefficient"][0], layer.params["bias"][0] = 10, 1
    >>> outputs, cache = layer.forward(np.array([[1, 2], [3, 6]], np.float32).reshape(1, 2, 2, 1))
    >>> outputs.ravel()
    array([31.], dtype=float32)
    """

    sliceable = "always"

    def __init__(self, pool_size: int | Pair = (2, 2)) -> None:
        self.pool_size = as_pair("pool_size", pool_size)
        self._pooling = AveragePooling2D(self.pool_size)
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        *_, channels = output_shape = self._pooling.build(input_shape, rng, dtype)
        self.params = {"coefficient": np.ones(channels, dtype), "bias": np.zeros(channels, dtype)}
        return output_shape

    def forward(
        self, inputs: Array, *, training: bool = False
    ) -> tuple[Array, tuple[Array, AverageCache]]:
        means, pooling_cache = self._pooling.forward(inputs)
        outputs = means * self.params["coefficient"] + self.params["bias"]
        return outputs, (means, pooling_cache)

    def backward(
        self, grad_outputs: Array, cache: tuple[Array, AverageCache], *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        means, pooling_cache = cache
        grads = {
            "coefficient": (grad_outputs * means).sum(axis=(0, 1, 2)),
            "bias": grad_outputs.sum(axis=(0, 1, 2)),
        }
        grad_means = grad_outputs * self.params["coefficient"]
        return self._pooling.backward(grad_means, pooling_cache, input_grad=input_grad)[0], grads


class ScaledTanh(Layer):
    """1.7159 tanh(2/3 a): a tanh that is steepest around the targets -1 and 1 of LeCun's nets.

    Inputs of any shape, outputs of the same.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86(11), 1998, appendix A.

    Examples
    --------
    >>> outputs, cache = ScaledTanh().forward(np.array([[-1.0, 0.0, 1.0, 100.0]]))
    >>> outputs.round(4)
    array([[-1.    ,  0.    ,  1.    ,  1.7159]])
    """

    sliceable = "always"
    supports_masking = True

    AMPLITUDE = 1.7159
    SLOPE = 2 / 3

    def __init__(self) -> None:
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        return input_shape

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Array]:
        outputs = self.AMPLITUDE * np.tanh(self.SLOPE * inputs)
        return outputs, outputs

    def backward(
        self, grad_outputs: Array, cache: Array, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        if not input_grad:
            return None, {}
        return grad_outputs * (self.SLOPE * (self.AMPLITUDE - cache**2 / self.AMPLITUDE)), {}
