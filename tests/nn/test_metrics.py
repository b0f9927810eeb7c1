"""Metrics: values against scikit-learn and Keras; shapes; logits."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from dlcourse.compare.keras_backend import load_keras
from dlcourse.nn import metrics

rng = np.random.default_rng(0)
CLASSES = rng.integers(0, 4, 50)
SCORES = rng.random((50, 4))
BITS = rng.integers(0, 2, 50)


def test_accuracies_equal_scikit_learn():
    expected = sklearn_metrics.accuracy_score(CLASSES, SCORES.argmax(1))
    assert metrics.sparse_categorical_accuracy(CLASSES, SCORES) == expected
    assert metrics.categorical_accuracy(np.eye(4)[CLASSES], SCORES) == expected
    expected = sklearn_metrics.accuracy_score(BITS, SCORES[:, 0] > 0.5)
    assert metrics.binary_accuracy(BITS, SCORES[:, :1]) == expected


@pytest.mark.parametrize(
    ("y_true", "y_pred", "keras_name"),
    [
        (BITS[:, None], SCORES[:, :1], "BinaryAccuracy"),
        (np.eye(4)[CLASSES], SCORES, "CategoricalAccuracy"),
        (CLASSES, SCORES, "SparseCategoricalAccuracy"),
        (CLASSES[:, None], SCORES, "SparseCategoricalAccuracy"),
    ],
)
def test_accuracy_chooses_by_the_shapes_as_keras_does(y_true, y_pred, keras_name):
    metric = getattr(load_keras().metrics, keras_name)()
    metric.update_state(y_true, y_pred)
    assert metrics.accuracy(y_true, y_pred) == pytest.approx(float(metric.result()))


def test_errors_and_confusion_equal_scikit_learn():
    answers = SCORES.argmax(1)
    np.testing.assert_array_equal(
        metrics.confusion_matrix(CLASSES, answers),
        sklearn_metrics.confusion_matrix(CLASSES, answers),
    )
    assert metrics.confusion_matrix(CLASSES, answers, classes=6).shape == (6, 6)
    y_true = rng.random((50, 4))
    assert metrics.mean_squared_error(y_true, SCORES) == pytest.approx(
        sklearn_metrics.mean_squared_error(y_true, SCORES)
    )
    assert metrics.mean_absolute_error(y_true, SCORES) == pytest.approx(
        sklearn_metrics.mean_absolute_error(y_true, SCORES)
    )


def test_accuracy_of_logits_has_its_threshold_at_zero():
    logits, truth = np.array([[0.2], [-0.2]]), np.array([1, 0])
    assert metrics.get_metric("accuracy")(truth, logits) == 0.5
    for name in ("accuracy", "binary_accuracy"):
        assert metrics.get_metric(name, from_logits=True)(truth, logits) == 1


def test_wrong_use_is_refused_in_words():
    with pytest.raises(ValueError, match=r"expected y_true of shape \(50, 4\), got \(49,\)"):
        metrics.mean_squared_error(np.zeros(49), SCORES)
    with pytest.raises(ValueError, match="two arrays of class indices"):
        metrics.confusion_matrix(CLASSES, SCORES)
    with pytest.raises(ValueError, match="class indices from 0 to 3, got 0 to 4"):
        metrics.confusion_matrix(np.array([0, 4]), np.array([0, 1]), classes=4)
    with pytest.raises(ValueError, match="unknown metric"):
        metrics.get_metric("f1")


@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int32", "uint64", "float32", "float64"]
)
def test_labels_may_have_any_type(dtype):
    """With 17 classes, an index into the matrix does not fit into 8 bits."""
    truth, answers = rng.integers(0, 17, (2, 200))
    np.testing.assert_array_equal(
        metrics.confusion_matrix(truth.astype(dtype), answers.astype(dtype)),
        metrics.confusion_matrix(truth, answers),
    )
    scores = rng.random((200, 17))
    expected = metrics.accuracy(truth, scores)
    assert metrics.accuracy(truth.astype(dtype), scores) == expected
    both = truth[:, None].astype(dtype), answers[:, None].astype(dtype)
    assert metrics.mean_absolute_error(*both) == pytest.approx(np.abs(truth - answers).mean())
    assert metrics.mean_squared_error(*both) == pytest.approx(((truth - answers) ** 2).mean())


def test_labels_with_a_fraction_are_refused():
    with pytest.raises(ValueError, match="class indices must be whole numbers"):
        metrics.confusion_matrix([0.5, 1.0], [0, 1])
