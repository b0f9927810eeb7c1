"""What is timed is the same network everywhere; how fast anything is, is no matter for a test."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_backend
from dlcourse.compare.speed import contenders as module
from dlcourse.compare.speed import timing
from dlcourse.compare.speed.contenders import Here, InKeras, contenders
from dlcourse.nn import devices
from tests.nn.device_array import to_stand_in

LOSS, OPTIMIZER = nn.SparseCategoricalCrossentropy(from_logits=True), nn.SGD(0.1)


@pytest.fixture
def stand_in(monkeypatch):
    """Let CuPy be the stand-in of `tests/nn`."""
    monkeypatch.setitem(devices.DEVICES, "cuda", lambda: to_stand_in)


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    return rng.standard_normal((16, 5, 3)), rng.integers(0, 4, 16).astype(np.int32)


def network(layer=nn.SimpleRNN):
    return nn.Sequential([layer(6), nn.Dense(4)], input_shape=(5, 3), seed=0)


def trained(contender, steps=3):
    with contender.active():
        outputs = contender.predict()
        return outputs, [contender.step() for _ in range(steps)], contender.weights()


def assert_same(found, expected, tolerance=1e-5):
    for one, other in zip(found[2], expected[2], strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance)
    np.testing.assert_allclose(np.asarray(found[0], np.float64), expected[0], atol=tolerance)
    np.testing.assert_allclose(found[1], expected[1], atol=tolerance)


def test_all_train_the_same_network_and_leave_it_alone(batch, stand_in):
    model = network()
    before = model.get_weights()
    expected = trained(Here(model, *batch, LOSS, OPTIMIZER, "CPU"))
    for contender in contenders(model, *batch, LOSS, OPTIMIZER):
        assert_same(trained(contender), expected)
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_who_takes_part(batch, stand_in, monkeypatch):
    names = [each.name for each in contenders(network(), *batch, LOSS, OPTIMIZER)]
    assert names[:2] == ["dlcourse, CPU", "Keras, CPU"]
    assert names[-1] == "dlcourse, GPU"

    def no_driver():
        raise RuntimeError("no driver")

    monkeypatch.setitem(devices.DEVICES, "cuda", no_driver)
    names = [each.name for each in contenders(network(), *batch, LOSS, OPTIMIZER)]
    assert "dlcourse, GPU" not in names


def test_bfloat16_computes_with_fewer_digits_and_keeps_its_weights(batch):
    model = network()
    exact = trained(Here(model, *batch, LOSS, OPTIMIZER, "CPU"))
    rounded = InKeras(model, *batch, LOSS, OPTIMIZER, "CPU", "bfloat16")
    assert rounded.name == "Keras, CPU, bfloat16"
    assert rounded.itemsize == 2
    found = trained(rounded)
    assert {array.dtype for array in found[2]} == {np.dtype(np.float32)}
    assert 1e-5 < np.abs(np.asarray(found[0], np.float64) - exact[0]).max() < 0.05
    assert_same(found, exact, tolerance=0.05)


def test_a_recurrent_layer_is_not_fused_on_a_cpu(batch):
    contender = InKeras(network(nn.LSTM), *batch, LOSS, OPTIMIZER, "CPU")
    assert contender.fused() is False
    contender._use_cudnn("auto")  # as on a GPU: now Keras must be asked
    assert contender.fused() is False
    flat = nn.Sequential([nn.Flatten(), nn.Dense(4)], input_shape=(5, 3), seed=0)
    assert InKeras(flat, *batch, LOSS, OPTIMIZER, "CPU").fused() is None


@pytest.mark.parametrize("available", [True, False])
def test_whether_a_fused_kernel_was_taken(batch, monkeypatch, available):
    """Keras refuses `use_cudnn=True` where it has no such kernel; here a layer plays its part."""
    if load_backend().keras.backend.backend() == "torch":
        pytest.skip("on PyTorch, Keras refuses nothing; the kernels are watched")
    contender = InKeras(network(nn.LSTM), *batch, LOSS, OPTIMIZER, "CPU")
    contender._use_cudnn("auto")
    (layer,) = contender._recurrent_layers()

    def call(inputs):
        if layer.use_cudnn is True and not available:
            raise ValueError("use_cudnn=True was specified, but cuDNN is not supported")

    monkeypatch.setattr(contender, "_twin", call)
    monkeypatch.setattr(contender, "_recurrent_layers", lambda: [layer])
    assert contender.fused() is available
    assert layer.use_cudnn == "auto"


def test_each_task_is_called_as_often_as_it_should(batch):
    class Counting(module.Contender):
        name, device = "counting", "CPU"

        def __init__(self):
            self.steps = self.predictions = self.waits = 0

        def step(self):
            self.steps += 1
            return 0.0

        def predict(self):
            self.predictions += 1

        def wait(self):
            self.waits += 1

    contender = Counting()
    assert contender.seconds("training step", 7) > 0
    assert (contender.steps, contender.predictions, contender.waits) == (7, 0, 1)
    times = timing.in_turns([contender, Counting()], "prediction", rounds=3, block=1e-4)
    assert times.shape == (2, 3)
    assert (times > 0).all()
    assert contender.steps == 7


def test_the_clock_is_read_after_the_device_has_finished(batch):
    """A device that computes for a second after it was told to, and a clock of its own."""

    class Late(module.Contender):
        name, device, now, busy = "late", "GPU", 0.0, 0.0

        def step(self):
            self.busy += 1.0
            return 0.0

        def wait(self):
            self.now += self.busy

    late = Late()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "perf_counter", lambda: late.now)
        assert late.seconds("training step", 5) == 5.0
        late.wait = lambda: None  # broken on purpose: nobody waits
        assert late.seconds("training step", 5) == 0.0


def test_limits_are_counted_by_hand(batch, monkeypatch):
    """Matrices of 2048 and 4096, and a clock that ticks half a second."""
    ticks = iter(np.arange(0, 100, 0.5))
    monkeypatch.setattr(timing, "perf_counter", lambda: next(ticks))
    contender = Here(network(), *batch, LOSS, OPTIMIZER, "CPU")
    monkeypatch.setattr(contender, "product_and_copy", lambda size: (lambda: size, lambda: size))
    found = timing.limits(contender, rounds=2)
    assert found.operations == 2 * 2048**3 / 0.5
    assert found.bytes == 2 * 4 * 4096**2 / 0.5


@pytest.mark.parametrize("kind", [Here, InKeras])
def test_a_product_and_a_copy_can_be_computed(batch, kind):
    contender = kind(network(), *batch, LOSS, OPTIMIZER, "CPU")
    with contender.active():
        for call in contender.product_and_copy(64):
            call()


def test_a_product_and_a_copy_on_cupy(batch, stand_in):
    for call in Here(network(), *batch, LOSS, OPTIMIZER, "GPU").product_and_copy(8):
        call()
