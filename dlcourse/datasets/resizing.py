"""Images in another size."""

import numpy as np
from numpy.typing import NDArray


def resized(images: NDArray[np.floating], size: int) -> NDArray[np.float32]:
    """Return images with `size` rows and columns.

    A new pixel is a weighted mean of the old ones near its place, nearer ones weighing more:
    bilinear interpolation. Where an image shrinks, the mean reaches as far as the new pixels lie
    apart, so that no old pixel is lost.

    Parameters
    ----------
    images : array, shape (batch, height, width, channels)
    size : int

    Returns
    -------
    images : array of float32, shape (batch, size, size, channels)

    Examples
    --------
    >>> image = np.array([[0.0, 1.0], [0.0, 1.0]]).reshape(1, 2, 2, 1)
    >>> resized(image, 4)[0, 0, :, 0]
    array([0.  , 0.25, 0.75, 1.  ], dtype=float32)
    """
    _, height, width, _ = images.shape
    rows, columns = _weights(height, size), _weights(width, size)
    found = np.einsum("ih,nhwc,jw->nijc", rows, images, columns, optimize=True)
    return np.asarray(found, np.float32)


def _weights(old: int, new: int) -> NDArray[np.float64]:
    """Return the weight of each old pixel (columns) in each new one (rows) along one axis."""
    places = (np.arange(new) + 0.5) * old / new - 0.5  # of the new pixels, among the old ones
    reach = max(1.0, old / new)
    weights = np.maximum(0, 1 - np.abs(places[:, np.newaxis] - np.arange(old)) / reach)
    normalised: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return normalised
