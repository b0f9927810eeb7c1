"""LeCun's layers, made of Keras's operations: Keras has none of the three.

Keras does the windows, the frames and all derivatives; only the formulas of
`dlcourse.nn.layers.lecun` are written down once more.
"""

from typing import Any

import numpy as np

from dlcourse.compare.keras_backend import load_keras


def partial_conv2d(layer: Any, dtype: str) -> Any:
    """Make a full convolution whose kernel is filled where there is a connection."""
    keras = load_keras()

    class PartialConv2D(keras.layers.Layer):  # type: ignore[misc,name-defined]  # has no types
        def build(self, input_shape: Any) -> None:
            table = np.ones((input_shape[-1], layer.filters))
            if layer.connections is not None:
                table = np.array(layer.connections)
            filters, channels = np.nonzero(table.T)
            self.place = np.zeros((len(filters), *table.shape))  # of each connection
            self.place[np.arange(len(filters)), channels, filters] = 1
            self.kernel = self.add_weight(shape=(*layer.kernel_size, len(filters)), name="kernel")
            positions = self.compute_output_shape(input_shape)[1:]
            bias_shape = positions[-1:] if layer.shared_bias else positions
            self.bias = self.add_weight(shape=bias_shape, initializer="zeros", name="bias")

        def compute_output_shape(self, input_shape: Any) -> Any:
            like = keras.layers.Conv2D(
                layer.filters, layer.kernel_size, layer.strides, layer.padding
            )
            return like.compute_output_shape(input_shape)

        def call(self, inputs: Any) -> Any:
            place = keras.ops.cast(self.place, self.compute_dtype)
            kernel = keras.ops.einsum("ijk,kcf->ijcf", self.kernel, place)
            shifted = inputs - layer.background  # then Keras's frame of zeros is the background
            outputs = keras.ops.conv(shifted, kernel, layer.strides, layer.padding)
            return outputs + layer.background * keras.ops.sum(kernel, (0, 1, 2)) + self.bias

    return PartialConv2D(dtype=dtype)


def subsampling2d(layer: Any, dtype: str) -> Any:
    """Make a mean over each window, times a number and plus one for each channel."""
    keras = load_keras()

    class Subsampling2D(keras.layers.Layer):  # type: ignore[misc,name-defined]  # has no types
        def build(self, input_shape: Any) -> None:
            shape = input_shape[-1:]
            self.coefficient = self.add_weight(shape=shape, initializer="ones", name="coefficient")
            self.bias = self.add_weight(shape=shape, initializer="zeros", name="bias")

        def call(self, inputs: Any) -> Any:
            means = keras.ops.average_pool(inputs, layer.pool_size, layer.pool_size)
            return means * self.coefficient + self.bias

    return Subsampling2D(dtype=dtype)


def scaled_tanh(layer: Any, dtype: str) -> Any:
    """Make the function of its two numbers."""
    keras = load_keras()

    def function(inputs: Any) -> Any:
        return layer.AMPLITUDE * keras.ops.tanh(layer.SLOPE * inputs)

    return keras.layers.Activation(function, dtype=dtype)
