"""Beam search: wider is never worse than all, narrow is greedy, what has ended stays."""

import itertools
import math

import numpy as np
import pytest

from dlcourse import nn

START, STOP = 9, 2


def step_of(seed, symbols=3):
    """Return a table of log probabilities that depends on everything written so far."""

    def step(written):
        rng = np.random.default_rng([seed, *written])
        return np.log(rng.dirichlet(np.ones(symbols)))

    return step


def best_of_all(step, longest):
    """Return the likeliest of all sequences that end, or are as long as allowed."""
    found = (-math.inf, [])
    for length in range(1, longest + 1):
        for written in itertools.product(range(3), repeat=length):
            ended = written[-1] == STOP
            if STOP in written[:-1] or not (ended or length == longest):
                continue
            places = range(length)
            log_p = sum(step([START, *written[:t]])[written[t]] for t in places)
            found = max(found, (log_p, list(written)))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_beam_as_wide_as_everything_finds_the_likeliest(seed):
    step = step_of(seed)
    log_p, written = best_of_all(step, 4)
    found, found_log_p = nn.beam_search(step, START, STOP, width=81, longest=4)
    assert found == written
    assert found_log_p == pytest.approx(log_p)


@pytest.mark.parametrize("seed", range(8))
def test_width_one_is_greedy(seed):
    step, written = step_of(seed), [START]
    while len(written) < 6 and (len(written) == 1 or written[-1] != STOP):
        written.append(int(np.argmax(step(written))))
    assert nn.beam_search(step, START, STOP, width=1, longest=5)[0] == written[1:]


def test_the_start_may_be_the_stop():
    step = {(2,): (0.6, 0.1, 0.3), (2, 0): (0.1, 0.1, 0.8)}
    found, log_p = nn.beam_search(
        lambda written: np.log(step[tuple(written)]), start=2, stop=2, width=1, longest=5
    )
    assert found == [0, 2]
    assert math.exp(log_p) == pytest.approx(0.48)


def test_a_sequence_that_has_ended_keeps_its_place_and_gets_no_longer():
    asked = []

    def step(written):
        asked.append(list(written))
        return np.log([0.3, 0.2, 0.5])

    assert nn.beam_search(step, START, STOP, width=2, longest=3)[0] == [STOP]
    assert not [written for written in asked if STOP in written]


def test_widths_and_lengths_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="width=0"):
        nn.beam_search(step_of(0), START, STOP, width=0, longest=3)
    with pytest.raises(ValueError, match="longest=0"):
        nn.beam_search(step_of(0), START, STOP, width=2, longest=0)
