"""The writer learns what the lesson says, on a seed that the lesson does not use."""

from itertools import islice

import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_15_recurrent import writer

MANUAL = datasets.python_manual()
SEEN, NEW = MANUAL[:340_000], MANUAL[340_000:]


@pytest.fixture(scope="module")
def trained():
    return writer.train(SEEN, 150, seed=7)


def test_the_manual_has_no_other_letters():
    assert set(MANUAL) == set(datasets.LETTERS)
    assert len(MANUAL) > 350_000
    assert "  " not in MANUAL


def test_counts_are_worth_more_the_more_they_count():
    bits = dict(writer.counted_bits(SEEN, NEW))
    assert bits["all letters alike"] == pytest.approx(np.log2(29))
    assert list(bits.values()) == sorted(bits.values(), reverse=True)


def test_counting_is_that_of_a_loop():
    """Pairs of a text of three letters, by hand: shares that sum to 1, and begin with letters."""
    seen, new = "abababac", "aba"
    (_, letters), (_, pairs) = islice(writer.counted_bits(seen, new), 1, 3)
    share = {c: (seen.count(c) + 1 / 29) / (len(seen) + 1) for c in "ab"}
    assert letters == pytest.approx(-np.mean([np.log2(share[c]) for c in new]))
    after_a, after_b = (3 + share["b"]) / (4 + 1), (3 + share["a"]) / (3 + 1)
    assert pairs == pytest.approx(-np.mean(np.log2([after_a, after_b])))


def test_a_short_training_beats_counting_pairs(trained):
    """Even a seventh of the lesson's training; untrained it knows nothing."""
    assert writer.bits(trained, NEW) < dict(writer.counted_bits(SEEN, NEW))["pairs counted"]
    assert writer.bits(writer.train(SEEN, 0, seed=7), NEW) > np.log2(29)


def test_more_reading_helps_at_first(trained):
    """One letter is worse than four; the whole piece is what `bits` measures."""
    one, four, all_ = (writer.bits_after(trained, NEW, read) for read in (1, 4, writer.PIECE))
    assert one > four + 0.2
    assert all_ == pytest.approx(writer.bits(trained, NEW), abs=0.25)


def test_bits_are_those_of_the_probabilities(trained):
    text = NEW[: writer.PIECE + 1]
    logits = trained.predict(writer.ONE_HOT[writer.codes(text[:-1])][np.newaxis])
    shares = np.exp(logits[0]) / np.exp(logits[0]).sum(axis=-1, keepdims=True)
    given = shares[np.arange(writer.PIECE), writer.codes(text[1:])]
    assert writer.bits(trained, text) == pytest.approx(-np.log2(given).mean(), rel=1e-4)


def test_writing_carries_the_state(trained):
    """It writes what a network that reads everything again would write."""
    text = writer.write(trained, 12, seed=3)
    rng, recurrent, readout = np.random.default_rng(3), *trained.layers
    again = " "
    for _ in range(11):
        states, _ = recurrent.forward(writer.ONE_HOT[writer.codes(again)][np.newaxis])
        powers = np.exp(2 * readout.forward(states[:, -1])[0][0])
        again += rng.choice(list(writer.LETTERS), p=powers / powers.sum())
    assert text == again
    assert isinstance(trained, nn.Sequential)
