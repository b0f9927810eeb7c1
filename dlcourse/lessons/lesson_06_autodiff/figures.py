"""Figures of lesson 06: what a gradient costs, and how far a nudge is off."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from dlcourse.figures.style import CYCLE, GREY, describe, label, new_figure

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
        f"Error against step, both on logarithmic axes. Each curve falls and rises again: "
        f"{'; '.join(told)}. The error of {name} is {error:.0e} and needs no step.",
    )
