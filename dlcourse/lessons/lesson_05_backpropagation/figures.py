"""Figures of lesson 05: a small network with its numbers, step by step, and its training.

Blue numbers are values, orange ones say how fast the error grows with the value above them.
The step that is shown has a yellow ground, what it reads a blue one, and their lines are thick.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    DPI,
    GREEN,
    GREY,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons.lesson_05_backpropagation.formula import latex, spoken
from dlcourse.lessons.lesson_05_backpropagation.layout import CELL, Layout, lay_out
from dlcourse.lessons.lesson_05_backpropagation.network import SmallNetwork, two_two_two
from dlcourse.lessons.lesson_05_backpropagation.steps import Step, Trace, short, trace_network
from dlcourse.nn import HalfSquaredError
from dlcourse.tables import Table

GROUND = {"now": "#FFE9A8", "read": "#DCEBF5", "": "white"}
BIG, SMALL = 10.5, 9.0  # points
# Of w1 to w8 and the two biases, by twos: into hidden units, into each output, biases.
LINES = ((GREEN, "-"), (GREEN, "-"), (BLUE, "-"), (RED, "-"), (BLACK, ":"))
POINTS: dict[str, Any] = {"textcoords": "offset points", "size": SMALL}

FloatArray = NDArray[np.floating[Any]]


def learning_figure(steps: int = 300, learning_rate: float = 0.6) -> Figure:
    """Draw how the network of the lesson learns: its two outputs, and its ten parameters.

    Parameters
    ----------
    steps : int
        Of gradient descent on the one example.
    learning_rate : float
    """
    model, names = two_two_two()
    network = SmallNetwork(model, [0.1, 0.5], [0.05, 0.95], **names)
    answers, parameters = [], []
    for _ in range(steps + 1):
        trace = trace_network(network, HalfSquaredError(), learning_rate)
        answers.append([trace.steps[trace.find(f"ŷ{k}")].value for k in (1, 2)])
        parameters.append([trace.given[name] for name in trace.parameters])
        for name in trace.parameters:
            network.set(name, trace.steps[trace.find(f"new_{name}")].value)
    figure, (left, right) = new_figure(1, 2, size=(4.6, 3.4))
    for k, (color, style) in enumerate(zip((BLUE, RED), ("-", "--"), strict=True)):
        wanted = network.t[0, k]
        left.plot([one[k] for one in answers], style, color=color, lw=2, label=f"answer {k + 1}")
        left.axhline(wanted, color=color, lw=1, ls=":")
        side = "bottom" if wanted > 0.5 else "top"
        left.text(steps / 2, wanted, f"wanted {wanted:g}", color=color, va=side)
    left.set_ylim(-0.08, 1.08)
    left.legend(loc="center right")
    label(left, "steps", "what the network answers", "Its two answers")
    for k, name in enumerate(trace.parameters):
        values, (color, style) = [one[k] for one in parameters], LINES[k // 2]
        right.plot(values, style, color=color, lw=1.5)
        beside = style == "-" and k % 2 == 0  # a second column: pairs of weights end close together
        after = steps * (1.09 if beside else 1.02)
        right.text(after, values[-1], f"${latex(name)}$", color=color, va="center", size=SMALL)
    label(right, "steps", "value of a weight or bias", "Its ten numbers")
    ends = " and ".join(f"{value:.2f}" for value in answers[-1])
    return describe(
        figure,
        f"Left, the two answers of a small network over {steps} steps: from "
        f"{answers[0][0]:.2f} and {answers[0][1]:.2f} to {ends}; wanted are 0.05 and 0.95. "
        "Right, its eight weights and two biases, each moving in its own direction by its own "
        "amount; the weights into the unit of an answer have the colour of that answer.",
    )


def descent_figure(
    error: Callable[[FloatArray], FloatArray], paths: Mapping[str, Sequence[float]]
) -> Figure:
    """Draw the error over the only weight, and where each walk of gradient descent went.

    Parameters
    ----------
    error : callable
        Of the weight; takes an array.
    paths : dict of sequences
        For each walk its title, and the weight before the first step and after each.
    """
    figure, grid = new_figure(1, len(paths), size=(4.0, 3.2), squeeze=False)
    told = []
    for axes, (title, path) in zip(grid.flat, paths.items(), strict=True):
        weights = np.array(path)
        near, far = min(weights.min(), 0.4), max(weights.max(), 2.6)
        line = np.linspace(near - 0.1, far + 0.1, 200)
        axes.plot(line, error(line), color=GREY, lw=1.5)
        axes.plot(weights, error(weights), "o-", color=BLUE, ms=5, lw=1)
        axes.annotate("start", (weights[0], error(weights[:1])[0]), (-6, -4), ha="right", **POINTS)
        label(axes, "weight $w$", "error $E$", title)
        ends = ", ".join(f"{value:.3g}" for value in error(weights))
        told.append(f"{title}: the errors are {ends}.")
    return describe(figure, f"A parabola with a walk on it in each panel. {' '.join(told)}")


class _Known(NamedTuple):
    """What there is to show after a step."""

    numbers: dict[tuple[str, str], float]  # by place and slot
    now: str  # the place of the step
    reads: set[str]  # the places that it reads

    def role(self, place: str) -> str:
        if not place:  # the line to an error, which carries no weight
            return ""
        return "now" if place == self.now else "read" if place in self.reads else ""

    def line(self, place: str, slot: str, words: str) -> str:
        number = self.numbers.get((place, slot))
        return "" if number is None else words.format(short(number))


def _known(trace: Trace, position: int | None) -> _Known:
    numbers = {(name, "value"): value for name, value in trace.given.items()}
    if position is None:
        return _Known(numbers, "", set())
    step = trace.steps[position]
    numbers |= {(s.place, s.slot): s.value for s in trace.steps[: position + 1]}
    return _Known(numbers, step.place, trace.places(step.reads))


def network_figure(trace: Trace, position: int | None = None) -> Figure:
    """Draw a small network with all numbers that are known after a step.

    Parameters
    ----------
    trace : Trace
    position : int, optional
        Of the step in ``trace.steps``. Without it, only what is given is shown.
    """
    layout = lay_out(trace)
    figure, axes = new_figure(size=(layout.width / DPI, layout.height / DPI))
    _draw(axes, layout, _known(trace, position))
    if position is not None:
        step = trace.steps[position]
        return describe(figure, f"Step {position + 1} of {len(trace.steps)}. {_aloud(step)}")
    sizes = "-".join(str(len(layer)) for layer in trace.units)
    given = ", ".join(f"{name} {short(value)}" for name, value in trace.given.items())
    return describe(figure, f"A {sizes} network and what is given: {given}.")


def backprop_frames(trace: Trace, positions: Sequence[int]) -> Figure:
    """Draw some steps, one below the other, each with its formula and the numbers put in.

    Parameters
    ----------
    trace : Trace
    positions : sequence of int
        Of the steps in ``trace.steps``.
    """
    layout = lay_out(trace)
    size = (layout.width / DPI, layout.height / DPI + 0.5)
    figure, grid = new_figure(len(positions), size=size, squeeze=False)
    for axes, position in zip(grid.flat, positions, strict=True):
        step = trace.steps[position]
        _draw(axes, layout, _known(trace, position))
        parts = [latex(text) for text in (step.symbol, step.formula, step.numbers)]
        formula = f"{position + 1}.  ${' = '.join(parts)} = {short(step.value)}$"
        axes.set_title(formula, loc="left", fontsize=12)
    told = " ".join(_aloud(trace.steps[position]) for position in positions)
    return describe(figure, f"{len(positions)} of {len(trace.steps)} steps. {told}")


def _aloud(step: Step) -> str:
    numbers = f"{spoken(step.symbol)} equals {spoken(step.numbers)} equals {short(step.value)}"
    return f"{numbers}. {step.sentence}"


def _draw(axes: Axes, layout: Layout, known: _Known) -> None:
    """Draw the network; what is not known yet is left blank."""
    axes.set(xlim=(0, layout.width), ylim=(layout.height, 0), aspect="equal")
    axes.axis("off")
    for heading in layout.headings:
        axes.text(*heading[1:], heading.name, ha="center", va="center", size=BIG, color="#555555")
    _draw_links(axes, layout, known)
    _draw_cells(axes, layout, known)
    for tag in layout.tags:
        _write_parameter(axes, tag.name, (tag.x, tag.y), "top", known)


def _draw_links(axes: Axes, layout: Layout, known: _Known) -> None:
    for link in layout.links:
        marked = known.role(link.weight)
        color, width = ("#B07800", 2.6) if marked else (GREY, 1.0)
        axes.plot([link.x1, link.x2], [link.y1, link.y2], color=color, lw=width, zorder=1)
    for link in layout.links:
        if link.weight:
            _write_parameter(axes, link.weight, (link.label_x, link.label_y), "center", known)


def _draw_cells(axes: Axes, layout: Layout, known: _Known) -> None:
    width, height = CELL
    for name, x, y in layout.cells:
        corner = (x - width / 2, y - height / 2)
        ground = GROUND[known.role(name)]
        axes.add_patch(
            Rectangle(corner, width, height, facecolor=ground, edgecolor=BLACK, zorder=2)
        )
        lines = [
            (y - 18, f"${latex(name)}$", SMALL, BLACK),
            (y + 1, known.line(name, "value", "{}"), BIG, BLUE),
            (y + 20, known.line(name, "grad", "∂ {}"), SMALL, RED),
            (y + height / 2 + 10, known.line(name, "slope", "slope {}"), SMALL, BLACK),
        ]
        for height_of_line, text, size, color in lines:
            axes.text(x, height_of_line, text, ha="center", va="center", size=size, color=color)


def _write_parameter(
    axes: Axes, name: str, at: tuple[float, float], anchor: str, known: _Known
) -> None:
    """Write a weight, bias or target, and below it its gradient, or its new value."""
    below = known.line(name, "new", "new {}") or known.line(name, "grad", "∂ {}")
    first = f"${latex(name)}$ {known.line(name, 'value', '{}')}"
    lift = 8 if below and anchor == "center" else 0
    box = {"facecolor": GROUND[known.role(name)], "edgecolor": "none", "pad": 1.4}
    for text, y, color in ((first, at[1] - lift, BLUE), (below, at[1] - lift + 16, RED)):
        if text:
            axes.text(at[0], y, text, ha="center", va=anchor, size=SMALL, color=color, bbox=box)


def chain_table(trace: Trace) -> Table:
    """List the derivative of each weight and bias: its chain, the numbers, the value.

    Parameters
    ----------
    trace : Trace
    """
    steps = [trace.steps[trace.find(f"∂E/∂{name}")] for name in trace.parameters]
    return Table(
        ["derivative", "chain", "numbers", "value"],
        ([step.symbol, step.formula, step.numbers, short(step.value, 7)] for step in steps),
    )


def update_table(trace: Trace) -> Table:
    """List every weight and bias before and after one step, with its derivative.

    Parameters
    ----------
    trace : Trace
        With an update of all of them.
    """
    rows = []
    for name in trace.parameters:
        rate, new = (trace.steps[trace.find(s)].value for s in (f"∂E/∂{name}", f"new_{name}"))
        rows.append([name, f"{trace.given[name]:g}", f"{rate:.7f}", f"{new:.7f}"])
    return Table(["parameter", "before", "dE/d parameter", "after"], rows)


def cost_table(*networks: Sequence[int]) -> Table:
    """Count the multiplications that one gradient takes, for one example.

    A forward pass takes one per weight. The way back takes one per weight for its derivative,
    and one to send the delta on, except in the first layer. Nudging takes two forward passes
    for each parameter.

    Parameters
    ----------
    networks : sequences of int
        Of each network the number of inputs, then of units, layer by layer.

    Examples
    --------
    >>> cost_table([2, 2, 2])
    network  parameters  by backpropagation  by nudging
    -------  ----------  ------------------  ----------
    2-2-2            12                  20         192
    """
    rows = []
    for sizes in networks:
        weights = [a * b for a, b in itertools.pairwise(sizes)]
        forward, parameters = sum(weights), sum(weights) + sum(sizes[1:])
        counts = [parameters, 3 * forward - weights[0], 2 * parameters * forward]
        rows.append(["-".join(map(str, sizes)), *(f"{number:,}" for number in counts)])
    return Table(["network", "parameters", "by backpropagation", "by nudging"], rows)


def side_by_side(by_hand: Sequence[float], arrays: Sequence[NDArray[Any]]) -> Table:
    """Set derivatives found by hand beside those of two layers.

    Parameters
    ----------
    by_hand : sequence of float
        In the order of the arrays and, within one, row by row.
    arrays : sequence of four arrays
        Of W1, b1, W2, b2.

    Examples
    --------
    >>> arrays = [np.array([[0.25]]), np.array([0.5]), np.array([[0.75]]), np.array([1.0])]
    >>> side_by_side([0.25, 0.5, 0.75, 1.0], arrays)
    entry             by hand      four lines
    ---------  --------------  --------------
    dW1[0, 0]  0.250000000000  0.250000000000
    db1[0]     0.500000000000  0.500000000000
    dW2[0, 0]  0.750000000000  0.750000000000
    db2[0]     1.000000000000  1.000000000000
    """
    entries = [
        (f"{name}{list(place)}", value)
        for name, array in zip(("dW1", "db1", "dW2", "db2"), arrays, strict=True)
        for place, value in np.ndenumerate(array)
    ]
    rows = [
        [name, f"{mine:.12f}", f"{value:.12f}"]
        for mine, (name, value) in zip(by_hand, entries, strict=True)
    ]
    return Table(["entry", "by hand", "four lines"], rows)


def printed_digits(computed: Mapping[str, float], printed: Mapping[str, str]) -> Table:
    """Set computed numbers beside printed ones, and say how those were shortened.

    Parameters
    ----------
    computed : dict
        Numbers by name.
    printed : dict of str
        What somebody printed, for the same names or some of them.

    Examples
    --------
    >>> printed_digits({"a": 2 / 3, "b": 1 / 3, "c": 0.5}, {"a": "0.66", "b": "0.33", "c": "0.7"})
    name            computed  printed  the printed digits are
    ----  ------------------  -------  ----------------------
    a     0.6666666666666666     0.66  cut off
    b     0.3333333333333333     0.33  right either way
    c     0.5000000000000000      0.7  wrong
    """
    rows = []
    for name, text in printed.items():
        value, digits = computed[name], len(text.partition(".")[2])
        cut = int(value * 10**digits) / 10**digits
        is_rounded, is_cut = f"{value:.{digits}f}" == text, f"{cut:.{digits}f}" == text
        verdict = "right either way" if is_rounded else "wrong"
        if is_rounded != is_cut:
            verdict = "rounded" if is_rounded else "cut off"
        rows.append([name, f"{value:.16f}", text, verdict])
    return Table(["name", "computed", "printed", "the printed digits are"], rows)


def error_curves(errors: Mapping[str, Sequence[float]]) -> Figure:
    """Draw the error after each step of training, on logarithmic axes.

    Parameters
    ----------
    errors : dict of sequences
        For each line its name and the errors after 1, 2, 3, ... steps.
    """
    figure, axes = new_figure(size=(5.6, 3.6))
    for (name, values), color, style in zip(errors.items(), CYCLE, ("-", "--", ":"), strict=False):
        axes.loglog(range(1, len(values) + 1), values, style, color=color, lw=2, label=name)
    label(axes, "steps of gradient descent", "error $E$ (squared output units)")
    axes.legend()
    steps = max(len(values) for values in errors.values())
    ends = "; ".join(f"{name}, {values[-1]:.1e}" for name, values in errors.items())
    falls = all(values[-1] < values[0] for values in errors.values())
    return describe(
        figure,
        f"The error over {steps} steps, both axes logarithmic. "
        f"{'It falls on every line' if falls else 'It does not fall on every line'}. "
        f"In the end: {ends}.",
    )
