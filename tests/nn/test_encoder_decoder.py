"""The encoder-decoder: proved by differences and by Keras, with and without attention."""

import copy

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import gradients, precision
from dlcourse.nn import devices, encoder_decoder
from tests.nn.device_array import DeviceArray, to_stand_in
from tests.nn.mutants import mutant
from tests.nn.proofs import assert_gradients_match_finite_differences, prove

ATTENTION = pytest.mark.parametrize("attention", [False, True], ids=["plain", "attention"])
SOURCE = np.array([[0, 0, 1, 4], [3, 2, 1, 0], [2, 2, 3, 4]])  # padded on either side, and not
TARGET = np.array([[3, 5, 2], [2, 0, 0], [4, 2, 0]])
GIVEN, _ = nn.teacher_forcing(TARGET, 1)
LOSS = nn.SparseCategoricalCrossentropy(from_logits=True)


def small(attention=False, seed=0, **options):
    return nn.EncoderDecoder(5, 6, 4, 3, attention=attention, seed=seed, **options)


@ATTENTION
@pytest.mark.parametrize("time", [1, 4])
def test_it_is_proved(attention, time):
    source, given = SOURCE[:, -time:], GIVEN[:, :time]
    source = np.where(source.any(axis=1, keepdims=True), source, 1)  # nobody reads nothing
    prove(small(attention), (None,), keras=False, inputs=source, given=given)


@ATTENTION
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_equals_keras(attention, dtype):
    tolerance = {"float32": 1e-5, "float64": 1e-12}[dtype]
    model = small(attention, dtype=dtype)
    rng = np.random.default_rng(3)
    for array in model.params.values():
        array[...] = rng.standard_normal(array.shape)
    grad_logits = rng.standard_normal((3, 3, 6)).astype(dtype)
    logits, cache = model.forward(SOURCE, given=GIVEN)
    _, grads = model.backward(grad_logits, cache)
    with precision(dtype):
        twin = compare.to_keras(model)
        variables = twin.trainable_weights
        expected, (_, _, *of_weights) = gradients(
            lambda source, given: twin([source, given]), [SOURCE, GIVEN], variables, grad_logits
        )
    np.testing.assert_allclose(logits, expected, atol=tolerance * 10)
    for (name, grad), other in zip(grads.items(), of_weights, strict=True):
        scale = max(1, np.abs(other).max())
        np.testing.assert_allclose(grad, other, atol=tolerance * 10 * scale, err_msg=name)


@ATTENTION
def test_it_trains_as_keras_does(attention):
    model = small(attention, dtype="float64")
    with precision("float64"):
        twin = compare.to_keras(model)
        twin.compile(
            optimizer=compare.keras_optimizer(nn.SGD(0.5)),
            loss=compare.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
        theirs = []
        weights = (TARGET > 0) / (TARGET > 0).mean()  # Keras divides by all places
        for _ in range(3):
            theirs.append(twin.train_on_batch([SOURCE, GIVEN], TARGET, sample_weight=weights))
    optimizer = nn.SGD(0.5)
    ours = [model.train_on_batch(SOURCE, TARGET, loss=LOSS, optimizer=optimizer) for _ in range(3)]
    np.testing.assert_allclose(ours, np.array(theirs, float).ravel(), rtol=1e-6)


@ATTENTION
def test_padding_on_either_side_changes_nothing(attention):
    model = small(attention, dtype="float64")
    rows = np.array([[3, 4, 1]])
    expected = model.forward(rows, given=np.array([[1, 3]]))[0]
    for before, after in ((2, 0), (0, 3), (1, 1)):
        padded = np.pad(rows, ((0, 0), (before, after)))
        found = model.forward(padded, given=np.array([[1, 3]]))[0]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


@ATTENTION
def test_padding_of_the_target_counts_in_neither_loss_nor_gradient(attention):
    model = small(attention, dtype="float64")
    short, longer = TARGET[:, :3], np.pad(TARGET, ((0, 0), (0, 4)))
    expected = model.evaluate(SOURCE, short, loss=LOSS)
    assert model.evaluate(SOURCE, longer, loss=LOSS) == pytest.approx(expected, rel=1e-12)
    other = copy.deepcopy(model)
    for each, y in ((model, short), (other, longer)):
        each.train_on_batch(SOURCE, y, loss=LOSS, optimizer=nn.SGD(0.5))
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@ATTENTION
def test_it_learns_to_copy_rows_of_several_lengths_and_writes_them(attention):
    rng = np.random.default_rng(0)
    source = np.zeros((64, 3), int)
    target = np.zeros((64, 4), int)
    for row, length in enumerate(rng.integers(1, 4, 64)):
        source[row, :length] = rng.integers(3, 5, length)
        target[row, : length + 1] = [*source[row, :length], 2]
    model = nn.EncoderDecoder(5, 5, 16, 4, attention=attention, seed=0)
    history = model.fit(
        source,
        target,
        loss=LOSS,
        optimizer=nn.Adam(0.02),
        epochs=60,
        metrics=["accuracy"],
        verbose=False,
    )
    assert history.history["loss"][-1] < 0.05
    assert history.history["accuracy"][-1] == 1
    np.testing.assert_array_equal(model.write(source, 4), target)
    assert (model.write(source, 6)[:, 4:] == 0).all()  # nothing after the stop symbol
    assert (model.write(source, 2) == target[:, :2]).all()


@ATTENTION
def test_a_beam_of_one_writes_what_write_writes(attention):
    model = small(attention)
    for array in model.params.values():
        array[...] *= 3
    for row in SOURCE:
        expected = model.write(row[np.newaxis], 5)[0]
        found, _ = nn.beam_search(model.next_symbol(row), 1, 2, width=1, longest=5)
        assert found == [symbol for symbol in expected.tolist() if symbol] or 0 in found


@ATTENTION
def test_what_comes_next_is_what_forward_says(attention):
    model = small(attention, dtype="float64")
    logits, _ = model.forward(SOURCE[:1], given=np.array([[1, 4, 5]]))
    expected = logits[0] - np.log(np.exp(logits[0]).sum(axis=1, keepdims=True))
    step = model.next_symbol(SOURCE[0])
    for symbols in ([1, 4, 5], [1], [1, 4]):  # in any order
        np.testing.assert_allclose(step(symbols), expected[len(symbols) - 1], rtol=1e-12)


@ATTENTION
def test_decoding_step_by_step_is_decoding_at_once(attention):
    model = small(attention, dtype="float64")
    encoded = model.encode(SOURCE)
    at_once = model.decode(GIVEN, encoded.state, encoded)
    state, found = encoded.state, []
    for t in range(GIVEN.shape[1]):
        logits, state, weights = model.decode(GIVEN[:, t : t + 1], state, encoded)
        found.append(logits)
        if attention:
            np.testing.assert_allclose(weights.sum(axis=-1), 1)
            assert (weights[:, 0][SOURCE == 0] == 0).all()
    np.testing.assert_allclose(np.concatenate(found, axis=1), at_once.logits, rtol=1e-10)
    np.testing.assert_allclose(state, at_once.state, rtol=1e-10)


@ATTENTION
def test_it_comes_back_from_a_file(attention, tmp_path):
    model = small(attention)
    model.decoder.trainable = False
    model.save(tmp_path / "model.npz")
    again = nn.load_model(tmp_path / "model.npz")
    assert repr(again) == repr(model)
    assert not again.decoder.trainable
    np.testing.assert_array_equal(
        again.forward(SOURCE, given=GIVEN)[0], model.forward(SOURCE, given=GIVEN)[0]
    )


@ATTENTION
def test_frozen_parts_stay_and_the_others_learn(attention):
    model = small(attention)
    model.encoder.trainable = False
    before = {name: array.copy() for name, array in model.params.items()}
    model.train_on_batch(SOURCE, TARGET, loss=LOSS, optimizer=nn.SGD(0.5))
    for name, array in model.params.items():
        stayed = np.array_equal(array, before[name])
        assert stayed == name.startswith("encoder."), name
    assert not compare.to_keras(model).get_layer("encoder").trainable


@ATTENTION
def test_the_stand_in_trains_and_writes_the_same(attention, monkeypatch):
    monkeypatch.setitem(devices.DEVICES, "stand-in", lambda: to_stand_in)
    here = small(attention)
    there = copy.deepcopy(here).to("stand-in")
    steps = nn.Adam(0.01), nn.Adam(0.01)
    for _ in range(2):
        expected = here.train_on_batch(SOURCE, TARGET, loss=LOSS, optimizer=steps[0])
        assert there.train_on_batch(SOURCE, TARGET, loss=LOSS, optimizer=steps[1]) == expected
    assert type(there.params["encoder.kernel"]) is DeviceArray
    np.testing.assert_array_equal(there.write(SOURCE, 4), here.write(SOURCE, 4))
    np.testing.assert_array_equal(
        there.next_symbol(SOURCE[0])([1, 3]), here.next_symbol(SOURCE[0])([1, 3])
    )


def test_teacher_forcing_moves_the_targets_one_step_and_leaves_them_as_they_are():
    inputs, outputs = nn.teacher_forcing(TARGET, 1)
    np.testing.assert_array_equal(inputs, [[1, 3, 5], [1, 2, 0], [1, 4, 2]])
    np.testing.assert_array_equal(outputs, TARGET)
    with pytest.raises(ValueError, match=r"targets must have shape \(batch, time\)"):
        nn.teacher_forcing(np.array([1, 2]), 1)


def test_arguments_that_make_no_sense_are_refused_in_words():
    with pytest.raises(ValueError, match="stop must be a symbol of the target, from 1 to 5"):
        small(stop=6)
    with pytest.raises(ValueError, match="0 is padding"):
        small(start=0)
    with pytest.raises(ValueError, match="at least one unit"):
        nn.EncoderDecoder(5, 6, 0)
    with pytest.raises(ValueError, match="positive sizes"):
        nn.EncoderDecoder(0, 6, 3)
    model = small()
    with pytest.raises(ValueError, match="let it write by itself"):
        model.predict(SOURCE)
    with pytest.raises(ValueError, match=r"given must have shape \(3, time\)"):
        model.forward(SOURCE, given=GIVEN[:2])
    with pytest.raises(ValueError, match="whole numbers from 0 to 4, got 7"):
        model.write([[7]], 3)
    with pytest.raises(ValueError, match=r"\(batch, source time\)"):
        model.write([3, 4], 3)
    with pytest.raises(ValueError, match=r"targets must have shape"):
        model.train_on_batch(SOURCE, TARGET[:, 0], loss=LOSS, optimizer=nn.SGD())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("grad_states = grad_keys + grad_values", "grad_states = grad_values"),
        ('grad_shown + back("query", grad_query)', 'grad_shown + 0 * back("query", grad_query)'),
        ("(1 - shown**2)", "1"),
        ("grad_final_state=grad_state", "grad_final_state=None"),
    ],
    ids=["keys", "query", "slope", "state"],
)
def test_wrong_backward_passes_fail_the_gradient_check(right, wrong):
    broken = mutant(encoder_decoder, (right, wrong)).EncoderDecoder(5, 6, 4, 3, attention=True)
    with pytest.raises(AssertionError, match="finite differences"):
        assert_gradients_match_finite_differences(broken, (None,), inputs=SOURCE, given=GIVEN)
