"""Training: fit, evaluate, predict and train_on_batch; what they learn and what they refuse."""

import numpy as np
import pytest

from dlcourse import datasets, nn

XOR_X, XOR_Y = datasets.logic_gates("XOR")
XOR_Y = (XOR_Y[:, None] + 1) / 2


def classifier(**options):
    layers = [nn.Dense(16), nn.Activation("relu"), nn.Dense(3)]
    return nn.Sequential(layers, input_shape=(4,), seed=0, **options)


LOGITS = nn.SparseCategoricalCrossentropy(from_logits=True)
IRIS = datasets.iris()


def test_a_step_is_the_four_lines():
    model, twin = classifier(dtype=np.float64), classifier(dtype=np.float64)
    value = model.train_on_batch(IRIS.x, IRIS.y, loss=LOGITS, optimizer=nn.SGD(0.1))
    outputs, cache = twin.forward(IRIS.x, training=True)
    expected, grad_outputs = LOGITS.value_and_grad(IRIS.y, outputs)
    _, grads = twin.backward(grad_outputs, cache)
    nn.SGD(0.1).step(twin.params, grads)
    assert value == expected
    for array, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(array, other)


MERGED = [
    ("sigmoid", nn.BinaryCrossentropy(), np.eye(3)[IRIS.y]),
    ("softmax", nn.CategoricalCrossentropy(), np.eye(3)[IRIS.y]),
    ("softmax", nn.SparseCategoricalCrossentropy(), IRIS.y),
]


def with_last(activation):
    layers = [nn.Dense(3), nn.Activation(activation)]
    return nn.Sequential(layers, input_shape=(4,), seed=0, dtype=np.float64)


@pytest.mark.parametrize(("activation", "loss", "y"), MERGED, ids=repr)
def test_a_cross_entropy_and_the_activation_before_it_are_taken_as_one(activation, loss, y):
    model, four_lines = with_last(activation), with_last(activation)
    value = model.train_on_batch(IRIS.x, y, loss=loss, optimizer=nn.SGD(0.1))
    outputs, cache = four_lines.forward(IRIS.x, training=True)
    expected, grad_outputs = loss.value_and_grad(y, outputs)
    _, grads = four_lines.backward(grad_outputs, cache)
    nn.SGD(0.1).step(four_lines.params, grads)
    assert value == pytest.approx(expected, rel=1e-12)
    for array, other in zip(model.get_weights(), four_lines.get_weights(), strict=True):
        np.testing.assert_allclose(array, other, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(("activation", "loss", "y"), MERGED, ids=repr)
def test_what_is_surely_wrong_still_learns(activation, loss, y):
    """Where probabilities are clipped, only the gradient of both at once is not zero."""
    model, logits = with_last(activation), with_last("linear")
    for each in (model, logits):
        each.params["0.kernel"][...] *= 1e3
        of_logits = type(loss)(from_logits=each is logits)
        each.train_on_batch(IRIS.x, y, loss=of_logits, optimizer=nn.SGD(0.1))
    for array, other in zip(model.get_weights(), logits.get_weights(), strict=True):
        np.testing.assert_array_equal(array, other)


def test_metrics_see_the_outputs_and_not_what_the_loss_is_computed_from():
    def lowest(y_true, y_pred):
        return float(y_pred.min())

    model = with_last("softmax")
    options = {"optimizer": nn.SGD(0.0), "metrics": [lowest, "accuracy"], "verbose": False}
    logs = model.fit(IRIS.x, IRIS.y, loss=MERGED[2][1], batch_size=150, **options).history
    assert logs["lowest"] == [pytest.approx(model.predict(IRIS.x).min())]
    assert logs["accuracy"] == [np.mean(model.predict(IRIS.x).argmax(-1) == IRIS.y)]


@pytest.mark.filterwarnings("ignore:BinaryCrossentropy.* takes logits")
def test_losses_and_layers_of_others_are_not_taken_as_one():
    class Focal(nn.BinaryCrossentropy):
        def value_and_grad(self, y_true, y_pred):
            assert y_pred.min() > 0
            return super().value_and_grad(y_true, y_pred)

    class Scaled(nn.Activation):
        def forward(self, inputs, *, training=False):
            outputs, cache = super().forward(inputs, training=training)
            return outputs / 2, cache

    y = np.eye(3)[IRIS.y]
    with_last("sigmoid").train_on_batch(IRIS.x, y, loss=Focal(), optimizer=nn.SGD())
    halves = nn.Sequential([nn.Dense(3), Scaled("sigmoid")], input_shape=(4,), seed=0)
    logs = halves.evaluate(IRIS.x, y, loss=nn.BinaryCrossentropy())
    value = halves.train_on_batch(IRIS.x, y, loss=nn.BinaryCrossentropy(), optimizer=nn.SGD())
    assert value == pytest.approx(logs, rel=1e-5)
    twice = with_last("sigmoid")
    logits = nn.BinaryCrossentropy(from_logits=True)
    value = twice.evaluate(IRIS.x, y, loss=logits, batch_size=150)
    assert twice.train_on_batch(IRIS.x, y, loss=logits, optimizer=nn.SGD()) == value


def test_fit_learns_xor():
    model = nn.Sequential([nn.Dense(4), nn.Activation("tanh"), nn.Dense(1)], seed=0)
    loss = nn.BinaryCrossentropy(from_logits=True)
    options = {"epochs": 200, "metrics": ["accuracy"], "verbose": False}
    history = model.fit(XOR_X, XOR_Y, loss=loss, optimizer=nn.Adam(0.05), **options)
    assert history.history["accuracy"][-1] == 1
    assert history.history["loss"][-1] < 0.1 < history.history["loss"][0]
    assert ((model.predict(XOR_X) > 0) == XOR_Y).all()


def test_history_has_an_entry_an_epoch():
    history = classifier().fit(
        IRIS.x,
        IRIS.y,
        loss=LOGITS,
        epochs=3,
        metrics=["accuracy", lambda_metric],
        validation_data=(IRIS.x[::5], IRIS.y[::5]),
        verbose=False,
    )
    assert history.epoch == [0, 1, 2]
    names = ["loss", "accuracy", "lambda_metric"]
    assert list(history.history) == names + [f"val_{name}" for name in names]
    assert all(len(values) == 3 for values in history.history.values())
    assert repr(history).startswith("<History of 3 epochs, loss ")


def lambda_metric(y_true, y_pred):
    return float(np.mean(y_pred.argmax(-1) != y_true))


def test_fit_equals_train_on_batch_in_the_same_order():
    fitted, stepped = classifier(), classifier()
    fitted.fit(
        *(IRIS.x, IRIS.y),
        loss=LOGITS,
        optimizer=nn.SGD(0.1),
        epochs=2,
        batch_size=40,
        rng=np.random.default_rng(5),
        verbose=False,
    )
    rng, optimizer = np.random.default_rng(5), nn.SGD(0.1)
    for _ in range(2):
        order = rng.permutation(150)
        for start in (0, 40, 80, 120):
            rows = order[start : start + 40]
            stepped.train_on_batch(IRIS.x[rows], IRIS.y[rows], loss=LOGITS, optimizer=optimizer)
    assert optimizer.iterations == 8
    for array, other in zip(fitted.get_weights(), stepped.get_weights(), strict=True):
        np.testing.assert_array_equal(array, other)


def test_1050_examples_in_batches_of_100_are_11_iterations():
    optimizer = nn.SGD()
    model = nn.Sequential([nn.Dense(1)], seed=0)
    data = np.ones((1050, 2)), np.ones((1050, 1))
    model.fit(*data, loss="mse", optimizer=optimizer, batch_size=100, verbose=False)
    assert optimizer.iterations == 11


def test_the_loss_of_an_epoch_weighs_batches_by_their_size():
    model = nn.Sequential([nn.Dense(1, kernel_initializer="zeros")], input_shape=(1,))
    x, y = np.zeros((3, 1)), np.array([[0.0], [0.0], [3.0]])
    options = {"batch_size": 2, "shuffle": False, "verbose": False}
    history = model.fit(x, y, loss="mse", optimizer=nn.SGD(0.0), **options)
    assert history.history["loss"] == [3.0]
    assert model.evaluate(x, y, loss="mse", batch_size=2) == 3.0


def test_one_seed_gives_one_result():
    def run(seed):
        model = nn.Sequential([nn.Dense(3)], seed=seed)
        return model.fit(IRIS.x, IRIS.y, loss=LOGITS, epochs=2, verbose=False).history["loss"]

    assert run(1) == run(1) != run(2)


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    classifier().fit(IRIS.x, IRIS.y, loss=LOGITS, verbose=False)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_data_is_not_changed():
    x, y = IRIS.x.copy(), IRIS.y.copy()
    classifier().fit(x, y, loss=LOGITS, verbose=False)
    np.testing.assert_array_equal(x, IRIS.x)
    np.testing.assert_array_equal(y, IRIS.y)


def test_lists_will_do():
    model = nn.Sequential([nn.Dense(1)], seed=0)
    model.fit([[0, 0], [1, 1]], [[0], [1]], loss="mse", epochs=2, verbose=False)
    assert model.predict([[0, 0]]).shape == (1, 1)
    assert model.evaluate([[0, 0]], [0], loss="mse") >= 0


def test_predictions_do_not_depend_on_the_batch_size():
    model = classifier(dtype=np.float64)
    np.testing.assert_allclose(
        model.predict(IRIS.x, batch_size=7), model.predict(IRIS.x, batch_size=150), rtol=1e-13
    )


def test_evaluate_returns_the_loss_or_a_dict():
    model = classifier()
    value = model.evaluate(IRIS.x, IRIS.y, loss=LOGITS)
    logs = model.evaluate(IRIS.x, IRIS.y, loss=LOGITS, metrics=["accuracy"])
    assert logs["loss"] == value
    assert logs["accuracy"] == np.mean(model.predict(IRIS.x).argmax(-1) == IRIS.y)


def test_accuracy_of_logits_counts_from_zero():
    model = nn.Sequential([nn.Dense(1, kernel_initializer="ones")], input_shape=(1,))
    loss = nn.BinaryCrossentropy(from_logits=True)
    logs = model.evaluate([[0.2], [-0.2]], [1, 0], loss=loss, metrics=["accuracy"])
    assert logs["accuracy"] == 1


def test_fifty_mixed_layers_train():
    layers = [nn.Reshape((8, 8, 1)), nn.Conv2D(8, 3, padding="same"), nn.BatchNormalization()]
    layers += [nn.Activation("relu"), nn.MaxPooling2D(2), nn.Residual([nn.Conv2D(8, 1)])]
    layers += [nn.Reshape((16, 8)), nn.GRU(16, return_sequences=True), nn.LayerNormalization()]
    layers += [nn.Flatten(), nn.Dropout(0.1)]
    for activation in ("tanh", "elu", "leaky_relu", "softsign", "silu", "softplus") * 2:
        layers += [nn.Dense(32), nn.BatchNormalization(), nn.Activation(activation)]
    layers += [nn.Bidirectional(nn.LSTM(4)), nn.Dense(10)]
    layers.insert(-2, nn.Reshape((8, 4)))
    assert len(layers) == 50
    data = datasets.digits()
    x, y = data.x.reshape(-1, 64)[:400], data.y[:400]
    model = nn.Sequential(layers, seed=0)
    options = {"epochs": 12, "metrics": ["accuracy"], "verbose": False}
    history = model.fit(x, y, loss=LOGITS, optimizer=nn.Adam(5e-3), **options).history
    assert history["loss"][-1] < history["loss"][0] / 2
    assert history["accuracy"][-1] > 0.5  # by chance: 0.1
    assert all(array.dtype == np.float32 for array in model.get_weights())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_inputs_that_are_not_finite_are_refused_where_they_enter(bad):
    model = nn.Sequential([nn.Dense(2), nn.Activation("relu")], input_shape=(2,), seed=0)
    x, y = np.zeros((3, 2)), np.zeros((3, 2))
    x[2, 1] = bad
    before = model.get_weights()
    for use in (
        lambda: model.fit(x, y, loss="mse", verbose=False),
        lambda: model.train_on_batch(x, y, loss="mse", optimizer=nn.SGD()),
        lambda: model.evaluate(x, y, loss="mse"),
        lambda: model.predict(x),
    ):
        with pytest.raises(ValueError, match=rf"inputs must be finite, got x\[2, 1\] = {bad}"):
            use()
    for array, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_large_finite_inputs_are_not_mistaken_for_infinite_ones():
    model = nn.Sequential([nn.Dense(1)], input_shape=(2,), seed=0)
    assert np.isfinite(model.predict(np.full((1, 2), 1e30))).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_targets_that_are_not_finite_are_named(bad):
    y = np.zeros((150, 3))
    y[3] = bad
    with pytest.raises(ValueError, match="y must be finite, got NaN or infinity in it"):
        classifier().fit(IRIS.x, y, loss="mse", verbose=False)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_divergence_is_told_with_the_remedy():
    model = nn.Sequential([nn.Dense(1)], seed=0)
    x = 10 * np.ones((4, 2))
    with pytest.raises(FloatingPointError, match=r"diverged.*after \d+ steps. Lower the learning"):
        model.fit(x, x[:, :1], loss="mse", optimizer=nn.SGD(10.0), epochs=100, verbose=False)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((0, 4)), np.zeros(0, int), r"nothing to learn from: x has shape \(0, 4\)"),
        (IRIS.x, IRIS.y[:-1], r"same length, got 150 inputs and y of shape \(149,\)"),
        (IRIS.x, IRIS.y + 1, "class indices from 0 to 2 .* got 1 to 3|got . to 3"),
        (IRIS.x, np.eye(3)[IRIS.y], "one-hot rows go with CategoricalCrossentropy"),
        (IRIS.x[:, :3], IRIS.y, r"inputs must have shape \(batch, 4\), got"),
    ],
)
def test_data_that_does_not_fit_is_refused(x, y, message):
    for use in (
        lambda: classifier().fit(x, y, loss=LOGITS, verbose=False),
        lambda: classifier().train_on_batch(x, y, loss=LOGITS, optimizer=nn.SGD()),
        lambda: classifier().evaluate(x, y, loss=LOGITS),
    ):
        with pytest.raises(ValueError, match=message):
            use()


def test_arguments_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="cannot train 1 epochs in batches of 0"):
        classifier().fit(IRIS.x, IRIS.y, loss=LOGITS, batch_size=0)
    with pytest.raises(TypeError, match="an optimizer that lasts"):
        classifier().train_on_batch(IRIS.x, IRIS.y, loss=LOGITS, optimizer="sgd")
    with pytest.raises(ValueError, match="unknown metric 'acc'; known are accuracy"):
        classifier().fit(IRIS.x, IRIS.y, loss=LOGITS, metrics=["acc"])


def test_the_progress_bar_is_shown_only_if_wanted(capsys):
    classifier().fit(IRIS.x, IRIS.y, loss=LOGITS, verbose=False)
    assert capsys.readouterr().err == ""
    classifier().fit(IRIS.x, IRIS.y, loss=LOGITS, epochs=2)
    assert "10/10" in capsys.readouterr().err
