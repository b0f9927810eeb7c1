"""The losses of a mixture of experts: against Keras, finite differences, and sums by hand."""

import pickle

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import gradients, precision
from dlcourse.compare.training_twins import keras_loss
from dlcourse.nn import devices
from tests.nn.device_array import TOLERANCE, movers

RNG = np.random.default_rng(0)
EXPERTS, OUTPUTS = 3, 2
Y_TRUE = RNG.normal(size=(5, OUTPUTS))
Y_PRED = RNG.normal(size=(5, EXPERTS + EXPERTS * OUTPUTS))
LOSSES = [
    nn.MixtureLoss(EXPERTS),
    nn.MixtureLoss(EXPERTS, 0.2),
    nn.MixtureLoss(EXPERTS, competition=False),
]
WEIGHTS = [None, RNG.random(5)]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
every_weight = pytest.mark.parametrize("weights", WEIGHTS, ids=["plain", "rows"])


@every_loss
@every_weight
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-6)])
def test_equals_the_formula_in_keras(loss, weights, dtype, tolerance):
    y_pred, y_true = Y_PRED.astype(dtype), Y_TRUE.astype(dtype)
    value, grad = loss.value_and_grad(y_true, y_pred, weights)
    with precision(dtype):
        twin = keras_loss(loss, dtype)
        expected, (expected_grad,) = gradients(lambda p: twin(y_true, p, weights), [y_pred])
    assert isinstance(value, float)
    assert grad.dtype == dtype
    assert abs(value - float(expected)) <= tolerance * abs(float(expected))
    assert np.abs(grad - expected_grad).max() <= tolerance * np.abs(expected_grad).max()


@every_loss
@every_weight
def test_gradient_is_that_of_the_value(loss, weights):
    moved = Y_PRED.copy()
    numerical = nn.numerical_gradient(lambda: loss(Y_TRUE, moved, weights), moved)
    _, grad = loss.value_and_grad(Y_TRUE, Y_PRED, weights)
    assert np.abs(grad - numerical).max() < 1e-7 * np.abs(grad).max()


def test_it_is_the_sum_that_the_paper_writes():
    total = 0.0
    for target, row in zip(Y_TRUE, Y_PRED, strict=True):
        gate = np.exp(row[:EXPERTS]) / np.exp(row[:EXPERTS]).sum()
        outputs = row[EXPERTS:].reshape(EXPERTS, OUTPUTS)
        total -= np.log(
            sum(g * np.exp(-((target - o) ** 2).sum() / 2) for g, o in zip(gate, outputs))  # noqa: B905
        )
    assert nn.MixtureLoss(EXPERTS)(Y_TRUE, Y_PRED) == pytest.approx(total / 5, rel=1e-12)


def test_split_and_answer():
    loss = nn.MixtureLoss(2)
    gate, outputs = loss.split([[0.0, np.log(3), 1.0, 3.0]])
    np.testing.assert_allclose(gate, [[0.25, 0.75]])
    np.testing.assert_allclose(outputs, [[[1.0], [3.0]]])
    np.testing.assert_allclose(loss.answer([[0.0, np.log(3), 1.0, 3.0]]), [[2.5]])


def test_one_expert_is_half_the_squared_error_and_a_right_one_is_left_alone():
    single = Y_PRED[:, : 1 + OUTPUTS]
    value = nn.MixtureLoss(1)(Y_TRUE, single)
    assert value == pytest.approx(nn.HalfSquaredError()(Y_TRUE, single[:, 1:]), rel=1e-12)
    right = np.concatenate([Y_PRED[:, :EXPERTS], np.tile(Y_TRUE, EXPERTS)], axis=1)
    for loss in LOSSES:
        found, grad = loss.value_and_grad(Y_TRUE, right)
        assert abs(found) < 1e-12
        assert np.abs(grad).max() < 1e-12


def test_no_expert_anywhere_near_is_no_division_by_zero():
    """All exp(-|t - o|^2 / 2) are zero in floating point, and still one expert is the nearest."""
    far = np.array([[0.0, 0.0, 1e4, 2e4]])
    value, grad = nn.MixtureLoss(2).value_and_grad([[0.0]], far)
    assert value == pytest.approx(1e8 / 2 + np.log(2))
    np.testing.assert_allclose(grad, [[-0.5, 0.5, 1e4, 0]])


def test_one_target_a_row_may_be_a_plain_list():
    y_pred = RNG.normal(size=(4, 6))
    flat, column = (nn.MixtureLoss(3)(t, y_pred) for t in (np.arange(4), np.arange(4)[:, None]))
    assert flat == column


@every_loss
def test_nothing_is_changed_and_memory_order_does_not_matter(loss):
    turned = np.asfortranarray(Y_PRED)
    before = turned.copy(), Y_TRUE.copy()
    value, grad = loss.value_and_grad(Y_TRUE, turned)
    expected, expected_grad = loss.value_and_grad(Y_TRUE, Y_PRED)
    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(grad, expected_grad, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(turned, before[0])
    np.testing.assert_array_equal(Y_TRUE, before[1])


@every_loss
@every_weight
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gpu_computes_the_same(loss, weights, dtype):
    for device, move in movers().items():
        y_true, y_pred = Y_TRUE.astype(dtype), Y_PRED.astype(dtype)
        expected, expected_grad = loss.value_and_grad(y_true, y_pred, weights)
        moved = None if weights is None else move(weights)
        value, grad = loss.value_and_grad(move(y_true), move(y_pred), moved)
        assert isinstance(value, float)
        tolerance = TOLERANCE[device][np.dtype(dtype).name]
        assert value == pytest.approx(expected, rel=tolerance)
        found = devices.to_host(grad)
        assert found.dtype == dtype
        assert np.abs(found - expected_grad).max() <= tolerance * np.abs(expected_grad).max()


def mixture(seed=0):
    experts = nn.Branches([nn.Dense(EXPERTS), nn.Dense(EXPERTS * OUTPUTS)])
    return nn.Sequential([experts], input_shape=(4,), seed=seed, dtype=np.float64)


@every_loss
def test_a_mixture_trains_as_in_keras(loss):
    x = RNG.normal(size=(5, 4))
    found = compare.agreement(mixture(), x, Y_TRUE, loss=loss, optimizer=nn.Adam(0.01))
    assert {row[-1] for row in found.rows} == {"yes"}


@every_loss
def test_fit_takes_it_and_a_large_batch_may_be_cut(loss):
    x, y = RNG.normal(size=(600, 4)), RNG.normal(size=(600, OUTPUTS))
    whole = loss(y, mixture().forward(x)[0])
    history = mixture().fit(
        x, y, loss=loss, optimizer=nn.Adam(0.01), epochs=3, batch_size=600, verbose=False
    )
    assert history.history["loss"][0] == pytest.approx(whole, rel=1e-12)
    assert history.history["loss"][-1] < whole


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t, p: (t, p[0]), r"3 experts needs predictions of shape .*got \(9,\)"),
        (lambda t, p: (t, p[:, :8]), r"\(batch, 3 \+ 3 \* outputs\), got \(5, 8\)"),
        (lambda t, p: (t, p[:, :3]), r"got \(5, 3\)"),
        (lambda t, p: (t[:4], p), r"y_true of shape \(5, 2\).*got \(4, 2\)"),
        (lambda t, p: (t[:, 0], p), r"y_true of shape \(5, 2\).*got \(5,\)"),
        (lambda t, p: (t[:0], p[:0]), "empty batch"),
    ],
)
def test_wrong_shapes_are_refused_in_words(change, message):
    y_true, y_pred = change(Y_TRUE, Y_PRED)
    with pytest.raises(ValueError, match=message):
        nn.MixtureLoss(EXPERTS).value_and_grad(y_true, y_pred)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="sample_weight must have one number per row"):
        nn.MixtureLoss(EXPERTS).value_and_grad(Y_TRUE, Y_PRED, np.ones(4))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"experts": 0}, "at least one expert, got experts=0"),
        ({"experts": 2, "variance": 0.0}, "positive variance, got variance=0.0"),
        ({"experts": 2, "variance": float("nan")}, "positive variance"),
    ],
)
def test_wrong_arguments_are_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        nn.MixtureLoss(**options)


def test_it_prints_as_the_call_that_makes_it_and_survives_a_pickle():
    assert repr(pickle.loads(pickle.dumps(nn.MixtureLoss(3, 0.5)))) == (
        "MixtureLoss(3, variance=0.5)"
    )
    assert repr(nn.MixtureLoss(2, competition=False)) == "MixtureLoss(2, competition=False)"


def test_a_gate_that_is_left_alone_would_be_seen():
    class Fixed(nn.MixtureLoss):
        def _compete(self, targets, logits, outputs):
            losses, grad = super()._compete(targets, logits, outputs)
            grad[:, : self.experts] = 0
            return losses, grad

    with pytest.raises(AssertionError):
        test_gradient_is_that_of_the_value(Fixed(EXPERTS), None)
