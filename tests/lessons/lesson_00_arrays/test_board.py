"""The boards of lesson 00, without a browser."""

from dlcourse.lessons.lesson_00_arrays.board import EXAMPLES, BroadcastBoard, timeline_board
from dlcourse.lessons.lesson_00_arrays.events import EVENTS


def test_typed_shapes_line_up():
    board = BroadcastBoard()
    assert board.result == (2, 3)
    before = board.children[-1].png
    board.a.value, board.b.value = "4, 1", "(5,)"
    assert board.result == (4, 5)
    assert board.children[-1].png != before
    assert "4 + 5 numbers become 20" in board.children[-1].description


def test_a_clash_is_named():
    board = BroadcastBoard()
    board.a.value, board.b.value = "2, 7, 3", "2, 3"
    assert board.result is None
    assert "axis -2: 7 meets 2" in board.said


def test_what_is_no_shape_says_what_to_write_and_keeps_the_picture():
    board = BroadcastBoard()
    before = board.children[-1].png
    board.a.value = "<b>"
    assert board.result is None
    assert "such as 2, 3" in board.said
    assert board.children[-1].png == before


def test_each_example_shows_itself():
    board = BroadcastBoard()
    for name, (a, b) in EXAMPLES.items():
        board.example.value = name
        assert (board.a.value, board.b.value) == (a, b)
        assert (board.result is None) == (name == "no fit")


def test_an_example_can_be_chosen_again_after_typing():
    board = BroadcastBoard()
    board.a.value = "7, 3"
    assert board.example.value is None
    assert board.result == (7, 3)
    board.example.value = "a row to each row"
    assert (board.a.value, board.result) == ("2, 3", (2, 3))


def test_no_example_answers_a_task_of_the_lesson():
    assert "32, 8, 8, 3" not in {shape for pair in EXAMPLES.values() for shape in pair}


def test_the_timeline_walks_in_order_and_names_its_sources():
    board = timeline_board()
    slider, words, live = board.children
    assert [event.year for event in EVENTS] == sorted(event.year for event in EVENTS)
    assert (EVENTS[0].year, EVENTS[-1].year, slider.max) == (1943, 2017, len(EVENTS))
    for number, event in enumerate(EVENTS, start=1):
        slider.value = number
        assert str(event.year) in words.value
        assert event.source in live.description
