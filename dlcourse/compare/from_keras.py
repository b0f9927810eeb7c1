"""The other way round: a network made in Keras, as layers of `dlcourse.nn` to look into."""

import inspect
from typing import Any

from dlcourse import nn
from dlcourse.compare.twins import NoTwinError

_FILLED_IN = {"data_format": "channels_last", "axis": [-1]}  # by Keras, for its defaults
# Names, how the weights began, and masks, of which there are none here.
_NO_MATTER = ("name", "trainable", "dtype", "seed", "unit_forget_bias", "zero_output_for_mask")


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
        Same outputs and weights, in the dtype of the weights.

    Raises
    ------
    NoTwinError
        If `dlcourse.nn` has no such layer, or not with these arguments.
    ValueError
        If the Keras model has not been built.
    """
    if not twin.built:
        raise ValueError("the Keras model is not built: give it a keras.Input, or call build")
    dtype = (twin.weights or twin.inputs)[0].dtype
    model = nn.Sequential(_layers(twin), input_shape=twin.input_shape[1:], dtype=dtype)
    model.set_weights(twin.get_weights())
    return model


def _layers(twin: Any) -> list[Any]:
    """Make the layers that one Keras layer stands for, or those of a whole Sequential."""
    name = type(twin).__name__
    if name == "Sequential":
        return [layer for inner in twin.layers for layer in _layers(inner)]
    if not hasattr(nn, name):
        raise NoTwinError(f"dlcourse.nn has no layer {name}")
    config = twin.get_config()
    if name == "Bidirectional":
        config["layer"] = _layers(twin.forward_layer)[0]
        del config["backward_layer"]
    activation = "linear"
    if name in ("Dense", "Conv2D"):
        activation = config.pop("activation")
    layer = getattr(nn, name)(**_arguments(name, config, type(twin)))
    return [layer] if activation == "linear" else [layer, nn.Activation(activation)]


def _arguments(name: str, config: dict[str, Any], keras_class: type) -> dict[str, Any]:
    """Choose the arguments that our class takes; what it leaves out must be a default."""
    ours = inspect.signature(getattr(nn, name)).parameters
    defaults = inspect.signature(keras_class).parameters
    arguments = {}
    for key, value in config.items():
        if key in _NO_MATTER or key.endswith("_initializer"):
            continue
        if key in ours:
            arguments[key] = tuple(value) if isinstance(value, list) else value
        elif value not in (_FILLED_IN.get(key), getattr(defaults.get(key), "default", False)):
            raise NoTwinError(f"the layer {name} of dlcourse.nn has no argument {key}={value!r}")
    return arguments
