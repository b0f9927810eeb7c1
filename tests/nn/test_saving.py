"""Saving: what is read is what was written; a file that does not fit is refused with the place."""

import contextlib
import gzip
import json
import pickle
import warnings
import zipfile

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras


def model(units=3, dtype=np.float32, activation="tanh", seed=0, **options):
    layers = [nn.Dense(units, **options), nn.Sequential([nn.Activation(activation), nn.Dense(2)])]
    return nn.Sequential(layers, input_shape=(4,), seed=seed, dtype=dtype)


X = np.linspace(-1, 1, 20).reshape(5, 4)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_model_comes_back_bit_for_bit(path, dtype):
    written = model(dtype=dtype)
    written.save(path)
    again = nn.load_model(path)
    assert repr(again) == repr(written)
    np.testing.assert_array_equal(again.predict(X), written.predict(X))
    other = model(dtype=dtype, seed=1)
    other.load(path)
    np.testing.assert_array_equal(other.predict(X), written.predict(X))


ADJACENCY = nn.normalised_adjacency([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
EVERY_LAYER = {
    "images": (
        [
            *(nn.Conv2D(2, (3, 2), padding="same"), nn.BatchNormalization(), nn.MaxPooling2D(2)),
            nn.Residual([nn.Conv2D(3, 1), nn.BatchNormalization()], nn.Conv2D(3, 1)),
            nn.Branches([nn.Conv2D(2, 1), [nn.Conv2D(1, 1), nn.Activation("relu")]]),
            *(nn.AveragePooling2D((2, 1)), nn.MinPooling2D(1), nn.GlobalAveragePooling2D()),
        ],
        (6, 6, 1),
    ),
    "sequences": (
        [
            *(nn.Embedding(9, 4), nn.Masking(), nn.LayerNormalization()),
            *(nn.PositionEmbedding(6), nn.SinePositionEncoding(), nn.MultiHeadAttention(2, 3)),
            nn.GRU(3, return_sequences=True),
            *(nn.Bidirectional(nn.LSTM(2, return_sequences=True)), nn.SimpleRNN(3)),
        ],
        (5,),
    ),
    "the rest": (
        [
            *(nn.Reshape((3, 2)), nn.GraphConvolution(2, ADJACENCY), nn.Flatten()),
            *(nn.Dropout(0.5), nn.RBF(4, beta=0.7), nn.ELU(0.3), nn.LeakyReLU(), nn.Dense(2)),
        ],
        (6,),
    ),
}


@pytest.mark.parametrize("case", EVERY_LAYER)
def test_every_layer_comes_back(path, case):
    layers, input_shape = EVERY_LAYER[case]
    written = nn.Sequential(layers, input_shape=input_shape, seed=0)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 9, (4, *input_shape))
    y = written.predict(x)
    written.fit(x, y + 1, loss="mse", verbose=False)  # so that moving averages have moved
    written.save(path)
    again = nn.load_model(path)
    assert repr(again) == repr(written)
    np.testing.assert_array_equal(again.predict(x), written.predict(x))
    for array, other in zip(again.get_weights(), written.get_weights(), strict=True):
        np.testing.assert_array_equal(array, other)


def test_the_file_is_arrays_and_json_and_no_pickle(path):
    model().save(path)
    with np.load(path, allow_pickle=False) as archive:
        assert archive["params/0.kernel"].shape == (4, 3)
    description = json.loads(zipfile.ZipFile(path).read("model.json"))
    assert description["model"]["class"] == "Sequential"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (lambda: model(units=5), r"model.layers\[0\].units is 3 in the file and 5 here"),
        (lambda: model(activation="relu"), r"layers\[1\].layers\[0\].activation is 'tanh' in"),
        (lambda: model(dtype=np.float64), "model.dtype is 'float32' in the file and 'float64'"),
        (lambda: model(use_bias=False), r"layers\[0\].use_bias is True in the file and False"),
        (
            lambda: nn.Sequential([nn.Dense(3)], input_shape=(4,)),
            "model.layers has 2 entries in the file and 1 here",
        ),
        (
            lambda: nn.Sequential([nn.Dense(3), nn.Dense(2)], input_shape=(4,)),
            r"model.layers\[1\] is Sequential in the file and Dense here",
        ),
        (
            lambda: nn.Sequential(model().layers, input_shape=(7,)),
            r"input_shape\[0\] is 4 in the file and 7 here",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_place(path, other, message):
    model().save(path)
    other = other()
    before = other.get_weights()
    with pytest.raises(ValueError, match=message):
        other.load(path)
    for array, old in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, old)


def rewrite(path, **changes):
    """Write a saved file again with some of its arrays changed, or left out if None."""
    description = zipfile.ZipFile(path).read("model.json")
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files if name != "model.json"}
    arrays = {name: array for name, array in (arrays | changes).items() if array is not None}
    np.savez(path, **arrays)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("model.json", description)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"params/0.bias": None}, "only this model has the array params/0.bias"),
        ({"params/9.bias": np.zeros(3)}, "only the file has the array params/9.bias"),
        ({"params/0.bias": np.zeros(4, "f4")}, r"params/0.bias is float32 \(4,\) in the file and"),
        ({"params/0.bias": np.zeros(3)}, r"params/0.bias is float64 \(3,\) in the file and float3"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(path, changes, message):
    model().save(path)
    rewrite(path, **changes)
    with pytest.raises(ValueError, match=message):
        model().load(path)
    with pytest.raises(ValueError, match=message):
        nn.load_model(path)


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_other_files_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is not a saved model"):
        nn.load_model(path)


def test_other_archives_are_refused(path):
    np.savez(path, weights=np.zeros(3))
    with pytest.raises(ValueError, match="is not a saved model"):
        model().load(path)
    np.savez(path, **{"model.json": np.array([{"a": object()}])})
    with pytest.raises(ValueError, match="is not a saved model"):
        model().load(path)
    with pytest.raises(FileNotFoundError):
        model().load(path.with_name("missing.npz"))


def test_an_unknown_layer_is_refused(path):
    model().save(path)
    text = zipfile.ZipFile(path).read("model.json").decode()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.json", text.replace('"Dense"', '"os.system"'))
    with pytest.raises(ValueError, match=r"a layer 'os.system', which is not in dlcourse.nn"):
        nn.load_model(path)


def test_what_cannot_be_written_is_named_and_leaves_the_old_file(path):
    model().save(path)
    before = path.read_bytes()
    broken = model()
    broken.layers[0].kernel_initializer = print
    with pytest.raises(TypeError, match=r"cannot save model.layers\[0\].kernel_initializer, which"):
        broken.save(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def keras_file(path, name):
    keras = load_keras()
    twin = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    file = path.with_name(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the old format
        (twin.save_weights if "weights" in name else twin.save)(file)
    return file


def torch_zip(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps({}))
        archive.writestr("model/data/0", b"")


def safetensors(file):
    header = b'{"kernel":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    file.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))


FOREIGN = {
    "old.h5": (None, "a file of HDF5.*keras.models.load_model"),
    "model.weights.h5": (None, "a file of HDF5"),
    "model.keras": (None, "a model of Keras. Load it with keras.models.load_model"),
    "model.pt": (torch_zip, "a model of PyTorch.*set_weights"),
    "old.pth": (lambda file: file.write_bytes(pickle.dumps([1])), "nothing here reads pickles"),
    "model.pkl": (lambda file: file.write_bytes(pickle.dumps({})), "nothing here reads pickles"),
    "array.npy": (lambda file: np.save(file, np.ones(2)), "a single array, which np.load reads"),
    "objects.npy": (lambda file: np.save(file, np.array([{}])), "a single array"),
    "arrays.npz": (lambda file: np.savez(file, a=np.ones(2)), "an archive of a.npy"),
    "model.safetensors": (safetensors, "safetensors"),
    "model.json": (lambda file: file.write_text("{}"), "JSON"),
    "model.npz.gz": (lambda file: file.write_bytes(gzip.compress(b"a")), "unpack it first"),
    "empty": (lambda file: file.touch(), "it is empty"),
    "text": (lambda file: file.write_text("layers"), "something else"),
    "folder": (lambda file: file.mkdir(), "it is a folder"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_files_of_others_are_named(path, name):
    make, message = FOREIGN[name]
    file = path.with_name(name)
    if make:
        make(file)
    else:
        file = keras_file(path, name)
    for read in (nn.load_model, model().load):
        with pytest.raises(ValueError, match=rf"is not a saved model: .*{message}") as caught:
            read(file)
        assert "allow_pickle" not in str(caught.value)


def test_a_damaged_file_is_refused(path):
    model().save(path)
    content = bytearray(path.read_bytes())
    for place in range(100, len(content) - 100, 97):
        damaged = content.copy()
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        with contextlib.suppress(ValueError):
            nn.load_model(path)


def test_numpy_reads_the_file_of_a_large_model(path):
    """Names in the archive and the format of arrays are those of `np.savez`."""
    written = nn.Sequential([nn.Dense(300, use_bias=False)], input_shape=(500,), seed=0)
    written.save(path)
    with np.load(path) as archive:
        np.testing.assert_array_equal(archive["params/0.kernel"], written.params["0.kernel"])
