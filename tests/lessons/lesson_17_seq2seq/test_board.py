"""The board without a browser."""

import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_17_seq2seq import board as module
from dlcourse.lessons.lesson_17_seq2seq.board import WriterBoard
from dlcourse.lessons.lesson_17_seq2seq.tasks import START, Numbers, row_of

SYMBOLS = Numbers(into_words=True).symbols


def model(attention, seed=0):
    made = nn.EncoderDecoder(*SYMBOLS, 8, 4, attention=attention, seed=seed)
    for array in made.params.values():
        array *= 4  # so that it has opinions
    return made


@pytest.fixture
def board():
    return WriterBoard({"with": model(True), "without": model(False)}, "42")


def click(board, name):
    buttons = [child for child in board.children[1].children if child.description == name]
    buttons[0].click()


def test_it_shows_all_at_first_and_goes_letter_by_letter(board):
    whole = board.written
    assert whole == len(board._symbols)
    click(board, "Again")
    assert board.written == 0
    assert "so far" in board.sentence()
    click(board, "Next letter")
    click(board, "Next letter")
    click(board, "Back")
    assert board.written == 1
    assert "so far, 1 letter. " in board.sentence()
    click(board, "All")
    click(board, "Next letter")
    assert board.written == whole


def test_it_writes_what_the_search_finds(board):
    step = board.models["with"].next_symbol(row_of("42", module.DIGITS))
    expected, _ = nn.beam_search(step, START, module.STOP, 1, module.LONGEST)
    assert board._symbols == expected
    board.width.value = 4
    wider, log_p = nn.beam_search(step, START, module.STOP, 4, module.LONGEST)
    assert board._symbols == wider
    assert board._log_p == pytest.approx(log_p)
    assert board.written == len(wider)  # it was at the end, and stays there


def test_each_change_draws_another_picture(board):
    pictures = {board._live.png}
    board.network.value = "without"
    pictures.add(board._live.png)
    board.number.value = "7"
    pictures.add(board._live.png)
    click(board, "All")
    pictures.add(board._live.png)
    assert len(pictures) >= 3


@pytest.mark.parametrize("typed", ["", "abc", "1234567", "-3", "4.2", "²"])
def test_what_is_no_number_is_told_and_nothing_breaks(board, typed):
    board.number.value = typed
    assert "1 to 6 digits" in board._said.value
    assert not board._map.axison  # what was drawn belonged to another number
    assert not board._map.images
    for name in ("Next letter", "Back", "All", "Again"):
        click(board, name)
    board.width.value = 3
    board.number.value = " 15 "
    assert board.sentence().startswith("15:")
    assert board._map.axison
    assert board._next.axison


def test_a_text_without_an_end_is_told(board, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 3)
    for array in board.models["with"].params.values():
        array *= 0  # each letter as likely as another: it never stops
    board.number.value = "43"
    click(board, "All")
    assert board.written == 3
    assert board.sentence().endswith("The board stops after 3 letters.")
