import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_12_convolution import readers


def test_a_digit_moves_without_losing_a_pixel():
    digit = np.random.default_rng(0).uniform(size=(1, 8, 8, 1))
    for right in range(3):
        moved = readers.place(digit, right)
        np.testing.assert_array_equal(moved[:, 2:10, 2 + right : 10 + right], digit[..., 0])
        assert moved.sum() == pytest.approx(digit.sum())


def test_a_dense_machine_does_not_notice_the_order_of_its_pixels():
    counts = readers.wrong_when_shuffled([], seeds=1)
    assert counts["as they are"] == counts["shuffled"]


def test_what_is_pooled_everywhere_does_not_notice_a_shift():
    patches = readers.layer_of(readers.cut_patches(0, count=6))
    layers = [patches, nn.Activation("relu"), nn.MaxPooling2D(12)]
    seen = [readers.apply(layers, readers.place(readers.TEST.x[:20], right)) for right in range(3)]
    np.testing.assert_allclose(seen[1], seen[0], atol=1e-12)
    np.testing.assert_allclose(seen[2], seen[0], atol=1e-12)
    layers[-1] = nn.MaxPooling2D(6)
    seen = [readers.apply(layers, readers.place(readers.TEST.x[:20], right)) for right in range(2)]
    assert not np.allclose(*seen)


def test_patches_are_balanced_and_of_length_one():
    patches = np.array(readers.cut_patches(3, count=10))
    np.testing.assert_allclose(patches.sum(axis=(1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose((patches**2).sum(axis=(1, 2)), 1)


def test_layers_of_their_own_for_each_seed():
    two = [[nn.AveragePooling2D(4)], [nn.MaxPooling2D(4)]]
    counts = readers.wrong_by_shift(two, seeds=2, epochs=1)
    first = readers.wrong_by_shift(two[0], seeds=1, epochs=1)
    assert [runs[0] for runs in counts.values()] == [runs[0] for runs in first.values()]
    assert list(counts) == list(readers.SHIFTS)
