"""The networks that are timed, the same for every batch size and device."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from dlcourse import nn
from dlcourse.nn.contract import Layer
from dlcourse.nn.lenets import lecun_1989
from dlcourse.nn.losses import Loss

EXAMPLES = 64  # that differ; larger batches repeat them
CLASSES = nn.SparseCategoricalCrossentropy(from_logits=True)


class Network(NamedTuple):
    """Layers, and what they are trained on."""

    input_shape: tuple[int, ...]
    layers: Callable[[], list[Layer]]
    loss: Loss

    def model(self, dtype: DTypeLike = np.float32) -> nn.Sequential:
        """Build the network, with the same weights in every dtype."""
        model = nn.Sequential(self.layers(), input_shape=self.input_shape, seed=0)
        if model.dtype == dtype:
            return model
        same = nn.Sequential(self.layers(), input_shape=self.input_shape, dtype=dtype)
        same.set_weights(model.get_weights())
        return same

    def data(self, batch_size: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw a batch; beyond 64, the same 64 examples come again and again.

        Loss and gradients are means over the batch, so those of 64 are those of any multiple.
        """
        rng = np.random.default_rng(0)
        x = rng.standard_normal((EXAMPLES, *self.input_shape)).astype(np.float32)
        if self.loss is CLASSES:
            y = rng.integers(0, 10, EXAMPLES).astype(np.int32)
        elif isinstance(self.loss, nn.BinaryCrossentropy):
            y = rng.integers(0, 2, (EXAMPLES, 1)).astype(np.float32)
        else:
            y = np.where(np.eye(10)[rng.integers(0, 10, EXAMPLES)], 1, -1).astype(np.float32)
        rows = np.resize(np.arange(EXAMPLES), batch_size)
        return x[rows], y[rows]


def lenet() -> list[Layer]:
    """LeNet-5 with ReLU and max pooling."""
    return [
        nn.Conv2D(6, 5, padding="same"),
        nn.Activation("relu"),
        nn.MaxPooling2D(2),
        nn.Conv2D(16, 5),
        nn.Activation("relu"),
        nn.MaxPooling2D(2),
        nn.Flatten(),
        nn.Dense(120),
        nn.Activation("relu"),
        nn.Dense(84),
        nn.Activation("relu"),
        nn.Dense(10),
    ]


def resnet_block() -> list[Layer]:
    """One of the last blocks of ResNet-20 for small images [1]_, and its classifier.

    .. [1] K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition",
       CVPR 2016, section 4.2.
    """
    ways = [
        nn.Conv2D(64, 3, padding="same", use_bias=False),
        nn.BatchNormalization(),
        nn.Activation("relu"),
        nn.Conv2D(64, 3, padding="same", use_bias=False),
        nn.BatchNormalization(),
    ]
    return [
        nn.Residual(ways),
        nn.Activation("relu"),
        nn.GlobalAveragePooling2D(),
        nn.Dense(10),
    ]


def _recurrent(layer: Callable[[int], Layer]) -> Network:
    """28 steps of 28 features into 128 units, the last state into 10 classes."""
    return Network((28, 28), lambda: [layer(128), nn.Dense(10)], CLASSES)


NETWORKS = {
    "MLP": Network((784,), lambda: [nn.Dense(128), nn.Activation("relu"), nn.Dense(10)], CLASSES),
    "LeNet": Network((28, 28, 1), lenet, CLASSES),
    "LeCun 1989": Network((16, 16, 1), lambda: lecun_1989(0).layers, nn.MeanSquaredError()),
    "LSTM": _recurrent(nn.LSTM),
    "GRU": _recurrent(nn.GRU),
    "RNN": _recurrent(nn.SimpleRNN),
    "ResNet block": Network((8, 8, 64), resnet_block, CLASSES),
}


def _xor() -> list[Layer]:
    return [nn.Dense(4), nn.Activation("tanh"), nn.Dense(1), nn.Activation("sigmoid")]


# So small that the calls count, and nothing else: timed with one batch, its four corners.
XOR = Network((2,), _xor, nn.BinaryCrossentropy())
