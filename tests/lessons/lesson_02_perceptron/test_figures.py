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


def test_axes_are_labelled(gate):
    x, y, updates = gate
    for figure in (
        figures.decision_line(x, y, updates[-1].weights_after),
        figures.norm_squeeze(updates, 0.1, 2.0),
        figures.mistakes_against_bound(np.array([1, 5]), np.array([10.0, 20.0])),
    ):
        for axes in figure.axes:
            assert axes.get_xlabel()
            assert axes.get_ylabel()
