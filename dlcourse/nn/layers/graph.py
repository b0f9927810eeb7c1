"""Graph convolution: each node takes a mean of itself and its neighbours, then a dense map.

    P       = D^-1/2 (A + I) D^-1/2      D: diagonal, the row sums of A + I
    outputs = P @ inputs @ kernel + bias

A is the adjacency matrix: A[i, j] is the weight of the edge between nodes i and j, or zero. I
lets a node see itself, D keeps a node with many neighbours from outgrowing the others. After k
layers a node knows its surroundings up to k edges away. An image is a graph too, a grid; but
there a kernel knows left from right, and here all neighbours are treated alike.

Backwards, with G = dL/d outputs, summed over the batch (P equals its transpose):

    dL/d kernel = (P @ inputs).T @ G
    dL/d bias   = sum of the rows of G
    dL/d inputs = P @ G @ kernel.T
"""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from dlcourse.nn.contract import Array, Layer, Params, Shape, as_array, check_shape
from dlcourse.nn.initializers import get_initializer


def normalised_adjacency(adjacency: ArrayLike) -> Array:
    """Return the matrix P of a graph.

    Parameters
    ----------
    adjacency : array, shape (nodes, nodes)
        Symmetric, no entry negative; zeros on the diagonal, the self-loops are added here.

    Returns
    -------
    propagation : Array, shape (nodes, nodes)
        float64, symmetric.

    Raises
    ------
    ValueError
        If the matrix is not square, not symmetric, or has a negative entry.

    Examples
    --------
    A path of three nodes:

    >>> normalised_adjacency([[0, 1, 0], [1, 0, 1], [0, 1, 0]]).round(6)
    array([[0.5     , 0.408248, 0.      ],
           [0.408248, 0.333333, 0.408248],
           [0.      , 0.408248, 0.5     ]])
    """
    matrix = as_array(adjacency, np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"adjacency must have shape (nodes, nodes), got {matrix.shape}")
    if not (matrix >= 0).all():
        raise ValueError("adjacency must have no negative entry and no NaN")
    if not np.array_equal(matrix, matrix.T):
        i, j = np.argwhere(matrix != matrix.T)[0]
        raise ValueError(
            f"adjacency must be symmetric, got {matrix[i, j]:g} from node {i} to {j} "
            f"and {matrix[j, i]:g} back"
        )
    with_loops = matrix + np.eye(len(matrix))
    scale = 1 / np.sqrt(with_loops.sum(axis=1))
    propagation: Array = with_loops * scale * scale[:, np.newaxis]
    return propagation


class GraphConvolution(Layer):
    """Mix the features of neighbours, then map them, the same way at every node [1]_.

    Inputs (batch, nodes, features), outputs (batch, nodes, units).

    Parameters
    ----------
    units : int
        Number of features of a node in the outputs.
    adjacency : array, shape (nodes, nodes)
        The graph, the same for all examples; see `normalised_adjacency`.
    use_bias : bool, default True
        Add a trained bias.
    kernel_initializer, bias_initializer : str
        A name of `dlcourse.nn.initializers`.

    Attributes
    ----------
    params : dict
        ``kernel``, shape (features, units), and ``bias``, shape (units,): as in `Dense`.

    Raises
    ------
    ValueError
        If there is no unit, or the matrix is not that of an undirected graph.

    References
    ----------
    .. [1] T. Kipf, M. Welling, "Semi-Supervised Classification with Graph Convolutional
       Networks", ICLR 2017, eq. 2 and 8.

    Examples
    --------
    >>> path = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> layer = GraphConvolution(2, path)
    >>> layer.build((3, 4), np.random.default_rng(0))
    (3, 2)
    >>> outputs, cache = layer.forward(np.ones((1, 3, 4), np.float32))
    >>> outputs.shape
    (1, 3, 2)
    """

    sliceable = "always"

    def __init__(
        self,
        units: int,
        adjacency: ArrayLike,
        *,
        use_bias: bool = True,
        kernel_initializer: str = "glorot_uniform",
        bias_initializer: str = "zeros",
    ) -> None:
        if units < 1:
            raise ValueError(f"GraphConvolution needs at least one unit, got units={units}")
        self.units = units
        self.adjacency = np.array(adjacency)
        self.use_bias = use_bias
        self.kernel_initializer = kernel_initializer
        self.bias_initializer = bias_initializer
        self._propagation = normalised_adjacency(self.adjacency)
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        nodes = len(self._propagation)
        if len(input_shape) != 2 or input_shape[0] != nodes:
            raise ValueError(
                f"GraphConvolution over {nodes} nodes takes inputs of shape ({nodes}, features), "
                f"got {tuple(input_shape)}"
            )
        self._propagation = normalised_adjacency(self.adjacency).astype(dtype)
        initialize = get_initializer(self.kernel_initializer)
        self.params = {"kernel": initialize(rng, (input_shape[1], self.units), dtype)}
        if self.use_bias:
            self.params["bias"] = get_initializer(self.bias_initializer)(rng, (self.units,), dtype)
        return (nodes, self.units)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Array]:
        kernel = self.params["kernel"]
        expected = ("batch", len(self._propagation), len(kernel))
        check_shape("GraphConvolution inputs", inputs, expected)
        mixed = self._propagation @ inputs
        outputs = mixed @ kernel
        if self.use_bias:
            outputs += self.params["bias"]
        return outputs, mixed

    def backward(
        self, grad_outputs: Array, cache: Array, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        kernel = self.params["kernel"]
        grads = {"kernel": np.tensordot(cache, grad_outputs, axes=([0, 1], [0, 1]))}
        if self.use_bias:
            grads["bias"] = grad_outputs.sum(axis=(0, 1))
        return (self._propagation @ (grad_outputs @ kernel.T) if input_grad else None), grads
