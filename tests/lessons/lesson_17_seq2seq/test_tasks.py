"""Numbers in words, rows of symbols, batches."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_17_seq2seq import tasks
from dlcourse.lessons.lesson_17_seq2seq.tasks import PAD, STOP, Numbers


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (10, "ten"),
        (20, "twenty"),
        (99, "ninety-nine"),
        (100, "one hundred"),
        (1003, "one thousand three"),
        (2015, "two thousand fifteen"),
        (9876, "nine thousand eight hundred seventy-six"),
    ],
)
def test_numbers_in_words(number, words):
    assert tasks.in_words(number) == words


def test_all_numbers_have_words_of_their_own():
    assert len({tasks.in_words(n) for n in range(tasks.NUMBERS)}) == tasks.NUMBERS


def test_rows_and_texts_are_each_other_s_reverse():
    for text in ("nine hundred-", " ", ""):
        row = tasks.row_of(text, tasks.ALPHABET)
        assert tasks.text_of([*row, STOP, 5], tasks.ALPHABET) == text
    assert tasks.text_of([PAD, 3], "a") == "?a"  # a network may write anything


@pytest.mark.parametrize("into_words", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
def test_what_is_read_and_what_is_written(into_words, reverse):
    task = Numbers(into_words, reverse)
    read, written = task.arrays([9876, 5])
    first, _ = task.alphabets
    source, target = (str(9876), tasks.in_words(9876))[:: 1 if into_words else -1]
    assert tasks.text_of(read[0], first) == (source[::-1] if reverse else source)
    assert task.text(written[0]) == target
    assert read[1, 0] == PAD
    assert read[1, -1] != PAD  # padding stands before the source ...
    assert written[1, -1] == PAD
    assert STOP in written[1]  # ... and behind the target
    assert max(read.max(), written.max()) < max(task.symbols)


def test_no_number_is_both_known_and_new():
    for seed in range(3):
        known, new = tasks.split(seed)
        assert not set(known) & set(new)
        assert (len(known), len(new)) == (3000, 1000)
    assert 9876 not in tasks.split(0)[0]  # the lesson says so


def test_each_number_comes_once_before_any_comes_again():
    task, known = Numbers(False), np.arange(100, 300)
    batches = list(task.batches(8, known, np.random.default_rng(0), batch=50))
    seen = [task.text(row) for _, target in batches[:4] for row in target]
    assert sorted(map(int, seen)) == known.tolist()
    assert {len(source) for source, _ in batches} == {50}


def test_strings_are_copied_and_may_be_read_from_their_end():
    for reverse in (False, True):
        rng = np.random.default_rng(0)
        for source, target in tasks.copying(5, rng, shortest=2, longest=4, reverse=reverse):
            assert 2 <= source.shape[1] <= 4
            assert (target[:, -1] == STOP).all()
            np.testing.assert_array_equal(source[:, :: -1 if reverse else 1], target[:, :-1])


def test_padding_on_either_side():
    rows = [[5, 6, 7], [8]]
    np.testing.assert_array_equal(tasks.padded(rows), [[5, 6, 7], [8, 0, 0]])
    np.testing.assert_array_equal(tasks.padded(rows, 4, left=True), [[5, 6, 7], [4, 4, 8]])
    np.testing.assert_array_equal(tasks.padded([[], [8]], left=True), [[0], [8]])
