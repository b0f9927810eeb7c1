import pytest

from dlcourse.lessons.lesson_09_initialization.board import found, per_layer, sentence, start_board


@pytest.fixture
def board():
    return start_board()


def control(board, name):
    return next(c for c in board.children if getattr(c, "description", "") == name)


def live(board):
    return board.children[-1]


def test_the_picture_and_the_sentence_follow_every_control(board):
    for name, value in {
        "Layers": 12, "Units each": 16, "Activation": "tanh", "Start": "He", "Draw": 3
    }.items():  # fmt: skip
        before = live(board).png
        control(board, name).value = value
        assert live(board).png != before
    assert live(board).description == sentence(found(12, 16, "He", "tanh", 3))
    lines = [axes.lines[0] for axes in live(board).figure.axes]
    assert all(len(line.get_xdata()) == 12 for line in lines)


def test_each_relu_layer_from_glorots_start_multiplies_by_the_root_of_a_half():
    profile = found(50, 256, "Glorot", "ReLU", 0)
    assert per_layer(profile.activations) == pytest.approx(0.5**0.5, abs=0.01)
    assert per_layer(profile.deltas[::-1]) == pytest.approx(0.5**0.5, abs=0.01)


@pytest.mark.parametrize(
    ("start", "activation"), [("0.01 everywhere", "ReLU"), ("0.2 everywhere", "none")]
)
def test_what_dies_and_what_explodes_is_drawn(board, start, activation):
    control(board, "Layers").value = 50
    control(board, "Start").value = start
    control(board, "Activation").value = activation
    for axes in live(board).figure.axes:
        low, high = axes.get_ylim()
        assert 0 < low < high < 1e18


def test_one_layer_is_a_network_too(board):
    control(board, "Layers").value = 1
    assert "multiplies by 1.00" in live(board).description
