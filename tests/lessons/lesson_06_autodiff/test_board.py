import pytest

from dlcourse.lessons.lesson_06_autodiff.board import EXAMPLES, AutodiffBoard


@pytest.fixture
def board():
    return AutodiffBoard()


def fields(board):
    return board.children[0].children


def live(board):
    return board.children[2]


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


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_chosen_and_stepped_through(board, example):
    choice = board.children[1].children[-1]
    choice.value = next(other for other in EXAMPLES if other != example)
    board.end()
    choice.value = example
    assert fields(board)[0].value == example
    assert tuple(field.value for field in fields(board)[1:]) == EXAMPLES[example]
    assert board.position == 0
    board.end()
    assert board.message.endswith("Every gradient is complete.")


def test_a_formula_and_numbers_are_typed(board):
    formula, a, _, _ = fields(board)
    formula.value = "a * a"
    a.value = 5.0
    board.end()
    assert board.position == 3
    assert "a, given, value 5, gradient 10" in live(board).description


def test_what_cannot_be_computed_is_said_and_the_picture_stays(board):
    formula, _, b, _ = fields(board)
    before = live(board).png
    formula.value = "a * ("
    assert board.message.startswith("This is not complete, or a bracket is missing.")
    assert live(board).png == before
    formula.value = "a / b"
    b.value = 0.0
    assert board.message.startswith("This divides by 0.")
    b.value = 4.0
    assert board.message == "Step 0 of 3. Every gradient starts at 0."


def test_what_is_typed_is_no_markup(board):
    fields(board)[0].value = "a < b"
    assert "a &lt; b" in board.children[-1].value


def test_a_graph_too_large_to_read_is_refused_in_words(board):
    board.show("+".join(["a * 2"] + [str(k) for k in range(1, 40)]))
    assert "room for 60 nodes" in board.message


def test_its_text_never_changes(board):
    before = repr(board)
    board.end()
    assert repr(board) == before


def test_every_control_has_a_name(board):
    controls = [*board.children[0].children, *board.children[1].children]
    assert all(control.description and control.tooltip for control in controls)
