import numpy as np

from dlcourse.figures.style import Picture
from dlcourse.lessons.lesson_04_losses import figures


def test_the_areas_add_up_to_the_entropies():
    p, q = np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5])
    figure = figures.areas_figure(p, q, "ABC")
    areas = [sum(r.get_width() * r.get_height() for r in axes.patches) for axes in figure.axes]
    np.testing.assert_allclose(areas, [1.5, 1.75, 0.25])
    assert "area 0.25, the divergence" in figure.description


def test_where_q_pays_less_the_rectangle_hangs_below_the_line():
    figure = figures.areas_figure(np.array([0.75, 0.25]), np.array([0.5, 0.5]), "AB")
    dearer, cheaper = figure.axes[2].patches
    assert dearer.get_height() > 0 > cheaper.get_height()
    lowest, highest = figure.axes[2].get_ylim()
    assert lowest < cheaper.get_height() < dearer.get_height() < highest


def test_the_forecasts_are_drawn_and_told():
    rained, said = np.array([1, 0]), np.array([0.75, 0.5])
    figure = figures.forecast_figure(rained, {"somebody": said})
    (axes,) = figure.axes
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), said)
    assert "100%" in axes.get_title(loc="left")
    assert "somebody said 0.75, 0.5" in figure.description


def test_the_other_figures_tell_their_numbers():
    walks = {"half squared error": np.array([0.9, 0.5, 0.05]), "cross-entropy": np.array([0.9, 0])}
    told = figures.saturation_figure(walks).description
    assert "half squared error after 2 steps" in told
    told = figures.letters_figure([4, 3], [4.5, 3.5], [4.03], (0.6, 1.3)).description
    assert "paid on text that was not counted: 4.50, 3.50" in told
    assert "100 letters in view: 0.6 to 1.3" in told
    told = figures.smoothing_figure({0: [0.1, 0.3], 0.1: [0.5, 0.5]}).description
    assert "0.200 at 0, 0.500 at 0.1" in told
    assert Picture(figures.surprise_figure()).png
