"""Figures of lesson 03: activation functions, and regions that step units cut out of the plane."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlcourse import nn
from dlcourse.figures.plane import unit_outputs
from dlcourse.figures.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.figures.surface import draw_classes, draw_surface
from dlcourse.nn.contract import Array

Box = tuple[float, float, float, float]  # left, right, bottom, top
Answer = Callable[[Array], Array]  # from inputs, shape (batch, inputs), to one number each


def activation_shapes(names: Sequence[str], limit: float = 4.0) -> Figure:
    """Draw activation functions, one small picture each.

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
        axes.axhline(0, color=GREY, lw=0.6)
        axes.axvline(0, color=GREY, lw=0.6)
        axes.plot(z, nn.activations.get_activation(name).forward(z), color=BLUE, lw=2.2)
        axes.set(ylim=(-1.3, 2.3), xticks=[-limit, 0, limit])
        label(axes, "$z$", "", name)
    grid[0, 0].set_ylabel("$a$")
    return describe(
        figure,
        f"The functions {', '.join(names)} from z = {-limit:g} to {limit:g}. The step jumps from 0 "
        "to 1 at z = 0; sigmoid and tanh rise smoothly and level off on both sides; ReLU is 0 on "
        "the left and rises like z on the right; leaky ReLU keeps a small slope on the left.",
    )


def answer_on(answer: Answer, box: Box, side: int = 300) -> NDArray[np.bool_]:
    """Return where a network answers 1, shape (side, side), from the upper left corner."""
    across, up = np.meshgrid(np.linspace(*box[:2], side), np.linspace(*box[2:], side)[::-1])
    inside = np.ravel(answer(np.column_stack([across.ravel(), up.ravel()]))) > 0.5
    return inside.reshape(side, side)


def draw_lines(
    axes: Axes, weights: Array, biases: Array, box: Box, color: str = GREY, lw: float = 0.9
) -> None:
    """Draw the line on which the sum of each unit is zero.

    Parameters
    ----------
    axes : Axes
    weights, biases : Array, shapes (2, units) and (units,)
    box : tuple of float
        Left, right, bottom and top; lines end there.
    color, lw : str, float
        Of the lines.
    """
    for (w1, w2), b in zip(np.transpose(weights), biases, strict=True):
        if w1 or w2:
            nearest = -b * np.array([w1, w2]) / (w1**2 + w2**2)
            beside = nearest + np.array([-w2, w1])
            axes.axline(nearest, beside, color=color, lw=lw)
    axes.set(xlim=box[:2], ylim=box[2:])


def regions(
    answers: dict[str, Answer],
    box: Box,
    lines: Sequence[tuple[Array, Array] | None] = (),
    size: tuple[float, float] = (3.0, 3.0),
    columns: int | None = None,
) -> Figure:
    """Shade where networks with two inputs answer 1, one picture each.

    Parameters
    ----------
    answers : dict
        A title for each network.
    box : tuple of float
        Left, right, bottom and top.
    lines : sequence of (weights, biases) or None
        For each network the first hidden layer, whose lines are drawn; shapes (2, units), (units,).
    size : tuple of float
        Of one picture, in inches.
    columns : int, optional
        How many pictures stand side by side; all, if not given.
    """
    columns = columns or len(answers)
    rows = -(-len(answers) // columns)
    figure, grid = new_figure(rows, columns, size=size, sharey=True, squeeze=False)
    said = []
    for number, (axes, (title, answer)) in enumerate(zip(grid.flat, answers.items(), strict=True)):
        inside = answer_on(answer, box)
        draw_surface(axes, np.where(inside, 1.0, -1.0), box, sharp=True)
        if number < len(lines) and (units := lines[number]) is not None:
            draw_lines(axes, *units, box)
        axes.set_aspect("equal")
        label(axes, "$x_1$", "", title)
        pieces = count_pieces(inside)
        said.append(
            f"{title[0].upper()}{title[1:]}: {inside.mean():.0%} of the plane, in {pieces} "
            f"{'piece' if pieces == 1 else 'separate pieces'}"
        )
    for first in grid[:, 0]:
        first.set_ylabel("$x_2$")
    return describe(figure, f"Regions of the plane. {'; '.join(said)}.")


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


def stages(model: nn.Sequential, box: Box) -> Figure:
    """Draw how a network of step units makes its region: a side, a piece, pieces, the answer.

    Parameters
    ----------
    model : nn.Sequential
        Two hidden layers of step units; the pieces that the output adds come first.
    box : tuple of float
        Left, right, bottom and top.
    """
    weights, biases, joins, _, output, _ = model.get_weights()
    first = int(joins[:, 0].sum())  # sides of the first piece
    added = int((output > 0).sum())
    of_added = int(joins[:, :added].sum())

    def side(x: Array) -> Array:
        return unit_outputs(model, x)[0][:, 1]

    def piece(x: Array) -> Array:
        return unit_outputs(model, x)[1][:, 0]

    def together(x: Array) -> Array:
        return np.asarray(unit_outputs(model, x)[1][:, :added].max(axis=1))

    shown = {
        "one unit": (side, slice(1, 2)),
        f"AND of {first}": (piece, slice(first)),
        f"OR of {added} ANDs": (together, slice(of_added)),
        f"and {output.size - added} NOTs": (lambda x: model.predict(x, len(x)), slice(None)),
    }
    return regions(
        {title: answer for title, (answer, _) in shown.items()},
        box,
        [(weights[:, used], biases[used]) for _, used in shown.values()],
        columns=2,
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
    function: Callable[[Array], Array], networks: dict[str, Answer], points: int = 801
) -> Figure:
    """Draw a function on [0, 1] and networks that approximate it, one picture each.

    Parameters
    ----------
    function : callable
        Of an array, entry by entry.
    networks : dict
        A name for each network, a function of inputs (batch, 1).
    points : int
        How many points are drawn.
    """
    x = np.linspace(0, 1, points)
    figure, grid = new_figure(1, len(networks), size=(2.9, 2.4), sharey=True, squeeze=False)
    for axes, (name, network) in zip(grid.flat, networks.items(), strict=True):
        axes.plot(x, function(x), color=ORANGE, lw=4, alpha=0.7, label="function")
        axes.plot(x, np.ravel(network(x[:, np.newaxis])), color=BLUE, label="network")
        label(axes, "$x$", "", name)
    grid[0, 0].set_ylabel("value")
    grid[0, 0].legend(fontsize=9)
    return describe(
        figure,
        f"A curve on the interval from 0 to 1, and the staircases of {len(networks)} networks "
        f"({', '.join(networks)}): the more bumps, the closer the staircase follows the curve.",
    )
