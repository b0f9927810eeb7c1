import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_02_perceptron import figures


@pytest.fixture
def gate():
    x, y = datasets.logic_gates("AND")
    return x, y, list(nn.perceptron_updates(x, y))


def drawn_line(axes):
    """Return the points of the line where the score is zero."""
    lines = [c for c in axes.collections if np.allclose(c.get_linewidth(), 1.6)]
    return np.concatenate([path.vertices for path in lines[0].get_paths()]) if lines else None


def test_the_line_lies_where_the_score_is_zero(gate):
    x, y, updates = gate
    weights = updates[-1].weights_after
    figure = figures.decision_line(x, y, weights)
    points = drawn_line(figure.axes[0])
    np.testing.assert_allclose(points @ weights[:2] + weights[2], 0, atol=1e-9)


def test_weights_without_direction_draw_no_line(gate):
    x, y, _ = gate
    assert drawn_line(figures.decision_line(x, y, np.array([0.0, 0.0, -1.0])).axes[0]) is None


def test_the_description_counts_what_is_wrong(gate):
    x, y, updates = gate
    right = figures.decision_line(x, y, updates[-1].weights_after).description
    wrong = figures.decision_line(x, y, updates[0].weights_after).description
    assert "no points are on the wrong side" in right
    assert "1 points are on the wrong side" in wrong


def test_a_frame_for_each_update(gate):
    x, y, updates = gate
    figure = figures.update_frames(x, y, updates[:6], columns=4)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert len(titles) == 6
    assert titles[0] == "epoch 1: w = (0, 0, -1)"


def test_the_measured_length_lies_between_the_two_bounds(gate):
    _, _, updates = gate
    figure = figures.norm_squeeze(updates, margin=1 / np.sqrt(29), radius=np.sqrt(3))
    upper, length, lower = (line.get_ydata() for line in figure.axes[0].lines)
    assert np.all(length <= upper + 1e-9)
    assert np.all(lower <= length + 1e-9)


def test_the_cycle_shows_every_weight_and_the_end_of_each_epoch():
    updates = list(nn.perceptron_updates(*datasets.logic_gates("XOR"), max_epochs=4))
    figure = figures.weight_cycle(updates, ["$w_1$", "$w_2$", "$b$"])
    assert [axes.get_ylabel() for axes in figure.axes] == ["$w_1$", "$w_2$", "$b$"]
    ends = [line.get_xdata()[0] for line in figure.axes[0].lines[1:]]
    assert ends == [4, 8, 12, 16]


def test_wrong_answers_are_counted_and_named():
    images = np.zeros((3, 8, 8, 1))
    figure = figures.digits_read(images, np.array([1, 2, 3]), np.array([1, 7, 3]), columns=2)
    assert [axes.get_title() for axes in figure.axes] == ["1", "2, not 7", "3"]
    assert "1 of them wrong" in figure.description
    assert "None of them" in figures.digits_read(images, np.ones(3), np.ones(3)).description


def test_the_points_of_the_geometry_lie_where_the_text_says():
    axes = figures.line_geometry().axes[0]
    dotted = [line.get_xydata() for line in axes.lines if line.get_linestyle() == ":"]
    lengths = [np.linalg.norm(ends[0] - ends[1]) for ends in dotted]
    np.testing.assert_allclose(lengths, [2, 2, 0], atol=1e-9)
    for _, foot in dotted:
        assert abs(3 * foot[0] + 4 * foot[1] - 10) < 1e-9


def test_a_template_for_each_digit():
    weights = np.random.default_rng(0).normal(size=(65, 10))
    figure = figures.templates(weights)
    assert [axes.get_title() for axes in figure.axes] == list("0123456789")
    np.testing.assert_array_equal(
        figure.axes[3].images[0].get_array(), weights[:-1, 3].reshape(8, 8)
    )


def test_both_lines_are_drawn_where_their_score_is_zero(gate):
    x, y, updates = gate
    own, other = updates[-1].weights_after, np.array([1.0, 1.0, -1.5])
    figure = figures.two_lines(x, y, own, other, names=("a", "b"))
    for line, weights in zip(figure.axes[0].lines, (own, other), strict=True):
        np.testing.assert_allclose(line.get_xydata() @ weights[:2] + weights[2], 0, atol=1e-9)


def test_a_curve_of_wrong_answers_for_each_name():
    figure = figures.wrong_after_epochs(np.array([[5, 1, 4], [5, 1, 1]]), ["now", "pocket"])
    assert [line.get_label() for line in figure.axes[0].lines] == ["now", "pocket"]
    assert "now: between 1 and 5" in figure.description


def test_axes_are_labelled(gate):
    x, y, updates = gate
    for figure in (
        figures.decision_line(x, y, updates[-1].weights_after),
        figures.norm_squeeze(updates, 0.1, 2.0),
        figures.mistakes_against_bound(np.array([1, 5]), np.array([10.0, 20.0])),
        figures.line_geometry(),
        figures.wrong_after_epochs(np.array([[2, 1]]), ["as trained"]),
        figures.two_lines(x, y, updates[-1].weights_after, np.array([1.0, 1, -1.5]), names="ab"),
    ):
        for axes in figure.axes:
            assert axes.get_xlabel()
            assert axes.get_ylabel()
