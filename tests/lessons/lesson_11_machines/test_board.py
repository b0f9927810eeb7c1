import numpy as np
import pytest

from dlcourse.lessons.lesson_11_machines.board import DATA, MACHINES, MachinesBoard


def click(board, name):
    (button,) = [child for child in board.children[3].children if child.description == name]
    button.click()


@pytest.fixture(scope="module")
def board():
    """Return one board for all tests: each chooses its data and machine first."""
    return MachinesBoard()


def choose(board, data, machine):
    board.data.value, board.machine.value = data, machine
    board._new_machine()


def test_each_machine_answers_at_its_start(board):
    for machine, knob in MACHINES.items():
        choose(board, "two crescents", machine)
        assert board.knob.description == knob.name
        assert board.knob.disabled == (len(knob.values) == 1)
        assert list(board.tried) == [knob.start]
        assert machine in board._live.description


def test_one_neighbour_knows_its_points_by_heart(board):
    choose(board, "two crescents", "nearest neighbours")
    board.knob.value = 1
    known, new = board.tried[1]
    assert known == 0 < new
    assert "wrong are 0.0 % of the 120 points" in board._said.value


def test_all_settings_are_tried_and_drawn(board):
    choose(board, "two crescents", "decision tree")
    values = MACHINES["decision tree"].values
    click(board, "Try all")
    assert sorted(board.tried) == list(values)
    places, heights = board._new_line.get_data()
    assert len(places) == len(values)
    np.testing.assert_allclose(heights, [100 * board.tried[value][1] for value in values])


def test_other_points_forget_what_was_tried(board):
    choose(board, "two crescents", "nearest neighbours")
    board.knob.value = 9
    before, picture = board._known[0].copy(), board._live.png
    click(board, "Other points")
    assert list(board.tried) == [9]
    assert not np.array_equal(before, board._known[0])
    assert board._live.png != picture


def test_a_line_cannot_and_a_kernel_can(board):
    choose(board, "XOR", "logistic regression")
    assert board.tried[1][1] > 0.35
    board.knob.value = 2
    assert board.tried[2][1] < 0.2
    choose(board, "XOR", "SVM")
    assert board.tried[1][1] < 0.2


@pytest.mark.parametrize("name", DATA)
def test_both_classes_are_drawn_of_each_kind(name):
    x, y = DATA[name](50, np.random.default_rng(0))
    assert x.shape == (50, 2)
    assert sorted(np.unique(y)) == [0, 1]
