"""Two published calculations, as their authors print them, and the program that agrees with one.

Lamsal's example is the network of the lesson [1]_; Mazur's is that of the exercise [2]_.

References
----------
.. [1] R. Lamsal, "A step by step forward pass and backpropagation example", The Neural Blog, 2021.
   https://theneuralblog.com/forward-pass-backpropagation-example/
.. [2] M. Mazur, "A step by step backpropagation example", 2015.
   https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.tables import Table

Floats = NDArray[np.floating[Any]]

# Lecture slides that use the same example, five decimals, forward.
SLIDES = {
    "z_h1": "0.41",
    "a_h1": "0.60108",
    "z_h2": "0.47",
    "a_h2": "0.61538",
    "z_o1": "1.01977",
    "y_hat1": "0.73492",
    "z_o2": "1.26306",
    "y_hat2": "0.77955",
    "E1": "0.23456",
    "E2": "0.01452",
    "E": "0.24908",
}
# Lamsal's weights after one step with a learning rate of 0.6, the biases left alone.
LAMSAL = {
    "w1": "0.09933",
    "w2": "0.19919",
    "w3": "0.29667",
    "w4": "0.39597",
    "w5": "0.45187",
    "w6": "0.55073",
    "w7": "0.71056",
    "w8": "0.81081",
}
# Mazur's errors before and after one step, and the outputs after 10,000.
MAZUR = ("0.298371109", "0.291027924", "0.015912196, 0.984065734")

_START = np.array([[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]])  # row per unit
_X, _Y = np.array([0.05, 0.10]), np.array([0.01, 0.99])


def mazur_step(weights: Floats, outputs_first: bool) -> tuple[Floats, float, Floats]:
    """Take one step of size 0.5 on Mazur's network, its biases left alone.

    Parameters
    ----------
    weights : array, shape (2, 2, 2)
        Of both layers, one row per unit.
    outputs_first : bool
        Whether the deltas go back through output weights that have moved already. They should
        not: the gradient belongs to one point.

    Returns
    -------
    weights : array, shape (2, 2, 2)
        The new ones.
    error : float
        Before the step.
    outputs : array, shape (2,)
        Before the step.
    """
    first, second = weights
    hidden = 1 / (1 + np.exp(-(first @ _X + 0.35)))
    outputs = 1 / (1 + np.exp(-(second @ hidden + 0.60)))
    delta_o = (outputs - _Y) * outputs * (1 - outputs)
    new_second = second - 0.5 * np.outer(delta_o, hidden)
    delta_h = delta_o @ (new_second if outputs_first else second) * hidden * (1 - hidden)
    new_first = first - 0.5 * np.outer(delta_h, _X)
    return np.array([new_first, new_second]), float(np.sum((outputs - _Y) ** 2) / 2), outputs


def mazur_table() -> Table:
    """Set Mazur's printed numbers beside those of both orders of the update.

    Examples
    --------
    >>> [row[3] == row[1] for row in mazur_table().rows]
    [True, True, True]
    """
    measured = []
    for outputs_first in (False, True):
        weights, seen = _START, []
        for _ in range(10_001):
            weights, error, outputs = mazur_step(weights, outputs_first)
            seen.append(error)
        last = ", ".join(f"{output:.9f}" for output in outputs)
        measured.append([f"{seen[0]:.9f}", f"{seen[1]:.9f}", last])
    names = ["E before", "E after one step", "outputs after 10,000 steps"]
    columns = zip(names, MAZUR, *measured, strict=True)
    heads = ["Mazur", "printed", "measured", "measured, output weights moved first"]
    return Table(heads, columns)
