import numpy as np
import pytest

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_15_recurrent import figures
from dlcourse.lessons.lesson_15_recurrent.figures import STEPS


def test_the_radius_and_the_norm_are_set_apart_from_each_other():
    norms = []
    for amount in (0.0, 0.5, 1.0, 3.0):
        matrix = figures.recurrent_matrix(0.9, amount)
        np.testing.assert_allclose(abs(np.linalg.eigvals(matrix)), 0.9, rtol=1e-6)
        norms.append(np.linalg.norm(matrix, 2))
    assert norms[0] == pytest.approx(0.9)
    assert norms == sorted(norms)
    assert norms[-1] > 3


def test_power_norms_are_those_of_the_powers():
    matrix = figures.recurrent_matrix(0.8, 2.0)
    norms = figures.power_norms(matrix, 7)
    assert len(norms) == 8
    for t in (0, 1, 7):
        expected = np.linalg.norm(np.linalg.matrix_power(matrix, t), 2)
        assert norms[t] == pytest.approx(expected)


def test_a_norm_above_one_is_not_sufficient_for_exploding():
    """The counter-example of the lesson, by its closed form."""
    matrix = np.array([[0.8, 1.0], [0.0, 0.8]])
    norms = figures.power_norms(matrix)
    closed = np.array([[0.8**50, 50 * 0.8**49], [0, 0.8**50]])
    assert norms[1] > 1.4
    assert norms[50] == pytest.approx(np.linalg.norm(closed, 2))
    assert norms[50] < 1e-3


def test_the_board_s_picture_follows_its_settings():
    picture = figures.JacobianPicture()
    left, right = picture.figure.axes
    said = picture.draw(1.2, 1.0, 0.5)
    curve, radius, bound = (line.get_ydata() for line in left.lines[1:])
    jacobian = 0.5 * figures.recurrent_matrix(1.2, 1.0)
    np.testing.assert_allclose(curve, figures.power_norms(jacobian))
    np.testing.assert_allclose(radius, 0.6 ** np.arange(STEPS + 1))
    assert np.all(curve <= bound * (1 + 1e-9))
    dots = right.lines[1]
    np.testing.assert_allclose(np.hypot(dots.get_xdata(), dots.get_ydata()), 0.6, rtol=1e-6)
    assert "the spectral radius is 0.60" in said
    assert said != picture.draw(1.3, 1.0, 1.0)


def test_the_description_says_when_the_product_only_grows():
    said = figures.JacobianPicture().draw(1.3, 0.0, 1.0)
    assert "has norm 5e+05, the largest of all." in said


def test_a_frame_for_each_setting():
    figure = figures.jacobian_frames([(0.8, 0, 1), (0.8, 2, 1), (1.2, 0, 0.8)])
    assert len(figure.axes) == 3
    assert "0.8, 2 and 1 end at 3e-05" in figure.description


def test_the_cliff_says_who_was_thrown():
    paths = {"free": [0.9, 1.0, -40.0], "clipped": [0.9, 0.95, 0.98]}
    figure = figures.clipping_cliff(lambda u: (u - 1) ** 2 + 1e-3, paths, (0.8, 1.2))
    assert "free: thrown from 1.000 to -40; clipped: ends at 0.980" in figure.description
    right = figure.axes[1]
    assert [len(line.get_xdata()) for line in right.lines] == [2, 3]


def test_the_ladder_has_a_bar_for_each_count_and_a_dot_for_each_network():
    figure = figures.ladder({"letters": 4.18, "pairs": 3.38}, [2.2, 2.3, 2.25])
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [4.18, 3.38]
    np.testing.assert_array_equal(axes.lines[0].get_xdata(), [2.2, 2.3, 2.25])
    assert "pairs 3.38; the recurrent network 2.20 to 2.30 over 3 seeds" in figure.description


def test_the_reach_has_a_point_for_each_number_of_letters():
    figure = figures.reach({1: 3.5, 4: 2.6, 16: 2.3})
    (line,) = figure.axes[0].lines
    np.testing.assert_array_equal(line.get_xdata(), [1, 4, 16])
    assert "3.50 after 1, 2.30 after 16" in figure.description


def test_the_circle_is_stretched_by_the_norm_of_each_power():
    matrix = np.array([[0.8, 1.0], [0.0, 0.8]])
    figure = figures.stretched_circle(matrix, (1, 4))
    for line, power in zip(figure.axes[0].lines[1:], (1, 4), strict=True):
        longest = np.hypot(line.get_xdata(), line.get_ydata()).max()
        assert longest == pytest.approx(figures.power_norms(matrix)[power], rel=1e-3)
    assert "1.44 after 1" in figure.description


def test_errors_by_position_mark_every_third_bit():
    pattern = np.array([[0.5, 0.1, 0.5] * 5])
    figure = figures.error_by_position({"one": pattern, "other": pattern[:, ::-1] * 0 + 0.5})
    assert "1 of 1 runs with one and 0 of 1 runs with other" in figure.description
    labels = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert labels[0] == "2"


def test_curves_are_drawn_as_given():
    curves = {"a": np.array([1.0, 0.1, 0.01]), "b": np.array([1.0, 10.0, 100.0])}
    figure = figures.norm_curves(curves)
    drawn = {line.get_label(): line.get_ydata() for line in figure.axes[0].lines}
    for name, norms in curves.items():
        np.testing.assert_array_equal(drawn[name], norms)
    assert "After 2 steps: a at 1e-02; b at 1e+02" in figure.description


@pytest.mark.parametrize(
    "figure",
    [figures.unrolled_rnn, figures.sequences, figures.deep_rnns, figures.feedback_wiring],
)
def test_diagrams_are_described_and_drawn(figure):
    drawn = figure()
    assert len(drawn.description.split()) > 20
    assert to_png(drawn).startswith(b"\x89PNG")
