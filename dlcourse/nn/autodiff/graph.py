"""The graph of a computation as data: what to write at each node, and where to put it.

A figure needs only this. As text, a graph is the list of its nodes in the order in which
they were computed, each with its value and its gradient.
"""

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
    """A use of a number: indices of the two nodes, and the derivative of one for the other."""

    source: int
    target: int
    slope: float


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
    edges = [
        Edge(index[id(source)], index[id(node)], slope)
        for node in order
        for source, slope in zip(node.inputs, node.slopes, strict=True)
    ]
    columns, rows = _layout(len(order), edges)

    names: list[str] = []
    nodes = []
    computed = 0
    for node, x, y in zip(order, columns, rows, strict=True):
        computed += bool(node.operation)
        default = f"v{computed}" if node.operation else f"{node.data:g}"
        names.append(node.label or default)
        formula = _formula(node.operation, [names[index[id(source)]] for source in node.inputs])
        nodes.append(Node(names[-1], formula, node.operation, node.data, node.grad, x, y))
    return Graph(nodes, edges)


def _layout(count: int, edges: list[Edge]) -> tuple[list[int], list[float]]:
    """Return the column and the row of each node, for nodes listed after their inputs."""
    uses: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in edges:
        uses[source].append(target)
    distance = [0] * count  # longest way to the root
    for i in reversed(range(count)):
        distance[i] = max((distance[target] + 1 for target in uses[i]), default=0)

    rows = [0.0] * count
    for column in range(1, max(distance) + 1):
        members = [i for i in range(count) if distance[i] == column]
        members.sort(key=lambda i: sum(rows[target] for target in uses[i]) / len(uses[i]))
        for place, i in enumerate(members):
            rows[i] = place - (len(members) - 1) / 2
    return [max(distance) - d for d in distance], rows


def _formula(operation: str, names: list[str]) -> str:
    if len(names) == 2:
        return f"{names[0]} {operation} {names[1]}"
    if operation.startswith("**"):
        return f"{names[0]}{operation}"
    return f"{operation}({names[0]})" if names else ""
