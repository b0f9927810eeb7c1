"""Sequential: a stack of layers that is itself a layer; errors in words."""

import numpy as np
import pytest

from dlcourse import nn
from tests.nn.proofs import assert_calls_are_independent, assert_gradients_match_finite_differences


def mlp(dtype=np.float32, seed=0):
    layers = [nn.Dense(5), nn.Activation("tanh"), nn.Dense(2)]
    return nn.Sequential(layers, input_shape=(3,), seed=seed, dtype=dtype)


def test_a_stack_keeps_the_contract_of_a_layer():
    inner = nn.Sequential([nn.Dense(4), nn.Activation("sigmoid")])
    stack = nn.Sequential([nn.Dense(3), inner, nn.Dense(2)])
    assert_gradients_match_finite_differences(stack, (3,))
    assert_calls_are_independent(stack, (3,))
    assert list(stack.params) == []  # the proofs work on copies
    stack.build((3,), np.random.default_rng(0))
    assert list(stack.params) == [
        *("0.kernel", "0.bias", "1.0.kernel", "1.0.bias", "2.kernel", "2.bias")
    ]


def test_parameters_are_those_of_the_layers():
    model = mlp()
    assert model.params["2.kernel"] is model.layers[2].params["kernel"]
    assert [array.shape for array in model.get_weights()] == [(3, 5), (5,), (5, 2), (2,)]


def test_the_seed_decides_the_parameters():
    for same, other in zip(mlp(seed=1).get_weights(), mlp(seed=1).get_weights(), strict=True):
        np.testing.assert_array_equal(same, other)
    assert (mlp(seed=1).params["0.kernel"] != mlp(seed=2).params["0.kernel"]).all()


def test_inputs_of_any_type_become_the_type_of_the_model():
    for dtype in (np.float32, np.float64):
        for inputs in ([[1, 2, 3]], np.ones((1, 3), np.int64), np.ones((1, 3), np.float64)):
            outputs, cache = mlp(dtype).forward(inputs)
            grad_inputs, grads = mlp(dtype).backward(np.ones_like(outputs), cache)
            assert {array.dtype for array in (outputs, grad_inputs, *grads.values())} == {
                np.dtype(dtype)
            }


def test_without_input_grad_the_first_layers_are_left_out():
    calls = []

    class Recorder(nn.Activation):
        def backward(self, grad_outputs, cache, *, input_grad=True):
            calls.append(input_grad)
            return super().backward(grad_outputs, cache, input_grad=input_grad)

    layers = [Recorder("linear"), nn.Dense(2), Recorder("tanh"), nn.Dense(1)]
    model = nn.Sequential(layers, input_shape=(3,), seed=0)
    outputs, cache = model.forward(np.ones((2, 3)))
    _, expected = model.backward(outputs, cache)
    assert calls == [True, True]
    grad_inputs, grads = model.backward(outputs, cache, input_grad=False)
    assert calls == [True, True, True]  # not the layer before the first parameters
    assert grad_inputs is None
    assert list(grads) == list(expected) == list(model.params)
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, expected[name])


def test_weights_are_copied_in_and_out():
    model, other = mlp(seed=1), mlp(seed=2)
    weights = model.get_weights()
    other.set_weights(weights)
    np.testing.assert_array_equal(other.predict(np.ones((2, 3))), model.predict(np.ones((2, 3))))
    weights[0][...] = 0
    assert model.params["0.kernel"].all()


def test_weights_come_layer_by_layer_with_the_state_of_each():
    layers = [nn.BatchNormalization(), nn.Sequential([nn.BatchNormalization()]), nn.Dense(1)]
    model = nn.Sequential(layers, input_shape=(3,))
    for index, array in enumerate([*model.params.values(), *model.state.values()]):
        array[...] = index
    order = [int(array.flat[0]) for array in model.get_weights()]
    assert order == [0, 1, 6, 7, 2, 3, 8, 9, 4, 5]  # gamma, beta, mean, variance; ...; Dense


def test_weights_of_a_residual_include_the_shortcut():
    block = nn.Residual([nn.Dense(2)], shortcut=nn.Dense(2))
    model = nn.Sequential([block], input_shape=(3,))
    assert len(model.get_weights()) == 4


def test_weights_that_do_not_fit_are_refused_and_change_nothing():
    model = mlp()
    before = model.get_weights()
    with pytest.raises(ValueError, match="expected 4 arrays, got 1"):
        model.set_weights([np.zeros((3, 5))])
    with pytest.raises(ValueError, match=r"weights\[1\] must have shape \(5,\), got \(4,\)"):
        model.set_weights([np.zeros((3, 5)), np.zeros(4), np.zeros((5, 2)), np.zeros(2)])
    for array, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_an_unbuilt_model_says_so():
    model = nn.Sequential([nn.Dense(2)])
    x, y = np.ones((1, 3)), np.ones((1, 2))
    uses = {
        "forward": lambda: model.forward(x),
        "predict": lambda: model.predict(x),
        "evaluate": lambda: model.evaluate(x, y, loss="mse"),
        "train_on_batch": lambda: model.train_on_batch(x, y, loss="mse", optimizer=nn.SGD()),
        "get_weights": model.get_weights,
        "set_weights": lambda: model.set_weights([]),
        "summary": model.summary,
        "save": lambda: model.save("nowhere.npz"),
        "load": lambda: model.load("nowhere.npz"),
    }
    for use in uses.values():
        with pytest.raises(ValueError, match="this Sequential is not built: give it input_shape"):
            use()


@pytest.mark.parametrize("shape", [(2, 4), (3,), (2, 3, 1)])
def test_inputs_of_a_wrong_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"Sequential inputs must have shape \(batch, 3\), got"):
        mlp().forward(np.ones(shape, np.float32))


def test_an_axis_of_any_length_is_written_as_none():
    model = nn.Sequential([nn.Dense(2)], input_shape=(None, 3), seed=0)
    for time in (1, 5):
        assert model.predict(np.ones((2, time, 3))).shape == (2, time, 2)
    with pytest.raises(ValueError, match=r"must have shape \(batch, any, 3\), got \(2, 5, 4\)"):
        model.predict(np.ones((2, 5, 4)))


def test_a_layer_with_parameters_cannot_stand_twice():
    layer, relu = nn.Dense(3), nn.Activation("relu")
    with pytest.raises(ValueError, match=r"layer 2, Dense\(3\), stands in the model twice"):
        nn.Sequential([layer, relu, layer], input_shape=(3,))
    nn.Sequential([nn.Dense(3), relu, nn.Dense(3), relu], input_shape=(3,))
    with pytest.raises(ValueError, match="at least one layer"):
        nn.Sequential([])


def test_repr_is_the_call_that_makes_it():
    model = nn.Sequential([nn.Dense(2, use_bias=False), nn.LeakyReLU(0.1)], seed=3)
    text = "Sequential([Dense(2, use_bias=False), LeakyReLU(negative_slope=0.1)], seed=3)"
    assert repr(model) == text
    assert repr(eval(text, vars(nn))) == text


def test_a_layer_that_forgets_an_argument_says_which():
    class Forgetful(nn.Activation):
        def __init__(self, scale):
            super().__init__("linear")

    with pytest.raises(TypeError, match=r"add self.scale = scale to __init__"):
        repr(Forgetful(2))
