"""Who forecasts the Mackey-Glass series: the last value, a line, bells, and networks."""

from collections.abc import Callable, Sequence
from time import process_time
from typing import Any, NamedTuple

import numpy as np

from dlcourse import nn
from dlcourse.lessons.lesson_20_radial.bells import HELD_OUT, Bells, kmeans, spacing
from dlcourse.lessons.lesson_20_radial.series import error, mackey_glass, windows
from dlcourse.nn.contract import Array

KNOWN, NEW = 2000, 500  # windows to learn from, and to be tested on
NETWORKS = {"20-20": (20, 20), "64-64": (64, 64)}
EPOCHS = (100, 400)
BELLS = (20, 100, 300, 600)


class Task(NamedTuple):
    """Windows of the series and what follows, to learn from and to be tested on."""

    x: Array
    y: Array
    new_x: Array
    new_y: Array


def task(ahead: int, seed: int = 0) -> Task:
    """Return a task; each seed starts the series from another value."""
    length = KNOWN + NEW + ahead + 118
    x, y = windows(mackey_glass(length, 1.2 + 0.02 * seed), ahead)
    return Task(x[:KNOWN], y[:KNOWN], x[-NEW:], y[-NEW:])


def line(data: Task) -> Array:
    """Return what a line through all windows, by least squares, says of the new ones."""
    columns = np.column_stack([data.x, np.ones(len(data.x))])
    weights = np.linalg.lstsq(columns, data.y, rcond=None)[0]
    answers: Array = np.column_stack([data.new_x, np.ones(len(data.new_x))]) @ weights
    return answers


def bells(data: Task, k: int, seed: int) -> Array:
    """Return what k bells say of the new windows; their reach is chosen on known ones."""
    centres = kmeans(data.x, k, np.random.default_rng(seed))
    return Bells.chosen(data.x, data.y, centres).predict(data.new_x)


def reaches(
    data: Task, times: Sequence[float], seeds: Sequence[int], k: int = 100
) -> dict[str, Array]:
    """Return errors of k bells of several reaches, each array of shape (seeds, times).

    Centres and weights come from the first four fifths of the known windows.

    Parameters
    ----------
    data : Task
    times : sequence of float
        Reaches, in mean distances from a centre to the next one.
    seeds : sequence of int
        Of k-means.
    k : int
    """
    cut = int(len(data.x) * (1 - HELD_OUT))
    parts = {
        "known": (data.x[:cut], data.y[:cut]),
        "held out": (data.x[cut:], data.y[cut:]),
        "new": (data.new_x, data.new_y),
    }
    found: dict[str, Array] = {name: np.zeros((len(seeds), len(times))) for name in parts}
    for row, seed in enumerate(seeds):
        centres = kmeans(data.x[:cut], k, np.random.default_rng(seed))
        for column, step in enumerate(times):
            model = Bells.fit(*parts["known"], centres, step * spacing(centres))
            for name, (x, y) in parts.items():
                found[name][row, column] = error(model.predict(x), y)
    return found


def steps(data: Task, k: int, seed: int, times: int) -> Array:
    """Return what bells say that look 6 steps ahead, and then again at what they have said.

    Parameters
    ----------
    data : Task
        Of 6 steps ahead, which is the distance between two lags: the windows move on by one place.
    k : int
    seed : int
        Of k-means.
    times : int
        How often; the answers are for ``6 * times`` steps ahead.
    """
    centres = kmeans(data.x, k, np.random.default_rng(seed))
    model = Bells.chosen(data.x, data.y, centres)
    windows = data.new_x
    for _ in range(times):
        windows = np.column_stack([model.predict(windows), windows[:, :-1]])
    answers: Array = windows[:, 0]
    return answers


def leap_and_steps(k: int, seed: int, times: int = 14) -> tuple[float, float]:
    """Return the errors of one leap and of that many steps of 6, on the same new windows."""
    leap = task(6 * times)
    step = task(6)._replace(new_x=leap.new_x)
    walked = steps(step, k, seed, times)
    return error(bells(leap, k, seed), leap.new_y), error(walked, leap.new_y)


def network(data: Task, hidden: tuple[int, ...], epochs: int, seed: int) -> Array:
    """Return what tanh layers say after Adam, whose rate falls from 0.01 to 0, batches of 32."""
    mean, scale = data.x.mean(), data.x.std()
    layers: list[Any] = []
    for units in hidden:
        layers += [nn.Dense(units), nn.Activation("tanh")]
    model = nn.Sequential([*layers, nn.Dense(1)], input_shape=data.x.shape[1:], seed=seed)
    steps = epochs * -(-len(data.x) // 32)
    x, y = (data.x - mean) / scale, (data.y - mean) / scale
    optimizer = nn.Adam(nn.CosineDecay(0.01, steps))
    model.fit(x, y, loss="mse", optimizer=optimizer, epochs=epochs, batch_size=32, verbose=False)
    answers: Array = model.predict((data.new_x - mean) / scale)[:, 0] * scale + mean
    return answers


def machines() -> dict[str, Callable[[Task, int], Array]]:
    """Return every machine of the record under its name, as a function of a task and a seed."""
    found: dict[str, Callable[[Task, int], Array]] = {
        "the last value": lambda data, seed: data.new_x[:, 0],
        "a line": lambda data, seed: line(data),
    }
    for k in BELLS:
        found[f"{k} bells"] = lambda data, seed, k=k: bells(data, k, seed)  # type: ignore[misc]
    for name, hidden in NETWORKS.items():
        for epochs in EPOCHS:
            found[f"network {name}, {epochs} epochs"] = (
                lambda data, seed, hidden=hidden, epochs=epochs: network(data, hidden, epochs, seed)  # type: ignore[misc]
            )
    return found


def measured(machine: Callable[[Task, int], Array], data: Task, seed: int) -> tuple[float, float]:
    """Return the error of a machine on new windows, and its seconds of one processor core."""
    begin = process_time()
    answers = machine(data, seed)
    return error(answers, data.new_y), process_time() - begin
