"""Training in small, and counting of right answers."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_17_seq2seq import experiments, tasks
from dlcourse.lessons.lesson_17_seq2seq.tasks import STOP, Numbers


class Parrot:
    """Writes what it is told to, and is right when it is forced."""

    def __init__(self, written, forced):
        self.written, self.forced = np.array(written), np.array(forced)

    def write(self, source, longest):
        return np.pad(self.written, ((0, 0), (0, longest - self.written.shape[1])))

    def forward(self, source, given):
        return np.eye(40)[self.forced], None


TARGET = np.array([[4, 5, STOP], [6, STOP, 0]])


@pytest.mark.parametrize(
    ("written", "whole", "letters"),
    [
        ([[4, 5, 2], [6, 2, 0]], 1.0, 1.0),
        ([[4, 5, 2], [6, 6, 2]], 0.5, 0.8),
        ([[4, 4, 2], [6, 2, 0]], 0.5, 0.8),
        ([[4, 5, 2, 0], [6, 2, 0, 7]], 0.5, 1.0),  # goes on where it should have stopped
    ],
)
def test_whole_answers_and_letters(written, whole, letters):
    found = experiments.right(Parrot(written, TARGET), np.zeros((2, 3), int), TARGET)
    assert found.whole == whole
    assert found.letters == pytest.approx(letters)
    assert found.forced == 1


def test_padding_is_no_letter():
    forced = TARGET.copy()
    forced[1, 2] = 9
    found = experiments.right(Parrot(TARGET, forced), np.zeros((2, 3), int), TARGET)
    assert found.forced == 1


def test_first_letters_are_those_after_a_gap():
    task = Numbers(into_words=True)
    _, target = task.arrays([42, 7])
    wrong = target.copy()
    gap = task.text(target[0]).index("-") + 1
    wrong[0, [0, gap]] = 3
    first, others = experiments.by_place(Parrot(target, wrong), np.zeros((2, 1), int), target)
    assert first == pytest.approx(1 / 3)  # forty, two, seven
    assert others == 1


@pytest.mark.parametrize("attention", [False, True])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_short_training_helps(attention, seed):
    before = experiments.copier(seed, steps=0, attention=attention)
    after = experiments.copier(seed, steps=150, longest=4, attention=attention)
    rng = np.random.default_rng(0)
    source, target = tasks.strings(4, 100, rng)
    scores = [experiments.right(model, source, target) for model in (before, after)]
    assert scores[1].forced > scores[0].forced + 0.2


def test_the_same_seed_gives_the_same_network():
    task = Numbers(into_words=False)
    first, again, other = (experiments.translator(task, seed, steps=3) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.get_weights()[3], again.get_weights()[3])
    assert not np.array_equal(first.get_weights()[3], other.get_weights()[3])


def test_where_it_looks_has_a_row_for_each_letter():
    model = experiments.translator(Numbers(into_words=True), 0, steps=0, attention=True)
    text, weights = experiments.watched(model, "204")
    assert weights.shape == (experiments.LONGEST, 3)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    assert len(text) <= experiments.LONGEST
    plain = experiments.translator(Numbers(into_words=True), 0, steps=0)
    assert experiments.watched(plain, "204")[1] is None


@pytest.mark.parametrize("reset_after", [True, False])
def test_keras_steps_as_the_package_does(reset_after):
    rng = np.random.default_rng(3)
    params = {"wx": rng.normal(size=(2, 9)), "wh": rng.normal(size=(3, 9))}
    params |= {"b": rng.normal(size=9), "b_h": rng.normal(size=9)}
    x, h = rng.normal(size=2), rng.normal(size=3)
    layer = nn.GRU(3, reset_after=reset_after)
    bias = np.stack([params["b"], params["b_h"]]) if reset_after else params["b"]
    layer.params = {"kernel": params["wx"], "recurrent_kernel": params["wh"], "bias": bias}
    expected, _ = layer.forward(x[None, None], initial_state=h[None])
    found = experiments.keras_step(x, h, params, reset_after)
    np.testing.assert_allclose(found, expected[0], atol=1e-6)


def test_a_beam_of_one_is_greedy():
    model = experiments.copier(0, steps=100, longest=4)
    source, target = tasks.strings(4, 30, np.random.default_rng(0))
    whole, log_p = experiments.searched(model, source, target, width=1)
    assert whole == pytest.approx(experiments.right(model, source, target).whole)
    wider = experiments.searched(model, source, target, width=4)
    assert wider[1] >= log_p


@pytest.mark.parametrize("way", experiments.PADDING)
def test_padded_strings(way):
    rng = np.random.default_rng(0)
    source, target = experiments._padded_strings(np.array([2, 3]), 5, way, rng)
    assert source.shape == (2, 5)
    pad = tasks.PAD if way == "skipped" else experiments.READ
    row = source[0, :2] if way == "after" else source[0, -2:]
    assert (np.sort(source[0])[[0, 1, 2] if pad == 0 else [2, 3, 4]] == pad).all()
    np.testing.assert_array_equal(target[0], [*row, STOP, 0])


def test_skipped_padding_changes_nothing_at_any_width():
    found = experiments.padding(seed=3, way="skipped", steps=120)
    assert set(found) == set(experiments.WIDTHS)
    assert max(found.values()) - min(found.values()) < 0.2  # fresh strings at each


def test_words_for_shares():
    shares = (0.0, 0.004, 0.1, 0.5, 0.64, 0.9, 0.95, 1.0)
    assert [experiments.roughly(share) for share in shares] == [
        *("hardly any", "hardly any", "few", "about half", "more than half"),
        *("about nine in ten", "nearly all", "nearly all"),
    ]


def test_times_of_both():
    model = experiments.translator(Numbers(into_words=True), 0, steps=0, attention=True)
    source, target = Numbers(into_words=True).arrays([3, 14])
    before = model.get_weights()
    table = experiments.speed(model, source, target, repeats=2)
    assert [row[0] for row in table.rows] == ["dlcourse", "Keras"]
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
