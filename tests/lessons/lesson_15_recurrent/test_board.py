import numpy as np
import pytest

from dlcourse.lessons.lesson_15_recurrent.board import jacobian_board
from dlcourse.lessons.lesson_15_recurrent.figures import power_norms, recurrent_matrix


@pytest.fixture
def board():
    return jacobian_board()


def curve(board):
    return board.children[-1].figure.axes[0].lines[1].get_ydata()


def test_it_starts_with_a_rotation_that_shrinks(board):
    np.testing.assert_allclose(curve(board), 0.8 ** np.arange(51), rtol=1e-9)


def test_each_slider_has_a_name_and_moves_the_curve(board):
    radius, non_normality, slope, picture = board.children
    assert [s.description for s in (radius, non_normality, slope)] == [
        "spectral radius",
        "non-normality",
        "slope of tanh",
    ]
    for slider, value in ((radius, 1.2), (non_normality, 2.0), (slope, 0.7)):
        before = picture.png
        slider.value = value
        assert picture.png != before
        matrix = slope.value * recurrent_matrix(radius.value, non_normality.value)
        np.testing.assert_allclose(curve(board), power_norms(matrix))


def test_the_description_follows(board):
    board.children[1].value = 2.0
    said = board.children[-1].description
    assert "One step stretches by at most 2.90; the spectral radius is 0.80." in said


def test_the_settings_that_the_lesson_asks_for_exist(board):
    """A norm above 2 that vanishes; a product that grows for some steps and then dies."""
    radius, non_normality, _, _ = board.children
    radius.value, non_normality.value = 0.8, 2.0
    norms = curve(board)
    assert norms[1] > 2
    assert norms[1:10].max() > norms[1]
    assert norms[50] < 1e-3


def test_its_text_never_changes(board):
    before = repr(board)
    board.children[0].value = 1.1
    assert repr(board) == before
