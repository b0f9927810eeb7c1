"""Freezing: what is frozen stays, the rest learns as in Keras; from layer to file and back."""

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.nn.contract import parts_of

LOGITS = nn.SparseCategoricalCrossentropy(from_logits=True)
rng = np.random.default_rng(0)
X, Y = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)


def network(dtype=np.float64):
    """All containers, with a batch normalization in each that has room for one."""
    layers = [
        nn.Dense(5),
        nn.BatchNormalization(),
        nn.Residual([nn.Dense(5), nn.Activation("tanh")], nn.Dense(5)),
        nn.Branches([nn.Dense(2), [nn.Dense(4), nn.BatchNormalization()]]),
        nn.Reshape((3, 2)),
        nn.Bidirectional(nn.GRU(2)),
        nn.Sequential([nn.Dense(4), nn.Activation("relu")]),
        nn.Dense(3),
    ]
    return nn.Sequential(layers, input_shape=(4,), seed=0, dtype=dtype)


def freeze(model, *names):
    parts = dict(parts_of(model))
    for name in names:
        parts[name].trainable = False
    return model


CASES = [
    (),
    ("0",),
    ("1",),
    ("2.0", "2.shortcut"),
    ("2.shortcut",),
    ("3.0",),
    ("3.1.1",),
    ("5.backward",),
    ("6",),
    ("7",),
    ("0", "1", "2", "3", "5"),  # all but the head: fine-tuning
    ("1", "3.1.1", "6.0"),
]


def frozen_names(model, names):
    return [n for n in model.params if any(n == name or n.startswith(f"{name}.") for name in names)]


@pytest.mark.parametrize("names", CASES, ids=str)
def test_the_rest_learns_as_in_keras(names):
    """Compared are outputs, loss, gradients, every weight and average after each of five steps."""
    model = freeze(network(), *names)
    optimizer = nn.SGD(0.05, momentum=0.9, weight_decay=0.01)
    table = compare.agreement(model, X, Y, loss=LOGITS, optimizer=optimizer)
    gradients = {d.quantity for d in table.differences if d.quantity.startswith("gradient of")}
    expected = set(model.params) - set(frozen_names(model, names))
    assert gradients == {f"gradient of {name}" for name in (*expected, "inputs")}


@pytest.mark.parametrize("names", CASES, ids=str)
def test_what_is_frozen_stays_bit_for_bit(names):
    model = freeze(network(np.float32), *names)
    before = {name: array.copy() for name, array in (model.params | model.state).items()}
    optimizer = nn.AdamW(0.01)
    model.fit(X, Y, loss=LOGITS, optimizer=optimizer, epochs=3, batch_size=4, verbose=False)
    frozen = frozen_names(model, names)
    for name, array in model.params.items():
        assert np.array_equal(array, before[name]) == (name in frozen), name
    assert list(optimizer.slots) == [name for name in model.params if name not in frozen]
    for name, array in model.state.items():
        layer = dict(parts_of(model))[name.rpartition(".")[0]]
        assert np.array_equal(array, before[name]) == (not layer.trainable), name


def test_freezing_goes_inwards_and_an_inner_layer_may_be_freed_as_in_keras():
    model = network()
    model.layers[2].trainable = False
    assert not model.layers[2].shortcut.trainable
    model.layers[2].shortcut.trainable = True
    assert not model.layers[2].trainable
    names = [name for name in model.trainable_params if name.startswith("2.")]
    assert names == ["2.shortcut.kernel", "2.shortcut.bias"]
    twin = compare.to_keras(model)
    assert len(twin.trainable_weights) == len(model.trainable_params)
    compare.agreement(model, X, Y, loss=LOGITS, optimizer=nn.SGD(0.1))
    model.trainable = False
    assert not model.trainable_params
    model.trainable = True
    assert model.trainable_params is model.params


def test_a_frozen_batch_normalization_takes_its_averages_also_in_training():
    layer = nn.BatchNormalization()
    layer.build((2,), np.random.default_rng(0), np.float64)
    layer.state["moving_mean"][...] = 3
    inputs = rng.standard_normal((5, 2))
    expected, _ = layer.forward(inputs)
    layer.trainable = False
    outputs, _ = layer.forward(inputs, training=True)
    np.testing.assert_array_equal(outputs, expected)
    np.testing.assert_array_equal(layer.state["moving_mean"], 3)
    assert layer.sliceable == "always"
    layer.trainable = True
    assert layer.sliceable == "predicting"


def test_weights_keep_their_order():
    model = network()
    before = model.get_weights()
    freeze(model, "0", "3.1.1", "5.forward")
    for array, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)
    for array, old in zip(compare.to_keras(model).get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_nothing_is_asked_of_the_layers_before_the_first_that_learns(monkeypatch):
    model = freeze(network(), "0", "1", "2", "3")
    for layer in model.layers[:4]:
        monkeypatch.setattr(layer, "backward", None)
    _, cache = model.forward(X, training=True)
    _, grads = model.backward(np.ones((8, 3)), cache, input_grad=False)
    assert list(grads) == list(model.trainable_params)


def test_a_network_that_is_frozen_as_a_whole_is_warned_of_and_stays():
    model = network()
    model.trainable = False
    before = model.get_weights()
    with pytest.warns(UserWarning, match="nothing to train: all layers are frozen"):
        model.train_on_batch(X, Y, loss=LOGITS, optimizer=nn.SGD())
    for array, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_another_choice_of_layers_wants_another_optimizer():
    """As in Keras, whose optimizer does not know the new variables."""
    model, optimizer = freeze(network(), "0"), nn.Adam()
    model.train_on_batch(X, Y, loss=LOGITS, optimizer=optimizer)
    model.layers[0].trainable = True
    with pytest.raises(ValueError, match="make a new one for"):
        model.train_on_batch(X, Y, loss=LOGITS, optimizer=optimizer)


def test_a_file_remembers_what_is_frozen(tmp_path):
    model = freeze(network(np.float32), "0", "2.shortcut", "3.1.1", "5.backward", "6")
    model.layers[6].layers[0].trainable = True
    model.save(tmp_path / "model.npz")
    again = nn.load_model(tmp_path / "model.npz")
    assert [part.trainable for _, part in parts_of(again)] == [
        part.trainable for _, part in parts_of(model)
    ]
    assert list(again.trainable_params) == list(model.trainable_params)
    other = network(np.float32)
    other.load(tmp_path / "model.npz")  # the arrays; what is frozen is the model's own affair
    assert other.trainable_params is other.params


def test_the_summary_counts_them_apart():
    model = freeze(network(), "0", "3.1.1")
    summary = model.summary()
    sizes = {name: array.size for name, array in model.params.items()}
    frozen = sum(sizes[name] for name in frozen_names(model, ("0", "3.1.1")))
    assert (summary.trainable, summary.frozen) == (sum(sizes.values()) - frozen, frozen)
    assert f"{frozen} frozen, {summary.other} others" in repr(summary)
    assert repr(summary).splitlines()[1].startswith("Dense(5), frozen ")
    assert "frozen" not in repr(network().summary())


def test_a_layer_that_learns_although_frozen_is_caught():
    class Stubborn(nn.Dense):
        def _unfrozen(self):
            return self.params

    model = nn.Sequential([Stubborn(3), nn.Dense(3)], input_shape=(4,), seed=0, dtype=np.float64)
    model.layers[0].trainable = False
    with pytest.raises((compare.Disagreement, KeyError, AssertionError)):
        compare.agreement(model, X, Y, loss=LOGITS, optimizer=nn.SGD(0.1))
