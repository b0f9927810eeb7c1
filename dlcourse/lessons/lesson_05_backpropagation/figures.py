"""Figures of lesson 05: a small network with its numbers, step by step, and its training.

Blue numbers are values, orange ones say how fast the error grows with the value above them.
The step that is shown has a yellow ground, what it reads a blue one, and their lines are thick.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlcourse.figures.style import BLACK, BLUE, CYCLE, DPI, GREY, RED, describe, label, new_figure
from dlcourse.lessons.lesson_05_backpropagation.formula import latex, spoken
from dlcourse.lessons.lesson_05_backpropagation.layout import CELL, Layout, lay_out
from dlcourse.lessons.lesson_05_backpropagation.steps import Step, Trace, short
from dlcourse.tables import Table

GROUND = {"now": "#FFE9A8", "read": "#DCEBF5", "": "white"}
BIG, SMALL = 10.5, 9.0  # points


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
        ([step.symbol, step.formula, step.numbers, f"{step.value:.16f}"] for step in steps),
    )


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
