"""Figures of lesson 10: fits and their errors, widths, epochs, choosing, double descent."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlcourse.figures.style import (
    BLACK,
    BLUE,
    CYCLE,
    GREY,
    ORANGE,
    describe,
    label,
    new_figure,
)
from dlcourse.lessons.lesson_10_generalization import experiments, polynomials
from dlcourse.lessons.lesson_10_generalization.polynomials import Points
from dlcourse.nn.contract import Array

STYLES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D")
TRAIN, TEST = (BLUE, "-", "o"), (ORANGE, "--", "s")  # colour, line, mark of both errors


def fits(points: Points, degrees: Sequence[int]) -> Figure:
    """Draw polynomials through the points, a panel for each degree."""
    figure, panels = new_figure(1, len(degrees), size=(2.2, 2.8), sharey=True)
    places, told = np.linspace(-1, 1, 601), []
    for axes, degree in zip(panels, degrees, strict=True):
        weights = polynomials.fit(points, degree)
        axes.plot(places, polynomials.truth(places), color=GREY, ls="--", lw=1.4, label="the curve")
        axes.plot(
            places,
            polynomials.columns(places, degree) @ weights,
            color=ORANGE,
            lw=1.8,
            label="the fit",
        )
        axes.plot(*points, "o", color=BLUE, ms=5, label="the points")
        axes.set(xlim=(-1.05, 1.05), ylim=(-2.2, 2.2))
        label(axes, "x", "y" if axes is panels[0] else "", f"degree {degree}")
        train, test = polynomials.errors(points, degree)
        told.append(f"degree {degree}: error {train:.2g} on the points, {test:.2g} on the curve")
    panels[0].legend(fontsize=9, loc="lower right")
    return describe(
        figure,
        f"{len(points.x)} noisy points of one wave, and polynomials through them. "
        f"{'; '.join(told)}.",
    )


def _band(
    axes: Axes, x: Sequence[float], runs: Array, look: tuple[str, str, str], name: str
) -> Array:
    """Draw the median of some runs, shape (runs, x), between the lowest and the highest."""
    color, style, mark = look
    middle: Array = np.median(runs, axis=0)
    axes.plot(x, middle, color=color, ls=style, marker=mark, ms=4, lw=1.8, label=name)
    axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.18)
    return middle


def two_errors(
    x: Sequence[float],
    train: Sequence[Sequence[float]],
    test: Sequence[Sequence[float]],
    along: str,
    unit: str,
    title: str = "",
    *,
    log_x: bool = False,
    log_y: bool = False,
    rule: tuple[float, float] | None = None,
) -> Figure:
    """Draw the error on known and on new examples over a setting; bands hold all runs.

    Parameters
    ----------
    x : sequence of float
    train, test : sequence of sequences
        One per run, as long as x.
    along, unit : str
        What x is; what the errors are.
    title : str
    log_x, log_y : bool
    rule : (float, float), optional
        A range of x that a rule of thumb recommends, shaded.
    """
    figure, axes = new_figure(size=(6.4, 3.7))
    known = _band(axes, x, np.array(train, float), TRAIN, "on the training set")
    new = _band(axes, x, np.array(test, float), TEST, "on new examples")
    if log_x:
        axes.set_xscale("log", base=2)
        axes.set_xticks(list(x), [f"{value:g}" for value in x])
    if log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    if rule:
        axes.axvspan(*rule, color=GREY, alpha=0.2, label="the rule of thumb")
    label(axes, along, unit, title)
    axes.legend()
    best = int(np.argmin(new))
    return describe(
        figure,
        f"Errors over {along}. On the training set from {known[0]:.2g} to {known[-1]:.2g}; on new "
        f"examples from {new[0]:.2g} to {new[-1]:.2g}, lowest at {x[best]:g} with {new[best]:.2g}.",
    )


def choosing(tried: Sequence[int], score: Sequence[float], fresh: Sequence[float]) -> Figure:
    """Draw what the chosen network scores, and what it is worth, over how many were tried."""
    figure, axes = new_figure(size=(6.4, 3.6))
    axes.plot(tried, fresh, color=ORANGE, ls="--", lw=2, label="its error on fresh digits")
    axes.plot(tried, score, color=BLUE, lw=2, label="its error on the 100 it was chosen by")
    axes.fill_between(tried, score, fresh, color=GREY, alpha=0.25)
    axes.set_ylim(bottom=0)
    label(axes, "networks tried", "errors (%)", "Choose the best of so many")
    axes.legend()
    return describe(
        figure,
        f"With one network tried both errors are {score[0]:.1f} %. With {tried[-1]}, the best "
        f"scores {score[-1]:.1f} % on what it was chosen by, {fresh[-1]:.1f} % on fresh digits.",
    )


def epochs(
    loss: Mapping[str, Sequence[float]], errors: Mapping[str, Sequence[float]], best: int
) -> Figure:
    """Draw losses and errors over the epochs, with a line at the best epoch, counted from 0."""
    figure, panels = new_figure(1, 2, size=(4.2, 3.3))
    told = []
    for axes, curves, unit in zip(
        panels, (loss, errors), ("loss (nats per digit)", "errors (%)"), strict=True
    ):
        for (name, values), (color, style) in zip(
            curves.items(), ((BLUE, "-"), (ORANGE, "--"), (CYCLE[2], "-.")), strict=False
        ):
            axes.plot(range(1, len(values) + 1), values, color=color, ls=style, lw=2, label=name)
            told.append(f"{name} ends at {values[-1]:.2g}")
        axes.axvline(best + 1, color=BLACK, lw=1, ls=":", label="lowest validation loss")
        axes.set_ylim(bottom=0)
        label(axes, "epoch", unit)
        axes.legend(fontsize=9)
    return describe(
        figure,
        f"Losses and errors over the epochs; the validation loss is lowest after epoch {best + 1}. "
        f"{'; '.join(told)}.",
    )


def descent(widths: Sequence[int], runs: Mapping[str, Array], n: int) -> Figure:
    """Draw errors and lengths of weights over the number of features.

    Parameters
    ----------
    widths : sequence of int
    runs : dict of arrays, shape (runs, widths, 2)
        Under the name of each method: error in percent, and length of the weights.
    n : int
        Training examples: where there is a weight for each.
    """
    figure, panels = new_figure(1, 2, size=(4.3, 3.5))
    told = []
    units = ("errors on new digits (%)", "length of the weights")
    for which, (axes, unit) in enumerate(zip(panels, units, strict=True)):
        for number, (name, found) in enumerate(runs.items()):
            look = (CYCLE[number], STYLES[number], MARKS[number])
            middle = _band(axes, widths, found[:, :, which], look, name)
            peak = int(np.argmax(middle))
            told.append(f"{name}: largest {unit} {middle[peak]:.3g}, at {widths[peak]} features")
        axes.axvline(n, color=BLACK, lw=1, ls=":", label=f"as many as digits, {n}")
        axes.set_xscale("log")
        ticks = [25, 50, 100, 200, 400, 1000, 4000]
        axes.set_xticks(ticks, [str(tick) for tick in ticks], fontsize=9)
        axes.minorticks_off()
        label(axes, "features (log scale)", unit)
        axes.legend(fontsize=9)
    panels[0].set_ylim(0, 100)
    panels[1].set_yscale("log")
    return describe(
        figure,
        f"Errors and lengths of the weights over the number of random features; {n} digits to "
        f"learn from. {'; '.join(told)}.",
    )


def shifts(image: Array, seed: int) -> Figure:
    """Draw one framed digit as it is, and four random shifts of it.

    Parameters
    ----------
    image : array, shape (1, 64)
    seed : int
    """
    rng, frame = np.random.default_rng(seed), experiments.framed(image)
    figure, panels = new_figure(1, 5, size=(1.3, 1.6))
    seen = [frame, *(experiments.shifted(frame, rng) for _ in range(4))]
    for axes, digit, title in zip(panels, seen, ["as it is", *["shifted"] * 4], strict=True):
        axes.imshow(digit.reshape(10, 10), cmap="Greys")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
        axes.set_title(title, fontsize=9)
    return describe(
        figure,
        "A digit in a frame of 10 x 10 pixels, and four times the same digit, shifted by up to a "
        "pixel.",
    )
