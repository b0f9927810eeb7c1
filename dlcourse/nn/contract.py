"""The contract every layer keeps, and the check that guards its inputs.

A layer owns its parameters and nothing else. What the backward pass needs from
the forward pass travels in a cache that the caller holds, so a layer may be
called twice, shared, or evaluated between a forward and its backward.
"""

import inspect
from types import EllipsisType
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Shape: TypeAlias = tuple[int, ...]  # without the batch axis
Params: TypeAlias = dict[str, Array]  # in the order of Keras get_weights()
Cache: TypeAlias = Any  # each layer has its own type, private to its forward and backward


class Layer(Protocol):
    """Anything that maps arrays to arrays and can send gradients back."""

    params: Params  # trained
    state: Params  # not trained (moving averages); empty in most layers

    # When a batch may be cut into slices that are computed apart, several at a time: where each
    # row goes its own way and no call leaves anything behind for the next. See `slices`.
    sliceable: Literal["never", "predicting", "always"] = "never"

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Trust what a class says of its methods, and not what it inherits with others."""
        super().__init_subclass__(**keywords)
        if "sliceable" not in vars(cls) and not vars(cls).keys().isdisjoint(
            ("forward", "backward")
        ):
            cls.sliceable = "never"

    def __init__(self) -> None:
        """Take no arguments: that of Protocol shows others until the first instance is made."""
        return

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        """Create the parameters for inputs of this shape and return the output shape."""
        ...

    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Cache]:
        """Return the outputs and the cache that `backward` will need."""
        ...

    def backward(
        self, grad_outputs: Array, cache: Cache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        """Return the gradients of the loss for the inputs and for each parameter.

        The first layer of a network in training is called with ``input_grad=False``:
        nobody needs the gradient of the data, and it may return None in its place.
        """
        ...

    def __repr__(self) -> str:
        return constructor_call(self)


def as_array(values: ArrayLike, dtype: DTypeLike | None = None) -> Array:
    """Return `values` as an array, of this type if one is given, without a needless copy.

    Data enters through here. An array of another library that follows NumPy's protocols, such as
    CuPy, stays one.

    Raises
    ------
    TypeError
        If it is an np.matrix, a masked or a sparse array, whose operations mean something else,
        or holds no real numbers.

    Examples
    --------
    >>> as_array([1, 2], np.float32)
    array([1., 2.], dtype=float32)
    """
    array: Any = values if type(values) is np.ndarray else plain_array(values)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"expected an array of real numbers, got one of dtype {array.dtype}, "
            f"shape {array.shape}, beginning with {array.ravel()[:1].tolist()}"
        )
    found: Array = array if dtype is None or array.dtype == dtype else array.astype(dtype)
    return found


def plain_array(values: Any) -> Any:
    """Return an array of anything, or say what to pass instead of what only looks like one."""
    instead = None
    if isinstance(values, np.matrix):
        instead = "an np.matrix, whose * and indices mean something else: pass np.asarray(...)"
    elif isinstance(values, np.ma.MaskedArray):
        instead = (
            "a masked array, whose masked entries would count: pass .filled(0), and say what does "
            "not count with sample_weight or an nn.Masking layer"
        )
    elif hasattr(values, "toarray") and hasattr(values, "tocsr"):
        instead = "a sparse array, which nothing here reads: pass .toarray()"
    if instead:
        raise TypeError(f"expected a plain array, got {instead}")
    if hasattr(values, "__array_function__") and hasattr(values, "dtype"):
        return np.asarray(values) if isinstance(values, np.ndarray) else values
    try:
        return np.asarray(values)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(
            "expected an array, got lists of different lengths: pad the shorter ones to the length "
            "of the longest, and let nn.Masking or Embedding(mask_zero=True) say what is padding"
        ) from error


def whole_numbers(values: ArrayLike, what: str) -> NDArray[np.intp]:
    """Return class indices, given in any type of numbers, as integers that sums fit into.

    Raises
    ------
    ValueError
        If one is not a whole number.

    Examples
    --------
    >>> whole_numbers(np.array([3.0, 255.0]), "labels")
    array([  3, 255])
    """
    numbers: Any = as_array(values)
    indices: NDArray[np.intp] = numbers.astype(np.intp)
    if numbers.dtype.kind == "f" and not (indices == numbers).all():
        raise ValueError(
            f"{what} must be whole numbers, got {numbers.dtype} with a fraction or NaN"
        )
    return indices


def configuration(layer: object) -> dict[str, Any]:
    """Read the constructor arguments of a layer, which it keeps under their own names.

    Used by the repr, by saving and by the Keras twin. A layer among the values stays a
    layer; whoever needs its configuration too calls this function again.

    Parameters
    ----------
    layer : Layer
        Or a loss, an optimizer: anything that stores every constructor argument on itself.

    Returns
    -------
    arguments : dict
        In the order of the constructor: ``type(layer)(**arguments)`` makes an equal layer.

    Raises
    ------
    TypeError
        If an argument is not stored.
    """
    arguments = {}
    for name in inspect.signature(type(layer)).parameters:
        if not hasattr(layer, name):
            raise TypeError(
                f"{type(layer).__name__} must keep its constructor argument {name!r} "
                f"as an attribute of that name: add self.{name} = {name} to __init__"
            )
        arguments[name] = getattr(layer, name)
    return arguments


def constructor_call(layer: object) -> str:
    """Write a layer as the call that makes it, leaving out arguments that are the default.

    Examples
    --------
    >>> from dlcourse.nn import Dense
    >>> constructor_call(Dense(3, use_bias=False))
    'Dense(3, use_bias=False)'
    """
    shown = []
    for name, parameter in inspect.signature(type(layer)).parameters.items():
        value = configuration(layer)[name]
        if parameter.default is parameter.empty:
            shown.append(repr(value))
        elif not np.array_equal(value, parameter.default):
            shown.append(f"{name}={value!r}")
    return f"{type(layer).__name__}({', '.join(shown)})"


def check_shape(name: str, array: Array, expected: tuple[str | int | EllipsisType, ...]) -> None:
    """Refuse an array whose shape is not the expected one.

    Parameters
    ----------
    name : str
        What to call the array in the message.
    array : Array
        The array to look at.
    expected : tuple
        One entry per axis: an int for a fixed size, a str to name a free one.
        A leading ``...`` allows any number of axes before the rest.

    Raises
    ------
    ValueError
        If the number of axes or a fixed size differs.

    Examples
    --------
    >>> check_shape("inputs", np.zeros((2, 3)), ("batch", 4))
    Traceback (most recent call last):
        ...
    ValueError: inputs must have shape (batch, 4), got (2, 3)
    """
    sizes = expected[1:] if expected[0] is ... else expected
    actual = array.shape[-len(sizes) :] if expected[0] is ... else array.shape
    same_rank = len(actual) == len(sizes)
    if not same_rank or any(
        isinstance(size, int) and size != found for size, found in zip(sizes, actual, strict=True)
    ):
        wanted = ", ".join("..." if e is ... else str(e) for e in expected)
        raise ValueError(f"{name} must have shape ({wanted}), got {array.shape}")
