"""Positions: add to each step of a sequence a vector that says at which place it stands.

    outputs[:, t] = inputs[:, t] + table[t]

Attention by itself does not know the order of what it looks at. In a PositionEmbedding the table
is trained, and ends at a last place. In a SinePositionEncoding it is made of sines and cosines,
and goes on for ever.
"""

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.attention import sinusoidal_positions
from dlcourse.nn.contract import Array, Layer, Params, Shape, check_shape
from dlcourse.nn.initializers import get_initializer


class PositionEmbedding(Layer):
    """Add a trained vector to each place of a sequence [1]_.

    Inputs (batch, time, features), outputs of the same shape.

    Parameters
    ----------
    sequence_length : int
        How many places the table has. Shorter sequences take its beginning.
    embeddings_initializer : str
        A name of `dlcourse.nn.initializers`; the default, from -0.05 to 0.05, is that of an
        Embedding.

    Attributes
    ----------
    params : dict
        ``embeddings``, shape (sequence_length, features).

    Raises
    ------
    ValueError
        If there is no place. From `build` and `forward`, if a sequence is longer than the table.

    References
    ----------
    .. [1] J. Gehring et al., "Convolutional Sequence to Sequence Learning", ICML 2017,
       section 3.1.

    Examples
    --------
    >>> layer = PositionEmbedding(10)
    >>> layer.build((None, 4), np.random.default_rng(0))
    (None, 4)
    >>> outputs, cache = layer.forward(np.zeros((2, 7, 4), np.float32))
    >>> bool((outputs[1] == layer.params["embeddings"][:7]).all())
    True
    """

    sliceable = "always"
    supports_masking = True

    def __init__(
        self, sequence_length: int, embeddings_initializer: str = "random_uniform"
    ) -> None:
        if sequence_length < 1:
            raise ValueError(
                f"PositionEmbedding needs at least one place, got sequence_length={sequence_length}"
            )
        self.sequence_length = sequence_length
        self.embeddings_initializer = embeddings_initializer
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        time, features = _sequence("PositionEmbedding", input_shape)
        if time is not None:
            self._check_length(time)
        shape = (self.sequence_length, features)
        self.params = {
            "embeddings": get_initializer(self.embeddings_initializer)(rng, shape, dtype)
        }
        return tuple(input_shape)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, None]:
        table = self.params["embeddings"]
        check_shape("PositionEmbedding inputs", inputs, ("batch", "time", table.shape[1]))
        self._check_length(inputs.shape[1])
        return inputs + table[: inputs.shape[1]], None

    def backward(
        self, grad_outputs: Array, cache: None, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        grad_table = np.zeros_like(self.params["embeddings"])
        grad_table[: grad_outputs.shape[1]] = grad_outputs.sum(axis=0)
        return (grad_outputs if input_grad else None), {"embeddings": grad_table}

    def _check_length(self, time: int) -> None:
        if time > self.sequence_length:
            raise ValueError(
                f"PositionEmbedding({self.sequence_length}) has no vector for a sequence of "
                f"{time} steps: make the table longer before training, or take a "
                "SinePositionEncoding, which has a vector for every place"
            )


class SinePositionEncoding(Layer):
    """Add sines and cosines of the place to each step of a sequence [1]_.

    Inputs (batch, time, features), outputs of the same shape.

    Parameters
    ----------
    max_wavelength : float, default 10000
        See `dlcourse.nn.sinusoidal_positions`, which makes the table.

    Raises
    ------
    ValueError
        If `max_wavelength` is not positive. From `build`, if the inputs are no sequences.

    References
    ----------
    .. [1] A. Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.5.

    Examples
    --------
    >>> layer = SinePositionEncoding()
    >>> layer.build((2, 2), np.random.default_rng(0))
    (2, 2)
    >>> layer.forward(np.zeros((1, 2, 2)))[0].round(3)
    array([[[0.   , 1.   ],
            [0.841, 0.54 ]]])
    """

    sliceable = "always"
    supports_masking = True

    def __init__(self, max_wavelength: float = 10000) -> None:
        if not max_wavelength > 0:
            raise ValueError(f"max_wavelength must be positive, got {max_wavelength}")
        self.max_wavelength = max_wavelength
        self.params: Params = {}
        self.state: Params = {}

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        _sequence("SinePositionEncoding", input_shape)
        return tuple(input_shape)

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, None]:
        check_shape("SinePositionEncoding inputs", inputs, ("batch", "time", "features"))
        table = sinusoidal_positions(*inputs.shape[1:], self.max_wavelength, inputs.dtype)
        return inputs + np.asarray(table, like=inputs), None

    def backward(
        self, grad_outputs: Array, cache: None, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        return (grad_outputs if input_grad else None), {}


def _sequence(layer: str, input_shape: Shape) -> Shape:
    if len(input_shape) != 2:
        raise ValueError(f"{layer} takes sequences (time, features), got shape {input_shape}")
    return input_shape
