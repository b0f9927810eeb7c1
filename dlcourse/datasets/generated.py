"""Small sets made by a formula, for lessons that need to see every example."""

import numpy as np
from numpy.typing import NDArray

Points = tuple[NDArray[np.float64], NDArray[np.int64]]

# Outputs for the inputs 00, 01, 10, 11.
GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
    "XNOR": (1, 0, 0, 1),
}


def logic_gates(name: str) -> Points:
    """Return the truth table of a logic gate with two inputs.

    Parameters
    ----------
    name : str
        AND, OR, NAND, NOR, XOR or XNOR.

    Returns
    -------
    x : array of float, shape (4, 2)
        The inputs 00, 01, 10, 11.
    y : array of int, shape (4,)
        +1 where the gate gives 1, else -1.

    Raises
    ------
    ValueError
        If there is no such gate.

    Examples
    --------
    >>> logic_gates("AND")[1]
    array([-1, -1, -1,  1])
    """
    if name.upper() not in GATES:
        raise ValueError(f"unknown gate {name!r}; known are {', '.join(GATES)}")
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, 2 * np.array(GATES[name.upper()]) - 1


def xor(n: int, rng: np.random.Generator, noise: float = 0.1) -> Points:
    """Return noisy copies of the four XOR examples, equally many of each, in turn.

    Parameters
    ----------
    n : int
        Number of points.
    rng : numpy.random.Generator
        Source of the noise.
    noise : float
        Standard deviation of each coordinate.

    Returns
    -------
    x : array of float, shape (n, 2)
    y : array of int, shape (n,)
        0 or 1.
    """
    corners, labels = logic_gates("XOR")
    index = np.arange(n) % 4
    return corners[index] + noise * rng.standard_normal((n, 2)), (labels[index] + 1) // 2


def moons(n: int, rng: np.random.Generator, noise: float = 0.1) -> Points:
    """Return two interleaved half circles of radius 1; arguments and results as `xor`."""
    label = np.arange(n) % 2
    angle = np.pi * rng.random(n)
    x = np.column_stack([np.cos(angle), np.sin(angle)])
    x[label == 1] = [1.0, 0.5] - x[label == 1]
    return x + noise * rng.standard_normal((n, 2)), label


def circles(n: int, rng: np.random.Generator, noise: float = 0.1) -> Points:
    """Return two circles about one centre, of radius 1 and 1/2; arguments and results as `xor`."""
    label = np.arange(n) % 2
    angle = 2 * np.pi * rng.random(n)
    radius = np.where(label == 0, 1.0, 0.5)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return x + noise * rng.standard_normal((n, 2)), label


def spiral(n: int, rng: np.random.Generator, classes: int = 3, noise: float = 0.05) -> Points:
    """Return the arms of a spiral that starts at the origin and ends at radius 1.

    Parameters
    ----------
    n : int
        Number of points.
    rng : numpy.random.Generator
        Source of the noise.
    classes : int
        Number of arms.
    noise : float
        Standard deviation of each coordinate.

    Returns
    -------
    x : array of float, shape (n, 2)
    y : array of int, shape (n,)
        The arm, 0 to classes - 1.
    """
    label = np.arange(n) % classes
    radius = rng.random(n)
    angle = 4 * radius + 2 * np.pi * label / classes
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return x + noise * rng.standard_normal((n, 2)), label
