"""Losses: values and gradients against Keras and finite differences; stable; errors in words."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import gradients, precision
from dlcourse.compare.training_twins import keras_loss
from dlcourse.nn.contract import Layer, configuration
from dlcourse.nn.losses import LOSSES, Loss, get_loss, log_softmax, value_and_grad_over

rng = np.random.default_rng(0)
PROBABILITIES = 0.1 + 0.6 * rng.dirichlet(np.ones(4), 5)  # away from 0, where 1/p bends
LOGITS = 3 * rng.standard_normal((5, 4))
BITS = rng.integers(0, 2, (5, 4)).astype(float)
ONE_HOT = np.eye(4)[[0, 3, 1, 1, 2]]
SOFT = rng.dirichlet(np.ones(4), 5)
CLASSES = np.array([0, 3, 1, 1, 2])

CASES = {
    "mse": (nn.MeanSquaredError(), LOGITS, SOFT),
    "mse of a sequence": (nn.MeanSquaredError(), LOGITS.reshape(5, 2, 2), SOFT.reshape(5, 2, 2)),
    "mse of a column": (nn.MeanSquaredError(), LOGITS[:, :1], SOFT[:, 0]),
    "half": (nn.HalfSquaredError(), LOGITS, SOFT),
    "binary": (nn.BinaryCrossentropy(), PROBABILITIES, BITS),
    "binary, soft": (nn.BinaryCrossentropy(), PROBABILITIES, SOFT),
    "binary, logits": (nn.BinaryCrossentropy(from_logits=True), LOGITS, BITS),
    "categorical": (nn.CategoricalCrossentropy(), PROBABILITIES, ONE_HOT),
    "categorical, soft": (nn.CategoricalCrossentropy(), PROBABILITIES, SOFT),
    "categorical, not normalised": (nn.CategoricalCrossentropy(), 3 * PROBABILITIES, ONE_HOT),
    "categorical, logits": (nn.CategoricalCrossentropy(from_logits=True), LOGITS, ONE_HOT),
    "categorical, soft logits": (nn.CategoricalCrossentropy(from_logits=True), LOGITS, SOFT),
    "sparse": (nn.SparseCategoricalCrossentropy(), PROBABILITIES, CLASSES),
    "sparse, column": (nn.SparseCategoricalCrossentropy(), PROBABILITIES, CLASSES[:, None]),
    "sparse, logits": (nn.SparseCategoricalCrossentropy(from_logits=True), LOGITS, CLASSES),
    "sparse, sequence": (
        nn.SparseCategoricalCrossentropy(from_logits=True),
        LOGITS.reshape(5, 2, 2),
        np.array([[0, 1], [1, 1], [0, 0], [1, 0], [0, 1]]),
    ),
}
every_case = pytest.mark.parametrize("case", CASES)


def keras_value_and_grad(loss, y_true, y_pred, weights=None):
    dtype = y_pred.dtype.name
    with precision(dtype):
        twin = keras_loss(loss, dtype)
        value, (grad,) = gradients(lambda prediction: twin(y_true, prediction, weights), [y_pred])
    return float(value), grad


@every_case
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-6)])
def test_equals_keras(case, dtype, tolerance):
    loss, y_pred, y_true = CASES[case]
    y_pred = y_pred.astype(dtype)
    y_true = y_true.astype(dtype) if y_true.dtype.kind == "f" else y_true
    value, grad = loss.value_and_grad(y_true, y_pred)
    expected, expected_grad = keras_value_and_grad(loss, y_true, y_pred)
    assert isinstance(value, float)
    assert grad.dtype == dtype
    assert grad.shape == y_pred.shape
    assert abs(value - expected) <= tolerance * abs(expected)
    assert np.abs(grad - expected_grad).max() <= tolerance * np.abs(expected_grad).max()


@every_case
def test_gradient_is_that_of_the_value(case):
    loss, y_pred, y_true = CASES[case]
    numerical = nn.numerical_gradient(lambda: loss(y_true, moved), moved := y_pred.copy())
    _, grad = loss.value_and_grad(y_true, y_pred)
    assert np.abs(grad - numerical).max() < 1e-7 * np.abs(grad).max()


WEIGHTS = np.array([0.5, 0.0, 2.0, 1.0, 3.25])
EACH_STEP = rng.random((5, 2))


def weights_for(y_pred):
    """One weight per row, and of a sequence one per step."""
    return [WEIGHTS, WEIGHTS[:, None]] + [EACH_STEP] * (y_pred.ndim == 3)


@every_case
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-6)])
def test_with_sample_weights_equals_keras(case, dtype, tolerance):
    loss, y_pred, y_true = CASES[case]
    y_pred = y_pred.astype(dtype)
    y_true = y_true.astype(dtype) if y_true.dtype.kind == "f" else y_true
    for weights in weights_for(y_pred):
        value, grad = loss.value_and_grad(y_true, y_pred, weights)
        # To Keras, one weight per row means all steps of it only if it is a column.
        theirs = weights[:, None] if y_pred.ndim > weights.ndim + 1 else weights
        theirs = theirs[:, 0] if theirs.shape == (5, 1) and y_pred.ndim == 2 else theirs
        expected, expected_grad = keras_value_and_grad(loss, y_true, y_pred, theirs)
        assert grad.dtype == dtype
        assert abs(value - expected) <= tolerance * abs(expected)
        assert np.abs(grad - expected_grad).max() <= tolerance * np.abs(expected_grad).max()
        assert loss(y_true, y_pred, weights) == value


@every_case
def test_the_weighted_gradient_is_that_of_the_value(case):
    loss, y_pred, y_true = CASES[case]
    for weights in weights_for(y_pred):
        moved = y_pred.copy()
        numerical = nn.numerical_gradient(lambda w=weights, p=moved: loss(y_true, p, w), moved)
        _, grad = loss.value_and_grad(y_true, y_pred, weights)
        assert np.abs(grad - numerical).max() < 1e-7 * np.abs(grad).max()


@every_case
def test_weights_of_one_change_nothing_and_whole_weights_repeat_rows(case):
    loss, y_pred, y_true = CASES[case]
    assert loss(y_true, y_pred, np.ones(5)) == pytest.approx(loss(y_true, y_pred), rel=1e-14)
    repeats = np.array([0, 1, 2, 2, 0])
    repeated = np.repeat(y_true, repeats, axis=0), np.repeat(y_pred, repeats, axis=0)
    assert loss(y_true, y_pred, repeats) == pytest.approx(loss(*repeated), rel=1e-12)


@pytest.mark.parametrize("weights", [np.ones(4), np.ones((5, 4)), np.ones((1, 1)), np.ones(1)])
def test_weights_that_do_not_fit_are_refused(weights):
    loss, y_pred, y_true = CASES["mse"]
    with pytest.raises(
        ValueError, match=r"sample_weight must have one number per row, shape \(5,\)"
    ):
        loss.value_and_grad(y_true, y_pred, weights)


def test_a_mask_takes_the_mean_over_what_it_leaves():
    loss, y_pred, y_true = CASES["sparse, sequence"]
    mask = np.array([[True, False], [True, True], [False, False], [True, False], [False, True]])
    kept = y_true[mask], y_pred[mask]
    each = np.broadcast_to(WEIGHTS[:, None], mask.shape)[mask]
    for weights, of_kept in ((None, None), (WEIGHTS, each)):
        value, grad = value_and_grad_over(mask, loss, y_true, y_pred, weights)
        assert value == pytest.approx(loss(*kept, of_kept), rel=1e-12)
        expected = loss.value_and_grad(*kept, of_kept)[1]
        np.testing.assert_allclose(grad[mask], expected, rtol=1e-12)
        assert not grad[~mask].any()
        without = value_and_grad_over(None, loss, y_true, y_pred, weights)
        assert without[0] == loss(y_true, y_pred, weights)
        nothing = value_and_grad_over(np.zeros_like(mask), loss, y_true, y_pred, weights)
        assert nothing[0] == 0
        assert not nothing[1].any()


@pytest.mark.parametrize(
    ("loss", "y_true"),
    [
        (nn.BinaryCrossentropy(), BITS),
        (nn.CategoricalCrossentropy(), ONE_HOT),
        (nn.SparseCategoricalCrossentropy(), CLASSES),
    ],
    ids=repr,
)
def test_logits_in_a_loss_of_probabilities_are_warned_of(loss, y_true):
    for logits in (LOGITS, -np.abs(LOGITS)):
        with pytest.warns(UserWarning, match=r"takes probabilities, and got .*from_logits=True"):
            loss(y_true, logits)
    loss(y_true, PROBABILITIES)  # warnings are errors in tests


WHOLE = np.array([[0, 255], [200, 3]], np.uint8)


@pytest.mark.parametrize("name", ["mse", "half_squared_error"])
@pytest.mark.parametrize("dtype", ["uint8", "int8", "bool", "uint64"])
def test_whole_numbers_do_not_overflow(name, dtype):
    y_true, y_pred = WHOLE.astype(dtype), WHOLE[:, ::-1].astype(dtype)
    loss = get_loss(name)
    expected = loss(y_true.astype(float), y_pred.astype(float))
    assert loss(y_true, y_pred) == pytest.approx(expected, rel=1e-12)


@every_case
def test_nothing_from_outside_is_changed(case):
    loss, y_pred, y_true = CASES[case]
    before = y_pred.copy(), y_true.copy()
    loss.value_and_grad(y_true, y_pred)
    np.testing.assert_array_equal(y_pred, before[0])
    np.testing.assert_array_equal(y_true, before[1])


@pytest.mark.parametrize(
    ("loss", "y_true"),
    [
        (nn.BinaryCrossentropy(), [[1.0, 0.0, 1.0, 0.0]]),
        (nn.CategoricalCrossentropy(), [[0.0, 1.0, 0.0, 0.0]]),
        (nn.SparseCategoricalCrossentropy(), [1]),
    ],
    ids=repr,
)
def test_probabilities_are_clipped_as_in_keras(loss, y_true):
    y_pred = np.array([[0.0, 0.0, 1.0, 0.0]])
    value, grad = loss.value_and_grad(y_true, y_pred)
    expected, expected_grad = keras_value_and_grad(loss, np.array(y_true), y_pred)
    assert value == pytest.approx(expected, rel=1e-7)
    np.testing.assert_allclose(grad, expected_grad, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [100, 1e4, 1e30])
def test_no_logits_overflow(dtype, size):
    logits = np.array([[size, -size, 0.0], [-size, size, 0.0]], dtype)
    for loss, y_true in (
        (nn.BinaryCrossentropy(from_logits=True), [[1, 0, 1], [1, 0, 0]]),
        (nn.CategoricalCrossentropy(from_logits=True), [[1, 0, 0], [1, 0, 0]]),
        (nn.SparseCategoricalCrossentropy(from_logits=True), [0, 0]),
    ):
        value, grad = loss.value_and_grad(y_true, logits)
        assert np.isfinite(value)
        assert np.isfinite(grad).all()
        assert value > size / 10  # the second row is wrong by `size` and more
    assert np.isfinite(log_softmax(logits)).all()


def test_two_halves_of_the_squares_are_the_mean_over_two_outputs():
    y_true, y_pred = np.array([[0.05, 0.95]]), np.array([[0.73492, 0.77955]])
    assert nn.MeanSquaredError()(y_true, y_pred) == pytest.approx(
        nn.HalfSquaredError()(y_true, y_pred), rel=1e-15
    )


def test_known_values():
    logits = np.array([[2.0, 1.0, 0.1]])
    sparse = nn.SparseCategoricalCrossentropy(from_logits=True)
    assert sparse([0], logits) == pytest.approx(0.417030, abs=1e-6)
    binary = nn.BinaryCrossentropy()
    assert binary([[1.0]], np.array([[0.5]])) == pytest.approx(np.log(2))


BATCH = np.full((3, 2), 0.5)


@pytest.mark.parametrize(
    ("loss", "y_true", "y_pred", "message"),
    [
        (nn.MeanSquaredError(), np.zeros(2), BATCH, r"shape of y_pred, \(3, 2\), got \(2,\)"),
        (nn.MeanSquaredError(), np.zeros((3, 1)), BATCH, r"got \(3, 1\)"),
        (nn.MeanSquaredError(), np.zeros((0, 2)), np.zeros((0, 2)), "empty batch"),
        (nn.BinaryCrossentropy(), -np.ones((3, 2)), BATCH, "between 0 and 1.*labels -1/"),
        (nn.CategoricalCrossentropy(), [0, 1, 1], BATCH, "SparseCategoricalCrossentropy"),
        (nn.CategoricalCrossentropy(), -np.ones((3, 2)), BATCH, "at least 0"),
        (nn.SparseCategoricalCrossentropy(), [0, 1, 2], BATCH, "from 0 to 1 .* got 0 to 2"),
        (nn.SparseCategoricalCrossentropy(), [0, -1, 1], BATCH, "from 0 to 1 .* got -1 to 1"),
        (nn.SparseCategoricalCrossentropy(), [0, 0.5, 1], BATCH, "whole numbers"),
        (nn.SparseCategoricalCrossentropy(), np.eye(2)[[0, 1, 1]], BATCH, "one-hot rows go with"),
        (nn.SparseCategoricalCrossentropy(), [], np.zeros((0, 2)), "empty batch"),
    ],
)
def test_wrong_targets_are_refused_in_words(loss, y_true, y_pred, message):
    with pytest.raises(ValueError, match=message):
        loss.value_and_grad(y_true, y_pred)


def test_losses_are_found_by_name():
    for name, loss_class in LOSSES.items():
        assert isinstance(get_loss(name), loss_class)
    loss = nn.BinaryCrossentropy(from_logits=True)
    assert get_loss(loss) is loss
    assert repr(loss) == "BinaryCrossentropy(from_logits=True)"
    with pytest.raises(ValueError, match="unknown loss 'msee'; known are mse"):
        get_loss("msee")


def test_a_loss_that_forgets_the_mean_is_caught():
    class SumOfSquares(nn.MeanSquaredError):
        def value_and_grad(self, y_true, y_pred, sample_weight=None):
            value, grad = super().value_and_grad(y_true, y_pred, sample_weight)
            return value, grad * grad.size

    _, y_pred, y_true = CASES["mse"]
    _, grad = SumOfSquares().value_and_grad(y_true, y_pred)
    _, expected = keras_value_and_grad(nn.MeanSquaredError(), y_true, y_pred)
    assert np.abs(grad - expected).max() > 1


@pytest.mark.parametrize("base", [Layer, Loss])
def test_a_configuration_can_be_read_before_the_first_instance_is_made(base):
    """As in a process that unpickles a loss or a layer."""

    Own = type("Own", (base,), dict.fromkeys(base.__abstractmethods__))  # noqa: N806
    assert configuration(object.__new__(Own)) == {}
