import ipywidgets
import pytest

from dlcourse.figures import new_figure
from dlcourse.widgets import LiveFigure, interactive
from dlcourse.widgets.live_figure import button


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


def test_what_plays_asks_for_one_tick_after_the_other(line):
    figure, artist = line
    heights = iter([2.0, 3.0])

    def on_tick():
        artist.set_ydata([0, next(heights)])
        live.redraw()

    live = LiveFigure(figure, "a line", on_tick=on_tick)
    live._receive(live, {"tick": True}, [])
    assert live.ticks == 0  # it does not play
    live.playing = True
    for ticks in (1, 2):
        before = live.png
        live._receive(live, {"tick": True}, [])
        assert live.ticks == ticks
        assert live.png != before


def test_whatever_draws_holds_the_lock(line, monkeypatch):
    figure, _ = line
    inside = []

    class Lock:
        def __enter__(self):
            inside.append(1)

        def __exit__(self, *problem):
            inside.pop()

    monkeypatch.setattr("dlcourse.widgets.live_figure.DRAWING", Lock())
    held = []
    note = lambda *anything, **named: held.append(bool(inside))  # noqa: E731
    slope = ipywidgets.FloatSlider(value=1.0)
    interactive(figure, note, "a line", slope=slope)
    slope.value = 2.0
    button("Go", "go on", note).click()
    live = LiveFigure(figure, "a line", on_point=note, on_tick=note)
    live.redraw()
    live.point(0.5, 0.5)
    live.playing = True
    live.tick()
    assert held == [True] * 5


def test_no_script_comes_from_elsewhere():
    for text in (str(LiveFigure._esm), str(LiveFigure._css)):
        assert len(text) > 500
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
