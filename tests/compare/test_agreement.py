"""Agreement with Keras holds for right models, and is refused for wrong ones in words."""

import sys

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.agreement import difference
from dlcourse.nn.devices import DEVICES
from tests.nn.device_array import DeviceArray, to_stand_in

TABLE = """\
dlcourse and Keras side by side, 3 training steps with SGD in float32; every quantity is \
compared at every step.
quantity                 shape    agrees to 1e-04
-----------------------  -------  ---------------
outputs                  (20, 1)  yes
loss                     ()       yes
gradient of inputs       (20, 4)  yes
gradient of 0.kernel     (4, 1)   yes
gradient of 0.bias       (1,)     yes
0.kernel after the step  (4, 1)   yes
0.bias after the step    (1,)     yes"""


def logistic(dtype="float32"):
    layers = [nn.Dense(1), nn.Activation("sigmoid")]
    return nn.Sequential(layers, input_shape=(4,), seed=0, dtype=dtype)


@pytest.fixture
def flowers():
    rng = np.random.default_rng(0)
    return rng.standard_normal((20, 4)), rng.integers(0, 2, 20)


@pytest.fixture
def sequences():
    rng = np.random.default_rng(0)
    return rng.standard_normal((6, 5, 3)), rng.integers(0, 4, 6)


def agree_on_flowers(model, flowers, **options):
    arguments = {"loss": nn.BinaryCrossentropy(), "optimizer": nn.SGD(0.1)} | options
    return compare.agreement(model, *flowers, **arguments)


def test_the_table_is_the_same_on_every_machine(flowers):
    assert repr(agree_on_flowers(logistic(), flowers, steps=3)) == TABLE


def test_a_model_on_another_device_agrees(flowers, monkeypatch):
    monkeypatch.setitem(DEVICES, "stand-in", lambda: to_stand_in)
    model = logistic().to("stand-in")
    assert repr(agree_on_flowers(model, flowers, steps=3)) == TABLE
    assert isinstance(model.params["0.kernel"], DeviceArray)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_logistic_regression_agrees(flowers, dtype):
    table = agree_on_flowers(logistic(dtype), flowers)
    assert table.tolerance == {"float32": 1e-4, "float64": 1e-10}[dtype]
    assert len(table.differences) == 5 * len(table.rows)
    assert [row[0] for row in table.exact().rows] == [row[0] for row in table.rows]


def test_model_and_optimizer_are_left_as_they_were(flowers):
    model, optimizer = logistic(), nn.SGD(0.1, momentum=0.9)
    before = model.get_weights()
    agree_on_flowers(model, flowers, optimizer=optimizer)
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    assert optimizer.iterations == 0


def test_an_optimizer_that_has_stepped_starts_afresh(flowers):
    model, optimizer = logistic("float64"), nn.Adam()
    x, y = flowers
    model.train_on_batch(x, y, loss=nn.BinaryCrossentropy(), optimizer=optimizer)
    agree_on_flowers(model, flowers, optimizer=optimizer)


def test_a_loss_can_be_named(flowers):
    agree_on_flowers(logistic(), flowers, loss="binary_crossentropy")


def test_indices_have_no_gradient():
    layers = [nn.Embedding(7, 4), nn.LSTM(5), nn.Dense(3)]
    model = nn.Sequential(layers, input_shape=(6,), seed=0, dtype="float64")
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 7, (5, 6)), rng.integers(0, 3, 5)
    loss = nn.SparseCategoricalCrossentropy(from_logits=True)
    table = compare.agreement(model, x, y, loss=loss, optimizer="adam")
    names = [row[0] for row in table.rows]
    assert "gradient of inputs" not in names
    assert "gradient of 0.embeddings" in names


def test_no_step_is_refused(flowers):
    with pytest.raises(ValueError, match="at least one step of training, got steps=0"):
        agree_on_flowers(logistic(), flowers, steps=0)


class HalfTheGradient(nn.Dense):
    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, grads = super().backward(grad_outputs, cache, input_grad=input_grad)
        return grad_inputs, grads | {"kernel": grads["kernel"] / 2}


def test_a_broken_backward_is_refused_in_words(flowers):
    layers = [HalfTheGradient(1), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(4,), seed=0)
    with pytest.raises(compare.Disagreement) as caught:
        agree_on_flowers(model, flowers)
    message = str(caught.value)
    assert message.startswith(
        "dlcourse and Keras disagree on the gradient of 0.kernel, in training step 1: "
    )
    assert "in Keras at index (" in message
    assert "Relative difference 5.0e-01, at most 1e-04 allowed." in message
    assert "Also wrong: 0.kernel after the step." in message
    assert "Right: outputs, loss, gradient of inputs, gradient of 0.bias, 0.bias after" in message
    assert caught.value.differences


class SwappedGates(nn.LSTM):
    """Input and forget gate change places: forwards and backwards, so gradients are right."""

    def swapped(self, params):
        return {name: self.swap(array) for name, array in params.items()}

    @staticmethod
    def swap(array):
        i, f, g, o = np.split(array, 4, axis=-1)
        return np.concatenate([f, i, g, o], axis=-1)

    def forward(self, inputs, **options):
        right, self.params = self.params, self.swapped(self.params)
        results = super().forward(inputs, **options)
        self.params = right
        return results

    def backward(self, grad_outputs, cache, **options):
        right, self.params = self.params, self.swapped(self.params)
        grad_inputs, grads = super().backward(grad_outputs, cache, **options)
        self.params = right
        return grad_inputs, self.swapped(grads)


def test_swapped_gates_have_right_gradients_and_disagree_with_keras(sequences):
    x, y = sequences
    options = {"loss": "sparse_categorical_crossentropy", "optimizer": nn.SGD()}
    softmax = nn.Activation("softmax")
    right = nn.Sequential([nn.LSTM(4), softmax], input_shape=(5, 3), seed=0, dtype="float64")
    compare.agreement(right, x, y, **options)

    swapped = nn.Sequential([SwappedGates(4), softmax], input_shape=(5, 3), seed=0, dtype="float64")
    errors = nn.gradient_errors(swapped, x.copy(), np.random.default_rng(0))
    assert max(errors.values()) < 1e-7
    with pytest.raises(compare.Disagreement, match=r"disagree on the outputs, in training step 1"):
        compare.agreement(swapped, x, y, **options)


class OnePercentFaster(nn.SGD):
    def update(self, param, grad, rate, *slots):
        super().update(param, grad, 1.01 * rate, *slots)


def test_a_wrong_learning_rate_is_seen_after_the_step(flowers):
    with pytest.raises(compare.Disagreement, match=r"on the 0\.kernel after the step, .* step 1"):
        agree_on_flowers(logistic(), flowers, optimizer=OnePercentFaster(0.1))


class SumNotMean(nn.BinaryCrossentropy):
    def value_and_grad(self, y_true, y_pred):
        value, grad = super().value_and_grad(y_true, y_pred)
        return value * y_pred.size, grad * y_pred.size


def test_a_wrong_loss_is_seen(flowers):
    with pytest.raises(compare.Disagreement, match="disagree on the loss"):
        agree_on_flowers(logistic(), flowers, loss=SumNotMean())


def test_a_wrong_shape_is_seen():
    with pytest.raises(
        compare.Disagreement, match=r"outputs has shape \(2, 4\), in Keras \(2, 2\)"
    ):
        difference("outputs", 1, np.zeros((2, 4)), np.zeros((2, 2)))


def test_not_a_number_never_agrees():
    nans = np.array([1.0, np.nan])
    assert not difference("outputs", 1, nans, nans).relative <= 1e-4


def test_a_step_made_of_rounding_is_explained(flowers):
    layers = [nn.Dense(3), nn.BatchNormalization(), nn.Dense(1), nn.Activation("sigmoid")]
    options = {"optimizer": nn.Adam()}
    float64 = nn.Sequential(layers, input_shape=(4,), seed=0, dtype="float64")
    agree_on_flowers(float64, flowers, **options)
    float32 = nn.Sequential(layers, input_shape=(4,), seed=0)
    with pytest.raises(
        compare.Disagreement, match=r"0\.bias after .* gradient is zero but for rou"
    ):
        agree_on_flowers(float32, flowers, **options)


def test_a_long_list_is_cut():
    many = [difference(f"array {i}", 1, np.zeros(1), np.zeros(1)) for i in range(9)]
    listed = sys.modules["dlcourse.compare.agreement"]._listed(many)
    assert listed == "array 0, array 1, array 2, array 3, array 4, array 5 and 3 more"


def test_dropout_is_switched_off_and_the_table_says_so(flowers):
    layers = [nn.Dense(8), nn.Dropout(0.5), nn.Dense(1), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(4,), seed=0)
    table = agree_on_flowers(model, flowers)
    assert "Dropout is switched off on both sides" in repr(table)
    assert layers[1].rate == 0.5


def test_an_unbuilt_model_is_refused(flowers):
    with pytest.raises(ValueError, match="not built"):
        agree_on_flowers(nn.Sequential([nn.Dense(1)]), flowers)
