"""The board without a browser: thresholds, cells, sorts of drawings."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_14_architectures import detector, rectangles
from dlcourse.lessons.lesson_14_architectures.board import SHOWN, SORTS, DetectorBoard


@pytest.fixture(scope="module")
def model():
    return detector.trained(seed=3, epochs=2)


@pytest.fixture
def board(model):
    return DetectorBoard(model)


def test_a_lower_score_shows_more_cells_and_overlap_1_keeps_them_all(board):
    few = len(board.found.scores)
    board.least.value = 0.05
    assert len(board.found.scores) > few
    assert (board.found.scores > 0.05).all()
    board.overlap.value = 1.0
    assert len(board.kept.scores) == len(board.found.scores)
    board.overlap.value = 0.0
    for place, one in enumerate(board.kept.boxes):
        for other in board.kept.boxes[:place]:
            assert rectangles.iou(one, other) == 0


def test_a_cell_that_is_pointed_at_says_its_numbers(board):
    axes = board._figure.axes[0]
    x, y = axes.transData.transform((4 * 5 + 1.5, 4 * 2 + 2.5)) / board._figure.bbox.size
    before = board._live.png
    board._live.point(x, 1 - y)
    assert board.cell == (2, 5)
    assert board._live.png != before
    said = board.sentence()
    assert "row 2, column 5" in said
    assert f"object {board._outputs[0, 2, 5, 0]:.2f}" in said


def test_the_next_drawing_comes_round_to_the_first(board):
    board.next()
    assert board.number.value == 1
    board.number.value = SHOWN - 1
    board.next()
    assert board.number.value == 0


def test_sorts_of_drawings_are_as_they_say(board):
    def sides():
        return np.concatenate([b[:, 2:] - b[:, :2] for b in board.drawings.boxes])

    board.sort.value = "larger than it learned"
    assert sides().min() >= 16
    board.sort.value = "smaller than it learned"
    assert sides().max() <= 7
    assert set(SORTS) == set(board.sort.options)


def test_the_sentence_counts_what_is_right(board):
    board.number.value = 2
    truth = board.drawings.boxes[2], board.drawings.kinds[2]
    right = sum(rectangles.hits(board.kept, *truth))
    assert board.right() == right
    assert f"{right} right, of {len(truth[0])}" in board.sentence()


def test_true_boxes_are_drawn_when_asked_for(board):
    before = len(board._right.patches)
    board.truth.value = True
    assert len(board._right.patches) == before + len(board.drawings.boxes[0])
