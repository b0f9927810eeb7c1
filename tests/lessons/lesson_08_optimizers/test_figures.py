import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_08_optimizers import figures, ravine

PATHS = {name: ravine.walk(nn.SGD(rate), 30) for name, rate in {"a": 0.02, "b": 0.07}.items()}


def test_each_walk_has_a_panel_that_says_how_many_steps_it_shows():
    figure = figures.walks(PATHS)
    for axes, (name, path) in zip(figure.axes, PATHS.items(), strict=True):
        np.testing.assert_array_equal(axes.lines[-1].get_xydata(), path)
        assert axes.get_title(loc="left") == f"{name}, 30 steps"
    assert "start at (10, 1)" in figure.description
    assert "b: after 30 steps at (1.1, 0.00018)." in figure.description


def test_the_range_test_marks_its_places_and_describes_them():
    rates = np.geomspace(0.001, 1, 8)
    losses = np.array([2.3, 2.2, 1.5, 1.2, 1.1, 1.5, 9.0, 3.0])
    places = {"lowest loss": rates[4], "take this": rates[2], "trap": rates[7]}
    figure = figures.range_test(rates, [losses], places)
    assert {line.get_label(): line.get_xdata()[0] for line in figure.axes[0].lines[1:]} == places
    assert "lowest loss, at 0.05; take this, at 0.007; trap, at 1." in figure.description


def test_the_lowest_place_of_each_optimizer_is_described():
    losses = {
        "SGD": {0.1: [0.2, 0.3], 1.0: [np.inf, np.inf]},
        "Adam": {0.01: [0.5, 0.6], 0.1: [0.1, 0.1]},
    }
    said = figures.basins(losses).description
    assert "SGD is lowest, 0.2, at 0.1" in said
    assert "Adam is lowest, 0.1, at 0.1" in said


def test_curves_say_where_they_end():
    said = figures.loss_curves({"a": [[2.0, 0.5], [2.0, 0.4]], "b": [[2.0, 3.0]]}).description
    assert "a: after the last epoch 0.45" in said
    assert "b: after the last epoch still above 1" in said


def test_the_longest_step_is_described():
    said = figures.step_sizes({"raw": [3.0, 6.5, 2.0], "flat": [1.0, 1.0, 1.0]}).description
    assert "raw: 3 at first, 6.5 at step 2, the longest" in said
    assert "flat: always 1." in said


@pytest.mark.parametrize("steps", [3, 5000])
def test_the_end_of_each_weight_is_described(steps):
    said = figures.online({"Adam": np.linspace(0, 1, steps)}).description
    assert said.endswith("Adam ends at 1.00.")


def test_a_round_bowl_has_round_lines():
    figure = figures.walks(PATHS)
    lines = figures.draw_map(figure.axes[0], across=1)
    vertices = lines.get_paths()[0].vertices
    np.testing.assert_allclose(np.hypot(*vertices.T), np.sqrt(0.5), atol=0.02)
