"""Figures of lesson 02: the perceptron, its decision line, its updates and their bound.

Weights have the bias as their last entry. Labels are -1 (orange discs) and +1 (blue
squares).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
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
from dlcourse.nn.perceptron import PerceptronUpdate
from dlcourse.tables import Table

NEITHER = "#EEEEEE"  # of a plane where every score is zero


def perceptron_diagram() -> Figure:
    """Draw the parts of a perceptron: inputs, weights, sum, threshold, output."""
    figure, axes = new_figure(size=(7.2, 2.9))
    axes.set(xlim=(0, 10), ylim=(0, 4), aspect="equal")
    axes.axis("off")
    for name, weight, height in [("$x_1$", "$w_1$", 3.3), ("$x_2$", "$w_2$", 2), ("1", "$b$", 0.7)]:
        _unit(axes, (1, height), name, "white")
        _arrow(axes, (1.45, height), (4.25, 2 + 0.25 * (height - 2)))
        axes.text(2.6, 2 + 0.68 * (height - 2) + 0.12, weight, fontsize=13, color=BLUE)
    _unit(axes, (4.7, 2), r"$\Sigma$", "#DCEBF5")
    _arrow(axes, (5.15, 2), (6.55, 2))
    axes.text(5.35, 2.15, "score $s$", fontsize=11)
    _unit(axes, (7, 2), "", "#FBEBCB")
    axes.plot([6.72, 7, 7, 7.28], [1.82, 1.82, 2.2, 2.2], color=BLACK, lw=2)
    _arrow(axes, (7.45, 2), (8.75, 2))
    axes.text(8.85, 1.9, r"$\hat y = \pm 1$", fontsize=13)
    axes.text(1, 3.95, "inputs", ha="center", fontsize=10, color=GREY)
    axes.text(4.7, 2.65, "weighted sum", ha="center", fontsize=10, color=GREY)
    axes.text(7, 2.65, "threshold", ha="center", fontsize=10, color=GREY)
    return describe(
        figure,
        "A perceptron: inputs x1, x2 and a constant 1, each multiplied by its weight w1, w2 or b, "
        "meet in a sum, the score s; a threshold turns the score into an output of +1 or -1.",
    )


def _unit(axes: Axes, centre: tuple[float, float], text: str, fill: str) -> None:
    axes.add_patch(Circle(centre, 0.45, facecolor=fill, edgecolor=BLACK, lw=1.4))
    axes.text(*centre, text, ha="center", va="center", fontsize=14)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, lw=1.2, color=BLACK)
    )


def draw_points(axes: Axes, x: Array, y: Array) -> None:
    """Draw points, shape (batch, 2), with a colour and a shape for each label."""
    for value, (color, marker) in {-1: NEGATIVE, 1: POSITIVE}.items():
        chosen = x[y == value]
        axes.scatter(
            chosen[:, 0],
            chosen[:, 1],
            s=46,
            c=color,
            marker=marker,
            edgecolors="white",
            lw=0.8,
            zorder=3,
            label=f"{value:+d}",
        )


def draw_line(axes: Axes, weights: Array) -> None:
    """Shade the side that is answered with +1, and draw the line where the score is zero.

    It is drawn across the present limits of the axes. With weights (0, 0, b), or with the
    line outside the limits, one answer covers the plane. Where all weights are zero, so is
    every score: that is no answer, and the plane is grey.
    """
    if not np.any(weights):
        axes.axvspan(*axes.get_xlim(), color=NEITHER, lw=0, zorder=0)
        return
    corners_x, corners_y = np.meshgrid(axes.get_xlim(), axes.get_ylim())
    score = weights[0] * corners_x + weights[1] * corners_y + weights[2]
    axes.contourf(  # linear between the corners, as the score is
        corners_x,
        corners_y,
        score,
        levels=[-np.inf, np.finfo(float).tiny, np.inf],
        colors=["#FDF3E0", "#E3EFF7"],
        zorder=0,
    )
    if score.min() < 0 < score.max():
        axes.contour(
            corners_x, corners_y, score, levels=[0], colors=BLACK, linewidths=1.6, zorder=2
        )


def decision_line(
    x: Array,
    y: Array,
    weights: Array,
    *,
    names: Sequence[str] = ("$x_1$", "$x_2$"),
    title: str = "",
) -> Figure:
    """Draw points and the line that a perceptron puts between them.

    Parameters
    ----------
    x : Array, shape (batch, 2)
    y : Array, shape (batch,)
        Labels, -1 or +1.
    weights : Array, shape (3,)
        The last one is the bias.
    names : sequence of str
        What the two axes show, with units.
    title : str
        The point of the figure.
    """
    figure, axes = new_figure()
    _frame(axes, x)
    draw_line(axes, weights)
    draw_points(axes, x, y)
    label(axes, names[0], names[1], title)
    axes.legend(title="label", loc="best", framealpha=1)
    return describe(
        figure,
        f"{np.sum(y < 0)} points with label -1 and {np.sum(y > 0)} with label +1, by {names[0]} "
        f"and {names[1]}, and the line where the score is zero; {_separation(x, y, weights)}",
    )


def _separation(x: Array, y: Array, weights: Array) -> str:
    wrong = int(np.sum(y * (x @ weights[:-1] + weights[-1]) <= 0))
    return f"{wrong or 'no'} points are on the wrong side."


def _frame(axes: Axes, x: Array) -> None:
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.25 * (high - low)
    axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
    axes.set_ylim(low[1] - margin[1], high[1] + margin[1])


def update_table(updates: Sequence[PerceptronUpdate]) -> Table:
    """List updates with all numbers that went into them, one row each.

    Examples
    --------
    >>> from dlcourse.nn import perceptron_updates
    >>> update_table(list(perceptron_updates([[0.0, 2.0]], [-1])))
    epoch  example  x           y  score  w before   w after
    -----  -------  ---------  --  -----  ---------  -----------
        1        0  (0, 2, 1)  -1      0  (0, 0, 0)  (0, -2, -1)
    """
    return Table(
        ["epoch", "example", "x", "y", "score", "w before", "w after"],
        (
            [
                *(u.epoch, u.index, vector([*u.x, 1]), f"{u.y:+d}", f"{u.score:.4g}"),
                *(vector(u.weights_before), vector(u.weights_after)),
            ]
            for u in updates
        ),
    )


def vector(values: Iterable[float]) -> str:
    """Write a vector with as few digits as it needs, at most four.

    Examples
    --------
    >>> vector([1.0, -0.5, 2 / 3])
    '(1, -0.5, 0.6667)'
    """
    return "(" + ", ".join(f"{value:.4g}" for value in values) + ")"


def update_frames(
    x: Array, y: Array, updates: Sequence[PerceptronUpdate], *, columns: int = 4
) -> Figure:
    """Draw the decision line after each of some updates, one small picture each.

    Parameters
    ----------
    x : Array, shape (batch, 2)
    y : Array, shape (batch,)
    updates : sequence of PerceptronUpdate
        The ones to draw, in order.
    columns : int
        Pictures side by side.
    """
    rows = -(-len(updates) // columns)
    figure, grid = new_figure(rows, columns, size=(2.3, 2.2), squeeze=False)
    for axes, update in zip(grid.flat, updates, strict=False):
        _frame(axes, x)
        draw_line(axes, update.weights_after)
        draw_points(axes, x, y)
        axes.scatter(*update.x, s=190, facecolors="none", edgecolors=RED, lw=1.8, zorder=4)
        axes.set_title(
            f"epoch {update.epoch}: w = {vector(update.weights_after)}", fontsize=9, loc="left"
        )
        axes.set(xticks=[], yticks=[])
    for axes in list(grid.flat)[len(updates) :]:
        axes.remove()
    at_the_end = _separation(x, y, updates[-1].weights_after)
    return describe(
        figure,
        f"The decision line after each of {len(updates)} updates; it jumps from one to the next. "
        f"A ring marks the example of the update. At the end, {at_the_end}",
    )


def norm_squeeze(updates: Sequence[PerceptronUpdate], margin: float, radius: float) -> Figure:
    """Draw the two bounds of Novikoff's proof and the length of the weights between them.

    Parameters
    ----------
    updates : sequence of PerceptronUpdate
        All updates from zero weights.
    margin : float
        gamma, of some weights of length 1 that separate the data.
    radius : float
        R, the length of the longest example, its constant 1 included.
    """
    lengths = [float(np.linalg.norm(update.weights_after)) for update in updates]
    counts = np.arange(1, len(updates) + 1)
    figure, axes = new_figure(size=(5.4, 3.6))
    axes.plot(counts, radius * np.sqrt(counts), "--", color=ORANGE, label=r"at most $R\sqrt{k}$")
    axes.plot(counts, lengths, "o-", color=BLUE, label=r"measured $\|w_k\|$")
    axes.plot(counts, margin * counts, ":", color=GREEN, lw=2.2, label=r"at least $\gamma k$")
    label(axes, "updates so far, $k$", "length of the weights (input units)")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend()
    return describe(
        figure,
        f"Length of the weights after each of {len(updates)} updates. It stays below R times the "
        "square root of k and above gamma times k, as the proof says it must.",
    )


def weight_cycle(updates: Sequence[PerceptronUpdate], names: Sequence[str]) -> Figure:
    """Draw every weight after every update, one row per weight.

    Parameters
    ----------
    updates : sequence of PerceptronUpdate
    names : sequence of str
        One name per weight.
    """
    weights = np.array([updates[0].weights_before, *(u.weights_after for u in updates)])
    figure, grid = new_figure(len(names), size=(6.4, 1.25), sharex=True, sharey=True, squeeze=False)
    ends = [n for n, (u, after) in enumerate(pairwise(updates), 1) if after.epoch != u.epoch]
    for axes, column, name, color in zip(grid.flat, weights.T, names, CYCLE, strict=False):
        axes.step(range(len(column)), column, where="post", color=color, lw=2)
        for end in [*ends, len(updates)]:
            axes.axvline(end, color=GREY, lw=0.8, zorder=0)
        label(axes, "", name)
    grid[0, 0].set_title("Every epoch ends where it began", loc="left", fontsize=11)
    grid[-1, 0].set_xlabel("updates; a grey line ends an epoch")
    return describe(
        figure,
        f"The three weights over {len(updates)} updates on XOR, one above the other. They jump by "
        "one, up and down, and all are back at zero at the end of every epoch.",
    )


def mistakes_against_bound(mistakes: Array, bounds: Array) -> Figure:
    """Draw measured mistakes against Novikoff's bound, one dot per data set, on log axes.

    Parameters
    ----------
    mistakes, bounds : Array, shape (datasets,)
    """
    figure, axes = new_figure()
    axes.loglog(bounds, mistakes, "o", color=BLUE, alpha=0.55, ms=4.5, mec="none")
    ends = np.array([mistakes.min(), bounds.max()])
    axes.plot(ends, ends, "--", color=ORANGE, label="mistakes = bound")
    label(axes, r"bound $(R/\gamma)^2$ (mistakes)", "mistakes made", f"{len(mistakes)} data sets")
    axes.legend(loc="upper left")
    return describe(
        figure,
        f"Mistakes made against the bound on {len(mistakes)} random separable data sets, both on "
        "logarithmic axes. Every dot lies below the line on which the two are equal.",
    )
