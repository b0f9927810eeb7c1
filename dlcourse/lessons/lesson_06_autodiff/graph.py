"""Figures of lesson 06: the graph of a computation, with values and gradients.

In the steps of a backward pass, the node whose gradient has just grown has a yellow ground and
the node that sent the contribution a blue one. A gradient that lacks contributions is grey and
says "so far".
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from dlcourse.figures.style import BLACK, BLUE, GREY, ORANGE, RED, describe, new_figure
from dlcourse.lessons.lesson_06_autodiff.steps import Moment, backward_steps, short
from dlcourse.nn.autodiff import Graph, Node, Value, graph, topological_order

COLUMN, ROW = 2.2, 1.0  # inches from node to node
WIDTH, HEIGHT = 0.66, 0.68  # of a box, in columns and rows
MOST_NODES = 60
CHANGED, READ = "#FFE9A8", "#DCEBF5"  # grounds
WAITING = "#666666"  # a gradient that lacks contributions


def autodiff_graph(value: Value, step: int | None = None) -> Figure:
    """Draw everything that a number was computed from, inputs left, result right.

    A box holds a number's name and formula, its value and its gradient, the derivative
    of the result for it. An arrow is a use, with its slope: the derivative of the node
    at its head for the node at its tail. A gradient is the sum, over the arrows that
    leave a node, of slope times gradient at the head.

    Parameters
    ----------
    value : nn.autodiff.Value
        Without a step, call ``value.backward()`` first, or the gradients are those of
        another call.
    step : int, optional
        Draw the backward pass after this many of its `backward_steps` instead.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If there are more than 60 nodes, which no figure can show.
    """
    check_size(value)
    if step is None:
        drawn, moment = graph(value), None
    else:
        drawn, moments = backward_steps(value)
        moment = moments[step]
    figure, axes = new_figure(size=graph_size(drawn))
    draw_graph(axes, drawn, moment)
    return describe(figure, graph_in_words(drawn, moment))


def autodiff_frames(value: Value, steps: Sequence[int]) -> Figure:
    """Draw some of the `backward_steps` of a number below each other, two in a row.

    Parameters
    ----------
    value : nn.autodiff.Value
    steps : sequence of int
        Which ones; 0 is before the first.

    Returns
    -------
    Figure
    """
    check_size(value)
    drawn, moments = backward_steps(value)
    rows = (len(steps) + 1) // 2
    width, height = graph_size(drawn)
    figure, grid = new_figure(rows, 2, size=(0.85 * width, 0.85 * height + 0.35), squeeze=False)
    for axes in grid.flat[len(steps) :]:
        axes.set_axis_off()
    for axes, step in zip(grid.flat, steps, strict=False):
        draw_graph(axes, drawn, moments[step])
        axes.set_title(f"step {step}", loc="left", fontsize=11)
    told = " ".join(f"Step {step}: {moments[step].text}" for step in steps)
    return describe(figure, f"The backward pass of {drawn.nodes[-1].name}. {told}")


def check_size(value: Value) -> None:
    """Refuse a graph that no figure can show.

    Raises
    ------
    ValueError
        If there are more than 60 nodes.
    """
    if (count := len(topological_order(value))) > MOST_NODES:
        raise ValueError(
            f"a figure has room for {MOST_NODES} nodes, this graph has {count}; "
            "nn.autodiff.graph(value) lists them in text"
        )


def graph_size(drawn: Graph) -> tuple[float, float]:
    """Return width and height in inches of the picture of a graph."""
    left, right, bottom, top = _limits(drawn)
    return COLUMN * (right - left), ROW * (bottom - top)


def _limits(drawn: Graph) -> tuple[float, float, float, float]:
    nodes, edges = drawn
    rows = [node.y for node in nodes] + [y for edge in edges for _, y in edge.via]
    return -0.5, nodes[-1].x + 0.5, max(rows) + 0.5, min(rows) - 0.5


def draw_graph(axes: Axes, drawn: Graph, moment: Moment | None = None) -> None:
    """Draw a graph, with its own gradients or those at a moment of the backward pass."""
    nodes, edges = drawn
    left, right, bottom, top = _limits(drawn)
    axes.set_axis_off()
    axes.set(xlim=(left, right), ylim=(bottom, top))
    now = edges[moment.edge] if moment and moment.edge is not None else None
    uses: Counter[tuple[int, int]] = Counter()
    for edge in edges:
        source, target, slope, via = edge
        aside = 0.25 * uses[source, target]  # a node may use the same number twice
        uses[source, target] += 1
        stops = [(nodes[i].x, nodes[i].y + aside) for i in (source, target)]
        _draw_use(axes, [stops[0], *via, stops[1]], f"{slope:.3g}", edge is now)
    for i, node in enumerate(nodes):
        ground, grad, complete = "white", node.grad, True
        if moment:
            changed = now.source if now else moment.visited
            read = moment.visited if now else None
            ground = CHANGED if i == changed else READ if i == read else "white"
            grad, complete = moment.grads[i], moment.complete[i]
        _draw_node(axes, node, ground, grad, complete)


def graph_in_words(drawn: Graph, moment: Moment | None = None) -> str:
    """Describe the picture of a graph."""
    listed = "; ".join(
        (f"{node.name} = {node.formula}, " if node.formula else f"{node.name}, given, ")
        + f"value {short(node.data)}, "
        + (_gradient(moment.grads[i], moment.complete[i]) if moment else _gradient(node.grad))
        for i, node in enumerate(drawn.nodes)
    )
    happened = f"{moment.text} " if moment else ""
    return f"{happened}Graph of a computation, inputs left, result right: {listed}."


def _gradient(grad: float, complete: bool = True) -> str:
    return f"{'gradient' if complete else 'so far'} {short(grad)}"


def _draw_node(axes: Axes, node: Node, ground: str, grad: float, complete: bool) -> None:
    box = FancyBboxPatch(
        (node.x - WIDTH / 2, node.y - HEIGHT / 2),
        WIDTH,
        HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.05",
        facecolor=ground,
        edgecolor=BLUE if node.formula else ORANGE,
    )
    axes.add_patch(box)
    title = f"{node.name} = {node.formula}" if node.formula else node.name
    axes.text(
        node.x,
        node.y,
        f"{title}\nvalue {short(node.data)}\n",
        ha="center",
        va="center",
        fontsize=9,
    )
    axes.text(
        node.x,
        node.y,
        f"\n\n{_gradient(grad, complete)}",
        ha="center",
        va="center",
        fontsize=9,
        color=BLACK if complete else WAITING,
    )


def _draw_use(axes: Axes, stops: list[tuple[float, float]], slope: str, is_now: bool) -> None:
    """Draw an arrow from box to box: level where it passes a column, bent between columns."""
    points, codes = [], []
    for (x, y), (next_x, next_y) in pairwise(stops):
        start, end = x + WIDTH / 2, next_x - WIDTH / 2
        middle = (start + end) / 2
        points += [(start, y), (middle, y), (middle, next_y), (end, next_y)]
        codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    path = Path(points, [Path.MOVETO, *codes[1:]])
    colour, width = (RED, 2.5) if is_now else (GREY, 1)
    axes.add_patch(
        FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=11, color=colour, lw=width)
    )
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
