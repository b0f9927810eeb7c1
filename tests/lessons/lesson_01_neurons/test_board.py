import numpy as np
import pytest

from dlcourse.lessons.lesson_01_neurons.board import arithmetic, logistic_board


@pytest.fixture
def board():
    return logistic_board()


def sliders(board):
    return {child.description: child for child in board.children[:-1]}


def live(board):
    return board.children[-1]


def title(board):
    return live(board).figure.axes[0].get_title(loc="left")


def test_it_starts_with_its_arithmetic(board):
    assert title(board) == "z = 1 * 2 + 0 * 3 + 4 = 6,   output 0.9975"


def test_the_example_of_the_lesson():
    assert arithmetic(0, 2, 1, 3, 4) == "z = 0 * 2 + 1 * 3 + 4 = 7,   output 0.9991"


@pytest.mark.parametrize(("name", "value"), [("w1", 2), ("x1", -3), ("b", -4), ("w2", 1)])
def test_every_slider_changes_the_picture(board, name, value):
    before = live(board).png
    sliders(board)[name].value = value
    assert live(board).png != before


def test_a_new_weight_moves_the_centre(board):
    sliders(board)["w1"].value = 2.0
    assert "one half at -2 and rises" in live(board).description


def test_seen_from_x1_the_second_input_acts_like_the_bias(board):
    sliders(board)["w2"].value = 1.0
    by_input = live(board).description
    by_bias = logistic_board(b=7.0)
    sliders(by_bias)["b"].value = 6.75
    sliders(by_bias)["b"].value = 7.0
    assert by_input == live(by_bias).description


def test_a_weight_of_zero_draws_a_flat_line(board):
    sliders(board)["w1"].value = 0.0
    assert "does not depend" in live(board).description
    curve = max(live(board).figure.axes[0].lines, key=lambda line: len(line.get_xdata()))
    assert np.ptp(curve.get_ydata()) == 0


def test_its_text_never_changes(board):
    before = repr(board)
    sliders(board)["b"].value = 1.0
    assert (
        repr(board)
        == before
        == ("Interactive board: a logistic neuron (run this notebook to use it)")
    )


def test_every_slider_has_a_name(board):
    assert list(sliders(board)) == ["w1", "x1", "w2", "x2", "b"]
