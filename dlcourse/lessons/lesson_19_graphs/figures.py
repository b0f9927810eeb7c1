"""Figures of lesson 19: the club, pixels as nodes, what spreads, smoothing and depth."""

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from dlcourse import datasets
from dlcourse.figures.style import BLACK, BLUE, CYCLE, GREY, describe, label, new_figure
from dlcourse.lessons.lesson_19_graphs import graphs, results
from dlcourse.lessons.lesson_19_graphs.drawing import ClubDrawing, leanings, name_sides
from dlcourse.lessons.lesson_19_graphs.graphs import Labels
from dlcourse.nn.contract import Array

STYLES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D")


def foretold(labels: Labels, answers: Labels) -> Figure:
    """Draw what was known of the club, and what is foretold, with a ring where it came otherwise.

    Parameters
    ----------
    labels : array, shape (34,)
        -1 where nothing is known.
    answers : array, shape (34,)
        A side for everybody.
    """
    club = datasets.karate_club()
    places = graphs.layout(club.adjacency)
    figure, (before, after) = new_figure(1, 2, size=(4.9, 4.6))
    given = np.where(labels < 0, 0, 2 * labels - 1)
    ClubDrawing(before, places, club.adjacency).lean(given, labels)
    wrong = np.flatnonzero(answers != club.side)
    ClubDrawing(after, places, club.adjacency).lean(2.0 * answers - 1, labels, wrong)
    before.set_title("Before: 78 ties, and two whose side is known", loc="left", fontsize=11)
    right = len(answers) - len(wrong)
    title = f"Foretold: {right} of {len(answers)} right; ringed: wrong"
    after.set_title(title, loc="left", fontsize=11)
    name_sides(after)
    missed = ", ".join(map(str, wrong)) or "nobody"
    return describe(
        figure,
        f"The 34 members of a club and their 78 ties, twice. Left, only the sides of members 0 and "
        f"33 are known. Right, a side for everybody: {right} are right; wrong: {missed}.",
    )


def spreading(scores: Array, labels: Labels, steps: Sequence[int]) -> Figure:
    """Draw the club after some steps of spreading, shape of scores (all steps, 34, 2)."""
    club = datasets.karate_club()
    places = graphs.layout(club.adjacency)
    figure, ((*panels,),) = new_figure(1, len(steps), size=(3.5, 3.5), squeeze=False)
    told = []
    for axes, step in zip(panels, steps, strict=True):
        values = leanings(scores[step])
        reached = values != 0
        right = int(np.sum((values > 0) == club.side, where=reached))
        wrong = np.flatnonzero(reached & ((values > 0) != club.side))
        ClubDrawing(axes, places, club.adjacency).lean(values, labels, wrong)
        words = f"{step} step{'s' * (step != 1)}"
        axes.set_title(f"{words}: {right} of {int(reached.sum())} right", loc="left", fontsize=11)
        told.append(f"after {words} {int(reached.sum())} have a side, {right} the right one")
    name_sides(panels[-1])
    return describe(figure, f"Two labels spread through the club: {'; '.join(told)}.")


def grids(adjacencies: Sequence[Labels]) -> Figure:
    """Draw images of n x n pixels as graphs, one for each adjacency matrix."""
    figure, panels = new_figure(1, len(adjacencies), size=(3.0, 3.0), squeeze=False)
    told = []
    for axes, adjacency in zip(panels[0], adjacencies, strict=True):
        side = round(len(adjacency) ** 0.5)
        row, column = np.divmod(np.arange(len(adjacency)), side)
        places = np.column_stack([column, -row])
        ends = np.argwhere(np.triu(adjacency))
        middle = len(adjacency) // 2
        near = np.flatnonzero(adjacency[middle])
        colours = np.where((ends == middle).any(axis=1), BLUE, GREY)
        axes.add_collection(LineCollection(list(places[ends]), colors=colours, lw=1.6, zorder=1))
        axes.scatter(*places.T, s=170, color="white", edgecolors=BLACK, zorder=2)
        axes.scatter(*places[near].T, s=170, color=BLUE, edgecolors=BLACK, marker="s", zorder=3)
        axes.scatter(*places[middle], s=170, color=BLACK, zorder=3)
        axes.set(xlim=(-0.5, side - 0.5), ylim=(0.5 - side, 0.5), xticks=[], yticks=[])
        axes.set_aspect("equal")
        axes.spines[:].set_visible(False)
        axes.set_title(f"{len(near)} neighbours, {len(ends)} edges", loc="left", fontsize=11)
        told.append(f"with {len(near)} neighbours of an inner pixel there are {len(ends)} edges")
    return describe(figure, f"An image of {side} x {side} pixels as a graph: {'; '.join(told)}.")


def smoothing_and_depth() -> Figure:
    """Draw from the record: right answers over means alone, and over layers."""
    figure, (means, layers) = new_figure(1, 2, size=(4.6, 3.6), sharey=True)
    told = []
    for axes, ways in ((means, results.ways()[:1]), (layers, results.ways()[1:])):
        for number, way in enumerate(ways):
            times, runs = results.over_times(way)
            middle = np.median(runs, axis=0)
            color, look = CYCLE[number], {"ls": STYLES[number], "marker": MARKS[number]}
            axes.plot(times, middle, color=color, lw=1.8, label=way, **look)
            axes.fill_between(times, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.18)
            told.append(
                f"{way}: {middle[0]:.0f} % at {times[0]}, {middle[-1]:.0f} % at {times[-1]}"
            )
        axes.set_xscale("log", base=2)
        axes.set_xticks(times, [str(value) for value in times], fontsize=9)
        axes.minorticks_off()
        axes.legend(fontsize=9, loc="lower left")
    means.set_ylim(0, 100)
    label(means, "means over neighbours (log scale)", "right answers (%)", "Smoothing alone")
    label(layers, "layers (log scale)", "", "Depth")
    return describe(
        figure,
        f"Right answers for 520 digits from 80 labels, medians and ranges. {'; '.join(told)}.",
    )


def upside_down(image: Array) -> Figure:
    """Draw a digit and the same digit turned by half a circle; image of shape (8, 8)."""
    figure, panels = new_figure(1, 2, size=(1.7, 1.9))
    for axes, pixels, title in zip(
        panels, (image, image[::-1, ::-1]), ("as it is", "upside down"), strict=True
    ):
        axes.imshow(pixels, cmap="Greys")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
        axes.set_title(title, fontsize=10)
    return describe(figure, "A handwritten six; turned upside down it reads as a nine.")


def third_layer(
    before: Array, after: Array, labels: Labels, answers: Labels, groups: Labels
) -> Figure:
    """Draw the two numbers of each member in the third layer, untrained and trained.

    Parameters
    ----------
    before, after : array, shape (34, 2)
    labels, answers : array, shape (34,)
        Labels are -1 but for the members that had one.
    groups : array, shape (34,)
        What is right; four at most.
    """
    figure, panels = new_figure(1, 2, size=(4.4, 3.8))
    for axes, places, title in zip(
        panels, (before, after), ("random weights", "300 steps later, 4 labels"), strict=True
    ):
        for group in range(int(groups.max()) + 1):
            here = groups == group
            look = {"color": CYCLE[group], "marker": MARKS[group], "edgecolors": BLACK}
            axes.scatter(*places[here].T, s=50, label=f"group {group}", **look)
        known = labels >= 0
        axes.scatter(*places[known].T, s=220, facecolors="none", edgecolors=BLACK, linewidths=1.6)
        label(axes, "first unit", "second unit" if axes is panels[0] else "", title)
    panels[0].legend(fontsize=9)
    return describe(
        figure,
        "The club in the two units of the third layer, four groups in four colours; ringed: the "
        f"members with a label. After training {int(np.sum(answers == groups))} of 34 are right.",
    )
