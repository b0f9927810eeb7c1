"""What lesson 21 shares out, and what the records say of batches and threads."""

import json

import numpy as np
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.compare.speed.recorded import Recorded
from dlcourse.layout import RECORDS
from dlcourse.lessons import records
from dlcourse.nn.contract import Array, Params
from dlcourse.tables import Table

SLICE = nn.cores.ROWS  # rows; batches of no more are not cut


def dense_network(*, normalized: bool = False, seed: int = 0) -> nn.Sequential:
    """Build 64 inputs, 32 ReLU units, 10 scores, in float64, maybe with batch normalization."""
    between = [nn.BatchNormalization()] if normalized else []
    layers = [nn.Dense(32), *between, nn.Activation("relu"), nn.Dense(10)]
    return nn.Sequential(layers, input_shape=(64,), seed=seed, dtype=np.float64)


def gradients(model: nn.Sequential, images: Array, labels: NDArray[np.integer]) -> Params:
    """Return the gradient of every parameter: of the mean cross-entropy over these examples."""
    scores, cache = model.forward(images, training=True)
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    _, slopes = loss.value_and_grad(labels, scores)
    return model.backward(slopes, cache)[1]


def off_by(grads: Params | dict[str, Array], expected: Params | dict[str, Array]) -> float:
    """Return how far gradients are from others: the length of the difference, relative.

    All parameters together make one vector. Parameter by parameter would mislead: the gradient of
    a bias in front of batch normalization is 0, and any rounding is large beside it.

    Examples
    --------
    >>> off_by({"w": np.array([3.0, 3.0])}, {"w": np.array([3.0, 4.0])})
    0.2
    """
    apart = [np.ravel(grads[name] - array) for name, array in expected.items()]
    whole = [np.ravel(array) for array in expected.values()]
    return float(np.linalg.norm(np.concatenate(apart)) / np.linalg.norm(np.concatenate(whole)))


def milliseconds(sweep: Recorded, contender: str, batch_size: int) -> float:
    """Return the recorded time of a training step."""
    for point in sweep.points:
        if (point.contender, point.task, point.batch_size) == (
            contender,
            "training step",
            batch_size,
        ):
            return 1000 * float(point.median)
    raise LookupError(f"{contender!r} was not timed with batches of {batch_size}")


def gain(share: float, workers: Array) -> Array:
    """Return how many times faster a program gets, by Amdahl's law.

    Examples
    --------
    >>> gain(0.9, np.array([1, 6])).round(12)
    array([1., 4.])
    """
    return 1 / (1 - share + share / workers)


def share_of(gain: float, workers: int) -> float:
    """Return the share of a program that was divided, by Amdahl's law read backwards.

    Examples
    --------
    >>> round(share_of(4.0, 6), 12)
    0.9
    """
    return (1 - 1 / gain) / (1 - 1 / workers)


def threads(network: str) -> Table:
    """Return recorded training steps on one thread and on two, batch by batch.

    Parameters
    ----------
    network : str
        As in the record: "LeNet".
    """
    path = max(RECORDS.glob("cpu-*.json"))
    record = json.loads(path.read_text(encoding="utf-8"))
    steps = {
        (each["batch"], each["threads"]): each["ms"]["dlcourse"]
        for each in record["results"]
        if each["network"] == network and each["task"] == "step"
    }
    rows: list[list[object]] = []
    for batch in sorted({batch for batch, _ in steps}):
        one, two = steps[batch, 1], steps[batch, 2]
        slices = -(-batch // SLICE)
        share = f"about {10 * round(10 * share_of(one / two, 2))} %" if slices > 1 else "-"
        rows.append([batch, slices, f"{one:.1f}", f"{two:.1f}", f"{one / two:.2f}", share])
    return Table(
        ["batch", "slices", "one thread, ms", "two threads, ms", "gain", "divided, by Amdahl"],
        rows,
        f"{network}, a training step. Recorded {record['date']} on {record['cores']} shared cores "
        f"of {record['cpu']}. One thread: time of the processor; two: time of the clock.",
    )


def formats(model: nn.Sequential, x: Array) -> Table:
    """Return how many answers turn round when a network computes with fewer digits.

    Parameters
    ----------
    model : Sequential
    x : array, length n
    """
    usual = model.predict(x).argmax(axis=1)
    rows: list[list[object]] = []
    for name, bits in nn.precision.MANTISSA_BITS.items():
        scores = nn.precision.outputs_in(name, model, x)
        share = float(np.mean(scores.argmax(axis=1) != usual))
        changed = f"under {np.floor(100 * share) + 1:.0f} %" if share else "none"
        rows.append([name.replace("tfloat32", "TF32"), bits, changed])
    return Table(["format", "bits of mantissa", f"other answers than usual, of {len(x)}"], rows)


def repairs(share: float, rows: dict[tuple[str, str, float], Array], kind: str) -> Table:
    """Return how often each group is misread at one share, whatever is done about it.

    The last column counts the seeds in which a crowd is misread more often than without.

    Parameters
    ----------
    share : float
    rows : dict
        The record, as `groups.record` returns it.
    kind : str
    """
    told: list[list[object]] = []
    usual = rows[kind, "as it is", share]
    for (of, way, at), rates in rows.items():
        if of == kind and at == share:
            a, b, overall = 100 * rates.T
            worse = int(np.sum(rates[:, 2] > usual[:, 2]))
            count = f"{worse} of {len(rates)}" if rates is not usual else "-"
            told.append([way, *(records.spread(list(each)) for each in (a, b, overall)), count])
    columns = ["what is done", *(f"{who}, % wrong" for who in ("A", "B", "everybody"))]
    columns.append("seeds in which everybody's errors rise")
    return Table(columns, told, f"{share:.0%} of the training set belong to B ({kind}).")
