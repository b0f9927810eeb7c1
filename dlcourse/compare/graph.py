"""A graph convolution made of Keras's operations: a product, then its Dense layer.

The matrix is computed here once more, from the formula of the paper, so that the two sides agree
only if both are right.
"""

from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras


def graph_convolution(layer: Any, dtype: str) -> Any:
    """Make a Dense layer behind a product with D^-1/2 (A + I) D^-1/2."""
    keras = load_keras()
    with_loops = layer.adjacency + np.eye(len(layer.adjacency))
    scale = np.diag(with_loops.sum(axis=1) ** -0.5)
    matrix = scale @ with_loops @ scale

    class GraphDense(keras.layers.Dense):  # type: ignore[misc,name-defined]  # has no types
        def call(self, inputs: Any) -> Any:
            means = keras.ops.matmul(keras.ops.cast(matrix, self.compute_dtype), inputs)
            return super().call(means)

    return GraphDense(layer.units, use_bias=layer.use_bias, dtype=dtype)
