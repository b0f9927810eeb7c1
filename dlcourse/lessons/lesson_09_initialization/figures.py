"""Figures of lesson 09: losses, signals on their way through thirty layers, sizes by layer."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from dlcourse.figures.style import CYCLE, GREY, describe, label, new_figure
from dlcourse.lessons.lesson_09_initialization.signals import Profile, size
from dlcourse.nn.contract import Array

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
MARKS = ("o", "s", "^", "D", "v", "X")
GUESSING = float(np.log(10))  # the loss of whoever gives ten digits the same probability
PANELS = (
    ("activations", "size of the activations", "size of the activations"),
    ("deltas", r"size of the deltas $\Delta$", "size of the deltas"),
    ("gradients", r"size of $\partial L / \partial W$", "size of ∂L/∂W"),
)


def loss_curves(
    curves: Mapping[str, Sequence[Sequence[float]]], title: str = "", legend: str = "lower left"
) -> Figure:
    """Draw the loss of each epoch: a line for each seed, a colour and a style for each name.

    Parameters
    ----------
    curves : dict
        Under each name one sequence of losses per seed; they may differ in length.
    title : str
        The point of the figure.
    legend : str
        Where it has room.
    """
    figure, axes = new_figure(size=(6.8, 3.9))
    told = []
    for number, (name, runs) in enumerate(curves.items()):
        for run in runs:
            axes.semilogy(
                range(1, len(run) + 1), run, linestyle=STYLES[number], color=CYCLE[number],
                lw=1.5, alpha=0.8, label=name if run is runs[0] else None,
            )  # fmt: skip
        told.append(f"{name}: {_ending([run[-1] for run in runs])}.")
    axes.axhline(GUESSING, color=GREY, lw=1, ls=":")
    right = axes.get_xlim()[1]
    axes.text(right, 1.06 * GUESSING, "a guess among ten: ln 10", ha="right", fontsize=9)
    axes.set_ylim(top=2 * GUESSING)
    low = axes.get_ylim()[0]
    ticks = [tick for tick in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2) if tick > low]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.get_major_locator().set_params(integer=True)
    label(axes, "epoch", "loss (nats per digit)", title)
    axes.legend(fontsize=9, loc=legend)
    return describe(
        figure, "The loss over the epochs, on a logarithmic axis, with a line at ln 10 = 2.3, a "
        "guess among ten. " + " ".join(told),
    )  # fmt: skip


def _ending(losses: Sequence[float]) -> str:
    """Say in round numbers where losses end, which another machine would say as well."""
    if min(losses) > 0.97 * GUESSING:
        return "all runs stay at a guess"
    limit = next(limit for limit in (0.1, 0.3, 1.0, 3.0, np.inf) if max(losses) < limit)
    return f"all runs end below {limit:g}"


def rivers(
    signals: Sequence[Sequence[Sequence[Array]]],
    names: Sequence[str],
    factors: Sequence[Sequence[float]],
) -> Figure:
    """Draw how activations are spread in each layer, a panel for each function and factor.

    Parameters
    ----------
    signals : nested sequences of arrays, shape (batch, units)
        What `signals.rivers` returns.
    names : sequence of str
        Of the functions, one for each row.
    factors : sequence of sequences of float
        n_in v, one for each panel.
    """
    rows, columns = len(signals), len(signals[0])
    figure, grid = new_figure(rows, columns, size=(3.1, 2.5), squeeze=False, sharex=True)
    told = []
    for r, line in enumerate(signals):
        top = 1.05 if names[r] == "tanh" else 5.0
        bins = np.linspace(-top if names[r] == "tanh" else -0.2, top, 60)
        for c, layers in enumerate(line):
            hidden = layers[1:]
            shares = [np.histogram(a, bins)[0] / a.size for a in hidden]
            _river(grid[r, c], np.array(shares).T, bins)
            title = rf"{names[r]}, $n_{{in}} v$ = {factors[r][c]:g}"
            grid[r, c].set_title(title, loc="left", fontsize=11)
            told.append(
                f"{names[r]} with {factors[r][c]:g}: size {size(hidden[0]):.2g} in layer 1, "
                f"{size(hidden[-1]):.2g} in layer {len(hidden)}."
            )
        grid[r, 0].set_ylabel("activation")
    for axes in grid[-1]:
        axes.set_xlabel("layer")
    bar = figure.colorbar(grid[0, 0].collections[0], ax=grid, shrink=0.7)
    bar.set_label("share of the activations")
    return describe(
        figure, "How activations are spread in each of thirty layers. " + " ".join(told)
    )


def _river(axes: Axes, shares: Array, bins: Array) -> None:
    layers = np.arange(0.5, shares.shape[1] + 1)
    shown = np.ma.masked_equal(shares, 0)
    axes.pcolormesh(layers, bins, shown, cmap="viridis_r", norm=LogNorm(1e-4, 1))


def sizes_by_layer(lines: Mapping[str, Sequence[float]], title: str = "", what: str = "") -> Figure:
    """Draw sizes over the layers, on a logarithmic axis, one line for each name."""
    figure, axes = new_figure(size=(6.4, 3.6))
    told = draw_sizes(axes, lines)
    label(axes, "layer", what or "size of the activations", title)
    axes.legend(fontsize=9)
    return describe(figure, "Sizes by layer, on a logarithmic axis. " + told)


def draw_sizes(axes: Axes, lines: Mapping[str, Sequence[float]]) -> str:
    """Draw the lines of sizes into axes, and return what they show in words."""
    told = []
    for number, (name, sizes) in enumerate(lines.items()):
        axes.semilogy(
            range(1, len(sizes) + 1), sizes, marker=MARKS[number], ms=4, lw=1.5,
            linestyle=STYLES[number], color=CYCLE[number], label=name,
        )  # fmt: skip
        told.append(
            f"{name}: from {sizes[0]:.2g} in the first layer to {sizes[-1]:.2g} in the last."
        )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    low, high = axes.get_ylim()
    middle = np.sqrt(low * high)  # two decades at least, so that powers of ten are on the axis
    axes.set_ylim(min(low, middle / 10), max(high, middle * 10))
    axes.yaxis.set_minor_locator(NullLocator())
    return " ".join(told)


def profiles(found: Mapping[str, Profile]) -> Figure:
    """Draw activations, deltas and gradients of the weights over the layers, in three panels."""
    figure, grid = new_figure(1, 3, size=(3.3, 3.3))
    told = []
    for axes, (field, title, words) in zip(grid, PANELS, strict=True):
        said = draw_sizes(axes, {name: getattr(one, field) for name, one in found.items()})
        label(axes, "layer", "size (root mean square)", title)
        told.append(f"{words}: {said}")
    grid[0].legend(fontsize=9)
    return describe(figure, "Three panels over the layers, on logarithmic axes. " + " ".join(told))
