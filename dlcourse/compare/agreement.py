"""Compare a network from scratch with its Keras twin, quantity by quantity, step by step."""

import copy
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlcourse.compare.keras_backend import (
    gradients,
    load_keras,
    mask_of,
    precision,
    set_mask,
    value_of,
)
from dlcourse.compare.training_twins import keras_loss, keras_optimizer
from dlcourse.compare.twins import to_keras
from dlcourse.nn.contract import configuration
from dlcourse.nn.devices import layers_in, mover, to_host
from dlcourse.nn.losses import get_loss, value_and_grad_over
from dlcourse.nn.optimizers import get_optimizer
from dlcourse.tables import Table

# In float32 each step starts from weights that differ by the rounding of the steps before.
TOLERANCE = {"float32": 1e-4, "float64": 1e-10}
# Differences are relative to the largest entry of an array, but to no less than this: a mean
# over the batch may be near zero, and what is left then is the rounding of its terms.
SMALLEST_SCALE = 0.1
NO_GRADIENT = 1e-6  # in float32, a gradient with no larger entry may be rounding alone


class Difference(NamedTuple):
    """How far two arrays that should be equal lie apart."""

    quantity: str
    step: int  # of training, counted from one
    absolute: float  # largest difference of two entries
    relative: float  # to the largest entry of the expected array, see SMALLEST_SCALE
    where: tuple[int, ...]  # index of that difference
    found: float
    expected: float
    scale: float  # largest entry of the expected array


class Disagreement(AssertionError):  # noqa: N818  it reads better where it is caught
    """The network and its Keras twin differ by more than rounding.

    Attributes
    ----------
    differences : list of Difference
        Everything that was compared until then.
    """

    def __init__(self, message: str, differences: list[Difference]) -> None:
        super().__init__(message)
        self.differences = differences


class Agreement(Table):
    """What `agreement` found: one row per quantity, the same on every machine.

    Rounding differs between machines, so the table says only that a quantity agrees, and
    how closely; the differences themselves stand in `exact`.

    Attributes
    ----------
    differences : list of Difference
        One a quantity and step.
    tolerance : float
        Largest relative difference that was allowed.
    """

    def __init__(
        self, differences: list[Difference], shapes: dict[str, Any], tolerance: float, caption: str
    ) -> None:
        self.differences = differences
        self.tolerance = tolerance
        rows = [[name, shape, "yes"] for name, shape in shapes.items()]
        super().__init__(["quantity", "shape", f"agrees to {tolerance:.0e}"], rows, caption)

    def exact(self) -> Table:
        """Return the largest differences of each quantity, over the steps.

        Returns
        -------
        Table
            The absolute difference, and the relative one: to the largest entry of the
            quantity, or to 0.1 if that is larger.
        """
        worst: dict[str, Difference] = {}
        for difference in self.differences:
            before = worst.get(difference.quantity, difference)
            worst[difference.quantity] = max(before, difference, key=lambda d: d.relative)
        rows = [[d.quantity, f"{d.absolute:.1e}", f"{d.relative:.1e}"] for d in worst.values()]
        return Table(["quantity", "largest difference", "relative"], rows, self.caption)


def agreement(
    model: Any,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    loss: Any,
    optimizer: Any,
    steps: int = 5,
    sample_weight: NDArray[Any] | None = None,
    tolerance: float | None = None,
) -> Agreement:
    """Train a copy of the model and its Keras twin side by side and compare everything.

    Both see the whole of `x` in every step. Compared are the outputs, the loss, the
    gradient of every parameter that is not frozen and of the inputs, and after the step every
    parameter and every moving average. Dropout is switched off on both sides, because each would
    draw masks of its own.

    Parameters
    ----------
    model : nn.Sequential
        Built; float32 or float64. It is not changed. After ``model.to("cuda")`` it computes
        on the GPU here, too.
    x, y : array
        Inputs and targets of one batch.
    loss : Loss or str
        A loss of `dlcourse.nn`, or its name.
    optimizer : Optimizer or str
        An optimizer of `dlcourse.nn`, or its name; a fresh one of the same configuration is
        used.
    steps : int, default 5
        How many steps of training.
    sample_weight : array, shape (batch,) or (batch, time), optional
        How much each row, or each of its steps, counts in the loss.
    tolerance : float, optional
        Largest relative difference; 1e-4 in float32 and 1e-10 in float64 by default.

    Returns
    -------
    Agreement
        A table, one row per quantity.

    Raises
    ------
    Disagreement
        If a quantity differs by more than the tolerance. The message says which, in what
        step, by how much and at what index.
    NoTwinError
        If Keras has no such layer, loss or optimizer.
    """
    dtype = np.dtype(model.dtype).name
    tolerance = TOLERANCE[dtype] if tolerance is None else tolerance
    loss, optimizer = get_loss(loss), get_optimizer(optimizer)
    if steps < 1:
        raise ValueError(f"agreement needs at least one step of training, got steps={steps}")
    x, y = np.asarray(x, dtype), np.asarray(y)
    weights = None if sample_weight is None else np.asarray(sample_weight, dtype)
    model, dropout_was_on = _without_dropout(model)
    differences: list[Difference] = []
    with precision(dtype):
        here = _train_here(model, x, y, weights, loss, optimizer)
        there = _train_in_keras(
            to_keras(model),
            names_of_weights(model),
            x,
            y,
            weights,
            keras_loss(loss, dtype),
            keras_optimizer(optimizer, dtype),
        )
        for step in range(1, steps + 1):
            found, expected = next(here), next(there)
            latest = [difference(name, step, found[name], expected[name]) for name in found]
            differences += latest
            refuse_disagreement(latest, differences, tolerance)
    caption = (
        f"dlcourse and Keras side by side, {steps} training steps with {type(optimizer).__name__} "
        f"in {dtype}; every quantity is compared at every step."
    )
    if dropout_was_on:
        caption += " Dropout is switched off on both sides: each would draw its own masks."
    shapes = {name: np.shape(array) for name, array in found.items()}
    return Agreement(differences, shapes, tolerance, caption)


def difference(quantity: str, step: int, found: Any, expected: Any) -> Difference:
    """Measure how far two arrays of one shape lie apart.

    Examples
    --------
    >>> difference("outputs", 1, np.array([1.0, 2.5]), np.array([1.0, 2.0])).relative
    0.25
    """
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    if found.shape != expected.shape:
        raise Disagreement(
            f"{quantity} has shape {found.shape}, in Keras {expected.shape}", differences=[]
        )
    if not found.size:
        return Difference(quantity, step, 0.0, 0.0, (), 0.0, 0.0, 0.0)
    distance = np.abs(found - expected)
    index = np.unravel_index(np.argmax(distance), distance.shape)
    absolute = float(distance[index])
    scale = float(np.abs(expected).max())
    return Difference(
        quantity,
        step,
        absolute,
        absolute / max(scale, SMALLEST_SCALE),
        tuple(int(i) for i in index),
        float(found[index]),
        float(expected[index]),
        scale,
    )


def names_of_weights(model: Any) -> list[str]:
    """Return the names of the arrays of `get_weights`, in their order."""
    names = {id(array): name for name, array in (model.params | model.state).items()}
    return [names[id(array)] for array in model._arrays()]


def _train_here(
    model: Any, x: Any, y: Any, sample_weight: Any, loss: Any, optimizer: Any
) -> Iterator[dict[str, Any]]:
    """Train the model; yield every quantity of each step by name."""
    optimizer = type(optimizer)(**configuration(optimizer))  # one that has not stepped yet
    move = mover(model.device)
    x, y, weights = move(x), move(y), None if sample_weight is None else move(sample_weight)
    while True:
        outputs, cache = model.forward(x, training=True)
        mask = model.compute_mask(x, None, cache)
        value, grad_outputs = value_and_grad_over(mask, loss, y, outputs, weights)
        grad_inputs, grads = model.backward(grad_outputs, cache)
        optimizer.step(model.trainable_params, grads)
        found = _by_name(outputs, value, grad_inputs, grads, model.params | model.state)
        yield {name: to_host(array) for name, array in found.items()}


def _train_in_keras(
    twin: Any, names: list[str], x: Any, y: Any, sample_weight: Any, loss: Any, optimizer: Any
) -> Iterator[dict[str, Any]]:
    """Do the same with Keras; the arrays take the names that the model has for them."""
    ops = load_keras().ops
    targets = ops.convert_to_tensor(y)
    arrays = dict(zip(names, twin.weights, strict=True))
    trained = {name: variable for name, variable in arrays.items() if variable.trainable}

    def loss_of_twin(inputs: Any) -> tuple[Any, Any]:
        with warnings.catch_warnings():  # Keras warns of masks that a nested Sequential hands on
            warnings.filterwarnings("ignore", "Layer .* was passed an input with a mask")
            outputs = twin(inputs, training=True)
        # A copy, because Keras hangs the logits on what comes out of a sigmoid or softmax, and
        # its losses would quietly take them instead of the probabilities.
        predictions = ops.copy(outputs)
        set_mask(predictions, mask_of(outputs))
        return loss(targets, predictions, sample_weight), outputs

    while True:
        variables = list(trained.values())
        (value, outputs), (grad_inputs, *grads) = gradients(loss_of_twin, [x], variables)
        if variables:
            optimizer.apply([ops.convert_to_tensor(grad) for grad in grads], variables)
        yield _by_name(
            outputs,
            value,
            grad_inputs,
            dict(zip(trained, grads, strict=True)),
            {name: value_of(variable) for name, variable in arrays.items()},
        )


def _by_name(outputs: Any, value: Any, grad_inputs: Any, grads: Any, arrays: Any) -> dict[str, Any]:
    indices = grad_inputs is None  # an Embedding comes first, and indices have no gradient
    return {
        "outputs": outputs,
        "loss": value,
        **({} if indices else {"gradient of inputs": grad_inputs}),
        **{f"gradient of {name}": grad for name, grad in grads.items()},
        **{f"{name} after the step": array for name, array in arrays.items()},
    }


def _without_dropout(model: Any) -> tuple[Any, bool]:
    """Return a copy of the model in which every dropout rate is zero, and if one was not."""
    model = copy.deepcopy(model)
    dropouts: list[Any] = [layer for layer in layers_in(model) if getattr(layer, "rate", 0)]
    for layer in dropouts:
        layer.rate = 0.0
    return model, bool(dropouts)


def refuse_disagreement(
    latest: list[Difference], so_far: list[Difference], tolerance: float
) -> None:
    """Raise if one of the latest differences is too large, or not a number."""
    wrong = [d for d in latest if not d.relative <= tolerance]
    if not wrong:
        return
    first, *others = wrong
    message = (
        f"dlcourse and Keras disagree on the {first.quantity}, in training step {first.step}: "
        f"{first.found:.9g} here, {first.expected:.9g} in Keras"
        + (f" at index {first.where}" if first.where else "")
        + f". Relative difference {first.relative:.1e}, at most {tolerance:.0e} allowed."
    )
    if others:
        message += f" Also wrong: {_listed(others)}."
    if right := [d for d in latest if d not in wrong]:
        message += f" Right: {_listed(right)}."
    gradient_of = {d.quantity.removeprefix("gradient of "): d for d in right}
    gradient = gradient_of.get(first.quantity.removesuffix(" after the step"))
    if gradient is not None and gradient.scale < NO_GRADIENT:
        message += (
            f" Its gradient is zero but for rounding, {gradient.scale:.0e} at most, as that of a "
            "bias before BatchNormalization is; an optimizer that divides by the size of the "
            "gradient makes steps of that. Leave it out (use_bias=False), or compare in float64."
        )
    raise Disagreement(message, so_far)


def _listed(differences: list[Difference], most: int = 6) -> str:
    """Name the quantities, but not all of a long list."""
    names = ", ".join(d.quantity for d in differences[:most])
    return names + (f" and {len(differences) - most} more" if len(differences) > most else "")
