"""The capstone: LeNet and an LSTM of a learner's own functions, beside ours and Keras's.

What the learner has not written is borrowed from the course, and the table of parts says so.
"""

from typing import Literal, NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.datasets import digits_split
from dlcourse.exercises.library import Parts
from dlcourse.lessons.lesson_21_scale.own_layers import (
    OwnAdam,
    OwnConvolution,
    OwnLSTM,
    OwnPooling,
    train,
)
from dlcourse.nn.contract import Array, Layer, Shape

Machine = Literal["LeNet", "LSTM"]
SHAPES: dict[Machine, Shape] = {"LeNet": (8, 8, 1), "LSTM": (8, 8)}
RATE = 0.03


class Line(NamedTuple):
    """What a machine did on the honest split of the digits.

    Attributes
    ----------
    wrong : int
        Of 360 digits by other hands.
    losses : list of float
        The mean loss of each epoch.
    """

    wrong: int
    losses: list[float]


def own(machine: Machine, parts: Parts, seed: int = 0) -> nn.Sequential:
    """Build a machine of parts: two convolutions and one dense layer, or 24 LSTM units.

    It computes in float64, as the exercises do.
    """
    layers: list[Layer]
    if machine == "LeNet":
        layers = [
            OwnConvolution(6, 3, parts),
            nn.Activation("tanh"),
            OwnPooling(2, parts),
            OwnConvolution(16, 2, parts),
            nn.Activation("tanh"),
            nn.Flatten(),
        ]
    else:
        layers = [OwnLSTM(24, parts)]
    return _network([*layers, nn.Dense(10)], SHAPES[machine], seed)


def ours(machine: Machine, seed: int = 0) -> nn.Sequential:
    """Build the same machine of the layers of `dlcourse.nn`."""
    layers: list[Layer]
    if machine == "LeNet":
        layers = [
            nn.Conv2D(6, 3),
            nn.Activation("tanh"),
            nn.MaxPooling2D(2),
            nn.Conv2D(16, 2),
            nn.Activation("tanh"),
            nn.Flatten(),
        ]
    else:
        layers = [nn.LSTM(24)]
    return _network([*layers, nn.Dense(10)], SHAPES[machine], seed)


def _network(layers: list[Layer], shape: Shape, seed: int) -> nn.Sequential:
    return nn.Sequential(layers, input_shape=shape, seed=seed, dtype=np.float64)


def difference(machine: Machine, parts: Parts, examples: int = 8) -> float:
    """Return how far a machine of parts is from ours: answers and all gradients, at most.

    Both get the same weights, the same digits and the same slopes of the loss.
    """
    mine, yours = own(machine, parts), ours(machine)
    yours.set_weights(mine.get_weights())
    train_set, _ = digits_split()
    x = _inputs(train_set.x[:examples], machine)
    slopes = np.random.default_rng(0).normal(size=(examples, 10))
    found = []
    for model in (mine, yours):
        answers, cache = model.forward(x)
        grad_inputs, grads = model.backward(slopes, cache)
        assert grad_inputs is not None
        found.append([answers, grad_inputs, *grads.values()])
    return max(float(np.abs(a - b).max()) for a, b in zip(*found, strict=True))


def reads_digits(
    machine: Machine, parts: Parts, seed: int = 0, epochs: int = 8, examples: int | None = None
) -> Line:
    """Train a machine of parts on the digits: Adam with the rate 0.03, batches of 32.

    The rate was chosen among five on the last 360 of the 1,437 digits, kept aside.

    Parameters
    ----------
    machine : {"LeNet", "LSTM"}
    parts : Parts
    seed, epochs : int
    examples : int, optional
        How many of the 1,437 digits it learns from; all without it.
    """
    return _read(own(machine, parts, seed), machine, parts, seed, epochs, examples)


def ours_reads_digits(
    machine: Machine, seed: int = 0, epochs: int = 8, examples: int | None = None
) -> Line:
    """Train the machine of our layers from the same weights, with the course's functions.

    It computes what a machine of parts does, to rounding, and takes a fraction of its time.
    """
    borrowed = Parts({})
    model = ours(machine, seed)
    model.set_weights(own(machine, borrowed, seed).get_weights())
    return _read(model, machine, borrowed, seed, epochs, examples)


def _read(
    model: nn.Sequential,
    machine: Machine,
    parts: Parts,
    seed: int,
    epochs: int,
    examples: int | None,
) -> Line:
    train_set, test = digits_split()
    optimizer = OwnAdam(RATE, parts, limit=1.0 if machine == "LSTM" else None)
    x, y = _inputs(train_set.x[:examples], machine), train_set.y[:examples]
    losses = train(model, x, y, optimizer, epochs, 32, seed)
    answers = model.forward(_inputs(test.x, machine))[0].argmax(axis=1)
    return Line(int(np.sum(answers != test.y)), losses)


def _inputs(images: Array, machine: Machine) -> Array:
    return images.astype(np.float64).reshape(-1, *SHAPES[machine])
