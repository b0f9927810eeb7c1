"""A batch on several devices gives the step that it gives on one, here and in Keras."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import load_backend

ROWS = 12


def make(dtype="float64"):
    layers = [nn.Conv2D(2, 3), nn.Activation("relu"), nn.Flatten(), nn.Dense(3)]
    model = nn.Sequential(layers, input_shape=(6, 6, 1), seed=0, dtype=dtype)
    rng = np.random.default_rng(0)
    return model, rng.standard_normal((ROWS, 6, 6, 1)), rng.integers(0, 3, ROWS)


LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)


def gradients(model, x, y):
    outputs, cache = model.forward(x, training=True)
    _, grad_outputs = LOSS.value_and_grad(y, outputs)
    return model.backward(grad_outputs, cache)[1]


def mean_over_shards(model, x, y, shares, weighted=True):
    """Return the mean of the gradients of the shards, weighted with their rows."""
    total = dict.fromkeys(model.params, 0.0)
    for rows in shares:
        weight = len(rows) / len(x) if weighted else 1 / len(shares)
        grads = gradients(model, x[rows], y[rows])
        total = {name: total[name] + weight * grads[name] for name in total}
    return total


def largest_error(found, expected):
    return max(np.abs(found[name] - expected[name]).max() for name in expected)


@pytest.mark.parametrize("devices", [1, 2, 5, ROWS])
def test_the_gradient_of_a_batch_is_the_weighted_mean_over_its_shards(devices):
    model, x, y = make()
    shares = np.array_split(np.random.default_rng(1).permutation(ROWS), devices)
    whole = gradients(model, x, y)
    assert largest_error(mean_over_shards(model, x, y, shares), whole) < 1e-15
    if devices == 5:  # 12 rows: some shards are larger
        assert largest_error(mean_over_shards(model, x, y, shares, weighted=False), whole) > 1e-3


@pytest.fixture
def keras_shares():
    if load_backend().title == "PyTorch":
        pytest.skip("Keras shares no batch between devices on PyTorch")


@pytest.mark.usefixtures("keras_shares")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_keras_on_four_devices_takes_our_steps(dtype):
    model, x, y = make(dtype)
    before = model.get_weights()
    table = compare.data_parallel(model, x, y, loss=LOSS, optimizer=nn.Adam(), steps=3)
    assert table.tolerance == {"float32": 1e-4, "float64": 1e-10}[dtype]
    assert [row[0] for row in table.rows][:1] == ["0.kernel after step 3"]
    assert "3 + 3 + 3 + 3 rows on 4 virtual devices; 3 steps of Adam" in table.caption
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)


class ForgetsARow(nn.SGD):
    """Takes the step of eleven rows of twelve, as if a device had come too late."""

    def update(self, param, grad, rate, *slots):
        super().update(param, grad * 11 / 12, rate, *slots)


@pytest.mark.usefixtures("keras_shares")
def test_a_wrong_mean_is_seen():
    model, x, y = make()
    with pytest.raises(compare.Disagreement, match=r"0\.kernel after the step"):
        compare.data_parallel(model, x, y, loss=LOSS, optimizer=ForgetsARow(0.1), steps=1)


def test_rows_that_cannot_be_shared_are_refused():
    model, x, y = make()
    with pytest.raises(ValueError, match="12 rows cannot be shared evenly between 5 devices"):
        compare.data_parallel(model, x, y, loss=LOSS, optimizer="sgd", devices=5)


def test_pytorch_is_refused_in_words(monkeypatch):
    module = sys.modules["dlcourse.compare.data_parallel"]  # the name is the function's
    torch = SimpleNamespace(keras=SimpleNamespace(backend=SimpleNamespace(backend=lambda: "torch")))
    monkeypatch.setattr(module, "load_backend", lambda: torch)
    model, x, y = make()
    with pytest.raises(RuntimeError, match="on TensorFlow and JAX, not on PyTorch"):
        compare.data_parallel(model, x, y, loss=LOSS, optimizer="sgd")
