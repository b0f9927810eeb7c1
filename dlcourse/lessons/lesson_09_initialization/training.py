"""What lesson 09 trains: deep networks on the digits, from a start that is chosen."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse import datasets, nn
from dlcourse.nn.contract import Array, Layer
from dlcourse.nn.initializers import Initializer
from dlcourse.nn.optimizers import Optimizer

LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)


@cache
def digits(shuffled: bool = False) -> tuple[Array, NDArray[Any], Array, NDArray[Any]]:
    """Return 1,437 images (batch, 64) and labels to learn from, and 360 to be tested on.

    All pixels are shifted and scaled alike, so that those to learn from have mean 0 and
    variance 1, taken together. Shuffled first, both parts have digits from the same hands.
    """
    train, test = datasets.digits_split()
    images = np.concatenate([train.x, test.x]).reshape(-1, 64)
    labels = np.concatenate([train.y, test.y])
    if shuffled:
        order = np.random.default_rng(0).permutation(len(images))
        images, labels = images[order], labels[order]
    known = images[: len(train.x)]
    scaled = ((images - known.mean()) / known.std()).astype(np.float32)
    n = len(known)
    return scaled[:n], labels[:n], scaled[n:], labels[n:]


def network(
    depth: int,
    width: int,
    activation: str | Callable[[], Layer],
    start: str | Initializer,
    seed: int,
    *,
    normalized: bool = False,
) -> nn.Sequential:
    """Return 64 inputs, hidden layers, 10 outputs; each layer's weights are drawn by `start`.

    Parameters
    ----------
    depth, width : int
        How many hidden layers there are, and how many units each has.
    activation : str or function
        Its name, or what makes its layer.
    start : str or function
        An initializer of `dlcourse.nn.initializers`, or its name.
    seed : int
    normalized : bool
        Whether batch normalization stands between each sum and its activation.
    """
    layers: list[Layer] = []
    for _ in range(depth):
        layers.append(nn.Dense(width, kernel_initializer=start))  # type: ignore[arg-type]
        if normalized:
            layers.append(nn.BatchNormalization())
        layers.append(nn.Activation(activation) if isinstance(activation, str) else activation())
    layers.append(nn.Dense(10, kernel_initializer=start))  # type: ignore[arg-type]
    return nn.Sequential(layers, input_shape=(64,), seed=seed)


def train(
    model: nn.Sequential,
    optimizer: Optimizer,
    epochs: int,
    batch: int = 64,
    enough: float = 0.0,
    *,
    shuffled: bool = False,
) -> list[float]:
    """Train a network on the digits and return its loss in each epoch, infinite once it is lost."""
    x, y, _, _ = digits(shuffled)
    losses: list[float] = []
    for _ in range(epochs):
        try:
            with np.errstate(all="ignore"):  # what is lost overflows first
                record = model.fit(
                    x, y, loss=LOSS, optimizer=optimizer, batch_size=batch, verbose=False
                )
        except FloatingPointError:
            losses += [np.inf] * (epochs - len(losses))
            break
        losses += record.history["loss"]
        if losses[-1] < enough:
            break
    return losses


class Run(NamedTuple):
    """What came of training one network; "lost" if its loss is no number any more."""

    losses: list[float]  # of each epoch
    wrong: int | str  # of the 360 test digits
    dead: float | str  # share of hidden units that answer 0 or less to all that it learned from


def runs(
    depth: int,
    width: int,
    activation: str | Callable[[], Layer],
    start: str | Initializer,
    optimizer: Optimizer,
    epochs: int,
    *,
    batch: int = 64,
    seeds: int = 3,
    enough: float = 0.0,
    normalized: bool = False,
) -> list[Run]:
    """Train a network of `network` from the seeds 0, 1, 2 ..., each with a fresh optimizer."""
    found = []
    for seed in range(seeds):
        model = network(depth, width, activation, start, seed, normalized=normalized)
        losses = train(model, deepcopy(optimizer), epochs, batch, enough)
        if np.isfinite(losses[-1]):
            found.append(Run(losses, wrong(model), dead_share(model)))
        else:
            found.append(Run(losses, "lost", "lost"))
    return found


def wrong(model: nn.Sequential, *, shuffled: bool = False) -> int:
    """Return how many of the 360 test digits a network reads wrongly."""
    _, _, x, y = digits(shuffled)
    return int(np.sum(model.predict(x, 512).argmax(axis=1) != y))


def first_below(losses: Sequence[float], limit: float) -> int | str:
    """Return the epoch, from 1, whose loss is the first below a limit, or "never".

    Examples
    --------
    >>> first_below([2.0, 0.4, 0.6], 0.5), first_below([2.0], 0.5)
    (2, 'never')
    """
    return next((n for n, loss in enumerate(losses, 1) if loss < limit), "never")


def said(values: Sequence[object], digits: int = 3) -> str:
    """Write the values of several seeds, with some digits that count, from the lowest on.

    Examples
    --------
    >>> said([5, 4, 5]), said(["never", "never"]), said([5, "never"])
    ('4 to 5', 'never', '5, never')
    """
    numbers = sorted(value for value in values if isinstance(value, int | float))
    words = sorted({str(value) for value in values if isinstance(value, str)})
    low_high = {f"{value:.{digits}g}" for value in (numbers[0], numbers[-1])} if numbers else set()
    parts = [" to ".join(sorted(low_high, key=float))] if low_high else []
    return ", ".join([*parts, *words])


def dead_share(model: nn.Sequential) -> float:
    """Return the share of hidden units that answer 0 or less to every digit to learn from."""
    outputs, dead = digits()[0], []
    for layer in model.layers:
        outputs, _ = layer.forward(outputs)
        if isinstance(layer, nn.Activation):
            dead.append((outputs <= 0).all(axis=0))
    return float(np.concatenate(dead).mean())
