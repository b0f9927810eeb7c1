"""Four vowels of made-up speakers, and a race of experts against networks to learn them.

Each vowel has two formants, resonances of the vocal tract, in kilohertz. A speaker stretches all of
them by a factor, as short and long vocal tracts do; each utterance scatters besides.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.nn.contract import Array

VOWELS = ("i", "I", "a", "ʌ")
FORMANTS = np.array([[0.27, 2.29], [0.39, 1.99], [0.73, 1.09], [0.64, 1.19]])
SCATTER = np.array([0.12, 0.06])  # of one utterance, as shares
STATURES, HOW_MANY = (1.0, 1.16, 1.35), (0.45, 0.4, 0.15)  # of men, women and children
TRAIN, TEST = 50, 25  # speakers
CRITERION, LONGEST = 0.06, 1000  # mean squared error that ends training; epochs
RATES = (3.0, 10.0, 30.0, 100.0)
SYSTEMS = ("1 expert", "4 experts", "8 experts", "6 hidden units", "12 hidden units")


def speakers(n: int, rng: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
    """Return formants, shape (4 n, 2), in kilohertz, and vowels, shape (4 n,), of n speakers."""
    stretch = rng.choice(STATURES, n, p=HOW_MANY) * rng.normal(1, 0.03, n)
    scatter = rng.normal(1, SCATTER, (n, len(VOWELS), 2))
    formants = FORMANTS * stretch[:, None, None] * scatter
    return formants.reshape(-1, 2), np.tile(np.arange(len(VOWELS)), n)


class Run(NamedTuple):
    """How one race ended: epochs needed (None if never), right answers in %, experts used."""

    epochs: int | None
    train: float
    test: float
    used: int | None


def build(system: str, seed: int) -> tuple[nn.Sequential, Any]:
    """Return a network and its loss. Experts are four sigmoid units each, without hidden ones."""
    number, kind = int(system.split()[0]), system.split()[1]
    if kind.startswith("expert"):
        experts = [nn.Dense(4 * number), nn.Activation("sigmoid")]
        layers: list[Any] = [nn.Branches([nn.Dense(number), experts])]
        loss: Any = nn.MixtureLoss(number)
    else:
        layers = [nn.Dense(number), nn.Activation("sigmoid"), nn.Dense(4), nn.Activation("sigmoid")]
        loss = nn.HalfSquaredError()  # what the other one is for a single expert
    return nn.Sequential(layers, input_shape=(2,), seed=seed, dtype=np.float64), loss


def race(system: str, rate: float, seed: int) -> Run:
    """Walk downhill at a fixed rate, all speakers at once, until the criterion is met.

    The data are those of the seed; so are the weights at first.
    """
    rng = np.random.default_rng(500 + seed)
    (x, y), (new_x, new_y) = speakers(TRAIN, rng), speakers(TEST, rng)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    x, new_x = (x - mean) / scale, (new_x - mean) / scale
    targets = np.eye(len(VOWELS))[y]
    model, loss = build(system, seed)
    alone = "expert" not in system

    def answer(outputs: Array) -> Array:
        return outputs if alone else loss.answer(outputs)

    def ended(epochs: int | None, outputs: Array) -> Run:
        both = ((answer(outputs), y), (answer(model.forward(new_x)[0]), new_y))
        right = [100 * float(np.mean(said.argmax(axis=1) == truth)) for said, truth in both]
        used = None if alone else int(np.sum(loss.split(outputs)[0].mean(axis=0) > 0.05))
        return Run(epochs, right[0], right[1], used)

    for epoch in range(LONGEST):
        outputs, cache = model.forward(x, training=True)
        if np.mean((answer(outputs) - targets) ** 2) <= CRITERION:
            return ended(epoch, outputs)
        _, slope = loss.value_and_grad(targets, outputs)
        _, grads = model.backward(slope, cache, input_grad=False)
        for name, grad in grads.items():
            model.params[name] -= rate * grad
    return ended(None, model.forward(x)[0])
