"""Figures of lesson 16: the cell, Reber's grammar, gates over time, gradients, forecasts."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    DIVERGING,
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
from dlcourse.lessons.lesson_16_lstm.trace import GATES, LSTMTrace
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

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


def lstm_diagram() -> Figure:
    """Draw one LSTM cell: the belt on top, three gates on it, the hidden state below."""
    figure, axes = new_figure(size=(7.6, 3.7))
    axes.set(xlim=(0, 12), ylim=(0, 5.7), aspect="equal")
    axes.axis("off")

    def arrow(*points: tuple[float, float], color: str = BLACK, width: float = 1.3) -> None:
        for start, end in pairwise(points[:-1]):
            axes.plot([start[0], end[0]], [start[1], end[1]], color=color, lw=width)
        axes.add_patch(
            FancyArrowPatch(
                *points[-2:], arrowstyle="-|>", mutation_scale=13, lw=width, color=color
            )
        )

    def box(x: float, text: str, fill: str) -> None:
        axes.add_patch(FancyBboxPatch((x - 0.5, 1.5), 1, 0.62, "round,pad=0.05", fc=fill, ec=BLACK))
        axes.text(x, 1.81, text, ha="center", va="center", fontsize=11)

    def spot(x: float, y: float, text: str) -> None:
        axes.add_patch(Circle((x, y), 0.27, fc="white", ec=BLACK, zorder=3))
        axes.text(x, y, text, ha="center", va="center", fontsize=13, zorder=4)

    arrow((0.6, 4.8), (11.5, 4.8), color=ORANGE, width=5)
    for x, text in ((3, r"$\times$"), (5.6, "+")):
        spot(x, 4.8, text)
    spot(5.6, 3.4, r"$\times$")
    spot(9.2, 3.0, r"$\times$")
    box(3, r"$f = \sigma$", "#FBEBCB")
    box(4.9, r"$i = \sigma$", "#D9F0E6")
    box(6.3, r"$g = \tanh$", "#F3E1EC")
    box(8.1, r"$o = \sigma$", "#DCEBF5")
    arrow((3, 2.17), (3, 4.5))
    arrow((4.9, 2.17), (4.9, 3.4), (5.3, 3.4))
    arrow((6.3, 2.17), (6.3, 3.4), (5.9, 3.4))
    arrow((5.6, 3.67), (5.6, 4.5))
    arrow((8.1, 2.17), (8.1, 3.0), (8.9, 3.0))
    arrow((9.2, 4.8), (9.2, 3.3))
    axes.text(9.35, 3.95, "tanh", fontsize=11)
    arrow((9.2, 2.73), (9.2, 0.7), (11.5, 0.7), color=BLUE, width=2.2)
    axes.plot([0.6, 8.1], [0.7, 0.7], color=BLUE, lw=2.2)
    for x in (3, 4.9, 6.3, 8.1):
        arrow((x, 0.7), (x, 1.42), color=BLUE)
    for x, y, text in (
        (0.55, 5.15, "$c_{t-1}$"),
        (11, 5.15, "$c_t$"),
        (0.55, 0.95, "$x_t,\\ h_{t-1}$"),
        (11, 0.95, "$h_t$"),
    ):
        axes.text(x, y, text, fontsize=13)
    for x, text in ((3, "forget?"), (4.9, "write?"), (6.3, "what?"), (8.1, "show?")):
        axes.text(x + 0.1, 2.35, text, fontsize=9, color="#555")
    return describe(
        figure,
        "An LSTM cell. The cell state runs along the top as a belt: it is multiplied by the forget "
        "gate f, then the product of input gate i and candidate g is added. Below, the hidden "
        "state is the output gate o times tanh of the cell. All four read x and the last h.",
    )


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
        len(ROWS), len(traces), size=(7.6 / len(traces), 0.8), squeeze=False, sharex=True
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
            axes.tick_params(labelsize=8)
        column[0].set_title(title, loc="left", fontsize=10)
        column[-1].set_xticks(steps, list(symbols) or None, fontsize=8)
        column[-1].set_xlabel("symbol read" if symbols else "step", fontsize=9)
    for axes, text in zip(grid[:, 0], ROWS.values(), strict=True):
        axes.set_ylabel(text.replace(" ", "\n", 1), fontsize=8, rotation=0, ha="right", va="center")
    return describe(
        figure,
        f"Gates, candidate, cell and hidden state of one unit at {len(steps)} steps, a column for "
        f"each run: {', '.join(traces)}. A red frame marks a gate that is held by hand.",
    )


def memory_difference(
    first: LSTMTrace, second: LSTMTrace, symbols: Sequence[str] | str, names: tuple[str, str]
) -> Figure:
    """Draw by how much the cells of two runs differ, unit by unit, step by step.

    Parameters
    ----------
    first, second : LSTMTrace
        Runs of one layer on sequences of one length.
    symbols : sequence of str
        What is read at each step.
    names : tuple of str
        What the two runs are called.
    """
    difference = (first.cell[1:] - second.cell[1:]).T
    figure, axes = new_figure(size=(6.6, 2.9))
    limit = float(abs(difference).max())
    image = axes.imshow(difference, cmap=DIVERGING, vmin=-limit, vmax=limit, aspect="auto")
    axes.set_xticks(range(difference.shape[1]), list(symbols))
    axes.set_yticks(range(len(difference)))
    label(axes, "symbol read", "unit", f"cell after {names[0]} minus cell after {names[1]}")
    figure.colorbar(image, ax=axes, label="difference of c")
    early = abs(difference[:, : 1 + int(np.argmax(abs(difference).max(axis=0) > 0))]).max()
    kept = abs(difference[:, -2]).max() > 0.5 * early
    return describe(
        figure,
        f"The cells of two runs that differ in one symbol, {names[0]} or {names[1]}, subtracted: "
        f"a row for each unit, a column for each step. The difference is "
        f"{'carried to the end' if kept else 'lost before the end'}, by a few units.",
    )


def gradient_decay(norms: Mapping[str, Array], title: str = "") -> Figure:
    """Draw the length of a gradient against the number of steps it has come back.

    Parameters
    ----------
    norms : mapping of str to Array of shape (time,)
        The first entry belongs to the last step.
    title : str
    """
    figure, axes = new_figure(size=(6.2, 3.8))
    for k, (name, values) in enumerate(norms.items()):
        axes.semilogy(
            np.arange(len(values)),
            np.maximum(values / values[0], 1e-30),
            STYLES[k % 4],
            color=CYCLE[k % len(CYCLE)],
            lw=2,
            label=name,
        )
    label(axes, "steps back in time", "length of the gradient, relative", title)
    axes.legend(fontsize=9)
    ends = ", ".join(f"{name}: {values[-1] / values[0]:.0e}" for name, values in norms.items())
    return describe(
        figure,
        "Length of the gradient of the state against the steps it has come back, on a logarithmic "
        f"axis, as a share of the start. At the far end: {ends}.",
    )


def answers_against_targets(runs: Mapping[str, tuple[Array, Array]], allowed: float) -> Figure:
    """Draw answers against targets, a panel for each network.

    Parameters
    ----------
    runs : mapping of str to (targets, answers)
        Arrays of shape (n,).
    allowed : float
        An error from here on counts as wrong.
    """
    figure, grid = new_figure(1, len(runs), size=(3.3, 3.1), squeeze=False, sharey=True)
    parts = []
    for axes, (name, (targets, answers)) in zip(grid.flat, runs.items(), strict=True):
        wrong = abs(answers - targets) >= allowed
        axes.plot(targets[~wrong], answers[~wrong], "o", color=BLUE, ms=2.5, label="right")
        axes.plot(targets[wrong], answers[wrong], "x", color=ORANGE, ms=4, label="wrong")
        axes.plot([0, 1], [0, 1], color=BLACK, lw=0.8)
        axes.set(xlim=(0, 1), ylim=(-0.05, 1.05))
        label(axes, "target", "answer", f"{name}: {wrong.sum()} of {wrong.size} wrong")
        share = wrong.mean()
        few = "fewer than 1 in 100" if share < 0.01 else "fewer than half"
        parts.append(f"{name}: {few if share < 0.5 else 'more than half'} are wrong")
    grid[0, -1].legend(loc="lower right", fontsize=8)
    return describe(
        figure,
        f"Answers against targets on fresh sequences, with the line on which they are equal. "
        f"{'; '.join(parts)}.",
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


def error_growth(errors: Mapping[str, Mapping[str, Array]]) -> Figure:
    """Draw how far rounding carries the state of recurrent layers away, step by step.

    Parameters
    ----------
    errors : mapping of str to mapping of str to Array of shape (time,)
        For each network, and in it for each precision, the error of the state after each step.
        Steps are drawn in tenths of a decade, the largest error of each.
    """
    figure, panels = new_figure(1, len(errors), size=(3.2, 3.0), squeeze=False, sharey=True)
    findings = []
    for axes, (name, lines) in zip(panels[0], errors.items(), strict=True):
        for k, (precision, error) in enumerate(lines.items()):
            edges = np.unique(np.logspace(0, np.log10(len(error)), 34).astype(int) - 1)[:-1]
            highest = np.maximum.reduceat(error, edges)
            axes.loglog(edges + 1, highest, STYLES[k], color=CYCLE[k], lw=2, label=precision)
        label(axes, "steps", "error of the state" if axes is panels[0, 0] else "", name)
        findings.append(f"{name}: {_listing(lines)}")
    panels[0, 0].legend()
    return describe(
        figure,
        "Error of the state, by precision, against the steps that were run; both axes are "
        f"logarithmic. From a tenth of the steps on, {'; '.join(findings)}.",
    )


def _listing(lines: Mapping[str, Array]) -> str:
    """Say which errors still grow over the last nine tenths of the steps."""
    growing = [
        precision
        for precision, error in lines.items()
        if error[-len(error) // 10 :].max() > 3 * error[: len(error) // 10].max()
    ]
    if len(growing) in (0, len(lines)):
        return "all grow" if growing else "none grows"
    return f"{', '.join(growing)} grow"


def seed_dots(
    values: Mapping[str, Sequence[float]], x: str, marks: Mapping[str, float], title: str = ""
) -> Figure:
    """Draw one dot for each run, a row for each network.

    Parameters
    ----------
    values : mapping of str to sequence of float
    x : str
        What is measured, with its unit.
    marks : mapping of str to float
        Values to compare with, as vertical lines.
    title : str
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
    label(axes, x, "", title)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
    return describe(
        figure,
        f"{x[0].upper()}{x[1:]}: a dot for each run, a row each for {'; '.join(values)}. "
        f"A vertical line marks {', '.join(marks)}.",
    )


def forecast(actual: Array, forecasts: Mapping[str, Array], x: str, y: str) -> Figure:
    """Draw a piece of a series and what was forecast for each of its points.

    Parameters
    ----------
    actual : Array, shape (time,)
    forecasts : mapping of str to Array of shape (time,)
        Made one step before.
    x, y : str
        Labels of the axes, with units.
    """
    figure, axes = new_figure(size=(7.2, 3.0))
    axes.plot(actual, color=BLACK, lw=2.2, label="measured")
    for k, (name, values) in enumerate(forecasts.items()):
        axes.plot(values, STYLES[1 + k % 3], color=CYCLE[k], lw=1.5, label=name)
    label(axes, x, y, "Each point is forecast one step ahead")
    axes.legend(fontsize=9, ncols=2)
    return describe(
        figure,
        f"A measured series of {len(actual)} points, and each of them as it was forecast one step "
        f"before by {', '.join(forecasts)}.",
    )


def adding_record() -> Table:
    """Return what the longer runs of the adding problem reached, a row for each lag.

    The runs are made by ``python -m benchmarks.adding_problem``; the record holds every one.

    Raises
    ------
    FileNotFoundError
        If there is no record. Nothing is shown that was not measured.
    """
    path = RECORDS / "adding_problem.json"
    if not path.exists():
        raise FileNotFoundError(
            f"there is no record {path.name}; make it with: python -m benchmarks.adding_problem"
        )
    record = json.loads(path.read_text(encoding="utf-8"))
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
