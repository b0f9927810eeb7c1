"""What is special about lesson 10: its functions are those of the package, and its task is fair."""

from functools import partial

import numpy as np
import pytest

from dlcourse import checks, nn
from dlcourse.lessons.lesson_10_generalization import checks as own


def test_dropout_is_that_of_the_package():
    layer = nn.Dropout(0.3)
    layer.build((50,), np.random.default_rng(0))
    x = np.ones((20, 50), np.float32)
    (rng,) = np.random.default_rng(0).spawn(1)
    expected, mask = layer.forward(x, training=True)
    output, scale = own.dropout(x, 0.3, rng.random(x.shape, np.float32), True)
    np.testing.assert_allclose(output, expected, rtol=1e-6)
    np.testing.assert_allclose(scale, mask, rtol=1e-6)


def test_training_stops_where_the_package_stops():
    class Model:
        stop_training = False

    losses = [2.0, 1.5, 1.7, 1.2, 1.3, 1.25, 1.1, 1.15, 1.2, 1.3, 0.5]
    for patience in (1, 2, 3):
        stop = nn.EarlyStopping(patience=patience)
        stop.model = Model()
        stop.on_train_begin()
        for epoch, loss in enumerate(losses):
            stop.on_epoch_end(epoch, {"val_loss": loss})
            if stop.model.stop_training:
                break
        assert own.early_stop(np.array(losses), patience) == (epoch, stop.best_epoch)


def test_the_slope_of_the_price_is_zero_at_the_ridge():
    rng = np.random.default_rng(0)
    x, y, strength = rng.normal(size=(7, 4)), rng.normal(size=7), 0.6
    w = own.ridge(x, y, strength)
    np.testing.assert_allclose(x.T @ (x @ w - y) + strength * w, 0, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_no_single_strength_reaches_the_second_bar(seed):
    check = checks.find("predict_new")
    cases = check.cases(np.random.default_rng(seed))

    def worst(predict):
        return min(check.goal.measure(predict(*case.arguments), case.hidden) for case in cases)

    def with_strength(strength, x, y, test_x):
        return test_x @ own.ridge(x, y, strength)

    for strength in (0.0, 0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0):
        fixed = partial(with_strength, strength)
        assert check.goal.reached(worst(fixed)) < 2
    assert check.goal.reached(worst(own.predict_new)) == 3


def test_predictions_that_are_no_numbers_reach_nothing():
    hidden = np.ones(4)
    assert own.share_explained(np.full(4, np.nan), hidden) == -np.inf
    assert own.share_explained(np.full(4, np.inf), hidden) == -np.inf
