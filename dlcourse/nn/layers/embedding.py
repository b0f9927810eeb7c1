"""Embedding: a table with a trained vector for each word, looked up by number.

    outputs[...] = embeddings[indices[...]]

It is a Dense layer without bias on one-hot vectors, without the multiplications by zero.
Backwards, each vector collects the gradients from the places where it was looked up; an index
itself has no gradient.

With `mask_zero`, index 0 is no word but padding: layers that follow, and the loss, leave it out.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from dlcourse.nn.contract import Array, Layer, Mask, Params, Shape
from dlcourse.nn.initializers import get_initializer


class Embedding(Layer):
    """Turn whole numbers into vectors [1]_.

    Inputs (batch, ...), whole numbers in any dtype, floats too; outputs (batch, ..., output_dim).

    Parameters
    ----------
    input_dim : int
        How many vectors: indices are 0 to ``input_dim - 1``.
    output_dim : int
        Length of a vector.
    embeddings_initializer : str
        A name of `dlcourse.nn.initializers`; the default, from -0.05 to 0.05, is Keras's.
    mask_zero : bool, default False
        Whether steps with index 0 are padding, to be left out by the layers that follow.

    Attributes
    ----------
    params : dict
        ``embeddings``, shape (input_dim, output_dim), as in ``keras.layers.Embedding``.

    Raises
    ------
    ValueError
        If a size is not positive.

    References
    ----------
    .. [1] Y. Bengio, R. Ducharme, P. Vincent, C. Jauvin, "A Neural Probabilistic Language
       Model", JMLR 3, 2003.

    Examples
    --------
    >>> layer = Embedding(10, 2)
    >>> layer.build((3,), np.random.default_rng(0))
    (3, 2)
    >>> outputs, indices = layer.forward(np.array([[1, 5, 1]]))
    >>> bool((outputs[0, 0] == outputs[0, 2]).all())
    True
    """

    sliceable = "always"

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: str = "random_uniform",
        *,
        mask_zero: bool = False,
    ) -> None:
        if input_dim < 1 or output_dim < 1:
            raise ValueError(
                f"Embedding needs positive sizes, got input_dim={input_dim}, "
                f"output_dim={output_dim}"
            )
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = embeddings_initializer
        self.mask_zero = self.makes_mask = mask_zero
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        initialize = get_initializer(self.embeddings_initializer)
        self.params = {"embeddings": initialize(rng, (self.input_dim, self.output_dim), dtype)}
        return (*input_shape, self.output_dim)

    def forward(
        self, inputs: NDArray[Any], *, training: bool = False
    ) -> tuple[Array, NDArray[np.intp]]:
        valid = (inputs >= 0) & (inputs < self.input_dim) & (inputs == np.floor(inputs))
        if not valid.all():
            where = tuple(int(i) for i in np.argwhere(~valid)[0])
            raise ValueError(
                f"Embedding takes whole numbers from 0 to {self.input_dim - 1}, "
                f"got {inputs[where]} at index {where}"
            )
        indices = inputs.astype(np.intp)
        return self.params["embeddings"][indices], indices

    def backward(
        self, grad_outputs: Array, cache: NDArray[np.intp], *, input_grad: bool = True
    ) -> tuple[None, Params]:
        grad_embeddings = np.zeros_like(self.params["embeddings"])
        np.add.at(grad_embeddings, cache, grad_outputs)
        return None, {"embeddings": grad_embeddings}

    def compute_mask(
        self, inputs: NDArray[Any], mask: Mask | None, cache: NDArray[np.intp]
    ) -> Mask | None:
        """Return where the index is not 0, with `mask_zero`."""
        return cache != 0 if self.mask_zero else super().compute_mask(inputs, mask, cache)
