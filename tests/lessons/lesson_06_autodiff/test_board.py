import pytest

from dlcourse.lessons.lesson_06_autodiff.board import EXPRESSIONS, AutodiffBoard
from dlcourse.nn.autodiff import Value


@pytest.fixture
def board():
    return AutodiffBoard()


def live(board):
    return board.children[1]


def test_it_starts_with_zeros(board):
    assert board.message == "Step 0 of 7. Every gradient starts at 0."
    assert "b, given, value -3, so far 0" in live(board).description


def test_steps_add_contributions_and_the_picture_says_so(board):
    seen = []
    for _ in range(7):
        before = live(board).png
        board.step()
        assert live(board).png != before
        seen.append(live(board).description.partition("b, given, value -3, ")[2].split(";")[0])
    assert seen == [*["so far 0"] * 3, *["so far 1"] * 3, "gradient 3"]
    assert board.message == (
        "Step 7 of 7. Visit v1, gradient 1. Add 1 · 2 = 2 to the gradient of b: 1 + 2 = 3. "
        "Every gradient is complete."
    )


def test_it_goes_back_and_forth_and_not_beyond_the_ends(board):
    board.back()
    assert board.position == 0
    board.end()
    last = board.message
    board.step()
    assert board.message == last
    board.back()
    assert board.position == 6
    board.start()
    assert board.position == 0


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_expression_can_be_chosen_and_stepped_through(board, name):
    choice = board.children[0].children[-1]
    choice.value = next(other for other in EXPRESSIONS if other != name)
    board.end()
    choice.value = name
    assert board.position == 0
    board.end()
    assert board.message.endswith("Every gradient is complete.")


def test_own_expressions():
    board = AutodiffBoard({"x * x": lambda: Value(3, "x") * Value(3, "y")})
    board.end()
    assert board.position == 3


def test_a_graph_too_large_to_read_is_refused_in_words():
    with pytest.raises(ValueError, match="room for 60 nodes"):
        AutodiffBoard({"long": lambda: sum([Value(1)] * 100, Value(0))})


def test_its_text_never_changes(board):
    before = repr(board)
    board.end()
    assert repr(board) == before


def test_every_control_has_a_name(board):
    assert all(control.description and control.tooltip for control in board.children[0].children)
