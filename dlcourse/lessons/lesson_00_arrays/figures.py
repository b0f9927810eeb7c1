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
KEY = "pale: repeated    dashed: missing, counts as 1"
CLASH = "red: two lengths differ, and neither is 1"


def batch_figure(images: Array, labels: Sequence[int]) -> Figure:
    """Draw one image with its numbers, and a row of images as a batch.

    Parameters
    ----------
    images : Array, shape (batch, 8, 8)
        Between 0 and 1; the first is drawn with its numbers, in sixteenths.
    labels : sequence of int
    """
    figure, (left, right) = new_figure(1, 2, size=(4.8, 3.8), width_ratios=[1, 1.6])
    left.imshow(images[0], cmap="Greys", vmin=0, vmax=1.6)
    for row, line in enumerate(images[0]):
        for column, value in enumerate(line):
            left.text(column, row, f"{16 * value:.0f}", ha="center", va="center", fontsize=8)
    label(left, "axis 1: columns", "axis 0: rows", "one image: shape (8, 8)")
    count = len(images)
    for number, image in enumerate(images):
        x, y = 9.0 * number, -3.0 * number  # a step to the side and down: none hides another
        right.imshow(image, cmap="Greys", extent=(x, x + 8, y, y + 8), vmin=0, vmax=1)
        right.add_patch(Rectangle((x, y), 8, 8, fill=False, ec=BLUE, lw=1))
    right.set(xlim=(-3, 9 * count), ylim=(-3 * count - 3, 11), aspect="equal")
    label(right, "", "", f"a batch of {count}: shape ({count}, 8, 8)")
    last = count - 1
    for start, end in (((0, -2), (9 * last, -2 - 3 * last)), ((-1, 8), (-1, 0)), ((0, 9), (8, 9))):
        right.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": RED})
    right.text(4.5 * last - 1, -3 - 1.5 * last, "axis 0: images", color=RED, ha="right", va="top")
    right.text(-1.6, 4, "axis 1: rows", color=RED, rotation=90, ha="right", va="center")
    right.text(0, 9.6, "axis 2: columns", color=RED)
    right.set_axis_off()
    return describe(
        figure,
        f"Left: a handwritten {labels[0]} as an 8 by 8 table of numbers from 0 to 16, rows along "
        f"axis 0, columns along axis 1. Right: {count} such images one after the other; axis 0 "
        "counts the images, the rows are axis 1 and the columns axis 2.",
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
    said = KEY if fits else f"{KEY}   {CLASH}"
    axes.text(-1.9, -0.62, said, fontsize=8, color=GREY)


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
    figure.supxlabel(f"{KEY}   {CLASH}", fontsize=9, color=GREY)
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
    axes.plot(x, y, "o", color=GREY, ms=8, alpha=0.5, label="the points")
    along = np.array([x.min(), x.max()])
    said = []
    styles = zip((RED, BLUE), ("--", "-"), lines.items(), strict=True)
    for colour, style, (name, (w, b)) in styles:
        axes.plot(along, w * along + b, style, color=colour, lw=1.8, label=name)
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
    """Draw the years downwards, with a dot and a name for each event; return dots and names.

    Names stand at equal distances, so that no two meet, in the order of their years, so that no
    two lines cross.
    """
    axes.clear()
    axes.set_axis_off()
    first, last = 1940, 2020
    axes.plot([0, 0], [first, last], color=GREY, lw=1.5, zorder=1)
    for decade in range(first, last + 1, 10):
        axes.plot([-0.06, 0.06], [decade, decade], color=GREY, lw=1)
        axes.text(-0.15, decade, str(decade), color=GREY, ha="right", va="center", fontsize=9)
    drawn = []
    for event, place in zip(EVENTS, np.linspace(first, last, len(EVENTS)), strict=True):
        axes.plot([0, 0.9, 1.1], [event.year, place, place], color=GREY, lw=0.6, zorder=0)
        (dot,) = axes.plot([0], [event.year], "o", color=BLUE, ms=6, zorder=2)
        name = axes.text(1.2, place, f"{event.year}  {event.name}", va="center", fontsize=10)
        drawn.append((dot, name))
    axes.set(xlim=(-0.7, 5), ylim=(last + 2, first - 2))
    return drawn
