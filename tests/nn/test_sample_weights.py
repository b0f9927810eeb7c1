"""Weights of examples and of classes: in losses, training and evaluation, as in Keras."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from dlcourse import compare, datasets, nn
from dlcourse.nn.examples import examples, of_classes
from dlcourse.nn.losses import LOSSES

IRIS = datasets.iris()
LOGITS = nn.SparseCategoricalCrossentropy(from_logits=True)
rng = np.random.default_rng(0)
WEIGHTS = rng.random(150) * 3


def classifier(dtype=np.float32, last="linear"):
    layers = [nn.Dense(6), nn.Activation("tanh"), nn.Dense(3), nn.Activation(last)]
    return nn.Sequential(layers, input_shape=(4,), seed=0, dtype=dtype)


@pytest.mark.parametrize("loss", [*LOSSES])
def test_every_loss_trains_with_weights_as_in_keras(loss):
    model = classifier(np.float64, "softmax")
    y = IRIS.y[::10] if loss.startswith("sparse") else np.eye(3)[IRIS.y[::10]]
    options = {"loss": loss, "optimizer": nn.Adam(0.01), "sample_weight": WEIGHTS[::10]}
    compare.agreement(model, IRIS.x[::10], y, **options)


@pytest.mark.parametrize(
    "weighted",
    [
        {"sample_weight": WEIGHTS},
        {"class_weight": {0: 1.0, 2: 5.0}},
        {"class_weight": {0: 0.0, 1: 0.5, 2: 2.0}},
    ],
    ids=["each", "one class heavier", "one class left out"],
)
def test_fit_and_evaluate_do_what_keras_does(weighted):
    model = classifier()
    twin = compare.to_keras(model)
    twin.compile(
        compare.keras_optimizer(nn.SGD(0.1)), compare.keras_loss(LOGITS), metrics=["accuracy"]
    )
    options = {"epochs": 3, "batch_size": 40, "shuffle": False, **weighted}
    validation = (IRIS.x[::3], IRIS.y[::3], WEIGHTS[::3])
    theirs = twin.fit(IRIS.x, IRIS.y, verbose=0, validation_data=validation, **options).history
    ours = model.fit(
        *(IRIS.x, IRIS.y),
        loss=LOGITS,
        optimizer=nn.SGD(0.1),
        metrics=["accuracy"],
        validation_data=validation,
        verbose=False,
        **options,
    ).history
    assert set(ours) == set(theirs)
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-4, err_msg=name)
    for array, their_array in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(array, their_array, rtol=1e-3, atol=1e-5)
    expected = twin.evaluate(IRIS.x, IRIS.y, sample_weight=WEIGHTS, verbose=0)[0]
    found = model.evaluate(IRIS.x, IRIS.y, loss=LOGITS, sample_weight=WEIGHTS)
    assert found == pytest.approx(expected, rel=1e-4)


def test_one_step_with_weights_is_the_four_lines():
    model, twin = classifier(np.float64), classifier(np.float64)
    options = {"loss": LOGITS, "optimizer": nn.SGD(0.1), "sample_weight": WEIGHTS}
    value = model.train_on_batch(IRIS.x, IRIS.y, **options)
    outputs, cache = twin.forward(IRIS.x, training=True)
    expected, grad_outputs = LOGITS.value_and_grad(IRIS.y, outputs, WEIGHTS)
    _, grads = twin.backward(grad_outputs, cache)
    nn.SGD(0.1).step(twin.params, grads)
    assert value == expected
    for array, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(array, other)


def test_weights_follow_the_order_of_the_examples():
    """Shuffled or not: an example of weight 0 never moves anything."""
    x = np.concatenate([IRIS.x, 100 * rng.standard_normal((50, 4))])
    y = np.concatenate([IRIS.y, rng.integers(0, 3, 50)])
    weights = np.concatenate([np.ones(150), np.zeros(50)])
    model, twin = classifier(np.float64), classifier(np.float64)
    options = {"loss": LOGITS, "batch_size": 200, "epochs": 3, "verbose": False}
    model.fit(x, y, sample_weight=weights, optimizer=nn.SGD(0.2), **options)
    # The mean is over 200 rows, of which 50 are zero: the same step at three quarters of the rate.
    twin.fit(IRIS.x, IRIS.y, optimizer=nn.SGD(0.15), **options)
    for array, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(array, other, rtol=1e-10, atol=1e-13)


def test_balanced_is_what_scikit_learn_calls_so():
    y = np.repeat([0, 1, 3], [10, 3, 7])
    expected = compute_class_weight("balanced", classes=np.unique(y), y=y)
    np.testing.assert_allclose(of_classes(y, "balanced"), np.repeat(expected, [10, 3, 7]))
    for labels in (y[:, None], np.eye(4)[y], y.astype(np.uint8), y.astype(np.float32)):
        np.testing.assert_allclose(of_classes(labels, "balanced"), of_classes(y, "balanced"))
    sums = np.bincount(y, of_classes(y, "balanced"))[[0, 1, 3]]
    np.testing.assert_allclose(sums, 20 / 3)  # each class counts as much as any other


def test_a_rare_class_is_learned_when_classes_are_balanced():
    rare = np.concatenate([np.flatnonzero(IRIS.y == 1), np.flatnonzero(IRIS.y == 2)[:5]])
    x, y = IRIS.x[rare], IRIS.y[rare]
    model, plain = classifier(), classifier()
    options = {"loss": LOGITS, "optimizer": "sgd", "epochs": 60, "verbose": False}
    model.fit(x, y, class_weight="balanced", **options)
    plain.fit(x, y, **options)
    found, without = (m.predict(x).argmax(-1)[y == 2].tolist() for m in (model, plain))
    assert found.count(2) > without.count(2)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"sample_weight": np.ones(149)}, r"number for each of 150 examples, got shape \(149,\)"),
        ({"sample_weight": np.full(150, np.nan)}, "sample_weight must be finite"),
        ({"sample_weight": np.ones((150, 3))}, "sample_weight must have one number per row"),
        ({"sample_weight": WEIGHTS, "class_weight": {0: 1.0}}, "not both"),
        ({"class_weight": "equal"}, "must be a dict or \"balanced\", got 'equal'"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        classifier().fit(IRIS.x, IRIS.y, loss=LOGITS, verbose=False, **weights)


def test_classes_of_what_is_no_class_are_refused():
    for y in (np.zeros((4, 2, 2)), np.array([0.5, 1.0])):
        with pytest.raises(ValueError, match=r"class indices or one-hot rows|whole numbers"):
            examples(np.zeros((len(y), 1)), y, class_weight="balanced")


@pytest.mark.parametrize(
    ("last", "loss", "y"),
    [
        ("softmax", LOGITS, IRIS.y),
        ("softmax", nn.CategoricalCrossentropy(from_logits=True), np.eye(3)[IRIS.y]),
        ("sigmoid", nn.BinaryCrossentropy(from_logits=True), np.eye(3)[IRIS.y]),
    ],
    ids=repr,
)
def test_probabilities_in_a_loss_of_logits_are_warned_of_as_in_keras(last, loss, y):
    model = classifier(last=last)
    for use in (
        lambda: model.fit(IRIS.x, y, loss=loss, verbose=False),
        lambda: model.train_on_batch(IRIS.x, y, loss=loss, optimizer=nn.SGD()),
        lambda: model.evaluate(IRIS.x, y, loss=loss),
    ):
        with pytest.warns(UserWarning, match=r"takes logits, but this network ends in Activation"):
            use()
