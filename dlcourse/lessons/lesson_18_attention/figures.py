"""Figures of lesson 18: who looks at whom, what a block is made of, and what was measured."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from dlcourse import nn
from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    DIVERGING,
    GREEN,
    GREY,
    ORANGE,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons.lesson_18_attention import experiments, record, tasks
from dlcourse.nn.contract import Array

SHADES = "Blues"  # of weights: white is 0
ROOT = r"$\sqrt{d}$"
STYLES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D", "v")


def _middle(**more: Any) -> dict[str, Any]:
    return {"ha": "center", "va": "center"} | more


def attention_map(axes: Axes, weights: Array, asks: Sequence[str], seen: Sequence[str]) -> Any:
    """Draw one map: a row for each place that asks, a column for each that is looked at."""
    image = axes.imshow(weights, cmap=SHADES, vmin=0, vmax=1)
    axes.set_xticks(range(len(seen)), seen, fontsize=9)
    axes.set_yticks(range(len(asks)), asks, fontsize=9)
    axes.spines[["top", "right"]].set_visible(True)
    axes.tick_params(length=0)
    return image


def maps(weights: Array, text: str, answers: str, size: float = 3.7) -> Figure:
    """Draw the attention maps of all heads side by side.

    Parameters
    ----------
    weights : Array, shape (heads, places, places)
    text : str
        What was read.
    answers : str
        What was answered, a letter for each place.
    size : float
        Of one map, in inches.
    """
    figure, grid = new_figure(1, len(weights), size=(size, size), squeeze=False)
    said = []
    for head, (axes, one) in enumerate(zip(grid.flat, weights, strict=True), 1):
        image = attention_map(axes, one, list(answers), list(text))
        label(axes, "place that is looked at (letter read)", "", f"Head {head}")
        said.append(f"Head {head}: {_where(one)}")
    grid[0, 0].set_ylabel("place that asks (its answer)")
    figure.colorbar(image, ax=grid.ravel().tolist(), shrink=0.75, label="weight")
    return describe(figure, f"Maps of attention weights for {text}. {'; '.join(said)}.")


def _where(weights: Array) -> str:
    """Say in words where the rows of a map have their largest weights."""
    looks, places = weights.argmax(axis=1), np.arange(len(weights))
    kinds = {
        "most rows look at the place mirrored about the middle": len(weights) - 1 - places,
        "most rows look at their own place": places,
        "most rows look one place back": np.maximum(places - 1, 0),
    }
    for words, there in kinds.items():
        if np.mean(looks == there) > 0.5:
            return words
    return "most rows look at several places"


# ------------------------------------------------------------------ drawings


def two_ways() -> Figure:
    """Draw how the first place reaches the last: through all states, or at once."""
    figure, (chain, web) = new_figure(1, 2, size=(4.6, 2.3))
    count = 6
    for axes, title in ((chain, "Recurrent: step by step"), (web, "Attention: everyone asks")):
        axes.set(xlim=(-0.6, count - 0.4), ylim=(-0.55, 2.0), aspect="equal")
        axes.axis("off")
        axes.set_title(title, fontsize=11, loc="left")
        for t in range(count):
            for y, name, fill in ((0.0, f"$x_{t + 1}$", "#DCEBF5"), (1.4, "", "#FBEBCB")):
                axes.add_patch(
                    FancyBboxPatch((t - 0.22, y - 0.2), 0.44, 0.4, "round,pad=0.03", fc=fill)
                )
                axes.text(t, y, name, **_middle(fontsize=10))
    for t in range(count):
        _arrow(chain, (t, 0.25), (t, 1.15), color=GREY)
        if t:
            _arrow(chain, (t - 0.75, 1.4), (t - 0.25, 1.4), color=ORANGE, lw=2.4)
    for asks in range(count):
        for seen in range(count):
            last = asks == count - 1
            color, width = (BLUE, 1.6) if last else (GREY, 0.5)
            _arrow(web, (seen, 0.25), (asks, 1.15), color=color, lw=width, zorder=1 + last)
    return describe(
        figure,
        "Six places in a row, twice. Left, each state gets an arrow from its input and from the "
        "state before it: from the first input to the last state it takes six arrows. Right, every "
        "output has an arrow from every input: from the first to the last it takes one.",
    )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, **look))


def block_drawing() -> Figure:
    """Draw a block: two halves, each beside a straight way past it."""
    figure, axes = new_figure(size=(8.6, 2.2))
    axes.set(xlim=(0, 17.2), ylim=(0.3, 4.5), aspect="equal")
    axes.axis("off")
    y = 1.3
    boxes = (
        (2.6, "normalize", "#EEEEEE"),
        (5.3, "attention,\nall places", "#DCEBF5"),
        (9.9, "normalize", "#EEEEEE"),
        (12.6, "dense, ReLU,\ndense", "#FBEBCB"),
    )
    for x, text, fill in boxes:
        axes.add_patch(FancyBboxPatch((x - 1.05, y - 0.6), 2.1, 1.2, "round,pad=0.05", fc=fill))
        axes.text(x, y, text, **_middle(fontsize=10))
    for start, end in ((0.2, 1.5), (3.7, 4.2), (6.4, 7.15), (7.75, 8.8), (11, 11.5), (13.7, 14.45)):
        _arrow(axes, (start, y), (end, y), color=BLACK)
    _arrow(axes, (15.05, y), (16.9, y), color=BLACK)
    for plus, leaves, name in ((7.45, 0.9, "look around"), (14.75, 8.2, "think it over")):
        axes.text(plus, y, "+", **_middle(fontsize=15))
        axes.plot([leaves, leaves, plus], [y, 3.6, 3.6], color=GREEN, lw=2.4)
        _arrow(axes, (plus, 3.6), (plus, y + 0.3), color=GREEN, lw=2.4)
        axes.text((leaves + plus) / 2, 4.1, name, **_middle(fontsize=11))
    axes.text(0.3, y - 0.75, "x", fontsize=12)
    axes.text(7.9, y - 0.75, "y", fontsize=12)
    axes.text(16.2, y - 0.75, "out", fontsize=11)
    return describe(
        figure,
        "A block of a transformer. First half: normalize, attention over all places, and the "
        "input is added to the result. Second half: normalize, a dense layer, ReLU, a dense layer, "
        "and again the input of this half is added. Two green lines lead past the two halves.",
    )


# ------------------------------------------------------------------ measured here


def scaled_or_not(depths: Sequence[int] = (1, 4, 16, 64, 256, 1024)) -> Figure:
    """Draw how sharp the softmax over 16 random scores is, with the root of d and without."""
    figure, (sharp, slope) = new_figure(1, 2, size=(4.2, 3.0))
    ends = []
    for name, color, style, mark in (
        ("plain dot products", ORANGE, "--", "s"),
        (f"divided by {ROOT}", BLUE, "-", "o"),
    ):
        found = [
            experiments.sharpness(d, 1.0 if color == ORANGE else float(d) ** -0.5) for d in depths
        ]
        look: dict[str, Any] = {"color": color, "ls": style, "marker": mark, "label": name}
        sharp.semilogx(depths, [one.largest for one in found], base=4, **look)
        slope.semilogx(depths, [one.slope for one in found], base=4, **look)
        last = found[-1]
        said = name.replace(ROOT, "the root of d")
        ends.append(f"{said} {last.largest:.2f} and {last.slope:.3f}")
    for axes in (sharp, slope):
        axes.set_xticks(depths, [str(d) for d in depths])
        axes.minorticks_off()
    sharp.set_ylim(0, 1.05)
    slope.set_ylim(0, None)
    label(sharp, "d, numbers of a key", "largest of 16 weights a (mean)", "One key takes all ...")
    label(slope, "d, numbers of a key", "a (1 - a) (mean)", "... and no slope is left")
    sharp.legend(fontsize=9)
    return describe(
        figure,
        "Largest weight and mean slope a (1 - a) of a softmax over 16 random scores, against the "
        f"number d of entries of a key. At d = {depths[-1]}: {'; '.join(ends)}.",
    )


def waves(length: int = 64, width: int = 32) -> Figure:
    """Draw the table of sines and cosines, and how alike any two places are in it."""
    figure, (table, alike) = new_figure(1, 2, size=(4.4, 3.2))
    vectors = nn.sinusoidal_positions(length, width)
    image = table.imshow(vectors.T, cmap=DIVERGING, vmin=-1, vmax=1, aspect="auto")
    label(table, "place", "number of the vector", "A vector for each place")
    figure.colorbar(image, ax=table, shrink=0.8)
    for place, color, style in ((8, BLUE, "-"), (32, ORANGE, "--"), (48, GREEN, "-.")):
        dots = vectors @ vectors[place]
        alike.plot(dots, color=color, ls=style, label=f"with place {place}")
    alike.legend(fontsize=8, loc="lower center", ncols=3, columnspacing=0.8, handlelength=1.5)
    alike.set_ylim(1, width / 2 + 1)
    label(alike, "place", "dot product", "Near places are alike")
    return describe(
        figure,
        f"Left, the vectors of {length} places as columns of stripes, from quick waves above to "
        "slow ones below. Right, dot products of all places with three of them: each curve peaks "
        f"at its own place with {width / 2:g} and has the same shape, moved.",
    )


def cost(lengths: Sequence[int] = (16, 64, 256, 1024, 4096), width: int = 64) -> Figure:
    """Draw the multiplications of one layer against the length of the sequence."""
    figure, axes = new_figure(size=(5.2, 3.2))
    found = {
        "attention": ([record.products("attention", t, width) for t in lengths], BLUE, "-", "o"),
        "recurrent": ([record.products("recurrent", t, width) for t in lengths], ORANGE, "--", "s"),
    }
    for name, (counts, color, style, mark) in found.items():
        axes.loglog(lengths, counts, color=color, ls=style, marker=mark, label=name)
    axes.set_xticks(lengths, [f"{t:,}" for t in lengths])
    axes.minorticks_off()
    axes.legend(fontsize=9)
    label(axes, "T, places", "multiplications of one layer", f"Width {width}: the square wins")
    ends = ", ".join(f"{name} {counts[-1]:,}" for name, (counts, *_) in found.items())
    return describe(
        figure,
        f"Multiplications of one layer of width {width} against the number of places, both axes "
        f"logarithmic. At {lengths[-1]:,} places: {ends}.",
    )


# ------------------------------------------------------------------ from the record


LENGTH_KINDS = {  # trained on, blocks: what it is called and how it is drawn
    ("16", 1): ("one block, trained on 16", ORANGE, "--", "s"),
    ("4 to 16", 1): ("one block, on 4 to 16", BLUE, "-", "o"),
    ("4 to 16", 2): ("two blocks, on 4 to 16", GREEN, "-.", "^"),
}


def lengths() -> Figure:
    """Draw the share of letters right at other lengths than those of training, all seeds."""
    rows = record.read()["lengths"]
    figure, grid = new_figure(1, 2, size=(4.4, 3.2), sharey=True)
    said = []
    for axes, task in zip(grid, tasks.TASKS, strict=True):
        drawn = set()
        for row in rows:
            if row["task"] != task:
                continue
            kind = (row["trained"], row["blocks"])
            name, color, style, mark = LENGTH_KINDS[kind]
            places = [int(t) for t in row["letters"]]
            look: dict[str, Any] = {"color": color, "ls": style, "marker": mark, "ms": 3, "lw": 1}
            shares = list(row["letters"].values())
            axes.plot(places, shares, label=None if kind in drawn else name, **look)
            drawn.add(kind)
        axes.axvline(16, color=GREY, lw=1, ls=":")
        axes.set_xticks(range(4, 25, 4))
        axes.set_ylim(0, 1.04)
        label(axes, "letters of the test", "", f"{task.capitalize()}, each line a seed")
        for kind, (name, *_) in LENGTH_KINDS.items():
            at = [_percent(record.lengths_at(task, *kind, t)) for t in (4, 12, 16, 20)]
            said.append(f"{task}, {name}: {', '.join(at)}")
    grid[0].set_ylabel("share of letters right")
    figure.suptitle(record.caption(), fontsize=8.5, x=0.01, ha="left", color="#555")
    figure.legend(*grid[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return describe(
        figure,
        "Share of letters right over the letters of the test, from 4 to 24: a panel for reversing, "
        "a panel for sorting, a line for each of five seeds, a dotted line at 16 letters. Networks "
        "trained on 16 alone have a peak there, sharp when reversing, with slopes on both sides "
        "when sorting. Those trained on 4 to 16 are best at few letters and fall off from about 8 "
        "on; up to 16, two blocks lie above one. In percent at 4, 12, 16 and 20 letters: "
        f"{'; '.join(said)}.",
    )


def _percent(shares: Sequence[float]) -> str:
    """Say from where to where shares go, in whole percent."""
    low, high = (f"{100 * end:.0f}" for end in (min(shares), max(shares)))
    return low if low == high else f"{low} to {high}"


def recall() -> Figure:
    """Draw how recall rises in training, a line for each seed."""
    rows = record.read()["recall"]
    figure, axes = new_figure(size=(6.0, 3.4))
    names = list(dict.fromkeys(row["network"] for row in rows))
    said = []
    for kind, name in enumerate(names):
        color, style, mark = CYCLE[kind], STYLES[kind % 4], MARKS[kind]
        curves = [row for row in rows if row["network"] == name]
        for number, row in enumerate(curves):
            steps = np.linspace(0, row["steps"], 11)[1:]
            look: dict[str, Any] = {"color": color, "ls": style, "marker": mark, "ms": 3, "lw": 1.2}
            axes.plot(steps, row["right"], label=None if number else name, **look)
        last = [row["right"][-1] for row in curves]
        said.append(f"{name}: {min(last):.2f} to {max(last):.2f} at the end")
    guess = experiments.most_frequent(8, 16)
    axes.axhline(guess, color=GREY, lw=1, ls=":")
    axes.set_ylim(0, 1.04)
    axes.legend(fontsize=8.5, loc="center right", bbox_to_anchor=(1, 0.72))
    label(axes, "training steps", "share recalled", "Recall: 8 keys, each line a seed")
    figure.suptitle(record.caption(), fontsize=8.5, x=0.01, ha="left", color="#555")
    return describe(
        figure,
        "Share of recalled values against training steps, a line for each of five seeds, and a "
        f"dotted line at {guess:.2f} for naming the most frequent value. {'; '.join(said)}.",
    )


def writers() -> Figure:
    """Draw the bits per letter of counts and networks on two texts, a dot for each seed."""
    figure, grid = new_figure(1, 2, size=(5.0, 2.9), sharey=True)
    names = list(dict.fromkeys(row["network"] for row in record.writers("manual")[1]))
    said = []
    for axes, (text, called) in zip(grid, TEXTS.items(), strict=True):
        counts, runs = record.writers(text)
        for place, name in enumerate(names):
            values = [row["bits"] for row in runs if row["network"] == name]
            axes.plot(values, [place] * len(values), "o", color=CYCLE[place], ms=6, alpha=0.8)
            if values:
                said.append(f"{called}, {name}: {min(values):.2f} to {max(values):.2f}")
        for length in (3, 4, 5, 6):
            bits = counts["bits"][length - 1]
            axes.axvline(bits, color=GREY, lw=1.2, ls="--")
            axes.text(bits, -0.6 - 0.35 * (length % 2), str(length), **_middle(fontsize=9))
            said.append(f"{called}, counts of runs of {length} letters: {bits:.2f}")
        axes.set_ylim(-1.3, len(names) - 0.5)
        title = f"{called}, {counts['read']:,} letters read"
        label(axes, "bits per letter of a new text", "", title)
    grid[0].set_yticks(range(len(names)), names, fontsize=9)
    figure.suptitle(record.caption(), fontsize=8.5, x=0.01, ha="left", color="#555")
    return describe(figure, f"Bits per letter of a new text. {'; '.join(said)}.")


TEXTS = {"manual": "Python's manual", "stories": "Stories of data"}
