"""Figure of lesson 06: the graph of a computation, with values and gradients."""

from collections import Counter
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from dlcourse.figures.style import BLUE, GREY, ORANGE, describe, new_figure
from dlcourse.nn.autodiff import Value, graph, topological_order

COLUMN, ROW = 2.2, 1.0  # inches from node to node
WIDTH, HEIGHT = 0.66, 0.68  # of a box, in columns and rows
MOST_NODES = 60


def autodiff_graph(value: Value) -> Figure:
    """Draw everything that a number was computed from, inputs left, result right.

    A box holds a number's name and formula, its value and its gradient, the derivative
    of the result for it. An arrow is a use, with its slope: the derivative of the node
    at its head for the node at its tail. A gradient is the sum, over the arrows that
    leave a node, of slope times gradient at the head.

    Parameters
    ----------
    value : nn.autodiff.Value
        Call ``value.backward()`` first, or the gradients are those of another call.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are more than 60 nodes, which no figure can show.
    """
    if (count := len(topological_order(value))) > MOST_NODES:
        raise ValueError(
            f"a figure has room for {MOST_NODES} nodes, this graph has {count}; "
            "nn.autodiff.graph(value) lists them in text"
        )
    nodes, edges = graph(value)
    rows = [node.y for node in nodes] + [y for edge in edges for _, y in edge.via]
    left, right, top, bottom = -0.5, nodes[-1].x + 0.5, min(rows) - 0.5, max(rows) + 0.5
    figure, axes = new_figure(size=(COLUMN * (right - left), ROW * (bottom - top)))
    axes.set_axis_off()
    axes.set(xlim=(left, right), ylim=(bottom, top))

    drawn: Counter[tuple[int, int]] = Counter()
    for source, target, slope, via in edges:
        aside = 0.25 * drawn[source, target]  # a node may use the same number twice
        drawn[source, target] += 1
        stops = [(nodes[i].x, nodes[i].y + aside) for i in (source, target)]
        _draw_use(axes, [stops[0], *via, stops[1]], f"{slope:.3g}")
    for node in nodes:
        corner = node.x - WIDTH / 2, node.y - HEIGHT / 2
        box = FancyBboxPatch(
            corner,
            WIDTH,
            HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor="white",
            edgecolor=BLUE if node.formula else ORANGE,
        )
        axes.add_patch(box)
        title = f"{node.name} = {node.formula}" if node.formula else node.name
        text = f"{title}\nvalue {node.data:.4g}\ngradient {node.grad:.4g}"
        axes.text(node.x, node.y, text, ha="center", va="center", fontsize=9)
    listed = "; ".join(
        (f"{n.name} = {n.formula}, " if n.formula else f"{n.name}, given, ")
        + f"value {n.data:.4g}, gradient {n.grad:.4g}"
        for n in nodes
    )
    return describe(figure, f"Graph of a computation, inputs left, result right: {listed}.")


def _draw_use(axes: Axes, stops: list[tuple[float, float]], slope: str) -> None:
    """Draw an arrow from box to box: level where it passes a column, bent between columns."""
    points, codes = [], []
    for (x, y), (next_x, next_y) in pairwise(stops):
        start, end = x + WIDTH / 2, next_x - WIDTH / 2
        middle = (start + end) / 2
        points += [(start, y), (middle, y), (middle, next_y), (end, next_y)]
        codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    path = Path(points, [Path.MOVETO, *codes[1:]])
    axes.add_patch(FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=11, color=GREY))
    (x, y), (next_x, next_y) = stops[:2]
    axes.text(
        (x + next_x) / 2,
        (y + next_y) / 2,
        slope,
        ha="center",
        va="center",
        fontsize=8,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
    )
