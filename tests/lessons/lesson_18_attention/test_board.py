"""The board: letters of one's own, the answer, the maps, the marked row."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_18_attention import experiments, models
from dlcourse.lessons.lesson_18_attention.board import LONGEST, AttentionBoard

TEXT = "cafebadgehidfaji"


@pytest.fixture(scope="module")
def networks():
    reverser, sorter = models.transformer(seed=0), models.transformer(seed=1)
    experiments.train(reverser, "reverse", 100, 0)
    return {"reverse": reverser, "sort": sorter}


@pytest.fixture
def board(networks):
    return AttentionBoard(networks, TEXT)


def test_it_answers_and_shows_the_weights(board):
    assert board.answer == TEXT[::-1]
    assert board.weights.shape == (2, 16, 16)
    assert "(all right)" in board.sentence(TEXT)
    image = board._figure.axes[0].images[0].get_array()
    np.testing.assert_allclose(image, board.weights[0])


def test_other_letters_and_another_task(board):
    before = board._live.png
    board.letters.value = "Bad, bad cab"
    assert len(board.answer) == 9
    assert board._live.png != before
    board.task.value = "sort"
    assert board.right == "aaabbbcdd"


def test_a_row_can_be_pointed_at(board):
    axes = board._figure.axes[0]
    board._figure.draw_without_rendering()
    x, y = axes.transData.transform((3, 5.1)) / board._figure.bbox.size
    board._live.point(x, 1 - y)
    assert board.place == 5
    assert "Place 5 looked" in board.sentence(TEXT)


def test_buttons(board):
    board.shuffle()
    assert board.letters.value != TEXT
    assert sorted(board.letters.value) == sorted(TEXT)
    board.shorten()
    assert len(board.answer) == 15
    board.reset()
    assert board.answer == TEXT[::-1]


@pytest.mark.parametrize(("typed", "length"), [("", 1), ("xyz!", 1), ("ab" * 40, LONGEST)])
def test_whatever_is_typed_is_shown(board, typed, length):
    board.letters.value = typed
    assert len(board.answer) == length


def test_shortening_stops_at_one_letter(board):
    board.letters.value = "a"
    board.shorten()
    assert board.letters.value == "a"
