import numpy as np
import pytest
from matplotlib.colors import to_rgba

from dlcourse import datasets
from dlcourse.figures import to_png
from dlcourse.figures.style import RED
from dlcourse.lessons.lesson_19_graphs import experiments, figures, graphs, results
from dlcourse.lessons.lesson_19_graphs.drawing import leanings

CLUB = datasets.karate_club()
LABELS = experiments.two_labels()


def test_what_is_foretold_wrongly_is_told_and_ringed():
    answers = CLUB.side.copy()
    answers[[3, 8]] = 1 - answers[[3, 8]]
    figure = figures.foretold(LABELS, answers)
    assert "32 are right; wrong: 3, 8." in figure.description
    rings = [c for c in figure.axes[1].collections if c.get_zorder() == 2]  # behind the members
    assert [len(ring.get_offsets()) for ring in rings] == [2]
    assert tuple(rings[0].get_edgecolor()[0]) == to_rgba(RED)
    assert "wrong: nobody" in figures.foretold(LABELS, CLUB.side).description


def test_steps_of_spreading_are_told():
    scores = graphs.spread(CLUB.adjacency, LABELS, 2, 2)
    figure = figures.spreading(scores, LABELS, [1, 2])
    assert "after 1 step 27 have a side, 27 the right one" in figure.description
    assert "after 2 steps 34 have a side, 33 the right one" in figure.description


def test_a_tie_leans_nowhere():
    assert leanings(np.array([[0.2, 0.2], [0.1, 0.2 + 0.1]])).tolist() == [0, 0.5]


def test_grids_count_their_edges():
    grid = np.zeros((9, 9), dtype=int)
    for i in range(9):
        for j in range(9):
            grid[i, j] = abs(i // 3 - j // 3) + abs(i % 3 - j % 3) == 1
    said = figures.grids([grid]).description
    assert "3 x 3 pixels" in said
    assert "with 4 neighbours of an inner pixel there are 12 edges" in said


def test_the_record_is_drawn():
    figure = figures.smoothing_and_depth()
    times, runs = results.over_times("graph layers, rate 0.003")
    middle = np.median(runs, axis=0)
    assert f"graph layers, rate 0.003: {middle[0]:.0f} % at {times[0]}" in figure.description
    assert [len(axes.lines) for axes in figure.axes] == [1, 3]


def test_a_turned_digit_is_drawn_turned():
    image = np.arange(64).reshape(8, 8)
    first, second = (axes.images[0].get_array() for axes in figures.upside_down(image).axes)
    assert first[0, 0] == second[7, 7] == 0


@pytest.mark.parametrize("right", [34, 20])
def test_the_third_layer_is_drawn(right):
    groups = np.arange(34) % 4
    answers = groups.copy()
    answers[right:] = (answers[right:] + 1) % 4
    labels = np.where(np.arange(34) < 4, groups, -1)
    places = np.random.default_rng(0).normal(size=(34, 2))
    figure = figures.third_layer(places, places, labels, answers, groups)
    assert f"{right} of 34 are right" in figure.description
    assert to_png(figure)
