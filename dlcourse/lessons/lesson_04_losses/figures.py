"""Figures of lesson 04: forecasts and their surprise, areas of entropy, walks, letters in bits."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.nn.contract import Array


def forecast_figure(rained: Array, forecasts: Mapping[str, Array]) -> Figure:
    """Draw what forecasters said about rain, day by day, and what came.

    Parameters
    ----------
    rained : Array, shape (days,)
        1 where it rained, else 0.
    forecasts : dict of Arrays, shape (days,)
        Of each forecaster the chance of rain.
    """
    days = np.arange(1, len(rained) + 1)
    figure, grid = new_figure(1, len(forecasts), size=(4.4, 2.7), sharey=True, squeeze=False)
    told = []
    for axes, (name, chances) in zip(grid.flat, forecasts.items(), strict=True):
        axes.axhline(0.5, color=GREY, lw=0.8, ls=":")
        axes.vlines(days, chances, rained, color=GREY, lw=1)
        axes.plot(days, chances, "o", color=BLUE, ms=7, label="forecast")
        axes.plot(days, rained, "x", color=RED, ms=8, mew=2, label="what came (1: rain)")
        axes.set(xticks=days, ylim=(-0.08, 1.08))
        right = np.mean((chances > 0.5) == rained)
        label(axes, "day", "", f"{name}: on the right side {right:.0%} of the days")
        told.append(f"{name} said {', '.join(f'{chance:g}' for chance in chances)}")
    grid[0, 0].set_ylabel("chance of rain")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    came = ", ".join(f"{value:g}" for value in rained)
    return describe(figure, f"{'. '.join(told)}. It rained on the days with a 1: {came}.")


def surprise_figure() -> Figure:
    """Draw the surprise in bits over the probability of what happened."""
    p = np.linspace(0.01, 1, 400)
    figure, axes = new_figure(size=(5.6, 3.0))
    axes.plot(p, -np.log2(p), color=BLUE, lw=2)
    marks = {1: "1: 0 bits", 1 / 2: "1/2: 1 bit", 1 / 4: "1/4: 2 bits", 1 / 8: "1/8: 3 bits"}
    for share, words in marks.items():
        height = -np.log2(share)
        axes.plot(share, height, "o", color=BLUE)
        axes.annotate(
            words, (share, height), (8, 5), textcoords="offset points",
            ha="right" if share == 1 else "left",
        )  # fmt: skip
    axes.set(ylim=(0, 6.8), xlim=(0, 1.02))
    label(axes, "probability $p$ that was given to what happened", "surprise (bits)")
    return describe(
        figure,
        "Surprise over probability: 0 bits at 1, one bit at a half, two at a quarter, three at an "
        "eighth; it grows beyond all bounds towards probability 0.",
    )


def draw_areas(axes: Axes, p: Array, heights: Array, names: Sequence[str]) -> None:
    """Draw a rectangle for each outcome, as wide as it is frequent.

    Parameters
    ----------
    axes : Axes
    p, heights : Array, shape (outcomes,)
        How often each outcome comes, and what it costs in bits; less than 0 is drawn downwards.
    names : sequence of str
        One for each outcome.
    """
    left = 0.0
    for number, (share, height, name) in enumerate(zip(p, heights, names, strict=True)):
        color = CYCLE[number % len(CYCLE)]
        axes.add_patch(
            Rectangle((left, 0), share, height, facecolor=color, alpha=0.45, edgecolor=BLACK)
        )
        if share > 0.03:
            side = "top" if height < 0 else "bottom"
            axes.text(left + share / 2, np.copysign(0.12, height), name, ha="center", va=side)
        left += share


def areas_figure(p: Array, q: Array, names: Sequence[str]) -> Figure:
    """Draw entropy, cross-entropy and the divergence as areas, side by side.

    Parameters
    ----------
    p, q : Array, shape (outcomes,)
        What happens, and what was expected; no 0 in `q`.
    names : sequence of str
        One for each outcome.
    """
    figure, grid = new_figure(1, 3, size=(2.9, 3.2), sharey=True)
    heights = {"p believed": -np.log2(p), "q believed": -np.log2(q), "difference": np.log2(p / q)}
    entropy, cross, more = areas = [float(np.sum(p * one)) for one in heights.values()]
    for axes, (name, one), area in zip(grid, heights.items(), areas, strict=True):
        draw_areas(axes, p, one, names)
        axes.axhline(0, color=BLACK, lw=1)
        axes.set(xlim=(0, 1), ylim=(1.15 * min(heights["difference"]), 1.1 * max(-np.log2(q))))
        label(axes, "share $p$", "", f"{name}: area {area:g} bits")
    grid[0].set_ylabel("surprise (bits)")
    return describe(
        figure,
        f"Three rows of rectangles, each as wide as its outcome is frequent. First, as high as the "
        f"surprise of one who believes p: area {entropy:g}, the entropy. Second, as high as that "
        f"of one who believes q: area {cross:g}, the cross-entropy. Third, the difference of the "
        f"heights, below the line where q pays less: area {more:g}, the divergence.",
    )


def saturation_figure(walks: Mapping[str, Array]) -> Figure:
    """Draw both losses of a sigmoid whose label is 0, and how its output falls step by step.

    Parameters
    ----------
    walks : dict of two Arrays
        The output before each step, for half the squared error and for cross-entropy.
    """
    z = np.linspace(-6, 10, 400)
    a = 1 / (1 + np.exp(-z))
    figure, (left, right) = new_figure(1, 2, size=(4.4, 3.1))
    styles = zip((ORANGE, BLUE), ("--", "-"), (a**2 / 2, np.logaddexp(0, z)), strict=True)
    told = []
    for (name, outputs), (color, line, loss) in zip(walks.items(), styles, strict=True):
        left.plot(z, loss, line, color=color, lw=2, label=name)
        steps = np.arange(1, len(outputs) + 1)
        right.plot(steps, outputs, line, color=color, lw=2, label=name)
        told.append(f"with {name} after {len(outputs) - 1:,} steps")
    left.set(ylim=(-0.1, 6))
    left.legend()
    label(left, "pre-activation $z$", "loss (nats, or squares)", "The label is 0")
    right.set_xscale("log")
    label(right, "step (logarithmic)", "output $a$", "From $z$ = 10 down to $a$ = 0.1")
    return describe(
        figure,
        "Left, two losses over z: half the squared error levels off at a half, cross-entropy goes "
        f"on rising along a straight line. Right, the output falls to 0.1 {' and '.join(told)}.",
    )


def letters_figure(
    counted: Sequence[float],
    new: Sequence[float],
    paper: Sequence[float],
    people: tuple[float, float],
) -> Figure:
    """Draw bits per letter over the length of blocks.

    Parameters
    ----------
    counted, new, paper : sequences of float
        As counted in the text itself, as paid on new text, and as Shannon printed; from n = 1.
    people : tuple of two floats
        Shannon's bounds from people who guessed with 100 letters in view.
    """
    figure, axes = new_figure(size=(6.4, 3.6))
    lines = (
        (counted, "o--", ORANGE, "counted in the text itself"),
        (new, "s-", BLUE, "paid on text that was not counted"),
        (paper, "^:", GREEN, "Shannon's tables, 1951"),
    )
    told = []
    for values, style, color, name in lines:
        axes.plot(range(1, len(values) + 1), values, style, color=color, lw=2, ms=7, label=name)
        told.append(f"{name}: {', '.join(f'{value:.2f}' for value in values)}")
    last, (low, high) = len(counted) + 1, people
    axes.errorbar(
        last, (low + high) / 2, (high - low) / 2, color=GREEN, lw=3, capsize=6, fmt="none",
        label="between these bounds: people, 1951",
    )  # fmt: skip
    told.append(f"Shannon's guessing people, 100 letters in view: {low:g} to {high:g}")
    axes.axhline(np.log2(27), color=GREY, lw=1)
    axes.text(last, np.log2(27), "27 equal chances", ha="right", va="bottom")
    axes.set(ylim=(0, 5.2), xlim=(0.7, last + 0.3))
    axes.set_xticks(range(1, last + 1), [*map(str, range(1, last)), "about\n100"])
    axes.legend(loc="lower left", fontsize=9)
    label(axes, "length of the blocks, $n$", "bits per letter")
    return describe(figure, f"Bits per letter for blocks of 1, 2, 3 and more. {'. '.join(told)}.")


def smoothing_figure(gaps: Mapping[float, Sequence[float]]) -> Figure:
    """Draw how far confidence and accuracy lie apart, for each amount of smoothing.

    Parameters
    ----------
    gaps : dict of sequences of float
        For each amount of smoothing one gap per draw of the training digits.
    """
    figure, axes = new_figure(size=(5.6, 3.0))
    means = [float(np.mean(values)) for values in gaps.values()]
    places = range(len(gaps))
    for place, values in zip(places, gaps.values(), strict=True):
        axes.plot(
            [place] * len(values), values, "o", color=GREY, ms=5,
            label=None if place else "one draw",
        )  # fmt: skip
    axes.plot(places, means, "s-", color=BLUE, label="mean of five draws")
    axes.set_xticks(list(places), [f"{amount:g}" for amount in gaps])
    axes.set_ylim(0)
    axes.legend(loc="upper left")
    label(axes, "smoothing $s$", "confidence and accuracy apart by")
    pairs = zip(gaps, means, strict=True)
    told = ", ".join(f"{mean:.3f} at {amount:g}" for amount, mean in pairs)
    return describe(figure, f"The gap between confidence and accuracy is {told}, on average.")
