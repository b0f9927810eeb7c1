"""Callbacks do what Keras's callbacks of the same name do."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras

VALUES = [5.0, 4.0, 4.5, 3.9999, 4.2, 4.3, 3.0, 3.1, 3.2, 3.3, 2.9, 3.0]


class Model:
    """As much of a model as a callback sees, on either side."""

    def __init__(self):
        self.stop_training = False
        self.epoch = 0

    def get_weights(self):
        return [np.array(self.epoch)]

    def set_weights(self, weights):
        self.restored = int(weights[0])


class Optimizer:
    learning_rate = 1.0


def run(callback, values, name="val_loss"):
    """Return (epochs run, learning rates, epoch restored) for a series of values."""
    model = Model()
    model.optimizer = Optimizer()
    if isinstance(callback, nn.Callback):
        callback.model, callback.optimizer = model, model.optimizer
    else:
        callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_begin(epoch)
        callback.on_epoch_end(epoch, {name: value})
        rates.append(model.optimizer.learning_rate)
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1, rates, getattr(model, "restored", None)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"patience": 1},
        {"patience": 2},
        {"patience": 3, "restore_best_weights": True},
        {"patience": 2, "min_delta": 0.5},
        {"patience": 2, "min_delta": -0.5},
        {"patience": 2, "baseline": 3.5},
        {"patience": 2, "baseline": 3.5, "restore_best_weights": True},
        {"patience": 1, "start_from_epoch": 4, "restore_best_weights": True},
        {"patience": 2, "mode": "max"},
        {"patience": 3, "mode": "min"},
    ],
)
def test_early_stopping_equals_keras(options):
    ours = run(nn.EarlyStopping(**options), VALUES)
    theirs = run(load_keras().callbacks.EarlyStopping(**options), VALUES)
    assert ours == theirs


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 1},
        {"patience": 2, "factor": 0.5},
        {"patience": 1, "factor": 0.5, "min_lr": 0.3},
        {"patience": 1, "factor": 0.5, "cooldown": 2},
        {"patience": 2, "min_delta": 0.5},
        {"patience": 1, "mode": "max", "factor": 0.0},
    ],
)
def test_reducing_the_rate_on_a_plateau_equals_keras(options):
    ours = run(nn.ReduceLROnPlateau(**options), VALUES)
    theirs = run(load_keras().callbacks.ReduceLROnPlateau(**options), VALUES)
    assert ours == theirs


def test_more_accuracy_is_better():
    callback = nn.EarlyStopping("val_accuracy", patience=2)
    assert run(callback, [0.1, 0.2, 0.3, 0.2, 0.1, 0.4], "val_accuracy")[0] == 5
    assert (callback.best, callback.best_epoch, callback.stopped_epoch) == (0.3, 2, 4)


def fit(*callbacks, optimizer="sgd", epochs=5):
    model = nn.Sequential([nn.Dense(1)], seed=0)
    x = np.linspace(-1, 1, 8)[:, None]
    options = {"epochs": epochs, "callbacks": callbacks, "verbose": False}
    history = model.fit(x, 2 * x, loss="mse", optimizer=optimizer, **options)
    return model, history.history


def test_early_stopping_ends_fit_and_restores_the_best_weights():
    model, history = fit(
        nn.EarlyStopping("loss", patience=3, mode="max", restore_best_weights=True), epochs=50
    )
    assert len(history["loss"]) == 4
    once, _ = fit(epochs=1)
    np.testing.assert_array_equal(model.params["0.kernel"], once.params["0.kernel"])


def test_the_learning_rate_is_scheduled_and_logged():
    optimizer = nn.SGD(0.1)
    halve = nn.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
    _, history = fit(halve, optimizer=optimizer, epochs=3)
    assert history["learning_rate"] == [0.1, 0.05, 0.025]
    assert optimizer.learning_rate == 0.025


def test_the_moments_of_a_callback():
    calls = []

    class Recorder(nn.Callback):
        def on_train_begin(self):
            calls.append("train begins")

        def on_epoch_begin(self, epoch):
            calls.append(f"epoch {epoch} begins")

        def on_epoch_end(self, epoch, logs):
            calls.append(f"epoch {epoch} ends, {list(logs)}")
            self.model.stop_training = True

        def on_train_end(self):
            calls.append("train ends")

    fit(Recorder())
    assert calls == ["train begins", "epoch 0 begins", "epoch 0 ends, ['loss']", "train ends"]


def test_wrong_use_is_refused_in_words():
    with pytest.raises(ValueError, match="cannot monitor 'val_loss'; this training logs loss"):
        fit(nn.EarlyStopping())
    with pytest.raises(ValueError, match="mode must be 'auto', 'min' or 'max', got 'up'"):
        fit(nn.EarlyStopping("loss", mode="up"))
    with pytest.raises(ValueError, match="factor must be at least 0 and below 1, got 2"):
        nn.ReduceLROnPlateau(factor=2)
    decaying = nn.SGD(nn.ExponentialDecay(0.1, 10, 0.5))
    with pytest.raises(ValueError, match=r"follows ExponentialDecay\(0.1, 10, 0.5\); give the"):
        fit(nn.ReduceLROnPlateau("loss"), optimizer=decaying)


@pytest.mark.parametrize(
    "schedule",
    [
        lambda epoch: 0.1 / (1 + epoch),
        lambda epoch, rate: rate / 2,
        lambda epoch, rate=9.0: rate / 2,
        nn.ExponentialDecay(0.1, 1, 0.5),
        nn.CosineDecay(0.1, 4),
    ],
)
def test_a_schedule_may_take_the_epoch_alone_as_in_keras(schedule):
    ours = run(nn.LearningRateScheduler(schedule), VALUES)
    # Keras finds out by a TypeError, which its own schedules do not raise.
    theirs = run(load_keras().callbacks.LearningRateScheduler(schedule), VALUES)
    assert ours[1] == pytest.approx(theirs[1])


def test_a_mistake_inside_a_schedule_is_not_hidden():
    def broken(epoch, rate):
        return rate + "1"

    with pytest.raises(TypeError, match="unsupported operand"):
        fit(nn.LearningRateScheduler(broken))
    with pytest.raises(ValueError, match="for epoch 0 it gave None"):
        fit(nn.LearningRateScheduler(lambda epoch: None))
