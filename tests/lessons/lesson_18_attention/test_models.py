"""The networks of lesson 18, their maps, and the plain block that the lesson writes."""

import json

import numpy as np
import pytest

from dlcourse.layout import NOTEBOOKS
from dlcourse.lessons.lesson_18_attention import models, plain, tasks


@pytest.fixture(scope="module")
def block():
    """Run the cell of the notebook that defines the plain block; return the block."""
    cells = json.loads((NOTEBOOKS / "18_attention.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    (text,) = (text for text in code if "def block(" in text)
    found = {"np": np}
    exec(text.partition("\n\n\ndisplay(")[0], found)
    return found["block"]


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_the_plain_block_is_the_packages(block, heads):
    halves = plain.built_block(8, heads, seed=3)
    p = plain.weights(halves)
    x, grad = np.random.default_rng(0).normal(size=(2, 5, 8))
    outputs, cache = block(x, p, heads)
    grad_x, grads = plain.block_backward(grad, cache, p)
    theirs = plain.run(halves, x, grad)
    np.testing.assert_allclose(outputs, theirs.outputs, atol=1e-12)
    np.testing.assert_allclose(grad_x, theirs.grad_x, atol=1e-12)
    assert grads.keys() == p.keys() == theirs.grads.keys()
    for name, found in grads.items():
        np.testing.assert_allclose(found, theirs.grads[name], atol=1e-12, err_msg=name)


def test_the_plain_weights_are_views():
    halves = plain.built_block(8, 2)
    plain.weights(halves)["Wq"][...] = 0
    assert not halves[0].params["1.query_kernel"].any()


@pytest.mark.parametrize("positions", ["waves", "trained", "none"])
def test_only_positions_tell_the_order(positions):
    model = models.transformer(2, positions=positions, seed=0)
    x = np.random.default_rng(0).integers(10, size=(3, 6))
    order = np.array([3, 1, 5, 0, 2, 4])
    same = np.allclose(model.predict(x[:, order]), model.predict(x)[:, order], atol=1e-5)
    assert same == (positions == "none")


def test_a_causal_transformer_does_not_see_what_comes():
    model = models.transformer(2, causal=True, seed=0)
    x = np.random.default_rng(0).integers(10, size=(3, 6))
    other = x.copy()
    other[:, 4:] = (other[:, 4:] + 1) % 10
    found, changed = model.predict(x), model.predict(other)
    np.testing.assert_array_equal(found[:, :4], changed[:, :4])
    assert (found[:, 4:] != changed[:, 4:]).all()


def test_maps_are_those_of_every_block_and_head():
    model = models.transformer(3, heads=4, seed=0)
    maps = models.attention_maps(model, np.zeros((2, 5), int))
    assert [one.shape for one in maps] == [(2, 4, 5, 5)] * 3
    np.testing.assert_allclose(maps[1].sum(axis=-1), 1, rtol=1e-5)


def test_tasks_and_their_answers():
    x, y = tasks.draw("reverse", np.random.default_rng(0), 3, 5)
    np.testing.assert_array_equal(x, y[:, ::-1])
    x, y = tasks.draw("sort", np.random.default_rng(0), 3, 5)
    assert (np.diff(y) >= 0).all()
    assert tasks.words(tasks.codes("Bad cab, xyz")) == "badcab"
    with pytest.raises(ValueError, match="expected one of the tasks reverse, sort, got 'copy'"):
        tasks.draw("copy", np.random.default_rng(0), 1)


def test_recall_asks_where_a_key_comes_again():
    recall = tasks.draw_recall(np.random.default_rng(0), 50, keys=4, pairs=6)
    for x, y, asked in zip(recall.x, recall.y, recall.asked, strict=True):
        known = {}
        for place in range(0, 12, 2):
            assert asked[place] == (x[place] in known)
            known.setdefault(x[place], x[place + 1] - 4)
            assert y[place] == known[x[place]]
        assert not asked[1::2].any()
