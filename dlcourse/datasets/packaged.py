"""Real data that is inside scikit-learn; nothing is downloaded."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Dataset(NamedTuple):
    """Labelled examples and what their columns and labels mean."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]  # index into target_names
    feature_names: list[str]
    target_names: list[str]


def iris() -> Dataset:
    """Return Anderson's 150 irises, measured by hand and made famous by Fisher [1]_.

    Returns
    -------
    dataset : Dataset
        x has shape (150, 4): length and width of the sepals, then of the petals, in
        centimetres. y is 0, 1 or 2: setosa, versicolor, virginica, fifty of each in
        this order.

    References
    ----------
    .. [1] R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of
       Eugenics 7, 1936. Data shipped with scikit-learn.

    Examples
    --------
    >>> data = iris()
    >>> data.x.shape, data.target_names
    ((150, 4), ['setosa', 'versicolor', 'virginica'])
    """
    from sklearn.datasets import load_iris

    data = load_iris()
    return Dataset(
        data.data.astype(np.float32),
        data.target.astype(np.int64),
        list(data.feature_names),
        [str(name) for name in data.target_names],
    )


def digits() -> Dataset:
    """Return 1797 handwritten digits of 8 x 8 pixels [1]_.

    Returns
    -------
    dataset : Dataset
        x has shape (1797, 8, 8, 1), grey values from 0 (paper) to 1 (ink): the counts 0 to 16
        of the source, divided by 16. y is the digit.

    References
    ----------
    .. [1] E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
       Learning Repository, 1998. Its test set, shipped with scikit-learn.

    Examples
    --------
    >>> data = digits()
    >>> data.x.shape, data.x.min(), data.x.max()
    ((1797, 8, 8, 1), np.float32(0.0), np.float32(1.0))
    """
    from sklearn.datasets import load_digits

    data = load_digits()
    return Dataset(
        (data.images / 16).astype(np.float32)[..., np.newaxis],
        data.target.astype(np.int64),
        list(data.feature_names),
        [str(name) for name in data.target_names],
    )


def digits_split() -> tuple[Dataset, Dataset]:
    """Return the handwritten digits, split by hands: other people wrote most test digits.

    Lessons compare their machines on this split and no other. The 1797 digits lie in the order
    in which 13 people wrote them. A shuffled split would put every hand into both parts, and a
    machine would be tested on hands that it knows. Here one does stand in both: by the pattern of
    the labels, the person at the border wrote the first 108 of the 360.

    Returns
    -------
    train, test : Dataset
        The first 1437 digits and the last 360, in their order; x has shape (samples, 8, 8, 1).

    Examples
    --------
    >>> train, test = digits_split()
    >>> len(train.x), len(test.x)
    (1437, 360)
    """
    data = digits()
    return data._replace(x=data.x[:1437], y=data.y[:1437]), data._replace(
        x=data.x[1437:], y=data.y[1437:]
    )


def photograph(name: str = "china") -> NDArray[np.float32]:
    """Return one of two photographs [1]_.

    Parameters
    ----------
    name : {"china", "flower"}
        A Chinese pavilion, or a flower.

    Returns
    -------
    pixels : array, shape (427, 640, 3)
        Red, green and blue from 0 to 1.

    Raises
    ------
    ValueError
        If there is no such photograph.

    References
    ----------
    .. [1] By danielbuechele (china) and vultilion (flower) on Flickr, 2011, CC BY 2.0. Shipped
       with scikit-learn.

    Examples
    --------
    >>> pixels = photograph()
    >>> pixels.shape, pixels.dtype
    ((427, 640, 3), dtype('float32'))
    """
    from sklearn.datasets import load_sample_image

    if name not in ("china", "flower"):
        raise ValueError(f'the photographs are "china" and "flower", got {name!r}')
    pixels: NDArray[np.float32] = load_sample_image(f"{name}.jpg").astype(np.float32) / 255
    return pixels
