"""The board of two groups: shares add up, and the tasks have the answers that are given."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_21_scale import board as own


@pytest.fixture(scope="module")
def found():
    return {
        (share, copies, sure, seed): own.outcomes(share, copies, sure, seed)
        for share, copies, sure, seed in (
            (0.05, 1, 0.0, 0),
            (0.05, 1, 0.0, 1),
            (0.05, 1, 0.0, 2),
            (0.05, 5, 0.0, 0),
            (0.05, 20, 0.0, 0),
            (0.05, 1, 0.9, 0),
            (0.0, 1, 0.9, 0),
        )
    }


def test_shares_add_up(found):
    for outcome in found.values():
        np.testing.assert_allclose(outcome.sum(axis=1), 1)
    a, b, everybody = found[0.05, 1, 0.0, 0]
    np.testing.assert_allclose(everybody, 0.95 * a + 0.05 * b)
    assert a[2] == b[2] == 0


def test_the_tasks_have_their_answers(found):
    wrong = np.array([found[0.05, 1, 0.0, seed][:, 1] for seed in range(3)])
    assert np.ptp(wrong[:, 1]) > np.ptp(wrong[:, 0])
    once, five, twenty = (found[0.05, copies, 0.0, 0][1, 1] for copies in (1, 5, 20))
    assert once - five > 4 * abs(five - twenty)
    a, b, _ = found[0.05, 1, 0.9, 0]
    assert max(a[1], b[1]) < 0.1
    assert b[2] > 0.5 > 0.3 > a[2]
    right, wrong_b, _ = found[0.0, 1, 0.9, 0][1]
    assert wrong_b > 0.25
    assert right < 0.05


def test_the_bars_are_what_is_said():
    board = own.group_board()
    *_, words, live = board.children
    before, said = live.png, words.value
    assert "group B" in said
    sliders = {control.description: control for control in board.children[:4]}
    sliders["Answers"].value = 0.9
    assert "left to a person" in words.value
    assert live.png != before
    assert live.description in words.value
