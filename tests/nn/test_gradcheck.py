"""The gradient check: finds mistakes, restores what it moves, refuses float32."""

import numpy as np
import pytest

from dlcourse import nn


def test_a_quadratic_is_differentiated_exactly():
    matrix = np.array([[2.0, 1.0], [1.0, 3.0]])
    x = np.array([0.5, -1.0])
    gradient = nn.numerical_gradient(lambda: float(x @ matrix @ x), x)
    np.testing.assert_allclose(gradient, 2 * matrix @ x, rtol=1e-9)


def test_everything_is_restored():
    rng = np.random.default_rng(0)
    model = nn.Sequential([nn.Dense(3), nn.Activation("tanh")], input_shape=(2,), dtype=float)
    inputs = rng.standard_normal((4, 2))
    before = inputs.copy(), model.get_weights()
    nn.gradient_errors(model, inputs, rng)
    np.testing.assert_array_equal(inputs, before[0])
    for array, old in zip(model.get_weights(), before[1], strict=True):
        np.testing.assert_array_equal(array, old)


def test_float32_is_refused():
    rng = np.random.default_rng(0)
    layer = nn.Dense(2)
    layer.build((2,), rng)
    with pytest.raises(ValueError, match="needs float64, got float32 kernel: build the layer with"):
        nn.gradient_errors(layer, np.zeros((1, 2)), rng)
    with pytest.raises(ValueError, match="needs float64, got float32 inputs"):
        nn.gradient_errors(nn.Activation("tanh"), np.zeros((1, 2), np.float32), rng)


def test_a_gradient_that_is_one_percent_off_is_seen():
    class Off(nn.Activation):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            grad_inputs, grads = super().backward(grad_outputs, cache)
            return 1.01 * grad_inputs, grads

    rng = np.random.default_rng(0)
    errors = nn.gradient_errors(Off("tanh"), rng.standard_normal((3, 2)), rng)
    assert errors["inputs"] == pytest.approx(0.01, rel=0.02)


class ShiftedSoftmax:
    """Softmax of inputs that are all shifted alike, which cannot change it."""

    def __init__(self):
        self.params = {"shift": np.array([0.7])}
        self.softmax = nn.Activation("softmax")

    def forward(self, inputs, *, training=False):
        return self.softmax.forward(inputs + self.params["shift"])

    def backward(self, grad_outputs, cache, *, input_grad=True):
        grad_inputs, _ = self.softmax.backward(grad_outputs, cache)
        return grad_inputs, {"shift": grad_inputs.sum(keepdims=True).reshape(1)}


def test_a_gradient_that_is_zero_in_theory_is_not_called_wrong():
    rng = np.random.default_rng(0)
    layer = ShiftedSoftmax()
    inputs = rng.standard_normal((6, 4))
    outputs, cache = layer.forward(inputs)
    _, grads = layer.backward(rng.standard_normal(outputs.shape), cache)
    assert 0 < abs(grads["shift"][0]) < 1e-12  # nothing but rounding
    assert max(nn.gradient_errors(layer, inputs, rng).values()) < 1e-7


def test_a_small_gradient_that_is_wrong_is_seen_beside_large_ones(monkeypatch):
    layer = nn.Dense(2)
    rng = np.random.default_rng(0)
    layer.build((3,), rng, np.float64)
    backward = layer.backward

    def forgets_the_batch(grad_outputs, cache, **options):
        grad_inputs, grads = backward(grad_outputs, cache, **options)
        return grad_inputs, {**grads, "bias": grads["bias"] / len(grad_outputs)}

    monkeypatch.setattr(layer, "backward", forgets_the_batch)
    errors = nn.gradient_errors(layer, 100 * rng.standard_normal((5, 3)), rng)
    assert errors["bias"] > 0.1
    assert errors["kernel"] < 1e-7


@pytest.mark.parametrize(
    "array",
    [np.array([1, 2]), np.array([1, 2], np.uint8), np.ones(2, np.float32), np.ones(2, np.float16)],
    ids=lambda array: str(array.dtype),
)
def test_what_cannot_be_nudged_is_refused_where_a_derivative_is_taken(array):
    """A whole number would stay where it is, and its derivative would be zero without a word."""
    message = f"numerical derivative needs float64, got {array.dtype} array"
    with pytest.raises(ValueError, match=message):
        nn.numerical_gradient(lambda: float((array**2).sum()), array)
    with pytest.raises(ValueError, match="got list array"):
        nn.numerical_gradient(lambda: 0.0, [1.0, 2.0])


def test_whole_numbers_as_inputs_of_a_layer_are_refused():
    with pytest.raises(ValueError, match="needs float64, got int64 inputs"):
        nn.gradient_errors(
            nn.Activation("tanh"), np.ones((1, 2), np.int64), np.random.default_rng()
        )


def test_what_was_nudged_is_put_back_also_when_the_function_fails():
    x = np.array([1.0, 3.0])
    with pytest.raises(ZeroDivisionError):
        nn.numerical_gradient(lambda: 1 / 0, x)
    np.testing.assert_array_equal(x, [1.0, 3.0])
