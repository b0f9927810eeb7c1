"""Figures of lesson 21: who is misread, a shared batch, Amdahl's limit, and all machines."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from numpy.typing import NDArray

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons import digits
from dlcourse.lessons.lesson_21_scale import scale
from dlcourse.lessons.lesson_21_scale.groups import SHARES, Rates
from dlcourse.nn.contract import Array
from dlcourse.syllabus import LESSONS

STYLES = ("-", "--", "-.", ":")
GROUPS = {"A": (BLUE, "o", "-"), "B": (ORANGE, "s", "--"), "everybody": (BLACK, "^", "-.")}
Labels = NDArray[np.integer]


def who_is_misread(
    x: Array, answers: Labels, y: Labels, rates: Sequence[Rates], shown: int = 8
) -> Figure:
    """Draw the same digits as two groups have them, what was answered, and who is misread.

    Parameters
    ----------
    x, answers, y : arrays
        As `groups.both_groups` gives them: first all digits as group A has them, then as B.
    rates : sequence of Rates
        One for each seed.
    shown : int
        How many digits are drawn.
    """
    half = len(y) // 2
    labels = y[:shown]
    images = x[:shown], x[half : half + shown]
    both = answers[:shown], answers[half : half + shown]
    figure, grid = new_figure(
        2, shown + 2, size=(0.86, 1.15), width_ratios=[*[1] * shown, 0.7, 5], squeeze=False
    )
    told = []
    for row, (name, own, said) in enumerate(zip("AB", images, both, strict=True)):
        for column in range(shown):
            axes = grid[row, column]
            axes.imshow(own[column, :, :, 0], cmap="gray_r", vmin=0, vmax=1)
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(True)
            right = said[column] == labels[column]
            mark = "" if right else " \N{MULTIPLICATION SIGN}"
            weight = "normal" if right else "bold"
            axes.set_xlabel(f"{said[column]}{mark}", fontsize=11, fontweight=weight)
        grid[row, 0].set_ylabel(f"group {name}", fontsize=11)
        told.append(f"group {name} is answered {' '.join(map(str, said))}")
        grid[row, shown].set_axis_off()
        grid[row, shown + 1].set_axis_off()
    bars = figure.add_subplot(grid[0, 0].get_gridspec()[:, shown + 1])
    bars.spines[["top", "right"]].set_visible(False)
    found = 100 * np.array(rates)
    for place, (name, column) in enumerate((("everybody", 2), ("A", 0), ("B", 1))):
        color, mark, _ = GROUPS[name]
        mean = found[:, column].mean()
        bars.barh(place, mean, color=color, alpha=0.75)
        bars.plot(found[:, column], [place] * len(found), mark, color=BLACK, ms=4, mfc="white")
        bars.text(found[:, column].max() + 1.5, place, f"{mean:.1f}", va="center")
        told.append(f"{name} {mean:.1f} %")
    bars.set_yticks(range(3), ["everybody", "group A (95 %)", "group B (5 %)"])
    bars.set_ylim(2.6, -0.6)
    bars.set_xlim(0, 100 * max(rate.b for rate in rates) + 10)
    label(bars, "wrong answers, %", "", f"{len(found)} networks, a mark for each")
    return describe(
        figure,
        f"The same digits {' '.join(map(str, labels))} dark on light and light on dark: "
        f"{told[0]}, {told[1]}. Wrong answers on average: {', '.join(told[2:])}.",
    )


def shared_batch(sizes: Sequence[int]) -> Figure:
    """Draw how devices share a batch: rows out, gradients in, one step for all."""
    figure, axes = new_figure(size=(8.4, 2.7))
    axes.set(xlim=(0, 10), ylim=(0, 4))
    axes.set_axis_off()
    total = sum(sizes)
    _box(axes, (0.1, 1.3), (1.6, 1.4), f"batch\n{total} rows", GREY)
    _box(axes, (6.0, 1.3), (1.9, 1.4), "mean, each\ncounted by\nits rows", GREEN)
    _box(axes, (8.3, 1.3), (1.6, 1.4), "the same\nstep on all", GREY)
    heights = np.linspace(2.5, 0.1, len(sizes))
    for device, (size, height) in enumerate(zip(sizes, heights, strict=True)):
        text = f"device {device + 1}: {size} rows\nforward, backward"
        _box(axes, (2.6, height), (2.4, 1.2), text, CYCLE[device % len(CYCLE)])
        _arrow(axes, (1.75, 2.0), (2.55, height + 0.6))
        _arrow(axes, (5.05, height + 0.6), (5.95, 2.0), "gradients" if device == 0 else "")
    _arrow(axes, (7.95, 2.0), (8.25, 2.0))
    rows = " and ".join(map(str, sizes))
    return describe(
        figure,
        f"A batch of {total} rows goes to {len(sizes)} devices, {rows} rows each. Every device has "
        "the same weights, goes forward and backward, and hands in its gradients. Their mean, each "
        "counted by its rows, makes the same step on all.",
    )


def _box(
    axes: Axes, corner: tuple[float, float], size: tuple[float, float], text: str, color: str
) -> None:
    patch = FancyBboxPatch(
        corner, *size, boxstyle="round,pad=0.02,rounding_size=0.12", fc=color, ec=BLACK, alpha=0.28
    )
    axes.add_patch(patch)
    middle = corner[0] + size[0] / 2, corner[1] + size[1] / 2
    axes.text(*middle, text, ha="center", va="center", fontsize=10, color=BLACK)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str = ""
) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": BLACK, "lw": 1.3})
    if text:
        axes.text(
            (start[0] + end[0]) / 2 + 0.1, (start[1] + end[1]) / 2 + 0.3, text,
            fontsize=9, color=BLACK,
        )  # fmt: skip


def amdahl_limits(shares: Sequence[float]) -> Figure:
    """Draw the gain over the number of workers, by Amdahl's law, for shares that can be divided."""
    workers = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
    figure, axes = new_figure(size=(6.2, 3.9))
    axes.plot(workers, workers, color=GREY, ls=":", label="all of it")
    told = []
    for place, share in enumerate(shares):
        gains = scale.gain(share, workers)
        style = STYLES[place % len(STYLES)]
        axes.plot(workers, gains, color=CYCLE[place], ls=style, lw=2, label=f"{share:.0%}")
        told.append(f"{share:.0%} divided: {gains[3]:.1f} on 8, {gains[-1]:.1f} on 1,024")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.yaxis.set_major_formatter("{x:.0f}")
    axes.set_ylim(0.9, 130)
    label(axes, "workers", "times faster", "What cannot be divided sets the limit")
    axes.legend(title="can be divided", fontsize=9)
    return describe(
        figure, f"Times faster over the number of workers, both logarithmic. {'; '.join(told)}."
    )


def group_errors(
    rows: Mapping[tuple[str, str, float], Array], kinds: Sequence[str] = ("inverted", "mirrored")
) -> Figure:
    """Draw the errors of both groups and of everybody over the share of B."""
    figure, panels = new_figure(1, len(kinds), size=(4.1, 3.7), sharey=True, squeeze=False)
    places, told = np.arange(len(SHARES)), []
    for axes, kind in zip(panels[0], kinds, strict=True):
        found = 100 * np.array([rows[kind, "as it is", share] for share in SHARES])
        for name, column in (("B", 1), ("everybody", 2), ("A", 0)):
            color, mark, style = GROUPS[name]
            values = found[:, :, column]
            middle = np.median(values, axis=1)
            axes.plot(places, middle, color=color, marker=mark, ls=style, label=name)
            axes.fill_between(places, values.min(1), values.max(1), color=color, alpha=0.18)
            told.append(f"{kind}, {name}: {', '.join(f'{value:.0f}' for value in middle)} %")
        axes.set_xticks(places, [f"{100 * share:.0f}" for share in SHARES])
        axes.set_ylim(0, 105)
        title = f"B is {kind}"
        label(axes, "share of B in training and in use, %", "wrong answers, %", title)
    panels[0, 0].legend()
    for axes in panels[0, 1:]:
        axes.set_ylabel("")
    shares = ", ".join(f"{share:.0%}" for share in SHARES)
    return describe(
        figure,
        "Wrong answers over the share of group B, medians, the band from the lowest to the highest "
        f"seed. Shares {shares}. {'; '.join(told)}.",
    )


def confusions(counts: Mapping[str, Array]) -> Figure:
    """Draw which digit is taken for which; on the diagonal stands what is right."""
    figure, panels = new_figure(1, len(counts), size=(4.3, 4.1), squeeze=False)
    told = []
    for axes, (name, table) in zip(panels[0], counts.items(), strict=True):
        axes.imshow(table, cmap="Blues", vmin=0, vmax=table.sum(axis=1).max())
        for row, column in np.argwhere(table > 0):
            dark = table[row, column] > table.sum(axis=1).max() / 2
            axes.text(
                column, row, str(table[row, column]), ha="center", va="center", fontsize=8,
                color="white" if dark else BLACK,
            )  # fmt: skip
        axes.set(xticks=range(len(table)), yticks=range(len(table)))
        label(axes, "answer", "digit", name)
        off = table - np.diag(np.diag(table))
        row, column = np.unravel_index(off.argmax(), off.shape)
        told.append(
            f"{name}: {off.sum()} of {table.sum()} off the diagonal, most often {row} is taken "
            f"for {column} ({off[row, column]} times)"
        )
    return describe(figure, f"Counts of digits by answer. {'; '.join(told)}.")


def two_hundred(hundreds: Mapping[str, Sequence[int]]) -> Figure:
    """Draw two groups of a hundred, a mark each: who is ill, and whom a test flags.

    Parameters
    ----------
    hundreds : dict
        For each group, how many are ill and flagged, ill and missed, well and flagged, well and
        passed.
    """
    looks = {
        "ill, flagged": (ORANGE, "s", ORANGE),
        "ill, missed": (ORANGE, "s", "none"),
        "well, flagged": (BLUE, "o", BLUE),
        "well, passed": (BLUE, "o", "none"),
    }
    figure, panels = new_figure(1, len(hundreds), size=(3.9, 3.5), squeeze=False)
    told = []
    for axes, (group, counts) in zip(panels[0], hundreds.items(), strict=True):
        names = np.repeat(list(looks), counts)
        for name, (color, mark, inside) in looks.items():
            chosen = np.flatnonzero(names == name)
            axes.plot(
                chosen % 10, chosen // 10, mark, color=color, mfc=inside, ms=9, ls="", label=name
            )
        axes.set(xticks=[], yticks=[], xlim=(-0.7, 9.7), ylim=(9.7, -0.7))
        axes.spines[:].set_visible(False)
        axes.set_title(group, loc="left", fontsize=11)
        pairs = zip(counts, looks, strict=True)
        told.append(f"{group}: {', '.join(f'{count} {name}' for count, name in pairs)}")
    handles, names_shown = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, names_shown, loc="outside lower center", ncols=4, fontsize=9)
    return describe(figure, f"Two groups of a hundred people. {'; '.join(told)}.")


def all_machines(last: str, wrong: Sequence[int]) -> Figure:
    """Draw how many digits each lesson's machine got wrong: mean, lowest and highest seed.

    Parameters
    ----------
    last : str
        The machine of lesson 21.
    wrong : sequence of int
        Its wrong digits, one number per seed.
    """
    lines = [(each.number, *each.digits) for each in LESSONS if each.digits and each.number < "21"]
    lines.append(("21", last, tuple(wrong)))
    figure, axes = new_figure(size=(8.6, 0.31 * len(lines) + 1.0))
    told = []
    for place, (number, machine, counts) in enumerate(lines):
        own = number == "21"
        color, mark = (ORANGE, "s") if own else (BLUE, "o")
        axes.plot([min(counts), max(counts)], [place, place], color=color, lw=2)
        mean = float(np.mean(counts))
        axes.plot(mean, place, mark, color=color, ms=8 if own else 6)
        told.append(f"{number} {machine} {mean:.1f}")
    axes.set_yticks(range(len(lines)), [f"{machine}  {number}" for number, machine, _ in lines])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.grid(axis="x", alpha=0.3)
    label(axes, f"wrong of {digits.TESTED} digits by other hands", "")
    return describe(
        figure, f"Wrong digits of each lesson's machine, on average: {'; '.join(told)}."
    )
