"""Rules of thumb, each put to the test: two settings, the same data and seeds, and a verdict.

Every rule is tried on five draws of 500 digits. What counts is the difference of the two errors
draw by draw: only if its mean is more than 2.8 standard errors away from 0, and more than half a
percentage point, is it called a difference.
"""

import tracemalloc
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.lessons.lesson_10_generalization.experiments import (
    LOSS,
    error,
    network,
    parts,
    train,
)
from dlcourse.nn.optimizers import Optimizer

SEEDS = 5
N, EPOCHS, BATCH = 500, 30, 50
LEAST = 0.5  # percentage points: less is no difference, however sure
SURE = 2.8  # standard errors: among five pairs chance alone goes so far once in twenty times
LABELS = (("right labels", 0.0), ("30 % wrong labels", 0.3))


class Tested(NamedTuple):
    """A rule, what was compared, and what came out."""

    rule: str
    without: str
    following: str
    before: str
    after: str
    verdict: str


def verdict(before: Sequence[float], after: Sequence[float], least: float = LEAST) -> str:
    """Say whether following a rule lowered the error, pair by pair.

    Examples
    --------
    >>> verdict([5.0, 6.0, 7.0], [3.0, 4.1, 5.0])
    'helps'
    >>> verdict([5.0, 6.0, 7.0], [5.5, 5.5, 7.0])
    'no difference'
    """
    difference = np.subtract(after, before)
    sure = SURE * float(np.std(difference, ddof=1)) / np.sqrt(len(difference))
    mean = float(np.mean(difference))
    if abs(mean) <= max(sure, least):
        return "no difference"
    return "helps" if mean < 0 else "hurts"


def adam() -> Optimizer:
    """Return what trains where nothing else is said."""
    return nn.Adam(3e-3)


@cache
def errors_of(
    hidden: tuple[int, ...] = (64,),
    dropout: float = 0.0,
    wrong: float = 0.0,
    optimizer: Callable[[], Optimizer] = adam,
) -> list[float]:
    """Return the test error in percent for each draw of the digits."""
    found = []
    for seed in range(SEEDS):
        data = parts(seed, N, wrong)
        model = network(seed, hidden, (0, dropout))
        train(model, data, optimizer(), EPOCHS, BATCH)
        found.append(error(model, data.test_x, data.test_y))
    return found


@cache
def stopped(wrong: float) -> tuple[list[float], list[float]]:
    """Return the test errors after all epochs, and at the lowest validation loss."""
    last, best = [], []
    for seed in range(SEEDS):
        data = parts(seed, N, wrong)
        watch = train(network(seed, (256,)), data, adam(), EPOCHS, BATCH, watched=True)
        last.append(watch.test[-1])
        best.append(watch.test[watch.best])
    return last, best


def compared(
    rule: str, without: str, following: str, before: Sequence[float], after: Sequence[float]
) -> Tested:
    """Return a rule with both mean errors in percent and a verdict."""
    first, second = (f"{np.mean(values):.1f} %" for values in (before, after))
    return Tested(rule, without, following, first, second, verdict(before, after))


def width() -> list[Tested]:
    """One hidden layer of 32 to 128 units is enough; more overfits."""
    narrow, medium, wide = (errors_of((units,)) for units in (8, 64, 512))
    rule = "32 to 128 hidden units"
    return [
        compared(rule, "8 units", "64 units", narrow, medium),
        compared(rule, "512 units", "64 units", wide, medium),
    ]


def shape() -> list[Tested]:
    """All hidden layers should be equally wide."""
    return [
        compared(
            "hidden layers equally wide", name, "64-64", errors_of(layers), errors_of((64, 64))
        )
        for name, layers in (("96-32", (96, 32)), ("32-96", (32, 96)))
    ]


def depth() -> list[Tested]:
    """Add layers as long as the error falls."""
    errors = [errors_of((64,) * layers) for layers in (1, 2, 4)]
    rule = "add layers while the error falls"
    return [
        compared(rule, "1 layer", "2 layers", errors[0], errors[1]),
        compared(rule, "1 layer", "4 layers", errors[0], errors[2]),
    ]


def dropout() -> list[Tested]:
    """Drop 20 to 50 % of the units."""
    rows = []
    for name, wrong in LABELS:
        plain, _ = stopped(wrong)
        for rate in (0.2, 0.5):
            rows.append(
                compared(
                    "dropout of 20 to 50 %", f"none, {name}", f"{rate:.0%}, {name}", plain,
                    errors_of((256,), rate, wrong),
                )
            )  # fmt: skip
    return rows


def momentum() -> list[Tested]:
    """Take a momentum of 0.5 to 0.9."""
    plain = errors_of(optimizer=lambda: nn.SGD(0.05))
    tenfold = errors_of(optimizer=lambda: nn.SGD(0.5))
    rolled = errors_of(optimizer=lambda: nn.SGD(0.05, momentum=0.9))
    rule = "momentum of 0.5 to 0.9"
    return [
        compared(rule, "none, rate 0.05", "0.9, rate 0.05", plain, rolled),
        compared(rule, "none, rate 0.5", "0.9, rate 0.05", tenfold, rolled),
    ]


def decay() -> list[Tested]:
    """Let the learning rate fall."""
    steps = EPOCHS * N // BATCH
    rows = []
    for rate in (0.003, 0.03):
        constant = errors_of(optimizer=adam if rate == 0.003 else lambda: nn.Adam(0.03))
        falling = errors_of(optimizer=lambda rate=rate: nn.Adam(nn.CosineDecay(rate, steps)))
        rows.append(
            compared("a falling learning rate", f"Adam, {rate}", "falls to 0", constant, falling)
        )
    return rows


def activation() -> list[Tested]:
    """Count the epochs until the training loss is below 0.1, each at its best of three rates."""

    def epochs_needed(name: str) -> float:
        found = []
        for rate in (0.003, 0.01, 0.03):
            needed = []
            for seed in range(3):
                data = parts(seed, N)
                layers = [nn.Dense(64), nn.Activation(name), nn.Dense(64), nn.Activation(name)]
                model = nn.Sequential([*layers, nn.Dense(10)], input_shape=(64,), seed=seed)
                record = model.fit(
                    data.x, data.y, loss=LOSS, optimizer=nn.Adam(rate), epochs=EPOCHS,
                    batch_size=BATCH, verbose=False,
                )  # fmt: skip
                below = np.array(record.history["loss"]) < 0.1
                needed.append(int(np.argmax(below)) + 1 if below.any() else EPOCHS + 1)
            found.append(float(np.median(needed)))
        return min(found)

    relu = epochs_needed("relu")
    rows = []
    for name in ("sigmoid", "tanh"):
        other = epochs_needed(name)
        said = "helps" if other >= relu + 2 else "no difference" if other > relu - 2 else "hurts"
        rows.append(
            Tested(
                "ReLU learns fastest", f"{name}, epochs to loss 0.1", "ReLU", f"{other:.0f} epochs",
                f"{relu:.0f} epochs", said,
            )
        )  # fmt: skip
    return rows


def head() -> list[Tested]:
    """Softmax for one of many."""
    found = []
    for seed in range(SEEDS):
        data = parts(seed, N)
        model = network(seed, [64])
        model.fit(
            data.x, np.eye(10)[data.y], loss=nn.BinaryCrossentropy(from_logits=True),
            optimizer=nn.Adam(3e-3), epochs=EPOCHS, batch_size=BATCH, verbose=False,
        )  # fmt: skip
        found.append(error(model, data.test_x, data.test_y))
    return [compared("softmax for one of many", "ten sigmoids", "softmax", found, errors_of())]


def memory() -> list[Tested]:
    """Measure the most memory that a training step holds at a time."""
    x = np.zeros((1024, 64), np.float32)
    y, peaks = np.zeros(1024, np.int64), []
    for batch in (32, 1024):
        model, optimizer = network(0), nn.SGD(0.1)
        for _ in range(2):  # the first step has its own costs
            tracemalloc.start()
            model.train_on_batch(x[:batch], y[:batch], loss=LOSS, optimizer=optimizer)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    small, large = peaks[1], peaks[3]
    said = "true" if large > 2 * small else "false"
    return [
        Tested(
            "a larger batch needs more memory", "batch of 32", "batch of 1024",
            f"{small / 1e6:.0f} MB", f"{large / 1e6:.0f} MB", said,
        )
    ]  # fmt: skip


def stopping() -> list[Tested]:
    """Train until the validation loss rises."""
    return [
        compared(
            "stop where the validation loss is lowest",
            f"{EPOCHS} epochs, {name}",
            "best epoch",
            *stopped(wrong),
        )
        for name, wrong in LABELS
    ]


ALL = (width, shape, depth, dropout, stopping, momentum, decay, activation, head, memory)


def run_all() -> list[Tested]:
    """Test every rule; half a minute at most."""
    return [row for rule in ALL for row in rule()]
