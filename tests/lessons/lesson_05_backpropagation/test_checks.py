"""What is special about lesson 05: the numbers of Mazur, and the order of his updates."""

import numpy as np
import pytest

from dlcourse import checks
from dlcourse.lessons.lesson_05_backpropagation.checks import (
    MAZUR_B,
    MAZUR_T,
    MAZUR_W,
    MAZUR_X,
    backward_2_2_2,
    forward_2_2_2,
    half_squared_error,
    numeric_grad,
    sgd_step,
    train_2_2_2,
)

MAZUR = MAZUR_X, MAZUR_T, MAZUR_W, MAZUR_B


def error(w, b=MAZUR_B):
    return half_squared_error(MAZUR_T, forward_2_2_2(MAZUR_X, w, b)[1])


def test_mazurs_numbers():
    assert error(MAZUR_W) == pytest.approx(0.2983711087600027, abs=1e-15)
    grad_w, _ = backward_2_2_2(*MAZUR)
    moved = sgd_step(MAZUR_W, grad_w, 0.5)
    assert error(moved) == pytest.approx(0.29102777369359933, abs=1e-15)
    printed = [0.149780716, 0.19956143, 0.24975114, 0.29950229]
    printed += [0.35891648, 0.408666186, 0.511301270, 0.561370121]
    np.testing.assert_allclose(moved, printed, rtol=0, atol=5e-9)


def test_the_number_that_mazur_prints_is_the_slip_that_the_check_names():
    """With frozen biases and the output weights moved first, 0.291027924 comes out."""
    (mistake,) = (
        m for m in checks.find("train_2_2_2").mistakes if m.name == "outputs_before_hidden"
    )
    w, _, _ = mistake.function(*MAZUR, 0.5, 1)
    assert f"{error(w):.9f}" == "0.291027924"


def test_nudging_agrees_with_the_backward_pass():
    exact, _ = backward_2_2_2(*MAZUR)
    np.testing.assert_allclose(numeric_grad(*MAZUR, 1e-5), exact, rtol=0, atol=1e-10)


def test_training_reaches_what_the_exercise_prints():
    _, _, errors = train_2_2_2(*MAZUR, 0.5, 100)
    assert errors[1] == pytest.approx(0.2857508866992965)
    assert errors[100] == pytest.approx(0.00999716479409412)
    assert len(errors) == 101


def test_a_straight_line_reaches_no_bar_of_the_ring():
    check = checks.find("separate_ring")
    for case in check.cases(np.random.default_rng(0)):
        train_x, train_y, test_x = case.arguments
        columns = np.column_stack([train_x, np.ones(len(train_x))])
        line, *_ = np.linalg.lstsq(columns, 2 * train_y - 1, rcond=None)
        answers = (test_x @ line[:2] + line[2] > 0).astype(int)
        assert check.goal.reached(check.goal.measure(answers, case.hidden)) == 0
