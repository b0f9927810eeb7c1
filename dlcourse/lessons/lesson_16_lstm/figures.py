"""Figures of lesson 16: the cell, text in colour, gates over time, gradients, records."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.layout import RECORDS
from dlcourse.lessons.lesson_16_lstm.quotes import told
from dlcourse.lessons.lesson_16_lstm.trace import GATES, LSTMTrace
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

SIGNS = LinearSegmentedColormap.from_list("signs", [ORANGE, "white", BLUE])  # as on the board
STYLES = ("-", "--", "-.", ":")
ROWS = {  # of the drawings over time: what each line is called
    "i": "input gate i",
    "f": "forget gate f",
    "g": "candidate g",
    "o": "output gate o",
    "c": "cell c",
    "h": "hidden h",
}
ROW_COLORS = {"i": GREEN, "f": ORANGE, "g": PURPLE, "o": BLUE, "c": BLACK, "h": GREY}


PALE = 0.13  # how strongly a part is drawn that comes in a later step
STEPS = (  # what each step adds, with the numbers of the example by hand
    r"1  Keep: $f\,c$ = 0.7685 · 0.2 = 0.1537",
    r"2  Write: $i\,g$ = 0.6341 · 0.7616 = 0.4830",
    r"3  The new cell: 0.1537 + 0.4830 = 0.6367",
    r"4  Show: $o\,\tanh(c)$ = 0.6682 · 0.5626 = 0.3759",
)


def four_steps() -> Figure:
    """Draw the cell four times, each time with one part more, and its number."""
    figure, grid = new_figure(2, 2, size=(3.6, 2.2))
    for number, (axes, text) in enumerate(zip(grid.flat, STEPS, strict=True), 1):
        _cell(axes, number)
        axes.set_title(text, fontsize=10, loc="left")
    return describe(
        figure,
        "The LSTM cell in four steps. First only the belt and the forget gate: 0.2 is multiplied "
        "by 0.7685, and 0.1537 is left. Then input gate times candidate, 0.4830, is made ready. "
        "Then it is added to the belt: 0.6367. Last, the output gate shows 0.3759 of it as h.",
    )


def _cell(axes: Axes, step: int) -> None:
    """Draw the cell; parts of a later step are pale."""
    axes.set(xlim=(0, 12), ylim=(0, 5.7), aspect="equal")
    axes.axis("off")

    def shown(part: int) -> float:
        return 1.0 if part <= step else PALE

    def arrow(
        part: int, *points: tuple[float, float], color: str = BLACK, width: float = 1.3
    ) -> None:
        look: dict[str, Any] = {"color": color, "lw": width, "alpha": shown(part)}
        for start, end in pairwise(points[:-1]):
            axes.plot([start[0], end[0]], [start[1], end[1]], **look)
        axes.add_patch(FancyArrowPatch(*points[-2:], arrowstyle="-|>", mutation_scale=13, **look))

    def box(part: int, x: float, text: str, fill: str, asks: str, width: float = 1.2) -> None:
        look: dict[str, Any] = {"fc": fill, "ec": BLACK, "alpha": shown(part)}
        axes.add_patch(FancyBboxPatch((x - width / 2, 1.5), width, 0.62, "round,pad=0.05", **look))
        middle: dict[str, Any] = {"ha": "center", "va": "center", "alpha": shown(part)}
        axes.text(x, 1.81, text, fontsize=8.5, **middle)
        axes.text(x + 0.1, 2.35, asks, fontsize=8.5, color="#555", alpha=shown(part))

    def spot(part: int, x: float, y: float, text: str) -> None:
        axes.add_patch(Circle((x, y), 0.27, fc="white", ec=BLACK, zorder=3, alpha=shown(part)))
        middle: dict[str, Any] = {"ha": "center", "va": "center", "alpha": shown(part)}
        axes.text(x, y, text, fontsize=13, zorder=4, **middle)

    arrow(1, (0.6, 4.8), (11.5, 4.8), color=ORANGE, width=5)
    spot(1, 3, 4.8, r"$\times$")
    spot(3, 5.6, 4.8, "+")
    spot(2, 5.6, 3.4, r"$\times$")
    spot(4, 9.9, 3.0, r"$\times$")
    box(1, 3, r"$f = \sigma$", "#FBEBCB", "keep?")
    box(2, 4.6, r"$i = \sigma$", "#D9F0E6", "write?")
    box(2, 6.6, r"$g = \tanh$", "#F3E1EC", "what?", 1.8)
    box(4, 8.5, r"$o = \sigma$", "#DCEBF5", "show?")
    arrow(1, (3, 2.17), (3, 4.5))
    arrow(2, (4.6, 2.17), (4.6, 3.4), (5.3, 3.4))
    arrow(2, (6.6, 2.17), (6.6, 3.4), (5.9, 3.4))
    arrow(3, (5.6, 3.67), (5.6, 4.5))
    arrow(4, (8.5, 2.17), (8.5, 3.0), (9.6, 3.0))
    arrow(4, (9.9, 4.8), (9.9, 3.3))
    axes.text(10.05, 3.85, "tanh", fontsize=10, alpha=shown(4))
    arrow(4, (9.9, 2.73), (9.9, 0.7), (11.5, 0.7), color=BLUE, width=2.2)
    for part, start, end in ((1, 0.6, 3), (2, 3, 6.6), (4, 6.6, 8.5)):
        axes.plot([start, end], [0.7, 0.7], color=BLUE, lw=2.2, alpha=shown(part))
    for part, x in ((1, 3), (2, 4.6), (2, 6.6), (4, 8.5)):
        arrow(part, (x, 0.7), (x, 1.42), color=BLUE)
    for part, x, y, text in (
        (1, 0.55, 5.15, "$c_{t-1}$"),
        (3, 11, 5.15, "$c_t$"),
        (1, 0.55, 0.95, r"$x_t,\ h_{t-1}$"),
        (4, 11, 0.95, "$h_t$"),
    ):
        axes.text(x, y, text, fontsize=12, alpha=shown(part))


def coloured_text(
    text: str, inside: Array, states: Mapping[str, Array], per_line: int = 45
) -> Figure:
    """Draw a text once for each network, every character on the colour of one number of its state.

    Parameters
    ----------
    text : str
    inside : Array of bool, shape (characters,)
        Where a quotation is open; those characters are underlined.
    states : mapping of str to Array of shape (characters,)
    per_line : int
    """
    lines = -(-len(text) // per_line)
    figure, grid = new_figure(len(states), 1, size=(6.6, 0.35 + 0.36 * lines), squeeze=False)
    for axes, (name, values) in zip(grid.flat, states.items(), strict=True):
        limit = np.quantile(abs(values), 0.8)  # the few largest leave the others no colour
        colors = SIGNS(0.5 + 0.4 * np.clip(values / limit, -1, 1))
        for place, (letter, color) in enumerate(zip(text, colors, strict=True)):
            x, y = place % per_line, -(place // per_line)
            axes.add_patch(Rectangle((x, y), 1, 0.86, color=color, lw=0))
            look: dict[str, Any] = {
                "ha": "center",
                "va": "center",
                "fontsize": 9,
                "family": "monospace",
            }
            axes.text(x + 0.5, y + 0.46, letter, color=BLACK, **look)
            if inside[place]:
                axes.plot([x, x + 1], [y + 0.02] * 2, color=BLACK, lw=2, solid_capstyle="butt")
        axes.set(xlim=(0, per_line), ylim=(1 - lines - 0.1, 1))
        axes.set_title(name, fontsize=10, loc="left")
        axes.axis("off")
    findings = [f"{name}, {_follows(values, inside)}" for name, values in states.items()]
    return describe(
        figure,
        f"A text of {len(text)} characters, coloured by {'; '.join(findings)}. Orange is negative, "
        "blue positive; a black line underlines what is inside a quotation.",
    )


def _follows(values: Array, inside: Array) -> str:
    """Say whether a number tells inside from outside."""
    share = told(values, inside)
    return f"which {'follows' if share > 0.95 else 'does not follow'} the quotations"


def two_gradients(curves: Mapping[str, Sequence[tuple[Array, Array]]]) -> Figure:
    """Draw what is left of a gradient along the belt alone and along all paths, seed by seed.

    Parameters
    ----------
    curves : mapping of str to sequence of (belt, whole)
        A panel for each entry, a pair of Arrays of shape (steps,) for each seed.
    """
    figure, grid = new_figure(1, len(curves), size=(2.2, 3.2), squeeze=False, sharey=True)
    ends = []
    for axes, (name, pairs) in zip(grid.flat, curves.items(), strict=True):
        for seed, (belt, whole) in enumerate(pairs):
            first = seed == 0
            axes.semilogy(belt, "--", color=ORANGE, lw=1.4, label="belt alone" if first else None)
            axes.semilogy(whole, color=BLUE, lw=1.4, label="all paths" if first else None)
        axes.axhline(1, color=GREY, lw=0.8, ls=":")
        left = "share of the gradient left" if axes is grid.flat[0] else ""
        label(axes, "steps back in time", left, name)
        spans = [sorted(float(pair[k][-1]) for pair in pairs) for k in (0, 1)]
        told = [f"{span[0]:.0e} to {span[-1]:.0e}" for span in spans]
        ends.append(f"{name}: belt {told[0]}, all paths {told[1]}")
    grid.flat[0].legend(fontsize=9)
    return describe(
        figure,
        "Share of a gradient that is left, against the steps it has come back, on a logarithmic "
        f"axis; two lines for each seed. At the far end, {'; '.join(ends)}.",
    )


def recorded(name: str) -> dict[str, Any]:
    """Return a record of longer runs.

    Raises
    ------
    FileNotFoundError
        If there is none. Nothing is shown that was not measured.
    """
    path = RECORDS / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(
            f"there is no record {path.name}; make it with: python -m benchmarks.{name}"
        )
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def quotes_record() -> Table:
    """Return what ten seeds of each network learned about quotations, all of them."""
    record = recorded("quotes")
    rows = []
    for name in dict.fromkeys(run["name"] for run in record["runs"]):
        runs = [run for run in record["runs"] if run["name"] == name]
        found = sum(run["share"] >= 0.95 for run in runs)
        columns = [", ".join(f"{100 * run[key]:.0f}" for run in runs) for key in ("right", "share")]
        rows.append([name, *columns, f"{found} of {len(runs)}"])
    return Table(
        [
            "network",
            "knows whether a full stop may come: %, seed by seed",
            "best single number: %",
            "has a quote cell",
        ],
        rows,
        caption=f"Recorded {record['date']} on one thread of {record['processor']}. "
        "A quote cell tells inside from outside at 95 % of all characters or more.",
    )


def rivals_record() -> Table:
    """Return what other networks made of the adding problem, every seed of each."""
    record = recorded("adding_rivals")
    rows = []
    for (name, lag), runs in _grouped(record["runs"]).items():
        met = sum(run["stopped"] and run["wrong"] <= record["allowed_wrong"] for run in runs)
        stops = [run["sequences"] for run in runs if run["stopped"]]
        span = f"{min(stops):,} to {max(stops):,}" if stops else "-"
        rows.append(
            [
                lag,
                name,
                f"{runs[0]['learning_rate']:g}",
                f"{runs[0]['most_sequences']:,}",
                f"{len(stops)} of {len(runs)}",
                span,
                f"{met} of {len(runs)}",
            ]
        )
    return Table(
        ["T", "network", "rate", "budget", "seeds that stopped", "after", "at most 3 wrong"],
        rows,
        caption=f"Recorded {record['date']} on one thread of {record['processor']}.",
    )


def rivals_dots() -> Figure:
    """Draw how many of 2,560 sequences each network gets wrong, a dot for each seed."""
    record = recorded("adding_rivals")
    groups = _grouped(record["runs"])
    figure, axes = new_figure(size=(6.6, 0.9 + 0.42 * len(groups)))
    for row, ((name, lag), runs) in enumerate(groups.items()):
        wrong = [run["wrong"] for run in runs]
        axes.plot(wrong, [-row] * len(wrong), "o", color=CYCLE[row % len(CYCLE)], ms=7, alpha=0.65)
        axes.text(
            *(0, -row, f"{name}, T = {lag}  "),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=9,
        )
    axes.axvline(record["allowed_wrong"], color=GREY, ls="--", label="allowed in 1997: 3")
    axes.set_xscale("symlog", linthresh=10)
    axes.set(yticks=[], ylim=(0.5 - len(groups), 0.5), xlim=(-1, 3200))
    axes.set_xticks([0, 3, 10, 100, 1000, 2560], ["0", "3", "10", "100", "1000", "2560"])
    label(axes, f"wrong of {record['test_sequences']:,} fresh sequences", "")
    axes.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0, 1))
    best = "; ".join(
        f"{name}, T = {lag}: {min(r['wrong'] for r in runs)} to {max(r['wrong'] for r in runs)}"
        for (name, lag), runs in groups.items()
    )
    return describe(figure, f"Wrong answers on the adding problem, a dot for each seed. {best}.")


def _grouped(runs: Sequence[dict[str, Any]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the runs of each network and lag."""
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for run in runs:
        groups.setdefault((run["name"], run["lag"]), []).append(run)
    return groups


def reber_graph() -> Figure:
    """Draw Reber's grammar and, around it, the embedding."""
    figure, axes = new_figure(size=(7.6, 3.0))
    axes.set(xlim=(-0.2, 11.2), ylim=(-0.5, 4.5), aspect="equal")
    axes.axis("off")
    at = {1: (2.0, 2), 2: (4.2, 3.4), 3: (4.2, 0.6), 4: (6.6, 3.4), 5: (6.6, 0.6), 6: (8.8, 2)}
    spots = {0: (0.4, 2), 7: (10.6, 2)} | at
    for state, (x, y) in spots.items():
        axes.add_patch(Circle((x, y), 0.33, fc="#DCEBF5", ec=BLACK))
        axes.text(x, y, str(state), ha="center", va="center", fontsize=10)

    def edge(start: int, end: int, symbol: str, bend: float = 0.0, shift: float = 0.28) -> None:
        (x0, y0), (x1, y1) = spots[start], spots[end]
        axes.add_patch(
            FancyArrowPatch(
                (x0, y0),
                (x1, y1),
                connectionstyle=f"arc3,rad={bend}",
                arrowstyle="-|>",
                mutation_scale=12,
                shrinkA=12,
                shrinkB=12,
                color=BLACK,
            )
        )
        length = float(np.hypot(x1 - x0, y1 - y0))
        across = shift + bend * length / 2
        middle = ((x0 + x1) / 2 + (y1 - y0) / length * across, (y0 + y1) / 2)
        axes.text(
            middle[0],
            middle[1] - (x1 - x0) / length * across,
            symbol,
            ha="center",
            va="center",
            fontsize=12,
            color=BLUE,
            weight="bold",
        )

    for start, end, symbol, bend, shift in (
        (0, 1, "B", 0.0, -0.3),
        (1, 2, "T", 0.0, -0.3),
        (1, 3, "P", 0.0, 0.3),
        (2, 4, "X", 0.0, -0.3),
        (3, 5, "V", 0.0, 0.3),
        (4, 3, "X", 0.0, 0.3),
        (5, 4, "P", 0.0, 0.3),
        (4, 6, "S", 0.0, -0.3),
        (5, 6, "V", 0.0, 0.3),
        (6, 7, "E", 0.0, -0.3),
    ):
        edge(start, end, symbol, bend, shift)
    for (x, y), symbol, up in ((spots[2], "S", 1), (spots[3], "T", -1)):
        axes.add_patch(
            FancyArrowPatch(
                (x - 0.2, y + 0.27 * up),
                (x + 0.2, y + 0.27 * up),
                connectionstyle=f"arc3,rad={-1.8 * up}",
                arrowstyle="-|>",
                mutation_scale=12,
                color=BLACK,
            )
        )
        axes.text(x - 0.55, y + 0.55 * up - 0.12, symbol, color=BLUE, fontsize=12, weight="bold")
    return describe(
        figure,
        "Reber's grammar as a graph of eight states. B leads to a fork: T to a state that repeats "
        "S, or P to a state that repeats T. The two ways cross by X and P, meet before E, and end.",
    )


def lstm_rows(trace: LSTMTrace, unit: int) -> dict[str, Array]:
    """Return i, f, g, o, c and h of one unit, each of shape (time,)."""
    rows = {name: trace.gates[k, :, unit] for k, name in enumerate(GATES)}
    return rows | {"c": trace.cell[1:, unit], "h": trace.hidden[1:, unit]}


def gate_traces(
    traces: Mapping[str, LSTMTrace], unit: int, symbols: Sequence[str] | str = ""
) -> Figure:
    """Draw what one unit does over time, a column for each run.

    Parameters
    ----------
    traces : mapping of str to LSTMTrace
        One run each, under its title; equally long.
    unit : int
    symbols : sequence of str
        What is read at each step, for the axis below.
    """
    figure, grid = new_figure(
        len(ROWS), len(traces), size=(6.4 / len(traces), 0.85), squeeze=False, sharex=True
    )
    limit = max(1.0, *(float(abs(trace.cell[:, unit]).max()) for trace in traces.values()))
    for column, (title, trace) in zip(grid.T, traces.items(), strict=True):
        steps = np.arange(len(trace.x))
        for axes, (name, values) in zip(column, lstm_rows(trace, unit).items(), strict=True):
            axes.bar(steps, values, 0.85, color=ROW_COLORS[name])
            if name in "ifo":
                held = np.flatnonzero(trace.held[GATES.index(name), :, unit])
                axes.bar(held, 1, 0.95, fill=False, edgecolor=RED, lw=1.6)
            low, high = {"c": (-limit, limit)}.get(name, (0, 1) if name in "ifo" else (-1, 1))
            axes.set_ylim(1.1 * low, 1.1 * high)
            axes.axhline(0, color=GREY, lw=0.6)
            axes.tick_params(labelsize=9)
            axes.margins(x=0.01)
        column[0].set_title(title, loc="left", fontsize=10)
        column[-1].set_xticks(steps, list(symbols) or None, fontsize=9)
        column[-1].set_xlabel("symbol read" if symbols else "step", fontsize=10)
    for axes, text in zip(grid[:, 0], ROWS.values(), strict=True):
        axes.set_ylabel(
            text.replace(" ", "\n", 1), fontsize=9.5, rotation=0, ha="right", va="center"
        )
    return describe(
        figure,
        f"Gates, candidate, cell and hidden state of one unit at {len(steps)} steps, a column for "
        f"each run: {', '.join(traces)}. A red frame marks a gate that is held by hand.",
    )


def cell_growth(largest: Mapping[str, Array]) -> Figure:
    """Draw the largest cell of a layer as it reads a stream that never ends.

    Parameters
    ----------
    largest : mapping of str to Array of shape (time,)
        The largest absolute value of any cell, for each network.
    """
    figure, axes = new_figure(size=(5.8, 3.2))
    for k, (name, values) in enumerate(largest.items()):
        axes.semilogy(values, STYLES[k], color=CYCLE[k], lw=2, label=name)
    label(axes, "symbols read", "largest |c|", "Without forgetting, the cell grows without limit")
    axes.legend()
    ends = ", ".join(
        f"{name}: {'more' if values[-1] > 100 else 'less'} than 100"
        for name, values in largest.items()
    )
    return describe(
        figure,
        f"Largest absolute cell state while a stream of symbols is read, on a logarithmic axis. "
        f"At the end it is, for {ends}.",
    )


def seed_dots(values: Mapping[str, Sequence[float]], x: str, marks: Mapping[str, float]) -> Figure:
    """Draw one dot for each run, a row for each network.

    Parameters
    ----------
    values : mapping of str to sequence of float
    x : str
        What is measured, with its unit.
    marks : mapping of str to float
        Values to compare with, as vertical lines.
    """
    figure, axes = new_figure(size=(6.6, 0.7 + 0.45 * len(values)))
    for row, (name, dots) in enumerate(values.items()):
        axes.plot(dots, [-row] * len(dots), "o", color=CYCLE[row % len(CYCLE)], ms=7, alpha=0.65)
        axes.text(
            0, -row, f"{name}  ", transform=axes.get_yaxis_transform(), ha="right", va="center"
        )
    for k, (name, value) in enumerate(marks.items()):
        axes.axvline(value, color=GREY, ls=STYLES[1 + k % 3], label=name)
    axes.set(yticks=[], ylim=(0.5 - len(values), 0.5))
    label(axes, x, "")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    return describe(
        figure,
        f"{x[0].upper()}{x[1:]}: a dot for each run, a row each for {'; '.join(values)}. "
        f"A vertical line marks {', '.join(marks)}.",
    )


def adding_record() -> Table:
    """Return what the longer runs of the adding problem reached, a row for each lag.

    The runs are made by ``python -m benchmarks.adding_problem``; the record holds every one.

    Raises
    ------
    FileNotFoundError
        If there is no record. Nothing is shown that was not measured.
    """
    record = recorded("adding_problem")
    rows = []
    for lag in dict.fromkeys(run["lag"] for run in record["runs"]):
        runs = [run for run in record["runs"] if run["lag"] == lag]
        met = sum(run["wrong"] <= record["allowed_wrong"] for run in runs)
        sequences = sorted(run["sequences"] for run in runs if run["stopped"])
        span = f"{sequences[0]:,} to {sequences[-1]:,}" if sequences else "-"
        rows.append(
            [
                lag,
                f"{len(sequences)} of {len(runs)}",
                span,
                ", ".join(str(run["wrong"]) for run in runs),
                f"{met} of {len(runs)}",
            ]
        )
    return Table(
        [
            "T",
            "seeds that stopped",
            "after sequences",
            f"wrong of {record['test_sequences']:,}, seed by seed",
            f"at most {record['allowed_wrong']} wrong",
        ],
        rows,
        caption=(
            f"Recorded {record['date']} on one thread of {record['processor']}; "
            f"at most {record['most_sequences']:,} sequences per run."
        ),
    )
