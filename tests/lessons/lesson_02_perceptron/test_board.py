import numpy as np
import pytest

from dlcourse.lessons.lesson_02_perceptron.board import PerceptronBoard

X = np.array([[-1, 0.5], [2.5, -1.5], [-1.5, -2], [2.5, 1.5], [2, 0], [-2, -0.5]])
Y = np.array([-1, 1, 1, -1, 1, -1])


@pytest.fixture
def board():
    return PerceptronBoard(X, Y)


def live(board):
    return board.children[2]


def test_a_step_shows_its_arithmetic(board):
    board.step()
    assert board.mistakes == 1
    np.testing.assert_array_equal(board.weights, [1, -0.5, -1])
    assert board.message == (
        "Score of (-1, 0.5): 0, label -1: a mistake. w = (0, 0, 0) - (-1, 0.5, 1) = (1, -0.5, -1)"
    )


def test_every_step_changes_the_picture_and_its_description(board):
    before = live(board).png, live(board).description
    board.step()
    after = live(board).png, live(board).description
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_it_runs_to_the_end_and_says_so(board):
    board.run()
    assert board.mistakes == 8
    assert board.message == "No mistake is left after 8 updates: the perceptron has converged."
    board.step()
    assert board.mistakes == 8


def test_it_gives_up_on_xor():
    board = PerceptronBoard(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-1, 1, 1, -1]))
    board.run()
    assert board.message.startswith("Gave up after 200 epochs and 800 updates.")


def test_a_click_adds_a_point_where_it_was_made(board):
    axes = live(board).figure.axes[0]
    live(board).redraw()  # lays the axes out
    width, height = live(board).figure.bbox.size
    pixel_x, pixel_y = axes.transData.transform((1.5, -2.0))
    live(board).point(pixel_x / width, 1 - pixel_y / height)
    np.testing.assert_allclose(board.x[-1], [1.5, -2.0])
    assert board.y[-1] == 1
    assert "Added (1.5, -2) with label +1." in board.message


def test_a_click_beside_the_axes_adds_nothing(board):
    live(board).point(0.001, 0.5)
    assert len(board.y) == 6


def test_the_label_of_new_points_can_be_chosen(board):
    board.children[1].value = -1
    board.add(0.0, 0.0)
    assert board.y[-1] == -1


def test_points_come_and_go(board):
    board.step()
    board.add(0.0, 0.0)
    assert not board.weights.any()
    board.remove_last()
    np.testing.assert_array_equal(board.x, X)
    for _ in range(10):
        board.remove_last()
    assert len(board.y) == 1
    assert board.message == "One point must stay."
    board.reset()
    np.testing.assert_array_equal(board.y, Y)


def test_its_text_never_changes(board):
    before = repr(board)
    board.run()
    assert repr(board) == before


def test_every_control_has_a_name(board):
    row, labels = board.children[:2]
    assert all(button.description and button.tooltip for button in row.children)
    assert labels.description
