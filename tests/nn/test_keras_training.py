"""Weights after five steps of every optimizer equal those of Keras, for a mixed network."""

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.nn.losses import LOSSES
from dlcourse.nn.optimizers import OPTIMIZERS

OPTIMIZERS_TO_TRY = [
    nn.SGD(0.05),
    nn.SGD(0.05, momentum=0.9),
    nn.SGD(0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    nn.SGD(nn.ExponentialDecay(0.1, 2, 0.5), clipvalue=0.05),
    nn.RMSprop(0.002),
    nn.RMSprop(0.002, momentum=0.5, centered=True, clipnorm=0.5),
    nn.Adam(0.002),
    nn.Adam(nn.CosineDecay(0.01, 4), global_clipnorm=0.5),
    nn.Adam(nn.PiecewiseConstantDecay([2], [0.01, 0.001])),
    nn.AdamW(0.002, weight_decay=0.1),
]
TOLERANCE = {"float64": 1e-10, "float32": 1e-5}


def mixed_model(dtype):
    """An image, read by convolutions, then row by row by recurrent layers."""
    layers = [
        nn.Branches([nn.Conv2D(2, 3, padding="same", use_bias=False), nn.Conv2D(2, 1)]),
        nn.Activation("tanh"),
        nn.BatchNormalization(),
        nn.AveragePooling2D(2),
        nn.Reshape((4, 16)),
        nn.GRU(6, return_sequences=True),
        nn.Bidirectional(nn.LSTM(5)),
        nn.Residual([nn.Dense(10), nn.Activation("elu")]),
        nn.LayerNormalization(),
        nn.Dropout(0.5),
        nn.Sequential([nn.Dense(6), nn.Activation("relu"), nn.Dense(3)]),
    ]
    return nn.Sequential(layers, input_shape=(8, 8, 2), seed=0, dtype=dtype)


def batch():
    rng = np.random.default_rng(0)
    return rng.standard_normal((10, 8, 8, 2)), rng.integers(0, 3, 10)


def test_every_optimizer_is_tried():
    assert {type(optimizer) for optimizer in OPTIMIZERS_TO_TRY} == set(OPTIMIZERS.values())


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("optimizer", OPTIMIZERS_TO_TRY, ids=repr)
def test_weights_after_five_steps_equal_those_of_keras(optimizer, dtype):
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    table = compare.agreement(mixed_model(dtype), *batch(), loss=loss, optimizer=optimizer)
    weights = [d for d in table.differences if d.quantity.endswith("after the step")]
    assert max(d.step for d in weights) == 5
    assert max(d.relative for d in weights) < TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(
    "loss",
    [
        nn.MeanSquaredError(),
        nn.HalfSquaredError(),
        nn.BinaryCrossentropy(),
        nn.BinaryCrossentropy(from_logits=True),
        nn.CategoricalCrossentropy(),
        nn.CategoricalCrossentropy(from_logits=True),
        nn.SparseCategoricalCrossentropy(),
        nn.SparseCategoricalCrossentropy(from_logits=True),
    ],
    ids=repr,
)
def test_every_loss_trains_like_that_of_keras(loss, dtype):
    last = {True: "linear", False: "softmax"}[getattr(loss, "from_logits", True)]
    layers = [nn.Dense(5), nn.Activation("tanh"), nn.Dense(3), nn.Activation(last)]
    model = nn.Sequential(layers, input_shape=(4,), seed=0, dtype=dtype)
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    if not isinstance(loss, nn.SparseCategoricalCrossentropy):
        y = np.eye(3)[y]
    compare.agreement(model, x, y, loss=loss, optimizer=nn.SGD(0.1), tolerance=TOLERANCE[dtype])


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("sigmoid", nn.BinaryCrossentropy()),
        ("softmax", nn.CategoricalCrossentropy()),
        ("softmax", nn.SparseCategoricalCrossentropy()),
    ],
    ids=repr,
)
def test_a_network_that_is_sure_and_wrong_learns_as_by_the_step_of_keras(activation, loss):
    """Probabilities round to 0 and 1 here, and their own gradients to zero."""
    layers = [nn.Dense(3), nn.Activation(activation)]
    model = nn.Sequential(layers, input_shape=(4,), seed=0)
    model.params["0.kernel"][...] *= 100
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    if not isinstance(loss, nn.SparseCategoricalCrossentropy):
        y = np.eye(3)[y]
    twin = compare.to_keras(model)
    # By name: the twin of our loss object would keep Keras from seeing the logits.
    names = {kind: name for name, kind in LOSSES.items()}
    twin.compile(compare.keras_optimizer(nn.SGD(0.1)), names[type(loss)])
    value = model.train_on_batch(x, y, loss=loss, optimizer=nn.SGD(0.1))
    assert value == pytest.approx(float(twin.train_on_batch(x, y)), rel=1e-5)
    assert value > -np.log(1e-7) / 2
    for array, theirs in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(array, theirs, rtol=1e-5, atol=1e-6)
