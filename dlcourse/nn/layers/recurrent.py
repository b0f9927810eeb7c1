"""What the recurrent layers share: the order of the steps, checks at the door."""

from collections.abc import Sequence

from dlcourse.nn.contract import Array, Shape, check_shape


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
