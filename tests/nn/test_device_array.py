"""The stand-in refuses what CuPy refuses, and has what CuPy has; else its tests prove nothing.

Where there is a GPU, all this is asked of CuPy itself, too.
"""

import copy
import math
import pickle

import numpy as np
import pytest

from tests.nn import cupy_interface
from tests.nn.device_array import INTERFACE, TOLERANCE, movers

HOST = np.arange(6.0).reshape(2, 3)


@pytest.fixture(params=TOLERANCE)
def move(request):
    if request.param not in movers():
        pytest.skip("CuPy or a GPU is not here")
    return movers()[request.param]


@pytest.fixture
def array(move):
    return move(HOST)


def test_it_is_no_numpy_array(array):
    assert not isinstance(array, np.ndarray)


def refused(*examples):
    return pytest.mark.parametrize("call", examples, ids=range(len(examples)))


@refused(
    np.asarray,
    np.array,
    lambda a: np.asarray(a, np.float32),
    lambda a: np.zeros((2, 3)).__setitem__(..., a),
    lambda a: np.frombuffer(a),
)
def test_no_way_to_the_host_but_get(array, call):
    with pytest.raises(TypeError):
        call(array)
    np.testing.assert_array_equal(array.get(), HOST)


@refused(
    lambda a: a + HOST,
    lambda a: HOST + a,
    lambda a: HOST @ a.T,
    lambda a: a == HOST,
    lambda a: a + np.array(1.0),
    lambda a: np.add(a, a, out=HOST.copy()),
    lambda a: np.add(HOST, HOST, out=a),
    lambda a: a.__iadd__(HOST),
    lambda a: HOST.copy().__iadd__(a),
    lambda a: np.concatenate([a, HOST]),
    lambda a: np.where(a > 0, HOST, a),
    lambda a: np.vdot(a, HOST),
    lambda a: a.dot(HOST.T),
    lambda a: a.__setitem__(0, HOST[0]),
    lambda a: a.__setitem__(0, [1, 2, 3]),
    lambda a: np.add(a, [1, 2, 3]),
)
def test_nothing_is_mixed_with_arrays_of_the_host(array, call):
    with pytest.raises((TypeError, ValueError)):
        call(array)


@refused(
    lambda a: np.insert(a, 0, 1.0),
    lambda a: np.geomspace(a[0], a[1]),
    lambda a: np.vecdot(a, a),
    lambda a: np.max(a, initial=0.0),
    lambda a: np.sum(a, where=True),
    lambda a: a.max(initial=0.0),
    lambda a: a.astype(np.float32, casting="unsafe"),
    lambda a: a.sum(0, None, None, False, 1.0),
    lambda a: np.zeros_like(a, subok=False),
    lambda a: np.lib.stride_tricks.sliding_window_view(a, 2, axis=0, writeable=True),
    lambda a: np.add(a, a, where=True),
    lambda a: np.add(a, a, order="C"),
    np.maximum.reduce,
    lambda a: np.divide.at(a, 0, 2.0),
    np.exp.accumulate,
)
def test_what_cupy_lacks_is_refused(array, call):
    with pytest.raises((TypeError, ValueError, NotImplementedError)):
        call(array)


@pytest.mark.parametrize("name", ["tostring", "itemset", "newbyteorder", "ctypes", "getfield"])
def test_attributes_that_cupy_lacks_are_not_there(array, name):
    assert not hasattr(array, name)


@pytest.mark.parametrize("name", ["writeable", "aligned", "contiguous"])
def test_flags_that_cupy_lacks_are_not_there(array, name):
    assert not hasattr(array.flags, name)


def test_what_cupy_has_is_there(array, move):
    """Every kind of call, with what NumPy gives for it."""
    index = np.array([1, 0])
    for found, expected in [
        (np.tanh(array) * 2 - 1, np.tanh(HOST) * 2 - 1),
        (array.sum(axis=0, keepdims=True), HOST.sum(axis=0, keepdims=True)),
        (np.einsum("ij,kj", array, array), HOST @ HOST.T),
        (np.linalg.norm(array), np.linalg.norm(HOST)),
        (np.add.reduce(array), HOST.sum(axis=0)),
        (array[index], HOST[index]),
        (array[move(index), 1:], HOST[index, 1:]),
        (array[array > 2], HOST[HOST > 2]),
        (np.asarray([1.0, 2.0], like=array), np.array([1.0, 2.0])),
        (np.empty((2, 0), like=array), np.empty((2, 0))),
        (np.array_equal(array, array), np.array(True)),
        (copy.deepcopy(array), HOST),
        (pickle.loads(pickle.dumps(array)), HOST),
    ]:
        assert type(found) is type(array)
        assert found.dtype == np.asarray(expected).dtype
        np.testing.assert_allclose(found.get(), expected, rtol=1e-14)
    assert (array.shape, array.dtype, len(array)) == ((2, 3), np.float64, 2)
    assert (float(array[0, 1]), int(array[0, 1]), bool(array[0, 1])) == (1.0, 1, True)
    assert math.isfinite(array[0, 0])
    assert f"{array.max():g}" == "5"
    assert array[0].tolist() == [0.0, 1.0, 2.0]


def test_views_are_views(array):
    """As in CuPy, one entry is a view too."""
    array[1, 2][...] = 7
    first, *_ = array.T
    first += 1
    array.reshape(-1)[1] = -1
    np.testing.assert_array_equal(array.get(), [[1, -1, 2], [4, 4, 7]])
    np.testing.assert_array_equal(HOST, np.arange(6.0).reshape(2, 3))


def test_what_comes_from_the_host_is_a_copy(array, move):
    host = HOST.copy()
    for there in (move(host), np.asarray(host, like=array)):
        there += 1
        np.testing.assert_array_equal(host, HOST)


def test_the_interface_is_that_of_cupy(monkeypatch, tmp_path):
    """Where CuPy is installed, whether or not it finds a GPU."""
    cupy = pytest.importorskip("cupy")
    if cupy.__version__ != INTERFACE["cupy"]:
        pytest.skip(f"CuPy {cupy.__version__} is here, the file is of {INTERFACE['cupy']}")
    expected = cupy_interface.PATH.read_bytes()
    monkeypatch.setattr(cupy_interface, "PATH", tmp_path / "now.json")
    cupy_interface.main()
    assert (tmp_path / "now.json").read_bytes() == expected
