"""Masking: padded steps change nothing, in any layer, loss or metric; all of it as in Keras."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse import compare, nn
from dlcourse.nn import cores, slices
from dlcourse.nn.layers import gru, lstm, simple_rnn
from tests.nn.mutants import mutant
from tests.nn.proofs import assert_matches_keras, prove
from tests.nn.test_slices import sizes

LOGITS = nn.SparseCategoricalCrossentropy(from_logits=True)
MASK = np.array([[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1]], bool)
RECURRENT = {
    "rnn": nn.SimpleRNN,
    "lstm": nn.LSTM,
    "gru": nn.GRU,
    "gru, reset before": lambda units, **o: nn.GRU(units, reset_after=False, **o),
}


@given(
    kind=st.sampled_from(list(RECURRENT)),
    mask=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=3),
    return_sequences=st.booleans(),
    go_backwards=st.booleans(),
    with_state=st.booleans(),
)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_recurrent_layers_are_proved(kind, mask, return_sequences, go_backwards, with_state):
    """Also where a row has no step that counts, or its first one is padding."""
    layer = RECURRENT[kind](3, return_sequences=return_sequences, go_backwards=go_backwards)
    options = {"mask": np.array(mask), "batch": len(mask)}
    if with_state:
        state = np.random.default_rng(0).standard_normal((2, len(mask), 3))
        options["initial_state"] = list(state) if kind == "lstm" else state[0]
    prove(layer, (4, 2), **options)


@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave"])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_bidirectional_is_proved(merge_mode, return_sequences):
    layer = nn.Bidirectional(nn.LSTM(3, return_sequences=return_sequences), merge_mode)
    prove(layer, (5, 2), mask=MASK)


@pytest.mark.parametrize("training", [False, True])
def test_batch_normalization_is_proved(training):
    prove(nn.BatchNormalization(), (5, 2), mask=MASK, training=training, rows=not training)


def test_masking_is_proved_away_from_its_value():
    prove(nn.Masking(), (5, 2))


@pytest.mark.parametrize("kind", RECURRENT)
@pytest.mark.parametrize("return_sequences", [False, True])
def test_padding_changes_nothing(kind, return_sequences):
    """Each sequence by itself, at its own length, gives what it gives in the padded batch."""
    rng = np.random.default_rng(0)
    layer = RECURRENT[kind](3, return_sequences=return_sequences)
    layer.build((6, 2), rng, np.float64)
    lengths = [6, 4, 1]
    inputs = rng.standard_normal((3, 6, 2))  # the padding is noise
    mask = np.arange(6) < np.array(lengths)[:, None]
    outputs, cache = layer.forward(inputs, mask=mask)
    grad_outputs = rng.standard_normal(outputs.shape)
    if return_sequences:
        grad_outputs *= mask[..., None]
    grad_inputs, grads = layer.backward(grad_outputs, cache)
    assert not grad_inputs[~mask].any()
    sums = dict.fromkeys(grads, 0.0)
    for row, length in enumerate(lengths):
        alone, alone_cache = layer.forward(inputs[row : row + 1, :length])
        here = slice(0, length) if return_sequences else slice(None)
        np.testing.assert_allclose(outputs[row][here], alone[0], rtol=1e-13)
        part = grad_outputs[row : row + 1]
        part = part[:, :length] if return_sequences else part
        from_alone, grads_alone = layer.backward(part, alone_cache)
        np.testing.assert_allclose(grad_inputs[row, :length], from_alone[0], rtol=1e-10, atol=1e-15)
        sums = {name: total + grads_alone[name] for name, total in sums.items()}
    for name, total in sums.items():
        np.testing.assert_allclose(grads[name], total, rtol=1e-10, atol=1e-14)


MUTANTS = [
    (lstm, ("hidden[t + 1] += skip[t] * hidden[t]", "pass"), lambda m: m.LSTM(3)),
    (lstm, ("grad_h += cache.skip[t] * grad_h_after", "pass"), lambda m: m.LSTM(3)),
    (lstm, ("np.where(rows, 1, f)", "f"), lambda m: m.LSTM(3)),
    (gru, ("np.where(skip[t], 1, z)", "z"), lambda m: m.GRU(3)),
    (simple_rnn, ("grad_z *= ~cache.skip", "pass"), lambda m: m.SimpleRNN(3)),
    (simple_rnn, ("np.where(skip[t], hidden[t], hidden[t + 1])", "0"), lambda m: m.SimpleRNN(3)),
]


@pytest.mark.parametrize(("module", "replaced", "make"), MUTANTS, ids=range(len(MUTANTS)))
def test_a_mask_that_is_half_kept_is_caught(module, replaced, make):
    with pytest.raises(AssertionError, match="against Keras"):
        assert_matches_keras(make(mutant(module, replaced)), (5, 2), mask=MASK)


def test_a_mask_of_another_shape_is_refused():
    layer = nn.GRU(3)
    layer.build((5, 2), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"GRU mask must have shape \(3, 5\), got \(3, 4\)"):
        layer.forward(np.zeros((3, 5, 2), np.float32), mask=MASK[:, :4])


def test_a_layer_that_ends_a_mask_is_warned_of_as_in_keras():
    layers = [nn.Masking(), nn.Flatten(), nn.Dense(2)]
    model = nn.Sequential(layers, input_shape=(5, 2), seed=0)
    x = np.ones((3, 5, 2)) * MASK[..., None]
    with pytest.warns(UserWarning, match=r"Flatten\(\) got a mask and does not hand it on"):
        model.predict(x)
    with pytest.warns(UserWarning, match="does not support masking"):
        compare.to_keras(model)(x)


# ------------------------------------------------------------------ networks

SEQUENCES = np.random.default_rng(0).integers(1, 9, (6, 7))
for row, length in enumerate((7, 5, 3, 1, 6, 2)):
    SEQUENCES[row, length:] = 0
LABELS = np.random.default_rng(1).integers(0, 3, (6, 7))
NETWORKS = {
    "tags": lambda: [nn.LSTM(5, return_sequences=True), nn.Dense(3)],
    "tags, both ways": lambda: [
        nn.Bidirectional(nn.GRU(4, return_sequences=True)),
        nn.LayerNormalization(),
        nn.Dense(3),
    ],
    "tags, normalised": lambda: [
        nn.Bidirectional(nn.SimpleRNN(4, return_sequences=True), "sum"),
        nn.BatchNormalization(),
        nn.Residual([nn.Dense(4), nn.Activation("tanh")]),
        nn.Dense(3),
    ],
    "a class": lambda: [nn.GRU(5, return_sequences=True), nn.LSTM(4), nn.Dense(3)],
}


def network(name, dtype=np.float64):
    layers = [nn.Embedding(9, 4, mask_zero=True), *NETWORKS[name]()]
    return nn.Sequential(layers, input_shape=(7,), seed=0, dtype=dtype)


def labels(name):
    return LABELS[:, 0] if name == "a class" else LABELS


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_learn_as_in_keras(name, weighted):
    y = labels(name)
    weights = np.random.default_rng(2).random(y.shape) if weighted else None
    compare.agreement(
        network(name), SEQUENCES, y, loss=LOGITS, optimizer=nn.Adam(0.01), sample_weight=weights
    )


@pytest.mark.parametrize("name", ["tags", "a class"])
def test_fit_and_evaluate_report_what_keras_reports(name):
    model, y = network(name, np.float32), labels(name)
    twin = compare.to_keras(model)
    twin.compile(
        compare.keras_optimizer(nn.SGD(0.1)), compare.keras_loss(LOGITS), metrics=["accuracy"]
    )
    options = {"epochs": 2, "batch_size": 4, "shuffle": False}
    theirs = twin.fit(SEQUENCES, y, verbose=0, **options).history
    ours = model.fit(
        *(SEQUENCES, y),
        loss=LOGITS,
        optimizer=nn.SGD(0.1),
        metrics=["accuracy"],
        verbose=False,
        **options,
    ).history
    for key, values in theirs.items():
        np.testing.assert_allclose(ours[key], values, rtol=1e-4, err_msg=key)
    loss, accuracy = twin.evaluate(SEQUENCES, y, batch_size=4, verbose=0)
    found = model.evaluate(SEQUENCES, y, loss=LOGITS, metrics=["accuracy"], batch_size=4)
    assert found["loss"] == pytest.approx(loss, rel=1e-4)
    assert found["accuracy"] == pytest.approx(accuracy, rel=1e-5)


def assert_slices_give_what_the_batch_gives(cut, rows, weighted, seed=0):
    """Slices have different numbers of steps that count; some rows have none."""
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 9, (rows, 7)) * (np.arange(7) < rng.integers(0, 8, (rows, 1)))
    y = rng.integers(0, 3, (rows, 7))
    weights = {"rows": rng.random(rows), "steps": rng.random((rows, 7))}.get(weighted)
    model = network("tags")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "ROWS", rows)
        outputs = model.predict(x, batch_size=rows)
        expected, expected_outputs, expected_grads, _ = slices.gradients(
            model, LOGITS, x, y, weights
        )
    value, found, grads, mask = cut.gradients(model, LOGITS, x, y, weights)
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_array_equal(mask, x != 0)
    np.testing.assert_allclose(found, expected_outputs, rtol=1e-9, atol=1e-14)
    for name, grad in expected_grads.items():
        np.testing.assert_allclose(grads[name], grad, rtol=1e-9, atol=1e-14)
    found, mask = cut.predictions(model, x)
    np.testing.assert_array_equal(mask, x != 0)
    np.testing.assert_allclose(found, outputs, rtol=1e-9, atol=1e-14)
    loss = model.evaluate(x, y, loss=LOGITS, sample_weight=weights, batch_size=rows)
    assert loss == pytest.approx(expected, rel=1e-12)


@given(
    rows=sizes,
    threads=st.integers(1, 3),
    weighted=st.sampled_from(["no", "rows", "steps"]),
    seed=st.integers(0, 9),
)
@example(rows=slices.ROWS, threads=2, weighted="steps", seed=0)
@example(rows=slices.ROWS + 1, threads=2, weighted="steps", seed=0)
@settings(max_examples=20, deadline=None)
def test_slices_of_masked_rows_give_what_the_batch_gives(rows, threads, weighted, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cores, "threads", lambda: threads)
        assert_slices_give_what_the_batch_gives(slices, rows, weighted, seed)


@pytest.mark.parametrize(
    "replaced",
    [
        ("masked_weights(sample_weight, mask)", "sample_weight"),
        ("_of_what_counts(value, np.concatenate", "(lambda *all: all)(value, np.concatenate"),
        (
            "return np.concatenate(outputs), _joined(masks)",
            "return np.concatenate(outputs), masks[0]",
        ),
        ("x[rows], y[rows], weights", "x[rows], y[rows], sample_weight[: len(x[rows])]"),
    ],
    ids=["mask", "steps that count", "mask of predictions", "weights"],
)
def test_a_mask_that_is_cut_wrong_would_be_seen(replaced):
    assert_slices_give_what_the_batch_gives(slices, slices.ROWS + 1, "steps")
    with pytest.raises(AssertionError):
        assert_slices_give_what_the_batch_gives(mutant(slices, replaced), slices.ROWS + 1, "steps")
