"""Sliding windows over images: the geometry that convolution and pooling share.

Along one axis, with n pixels, p more in a frame around them, a window that covers k and
steps of s, there are

    (n + p - k) // s + 1

positions. "valid" has no frame: the window stays inside the image. "same" adds what makes it
n / s positions, rounded up. As in TensorFlow, an odd number of pixels to add puts the extra one
after the image.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Shape

Pair: TypeAlias = tuple[int, int]  # for rows, for columns


def sliding_windows(
    images: Array, size: Pair, strides: Pair, dilation_rate: Pair = (1, 1)
) -> Array:
    """View images as the windows that lie on them.

    Parameters
    ----------
    images : Array, shape (batch, height, width, channels)
    size : pair of int
        Height and width of the window, in pixels that it looks at.
    strides, dilation_rate : pair of int
        Steps from one window to the next, and from one pixel in the window to the next.

    Returns
    -------
    windows : Array, shape (batch, rows, columns, window height, window width, channels)
        ``windows[n, p, q]`` is the window of image n at output row p and column q, and
        ``windows[:, :, :, i, j]`` has the pixel at place (i, j) of every window. A view to
        read: windows overlap.

    Examples
    --------
    >>> image = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> windows = sliding_windows(image, (2, 2), (1, 1))
    >>> windows[0, 1, 0, :, :, 0]
    array([[3., 4.],
           [6., 7.]])
    """
    windows = np.lib.stride_tricks.sliding_window_view(
        images, extent(size, dilation_rate), axis=(1, 2)
    )
    (down, across), (row_gap, column_gap) = strides, dilation_rate
    return windows[:, ::down, ::across, :, ::row_gap, ::column_gap].transpose(0, 1, 2, 4, 5, 3)


def window_places(
    images: Array, size: Pair, strides: Pair, dilation_rate: Pair = (1, 1)
) -> list[Array]:
    """View images as the pixels that lie at each place of the windows.

    Parameters
    ----------
    images, size, strides, dilation_rate
        As for `sliding_windows`.

    Returns
    -------
    places : list of Array, each of shape (batch, rows, columns, channels)
        For each place (i, j) in the window, row by row, what `sliding_windows` has as
        ``windows[:, :, :, i, j]``. These views are to write, too: windows overlap, but one
        place of theirs is another pixel in each of them.

    Examples
    --------
    >>> image = np.arange(9.0).reshape(1, 3, 3, 1)
    >>> places = window_places(image, (2, 2), (1, 1))
    >>> places[1][0, :, :, 0]
    array([[1., 2.],
           [4., 5.]])
    """
    covered = extent(size, dilation_rate)
    rows, columns = output_size(images.shape[1:3], covered, strides, "valid")
    (down, across), (row_gap, column_gap) = strides, dilation_rate
    height, width = (rows - 1) * down + 1, (columns - 1) * across + 1
    corners = ((i * row_gap, j * column_gap) for i, j in np.ndindex(size))
    return [
        images[:, top : top + height : down, left : left + width : across] for top, left in corners
    ]


def extent(size: Pair, dilation_rate: Pair) -> Pair:
    """Return the rows and columns that a window covers, those it skips included."""
    (height, width), (row_gap, column_gap) = size, dilation_rate
    return (height - 1) * row_gap + 1, (width - 1) * column_gap + 1


def output_size(size: Sequence[int], covered: Pair, strides: Pair, padding: str) -> Shape:
    """Return the number of window positions along each axis.

    Parameters
    ----------
    size, covered, strides : pair of int
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
    if any(n < reach for n, reach in zip(size, covered, strict=True)):
        raise ValueError(
            f"a window of {covered[0]} x {covered[1]} does not fit into an image of "
            f'{size[0]} x {size[1]}: take a smaller window or padding="same"'
        )
    return tuple(
        (n - reach) // step + 1 for n, reach, step in zip(size, covered, strides, strict=True)
    )


def frame_widths(size: Sequence[int], covered: Pair, strides: Pair, padding: str) -> list[Pair]:
    """Return how many rows to add before and after an image, and how many columns.

    They are what the last window needs; of an odd number, the extra one comes after.

    Examples
    --------
    >>> frame_widths((5, 4), (3, 3), (2, 2), "same")
    [(1, 1), (0, 1)]
    """
    widths = []
    counts = output_size(size, covered, strides, padding)
    for n, reach, step, count in zip(size, covered, strides, counts, strict=True):
        total = max(0, (count - 1) * step + reach - n)
        widths.append((total // 2, total - total // 2))
    return widths


def add_frame(
    images: Array, frame: Sequence[Pair], fill: float, dtype: DTypeLike, batch_last: bool
) -> Array:
    """Return images in a frame of `fill`, with the dtype and memory order asked for."""
    if images.dtype == dtype and batch_last == lies_batch_last(images) and not np.any(frame):
        return images
    (above, below), (left, right) = frame
    batch, height, width, channels = images.shape
    shape = (batch, above + height + below, left + width + right, channels)
    padded = empty_images(images, shape, dtype, batch_last)
    padded[...] = fill
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
    """Tell whether images lie in memory in the order (channels, height, width, batch)."""
    return images.swapaxes(0, 3).flags.c_contiguous


def empty_images(model: Array, shape: Shape, dtype: DTypeLike, batch_last: bool) -> Array:
    """Make an array of the kind of `model`, of this shape, whose bytes lie batch last or not."""
    if not batch_last:
        return np.empty_like(model, dtype, "C", shape=shape)
    batch, height, width, channels = shape
    swapped = (channels, height, width, batch)
    return np.empty_like(model, dtype, "C", shape=swapped).swapaxes(0, 3)
