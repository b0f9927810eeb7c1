"""What SimpleRNN, LSTM and GRU share: states in and out, and what they refuse."""

import re

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import gradients, precision
from dlcourse.compare.twins import keras_layer
from dlcourse.nn.gradcheck import numerical_gradient
from tests.nn.mutants import mutant
from tests.nn.proofs import assert_close

BATCH, TIME, FEATURES, UNITS = 2, 5, 3, 4
LAYERS = {
    "simple rnn": lambda **options: nn.SimpleRNN(UNITS, **options),
    "lstm": lambda **options: nn.LSTM(UNITS, **options),
    "gru": lambda **options: nn.GRU(UNITS, **options),
    "gru, reset before": lambda **options: nn.GRU(UNITS, reset_after=False, **options),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
every_direction = pytest.mark.parametrize("go_backwards", [False, True])


def build(layer, seed=0):
    """Give a layer random parameters in float64; return it with inputs, a state and a generator."""
    rng = np.random.default_rng(seed)
    layer.build((TIME, FEATURES), rng, np.float64)
    for array in layer.params.values():
        array[...] = rng.standard_normal(array.shape)
    state = list(rng.standard_normal((2, BATCH, UNITS)))
    state = state if type(layer).__name__ == "LSTM" else state[0]
    return layer, rng.standard_normal((BATCH, TIME, FEATURES)), state, rng


@every_layer
@every_direction
def test_a_sequence_in_two_halves_equals_the_whole(make, go_backwards):
    """The final state goes on as initial state, its gradient comes back the same way."""
    layer, inputs, state, rng = build(make(return_sequences=True, go_backwards=go_backwards))
    outputs, cache = layer.forward(inputs, initial_state=state)
    grad_outputs, grad_final_state = rng.standard_normal(outputs.shape), 0.5 * np.array(state)
    grad_inputs, grads, grad_initial_state = layer.backward_with_state(
        grad_outputs, cache, grad_final_state=grad_final_state
    )

    parts = [inputs[:, 2:], inputs[:, :2]] if go_backwards else [inputs[:, :2], inputs[:, 2:]]
    first = parts[0].shape[1]
    first_outputs, first_cache = layer.forward(parts[0], initial_state=state)
    second_outputs, second_cache = layer.forward(parts[1], initial_state=first_cache.final_state)
    assert_close(np.concatenate([first_outputs, second_outputs], 1), outputs, 1e-14, "outputs")
    np.testing.assert_allclose(second_cache.final_state, cache.final_state, rtol=1e-14)

    second_inputs_grad, second_grads, between = layer.backward_with_state(
        grad_outputs[:, first:], second_cache, grad_final_state=grad_final_state
    )
    first_inputs_grad, first_grads, before = layer.backward_with_state(
        grad_outputs[:, :first], first_cache, grad_final_state=between
    )
    in_time = [first_inputs_grad, second_inputs_grad][:: -1 if go_backwards else 1]
    assert_close(np.concatenate(in_time, axis=1), grad_inputs, 1e-13, "gradient of inputs")
    for name in grads:
        assert_close(first_grads[name] + second_grads[name], grads[name], 1e-13, name)
    np.testing.assert_allclose(before, grad_initial_state, rtol=1e-12, atol=1e-13)


@every_layer
@pytest.mark.parametrize("return_sequences", [False, True])
def test_gradients_of_the_states_match_finite_differences(make, return_sequences):
    layer, inputs, state, rng = build(make(return_sequences=return_sequences))
    outputs, cache = layer.forward(inputs, initial_state=state)
    weights = rng.standard_normal(outputs.shape)
    state_weights = rng.standard_normal(np.shape(state))
    _, _, found = layer.backward_with_state(weights, cache, grad_final_state=state_weights)

    def loss():
        outputs, cache = layer.forward(inputs, initial_state=state)
        return float((outputs * weights).sum() + (cache.final_state * state_weights).sum())

    arrays = state if isinstance(state, list) else [state]
    expected = np.array([numerical_gradient(loss, array) for array in arrays])
    assert_close(np.array(found).reshape(expected.shape), expected, 1e-7, "initial state")


@every_layer
def test_encoder_and_decoder_match_keras(make):
    """The encoder learns only through the state that it hands to the decoder."""
    encoder, source, _, rng = build(make())
    decoder, target, _, _ = build(make(return_sequences=True), seed=1)
    _, encoder_cache = encoder.forward(source)
    outputs, decoder_cache = decoder.forward(target, initial_state=encoder_cache.final_state)
    grad_outputs = rng.standard_normal(outputs.shape)
    _, decoder_grads, grad_state = decoder.backward_with_state(grad_outputs, decoder_cache)
    nothing = np.zeros((BATCH, UNITS))
    grad_source, encoder_grads, _ = encoder.backward_with_state(
        nothing, encoder_cache, grad_final_state=grad_state
    )

    with precision("float64"):
        twins = [keras_layer(layer, "float64") for layer in (encoder, decoder)]
        twins[0].return_state = True
        for twin, layer in zip(twins, (encoder, decoder), strict=True):
            twin.build((BATCH, TIME, FEATURES))
            twin.set_weights(list(layer.params.values()))
        weights = [weight for twin in twins for weight in twin.trainable_weights]

        def encoded_and_decoded(source, target):
            _, *states = twins[0](source)
            return twins[1](target, initial_state=states)

        expected, (expected_source, _, *expected_grads) = gradients(
            encoded_and_decoded, [source, target], weights, grad_outputs
        )
    assert_close(outputs, expected, 1e-12, "outputs")
    ours = [grad_source, *encoder_grads.values(), *decoder_grads.values()]
    for index, pair in enumerate(zip(ours, [expected_source, *expected_grads], strict=True)):
        assert_close(*pair, 1e-10, f"gradient {index}")


@every_layer
def test_a_dropped_gradient_of_the_final_state_is_noticed(make):
    layer = make()
    module = __import__(type(layer).__module__, fromlist=["_"])
    broken = mutant(module, ("if grad_final_state is not None:", "if False:"))
    broken_layer = getattr(broken, type(layer).__name__)(UNITS)
    broken_layer.reset_after = getattr(layer, "reset_after", True)
    with pytest.raises(AssertionError, match="initial state"):
        test_gradients_of_the_states_match_finite_differences(lambda **_: broken_layer, False)


@every_layer
@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((2, 3), "inputs must have shape (batch, time, 3), got (2, 3)"),
        ((2, 5, 4), "inputs must have shape (batch, time, 3), got (2, 5, 4)"),
        ((2, 0, 3), "inputs need at least one row and one time step, got (2, 0, 3)"),
        ((0, 5, 3), "inputs need at least one row and one time step, got (0, 5, 3)"),
    ],
)
def test_wrong_inputs_are_refused_in_words(make, shape, message):
    layer, _, _, _ = build(make())
    with pytest.raises(ValueError, match=re.escape(f"{type(layer).__name__} {message}")):
        layer.forward(np.zeros(shape))


@every_layer
def test_wrong_states_and_gradients_are_refused_in_words(make):
    layer, inputs, state, _ = build(make(return_sequences=True))
    small = np.array(state)[..., :1]
    with pytest.raises(ValueError, match=r"initial_state must have shape \(2, 4\), got \(2, 1\)"):
        layer.forward(inputs, initial_state=small)
    outputs, cache = layer.forward(inputs)
    with pytest.raises(ValueError, match=r"final_state must have shape \(2, 4\), got \(2, 1\)"):
        layer.backward_with_state(outputs, cache, grad_final_state=small)
    with pytest.raises(ValueError, match=r"grad_outputs must have shape \(2, 5, 4\), got \(2, 4\)"):
        layer.backward(outputs[:, -1], cache)


@pytest.mark.parametrize("layer_class", [nn.SimpleRNN, nn.LSTM, nn.GRU])
def test_wrong_units_and_build_shapes_are_refused_in_words(layer_class):
    with pytest.raises(ValueError, match=f"{layer_class.__name__} needs at least one unit"):
        layer_class(0)
    layers = [layer_class(4), layer_class(4)]
    with pytest.raises(ValueError, match=r"got shape \(4,\); .* needs return_sequences=True"):
        nn.Sequential(layers, input_shape=(5, 3))


def test_an_lstm_takes_two_states():
    layer, inputs, state, _ = build(nn.LSTM(UNITS))
    message = "LSTM initial_state must be [h, c], each of shape (2, 4), got 1 array"
    with pytest.raises(ValueError, match=re.escape(message)):
        layer.forward(inputs, initial_state=state[:1])


@every_layer
def test_masks_are_kept_not_ignored(make):
    layer, inputs, state, _ = build(make())
    mask = np.array([[True] * TIME, [True] * (TIME - 2) + [False] * 2])
    outputs, _ = layer.forward(inputs, initial_state=state, mask=mask)
    whole, _ = layer.forward(inputs, initial_state=state)
    shorter, _ = layer.forward(inputs[:, :-2], initial_state=state)
    np.testing.assert_allclose(outputs[0], whole[0], rtol=1e-13)
    np.testing.assert_allclose(outputs[1], shorter[1], rtol=1e-13)
    assert np.abs(outputs[1] - whole[1]).max() > 1e-3


@every_layer
def test_nan_stays_in_its_row(make):
    layer, inputs, _, _ = build(make())
    expected, _ = layer.forward(inputs)
    inputs[0, 2] = np.nan
    outputs, _ = layer.forward(inputs)
    assert np.isnan(outputs[0]).all()
    np.testing.assert_array_equal(outputs[1], expected[1])
