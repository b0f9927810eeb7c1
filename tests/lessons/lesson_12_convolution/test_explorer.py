import json

import numpy as np
import pytest
import traitlets

from dlcourse import nn
from dlcourse.lessons.lesson_12_convolution import figures
from dlcourse.lessons.lesson_12_convolution.explorer import (
    COLOURS,
    TWO_FILTERS,
    ConvolutionExplorer,
    describe_layer,
    layer_of_blocks,
)


def test_it_opens_on_the_worked_example():
    explorer = ConvolutionExplorer()
    np.testing.assert_array_equal(explorer.maps()[-1], [[4, 3, 4], [2, 4, 3], [2, 3, 4]])
    assert explorer.image == "5 x 5 of the lesson"


def test_an_image_and_a_stack_of_your_own():
    image = np.arange(30.0).reshape(5, 6)
    layers = [figures.conv_layer(np.ones((2, 2)), padding="same"), nn.MinPooling2D(2)]
    explorer = ConvolutionExplorer(image, layers)
    first, second = explorer.maps()[1:]
    assert first[0, 0] == 0 + 1 + 6 + 7
    assert second.shape == (2, 3)
    assert repr(explorer.network()) == repr(layers)


def test_a_described_layer_is_made_again():
    layers = [
        figures.conv_layer(np.array([[1.5, -2.0]]), padding="same", dilation_rate=3),
        nn.AveragePooling2D(3, 2, "same"),
        nn.MaxPooling2D(2),
    ]
    again = ConvolutionExplorer(np.ones((9, 9)), layers).network()
    assert [describe_layer(layer) for layer in again] == [describe_layer(layer) for layer in layers]


def test_every_image_and_stack_on_offer_is_plain_json_and_the_largest_image_fits_all():
    explorer = ConvolutionExplorer()
    json.dumps([explorer.images, explorer.stacks, explorer.kernels], allow_nan=False)
    explorer.image = "a roof, 32 x 32"
    for stack in explorer.stacks.values():
        explorer.layers = stack
        assert all(np.isfinite(values).all() for values in explorer.maps())


def test_receptive_fields_reach_down_the_stack():
    explorer = ConvolutionExplorer()
    explorer.image = "a roof, 32 x 32"
    explorer.layers = explorer.stacks["LeNet: 5 x 5, pool, twice"]
    assert [box.size[0] for box in explorer.receptive_field(0, 0)] == [16, 12, 6, 2, 1]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (nn.Conv2D(1, 3), "figures.conv_layer"),
        (layer_of_blocks(np.ones((4, 1, 2, 2))), "at most 3 channels and filters"),
        (nn.Dense(3), "Conv2D and MaxPooling2D"),
        (nn.MaxPooling2D((1, 2)), "in both directions"),
        (figures.conv_layer(np.ones((2, 2)), strides=(1, 2)), "in both directions"),
    ],
)
def test_layers_that_it_cannot_show_are_refused(layer, words):
    with pytest.raises(ValueError, match=words):
        ConvolutionExplorer(layers=[layer])


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.ones(5), "2-D"),
        (np.ones((41, 2)), "at most 40"),
        (np.ones((2, 2, 4)), "at most 3 channels"),
        ([[np.nan]], "nan or inf"),
    ],
)
def test_images_that_it_cannot_show_are_refused(image, words):
    with pytest.raises(ValueError, match=words):
        ConvolutionExplorer(image)


def test_an_unknown_image_is_refused():
    with pytest.raises(traitlets.TraitError, match="image must be one of"):
        ConvolutionExplorer().image = "a cat"


def test_its_text_never_changes():
    explorer = ConvolutionExplorer()
    before = repr(explorer)
    explorer.image = "one bright pixel"
    assert repr(explorer) == before


def test_two_filters_on_three_channels():
    explorer = ConvolutionExplorer()
    explorer.image = "three channels, 3 x 3"
    explorer.layers = explorer.stacks["two filters of 2 x 2"]
    expected = figures.channel_maps(
        np.moveaxis(np.array(COLOURS), 0, -1), np.array(TWO_FILTERS).transpose(2, 3, 1, 0)
    )
    np.testing.assert_array_equal(explorer.maps()[-1], expected)
    np.testing.assert_array_equal(expected[..., 0], [[3, 3], [2, 5]])
    assert explorer.receptive_field(1, 1)[0].size == (2, 2)


def test_an_image_with_channels_and_a_filter_made_for_one():
    image = np.arange(24.0).reshape(3, 4, 2)
    explorer = ConvolutionExplorer(image, [figures.conv_layer(np.array([[1.0, -1.0]]))])
    np.testing.assert_array_equal(explorer.maps()[0], image)
    np.testing.assert_array_equal(explorer.maps()[1], np.full((3, 3), -4.0))
