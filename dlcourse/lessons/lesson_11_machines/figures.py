"""Figures of lesson 11: regions, a street, three points, clusters, curves of data needed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from sklearn.svm import SVC

from dlcourse import datasets
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

Labels = NDArray[Any]
Predict = Callable[[Array], Labels]
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
MARKS = ("o", "s", "^", "D", "v", "X")


def box_of(x: Array) -> tuple[float, float, float, float]:
    """Return (left, right, bottom, top) of a box with room around all points."""
    low, high = x.min(axis=0), x.max(axis=0)
    room = 0.1 * (high - low)
    left, bottom = low - room
    right, top = high + room
    return float(left), float(right), float(bottom), float(top)


def answers_on(box: tuple[float, float, float, float], predict: Predict, side: int = 81) -> Array:
    """Return what a machine answers on a grid over a box, the lowest row first."""
    across, up = np.meshgrid(np.linspace(*box[:2], side), np.linspace(*box[2:], side))
    return np.asarray(predict(np.column_stack([across.ravel(), up.ravel()]))).reshape(side, side)


def draw_region(axes: Axes, box: tuple[float, float, float, float], answers: Array) -> list[Any]:
    """Colour where a machine answers 0 (orange) and 1 (blue); return what was drawn."""
    across, up = np.linspace(*box[:2], len(answers)), np.linspace(*box[2:], len(answers))
    drawn: list[Any] = [
        axes.contourf(across, up, answers, [-0.5, 0.5, 1.5], colors=[ORANGE, BLUE], alpha=0.22)
    ]
    if answers.min() < answers.max():
        drawn.append(axes.contour(across, up, answers, [0.5], colors=BLACK, linewidths=1))
    axes.set(xlim=box[:2], ylim=box[2:])
    return drawn


def draw_points(axes: Axes, x: Array, y: Labels, size: float = 14) -> None:
    """Draw points of class 0 (orange, round) and of class 1 (blue, square)."""
    for value, (color, mark) in enumerate((NEGATIVE, POSITIVE)):
        axes.scatter(
            x[y == value, 0],
            x[y == value, 1],
            s=size,
            c=color,
            marker=mark,
            edgecolors="white",
            lw=0.4,
        )


def gallery(
    known: tuple[Array, Labels], new: tuple[Array, Labels], machines: Mapping[str, Any]
) -> Figure:
    """Draw what each machine answers everywhere, after it has learned from the same points.

    Parameters
    ----------
    known, new : (array of shape (batch, 2), labels 0 and 1)
        What they learn from, which is drawn, and what they are tested on, which is not.
    machines : dict
        Machines with fit and predict, by name.
    """
    columns = 4
    rows = -(-len(machines) // columns)
    figure, grid = new_figure(
        rows, columns, size=(2.5, 2.3), squeeze=False, sharex=True, sharey=True
    )
    box, told = box_of(known[0]), []
    for axes, (name, machine) in zip(grid.flat, machines.items(), strict=False):
        machine.fit(*known)
        draw_region(axes, box, answers_on(box, machine.predict, 121))
        draw_points(axes, *known, size=8)
        wrong = np.mean(machine.predict(new[0]) != new[1])
        axes.set_title(f"{name}: {100 * wrong:.0f} % wrong", loc="left", fontsize=9.5)
        told.append(f"{name} {100 * wrong:.0f} %")
    for axes in grid[-1]:
        axes.set_xlabel("feature $x_1$")
    for axes in grid[:, 0]:
        axes.set_ylabel("feature $x_2$")
    return describe(
        figure,
        "Two crescents of points, orange and blue, and the regions in which each machine answers "
        f"so. Wrong on {len(new[1])} new points: {', '.join(told)}.",
    )


def three_points(
    x: Array, y: Array, line: tuple[float, float], rounds: Mapping[int, Array]
) -> Figure:
    """Draw a least-squares line through points, and boosting's steps through the same points.

    Parameters
    ----------
    x, y : array, shape (n,)
    line : (slope, intercept)
    rounds : dict of arrays, shape (n,)
        Under some numbers of rounds what boosting predicts for the points after them.
    """
    figure, (left, right) = new_figure(1, 2, size=(3.9, 3.0), sharey=True)
    room = np.array([x.min() - 0.3, x.max() + 0.3])
    left.plot(room, line[0] * room + line[1], color=BLUE, lw=2, label="least-squares line")
    left.vlines(x, y, line[0] * x + line[1], color=RED, lw=2, label="errors")
    edges = np.concatenate([[room[0]], (x[1:] + x[:-1]) / 2, [room[1]]])
    for place, (number, values) in enumerate(rounds.items()):
        right.stairs(
            values, edges, baseline=None, color=CYCLE[place % len(CYCLE)],
            linestyle=STYLES[place % len(STYLES)], lw=2,
            label=f"after {number} round{'' if number == 1 else 's'}",
        )  # fmt: skip
    for axes, title in ((left, "One line"), (right, "Boosting: step by step")):
        axes.plot(x, y, "o", color=BLACK, ms=8, zorder=5)
        label(axes, "$x$", "", title)
        axes.legend(fontsize=9, loc="upper left")
    left.set_ylabel("$y$")
    left.set_ylim(y.min() - 1, y.max() + 2.5)
    last = max(rounds)
    ends = ", ".join(f"{value:.2f}" for value in rounds[last])
    return describe(
        figure,
        f"Three points. Left, the line {line[0]:g} x + {line[1]:g} with its errors. Right, "
        f"boosting's stairs; after {last} rounds they stand at {ends}.",
    )


def streets(
    panels: Sequence[tuple[str, Array, Labels, Callable[[Array], Array], Array]],
) -> Figure:
    """Draw what support vector machines find: border, edges of the street, support vectors.

    Parameters
    ----------
    panels : sequence of (title, x, y, decide, support)
        Points with labels 0 and 1; `decide` gives 0 on the border, -1 and 1 on the edges; the
        support vectors get a ring.
    """
    figure, grid = new_figure(1, len(panels), size=(3.9, 3.3), squeeze=False)
    told = []
    for axes, (title, x, y, decide, support) in zip(grid.flat, panels, strict=True):
        box = box_of(x)
        height = answers_on(box, decide, 121)
        draw_region(axes, box, (height > 0).astype(float))
        across, up = np.linspace(*box[:2], 121), np.linspace(*box[2:], 121)
        axes.contour(across, up, height, [-1, 1], colors=BLACK, linestyles="dashed", linewidths=1)
        draw_points(axes, x, y, 26)
        axes.scatter(*support.T, s=110, facecolors="none", edgecolors=BLACK, lw=1.4)
        label(axes, "$x_1$", "$x_2$", title)
        told.append(f"{title}: {len(support)} of {len(x)} points are support vectors")
    ring = Line2D([], [], color=BLACK, marker="o", ms=10, mfc="none", mew=1.4, ls="none")
    ring.set_label("support vectors")
    figure.legend(
        handles=[
            Line2D([], [], color=BLACK, lw=1, label="border"),
            Line2D([], [], color=BLACK, lw=1, ls="--", label="edges of the street"),
            ring,
        ],
        loc="outside lower center",
        ncols=3,
        fontsize=10,
        frameon=False,
    )
    return describe(
        figure,
        "Points of two classes, the border between them, and dashed the lines where f is -1 and 1, "
        f"the edges of the street; rings mark support vectors. {'; '.join(told)}.",
    )


def two_streets() -> Figure:
    """Draw the street between two clouds, and what the kernel of a bell finds for XOR."""
    x, y = datasets.xor(80, np.random.default_rng(1), 0.2)
    two = y == 0  # two of the four clouds
    panels = []
    for title, a, b, machine in (
        ("A street", x[two], (x[two][:, 0] > 0.5).astype(int), SVC(kernel="linear", C=1000)),
        ("XOR, with the kernel of a bell", x, y, SVC()),
    ):
        machine.fit(a, b)
        panels.append((title, a, b, machine.decision_function, machine.support_vectors_))
    return streets(panels)


def centres(images: Array, names: Sequence[str]) -> Figure:
    """Draw centres of clusters as images of 8 x 8 grey values, each under its name."""
    figure, grid = new_figure(1, len(images), size=(0.82, 1.15), squeeze=False)
    for axes, image, name in zip(grid.flat, images, names, strict=True):
        axes.imshow(image.reshape(8, 8), cmap="Greys", vmin=0, vmax=1)
        axes.set_title(name, fontsize=9)
        axes.axis("off")
    return describe(
        figure,
        f"{len(images)} blurred digits, the centres of clusters that were found without labels; "
        f"most digits near them are {', '.join(names)}.",
    )


def curves(
    sizes: Sequence[int], right: Mapping[str, Sequence[Sequence[float]]], unit: str
) -> Figure:
    """Draw the share of right answers over the number of examples, a line for each machine.

    Parameters
    ----------
    sizes : sequence of int
    right : dict
        For each machine and size the shares of each seed: lines are means, bands reach from the
        lowest to the highest.
    unit : str
        What the examples are.
    """
    figure, axes = new_figure(size=(7.0, 4.0))
    told = []
    for number, (name, runs) in enumerate(right.items()):
        values = 100 * np.array(runs, dtype=float)
        middle = values.mean(axis=1)
        color = CYCLE[number % len(CYCLE)]
        axes.plot(
            sizes, middle, color=color, linestyle=STYLES[number % len(STYLES)],
            marker=MARKS[number % len(MARKS)], ms=5, label=name,
        )  # fmt: skip
        axes.fill_between(sizes, values.min(axis=1), values.max(axis=1), color=color, alpha=0.12)
        told.append(f"{name} {middle[0]:.0f} to {middle[-1]:.0f} %")
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    label(axes, f"{unit} to learn from", "right answers on new ones, %")
    axes.legend(fontsize=9, loc="lower right")
    return describe(
        figure,
        f"Right answers over the number of {unit}, {sizes[0]} to {sizes[-1]}: {'; '.join(told)}.",
    )


def one_class(x: Array, score: Array, ordinary: Array) -> Figure:
    """Draw a one-class machine's score along a line, its border, and what it learned from."""
    figure, axes = new_figure(size=(5.6, 2.8))
    axes.plot(x, score, color=BLUE, lw=2, label="score")
    axes.axhline(0, color=BLACK, lw=1, ls="--", label="border")
    axes.fill_between(x, 0, score, where=score >= 0, color=GREEN, alpha=0.3, label="ordinary")
    axes.plot(ordinary, np.zeros_like(ordinary), "s", color=BLUE, ms=9, label="learned from")
    label(axes, "$x$", "score")
    axes.legend(fontsize=9)
    top = int(np.argmax(score))
    return describe(
        figure,
        f"The score of a one-class machine over x, from {x[0]:g} to {x[-1]:g}: one hill, "
        f"{score[top]:.3f} high at {x[top]:.1f}, that falls to {score[0]:.2f} on the left and "
        f"{score[-1]:.2f} on the right. A dashed line at 0 is the border; squares on it are what "
        f"it learned from, {' and '.join(f'{at:g}' for at in ordinary)}. Between them the hill is "
        "above the border and filled: ordinary.",
    )


def neighbours_error(
    sizes: Sequence[int], errors: Sequence[Sequence[float]], bayes: float, limit: float
) -> Figure:
    """Draw the error of the nearest neighbour over the examples kept, with its limits.

    Parameters
    ----------
    sizes : sequence of int
    errors : sequence of sequences
        For each size the shares of errors, one per seed.
    bayes, limit : float
        The least error that any machine can have, and the neighbour's with endlessly many.
    """
    figure, axes = new_figure(size=(6.6, 3.6))
    for seed in range(len(errors[0])):
        axes.semilogx(
            sizes, [100 * row[seed] for row in errors], "o-", color=BLUE, ms=4, lw=0.8,
            label="nearest neighbour, one line per seed" if seed == 0 else None,
        )  # fmt: skip
    lines = (
        (2 * bayes, RED, ":", "twice the least: Cover and Hart's bound"),
        (limit, ORANGE, "--", "its limit"),
        (bayes, GREY, "-", "the least error of all machines"),
    )
    for height, color, style, name in lines:
        axes.axhline(100 * height, color=color, ls=style, lw=2, label=name)
    axes.set_ylim(0, 45)
    label(axes, "examples kept", "wrong answers on new ones, %")
    axes.legend(fontsize=9, loc="lower right")
    return describe(
        figure,
        f"Errors of the nearest neighbour with {sizes[0]} to {sizes[-1]} examples: the seeds come "
        f"together at {100 * limit:.1f} %, under the bound of {200 * bayes:.1f} % and above the "
        f"least, {100 * bayes:.1f} %.",
    )
