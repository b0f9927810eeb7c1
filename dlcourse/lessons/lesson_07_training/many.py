"""Train the same small network from many seeds at once, as the tables of 1986 need it.

Every array has one more axis in front, for the seeds; a seed that has learned is left as it is.
The arithmetic is that of the lesson's loop with all examples in one batch: a test compares them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dlcourse.nn.contract import Array


class Runs(NamedTuple):
    """What came of one network, trained from several seeds.

    Attributes
    ----------
    sweeps : list of int or None
        For each seed, after how many sweeps every answer was near enough; None if it never was.
    params : list of four arrays
        W1 (seeds, inputs, hidden), b1, W2, b2 in the end.
    answers : Array, shape (seeds, examples, outputs)
        In the end.
    curves : Array, shape (seeds, recorded sweeps)
        The error, half the sum of the squares, at every `every`-th sweep.
    """

    sweeps: list[int | None]
    params: list[Array]
    answers: Array
    curves: Array

    def learned(self) -> list[int]:
        """Return the sweeps of the seeds that have learned, from few to many."""
        return sorted(count for count in self.sweeps if count is not None)


def starts(
    sizes: tuple[int, int, int], width: float, seeds: Sequence[int], *, skip: bool = False
) -> list[Array]:
    """Draw weights and biases between -width and width, for each seed its own."""
    inputs, hidden, outputs = sizes
    shapes = [(inputs, hidden), (hidden,), (hidden + skip * inputs, outputs), (outputs,)]
    drawn = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        drawn.append([rng.uniform(-width, width, shape) for shape in shapes])
    return [np.stack(arrays) for arrays in zip(*drawn, strict=True)]


def _sigmoid(z: Array) -> Array:
    a: Array = 0.5 + 0.5 * np.tanh(0.5 * z)
    return a


def answers_of(params: Sequence[Array], x: Array, *, skip: bool = False) -> tuple[Array, Array]:
    """Return what reaches the output units, and what they answer, for all seeds."""
    first, low, second, high = params
    a = _sigmoid(x @ first + low[:, None])
    if skip:
        a = np.concatenate([a, np.broadcast_to(x, (len(a), *x.shape))], axis=2)
    return a, _sigmoid(a @ second + high[:, None])


def train_many(
    x: Array,
    y: Array,
    hidden: int,
    *,
    seeds: Sequence[int] = range(20),
    rate: float,
    share: float = 0.9,
    width: float = 0.5,
    most: int = 6000,
    skip: bool = False,
    near: float = 0.1,
    every: int = 0,
) -> Runs:
    """Train a network with one hidden layer of sigmoids from several seeds, all examples per step.

    Parameters
    ----------
    x : Array, shape (examples, inputs)
    y : Array, shape (examples, outputs)
    hidden : int
        Units of the hidden layer.
    seeds : sequence of int
        Of the weights that training starts from.
    rate : float
        Learning rate; the error is half the sum of all squared differences, as in 1986.
    share : float
        How much of the last step is added to each step.
    width : float
        Weights and biases start between -width and width.
    most : int
        Sweeps after which a seed counts as stuck.
    skip : bool
        Whether the inputs reach the output unit directly as well.
    near : float
        Every answer must come nearer to its label than this.
    every : int
        Record the error at every so many sweeps; 0 for not at all.
    """
    params = starts((x.shape[1], hidden, y.shape[1]), width, seeds, skip=skip)
    ends = [array.copy() for array in params]
    sweeps: list[int | None] = [None] * len(seeds)
    rows = np.arange(len(seeds))
    steps = [np.zeros_like(array) for array in params]
    record = []
    for sweep in range(most + 1):
        a, y_hat = answers_of(params, x, skip=skip)
        done = (np.abs(y_hat - y) < near).all(axis=(1, 2))
        if every and sweep % every == 0:
            errors = np.full(len(seeds), np.nan)
            errors[rows] = 0.5 * np.sum((y_hat - y) ** 2, axis=(1, 2))
            record.append(errors)
        if done.any():
            for row in rows[done]:
                sweeps[row] = sweep
            for end, now in zip(ends, params, strict=True):
                end[rows[done]] = now[done]
            rows, a, y_hat = rows[~done], a[~done], y_hat[~done]
            params = [array[~done] for array in params]
            steps = [array[~done] for array in steps]
        if not len(rows) or sweep == most:
            break
        delta_2 = (y_hat - y) * y_hat * (1 - y_hat)
        back = (delta_2 @ params[2].transpose(0, 2, 1))[..., :hidden]
        delta_1 = back * a[..., :hidden] * (1 - a[..., :hidden])
        grads = [x.T @ delta_1, delta_1.sum(1), a.transpose(0, 2, 1) @ delta_2, delta_2.sum(1)]
        for param, step, grad in zip(params, steps, grads, strict=True):
            step *= share
            step -= rate * grad
            param += step
    for end, now in zip(ends, params, strict=True):
        end[rows] = now
    return Runs(sweeps, ends, answers_of(ends, x, skip=skip)[1], np.array(record).T)


def mirror_patterns() -> tuple[Array, Array]:
    """Return all rows of six lamps, shape (64, 6), and whether they are their own mirror image."""
    x = np.array([[int(bit) for bit in f"{number:06b}"] for number in range(64)], dtype=float)
    return x, np.all(x == x[:, ::-1], axis=1)[:, np.newaxis].astype(float)


def xor_table() -> tuple[Array, Array]:
    """Return the four inputs of XOR, shape (4, 2), and its labels, shape (4, 1)."""
    return np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0.0]])


def learned_with(hidden: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return for numbers of hidden units how many of 20 networks learn XOR, and the mirror task."""
    rows = []
    for units in hidden:
        xor = train_many(*xor_table(), units, rate=0.5, most=5000)
        lamps = train_many(*mirror_patterns(), units, rate=0.1, width=0.3)
        rows.append((units, len(xor.learned()), len(lamps.learned())))
    return rows
