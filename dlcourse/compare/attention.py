"""The Keras twins of attention and positions, which take one sequence here and several there."""

from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras, set_mask
from dlcourse.nn.attention import sinusoidal_positions


def self_attention(layer: Any, dtype: str) -> Any:
    """Make a layer that calls Keras's MultiHeadAttention with its inputs as query and value."""
    keras = load_keras()

    class SelfAttention(keras.layers.Layer):  # type: ignore[misc,name-defined]  # has no types
        def __init__(self) -> None:
            super().__init__(dtype=dtype)
            self.supports_masking = True
            self.attention = keras.layers.MultiHeadAttention(
                layer.num_heads,
                layer.key_dim,
                layer.value_dim,
                use_bias=layer.use_bias,
                output_shape=layer.output_shape,
                dtype=dtype,
            )
            # A Python number would be rounded to float32 by TensorFlow, also in float64.
            self.attention._inverse_sqrt_key_dim = np.float64(layer.key_dim) ** -0.5

        def build(self, input_shape: Any) -> None:
            self.attention.build(input_shape, input_shape)
            self.built = True

        def call(self, inputs: Any, mask: Any = None) -> Any:
            set_mask(inputs, mask)
            outputs = self.attention(inputs, inputs, use_causal_mask=layer.use_causal_mask)
            set_mask(inputs, mask)  # Keras has taken it off the inputs
            return outputs

    return SelfAttention()


def position_embedding(layer: Any, dtype: str) -> Any:
    """Make a layer that adds the rows of a trained table."""
    keras = load_keras()

    class PositionEmbedding(keras.layers.Layer):  # type: ignore[misc,name-defined]  # has no types
        def __init__(self) -> None:
            super().__init__(dtype=dtype)
            self.supports_masking = True

        def build(self, input_shape: Any) -> None:
            shape = (layer.sequence_length, input_shape[-1])
            self.embeddings = self.add_weight(shape=shape, name="embeddings")

        def call(self, inputs: Any) -> Any:
            return inputs + self.embeddings[: inputs.shape[1]]

    return PositionEmbedding()


def sine_position_encoding(layer: Any, dtype: str) -> Any:
    """Make a layer that adds the table of sines and cosines."""
    keras = load_keras()

    class SinePositionEncoding(keras.layers.Layer):  # type: ignore[misc,name-defined]  # no types
        def __init__(self) -> None:
            super().__init__(dtype=dtype)
            self.supports_masking = True

        def call(self, inputs: Any) -> Any:
            table = sinusoidal_positions(*inputs.shape[1:], layer.max_wavelength)
            return inputs + keras.ops.cast(table, self.compute_dtype)

    return SinePositionEncoding()
