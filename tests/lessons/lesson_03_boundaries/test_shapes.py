import numpy as np
import pytest

from dlcourse.lessons.lesson_03_boundaries import shapes

HOUSE = shapes.draw(list(shapes.HOUSE.values()), shapes.SIGNS)


@pytest.mark.parametrize("corners", shapes.HOUSE.values(), ids=shapes.HOUSE)
def test_the_middle_of_a_piece_lies_inside_and_its_corners_on_two_sides(corners):
    weights, biases = shapes.sides(corners)
    assert np.all(np.mean(corners, axis=0) @ weights + biases > 0)
    on_border = np.isclose(np.array(corners) @ weights + biases, 0)
    assert np.all(on_border.sum(axis=1) == 2)


def test_clockwise_corners_have_no_inside():
    weights, biases = shapes.sides(list(reversed(shapes.HOUSE["roof"])))
    points = np.random.default_rng(0).uniform(-4, 6, (1000, 2))
    assert not np.all(points @ weights + biases > 0, axis=1).any()


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ((0, 4), 1),  # roof
        ((1.4, 4.9), 1),  # chimney
        ((-1.75, 1), 1),  # wall
        ((-0.75, 1), 0),  # door
        ((1, 1), 0),  # window
        ((0, 5.5), 0),  # sky
        ((-0.75, -0.25), 0),  # below the door
    ],
)
def test_the_house_stands(place, answer):
    assert HOUSE.predict([place])[0, 0] == answer


def test_the_house_has_25_units():
    assert sum(shape[0] for shape in HOUSE.output_shapes[1::2]) == 25
