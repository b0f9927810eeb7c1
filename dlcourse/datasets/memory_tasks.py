"""Small tasks that take a memory, drawn afresh for every batch.

Every task but the last returns x, shape (batch, time, features), and the targets y.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rng = np.random.Generator

# From each of eight states (columns), where each of three buttons (rows) leads.
BUTTONS = np.random.default_rng(8).permuted(np.tile(np.arange(8), (3, 1)), axis=1)


def signs(rng: Rng, *shape: int) -> Floats:
    """Draw -1 and +1, each as often as the other."""
    return rng.choice([-1, 1], shape).astype(np.float32)


def remember_first(rng: Rng, batch: int, time: int) -> tuple[Floats, Floats]:
    """Draw noise whose first number is moved by +1 or -1, and ask by which.

    Returns
    -------
    x : array, shape (batch, time, 1)
        Normal noise of standard deviation 0.3.
    y : array, shape (batch, 1)
        +1 or -1.

    Examples
    --------
    >>> x, y = remember_first(np.random.default_rng(0), 1000, time=5)
    >>> x[:, :2].std(axis=0).ravel().round(1)
    array([1. , 0.3], dtype=float32)
    """
    x = rng.normal(scale=0.3, size=(batch, time, 1)).astype(np.float32)
    y = signs(rng, batch, 1)
    x[:, 0] += y
    return x, y


def equal_neighbours(rng: Rng, batch: int, time: int = 12) -> tuple[Floats, Floats]:
    """Draw random bits, and ask whether those two steps before and two steps after are equal.

    Returns
    -------
    x : array, shape (batch, time, 1)
        -1 or +1.
    y : array, shape (batch, time, 1)
        +1 for equal, -1 for different, 0 where one of the two bits does not exist.

    Examples
    --------
    >>> x, y = equal_neighbours(np.random.default_rng(0), 1, time=6)
    >>> x.ravel(), y.ravel()
    (array([ 1.,  1.,  1., -1., -1., -1.], dtype=float32), array([ 0.,  0., -1., -1.,  0.,  0.], \
dtype=float32))
    """
    x = signs(rng, batch, time, 1)
    y = np.zeros_like(x)
    y[:, 2:-2] = x[:, :-4] * x[:, 4:]
    return x, y


def button_machine(rng: Rng, batch: int, time: int = 8) -> tuple[Floats, NDArray[np.int64]]:
    """Press random buttons of a machine that starts in state 0, and ask for its state.

    A button moves each of eight states to another one, by the table `BUTTONS`.

    Returns
    -------
    x : array, shape (batch, time, 3)
        The button of each step, one-hot.
    y : array of int, shape (batch, time)
        The state after each step, 0 to 7.

    Examples
    --------
    >>> x, y = button_machine(np.random.default_rng(0), 1, time=3)
    >>> x.argmax(axis=2), y
    (array([[2, 1, 1]]), array([[2, 6, 1]]))
    """
    pressed = rng.integers(len(BUTTONS), size=(batch, time))
    states, state = np.empty((batch, time), np.int64), np.zeros(batch, np.int64)
    for t in range(time):
        states[:, t] = state = BUTTONS[pressed[:, t], state]
    return np.eye(len(BUTTONS), dtype=np.float32)[pressed], states


def temporal_xor(rng: Rng, triples: int) -> Floats:
    """Draw Elman's stream of bits: two random ones and their XOR, again and again [1]_.

    Returns
    -------
    stream : array, shape (3 * triples,)

    References
    ----------
    .. [1] J. Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990.

    Examples
    --------
    >>> temporal_xor(np.random.default_rng(0), 3)
    array([1., 1., 0., 1., 0., 1., 0., 0., 0.], dtype=float32)
    """
    pairs = rng.integers(0, 2, (triples, 2))
    stream = np.column_stack([pairs, pairs[:, 0] ^ pairs[:, 1]]).ravel()
    return stream.astype(np.float32)
