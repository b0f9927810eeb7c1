"""Figures of lesson 02: the perceptron, its decision line, its updates and their bound.

Weights have the bias as their last entry. Labels are -1 (orange discs) and +1 (blue
squares).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
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

AGAINST_FOR = LinearSegmentedColormap.from_list("against, for", [ORANGE, "white", BLUE])
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
    axes.text(5.35, 2.15, "score $z$", fontsize=11)
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
        "meet in a sum, the score z; a threshold turns the score into an output of +1 or -1.",
    )


def _unit(axes: Axes, centre: tuple[float, float], text: str, fill: str) -> None:
    axes.add_patch(Circle(centre, 0.45, facecolor=fill, edgecolor=BLACK, lw=1.4))
    axes.text(*centre, text, ha="center", va="center", fontsize=14)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=12, lw=1.2, color=BLACK)
    )


def digits_read(images: Array, answers: Array, digits: Array, *, columns: int = 12) -> Figure:
    """Draw images with what a machine answered; a wrong answer is red, with the right one.

    Parameters
    ----------
    images : Array, shape (samples, 8, 8, 1)
    answers, digits : Array of int, shape (samples,)
        What was answered, and what is right.
    columns : int
        Images side by side.
    """
    rows = -(-len(images) // columns)
    figure, grid = new_figure(rows, columns, size=(0.72, 0.95), squeeze=False)
    for axes, image, answer, digit in zip(grid.flat, images, answers, digits, strict=False):
        axes.imshow(image[..., 0], cmap="Greys", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        right = answer == digit
        said = f"{answer}" if right else f"{answer}, not {digit}"
        axes.set_title(said, fontsize=9, color=BLACK if right else RED)
        for spine in axes.spines.values():
            spine.set(visible=True, color=GREY if right else RED, lw=0.8 if right else 2.5)
    for axes in list(grid.flat)[len(images) :]:
        axes.remove()
    wrong = int(np.sum(answers != digits))
    return describe(
        figure,
        f"{len(images)} handwritten digits, each with the machine's answer above it: "
        f"{', '.join(map(str, answers))}. {wrong or 'None'} of them wrong, in a red frame.",
    )


def templates(weights: Array) -> Figure:
    """Draw the weights of ten perceptrons as images: blue speaks for the digit, orange against.

    Parameters
    ----------
    weights : Array, shape (65, 10)
        A column for each digit; the last row, the biases, is not drawn.
    """
    figure, grid = new_figure(2, 5, size=(1.25, 1.4))
    for digit, axes in enumerate(grid.flat):
        image = weights[:-1, digit].reshape(8, 8)
        top = np.abs(image).max()
        axes.imshow(image, cmap=AGAINST_FOR, vmin=-top, vmax=top)
        axes.set(xticks=[], yticks=[])
        axes.set_title(f"{digit}", fontsize=11)
    return describe(
        figure,
        "The 64 weights of each of the ten perceptrons as an image of 8 by 8. Blue is a positive "
        "weight, orange a negative one. The 0 has orange in its middle, where a zero has no ink.",
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


def line_geometry() -> Figure:
    """Draw the line 3 x1 + 4 x2 - 10 = 0, its weights as an arrow, and two distances."""
    weights = np.array([3.0, 4.0, -10.0])
    figure, axes = new_figure(size=(5.6, 4.6))
    axes.set(xlim=(-1, 6), ylim=(-1, 4.6), aspect="equal")
    draw_line(axes, weights)
    axes.add_patch(  # from a point on the line, 0.3 of the weights long
        FancyArrowPatch(
            (0.4, 2.2), (1.3, 3.4), arrowstyle="-|>", mutation_scale=16, lw=2.2, color=BLUE
        )
    )
    axes.annotate("$w = (3, 4)$", (1.4, 3.25), color=BLUE, fontsize=12)
    for point, name, shift in (
        ((4, 2), "(4, 2): $z = 10$", (0.12, 0.12)),
        ((0, 0), "(0, 0): $z = -10$", (0.15, -0.4)),
        ((2, 1), "(2, 1): $z = 0$", (-1.34, -0.36)),
    ):
        score = weights[:2] @ point + weights[2]
        foot = np.array(point) - score / 25 * weights[:2]
        axes.plot(*zip(point, foot, strict=True), ":", color=BLACK, lw=1.6)
        axes.plot(*point, "o", color=BLACK, ms=6, zorder=4)
        axes.annotate(name, np.add(point, shift), fontsize=11)
        if score:
            axes.annotate("2", (np.array(point) + foot) / 2 + [-0.3, 0.05], fontsize=11, color=RED)
    axes.text(4.6, 4.1, "answer +1", color=BLUE, fontsize=11)
    axes.text(-0.85, -0.75, "answer -1", color=RED, fontsize=11)
    label(axes, "$x_1$", "$x_2$", "$3 x_1 + 4 x_2 - 10 = 0$")
    return describe(
        figure,
        "The line 3 x1 + 4 x2 - 10 = 0 falls from the upper left to the lower right. An arrow, the "
        "weights (3, 4) drawn shorter, stands on it at a right angle and points to the side of the "
        "answer +1. The point (4, 2) lies 2 from the line on that side, the origin 2 from it on "
        "the other side, and (2, 1) on the line.",
    )


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


def two_lines(x: Array, y: Array, own: Array, widest: Array, *, names: Sequence[str]) -> Figure:
    """Draw points, the line that a perceptron stopped at, and the widest one.

    Parameters
    ----------
    x : Array, shape (samples, 2)
    y : Array, shape (samples,)
        Labels, -1 or +1.
    own, widest : Array, shape (3,)
        Weights, the bias last.
    names : sequence of str
        What the two axes show, with units.
    """
    figure, axes = new_figure(size=(6.4, 3.6))
    _frame(axes, x)
    limits = axes.get_xlim(), axes.get_ylim()
    draw_points(axes, x, y)
    across = np.array(limits[0])
    for weights, style, name in ((own, "-", "the perceptron's"), (widest, "--", "the widest")):
        axes.plot(across, -(weights[0] * across + weights[2]) / weights[1], style, color=BLACK)
        axes.lines[-1].set_label(name)
    axes.set(xlim=limits[0], ylim=limits[1])
    label(axes, *names)
    figure.legend(loc="outside right upper")
    return describe(
        figure,
        "The flowers of both species and two lines between them. Both make no mistake. The dashed "
        "one keeps the same distance from both species, the perceptron's own passes close to one.",
    )


def wrong_after_epochs(wrong: Array, names: Sequence[str]) -> Figure:
    """Draw how many answers are wrong after each epoch, one curve per row.

    Parameters
    ----------
    wrong : Array, shape (curves, epochs)
    names : sequence of str
        One per curve.
    """
    figure, axes = new_figure(size=(6.8, 3.2))
    for row, name, color, style in zip(wrong, names, CYCLE, ("-", "--", ":"), strict=False):
        axes.plot(np.arange(1, len(row) + 1), row, style, color=color, lw=1.6, label=name)
    label(axes, "epochs", "wrong answers")
    axes.legend(loc="upper right", framealpha=1)
    return describe(
        figure,
        f"Wrong answers after each of {wrong.shape[1]} epochs. {names[0]}: between "
        f"{wrong[0].min()} and {wrong[0].max()}, up and down to the end. {names[-1]}: falls to "
        f"{wrong[-1].min()} and never rises.",
    )
