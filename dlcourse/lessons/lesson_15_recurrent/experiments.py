"""The lesson's experiments: small recurrent networks, each trained on one task and one seed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array, Layer

Draw = Callable[[np.random.Generator, int], tuple[Array, Array]]
SEQUENCES = 1000  # new ones, on which a trained network is tested


class Tested(NamedTuple):
    """What a trained network says to new sequences."""

    answers: Array
    right: Array  # the answers that are right

    def share_right(self) -> float:
        """Return how often the sign of the answer is right, where there is a right one."""
        return float(np.mean(np.sign(self.answers) == self.right, where=self.right != 0))


def train(
    layers: Sequence[Layer],
    draw: Draw,
    seed: int,
    *,
    steps: int,
    rate: float,
    start: Array | None = None,
) -> Tested:
    """Train on batches of 32 new sequences, and test on others.

    Parameters
    ----------
    layers : sequence of Layer
    draw : callable
        ``draw(rng, batch) -> (x, y)``.
    seed : int
    steps, rate : int, float
        Batches, and the learning rate of Adam, which falls to zero.
    start : array, optional
        What the recurrent weights of the first layer begin with.
    """
    rng = np.random.default_rng(seed)
    model = nn.Sequential(list(layers), input_shape=draw(rng, 1)[0].shape[1:], seed=seed)
    if start is not None:
        model.layers[0].params["recurrent_kernel"][...] = start
    optimizer = nn.Adam(nn.CosineDecay(rate, steps), global_clipnorm=1.0)
    for _ in range(steps):
        model.train_on_batch(*draw(rng, 32), loss="mse", optimizer=optimizer)
    x, y = draw(np.random.default_rng(10**6 + seed), SEQUENCES)
    return Tested(model.predict(x, batch_size=SEQUENCES), y)


def remembers(radius: float, time: int, seed: int) -> bool:
    """Tell whether a network learns to say at the end what stood at the start.

    Its recurrent weights begin as a rotation of 16 dimensions times `radius`.
    """
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(16, 16)))
    task = partial(datasets.remember_first, time=time)
    layers = [nn.SimpleRNN(16), nn.Dense(1)]
    tested = train(layers, task, seed, steps=400, rate=0.005, start=radius * rotation)
    return tested.share_right() > 0.9


def compares_neighbours(reader: Layer, seed: int) -> float:
    """Return how often a network is right that compares the bits before and after each step."""
    layers = [reader, nn.Dense(16), nn.Activation("relu"), nn.Dense(1)]
    return train(layers, datasets.equal_neighbours, seed, steps=1000, rate=0.01).share_right()


def elman_errors(units: int, seed: int, epochs: int = 200) -> Array:
    """Return the error of each prediction in a stream of XOR triples, as Elman drew it.

    The network learns from 3,000 bits, in pieces of 60, and is tested on 400 new pieces.

    Returns
    -------
    array, shape (59,)
        Root mean squared errors; entry t belongs to the prediction of bit t + 1, counted from 0.
    """
    stream = datasets.temporal_xor(np.random.default_rng(seed), 1001)
    x, y = (stream[i : i + 3000].reshape(50, 60, 1) for i in (0, 1))
    layers = [nn.SimpleRNN(units, return_sequences=True), nn.Dense(1), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(60, 1), seed=seed)
    optimizer = nn.Adam(0.02)
    model.fit(x, y, loss="mse", optimizer=optimizer, epochs=epochs, batch_size=10, verbose=False)
    draws = [datasets.temporal_xor(np.random.default_rng(1000 + i), 20) for i in range(400)]
    test = np.stack(draws)
    predicted = model.predict(test[..., np.newaxis], batch_size=400)[:, :-1, 0]
    errors: Array = np.sqrt(np.mean((predicted - test[:, 1:]) ** 2, axis=0))
    return errors


def descend(limit: float, u: float = 0.9, rate: float = 0.02) -> list[float]:
    """Follow the gradient of 1/2 (u^50 - 1/2)^2, no longer than a limit, for at most 120 steps.

    Returns
    -------
    list of float
        u, step by step; it ends where u has left the picture.
    """
    path = [u]
    while len(path) <= 120 and abs(u) < 2:
        grad = (u**50 - 0.5) * 50 * u**49
        u -= rate * grad * min(1.0, limit / abs(grad))
        path.append(u)
    return path


# Going deeper


def answers_with_feedback(task: str, kind: str, seed: int) -> float:
    """Return how often a network answers a question about random bits right.

    Parameters
    ----------
    task : {"odd so far", "two steps ago"}
        Whether the number of ones so far is odd; which bit came two steps ago.
    kind : {"Jordan", "Elman"}
        What comes back: the right answer to the step before, or the hidden state.
    seed : int
    """

    def draw(rng: np.random.Generator, batch: int) -> tuple[Array, Array]:
        x = rng.choice([-1.0, 1.0], (batch, 12, 1))
        nothing = np.zeros_like(x[:, :2])
        late = np.concatenate([nothing, x[:, :-2]], axis=1)
        y = -np.cumprod(-x, axis=1) if task == "odd so far" else late
        before = np.concatenate([nothing[:, :1], y[:, :-1]], axis=1)
        return (np.concatenate([x, before], axis=2) if kind == "Jordan" else x), y

    dense = [nn.Dense(8), nn.Activation("tanh")]
    first = dense if kind == "Jordan" else [nn.SimpleRNN(8, return_sequences=True)]
    return train([*first, nn.Dense(1)], draw, seed, steps=800, rate=0.01).share_right()
