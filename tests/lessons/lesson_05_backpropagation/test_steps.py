import re

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_05_backpropagation.network import SmallNetwork
from dlcourse.lessons.lesson_05_backpropagation.steps import Trace, trace_backprop, trace_network

# The example of lesson 05 (course plan, section 1C), to the last digit that is given there.
HAND = {
    "a_h1": 0.6010878788483698,
    "a_h2": 0.6153837563911821,
    "E": 0.2490895414603762,
    "∂E/∂z_o1": 0.133429947792031,
    "∂E/∂z_o2": -0.029291101232798,
    "∂E/∂a_h1": 0.0462112030330569,
    "∂E/∂a_h2": 0.0566250876889802,
    "∂a_h1/∂z_h1": 0.2397812407499373,
    "∂a_h2/∂z_h2": 0.2366865887610603,
    "∂E/∂z_h1": 0.0110805795998136,
    "∂E/∂z_h2": 0.0134023988434006,
    "∂E/∂w1": 0.0011080579599814,
    "∂E/∂w2": 0.0013402398843401,
    "∂E/∂w3": 0.0055402897999068,
    "∂E/∂w4": 0.0067011994217003,
    "∂E/∂w5": 0.0802031242931606,
    "∂E/∂w6": 0.0821106224873393,
    "∂E/∂w7": -0.0176065259091554,
    "∂E/∂w8": -0.0180252679054736,
    "∂E/∂b1": 0.0244829784432143,
    "∂E/∂b2": 0.104138846559233,
    "new_w1": 0.0993351652240112,
    "new_w8": 0.8108151607432842,
    "new_b1": 0.2353102129340714,
    "new_b2": 0.2875166920644602,
}


def two_two_two():
    layers = [nn.Dense(2), nn.Activation("sigmoid"), nn.Dense(2), nn.Activation("sigmoid")]
    model = nn.Sequential(layers, input_shape=(2,), dtype=np.float64)
    first, second = [[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.7], [0.6, 0.8]]
    model.set_weights([first, [0.25, 0.25], second, [0.35, 0.35]])
    return model


NAMES = {
    "weight_names": [[["w1", "w2"], ["w3", "w4"]], [["w5", "w7"], ["w6", "w8"]]],
    "bias_names": [["b1", "b1"], ["b2", "b2"]],
}


@pytest.fixture
def trace():
    return trace_backprop(two_two_two(), [0.1, 0.5], [0.05, 0.95], learning_rate=0.6, **NAMES)


def values(trace: Trace) -> dict[str, float]:
    return trace.given | {step.symbol: step.value for step in trace.steps}


def test_the_numbers_are_those_of_the_hand_calculation(trace):
    found = values(trace)
    for symbol, expected in HAND.items():
        assert found[symbol] == pytest.approx(expected, rel=0, abs=2e-16), symbol


def small_models():
    rng = np.random.default_rng(5)
    for sizes, kinds, loss in [
        ([2, 2, 2], ["sigmoid", "sigmoid"], "half_squared_error"),
        ([3, 4, 2], ["tanh", None], "mse"),
        ([1, 3, 3, 1], ["relu", "leaky_relu", "linear"], "mse"),
        ([2, 2, 4, 3], ["softplus", "silu", "sigmoid"], "mse"),
        ([4, 1], [None], "half_squared_error"),
    ]:
        layers = []
        for units, kind in zip(sizes[1:], kinds, strict=True):
            layers.append(nn.Dense(units, use_bias=kind != "leaky_relu"))
            layers += [nn.Activation(kind)] if kind else []
        model = nn.Sequential(layers, input_shape=(sizes[0],), dtype=np.float64, seed=1)
        model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
        x, t = rng.normal(size=sizes[0]), rng.normal(size=sizes[-1])
        yield pytest.param(model, x, t, loss, id=f"{sizes}-{loss}")


@pytest.mark.parametrize(("model", "x", "t", "loss"), list(small_models()))
def test_gradients_and_new_weights_are_those_of_nn(model, x, t, loss):
    network = SmallNetwork(model, x, t)
    trace = trace_network(network, nn.losses.get_loss(loss), 0.3)
    found = values(trace)
    outputs, cache = model.forward(x[np.newaxis])
    value, grad = nn.losses.get_loss(loss).value_and_grad(t[np.newaxis], outputs)
    _, grads = model.backward(grad, cache)
    assert found["E"] == pytest.approx(value, rel=1e-14)
    dense = [i for i, layer in enumerate(model.layers) if isinstance(layer, nn.Dense)]
    for depth, index in enumerate(dense):
        tables = {"kernel": network.weight_names[depth], "bias": network.bias_names[depth]}
        for kind in model.layers[index].params:
            for place, name in np.ndenumerate(np.array(tables[kind])):
                gradient = grads[f"{index}.{kind}"][place]
                assert found[f"∂E/∂{name}"] == pytest.approx(gradient, rel=1e-13), name
                new = model.layers[index].params[kind][place] - 0.3 * gradient
                assert found[f"new_{name}"] == pytest.approx(new, rel=1e-13), name


KNOWN = {"e": np.e, "tanh": np.tanh, "max": max}
KNOWN |= {name: nn.activations.get_activation(name).forward for name in ("softplus", "silu")}
KNOWN["leaky_relu"] = nn.activations.leaky_relu


def compute(numbers: str) -> float:
    """Compute what a step's arithmetic says, as somebody with a calculator would."""
    python = numbers.replace("·", "*").replace("²", "**2").replace("½", "0.5").replace("^", "**")
    return float(
        eval(python, {}, {k: np.vectorize(f) if callable(f) else f for k, f in KNOWN.items()})
    )


@pytest.mark.parametrize(("model", "x", "t", "loss"), list(small_models()))
def test_the_arithmetic_that_is_shown_gives_the_number_that_is_shown(model, x, t, loss):
    for step in trace_backprop(model, x, t, loss=loss).steps:
        assert compute(step.numbers) == pytest.approx(step.value, rel=1e-3, abs=1e-4), step


def test_a_step_that_reads_the_wrong_number_would_be_seen(trace):
    step = trace.steps[trace.find("∂E/∂w1")]
    wrong = step.numbers.replace("0.1", "0.5")
    assert compute(wrong) != pytest.approx(step.value, rel=1e-3, abs=1e-4)


def test_every_formula_reads_what_is_known_before_it(trace):
    known = set(trace.given) | {"η"}
    for step in trace.steps:
        assert set(step.reads) <= known, step.symbol
        assert step.reads
        known.add(step.symbol)


def test_the_phases_come_in_order(trace):
    phases = [step.phase for step in trace.steps]
    assert phases == ["forward"] * 11 + ["backward"] * 22 + ["update"] * 10


def test_following_w1_goes_from_the_error_to_the_weight(trace):
    symbols = [trace.steps[i].symbol for i in trace.follow("w1")]
    assert symbols == [
        *("∂E/∂ŷ1", "∂ŷ1/∂z_o1", "∂E/∂z_o1"),
        *("∂E/∂ŷ2", "∂ŷ2/∂z_o2", "∂E/∂z_o2"),
        *("∂E/∂a_h1", "∂a_h1/∂z_h1", "∂E/∂z_h1"),
        *("∂E/∂w1", "new_w1"),
    ]
    assert [trace.steps[i].symbol for i in trace.follow("w5")] == [
        *("∂E/∂ŷ1", "∂ŷ1/∂z_o1", "∂E/∂z_o1", "∂E/∂w5", "new_w5"),
    ]
    with pytest.raises(ValueError, match="expected one of w1, w2"):
        trace.follow("w9")
    with pytest.raises(ValueError, match="no step computes"):
        trace.find("∂E/∂w9")


def test_frozen_biases_have_a_gradient_and_no_update():
    model = two_two_two()
    trace = trace_backprop(model, [0.1, 0.5], [0.05, 0.95], train_biases=False, **NAMES)
    symbols = [step.symbol for step in trace.steps]
    assert "∂E/∂b1" in symbols
    assert not any(symbol.startswith("new_b") for symbol in symbols)


def test_biases_of_their_own_add_up_to_the_shared_one(trace):
    alone = values(trace_backprop(two_two_two(), [0.1, 0.5], [0.05, 0.95]))
    shared = values(trace)
    assert alone["∂E/∂b1"] + alone["∂E/∂b2"] == pytest.approx(shared["∂E/∂b1"])
    assert alone["∂E/∂b3"] + alone["∂E/∂b4"] == pytest.approx(shared["∂E/∂b2"])


def test_the_model_is_not_touched(trace):
    model = two_two_two()
    before = model.get_weights()
    network = SmallNetwork(model, [0.1, 0.5], [0.05, 0.95])
    network.set("w1", 7.0)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_a_shared_bias_is_changed_for_all():
    network = SmallNetwork(two_two_two(), [0.1, 0.5], [0.05, 0.95], **NAMES)
    network.set("b2", 9.0)
    np.testing.assert_array_equal(network.blocks[1][0].params["bias"], [9.0, 9.0])


def model_of(*layers, inputs=2):
    return nn.Sequential(layers, input_shape=(inputs,), seed=0, dtype=np.float64)


@pytest.mark.parametrize(
    ("model", "match"),
    [
        (model_of(nn.Dense(2), nn.Activation("softmax")), "softmax mixes the units"),
        (model_of(nn.Dense(5)), r"at most 4 units and inputs.*\[2, 5\]"),
        (model_of(nn.Dense(1), inputs=9), "at most 4 units and inputs"),
        (model_of(*(nn.Dense(1) for _ in range(4))), "at most 3 Dense layers"),
        (model_of(nn.Activation("tanh"), nn.Dense(1)), "Dense layers, each followed by one"),
        (model_of(nn.Dense(1), nn.Activation("tanh"), nn.Activation("relu")), "followed by one"),
        (nn.Sequential([nn.Dense(1)]), "not built"),
    ],
)
def test_other_networks_are_refused_in_words(model, match):
    size = (model.input_shape or (2,))[0]
    units = model.layers[0].units if isinstance(model.layers[0], nn.Dense) else 1
    with pytest.raises(ValueError, match=match):
        trace_backprop(model, np.ones(size), np.ones(units))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"x": [1.0]}, "x must be one example of 2 finite numbers"),
        ({"t": [1.0, np.nan]}, "t must be one example of 2 finite numbers"),
        ({"loss": "binary_crossentropy"}, "half squared error or the mean squared error"),
        ({"weight_names": [[["w1", "w2"]]]}, "shapes of the kernels"),
        ({"weight_names": [[["w1", "w1"], ["w3", "w4"]], NAMES["weight_names"][1]]}, "of its own"),
        ({"weight_names": [[["h1", "w2"], ["w3", "w4"]], NAMES["weight_names"][1]]}, "are taken"),
        ({"weight_names": [[["a b", "w2"], ["w3", "w4"]], NAMES["weight_names"][1]]}, "'a b'"),
        ({"bias_names": [["b1"], ["b2", "b2"]]}, r"must have \[2, 2\] names"),
        ({"bias_names": [["b1", "b1"], ["b1", "b1"]]}, "only units of one layer"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_in_words(changes, match):
    arguments = {"x": [0.1, 0.5], "t": [0.05, 0.95], **NAMES, **changes}
    with pytest.raises(ValueError, match=match):
        trace_backprop(two_two_two(), arguments.pop("x"), arguments.pop("t"), **arguments)


def test_a_shared_bias_must_start_equal():
    model = two_two_two()
    model.params["0.bias"][1] = 0.5
    with pytest.raises(ValueError, match="share the bias b1 must start equal"):
        trace_backprop(model, [0.1, 0.5], [0.05, 0.95], **NAMES)


def test_each_step_has_a_sentence_without_symbols(trace):
    for step in trace.steps:
        assert re.fullmatch(r".+[.?]", step.sentence), step.sentence
        assert "∂" not in step.sentence
