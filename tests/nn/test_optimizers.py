"""Optimizers: the weights after several steps equal those of Keras."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras, precision
from dlcourse.compare.training_twins import keras_optimizer
from dlcourse.nn.optimizers import OPTIMIZERS, get_optimizer, global_norm

STEPS = 6
CONFIGURATIONS = [
    lambda: nn.SGD(),
    lambda: nn.SGD(0.1, momentum=0.9),
    lambda: nn.SGD(0.1, momentum=0.9, nesterov=True),
    lambda: nn.SGD(0.1, nesterov=True),
    lambda: nn.SGD(0.1, weight_decay=0.05),
    lambda: nn.SGD(0.1, momentum=0.5, clipnorm=0.7),
    lambda: nn.SGD(0.1, clipvalue=0.3),
    lambda: nn.SGD(0.1, momentum=0.5, global_clipnorm=0.7),
    lambda: nn.SGD(0.1, global_clipnorm=1e3),
    lambda: nn.SGD(nn.ExponentialDecay(0.1, 3, 0.5)),
    lambda: nn.SGD(nn.CosineDecay(0.01, 3, warmup_target=0.1, warmup_steps=2)),
    lambda: nn.SGD(nn.PiecewiseConstantDecay([1, 3], [0.1, 0.05, 0.01]), momentum=0.9),
    lambda: nn.RMSprop(),
    lambda: nn.RMSprop(0.01, rho=0.8, momentum=0.9),
    lambda: nn.RMSprop(0.01, centered=True, epsilon=1e-4),
    lambda: nn.RMSprop(0.01, weight_decay=0.05, clipnorm=1.0),
    lambda: nn.Adam(),
    lambda: nn.Adam(0.05, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
    lambda: nn.Adam(0.05, weight_decay=0.1, global_clipnorm=1.0),
    lambda: nn.Adam(nn.ExponentialDecay(0.1, 2, 0.5, staircase=True)),
    lambda: nn.AdamW(),
    lambda: nn.AdamW(0.01, weight_decay=0.1, clipnorm=0.5),
]


def make_params(dtype):
    rng = np.random.default_rng(0)
    params = {"kernel": rng.standard_normal((3, 4)), "bias": rng.standard_normal(4)}
    return {name: array.astype(dtype) for name, array in params.items()}


def make_grads(dtype):
    """Yield the gradients of each step; one is zero throughout, one large."""
    rng = np.random.default_rng(1)
    for scale in (1, 0.1, 10, 1, 0, 1)[:STEPS]:
        kernel = scale * rng.standard_normal((3, 4))
        kernel[0, 0] = 0
        yield {"kernel": kernel.astype(dtype), "bias": rng.standard_normal(4).astype(dtype)}


def weights_of(optimizer, dtype):
    params = make_params(dtype)
    for grads in make_grads(dtype):
        optimizer.step(params, grads)
    return params


def weights_of_keras(optimizer, dtype):
    keras = load_keras()
    with precision(dtype):
        twin = keras_optimizer(optimizer, dtype)
        for name in ("momentum", "beta_1", "beta_2", "rho", "weight_decay"):
            if isinstance(value := getattr(twin, name, None), float):
                setattr(twin, name, np.dtype(dtype).type(value))  # a Python float becomes float32
        variables = [keras.Variable(array, dtype=dtype) for array in make_params(dtype).values()]
        for grads in make_grads(dtype):
            tensors = [keras.ops.convert_to_tensor(grad) for grad in grads.values()]
            twin.apply(tensors, variables)
        return [variable.numpy() for variable in variables]


@pytest.mark.parametrize("make", CONFIGURATIONS, ids=lambda make: repr(make()))
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_weights_equal_those_of_keras(make, dtype, tolerance):
    found = weights_of(make(), dtype)
    expected = weights_of_keras(make(), dtype)
    for (name, array), theirs in zip(found.items(), expected, strict=True):
        assert array.dtype == dtype
        error = np.abs(array - theirs).max() / np.abs(theirs).max()
        assert error < tolerance, f"{name}: {error:.1e}"


@pytest.mark.parametrize("make", CONFIGURATIONS[::5], ids=lambda make: repr(make()))
def test_gradients_are_not_changed(make):
    optimizer, params = make(), make_params("float64")
    for grads in make_grads("float64"):
        before = {name: grad.copy() for name, grad in grads.items()}
        optimizer.step(params, grads)
        for name, grad in grads.items():
            np.testing.assert_array_equal(grad, before[name])


def test_parameters_move_in_place():
    params = make_params("float32")
    kernel = params["kernel"]
    before = kernel.copy()
    nn.SGD(0.1).step(params, next(make_grads("float32")))
    assert params["kernel"] is kernel
    assert (kernel != before).any()


def test_ten_steps_down_a_parabola():
    """Steps on x**2 from 1: both ends of the good range shrink alike, beyond it x grows."""
    ends = {}
    for rate in (0.1, 0.9, 1.0, 1.1):
        params, optimizer = {"x": np.array([1.0])}, nn.SGD(rate)
        for _ in range(10):
            optimizer.step(params, {"x": 2 * params["x"]})
        ends[rate] = round(float(params["x"][0]), 6)
    assert ends == {0.1: 0.107374, 0.9: 0.107374, 1.0: 1.0, 1.1: 6.191736}


def test_global_norm():
    assert global_norm({"a": np.array([3.0]), "b": np.array([[4.0]])}) == 5


def test_wrong_use_is_refused_in_words():
    params = make_params("float64")
    grads = next(make_grads("float64"))
    with pytest.raises(ValueError, match="choose one of clipnorm, clipvalue and global_clipnorm"):
        nn.SGD(clipnorm=1.0, clipvalue=1.0)
    with pytest.raises(ValueError, match="momentum must be between 0 and 1"):
        nn.SGD(momentum=9)
    with pytest.raises(ValueError, match=r"expected gradients of \['kernel', 'bias'\], got"):
        nn.SGD().step(params, {"kernel": grads["kernel"]})
    optimizer = nn.Adam()
    optimizer.step(params, grads)
    with pytest.raises(ValueError, match=r"1 steps on the parameters .* make a new one"):
        optimizer.step({"other": params["bias"]}, {"other": grads["bias"]})
    with pytest.raises(
        ValueError, match=r"gradient of bias must have its shape \(4,\), got \(1,\)"
    ):
        nn.SGD().step(params, grads | {"bias": np.zeros(1)})


def test_optimizers_are_found_by_name():
    for name, optimizer_class in OPTIMIZERS.items():
        assert isinstance(get_optimizer(name), optimizer_class)
    assert get_optimizer("sgd") is not get_optimizer("sgd")
    with pytest.raises(ValueError, match="unknown optimizer 'adm'"):
        get_optimizer("adm")


def test_adam_without_its_bias_correction_is_caught():
    class Uncorrected(nn.Adam):
        def update(self, param, grad, rate, *slots):
            iterations, self.iterations = self.iterations, 10**6
            super().update(param, grad, rate, *slots)
            self.iterations = iterations

    found = weights_of(Uncorrected(0.05), "float64")
    expected = weights_of_keras(nn.Adam(0.05), "float64")
    assert np.abs(found["kernel"] - expected[0]).max() > 1e-3
