"""Numbers that remember how they were computed, so that they can be differentiated.

Every operation makes a node of a graph without cycles. The node keeps its inputs and, for
each of them, the slope: the derivative of the node for that input, everything else fixed.

    L = (a * b) + (b + c)        a ──── * ───┐       slopes of a * b:  b for a,  a for b
                                 b ──┬──┘    + ── L  slopes of a sum:  1 for each
                                     └─ + ───┘
                                 c ─────┘

The gradient of a node, dL/dnode, is the sum over its uses: dL/duse times the slope of that
use. `Value.backward` goes once through the graph, every node before its inputs, and so has
all of a node's contributions together when it passes them on. All the derivatives of one
number cost a small multiple of computing the number itself [1]_.

References
----------
.. [1] S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 1976
   (the method is in his master's thesis of 1970).
"""

import math
from typing import Any, Protocol, TypeAlias, TypeVar

Number: TypeAlias = int | float


class Value:
    """A number in a computation, and the derivative of the result for it.

    Parameters
    ----------
    data : float
    label : str, optional
        A name for drawings; may be set later.

    Attributes
    ----------
    grad : float
        Derivative for this node of the value that `backward` was last called on; 0 before.
    inputs : tuple of Value
        What this node was computed from; empty for a number that was given.
    slopes : tuple of float
        Derivative of this node for each of its inputs.
    operation : str
        Such as "+" or "tanh"; empty for a number that was given.

    Examples
    --------
    >>> a, b, c = Value(2.0), Value(-3.0), Value(10.0)
    >>> loss = (a * b) + (b + c)
    >>> loss.backward()
    >>> loss.data, a.grad, b.grad, c.grad
    (1.0, -3.0, 3.0, 1.0)
    """

    __slots__ = ("data", "grad", "inputs", "label", "operation", "slopes")
    __array_ufunc__ = None  # a NumPy number on the left leaves the operation to us

    def __init__(self, data: Number, label: str = "") -> None:
        self.data = float(data)
        self.label = label
        self.grad = 0.0
        self.inputs: tuple[Value, ...] = ()
        self.slopes: tuple[float, ...] = ()
        self.operation = ""

    @classmethod
    def _computed(
        cls, operation: str, data: float, *inputs_and_slopes: tuple["Value", float]
    ) -> "Value":
        node = cls(data)
        node.operation = operation
        node.inputs, node.slopes = zip(*inputs_and_slopes, strict=True)
        return node

    def __add__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        return Value._computed("+", self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        return Value._computed("-", self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        return Value._computed("*", self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        quotient = self.data / other.data
        return Value._computed(
            "/", quotient, (self, 1 / other.data), (other, -quotient / other.data)
        )

    def __pow__(self, exponent: "Value | Number") -> "Value":
        if isinstance(exponent, Value):
            return (exponent * self.log()).exp()
        slope = exponent * math.pow(self.data, exponent - 1) if exponent else 0.0
        return Value._computed(f"**{exponent:g}", math.pow(self.data, exponent), (self, slope))

    def __neg__(self) -> "Value":
        return Value._computed("neg", -self.data, (self, -1.0))

    def __radd__(self, other: Number) -> "Value":
        return _as_value(other) + self

    def __rsub__(self, other: Number) -> "Value":
        return _as_value(other) - self

    def __rmul__(self, other: Number) -> "Value":
        return _as_value(other) * self

    def __rtruediv__(self, other: Number) -> "Value":
        return _as_value(other) / self

    def __rpow__(self, other: Number) -> "Value":
        return _as_value(other) ** self

    def exp(self) -> "Value":
        """Return e to the power of this."""
        y = math.exp(self.data)
        return Value._computed("exp", y, (self, y))

    def log(self) -> "Value":
        """Return the natural logarithm; ValueError if this is not positive."""
        return Value._computed("log", math.log(self.data), (self, 1 / self.data))

    def tanh(self) -> "Value":
        """Return the hyperbolic tangent, in (-1, 1)."""
        y = math.tanh(self.data)
        return Value._computed("tanh", y, (self, 1 - y**2))

    def sigmoid(self) -> "Value":
        """Return the logistic function, in (0, 1); through tanh, which cannot overflow."""
        y = 0.5 * math.tanh(0.5 * self.data) + 0.5
        return Value._computed("sigmoid", y, (self, y * (1 - y)))

    def relu(self) -> "Value":
        """Return this if it is positive, else 0; the slope at 0 is taken to be 0."""
        return Value._computed("relu", max(self.data, 0.0), (self, float(self.data > 0)))

    def backward(self) -> None:
        """Set `grad` of every node that this one was computed from.

        All of them start again from zero, so calling it twice gives the same gradients
        as calling it once; adding them up over calls is the usual source of wrong
        training steps. For the gradient of several results, call it on their sum.
        A node keeps the slopes of the numbers it was computed with: after changing the
        `data` of an input, compute the result again before differentiating it.
        """
        order = topological_order(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0  # dL/dL
        for node in reversed(order):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += node.grad * slope

    def __repr__(self) -> str:
        label = f", {self.label!r}" if self.label else ""
        return f"Value({self.data:g}{label}, grad={self.grad:g})"


class _HasInputs(Protocol):
    inputs: Any  # a tuple of more of the same


_Node = TypeVar("_Node", bound=_HasInputs)


def topological_order(root: _Node) -> list[_Node]:
    """List a node and all that it was computed from, every node after its inputs.

    A list serves as the stack, because recursion would end at a depth of 1,000.

    Parameters
    ----------
    root : Value or Tensor

    Returns
    -------
    order : list
        Each node once; the root is the last.

    Examples
    --------
    >>> a, b = Value(2, "a"), Value(3, "b")
    >>> [node.label or node.operation for node in topological_order(a * b + b)]
    ['a', 'b', '*', '+']
    """
    order: list[_Node] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, inputs_are_listed = stack.pop()
        if inputs_are_listed:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))  # comes up again when all its inputs are listed
            stack.extend((source, False) for source in reversed(node.inputs))
    return order


def _as_value(number: Value | Number) -> Value:
    return number if isinstance(number, Value) else Value(number)
