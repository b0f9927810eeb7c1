"""The first two artificial neurons: McCulloch and Pitts's of 1943, Rosenblatt's of 1958.

Both compare a weighted sum with a threshold. The first computes but does not learn; the second
learns from its mistakes. For an example x with label y = -1 or +1, the perceptron computes

    score = w . x + b

and is mistaken where ``y * score <= 0``. Then, and only then, it moves:

    w = w + y x        b = b + y

If some w* separates the classes with y (w* . x) >= gamma > 0 for all examples (the bias counted as
the weight of a constant input 1) and no example is longer than R, there are at most
(R |w*| / gamma)^2 mistakes, whatever the order of the examples (Novikoff 1962). If none
separates them, the weights go round in a cycle for ever.
"""

import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlcourse.nn.contract import as_array, configuration, constructor_call, plain_array

Floats = NDArray[np.float64]


class McCullochPittsNeuron:
    """A threshold on a count of binary inputs; one active inhibitory input silences it [1]_.

    In the paper all excitatory inputs weigh the same, and inhibition is absolute. The modern
    threshold unit gives each input a weight of its own, and a negative weight can be outvoted;
    pass `weights` for that version.

    Parameters
    ----------
    threshold : float
        The neuron fires when the sum reaches it.
    inhibitory : sequence of int, shape (n_inputs,), optional
        1 where an input inhibits, 0 where it excites; none inhibits by default.
    weights : sequence of float, optional
        One per input, for the modern version; not together with `inhibitory`.

    References
    ----------
    .. [1] W. McCulloch, W. Pitts, "A logical calculus of the ideas immanent in nervous
       activity", Bulletin of Mathematical Biophysics 5, 1943.

    Examples
    --------
    >>> inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> McCullochPittsNeuron(threshold=2)(inputs)  # AND
    array([0, 0, 0, 1])
    >>> McCullochPittsNeuron(threshold=1)(inputs)  # OR
    array([0, 1, 1, 1])
    >>> McCullochPittsNeuron(threshold=1, inhibitory=[0, 1])(inputs)  # x1 AND NOT x2
    array([0, 0, 1, 0])
    >>> McCullochPittsNeuron(threshold=-1, weights=[-1, -1])(inputs)  # NAND
    array([1, 1, 1, 0])
    """

    def __init__(
        self,
        threshold: float,
        inhibitory: Sequence[int] | None = None,
        weights: Sequence[float] | None = None,
    ) -> None:
        if weights is not None and inhibitory is not None:
            raise ValueError("give inhibitory (1943) or weights (the modern version), not both")
        if inhibitory is not None and not np.isin(inhibitory, (0, 1)).all():
            raise ValueError(
                "inhibitory has 1 for each input that inhibits and 0 for each that excites, "
                f"got {inhibitory!r}"
            )
        self.threshold = threshold
        self.inhibitory = inhibitory
        self.weights = weights

    def __call__(self, inputs: ArrayLike) -> NDArray[np.int64]:
        """Return 1 where the neuron fires, else 0.

        Parameters
        ----------
        inputs : array, shape (..., n_inputs)
            Zeros and ones.

        Returns
        -------
        fires : array of int, shape (...)

        Raises
        ------
        ValueError
            If an input is neither 0 nor 1, or their number is not that of the weights.
        """
        x = as_array(inputs)
        if not np.isin(x, (0, 1)).all():
            raise ValueError(f"a McCulloch-Pitts neuron takes inputs 0 and 1, got {inputs!r}")
        if self.weights is not None:
            if x.shape[-1] != len(self.weights):
                raise ValueError(f"expected {len(self.weights)} inputs, got {x.shape[-1]}")
            sums = x @ as_array(self.weights, np.float64)
            return np.asarray(sums >= self.threshold, np.int64)
        inhibitory = as_array([0] * x.shape[-1] if self.inhibitory is None else self.inhibitory)
        if inhibitory.shape != x.shape[-1:]:
            raise ValueError(
                f"inhibitory has {inhibitory.size} entries, but there are {x.shape[-1]} inputs"
            )
        return all_or_none(x, self.threshold, inhibitory)


def all_or_none(
    inputs: NDArray[Any], threshold: float, inhibitory: NDArray[Any]
) -> NDArray[np.int64]:
    """Return 1 where enough inputs excite and none inhibits: the rule of 1943 and no more."""
    excited = inputs @ (1 - inhibitory) >= threshold
    vetoed = inputs @ inhibitory > 0
    return np.asarray(excited & ~vetoed, np.int64)


class PerceptronUpdate(NamedTuple):
    """One mistake of a perceptron and what it changed; the bias is the last weight."""

    epoch: int  # counted from 1
    index: int  # type: ignore[assignment]  # of the example; hides tuple.index
    x: Floats  # (n_features,)
    y: int  # -1 or +1
    score: float  # of the example, before the update
    weights_before: Floats  # (n_features + 1,)
    weights_after: Floats  # (n_features + 1,)


def perceptron_updates(
    x: ArrayLike, y: ArrayLike, max_epochs: int = 1000
) -> Iterator[PerceptronUpdate]:
    """Train a perceptron from zero weights, and yield each of its mistakes [1]_.

    Examples are taken in the order given. Training ends after the first epoch without a
    mistake, or after `max_epochs`. Starting from zero, a learning rate would only scale all
    weights, so there is none.

    Parameters
    ----------
    x : array, shape (n_examples, n_features)
    y : array, shape (n_examples,)
        Labels -1 and +1.
    max_epochs : int
        When to give up.

    Returns
    -------
    updates : iterator of PerceptronUpdate
        Each is computed when it is asked for.

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is neither -1 nor +1, or an input is not finite.

    References
    ----------
    .. [1] F. Rosenblatt, "The Perceptron: A Probabilistic Model for Information Storage and
       Organization in the Brain", Psychological Review 65(6), 1958.

    Examples
    --------
    >>> AND = [[0, 0], [0, 1], [1, 0], [1, 1]], [-1, -1, -1, 1]
    >>> *_, last = perceptron_updates(*AND)
    >>> last.epoch, last.weights_after
    (8, array([ 3.,  2., -4.]))
    """
    if max_epochs < 1:
        raise ValueError(f"max_epochs must be at least 1, got {max_epochs}")
    return rosenblatt_rule(*_examples(x, y), max_epochs)


def rosenblatt_rule(
    examples: Floats, labels: Floats, max_epochs: int
) -> Iterator[PerceptronUpdate]:
    """Yield the mistakes on examples that end with their constant 1: the rule and no more."""
    weights = np.zeros(examples.shape[1])
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for index, (example, label) in enumerate(zip(examples, labels, strict=True)):
            score = float(example @ weights)
            if label * score <= 0:
                mistakes += 1
                before, weights = weights, weights + label * example
                x, y = example[:-1], int(label)
                yield PerceptronUpdate(epoch, index, x, y, score, before, weights)
        if not mistakes:
            return


def novikoff_bound(x: ArrayLike, y: ArrayLike, weights: ArrayLike) -> float:
    """Return how many mistakes a perceptron can make at most: ``(R |w| / gamma)^2`` [1]_.

    Parameters
    ----------
    x : array, shape (n_examples, n_features)
    y : array, shape (n_examples,)
        Labels -1 and +1.
    weights : array, shape (n_features + 1,)
        Any weights that separate the classes, the bias last. The better they separate, the
        lower the bound.

    Returns
    -------
    bound : float
        Infinite if `weights` do not separate the classes.

    References
    ----------
    .. [1] A. Novikoff, "On convergence proofs on perceptrons", Symposium on the Mathematical
       Theory of Automata, 1962.

    Examples
    --------
    >>> novikoff_bound([[0, 0], [0, 1], [1, 0], [1, 1]], [-1, -1, -1, 1], [3, 2, -4])
    87.0
    """
    examples, labels = _examples(x, y)
    w = as_array(weights, np.float64)
    if w.shape != (examples.shape[1],):
        raise ValueError(
            f"weights must have shape ({examples.shape[1]},), one per feature and the bias last, "
            f"got {w.shape}"
        )
    gamma = float((labels * (examples @ w)).min())
    if gamma <= 0:
        return float("inf")
    radius_squared = float((examples**2).sum(axis=1).max())
    return radius_squared * float(w @ w) / gamma**2


def _examples(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return the examples with a constant input 1 behind the others, and the labels."""
    inputs, labels = as_array(x, np.float64), as_array(y)
    if inputs.ndim != 2 or labels.shape != inputs.shape[:1] or not inputs.size:
        raise ValueError(
            "expected x of shape (n_examples, n_features) and y of shape (n_examples,), "
            f"got {inputs.shape} and {labels.shape}"
        )
    if not np.isin(labels, (-1, 1)).all():
        raise ValueError(f"labels must be -1 and +1, got {np.unique(labels)[:5].tolist()}")
    if not np.isfinite(inputs).all():
        raise ValueError("x contains NaN or infinity")
    return np.column_stack([inputs, np.ones(len(inputs))]), labels.astype(np.float64)


class Perceptron:
    """Rosenblatt's perceptron for two classes, with the interface of scikit-learn.

    Parameters
    ----------
    max_epochs : int, default 1000
        When to give up on examples that no line separates.

    Attributes
    ----------
    coef_ : array, shape (1, n_features)
        The weights.
    intercept_ : array, shape (1,)
        The bias.
    classes_ : array, shape (2,)
        The two labels; the second is the positive one.
    mistakes_ : int
        Updates made.
    n_iter_ : int
        Epochs run, the last one, without a mistake, included.
    converged_ : bool
        Whether there was such an epoch. Then every example is classified rightly.
    n_features_in_ : int
        Features of each example.

    Examples
    --------
    >>> perceptron = Perceptron().fit([[0, 0], [0, 1], [1, 0], [1, 1]], [-1, -1, -1, 1])
    >>> perceptron.mistakes_, perceptron.n_iter_
    (18, 9)
    >>> perceptron.coef_, perceptron.intercept_
    (array([[3., 2.]]), array([-4.]))
    """

    def __init__(self, max_epochs: int = 1000) -> None:
        self.max_epochs = max_epochs

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: N803 (scikit-learn's names)
        """Learn from labelled examples, taken in the order given.

        Parameters
        ----------
        X : array, shape (n_examples, n_features)
        y : array, shape (n_examples,)
            Two different labels, of any kind.

        Returns
        -------
        self : Perceptron

        Raises
        ------
        ValueError
            If the shapes do not fit, an input is not finite, or there are not two labels.
        """
        inputs = _features(X)
        labels = _labels(y, len(inputs))
        self.classes_ = np.unique(labels)
        signs = np.where(labels == self.classes_[1], 1, -1)
        weights = np.zeros(inputs.shape[1] + 1)
        last_epoch = self.mistakes_ = 0
        for update in perceptron_updates(inputs, signs, self.max_epochs):
            self.mistakes_ += 1
            last_epoch, weights = update.epoch, update.weights_after
        self.converged_ = last_epoch < self.max_epochs
        self.n_iter_ = last_epoch + 1 if self.converged_ else self.max_epochs
        self.coef_, self.intercept_ = weights[None, :-1], weights[-1:]
        self.n_features_in_ = inputs.shape[1]
        return self

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the score of each example, shape (n_examples,); above zero: the second class."""
        if not hasattr(self, "coef_"):
            not_fitted = _scikit_learn("NotFittedError", otherwise=ValueError)
            raise not_fitted("this Perceptron is not fitted yet: call fit(X, y) first")
        inputs = _features(X)
        if inputs.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {inputs.shape[1]} features, but Perceptron is expecting "
                f"{self.n_features_in_} features as input"
            )
        scores: Floats = inputs @ self.coef_[0] + self.intercept_[0]
        return scores

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Return the class of each example, shape (n_examples,)."""
        positive = self.decision_function(X) > 0
        labels: NDArray[Any] = self.classes_[positive.astype(int)]
        return labels

    def score(self, X: ArrayLike, y: ArrayLike) -> float:  # noqa: N803
        """Return the share of examples put into the right class."""
        return float(np.mean(self.predict(X) == plain_array(y)))

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor arguments."""
        return configuration(self)

    def set_params(self, **params: Any) -> Self:
        """Change constructor arguments."""
        for name, value in params.items():
            if name not in configuration(self):
                raise ValueError(
                    f"Perceptron has no parameter {name!r}; it has {list(configuration(self))}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return constructor_call(self)

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(multi_class=False),
            regressor_tags=None,
            transformer_tags=None,
            input_tags=InputTags(),
        )


def _features(values: ArrayLike) -> Floats:
    """Return X as floats, or refuse it in the words that scikit-learn's users know."""
    if hasattr(values, "tocsr"):
        raise TypeError("Sparse data is not supported: pass X.toarray()")
    given = plain_array(values)
    if given.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    inputs: Floats = given.astype(np.float64)
    if inputs.ndim != 2:
        raise ValueError(
            f"Expected 2D array (n_examples, n_features), got shape {inputs.shape}. Reshape your "
            "data: X.reshape(-1, 1) if it is one feature, X.reshape(1, -1) if one example"
        )
    for axis, what in enumerate(("sample", "feature")):
        if not inputs.shape[axis]:
            raise ValueError(
                f"Found array with 0 {what}(s) (shape={inputs.shape}) while a minimum of 1 is "
                "required."
            )
    if not np.isfinite(inputs).all():
        what = "NaN" if np.isnan(inputs).any() else "infinity (inf)"
        raise ValueError(f"Input X contains {what}")
    return inputs


def _labels(y: ArrayLike, n_examples: int) -> NDArray[Any]:
    """Return y as a row of two different labels, or refuse it."""
    if y is None:
        raise ValueError("Perceptron requires y to be passed, but the target y is None")
    labels: NDArray[Any] = plain_array(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        warnings.warn(
            "A column-vector y was passed when a 1d array was expected: use y.ravel()",
            _scikit_learn("DataConversionWarning", otherwise=UserWarning),
            stacklevel=3,
        )
        labels = labels[:, 0]
    if labels.shape != (n_examples,):
        raise ValueError(f"expected y of shape ({n_examples},), one label each, got {labels.shape}")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise ValueError("Input y contains infinity or NaN. Unknown label type: not finite")
        if (labels != labels.astype(np.int64)).any():
            raise ValueError("Unknown label type: continuous. Perceptron tells two classes apart")
    classes = np.unique(labels)
    if len(classes) > 2:
        raise ValueError(
            "Only binary classification is supported. The type of the target is multiclass: "
            f"{len(classes)} classes"
        )
    if len(classes) < 2:
        raise ValueError(f"Perceptron needs examples of two classes, got one class: {classes[0]!r}")
    return labels


def _scikit_learn(name: str, otherwise: type[Exception]) -> Any:
    """Return scikit-learn's exception of this name where there is scikit-learn."""
    try:
        return getattr(import_module("sklearn.exceptions"), name)
    except ImportError:
        return otherwise
