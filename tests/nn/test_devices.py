"""The same code on another device: the same numbers, whoever computes them.

"stand-in" is `DeviceArray`, which is as strict as CuPy; its results equal NumPy's bit for bit,
because NumPy computes them. "cuda" is CuPy on a GPU, where there is one.
"""

import copy
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.nn import devices
from tests.nn.device_array import TOLERANCE, to_stand_in
from tests.nn.proofs import assert_devices_agree
from tests.nn.test_saving import EVERY_LAYER


@pytest.fixture(params=TOLERANCE)
def device(request, monkeypatch):
    monkeypatch.setitem(devices.DEVICES, "stand-in", lambda: to_stand_in)
    try:
        devices.mover(request.param)
    except (ImportError, RuntimeError) as error:
        pytest.skip(str(error))
    return request.param


def assert_equal(found, expected, device, what=""):
    """Equal within the tolerance of the device: numbers, arrays on the host, lists of them."""
    if isinstance(expected, list):
        for position, pair in enumerate(zip(found, expected, strict=True)):
            assert_equal(*pair, device, f"{what}[{position}]")
        return
    expected = np.asarray(expected)
    assert np.shape(found) == expected.shape, what
    error = np.abs(np.asarray(found) - expected).max(initial=0.0)
    allowed = TOLERANCE[device]["float64"] * max(1.0, np.abs(expected).max(initial=0.0))
    assert error <= allowed, f"{what}: off by {error:.1e}, at most {allowed:.1e} allowed"


# ------------------------------------------------------------------ every layer, step by step

ZIP_CODES = {"1989": nn.lecun_1989, "1990": nn.lecun_1990, "LeNet-5": nn.lenet_5}


def models():
    """Return models that have all layers among them, each with a batch of inputs."""
    rng = np.random.default_rng(0)
    for name, (layers, shape) in EVERY_LAYER.items():
        model = nn.Sequential(copy.deepcopy(layers), shape, seed=0, dtype=np.float64)
        yield pytest.param(model, rng.integers(0, 9, (4, *shape)), id=name)
    for name, make in ZIP_CODES.items():
        model = make(seed=0, dtype=np.float64)
        yield pytest.param(model, rng.standard_normal((2, *model.input_shape)), id=name)


MODELS = list(models())


def test_no_layer_is_left_out():
    found = {type(part) for case in MODELS for part in devices.layers_in(case.values[0])}
    every = {getattr(nn, name) for name in nn.__all__}
    layers = {entry for entry in every if nn.contract.Layer in getattr(entry, "__mro__", ())}
    assert layers - found == {nn.Model, nn.EncoderDecoder}  # which has tests of its own


@pytest.mark.parametrize(("model", "x"), MODELS)
def test_every_layer_learns_the_same(device, model, x):
    here, there = copy.deepcopy(model), copy.deepcopy(model).to(device)
    y = np.random.default_rng(1).standard_normal(here.predict(x).shape)
    steps = nn.Adam(0.01), nn.Adam(0.01)
    for step in range(3):
        expected = here.train_on_batch(x, y, loss="mse", optimizer=steps[0])
        found = there.train_on_batch(x, y, loss="mse", optimizer=steps[1])
        assert_equal(found, expected, device, f"loss of step {step}")
        assert_equal(there.get_weights(), here.get_weights(), device, f"weights of step {step}")
    assert_equal(there.predict(x), here.predict(x), device, "predictions")


@pytest.mark.parametrize(("model", "x"), MODELS)
def test_there_and_back(device, model, x):
    moved, before = copy.deepcopy(model), model.get_weights()
    for name in (device, device, "cpu", device, "cpu"):
        assert moved.to(name) is moved
        kind = np.ndarray if name == "cpu" else type(devices.mover(device)(np.ones(1)))
        for part in devices.layers_in(moved):
            assert getattr(part, "device", name) == name
            assert {type(array) for array in (part.params | part.state).values()} <= {kind}
        assert repr(moved) == repr(model)  # arguments of constructors stay
        for index, layer in enumerate(moved.layers):
            for key, array in layer.params.items():
                assert moved.params[f"{index}.{key}"] is array
    for array, old in zip(moved.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)
    np.testing.assert_array_equal(moved.predict(x), model.predict(x))


# ------------------------------------------------------------------ losses, optimizers, training


def classifier(**options):
    layers = [nn.Dense(8), nn.Activation("tanh"), nn.Dropout(0.2), nn.Dense(3)]
    return nn.Sequential(layers, (4,), seed=0, dtype=np.float64, **options)


RNG = np.random.default_rng(2)
X, LABELS = RNG.standard_normal((20, 4)), RNG.integers(0, 3, 20)
ONE_HOT = np.eye(3)[LABELS]
LOSSES = {
    "mse": (nn.MeanSquaredError(), ONE_HOT),
    "half": (nn.HalfSquaredError(), ONE_HOT),
    "binary": (nn.BinaryCrossentropy(), ONE_HOT),
    "binary logits": (nn.BinaryCrossentropy(from_logits=True), ONE_HOT),
    "categorical": (nn.CategoricalCrossentropy(), ONE_HOT),
    "categorical logits": (nn.CategoricalCrossentropy(from_logits=True), ONE_HOT),
    "sparse": (nn.SparseCategoricalCrossentropy(), LABELS),
    "sparse floats": (nn.SparseCategoricalCrossentropy(), LABELS[:, None] * 1.0),
    "sparse logits": (nn.SparseCategoricalCrossentropy(from_logits=True), LABELS),
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses(device, name):
    (loss, y), move = LOSSES[name], devices.mover(device)
    y_pred = nn.activations.sigmoid(np.random.default_rng(3).standard_normal((20, 3)))
    expected, expected_grad = loss.value_and_grad(y, y_pred)
    value, grad = loss.value_and_grad(move(y), move(y_pred))
    assert isinstance(value, float)
    assert_equal(value, expected, device)
    assert_equal(devices.to_host(grad), expected_grad, device)


@pytest.mark.parametrize("name", ["binary", "categorical", "sparse", "sparse floats"])
def test_losses_refuse_the_same(device, name):
    (loss, y), move = LOSSES[name], devices.mover(device)
    y_pred = np.full((20, 3), 0.5)
    for targets, predictions in [(y - 1.5, y_pred), (y[:3], y_pred), (y[:0], y_pred[:0])]:
        messages = []
        for kind in (np.asarray, move):
            with pytest.raises(ValueError, match=type(loss).__name__) as raised:
                loss.value_and_grad(kind(targets), kind(predictions))
            messages.append(str(raised.value))
        assert messages[0] == messages[1]


STEPS = {
    "momentum": lambda: nn.SGD(0.1, momentum=0.9),
    "nesterov": lambda: nn.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "rmsprop": lambda: nn.RMSprop(0.01, momentum=0.5, centered=True),
    "adam": lambda: nn.Adam(nn.CosineDecay(0.1, 10), global_clipnorm=0.1),
    "adamw": lambda: nn.AdamW(nn.ExponentialDecay(0.1, 2, 0.5), clipnorm=0.05),
    "sgd": lambda: nn.SGD(nn.PiecewiseConstantDecay([2], [0.1, 0.01]), clipvalue=0.01),
}
LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)


@pytest.mark.parametrize("name", STEPS)
def test_an_optimizer_follows_the_model(device, name):
    """Moved there after three steps and back after three more, as if it had never moved."""
    here, there = classifier(), classifier()
    optimizers = STEPS[name](), STEPS[name]()
    for where in ("cpu", device, "cpu"):
        there.to(where)
        for _ in range(3):
            values = [
                model.train_on_batch(X, LABELS, loss=LOSS, optimizer=optimizer)
                for model, optimizer in zip((here, there), optimizers, strict=True)
            ]
            assert_equal(values[1], values[0], device)
            assert_equal(there.get_weights(), here.get_weights(), device)


def test_the_four_lines(device):
    """A loop of one's own, on arrays of the device."""
    here, there, move = classifier(), classifier().to(device), devices.mover(device)
    for model, x, y in ((here, X, LABELS), (there, move(X), move(LABELS))):
        optimizer = nn.Adam()
        for _ in range(3):
            outputs, cache = model.forward(x, training=True)
            _, grad_outputs = LOSS.value_and_grad(y, outputs)
            _, grads = model.backward(grad_outputs, cache, input_grad=False)
            optimizer.step(model.params, grads)
    assert_equal(there.get_weights(), here.get_weights(), device)


@pytest.mark.parametrize("arrays", ["of the host", "of the device"])
def test_fit_evaluate_predict(device, arrays):
    move = devices.mover(device) if arrays == "of the device" else np.asarray
    found = []
    for name, kind in (("cpu", np.asarray), (device, move)):
        model = classifier().to(name)
        x, y = kind(X), kind(LABELS)
        history = model.fit(
            x,
            y,
            loss=LOSS,
            optimizer="adam",
            epochs=6,
            batch_size=8,
            validation_data=(x, y),
            metrics=["accuracy", "sparse_categorical_accuracy"],
            callbacks=[
                nn.ReduceLROnPlateau(patience=1),
                nn.EarlyStopping(patience=1, restore_best_weights=True),
            ],
            verbose=False,
        )
        logs = model.evaluate(x, y, loss=LOSS, metrics=["accuracy"])
        outputs = model.predict(x, batch_size=7)
        assert type(outputs) is type(x)
        history = [value for values in history.history.values() for value in values]
        found.append([history, list(logs.values()), devices.to_host(outputs), model.get_weights()])
    assert_equal(found[1], found[0], device)


@pytest.mark.parametrize("metric", nn.metrics.METRICS)
def test_metrics(device, metric):
    function, move = nn.metrics.METRICS[metric], devices.mover(device)
    y_true = LABELS if "sparse" in metric else ONE_HOT
    y_pred = np.random.default_rng(4).random((20, 3))
    assert_equal(function(move(y_true), move(y_pred)), function(y_true, y_pred), device)


def test_confusion_matrix(device):
    move, other = devices.mover(device), LABELS[::-1].copy()
    found = nn.metrics.confusion_matrix(move(LABELS), move(other))
    expected = nn.metrics.confusion_matrix(LABELS, other)
    assert_equal(devices.to_host(found), expected, device)


@pytest.mark.parametrize("layer", [nn.SimpleRNN(3), nn.GRU(3), nn.LSTM(3)], ids=repr)
def test_states_go_in_and_out(device, layer):
    rng, move = np.random.default_rng(5), devices.mover(device)
    layer.build((5, 2), rng, np.float64)
    x, h, g = rng.standard_normal((2, 5, 2)), rng.standard_normal((2, 3)), np.ones((2, 3))
    results = []
    for kind in (np.asarray, move):
        devices.replace_arrays(layer, kind)
        pair = isinstance(layer, nn.LSTM)
        start, end = ([kind(h)] * 2, [kind(g)] * 2) if pair else (kind(h), kind(g))
        _, cache = layer.forward(kind(x), initial_state=start)
        *_, grad_start = layer.backward_with_state(kind(g), cache, grad_final_state=end)
        states = [cache.final_state, grad_start] if not pair else [*cache.final_state, *grad_start]
        results.append([devices.to_host(array) for array in states])
    assert_equal(results[1], results[0], device)


# ------------------------------------------------------------------ building, files, refusals


def test_a_model_that_is_moved_first_is_built_there(device):
    model = nn.Sequential([nn.Dense(2)], seed=0).to(device)
    model.fit(X, X[:, :2], loss="mse", verbose=False)
    assert {type(a) for a in model.params.values()} == {type(devices.mover(device)(X))}


def test_files_know_no_device(device, tmp_path):
    here, there = classifier(), classifier().to(device)
    there.set_weights([array + 1 for array in here.get_weights()])
    there.save(tmp_path / "model.npz")
    again = nn.load_model(tmp_path / "model.npz")
    here.load(tmp_path / "model.npz")
    other = classifier().to(device)
    other.load(tmp_path / "model.npz")
    assert again.device == "cpu"
    for model in (here, again, other):
        assert_equal(model.get_weights(), there.get_weights(), "stand-in")  # bit for bit


def test_data_that_is_not_finite_is_named(device):
    x = X.copy()
    x[3, 1] = np.nan
    for kind in (np.asarray, devices.mover(device)):
        with pytest.raises(ValueError, match=r"inputs must be finite, got x\[3, 1\] = nan"):
            classifier().to(device).predict(kind(x))


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="unknown device 'gpu'; known are cpu, cuda"):
        classifier().to("gpu")


def no_driver(shape):
    raise RuntimeError("cudaErrorInsufficientDriver: CUDA driver version is insufficient")


NO_GPU = SimpleNamespace(__version__="14.2.0", ones=no_driver)
OLD = SimpleNamespace(__version__="13.6.0")


@pytest.mark.parametrize(
    ("cupy", "error", "message"),
    [
        (None, ImportError, r"needs CuPy 14, and an NVIDIA GPU. Install it: .*cupy-cuda12x\[ctk"),
        (OLD, ImportError, r"needs CuPy 14, .*\(CuPy 13.6.0 is installed\)"),
        (
            NO_GPU,
            RuntimeError,
            r"CuPy 14.2.0 is there but cannot compute: cudaErrorInsuff.*nvidia-",
        ),
    ],
    ids=["no CuPy", "old CuPy", "no GPU"],
)
def test_what_is_missing_is_said_and_nothing_is_moved(monkeypatch, cupy, error, message):
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    devices._cuda.cache_clear()
    model = classifier()
    with pytest.raises(error, match=message):
        model.to("cuda")
    assert model.device == "cpu"
    model.predict(X)
    devices._cuda.cache_clear()


# ------------------------------------------------------------------ broken on purpose


class LooksAtTheData(nn.Dense):
    def forward(self, inputs, *, training=False):
        return super().forward(np.asarray(inputs) * 1.0, training=training)


class AddsAnArrayOfTheHost(nn.Dense):
    def forward(self, inputs, *, training=False):
        outputs, cache = super().forward(inputs, training=training)
        return outputs + np.zeros(self.units), cache


class HidesAnArray(nn.Dense):
    def build(self, input_shape, rng, dtype=np.float32):
        self.scale = np.ones(self.units, dtype)
        return super().build(input_shape, rng, dtype)

    def backward(self, grad_outputs, cache, *, input_grad=True):
        return super().backward(grad_outputs * self.scale, cache, input_grad=input_grad)


class CallsWhatCuPyLacks(nn.Dense):
    def forward(self, inputs, *, training=False):
        return super().forward(np.insert(inputs, 0, 0.0, axis=1)[:, 1:], training=training)


class GoesThroughTheHost(nn.Dense):
    def forward(self, inputs, *, training=False):
        outputs, cache = super().forward(inputs, training=training)
        return np.tanh(devices.to_host(outputs)), cache


BROKEN = [
    LooksAtTheData,
    AddsAnArrayOfTheHost,
    HidesAnArray,
    CallsWhatCuPyLacks,
    GoesThroughTheHost,
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda layer: layer.__name__)
def test_a_layer_that_does_not_dispatch_is_caught(broken):
    assert_devices_agree(nn.Dense(3), (4,))
    with pytest.raises((TypeError, AssertionError)):
        assert_devices_agree(broken(3), (4,))
