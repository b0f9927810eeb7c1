import numpy as np

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_20_radial import experts, figures


def test_forecasts_tell_how_far_they_are_off():
    truth = np.linspace(0.4, 1.2, 50)
    figure = figures.forecasts(85, truth, {"a line": truth + 0.1, "bells": truth})
    assert "a line is off by 0.100 (rms); bells is off by 0.000" in figure.description
    assert len(figure.axes) == 2


def test_a_unit_and_a_bell():
    figure = figures.two_units()
    assert "circle" in figure.description
    assert to_png(figure)


def test_the_line_separates_the_bells_of_xor():
    near = np.exp(-1.0)
    features = np.array([[1, near**2], [near, near], [near, near], [near**2, 1]])
    weights = np.array([-2.50265, -2.50265, 2.84135])
    axes = figures.xor_bells(features, weights).axes[1]
    x, y = axes.lines[-1].get_data()
    heights = np.interp(features[:, 0], x, y)
    np.testing.assert_array_equal(features[:, 1] > heights, [True, False, False, True])


def test_the_best_reach_is_told():
    runs = np.array([[0.5, 0.2, 0.9], [0.6, 0.1, 0.8]])
    said = figures.reaches([0.5, 2, 8], runs, runs + 0.1, runs[:, ::-1]).description
    assert "examples learned from: lowest at 2 with 0.150" in said
    assert "held out: lowest at 2 with 0.250" in said


def test_silence_tells_where_each_ends():
    x = np.linspace(-1, 1, 5)
    said = figures.silence(x, x, np.array([-4.0, 4.0]), {"bells": x[:2] * 0, "network": x[:2] + 3})
    assert "At x = 4: bells ends at 0.00; network ends at 2.50" in said.description


def test_a_mixture_is_drawn_where_it_is_trusted():
    gate = np.zeros((601, 2))
    gate[:300, 0], gate[300:, 1] = 1, 1
    outputs = np.tile([1.0, -1.0], (601, 1))
    mixture = experts.Mixture(np.zeros(3), np.zeros(3), gate, outputs, (gate * outputs).sum(axis=1))
    figure = figures.mixtures({"one": mixture, "again": mixture})
    assert "2 experts used, entropy of the gate 0.00 bits" in figure.description
    thick = [line for line in figure.axes[0].lines if line.get_linewidth() == 4]
    assert np.isfinite(thick[0].get_ydata()).sum() == 300


def test_lines_and_vowels_have_their_points():
    x, t = experts.points(0)
    assert len(figures.three_lines(x, t).axes[0].lines[0].get_xdata()) == len(x)
    axes = figures.vowels(np.ones((4, 2)), np.arange(4), ("a", "b", "c", "d")).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "[a]",
        "[b]",
        "[c]",
        "[d]",
    ]
