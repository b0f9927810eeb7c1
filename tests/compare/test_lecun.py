"""LeCun's networks in Keras: whole, in training, and with a mistake that is seen."""

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import load_keras

NETWORKS = [
    (nn.lecun_1989, (16, 16, 1)),
    (nn.lecun_1990, (28, 28, 1)),
    (nn.lenet_5, (32, 32, 1)),
]


def data(shape, rows=6):
    rng = np.random.default_rng(0)
    targets = np.where(np.arange(10) == rng.integers(10, size=(rows, 1)), 1.0, -1.0)
    return rng.uniform(-1, 1, (rows, *shape)), targets


@pytest.mark.parametrize(("network", "shape"), NETWORKS, ids=["1989", "1990", "LeNet-5"])
def test_they_train_alike(network, shape):
    model = network(seed=0, dtype=np.float64)
    optimizer, loss = nn.SGD(0.1), nn.MeanSquaredError()
    compare.agreement(model, *data(shape), loss=loss, optimizer=optimizer, steps=3)


def test_the_weights_come_back():
    model = nn.lecun_1990(seed=0)
    x = data((28, 28, 1))[0].astype(np.float32)
    twin = compare.to_keras(model)
    other = nn.lecun_1990(seed=1)
    other.set_weights(twin.get_weights())
    np.testing.assert_array_equal(other.predict(x), model.predict(x))
    np.testing.assert_allclose(twin.predict(x, verbose=0), model.predict(x), atol=1e-5)


def test_another_table_of_connections_is_seen():
    table = np.array([[1, 0], [0, 1]])
    model = nn.Sequential(
        [nn.PartialConv2D(2, 3, connections=table), nn.ScaledTanh(), nn.Flatten()],
        input_shape=(4, 4, 2),
    )
    twin = compare.to_keras(model)
    x = data((4, 4, 2))[0].astype(np.float32)
    outputs = load_keras().ops.convert_to_numpy(twin(x))
    np.testing.assert_allclose(outputs, model.predict(x), atol=1e-6)
    model.layers[0]._channel = model.layers[0]._channel[::-1]
    assert np.abs(outputs - model.predict(x)).max() > 0.01
