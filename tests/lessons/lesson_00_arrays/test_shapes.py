"""How shapes line up is what NumPy does, and what is typed is read or refused with a reason."""

import itertools

import numpy as np
import pytest

from dlcourse.lessons.lesson_00_arrays.checks import broadcast_shape
from dlcourse.lessons.lesson_00_arrays.shapes import line_up, read_shape

SHAPES = [shape for axes in range(4) for shape in itertools.product((1, 2, 3), repeat=axes)]


def of_numpy(a, b):
    try:
        return np.broadcast_shapes(a, b)
    except ValueError:
        return False


def test_every_pair_of_small_shapes_lines_up_as_in_numpy():
    for a, b in itertools.product(SHAPES, repeat=2):
        lengths = tuple(column.length for column in line_up(a, b))
        assert (False if None in lengths else lengths) == of_numpy(a, b)
        graded = broadcast_shape(a, b)
        assert (graded if graded is False else tuple(graded)) == of_numpy(a, b)


@pytest.mark.parametrize("text", ["2, 3", "(2,3)", " ( 2 ,3, ) "])
def test_a_shape_is_read_however_it_is_typed(text):
    assert read_shape(text) == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "2 3",
        "0",
        "-1, 2",
        "2,,3",
        "1,1,1,1,1,1,1",
        "²",
        "2.5",
        ",",
        "(,)",
        "(",
        "(2, 3",
        "1٣",
        "1e400",
        "nan",
    ],
)
def test_what_is_no_shape_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match="such as 2, 3"):
        read_shape(text)
