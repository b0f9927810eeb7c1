import ipywidgets
import pytest

from dlcourse.figures import new_figure
from dlcourse.widgets import LiveFigure, interactive


@pytest.fixture
def line():
    figure, axes = new_figure()
    return figure, axes.plot([0, 1], [0, 1])[0]


def test_a_control_that_moves_redraws_the_picture(line):
    figure, artist = line
    slope = ipywidgets.FloatSlider(value=1.0, min=-2.0, max=2.0)
    board = interactive(figure, lambda slope: artist.set_ydata([0, slope]), "a line", slope=slope)
    picture = board.children[-1]
    before = picture.png
    slope.value = 2.0
    assert artist.get_ydata()[1] == 2.0
    assert picture.png != before
    assert picture.png.startswith(b"\x89PNG")


def test_a_control_without_a_label_is_given_its_name(line):
    figure, _ = line
    control = ipywidgets.FloatSlider()
    interactive(figure, lambda learning_rate: None, "a line", learning_rate=control)
    assert control.description == "learning rate"


def test_an_update_may_change_the_description(line):
    figure, _ = line
    slope = ipywidgets.FloatSlider(value=1.0)
    board = interactive(figure, lambda slope: f"slope {slope}", "a line", slope=slope)
    assert board.children[-1].description == "slope 1.0"
    slope.value = 2.0
    assert board.children[-1].description == "slope 2.0"


def test_no_script_comes_from_elsewhere():
    for text in (str(LiveFigure._esm), str(LiveFigure._css)):
        assert len(text) > 500
        assert "http" not in text
