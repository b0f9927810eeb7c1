"""The figures of lesson 00, its trap, and the machine that reads digits."""

import itertools

import numpy as np
import pytest

from dlcourse import datasets
from dlcourse.figures import new_figure
from dlcourse.lessons.lesson_00_arrays import checks, figures, trap
from dlcourse.lessons.lesson_00_arrays.checks import most_alike


def test_the_trap_learns_the_mean_and_nothing_else():
    x = np.random.default_rng(3).uniform(-1, 1, (50, 1))
    y = 2 * x + 1
    w, b, first, last = trap.fit_line(x, y)
    assert (w, b) == pytest.approx((2, 1))
    assert last < 1e-9 < first
    w, b, _, last = trap.fit_line(x, y[:, 0])
    assert (w, b, last) == pytest.approx((0, y.mean(), y.var()), abs=1e-6)


def test_the_most_alike_image_names_all_but_16_digits():
    known, new = datasets.digits_split()
    answers = most_alike(known.x.reshape(-1, 64), known.y, new.x.reshape(-1, 64))
    assert np.sum(answers != new.y) == 16


def test_average_images_do_not_reach_the_goal_of_the_open_task():
    check = next(check for check in checks.CHECKS if check.name == "most_alike")
    for seed in range(5):
        for case in check.cases(np.random.default_rng(seed)):
            x, y, others = case.arguments
            means = np.array([x[y == digit].mean(axis=0) for digit in range(10)])
            answers = ((others[:, np.newaxis] - means) ** 2).sum(axis=2).argmin(axis=1)
            assert check.goal.reached(check.goal.measure(answers, case.hidden)) == 1


def test_a_call_is_timed_over_many():
    calls = []
    assert trap.seconds(calls.append, 1) * len(calls) > 0.09


def test_each_figure_says_what_it_shows():
    known, _ = datasets.digits_split()
    batch = figures.batch_figure(known.x[:3, :, :, 0], known.y)
    assert "a handwritten 0" in batch.description
    assert "the rows are axis 1 and the columns axis 2" in batch.description
    shapes = figures.line_up_figure([((2, 3), (3,)), ((2, 3), (2,)), ((), ())])
    assert "(2, 3) comes out" in shapes.description
    assert "they do not fit" in shapes.description
    assert "the last has 50" in figures.batches_figure(1050, 100).description
    line = figures.trap_figure(np.arange(3.0), np.arange(3.0), {"a": (0, 1), "b": (1, 0)})
    assert "a: slope 0.00, height 1.00" in line.description


def boxes(figure, artists):
    """Return where artists of a figure are drawn, in pixels."""
    figure.draw_without_rendering()
    return [artist.get_window_extent() for artist in artists]


def test_no_image_of_the_batch_hides_another():
    known, _ = datasets.digits_split()
    _, right = figures.batch_figure(known.x[:5, :, :, 0], known.y).axes
    places = boxes(right.figure, right.images)
    assert len(places) == 5
    assert not any(a.overlaps(b) for a, b in itertools.combinations(places, 2))


def test_nothing_crosses_the_names_of_the_timeline():
    figure, axes = new_figure(size=(6.4, 4.8))
    drawn = figures.draw_timeline(axes)
    names = boxes(figure, [name for _, name in drawn])
    assert not any(a.overlaps(b) for a, b in itertools.combinations(names, 2))
    lines = [line.get_window_extent() for line in axes.lines]
    assert not any(a.overlaps(b) for a, b in itertools.product(names, lines))
    assert all(axes.bbox.x1 >= name.x1 for name in names)
