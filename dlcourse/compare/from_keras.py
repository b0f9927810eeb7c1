"""The other way round: a network made in Keras, as layers of `dlcourse.nn` to look into.

Whatever a Keras layer is set to is carried over or refused by its name, never dropped. What makes
no difference here is listed in `NO_MATTER`.
"""

import inspect
from typing import Any

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras
from dlcourse.compare.twins import NoTwinError
from dlcourse.nn.activations import ACTIVATIONS

FILLED_IN = {"data_format": "channels_last", "axis": [-1]}  # by Keras, for its defaults
# Names, how the weights began, and what is looked at apart from the other settings.
NO_MATTER = ("name", "trainable", "dtype", "seed", "unit_forget_bias")
Flags = list[tuple[Any, bool]]  # layers and whether they are trainable, from the outside in


def from_keras(twin: Any) -> nn.Sequential:
    """Make the `nn.Sequential` that computes what a built ``keras.Sequential`` computes.

    An activation inside a layer, ``Dense(8, activation="relu")``, becomes a layer of its own.

    Parameters
    ----------
    twin : keras.Sequential
        Built, so that its shapes are known.

    Returns
    -------
    nn.Sequential
        Same outputs and weights, in the dtype of the weights; the same layers are frozen.

    Raises
    ------
    NoTwinError
        If `dlcourse.nn` has no such layer, or not with these settings.
    ValueError
        If the Keras model has not been built.
    """
    if not twin.built:
        raise ValueError("the Keras model is not built: give it a keras.Input, or call build")
    dtype = (twin.weights or twin.inputs)[0].dtype
    layers, flags = _inside(twin, dtype)
    model = nn.Sequential(layers, input_shape=twin.input_shape[1:], dtype=dtype)
    model.set_weights(twin.get_weights())
    for layer, trainable in [(model, twin.trainable), *flags]:  # setting it goes inwards
        layer.trainable = trainable
    return model


def _inside(twin: Any, dtype: str) -> tuple[list[Any], Flags]:
    """Make the layers of a Sequential."""
    layers: list[Any] = []
    flags: Flags = []
    for inner in twin.layers:
        made, more = _layers(inner, dtype)
        layers += made
        flags += more
    return layers, flags


def _layers(twin: Any, dtype: str) -> tuple[list[Any], Flags]:
    """Make the layers that one Keras layer stands for."""
    name = type(twin).__name__
    if name == "Sequential":
        layers, flags = _inside(twin, dtype)
        nested = nn.Sequential(layers)
        return [nested], [(nested, twin.trainable), *flags]
    if not hasattr(nn, name):
        raise NoTwinError(f"dlcourse.nn has no layer {name}")
    if name == "Bidirectional":
        return _bidirectional(twin, dtype)
    layer, activation = _one(twin, dtype)
    layers = [layer] if activation == "linear" else [layer, nn.Activation(activation)]
    return layers, [(layer, twin.trainable)]


def _bidirectional(twin: Any, dtype: str) -> tuple[list[Any], Flags]:
    forward, backward = twin.forward_layer, twin.backward_layer
    made, _ = _one(forward, dtype, zero_output_for_mask=forward.return_sequences)
    _one(backward, dtype, zero_output_for_mask=backward.return_sequences)
    settings, other = (_settings(each) for each in (forward, backward))
    for key, value in settings.items():
        if type(backward) is not type(forward) or other.get(key) != value:
            raise NoTwinError(
                "in a Bidirectional of dlcourse.nn both layers have the same settings, but here "
                f"the backward layer has {key}={other.get(key)!r}, the forward layer {value!r}"
            )
    layer = nn.Bidirectional(made, merge_mode=twin.merge_mode)
    halves = [
        (layer.forward_layer, forward.trainable),
        (layer.backward_layer, backward.trainable),
    ]
    return [layer], [(layer, twin.trainable), *halves]


def _settings(twin: Any) -> dict[str, Any]:
    """Return the settings in which the two layers of a Bidirectional must agree."""
    return {
        key: value
        for key, value in twin.get_config().items()
        if key not in (*NO_MATTER, "go_backwards") and not key.endswith("_initializer")
    }


def _one(twin: Any, dtype: str, **expected: Any) -> tuple[Any, str]:
    """Make the layer of the same name, and name the activation that follows it."""
    name = type(twin).__name__
    if twin.compute_dtype != dtype or twin.variable_dtype != dtype:
        raise NoTwinError(
            f"the layer {twin.name} computes in {twin.compute_dtype} with weights in "
            f"{twin.variable_dtype}; a network of dlcourse.nn has one dtype, here {dtype}"
        )
    activation, *_ = [
        _name_of(twin, key) for key in ("activation", "recurrent_activation") if hasattr(twin, key)
    ] or ["linear"]
    config = twin.get_config()
    if name in ("Dense", "Conv2D"):  # here an activation is a layer of its own
        del config["activation"]
    else:
        activation = "linear"
    return getattr(nn, name)(**_arguments(twin, config, expected)), activation


def _name_of(twin: Any, key: str) -> str:
    """Return the name of an activation, or refuse what has none here."""
    function = getattr(twin, key)
    name = getattr(function, "__name__", "")
    if getattr(load_keras().activations, name, None) is not function or name not in ACTIVATIONS:
        raise NoTwinError(
            f"the layer {twin.name} has {key}={name or function!r}; dlcourse.nn takes functions of "
            f"Keras alone, and of these {', '.join(ACTIVATIONS)}"
        )
    return str(name)


def _arguments(twin: Any, config: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Choose the arguments that our class takes; what it leaves out must be a default."""
    name = type(twin).__name__
    ours = inspect.signature(getattr(nn, name)).parameters
    defaults = inspect.signature(type(twin)).parameters
    arguments = {}
    for key, value in config.items():
        if key in NO_MATTER or key.endswith("_initializer"):
            continue
        default = getattr(defaults.get(key), "default", False)
        if key in ours:
            arguments[key] = tuple(value) if isinstance(value, list) else value
        elif value not in (FILLED_IN.get(key), expected.get(key, default)):
            raise NoTwinError(f"the layer {name} of dlcourse.nn has no argument {key}={value!r}")
    return arguments
