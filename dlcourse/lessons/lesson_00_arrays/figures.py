"""Figures of lesson 00: an image as numbers, shapes that line up, the trap, the timeline."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse.figures.style import BLACK, BLUE, GREY, ORANGE, RED, describe, label, new_figure
from dlcourse.lessons.lesson_00_arrays.events import EVENTS
from dlcourse.lessons.lesson_00_arrays.shapes import Shape, line_up
from dlcourse.nn.contract import Array

PALE = "#d9e6f2"


def batch_figure(images: Array, labels: Sequence[int]) -> Figure:
    """Draw one image with its numbers, and a row of images as a batch.

    Parameters
    ----------
    images : Array, shape (batch, 8, 8)
        Between 0 and 1; the first is drawn with its numbers, in sixteenths.
    labels : sequence of int
    """
    figure, (left, right) = new_figure(1, 2, size=(4.4, 4.0))
    left.imshow(images[0], cmap="Greys", vmin=0, vmax=1.6)
    for row, line in enumerate(images[0]):
        for column, value in enumerate(line):
            left.text(column, row, f"{16 * value:.0f}", ha="center", va="center", fontsize=8)
    label(left, "axis 1: columns", "axis 0: rows", "one image: shape (8, 8)")
    count = len(images)
    for number, image in enumerate(images[::-1]):
        place = count - 1 - number
        corner = (place, place + 8, -place, 8 - place)
        right.imshow(image, cmap="Greys", extent=corner, zorder=number, vmin=0, vmax=1)
        frame = Rectangle((place, -place), 8, 8, fill=False, ec=BLUE, lw=1, zorder=number + 0.5)
        right.add_patch(frame)
    right.set(xlim=(-1, 8.5 + count), ylim=(-count - 1.4, 8.5), aspect="equal")
    right.set(xticks=[], yticks=[])
    label(right, "", "", f"a batch of {count}: shape ({count}, 8, 8)")
    right.annotate(
        "", (count - 1.6, 0.1 - count), (-0.6, -0.9), arrowprops={"arrowstyle": "->", "color": RED}
    )
    right.text(-0.6, -count - 0.9, "axis 0: images", color=RED)
    right.set_axis_off()
    return describe(
        figure,
        f"Left: a handwritten {labels[0]} as an 8 by 8 table of numbers from 0 to 16, rows along "
        f"axis 0, columns along axis 1. Right: {count} such images one behind the other; the "
        "axis that counts the images comes first.",
    )


def draw_line_up(axes: Axes, a: Shape, b: Shape, room: int = 4, key: bool = True) -> None:
    """Draw two shapes one above the other, aligned at the last axis, and what comes out.

    There is room for so many axes at least; the key says what pale, dashed and red mean.
    """
    axes.clear()
    axes.set_axis_off()
    columns = line_up(a, b)
    count = max(len(columns), 1)
    fits = all(column.length is not None for column in columns)
    for row, name in ((2, "a"), (1, "b"), (0, "a + b")):
        axes.text(-0.75, row, name, ha="right", va="center", fontsize=12)
    for place, column in enumerate(columns):
        for row, (own, missing) in enumerate(
            ((column.length, False), (column.b, column.b is None), (column.a, column.a is None))
        ):
            clash = column.length is None
            stretched = row > 0 and not clash and (own or 1) != column.length
            colour = RED if clash else PALE if stretched else "white"
            text = "?" if row == 0 and clash else "1" if missing else str(own)
            box = Rectangle(
                (place - 0.42, row - 0.36), 0.84, 0.72, fc=colour, ec=GREY if missing else BLACK,
                ls="--" if missing else "-", lw=1.2,
            )  # fmt: skip
            axes.add_patch(box)
            axes.text(
                place, row, text, ha="center", va="center", fontsize=14,
                color="white" if clash else GREY if missing else BLACK,
            )  # fmt: skip
        axes.text(place, 2.62, f"axis {place - count}", ha="center", fontsize=9, color=GREY)
    if not columns:
        axes.text(0, 1, "two single numbers: no axis", va="center")
    axes.set(xlim=(-1.9, max(count, room) - 0.3), ylim=(-0.7, 3.0))
    if not key:
        return
    said = "" if fits else "   red: two lengths differ, and neither is 1"
    axes.text(
        -1.9, -0.62, f"pale: repeated    dashed: missing, counts as 1{said}", fontsize=8, color=GREY
    )


def line_up_figure(pairs: Sequence[tuple[Shape, Shape]]) -> Figure:
    """Draw pairs of shapes, how they line up, and what comes out.

    Parameters
    ----------
    pairs : sequence of (tuple of int, tuple of int)
    """
    figure, grid = new_figure(1, len(pairs), size=(3.3, 2.5), squeeze=False)
    said = []
    for axes, (a, b) in zip(grid.flat, pairs, strict=True):
        draw_line_up(axes, a, b, room=2, key=False)
        lengths = [column.length for column in line_up(a, b)]
        result = "they do not fit" if None in lengths else f"{tuple(lengths)} comes out"
        axes.set_title(f"{a} and {b}", loc="left", fontsize=11)
        said.append(f"{a} and {b}: {result}.")
    return describe(figure, "Shapes one above the other, aligned on the right. " + " ".join(said))


def trap_figure(x: Array, y: Array, lines: dict[str, tuple[float, float]]) -> Figure:
    """Draw points and the lines that two programs fitted to them.

    Parameters
    ----------
    x, y : Array, shape (points,)
    lines : dict
        For each name the slope and the height at 0.
    """
    figure, axes = new_figure(size=(6.4, 3.6))
    axes.plot(x, y, ".", color=GREY, ms=5)
    along = np.array([x.min(), x.max()])
    said = []
    styles = zip((RED, BLUE), ("--", "-"), lines.items(), strict=True)
    for colour, style, (name, (w, b)) in styles:
        axes.plot(along, w * along + b, style, color=colour, lw=2.4, label=name)
        said.append(f"{name}: slope {w:.2f}, height {b:.2f} at 0")
    axes.legend(frameon=False)
    label(axes, "x", "y", "two programs that differ in one shape")
    return describe(figure, f"Points that rise on a straight line. {'; '.join(said)}.")


def batches_figure(n: int, size: int) -> Figure:
    """Draw n examples as a bar that is cut into batches."""
    figure, axes = new_figure(size=(8.4, 1.5))
    starts = range(0, n, size)
    for number, start in enumerate(starts):
        stop = min(start + size, n)
        colour = ORANGE if stop - start < size else BLUE
        axes.barh(0, stop - start, left=start, color=colour, ec="white", lw=2, height=0.7)
        axes.text((start + stop) / 2, 0, number + 1, ha="center", va="center", color="white")
    axes.set(yticks=[], xlim=(0, n), xticks=[0, *starts[1:], n])
    axes.tick_params(axis="x", labelsize=8)
    axes.spines["left"].set_visible(False)
    label(axes, "example", "", f"{n} examples in {len(starts)} batches")
    rest = n - starts[-1]
    return describe(
        figure,
        f"A bar of {n} examples, cut into {len(starts)} batches of {size}; the last has {rest}.",
    )


def draw_timeline(axes: Axes) -> list[tuple[Any, Any]]:
    """Draw a line of years with a name at each event; return the dots and the names."""
    axes.clear()
    axes.set_axis_off()
    axes.plot([1940, 2020], [0, 0], color=GREY, lw=1.5, zorder=1)
    for decade in range(1940, 2021, 10):
        axes.plot([decade, decade], [-0.25, 0.25], color=GREY, lw=1)
    heights = np.tile([1.6, -1.6, 3.4, -3.4, 5.2, -5.2, 7.0, -7.0], 3)[: len(EVENTS)]
    drawn = []
    for event, height in zip(EVENTS, heights, strict=True):
        late = event.year >= 1997
        axes.plot([event.year, event.year], [0, height], color=GREY, lw=0.6, zorder=0)
        (dot,) = axes.plot([event.year], [0], "o", color=BLUE, ms=6, zorder=2)
        name = axes.text(
            event.year + (0.4 if late else -0.4), height, f"{event.year} {event.name}",
            ha="right" if late else "left", va="bottom" if height > 0 else "top", fontsize=9,
        )  # fmt: skip
        drawn.append((dot, name))
    axes.set(xlim=(1939, 2021), ylim=(-8.4, 8.4))
    return drawn
