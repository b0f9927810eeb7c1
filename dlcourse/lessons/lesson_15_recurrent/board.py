"""Lesson 15's board: what the spectral radius, the norm and the slopes do to a long product."""

import ipywidgets

from dlcourse.lessons.lesson_15_recurrent.figures import JacobianPicture
from dlcourse.widgets.live_figure import Board, interactive


def jacobian_board() -> Board:
    """Make three sliders and the norm of a product of Jacobians that follows them.

    Returns
    -------
    Board
        Spectral radius and non-normality of the recurrent matrix, and the slope of tanh, which
        stands for 1 - h^2 of every unit and every step.

    Examples
    --------
    >>> jacobian_board()
    Interactive board: the norm of a product of Jacobians (run this notebook to use it)
    """
    picture = JacobianPicture()
    return interactive(
        picture.figure,
        picture.draw,
        "the norm of a product of Jacobians",
        radius=_slider("spectral radius", 0.8, 0.5, 1.3, 0.05),
        non_normality=_slider("non-normality", 0.0, 0.0, 3.0, 0.25),
        slope=_slider("slope of tanh", 1.0, 0.5, 1.0, 0.05),
    )


def _slider(name: str, value: float, low: float, high: float, step: float) -> ipywidgets.Widget:
    return ipywidgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=name,
        style={"description_width": "9em"},
        layout=ipywidgets.Layout(width="28em"),
    )
