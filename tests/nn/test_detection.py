"""YOLO's loss: against the paper's formula in Keras, finite differences, and a sum over cells."""

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import gradients, precision
from dlcourse.compare.training_twins import keras_loss
from dlcourse.nn import devices
from tests.nn.device_array import TOLERANCE, movers

RNG = np.random.default_rng(0)
CELLS, CLASSES = 3, 4


def truth(images=5, share=0.3, rng=RNG):
    """Draw what is in each cell; most are empty."""
    cells = np.concatenate(
        [
            rng.random((images, CELLS, CELLS, 1)) < share,
            rng.random((images, CELLS, CELLS, 4)),
            rng.integers(0, CLASSES, (images, CELLS, CELLS, 1)),
        ],
        axis=-1,
    )
    return np.where(cells[..., :1] > 0, cells, 0)


Y_TRUE = truth()
Y_PRED = RNG.random((5, CELLS, CELLS, 5 + CLASSES))
LOSSES = [nn.YOLOLoss(), nn.YOLOLoss(2.0, 0.1), nn.YOLOLoss(0.0, 0.0), nn.YOLOLoss(1, 1)]
WEIGHTS = [None, RNG.random(5), RNG.random((5, CELLS, CELLS))]
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
every_weight = pytest.mark.parametrize("weights", WEIGHTS, ids=["plain", "rows", "cells"])


@every_loss
@every_weight
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-6)])
def test_equals_the_formula_in_keras(loss, weights, dtype, tolerance):
    y_pred, y_true = Y_PRED.astype(dtype), Y_TRUE.astype(dtype)
    value, grad = loss.value_and_grad(y_true, y_pred, weights)
    theirs = weights[:, None, None] if weights is not None and weights.ndim == 1 else weights
    with precision(dtype):
        twin = keras_loss(loss, dtype)
        expected, (expected_grad,) = gradients(lambda p: twin(y_true, p, theirs), [y_pred])
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


def test_it_is_the_sum_over_cells_that_the_paper_writes():
    total = 0.0
    for image, row, column in np.ndindex(5, CELLS, CELLS):
        t, p = Y_TRUE[image, row, column], Y_PRED[image, row, column]
        if t[0]:
            total += (p[0] - 1) ** 2
            total += 5 * ((p[1] - t[1]) ** 2 + (p[2] - t[2]) ** 2)
            total += 5 * ((p[3] - t[3] ** 0.5) ** 2 + (p[4] - t[4] ** 0.5) ** 2)
            total += sum((p[5 + k] - (k == t[5])) ** 2 for k in range(CLASSES))
        else:
            total += 0.5 * p[0] ** 2
    assert nn.YOLOLoss()(Y_TRUE, Y_PRED) == pytest.approx(total / 5, rel=1e-14)


def test_right_outputs_cost_nothing_and_empty_cells_may_say_what_they_like():
    right = np.concatenate([Y_TRUE[..., :3], np.sqrt(Y_TRUE[..., 3:5])], axis=-1)
    right = np.concatenate([right, np.eye(CLASSES)[Y_TRUE[..., 5].astype(int)]], axis=-1)
    right[..., 1:] += 7 * (Y_TRUE[..., :1] == 0)
    value, grad = nn.YOLOLoss().value_and_grad(Y_TRUE, right)
    assert value == 0
    assert not grad.any()


def test_memory_order_does_not_matter_and_nothing_is_changed():
    turned = np.moveaxis(np.moveaxis(Y_PRED, 0, -1).copy(), -1, 0)  # as Conv2D puts it out
    assert not turned.flags.c_contiguous
    before = turned.copy(), Y_TRUE.copy()
    value, grad = nn.YOLOLoss().value_and_grad(Y_TRUE, turned)
    expected, expected_grad = nn.YOLOLoss().value_and_grad(Y_TRUE, Y_PRED)
    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(grad, expected_grad, rtol=1e-14)
    np.testing.assert_array_equal(turned, before[0])
    np.testing.assert_array_equal(Y_TRUE, before[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weights", [None, RNG.random(5)], ids=["plain", "rows"])
def test_a_gpu_computes_the_same(dtype, weights):
    for device, move in movers().items():
        y_true, y_pred = Y_TRUE.astype(dtype), Y_PRED.astype(dtype)
        expected, expected_grad = nn.YOLOLoss().value_and_grad(y_true, y_pred, weights)
        moved = None if weights is None else move(weights)
        value, grad = nn.YOLOLoss().value_and_grad(move(y_true), move(y_pred), moved)
        assert isinstance(value, float)
        tolerance = TOLERANCE[device][np.dtype(dtype).name]
        assert value == pytest.approx(expected, rel=tolerance)
        found = devices.to_host(grad)
        assert found.dtype == dtype
        assert np.abs(found - expected_grad).max() <= tolerance * np.abs(expected_grad).max()


def tiny_detector(dtype=np.float64):
    layers = [nn.Conv2D(6, 3, strides=2, padding="same"), nn.Activation("relu")]
    layers += [nn.Conv2D(5 + CLASSES, 1), nn.Activation("sigmoid")]
    return nn.Sequential(layers, input_shape=(6, 6, 1), seed=0, dtype=dtype)


def test_a_detector_trains_as_in_keras():
    x = RNG.random((8, 6, 6, 1))
    found = compare.agreement(
        tiny_detector(), x, truth(8), loss=nn.YOLOLoss(), optimizer=nn.Adam(0.01)
    )
    assert {row[-1] for row in found.rows} == {"yes"}


def test_fit_takes_it_and_a_large_batch_may_be_cut():
    x, y = RNG.random((600, 6, 6, 1)), truth(600)
    assert nn.YOLOLoss.averages_rows
    whole = nn.YOLOLoss()(y, tiny_detector().forward(x)[0])
    model = tiny_detector()
    history = model.fit(
        x, y, loss=nn.YOLOLoss(), optimizer=nn.Adam(0.01), epochs=3, batch_size=600, verbose=False
    )
    assert history.history["loss"][0] == pytest.approx(whole, rel=1e-12)
    assert history.history["loss"][-1] < whole


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t, p: (t, p[0]), r"shape \(batch, cells, cells, 5 \+ classes\).*got \(3, 3, 9\)"),
        (lambda t, p: (t, p[..., :5]), "at least one class"),
        (lambda t, p: (t[..., :5], p), r"shape \(5, 3, 3, 6\).*got \(5, 3, 3, 5\)"),
        (lambda t, p: (t[:4], p), r"got \(4, 3, 3, 6\)"),
        (lambda t, p: (t[:0], p[:0]), "empty batch"),
        (lambda t, p: (t * [0.5, 1, 1, 1, 1, 1], p), "0 or 1 as the first number"),
        (lambda t, p: (t * [1, 9, 1, 1, 1, 1], p), "shares of a cell.*from 0 to 1; got 0 to"),
        (lambda t, p: (t * [1, 1, 1, -1, 1, 1], p), "width and height as shares"),
        (lambda t, p: (t, p[..., :7]), "class indices from 0 to 1 .* 2 classes, got 0 to 3"),
        (lambda t, p: (t * [1, 1, 1, 1, 1, -1], p), "got -3 to"),
        (lambda t, p: (t + np.eye(6)[5] / 2, p[..., [*range(9), 8]]), "whole numbers"),
    ],
)
def test_what_cannot_be_a_truth_is_refused_in_words(change, message):
    y_true, y_pred = change(Y_TRUE, Y_PRED)
    with pytest.raises(ValueError, match=message):
        nn.YOLOLoss().value_and_grad(y_true, y_pred)


@pytest.mark.parametrize("weights", [np.ones(4), np.ones((5, 9)), np.ones((1, 3, 3))])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="sample_weight must have one number per row"):
        nn.YOLOLoss().value_and_grad(Y_TRUE, Y_PRED, weights)


@pytest.mark.parametrize("options", [{"coordinates": -1}, {"no_object": -0.5}])
def test_negative_weights_are_refused(options):
    with pytest.raises(ValueError, match="weights of at least 0"):
        nn.YOLOLoss(**options)


def test_saving_and_configuration_know_it():
    import pickle

    assert repr(pickle.loads(pickle.dumps(nn.YOLOLoss(2.0)))) == "YOLOLoss(coordinates=2.0)"


def test_it_prints_as_the_call_that_makes_it():
    assert repr(nn.YOLOLoss()) == "YOLOLoss()"
    assert repr(nn.YOLOLoss(2.0, no_object=0.1)) == "YOLOLoss(coordinates=2.0, no_object=0.1)"


def test_roots_that_are_forgotten_would_be_seen():
    class WithoutRoots(nn.YOLOLoss):
        def value_and_grad(self, y_true, y_pred, sample_weight=None):
            squared = np.array(y_true) ** [1, 1, 1, 2, 2, 1]
            return super().value_and_grad(squared, y_pred, sample_weight)

    value = WithoutRoots()(Y_TRUE, Y_PRED)
    assert abs(value - nn.YOLOLoss()(Y_TRUE, Y_PRED)) > 0.01
