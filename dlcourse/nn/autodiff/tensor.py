"""Arrays that remember how they were computed: `Value` once more, with shapes.

A node keeps its inputs and, for each of them, a function from dL/dnode to the node's
share of dL/dinput. Where a number has one slope, an array has a whole Jacobian; the
function multiplies with it without ever writing it down.

    y = a + b           dL/da = g                       g = dL/dy
    y = a * b           dL/da = g * b
    y = a @ b           dL/da = g @ b.T                 dL/db = a.T @ g
    y = a.sum()         dL/da = g, repeated to the shape of a

Broadcasting repeats an array to the shape of its partner; the gradient of what was
repeated is the sum over the repetitions (`unbroadcast`).
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from dlcourse.nn.autodiff.value import topological_order
from dlcourse.nn.contract import Array, as_array

Axis: TypeAlias = int | tuple[int, ...] | None
Pullback: TypeAlias = Callable[[Array], Array]  # dL/dnode -> share of dL/dinput


class Tensor:
    """An array in a computation, and the gradient of the result for it.

    Parameters
    ----------
    data : array_like
        float32 and float64 stay as they are; integers become float64. A number or array
        on the other side of an operation takes the dtype of the tensor.

    Attributes
    ----------
    data : Array
    grad : Array
        Gradient for this node of the number that `backward` was last called on, of the
        shape of `data`; zeros before.
    inputs : tuple of Tensor
        What this node was computed from; empty for data that was given.

    Examples
    --------
    A layer of two tanh units and the gradients of the sum of its outputs:

    >>> x, kernel, bias = Tensor(np.ones((5, 3))), Tensor(np.zeros((3, 2))), Tensor([0.0, 1.0])
    >>> loss = (x @ kernel + bias).tanh().sum()
    >>> loss.backward()
    >>> bias.grad.round(3)
    array([5. , 2.1])
    """

    __array_ufunc__ = None  # a NumPy array on the left leaves the operation to us

    def __init__(self, data: ArrayLike) -> None:
        array = as_array(data)
        if not np.issubdtype(array.dtype, np.floating):
            array = array.astype(np.float64)
        self.data: Array = array
        self.grad: Array = np.zeros_like(array)
        self.inputs: tuple[Tensor, ...] = ()
        self.pullbacks: tuple[Pullback, ...] = ()

    @classmethod
    def _computed(cls, data: Array, *inputs_and_pullbacks: tuple["Tensor", Pullback]) -> "Tensor":
        node = cls(data)
        node.inputs, node.pullbacks = zip(*inputs_and_pullbacks, strict=True)
        return node

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the data."""
        return self.data.shape

    def __add__(self, other: "Tensor | ArrayLike") -> "Tensor":
        other = self._partner(other)
        return Tensor._computed(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other: "Tensor | ArrayLike") -> "Tensor":
        other = self._partner(other)
        return Tensor._computed(self.data - other.data, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other: "Tensor | ArrayLike") -> "Tensor":
        other = self._partner(other)
        a, b = self.data, other.data
        return Tensor._computed(a * b, (self, lambda g: g * b), (other, lambda g: g * a))

    def __truediv__(self, other: "Tensor | ArrayLike") -> "Tensor":
        other = self._partner(other)
        a, b = self.data, other.data
        return Tensor._computed(a / b, (self, lambda g: g / b), (other, lambda g: -g * a / b**2))

    def __matmul__(self, other: "Tensor | ArrayLike") -> "Tensor":
        """Multiply matrices, or stacks of matrices, as NumPy does."""
        other = self._partner(other)
        a, b = self.data, other.data
        if min(a.ndim, b.ndim) < 2:
            raise ValueError(f"@ needs two matrices, got shapes {a.shape} and {b.shape}")
        return Tensor._computed(
            a @ b,
            (self, lambda g: g @ b.swapaxes(-1, -2)),
            (other, lambda g: a.swapaxes(-1, -2) @ g),
        )

    def __pow__(self, exponent: float) -> "Tensor":
        a = self.data
        slope = exponent * a ** (exponent - 1) if exponent else np.zeros_like(a)
        return Tensor._computed(a**exponent, (self, lambda g: g * slope))

    def __neg__(self) -> "Tensor":
        return Tensor._computed(-self.data, (self, lambda g: -g))

    def __radd__(self, other: ArrayLike) -> "Tensor":
        return self._partner(other) + self

    def __rsub__(self, other: ArrayLike) -> "Tensor":
        return self._partner(other) - self

    def __rmul__(self, other: ArrayLike) -> "Tensor":
        return self._partner(other) * self

    def __rtruediv__(self, other: ArrayLike) -> "Tensor":
        return self._partner(other) / self

    def __rmatmul__(self, other: ArrayLike) -> "Tensor":
        return self._partner(other) @ self

    def exp(self) -> "Tensor":
        """Return e to the power of each entry."""
        y = np.exp(self.data)
        return Tensor._computed(y, (self, lambda g: g * y))

    def log(self) -> "Tensor":
        """Return the natural logarithm of each entry."""
        a = self.data
        return Tensor._computed(np.log(a), (self, lambda g: g / a))

    def tanh(self) -> "Tensor":
        """Return the hyperbolic tangent of each entry."""
        y = np.tanh(self.data)
        return Tensor._computed(y, (self, lambda g: g * (1 - y**2)))

    def sigmoid(self) -> "Tensor":
        """Return the logistic function of each entry; through tanh, which cannot overflow."""
        y = 0.5 * np.tanh(0.5 * self.data) + 0.5
        return Tensor._computed(y, (self, lambda g: g * y * (1 - y)))

    def relu(self) -> "Tensor":
        """Return each entry if it is positive, else 0; the slope at 0 is taken to be 0."""
        a = self.data
        return Tensor._computed(np.maximum(a, 0), (self, lambda g: g * (a > 0)))

    def sum(self, axis: Axis = None, *, keepdims: bool = False) -> "Tensor":
        """Add up all entries, or those along some axes, as NumPy does."""
        a = self.data
        kept = a.sum(axis=axis, keepdims=True)
        return Tensor._computed(
            a.sum(axis=axis, keepdims=keepdims),
            (self, lambda g: np.broadcast_to(g.reshape(kept.shape), a.shape)),
        )

    def mean(self, axis: Axis = None, *, keepdims: bool = False) -> "Tensor":
        """Return the mean of all entries, or along some axes."""
        total = self.sum(axis, keepdims=keepdims)
        return total / (self.data.size / max(total.data.size, 1))

    def backward(self) -> None:
        """Set `grad` of every node that this number was computed from.

        As with `Value`, all of them start again from zero: calling it twice gives the
        same gradients as calling it once.

        Raises
        ------
        ValueError
            If this is not a single number: only a number has a gradient. Take the sum
            of what you have, or its product with weights.
        """
        if self.data.size != 1:
            raise ValueError(f"backward starts from a single number, got shape {self.shape}")
        order = topological_order(self)
        for node in order:
            node.grad = np.zeros_like(node.data)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            for source, pullback in zip(node.inputs, node.pullbacks, strict=True):
                source.grad += unbroadcast(pullback(node.grad), source.shape)

    def _partner(self, other: "Tensor | ArrayLike") -> "Tensor":
        return other if isinstance(other, Tensor) else Tensor(np.asarray(other, self.data.dtype))

    def __repr__(self) -> str:
        return f"Tensor({self.data})"


def unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which an array of this shape was repeated.

    Parameters
    ----------
    grad : Array
        Gradient for the repeated array.
    shape : tuple of int
        Of the array before it was repeated.

    Returns
    -------
    grad : Array, of that shape

    Examples
    --------
    A bias of shape (2,) is added to each of five rows; a column (5, 1) to both columns:

    >>> grad = np.ones((5, 2))
    >>> unbroadcast(grad, (2,))
    array([5., 5.])
    >>> unbroadcast(grad, (5, 1)).shape
    (5, 1)
    """
    new_axes = tuple(range(grad.ndim - len(shape)))
    summed: Array = grad.sum(axis=new_axes)
    stretched = tuple(i for i, size in enumerate(shape) if size == 1 and summed.shape[i] != 1)
    return summed.sum(axis=stretched, keepdims=True) if stretched else summed
