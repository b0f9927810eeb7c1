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
    for head, place in ((0, 5), (1, 9)):
        axes = board._figure.axes[head]
        board._figure.draw_without_rendering()
        x, y = axes.transData.transform((3, place + 0.1)) / board._figure.bbox.size
        board._live.point(x, 1 - y)
        assert board.place == place
        assert f"Place {place} looked" in board.sentence(TEXT)


def test_buttons(board):
    board.shuffle()
    assert board.letters.value != TEXT
    assert sorted(board.letters.value) == sorted(TEXT)
    board.shorten()
    assert len(board.answer) == 15
    board.reset()
    assert board.answer == TEXT[::-1]


@pytest.mark.parametrize(
    ("typed", "length", "told"),
    [
        ("", 1, "Type letters from a to j. Read: a."),
        ("xyz!", 1, "Type letters from a to j. Read: a."),
        ("hello", 2, "Only the letters a to j are read. Read: he."),
        ("ab" * 40, LONGEST, "Only the first 24 letters are read. Read: abab"),
        ("bad, cab", 6, "Only the letters a to j are read. Read: badcab."),
        ("Bad cab", 6, "Read: badcab."),
    ],
)
def test_whatever_is_typed_is_shown_and_what_is_left_out_is_told(board, typed, length, told):
    board.letters.value = typed
    assert len(board.answer) == length
    assert f">{told}" in board._said.value


def test_shortening_stops_at_one_letter(board):
    board.letters.value = "a"
    board.shorten()
    assert board.letters.value == "a"
