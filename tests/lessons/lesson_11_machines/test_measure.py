import numpy as np
import pytest

from dlcourse.lessons.lesson_11_machines import measure
from dlcourse.lessons.lesson_11_machines.machines import (
    CLASSIFIERS,
    REGRESSORS,
    Clusters,
    Network,
    classifier,
    regressor,
)


class Parrot:
    """Says the label that it heard last."""

    def fit(self, x, y):
        self.label = y[-1]

    def predict(self, x):
        return np.full(len(x), self.label)


def test_a_run_counts_known_and_new_apart():
    x = np.zeros((4, 2))
    run = measure.run(Parrot(), (x, np.array([0, 0, 0, 1])), (x, np.array([1, 1, 1, 0])))
    assert (run.right, run.right_known) == (0.75, 0.25)
    assert run.fit >= 0
    assert run.kilobytes > 0


def test_folds_are_shuffled_apart_and_alike():
    y = np.repeat([0, 1], [50, 25])
    pairs = measure.folds(y, 0)
    assert sorted(np.concatenate([new for _, new in pairs]).tolist()) == list(range(75))
    for known, new in pairs:
        assert not set(known) & set(new)
        assert y[new].sum() == 5
    assert not np.array_equal(pairs[0][1], measure.folds(y, 1)[0][1])


@pytest.mark.parametrize("name", [n for n in CLASSIFIERS if n not in ("boosting", "deep network")])
def test_each_classifier_tells_two_clouds_apart(name):
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    x = rng.normal(size=(40, 2)) + 6 * y[:, None]
    assert measure.run(classifier(name), (x[:30], y[:30]), (x[30:], y[30:])).right == 1


@pytest.mark.parametrize("name", REGRESSORS)
def test_each_machine_for_numbers_is_better_than_the_mean(name):
    x = np.random.default_rng(0).normal(size=(60, 2))
    assert measure.explained(regressor(name), x, 30 + 5 * x[:, 0]) > 0.3


def test_networks_and_clusters_answer_with_the_labels_they_heard():
    x, y = np.array([[0.0], [0.1], [5.0], [5.1]]), np.array([3, 3, 7, 7])
    for machine in (Network((4,)), Clusters(), Clusters(k=2)):
        np.testing.assert_array_equal(machine.fit(x, y).predict(x), y)


def test_useless_columns_stand_beside_the_features():
    x = np.ones((5, 2))
    wide = measure.with_useless(x, 3, 0)
    assert wide.shape == (5, 5)
    np.testing.assert_array_equal(wide[:, :2], x)


def test_strangers_far_away_are_seen():
    rng = np.random.default_rng(0)
    ordinary = np.arange(80) < 50
    x = rng.normal(size=(80, 3)) + np.where(ordinary, 0, 8)[:, None]
    found = measure.strangers(x, ordinary, 30)
    assert found.auc == 1
    assert measure.nearest_auc(x, ordinary, 30) == 1
    assert 0 < found.refused_known < 0.5


@pytest.mark.parametrize(
    ("name", "shape"),
    [("digits", (1797, 64)), ("tumours", (569, 30)), ("wines", (178, 13)), ("diabetes", (442, 10))],
)
def test_the_tables(name, shape):
    x, y = measure.data(name)
    assert x.shape == shape
    assert len(y) == shape[0]
