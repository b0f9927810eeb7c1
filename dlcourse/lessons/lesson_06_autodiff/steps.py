"""The backward pass of a graph as a list of moments: the seed, then one contribution each."""

from collections import Counter
from typing import NamedTuple

from dlcourse.nn.autodiff import Graph, Value, graph, topological_order


class Moment(NamedTuple):
    """The backward pass after one of its steps.

    Attributes
    ----------
    edge : int or None
        Index of the use along which a contribution has just been added; None before the
        first one.
    visited : int
        Index of the node that is being visited, or that has just been given its seed; the
        number of nodes if none is.
    grads : tuple of float
        Gradient of every node so far.
    complete : tuple of bool
        Whether all uses of a node have added their contributions.
    text : str
        What has just happened, with its numbers.
    """

    edge: int | None
    visited: int
    grads: tuple[float, ...]
    complete: tuple[bool, ...]
    text: str


def backward_steps(root: Value) -> tuple[Graph, list[Moment]]:
    """Take the backward pass apart: all zeros, the seed, then every contribution.

    Nodes are visited in the order ``reversed(topological_order(root))``, as in
    `Value.backward`, which this leaves uncalled.

    Parameters
    ----------
    root : nn.autodiff.Value

    Returns
    -------
    graph : Graph
        Its nodes and edges; a moment refers to them by index.
    moments : list of Moment
        Two more than there are edges.

    Examples
    --------
    >>> a, b = Value(2, "a"), Value(3, "b")
    >>> root = a * b + b
    >>> for moment in backward_steps(root)[1][2:]:
    ...     print(moment.text)
    Visit v2, gradient 1. Add 1 · 1 = 1 to the gradient of v1: 0 + 1 = 1.
    Visit v2, gradient 1. Add 1 · 1 = 1 to the gradient of b: 0 + 1 = 1.
    Visit v1, gradient 1. Add 1 · 3 = 3 to the gradient of a: 0 + 3 = 3.
    Visit v1, gradient 1. Add 1 · 2 = 2 to the gradient of b: 1 + 2 = 3.
    """
    drawn = graph(root)
    nodes = drawn.nodes
    index = {id(node): i for i, node in enumerate(topological_order(root))}
    grads = [0.0] * len(nodes)
    missing = Counter(edge.source for edge in drawn.edges)
    missing[len(nodes) - 1] = 1  # the seed
    moments = []

    def record(edge: int | None, visited: int, text: str) -> None:
        complete = tuple(not missing[i] for i in range(len(nodes)))
        moments.append(Moment(edge, visited, tuple(grads), complete, text))

    record(None, len(nodes), "Every gradient starts at 0.")
    grads[-1], missing[len(nodes) - 1] = 1.0, 0
    record(None, len(nodes) - 1, f"The gradient of {nodes[-1].name} for itself is 1: the seed.")
    for node in reversed(topological_order(root)):
        visited = index[id(node)]
        for number, (source, target, slope, _) in enumerate(drawn.edges):
            if target != visited:
                continue
            grad, before = grads[visited], grads[source]
            grads[source] += grad * slope
            missing[source] -= 1
            text = (
                f"Visit {nodes[visited].name}, gradient {short(grad)}. "
                f"Add {short(grad)} · {in_product(slope)} = {short(grad * slope)} to the gradient "
                f"of {nodes[source].name}: {short(before)} + {in_product(grad * slope)} = "
                f"{short(grads[source])}."
            )
            record(number, visited, text)
    return drawn, moments


def short(number: float) -> str:
    """Write a number with four digits.

    Examples
    --------
    >>> short(1.0), short(-2 / 3), short(-0.0)
    ('1', '-0.6667', '0')
    """
    return f"{number + 0.0:.4g}"


def in_product(number: float) -> str:
    """Write a number as it stands behind another: in brackets if it is negative."""
    return f"({short(number)})" if number < 0 else short(number)
