"""The graph of a computation as data: what to write at each node, and where to put it.

A figure needs only this. As text, a graph is the list of its nodes in the order in which
they were computed, each with its value and its gradient.
"""

from itertools import pairwise
from statistics import mean
from typing import NamedTuple

from dlcourse.nn.autodiff.value import Value, topological_order


class Node(NamedTuple):
    """A number of the computation."""

    name: str  # its label, or v1, v2, ... in the order of computation
    formula: str  # such as "a * b"; empty for a number that was given
    operation: str  # such as "*"; empty for a number that was given
    data: float
    grad: float
    x: int  # columns from left to right: every node is to the right of its inputs
    y: float  # rows from top to bottom, centred on 0


class Edge(NamedTuple):
    """A use of a number: by which node, and the derivative of that node for it."""

    source: int  # index of the number
    target: int  # index of the node that uses it
    slope: float
    via: list[tuple[int, float]]  # x and y where it passes the columns between, beside the nodes


class Graph(NamedTuple):
    """All nodes, each after its inputs, and all edges; its repr draws it in text."""

    nodes: list[Node]
    edges: list[Edge]

    def __repr__(self) -> str:
        rows = [("node", "value", "gradient")] + [
            (f"{n.name} = {n.formula}" if n.formula else n.name, f"{n.data:.6g}", f"{n.grad:.6g}")
            for n in self.nodes
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return "\n".join(
            f"{name:{widths[0]}}  {data:>{widths[1]}}  {grad:>{widths[2]}}"
            for name, data, grad in rows
        )


def graph(root: Value) -> Graph:
    """Lay out everything that a number was computed from.

    The root stands at the right. Every other node stands one column to the left of the
    leftmost of its uses, and its row follows the rows of its uses.

    Parameters
    ----------
    root : Value
        Call ``root.backward()`` first to see the gradients.

    Returns
    -------
    Graph

    Examples
    --------
    >>> a, b, c = Value(2, "a"), Value(-3, "b"), Value(10, "c")
    >>> loss = (a * b) + (b + c)
    >>> loss.label = "L"
    >>> loss.backward()
    >>> graph(loss)
    node         value  gradient
    a                2        -3
    b               -3         3
    v1 = a * b      -6         1
    c               10         1
    v2 = b + c       7         1
    L = v1 + v2      1         1
    """
    order = topological_order(root)
    index = {id(node): i for i, node in enumerate(order)}
    uses = [
        (index[id(source)], index[id(node)], slope)
        for node in order
        for source, slope in zip(node.inputs, node.slopes, strict=True)
    ]
    places, ways = _layout(len(order), [(source, target) for source, target, _ in uses])
    edges = [Edge(*use, [places[i] for i in way]) for use, way in zip(uses, ways, strict=True)]

    names: list[str] = []
    nodes = []
    computed = 0
    for node, (x, y) in zip(order, places, strict=False):  # the other places are of edges
        computed += bool(node.operation)
        default = f"v{computed}" if node.operation else f"{node.data:g}"
        names.append(node.label or default)
        formula = _formula(node.operation, [names[index[id(source)]] for source in node.inputs])
        nodes.append(Node(names[-1], formula, node.operation, node.data, node.grad, x, y))
    return Graph(nodes, edges)


def _layout(
    count: int, uses: list[tuple[int, int]]
) -> tuple[list[tuple[int, float]], list[list[int]]]:
    """Return the column and row of each place, and the places that each use passes.

    The first `count` places belong to the nodes, which are listed after their inputs. A
    use that passes columns gets a place of its own in each of them.
    """
    distance = [0] * count  # longest way to the root, which is the last node
    for source, target in reversed(uses):  # all uses of a node come after it
        distance[source] = max(distance[source], distance[target] + 1)

    ways: list[list[int]] = []
    following: list[list[int]] = [[] for _ in range(count)]
    for source, target in uses:
        passed = range(distance[source] - 1, distance[target], -1)
        way = list(range(len(distance), len(distance) + len(passed)))
        distance.extend(passed)
        following.extend([] for _ in way)
        for place, after in pairwise([source, *way, target]):
            following[place].append(after)
        ways.append(way)

    columns: list[list[int]] = [[] for _ in range(max(distance) + 1)]
    for place, d in enumerate(distance):
        columns[d].append(place)
    rows = [0.0] * len(distance)
    for column in columns[1:]:
        column.sort(key=lambda place: mean(rows[after] for after in following[place]))
        for i, place in enumerate(column):
            rows[place] = i - (len(column) - 1) / 2
    return [(len(columns) - 1 - d, row) for d, row in zip(distance, rows, strict=True)], ways


def _formula(operation: str, names: list[str]) -> str:
    if len(names) == 2:
        return f"{names[0]} {operation} {names[1]}"
    if operation.startswith("**"):
        return f"{names[0]}{operation}"
    return f"{operation}({names[0]})" if names else ""
