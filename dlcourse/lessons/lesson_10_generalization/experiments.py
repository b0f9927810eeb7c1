"""What lesson 10 trains: networks on few digits, on wrong labels, on shifted ones.

``python -m dlcourse.lessons.lesson_10_generalization.tables`` prints every table anew.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array
from dlcourse.nn.optimizers import Optimizer

LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)
VALIDATION = 300  # images
Labels = NDArray[np.int64]


class Parts(NamedTuple):
    """Three parts of the digits: images (n, 64) and labels (n,) of each."""

    x: Array
    y: Labels
    validation_x: Array
    validation_y: Labels
    test_x: Array
    test_y: Labels


@cache
def images() -> tuple[Array, Labels]:
    """Return all 1797 images, shape (1797, 64), and their labels."""
    data = datasets.digits()
    return data.x.reshape(-1, 64), data.y


def spoilt(labels: Labels, share: float, rng: np.random.Generator) -> Labels:
    """Return labels of which a share is replaced by another digit.

    Examples
    --------
    >>> labels = np.zeros(1000, dtype=int)
    >>> wrong = spoilt(labels, 0.3, np.random.default_rng(0))
    >>> 250 < int(np.count_nonzero(wrong)) < 350
    True
    """
    hit = rng.random(len(labels)) < share
    return np.where(hit, (labels + rng.integers(1, 10, len(labels))) % 10, labels)


def parts(seed: int, n: int, wrong: float = 0.0) -> Parts:
    """Shuffle the digits and deal them out: n to learn from, 300 for validation, the rest.

    Parameters
    ----------
    seed : int
    n : int
    wrong : float
        The share of wrong labels, in the training and in the validation set; the test set is clean.
    """
    x, y = images()
    rng = np.random.default_rng(1000 + seed)
    train, validation, test = np.split(rng.permutation(len(x)), [n, n + VALIDATION])
    return Parts(
        x[train], spoilt(y[train], wrong, rng),
        x[validation], spoilt(y[validation], wrong, rng),
        x[test], y[test],
    )  # fmt: skip


def network(
    seed: int,
    hidden: Sequence[int] = (256, 256),
    dropout: Sequence[float] = (0, 0),
    inputs: int = 64,
) -> nn.Sequential:
    """Return a network of ReLU layers.

    Parameters
    ----------
    seed : int
    hidden : sequence of int
        Units of each hidden layer.
    dropout : (float, float)
        The share of inputs, and of hidden units, that a training step leaves out.
    inputs : int
    """
    layers: list[Any] = [nn.Dropout(dropout[0])] if dropout[0] else []
    for units in hidden:
        layers += [nn.Dense(units, kernel_initializer="he_normal"), nn.Activation("relu")]
        layers += [nn.Dropout(dropout[1])] if dropout[1] else []
    return nn.Sequential([*layers, nn.Dense(10)], input_shape=(inputs,), seed=seed)


def error(model: nn.Sequential, x: Array, y: Labels) -> float:
    """Return the share of wrong answers, in percent."""
    return 100 * float(np.mean(model.predict(x, 512).argmax(axis=1) != y))


class Watch(nn.Callback):
    """Note the validation loss and the errors after each epoch, and stop once all is learned.

    Attributes
    ----------
    loss, validation, test, train : list of float
        Validation loss in nats; errors in percent.
    """

    def __init__(self, data: Parts, every: int = 1) -> None:
        self.data, self.every = data, every
        self.loss: list[float] = []
        self.test: list[float] = []
        self.train: list[float] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        """Measure."""
        if epoch % self.every:
            return
        model: Any = self.model
        data = self.data
        self.loss.append(
            model.evaluate(data.validation_x, data.validation_y, loss=LOSS, batch_size=512)
        )
        self.test.append(error(model, data.test_x, data.test_y))
        self.train.append(error(model, data.x, data.y))

    @property
    def best(self) -> int:
        """Which of the measured epochs has the lowest validation loss, from 0."""
        return int(np.argmin(self.loss))


def train(
    model: nn.Sequential,
    data: Parts,
    optimizer: Optimizer | None = None,
    epochs: int = 60,
    batch: int = 32,
    watched: bool = False,
    every: int = 1,
) -> Watch:
    """Train a network on the training part; return what was seen on the way, if it was watched."""
    watch = Watch(data, every)
    model.fit(
        data.x, data.y, loss=LOSS, optimizer=optimizer or nn.Adam(1e-3), epochs=epochs,
        batch_size=batch, verbose=False, callbacks=[watch] if watched else [],
    )  # fmt: skip
    return watch


# memorising

KINDS = ("true labels", "random labels", "pixels shuffled in each image", "noise for images")


class Memory(NamedTuple):
    """What became of one network that was to learn its examples by heart."""

    epochs: int
    train: float
    test: float


@cache
def memorise(kind: str, seed: int, n: int = 500, most: int = 300) -> Memory:
    """Train two layers of 256 units until they answer every training example as labelled.

    Parameters
    ----------
    kind : str
        One of `KINDS`: what is done to the training set. The test set stays as it is.
    seed : int
    n : int
    most : int
        Epochs.

    Returns
    -------
    memory : Memory
        After how many epochs, and the errors on training and test set, in percent.
    """
    data = parts(seed, n)
    rng = np.random.default_rng(seed)
    x, y = data.x, data.y
    if kind == "random labels":
        y = rng.integers(0, 10, n)
    elif kind == "pixels shuffled in each image":
        x = rng.permuted(x, axis=1)
    elif kind == "noise for images":
        x = rng.normal(x.mean(), x.std(), x.shape).astype(x.dtype)
    elif kind != "true labels":
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    model, optimizer, epochs = network(seed), nn.Adam(1e-3), 0
    while error(model, x, y) > 0 and epochs < most:
        model.fit(x, y, loss=LOSS, optimizer=optimizer, batch_size=50, verbose=False)
        epochs += 1
    return Memory(epochs, error(model, x, y), error(model, data.test_x, data.test_y))


# widths


def widths(units: Sequence[int], seeds: Sequence[int], n: int = 300) -> tuple[Array, Array]:
    """Train one hidden layer of each width; Adam with rate 0.003, 60 epochs.

    Returns
    -------
    train, test : array, shape (seeds, widths)
        Errors on the n training digits and on the test digits, in percent.
    """
    found = np.zeros((2, len(seeds), len(units)))
    for row, seed in enumerate(seeds):
        data = parts(seed, n)
        for column, width in enumerate(units):
            model = network(seed, (width,))
            train(model, data, nn.Adam(3e-3))
            found[:, row, column] = (
                error(model, data.x, data.y),
                error(model, data.test_x, data.test_y),
            )
    return found[0], found[1]


# choosing


def candidates(seed: int, number: int = 30, n: int = 300) -> NDArray[np.bool_]:
    """Train networks of random width and learning rate on the same digits.

    Returns
    -------
    wrong : array, shape (number, 1797 - n)
        Which network misreads which of the other digits.
    """
    x, y = images()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(x))
    train, rest = order[:n], order[n:]
    wrong = []
    for which in range(number):
        model = network(which, (int(rng.choice([16, 32, 64, 128])),))
        rate = float(10 ** rng.uniform(-3.3, -1.7))
        model.fit(
            x[train], y[train], loss=LOSS, optimizer=nn.Adam(rate), epochs=20, batch_size=32,
            verbose=False,
        )  # fmt: skip
        wrong.append(model.predict(x[rest], 512).argmax(axis=1) != y[rest])
    return np.array(wrong)


# shifts

SHIFTS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def framed(x: Array) -> Array:
    """Return images (n, 64) in a frame one pixel wide, so that a shift loses nothing: (n, 100).

    Examples
    --------
    >>> framed(np.ones((2, 64))).sum(axis=1)
    array([64., 64.])
    """
    return np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1))).reshape(len(x), 100)


def shifted(x: Array, rng: np.random.Generator) -> Array:
    """Return framed images, each moved by -1, 0 or 1 pixels down and to the right.

    Examples
    --------
    >>> moved = shifted(framed(np.ones((50, 64))), np.random.default_rng(0))
    >>> set(moved.sum(axis=1).tolist())
    {64.0}
    """
    square = x.reshape(-1, 10, 10)
    moved = np.empty_like(square)
    which = rng.integers(0, len(SHIFTS), len(x))
    for number, shift in enumerate(SHIFTS):
        rows = which == number
        moved[rows] = np.roll(square[rows], shift, axis=(1, 2))
    return moved.reshape(len(x), 100)


def augmented(seed: int, shifts: bool, n: int = 300, epochs: int = 40) -> tuple[float, float]:
    """Train on framed digits, with or without a new random shift of each image in every epoch.

    Returns
    -------
    centred, moved : float
        Errors on the test digits as they are, and shifted at random, in percent.
    """
    data, rng = parts(seed, n), np.random.default_rng(seed)
    x, model = framed(data.x), network(seed, inputs=100)
    optimizer = nn.Adam(nn.CosineDecay(2e-3, epochs * -(-n // 32)))
    for _ in range(epochs):
        seen = shifted(x, rng) if shifts else x
        model.fit(seen, data.y, loss=LOSS, optimizer=optimizer, batch_size=32, verbose=False)
    tested = framed(data.test_x)
    return error(model, tested, data.test_y), error(model, shifted(tested, rng), data.test_y)


# other hands


def reader(
    x: Array, y: Labels, seed: int, dropout: float = 0.0, shifts: float = 0.0, epochs: int = 30
) -> nn.Sequential:
    """Train 256 ReLU units on framed digits; Adam, its rate falling from 0.002 to 0.

    Parameters
    ----------
    x : array, shape (n, 100)
    y : array, shape (n,)
    seed : int
    dropout : float
        The share of hidden units that a training step leaves out.
    shifts : float
        The share of digits that is shifted at random, others in each epoch.
    epochs : int
    """
    rng, model = np.random.default_rng(seed), network(seed, (256,), (0, dropout), inputs=100)
    optimizer = nn.Adam(nn.CosineDecay(2e-3, epochs * -(-len(x) // 32)))
    for _ in range(epochs):
        moved = rng.random(len(x)) < shifts
        seen = np.where(moved[:, np.newaxis], shifted(x, rng), x) if shifts else x
        model.fit(seen, y, loss=LOSS, optimizer=optimizer, batch_size=32, verbose=False)
    return model


def hands() -> tuple[Array, Labels, Array, Labels]:
    """Return framed images and labels to learn from, and those to be tested on, by other hands."""
    train, test = datasets.digits_split()
    return framed(train.x.reshape(-1, 64)), train.y, framed(test.x.reshape(-1, 64)), test.y


def misread(model: nn.Sequential, x: Array, y: Labels) -> int:
    """Return how many digits a network reads wrongly."""
    return int(np.sum(model.predict(x, 512).argmax(axis=1) != y))
