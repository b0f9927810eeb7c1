"""A stack of layers that is itself a layer."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.nn.activations import Forward, get_activation
from dlcourse.nn.contract import (
    Array,
    Cache,
    Layer,
    Mask,
    Params,
    Shape,
    as_array,
    check_shape,
    forward_with_mask,
    parts_of,
    prefixed,
)
from dlcourse.nn.layers.activation import Activation
from dlcourse.nn.losses import OF_LOGITS, Loss
from dlcourse.nn.summary import Summary
from dlcourse.nn.training import Model


class SequentialCache(list[Cache]):
    """The caches of the layers, and which steps of the outputs count."""

    mask: Mask | None = None


class Sequential(Model):
    """Layers applied one after the other.

    Parameters
    ----------
    layers : sequence of Layer
        The first one receives the inputs. A Sequential may stand among them.
    input_shape : tuple of int, optional
        Shape of one example, without the batch axis. If given, the layers are built at
        once; else by `build`, or by `fit` from the first data it sees.
    seed : int, optional
        Of the generator that draws the parameters. Without one, every run differs.
    dtype : dtype, default float32
        Of the parameters and of everything computed; inputs are converted to it.

    Attributes
    ----------
    params, state : dict
        The arrays of all layers, named ``"<index>.<name>"``. They are the layers' own, so
        that changing one in place changes the layer.
    output_shapes : list of tuples
        Shape of one output of each layer.
    rng : numpy.random.Generator
        Made from `seed`; draws the parameters, then the order of examples in `fit`.
    device : str
        Where the arrays lie: "cpu", or what `to` has moved them to.

    Raises
    ------
    ValueError
        If there are no layers, or one with parameters stands at two places.

    Examples
    --------
    >>> from dlcourse.nn import Activation, Dense
    >>> model = Sequential([Dense(4), Activation("relu"), Dense(1)], input_shape=(2,), seed=0)
    >>> list(model.params)
    ['0.kernel', '0.bias', '2.kernel', '2.bias']
    >>> outputs, cache = model.forward(np.ones((5, 2)))
    >>> outputs.shape, outputs.dtype
    ((5, 1), dtype('float32'))
    """

    sliceable = "always"

    def __init__(
        self,
        layers: Sequence[Layer],
        input_shape: Shape | None = None,
        seed: int | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if not layers:
            raise ValueError("Sequential needs at least one layer")
        self.layers = list(layers)
        self.input_shape = None if input_shape is None else tuple(input_shape)
        self.seed = seed
        self.dtype = np.dtype(dtype)
        self.rng = np.random.default_rng(seed)
        self.params: Params = {}
        self.state: Params = {}
        self.output_shapes: list[Shape] = []
        self._inside: list[Layer] = []
        if self.input_shape is not None:
            self.build(self.input_shape, self.rng, dtype)

    def build(
        self, input_shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32
    ) -> Shape:
        self.input_shape = tuple(input_shape)
        self.dtype = np.dtype(dtype)
        self.output_shapes = []
        shape = self.input_shape
        for index, layer in enumerate(self.layers):
            if any(layer is earlier and layer.params for earlier in self.layers[:index]):
                raise ValueError(f"layer {index}, {layer!r}, stands in the model twice")
            shape = layer.build(shape, rng, dtype)
            self.output_shapes.append(shape)
        self.params = prefixed({name: part.params for name, part in self.parts().items()})
        self.state = prefixed({name: part.state for name, part in self.parts().items()})
        self._origins = [
            (f"{index}.{name}", index, name)
            for index, layer in enumerate(self.layers)
            for name in layer.params
        ]
        self._inside = [part for _, part in parts_of(self) if part is not self]
        self.makes_mask = any(layer.makes_mask for layer in self.layers)
        self.built = True
        if self.device != "cpu":
            self.to(self.device)
        return shape

    def forward(
        self, inputs: Array, *, training: bool = False, mask: Mask | None = None
    ) -> tuple[Array, SequentialCache]:
        self.check_built()
        outputs = as_array(inputs, self.dtype)
        if outputs.shape[1:] != self.input_shape:
            self._check_inputs(outputs)
        caches = SequentialCache()
        if mask is None and not self.makes_mask:
            for layer in self.layers:
                outputs, cache = layer.forward(outputs, training=training)
                caches.append(cache)
            return outputs, caches
        for layer in self.layers:
            outputs, cache, mask = forward_with_mask(layer, outputs, mask, training=training)
            caches.append(cache)
        caches.mask = mask
        return outputs, caches

    def backward(
        self, grad_outputs: Array, cache: SequentialCache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        trained = self._unfrozen()
        origins = self._origins
        if trained is not self.params:
            origins = [origin for origin in origins if origin[0] in trained]
        first = 0
        if not input_grad:  # then nothing is asked of the layers before the first that learns
            first = origins[0][1] if origins else len(self.layers)
        grad: Any = grad_outputs
        grads: list[Params] = [{}] * len(self.layers)
        for index in range(len(self.layers) - 1, first - 1, -1):
            grad, grads[index] = self.layers[index].backward(
                grad, cache[index], input_grad=input_grad or index > first
            )
        named = {name: grads[index][own] for name, index, own in origins}
        return (grad if input_grad else None), named

    def compute_mask(self, inputs: Array, mask: Mask | None, cache: SequentialCache) -> Mask | None:
        return cache.mask

    def parts(self) -> dict[str, Layer]:
        return {str(index): layer for index, layer in enumerate(self.layers)}

    def _unfrozen(self) -> Params:
        for part in self._inside:
            if not part._trainable:
                return super()._unfrozen()
        return self.params  # nearly always, and asked in every step

    def summary(self) -> Summary:
        """Return a table of the layers: output shape, parameters, receptive field.

        Raises
        ------
        ValueError
            If the model is not built.
        """
        self.check_built()
        return Summary(self.layers, self.output_shapes)

    def _merged(self, loss: Loss) -> tuple[Model, Loss, Forward]:
        """Move a last sigmoid or softmax from the model into its cross-entropy, see `losses`."""
        last = self.layers[-1]
        activation = last.activation if type(last) is Activation and not loss.from_logits else ""
        loss_of_logits = OF_LOGITS.get((type(loss), activation))
        if loss_of_logits is None:
            return super()._merged(loss)
        rest = Sequential.__new__(Sequential)  # the same layers and arrays
        vars(rest).update(vars(self), layers=self.layers[:-1])
        return rest, loss_of_logits, get_activation(activation).forward

    def _doubt(self, loss: Loss) -> None:
        last = self.layers[-1]
        activation = last.activation if type(last) is Activation else ""
        if loss.from_logits and (type(loss), activation) in OF_LOGITS:
            warnings.warn(
                f"{loss!r} takes logits, but this network ends in {last!r}, which puts out "
                "probabilities. Leave out one of the two: the layer, or from_logits=True",
                stacklevel=3,
            )

    def _arrays(self) -> list[Array]:
        """Return all arrays layer by layer, where `params` and `state` have them apart."""
        arrays: list[Array] = []
        for layer in self.layers:
            if isinstance(layer, Sequential):
                arrays += layer._arrays()
            else:
                arrays += [*layer.params.values(), *layer.state.values()]
        return arrays

    def _check_inputs(self, inputs: Array) -> None:
        """Refuse inputs of another shape than the model was built for; None fits any size."""
        assert self.input_shape is not None
        sizes = ("any" if size is None else size for size in self.input_shape)
        check_shape("Sequential inputs", inputs, ("batch", *sizes))
