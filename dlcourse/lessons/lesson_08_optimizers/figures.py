"""Figures of lesson 08: walks in a ravine, losses and learning rates, Adam's first steps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlcourse.figures.style import BLACK, CYCLE, GREY, RED, describe, label, new_figure
from dlcourse.lessons.lesson_08_optimizers import ravine
from dlcourse.nn.contract import Array

BOX = (-12.0, 12.0, -3.0, 3.0)  # of the map: w1 from and to, w2 from and to
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
MARKS = ("o", "s", "^", "D", "v", "X")
LEVELS = (0.25, 1.0, 4.0, 9.0, 20.0, 40.0, 70.0, 110.0)  # heights with a line of their own


def draw_map(axes: Axes, across: float = 25.0) -> Any:
    """Draw the lowest point and the lines of equal height of the ravine; return these lines."""
    w1, w2 = np.meshgrid(np.linspace(*BOX[:2], 161), np.linspace(*BOX[2:], 121))
    heights = ravine.loss(np.stack([w1, w2], axis=-1), across)
    lines = axes.contour(w1, w2, heights, LEVELS, colors=GREY, linewidths=0.7, alpha=0.7)
    axes.plot(0, 0, "*", color=BLACK, ms=11, zorder=5)
    axes.set(xlim=BOX[:2], ylim=BOX[2:])
    return lines


def walks(paths: Mapping[str, Array]) -> Figure:
    """Draw walks in the ravine, each in a panel of its own.

    Parameters
    ----------
    paths : dict of arrays, shape (steps + 1, 2)
        Under the name of each walk.
    """
    figure, grid = new_figure(1, len(paths), size=(3.6, 2.9), squeeze=False)
    told = []
    for axes, (name, path) in zip(grid.flat, paths.items(), strict=True):
        steps = len(path) - 1
        draw_map(axes)
        label(axes, "weight $w_1$", "weight $w_2$", f"{name}, {steps} steps")
        axes.plot(*path.T, marker=MARKS[0], ms=4, lw=1.2, color=CYCLE[0])
        w1, w2 = path[-1]
        told.append(f"{name}: after {steps} steps at ({w1:.2g}, {w2:.2g}).")
    return describe(
        figure,
        "A long valley from above, its lowest point in the middle, and walks that start at "
        f"({path[0][0]:g}, {path[0][1]:g}). " + " ".join(told),
    )


def _mark_guessing(axes: Axes, side: str) -> None:
    """Mark the loss of one guess in ten, in words at the left or right end of its line."""
    axes.axhline(np.log(10), color=GREY, lw=1, ls=":")
    axes.text(
        {"left": 0.01, "right": 0.99}[side], np.log(10), "guessing", ha=side, va="bottom",
        color=BLACK, fontsize=9, transform=axes.get_yaxis_transform(),
    )  # fmt: skip


def loss_curves(curves: Mapping[str, Sequence[Sequence[float]]], title: str = "") -> Figure:
    """Draw the loss after each epoch, the median over seeds, between the lowest and highest.

    Parameters
    ----------
    curves : dict
        Under the name of each line, one sequence of losses per seed; infinite losses end it.
    title : str
        The point of the figure.
    """
    figure, axes = new_figure(size=(6.4, 3.8))
    told = []
    for number, (name, runs) in enumerate(curves.items()):
        values = np.array(runs, dtype=float)
        epochs = np.arange(1, values.shape[1] + 1)
        middle = np.median(values, axis=0)
        color, style = CYCLE[number], STYLES[number]
        axes.semilogy(epochs, middle, linestyle=style, color=color, lw=2, label=name)
        axes.fill_between(epochs, values.min(axis=0), values.max(axis=0), color=color, alpha=0.18)
        last = "still above 1" if middle[-1] > 1 else f"{middle[-1]:.2g}"
        told.append(f"{name}: after the last epoch {last}.")
    axes.xaxis.get_major_locator().set_params(integer=True)
    _mark_guessing(axes, "right")
    label(axes, "epoch", "loss (nats per digit)", title)
    axes.legend()
    return describe(figure, "The loss over the epochs, on a logarithmic axis. " + " ".join(told))


def range_test(
    rates: Sequence[float], losses: Sequence[Sequence[float]], places: Mapping[str, float]
) -> Figure:
    """Draw a learning rate range test: the loss of each step over its learning rate.

    Parameters
    ----------
    rates : sequence of float
        The learning rate of each step.
    losses : sequence of sequences
        One per seed, as long as the rates.
    places : dict
        Learning rates with a line of their own, under the words that say what they are.
    """
    figure, axes = new_figure(size=(6.8, 3.9))
    for number, run in enumerate(losses):
        axes.loglog(rates, run, color=CYCLE[number], lw=1.2, label=f"seed {number}")
    for (words, rate), style in zip(places.items(), ("--", "-", ":"), strict=True):
        axes.axvline(rate, color=RED, ls=style, lw=1.6, label=words)
    axes.set_ylim(0.6 * min(map(min, losses)), 2 * max(map(max, losses)))
    label(axes, "learning rate of the step", "loss of the step (nats per digit)")
    axes.legend(fontsize=9, loc="upper left")
    marked = "; ".join(f"{words}, at {rate:.1g}" for words, rate in places.items())
    return describe(
        figure,
        f"The loss of {len(rates)} steps whose learning rate grows from {rates[0]:.1g} to "
        f"{rates[-1]:.1g}, both axes logarithmic. It stays, falls, and shoots up. "
        f"Marked: {marked}.",
    )


def basins(losses: Mapping[str, Mapping[float, Sequence[float]]]) -> Figure:
    """Draw the last loss over the learning rate, for some optimizers.

    Parameters
    ----------
    losses : dict of dicts
        Under the name of each optimizer and each learning rate the last losses, one per seed.
    """
    figure, axes = new_figure(size=(6.8, 4.0))
    told, top = [], 3.0
    for number, (name, ends) in enumerate(losses.items()):
        rates = list(ends)
        values = np.minimum(np.array(list(ends.values()), dtype=float), top)
        middle = np.median(values, axis=1)
        axes.loglog(
            rates, middle, marker=MARKS[number], linestyle=STYLES[number], lw=1.8,
            color=CYCLE[number], label=name,
        )  # fmt: skip
        axes.fill_between(
            rates, values.min(axis=1), values.max(axis=1), color=CYCLE[number], alpha=0.15
        )
        best = int(np.argmin(middle))
        told.append(f"{name} is lowest, {middle[best]:.1g}, at {rates[best]:g}.")
    _mark_guessing(axes, "left")
    label(axes, r"learning rate $\eta$", "loss after 10 epochs (nats per digit)")
    axes.legend()
    return describe(
        figure,
        "The last loss over the learning rate, both axes logarithmic: each optimizer has a valley "
        "of good rates. " + " ".join(told),
    )


def step_sizes(sizes: Mapping[str, Sequence[float]]) -> Figure:
    """Draw how long the steps of Adam are on a constant slope, with and without correction."""
    figure, axes = new_figure(size=(5.6, 3.2))
    for number, (name, values) in enumerate(sizes.items()):
        steps = range(1, len(values) + 1)
        axes.plot(steps, values, linestyle=STYLES[number], color=CYCLE[number], lw=2, label=name)
    label(axes, "step", r"length of the step, in $\eta$")
    axes.set_ylim(bottom=0)
    axes.legend()
    told = "; ".join(f"{name}: {_longest(values)}" for name, values in sizes.items())
    return describe(figure, f"The lengths of the first steps on a constant slope: {told}.")


def _longest(values: Sequence[float]) -> str:
    if np.allclose(values, values[0], rtol=1e-3):
        return f"always {values[0]:.3g}"
    step = int(np.argmax(values)) + 1
    return f"{values[0]:.3g} at first, {max(values):.3g} at step {step}, the longest"


def online(paths: Mapping[str, Sequence[float]]) -> Figure:
    """Draw where a single number goes that should reach -1, over the steps."""
    figure, axes = new_figure(size=(6.4, 3.4))
    for number, (name, values) in enumerate(paths.items()):
        steps = np.unique(np.geomspace(1, len(values), 400).astype(int))
        axes.semilogx(
            steps, np.array(values)[steps - 1], color=CYCLE[number], linestyle=STYLES[number],
            lw=1.6, label=name,
        )  # fmt: skip
    axes.axhline(-1, color=GREY, lw=1, ls=":")
    for place, word, side in ((-1, "best", "bottom"), (1, "worst", "top")):
        axes.text(1, place, word, va=side, fontsize=9)
    axes.set_ylim(-1.1, 1.1)
    label(axes, "steps", "$w$")
    axes.legend(loc="center left")
    ends = "; ".join(f"{name} ends at {values[-1]:.2f}" for name, values in paths.items())
    return describe(figure, f"One weight over the steps; the best value is -1. {ends}.")
