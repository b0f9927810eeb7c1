import numpy as np
import pytest

from dlcourse import figures, nn


@pytest.fixture
def record():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 2))
    y = (x[:, :1] > 0).astype(float)
    model = nn.Sequential([nn.Dense(1), nn.Activation("sigmoid")], input_shape=(2,), seed=0)
    return model.fit(
        x,
        y,
        loss="binary_crossentropy",
        metrics=["accuracy"],
        validation_data=(x, y),
        epochs=4,
        verbose=False,
    )


def test_every_value_is_drawn(record):
    figure = figures.history(record)
    loss, accuracy = figure.axes
    for axes, name in ((loss, "loss"), (accuracy, "accuracy")):
        training, validation = axes.lines
        np.testing.assert_array_equal(training.get_xdata(), [1, 2, 3, 4])
        np.testing.assert_array_equal(training.get_ydata(), record.history[name])
        np.testing.assert_array_equal(validation.get_ydata(), record.history[f"val_{name}"])
        assert axes.get_ylabel() == name


def test_the_description_tells_the_first_and_the_last_value(record):
    description = figures.history(record).description
    assert description.startswith("4 epochs of training: loss from")
    assert f"to {record.history['loss'][-1]:.3g}" in description


def test_no_epochs_are_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        figures.history(nn.History())
