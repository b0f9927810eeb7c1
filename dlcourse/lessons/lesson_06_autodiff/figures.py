"""Figures and tables of lesson 06: what a gradient costs, how far a nudge is off, lesson 05."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dlcourse.figures.style import CYCLE, GREY, describe, label, new_figure
from dlcourse.nn.contract import Array
from dlcourse.tables import Table

MARKERS = "osD^"
SMALLEST = 1e-17  # an error of exactly zero is drawn here


def gradient_cost(parameters: Sequence[int], operations: Mapping[str, Sequence[int]]) -> Figure:
    """Draw how the cost of a whole gradient grows with the number of parameters.

    Parameters
    ----------
    parameters : sequence of int
        How many numbers each network is differentiated for.
    operations : mapping of str to sequence of int
        What each way of getting the gradient costs, one number per network.

    Returns
    -------
    Figure
    """
    figure, axes = new_figure(size=(6.4, 3.8))
    for (name, counts), colour, marker in zip(operations.items(), CYCLE, MARKERS, strict=False):
        axes.loglog(parameters, counts, marker=marker, color=colour, label=name)
    axes.legend(frameon=False, fontsize=9)
    label(axes, "parameters", "operations", "What a whole gradient costs")
    ends = "; ".join(f"{name} {counts[-1]:,}" for name, counts in operations.items())
    return describe(
        figure,
        f"Operations against parameters, both on logarithmic axes, from {parameters[0]} to "
        f"{parameters[-1]:,} parameters. For the largest network: {ends}.",
    )


def difference_errors(
    steps: ArrayLike, errors: Mapping[str, ArrayLike], exact: tuple[str, float]
) -> Figure:
    """Draw the error of difference quotients against their step, and the one without a step.

    Parameters
    ----------
    steps : array_like, shape (steps,)
    errors : mapping of str to array_like, shape (steps,)
        Absolute errors of each quotient.
    exact : tuple of str and float
        Name and error of the method that needs no step.

    Returns
    -------
    Figure
    """
    figure, axes = new_figure(size=(6.4, 3.8))
    h = np.asarray(steps)
    told = []
    for (name, values), colour, marker in zip(errors.items(), CYCLE, MARKERS, strict=False):
        values = np.asarray(values)
        axes.loglog(h, np.maximum(values, SMALLEST), marker=marker, ms=4, color=colour, label=name)
        best = int(values.argmin())
        told.append(
            f"{name} is best at a step of {h[best]:.0e}, with an error of {values[best]:.0e}"
        )
    name, error = exact
    axes.axhline(max(error, SMALLEST), color=GREY, ls="--", label=f"{name}: {error:.0e}")
    axes.legend(frameon=False, fontsize=9)
    label(axes, "step", "error of the derivative", "Large steps are wrong, small ones noisy")
    return describe(
        figure,
        f"Error against step, both on logarithmic axes. The error falls and rises again: "
        f"{'; '.join(told)}. The error of {name} is {error:.0e} and needs no step.",
    )


def beside_paper(ours: Sequence[float], by_layers: Sequence[Array]) -> Table:
    """Show ten derivatives of lesson 05's network beside those of the four equations.

    Parameters
    ----------
    ours : sequence of float
        For w1 to w8, b1 and b2.
    by_layers : sequence of array
        The same as arrays: first W, first b, second W, second b; a bias for each unit.

    Returns
    -------
    Table
    """
    first, low, second, high = by_layers
    paper = [*first.ravel(), *second.T.ravel(), low.sum(), high.sum()]
    names = [*(f"w{k}" for k in range(1, 9)), "b1", "b2"]
    rows = [
        [name, f"{mine:.7f}", f"{by_hand:.7f}"]
        for name, mine, by_hand in zip(names, ours, paper, strict=True)
    ]
    return Table(["derivative for", "our Value", "the four equations of lesson 05"], rows)
