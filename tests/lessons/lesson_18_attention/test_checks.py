"""What is special to the checks of lesson 18: they agree with the package; the task is fair."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_18_attention import checks as own
from dlcourse.nn import attention as core

GOAL = own.CHECKS[-1].goal
CASES = own.look_cases(np.random.default_rng(0))


def share(answer, case):
    return GOAL.measure(answer(*case.arguments), case.hidden)


@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_that_of_the_package(causal):
    q, k, v = np.random.default_rng(1).normal(size=(3, 5, 4))
    mask = own.causal_mask(5) if causal else None
    for found, expected in zip(
        own.attention(q, k, v, causal), core.attend(q, k, v, mask), strict=True
    ):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_softmax_with_a_mask_is_that_of_the_package():
    rng = np.random.default_rng(2)
    scores, mask = 500 * rng.normal(size=(6, 5)), rng.random((6, 5)) < 0.5
    mask[2] = False
    found = own.softmax_rows(scores, mask)
    np.testing.assert_allclose(found, core.masked_softmax(scores, mask), atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), mask.any(axis=1), atol=1e-12)


def test_masks_and_positions_are_those_of_the_package():
    np.testing.assert_array_equal(own.causal_mask(7), core.causal_mask(7))
    table = own.sinusoidal_positions(11, 8)
    np.testing.assert_allclose(table, core.sinusoidal_positions(11, 8), atol=1e-12)


def test_the_numbers_of_the_lesson():
    x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    outputs, weights = own.attention(x, x, x, False)
    np.testing.assert_allclose(weights[0], [0.4011120927, 0.1977758146, 0.4011120927])
    np.testing.assert_allclose(outputs[2], [0.7517449217, 0.7517449217])
    np.testing.assert_allclose(
        own.attention(x, x, x, True)[1][1], [0.3302384507, 0.6697615493, 0], atol=1e-10
    )


def test_heads_come_back_from_where_they_went():
    x = np.random.default_rng(3).normal(size=(5, 12))
    for heads in (1, 2, 3, 4, 6, 12):
        parts = own.split_heads(x, heads)
        assert parts.shape == (heads, 5, 12 // heads)
        np.testing.assert_array_equal(own.join_heads(parts), x)
        np.testing.assert_array_equal(parts[-1], x[:, -12 // heads :])


def test_a_step_is_the_same_rotation_at_every_place():
    """What the paper likes of these positions: the next one is a fixed linear map of this one."""
    table = own.sinusoidal_positions(9, 6)
    step, *_ = np.linalg.lstsq(table[:-1], table[1:], rcond=None)
    np.testing.assert_allclose(table[:-1] @ step, table[1:], atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(table, axis=1), np.sqrt(3))


def letters_alone(letters, numbers, answers, new_letters, new_numbers):
    """Learn scores between letters, without positions."""
    scorer, one_hot = np.zeros((own.LETTERS, own.LETTERS)), np.eye(own.LETTERS)
    for _ in range(8):
        for row, v, wanted in zip(letters, numbers, answers, strict=True):
            x = one_hot[row]
            outputs, w = own.attention(x @ scorer, x, v[:, None], True)
            slope = (outputs - wanted[:, None]) * v
            scorer -= 0.2 * x.T @ (w * (slope - (w * slope).sum(axis=1, keepdims=True))) @ x
    rows = zip(one_hot[new_letters], new_numbers, strict=True)
    return np.array([own.attention(x @ scorer, x, v[:, None], True)[0][:, 0] for x, v in rows])


@pytest.mark.parametrize("case", CASES)
def test_each_bar_asks_for_more(case):
    first, second, third = GOAL.bars
    assert share(own.unlearned, case) < first
    assert first < share(letters_alone, case) < second
    assert share(own.learn_to_look, case) > third


def test_the_two_heads_like_other_places():
    """Of two places with the letter that is looked for, one head takes the near one."""
    letters, numbers = np.zeros((1, own.PLACES), int), np.zeros((1, own.PLACES))
    letters[0, [3, 8]], letters[0, -1] = 1, 2
    numbers[0, 3], numbers[0, 8] = 1.0, -1.0
    sought = np.array([3, 3, 1, 2, 0])
    near = own.hidden_head(letters, numbers, sought, own.SLOPE)[0, -1]
    far = own.hidden_head(letters, numbers, sought, -own.SLOPE)[0, -1]
    assert near < -0.9
    assert far > 0.9


def test_nothing_is_seen_of_the_future_and_the_answers_stay_hidden():
    letters, numbers, _, new_letters, new_numbers = CASES[0].arguments
    sought = np.array([1, 2, 3, 4, 0])
    changed = numbers.copy()
    changed[:, -1] += 1
    before, after = (own.hidden_head(letters, n, sought, 1.5) for n in (numbers, changed))
    np.testing.assert_array_equal(before[:, :-1], after[:, :-1])
    assert CASES[0].hidden.shape == new_letters.shape == new_numbers.shape


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda a: np.zeros((100, 12, 1)), "outputs[:, 0]"),
        (lambda a: np.zeros((100, 12, 12)), "You return the weights"),
        (lambda a: np.zeros((200, 12)), "test_letters"),
        (lambda a: np.zeros((21, 21)), "square matrix"),
        (lambda a: np.full((100, 12), np.nan), "nan"),
        (lambda a: own.mean_so_far(a[4]), "neither ever moves"),
        (lambda a: np.repeat(a[4].mean(axis=1, keepdims=True), 12, axis=1), "mean of the row"),
        (lambda a: a[4], "itself alone"),
        (lambda a: 5 - a[4], "worse than"),
        (lambda a: np.zeros((100, 12)), ""),
        (lambda a: np.zeros((3, 4)), ""),
        (lambda a: None, ""),
        (lambda a: "text", ""),
        (lambda a: [1.0, 2.0], ""),
    ],
)
def test_slips_are_told_and_any_value_is_borne(value, words):
    said = own.look_slip(value(CASES[0].arguments), CASES[0])
    assert words in said if words else not said


def test_answers_that_are_no_numbers_reach_nothing():
    assert own.share_explained(np.full(4, np.inf), np.ones(4)) == -np.inf
