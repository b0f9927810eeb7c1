"""How the machines of lesson 11 are measured: one split for all, CPU seconds, kept bytes."""

import pickle
import time
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold

from dlcourse import datasets
from dlcourse.lessons.lesson_11_machines.machines import one_class_svm
from dlcourse.nn.contract import Array

FOLDS = 5
Labels = NDArray[Any]


@cache
def data(name: str) -> tuple[Array, Labels]:
    """Return one of the data sets, a row per example.

    Parameters
    ----------
    name : {"digits", "tumours", "wines", "diabetes"}
        1797 digits of 64 grey values, 569 tumours with 30 measurements, 178 wines with 13, or 442
        patients with 10, whose label is a number.
    """
    if name == "digits":
        found = datasets.digits()
        return found.x.reshape(-1, 64).astype(float), found.y
    loaders = {"tumours": load_breast_cancer, "wines": load_wine, "diabetes": load_diabetes}
    x, y = loaders[name](return_X_y=True)
    return x, y


def with_useless(x: Array, columns: int, seed: int) -> Array:
    """Return the features with columns of random numbers beside them."""
    return np.column_stack([x, np.random.default_rng(seed).normal(size=(len(x), columns))])


def folds(y: Labels, seed: int = 0) -> list[tuple[Labels, Labels]]:
    """Return five pairs of places, (to learn from, to be tested on), the classes in each alike."""
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(y, y))


class Run(NamedTuple):
    """What one machine did on one split."""

    right: float  # share of the examples that it had not seen
    right_known: float  # share of those that it learned from
    fit: float  # CPU seconds
    predict: float  # CPU milliseconds per 1000 examples
    kilobytes: float  # of the machine when it is written to a file


def run(machine: Any, known: tuple[Array, Labels], new: tuple[Array, Labels]) -> Run:
    """Let a machine learn from examples and answer others."""
    seconds = [time.process_time()]
    machine.fit(*known)
    seconds.append(time.process_time())
    answers = machine.predict(new[0])
    seconds.append(time.process_time())
    return Run(
        float(np.mean(answers == new[1])),
        float(np.mean(machine.predict(known[0]) == known[1])),
        seconds[1] - seconds[0],
        (seconds[2] - seconds[1]) / len(new[0]) * 1e6,
        len(pickle.dumps(machine)) / 1024,
    )


def cross_validate(machine: Any, x: Array, y: Labels, seed: int = 0) -> Run:
    """Return the mean over five folds, each with a new copy of the machine; of times the median."""
    runs = [run(clone(machine), (x[a], y[a]), (x[b], y[b])) for a, b in folds(y, seed)]
    mean, middle = np.mean(runs, axis=0), np.median(runs, axis=0)
    return Run(*(float(v) for v in (*mean[:2], *middle[2:4], mean[4])))


def explained(machine: Any, x: Array, y: Array, seed: int = 0) -> float:
    """Return R squared on five folds, the mean: 1 is perfect, 0 is the mean of all numbers."""
    found = []
    for a, b in KFold(FOLDS, shuffle=True, random_state=seed).split(x):
        found.append(r2_score(y[b], clone(machine).fit(x[a], y[a]).predict(x[b])))
    return float(np.mean(found))


class Strangers(NamedTuple):
    """How well what learned one class alone tells it from the others."""

    auc: float  # chance that an ordinary example looks more ordinary than a strange one
    refused_known: float  # share of ordinary examples that it learned from
    refused_new: float  # and of ordinary ones that it did not


def strangers(
    x: Array, ordinary: NDArray[np.bool_], known: int, seed: int = 0, scaled: bool = False
) -> Strangers:
    """Teach a one-class SVM (nu = 0.1) some ordinary examples, and test it on all others."""
    places = np.random.default_rng(seed).permutation(np.flatnonzero(ordinary))
    rest = np.setdiff1d(np.arange(len(x)), places[:known])
    machine = one_class_svm(scaled).fit(x[places[:known]])
    return Strangers(
        float(roc_auc_score(ordinary[rest], machine.decision_function(x[rest]))),
        float(np.mean(machine.predict(x[places[:known]]) < 0)),
        float(np.mean(machine.predict(x[places[known:]]) < 0)),
    )


def nearest_auc(x: Array, ordinary: NDArray[np.bool_], known: int, seed: int = 0) -> float:
    """Do the same with the distance to the nearest known example instead of a machine."""
    places = np.random.default_rng(seed).permutation(np.flatnonzero(ordinary))
    rest = np.setdiff1d(np.arange(len(x)), places[:known])
    near = [np.min(np.sum((x[places[:known]] - row) ** 2, axis=1)) for row in x[rest]]
    return float(roc_auc_score(ordinary[rest], -np.array(near)))
