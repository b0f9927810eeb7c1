"""TF32 and bfloat16: numbers by hand and bit for bit, and networks against Keras in bfloat16."""

import ml_dtypes
import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.nn import precision
from dlcourse.nn.precision import outputs_in, rounded, states_in


def test_bfloat16_bit_for_bit():
    """Every sign, exponent and short mantissa, with what lies around zero, a half and one."""
    upper = np.arange(2**16, dtype=np.uint32)[:, np.newaxis] << 16
    lower = np.array([0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF], np.uint32)
    values = (upper | lower).view(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        expected = values.astype(ml_dtypes.bfloat16).astype(np.float32)
    np.testing.assert_array_equal(rounded(values, "bfloat16"), expected)


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        (1 + 2**-10, 1 + 2**-10),  # the next number after one
        (1 + 2**-11, 1),  # halfway: to the even one, below
        (1 + 3 * 2**-11, 1 + 2**-9),  # halfway: to the even one, above
        (1 + 2**-11 + 2**-23, 1 + 2**-10),  # just more than halfway
        (-1 - 3 * 2**-11, -1 - 2**-9),
        (2 - 2**-23, 2),  # the carry raises the exponent
        (3.4028234e38, np.inf),  # and here leaves the range
        (2.0**-149, 0),
        (1 / 3, 1365 / 4096),
        (np.inf, np.inf),
        (np.nan, np.nan),
    ],
)
def test_tfloat32_by_hand(exact, expected):
    np.testing.assert_array_equal(rounded(exact, "tfloat32"), np.float32(expected))


@pytest.mark.parametrize("name", ["float32", "tfloat32", "bfloat16"])
def test_the_error_of_one_rounding_is_bounded(name):
    exact = np.random.default_rng(0).uniform(1, 2, 10_000)
    error = abs(rounded(exact, name) - exact) / exact
    bound = 2.0 ** -(precision.MANTISSA_BITS[name] + 1)
    assert 0.9 * bound < error.max() <= bound


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="one of float64, float32, tfloat32, bfloat16, got 'fp8'"):
        rounded(1.0, "fp8")


def test_a_layer_by_hand():
    layer = nn.Dense(1)
    model = nn.Sequential([layer], input_shape=(1,))
    model.set_weights([[[1 / 3]], [1 / 3]])
    tenth = np.array([[0.1]])
    product = np.float32(0.0999755859375 * 0.333251953125)
    assert outputs_in("tfloat32", model, tenth)[0, 0] == product + np.float32(1 / 3)
    exact = 0.10009765625 * 0.333984375 + 0.333984375
    assert outputs_in("bfloat16", model, tenth)[0, 0] == rounded(exact, "bfloat16")
    assert outputs_in("float64", model, tenth)[0, 0] == pytest.approx(0.1 / 3 + 1 / 3, rel=1e-7)
    assert layer.params["kernel"][0, 0] == np.float32(1 / 3)  # nothing was changed


def convolutional():
    layers = [nn.Conv2D(6, 3), nn.Activation("relu"), nn.MaxPooling2D(), nn.Flatten()]
    layers += [nn.Dense(10), nn.Activation("softmax")]
    return nn.Sequential(layers, input_shape=(8, 8, 1), seed=0, dtype=np.float64)


def recurrent(layer, **options):
    layers = [layer(8, return_sequences=True, **options), layer(8), nn.Dense(3)]
    return nn.Sequential(layers, input_shape=(20, 4), seed=0, dtype=np.float64)


def lecun_1989():
    return nn.lecun_1989(seed=0, dtype=np.float64)


def simple_recurrent():
    return recurrent(nn.SimpleRNN, activation="relu")


def backwards():
    return recurrent(nn.LSTM, go_backwards=True)


MODELS = [convolutional, lecun_1989, simple_recurrent, backwards]


def root_mean_square_error(found, expected):
    return np.sqrt(np.mean((np.asarray(found, np.float64) - expected) ** 2))


@pytest.mark.parametrize("build", MODELS)
def test_each_precision_has_the_error_of_its_size(build):
    model = build()
    x = np.random.default_rng(1).normal(size=(32, *model.input_shape))
    expected = model.predict(x)
    np.testing.assert_allclose(outputs_in("float64", model, x), expected, rtol=1e-12, atol=1e-12)
    names = ("float32", "tfloat32", "bfloat16")
    single, tensor, brain = (
        root_mean_square_error(outputs_in(name, model, x), expected) for name in names
    )
    assert 0 < single < 1e-6
    assert 100 * single < tensor < 1e-3
    assert 4 * tensor < brain < 2e-2


@pytest.mark.parametrize("build", [convolutional, simple_recurrent, lambda: recurrent(nn.LSTM)])
def test_keras_in_bfloat16_errs_as_much(build):
    model = build()
    x = np.random.default_rng(1).normal(size=(256, *model.input_shape)).astype(np.float32)
    twin = compare.to_keras(model, policy="mixed_bfloat16")
    expected = model.predict(x)
    ops = compare.keras.ops
    found = ops.convert_to_numpy(ops.cast(twin(x), "float32"))
    real = root_mean_square_error(found, expected)
    emulated = root_mean_square_error(outputs_in("bfloat16", model, x), expected)
    # A processor without units for bfloat16 rounds inside a recurrent step too: both products,
    # their sum, the bias. There a network without gates errs three times as much (seen on one).
    least = 0.2 if build is simple_recurrent else 0.5
    assert least < emulated / real < 2
    assert root_mean_square_error(outputs_in("tfloat32", model, x), expected) < real / 2


def test_a_layer_that_is_not_understood_is_refused():
    layers = [nn.Dense(2), nn.BatchNormalization()]
    model = nn.Sequential(layers, input_shape=(3,))
    with pytest.raises(TypeError, match="which numbers BatchNormalization"):
        outputs_in("tfloat32", model, np.ones((1, 3)))


def test_a_sum_stalls_where_it_is_kept_in_bfloat16():
    """A cell that keeps all and adds 0.001 a thousand times should hold 1."""
    layer = nn.LSTM(1)
    layer.build((None, 1), np.random.default_rng(0))
    layer.params["kernel"][:] = layer.params["recurrent_kernel"][:] = 0
    layer.params["bias"][:] = [20, 20, np.arctanh(0.001), 0]  # i = f = 1, g = 0.001
    nothing = np.zeros((1, 1000, 1))
    hidden, cell = states_in("tfloat32", layer, nothing)
    assert hidden.shape == cell.shape == (1, 1000, 1)
    assert cell[0, -1, 0] == pytest.approx(1, abs=1e-3)
    assert states_in("bfloat16", layer, nothing)[1][0, -1, 0] == 0.5


def test_states_are_those_of_the_layer():
    layer = backwards().layers[0]
    x = np.random.default_rng(1).normal(size=(2, 20, 4))
    _, cache = layer.forward(x)
    hidden, cell = states_in("float64", layer, x)
    np.testing.assert_allclose(hidden, cache.hidden[1:].swapaxes(0, 1), atol=1e-14)
    np.testing.assert_allclose(cell, cache.cell[1:].swapaxes(0, 1), atol=1e-14)
    assert layer.go_backwards
