"""Two groups of digits in one training set, few of the second: who is misread, and what helps.

Group A writes dark on light, as always. Group B is the same hands on another paper: light on dark
("inverted"), or seen in a mirror ("mirrored"). The network is not told who belongs where.
"""

from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.lessons import records
from dlcourse.nn.contract import Array

Kind = Literal["inverted", "mirrored"]
Way = Literal["as it is", "B repeated", "both forms of all"]
KINDS: tuple[Kind, ...] = ("inverted", "mirrored")
WAYS: tuple[Way, ...] = ("as it is", "B repeated", "both forms of all")
SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5)
EPOCHS, BATCH = 10, 32
COMMAND = "python -m benchmarks.groups"


class Rates(NamedTuple):
    """Shares of wrong answers on 360 digits of each group, and of a crowd that mixes them."""

    a: float
    b: float
    overall: float


def changed(images: Array, kind: Kind = "inverted") -> Array:
    """Return images as group B has them.

    Parameters
    ----------
    images : array, shape (n, 8, 8, 1)
        From 0, paper, to 1, ink.
    kind : {"inverted", "mirrored"}
    """
    return 1 - images if kind == "inverted" else images[:, :, ::-1].copy()


def training_set(
    share: float, seed: int, way: Way = "as it is", kind: Kind = "inverted", copies: int = 0
) -> tuple[Array, NDArray[np.integer], NDArray[np.bool_]]:
    """Return the 1,437 digits, some of them as group B has them.

    Parameters
    ----------
    share : float
        Of group B, from 0 to 0.5.
    seed : int
        Draws who belongs to B.
    way : {"as it is", "B repeated", "both forms of all"}
        "B repeated": each of B's images stands there several times, until B is as many as A.
        "both forms of all": each image stands there once as A would have it, once as B.
    kind : {"inverted", "mirrored"}
    copies : int, optional
        How often each of B's images stands there, instead of what `way` says.

    Returns
    -------
    images, labels, is_b : arrays
    """
    train, _ = datasets.digits_split()
    order = np.random.default_rng(seed).permutation(len(train.x))
    number = round(share * len(order))
    b, a = order[:number], order[number:]
    if way == "both forms of all":
        rows = np.concatenate([order, order])
        is_b = np.arange(len(rows)) >= len(order)
    else:
        times = copies or (round(len(a) / number) if way == "B repeated" and number else 1)
        rows = np.concatenate([a, *[b] * times])
        is_b = np.arange(len(rows)) >= len(a)
    images = train.x[rows].copy()
    images[is_b] = changed(images[is_b], kind)
    return images, train.y[rows], is_b


def reader(seed: int = 0) -> nn.Sequential:
    """Build a small convolutional network, as in lesson 13, that answers with scores."""
    layers = [
        nn.Conv2D(8, 3, padding="same", kernel_initializer="he_normal"),
        nn.Activation("relu"),
        nn.MaxPooling2D(2),
        nn.Conv2D(16, 3, padding="same", kernel_initializer="he_normal"),
        nn.Activation("relu"),
        nn.Flatten(),
        nn.Dense(10),
    ]
    return nn.Sequential(layers, input_shape=(8, 8, 1), seed=seed)


def trained(
    share: float, seed: int, way: Way = "as it is", kind: Kind = "inverted", copies: int = 0
) -> nn.Sequential:
    """Train a reader; all ways get as many steps as ten epochs on the digits as they are."""
    images, labels, _ = training_set(share, seed, way, kind, copies)
    model = reader(seed)
    model.fit(
        images,
        labels,
        loss=nn.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=nn.Adam(0.003),
        epochs=max(1, round(EPOCHS * len(datasets.digits_split()[0].x) / len(images))),
        batch_size=BATCH,
        verbose=False,
    )
    return model


def both_groups(kind: Kind = "inverted") -> tuple[Array, NDArray[np.integer], NDArray[np.integer]]:
    """Return 720 test digits by other hands, their labels, and the group of each: 0 for A, 1 for B.

    The 360 digits of the honest split, each once as A has it, once as B.
    """
    _, test = datasets.digits_split()
    x = np.concatenate([test.x, changed(test.x, kind)])
    return x, np.concatenate([test.y, test.y]), np.repeat([0, 1], len(test.y))


def rates(model: nn.Sequential, share: float, kind: Kind = "inverted") -> Rates:
    """Return how often each group is misread, and a crowd in which B has its share."""
    x, y, group = both_groups(kind)
    wrong = model.predict(x).argmax(axis=1) != y
    a, b = (float(wrong[group == which].mean()) for which in (0, 1))
    return Rates(a, b, (1 - share) * a + share * b)


@cache
def record() -> dict[tuple[str, str, float], NDArray[np.float64]]:
    """Return what was recorded: for kind, way and share, an array (seeds, 3) of `Rates`."""
    rows = records.read("groups", COMMAND)["rows"]
    return {(row["kind"], row["way"], row["share"]): np.array(row["rates"]) for row in rows}


def said() -> str:
    """Say when and where the record was made."""
    found = records.read("groups", COMMAND)
    return f"Recorded {found['date']} on one thread of {found['cpu']}; {found['seeds']} seeds."
