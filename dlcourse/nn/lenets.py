"""The networks with which LeCun and his colleagues read digits, from 1989 to 1998.

    lecun_1989   H1 12 maps of 8 x 8, H2 12 of 4 x 4, H3 30 units       9,760 parameters
    lecun_1990   H1 4 maps of 24 x 24, H2 4 of 12 x 12,
                 H3 12 of 8 x 8, H4 12 of 4 x 4                         2,578
    lenet_5      C1 6 maps of 28 x 28, S2 6 of 14 x 14,
                 C3 16 of 10 x 10, S4 16 of 5 x 5, C5 120, F6 84        60,000, and the output

Each ends with ten outputs, one per digit. What the papers leave open is said at the function. All
have `ScaledTanh` after every layer: the papers before 1998 do not give its constants.
"""

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcourse.nn.layers import Dense, Flatten, PartialConv2D, ScaledTanh, Subsampling2D
from dlcourse.nn.sequential import Sequential


def lecun_1989(seed: int | None = None, dtype: DTypeLike = np.float32) -> Sequential:
    """Build the network that read zip codes [1]_.

    Parameters
    ----------
    seed : int, optional
        Of the weights.
    dtype : dtype, default float32

    Returns
    -------
    model : Sequential
        For images of shape (16, 16, 1) from -1 (paper) to 1 (ink), with targets of -1 and 1.

    Notes
    -----
    Every unit of H1 and H2 has a bias of its own. A map of H2 sees eight of the twelve maps of
    H1; the paper does not say which. Here the maps come in three groups of four, and each map
    sees the two groups other than its own. Windows reach 1 pixel over the upper and the left
    edge and 2 over the others, as "same" padding has it; other rebuilds choose 2 and 1.

    References
    ----------
    .. [1] Y. LeCun, B. Boser, J. S. Denker, D. Henderson, R. E. Howard, W. Hubbard,
       L. D. Jackel, "Backpropagation Applied to Handwritten Zip Code Recognition", Neural
       Computation 1(4), 1989.

    Examples
    --------
    >>> model = lecun_1989(seed=0)
    >>> sum(array.size for array in model.params.values())
    9760
    """
    group = np.arange(12) // 4
    others = group[:, np.newaxis] != group
    layers = [
        PartialConv2D(12, 5, 2, "same", shared_bias=False, background=-1),  # H1
        ScaledTanh(),
        PartialConv2D(12, 5, 2, "same", connections=others, shared_bias=False, background=-1),  # H2
        ScaledTanh(),
        Flatten(),
        _dense(30),  # H3
        ScaledTanh(),
        _dense(10),  # output
        ScaledTanh(),
    ]
    return Sequential(layers, input_shape=(16, 16, 1), seed=seed, dtype=dtype)


def lecun_1990(seed: int | None = None, dtype: DTypeLike = np.float32) -> Sequential:
    """Build the network with layers that average, later called LeNet-1 [1]_.

    Parameters
    ----------
    seed, dtype
        As of `lecun_1989`.

    Returns
    -------
    model : Sequential
        For images of shape (28, 28, 1): 16 x 16 pixels in a wide frame of paper.

    References
    ----------
    .. [1] Y. LeCun, B. Boser, J. S. Denker, D. Henderson, R. E. Howard, W. Hubbard,
       L. D. Jackel, "Handwritten Digit Recognition with a Back-Propagation Network", Advances
       in Neural Information Processing Systems 2 (NIPS 1989), published 1990, table 1.

    Examples
    --------
    >>> sum(array.size for array in lecun_1990(seed=0).params.values())
    2578
    """
    module = [[1, 1, 1, 0, 1, 1], [0, 1, 1, 1, 1, 1]]  # two maps of H2 feed six of H3
    layers = [
        PartialConv2D(4, 5),  # H1
        ScaledTanh(),
        Subsampling2D(),  # H2
        ScaledTanh(),
        PartialConv2D(12, 5, connections=np.kron(np.eye(2, dtype=int), module)),  # H3
        ScaledTanh(),
        Subsampling2D(),  # H4
        ScaledTanh(),
        Flatten(),
        _dense(10),  # output
        ScaledTanh(),
    ]
    return Sequential(layers, input_shape=(28, 28, 1), seed=seed, dtype=dtype)


def lenet_5(seed: int | None = None, dtype: DTypeLike = np.float32) -> Sequential:
    """Build LeNet-5 [1]_, with a dense output layer.

    Parameters
    ----------
    seed, dtype
        As of `lecun_1989`.

    Returns
    -------
    model : Sequential
        For images of shape (32, 32, 1).

    Notes
    -----
    In the paper the ten outputs are distances from drawn pictures of the digits, fixed by hand;
    here they are a dense layer with 850 more parameters.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86(11), 1998, section II.B.

    Examples
    --------
    >>> model = lenet_5(seed=0)
    >>> [sum(a.size for a in layer.params.values()) for layer in model.layers if layer.params]
    [156, 12, 1516, 32, 48120, 10164, 850]
    """
    layers = [
        PartialConv2D(6, 5),  # C1
        ScaledTanh(),
        Subsampling2D(),  # S2
        ScaledTanh(),
        PartialConv2D(16, 5, connections=c3_connections()),  # C3
        ScaledTanh(),
        Subsampling2D(),  # S4
        ScaledTanh(),
        PartialConv2D(120, 5),  # C5: a single position is left
        ScaledTanh(),
        Flatten(),
        _dense(84),  # F6
        ScaledTanh(),
        _dense(10),  # output
    ]
    return Sequential(layers, input_shape=(32, 32, 1), seed=seed, dtype=dtype)


def c3_connections() -> NDArray[np.bool_]:
    """Return which of the six maps of S2 each of the sixteen maps of C3 sees: table I of 1998.

    Six maps see three neighbours, six see four, three see two pairs with a gap between them,
    and one sees all. Maps are counted round in a circle.

    Returns
    -------
    connections : array of bool, shape (6, 16)

    Examples
    --------
    >>> c3_connections().sum(axis=0)
    array([3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6])
    """
    threes = [[i, i + 1, i + 2] for i in range(6)]
    fours = [[i, i + 1, i + 2, i + 3] for i in range(6)]
    pairs = [[i, i + 1, i + 3, i + 4] for i in range(3)]
    connections = np.zeros((6, 16), bool)
    for filter_, channels in enumerate([*threes, *fours, *pairs, range(6)]):
        connections[np.array(channels) % 6, filter_] = True
    return connections


def _dense(units: int) -> Dense:
    return Dense(units, kernel_initializer="lecun_uniform")
