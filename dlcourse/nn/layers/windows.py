"""Sliding windows over images: the geometry that convolution and pooling share.

Along one axis, with n pixels, p more in a frame around them, a window that covers k and
steps of s, there are

    (n + p - k) // s + 1

positions. "valid" has no frame: the window stays inside the image. "same" adds what makes it
n / s positions, rounded up.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Shape

Pair: TypeAlias = tuple[int, int]  # for rows, for columns


def shifted_views(
    padded: Array, window: Pair, strides: Pair, dilation_rate: Pair = (1, 1)
) -> list[Array]:
    """Return, for each place (i, j) in the window, the pixels that it meets.

    Parameters
    ----------
    padded : Array, shape (batch, height, width, channels)
    window, strides, dilation_rate : pair of int
        As of `Conv2D`.

    Returns
    -------
    views : list of Array, each (batch, output height, output width, channels)
        ``views[i * width + j][n, p, q]`` is the pixel of image n that lies under (i, j)
        when the window is at output position (p, q). Views, not copies.

    Examples
    --------
    >>> image = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> [view.ravel().tolist() for view in shifted_views(image, (1, 2), (1, 1))]
    [[0.0, 1.0, 3.0, 4.0, 6.0, 7.0], [1.0, 2.0, 4.0, 5.0, 7.0, 8.0]]
    """
    slices = [
        [slice(d * i, size - d * (length - 1 - i), s) for i in range(length)]
        for size, length, s, d in zip(
            padded.shape[1:3], window, strides, dilation_rate, strict=True
        )
    ]
    return [padded[:, rows, columns] for rows in slices[0] for columns in slices[1]]


def output_size(size: Sequence[int], extent: Pair, strides: Pair, padding: str) -> Shape:
    """Return the number of window positions along each axis.

    Parameters
    ----------
    size, extent, strides : pair of int
        Of the image, of what the window covers, of a step.
    padding : {"valid", "same"}

    Raises
    ------
    ValueError
        If the window does not fit into the image.

    Examples
    --------
    >>> output_size((28, 28), (5, 5), (1, 1), "valid"), output_size((5, 5), (3, 3), (2, 2), "same")
    ((24, 24), (3, 3))
    """
    if padding == "same":
        return tuple(-(-n // step) for n, step in zip(size, strides, strict=True))
    if any(n < reach for n, reach in zip(size, extent, strict=True)):
        raise ValueError(
            f"a window of {extent[0]} x {extent[1]} does not fit into an image of "
            f'{size[0]} x {size[1]}: take a smaller window or padding="same"'
        )
    return tuple(
        (n - reach) // step + 1 for n, reach, step in zip(size, extent, strides, strict=True)
    )


def frame_widths(size: Sequence[int], extent: Pair, strides: Pair, padding: str) -> list[Pair]:
    """Return how many rows to add before and after an image, and how many columns.

    They are what the last window needs; of an odd number, the extra one comes after.

    Examples
    --------
    >>> frame_widths((5, 4), (3, 3), (2, 2), "same")
    [(1, 1), (0, 1)]
    """
    widths = []
    counts = output_size(size, extent, strides, padding)
    for n, reach, step, count in zip(size, extent, strides, counts, strict=True):
        total = max(0, (count - 1) * step + reach - n)
        widths.append((total // 2, total - total // 2))
    return widths


def add_frame(
    images: Array, frame: Sequence[Pair], fill: float, dtype: DTypeLike, *, batch_last: bool
) -> Array:
    """Copy images into a frame of `fill`, in the memory order that is asked for."""
    batch, height, width, channels = images.shape
    (above, below), (left, right) = frame
    shape = (batch, above + height + below, left + width + right, channels)
    if batch_last:
        shape = (channels, *shape[1:3], batch)
    padded = np.full_like(images, fill, dtype, order="C", shape=shape)
    if batch_last:
        padded = padded.swapaxes(0, 3)
    remove_frame(padded, frame)[...] = images
    return padded


def remove_frame(padded: Array, frame: Sequence[Pair]) -> Array:
    """View the images inside their frame."""
    (above, below), (left, right) = frame
    _, height, width, _ = padded.shape
    return padded[:, above : height - below, left : width - right]


def as_pair(name: str, value: int | Pair) -> Pair:
    """Return ``(value, value)`` for an int; check that both are ints and positive."""
    pair = value if isinstance(value, tuple | list) else (value, value)
    if len(pair) != 2 or not all(isinstance(n, int | np.integer) and n >= 1 for n in pair):
        raise ValueError(f"{name} must be a positive int or a pair of them, got {value!r}")
    return int(pair[0]), int(pair[1])


def check_padding(padding: str) -> str:
    """Return the padding if there is such a one."""
    if padding not in ("valid", "same"):
        raise ValueError(f'padding must be "valid" or "same", got {padding!r}')
    return padding


def image_shape(layer: str, shape: Shape) -> tuple[int, int, int]:
    """Return height, width and channels, or say that the inputs are no images."""
    if len(shape) != 3:
        raise ValueError(
            f"{layer} takes images of shape (height, width, channels), got {tuple(shape)}; "
            "grey images have one channel: use Reshape((height, width, 1))"
        )
    height, width, channels = shape
    return height, width, channels


def lies_batch_last(images: Array) -> bool:
    """Tell whether neighbours in memory belong to different images."""
    return images.strides[0] == images.itemsize
