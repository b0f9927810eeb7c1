"""Styles and stacks in small: what they are made of, and that a shortcut is one."""

import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_14_architectures import networks

STYLES = networks.STYLES | networks.WHY


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_style_reads_digits(style):
    model = networks.built(style, seed=0)
    assert model.output_shapes[-1] == (10,)
    assert model.predict(np.zeros((2, 8, 8, 1))).shape == (2, 10)


def test_shortcuts_have_no_parameters():
    sizes = {
        networks.size(networks.built(networks.STYLES[name], 0))
        for name in networks.STYLES
        if name.startswith("ResNet")
    }
    sizes.add(networks.size(networks.built(networks.WHY["ResNet without shortcuts"], 0)))
    assert len(sizes) == 1
    for layers in networks.DEPTHS:
        plain, residual = (networks.deep(layers, way, seed=0) for way in (False, True))
        assert networks.size(plain) == networks.size(residual)
        made = plain.layers
        assert sum(isinstance(layer, nn.Conv2D | nn.Dense) for layer in made) == layers


def test_blocks_that_put_out_zero_let_everything_pass():
    model = networks.deep(10, True, seed=0)
    x = np.random.default_rng(0).random((3, 8, 8, 1)).astype(np.float32)
    for layer in model.layers:
        if isinstance(layer, nn.Residual):
            layer.params["4.gamma"][:] = 0
    before = nn.Sequential(model.layers[:4], input_shape=(8, 8, 1), seed=None)
    expected = before.layers
    outputs = x
    for layer in expected:
        outputs, _ = layer.forward(outputs)
    passed = outputs
    for layer in model.layers[4:-2]:
        passed, _ = layer.forward(passed)
    assert before.output_shapes[-1] == (4, 4, 8)
    np.testing.assert_allclose(passed, outputs, atol=1e-6)


def test_a_style_learns_and_is_counted():
    train, test = datasets.digits_split()
    model = networks.trained(networks.vgg, seed=11, epochs=2)
    assert networks.misread(model, test.x, test.y) < 90  # of 360; a guess errs in 324
    assert networks.misread(model, train.x, train.y) < 300


def test_a_stack_tells_its_errors():
    run = networks.trained_deep(10, True, seed=12, epochs=2)
    assert len(run.epochs) == 2
    assert run.epochs[1] < run.epochs[0] <= 100
    assert 0 <= run.train <= 100
    assert 0 <= run.test <= 100
