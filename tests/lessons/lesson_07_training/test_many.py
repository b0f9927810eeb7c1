"""Twenty networks side by side do what one does alone, and what the lesson says of them."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_07_training import figures, many
from dlcourse.lessons.lesson_07_training.checks import sweeps_to_learn, train_epoch

XOR = many.xor_table()


def alone(seed, hidden, sweeps, share):
    """Train one network with the reference of the exercise; its error is the average."""
    x, y = XOR
    params = [array[0] for array in many.starts((2, hidden, 1), 0.5, [seed])]
    steps = [np.zeros_like(array) for array in params]
    for _ in range(sweeps):
        params, steps = train_epoch(x, y, params, steps, np.arange(4), 4, 0.5 * 4, share)
    return params


@pytest.mark.parametrize("share", [0.0, 0.9])
def test_each_network_is_trained_as_if_alone(share):
    runs = many.train_many(*XOR, 2, seeds=range(3), rate=0.5, share=share, most=60)
    for seed in range(3):
        for side_by_side, one in zip(runs.params, alone(seed, 2, 60, share), strict=True):
            np.testing.assert_allclose(side_by_side[seed], one, atol=1e-12)


def test_a_network_that_has_learned_is_left_as_it_was():
    runs = many.train_many(*XOR, 3, seeds=range(4), rate=0.5, most=5000)
    for seed, count in enumerate(runs.sweeps):
        start = [array[0] for array in many.starts((2, 3, 1), 0.5, [seed])]
        assert sweeps_to_learn(*XOR, start, 2.0, 0.9, 5000) == count
    assert (np.abs(runs.answers - XOR[1]) < 0.1).all()


def test_direct_lines_are_part_of_the_gradient():
    """One step against the gradient changes the error as much as nudging says."""
    x, y = XOR
    start = many.starts((2, 1, 1), 0.5, [0], skip=True)
    rate = 1e-6
    runs = many.train_many(x, y, 1, seeds=[0], rate=rate, share=0.0, most=1, skip=True)

    def error(params):
        return 0.5 * np.sum((many.answers_of(params, x, skip=True)[1] - y) ** 2)

    for k, (before, after) in enumerate(zip(start, runs.params, strict=True)):
        for place in np.ndindex(before.shape):
            up, down = ([array.copy() for array in start] for _ in range(2))
            up[k][place] += 1e-5
            down[k][place] -= 1e-5
            slope = (error(up) - error(down)) / 2e-5
            assert (before[place] - after[place]) / rate == pytest.approx(slope, abs=1e-6)


def test_patterns_that_mirror_themselves():
    x, y = many.mirror_patterns()
    assert x.shape == (64, 6)
    assert y.sum() == 8
    assert y[int("110011", 2)] == 1
    assert y[int("110010", 2)] == 0


def test_both_ratios_of_the_lesson_are_found():
    runs = many.train_many(*many.mirror_patterns(), 2, seeds=[1, 6, 19], rate=0.1, width=0.3)
    assert None not in runs.sweeps
    assert list(figures.is_1_2_4(runs.params[0])) == [True, True, False]
    np.testing.assert_allclose(figures.ratios(runs.params[0][2:]), [[1.53, 2.04]], atol=0.02)


def test_the_errors_of_a_curve_end_with_learning():
    runs = many.train_many(*XOR, 3, seeds=range(2), rate=0.5, most=400, every=10)
    for curve, count in zip(runs.curves, runs.sweeps, strict=True):
        known = ~np.isnan(curve)
        assert known.sum() == count // 10 + 1
        assert curve[0] == pytest.approx(0.5, abs=0.1)
