"""What every layer must satisfy, as functions that the tests of each layer call.

    from tests.nn.proofs import prove

    @pytest.mark.parametrize("layer", [nn.Dense(4), nn.Dense(1)], ids=repr)
    def test_dense(layer):
        prove(layer, (3,))

`prove` runs every assertion of this file. Each takes a layer, which is copied and never
changed, the shape of its inputs without the batch axis, and these options:

    inputs      the inputs themselves instead of random normal ones (indices, for instance)
    batch       how many rows to draw when `inputs` is not given, 3 by default
    training    passed to forward
    seed        of everything random here
    ...         anything else goes to forward as it is: ``initial_state=...``

Every parameter is random, because a bias of zero or a gamma of one would hide an error.
Every array of floats, options too, takes the dtype that is being tested.
"""

import copy
import inspect
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse import nn
from dlcourse.compare.agreement import difference
from dlcourse.compare.keras_backend import gradients, load_keras, precision, value_of
from dlcourse.compare.twins import keras_layer
from dlcourse.nn import devices
from dlcourse.nn.slices import is_sliceable
from tests.nn.device_array import TOLERANCE, movers

GRADIENT_TOLERANCE = 1e-7
KERAS_TOLERANCE = {"float64": 1e-10, "float32": 1e-5}
AS_RIGHT = 4  # in float32, how much farther from float64 than Keras a result may lie
ROUNDING = 1e-12  # in float64, for two orders of the same sums
# A second run, on JAX or PyTorch, is about Keras alone: the rest would be the same once more.
KERAS_ALONE = os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow"


def prove(
    layer: Any,
    input_shape: tuple[int | None, ...],
    *,
    keras: bool | Callable[[Any], Any] = True,
    rows: bool = True,
    **options: Any,
) -> None:
    """Run every assertion of this file.

    ``keras=False`` is for a layer that Keras does not have; a function makes the twin from
    the built layer where its class has another name. ``rows=False`` is for a layer that
    mixes the rows of a batch on purpose, as batch normalization does in training.
    """
    if not KERAS_ALONE:
        assert_build_tells_output_shape(layer, input_shape, **options)
        assert_gradients_match_finite_differences(layer, input_shape, **options)
        assert_calls_are_independent(layer, input_shape, **options)
        assert_inputs_untouched_and_dtype_kept(layer, input_shape, **options)
        assert_memory_order_does_not_matter(layer, input_shape, **options)
        assert_input_gradient_can_be_left_out(layer, input_shape, **options)
        assert_devices_agree(layer, input_shape, **options)
        if rows or is_sliceable(layer, training=options.get("training", False)):
            assert_rows_are_independent(layer, input_shape, **options)
    if keras:
        twin = keras if callable(keras) else None
        assert_matches_keras(layer, input_shape, twin=twin, **options)


class Case:
    """A built layer with random parameters, inputs for it, and how to call it."""

    def __init__(
        self,
        layer: Any,
        input_shape: tuple[int | None, ...],
        dtype: str = "float64",
        *,
        inputs: Any = None,
        batch: int = 3,
        training: bool = False,
        seed: int = 0,
        **forward_options: Any,
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.dtype = dtype
        self.layer = copy.deepcopy(layer)
        self.output_shape = self.layer.build(tuple(input_shape), self.rng, np.dtype(dtype))
        for array in self.layer.params.values():
            array[...] = self.rng.standard_normal(array.shape)
        for array in self.layer.state.values():
            array[...] = self.rng.uniform(0.5, 1.5, array.shape)  # a variance is positive
        if inputs is None:
            shape = [batch, *(4 if size is None else size for size in input_shape)]
            inputs = self.rng.standard_normal(shape)
        self.inputs = self.cast(np.array(inputs))
        self.training = training
        self.options = {name: self.cast(value) for name, value in forward_options.items()}
        outputs, _ = self.forward(self.copy_of_layer())
        self.grad_outputs = self.rng.standard_normal(outputs.shape).astype(dtype)

    def in_float64(self, layer: Any, input_shape: tuple[int | None, ...], **options: Any) -> "Case":
        """Return the same case in float64, with the numbers as this one has rounded them."""
        exact = Case(layer, input_shape, "float64", **options)
        for name, array in (exact.layer.params | exact.layer.state).items():
            array[...] = (self.layer.params | self.layer.state)[name]
        exact.inputs = exact.cast(self.inputs)
        exact.grad_outputs = exact.cast(self.grad_outputs)
        exact.options = {name: exact.cast(value) for name, value in self.options.items()}
        return exact

    def cast(self, value: Any) -> Any:
        """Give every array of floats the dtype of this case; leave the rest as it is."""
        if isinstance(value, list | tuple):
            return type(value)(self.cast(item) for item in value)
        if isinstance(value, np.ndarray) and np.issubdtype(value.dtype, np.floating):
            return value.astype(self.dtype)
        return value

    def copy_of_layer(self) -> Any:
        """Return a copy, so that moving averages and generators of the original stay."""
        return copy.deepcopy(self.layer)

    def forward(self, layer: Any, inputs: Any = None) -> tuple[Any, Any]:
        """Call forward of a layer the way this case calls it."""
        inputs = self.inputs if inputs is None else inputs
        return layer.forward(inputs, training=self.training, **self.options)

    def run(self) -> dict[str, Any]:
        """Run forward and backward once on a copy; return the results by name."""
        layer = self.copy_of_layer()
        outputs, cache = self.forward(layer)
        return self.named(outputs, *layer.backward(self.grad_outputs, cache))

    def named(self, outputs: Any, grad_inputs: Any, grads: dict[str, Any]) -> dict[str, Any]:
        """Give the results names for messages. Indices have no gradient."""
        results = {"outputs": outputs} | {f"gradient of {name}": g for name, g in grads.items()}
        return results | ({"gradient of inputs": grad_inputs} if self.inputs_are_floats else {})

    @property
    def inputs_are_floats(self) -> bool:
        """Whether the inputs are numbers rather than indices."""
        return bool(np.issubdtype(self.inputs.dtype, np.floating))


def assert_build_tells_output_shape(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """`build` returns the shape of the outputs; gradients come like their arrays, in order."""
    case = Case(layer, input_shape, **options)
    results = case.run()
    found = results.pop("outputs").shape[1:]
    assert len(found) == len(case.output_shape), f"build: {case.output_shape}, forward: {found}"
    for told, size in zip(case.output_shape, found, strict=True):
        assert told in (size, None), f"build told {case.output_shape}, forward gave {found}"
    arrays = case.layer.params | ({"inputs": case.inputs} if case.inputs_are_floats else {})
    expected_shapes = [(f"gradient of {name}", array.shape) for name, array in arrays.items()]
    assert [(name, array.shape) for name, array in results.items()] == expected_shapes


def assert_gradients_match_finite_differences(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """The backward pass agrees with central differences of the forward pass, in float64."""
    case = Case(layer, input_shape, **options)
    # Indices cannot be moved a little: they are held fixed, and an unused number is moved.
    inputs = case.inputs if case.inputs_are_floats else np.zeros((1, 1))
    errors = nn.gradient_errors(_AsCalled(case), inputs, case.rng)
    assert set(errors) == {*case.layer.params, "inputs"}
    too_large = {name: error for name, error in errors.items() if not error < GRADIENT_TOLERANCE}
    assert not too_large, f"relative errors against finite differences: {too_large}"


class _AsCalled:
    """A case as a layer: always called with the options of the case, on a fresh copy."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.params = case.layer.params
        self.state = case.layer.state

    def forward(self, inputs: Any, *, training: bool = False) -> tuple[Any, Any]:
        layer = self.case.copy_of_layer()  # the same moving averages and generators each time
        outputs, cache = self.case.forward(layer, inputs if self.case.inputs_are_floats else None)
        return outputs, (layer, cache, inputs)

    def backward(self, grad_outputs: Any, cache: Any, *, input_grad: bool = True) -> Any:
        layer, layer_cache, inputs = cache
        grad_inputs, grads = layer.backward(grad_outputs, layer_cache, input_grad=input_grad)
        return (grad_inputs if self.case.inputs_are_floats else np.zeros_like(inputs)), grads


def assert_calls_are_independent(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """A cache stays good through other calls and through a backward of its own."""
    case = Case(layer, input_shape, **options)
    expected = case.run()
    layer = case.copy_of_layer()
    outputs, cache = case.forward(layer)
    other_inputs = case.inputs[::-1] + 1 if case.inputs_are_floats else case.inputs[::-1]
    other_outputs, other_cache = case.forward(layer, other_inputs)
    layer.backward(np.ones_like(other_outputs), other_cache)
    for turn in ("after another call", "the second time"):
        results = case.named(outputs, *layer.backward(case.grad_outputs, cache))
        for name, array in results.items():
            assert_close(array, expected[name], ROUNDING, f"{name} {turn}")


def assert_rows_are_independent(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """A batch gives what its rows give one by one; parameter gradients are their sum."""
    whole = Case(layer, input_shape, **options)
    expected = whole.run()
    sums = dict.fromkeys(whole.layer.params, 0.0)
    for row in range(len(whole.inputs)):
        alone = copy.deepcopy(whole)
        alone.inputs = whole.inputs[row : row + 1]
        alone.grad_outputs = whole.grad_outputs[row : row + 1]
        alone.options = {name: _one_row(value, row) for name, value in whole.options.items()}
        results = alone.run()
        for name in ("outputs", "gradient of inputs"):
            if name in results:
                there = expected[name][row : row + 1]
                assert_close(results[name], there, ROUNDING, f"{name} of row {row} alone")
        sums = {name: total + results[f"gradient of {name}"] for name, total in sums.items()}
    for name, total in sums.items():
        name = f"gradient of {name}"
        assert_close(total, expected[name], ROUNDING, f"{name}, summed over rows,")


def _one_row(value: Any, row: int) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_one_row(item, row) for item in value)
    return value[row : row + 1] if isinstance(value, np.ndarray) else value


def assert_inputs_untouched_and_dtype_kept(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """Nothing from outside is changed in place, and float32 in gives float32 everywhere."""
    for dtype in KERAS_TOLERANCE:
        case = Case(layer, input_shape, dtype, **options)
        layer_copy = case.copy_of_layer()
        state = {} if case.training else layer_copy.state
        ours = {"inputs": case.inputs, "grad_outputs": case.grad_outputs, "options": case.options}
        watched = ours | layer_copy.params | state
        before = copy.deepcopy(watched)
        outputs, cache = case.forward(layer_copy)
        watched["outputs"], before["outputs"] = outputs, outputs.copy()
        results = case.named(outputs, *layer_copy.backward(case.grad_outputs, cache))
        for name, value in watched.items():
            np.testing.assert_equal(value, before[name], err_msg=f"{name} changed in place")
        for name, array in (results | layer_copy.params | layer_copy.state).items():
            assert array.dtype == dtype, f"{name} is {array.dtype}, inputs are {dtype}"


def assert_memory_order_does_not_matter(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """Arrays in Fortran order, or seen through a strided view, give the same results."""
    case = Case(layer, input_shape, **options)
    expected = case.run()
    for order in (np.asfortranarray, _strided):
        case.inputs, case.grad_outputs = order(case.inputs), order(case.grad_outputs)
        for name, array in case.run().items():
            assert_close(array, expected[name], ROUNDING, f"{name} after {order.__name__}")


def _strided(array: Any) -> Any:
    """Return an equal array whose entries are not neighbours in memory."""
    return np.repeat(array, 2, axis=-1)[..., ::2]


def assert_input_gradient_can_be_left_out(
    layer: Any, input_shape: tuple[int | None, ...], **options: Any
) -> None:
    """``backward(..., input_grad=False)`` gives the same parameter gradients."""
    case = Case(layer, input_shape, **options)
    expected = case.run()
    layer = case.copy_of_layer()
    _, cache = case.forward(layer)
    _, grads = layer.backward(case.grad_outputs, cache, input_grad=False)
    assert list(grads) == list(layer.params)
    for name, array in grads.items():
        name = f"gradient of {name}"
        assert_close(array, expected[name], ROUNDING, f"{name} with input_grad=False")


def assert_devices_agree(layer: Any, input_shape: tuple[int | None, ...], **options: Any) -> None:
    """The same code on arrays of another device gives the same numbers, and leaves them there."""
    for device, move in movers().items():
        for dtype, tolerance in TOLERANCE[device].items():
            case = Case(layer, input_shape, dtype, **options)
            expected = case.run() | _state_afterwards(case)
            devices.replace_arrays(case.layer, move)
            case.inputs, case.grad_outputs = move(case.inputs), move(case.grad_outputs)
            case.options = {name: _moved(value, move) for name, value in case.options.items()}
            results = case.run() | _state_afterwards(case)
            assert list(results) == list(expected)
            for name, array in results.items():
                where = f"{name} ({dtype}) on {device}"
                assert type(array) is type(case.inputs), f"{where} is a {type(array).__name__}"
                assert array.dtype == expected[name].dtype, f"{where} is {array.dtype}"
                assert_close(devices.to_host(array), expected[name], tolerance, where)


def _state_afterwards(case: Case) -> dict[str, Any]:
    layer = case.copy_of_layer()
    case.forward(layer)
    return {f"state {name} afterwards": array for name, array in layer.state.items()}


def _moved(value: Any, move: Callable[[Any], Any]) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_moved(item, move) for item in value)
    return move(value) if isinstance(value, np.ndarray) else value


def assert_matches_keras(
    layer: Any,
    input_shape: tuple[int | None, ...],
    *,
    twin: Callable[[Any], Any] | None = None,
    dtypes: Sequence[str] = tuple(KERAS_TOLERANCE),
    **options: Any,
) -> None:
    """Outputs, gradients and state equal those of the Keras layer with the same weights."""
    for dtype in dtypes:
        tolerance = KERAS_TOLERANCE[dtype]
        case = Case(layer, input_shape, dtype, **options)
        found = case.run()
        found |= _state_afterwards(case)
        with precision(dtype):
            keras_twin = twin(case.layer) if twin else keras_layer(case.layer, dtype)
            expected = _run_keras(keras_twin, case)
        assert set(found) == set(expected)
        for name, array in found.items():
            try:
                assert_close(array, expected[name], tolerance, f"{name} ({dtype}) against Keras")
            except AssertionError:
                exact = case.in_float64(layer, input_shape, **options).run().get(name)
                proved = "float64" in dtypes and dtype != "float64"  # else `exact` may be wrong
                if not proved or exact is None or array.shape != exact.shape:
                    raise
                # Some sums cancel, and both sides are left with the rounding of their terms.
                error = difference(name, 1, array, exact).relative
                if not error <= AS_RIGHT * difference(name, 1, expected[name], exact).relative:
                    raise


def _run_keras(twin: Any, case: Case) -> dict[str, Any]:
    """Give the twin the weights of the layer, run it both ways, name the results."""
    keras = load_keras()
    twin.build(case.inputs.shape)
    params, state = case.layer.params, case.layer.state
    for variables, arrays in (
        (twin.trainable_weights, params),
        (twin.non_trainable_weights, state),
    ):
        for variable, array in zip(variables, arrays.values(), strict=True):
            assert variable.shape == array.shape
            variable.assign(array)
    keywords = keras.tree.map_structure(keras.ops.convert_to_tensor, case.options)
    if "training" in inspect.signature(twin.call).parameters:
        keywords["training"] = case.training
    outputs, (grad_inputs, *grads) = gradients(
        lambda inputs: twin(inputs, **keywords),
        [case.inputs],
        twin.trainable_weights,
        case.grad_outputs,
    )
    results = case.named(outputs, grad_inputs, dict(zip(params, grads, strict=True)))
    for name, variable in zip(state, twin.non_trainable_weights, strict=True):
        results[f"state {name} afterwards"] = value_of(variable)
    return results


def assert_close(found: Any, expected: Any, tolerance: float, name: str) -> None:
    """The largest difference, relative to the largest expected entry, is within tolerance."""
    assert found.shape == expected.shape, f"{name}: shape {found.shape}, not {expected.shape}"
    d = difference(name, 1, found, expected)
    assert d.relative <= tolerance, (
        f"{name}: off by {d.relative:.1e} of the largest entry, at most {tolerance:.0e} allowed; "
        f"at index {d.where} {d.found}, expected {d.expected}"
    )
