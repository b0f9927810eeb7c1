import numpy as np
import pytest

from dlcourse.lessons.lesson_01_neurons.flower_board import flower_board, petals


def move(board, **values):
    sliders = {child.description: child for child in board.children[:-1]}
    for name, value in values.items():
        sliders[name].value = value
    return board.children[-1].description


def test_the_lengths_are_those_of_the_data():
    lengths, virginica = petals()
    assert lengths.shape == virginica.shape == (100,)
    np.testing.assert_allclose(lengths[virginica == 1].mean(), 5.552)


@pytest.mark.parametrize(
    ("w", "b", "right"), [(4, -19, 93), (0, 1, 50), (-4, 19, 7), (1, -4.75, 93)]
)
def test_it_counts_what_is_right(w, b, right):
    assert f"It gets {right} of 100 right" in move(flower_board(), w=w, b=b)


def test_no_slider_gets_more_than_the_lesson_says():
    lengths, virginica = petals()
    best = max(
        np.sum((w * lengths + b >= 0) == virginica)
        for w in np.arange(-10, 10.25, 0.25)
        for b in np.arange(-50, 50.25, 0.25)
    )
    assert best == 93
