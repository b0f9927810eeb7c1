"""The contract every layer keeps, and the check that guards its inputs.

A layer owns its parameters and nothing else. What the backward pass needs from
the forward pass travels in a cache that the caller holds, so a layer may be
called twice, shared, or evaluated between a forward and its backward.

Freezing. ``layer.trainable = False`` holds the parameters of a layer, and of all layers in it,
where they are: training moves `trainable_params`, and those alone. Gradients still pass through.

Masks. In a batch of sequences the shorter ones are padded. A mask, an array of True and False of
shape (batch, time), says which steps count. A layer that wants to know takes it as an argument of
its `forward`, by the name ``mask``. `compute_mask` tells which steps of its outputs count. A stack
of layers hands the mask on from layer to layer, and the loss leaves out what does not count.
"""

import inspect
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from functools import cache as remembered
from types import EllipsisType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Mask: TypeAlias = NDArray[np.bool_]
Shape: TypeAlias = tuple[int, ...]  # without the batch axis
Params: TypeAlias = dict[str, Array]  # in the order of Keras get_weights()
Cache: TypeAlias = Any  # each layer has its own type, private to its forward and backward


class Layer(ABC):
    """Anything that maps arrays to arrays and can send gradients back.

    A subclass keeps each argument of its constructor under the argument's own name: printing,
    saving and the Keras twin read it there.

    Attributes
    ----------
    params : dict
        The arrays that training moves, by name; made by `build`.
    state : dict
        The arrays that it does not move, such as moving averages; empty in most layers.
    sliceable : {"never", "predicting", "always"}
        When a batch may be cut into slices that are computed apart, several at a time: where each
        row goes its own way and no call leaves anything behind for the next. See `slices`.
    supports_masking : bool
        Whether the steps of the outputs are those of the inputs, so that a mask holds for both.
    makes_mask : bool
        Whether a mask may begin here, or in a layer that is in this one.
    """

    params: Params
    state: Params
    sliceable: Literal["never", "predicting", "always"] = "never"
    supports_masking = False
    makes_mask = False
    _trainable = True

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Trust what a class says of its methods, and not what it inherits with others."""
        super().__init_subclass__(**keywords)
        if "sliceable" not in vars(cls) and not vars(cls).keys().isdisjoint(
            ("forward", "backward")
        ):
            cls.sliceable = "never"

    @abstractmethod
    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        """Create the parameters for inputs of this shape.

        Parameters
        ----------
        input_shape : tuple of int
            Of one example, without the batch axis.
        rng : numpy.random.Generator
            Draws the initial values.
        dtype : dtype, default float32
            Of the parameters, and so of all that is computed with them.

        Returns
        -------
        output_shape : tuple of int
            Without the batch axis.

        Raises
        ------
        ValueError
            If the layer cannot read inputs of this shape.
        """

    @abstractmethod
    def forward(self, inputs: Array, *, training: bool = False) -> tuple[Array, Cache]:
        """Compute the outputs.

        Parameters
        ----------
        inputs : Array, shape (batch, ...)
            Of the shape that the layer was built for.
        training : bool
            Whether this is a step of training. It makes a difference to Dropout, to
            BatchNormalization, and to layers that hand it on to others in them.

        Returns
        -------
        outputs : Array, shape (batch, ...)
        cache
            What `backward` will need of this call.

        Raises
        ------
        ValueError
            If the inputs have another shape.
        """

    @abstractmethod
    def backward(
        self, grad_outputs: Array, cache: Cache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        """Send the gradient of the loss back through one call of `forward`.

        Parameters
        ----------
        grad_outputs : Array
            Of the shape of the outputs.
        cache
            Second value of `forward`.
        input_grad : bool
            Whether the gradient of the inputs is needed. That of the data is not, so the first
            layer of a network in training is called with False and may return None for it.

        Returns
        -------
        grad_inputs : Array or None
            Of the shape of the inputs; None as well where the inputs are indices.
        grads : dict
            One gradient per entry of `params`, under the same name and summed over the batch. A
            layer with others in it leaves out those of frozen ones.
        """

    def compute_mask(self, inputs: Array, mask: Mask | None, cache: Cache) -> Mask | None:
        """Return which steps of the outputs count, or None if all of them do.

        Parameters
        ----------
        inputs, cache
            What one call of `forward` got and returned.
        mask : array of bool, shape (batch, time), or None
            Which steps of the inputs count.

        Warns
        -----
        UserWarning
            If the mask ends here, as in Keras.
        """
        if mask is not None and not self.supports_masking:
            warnings.warn(
                f"{self!r} got a mask and does not hand it on: the layers after it, and the loss, "
                "take padded steps for real ones",
                stacklevel=2,
            )
            return None
        return mask

    def parts(self) -> Mapping[str, "Layer"]:
        """Return the layers in this one, by what stands before the names of their arrays here."""
        return {}

    @property
    def trainable(self) -> bool:
        """Whether training moves the parameters; setting it sets it in all layers inside, too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for part in self.parts().values():
            part.trainable = value

    @property
    def trainable_params(self) -> Params:
        """The entries of `params` that training moves: all of them, unless something is frozen."""
        return self._unfrozen() if self._trainable else {}

    def _unfrozen(self) -> Params:
        """Return what is not frozen in itself: of a layer in a frozen one, Keras asks no more."""
        parts = self.parts()
        if parts:
            return prefixed({name: part._unfrozen() for name, part in parts.items()})
        return self.params if self._trainable else {}

    def __repr__(self) -> str:
        return constructor_call(self)


def prefixed(arrays: Mapping[str, Params]) -> Params:
    """Merge the arrays of several layers into one dict, each with its layer before its name.

    Examples
    --------
    >>> prefixed({"0": {"kernel": 1, "bias": 2}, "shortcut": {"kernel": 3}})
    {'0.kernel': 1, '0.bias': 2, 'shortcut.kernel': 3}
    """
    return {
        f"{layer}.{name}": array for layer, named in arrays.items() for name, array in named.items()
    }


def parts_of(layer: Layer, name: str = "") -> Iterator[tuple[str, Layer]]:
    """Yield a layer and all layers inside, from the outside in, each with its full name."""
    yield name, layer
    for before, part in layer.parts().items():
        yield from parts_of(part, f"{name}.{before}" if name else before)


def forward_with_mask(
    layer: Layer, inputs: Array, mask: Mask | None, *, training: bool
) -> tuple[Array, Cache, Mask | None]:
    """Call `forward` with the mask, if the layer takes one; return the mask of the outputs, too."""
    if mask is None or not takes_mask(type(layer)):
        outputs, cache = layer.forward(inputs, training=training)
    else:
        outputs, cache = layer.forward(inputs, training=training, mask=mask)  # type: ignore[call-arg]
    return outputs, cache, layer.compute_mask(inputs, mask, cache)


@remembered
def takes_mask(layer: type[Layer]) -> bool:
    """Tell whether the layers of a class want to know the mask of their inputs."""
    return "mask" in inspect.signature(layer.forward).parameters


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


def check_shape(
    name: str, array: NDArray[Any], expected: tuple[str | int | EllipsisType, ...]
) -> None:
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
