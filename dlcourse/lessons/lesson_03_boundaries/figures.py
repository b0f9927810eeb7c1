"""Figures of lesson 03: activations, decision boundaries, and what every unit sees.

Points of class 0 are orange discs, points of class 1 blue squares; values are orange
where they are low, blue where they are high, and white in the middle.
"""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.figures.plane import plane, signed, unit_outputs
from dlcourse.figures.style import (
    BLACK,
    BLUE,
    GREY,
    NEGATIVE,
    ORANGE,
    POSITIVE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.nn.contract import Array

BANDS = 8  # shades on either side of white
PALETTE = LinearSegmentedColormap.from_list("classes", [ORANGE, "white", BLUE])


def activation_shapes(names: Sequence[str], limit: float = 4.0) -> Figure:
    """Draw activation functions and their derivatives, one small picture each.

    Parameters
    ----------
    names : sequence of str
        Of `dlcourse.nn.activations`.
    limit : float
        The pre-activation goes from -limit to limit.
    """
    z = np.linspace(-limit, limit, 401)
    figure, grid = new_figure(1, len(names), size=(2.0, 2.3), sharex=True, squeeze=False)
    for axes, name in zip(grid.flat, names, strict=True):
        forward, backward = nn.activations.get_activation(name)
        y = forward(z)
        slopes = backward(np.ones_like(z), z, y)
        axes.axhline(0, color=GREY, lw=0.6)
        axes.axvline(0, color=GREY, lw=0.6)
        axes.plot(z, y, color=BLUE, lw=2.2, label="value")
        axes.plot(z, slopes, "--", color=RED, lw=1.6, label="derivative")
        axes.set(ylim=(-1.3, 2.3), xticks=[-limit, 0, limit])
        label(axes, "$z$", "", name)
    grid[0, 0].set_ylabel("value, derivative")
    grid[0, 0].legend(fontsize=8, loc="upper left", framealpha=1)
    return describe(
        figure,
        f"The functions {', '.join(names)} from z = {-limit:g} to {limit:g} as solid lines, and "
        "their derivatives as dashed lines. The derivatives of sigmoid and tanh fade out on both "
        "sides; the derivative of the step is zero everywhere.",
    )


def draw_surface(
    axes: Axes, values: Array, box: tuple[float, float, float, float], *, sharp: bool = False
) -> None:
    """Draw values of a plane, -1 orange to 1 blue, and the boundary where they are zero.

    The colours stay paler than those of points, so that points on them can be seen.

    Parameters
    ----------
    axes : Axes
    values : Array, shape (rows, columns)
        From the upper left corner, as `plane` orders its points.
    box : tuple of float
        Left, right, bottom and top.
    sharp : bool
        Two pale colours, for the answer alone.
    """
    if sharp:
        values = 0.5 * np.where(values > 0, 1.0, -1.0)
    bands = np.rint(BANDS * values) / BANDS  # a picture of few colours is a small file
    axes.imshow(
        bands, cmap=PALETTE, vmin=-1.5, vmax=1.5, extent=box, aspect="auto", interpolation="nearest"
    )
    if values.min() < 0 < values.max():
        axes.contour(values[::-1], levels=[0], extent=box, colors=BLACK, linewidths=1.3, zorder=1)


def decision_boundaries(
    models: Sequence[Sequence[nn.Sequential]],
    data: Sequence[tuple[Array, Array]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    limit: float = 1.25,
    enough: float = 0.95,
) -> Figure:
    """Draw the answers of several networks on several data sets, one row per data set.

    Parameters
    ----------
    models : rows of nn.Sequential
        A network for each column, with inputs (batch, 2) and one sigmoid output.
    data : sequence of (x, y)
        Points (batch, 2) and labels 0 or 1, a pair per row.
    rows, columns : sequence of str
        Their names.
    limit : float
        Both inputs are drawn from -limit to limit.
    enough : float
        Share of right answers from which the description counts a network as good.
    """
    figure, grid = new_figure(
        len(rows), len(columns), size=(2.5, 2.4), sharex=True, sharey=True, squeeze=False
    )
    grid_points = plane(limit, 120)
    good = []
    for line, networks, (x, y), name in zip(grid, models, data, rows, strict=True):
        for axes, model, column in zip(line, networks, columns, strict=True):
            values = 2 * model.predict(grid_points, 4096).reshape(120, 120) - 1
            draw_surface(axes, values, (-limit, limit, -limit, limit))
            draw_classes(axes, x, y, size=12)
            right = float(np.mean((model.predict(x)[:, 0] > 0.5) == (y > 0.5)))
            axes.set_title(f"{name}, {column}\n{right:.0%} right", fontsize=9, loc="left")
            if right >= enough:
                good.append(f"{name} with {column}")
        line[0].set_ylabel("$x_2$")
    for axes in grid[-1]:
        axes.set_xlabel("$x_1$")
    return describe(
        figure,
        f"Points of two classes and the surfaces of {len(rows) * len(columns)} networks, "
        f"{len(columns)} for each of {len(rows)} data sets. At least {enough:.0%} of the points "
        f"are right for: {'; '.join(good) or 'none'}.",
    )


def draw_classes(axes: Axes, x: Array, y: Array, size: float = 46) -> None:
    """Draw points, shape (batch, 2), of class 0 (orange discs) and class 1 (blue squares)."""
    for value, (color, marker) in {0: NEGATIVE, 1: POSITIVE}.items():
        chosen = x[np.ravel(y) == value]
        axes.scatter(
            chosen[:, 0], chosen[:, 1], s=size, c=color, marker=marker,
            edgecolors="white", linewidths=min(0.8, size / 30), zorder=3,
        )  # fmt: skip


def xor_by_hand() -> Figure:
    """Draw XOR in the plane of the inputs and in the plane of the two hidden units."""
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    answers = np.array([0, 1, 1, 0])
    hidden = nn.activations.step(corners.sum(axis=1, keepdims=True) - np.array([0.5, 1.5]))
    figure, (left, right) = new_figure(1, 2, size=(3.6, 3.2))
    ends = np.array([-0.4, 1.4])
    left.fill_between(ends, 0.5 - ends, 1.5 - ends, color=BLUE, alpha=0.15, lw=0)
    left.plot(ends, 0.5 - ends, color=BLACK, lw=1.5)
    left.plot(ends, 1.5 - ends, "--", color=BLACK, lw=1.5)
    left.text(-0.35, 0.55, "$h_1$", fontsize=12)
    left.text(0.32, 1.27, "$h_2$", fontsize=12)
    draw_classes(left, corners, answers, 90)
    label(left, "$x_1$", "$x_2$", "inputs: two lines")
    right.fill_between(ends, ends - 0.5, -0.4, color=BLUE, alpha=0.15, lw=0)
    right.plot(ends, ends - 0.5, color=BLACK, lw=1.5)
    draw_classes(right, hidden, answers, 90)
    right.annotate(
        "(0, 1) and (1, 0)\nlie here together", (1, 0), (0.02, 0.42), fontsize=9,
        arrowprops={"arrowstyle": "-", "color": GREY},
    )  # fmt: skip
    label(right, "$h_1$", "$h_2$", "hidden units: one line is enough")
    for axes in (left, right):
        axes.set(xlim=(-0.4, 1.4), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1])
    return describe(
        figure,
        "Left: the four corners of XOR with two parallel lines; the answers 1 lie between them. "
        "Right: the same four as the two hidden units see them. Two of the corners fall on one "
        "point, (1, 0), and a single line separates it from the other two points.",
    )


def threshold_sum(edges: Sequence[float], signs: Sequence[int], level: float) -> Figure:
    """Draw step units on a line, their signed sum, and where it reaches a level.

    Parameters
    ----------
    edges : sequence of float
        Where each unit switches on.
    signs : sequence of int
        +1 or -1, the weight of each unit in the sum.
    level : float
        The threshold of the output.
    """
    x = np.linspace(min(edges) - 1, max(edges) + 1, 1201)
    total = (x[:, np.newaxis] >= np.array(edges)) @ np.array(signs)
    figure, axes = new_figure(size=(5.6, 2.5))
    axes.fill_between(x, 0, 1, where=total >= level, color=BLUE, alpha=0.15, lw=0, step="mid")
    axes.plot(x, total, color=BLUE, lw=2.2, drawstyle="steps-mid", label="sum of the hidden units")
    axes.axhline(level, color=RED, ls="--", lw=1.4, label=f"threshold {level:g}")
    label(axes, "$x$", "value")
    axes.set_ylim(-0.15, 1.6)
    axes.legend(loc="upper left", ncols=2, fontsize=9)
    inside = np.flatnonzero(np.diff((total >= level).astype(int), prepend=0, append=0))
    pieces = [f"{x[a]:.0f} to {x[b - 1]:.0f}" for a, b in inside.reshape(-1, 2)]
    return describe(
        figure,
        f"The sum of {len(edges)} step units along a line. It reaches the threshold of {level:g} "
        f"from {' and from '.join(pieces)}, and nowhere else.",
    )


def answer_region(
    model: nn.Sequential, box: tuple[float, float, float, float], level: float = 0.5
) -> Figure:
    """Shade where the output of a network with two inputs reaches a level.

    Parameters
    ----------
    model : nn.Sequential
    box : tuple of float
        Left, right, bottom and top.
    level : float
    """
    across, up = np.meshgrid(np.linspace(*box[:2], 300), np.linspace(*box[2:], 300)[::-1])
    outputs = model.predict(np.column_stack([across.ravel(), up.ravel()]), 4096).reshape(300, 300)
    figure, axes = new_figure(size=(3.8, 3.0))
    draw_surface(axes, np.where(outputs >= level, 1.0, -1.0), box, sharp=True)
    label(axes, "$x_1$", "$x_2$")
    pieces = count_pieces(outputs >= level)
    return describe(
        figure,
        f"The plane of two inputs. The region in which the network answers 1 is made of {pieces} "
        f"{'piece' if pieces == 1 else 'separate pieces'}.",
    )


def count_pieces(region: NDArray[np.bool_]) -> int:
    """Count the connected pieces of a region, given as a table of truth values.

    Examples
    --------
    >>> count_pieces(np.array([[1, 0, 1], [1, 0, 1]]) > 0)
    2
    """
    left = {(int(i), int(j)) for i, j in np.argwhere(region)}
    pieces = 0
    while left:
        pieces += 1
        edge = [left.pop()]
        while edge:
            i, j = edge.pop()
            near = {(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)} & left
            left -= near
            edge.extend(near)
    return pieces


def approximations(
    function: Callable[[Array], Array], models: dict[str, nn.Sequential], points: int = 801
) -> Figure:
    """Draw a function on [0, 1] and networks that approximate it, one picture each.

    Parameters
    ----------
    function : callable
        Of an array, entry by entry.
    models : dict
        A name for each network, which has one input and one output.
    points : int
        How many points are drawn.
    """
    x = np.linspace(0, 1, points)
    figure, grid = new_figure(1, len(models), size=(2.9, 2.4), sharey=True, squeeze=False)
    for axes, (name, model) in zip(grid.flat, models.items(), strict=True):
        axes.plot(x, function(x), color=ORANGE, lw=4, alpha=0.7, label="function")
        axes.plot(x, model.predict(x[:, np.newaxis], points)[:, 0], color=BLUE, label="network")
        label(axes, "$x$", "", name)
    grid[0, 0].set_ylabel("value")
    grid[0, 0].legend(fontsize=9)
    return describe(
        figure,
        f"A curve on the interval from 0 to 1, and the staircases of {len(models)} networks "
        f"({', '.join(models)}): the more bumps, the closer the staircase follows the curve.",
    )


def unit_frames(
    models: Sequence[nn.Sequential],
    titles: Sequence[str],
    x: Array,
    y: Array,
    *,
    limit: float = 1.25,
) -> Figure:
    """Draw what every unit of a network puts out, at several moments, one row per moment.

    Parameters
    ----------
    models : sequence of nn.Sequential
        One network at several moments, each with its own weights.
    titles : sequence of str
        A name for each moment.
    x : Array, shape (batch, 2)
    y : Array, shape (batch,) or (batch, 1)
        Labels 0 or 1; drawn on the output.
    limit : float
        Both inputs are drawn from -limit to limit.
    """
    names = [layer.activation for layer in models[0].layers if isinstance(layer, nn.Activation)]
    units = [shape[0] for shape in models[0].output_shapes[1::2]]
    figure, grid = new_figure(
        len(models), sum(units), size=(1.35, 1.45), sharex=True, sharey=True, squeeze=False
    )
    for line, model, title in zip(grid, models, titles, strict=True):
        outputs = unit_outputs(model, plane(limit, 64))
        columns = [
            (layer, unit, signed(values, name)[:, unit].reshape(64, 64))
            for layer, (values, name) in enumerate(zip(outputs, names, strict=True), 1)
            for unit in range(values.shape[1])
        ]
        for axes, (layer, unit, values) in zip(line, columns, strict=True):
            draw_surface(axes, values, (-limit, limit, -limit, limit))
            axes.set(xticks=[], yticks=[])
            is_output = layer == len(units)
            axes.set_title("output" if is_output else f"{layer}.{unit + 1}", fontsize=9)
            if is_output:
                draw_classes(axes, x, y, size=4)
        line[0].set_ylabel(title, fontsize=9)
    return describe(
        figure,
        f"What each unit puts out over the plane of the inputs, layer by layer, at "
        f"{len(models)} moments: {', '.join(titles)}. Units of the first layer show one straight "
        "edge each; later layers and the output combine them into bent boundaries.",
    )
