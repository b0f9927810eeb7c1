import matplotlib
import pytest

from dlcourse.figures import describe, new_figure, show
from dlcourse.lessons.lesson_02_perceptron import figures


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr("dlcourse.figures.style.display", lambda *things: shown.extend(things))
    return shown


def test_show_gives_the_picture_its_description_three_times(displayed):
    figure, _ = new_figure()
    show(describe(figure, "An empty plane with two axes."))
    picture, caption = displayed
    png, metadata = picture._repr_png_()
    assert png.startswith(b"\x89PNG")
    assert repr(picture) == metadata["alt"] == "An empty plane with two axes."
    assert caption.data.startswith("<details><summary")  # folded: not printed for everybody
    assert "<p>An empty plane with two axes.</p>" in caption.data
    assert 'data-lm-suppress-shortcuts="true"' in caption.data


def test_a_description_is_escaped_in_the_caption(displayed):
    figure, _ = new_figure()
    show(describe(figure, "Where x < 1 & y > 2, it is blue."))
    assert "x &lt; 1 &amp; y &gt; 2" in displayed[1].data


def test_a_figure_without_description_is_refused():
    figure, _ = new_figure()
    with pytest.raises(ValueError, match="no description"):
        show(figure)
    with pytest.raises(ValueError, match="in a sentence"):
        describe(figure, "figure 1")


def test_figures_leave_pyplot_alone(displayed):
    show(figures.perceptron_diagram())
    assert "pyplot" not in dir(matplotlib) or not matplotlib.pyplot.get_fignums()


def luminance(colour):
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_two_classes_differ_in_shape_and_lightness():
    from dlcourse.figures.style import NEGATIVE, POSITIVE

    assert NEGATIVE[1] != POSITIVE[1]
    assert abs(luminance(NEGATIVE[0]) - luminance(POSITIVE[0])) > 0.2
