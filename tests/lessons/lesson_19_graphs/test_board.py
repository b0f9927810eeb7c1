import numpy as np
import pytest

from dlcourse.lessons.lesson_19_graphs.board import FEATURES, LAST, ClubBoard


@pytest.fixture
def board():
    return ClubBoard()


def press(board, name):
    (button,) = (b for b in board.children[1].children if b.description == name)
    button.click()


def test_two_labels_reach_everybody_in_two_steps(board):
    assert board.sentence().startswith("Step 0. 2 of 34 have a side")
    press(board, "Step")
    assert "27 of 34 have a side: 13 lean to Mr. Hi, 14 to John A. 27 of them" in board.sentence()
    press(board, "Step")
    assert "33 of them went there, too. Otherwise: 8." in board.sentence()


def test_a_member_can_be_pointed_at_three_times(board):
    axes = board._figure.axes[0]
    x, y = axes.transData.transform(board._places[8]) / board._figure.bbox.size
    seen = []
    for _ in range(3):
        before = board._live.png
        board._live.point(x, 1 - y)
        assert board._live.png != before
        seen.append(int(board.labels[8]))
    assert seen == [0, 1, -1]


def test_a_feature_left_alone_ends_on_one_side(board):
    board.what.value = FEATURES
    board.steps.value = 5
    assert "33 of them went there" in board.sentence()
    board.steps.value = LAST
    assert "0 lean to Mr. Hi, 34 to John A. 17 of them" in board.sentence()
    values = board.values
    assert values.max() < 0.01
    assert "The feature lies between 0.0008 and 0.0028." in board.sentence()


def test_nobody_and_the_leaders(board):
    board.steps.value = 3
    press(board, "Nobody")
    assert board.steps.value == 0
    assert board.sentence().startswith("Nobody has a side. Click on a member")
    press(board, "Step")
    assert not board.values.any()
    press(board, "Only the leaders")
    assert np.flatnonzero(board.labels >= 0).tolist() == [0, 33]


def test_a_false_label_takes_three_along(board):
    board.choose(31)
    board.steps.value = 10
    assert "Otherwise: 8, 24, 25, 28, 31." in board.sentence()


def test_it_plays_to_the_end_and_pauses(board):
    press(board, "Play")
    assert board._play.description == "Pause"
    board._live.tick()
    assert board.steps.value == 1
    board.steps.value = LAST
    board._live.tick()
    assert not board._live.playing
    board.play()
    assert board.steps.value == 0
    board.play()
    assert not board._live.playing


def test_there_is_no_member_34(board):
    with pytest.raises(ValueError, match="from 0 to 33, got 34"):
        board.choose(34)
