"""Reverse-mode automatic differentiation, twice: of numbers and of arrays.

Read `value` first: the whole idea is there. `tensor` adds shapes, `graph` draws.
"""

from dlcourse.nn.autodiff.graph import Edge, Graph, Node, graph
from dlcourse.nn.autodiff.tensor import Tensor, unbroadcast
from dlcourse.nn.autodiff.value import Value, topological_order

__all__ = [
    "Edge",
    "Graph",
    "Node",
    "Tensor",
    "Value",
    "graph",
    "topological_order",
    "unbroadcast",
]
