"""Whether a contender computes what `dlcourse.nn` computes in float64, before it is timed."""

from typing import NamedTuple

import numpy as np

from benchmarks.networks import EXAMPLES, Network
from dlcourse import nn
from dlcourse.compare.speed.contenders import Contender, Here

LEARNING_RATE, LOSSES = 0.1, 3
# Largest relative errors against float64. That of a gradient is larger: a ReLU or a maximum that
# falls to the other side by rounding moves whole entries. A gradient that is missing is off by 1.
TOLERANCES = {
    "float32": {"outputs": 1e-4, "losses": 1e-4, "gradient": 5e-3},
    "tfloat32": {"outputs": 1e-2, "losses": 1e-2, "gradient": 2e-1},
    "bfloat16": {"outputs": 5e-2, "losses": 5e-2, "gradient": 4e-1},
}


class Behaviour(NamedTuple):
    """What a contender computes, to be compared."""

    outputs: np.ndarray
    losses: np.ndarray
    gradient: np.ndarray  # of all arrays, in one vector


class WrongResult(AssertionError):  # noqa: N818  it reads better where it is caught
    """A contender does not compute what it should."""


def behaviour(contender: Contender) -> Behaviour:
    """Predict, and take three steps with plain gradient descent."""
    with contender.active():
        before = contender.weights()
        outputs = contender.predict()
        losses = [contender.step()]
        after = contender.weights()
        losses += [contender.step() for _ in range(LOSSES - 1)]
    changes = [
        (np.asarray(new, np.float64) - old).ravel() for new, old in zip(after, before, strict=True)
    ]
    return Behaviour(
        np.asarray(outputs, np.float64),
        np.array(losses, np.float64),
        np.concatenate(changes) / -LEARNING_RATE,
    )


def errors(found: Behaviour, expected: Behaviour) -> dict[str, float]:
    """Measure each error relative to what is expected; the losses relative to the first."""
    outputs = np.resize(expected.outputs, found.outputs.shape)  # the examples come again

    def norm(array: np.ndarray) -> float:
        return float(np.linalg.norm(array))

    return {
        "outputs": norm(found.outputs - outputs) / norm(outputs),
        "losses": float(np.abs((found.losses - expected.losses) / expected.losses[0]).max()),
        "gradient": norm(found.gradient - expected.gradient) / norm(expected.gradient),
    }


def check(contender: Contender, expected: Behaviour, precision: str) -> dict[str, float]:
    """Return the errors of a contender.

    Raises
    ------
    WrongResult
        If one is larger than its tolerance, or not a number.
    """
    measured = errors(behaviour(contender), expected)
    for quantity, error in measured.items():
        allowed = TOLERANCES[precision][quantity]
        if not error <= allowed:
            raise WrongResult(
                f"{quantity} off by {error:.1e} against dlcourse.nn in float64, "
                f"at most {allowed:.0e} allowed"
            )
    return measured


def expected_behaviour(network: Network, batch_size: int) -> Behaviour:
    """Compute with `dlcourse.nn` in float64; of a large batch, the examples that differ."""
    x, y = network.data(min(batch_size, EXAMPLES))
    return behaviour(
        Here(network.model(np.float64), x, y, network.loss, nn.SGD(LEARNING_RATE), "CPU")
    )
