"""What lesson 08 trains: one small network on the digits, with any optimizer."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array
from dlcourse.nn.optimizers import Optimizer
from dlcourse.nn.schedules import Schedule

GUESSING = 2.30  # the loss of one guess in ten, log 10, rounded down
# What people compare: under each name what makes the optimizer, and the learning rates to try.
RIVALS: dict[str, tuple[Callable[[float], Optimizer], tuple[float, ...]]] = {
    "SGD": (nn.SGD, (0.001, 0.01, 0.03, 0.1, 0.3, 1, 3)),
    "momentum 0.9": (
        lambda rate: nn.SGD(rate, momentum=0.9),
        (0.001, 0.01, 0.03, 0.1, 0.3, 1),
    ),
    "RMSprop": (nn.RMSprop, (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)),
    "Adam": (nn.Adam, (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)),
}

# The arguments of tf.keras.optimizers.SGD in TensorFlow 2.12 to 2.14, and two that are older.
OLDER_SGD = {
    "learning_rate": 0.01,
    "momentum": 0.0,
    "nesterov": False,
    "weight_decay": None,
    "clipnorm": None,
    "clipvalue": None,
    "global_clipnorm": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "jit_compile": True,
    "name": "SGD",
    "lr": 0.01,
    "decay": 0.0,
}
LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)


def network(seed: int) -> nn.Sequential:
    """Return 64 inputs, 64 ReLU units, 10 outputs, with random weights."""
    layers = [nn.Dense(64, kernel_initializer="he_normal"), nn.Activation("relu"), nn.Dense(10)]
    return nn.Sequential(layers, input_shape=(64,), seed=seed)


@cache
def digits() -> tuple[Array, NDArray[Any], Array, NDArray[Any]]:
    """Return images (batch, 64) and labels to learn from, and those to be tested on."""
    train, test = datasets.digits_split()
    return train.x.reshape(-1, 64), train.y, test.x.reshape(-1, 64), test.y


def one_batch(model: nn.Sequential, optimizer: Optimizer, rng: np.random.Generator) -> float:
    """Train a network on 32 digits drawn at random; return its loss on them before the step."""
    x, y, _, _ = digits()
    rows = rng.choice(len(x), 32, replace=False)
    return float(model.train_on_batch(x[rows], y[rows], loss=LOSS, optimizer=optimizer))


def train(
    optimizer: Optimizer, seed: int, epochs: int = 10, batch: int = 32
) -> tuple[nn.Sequential, list[float]]:
    """Train the network; return it and its loss after each epoch, infinite once it is lost."""
    x, y, _, _ = digits()
    model = network(seed)
    losses: list[float] = []
    for _ in range(epochs):
        try:
            with np.errstate(all="ignore"):  # a rate that is too high overflows before it is lost
                record = model.fit(
                    x, y, loss=LOSS, optimizer=optimizer, batch_size=batch, verbose=False
                )
        except FloatingPointError:
            losses += [np.inf] * (epochs - len(losses))
            break
        losses += record.history["loss"]
    return model, losses


def last_losses(
    optimizer: Optimizer, seeds: int = 3, epochs: int = 10, batch: int = 32
) -> list[float]:
    """Return the loss of the last epoch for each seed, each time with a fresh optimizer."""
    return [train(deepcopy(optimizer), seed, epochs, batch)[1][-1] for seed in range(seeds)]


def wrong(model: nn.Sequential, known: bool = False) -> int:
    """Return how many of the 360 test digits, or of those it knows, a network reads wrongly."""
    x, y = digits()[:2] if known else digits()[2:]
    return int(np.sum(model.predict(x, 512).argmax(axis=1) != y))


def falling(rate: float, steps: int) -> dict[str, Schedule]:
    """Return three ways in which a learning rate can fall, by name.

    Parameters
    ----------
    rate : float
        Of the first step.
    steps : int
        Of the whole training.

    Examples
    --------
    >>> {name: round(rate(100), 4) for name, rate in falling(0.1, 100).items()}
    {'cosine': 0.0, 'exponential': 0.001, 'one step': 0.01}
    """
    return {
        "cosine": nn.CosineDecay(rate, steps),
        "exponential": nn.ExponentialDecay(rate, steps, 0.01),
        "one step": nn.PiecewiseConstantDecay([steps // 2], [rate, rate / 10]),
    }


def said(losses: Sequence[float]) -> str:
    """Write the median of some losses with two digits that count; at a guess's loss it is lost.

    Examples
    --------
    >>> said([0.1, 0.1234, 5.0]), said([np.inf, np.inf, 1.0])
    ('0.12', 'lost')
    """
    middle = float(np.median(losses))
    return f"{middle:.2g}" if middle < GUESSING else "lost"


def accepted(make: Callable[..., object], arguments: Mapping[str, object]) -> list[list[str]]:
    """Return each argument, and whether it may be given: a row each.

    Examples
    --------
    >>> accepted(nn.SGD, {"momentum": 0.5, "lr": 0.1})
    [['momentum', 'takes it'], ['lr', 'refuses it']]
    """
    rows = []
    for name, value in arguments.items():
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                make(**{name: value})
        except (TypeError, ValueError):
            rows.append([name, "refuses it"])
        else:
            rows.append([name, "warns and ignores it" if warned else "takes it"])
    return rows
