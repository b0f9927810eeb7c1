"""What is special to the checks of lesson 00."""

import numpy as np
import pytest

from dlcourse import checks as house
from dlcourse.lessons.lesson_00_arrays import checks
from tests.checks.test_beginners import judged

(CASE, _) = checks.alike_cases(np.random.default_rng(0))
LISTS = """
def one_hot(y, classes):
    return [[int(c == label) for c in range(classes)] for label in y]
"""
SHAPE_OF_LISTS = LISTS.replace("return [[", "return np.array([[").replace("in y]", "in y])")
ONE_TOO_MANY = LISTS.replace("in y]", "in y] or [0]")
SLOW = """
def most_alike(train_x, train_y, test_x):
    for i in range(10**9):
        for j in range(10**9):
            for k in range(10**9):
                pass
"""


@pytest.mark.parametrize("source", [LISTS, SHAPE_OF_LISTS])
def test_no_labels_give_no_rows_in_any_form(source):
    verdict = judged("one_hot", source)
    assert verdict.failure is None
    assert verdict.score == 1


def test_a_row_for_no_label_is_seen():
    assert judged("one_hot", ONE_TOO_MANY).failure is not None


def test_places_of_images_are_told_from_digits():
    places = np.array([599, *range(199)])
    assert "train_y[places]" in checks.places_for_digits(places, CASE)
    assert checks.places_for_digits(CASE.hidden, CASE) == ""


@pytest.mark.parametrize("value", [None, "text", np.zeros(3), [1, 2], np.array(["a"] * 200)])
def test_the_slip_bears_any_value(value):
    assert checks.places_for_digits(value, CASE) == ""


def test_loops_that_are_too_slow_are_not_called_endless():
    namespace = {}
    exec(SLOW, namespace)
    check = house.find("most_alike")
    outcomes = house.run_all(namespace["most_alike"], house.inputs([CASE]), seconds=0.1)
    hint = house.judge(check, [CASE], outcomes, [SLOW]).failure.hint
    assert "was not done in time" in hint
    assert "innermost" in hint


def test_an_open_task_by_three_plain_loops_has_the_time_it_takes():
    """They take about 5 s for each of the two cases."""
    assert house.find("most_alike").seconds == 20
