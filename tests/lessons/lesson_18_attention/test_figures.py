"""The figures of lesson 18 are drawn from what they say."""

import numpy as np
import pytest

from dlcourse.figures import to_png
from dlcourse.lessons.lesson_18_attention import figures

MADE = (
    figures.two_ways,
    figures.block_drawing,
    figures.scaled_or_not,
    figures.waves,
    figures.cost,
    figures.lengths,
    figures.recall,
    figures.writers,
)


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_every_figure_is_described_and_drawn(make):
    figure = make()
    assert len(figure.description) > 60
    assert len(to_png(figure)) > 5000


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.eye(5)[::-1], "mirrored about the middle"),
        (np.eye(5), "their own place"),
        (np.eye(5)[[0, 0, 1, 2, 3]], "one place back"),
        (np.full((5, 5), 0.2) + np.eye(5)[[3, 1, 2, 0, 4]][[2, 0, 3, 1, 4]] / 100, "several"),
    ],
)
def test_a_map_is_described_by_where_it_looks(weights, words):
    figure = figures.maps(weights[np.newaxis], "abcde", "edcba")
    assert words in figure.description
    image = figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(image, weights)


def test_curves_of_the_root_are_those_measured():
    axes = figures.scaled_or_not(depths=(4, 64)).axes[0]
    plain, scaled = (line.get_ydata() for line in axes.lines)
    assert plain[1] > plain[0]
    assert scaled[1] == pytest.approx(scaled[0], abs=0.03)
