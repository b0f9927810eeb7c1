"""Conv2D against its definition, finite differences, Keras, and mistakes made on purpose."""

import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlcourse import nn
from dlcourse.nn.layers import convolution
from tests.nn.proofs import (
    assert_gradients_match_finite_differences,
    assert_matches_keras,
    prove,
)


def small(most):
    return st.integers(1, most)


def pairs(most):
    return st.tuples(small(most), small(most))


@st.composite
def convolutions(draw):
    """A layer, the shape of its inputs, and how many images."""
    dilated = draw(st.booleans())
    layer = nn.Conv2D(
        draw(small(3)),
        draw(pairs(4)),
        strides=(1, 1) if dilated else draw(pairs(3)),
        padding=draw(st.sampled_from(["valid", "same"])),
        dilation_rate=draw(pairs(2)) if dilated else (1, 1),
        use_bias=draw(st.booleans()),
    )
    shape = (draw(small(7)), draw(small(7)), draw(small(3)))
    covered = convolution.extent(layer.kernel_size, layer.dilation_rate)
    assume(layer.padding == "same" or all(c <= n for c, n in zip(covered, shape, strict=False)))
    return layer, shape, draw(small(3))


def by_definition(layer, inputs):
    """The sum of the module's docstring, term by term."""
    kernel, bias = layer.params["kernel"], layer.params.get("bias", 0)
    (height, width, _, filters), (s, t) = kernel.shape, layer.strides
    d, e = layer.dilation_rate
    size = inputs.shape[1:3]
    if layer.padding == "same":
        rows, columns = -(-size[0] // s), -(-size[1] // t)
        extra_rows = max(0, (rows - 1) * s + (height - 1) * d + 1 - size[0])
        extra_columns = max(0, (columns - 1) * t + (width - 1) * e + 1 - size[1])
        before = extra_rows // 2, extra_columns // 2
    else:
        rows = (size[0] - (height - 1) * d - 1) // s + 1
        columns = (size[1] - (width - 1) * e - 1) // t + 1
        before = 0, 0
    outputs = np.zeros((len(inputs), rows, columns, filters))
    for p, q, i, j in np.ndindex(rows, columns, height, width):
        y, x = s * p + d * i - before[0], t * q + e * j - before[1]
        if 0 <= y < size[0] and 0 <= x < size[1]:
            outputs[:, p, q] += inputs[:, y, x] @ kernel[i, j]
    return outputs + bias


@settings(max_examples=60, deadline=None)
@given(convolutions())
def test_fast_convolution_agrees_with_its_definition(drawn):
    layer, shape, batch = drawn
    rng = np.random.default_rng(0)
    output_shape = layer.build(shape, rng, np.float64)
    inputs = rng.standard_normal((batch, *shape))
    outputs, _ = layer.forward(inputs)
    assert outputs.shape == (batch, *output_shape)
    np.testing.assert_allclose(outputs, by_definition(layer, inputs), rtol=1e-12, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(convolutions())
def test_convolution_is_proved_in_any_configuration(drawn):
    layer, shape, batch = drawn
    prove(layer, shape, batch=batch)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv2D(2, 3, padding="same"), (4, 5, 1)),
        (nn.Conv2D(2, 3, strides=2), (7, 6, 2)),
        (nn.Conv2D(2, 2, dilation_rate=(2, 3), use_bias=False), (5, 6, 1)),
        (nn.Conv2D(3, (1, 5), padding="same"), (3, 2, 2)),  # wider than the image
        (nn.Conv2D(2, 1), (2, 2, 20)),  # nothing to copy
        (nn.Conv2D(18, 3, padding="same"), (3, 4, 17)),  # channels last in memory
    ],
    ids=repr,
)
def test_convolution_is_proved(layer, shape):
    prove(layer, shape, batch=2)


@pytest.mark.parametrize("few_channels", [0, 1000], ids=["channels last", "batch last"])
@pytest.mark.parametrize("chunk_bytes", [1, 3000], ids=["one at a time", "a few"])
def test_memory_order_and_chunks_change_nothing(monkeypatch, few_channels, chunk_bytes):
    monkeypatch.setattr(convolution, "FEW_CHANNELS", few_channels)
    monkeypatch.setattr(convolution, "CHUNK_BYTES", chunk_bytes)
    for layer in (nn.Conv2D(2, 3, strides=(2, 1)), nn.Conv2D(3, (2, 3), padding="same")):
        prove(layer, (5, 6, 2), batch=5, keras=False)
        assert_matches_keras(layer, (5, 6, 2), batch=5)


def test_outputs_lie_as_inputs_do_when_channels_are_many():
    layer = nn.Conv2D(4, 3)
    layer.build((5, 5, 32), np.random.default_rng(0))
    inputs = np.ones((3, 5, 5, 32), np.float32)
    assert layer.forward(inputs)[0].flags.c_contiguous
    batch_last = np.ones((32, 5, 5, 3), np.float32).swapaxes(0, 3)
    assert layer.forward(batch_last)[0].swapaxes(0, 3).flags.c_contiguous


def test_worked_example_of_the_course():
    image = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    expected = {
        "valid": [[4, 3, 4], [2, 4, 3], [2, 3, 4]],
        "same": [
            [2, 2, 3, 1, 1],
            [1, 4, 3, 4, 1],
            [1, 2, 4, 3, 3],
            [1, 2, 3, 4, 1],
            [0, 2, 2, 1, 1],
        ],
    }
    for padding, outputs in expected.items():
        layer = nn.Conv2D(1, 3, padding=padding)
        layer.build((5, 5, 1), np.random.default_rng(0))
        layer.params["kernel"][:, :, 0, 0] = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
        found, _ = layer.forward(np.array(image, np.float32)[np.newaxis, :, :, np.newaxis])
        np.testing.assert_array_equal(found[0, :, :, 0], outputs)


@pytest.mark.parametrize(
    ("layer", "shape", "count"),
    [
        (nn.Conv2D(6, 5), (28, 28, 1), 156),  # LeNet C1
        (nn.Conv2D(96, 11, strides=4), (227, 227, 3), 34_944),  # AlexNet
    ],
    ids=["LeNet", "AlexNet"],
)
def test_number_of_parameters(layer, shape, count):
    layer.build(shape, np.random.default_rng(0))
    assert sum(array.size for array in layer.params.values()) == count


def test_he_initialisation_counts_the_window():
    layer = nn.Conv2D(64, 5, kernel_initializer="he_normal")
    layer.build((8, 8, 16), np.random.default_rng(0))
    np.testing.assert_allclose(layer.params["kernel"].std(), np.sqrt(2 / (25 * 16)), rtol=0.02)


class TurnedKernel(nn.Conv2D):
    """A convolution in the strict sense; its gradients are right."""

    def forward(self, inputs, *, training=False):
        with turned(self):
            return super().forward(inputs)

    def backward(self, grad_outputs, cache, *, input_grad=True):
        with turned(self):
            grad_inputs, grads = super().backward(grad_outputs, cache)
        return grad_inputs, grads | {"kernel": grads["kernel"][::-1, ::-1]}


class TurnedBackward(nn.Conv2D):
    """The input gradient goes through a kernel that the forward pass did not use."""

    def backward(self, grad_outputs, cache, *, input_grad=True):
        with turned(self):
            return super().backward(grad_outputs, cache)


@contextmanager
def turned(layer):
    """Turn the kernel by 180 degrees for a while."""
    kernel = layer.params["kernel"]
    layer.params["kernel"] = kernel[::-1, ::-1]
    yield
    layer.params["kernel"] = kernel


def test_a_turned_kernel_passes_the_gradient_check_and_fails_keras():
    layer = TurnedKernel(2, 3, padding="same")
    assert_gradients_match_finite_differences(layer, (4, 4, 1))
    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(layer, (4, 4, 1))


def test_a_kernel_turned_only_backwards_fails_both():
    layer = TurnedBackward(2, 3, padding="same")
    with pytest.raises(AssertionError, match=r"finite differences.*inputs"):
        assert_gradients_match_finite_differences(layer, (4, 4, 1))
    with pytest.raises(AssertionError, match="gradient of inputs"):
        assert_matches_keras(layer, (4, 4, 1))


def test_extra_padding_before_the_image_fails_keras(monkeypatch):
    right = convolution.frame_widths

    def swapped(*arguments):
        return [pair[::-1] for pair in right(*arguments)]

    monkeypatch.setattr(convolution, "frame_widths", swapped)
    layer = nn.Conv2D(1, 2, padding="same")
    assert_gradients_match_finite_differences(layer, (4, 4, 1))
    with pytest.raises(AssertionError, match="outputs"):
        assert_matches_keras(layer, (4, 4, 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Conv2D(0, 3), "at least one filter, got filters=0"),
        (lambda: nn.Conv2D(1, 0), "kernel_size must be a positive int or a pair of them, got 0"),
        (lambda: nn.Conv2D(1, (3, 3, 3)), r"kernel_size must be .* got \(3, 3, 3\)"),
        (lambda: nn.Conv2D(1, 3, strides=1.5), "strides must be .* got 1.5"),
        (lambda: nn.Conv2D(1, 3, padding="full"), "padding must be .* got 'full'"),
        (lambda: nn.Conv2D(1, 3, 2, dilation_rate=2), "not both, as Keras does"),
        (lambda: nn.Conv2D(1, 3).build((5, 5), None), r"Conv2D takes images .* got \(5, 5\)"),
        (
            lambda: nn.Conv2D(1, 5).build((4, 9, 1), np.random.default_rng(0)),
            "a window of 5 x 5 does not fit into an image of 4 x 9",
        ),
    ],
)
def test_wrong_arguments_are_refused_in_words(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_wrong_inputs_are_refused_in_words():
    layer = nn.Conv2D(1, 3)
    layer.build((5, 5, 2), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"\(batch, height, width, 2\), got \(1, 5, 5, 3\)"):
        layer.forward(np.ones((1, 5, 5, 3)))
    with pytest.raises(ValueError, match="does not fit into an image of 2 x 5"):
        layer.forward(np.ones((1, 2, 5, 2)))


def test_memory_stays_far_below_that_of_all_columns_at_once():
    """64 images of 28 x 28 x 32 to 64 filters: the columns of all would be 58 MB alone."""
    layer = nn.Conv2D(64, 3, padding="same")
    layer.build((28, 28, 32), np.random.default_rng(0))
    inputs = np.ones((64, 28, 28, 32), np.float32)
    grad_outputs = np.ones((64, 28, 28, 64), np.float32)
    tracemalloc.start()
    _, cache = layer.forward(inputs)
    layer.backward(grad_outputs, cache)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 46e6  # what Keras needs
