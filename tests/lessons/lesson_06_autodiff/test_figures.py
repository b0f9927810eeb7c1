"""The figures of what a gradient costs and of how far a nudge is off say what they show."""

import pytest

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_06_autodiff.figures import difference_errors, gradient_cost


def test_cost():
    figure = gradient_cost([12, 4810], {"nudging": [299, 46017215], "reverse mode": [103, 47657]})
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.lines] == ["nudging", "reverse mode"]
    assert list(axes.lines[1].get_ydata()) == [103, 47657]
    assert "from 12 to 4,810 parameters" in figure.description
    assert "nudging 46,017,215; reverse mode 47,657" in figure.description
    assert to_png(figure).startswith(b"\x89PNG")


def test_errors():
    figure = difference_errors(
        [0.1, 0.01, 0.001], {"two-sided": [1e-2, 1e-4, 1e-3]}, ("Value", 0.0)
    )
    assert "two-sided is best at a step of 1e-02, with an error of 1e-04" in figure.description
    assert "The error of Value is 0e+00" in figure.description
    curve, line = figure.axes[0].lines
    assert list(curve.get_ydata()) == pytest.approx([1e-2, 1e-4, 1e-3])
    assert line.get_ydata()[0] == 1e-17  # zero has no place on a logarithmic axis
    assert to_png(figure).startswith(b"\x89PNG")
