"""The machines of lesson 11, new and ready to learn, with scikit-learn's own settings.

Where a setting differs it stands here. Nothing is tuned: not on the data that a machine is judged
on, and not on any other.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.cluster import KMeans
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from dlcourse import nn
from dlcourse.nn.contract import Array

Labels = NDArray[Any]
STEPS, BATCH = 1000, 32  # of a network; about 22 passes through the digits


class Network(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier made of hidden ReLU layers: Adam, and a rate that falls to 0.

    Parameters
    ----------
    hidden : tuple of int
        Units of each hidden layer.
    seed : int
        Of the starting weights and of the order of the examples.
    """

    def __init__(self, hidden: tuple[int, ...] = (64,), seed: int = 0) -> None:
        self.hidden, self.seed = hidden, seed

    def fit(self, x: Array, y: Labels) -> "Network":
        """Train on the examples, a class label for each."""
        self.classes_, labels = np.unique(y, return_inverse=True)
        loss = nn.SparseCategoricalCrossentropy(from_logits=True)
        self.model_ = _trained(x, labels, len(self.classes_), loss, self.hidden, self.seed)
        return self

    def predict(self, x: Array) -> Labels:
        """Return the likeliest class of each example."""
        scores = self.model_.predict(x.astype(np.float32), 512)
        found: Labels = self.classes_[scores.argmax(axis=1)]
        return found


class NetworkRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """The same network with one output, for numbers."""

    def __init__(self, hidden: tuple[int, ...] = (64,), seed: int = 0) -> None:
        self.hidden, self.seed = hidden, seed

    def fit(self, x: Array, y: Array) -> "NetworkRegressor":
        """Train on the examples, a number for each."""
        targets = y.astype(np.float32)[:, None]
        self.model_ = _trained(x, targets, 1, nn.MeanSquaredError(), self.hidden, self.seed)
        return self

    def predict(self, x: Array) -> Array:
        """Return a number for each example."""
        found: Array = self.model_.predict(x.astype(np.float32), 512)[:, 0].astype(float)
        return found


class Clusters(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """k-means; each cluster answers with its most frequent label.

    The clusters are found without the labels, so this says how well groups and classes agree.

    Parameters
    ----------
    k : int, optional
        How many clusters; by default one for each class.
    seed : int
    """

    def __init__(self, k: int | None = None, seed: int = 0) -> None:
        self.k, self.seed = k, seed

    def fit(self, x: Array, y: Labels) -> "Clusters":
        """Find the clusters, then count the labels in each."""
        self.classes_, labels = np.unique(y, return_inverse=True)
        k, classes = self.k or len(self.classes_), len(self.classes_)
        self.means_ = KMeans(k, n_init=10, random_state=self.seed)
        found = self.means_.fit_predict(x)
        counts = [np.bincount(labels[found == j], minlength=classes) for j in range(k)]
        self.answers_ = self.classes_[np.argmax(counts, axis=1)]
        return self

    def predict(self, x: Array) -> Labels:
        """Return the label of the cluster whose centre is nearest."""
        found: Labels = self.answers_[self.means_.predict(x)]
        return found


def _trained(
    x: Array, y: Labels, outputs: int, loss: Any, hidden: tuple[int, ...], seed: int
) -> nn.Sequential:
    layers: list[Any] = []
    for units in hidden:
        layers += [nn.Dense(units, kernel_initializer="he_normal"), nn.Activation("relu")]
    model = nn.Sequential([*layers, nn.Dense(outputs)], input_shape=x.shape[1:], seed=seed)
    batch = min(BATCH, len(x))
    epochs = -(-STEPS // -(-len(x) // batch))
    optimizer = nn.Adam(nn.CosineDecay(0.003, STEPS))
    model.fit(
        x.astype(np.float32), y, loss=loss, optimizer=optimizer, batch_size=batch, epochs=epochs,
        verbose=False,
    )  # fmt: skip
    return model


Maker = Callable[[int], Any]

# Under each name what makes the machine, from a seed. Features of different units are brought to
# mean 0 and standard deviation 1 by `classifier` and `regressor`, for all machines alike.
CLASSIFIERS: dict[str, Maker] = {
    "linear regression": lambda seed: RidgeClassifier(1e-3),
    "logistic regression": lambda seed: LogisticRegression(max_iter=20_000),
    "decision tree": lambda seed: DecisionTreeClassifier(random_state=seed),
    "random forest": lambda seed: RandomForestClassifier(100, random_state=seed),
    "boosting": lambda seed: HistGradientBoostingClassifier(max_iter=30, random_state=seed),
    "naive Bayes": lambda seed: GaussianNB(),
    "SVM": lambda seed: SVC(),
    "neural network": lambda seed: Network((64,), seed),
    "deep network": lambda seed: Network((64, 64, 64), seed),
    "3 nearest neighbours": lambda seed: KNeighborsClassifier(3),
    "k-means": lambda seed: Clusters(seed=seed),
}
# Those whose regions differ most.
EIGHT: tuple[str, ...] = (
    "logistic regression",
    "naive Bayes",
    "3 nearest neighbours",
    "SVM",
    "decision tree",
)
EIGHT += ("random forest", "boosting", "neural network")
REGRESSORS: dict[str, Maker] = {
    "linear regression": lambda seed: LinearRegression(),
    "decision tree": lambda seed: DecisionTreeRegressor(random_state=seed),
    "random forest": lambda seed: RandomForestRegressor(100, random_state=seed),
    "boosting": lambda seed: HistGradientBoostingRegressor(max_iter=30, random_state=seed),
    "SVM": lambda seed: SVR(),
    "neural network": lambda seed: NetworkRegressor((64,), seed),
    "3 nearest neighbours": lambda seed: KNeighborsRegressor(3),
}


def classifier(name: str, seed: int = 0, scaled: bool = True) -> Any:
    """Return a new classifier.

    Parameters
    ----------
    name : str
        One of `CLASSIFIERS`.
    seed : int
        Of what is random in it.
    scaled : bool
        Whether it learns from features of mean 0 and standard deviation 1.

    Examples
    --------
    >>> x, y = np.array([[1.0], [2.0], [4.0], [7.0]]), np.array([0, 0, 1, 1])
    >>> classifier("naive Bayes").fit(x, y).predict([[3.2]])
    array([1])
    """
    made = CLASSIFIERS[name](seed)
    return make_pipeline(StandardScaler(), made) if scaled else made


def regressor(name: str, seed: int = 0) -> Any:
    """Return a new machine for numbers; features and numbers have mean 0 and deviation 1 in it."""
    made = make_pipeline(StandardScaler(), REGRESSORS[name](seed))
    return TransformedTargetRegressor(made, transformer=StandardScaler())


def one_class_svm(scaled: bool = True) -> Any:
    """Return a new one-class SVM: of what it learns, it may refuse a tenth."""
    made = OneClassSVM(nu=0.1)
    return make_pipeline(StandardScaler(), made) if scaled else made
