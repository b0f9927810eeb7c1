"""Compare a hand-written backward pass with finite differences of its forward pass."""

from collections.abc import Callable

import numpy as np

from dlcourse.nn.contract import Array, Layer


def numerical_gradient(function: Callable[[], float], array: Array, step: float = 1e-5) -> Array:
    """Central differences of a function of no argument that reads `array`.

    The error falls as ``step**2`` until rounding, which grows as ``1 / step``, takes
    over: near 1e-5 in float64.

    Parameters
    ----------
    function : callable
        Returns the number to differentiate; called twice per entry of `array`.
    array : Array
        float64; changed entry by entry and restored, also if the function fails.
    step : float
        Distance to either side.

    Returns
    -------
    gradient : Array
        Of the shape of `array`.

    Raises
    ------
    ValueError
        If the array is not float64. A whole number cannot move by `step`, and float32 rounds it.

    Examples
    --------
    >>> x = np.array([1.0, 3.0])
    >>> numerical_gradient(lambda: float((x**2).sum()), x).round(6)
    array([2., 6.])
    """
    _check_float64("array", array)
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        original = array[index]
        try:
            array[index] = original + step
            above = function()
            array[index] = original - step
            below = function()
        finally:
            array[index] = original
        gradient[index] = (above - below) / (2 * step)
    return gradient


def _check_float64(name: str, array: Array) -> None:
    found = getattr(array, "dtype", type(array).__name__)
    if found != np.float64:
        raise ValueError(
            f"a numerical derivative needs float64, got {found} {name}: build the layer with "
            "dtype=np.float64, make the array with .astype(np.float64)"
        )


def gradient_errors(layer: Layer, inputs: Array, rng: np.random.Generator) -> dict[str, float]:
    """Largest error of each gradient, relative to the largest entry of that gradient.

    Where that entry is below a thousandth of the largest of all gradients, this thousandth
    stands in for it: a bias before a BatchNormalization has the gradient zero, and what is
    left of it is rounding.

    The scalar loss is the dot product of the outputs with a random array, so every output
    counts, each with its own weight.

    Parameters
    ----------
    layer : Layer
        Built in float64, its parameters away from kinks of its function.
    inputs : Array
        float64; changed entry by entry during the check and restored.
    rng : numpy.random.Generator
        Source of the random array.

    Returns
    -------
    errors : dict
        One number per entry of ``layer.params``, and one for ``inputs``. About 1e-9
        is right for a smooth layer; above 1e-6 means that the backward pass is wrong.

    Raises
    ------
    ValueError
        If the inputs or a parameter are not float64.

    Examples
    --------
    >>> from dlcourse.nn import Dense
    >>> rng = np.random.default_rng(0)
    >>> layer = Dense(2)
    >>> layer.build((3,), rng, np.float64)
    (2,)
    >>> errors = gradient_errors(layer, rng.standard_normal((4, 3)), rng)
    >>> list(errors), max(errors.values()) < 1e-9
    (['kernel', 'bias', 'inputs'], True)
    """
    for name, array in {**layer.params, "inputs": inputs}.items():
        _check_float64(name, array)
    outputs, cache = layer.forward(inputs)
    grad_outputs = rng.standard_normal(outputs.shape)
    grad_inputs, grads = layer.backward(grad_outputs, cache)

    def loss() -> float:
        return float(np.sum(layer.forward(inputs)[0] * grad_outputs))

    assert grad_inputs is not None
    pairs = {name: (grads[name], array) for name, array in layer.params.items()}
    pairs["inputs"] = (grad_inputs, inputs)
    numerical = {name: numerical_gradient(loss, array) for name, (_, array) in pairs.items()}
    largest = {
        name: max(np.abs(by_hand).max(), np.abs(numerical[name]).max())
        for name, (by_hand, _) in pairs.items()
    }
    # A gradient that is zero in theory is nothing but rounding: its neighbours set the scale.
    least = max(1e-3 * max(largest.values()), 1e-12)
    return {
        name: float(np.abs(by_hand - numerical[name]).max() / max(largest[name], least))
        for name, (by_hand, _) in pairs.items()
    }
