"""Parts of a computation on several cores: in order, not too many ahead, and the same bits."""

import threading
import time

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.nn import cores
from dlcourse.nn.layers import convolution

ROWS = cores.ROWS


def test_results_come_in_order_and_only_a_few_wait(monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: 3)
    begun, ended = [], []

    def slow_first(part):
        begun.append(part)
        time.sleep(0.05 if part == 0 else 0)
        return part

    for result in cores.in_order(slow_first, range(50)):
        ended.append(result)
        assert len(begun) - len(ended) <= 2 * 3 + 1
    assert ended == list(range(50))


@pytest.mark.parametrize(("said", "threads"), [("3", 3), ("2,4", 2), ("1", 1)])
def test_the_environment_may_say_how_many_threads(said, threads, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert cores.threads() == threads


def test_else_there_are_as_many_threads_as_cores(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setattr(cores.os, "sched_getaffinity", lambda process: {0, 5, 6}, raising=False)
    assert cores.threads() == 3
    monkeypatch.delattr(cores.os, "sched_getaffinity")
    monkeypatch.setattr(cores.os, "cpu_count", lambda: 7)
    assert cores.threads() == 7


def whole_batch(channels, rows=ROWS + 3):
    """A network that needs a batch whole in training, and images in either memory order."""
    layers = [
        nn.Conv2D(channels, 3, padding="same"), nn.BatchNormalization(), nn.Activation("relu"),
        nn.Conv2D(4, 3, strides=2), nn.Flatten(), nn.Dense(3),
    ]  # fmt: skip
    model = nn.Sequential(layers, input_shape=(6, 6, channels), seed=0)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, 6, 6, channels)).astype(np.float32)
    return model, x, rng.integers(0, 3, rows)


@pytest.fixture
def at_work(monkeypatch):
    """The threads in which convolutions compute, each part of a few rows only."""
    seen = set()
    columns_of = convolution.columns_of

    def noted(windows, part, batch_last):
        seen.add(threading.current_thread())
        return columns_of(windows, part, batch_last)

    monkeypatch.setattr(convolution, "columns_of", noted)
    monkeypatch.setattr(convolution, "CHUNK_BYTES", 2**16)
    return seen


def trained(threads, channels, monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: threads)
    model, x, y = whole_batch(channels)
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    losses = [model.train_on_batch(x, y, loss=loss, optimizer=nn.SGD()) for _ in range(3)]
    return losses, model.get_weights()


@pytest.mark.parametrize("channels", [2, 20], ids=["batch last", "channels last"])
def test_a_batch_that_must_be_whole_gives_the_same_bits_on_any_number_of_threads(
    channels, at_work, monkeypatch
):
    losses, weights = trained(1, channels, monkeypatch)
    assert at_work == {threading.main_thread()}
    for count in (2, 3, 8):
        at_work.clear()
        other_losses, other_weights = trained(count, channels, monkeypatch)
        assert len(at_work - {threading.main_thread()}) > 1
        assert other_losses == losses
        for array, other in zip(weights, other_weights, strict=True):
            np.testing.assert_array_equal(array, other)


@pytest.mark.parametrize("rows", [ROWS, 3 * ROWS])
def test_a_small_batch_and_a_slice_start_no_threads(rows, at_work, monkeypatch):
    """Rows of a slice are computed by its own thread: two threads start two, not four."""
    monkeypatch.setattr(cores, "threads", lambda: 2)
    model, x, _ = whole_batch(2, rows)
    model.predict(x, batch_size=rows)
    assert len(at_work) <= 2


def test_parts_that_write_to_the_same_pixels_are_never_computed_at_a_time(at_work, monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: 3)
    layer, x = nn.Conv2D(2, 3), np.ones((ROWS + 1, 6, 6, 2), np.float32)  # batch last in memory
    layer.build(x.shape[1:], np.random.default_rng(0))
    outputs, cache = layer.forward(x)
    at_work.clear()
    layer.backward(outputs, cache)
    assert at_work == {threading.main_thread()}


def test_an_error_in_a_part_reaches_the_caller(monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        list(cores.in_order(lambda part: 1 // part, [1, 1, 0, 1]))
