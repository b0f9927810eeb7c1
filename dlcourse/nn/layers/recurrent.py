"""What the recurrent layers share: states, masks, the order of the steps, checks at the door.

A mask says which steps count: True for a step of the sequence, False for padding. A step that does
not count is skipped: the state goes on to the next step as it is, and so does its gradient on the
way back. The output of a skipped step is that of the step before it, and zero if there was none.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Array, Cache, Layer, Mask, Params, Shape, check_shape


class Recurrent(Layer):
    """What every recurrent layer has besides: a state that goes in and comes out, and a mask.

    A state is h, the hidden state, or for an LSTM the pair h and c; each of shape (batch, units).
    """

    return_sequences: bool
    go_backwards: bool

    @abstractmethod
    def forward(
        self,
        inputs: Array,
        *,
        training: bool = False,
        initial_state: Any = None,
        mask: Mask | None = None,
    ) -> tuple[Array, Cache]:
        """Run the sequence step by step.

        Parameters
        ----------
        inputs, training
            As for every layer.
        initial_state : state, optional
            Before the first step; zero if not given.
        mask : array of bool, shape (batch, time), optional
            False where a step is padding, to be skipped.

        Returns
        -------
        outputs, cache
            The cache has the state after the last step as its `final_state`.

        Raises
        ------
        ValueError
            If an array has another shape, or there is no row or no step.
        """

    def backward(
        self, grad_outputs: Array, cache: Cache, *, input_grad: bool = True
    ) -> tuple[Array | None, Params]:
        grad_inputs, grads, _ = self.backward_with_state(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, grads

    @abstractmethod
    def backward_with_state(
        self,
        grad_outputs: Array,
        cache: Any,
        *,
        input_grad: bool = True,
        grad_final_state: Any = None,
    ) -> tuple[Array | None, Params, Any]:
        """Do what `backward` does, with the gradients of the states in and out.

        A decoder returns the gradient of its initial state, which is the gradient of the
        final state of its encoder.

        Parameters
        ----------
        grad_outputs, cache, input_grad
            As for `backward`.
        grad_final_state : state, optional
            Gradient of ``cache.final_state``, besides what comes through the outputs.

        Returns
        -------
        grad_inputs, grads
            As from `backward`.
        grad_initial_state : state
            Gradient of the state before the first step.

        Raises
        ------
        ValueError
            If a gradient has not the shape of what it belongs to.
        """

    def compute_mask(self, inputs: Array, mask: Mask | None, cache: Cache) -> Mask | None:
        return mask if self.return_sequences else None


def in_step_order(sequences: Array, go_backwards: bool) -> Array:
    """Put time first, so that entry t is what step t reads; from the end if `go_backwards`.

    Parameters
    ----------
    sequences : Array, shape (batch, time, ...)
    go_backwards : bool

    Returns
    -------
    steps : Array, shape (time, batch, ...)
        A view: what is written here is written there.
    """
    steps = sequences.swapaxes(0, 1)
    return steps[::-1] if go_backwards else steps


def skipped_steps(name: str, mask: Mask | None, inputs: Array, go_backwards: bool) -> Mask | None:
    """Return which steps a mask skips, in step order, or None if it skips none.

    Parameters
    ----------
    name : str
        Of the layer, for the message.
    mask : array of bool, shape (batch, time), or None
    inputs : Array, shape (batch, time, in_features)
    go_backwards : bool

    Returns
    -------
    skip : array of bool, shape (time, batch, 1), or None

    Raises
    ------
    ValueError
        If the mask has another shape.
    """
    if mask is None:
        return None
    check_shape(f"{name} mask", mask, inputs.shape[:2])
    steps: NDArray[Any] = in_step_order(mask.astype(bool), go_backwards)[..., np.newaxis]
    return None if steps.all() else ~steps


def has_begun(skip: Mask) -> Mask:
    """Return where a row has had a step that counts; before it, outputs are zero.

    Examples
    --------
    >>> has_begun(np.array([True, False, True]).reshape(3, 1, 1)).ravel()
    array([False,  True,  True])
    """
    begun: Mask = np.cumsum(~skip, axis=0) > 0
    return begun


def outputs_of(hidden: Array, skip: Mask | None, *, return_sequences: bool) -> Array:
    """Return what a layer puts out, from the states after each step, time first."""
    shown = hidden if skip is None else hidden * has_begun(skip)
    return shown.swapaxes(0, 1) if return_sequences else shown[-1]


def grad_of_states(grad_outputs: Array, skip: Mask | None, *, return_sequences: bool) -> Array:
    """Return the gradient that enters at the states: none where outputs were set to zero."""
    if skip is None:
        return grad_outputs
    begun = has_begun(skip)
    return grad_outputs * (begun.swapaxes(0, 1) if return_sequences else begun[-1])


def check_units(layer: str, units: int) -> None:
    """Refuse a layer without units.

    Raises
    ------
    ValueError
        If `units` is less than one.
    """
    if units < 1:
        raise ValueError(f"{layer} needs at least one unit, got units={units}")


def check_input_shape(layer: str, input_shape: Shape) -> None:
    """Refuse to build for anything but (time, in_features).

    Raises
    ------
    ValueError
        If there are more or fewer than two axes.
    """
    if len(input_shape) != 2:
        raise ValueError(
            f"{layer} reads sequences, (time, in_features) without the batch axis, got shape "
            f"{tuple(input_shape)}; a recurrent layer before it needs return_sequences=True"
        )


def check_sequences(name: str, inputs: Array, in_features: int) -> None:
    """Refuse anything but (batch, time, in_features) with at least one row and one step.

    Raises
    ------
    ValueError
        If there is another number of axes or of features, no row or no step.
    """
    check_shape(name, inputs, ("batch", "time", in_features))
    if 0 in inputs.shape:
        raise ValueError(f"{name} need at least one row and one time step, got {inputs.shape}")


def check_states(name: str, states: Sequence[Array], letters: str, shape: tuple[int, int]) -> None:
    """Refuse anything but one array of this shape for each letter.

    Raises
    ------
    ValueError
        If there are more or fewer arrays, or one has another shape.

    Examples
    --------
    >>> check_states("LSTM initial_state", [1.0], "hc", (2, 4))
    Traceback (most recent call last):
        ...
    ValueError: LSTM initial_state must be [h, c], each of shape (2, 4), got 1 array
    """
    if len(states) != len(letters):
        raise ValueError(
            f"{name} must be [{', '.join(letters)}], each of shape {shape}, "
            f"got {len(states)} array{'s' * (len(states) != 1)}"
        )
    for letter, state in zip(letters, states, strict=True):
        check_shape(f"{letter} of {name}", state, shape)
