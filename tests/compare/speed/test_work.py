"""Operations and bytes, against counts by hand."""

import sys

import pytest

from benchmarks.networks import NETWORKS
from benchmarks.products import forward_and_backward
from dlcourse import nn
from dlcourse.compare.speed.work import work
from dlcourse.nn.lenets import lecun_1989

module = sys.modules["dlcourse.compare.speed.work"]  # the name is the function's


def build(*layers, shape):
    return nn.Sequential(layers, input_shape=shape, seed=0)


def operations(*layers, shape):
    return tuple(work(build(*layers, shape=shape)).operations.values())


def of_products(products):
    return sum(2 * times * rows * inner * columns for times, rows, inner, columns in products)


# (how often, rows, inner, columns), forward, then backward without the gradient of the data.
BY_HAND = {
    "MLP": (
        [(1, 64, 784, 128), (1, 64, 128, 10)],
        [(1, 784, 64, 128), (1, 128, 64, 10), (1, 64, 10, 128)],
    ),
    "LSTM": (
        [(1, 64 * 28, 28, 512), (28, 64, 128, 512), (1, 64, 128, 10)],
        [
            (28, 64, 512, 128),
            (1, 28, 64 * 28, 512),
            (1, 128, 64 * 28, 512),
            (1, 128, 64, 10),
            (1, 64, 10, 128),
        ],
    ),
    "LeNet": (
        [
            (64, 784, 25, 6),
            (64, 100, 150, 16),
            (1, 64, 400, 120),
            (1, 64, 120, 84),
            (1, 64, 84, 10),
        ],
        [
            (64, 25, 784, 6),
            (64, 150, 100, 16),
            (64, 100, 16, 150),
            (1, 400, 64, 120),
            (1, 64, 120, 400),
            (1, 120, 64, 84),
            (1, 64, 84, 120),
            (1, 84, 64, 10),
            (1, 64, 10, 84),
        ],
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_as_many_as_the_products_written_down_by_hand(name):
    forward, backward = map(of_products, BY_HAND[name])
    counted = work(NETWORKS[name].model(), 64).operations
    assert counted == {"training step": forward + backward, "prediction": forward}


@pytest.mark.parametrize("name", NETWORKS)
def test_as_many_as_the_products_that_are_timed(name):
    forward, backward = map(of_products, forward_and_backward(NETWORKS[name].model(), 8))
    counted = work(NETWORKS[name].model(), 8).operations
    assert counted == {"training step": forward + backward, "prediction": forward}


def test_dense_by_hand():
    """2 to 3 to 4: 6 + 12 multiply-adds forward, 6 + 2 x 12 backward."""
    assert operations(nn.Dense(3), nn.Dense(4), shape=(2,)) == (2 * 48, 2 * 18)
    counted = work(build(nn.Dense(3), nn.Dense(4), shape=(2,)), batch_size=10)
    # Inputs 2 and 3, outputs 3 and 4, for each of 10; parameters 9 and 16; 4 bytes each.
    assert counted.bytes["prediction"] == 4 * (10 * (2 + 3 + 3 + 4) + 9 + 16)
    # Inputs again, outputs' gradients, the inputs' gradient of the second; 6 passes of parameters.
    assert counted.bytes["training step"] == 4 * (10 * (2 * 2 + 3 * 3 + 2 * 7) + 6 * 25)


def test_convolution_by_hand():
    """4 filters of 3 x 3 on 2 channels at 6 x 5 positions: 72 x 30 = 2160 multiply-adds."""
    assert operations(nn.Conv2D(4, 3), shape=(8, 7, 2)) == (2 * 2 * 2160, 2 * 2160)
    assert operations(nn.Conv2D(4, 3, strides=2), shape=(8, 7, 2)) == (2 * 2 * 648, 2 * 648)


def test_lstm_by_hand():
    """5 steps, 4 gates of 3 units, 2 features and 3 states: 5 x 12 x (2 + 3) = 300."""
    backward = 5 * 12 * 2 + 2 * 5 * 12 * 3  # nobody needs the gradient of the features
    assert operations(nn.LSTM(3), shape=(5, 2)) == (2 * (300 + backward), 2 * 300)
    both = operations(nn.Bidirectional(nn.LSTM(3)), shape=(5, 2))
    assert both == (4 * (300 + backward), 4 * 300)


def test_a_residual_block_is_what_is_in_it():
    inner = [nn.Conv2D(4, 3, padding="same", use_bias=False), nn.BatchNormalization()]
    block = nn.Residual(inner, nn.Conv2D(4, 1, use_bias=False))
    forward = 64 * (9 * 3 * 4 + 3 * 4)
    assert operations(block, shape=(8, 8, 3)) == (4 * forward, 2 * forward)


def test_nothing_before_the_first_trained_layer_costs_operations_backward():
    first = operations(nn.Dense(3), shape=(6,))
    assert operations(nn.Flatten(), nn.Dense(3), shape=(2, 3)) == first
    assert operations(nn.Activation("relu"), nn.Dense(3), shape=(6,)) == first


def test_a_partial_convolution_is_counted_as_it_is_computed():
    """In full: H1 25 x 1 x 12 at 64 places, H2 25 x 12 x 12 at 16, then 192 x 30 and 30 x 10."""
    forward = 64 * 300 + 16 * 3600 + 192 * 30 + 300
    assert work(lecun_1989(0)).operations["prediction"] == 2 * forward


def test_float64_moves_twice_the_bytes():
    small, large = (
        work(nn.Sequential([nn.Dense(3)], input_shape=(2,), seed=0, dtype=dtype), 7)
        for dtype in ("float32", "float64")
    )
    assert large.bytes == {task: 2 * size for task, size in small.bytes.items()}
    assert large.operations == small.operations


def test_the_last_row_is_the_sum():
    table = work(build(nn.LSTM(3), nn.Dense(1), shape=(5, 2)))
    numbers = [[int(cell.replace(",", "")) for cell in row[1:]] for row in table.rows]
    assert [row[0] for row in table.rows] == ["LSTM", "Dense", "together"]
    assert numbers[2] == [a + b for a, b in zip(*numbers[:2], strict=True)]


def test_what_cannot_be_counted_is_refused_in_words():
    with pytest.raises(TypeError, match="what RBF computes is not counted here"):
        work(build(nn.RBF(3), shape=(2,)))
    with pytest.raises(ValueError, match="inputs of one size"):
        work(build(nn.LSTM(3), shape=(None, 2)))
    with pytest.raises(ValueError, match="not built"):
        work(nn.Sequential([nn.Dense(1)]))


def test_a_forgotten_product_is_seen(monkeypatch):
    """Break it on purpose: an LSTM that is thought to have no products."""
    monkeypatch.setattr(module, "_RECURRENT", ())
    with pytest.raises(TypeError, match="what LSTM computes"):
        work(NETWORKS["LSTM"].model())
    monkeypatch.setattr(module, "_WITHOUT_PRODUCTS", (nn.LSTM,))
    with pytest.raises(AssertionError):
        test_as_many_as_the_products_written_down_by_hand("LSTM")
