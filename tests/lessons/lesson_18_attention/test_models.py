"""The networks of lesson 18, their maps, and the plain block that the lesson writes."""

import json
import re

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.layout import NOTEBOOKS
from dlcourse.lessons.lesson_18_attention import models, plain, tasks


def code_of_lesson(*names):
    """Run the cells of the notebook that define these functions; return what they define."""
    cells = json.loads((NOTEBOOKS / "18_attention.ipynb").read_text(encoding="utf-8"))["cells"]
    found = {"np": np}
    for cell in cells:
        code = "".join(cell["source"])
        if cell["cell_type"] == "code" and any(f"def {name}(" in code for name in names):
            exec(re.split(r"\n\n\n(?=three = |print\(|display\()", code)[0], found)
    return found


@pytest.fixture(scope="module")
def lesson():
    names = ("softmax_rows", "split_heads", "sinusoidal_positions", "block")
    return code_of_lesson(*names)


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("causal", [False, True])
def test_the_plain_block_is_the_packages(lesson, heads, causal):
    halves = plain.built_block(8, heads, causal=causal, seed=3)
    p = plain.weights(halves)
    x, grad = np.random.default_rng(0).normal(size=(2, 5, 8))
    outputs, cache = lesson["block"](x, p, heads, causal)
    grad_x, grads = plain.block_backward(grad, cache, p, heads)
    theirs = plain.run(halves, x, grad)
    np.testing.assert_allclose(outputs, theirs.outputs, atol=1e-12)
    np.testing.assert_allclose(grad_x, theirs.grad_x, atol=1e-12)
    assert grads.keys() == p.keys() == theirs.grads.keys()
    for name, found in grads.items():
        np.testing.assert_allclose(found, theirs.grads[name], atol=1e-12, err_msg=name)


def test_the_plain_functions_are_the_packages(lesson):
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 2, 6, 4))
    for causal in (False, True):
        found = lesson["attention"](q, k, v, causal)
        expected = nn.attend(q, k, v, nn.causal_mask(6) if causal else None)
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-14)
    nothing = lesson["softmax_rows"](np.full((1, 2), 1e308), np.zeros((1, 2), bool))
    np.testing.assert_array_equal(nothing, [[0, 0]])
    x = rng.normal(size=(6, 8))
    np.testing.assert_array_equal(lesson["join_heads"](lesson["split_heads"](x, 4)), x)
    np.testing.assert_array_equal(lesson["split_heads"](x, 4)[1], x[:, 2:4])
    np.testing.assert_array_equal(plain.join_heads(plain.split_heads(x, 4)), x)
    table = lesson["sinusoidal_positions"](7, 5)
    np.testing.assert_allclose(table, nn.sinusoidal_positions(7, 5), atol=1e-15)


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
