"""The networks of three papers: as many parameters and connections as they say, and they learn."""

import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.nn.lenets import c3_connections

COUNTS = {
    nn.lecun_1989: [1068, 2592, 5790, 310],
    nn.lecun_1990: [104, 8, 512, 24, 1930],
    nn.lenet_5: [156, 12, 1516, 32, 48120, 10164, 850],
}


def connections(model):
    """Count as the papers do: each input of each unit, and its bias."""
    total, shape = 0, model.input_shape
    for layer, output in zip(model.layers, model.output_shapes, strict=True):
        positions = int(np.prod(output[:-1]))
        if isinstance(layer, nn.PartialConv2D):
            total += positions * (layer.params["kernel"].size + layer.filters)
        elif isinstance(layer, nn.Subsampling2D):
            total += int(np.prod(output)) * (int(np.prod(layer.pool_size)) + 1)
        elif isinstance(layer, nn.Dense):
            total += (shape[0] + 1) * layer.units
        shape = output
    return total


def name_of(value):
    return getattr(value, "__name__", "")


@pytest.mark.parametrize(("build", "counts"), COUNTS.items(), ids=name_of)
def test_each_layer_has_as_many_parameters_as_the_paper_says(build, counts):
    model = build(seed=0)
    found = [sum(a.size for a in layer.params.values()) for layer in model.layers if layer.params]
    assert found == counts


def test_as_many_connections_as_the_papers_of_1989_and_1990_say():
    assert connections(nn.lecun_1989(seed=0)) == 64660
    assert connections(nn.lecun_1990(seed=0)) == 98442


def test_table_one_of_1998():
    """The rows of the paper's table, as it prints them."""
    table = """
        X . . . X X X . . X X X X . X X
        X X . . . X X X . . X X X X . X
        X X X . . . X X X . . X . X X X
        . X X X . . X X X X . . X . X X
        . . X X X . . X X X X . X X . X
        . . . X X X . . X X X X . X X X
    """
    expected = [[mark == "X" for mark in row.split()] for row in table.strip().splitlines()]
    np.testing.assert_array_equal(c3_connections(), expected)


@pytest.mark.parametrize(("build", "size"), [(nn.lecun_1989, 16), (nn.lecun_1990, 28)])
def test_they_learn_a_few_digits(build, size):
    digits = datasets.digits()
    x = 2 * datasets.resized(digits.x[:40], size) - 1
    targets = 2 * np.eye(10)[digits.y[:40]] - 1
    model = build(seed=0)
    model.fit(
        x,
        targets,
        loss=nn.MeanSquaredError(),
        optimizer=nn.SGD(0.1),
        epochs=40,
        batch_size=4,
        verbose=False,
    )
    assert np.mean(model.predict(x).argmax(axis=1) == digits.y[:40]) > 0.95


def test_they_are_saved_and_read_again(tmp_path):
    model = nn.lecun_1989(seed=0)
    model.save(tmp_path / "model.npz")
    x = np.random.default_rng(0).normal(size=(2, 16, 16, 1))
    read = nn.load_model(tmp_path / "model.npz")
    np.testing.assert_array_equal(read.predict(x), model.predict(x))
