"""The data sets: shapes, types, units, and that nobody's generator is touched."""

import numpy as np
import pytest

from dlcourse import datasets


def test_iris_is_what_fisher_published():
    data = datasets.iris()
    assert (data.x.shape, data.x.dtype, data.y.dtype) == ((150, 4), np.float32, np.int64)
    assert data.x[0].tolist() == pytest.approx([5.1, 3.5, 1.4, 0.2])
    assert np.bincount(data.y).tolist() == [50, 50, 50]
    assert data.feature_names[0] == "sepal length (cm)"
    assert data.target_names == ["setosa", "versicolor", "virginica"]
    # Fisher's table 1 of means, in centimetres
    assert data.x[:50].mean(0) == pytest.approx([5.006, 3.428, 1.462, 0.246], abs=1e-3)


def test_digits_are_images_from_0_to_1():
    data = datasets.digits()
    assert data.x.shape == (1797, 8, 8, 1)
    assert (data.x.min(), data.x.max(), data.x.dtype) == (0, 1, np.float32)
    assert sorted(set(data.y.tolist())) == list(range(10))
    assert len(data.feature_names) == 64


@pytest.mark.parametrize("name", ["china", "flower"])
def test_photographs_have_three_colours_from_0_to_1(name):
    pixels = datasets.photograph(name)
    assert (pixels.shape, pixels.dtype) == ((427, 640, 3), np.float32)
    assert pixels.min() == 0
    assert pixels.max() == 1
    with pytest.raises(ValueError, match=r"china.*flower"):
        datasets.photograph("cat")


def test_each_call_returns_arrays_of_its_own():
    datasets.iris().x[...] = 0
    assert datasets.iris().x.all()


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("AND", lambda a, b: a and b),
        ("OR", lambda a, b: a or b),
        ("NAND", lambda a, b: not (a and b)),
        ("NOR", lambda a, b: not (a or b)),
        ("XOR", lambda a, b: a != b),
        ("xnor", lambda a, b: a == b),
    ],
)
def test_gates_are_their_truth_tables(name, function):
    x, y = datasets.logic_gates(name)
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [1 if function(*row) else -1 for row in x]


def test_an_unknown_gate_is_refused():
    with pytest.raises(ValueError, match="unknown gate 'IMPLIES'; known are AND, OR"):
        datasets.logic_gates("IMPLIES")


@pytest.mark.parametrize(
    ("make", "classes"),
    [(datasets.xor, 2), (datasets.moons, 2), (datasets.circles, 2), (datasets.spiral, 3)],
)
def test_generated_sets_are_balanced_and_repeatable(make, classes):
    x, y = make(120, np.random.default_rng(0))
    assert (x.shape, y.shape) == ((120, 2), (120,))
    assert np.bincount(y).tolist() == [120 // classes] * classes
    again, _ = make(120, np.random.default_rng(0))
    np.testing.assert_array_equal(x, again)
    clean, _ = make(120, np.random.default_rng(0), noise=0)
    assert 0 < np.abs(x - clean).max() < 0.5


def test_shapes_of_the_generated_sets():
    rng = np.random.default_rng(0)
    x, y = datasets.circles(100, rng, noise=0)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), np.where(y == 0, 1, 0.5))
    x, y = datasets.moons(100, rng, noise=0)
    centre = np.where(y[:, None] == 0, [0, 0], [1, 0.5])
    np.testing.assert_allclose(np.linalg.norm(x - centre, axis=1), 1)
    assert (x[y == 0, 1] >= 0).all()
    x, y = datasets.xor(8, rng, noise=0)
    assert (y == (x[:, 0] != x[:, 1])).all()
    x, y = datasets.spiral(100, rng, classes=2, noise=0)
    assert np.linalg.norm(x, axis=1).max() <= 1
