"""The first neurons: the measured figures of the course, scikit-learn's checks, errors."""

import copy
import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from dlcourse import datasets, nn

IRIS = datasets.iris()
TWO_IRISES = IRIS.x[:100], 2 * IRIS.y[:100] - 1  # setosa -1, versicolor +1


@pytest.mark.parametrize(
    ("gate", "mistakes", "epochs", "weights"),
    [
        ("AND", 18, 9, [3, 2, -4]),
        ("OR", 9, 6, [2, 2, -1]),
        ("NAND", 18, 9, [-3, -2, 4]),
    ],
)
def test_gates_are_learned_in_the_measured_number_of_mistakes(gate, mistakes, epochs, weights):
    x, y = datasets.logic_gates(gate)
    perceptron = nn.Perceptron().fit(x, y)
    assert (perceptron.mistakes_, perceptron.n_iter_) == (mistakes, epochs)
    assert [*perceptron.coef_[0], *perceptron.intercept_] == weights
    assert perceptron.converged_
    assert perceptron.score(x, y) == 1
    assert mistakes <= nn.novikoff_bound(x, y, weights)


def test_xor_cycles_through_zero():
    x, y = datasets.logic_gates("XOR")
    perceptron = nn.Perceptron().fit(x, y)
    assert (perceptron.mistakes_, perceptron.n_iter_, perceptron.converged_) == (4000, 1000, False)
    updates = list(nn.perceptron_updates(x, y, max_epochs=10))
    cycle = [update.weights_after.tolist() for update in updates[:4]]
    assert cycle[-1] == [0, 0, 0]
    assert [update.weights_after.tolist() for update in updates] == cycle * 10


def test_iris_is_learned_within_the_bound():
    x, y = TWO_IRISES
    perceptron = nn.Perceptron().fit(x, y)
    assert perceptron.mistakes_ == 5
    assert perceptron.score(x, y) == 1
    own = [*perceptron.coef_[0], *perceptron.intercept_]
    assert perceptron.mistakes_ <= nn.novikoff_bound(x, y, own)


def test_the_best_weights_give_the_lowest_bound():
    """The widest margin, here from a support vector machine, gives the 150.5 of the course."""
    from sklearn.svm import SVC

    x, y = TWO_IRISES
    inputs = np.column_stack([x, np.ones(len(x))]).astype(float)
    # Without a bias of its own: the constant input carries it, so it counts for the margin.
    machine = SVC(kernel="linear", C=1e9, tol=1e-10)
    signed = np.vstack([inputs * y[:, None], -inputs * y[:, None]])  # separable through zero
    machine.fit(signed, np.repeat([1, -1], len(x)))
    weights = machine.coef_[0]
    assert nn.novikoff_bound(x, y, weights) == pytest.approx(150.5, abs=0.1)
    assert nn.novikoff_bound(x, y, 7 * weights) == pytest.approx(150.5, abs=0.1)


def test_updates_are_records_of_rosenblatts_rule():
    x, y = TWO_IRISES
    before = np.zeros(5)
    for update in nn.perceptron_updates(x, y):
        np.testing.assert_array_equal(update.weights_before, before)
        np.testing.assert_allclose(update.x, x[update.index])
        assert update.y == y[update.index]
        assert update.score == pytest.approx(update.x @ before[:-1] + before[-1])
        assert update.y * update.score <= 0
        np.testing.assert_allclose(update.weights_after, before + update.y * np.append(update.x, 1))
        before = update.weights_after


def test_a_score_of_zero_is_a_mistake():
    (first, *_) = nn.perceptron_updates([[0.0, 0.0], [1.0, 1.0]], [-1, 1])
    assert (first.epoch, first.index, first.score) == (1, 0, 0)


def test_the_bound_is_infinite_where_nothing_is_separated():
    x, y = datasets.logic_gates("AND")
    assert nn.novikoff_bound(x, y, [1, 1, 0]) == np.inf
    with pytest.raises(ValueError, match=r"weights must have shape \(3,\), one per feature and"):
        nn.novikoff_bound(x, y, [1, 1])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[0, 1], [1, 0]], [0, 1], r"labels must be -1 and \+1, got \[0, 1\]"),
        ([[0, 1], [1, 0]], [1], r"got \(2, 2\) and \(1,\)"),
        ([0, 1], [-1, 1], r"expected x of shape \(n_examples, n_features\)"),
        (np.zeros((0, 2)), [], "expected x of shape"),
        ([[0, np.nan]], [1], "x contains NaN or infinity"),
    ],
)
def test_wrong_examples_are_refused_at_once(x, y, message):
    with pytest.raises(ValueError, match=message):
        nn.perceptron_updates(x, y)
    with pytest.raises(ValueError, match="max_epochs must be at least 1, got 0"):
        nn.Perceptron(max_epochs=0).fit(*TWO_IRISES)


def test_scikit_learn_accepts_the_perceptron():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Estimator Perceptron does not inherit")
        check_estimator(nn.Perceptron(max_epochs=50), on_skip=None)


def test_it_works_inside_scikit_learn():
    x, y = TWO_IRISES
    names = np.where(y > 0, "versicolor", "setosa")
    pipeline = make_pipeline(StandardScaler(), nn.Perceptron()).fit(x, names)
    assert pipeline.score(x, names) == 1
    assert clone(nn.Perceptron(max_epochs=7)).max_epochs == 7
    assert nn.Perceptron().set_params(max_epochs=3).get_params() == {"max_epochs": 3}
    assert repr(nn.Perceptron(max_epochs=3)) == "Perceptron(max_epochs=3)"
    with pytest.raises(ValueError, match=r"no parameter 'eta'; it has \['max_epochs'\]"):
        nn.Perceptron().set_params(eta=1)


def test_wrong_data_is_refused_in_words():
    x, y = TWO_IRISES
    with pytest.raises(NotFittedError, match=r"not fitted yet: call fit\(X, y\) first"):
        nn.Perceptron().predict(x)
    with pytest.raises(ValueError, match=r"Only binary classification .* multiclass: 3 classes"):
        nn.Perceptron().fit(IRIS.x, IRIS.y)
    with pytest.raises(ValueError, match="needs examples of two classes, got one class"):
        nn.Perceptron().fit(x, np.ones(100))
    with pytest.raises(ValueError, match=r"expected y of shape \(100,\)"):
        nn.Perceptron().fit(x, y[:-1])
    with pytest.raises(ValueError, match="X has 2 features, but Perceptron is expecting 4"):
        nn.Perceptron().fit(x, y).predict(x[:, :2])


def test_the_perceptron_does_not_need_scikit_learn():
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "from dlcourse import nn\n"
        "assert nn.Perceptron().fit([[0], [1]], [0, 1]).predict([[1]]) == [1]\n"
        "try: nn.Perceptron().predict([[1]])\n"
        "except ValueError as error: print(error)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "not fitted yet" in result.stdout, result.stderr


def test_the_wrong_sign_is_caught(monkeypatch):
    """Moving away from the mistake instead of towards it never ends."""
    from dlcourse.nn import perceptron

    def away(examples, labels, max_epochs):
        for update in right(examples, -labels, max_epochs):
            yield update._replace(y=-update.y)

    right = copy.copy(perceptron.rosenblatt_rule)
    monkeypatch.setattr(perceptron, "rosenblatt_rule", away)
    x, y = datasets.logic_gates("AND")
    assert nn.Perceptron().fit(x, y).score(x, y) < 1


INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize(
    ("neuron", "outputs"),
    [
        (nn.McCullochPittsNeuron(2), [0, 0, 0, 1]),
        (nn.McCullochPittsNeuron(1), [0, 1, 1, 1]),
        (nn.McCullochPittsNeuron(0), [1, 1, 1, 1]),
        (nn.McCullochPittsNeuron(1, inhibitory=[0, 1]), [0, 0, 1, 0]),
        (nn.McCullochPittsNeuron(0, inhibitory=[1, 1]), [1, 0, 0, 0]),
        (nn.McCullochPittsNeuron(-1, weights=[-1, -1]), [1, 1, 1, 0]),
        (nn.McCullochPittsNeuron(0.5, weights=[1, -2]), [0, 0, 1, 0]),
    ],
)
def test_mcculloch_pitts_gates(neuron, outputs):
    assert neuron(INPUTS).tolist() == outputs


def test_inhibition_is_absolute_in_1943_and_outvoted_today():
    three = [1, 1, 1]
    assert nn.McCullochPittsNeuron(2, inhibitory=[0, 0, 1])(three) == 0
    assert nn.McCullochPittsNeuron(1, weights=[1, 1, -1])(three) == 1


def test_no_mcculloch_pitts_neuron_without_binary_inputs():
    with pytest.raises(ValueError, match="takes inputs 0 and 1, got"):
        nn.McCullochPittsNeuron(1)([0.5, 1])
    with pytest.raises(ValueError, match="expected 3 inputs, got 2"):
        nn.McCullochPittsNeuron(1, weights=[1, 1, 1])([0, 1])
    with pytest.raises(ValueError, match="not both"):
        nn.McCullochPittsNeuron(1, inhibitory=[0], weights=[1])
    with pytest.raises(ValueError, match="inhibitory has 1 entries, but there are 2 inputs"):
        nn.McCullochPittsNeuron(1, inhibitory=[1])([0, 1])
    with pytest.raises(ValueError, match="has 1 for each input that inhibits"):
        nn.McCullochPittsNeuron(1, inhibitory=[2])
