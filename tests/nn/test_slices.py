"""A batch in slices gives what it gives as a whole, on any number of threads."""

import threading
import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlcourse import nn
from dlcourse.nn import cores, slices
from tests.nn.mutants import mutant

ROWS = cores.ROWS
LOSSES = {
    "mse": nn.MeanSquaredError(),
    "half": nn.HalfSquaredError(),
    "binary": nn.BinaryCrossentropy(from_logits=True),
    "categories": nn.CategoricalCrossentropy(from_logits=True),
    "indices": nn.SparseCategoricalCrossentropy(from_logits=True),
}


def network(*more, dtype=np.float64):
    layers = [nn.Dense(6), nn.Activation("tanh"), *more, nn.Dense(3)]
    return nn.Sequential(layers, input_shape=(4,), seed=0, dtype=dtype)


def batch(rows, loss="indices"):
    rng = np.random.default_rng(rows)
    x, y = rng.standard_normal((rows, 4)), rng.integers(0, 3, rows)
    return x, y if loss == "indices" else np.eye(3)[y]


def whole(model, loss, x, y, weights=None):
    """The three lines, with the batch as it is."""
    outputs, cache = model.forward(x, training=True)
    given = () if weights is None else (weights,)  # a loss of one's own may take none
    value, grad_outputs = loss.value_and_grad(y, outputs, *given)
    return value, outputs, model.backward(grad_outputs, cache, input_grad=False)[1]


def assert_same(results, expected, rtol=1e-11):
    value, outputs, grads, *_ = results
    expected_value, expected_outputs, expected_grads = expected
    assert value == pytest.approx(expected_value, rel=rtol)
    np.testing.assert_allclose(outputs, expected_outputs, rtol=rtol, atol=1e-15)
    assert list(grads) == list(expected_grads)
    for name, grad in grads.items():
        assert grad.dtype == expected_grads[name].dtype
        np.testing.assert_allclose(grad, expected_grads[name], rtol=rtol, atol=1e-14, err_msg=name)


def sizes_seen(model, monkeypatch):
    """Note how many rows come to the first layer."""
    seen = []
    forward = model.layers[0].forward

    def noted(inputs, *, training=False):
        seen.append(len(inputs))
        return forward(inputs, training=training)

    monkeypatch.setattr(model.layers[0], "forward", noted)
    return seen


# From one slice to six, and often just before a border or after it.
at_a_border = st.builds(
    lambda count, more: count * ROWS + more, st.integers(1, 5), st.integers(-2, 2)
)
sizes = st.one_of(st.integers(1, 5 * ROWS), at_a_border)


@given(
    rows=sizes,
    loss=st.sampled_from(list(LOSSES)),
    threads=st.integers(1, 3),
    weighted=st.booleans(),
)
@example(rows=ROWS, loss="indices", threads=2, weighted=True)
@example(rows=ROWS + 1, loss="indices", threads=2, weighted=True)
@settings(max_examples=60, deadline=None)
def test_slices_give_what_the_batch_gives(rows, loss, threads, weighted):
    model, (x, y) = network(), batch(rows, loss)
    weights = np.linspace(0, 3, rows) if weighted else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cores, "threads", lambda: threads)
        assert_same(
            slices.gradients(model, LOSSES[loss], x, y, weights),
            whole(model, LOSSES[loss], x, y, weights),
        )
        outputs = model.predict(x, batch_size=rows)
    np.testing.assert_allclose(outputs, model.forward(x)[0], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    "replaced",
    [
        ("(rows.stop - rows.start) / len(x)", "1 / len(slices(len(x)))"),  # uneven slices
        ("grads[name] + grad if name in grads else grad", "grad"),
        ("grad_outputs * share", "grad_outputs"),
        ("x[rows], y[rows], weights", "x[rows], y[rows], sample_weight[: len(x[rows])]"),
    ],
    ids=["shares", "sum", "gradient", "weights"],
)
def test_a_sum_that_is_wrong_would_be_seen(replaced):
    model, (x, y), weights = network(), batch(ROWS + 1), np.arange(ROWS + 1.0)
    broken = mutant(slices, replaced)
    with pytest.raises(AssertionError):
        assert_same(
            broken.gradients(model, LOSSES["indices"], x, y, weights),
            whole(model, LOSSES["indices"], x, y, weights),
        )


@given(length=st.integers(1, 20 * ROWS))
def test_the_cuts_take_every_row_once(length):
    parts = slices.slices(length)
    rows = [row for part in parts for row in range(part.start, part.stop)]
    assert rows == list(range(length))
    lengths = [part.stop - part.start for part in parts]
    assert max(lengths) <= ROWS
    assert max(lengths) - min(lengths) <= 1


def trained(threads, monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: threads)
    model, (x, y) = network(dtype=np.float32), batch(9 * ROWS + 5)
    history = model.fit(
        x, y, loss=LOSSES["indices"], optimizer="adam", epochs=2, batch_size=4 * ROWS + 1,
        metrics=["accuracy"], validation_data=(x, y), verbose=False,
    )  # fmt: skip
    return model.get_weights(), history.history, model.predict(x, batch_size=len(x))


def test_the_number_of_threads_changes_no_bit(monkeypatch):
    weights, history, outputs = trained(1, monkeypatch)
    for threads in (2, 3, 8):
        other_weights, other_history, other_outputs = trained(threads, monkeypatch)
        assert other_history == history
        np.testing.assert_array_equal(other_outputs, outputs)
        for array, other in zip(weights, other_weights, strict=True):
            np.testing.assert_array_equal(array, other)


def test_a_batch_of_one_slice_stays_as_it_is(monkeypatch):
    model, (x, y) = network(), batch(ROWS)
    seen = sizes_seen(model, monkeypatch)
    monkeypatch.setattr(slices, "is_sliceable", None)  # is not even asked
    model.train_on_batch(x, y, loss=LOSSES["indices"], optimizer=nn.SGD())
    model.predict(x, batch_size=ROWS)
    assert seen == [ROWS, ROWS]


class CentredOverTheBatch(nn.Dense):
    """A layer of one's own: it inherits from one that may be cut, and may not be cut."""

    def forward(self, inputs, *, training=False):
        return super().forward(inputs - inputs.mean(axis=0), training=training)


class SumOfSquares(nn.MeanSquaredError):
    def value_and_grad(self, y_true, y_pred):
        value, grad = super().value_and_grad(y_true, y_pred)
        return value * y_pred.size, grad * y_pred.size


class Scaled(nn.Dense):
    sliceable = "always"

    def forward(self, inputs, *, training=False):
        return super().forward(2 * inputs, training=training)


class RenamedDense(nn.Dense):
    """Nothing but the name is its own."""


@pytest.mark.parametrize(
    ("layer", "training", "predicting"),
    [
        (nn.Dense(6), 3, 3),
        (nn.Dropout(0.5), 1, 3),
        (nn.BatchNormalization(), 1, 3),
        (nn.Residual([nn.Dense(6), nn.BatchNormalization()]), 1, 3),
        (nn.Branches([nn.Dense(6), [nn.Dense(6), nn.Dropout(0.5)]]), 1, 3),
        (nn.LayerNormalization(), 3, 3),
        (nn.Residual([nn.Dense(6)]), 3, 3),
        (CentredOverTheBatch(6), 1, 1),
        (nn.Sequential([nn.Sequential([CentredOverTheBatch(6)])]), 1, 1),
        (Scaled(6), 3, 3),
        (RenamedDense(6), 3, 3),
    ],
    ids=repr,
)
def test_where_rows_meet_the_batch_stays_whole(layer, training, predicting, monkeypatch):
    model, (x, y) = network(layer), batch(3 * ROWS)
    seen = sizes_seen(model, monkeypatch)
    model.train_on_batch(x, y, loss=LOSSES["indices"], optimizer=nn.SGD())
    assert len(seen) == training
    seen.clear()
    model.predict(x, batch_size=len(x))
    model.evaluate(x, y, loss=LOSSES["indices"], batch_size=len(x))
    assert len(seen) == 2 * predicting


def test_a_loss_of_ones_own_gets_the_batch_whole(monkeypatch):
    model, (x, y) = network(), batch(3 * ROWS, "mse")
    seen = sizes_seen(model, monkeypatch)
    expected = whole(model, SumOfSquares(), x, y)[0]
    seen.clear()
    value = model.train_on_batch(x, y, loss=SumOfSquares(), optimizer=nn.SGD(1e-6))
    assert seen == [len(x)]
    assert value == expected


def test_a_model_of_ones_own_gets_the_batch_whole():
    class Doubled(nn.Sequential):
        def forward(self, inputs, *, training=False):
            outputs, cache = super().forward(inputs, training=training)
            return 2 * outputs, cache

    model = Doubled([nn.Dense(3)], input_shape=(4,), seed=0)
    assert not slices.is_sliceable(model, training=False)


def test_every_layer_says_how_it_may_be_cut():
    in_training = {nn.Dropout: "predicting"}
    layers = [each for each in vars(nn.layers).values() if isinstance(each, type)]
    assert len(layers) > 20
    assert nn.BatchNormalization().sliceable == "predicting"  # as long as it is not frozen
    for layer in set(layers) - {nn.BatchNormalization}:
        assert layer.sliceable == in_training.get(layer, "always"), layer


def test_threads_end_with_the_batch(monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: 3)
    before = threading.active_count()
    model, (x, y) = network(), batch(6 * ROWS)
    model.train_on_batch(x, y, loss=LOSSES["indices"], optimizer=nn.SGD())
    assert threading.active_count() == before


@pytest.mark.parametrize("threads", [1, 2])
def test_errors_warnings_and_settings_of_the_caller_are_those_of_the_threads(threads, monkeypatch):
    monkeypatch.setattr(cores, "threads", lambda: threads)
    model, (x, y) = network(), batch(3 * ROWS)
    with pytest.raises(ValueError, match="class indices from 0 to 2"):
        model.train_on_batch(x, y + 1, loss=LOSSES["indices"], optimizer=nn.SGD())
    large = nn.Sequential([nn.Activation("elu")], input_shape=(4,), dtype=np.float32)
    silent = nn.Sequential([nn.ELU(alpha=1e38)], input_shape=(4,), dtype=np.float32)
    assert np.isfinite(large.predict(x, batch_size=len(x))).all()
    x = np.full_like(x, -1e3, np.float32)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        silent.layers[0]._forward = lambda inputs: np.exp(-inputs)
        assert np.isinf(silent.predict(x, batch_size=len(x))).all()
    with pytest.warns(RuntimeWarning, match="overflow"):
        silent.predict(x, batch_size=len(x))


def test_a_loss_that_is_not_finite_is_refused_as_ever():
    model, (x, y) = network(), batch(3 * ROWS, "mse")
    y[-1] = np.nan
    with pytest.raises(ValueError, match="y must be finite"):
        model.train_on_batch(x, y, loss="mse", optimizer=nn.SGD())
