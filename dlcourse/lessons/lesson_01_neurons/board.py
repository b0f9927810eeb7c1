"""Lesson 01's board: a logistic neuron of two inputs, all of whose numbers can be moved."""

import ipywidgets
import numpy as np

from dlcourse.figures import label, new_figure
from dlcourse.lessons.lesson_01_neurons.figures import draw_response
from dlcourse.nn.activations import get_activation
from dlcourse.widgets.live_figure import Board, interactive

LIMIT = 10.0  # x1 is drawn from -LIMIT to LIMIT


def logistic_board(
    w1: float = 1.0, x1: float = 2.0, w2: float = 0.0, x2: float = 3.0, b: float = 4.0
) -> Board:
    """Return a board on which a learner moves weights, inputs and bias of a logistic neuron.

    It draws the output against x1. Seen from x1, the second input is part of the bias: the
    output is one half where x1 = -(w2 x2 + b) / w1.

    Parameters
    ----------
    w1, x1, w2, x2, b : float
        Where the sliders stand at first.

    Returns
    -------
    Board

    Examples
    --------
    >>> logistic_board()
    Interactive board: a logistic neuron (run this notebook to use it)
    """
    figure, axes = new_figure(size=(6.0, 3.4))

    def update(w1: float, x1: float, w2: float, x2: float, b: float) -> str:
        axes.clear()
        axes.set_xlim(-LIMIT, LIMIT)
        sentence = draw_response(axes, w1, w2 * x2 + b, x1)
        label(axes, "$x_1$", "output", arithmetic(w1, x1, w2, x2, b))
        return f"Output of a logistic neuron against x1. {sentence}"

    return interactive(
        figure,
        update,
        "a logistic neuron",
        w1=_slider("w1", w1, 5.0),
        x1=_slider("x1", x1, LIMIT),
        w2=_slider("w2", w2, 5.0),
        x2=_slider("x2", x2, LIMIT),
        b=_slider("b", b, LIMIT),
    )


def arithmetic(w1: float, x1: float, w2: float, x2: float, b: float) -> str:
    """Write out how the output comes about.

    Examples
    --------
    >>> arithmetic(0.0, 2.0, 1.0, 3.0, -4.0)
    'z = 0 * 2 + 1 * 3 - 4 = -1,   output 0.2689'
    """
    z = w1 * x1 + w2 * x2 + b
    output = float(get_activation("sigmoid")[0](np.array(z)))
    terms = f"{w1:g} * {x1:g} {'-' if w2 < 0 else '+'} {abs(w2):g} * {x2:g}"
    bias = f"{'-' if b < 0 else '+'} {abs(b):g}"
    return f"z = {terms} {bias} = {z:.4g},   output {output:.4f}"


def _slider(name: str, value: float, limit: float) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value=value, min=-limit, max=limit, step=0.25, description=name, readout_format=".2f"
    )
