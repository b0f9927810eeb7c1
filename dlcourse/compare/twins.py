"""The Keras twin of a model: the same layers, the same configuration, the same weights.

The layers of `dlcourse.nn` keep the class names, argument names and weight layouts of
Keras, so a twin is made by reading a layer's constructor arguments and calling the Keras
class of the same name with them. The few layers that differ have a function of their own.
"""

import inspect
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from dlcourse.compare import attention, graph, lecun
from dlcourse.compare.encoder_decoder import keras_encoder_decoder
from dlcourse.compare.keras_backend import load_keras, mask_of, set_mask
from dlcourse.nn.contract import configuration
from dlcourse.nn.encoder_decoder import EncoderDecoder


class NoTwinError(TypeError):
    """Keras has no layer, loss or optimizer that does the same."""


def to_keras(model: Any, policy: str | None = None) -> Any:
    """Make the ``keras.Sequential`` that computes what a built model computes.

    Parameters
    ----------
    model : nn.Sequential or nn.EncoderDecoder
        Built, so that its shapes are known.
    policy : str, optional
        A dtype policy of Keras, such as "mixed_bfloat16"; the dtype of the model by default.

    Returns
    -------
    keras.Sequential, or keras.Model with two inputs
        Same layers, dtype and weights, and the same of them frozen.
        ``model.set_weights(twin.get_weights())`` brings its weights back. On JAX and PyTorch,
        Keras computes in float64 only inside ``precision("float64")``; make the twin there, too.

    Raises
    ------
    NoTwinError
        If Keras has no such layer, or not with these arguments.
    ValueError
        If the model has not been built.
    """
    if model.input_shape is None:
        raise ValueError("the model is not built: give it an input_shape, or call build")
    if isinstance(model, EncoderDecoder):
        return keras_encoder_decoder(model, policy or np.dtype(model.dtype).name)
    keras, dtype = load_keras(), np.dtype(model.dtype).name
    layers = [_twin_of(layer, policy or dtype) for layer in model.layers]
    twin = keras.Sequential([keras.Input(model.input_shape, dtype=dtype), *layers])
    twin.set_weights(model.get_weights())
    _freeze_alike(model, twin)
    return twin


def keras_layer(layer: Any, dtype: DTypeLike = np.float32) -> Any:
    """Make the Keras layer with the configuration of this one; it has no weights yet.

    Raises
    ------
    NoTwinError
        If Keras has no such layer, or not with these arguments.
    """
    twin = _twin_of(layer, np.dtype(dtype).name)
    _freeze_alike(layer, twin)
    return twin


def _freeze_alike(layer: Any, twin: Any) -> None:
    """Freeze what is frozen here: from the outside in, as setting it goes inwards in Keras, too."""
    twin.trainable = layer.trainable
    if hasattr(twin, "forward_layer"):
        twins = [twin.forward_layer, twin.backward_layer]
    elif hasattr(layer, "shortcut"):
        main, *shortcut = twin.ways
        twins = [*main.layers, *shortcut]
    else:
        twins = getattr(twin, "ways", None) or getattr(twin, "layers", [])
    for inner, inner_twin in zip(layer.parts().values(), twins, strict=True):
        _freeze_alike(inner, inner_twin)


def _twin_of(layer: Any, dtype: str) -> Any:
    """Do the work of `keras_layer`, for a dtype or a dtype policy."""
    keras = load_keras()
    for base in type(layer).__mro__:  # a subclass counts as what it derives from
        if base.__name__ in _SPECIAL:
            return _SPECIAL[base.__name__](layer, dtype)
        if base.__name__ != "Layer" and hasattr(keras.layers, base.__name__):
            keras_class = getattr(keras.layers, base.__name__)
            return keras_class(**_arguments(layer, keras_class), dtype=dtype)
    raise NoTwinError(f"Keras has no layer {type(layer).__name__}")


def _arguments(layer: Any, keras_class: Any) -> dict[str, Any]:
    """Choose and translate the arguments that the Keras class takes."""
    accepted = inspect.signature(keras_class).parameters
    defaults = inspect.signature(type(layer)).parameters
    arguments = {}
    for name, value in configuration(layer).items():
        if name.endswith("_initializer") or name in ("rng", "seed"):
            continue  # the twin gets the weights themselves
        if name in accepted:
            arguments[name] = value
        elif value != defaults[name].default:
            layer_name = type(layer).__name__
            raise NoTwinError(f"the Keras layer {layer_name} has no argument {name}={value!r}")
    return arguments


def _leaky_relu(layer: Any, dtype: str) -> Any:
    """TensorFlow rounds the slope to float32 even in float64; there the formula is spelled out."""
    keras = load_keras()
    slope = getattr(layer, "negative_slope", 0.2)
    if dtype == "float32":
        return keras.layers.LeakyReLU(slope, dtype=dtype)
    return keras.layers.Activation(lambda x: keras.ops.maximum(x, slope * x), dtype=dtype)


def _activation(layer: Any, dtype: str) -> Any:
    keras = load_keras()
    if layer.activation == "leaky_relu":
        return _leaky_relu(layer, dtype)
    if layer.activation == "step":
        raise NoTwinError("Keras has no step activation: its gradient is zero, nothing learns")
    return keras.layers.Activation(layer.activation, dtype=dtype)


def _bidirectional(layer: Any, dtype: str) -> Any:
    inner = _twin_of(layer.layer, dtype)
    return load_keras().layers.Bidirectional(inner, merge_mode=layer.merge_mode, dtype=dtype)


def _min_pooling(layer: Any, dtype: str) -> Any:
    layers = load_keras().layers
    pooling = layers.MaxPooling2D(**configuration(layer), dtype=dtype)
    return layers.Lambda(lambda x: -pooling(-x), dtype=dtype)


def _sequential(layer: Any, dtype: str) -> Any:
    return load_keras().Sequential([_twin_of(inner, dtype) for inner in layer.layers])


def _residual(layer: Any, dtype: str) -> Any:
    ways = [_sequential(layer, dtype)]
    if layer.shortcut is not None:
        ways.append(_twin_of(layer.shortcut, dtype))
        return _side_by_side(ways, lambda outputs, inputs: outputs[0] + outputs[1], dtype)
    return _side_by_side(ways, lambda outputs, inputs: outputs[0] + inputs, dtype)


def _branches(layer: Any, dtype: str) -> Any:
    keras = load_keras()
    ways = [
        keras.Sequential([_twin_of(inner, dtype) for inner in branch])
        if isinstance(branch, list | tuple)
        else _twin_of(branch, dtype)
        for branch in layer.branches
    ]
    return _side_by_side(ways, lambda outputs, inputs: keras.ops.concatenate(outputs, -1), dtype)


def _side_by_side(ways: list[Any], merge: Callable[[list[Any], Any], Any], dtype: str) -> Any:
    """Make a Keras layer that gives its inputs to several layers and merges their outputs."""
    base: Any = load_keras().layers.Layer

    class SideBySide(base):  # type: ignore[misc]  # Keras has no types
        def __init__(self) -> None:
            super().__init__(dtype=dtype)
            self.ways = ways
            self.supports_masking = True

        def build(self, input_shape: Any) -> None:
            for way in self.ways:
                way.build(input_shape)
            self.built = True

        @property
        def weights(self) -> list[Any]:
            """All params, then all state: the order of the layer's arrays here."""
            # Not variable.trainable: a frozen layer's parameters stay where they are.
            inside = [self, *self._flatten_layers()]
            params = {id(variable) for layer in inside for variable in layer._trainable_variables}
            return sorted(super().weights, key=lambda variable: id(variable) not in params)

        def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
            outputs = [way(inputs) for way in self.ways]
            merged = merge(outputs, inputs)
            masks = [
                mask_of(output) for output in (outputs if len(outputs) > 1 else [*outputs, inputs])
            ]
            if all(each is not None for each in masks):
                set_mask(merged, reduce(load_keras().ops.logical_or, masks))
            return merged

        def compute_mask(self, inputs: Any, previous_mask: Any) -> None:
            """Leave the mask to `call`, which has seen those of the ways."""

    return SideBySide()


# Layers whose twin is not simply the Keras class of the same name.
_SPECIAL: dict[str, Callable[[Any, str], Any]] = {
    "Activation": _activation,
    "Bidirectional": _bidirectional,
    "Branches": _branches,
    "GraphConvolution": graph.graph_convolution,
    "LeakyReLU": _leaky_relu,
    "MinPooling2D": _min_pooling,
    "MultiHeadAttention": attention.self_attention,
    "PartialConv2D": lecun.partial_conv2d,
    "PositionEmbedding": attention.position_embedding,
    "Residual": _residual,
    "ScaledTanh": lecun.scaled_tanh,
    "Sequential": _sequential,
    "SinePositionEncoding": attention.sine_position_encoding,
    "Subsampling2D": lecun.subsampling2d,
}
