"""Models go to Keras and come back, with the same outputs and weights, or are refused."""

import numpy as np
import pytest

from dlcourse import compare, nn
from dlcourse.compare.keras_backend import load_keras, precision

IMAGES, SEQUENCES, ROWS = (6, 6, 2), (5, 3), (4,)

# Layers by themselves, and the shape of their inputs.
LAYERS = [
    (nn.Dense(3), ROWS),
    (nn.Dense(3, use_bias=False), SEQUENCES),
    (nn.Activation("tanh"), ROWS),
    (nn.Activation("leaky_relu"), ROWS),
    (nn.LeakyReLU(0.1), ROWS),
    (nn.ELU(0.5), ROWS),
    (nn.Conv2D(3, (3, 2), strides=2, padding="same"), IMAGES),
    (nn.Conv2D(3, 2, dilation_rate=(1, 2), use_bias=False), IMAGES),
    (nn.MaxPooling2D((2, 3), strides=1), IMAGES),
    (nn.MinPooling2D(3, padding="same"), IMAGES),
    (nn.AveragePooling2D(4, strides=(1, 2), padding="same"), IMAGES),
    (nn.GlobalAveragePooling2D(), IMAGES),
    (nn.Flatten(), IMAGES),
    (nn.Reshape((-1, 9)), IMAGES),
    (nn.SimpleRNN(4, return_sequences=True), SEQUENCES),
    (nn.LSTM(4, go_backwards=True), SEQUENCES),
    (nn.GRU(4), SEQUENCES),
    (nn.GRU(4, reset_after=False, return_sequences=True), SEQUENCES),
    (nn.Bidirectional(nn.LSTM(4)), SEQUENCES),
    (nn.Bidirectional(nn.GRU(4, return_sequences=True), merge_mode="mul"), SEQUENCES),
    (nn.BatchNormalization(), ROWS),
    (nn.LayerNormalization(), SEQUENCES),
    (nn.Dropout(0.5), ROWS),
    (nn.Residual([nn.Dense(4), nn.BatchNormalization()]), ROWS),
    (nn.Residual([nn.BatchNormalization(), nn.Dense(2)], shortcut=nn.Dense(2)), ROWS),
    (nn.Branches([nn.Conv2D(1, 1), [nn.Conv2D(2, 1), nn.BatchNormalization()]]), IMAGES),
    (nn.GraphConvolution(2, [[0, 1, 0], [1, 0, 1], [0, 1, 0]]), (3, 4)),
    (nn.Sequential([nn.Dense(3), nn.Sequential([nn.Activation("relu"), nn.Dense(2)])]), ROWS),
]
# Their twin is a formula that stands for the layer, so there is no way back.
ONE_WAY = (
    *("MinPooling2D", "Residual", "Branches", "Activation('leaky_relu')", "LeakyReLU"),
    "GraphConvolution",
)
TWO_WAYS = [(layer, shape) for layer, shape in LAYERS if not repr(layer).startswith(ONE_WAY)]
every_layer = pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=repr)


def randomised(layer, shape, dtype):
    model = nn.Sequential([layer], input_shape=shape, seed=0, dtype=dtype)
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.2, 1, array.shape) for array in model.get_weights()])
    return model, rng.standard_normal((3, *shape)).astype(dtype)


def outputs_of(twin, x):
    return load_keras().ops.convert_to_numpy(twin(x))


@every_layer
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_the_twin_computes_the_same(layer, shape, dtype, tolerance):
    model, x = randomised(layer, shape, dtype)
    with precision(dtype):
        outputs = outputs_of(compare.to_keras(model), x)
    assert outputs.dtype == dtype
    np.testing.assert_allclose(model.forward(x)[0], outputs, rtol=tolerance, atol=tolerance)


@every_layer
def test_weights_come_back(layer, shape):
    model, _ = randomised(layer, shape, "float32")
    twin = compare.to_keras(model)
    rng = np.random.default_rng(1)
    twin.set_weights([rng.uniform(0.2, 1, array.shape) for array in twin.get_weights()])
    model.set_weights(twin.get_weights())
    x = rng.standard_normal((3, *shape)).astype("float32")
    np.testing.assert_allclose(model.forward(x)[0], outputs_of(twin, x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("layer", "shape"), TWO_WAYS, ids=repr)
def test_there_and_back_again(layer, shape):
    model, x = randomised(layer, shape, "float64")
    with precision("float64"):
        back = compare.from_keras(compare.to_keras(model))
    np.testing.assert_allclose(back.forward(x)[0], model.forward(x)[0], rtol=1e-12)


def test_an_activation_inside_a_keras_layer_becomes_a_layer():
    keras = load_keras()
    twin = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(3, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model = compare.from_keras(twin)
    assert repr(model.layers) == (
        "[Conv2D(3, (3, 3)), Activation('relu'), Flatten(), Dense(2), Activation('softmax')]"
    )
    x = np.random.default_rng(0).standard_normal((2, 8, 8, 1)).astype("float32")
    np.testing.assert_allclose(model.forward(x)[0], outputs_of(twin, x), rtol=1e-5, atol=1e-6)


def test_what_keras_does_not_have_is_refused():
    model = nn.Sequential([nn.Dense(1), nn.Activation("step")], input_shape=(2,))
    with pytest.raises(compare.NoTwinError, match="Keras has no step activation"):
        compare.to_keras(model)

    class Doubling(nn.Activation.__mro__[1]):
        params, state = {}, {}

        def build(self, input_shape, rng, dtype=np.float32):
            return input_shape

        def forward(self, inputs, *, training=False):
            return 2 * inputs, None

        def backward(self, grad_outputs, cache, *, input_grad=True):
            return 2 * grad_outputs, {}

    with pytest.raises(compare.NoTwinError, match="Keras has no layer Doubling"):
        compare.keras_layer(Doubling())

    class Patient(nn.Dense):
        def __init__(self, units, patience=1):
            super().__init__(units)
            self.patience = patience

    compare.keras_layer(Patient(2))
    with pytest.raises(compare.NoTwinError, match="Keras layer Patient has no argument patience=5"):
        compare.keras_layer(Patient(2, patience=5))


def test_a_schedule_of_ones_own_is_refused():
    with pytest.raises(compare.NoTwinError, match="nothing of the same name"):
        compare.keras_optimizer(nn.SGD(lambda step: 0.1))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (lambda layers: layers.Conv1D(2, 2), "dlcourse.nn has no layer Conv1D"),
        (lambda layers: layers.LSTM(2, recurrent_dropout=0.5), "no argument recurrent_dropout=0.5"),
        (lambda layers: layers.GRU(2, activation="relu"), "no argument activation='relu'"),
    ],
)
def test_what_is_not_here_is_refused(layer, message):
    keras = load_keras()
    twin = keras.Sequential([keras.Input((5, 3)), layer(keras.layers)])
    with pytest.raises(compare.NoTwinError, match=message):
        compare.from_keras(twin)


def test_an_unbuilt_keras_model_is_refused():
    keras = load_keras()
    with pytest.raises(ValueError, match="the Keras model is not built"):
        compare.from_keras(keras.Sequential([keras.layers.Dense(1)]))


def in_keras(shape, *layers):
    keras = load_keras()
    return keras.Sequential([keras.Input(shape), *layers])


def test_what_is_frozen_in_keras_comes_over_and_goes_back():
    layers = load_keras().layers
    inner = load_keras().Sequential([layers.Dense(3), layers.BatchNormalization()])
    both_ways = layers.Bidirectional(layers.GRU(2, return_sequences=True))
    twin = in_keras((5, 3), layers.Dense(4, activation="relu"), both_ways, inner, layers.Dense(2))
    twin.layers[0].trainable = False
    twin.layers[1].backward_layer.trainable = False
    twin.layers[2].trainable = False
    twin.layers[2].layers[1].trainable = True  # inside a frozen one
    model = compare.from_keras(twin)
    trained = ["2.forward.kernel", "2.forward.recurrent_kernel", "2.forward.bias", "3.1.gamma"]
    assert list(model.trainable_params) == [*trained, "3.1.beta", "4.kernel", "4.bias"]
    again = compare.to_keras(model)
    assert [w.shape for w in again.trainable_weights] == [w.shape for w in twin.trainable_weights]
    for ours, theirs in zip(again.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    twin.trainable = False
    model = compare.from_keras(twin)
    assert not model.trainable
    assert not model.trainable_params


def test_a_nested_network_stays_one():
    keras = load_keras()
    inner = keras.Sequential([keras.layers.Dense(3, activation="tanh"), keras.layers.Dropout(0.5)])
    model = compare.from_keras(in_keras((2,), inner, keras.layers.Dense(1)))
    assert repr(model.layers[0].layers) == "[Dense(3), Activation('tanh'), Dropout(0.5)]"
    assert [type(layer) for layer in model.layers] == [nn.Sequential, nn.Dense]


OWN = [
    (lambda k: k.layers.Dense(2, activation=lambda x: x * 2), "activation='<lambda>'"),
    (lambda k: k.layers.Dense(2, activation=k.activations.gelu), "activation='gelu'"),
    (lambda k: k.layers.Dense(2, activation=k.layers.LeakyReLU(0.1)), "activation=<LeakyReLU"),
    (lambda k: k.layers.Activation(lambda x: x * 2), "activation='<lambda>'"),
    (lambda k: k.layers.Activation(np.tanh), "activation='tanh'"),
    (lambda k: k.layers.LSTM(2, recurrent_activation=lambda x: x), "recurrent_activation='<lambda"),
    (lambda k: k.layers.GRU(2, zero_output_for_mask=True), "zero_output_for_mask=True"),
    (lambda k: k.layers.Dense(2, kernel_regularizer="l2"), "no argument kernel_regularizer"),
    (lambda k: k.layers.Dense(2, dtype="mixed_bfloat16"), "computes in bfloat16 with weights in f"),
    (
        lambda k: k.layers.Bidirectional(
            k.layers.GRU(2), backward_layer=k.layers.GRU(3, go_backwards=True)
        ),
        "the backward layer has units=3, the forward layer 2",
    ),
    (
        lambda k: k.layers.Bidirectional(
            k.layers.GRU(2), backward_layer=k.layers.LSTM(2, go_backwards=True)
        ),
        "the backward layer has",
    ),
    (lambda k: k.layers.Bidirectional(k.layers.LSTM(2, dropout=0.5)), "no argument dropout=0.5"),
    (lambda k: k.Sequential([k.layers.Dense(2, activation=np.tanh)]), "activation='tanh'"),
]


@pytest.mark.parametrize(("make", "message"), OWN, ids=range(len(OWN)))
def test_settings_of_ones_own_are_refused_and_never_dropped(make, message):
    keras = load_keras()
    before = keras.config.floatx()
    keras.config.set_floatx("float32")  # whatever another test has left
    try:
        twin = in_keras((5, 3), make(keras))
    finally:
        keras.config.set_floatx(before)
    with pytest.raises(compare.NoTwinError, match=message):
        compare.from_keras(twin)


MASKED = [
    nn.Bidirectional(nn.LSTM(3, return_sequences=True)),
    nn.Residual([nn.Dense(4), nn.Activation("tanh")]),
    nn.Branches([nn.Dense(2), [nn.Dense(3), nn.LayerNormalization()]]),
    nn.Sequential([nn.GRU(3, return_sequences=True), nn.Dense(2)]),
    nn.BatchNormalization(),
    nn.Residual([nn.LayerNormalization(), nn.MultiHeadAttention(2, 3)]),
    nn.Sequential([nn.PositionEmbedding(6), nn.SinePositionEncoding()]),
]


@pytest.mark.parametrize("layer", MASKED, ids=repr)
@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")  # and hands it on
def test_masks_go_through_a_twin_as_here(layer):
    layers = [nn.Embedding(6, 4, mask_zero=True), layer, nn.GRU(3)]
    model = nn.Sequential(layers, input_shape=(5,), seed=0)
    x = np.array([[1, 2, 3, 4, 5], [4, 5, 0, 0, 0], [0, 0, 2, 0, 1]])
    twin = compare.to_keras(model)
    np.testing.assert_allclose(model.forward(x)[0], outputs_of(twin, x), rtol=1e-5, atol=1e-6)
