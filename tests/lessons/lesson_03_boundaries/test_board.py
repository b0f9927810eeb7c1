import numpy as np
import pytest

from dlcourse.figures import plane
from dlcourse.lessons.lesson_03_boundaries.board import GOALS, RegionBoard, region, units


def build(board, lines, join):
    board.join.value = join
    board.count.value = len(lines)
    for number, (angle, offset) in enumerate(lines, 1):
        board.line.value = number
        board.angle.value, board.offset.value = angle, offset


@pytest.mark.parametrize("goal", [goal for goal, (lines, _) in GOALS.items() if lines])
def test_every_goal_can_be_built(goal):
    board = RegionBoard()
    board.goal.value = goal
    assert board.matched < 1
    build(board, *GOALS[goal])
    assert board.matched == 1
    assert "It is the goal on 100.0% of it." in board._said.value


@pytest.mark.parametrize("join", ["AND", "OR"])
def test_one_hidden_layer_of_four_lines_does_not_make_the_quarters(join):
    lines, _ = GOALS["opposite quarters"]
    points = plane(3, 40)
    right = region(points, lines, "OR of ANDs")
    assert not np.array_equal(region(points, lines, join), right)


def test_a_line_keeps_its_place_while_another_is_moved():
    board = RegionBoard()
    board.count.value = 3
    before = board.lines[:2]
    board.angle.value, board.offset.value = 120, -2
    assert board.lines == [*before, (120, -2)]
    board.line.value = 1
    assert (board.angle.value, board.offset.value) == before[0]
    assert board.lines == [*before, (120, -2)]


def test_fewer_lines_choose_the_last_that_is_left():
    board = RegionBoard()
    board.count.value = 6
    board.count.value = 2
    assert board.line.value == board.line.max == 2
    assert (board.angle.value, board.offset.value) == board.lines[1]


@pytest.mark.parametrize(("join", "expected"), [("AND", 0), ("OR", 1), ("OR of ANDs", 1)])
def test_the_joins(join, expected):
    lines = [(0, 0), (90, 0), (180, 0), (270, 0)]
    assert region(np.array([[1.0, 2.0]]), lines, join)[0] == expected


def test_a_single_line_is_the_same_with_every_join():
    points = plane(3, 10)
    alone = [region(points, [(30, 1)], join) for join in ("AND", "OR", "OR of ANDs")]
    assert np.array_equal(alone[0], alone[1])
    assert np.array_equal(alone[0], alone[2])


def test_the_offset_is_the_distance_of_the_line_from_the_middle():
    weights, biases = units([(30, 1.5)])
    np.testing.assert_allclose(np.hypot(*weights[:, 0]), 1)
    assert biases[0] == 1.5


def test_the_board_says_what_is_seen():
    board = RegionBoard()
    assert "Unit 1 fires where 1.00 x1 +0.00 x2 +1.00 is at least 0." in board._live.description
    assert board.matched is None
    before = board._live.png
    board.angle.value = 90
    assert board._live.png != before
