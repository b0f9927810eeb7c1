"""Figures of lesson 01: a nerve cell, threshold nets, neurons with their numbers, layers, digits.

In drawings of nets an excitatory connection ends in a black dot and an inhibitory one in
a ring, much as in the paper of 1943.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    NEGATIVE,
    ORANGE,
    POSITIVE,
    PURPLE,
    RED,
    describe,
    label,
    new_figure,
)
from dlcourse.nn.activations import get_activation
from dlcourse.nn.contract import Array

CELL, CELL_EDGE = "#DCEBF5", "#2B5F7D"
STYLES = ("-", "--", "-.", ":")

Place = tuple[float, float]


def _sigmoid(scores: Array) -> Array:
    forward, _ = get_activation("sigmoid")
    return forward(scores)


def _canvas(width: float, height: float, scale: float = 0.72) -> tuple[Figure, Axes]:
    figure, axes = new_figure(size=(width * scale, height * scale))
    axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axes.axis("off")
    return figure, axes


# ------------------------------------------------------------------ the nerve cell


def biological_neuron() -> Figure:
    """Draw a nerve cell with its four parts, and the way of a signal through it."""
    figure, axes = _canvas(12, 5.8)
    soma = (3.0, 2.9)
    rng = np.random.default_rng(7)
    for degrees in (78, 112, 146, 180, 214, 248, 282):
        angle = np.radians(degrees)
        start = (soma[0] + 0.55 * np.cos(angle), soma[1] + 0.55 * np.sin(angle))
        _dendrite(axes, start, angle, 0.7, 4.5, rng)
    turn = np.linspace(0, 2 * np.pi, 200)
    radius = 0.78 + 0.06 * np.cos(7 * turn + 0.6)
    outline = np.column_stack([np.cos(turn), np.sin(turn)]) * radius[:, np.newaxis] + soma
    axes.add_patch(Polygon(outline, facecolor=CELL, edgecolor=CELL_EDGE, lw=1.6, zorder=3))
    axes.add_patch(Circle(soma, 0.27, facecolor=CELL_EDGE, edgecolor="none", zorder=4))

    along = np.linspace(soma[0] + 0.72, 9.3, 100)
    axes.plot(along, _axon(along), color=CELL_EDGE, lw=3.2, solid_capstyle="round", zorder=2)
    for left in np.arange(4.5, 8.8, 0.92):
        middle = left + 0.34
        axes.add_patch(
            FancyBboxPatch(
                (left, float(_axon(middle)) - 0.13),
                0.68,
                0.26,
                boxstyle="round,pad=0.02,rounding_size=0.13",
                facecolor="#FBEBCB",
                edgecolor="#B58A2A",
                lw=1,
                zorder=4,
            )
        )
    end = (9.3, float(_axon(9.3)))
    for height in (-1.15, -0.4, 0.35, 1.1):
        tip = (10.5, end[1] + height)
        axes.add_patch(
            FancyArrowPatch(
                end,
                tip,
                arrowstyle="-",
                connectionstyle=f"arc3,rad={-0.18 * np.sign(height)}",
                color=CELL_EDGE,
                lw=2,
            )
        )
        axes.add_patch(Circle(tip, 0.12, facecolor=ORANGE, edgecolor=BLACK, lw=0.8, zorder=4))

    for where, name, text, to in [
        ((0.1, 0.1), "dendrites", "receive", (1.75, 1.5)),
        ((4.6, 4.6), "cell body (soma)", "collects", (3.55, 3.4)),
        ((6.3, 1.2), "axon", "carries the impulse", (6.7, 2.55)),
        ((9.6, 0.3), "terminals", "pass it on", (10.45, 1.45)),
    ]:
        axes.annotate(
            f"{name}\n",
            to,
            where,
            fontsize=11,
            fontweight="bold",
            va="bottom",
            arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.9},
        )
        axes.text(*where, text, fontsize=10, va="bottom", color="#555555")
    _arrow(axes, (6.1, 3.45), (8.4, 3.45), color=RED)
    axes.text(7.25, 3.55, "impulse", color=RED, ha="center", va="bottom", fontsize=10)
    return describe(
        figure,
        "A schematic nerve cell from left to right: branching dendrites receive signals, the cell "
        "body (soma) collects them, one long axon carries the impulse, and terminals at its end "
        "pass it on to the next cells.",
    )


def _axon(x: Array | float) -> Array:
    """Return the height of the axon at x: it leaves the cell body and swings a little."""
    height: Array = 2.75 + 0.12 * np.sin(np.asarray(x) * 1.1)
    return height


def _dendrite(
    axes: Axes, start: Place, angle: float, length: float, width: float, rng: np.random.Generator
) -> None:
    """Draw a branch and, at its end, two thinner ones."""
    end = (start[0] + length * np.cos(angle), start[1] + length * np.sin(angle))
    axes.plot(
        [start[0], end[0]],
        [start[1], end[1]],
        color=CELL_EDGE,
        lw=width,
        solid_capstyle="round",
        zorder=2,
    )
    if width > 1.5:
        for side in (-1, 1):
            turn = side * rng.uniform(0.25, 0.6)
            _dendrite(axes, end, angle + turn, length * rng.uniform(0.6, 0.85), width * 0.6, rng)


def _arrow(axes: Axes, start: Place, end: Place, color: str = BLACK, width: float = 1.4) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=12, lw=width, color=color, shrinkB=1
        )
    )


# ------------------------------------------------------------------ threshold nets


def gate_nets() -> Figure:
    """Draw the gates AND, OR and AND NOT as one neuron each, and XOR as a net of three."""
    figure, axes = _canvas(14.6, 3.6)
    for left, title, threshold, vetoes in (
        (0.0, "$x_1$ and $x_2$", 2, False),
        (3.3, "$x_1$ or $x_2$", 1, False),
        (6.6, "$x_1$ and not $x_2$", 1, True),
    ):
        neuron = (left + 2.0, 1.5)
        axes.text(left + 1.2, 3.2, title, ha="center", fontsize=12)
        for height, name, ring in ((2.3, "$x_1$", False), (0.7, "$x_2$", vetoes)):
            axes.text(left + 0.2, height, name, ha="center", va="center", fontsize=12)
            _connection(axes, (left + 0.5, height), neuron, ring)
        _neuron(axes, neuron, threshold)
    left = 10.0
    axes.text(left + 2.0, 3.2, "XOR", ha="center", fontsize=12)
    first, second, last = (left + 1.75, 2.3), (left + 1.75, 0.7), (left + 3.5, 1.5)
    for height, name, excites, vetoes_one in (
        (2.3, "$x_1$", first, second),
        (0.7, "$x_2$", second, first),
    ):
        axes.text(left + 0.2, height, name, ha="center", va="center", fontsize=12)
        _connection(axes, (left + 0.5, height), excites, False)
        _connection(axes, (left + 0.5, height), vetoes_one, True)
    for neuron in (first, second):
        _connection(axes, (neuron[0] + 0.42, neuron[1]), last, False)
    for neuron in (first, second):
        _neuron(axes, neuron, 1, arrow=False)
    _neuron(axes, last, 1)
    return describe(
        figure,
        "Four nets of threshold neurons; a dot excites, a ring vetoes, the number is the "
        "threshold. AND: two dots, threshold 2. OR: two dots, threshold 1. x1 and not x2: a dot "
        "from x1, a ring from x2, threshold 1. XOR: two such neurons, each vetoed by the other's "
        "input, excite a third of threshold 1.",
    )


def _neuron(axes: Axes, centre: Place, threshold: int, arrow: bool = True) -> None:
    axes.add_patch(Circle(centre, 0.42, facecolor=CELL, edgecolor=CELL_EDGE, lw=1.6, zorder=3))
    axes.text(*centre, str(threshold), ha="center", va="center", fontsize=13, zorder=5)
    if arrow:
        _arrow(axes, (centre[0] + 0.42, centre[1]), (centre[0] + 0.95, centre[1]))


def _connection(axes: Axes, start: Place, neuron: Place, vetoes: bool) -> None:
    direction = np.subtract(neuron, start) / np.hypot(*np.subtract(neuron, start))
    tip = np.asarray(neuron) - 0.52 * direction
    axes.plot([start[0], tip[0]], [start[1], tip[1]], color=BLACK, lw=1.3, zorder=1)
    fill = "white" if vetoes else BLACK
    axes.add_patch(Circle((tip[0], tip[1]), 0.1, facecolor=fill, edgecolor=BLACK, lw=1.3, zorder=4))


def spike_rows(panels: Mapping[str, Mapping[str, Sequence[int]]]) -> Figure:
    """Draw who fires when: one panel per experiment, one row per neuron, one column per time step.

    Parameters
    ----------
    panels : mapping of str to mapping of str to sequence of int
        For each title, for each name of a neuron, 1 where it fires and 0 where not.
    """
    figure, grid = new_figure(1, len(panels), size=(4.4, 1.9), squeeze=False)
    sentences = []
    for axes, (title, rows) in zip(grid.flat, panels.items(), strict=True):
        for row, (name, train) in enumerate(rows.items()):
            color = CYCLE[row % len(CYCLE)]
            fires = np.flatnonzero(train)
            axes.axhline(row, color=GREY, lw=0.5, zorder=0)
            axes.scatter(fires, np.full(len(fires), row), marker="s", s=95, color=color, zorder=2)
            when = f"at {', '.join(map(str, fires))}" if len(fires) else "never"
            sentences.append(f"{title}: {name} {when}")
        steps = len(next(iter(rows.values())))
        axes.set(xlim=(-0.6, steps - 0.4), ylim=(len(rows) - 0.4, -0.6))
        axes.set_xticks(range(steps))
        axes.set_yticks(range(len(rows)), list(rows))
        axes.tick_params(length=0)
        label(axes, "time (synaptic delays)", "", title)
    return describe(figure, f"Which neuron fires at which time. {'; '.join(sentences)}.")


# ------------------------------------------------------------------ the logistic neuron


def neuron_diagram(
    x: Sequence[float],
    weights: Sequence[float],
    bias: float,
    *,
    names: Sequence[str] = (),
    step: bool = False,
) -> Figure:
    """Draw a neuron with its numbers: inputs, weights, bias, sum and output.

    Parameters
    ----------
    x, weights : sequence of float
        At most four of each.
    bias : float
    names : sequence of str, optional
        What the inputs mean; x_1, x_2, ... without.
    step : bool
        The neuron says yes from a sum of 0 on; otherwise its output is the sigmoid of the sum.
    """
    score = float(np.dot(x, weights)) + bias
    output = float(score >= 0) if step else float(_sigmoid(np.array(score)))
    figure, axes = _canvas(12.4, 4)
    called = list(names) or [f"$x_{k}$" for k in range(1, len(x) + 1)]
    inputs = [f"{name} = {value:g}" for name, value in zip(called, x, strict=True)]
    onto = [f"$w_{k}$ = {value:g}" for k, value in enumerate(weights, 1)]
    heights = np.linspace(3.5, 0.5, len(x) + 1)
    for name, weight, height in zip(
        [*inputs, "1"], [*onto, f"$b$ = {bias:g}"], heights, strict=True
    ):
        axes.text(1.9, height, name, ha="right", va="center", fontsize=13)
        _arrow(axes, (2.1, height), (5.25, 2 + 0.3 * (height - 2)))
        middle = 2 + 0.66 * (height - 2)
        axes.text(3.65, middle + 0.1, weight, color=BLUE, fontsize=12, ha="center", va="bottom")
    axes.add_patch(Circle((5.8, 2), 0.52, facecolor=CELL, edgecolor=CELL_EDGE, lw=1.6))
    axes.text(5.8, 2, r"$\Sigma$", ha="center", va="center", fontsize=16)
    _arrow(axes, (6.35, 2), (7.9, 2))
    axes.text(7.1, 2.12, f"$z$ = {score:g}", ha="center", va="bottom", fontsize=12)
    axes.add_patch(Circle((8.45, 2), 0.52, facecolor="#FBEBCB", edgecolor="#B58A2A", lw=1.6))
    bend = np.linspace(-0.36, 0.36, 61)
    curve = (bend >= 0).astype(float) if step else _sigmoid(bend * 16)
    axes.plot(8.45 + bend, 1.72 + 0.56 * curve, color=BLACK, lw=1.8)
    _arrow(axes, (9.0, 2), (9.8, 2))
    answer = f"{output:g} ({'yes' if output else 'no'})" if step else f"{output:.5f}"
    axes.text(9.9, 2, rf"$\hat{{y}}$ = {answer}", va="center", fontsize=13)
    axes.text(5.8, 2.75, "weighted sum", ha="center", color="#555555", fontsize=10)
    kind = "step" if step else "sigmoid"
    axes.text(8.45, 2.75, kind, ha="center", color="#555555", fontsize=10)
    products = " + ".join(f"{value:g} times {w:g}" for value, w in zip(x, weights, strict=True))
    return describe(
        figure,
        f"A neuron with its numbers. Inputs times weights, {products}, plus the bias {bias:g} "
        f"make the sum {score:g}. The {kind} makes it {answer}.",
    )


def step_against_sigmoid(threshold: float, chosen: float) -> Figure:
    """Draw what an answer does while one weight changes, for a sharp and for a smooth step.

    Parameters
    ----------
    threshold : float
        The weight at which the sum is 0.
    chosen : float
        The weight that is marked, with what a change by 0.1 does.
    """
    figure, grid = new_figure(1, 2, size=(4.1, 2.7), sharey=True)
    line = np.linspace(threshold - 4, threshold + 4, 801)
    for axes, name, answer in (
        (grid[0], "step", lambda weight: (weight >= threshold).astype(float)),
        (grid[1], "sigmoid", lambda weight: _sigmoid(weight - threshold)),
    ):
        axes.plot(line, answer(line), color=BLUE, lw=2.2)
        axes.plot(chosen, answer(np.array(chosen)), "D", color=RED, ms=8, zorder=4)
        label(axes, "weight of warm", "", name)
    grid[0].set_ylabel("answer")
    return describe(
        figure,
        f"The answer against one weight. With a step it is 0 below {threshold:g} and 1 from there "
        f"on, level elsewhere. With a sigmoid it rises smoothly and is one half at {threshold:g}. "
        f"The weight {chosen:g} is marked.",
    )


def draw_response(axes: Axes, weight: float, rest: float, x: float | None = None) -> str:
    """Draw the output of a logistic neuron against one input, and mark where it is one half.

    The limits of the x axis must be set before.

    Parameters
    ----------
    axes : Axes
    weight : float
        Of the input along the axis.
    rest : float
        What is added besides: the bias, and what other inputs contribute.
    x : float, optional
        The present input, marked by a dot.

    Returns
    -------
    description : str
        A sentence about the curve.
    """
    low, high = axes.get_xlim()
    line = np.linspace(low, high, 301)
    axes.axhline(0.5, color=GREY, lw=0.7, zorder=0)
    axes.plot(line, _sigmoid(weight * line + rest), color=BLUE, lw=2.2)
    sentence = "The output does not depend on this input: its weight is 0."
    if weight:
        centre = -rest / weight + 0.0  # no minus sign before a zero
        sentence = f"The output is one half at {centre:.4g} and "
        sentence += "rises to the right." if weight > 0 else "falls to the right."
        if low <= centre <= high:
            axes.axvline(centre, color=ORANGE, ls="--", lw=1.6)
            axes.plot(centre, 0.5, "o", color=ORANGE, ms=8, zorder=3)
    if x is not None:
        output = float(_sigmoid(np.array(weight * x + rest)))
        axes.plot([x, x], [0, output], color=RED, lw=1, zorder=2)
        axes.plot(x, output, "D", color=RED, ms=7, zorder=4)
        sentence += f" At {x:g} it is {output:.4f}."
    axes.set(xlim=(low, high), ylim=(-0.03, 1.03))
    return sentence


def response_frames(
    neurons: Sequence[tuple[float, float]], *, limit: float = 8.0, columns: int = 3
) -> Figure:
    """Draw logistic neurons of one input, a small picture for each weight and bias.

    Parameters
    ----------
    neurons : sequence of (weight, bias)
    limit : float
        The input goes from -limit to limit.
    columns : int
        Pictures side by side.
    """
    rows = -(-len(neurons) // columns)
    figure, grid = new_figure(rows, columns, size=(2.7, 2.0), squeeze=False, sharey=True)
    sentences = []
    for axes, (weight, bias) in zip(grid.flat, neurons, strict=False):
        axes.set_xlim(-limit, limit)
        sentence = draw_response(axes, weight, bias)
        axes.set_title(f"w = {weight:g},  b = {bias:g}", fontsize=10, loc="left")
        sentences.append(f"w = {weight:g}, b = {bias:g}: {sentence}")
    for axes in list(grid.flat)[len(neurons) :]:
        axes.remove()
    for axes in grid[-1]:
        axes.set_xlabel("input $x$")
    for axes in grid[:, 0]:
        axes.set_ylabel("output")
    return describe(figure, "Output against input, with a mark at one half. " + " ".join(sentences))


def response_curves(neurons: Sequence[tuple[float, float]], *, limit: float = 8.0) -> Figure:
    """Draw logistic neurons of one input in one picture, with their centres.

    Parameters
    ----------
    neurons : sequence of (weight, bias)
        At most four; no weight may be zero.
    limit : float
        The input goes from -limit to limit.
    """
    figure, axes = new_figure(size=(6.2, 3.2))
    line = np.linspace(-limit, limit, 401)
    axes.axhline(0.5, color=GREY, lw=0.7, zorder=0)
    centres = []
    for (weight, bias), color, style in zip(neurons, CYCLE, STYLES, strict=False):
        centre = -bias / weight + 0.0
        name = f"w = {weight:g}, b = {bias:g}"
        axes.plot(line, _sigmoid(weight * line + bias), style, color=color, lw=2.2, label=name)
        axes.plot(centre, 0.5, "o", color=color, ms=8, mec=BLACK, zorder=3)
        centres.append(f"{centre:g} for {name}")
    label(axes, "input $x$", "output", "The dot marks output 0.5")
    axes.legend()
    return describe(
        figure,
        f"Output against input of {len(neurons)} logistic neurons. The output is one half at "
        f"{'; at '.join(centres)}.",
    )


def draw_probability(
    axes: Axes,
    x: Array,
    y: Array,
    weight: float,
    bias: float,
    names: Sequence[str],
    quantity: str,
) -> str:
    """Draw one measurement of two classes, and what a logistic neuron says of it.

    Parameters
    ----------
    axes : Axes
    x : Array, shape (examples,)
    y : Array, shape (examples,)
        0 or 1.
    weight, bias : float
    names : sequence of str
        Of the two classes.
    quantity : str
        What x is, with its unit.

    Returns
    -------
    description : str
    """
    for value, (color, marker), step in ((0, NEGATIVE, 0.022), (1, POSITIVE, -0.022)):
        places, counts = np.unique(np.round(x[y == value], 3), return_counts=True)
        for number in range(counts.max()):  # equal measurements are stacked
            here = places[counts > number]
            height = np.full(len(here), value + step * number)
            axes.scatter(
                here, height, s=18, color=color, marker=marker, edgecolors="white", lw=0.4, zorder=3
            )
        room = 0.08 * np.ptp(x)  # for the dashed line of a centre at the edge
        name_x, side = (x.max() - room, "right") if value == 0 else (x.min() + room, "left")
        axes.text(name_x, abs(value - 0.06), names[value], ha=side, va="center", fontsize=11)
    margin = 0.05 * (x.max() - x.min())
    low, high = x.min() - margin, x.max() + margin
    line = np.linspace(low, high, 301)
    axes.plot(line, _sigmoid(weight * line + bias), color=GREEN, lw=2.2)
    axes.axhline(0.5, color=GREY, lw=0.7, zorder=0)
    where = "It is one half nowhere."
    if weight:
        centre = -bias / weight + 0.0
        where = f"It is one half at {centre:.2f}."
        if low <= centre <= high:
            axes.axvline(centre, color=PURPLE, ls="--", lw=1.6)
            axes.text(centre, 0.5, f"  {centre:.2f}", va="bottom", fontsize=11)
    axes.set(xlim=(low, high), ylim=(-0.05, 1.05))
    label(axes, quantity, f"output ({names[1]}?)")
    return (
        f"{np.sum(y == 0)} flowers of {names[0]} below and {np.sum(y == 1)} of {names[1]} above, "
        f"by {quantity}; equal measurements are stacked. A curve shows the neuron's output. {where}"
    )


# ------------------------------------------------------------------ many neurons


def network_diagram(sizes: Sequence[int]) -> Figure:
    """Draw a multilayer perceptron: a column for each layer, a line for each weight.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, then the neurons of each layer; at most six each.
    """
    figure, axes = _canvas(3.2 * len(sizes), 5.2, scale=0.8)
    columns = [
        [(1.6 + 3.2 * column, 2.9 + 0.85 * (row - (size - 1) / 2)) for row in range(size)]
        for column, size in enumerate(sizes)
    ]
    for before, after in pairwise(columns):
        for start in before:
            for end in after:
                axes.plot(*zip(start, end, strict=True), color=GREY, lw=0.9, zorder=1)
    names = ["inputs", *[f"hidden layer {k}" for k in range(1, len(sizes) - 1)], "output layer"]
    if len(sizes) == 3:
        names[1] = "hidden layer"
    for column, (name, size, places) in enumerate(zip(names, sizes, columns, strict=True)):
        for place in places:
            fill, edge = (CELL, CELL_EDGE) if column else ("#FBEBCB", "#B58A2A")
            radius = 0.27 if column else 0.18
            axes.add_patch(Circle(place, radius, facecolor=fill, edgecolor=edge, lw=1.5, zorder=3))
        axes.text(places[0][0], 0.35, f"{name}\n({size})", ha="center", va="center", fontsize=11)
    return describe(
        figure,
        f"A network drawn from left to right: {sizes[0]} inputs, then layers of "
        f"{', '.join(map(str, sizes[1:]))} neurons. Each neuron is joined to all outputs of the "
        "column before it.",
    )


def templates(images: Array) -> Figure:
    """Draw ten images side by side, one for each digit.

    Parameters
    ----------
    images : Array, shape (10, 64)
        0 is paper, 1 is ink.
    """
    figure, grid = new_figure(1, len(images), size=(0.85, 1.05))
    for digit, (axes, image) in enumerate(zip(grid, images, strict=True)):
        axes.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(str(digit), fontsize=11)
        axes.set_xticks([])
        axes.set_yticks([])
    return describe(figure, "Ten blurred digits, 0 to 9: the average image of each.")
