"""Figures of lesson 15: recurrent networks unrolled, made deep, and what their gradients do.

Matrices act on row vectors, as in `dlcourse.nn`: h_t = tanh(x_t W + h_{t-1} U + b). The step
from h_{t-1} to h_t then has the Jacobian U diag(1 - h_t^2), and a product over steps is
written in the order of time.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    describe,
    label,
    new_figure,
)
from dlcourse.nn.contract import Array

STEPS = 50  # of the products of Jacobians
UNITS = 8  # of the matrix that the board lets one change
STYLES = ("-", "--", ":", "-.")

Point = tuple[float, float]

# Diagrams


def unrolled_rnn() -> Figure:
    """Draw a recurrent layer with its loop, and the same layer unrolled over three steps."""
    figure, axes = _canvas((8.2, 2.9), (0, 16.4), (0, 5.8))
    _box(axes, (1.6, 2.8), "$h_t$")
    _arrow(axes, (1.6, 1.0), (1.6, 2.2), GREEN, "$W$")
    _arrow(axes, (1.6, 3.4), (1.6, 4.6), PURPLE)
    _arrow(axes, (2.2, 3.1), (2.2, 2.5), BLUE, bend=-2.2)
    axes.text(3.25, 2.65, "$U$", color=BLUE, fontsize=13)
    axes.text(1.6, 0.6, "$x_t$", ha="center", va="center", fontsize=13)
    axes.text(1.6, 4.95, "output", ha="center", va="center", fontsize=10)
    axes.text(4.5, 2.65, "=", fontsize=20)
    places = [(6.3, "$h_0$"), (8.9, "$h_1$"), (11.5, "$h_2$"), (14.1, "$h_3$")]
    for (left, _), (right, _) in pairwise(places):
        _arrow(axes, (left + 0.6, 2.8), (right - 0.6, 2.8), BLUE, "$U$")
    for place, name in places:
        _box(axes, (place, 2.8), name, "white" if name == "$h_0$" else "#DCEBF5")
        if name != "$h_0$":
            _arrow(axes, (place, 1.0), (place, 2.2), GREEN, "$W$")
            _arrow(axes, (place, 3.4), (place, 4.6), PURPLE)
            axes.text(place, 0.6, name.replace("h", "x"), ha="center", va="center", fontsize=13)
            axes.text(place, 4.95, "output", ha="center", va="center", fontsize=10)
    return describe(
        figure,
        "Left: a recurrent layer, whose hidden state h goes back into it through U. Right: the "
        "same layer unrolled over three steps. Every step has its own input and its own hidden "
        "state, but the arrows carry the same W and the same U.",
    )


def sequences() -> Figure:
    """Draw what goes in and comes out: many-to-one, one-to-many, many-to-many."""
    figure, grid = new_figure(1, 3, size=(2.9, 2.7))
    pictures = [
        ("many-to-one", ["row 1", "row 2", "row 8"], ["", "", "7"]),
        ("one-to-many", ["t", "", ""], ["h", "e", "n"]),
        ("many-to-many", ["t", "h", "e"], ["h", "e", "n"]),
    ]
    for axes, (title, inputs, outputs) in zip(grid, pictures, strict=True):
        axes.set(xlim=(0, 6), ylim=(-0.2, 5.4), aspect="equal")
        axes.axis("off")
        axes.set_title(title, loc="left", fontsize=12)
        places = (1.0, 3.0, 5.0)
        for place, below, above in zip(places, inputs, outputs, strict=True):
            _box(axes, (place, 2.6), "h")
            if below:
                axes.text(place, 0.1, below, ha="center", va="center", fontsize=11)
                _arrow(axes, (place, 0.5), (place, 2.0), GREEN)
            if above:
                axes.text(place, 5.1, above, ha="center", va="center", fontsize=11)
                _arrow(axes, (place, 3.2), (place, 4.7), PURPLE)
        for left, right in pairwise(places):
            _arrow(axes, (left + 0.6, 2.6), (right - 0.6, 2.6), BLUE)
            if title == "one-to-many":
                _arrow(axes, (left + 0.2, 4.8), (right - 0.1, 1.95), GREY, dashed=True)
    return describe(
        figure,
        "Three networks, each over three steps. Many-to-one: rows of an image go in, one digit "
        "comes out at the end. One-to-many: one letter goes in, and each letter that comes out is "
        "the next input. Many-to-many: at each step a letter goes in and a guess of the next one "
        "comes out.",
    )


def deep_rnns() -> Figure:
    """Draw a shallow recurrent step, the four ways to make it deep, and the two directions."""
    figure, grid = new_figure(2, 3, size=(3.0, 2.7))
    titles = ["shallow", "1 stacked", "2 deep input", "3 deep transition"]
    titles += ["4 deep output", "bidirectional"]
    for axes, title in zip(grid.flat, titles, strict=True):
        axes.set(xlim=(0, 6), ylim=(-0.15, 5.55), aspect="equal")
        axes.axis("off")
        axes.set_title(title, loc="left", fontsize=11)
    shallow, stacked, inputs, transition, outputs, two_way = grid.flat

    def columns(axes: Axes, names: Sequence[str], loops: Sequence[int]) -> None:
        """Two steps of boxes from x at the bottom to y at the top; `loops` go through time."""
        heights = np.linspace(0.4, 5.0, len(names))
        for x, t in ((1.5, "t-1"), (4.5, "t")):
            for height, name in zip(heights, names, strict=True):
                text = f"${name}_{{{t}}}$" if name else ""
                _node(axes, (x, height), text, new=not name)
            for low, high in pairwise(heights):
                _arrow(axes, (x, low + 0.5), (x, high - 0.5), BLACK)
        for loop in loops:
            _arrow(axes, (2.0, heights[loop]), (4.0, heights[loop]), BLUE)

    columns(shallow, ["x", "h", "y"], [1])
    columns(stacked, ["x", "h", "k", "y"], [1, 2])
    columns(inputs, ["x", "", "h", "y"], [2])
    columns(outputs, ["x", "h", "", "y"], [1])
    for x, t in ((2.0, "t-1"), (5.2, "t")):
        between = (x - 1.35, 1.6)
        _node(transition, between, "", new=True)
        for name, height in (("x", 0.4), ("h", 2.7), ("y", 5.0)):
            _node(transition, (x, height), f"${name}_{{{t}}}$")
        _arrow(transition, (x - 0.4, 0.7), (between[0] + 0.35, 1.3), BLACK)
        _arrow(transition, (between[0] + 0.35, 1.9), (x - 0.4, 2.4), BLUE)
        _arrow(transition, (x, 3.2), (x, 4.5), BLACK)
    _arrow(transition, (2.3, 2.3), (3.5, 1.8), BLUE)
    for x, t in ((1.5, "t-1"), (4.5, "t")):
        for name, place in (
            ("x", (x, 0.4)),
            ("f", (x - 0.55, 2.0)),
            ("b", (x + 0.55, 3.4)),
            ("y", (x, 5.0)),
        ):
            _node(two_way, place, f"${name}_{{{t}}}$")
        for start, end in (
            ((x - 0.15, 0.8), (x - 0.45, 1.6)),
            ((x + 0.15, 0.8), (x + 0.5, 3.0)),
            ((x - 0.5, 2.4), (x - 0.15, 4.6)),
            ((x + 0.45, 3.8), (x + 0.15, 4.6)),
        ):
            _arrow(two_way, start, end, BLACK)
    _arrow(two_way, (1.45, 2.0), (3.45, 2.0), BLUE)
    _arrow(two_way, (4.55, 3.4), (2.55, 3.4), ORANGE)
    return describe(
        figure,
        "Six small networks, each over two steps. Shallow: input, hidden state, output; the "
        "state goes to the next step. Stacked: a second state above the first. Deep input, deep "
        "transition, deep output: an extra layer before, between or after the states. "
        "Bidirectional: one chain of states runs forwards in time, a second one backwards.",
    )


def feedback_wiring() -> Figure:
    """Draw what goes back into the network: the hidden state (Elman) or the output (Jordan)."""
    figure, pair = new_figure(1, 2, size=(3.6, 2.5))
    for axes, name, source in zip(pair, ("Elman 1990", "Jordan 1986"), (1, 2), strict=True):
        axes.set(xlim=(0, 7), ylim=(0, 5.2), aspect="equal")
        axes.axis("off")
        axes.set_title(name, loc="left", fontsize=11)
        heights = (0.5, 2.5, 4.5)
        for text, height in zip(("$x_t$", "$h_t$", "$y_t$"), heights, strict=True):
            _node(axes, (2, height), text)
        back = "$h_{t-1}$" if source == 1 else "$y_{t-1}$"
        _node(axes, (5.2, 0.5), back)
        for low, high in pairwise(heights):
            _arrow(axes, (2, low + 0.5), (2, high - 0.5), BLACK)
        _arrow(axes, (4.85, 0.75), (2.4, 2.3), BLUE)
        _arrow(axes, (2.42, heights[source]), (5.2, 0.95), BLUE, bend=-0.45, dashed=True)
        axes.text(4.6, 3.6, "kept for\nthe next step", fontsize=9, color=BLUE)
    return describe(
        figure,
        "Two networks with an input, a hidden layer and an output. In Elman's, a copy of the "
        "hidden state goes back into the hidden layer at the next step; in Jordan's, the output "
        "does.",
    )


def _canvas(size: Point, across: Point, up: Point) -> tuple[Figure, Axes]:
    figure, axes = new_figure(size=size)
    axes.set(xlim=across, ylim=up, aspect="equal")
    axes.axis("off")
    return figure, axes


def _box(axes: Axes, centre: Point, text: str, fill: str = "#DCEBF5") -> None:
    corner = (centre[0] - 0.5, centre[1] - 0.5)
    axes.add_patch(
        FancyBboxPatch(corner, 1, 1, boxstyle="round,pad=0.08", facecolor=fill, edgecolor=BLACK)
    )
    axes.text(*centre, text, ha="center", va="center", fontsize=14)


def _node(axes: Axes, centre: Point, text: str, *, new: bool = False) -> None:
    """Draw a layer; `new` marks the one that makes a network deep."""
    fill = "#FBEBCB" if new else "white"
    axes.add_patch(Circle(centre, 0.48, facecolor=fill, edgecolor=ORANGE if new else BLACK))
    axes.text(*centre, text, ha="center", va="center", fontsize=10)


def _arrow(
    axes: Axes,
    start: Point,
    end: Point,
    color: str,
    name: str = "",
    *,
    bend: float = 0.0,
    dashed: bool = False,
) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=12,
            lw=1.5,
            color=color,
            linestyle="--" if dashed else "-",
            connectionstyle=f"arc3,rad={bend}",
        )
    )
    if name:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        sideways = start[0] == end[0]
        place = (middle[0] + 0.15, middle[1]) if sideways else (middle[0] - 0.15, middle[1] + 0.2)
        axes.text(*place, name, color=color, fontsize=13, va="center" if sideways else "bottom")


# The writer


def ladder(counted: Mapping[str, float], networks: Sequence[float]) -> Figure:
    """Draw bits per letter: what counting gives, a dot per network, and Shannon's readers.

    Parameters
    ----------
    counted : mapping of str to float
        Bits of each way of counting, under its name.
    networks : sequence of float
        Bits of the network, one for each seed.
    """
    figure, axes = new_figure(size=(6.4, 3.1))
    names = [*counted, "recurrent network", "people (Shannon 1951)"]
    axes.barh(range(len(counted)), list(counted.values()), color=SKY, height=0.55)
    for row, bits in enumerate(counted.values()):
        axes.text(bits + 0.06, row, f"{bits:.2f}", va="center", fontsize=10)
    axes.plot(networks, [len(counted)] * len(networks), "o", color=BLUE, ms=8, alpha=0.7)
    mean = sum(networks) / len(networks)
    axes.text(max(networks) + 0.1, len(counted), f"{mean:.2f}", va="center", fontsize=10)
    axes.plot([0.6, 1.3], [len(counted) + 1] * 2, color=GREEN, lw=8, solid_capstyle="butt")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(0, 5.4), ylim=(len(names) - 0.5, -0.5))
    label(axes, "bits per letter of a new text (lower is better)", "")
    said = ", ".join(f"{name} {bits:.2f}" for name, bits in counted.items())
    between = f"{min(networks):.2f} to {max(networks):.2f} over {len(networks)} seeds"
    return describe(
        figure,
        f"Bits per letter of a new text. {said}; the recurrent network {between}; people 0.6 to "
        "1.3.",
    )


def reach(bits: Mapping[int, float]) -> Figure:
    """Draw the bits per letter against how many letters a network has read before it guesses."""
    figure, axes = new_figure(size=(6.0, 3.0))
    read, values = list(bits), list(bits.values())
    axes.semilogx(read, values, "o-", color=BLUE, lw=2)
    axes.set_xticks(read, [str(letters) for letters in read])
    axes.minorticks_off()
    axes.set_ylim(min(values) - 0.2, max(values) + 0.1)
    label(axes, "letters read before the guess", "bits per letter")
    return describe(
        figure,
        f"Bits per letter against the letters that the network has read: {values[0]:.2f} after "
        f"{read[0]}, {values[-1]:.2f} after {read[-1]}; the curve is flat at its end.",
    )


# Products of Jacobians


def power_norms(matrix: Array, steps: int = STEPS) -> Array:
    """Return the largest stretch of matrix^t, its spectral norm, for t = 0 to `steps`.

    Examples
    --------
    >>> power_norms(np.array([[0.5, 0.0], [0.0, 0.25]]), 2)
    array([1.  , 0.5 , 0.25])
    """
    power = np.eye(len(matrix))
    norms = [1.0]
    for _ in range(steps):
        power = power @ matrix
        norms.append(float(np.linalg.norm(power, 2)))
    return np.array(norms)


def stretched_circle(matrix: Array, powers: Sequence[int]) -> Figure:
    """Draw a circle, and what powers of a matrix of shape (2, 2) make of it.

    Rows are multiplied, as states are: x becomes x @ matrix.
    """
    figure, axes = new_figure(size=(5.6, 3.6))
    angles = np.linspace(0, 2 * np.pi, 200)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    axes.plot(*circle.T, color=GREY, lw=1, label="circle of radius 1")
    said = []
    for power, color, style in zip(powers, CYCLE, STYLES, strict=False):
        image = circle @ np.linalg.matrix_power(matrix, power)
        axes.plot(*image.T, style, color=color, lw=2, label=f"after {power} step{'s'[: power > 1]}")
        said.append(f"{np.hypot(*image.T).max():.2f} after {power}")
    axes.set_aspect("equal")
    label(axes, "first entry", "second entry", "The longest radius is the norm")
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return describe(
        figure,
        f"A circle, and the ellipses that a matrix makes of it. The longest radius is "
        f"{', '.join(said)} steps.",
    )


def norm_curves(curves: Mapping[str, Array], title: str = "") -> Figure:
    """Draw norms against the number of steps, on a logarithmic axis.

    Parameters
    ----------
    curves : mapping of str to Array, shape (steps + 1,)
        The norm of a product of 0, 1, 2, ... Jacobians, under the name of the curve.
    title : str
        The point of the figure.
    """
    figure, axes = new_figure(size=(6.0, 3.4))
    for (name, norms), color, style in zip(curves.items(), CYCLE, STYLES, strict=False):
        axes.semilogy(range(len(norms)), norms, style, color=color, lw=2, label=name)
    axes.axhline(1, color=GREY, lw=0.8, zorder=0)
    label(axes, "steps back in time", "norm of the product", title)
    axes.legend(framealpha=1)
    ends = "; ".join(f"{name} at {norms[-1]:.0e}" for name, norms in curves.items())
    return describe(
        figure,
        "The norm of a product of Jacobians against the number of factors, on a logarithmic "
        f"axis. After {max(map(len, curves.values())) - 1} steps: {ends.replace('$', '')}.",
    )


def recurrent_matrix(radius: float, non_normality: float, units: int = UNITS) -> Array:
    """Build a matrix whose spectral radius and norm can be chosen apart from each other.

    All its eigenvalues lie on the circle of the given radius. `non_normality` adds a fixed
    triangle of numbers in the same basis: the eigenvalues stay, the norm grows.

    Parameters
    ----------
    radius : float
        The spectral radius.
    non_normality : float
        0 for a rotation times `radius`, whose norm is the radius.
    units : int
        Rows and columns, an even number.

    Returns
    -------
    Array, shape (units, units)

    Examples
    --------
    >>> for amount in (0.0, 1.0):
    ...     matrix = recurrent_matrix(0.8, amount)
    ...     radius = abs(np.linalg.eigvals(matrix)).max()
    ...     print(f"radius {radius:.3f}, norm {np.linalg.norm(matrix, 2):.3f}")
    radius 0.800, norm 0.800
    radius 0.800, norm 1.735
    """
    rng = np.random.default_rng(4)
    basis, _ = np.linalg.qr(rng.normal(size=(units, units)))
    blocks = np.zeros((units, units))
    for pair, angle in enumerate(np.linspace(0.3, 2.6, units // 2)):
        rows = slice(2 * pair, 2 * pair + 2)
        blocks[rows, rows] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    above = rng.normal(size=(units, units)) / np.sqrt(units)
    pairs = np.arange(units) // 2
    above *= pairs[:, np.newaxis] < pairs  # beyond the blocks: the eigenvalues do not move
    matrix: Array = basis @ (radius * blocks + non_normality * above) @ basis.T
    return matrix


class Jacobians(NamedTuple):
    """What `JacobianPicture` draws for one setting."""

    norm: float  # of one Jacobian
    radius: float  # its spectral radius
    norms: Array  # of the products of 0, 1, ..., STEPS of them


class JacobianPicture:
    """Norms of powers of a Jacobian, and its eigenvalues: a figure that can be drawn again.

    Attributes
    ----------
    figure : Figure
    """

    def __init__(self) -> None:
        # Under each other: side by side, their letters are too small in a narrow window.
        self.figure, (left, right) = new_figure(
            2, 1, size=(5.6, 2.9), gridspec_kw={"height_ratios": [1.1, 1]}
        )
        self._left = left
        self._draw_frames(left, right)
        steps = np.arange(STEPS + 1)
        (self._curve,) = left.semilogy(steps, steps + 1, color=BLUE, lw=2.2, label="measured")
        (self._asymptote,) = left.semilogy(steps, steps + 1, "--", color=GREEN, label=r"radius$^t$")
        (self._bound,) = left.semilogy(steps, steps + 1, ":", color=ORANGE, label=r"norm$^t$")
        left.legend(loc="upper left", framealpha=1)
        (self._dots,) = right.plot([], [], "o", color=BLUE, ms=5, label="eigenvalues")
        (self._ring,) = right.plot([], [], ":", color=ORANGE, label="radius = norm")
        right.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
        # Laid out once, and without mathematical type on the axis: a redraw takes half the time.
        powers = np.array([-8, -4, 0, 4, 8])
        left.set_yticks(10.0**powers, [f"1e{power}" if power else "1" for power in powers])
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")

    def draw(self, radius: float, non_normality: float, slope: float) -> str:
        """Draw the powers of ``slope * recurrent_matrix(radius, non_normality)``.

        Returns
        -------
        description : str
            What is to be seen now.
        """
        jacobian = slope * recurrent_matrix(radius, non_normality)
        drawn = Jacobians(
            float(np.linalg.norm(jacobian, 2)),
            float(abs(np.linalg.eigvals(jacobian)).max()),
            power_norms(jacobian),
        )
        steps = np.arange(STEPS + 1)
        self._curve.set_ydata(drawn.norms)
        self._asymptote.set_ydata(drawn.radius**steps)
        self._bound.set_ydata(drawn.norm**steps)
        eigenvalues = np.linalg.eigvals(jacobian)
        self._dots.set_data(eigenvalues.real, eigenvalues.imag)
        around = np.exp(1j * np.linspace(0, 2 * np.pi, 120))
        self._ring.set_data(drawn.norm * around.real, drawn.norm * around.imag)
        self._left.set_title(
            f"norm {drawn.norm:.2f}, radius {drawn.radius:.2f}: after {STEPS} steps "
            f"{drawn.norms[-1]:.1e}",
            loc="left",
            fontsize=11,
        )
        return describe_jacobians(drawn)

    @staticmethod
    def _draw_frames(left: Axes, right: Axes) -> None:
        label(left, "steps back in time, t", "norm of the product", " ")
        left.axhline(1, color=GREY, lw=0.8, zorder=0)
        left.set(ylim=(1e-8, 1e8), xlim=(0, STEPS))
        around = np.exp(1j * np.linspace(0, 2 * np.pi, 120))
        right.plot(around.real, around.imag, color=GREY, lw=0.8, label="radius 1")
        right.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal")
        label(right, "real part", "imaginary part", "eigenvalues of $J$")


def describe_jacobians(drawn: Jacobians) -> str:
    """Say what the powers of a Jacobian do.

    Examples
    --------
    >>> describe_jacobians(Jacobians(1.735, 0.8, power_norms(recurrent_matrix(0.8, 1.0))))
    'One step stretches by at most 1.74; the spectral radius is 0.80. The product of 50 steps \
has norm 2e-05, after a largest norm of 1.7 at step 1.'
    """
    top = int(drawn.norms.argmax())
    peak = "" if top == 0 else f", after a largest norm of {drawn.norms[top]:.1f} at step {top}"
    if top == STEPS:
        peak = ", the largest of all"
    return (
        f"One step stretches by at most {drawn.norm:.2f}; the spectral radius is "
        f"{drawn.radius:.2f}. The product of {STEPS} steps has norm {drawn.norms[-1]:.0e}{peak}."
    )


def jacobian_frames(settings: Sequence[tuple[float, float, float]]) -> Figure:
    """Draw the upper half of the board's picture for some settings.

    Parameters
    ----------
    settings : sequence of (radius, non_normality, slope)
    """
    rows = -(-len(settings) // 2)
    figure, grid = new_figure(rows, 2, size=(3.5, 2.6), squeeze=False, sharey=True, sharex=True)
    for spare in grid.flat[len(settings) :]:
        spare.remove()
    steps = np.arange(STEPS + 1)
    said = []
    for axes, (radius, non_normality, slope) in zip(grid.flat, settings, strict=False):
        jacobian = slope * recurrent_matrix(radius, non_normality)
        norm, norms = float(np.linalg.norm(jacobian, 2)), power_norms(jacobian)
        axes.semilogy(steps, norms, color=BLUE, lw=2.2, label="measured")
        axes.semilogy(steps, (slope * radius) ** steps, "--", color=GREEN, label=r"radius$^t$")
        axes.semilogy(steps, norm**steps, ":", color=ORANGE, label=r"norm$^t$")
        axes.axhline(1, color=GREY, lw=0.8, zorder=0)
        axes.set_ylim(1e-8, 1e8)
        label(axes, "steps back in time, $t$", "")
        axes.set_title(
            f"radius {radius:g}, slope {slope:g},\n"
            f"non-normality {non_normality:g}: norm {norm:.2f}",
            loc="left",
            fontsize=10,
        )
        said.append(f"{radius:g}, {non_normality:g} and {slope:g} end at {norms[-1]:.0e}")
    for axes in grid[:, 0]:
        axes.set_ylabel("norm of the product")
    grid[0, 0].legend(fontsize=9, loc="upper left", framealpha=1)
    return describe(
        figure,
        f"The norm of the product of t equal Jacobians, for t up to {STEPS}, with two guides. "
        f"Radius, non-normality and slope {'; '.join(said)}. The curve ends parallel to the "
        "radius to the power t, not to the norm to the power t.",
    )


# Clipping


def clipping_cliff(
    loss: Callable[[Array], Array], paths: Mapping[str, Sequence[float]], limits: Point
) -> Figure:
    """Draw a loss with a cliff, and where gradient descent went on it.

    Parameters
    ----------
    loss : callable
        The loss of an array of weights.
    paths : mapping of str to sequence of float
        The weights, step by step, of each run.
    limits : tuple of float
        Of the weights that are drawn; what leaves them is said, not drawn.
    """
    figure, (left, right) = new_figure(1, 2, size=(4.2, 3.2))
    weights = np.linspace(*limits, 400)
    left.semilogy(weights, loss(weights), color=GREY, zorder=0)
    label(left, "recurrent weight $u$", "loss", "The cliff")
    label(right, "step", "recurrent weight $u$", "Where each run went")
    left.set_xlim(*limits)
    said: list[str] = []
    for (name, path), color, marker in zip(paths.items(), (RED, BLUE, GREEN), "Xos", strict=False):
        u = np.array(path)
        seen = (u >= limits[0]) & (u <= limits[1])
        order = len(paths) - len(said)  # the first run lies on top
        left.semilogy(u[seen], loss(u[seen]), marker, color=color, ms=5, zorder=2 + order)
        inside = len(u) if seen.all() else int(seen.argmin())
        right.plot(range(inside), u[:inside], marker + "-", color=color, ms=3, label=name)
        if inside < len(u):
            right.annotate(
                f"to {u[inside]:,.0f}",
                (inside - 1, u[inside - 1]),
                xytext=(8, -4),
                textcoords="offset points",
                color=color,
            )
            said.append(f"{name}: thrown from {u[inside - 1]:.3f} to {u[inside]:,.0f}")
        else:
            said.append(f"{name}: ends at {u[-1]:.3f}")
    right.set_ylim(*limits)
    right.legend(loc="lower right", framealpha=1)
    return describe(
        figure,
        f"Left: the loss against the recurrent weight, nearly flat on one side and a cliff on the "
        f"other. Right: the weight at each step. {'; '.join(said)}.",
    )


# Elman's experiment


def error_by_position(errors: Mapping[str, Array], *, show: int = 12) -> Figure:
    """Draw the error of predicting the next bit, over consecutive bits of triples.

    Parameters
    ----------
    errors : mapping of str to Array, shape (runs, bits)
        Root mean squared errors; entry t belongs to the prediction of bit t + 1, counted from 0.
    show : int
        How many consecutive bits to draw.
    """
    figure, axes = new_figure(size=(6.6, 3.2))
    places = np.arange(1, show + 1)
    handles: list[Line2D] = []
    for (name, runs), color, style in zip(errors.items(), CYCLE, STYLES, strict=False):
        for run in runs:
            axes.plot(places, run[:show], style, color=color, lw=0.8, alpha=0.4)
        handles += axes.plot(
            places, runs[:, :show].mean(axis=0), style, color=color, marker="o", label=name
        )
    axes.axhline(0.5, color=GREY, lw=0.8, zorder=0)
    thirds = places[(places + 1) % 3 == 0]
    axes.set_xticks(places, [str(p + 1) for p in places])
    for place in thirds:
        axes.axvspan(place - 0.4, place + 0.4, color="#F2F2F2", zorder=-1)
    axes.set_ylim(0, 0.7)
    label(
        axes,
        "number of the bit that is predicted",
        "RMS error",
        "Every third bit is the XOR of two",
    )
    axes.legend(handles=handles, loc="lower right", framealpha=1, fontsize=9)
    falls = [
        f"{falling_runs(runs)} of {len(runs)} runs with {name}" for name, runs in errors.items()
    ]
    return describe(
        figure,
        "The error of predicting each of twelve consecutive bits, a thin line per run and a thick "
        "one for their mean; guessing gives 0.5. The error falls at every third bit in "
        f"{' and '.join(falls)}.",
    )


def falling_runs(runs: Array) -> int:
    """Count the runs whose error at each third bit is below that at both bits before it.

    Parameters
    ----------
    runs : Array, shape (runs, bits)
        As for `error_by_position`; entries 1, 4, 7, ... belong to the third bits.

    Examples
    --------
    >>> falling_runs(np.array([[0.5, 0.2, 0.5, 0.5, 0.3], [0.5, 0.5, 0.2, 0.5, 0.3]]))
    1
    """
    third = runs[:, 4::3]
    before = [runs[:, 4 - k :: 3][:, : third.shape[1]] for k in (1, 2)]
    return int(np.sum(np.all((third < before[0]) & (third < before[1]), axis=1)))
