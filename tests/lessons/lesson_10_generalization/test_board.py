import numpy as np
import pytest

from dlcourse.lessons.lesson_10_generalization import polynomials
from dlcourse.lessons.lesson_10_generalization.board import HIGHEST, FitBoard


@pytest.fixture
def board():
    return FitBoard()


def test_it_draws_the_errors_that_it_says(board):
    expected = polynomials.errors(polynomials.draw(15, 0.25, 0), 3)
    np.testing.assert_allclose(board.errors[3], expected)
    assert len(board.errors) == HIGHEST + 1
    assert "Degree 3, 4 weights for 15 points." in board.sentence()


def test_a_degree_can_be_pointed_at(board):
    axes = board._figure.axes[0]
    x, y = axes.transData.transform((8.2, 1.0)) / board._figure.bbox.size
    before = board._live.png
    board._live.point(x, 1 - y)
    assert board.degree.value == 8
    assert board._live.png != before


def test_new_points_and_the_first_ones(board):
    first = board.points
    board.draw_again()
    assert not np.array_equal(board.points.x, first.x)
    board.reset()
    np.testing.assert_array_equal(board.points.x, first.x)


def test_errors_off_the_scale_are_drawn_at_its_border(board):
    board.degree.value = 14
    train, test = (line.get_ydata() for line in (board._train, board._test))
    low, high = board._figure.axes[0].get_ylim()
    assert min(train) == low
    assert max(test) <= high
