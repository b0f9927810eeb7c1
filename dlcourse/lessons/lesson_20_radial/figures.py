"""Figures of lesson 20: bells and half-planes, XOR, forecasts, reaches, silence, experts."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREY,
    NEGATIVE,
    ORANGE,
    POSITIVE,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons.lesson_20_radial.experts import GRID, Mixture, lines
from dlcourse.nn.contract import Array

STYLES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D", "v", "X", "P", "*")
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
LABELS = np.array([0, 1, 1, 0])


def forecasts(ahead: int, truth: Array, said: Mapping[str, Array], shown: int = 250) -> Figure:
    """Draw what came, and what machines had said of it `ahead` steps before."""
    figure, panels = new_figure(len(said), 1, size=(8.0, 1.9), sharex=True, squeeze=False)
    told = []
    for place, (axes, (name, values)) in enumerate(zip(panels[:, 0], said.items(), strict=True)):
        axes.plot(truth[:shown], color=GREY, lw=3.5, alpha=0.7, label="what came")
        color, style = CYCLE[place], STYLES[1] if place == 0 else STYLES[0]
        axes.plot(values[:shown], color=color, ls=style, lw=1.5, label=name)
        axes.legend(loc="lower right", fontsize=9, ncols=2)
        axes.set_ylabel("x")
        axes.set_ylim(0.1, 1.5)
        told.append(f"{name} is off by {np.sqrt(np.mean((values - truth) ** 2)):.3f} (rms)")
    panels[-1, 0].set_xlabel("time")
    panels[0, 0].set_title(f"Said {ahead} steps before", loc="left", fontsize=11)
    return describe(
        figure,
        f"A series that rises and falls irregularly, and what was said of it {ahead} steps before: "
        f"{'; '.join(told)}.",
    )


def two_units() -> Figure:
    """Draw a sigmoid unit and a bell over a plane of two inputs."""
    across, up = np.meshgrid(np.linspace(-3, 3, 121), np.linspace(-3, 3, 121))
    units = {
        "A dense unit: one side of a line": 1 / (1 + np.exp(-(2 * across + up))),
        "A bell: near one point": np.exp(-0.5 * ((across - 1) ** 2 + (up + 0.5) ** 2)),
    }
    figure, panels = new_figure(1, 2, size=(3.9, 3.1), sharey=True)
    for axes, (name, values) in zip(panels, units.items(), strict=True):
        drawn = axes.contourf(across, up, values, np.linspace(0, 1, 11), cmap="Blues")
        axes.contour(across, up, values, [0.5], colors=BLACK, linewidths=1)
        axes.set_aspect("equal")
        label(axes, "$x_1$", "$x_2$" if axes is panels[0] else "", name)
    panels[1].plot(1, -0.5, "+", color=ORANGE, ms=12, mew=2.5)
    figure.colorbar(drawn, ax=panels, label="output", ticks=[0, 0.5, 1])
    return describe(
        figure,
        "Outputs of two units over the plane. The dense unit rises from 0 to 1 across a straight "
        "line. The bell is 1 at its centre and falls to 0 in all directions; where it is one half "
        "is a circle.",
    )


def xor_bells(features: Array, weights: Array) -> Figure:
    """Draw XOR's corners in the plane of the inputs, and in that of two bells, with the line."""
    figure, (left, right) = new_figure(1, 2, size=(3.8, 3.3))
    for axes, places in ((left, CORNERS), (right, features)):
        for value, (color, mark) in enumerate((NEGATIVE, POSITIVE)):
            chosen = value == LABELS
            axes.plot(*places[chosen].T, mark, color=color, ms=11, label=f"answer {value}")
    for corner, place in zip(CORNERS.astype(int), features, strict=True):
        if tuple(corner) == (1, 0):
            continue
        name = "(0,1) and (1,0)" if tuple(corner) == (0, 1) else f"({corner[0]},{corner[1]})"
        offset = (-40, -20) if tuple(corner) == (0, 1) else (8, 8)
        right.annotate(name, place, xytext=offset, textcoords="offset points", fontsize=9)
    ends = np.array([0.0, 1.1])
    right.plot(ends, (0.5 - weights[2] - weights[0] * ends) / weights[1], color=BLACK, ls="--")
    left.set(xlim=(-0.3, 1.3), ylim=(-0.3, 1.3))
    right.set(xlim=(0, 1.3), ylim=(0, 1.3))
    left.legend(loc="center", fontsize=9)
    label(left, "$x_1$", "$x_2$", "Inputs: no line separates them")
    label(right, "bell at (0,0)", "bell at (1,1)", "Bells: one line does")
    return describe(
        figure,
        "Left, the corners of a square; opposite ones have the same answer. Right, the outputs of "
        "two bells for the same corners: (0,1) and (1,0) fall on one point near the origin, and a "
        "straight line separates it from the other two.",
    )


def reaches(times: Sequence[float], known: Array, held_out: Array, new: Array) -> Figure:
    """Draw errors over the reach of the bells; each array is (runs, reaches)."""
    figure, axes = new_figure(size=(6.6, 3.7))
    looks = ((BLUE, "-", "o", "examples learned from"), (ORANGE, "--", "s", "held out"))
    told = []
    for runs, (color, style, mark, name) in zip(
        (known, held_out, new), (*looks, (CYCLE[2], "-.", "^", "new")), strict=True
    ):
        middle = np.median(runs, axis=0)
        axes.plot(times, middle, color=color, ls=style, marker=mark, label=name)
        axes.fill_between(times, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.18)
        best = int(np.argmin(middle))
        told.append(f"{name}: lowest at {times[best]:g} with {middle[best]:.3f}")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(list(times), [f"{value:g}" for value in times])
    axes.set_yticks([0.1, 0.2, 0.4, 0.8], ["0.1", "0.2", "0.4", "0.8"])
    axes.minorticks_off()
    label(axes, "reach of a bell, in distances to the next centre", "error (log scale)")
    axes.legend()
    return describe(figure, f"Errors over the reach of the bells. {'; '.join(told)}.")


def silence(x: Array, y: Array, places: Array, said: Mapping[str, Array]) -> Figure:
    """Draw what machines say inside and outside of where they have learned."""
    figure, axes = new_figure(size=(7.2, 3.5))
    axes.axvspan(x.min(), x.max(), color=GREY, alpha=0.15, label="where they learned")
    axes.plot(x, y, "o", color=BLACK, ms=3, label="examples")
    told = []
    for place, (name, values) in enumerate(said.items()):
        color, style = CYCLE[place % len(CYCLE)], STYLES[min(place, 2)]
        axes.plot(places, values, color=color, ls=style, lw=2, label=name)
        told.append(f"{name} ends at {round(float(values[-1]), 2) + 0:.2f}")  # no -0
    axes.set_ylim(-3, 3)
    label(axes, "x", "answer", "Outside of what was learned")
    axes.legend(fontsize=9, ncols=2, loc="lower left")
    return describe(
        figure,
        "Examples of a sine between -3 and 3, and what machines say there and farther out. At "
        f"x = {places[-1]:g}: {'; '.join(told)}.",
    )


def _lines(axes: Axes, x: Array, t: Array) -> None:
    axes.plot(x, t, ".", color=GREY, ms=4, alpha=0.6)
    for low, high in ((-3, -1), (-1, 1), (1, 3)):
        inside = (low <= GRID) & (high > GRID)
        axes.plot(GRID[inside], lines(GRID)[inside], color=BLACK, lw=1)


def three_lines(x: Array, t: Array) -> Figure:
    """Draw the noisy points of three lines."""
    figure, axes = new_figure(size=(5.6, 3.0))
    _lines(axes, x, t)
    label(axes, "x", "t", "Three lines, one after the other")
    return describe(
        figure, "Noisy points of three straight lines: falling, rising, and, after a jump, falling."
    )


def mixtures(shown: Mapping[str, Mixture]) -> Figure:
    """Draw the experts' lines, thick where the gate trusts them, over the gate's shares."""
    figure, panels = new_figure(
        2, len(shown), size=(4.0, 2.6), sharex=True, sharey="row", height_ratios=[2, 1]
    )
    told = []
    for column, (name, mixture) in zip(panels.T, shown.items(), strict=True):
        _lines(column[0], mixture.x, mixture.t)
        for expert in range(mixture.gate.shape[1]):
            color, share = CYCLE[expert % len(CYCLE)], mixture.gate[:, expert]
            line = mixture.outputs[:, expert]
            column[0].plot(GRID, line, color=color, lw=1, ls=":")
            trusted = np.where(share > 0.5, line, np.nan)
            column[0].plot(GRID, trusted, color=color, lw=4, alpha=0.8)
            column[1].plot(GRID, share, color=color, ls=STYLES[expert % 4], lw=2)
        column[0].plot(GRID, mixture.answer, color=BLACK, lw=1.6, ls="--")
        column[0].set_ylim(-2.6, 2.6)
        label(column[0], "", "t", f"{name}: error {mixture.error:.2f}")
        label(column[1], "x", "share of the gate")
        told.append(
            f"{name}: error {mixture.error:.2f}, {mixture.used} experts used, entropy of the gate "
            f"{mixture.bits:.2f} bits"
        )
    for axes in panels[:, 1:].flat:
        axes.set_ylabel("")
    return describe(
        figure,
        "Linear experts on three noisy lines. Dotted, each expert everywhere; thick, where the "
        f"gate gives it more than half; dashed, the answer of all. {'; '.join(told)}.",
    )


def vowels(formants: Array, names: Array, kinds: Sequence[str]) -> Figure:
    """Draw the formants of vowels, one mark for each vowel."""
    figure, axes = new_figure(size=(5.4, 3.6))
    for place, kind in enumerate(kinds):
        axes.plot(
            *formants[names == place].T, MARKS[place], color=CYCLE[place], ms=6, alpha=0.75,
            label=f"[{kind}]",
        )  # fmt: skip
    label(axes, "first formant (kHz)", "second formant (kHz)", "Two pairs that overlap")
    axes.legend(title="vowel")
    return describe(
        figure,
        "Vowels of many speakers in the plane of two formants: two far groups, and in each of them "
        "two vowels that overlap.",
    )
