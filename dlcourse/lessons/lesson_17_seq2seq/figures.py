"""Figures of lesson 17: a state between old and new, two networks in a row, and where one looks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.nn.contract import Array

Point = tuple[float, float]
# The networks that are compared: colour, line, marker.
STYLES = {
    "as it is": (ORANGE, "--", "s"),
    "reversed": (PURPLE, ":", "^"),
    "with attention": (BLUE, "-", "o"),
}


def between(old: float, candidate: float, z: float) -> Figure:
    """Draw the new state of a GRU: between the candidate and the old state, as z says."""
    figure, axes = new_figure(size=(7.6, 1.9))
    new, low, high = z * old + (1 - z) * candidate, *sorted((old, candidate))
    axes.plot([low, high], [0, 0], color=GREY, lw=3, zorder=1)
    axes.plot([new, candidate], [0, 0], color=BLUE, lw=3, zorder=2)
    axes.plot([new, old], [0, 0], color=ORANGE, lw=3, zorder=2)
    for x, name, mark, color, height in (
        (old, f"old state\n$h = {old:g}$", "s", BLACK, 0.35),
        (candidate, f"candidate\n$g = {candidate:.4f}$", "^", BLACK, 0.35),
        (new, f"new state\n${new:.4f}$", "o", RED, -0.35),
    ):
        axes.plot([x], [0], mark, color=color, ms=9, zorder=3)
        up = "bottom" if height > 0 else "top"
        axes.text(x, height, name, ha="center", va=up, fontsize=10)
    for left, share, color in ((old, 1 - z, ORANGE), (candidate, z, BLUE)):
        name = "1 - z" if color == ORANGE else "z"
        axes.text(
            (left + new) / 2, 0.3, f"${name} = {share:.2f}$", ha="center", color=color, fontsize=10
        )
    margin = 0.12 * (high - low)
    axes.set(xlim=(low - margin, high + margin), ylim=(-1.9, 1.9), yticks=[])
    axes.spines["left"].set_visible(False)
    label(
        axes, "state", "", "The new state lies between the two; z near 1 leaves it at the old one"
    )
    return describe(
        figure,
        f"A line of states. The old one is {old:g}, the candidate {candidate:.4f}. The new state, "
        f"{new:.4f}, lies between them, {1 - z:.2f} of the way from the old one to the candidate.",
    )


def reading_and_writing(source: Sequence[str], target: Sequence[str]) -> Figure:
    """Draw an encoder and a decoder: as they are trained, and as they write."""
    figure, pair = new_figure(2, 1, size=(8.6, 2.5))
    for axes, forced in zip(pair, (True, False), strict=True):
        title = (
            "In training: each right letter goes in"
            if forced
            else ("When it writes: each letter that it wrote goes in")
        )
        axes.set(xlim=(-1, 2.0 * (len(source) + len(target)) + 1.6), ylim=(-0.3, 5.6))
        axes.axis("off")
        axes.set_title(title, loc="left", fontsize=11)
        for place, letter in enumerate(source):
            x = 2.0 * place
            _box(axes, x, GREEN)
            axes.text(x, 0.2, letter, ha="center", va="center", fontsize=13)
            _arrow(axes, (x, 0.7), (x, 1.9), GREEN)
            if place:
                _arrow(axes, (x - 1.35, 2.6), (x - 0.65, 2.6), GREEN)
        first = 2.0 * len(source) + 1.4
        _arrow(axes, (first - 2.7, 2.6), (first - 0.7, 2.6), RED, width=2.4)
        axes.text(first - 1.7, 3.1, "state", ha="center", color=RED, fontsize=10)
        given = ["start", *target[:-1]]
        for place, (letter, told) in enumerate(zip(target, given, strict=True)):
            x = first + 2.0 * place
            _box(axes, x, BLUE)
            _arrow(axes, (x, 3.3), (x, 4.5), BLUE)
            axes.text(x, 5.0, letter, ha="center", va="center", fontsize=12)
            if place:
                _arrow(axes, (x - 1.35, 2.6), (x - 0.65, 2.6), BLUE)
            color = BLACK if forced or not place else ORANGE
            axes.text(x, 0.2, told, ha="center", va="center", fontsize=12, color=color)
            _arrow(axes, (x, 0.7), (x, 1.9), color)
            if color == ORANGE:  # what it wrote is what it gets next
                _arrow(axes, (x - 1.75, 4.8), (x - 0.3, 0.5), ORANGE, dashed=True)
    return describe(
        figure,
        f"Two networks in a row, twice. The encoder reads {', '.join(source)}; its last state goes "
        f"to the decoder, which writes {', '.join(target)}. In training the decoder is given the "
        "start symbol and then the right letters. When it writes, it is given each letter that it "
        "has just written.",
    )


def looked_at(digits: str, words: str, weights: Array, title: str = "") -> Figure:
    """Draw where the decoder looked when it wrote each letter.

    Parameters
    ----------
    digits, words : str
        What was read, and what was written.
    weights : array, shape (letters written, digits)
    title : str
    """
    figure, axes = new_figure(size=(max(6.0, 0.24 * len(words) + 1.4), 2.1))
    draw_weights(axes, digits, words, weights)
    label(axes, "written, letter by letter", "read", title)
    places = weights[: len(words)].argmax(axis=1)
    starts = [i for i, letter in enumerate(words) if letter not in " -"]
    starts = [i for i in starts if not i or words[i - 1] in " -"]
    told = ", ".join(f"{_word_at(words, i)} begins at {digits[places[i]]}" for i in starts)
    return describe(
        figure,
        f"A row for each digit of {digits}, a column for each letter of {words!r}; the darker, the "
        f"more the decoder looked at this digit. The darkest digit at the first letter: {told}.",
    )


def draw_weights(axes: Axes, read: str, written: str, weights: Array) -> None:
    """Draw weights as grey values: a row for each symbol read, a column for each one written."""
    axes.imshow(weights[: len(written)].T, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(written)), list(written.replace(" ", "·")), fontsize=11)
    axes.set_yticks(range(len(read)), list(read), fontsize=12)
    axes.tick_params(length=0)
    for line in np.arange(len(read) - 1) + 0.5:
        axes.axhline(line, color=GREY, lw=0.5)


def _word_at(words: str, start: int) -> str:
    return words[start:].replace("-", " ").split(" ")[0]


def over_length(
    found: Mapping[str, Mapping[int, Sequence[float]]], trained: tuple[int, int], title: str
) -> Figure:
    """Draw the share of strings without a mistake over their length: a dot for each seed.

    Parameters
    ----------
    found : mapping
        Of each kind, for each length, a share for each seed.
    trained : (int, int)
        Shortest and longest string of training.
    title : str
    """
    figure, axes = new_figure(size=(6.4, 3.6))
    axes.axvspan(*trained, color=GREY, alpha=0.15, lw=0)
    axes.text(np.mean(trained), 104, "lengths of training", ha="center", fontsize=9, color=BLACK)
    told = []
    for name, by_length in found.items():
        color, line, mark = STYLES[name]
        lengths = list(by_length)
        shares = 100 * np.array([by_length[n] for n in lengths])
        axes.plot(lengths, shares, mark, color=color, ms=4, alpha=0.6)
        middle = np.median(shares, axis=1)
        axes.plot(lengths, middle, line, color=color, lw=1.8, label=name)
        points = ", ".join(f"{m:.0f} % at {n}" for n, m in zip(lengths, middle, strict=True))
        told.append(f"{name}: {points}")
    axes.set(ylim=(-4, 112), xticks=sorted({n for found_ in found.values() for n in found_}))
    axes.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.0, 0.5))
    label(axes, "letters to copy", "copied without a mistake, %", title)
    return describe(
        figure,
        "Share of strings copied without a mistake, over their length, median of the seeds. "
        f"Training had {trained[0]} to {trained[1]} letters. {'; '.join(told)}.",
    )


# The lesson's two steps: of the first symbol, and of the second after each.
FIRST = {"A": 0.4, "B": 0.6}
THEN = {"A": {"A": 0.9, "B": 0.1}, "B": {"A": 0.55, "B": 0.45}}


def two_steps(
    first: Mapping[str, float] = FIRST, then: Mapping[str, Mapping[str, float]] = THEN
) -> Figure:
    """Draw a tree of two symbols with the probability of every way through it."""
    figure, axes = new_figure(size=(6.4, 3.2))
    axes.set(xlim=(-0.4, 7.2), ylim=(-0.6, 4.4))
    axes.axis("off")
    greedy = max(first, key=lambda name: first[name])
    axes.text(0, 2, "start", ha="center", va="center", fontsize=12)
    height = 3.75
    told = []
    best = max(
        ((first[a] * then[a][b], a, b) for a in first for b in then[a]), key=lambda way: way[0]
    )
    for name, p in first.items():
        middle = height - 0.5
        color = ORANGE if name == greedy else BLACK
        _arrow(axes, (0.4, 2), (2.2, middle), color, width=1.8)
        axes.text(1.25, (2 + middle) / 2 + 0.2, f"{p:g}", color=color, ha="center", fontsize=11)
        axes.text(2.5, middle, name, ha="center", va="center", fontsize=13)
        likeliest = max(then[name], key=lambda second: then[name][second])
        for second, q in then[name].items():
            chosen = name == greedy and second == likeliest
            color = ORANGE if chosen else BLUE if (name, second) == best[1:] else BLACK
            _arrow(axes, (2.8, middle), (4.6, height), color, width=1.8)
            axes.text(3.7, (middle + height) / 2 + 0.14, f"{q:g}", color=color, fontsize=11)
            mark = "  greedy" if chosen else "  likeliest" if color == BLUE else ""
            text = f"{name}{second}   {p:g} · {q:g} = {p * q:.2g}{mark}"
            axes.text(4.8, height, text, va="center", fontsize=11, color=color)
            told.append(f"{name}{second} {p * q:.2g}")
            height -= 1.0
        height -= 0.5
    return describe(
        figure,
        f"A tree of two steps. The ways and their probabilities: {', '.join(told)}. Greedy search "
        f"goes to {greedy} first; the likeliest way is {best[1]}{best[2]}.",
    )


def _box(axes: Axes, x: float, color: Any) -> None:
    box = FancyBboxPatch(
        (x - 0.55, 2.0), 1.1, 1.2, boxstyle="round,pad=0.05", fc="white", ec=color, lw=1.6
    )
    axes.add_patch(box)
    axes.text(x, 2.6, "GRU", ha="center", va="center", fontsize=9, color=color)


def _arrow(
    axes: Axes, start: Point, end: Point, color: str, *, width: float = 1.3, dashed: bool = False
) -> None:
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        mutation_scale=11,
        color=color,
        lw=width,
        ls="--" if dashed else "-",
        shrinkA=0,
        shrinkB=0,
    )
    axes.add_patch(arrow)
