"""The experiments of the lesson, on seeds that it does not use."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_15_recurrent import experiments, figures


@pytest.mark.parametrize(
    ("radius", "time", "learned"), [(0.5, 10, True), (0.5, 20, False), (1.0, 40, True)]
)
def test_a_network_remembers_as_long_as_its_radius_lets_it(radius, time, learned):
    assert experiments.remembers(radius, time, seed=5) == learned


def test_only_a_network_that_reads_both_ways_sees_ahead():
    forwards = nn.SimpleRNN(24, return_sequences=True)
    assert experiments.compares_neighbours(forwards, seed=3) == pytest.approx(0.5, abs=0.05)
    both_ways = nn.Bidirectional(nn.SimpleRNN(12, return_sequences=True))
    assert experiments.compares_neighbours(both_ways, seed=3) > 0.95


def test_the_error_falls_at_every_third_bit():
    errors = np.array([experiments.elman_errors(4, seed=5)])
    assert errors.shape == (1, 59)
    assert figures.falling_runs(errors) == 1


def test_what_was_two_steps_ago_needs_the_hidden_state():
    assert experiments.answers_with_feedback("two steps ago", "Elman", seed=3) > 0.95
    lost = experiments.answers_with_feedback("two steps ago", "Jordan", seed=3)
    assert lost == pytest.approx(0.5, abs=0.1)
    assert experiments.answers_with_feedback("odd so far", "Jordan", seed=3) > 0.95


def test_only_clipping_survives_the_cliff():
    free, clipped = experiments.descend(np.inf), experiments.descend(0.1)
    assert abs(free[-1]) > 10  # it began at 0.9; what it lands on is rounding's to say
    assert clipped[-1] == pytest.approx(0.5 ** (1 / 50), abs=0.005)
    assert np.abs(np.diff(clipped)).max() <= 0.1 * 0.02 + 1e-12
