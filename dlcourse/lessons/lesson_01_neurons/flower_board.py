"""Lesson 01's second board: one neuron, its weight and bias chosen by hand on real flowers."""

import ipywidgets
import numpy as np

from dlcourse import datasets
from dlcourse.figures import new_figure
from dlcourse.lessons.lesson_01_neurons.figures import draw_probability
from dlcourse.nn.contract import Array
from dlcourse.widgets.live_figure import Board, interactive

SPECIES = ("versicolor", "virginica")


def petals() -> tuple[Array, Array]:
    """Return lengths of petals of two kinds of iris, and which kind each is.

    Returns
    -------
    lengths : Array, shape (100,)
        In centimetres.
    virginica : Array, shape (100,)
        1 for virginica, 0 for versicolor.

    Examples
    --------
    >>> lengths, virginica = petals()
    >>> float(lengths[0].round(1)), int(virginica[0]), int(virginica.sum())
    (4.7, 0, 50)
    """
    iris = datasets.iris()
    chosen = iris.y > 0
    lengths = iris.x[chosen][:, 2].astype(np.float64).round(1)
    return lengths, (iris.y[chosen] == 2).astype(int)


def flower_board(w: float = 1.0, b: float = -3.0) -> Board:
    """Return a board on which a learner looks for the weight and the bias that get most right.

    Parameters
    ----------
    w, b : float
        Where the sliders stand at first: per centimetre, and a number.

    Returns
    -------
    Board

    Examples
    --------
    >>> flower_board()
    Interactive board: one neuron and a hundred flowers (run this notebook to use it)
    """
    figure, axes = new_figure(size=(6.4, 3.4))
    lengths, virginica = petals()

    def update(w: float, b: float) -> str:
        axes.clear()
        right = int(np.sum((w * lengths + b >= 0) == virginica))
        sentence = draw_probability(axes, lengths, virginica, w, b, SPECIES, "petal length (cm)")
        axes.set_title(f"right: {right} of {len(lengths)}", loc="left")
        return f"{sentence} It gets {right} of {len(lengths)} right."

    return interactive(
        figure,
        update,
        "one neuron and a hundred flowers",
        w=ipywidgets.FloatSlider(value=w, min=-10, max=10, step=0.25, description="w"),
        b=ipywidgets.FloatSlider(value=b, min=-50, max=50, step=0.25, description="b"),
    )
