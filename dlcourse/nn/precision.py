"""Numbers with fewer digits: what TF32 and bfloat16 keep of a float32.

A float32 is a sign, 8 bits of exponent and 23 bits of mantissa. Both formats keep the sign and
the exponent, so they reach as far, and shorten the mantissa: TF32 to 10 bits, bfloat16 to 7.
Rounding to p bits changes a number by at most 2**-(p + 1) of its size.

Devices that compute in them multiply such short factors and add the products up in float32.
They differ in what they keep between two products:

- TF32: the outputs of a layer, biases and states stay float32 [1]_.
- bfloat16, as Keras's "mixed_bfloat16": they are rounded as well [2]_.

`outputs_in` and `states_in` emulate that on any processor, and are not bit for bit what a device
does: it may round between product and bias, adds in another order, and may cut off the digits of
a TF32 factor where we round to the nearest [3]_.

References
----------
.. [1] TensorFlow, ``tf.config.experimental.enable_tensor_float_32_execution``: on by default;
   the factors of float32 products are rounded from 23 bits to 10.
.. [2] Keras, ``keras.DTypePolicy``: computation in bfloat16, variables in float32.
.. [3] PyTorch, "Numerical accuracy": only the first 10 bits of a factor are read.
"""

import copy
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dlcourse.nn.contract import Array, as_array
from dlcourse.nn.layers import LSTM, Conv2D, Dense, PartialConv2D, SimpleRNN
from dlcourse.nn.layers.recurrent import in_step_order

MANTISSA_BITS = {"float64": 52, "float32": 23, "tfloat32": 10, "bfloat16": 7}


def rounded(values: ArrayLike, precision: str) -> Array:
    """Round to the nearest number of a format, of two equally near to the even one.

    Parameters
    ----------
    values : array_like
        Converted to float32 first, unless `precision` is "float64".
    precision : {"float64", "float32", "tfloat32", "bfloat16"}

    Returns
    -------
    Array
        In float32, which holds every number of the shorter formats, or in float64.

    Raises
    ------
    ValueError
        If there is no such precision.

    Examples
    --------
    >>> [float(rounded(0.1, name)) for name in ("tfloat32", "bfloat16")]
    [0.0999755859375, 0.10009765625]
    """
    if precision not in MANTISSA_BITS:
        raise ValueError(f"precision must be one of {', '.join(MANTISSA_BITS)}, got {precision!r}")
    exact = as_array(values, np.float64 if precision == "float64" else np.float32)
    dropped = 23 - MANTISSA_BITS[precision]
    if dropped <= 0:
        return exact
    bits: Any = exact.view(np.uint32)
    last_kept = bits >> dropped & 1
    # Half a unit of the last kept bit carries into it from the halfway point on; where it is 0,
    # one less, so that a tie stays. A carry out of the mantissa raises the exponent, as it should.
    bits = bits + (2 ** (dropped - 1) - 1 + last_kept) >> dropped << dropped
    return np.where(np.isnan(exact), exact, bits.view(np.float32))


def outputs_in(precision: str, model: Any, inputs: ArrayLike) -> Array:
    """Run a network in a precision.

    Parameters
    ----------
    precision : {"float64", "float32", "tfloat32", "bfloat16"}
    model : nn.Sequential
        Built, of any dtype. It is not changed.
    inputs : array_like, shape (batch, ...)

    Returns
    -------
    Array
        What the network puts out, as if not in training.

    Raises
    ------
    TypeError
        If a layer has parameters and is none of Dense, Conv2D, PartialConv2D, SimpleRNN, LSTM, or
        if one makes a mask.
    """
    if model.makes_mask:
        raise TypeError("outputs_in hands on no masks: give it a network without Masking")
    outputs = rounded(inputs, _kept(precision))
    for layer in model.layers:
        if isinstance(layer, SimpleRNN | LSTM):
            hidden = states_in(precision, layer, outputs)[0]
            outputs = hidden if layer.return_sequences else hidden[:, -1]
            continue
        if isinstance(layer, Conv2D | Dense | PartialConv2D):
            layer, outputs = _short_weights(layer, precision), rounded(outputs, precision)
        elif layer.params:
            raise TypeError(f"outputs_in does not know which numbers {layer!r} multiplies")
        outputs = rounded(layer.forward(outputs)[0], _kept(precision))
    return outputs


def states_in(precision: str, layer: SimpleRNN | LSTM, inputs: ArrayLike) -> tuple[Array, ...]:
    """Run a recurrent layer step by step in a precision.

    Parameters
    ----------
    precision : {"float64", "float32", "tfloat32", "bfloat16"}
    layer : SimpleRNN or LSTM
        Built. It is not changed.
    inputs : array_like, shape (batch, time, in_features)

    Returns
    -------
    tuple of Array, each of shape (batch, time, units)
        The hidden state after each step; for an LSTM, the cell state too.
    """
    one_step = _short_weights(layer, precision)
    one_step.go_backwards = False
    states, carried = [], None
    for x in in_step_order(rounded(inputs, precision), layer.go_backwards):
        _, cache = one_step.forward(x[:, np.newaxis], initial_state=carried)
        final = cache.final_state if isinstance(layer, LSTM) else (cache.final_state,)
        hidden, *cell = (rounded(state, _kept(precision)) for state in final)
        states.append((hidden, *cell))
        hidden = rounded(hidden, precision)  # the next step multiplies it
        carried = (hidden, *cell) if cell else hidden
    return tuple(np.stack(steps, axis=1) for steps in zip(*states, strict=True))


def _kept(precision: str) -> str:
    """Return the precision of what is not a factor of a product."""
    return "float32" if precision == "tfloat32" else precision


def _short_weights(layer: Any, precision: str) -> Any:
    """Return a copy of a layer with rounded parameters; a bias is added, not multiplied."""
    layer = copy.copy(layer)
    layer.params = {
        name: rounded(array, _kept(precision) if name == "bias" else precision)
        for name, array in layer.params.items()
    }
    return layer
