"""What enters: arrays of any type of numbers, and a sentence for what only looks like one."""

import numpy as np
import pytest
from scipy import sparse

from dlcourse import nn
from dlcourse.nn import metrics
from dlcourse.nn.contract import as_array, whole_numbers

ONES = np.ones((4, 3))
LOOKALIKES = {
    "np.matrix": np.matrix(ONES),
    "a masked array": np.ma.masked_array(ONES, ONES > 2),
    "a sparse array": sparse.csr_array(ONES),
    "an old sparse one": sparse.coo_matrix(ONES),
}
pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")


def model():
    return nn.Sequential([nn.Dense(3)], input_shape=(3,), seed=0)


DOORS = {
    "fit x": lambda a: model().fit(a, ONES, loss="mse", verbose=False),
    "fit x, not built": lambda a: nn.Sequential([nn.Dense(3)]).fit(a, ONES, loss="mse"),
    "fit y": lambda a: model().fit(ONES, a, loss="mse", verbose=False),
    "validation": lambda a: model().fit(ONES, ONES, loss="mse", validation_data=(a, ONES)),
    "train_on_batch": lambda a: model().train_on_batch(a, ONES, loss="mse", optimizer=nn.SGD()),
    "evaluate": lambda a: model().evaluate(ONES, a, loss="mse"),
    "predict": lambda a: model().predict(a),
    "forward": lambda a: model().forward(a),
    "set_weights": lambda a: nn.Sequential([nn.Dense(3, use_bias=False)], (4,)).set_weights([a]),
    "loss": lambda a: nn.MeanSquaredError()(a, ONES),
    "predictions": lambda a: nn.MeanSquaredError()(ONES, a),
    "metric": lambda a: metrics.mean_absolute_error(ONES, a),
    "confusion": lambda a: metrics.confusion_matrix(a, a),
    "perceptron": lambda a: nn.Perceptron().fit(a, [0, 1, 0, 1]),
    "updates": lambda a: nn.novikoff_bound(a, [1, -1, 1, -1], np.ones(4)),
    "neuron": lambda a: nn.McCullochPittsNeuron(1)(a),
    "graph": lambda a: nn.normalised_adjacency(a),
    "centres": lambda a: nn.RBF(4, centres=a).build((3,), np.random.default_rng()),
    "tensor": lambda a: nn.autodiff.Tensor(a),
    "rounded": lambda a: nn.precision.rounded(a, "bfloat16"),
}


@pytest.mark.parametrize("kind", LOOKALIKES)
@pytest.mark.parametrize("door", DOORS)
def test_what_only_looks_like_an_array_is_refused_in_words(door, kind):
    with pytest.raises(TypeError, match=r"expected a plain array, got|Sparse data is not supp"):
        DOORS[door](LOOKALIKES[kind])


@pytest.mark.parametrize("door", DOORS)
def test_the_plain_array_is_taken(door):
    array = np.array([0, 1, 2, 3]) if door == "confusion" else ONES
    DOORS[door](np.ones((4, 4)) if door == "graph" else array)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a", "b"], "expected an array of real numbers, got one of dtype <U1"),
        (np.array([None, 1.0]), "of dtype object"),
        (np.array([1j]), "of dtype complex128"),
    ],
)
def test_what_is_no_number_is_refused(values, message):
    with pytest.raises(TypeError, match=message):
        as_array(values)


def test_lists_of_different_lengths_are_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"lists of different lengths: pad .* nn.Masking or Embe"):
        as_array([[1, 2], [3]])


@pytest.mark.parametrize("dtype", ["bool", "u1", "i1", "u2", "i8", "u8", "f2", "f4", "f8", ">i4"])
def test_labels_of_any_type_become_integers(dtype):
    numbers = whole_numbers(np.array([0, 1, 1], dtype), "labels")
    assert numbers.dtype == np.intp
    assert numbers.tolist() == [0, 1, 1]


def test_labels_with_a_fraction_are_refused():
    with pytest.raises(ValueError, match="labels must be whole numbers, got float64"):
        whole_numbers([0.5], "labels")
