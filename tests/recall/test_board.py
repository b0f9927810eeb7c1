"""The review board without a browser."""

from datetime import UTC, datetime, timedelta

import pytest

from dlcourse.recall import board as boards
from dlcourse.recall.board import ReviewBoard
from dlcourse.recall.schedule import FILE, Grade, load
from dlcourse.widgets.author import AUTHOR

MONDAY = datetime(2026, 11, 30, 19, tzinfo=UTC)
TOMORROW = "It comes again tomorrow."


@pytest.fixture(autouse=True)
def learner(monkeypatch):
    monkeypatch.delenv(AUTHOR, raising=False)


@pytest.fixture
def board(tmp_path):
    return ReviewBoard(["05"], tmp_path, lambda: MONDAY)


def said(board):
    return board._status.value.removeprefix("<b>").removesuffix("</b>")


def seen(board):
    return [button.description for button in board._grades.values() if not button.layout.display]


def go_to_choice(board):
    while not board.asked[0].choices:
        board.show()
        board.grade(Grade.GOOD)


def test_a_question_is_shown_its_answer_is_not(board):
    assert said(board) == "9 questions are due today."
    assert r"\frac12" in board._question.value
    assert board._answer.value == ""
    assert seen(board) == []
    board.grade(Grade.EASY)  # not before the answer was seen
    assert len(board.asked) == 9


def test_four_grades_say_when_and_go_on(board, tmp_path):
    first = board.asked[0]
    board.show()
    assert "0.08020" in board._answer.value
    assert seen(board) == [
        "1 Again: tomorrow",
        "2 Hard: tomorrow",
        "3 Good: in 2 days",
        "4 Easy: in 8 days",
    ]
    board.grade(Grade.GOOD)
    assert said(board) == "It comes again in 2 days. 8 questions are due today."
    assert board._answer.value == ""
    assert list(load(tmp_path).cards) == [first.id]


def test_a_wrong_choice_is_marked_with_the_reason_and_comes_again(board, tmp_path):
    go_to_choice(board)
    question = board.asked[0]
    board.show()
    assert said(board) == "Choose an answer first."
    board.choose(question.choices[0])
    board.show()
    assert "No: above the 0.5 of the start" in board._answer.value
    assert "promise about" in board._answer.value
    assert seen(board) == ["1 Go on: tomorrow"]
    board.grade(Grade.EASY)  # cannot be had
    assert board.asked[0] == question
    board.grade(Grade.AGAIN)
    assert said(board).startswith(TOMORROW)


def test_a_right_choice_has_three_grades(board):
    go_to_choice(board)
    board.choose(board.asked[0].answer)
    board.show()
    assert "Right" in board._answer.value
    assert [words[0] for words in seen(board)] == ["2", "3", "4"]


def test_at_the_end_it_says_when_the_next_comes(board):
    while board.asked:
        board.choose(board.asked[0].answer) if board.asked[0].choices else None
        board.show()
        board.grade(Grade.GOOD)
    assert said(board) == (
        "It comes again in 2 days. Nothing more is due today. The next one comes in 2 days."
    )
    board.show()
    board.grade(Grade.GOOD)


def test_what_the_terminal_kept_the_board_knows(tmp_path):
    kept = load(tmp_path, MONDAY)
    kept.answer("05.hand_w5", Grade.EASY, MONDAY)
    board = ReviewBoard(["05"], tmp_path, lambda: MONDAY + timedelta(days=1))
    assert "05.hand_w5" not in [question.id for question in board.asked]


def test_nobody_has_done_a_lesson(tmp_path):
    board = ReviewBoard(home=tmp_path)
    assert said(board) == boards.NO_LESSON
    board.show()
    board.grade(Grade.GOOD)


def test_a_damaged_file_and_a_newer_one_are_said(tmp_path):
    (tmp_path / FILE).write_text("{")
    assert "is damaged. It stays in" in said(ReviewBoard(["05"], tmp_path, lambda: MONDAY))
    (tmp_path / FILE).write_text('{"version": 9, "cards": {}}')
    board = ReviewBoard(["05"], tmp_path, lambda: MONDAY)
    assert "written by a newer version" in said(board)
    assert board.asked == []


def test_an_answer_that_cannot_be_kept_is_said(board, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dlcourse.recall.schedule.replace", full)
    board.show()
    board.grade(Grade.GOOD)
    assert "could not be kept: [Errno 28] No space left on device" in said(board)
    assert len(board.asked) == 8


def test_an_author_leaves_no_trace_and_stores_a_picture(tmp_path, monkeypatch):
    monkeypatch.setenv(AUTHOR, "1")
    board = ReviewBoard(home=tmp_path)
    board.show()
    board.grade(Grade.GOOD)
    assert list(tmp_path.iterdir()) == []
    bundle = board._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["image/png"]
    assert repr(board).startswith("Interactive board: questions that come back")
