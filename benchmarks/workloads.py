"""The networks that are timed, with the targets that their times must meet."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.nn.contract import Layer
from dlcourse.nn.losses import Loss

Product = tuple[int, int, int, int]  # how often, then (rows, inner) @ (inner, columns)


class Limits(NamedTuple):
    """Of the ratio of our CPU time to Keras's: what we aim at, and what fails the check."""

    target: float
    gate: float


class Workload(NamedTuple):
    """A network, one batch of data for it, and the matrix products it cannot do without."""

    input_shape: tuple[int, ...]
    batch: int
    layers: Callable[[], list[Layer]]
    loss: Loss
    forward: list[Product]
    backward: list[Product]  # without the gradient of the data
    step: Limits
    inference: Limits

    def model(self) -> nn.Sequential:
        """Build the network, the same in every process."""
        return nn.Sequential(self.layers(), input_shape=self.input_shape, seed=0)

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Draw one batch of inputs and targets, the same in every process."""
        rng = np.random.default_rng(0)
        x = rng.standard_normal((self.batch, *self.input_shape)).astype(np.float32)
        outputs = self.model().forward(x)[0].shape
        if isinstance(self.loss, nn.SparseCategoricalCrossentropy):
            return x, rng.integers(0, outputs[-1], self.batch)
        return x, rng.integers(0, 2, outputs).astype(np.float32)


CLASSES = nn.SparseCategoricalCrossentropy(from_logits=True)


def mlp(batch: int, step: Limits, inference: Limits) -> Workload:
    """784-128-10, as on handwritten digits."""
    return Workload(
        input_shape=(784,),
        batch=batch,
        layers=lambda: [nn.Dense(128), nn.Activation("relu"), nn.Dense(10)],
        loss=CLASSES,
        forward=[(1, batch, 784, 128), (1, batch, 128, 10)],
        backward=[(1, 784, batch, 128), (1, 128, batch, 10), (1, batch, 10, 128)],
        step=step,
        inference=inference,
    )


def recurrent(
    layer: Callable[[int], Layer], gates: int, step: Limits, inference: Limits
) -> Workload:
    """28 steps of 28 features into 128 units, the last state into 10 classes."""
    batch, time, features, units = 64, 28, 28, 128
    width = gates * units
    return Workload(
        input_shape=(time, features),
        batch=batch,
        layers=lambda: [layer(units), nn.Dense(10)],
        loss=CLASSES,
        forward=[
            (1, batch * time, features, width),
            (time, batch, units, width),
            (1, batch, units, 10),
        ],
        backward=[
            (time, batch, width, units),
            (1, features, batch * time, width),
            (1, units, batch * time, width),
            (1, units, batch, 10),
            (1, batch, 10, units),
        ],
        step=step,
        inference=inference,
    )


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


# Convolutions count one product per image: more of it stays in the cache than of a whole batch.
WORKLOADS = {
    "MLP 32": mlp(32, Limits(0.25, 0.40), Limits(0.25, 0.40)),
    "MLP 128": mlp(128, Limits(0.45, 0.60), Limits(0.45, 0.60)),
    "LeNet": Workload(
        input_shape=(28, 28, 1),
        batch=64,
        layers=lenet,
        loss=CLASSES,
        forward=[
            (64, 784, 25, 6),
            (64, 100, 150, 16),
            (1, 64, 400, 120),
            (1, 64, 120, 84),
            (1, 64, 84, 10),
        ],
        backward=[
            (64, 25, 784, 6),
            (64, 150, 100, 16),
            (64, 100, 16, 150),
            (1, 400, 64, 120),
            (1, 64, 120, 400),
            (1, 120, 64, 84),
            (1, 64, 84, 120),
            (1, 84, 64, 10),
            (1, 64, 10, 84),
        ],
        step=Limits(1.0, 1.3),
        inference=Limits(1.2, 1.6),
    ),
    "LSTM": recurrent(nn.LSTM, 4, Limits(0.95, 1.15), Limits(1.05, 1.3)),
    "GRU": recurrent(nn.GRU, 3, Limits(0.85, 1.05), Limits(1.0, 1.2)),
    "RNN": recurrent(nn.SimpleRNN, 1, Limits(0.60, 0.80), Limits(0.6, 0.8)),
    "Conv": Workload(
        input_shape=(28, 28, 32),
        batch=64,
        layers=lambda: [nn.Conv2D(64, 3, padding="same")],
        loss=nn.MeanSquaredError(),
        forward=[(64, 784, 288, 64)],
        backward=[(64, 288, 784, 64)],
        step=Limits(1.3, 1.6),
        inference=Limits(1.3, 1.6),
    ),
    "XOR": Workload(
        input_shape=(2,),
        batch=4,
        layers=lambda: [
            nn.Dense(4),
            nn.Activation("tanh"),
            nn.Dense(1),
            nn.Activation("sigmoid"),
        ],
        loss=nn.BinaryCrossentropy(),
        forward=[(1, 4, 2, 4), (1, 4, 4, 1)],
        backward=[(1, 2, 4, 4), (1, 4, 4, 1), (1, 4, 1, 4)],
        step=Limits(0.035, 0.06),
        inference=Limits(0.035, 0.06),
    ),
}
