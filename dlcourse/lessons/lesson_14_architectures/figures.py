"""Figures of lesson 14: what a detector finds, four ideas as drawings, sizes, depths, grids."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SKY,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons.lesson_14_architectures.drawings import KINDS, Boxes, Drawings
from dlcourse.lessons.lesson_14_architectures.rectangles import Found, average_precision
from dlcourse.nn.contract import Array

LOOKS = ((BLUE, "-"), (ORANGE, "--"), (GREEN, "-."))  # colour and line of each kind
STYLES = ("-", "--", "-.")
LETTERS = 10  # points


def picture(axes: Axes, image: Array, cells: int = 0) -> None:
    """Draw an image, dark on light, with the lines of a grid if there are cells."""
    size = len(image)
    axes.imshow(
        image[..., 0], cmap="gray_r", vmin=-0.1, vmax=1.6, extent=(0, size, size, 0)
    )  # so light that coloured lines are seen on it
    axes.set(xlim=(0, size), ylim=(size, 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    for at in range(1, cells):
        axes.axhline(at * size / cells, color=GREY, lw=0.5)
        axes.axvline(at * size / cells, color=GREY, lw=0.5)


def outline(axes: Axes, box: Boxes, **options: Any) -> Rectangle:
    """Draw a box as a frame."""
    x1, y1, x2, y2 = box
    frame = Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, **options)
    axes.add_patch(frame)
    return frame


def boxes_on(axes: Axes, found: Found, *, named: bool = True) -> None:
    """Draw what a detector has found: frames in the look of their kind, names where they fit."""
    taken = list(found.boxes)
    for box, score, kind in zip(found.boxes, found.scores, found.kinds, strict=True):
        color, line = LOOKS[kind]
        outline(axes, box, edgecolor=color, ls=line, lw=2)
        if named:
            text = f"{KINDS[kind]} {score:.2f}"
            room = _free(box, *_extent(axes, text), axes.get_xlim()[1], taken)
            taken.append(room)
            axes.text(room[0], room[3], text, color=BLACK, fontsize=LETTERS, va="bottom")


def _extent(axes: Axes, text: str) -> tuple[float, float]:
    """Return about how wide and high a text is, in pixels of the drawing."""
    place, figure = axes.get_subplotspec(), axes.figure
    columns = 1 if place is None else place.get_gridspec().ncols
    point = axes.get_xlim()[1] / (72 * figure.bbox.width / figure.dpi / columns)
    return 0.64 * LETTERS * len(text) * point, 1.3 * LETTERS * point


def _free(box: Boxes, wide: float, high: float, size: float, taken: Sequence[Boxes]) -> Boxes:
    """Return a place for a text beside a box that covers as little as can be of others."""
    x1, y1, x2, y2 = box
    gap = 0.5
    across = (x1, (x1 + x2 - wide) / 2, x2 - wide)
    down = (y1, (y1 + y2 - high) / 2, y2 - high)
    places = [(x, y) for y in (y1 - gap - high, y2 + gap) for x in across]
    places += [(x, y) for x in (x2 + gap, x1 - gap - wide) for y in down]
    inside = [(np.clip(x, 0, max(size - wide, 0)), np.clip(y, 0, size - high)) for x, y in places]
    rooms = [np.array([x, y, x + wide, y + high]) for x, y in inside]
    return min(rooms, key=lambda room: sum(shared(room, other) for other in taken))


def shared(a: Boxes, b: Boxes) -> float:
    """Return the area that two boxes share."""
    return float(np.prod(np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)))


def gallery(
    drawings: Drawings, found: Sequence[Found], numbers: Sequence[int], columns: int = 4
) -> Figure:
    """Draw some of the drawings, with what a detector has found in each."""
    rows = -(-len(numbers) // columns)
    figure, panels = new_figure(rows, columns, size=(2.1, 2.1), squeeze=False)
    told = []
    for axes in panels.ravel():
        axes.axis("off")
    for axes, number in zip(panels.ravel(), numbers, strict=False):
        picture(axes, drawings.images[number])
        boxes_on(axes, found[number])
        told.append(", ".join(KINDS[kind] for kind in sorted(drawings.kinds[number])))
    return describe(
        figure,
        f"{len(numbers)} noisy grey drawings, with frames around the shapes that the network has "
        f"found, their kinds and scores. There are: {'; '.join(told)}.",
    )


# four ideas


def _block(axes: Axes, x: float, y: float, text: str, color: str = SKY, wide: float = 2.2) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x - wide / 2, y - 0.3), wide, 0.6, boxstyle="round,pad=0.06", fc=color, ec=BLACK,
            alpha=0.35,
        )
    )  # fmt: skip
    axes.text(x, y, text, ha="center", va="center", fontsize=LETTERS + 1)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], bend: float = 0
) -> None:
    axes.annotate(
        "", end, start, arrowprops={"arrowstyle": "->", "lw": 1.3, "color": BLACK,
                                    "connectionstyle": f"arc3,rad={bend}"},
    )  # fmt: skip


def four_ideas() -> Figure:
    """Draw what AlexNet, VGG, GoogLeNet and ResNet are made of, each as a few blocks."""
    figure, panels = new_figure(2, 2, size=(3.7, 2.9))
    for axes in panels.ravel():
        axes.set(xlim=(-3.2, 3.2), ylim=(-0.7, 4.7))
        axes.axis("off")
    groups, pairs, branches, shortcut = panels.ravel()

    groups.set_title("AlexNet: groups", fontsize=12)
    for x in (-1.4, 1.4):
        _block(groups, x, 0, "48 maps", GREY)
        _block(groups, x, 2, "5 x 5", wide=1.8)
        _block(groups, x, 4, "128 maps", GREY)
        _arrow(groups, (x, 0.4), (x, 1.6))
        _arrow(groups, (x, 2.4), (x, 3.6))

    pairs.set_title("VGG: 3 x 3 alone", fontsize=12)
    for y, text, color in ((0, "maps", GREY), (1.33, "3 x 3", SKY), (2.67, "3 x 3", SKY)):
        _block(pairs, 0, y, text, color)
        _arrow(pairs, (0, y + 0.4), (0, y + 0.93))
    _block(pairs, 0, 4, "sees 5 x 5", GREY)

    branches.set_title("GoogLeNet: branches", fontsize=12)
    _block(branches, 0, 0, "maps", GREY)
    _block(branches, 0, 4, "side by side", GREY, wide=3)
    for x, (first, second) in zip(
        (-2.55, -0.85, 0.85, 2.55),
        (("1 x 1", ""), ("1 x 1", "3 x 3"), ("1 x 1", "5 x 5"), ("pool", "1 x 1")),
        strict=True,
    ):
        _arrow(branches, (0, 0.4), (x, 1))
        _block(branches, x, 1.33, first, SKY if first != "pool" else GREY, wide=1.1)
        if second:
            _arrow(branches, (x, 1.7), (x, 2.3))
            _block(branches, x, 2.67, second, wide=1.1)
        _arrow(branches, (x, 3.05 if second else 1.7), (0.53 * x, 3.6))

    shortcut.set_title("ResNet: shortcut", fontsize=12)
    _block(shortcut, 0, 0, "x", GREY)
    for y in (1.2, 2.4):
        _block(shortcut, 0, y, "3 x 3")
        _arrow(shortcut, (0, y - 0.8), (0, y - 0.4))
    _arrow(shortcut, (0, 2.8), (0, 3.6))
    _block(shortcut, 0, 4, "f(x) + x", GREY)
    _arrow(shortcut, (1.15, 0), (1.15, 4), 0.45)
    return describe(
        figure,
        "Four small diagrams, from bottom to top. AlexNet: twice 48 maps go through two "
        "separate 5 x 5 convolutions. VGG: two 3 x 3 convolutions in a row see 5 x 5. GoogLeNet: "
        "four branches, 1 x 1; 1 x 1 and 3 x 3; 1 x 1 and 5 x 5; pooling and 1 x 1, are put side "
        "by side. ResNet: x goes through two 3 x 3 convolutions and past them, and both are added.",
    )


def sizes(parts: Mapping[str, tuple[int, int]]) -> Figure:
    """Draw how many parameters networks have, in convolutions and in dense layers.

    Parameters
    ----------
    parts : dict of (int, int)
        Under each name: parameters of convolutions, with their normalization, and of dense layers.
    """
    figure, axes = new_figure(size=(7.2, 0.5 * len(parts) + 1.1))
    names = list(parts)[::-1]
    inside, head = np.array([parts[name] for name in names]).T / 1e6
    axes.barh(names, inside, color=BLUE, label="convolutions")
    axes.barh(names, head, left=inside, color=ORANGE, hatch="//", ec="white", label="dense layers")
    for at, both in enumerate(inside + head):
        axes.text(both + 1.5, at, f"{both:.1f}", va="center", fontsize=9)
    axes.legend(loc="lower right")
    label(axes, "parameters (millions)", "")
    told = ", ".join(
        f"{name} {(a + b) / 1e6:.1f}, of which {b / 1e6:.1f} in dense layers"
        for name, (a, b) in parts.items()
    )
    return describe(figure, f"Bars of the number of parameters in millions: {told}.")


def depths(
    curves: Mapping[int, tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]]],
) -> Figure:
    """Draw the training error over the epochs of stacks, plain and with shortcuts.

    Parameters
    ----------
    curves : dict
        For each number of layers, the runs of the plain stack and of the one with shortcuts; a run
        is one error, in percent, for each epoch.
    """
    figure, panels = new_figure(1, 2, size=(4.2, 3.4), sharey=True)
    told = []
    for which, (axes, kind) in enumerate(zip(panels, ("plain", "with shortcuts"), strict=True)):
        for number, (layers, both) in enumerate(curves.items()):
            runs = np.array(both[which])
            epochs = range(1, runs.shape[1] + 1)
            middle = np.median(runs, axis=0)
            axes.plot(
                epochs,
                middle,
                color=CYCLE[number],
                ls=STYLES[number],
                lw=2,
                label=f"{layers} layers",
            )
            axes.fill_between(
                epochs, runs.min(axis=0), runs.max(axis=0), color=CYCLE[number], alpha=0.15
            )
            told.append(f"{kind}, {layers} layers: {middle[-1]:.0f} %")
        label(axes, "epoch", "training error (%)" if which == 0 else "", kind)
        axes.set_ylim(0, 95)
        axes.legend(fontsize=9)
    return describe(
        figure,
        "Training error over the epochs; the line is the median, the band holds all runs. After "
        f"the last epoch: {'; '.join(told)}.",
    )


# the detector


def grid(drawings: Drawings, number: int, cells: int) -> Figure:
    """Draw one drawing under its grid: each box, its middle, and the cell that must report it."""
    figure, axes = new_figure(size=(4.2, 4.2))
    image, boxes = drawings.images[number], drawings.boxes[number]
    picture(axes, image, cells)
    cell = len(image) / cells
    told = []
    for box, kind in zip(boxes, drawings.kinds[number], strict=True):
        x, y = (box[:2] + box[2:]) / 2
        row, column = int(y // cell), int(x // cell)
        axes.add_patch(
            Rectangle((column * cell, row * cell), cell, cell, fc=RED, alpha=0.3, ec=RED, lw=1.5)
        )
        color, line = LOOKS[kind]
        outline(axes, box, edgecolor=color, ls=line, lw=2)
        axes.plot(x, y, "o", color=BLACK, ms=5)
        told.append(f"the {KINDS[kind]} belongs to row {row}, column {column}")
    return describe(
        figure,
        f"A drawing under a grid of {cells} x {cells} cells. The cell with the middle of a shape "
        f"is marked: {'; '.join(told)}.",
    )


def before_and_after(
    drawings: Drawings, before: Sequence[Found], after: Sequence[Found], cells: int
) -> Figure:
    """Draw all boxes of a drawing, and those that are left, where suppression drops most."""
    dropped = [
        len(all_.scores) - len(kept.scores) for all_, kept in zip(before, after, strict=True)
    ]
    most = int(np.argmax(dropped))
    figure, panels = new_figure(1, 2, size=(3.4, 3.5))
    titles = ("every cell above 0.05", "the best of those that overlap")
    for axes, found, title in zip(panels, (before[most], after[most]), titles, strict=True):
        picture(axes, drawings.images[most], cells)
        boxes_on(axes, found, named=found is after[most])
        axes.set_title(f"{title}: {len(found.scores)}", fontsize=10, loc="left")
    return describe(
        figure,
        "The same drawing twice: on the left all boxes, some shapes with several of them; on the "
        "right those that are left.",
    )


def precision_and_recall(scores: Array, right: Array, positives: int) -> Figure:
    """Draw precision over recall as the least score falls, with the area that is averaged."""
    figure, axes = new_figure(size=(5.0, 3.5))
    ordered = np.asarray(right, bool)[np.argsort(-np.asarray(scores))]
    found = np.cumsum(ordered)
    recall, precision = found / positives, found / np.arange(1, len(ordered) + 1)
    filled = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.r_[0, recall], np.r_[filled[0], filled]
    axes.fill_between(*steps, step="pre", color=SKY, alpha=0.3, label="average precision")
    axes.plot(recall, precision, "o-", color=BLUE, ms=4, lw=1, label="after each box")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.05))
    label(axes, "recall: share of the shapes found", "precision: share of boxes right")
    axes.legend(loc="lower left")
    area = average_precision(scores, right, positives)
    return describe(
        figure,
        f"Precision over recall, for {positives} shapes. Precision stays near 1 until nearly all "
        f"are found; the area under it is above {np.floor(20 * area) / 20:.2f}.",
    )
