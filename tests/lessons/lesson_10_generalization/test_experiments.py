"""What lesson 10 trains: that it is what it says, and one run of each kind with other seeds."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_10_generalization import experiments, rules, tables


def test_the_parts_share_no_digit_and_lose_none():
    data = experiments.parts(7, 500)
    sizes = [len(data.x), len(data.validation_x), len(data.test_x)]
    assert sizes == [500, 300, 997]
    everything = np.concatenate([data.x, data.validation_x, data.test_x])
    np.testing.assert_array_equal(
        np.sort(everything.sum(axis=1)), np.sort(experiments.images()[0].sum(axis=1))
    )


def test_wrong_labels_are_wrong_and_the_test_set_is_clean():
    clean, spoilt = experiments.parts(7, 500), experiments.parts(7, 500, 0.3)
    assert 0.2 < np.mean(clean.y != spoilt.y) < 0.4
    assert 0.2 < np.mean(clean.validation_y != spoilt.validation_y) < 0.4
    np.testing.assert_array_equal(clean.test_y, spoilt.test_y)
    np.testing.assert_array_equal(clean.x, spoilt.x)
    assert set(spoilt.y) == set(range(10))


def test_a_network_has_its_layers():
    model = experiments.network(0, (5, 6), (0.2, 0.5))
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == [
        "Dropout", "Dense", "Activation", "Dropout", "Dense", "Activation", "Dropout", "Dense"
    ]  # fmt: skip
    assert [getattr(layer, "rate", None) for layer in model.layers][::3] == [0.2, 0.5, 0.5][:3]


def test_what_is_watched_is_what_is_there():
    data = experiments.parts(7, 60)
    model = experiments.network(7, (8,))
    watch = experiments.train(model, data, epochs=3, watched=True)
    assert len(watch.loss) == len(watch.test) == len(watch.train) == 3
    assert watch.test[-1] == experiments.error(model, data.test_x, data.test_y)
    assert watch.best == int(np.argmin(watch.loss))
    assert experiments.train(model, data, epochs=1).loss == []


@pytest.mark.parametrize("kind", experiments.KINDS)
def test_anything_is_learned_by_heart(kind):
    memory = experiments.memorise(kind, seed=9, n=50)
    assert memory.train == 0
    assert memory.epochs < 100
    assert memory.test < 60 if kind == "true labels" else memory.test > 60


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="true labels"):
        experiments.memorise("lies", 0)


def test_shifts_move_and_lose_nothing():
    x = experiments.framed(experiments.images()[0][:20])
    moved = experiments.shifted(x, np.random.default_rng(0))
    np.testing.assert_allclose(moved.sum(axis=1), x.sum(axis=1), rtol=1e-6)
    assert np.mean(np.any(moved != x, axis=1)) > 0.6


def test_a_network_that_saw_shifts_reads_shifted_digits():
    plain, seen = (experiments.augmented(9, shifts, n=150, epochs=15) for shifts in (False, True))
    assert seen[1] < plain[1] - 20


def test_candidates_are_tested_on_what_they_have_not_seen():
    wrong = experiments.candidates(3, number=2, n=100)
    assert wrong.shape == (2, 1697)
    assert wrong.dtype == bool
    assert 0.03 < wrong.mean() < 0.7


def test_dropout_helps_with_wrong_labels():
    data = experiments.parts(9, 300, 0.3)
    found = []
    for dropout in ((0.0, 0.0), (0.2, 0.5)):
        model = experiments.network(9, (128, 128), dropout)
        experiments.train(model, data, nn.Adam(2e-3), 40)
        found.append(experiments.error(model, data.test_x, data.test_y))
    assert found[1] < found[0] - 4


def test_a_verdict_needs_a_difference_that_is_sure_and_large():
    assert rules.verdict([5, 5.1, 4.9], [4, 4.1, 3.9]) == "helps"
    assert rules.verdict([4, 4.1, 3.9], [5, 5.1, 4.9]) == "hurts"
    assert rules.verdict([5, 5.1, 4.9], [4.9, 5.0, 4.8]) == "no difference"  # sure, but small
    assert rules.verdict([5, 9, 1], [1, 5, 9]) == "no difference"  # large, but not sure


def test_memory_grows_with_the_batch():
    (row,) = rules.memory()
    assert row.verdict == "true"


def test_every_table_has_a_name():
    assert list(tables.ALL) == ["memory", "remedies", "shifts", "hands", "rules"]
    assert tables.said([1.0, 2.0, 6.0]) == "2.0 (1.0 to 6.0)"
