"""Lesson 09's board: depth, width, start and activation, and how signals fare in each layer."""

from collections.abc import Sequence

import ipywidgets
import numpy as np
from matplotlib.ticker import NullLocator

from dlcourse.figures import label, new_figure
from dlcourse.figures.style import CYCLE
from dlcourse.lessons.lesson_09_initialization import signals, training
from dlcourse.lessons.lesson_09_initialization.figures import MARKS, PANELS
from dlcourse.widgets.live_figure import Board, interactive

ACTIVATIONS = {"ReLU": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "none": "linear"}
WIDTHS = (16, 64, 256)
IMAGES = 100  # digits that are sent through
LOWEST, HIGHEST = 1e-15, 1e15  # what leaves these is drawn at the edge


def found(depth: int, width: int, start: str, activation: str, draw: int) -> signals.Profile:
    """Return the sizes in each layer of one network, drawn anew."""
    x, y, _, _ = training.digits()
    weights = signals.kernels(signals.STARTS[start], [64, *[width] * depth, 10], draw)
    return signals.profile(x[:IMAGES], y[:IMAGES], weights, ACTIVATIONS[activation])


def per_layer(sizes: Sequence[float]) -> float:
    """Return by what each layer multiplies, the first to the last, on average.

    Examples
    --------
    >>> per_layer([1.0, 0.5, 0.25]), per_layer([3.0])
    (0.5, 1.0)
    """
    if len(sizes) < 2 or not sizes[0]:
        return 1.0
    return float((sizes[-1] / sizes[0]) ** (1 / (len(sizes) - 1)))


def sentence(profile: signals.Profile) -> str:
    """Say how sizes change from layer to layer, each on its way."""
    activations, deltas, gradients = profile
    level = max(gradients) / max(min(gradients), 1e-300)
    return (
        f"Activations: {_number(activations[0])} in the first layer, "
        f"{_number(activations[-1])} in the last; "
        f"each layer multiplies by {per_layer(activations):.2f}. "
        f"Deltas: {_number(deltas[-1])} in the last layer, {_number(deltas[0])} in the first; "
        f"each step back multiplies by {per_layer(deltas[::-1]):.2f}. "
        f"Gradients of the weights: the largest is {_times(level)} the smallest."
    )


def _number(value: float) -> str:
    return f"{value:.2g}"


def _times(ratio: float) -> str:
    if ratio < 10:
        return f"{ratio:.1f} times"
    return f"{float(f'{ratio:.1g}'):,.0f} times" if ratio < 1e7 else "over 10,000,000 times"


def start_board() -> Board:
    """Return the board: thirty ReLU layers of 64 units from Glorot's start, at first."""
    figure, grid = new_figure(1, 3, size=(3.1, 3.2))
    lines, words = [], ipywidgets.HTML()
    for number, (axes, (_, title, _)) in enumerate(zip(grid, PANELS, strict=True)):
        style = {"color": CYCLE[number], "marker": MARKS[number], "ms": 4, "lw": 1.2}
        lines.append(axes.semilogy([1], [1.0], **style)[0])
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.yaxis.set_minor_locator(NullLocator())  # they cost half of the time
        label(axes, "layer", "root mean square" if number == 0 else "", title)

    def update(depth: int, width: int, start: str, activation: str, draw: int) -> str:
        profile = found(depth, width, start, activation, draw)
        for line, sizes in zip(lines, profile, strict=True):
            shown = np.clip(sizes, LOWEST, HIGHEST)
            line.set_data(np.arange(1, depth + 1), shown)
            middle = np.sqrt(shown.min() * shown.max())  # at least four decades are seen
            line.axes.set_ylim(
                min(shown.min() / 3, middle / 100), max(shown.max() * 3, middle * 100)
            )
            line.axes.set_xlim(0, depth + 1)
        words.value = f'<div role="status" style="min-height:5em">{sentence(profile)}</div>'
        return sentence(profile)

    update(30, 64, "Glorot", "ReLU", 0)
    figure.draw_without_rendering()
    figure.set_layout_engine(None)  # all stays in its place from now on
    board = interactive(
        figure,
        update,
        "sizes of activations, deltas and gradients in each layer",
        depth=ipywidgets.IntSlider(value=30, min=1, max=50, description="Layers"),
        width=ipywidgets.Dropdown(options=WIDTHS, value=64, description="Units each"),
        activation=ipywidgets.Dropdown(options=list(ACTIVATIONS), description="Activation"),
        start=ipywidgets.Dropdown(
            options=list(signals.STARTS), value="Glorot", description="Start"
        ),
        draw=ipywidgets.IntSlider(value=0, min=0, max=19, description="Draw"),
    )
    *controls, live = board.children
    board.children = (*controls, words, live)
    return board
