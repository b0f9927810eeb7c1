"""What is special to the checks of lesson 04: the open task measured in bits."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_04_losses import checks

(CASE, _) = checks.letter_cases(np.random.default_rng(0))


def saved(longest):
    """Return what counts of the last letters save, up to so many, with 1 added to each."""
    text, symbols = "".join(CASE.arguments[0]), checks.SYMBOLS
    rows = {}
    for i in range(longest, len(text)):
        rows.setdefault(text[i - longest : i], np.ones(27))[symbols.index(text[i])] += 1
    pasts = [past[len(past) - longest :] for past in CASE.arguments[1]]
    found = np.array([rows.get(past, np.ones(27)) for past in pasts])
    return checks.bits_saved(found / found.sum(axis=1, keepdims=True), CASE.hidden)


def test_each_bar_asks_for_more():
    first, second, third = checks.CHECKS[-1].goal.bars
    assert first < saved(0) < second < saved(1) < third
    assert third < checks.bits_saved(checks.predict_letters(*CASE.arguments), CASE.hidden)


def test_the_letters_asked_for_are_no_page():
    pages, pasts = CASE.arguments
    assert len(pages) == 20
    assert all(len(page) == 1000 for page in pages)
    assert len(pasts) == len(CASE.hidden) == 800


def test_what_was_called_impossible_is_named():
    sure = np.tile(np.eye(27)[0], (800, 1))
    assert checks.bits_saved(sure, CASE.hidden) == -np.inf
    assert "infinitely many bits" in checks.letter_slip(sure, CASE)
    assert checks.letter_slip(CASE.hidden, CASE) == ""


def test_probabilities_of_other_letters_are_named():
    """The space stands last, as in many an alphabet."""
    right = checks.predict_letters(*CASE.arguments)
    assert checks.letter_slip(right, CASE) == ""
    assert "space is the first" in checks.letter_slip(np.roll(right, -1, axis=1), CASE)


@pytest.mark.parametrize("row", [np.ones(27), np.full(27, 1 / 13), -np.eye(27)[0]])
def test_rows_that_are_no_probabilities_save_nothing(row):
    rows = np.tile(row, (800, 1))
    assert checks.bits_saved(rows, CASE.hidden) == 0
    assert "27 probabilities" in checks.letter_slip(rows, CASE)


@pytest.mark.parametrize("value", [None, "text", np.zeros(3), [1, 2]])
def test_the_slip_bears_any_value(value):
    assert checks.letter_slip(value, CASE) == ""
