"""Attention: each query looks at all keys, and takes a mixture of what stands beside them.

With one query per row of q, one key per row of k, and the values v in the order of the keys:

    scores  = scale * q @ k.T                     how well each query fits each key
    weights = softmax of each row of scores       positive, with sum one
    context = weights @ v                         the mixture, one row for each query

A mask says which key a query may see: the others get weight zero. Backwards, with
G = dL/d context:

    dL/d v       = weights.T @ G
    dL/d weights = G @ v.T
    dL/d scores  = weights * (dL/d weights - the row sums of weights * dL/d weights)
    dL/d q       = scale * dL/d scores @ k
    dL/d k       = scale * (dL/d scores).T @ q

All of it holds for the last two axes; any others, such as batch and head, come before them.
"""

from functools import cache as remembered
from math import sqrt

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.contract import Array, Mask, check_shape


def attend(
    query: Array,
    keys: Array,
    values: Array,
    mask: Mask | None = None,
    scale: float | None = None,
) -> tuple[Array, Array]:
    """Mix the values, each with the weight that its key gets from the query [1]_.

    Parameters
    ----------
    query : Array, shape (..., queries, depth)
    keys : Array, shape (..., keys, depth)
    values : Array, shape (..., keys, width)
        What is mixed: the keys themselves, in the simplest case.
    mask : array of bool, shape (..., queries, keys), optional
        True where a query may see a key; all by default. Axes of size 1 hold for all.
    scale : float, optional
        Of the dot products; ``1 / sqrt(depth)`` by default, and 1 for plain ones.

    Returns
    -------
    context : Array, shape (..., queries, width)
        One mixture for each query.
    weights : Array, shape (..., queries, keys)
        Not negative. The sum of a row is 1, or 0 where a query may see nothing.

    Raises
    ------
    ValueError
        If the depth of keys and query, or the number of keys and values, differs.

    References
    ----------
    .. [1] A. Vaswani et al., "Attention Is All You Need", NIPS 2017, eq. 1.

    Examples
    --------
    >>> states = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> context, weights = attend(np.array([[1.0, 2.0]]), states, states, scale=1.0)
    >>> weights.round(3), context.round(3)
    (array([[0.09 , 0.245, 0.665]]), array([[0.755, 0.91 ]]))
    """
    depth, count = query.shape[-1], keys.shape[-2]
    if keys.shape[-1] != depth:
        check_shape("attend keys", keys, (..., "keys", depth))
    if values.shape[-2] != count:
        check_shape("attend values", values, (..., count, "width"))
    scores = query @ keys.swapaxes(-1, -2) * scale_of(depth, scale)
    weights = masked_softmax(scores, mask)
    return weights @ values, weights


def attend_backward(
    grad_context: Array,
    query: Array,
    keys: Array,
    values: Array,
    weights: Array,
    scale: float | None = None,
) -> tuple[Array, Array, Array]:
    """Send the gradient of the loss back through one call of `attend`.

    Parameters
    ----------
    grad_context : Array, shape (..., queries, width)
        Gradient of the loss for the context.
    query, keys, values, scale
        As they went into `attend`.
    weights : Array, shape (..., queries, keys)
        As they came out of it. What a mask hid has weight zero, and so no gradient.

    Returns
    -------
    grad_query, grad_keys, grad_values : Arrays
        Of the shapes of query, keys and values. Where keys and values are one array, its gradient
        is the sum of both.

    Examples
    --------
    >>> q, k, v = np.ones((1, 2)), np.eye(2), np.array([[1.0], [3.0]])
    >>> context, weights = attend(q, k, v)
    >>> attend_backward(np.ones((1, 1)), q, k, v, weights)[2]
    array([[0.5],
           [0.5]])
    """
    grad_weights = grad_context @ values.swapaxes(-1, -2)
    row_sums = (grad_weights * weights).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_weights - row_sums) * scale_of(query.shape[-1], scale)
    grad_query = grad_scores @ keys
    grad_keys = grad_scores.swapaxes(-1, -2) @ query
    return grad_query, grad_keys, weights.swapaxes(-1, -2) @ grad_context


def masked_softmax(scores: Array, mask: Mask | None = None) -> Array:
    """Turn each row of scores into weights, with weight zero where the mask is False.

    Parameters
    ----------
    scores : Array, shape (..., queries, keys)
    mask : array of bool, optional
        True where a key may be seen.

    Returns
    -------
    weights : Array, shape (..., queries, keys)
        A row that may see nothing is zero.

    Examples
    --------
    >>> masked_softmax(np.array([[0.0, 0.0, 9.0]]), np.array([[True, True, False]]))
    array([[0.5, 0.5, 0. ]])
    """
    if mask is not None:
        scores = np.where(mask, scores, scores.dtype.type(-np.inf))
    largest = scores.max(axis=-1, keepdims=True)
    if mask is not None:  # where nothing is seen the largest is -inf, and -inf + inf no number
        largest = np.maximum(largest, np.finfo(scores.dtype).min)
    weights: Array = np.exp(scores - largest)
    total = weights.sum(axis=-1, keepdims=True)
    if mask is not None:
        total += total == 0
    weights /= total
    return weights


def scale_of(depth: int, scale: float | None = None) -> float:
    """Return what the dot products of vectors of this depth are multiplied with."""
    return 1 / sqrt(depth) if scale is None else float(scale)


@remembered
def causal_mask(length: int) -> Mask:
    """Return which places each place may see, if it may not see what comes after it.

    Parameters
    ----------
    length : int
        Of the sequence.

    Returns
    -------
    mask : array of bool, shape (length, length)
        True at (i, j) where j <= i. It cannot be written to, since all callers share it.

    Examples
    --------
    >>> causal_mask(3).astype(int)
    array([[1, 0, 0],
           [1, 1, 0],
           [1, 1, 1]])
    """
    mask = np.tri(length, dtype=bool)
    mask.flags.writeable = False
    return mask


@remembered
def sinusoidal_positions(
    length: int, width: int, max_wavelength: float = 10000, dtype: DTypeLike = np.float64
) -> Array:
    """Return a vector for each place of a sequence, made of waves from short to long [1]_.

        table[place, 2 i]     = sin(place / max_wavelength ** (2 i / width))
        table[place, 2 i + 1] = cos(place / max_wavelength ** (2 i / width))

    Parameters
    ----------
    length, width : int
        Number of places, and of entries of a vector.
    max_wavelength : float, default 10000
        The longest wave is a little shorter than 2 pi times this many places.
    dtype : dtype, default float64

    Returns
    -------
    table : Array, shape (length, width)
        It cannot be written to, since all callers share it.

    References
    ----------
    .. [1] A. Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.5.

    Examples
    --------
    >>> sinusoidal_positions(2, 4).round(4)
    array([[0.    , 1.    , 0.    , 1.    ],
           [0.8415, 0.5403, 0.01  , 1.    ]])
    """
    column = np.arange(width)
    angles = np.arange(length)[:, np.newaxis] / max_wavelength ** (column // 2 * 2 / width)
    table: Array = np.where(column % 2 == 0, np.sin(angles), np.cos(angles)).astype(dtype)
    table.flags.writeable = False
    return table
