import numpy as np
import pytest

from dlcourse.lessons.lesson_20_radial import board as own
from dlcourse.lessons.lesson_20_radial.board import BellsBoard


@pytest.fixture
def board():
    return BellsBoard()


def at(board, x, y=0.0):
    axes = board._figure.axes[0]
    across, up = axes.transData.transform((x, y)) / board._figure.bbox.size
    return across, 1 - up


def test_it_draws_the_sum_of_what_it_draws(board):
    shown = [line for line in board._bells if line.get_visible()]
    assert len(shown) == 5
    total = sum(line.get_ydata() for line in shown) + board.model.weights[-1]
    np.testing.assert_allclose(board._sum.get_ydata(), total, atol=1e-9)
    assert "5 bells of reach 1.00" in board.sentence()
    board.number.value = 1
    assert board.sentence().startswith("1 bell of")


def test_the_nearest_centre_can_be_dragged(board):
    before = board._live.png
    board._live.point(*at(board, 3.0))
    assert sorted(board.centres)[:3] == [-4, -2, 0]
    board._live.point(*at(board, 3.4))
    board._live.point(*at(board, 3.8))
    assert board._live.png != before
    assert min(np.abs(board.centres - 3.8)) < 0.05
    board.spread()
    np.testing.assert_array_equal(board.centres, [-4, -2, 0, 2, 4])


def test_the_tasks_have_the_answers_that_are_given(board):
    assert board.errors()[1] > 0.3
    board.centres = np.array([-4, -2, 1.25, 2, 1.5])
    board._show()
    assert board.errors()[1] < 0.2
    board.number.value = 12
    errors = {}
    for reach in (0.125, 0.5, 1.0, 4.0):
        board.reach.value = reach
        errors[reach] = board.errors()[1]
    assert errors[0.5] < 0.13
    assert errors[1.0] < 0.13
    assert errors[0.125] > 0.4
    assert errors[4.0] > 0.25
    largest = []
    for ridge in (1e-12, 1e-8, 1e-3):
        board.ridge.value = ridge
        largest.append(np.abs(board.model.weights[:-1]).max())
    assert largest[0] > 100 * largest[1] > 1e4 * largest[2]
    board.number.value, board.ridge.value = 8, 1e-8
    biases = []
    for reach in (0.5, 1.0):
        board.reach.value = reach
        biases.append(board.model.weights[-1])
    assert abs(biases[0]) < 2
    assert biases[1] > 5


def test_clusters_and_a_single_bell(board):
    board.cluster()
    assert np.all(np.abs(board.centres) <= 4)
    board.number.value = 1
    np.testing.assert_array_equal(board.centres, [0])
    board.number.value = own.MOST
    assert all(line.get_visible() for line in board._bells)
