import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_12_convolution import figures
from dlcourse.lessons.lesson_12_convolution.figures import Box, stack_boxes, stack_maps, written_out

IMAGE = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
X = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
VALID = [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
SAME = [[2, 2, 3, 1, 1], [1, 4, 3, 4, 1], [1, 2, 4, 3, 3], [1, 2, 3, 4, 1], [0, 2, 2, 1, 1]]


def drawn_numbers(axes):
    return [text.get_text() for text in axes.texts]


def test_the_maps_of_the_worked_example():
    for padding, expected in (("valid", VALID), ("same", SAME)):
        layer = figures.conv_layer(X, padding=padding)
        np.testing.assert_array_equal(stack_maps(IMAGE, [layer])[-1], expected)


def test_the_window_is_worked_out_and_marked():
    figure = figures.window_frames(IMAGE, X, [{"row": 0, "column": 1}])
    image, _, products, outputs = figure.axes
    assert " ".join(drawn_numbers(products)) == "1 0 0 0 1 0 0 0 1"
    assert " ".join(drawn_numbers(outputs)) == "4 3 4 2 4 3 2 3 4"
    assert "sum 3" in products.get_title()
    windows = [patch for patch in image.patches if patch.get_linewidth() == 2.5]
    assert [(w.get_xy(), w.get_width(), w.get_height()) for w in windows] == [((0.5, -0.5), 3, 3)]
    assert "1*1 + 1*0 + 0*1 + 1*0 + 1*1 + 1*0 + 0*1 + 1*0 + 1*1 = 3" in figure.description


def test_what_is_asked_for_on_paper_is_not_drawn():
    frames = [{"row": 1, "column": 2}]
    *_, outputs = figures.window_frames(IMAGE, X, frames, whole_map=False).axes
    assert drawn_numbers(outputs) == ["3"]


def test_padding_and_dilation_show_in_the_frame():
    frames = [{"row": 0, "column": 0, "padding": "same", "dilation_rate": 2}]
    image, _, products, _ = figures.window_frames(IMAGE, X, frames).axes
    assert len(drawn_numbers(image)) == 81
    looked_at = [patch for patch in image.patches if patch.get_linewidth() == 1.5]
    assert len(looked_at) == 9
    assert " ".join(drawn_numbers(products)) == "0 0 0 0 1 0 0 0 1"


def test_every_position_has_its_sum():
    figure = figures.all_positions(IMAGE, X)
    assert [axes.get_title() for axes in figure.axes] == [f"sum {v}" for v in np.ravel(VALID)]
    assert "[4 3 4], [2 4 3], [2 3 4]" in figure.description


def test_the_column_matrix_gives_the_map():
    kernel, matrix, outputs = figures.column_matrix(IMAGE, X).axes
    numbers = np.array(drawn_numbers(matrix), dtype=float).reshape(9, 9)
    np.testing.assert_array_equal(X.ravel() @ numbers, np.ravel(VALID))
    assert " ".join(drawn_numbers(kernel)) == "1 0 1 0 1 0 1 0 1"
    assert drawn_numbers(outputs) == [str(v) for v in np.ravel(VALID)]


STACKS = {
    "three 3 x 3": [figures.conv_layer(np.ones((3, 3)))] * 3,
    "lenet": [figures.conv_layer(np.ones((5, 5))), nn.AveragePooling2D()] * 2,
    "same, stride, dilation": [
        figures.conv_layer(np.ones((3, 3)), padding="same", dilation_rate=2),
        nn.AveragePooling2D(3, 2, "same"),
        figures.conv_layer(np.ones((3, 3)), strides=2, padding="same"),
    ],
}


@pytest.mark.parametrize("name", STACKS)
def test_boxes_are_where_the_gradient_is(name):
    """The box on the image is exactly what one output depends on, by backpropagation."""
    layers = STACKS[name]
    image = np.random.default_rng(0).uniform(1, 2, (24, 24))
    maps = stack_maps(image, layers)
    row, column = maps[-1].shape[0] // 2, maps[-1].shape[1] - 1
    (box, *_) = stack_boxes([values.shape for values in maps], layers, row, column)
    gradient = gradient_of_one_output(image, layers, row, column)
    rows, columns = np.nonzero(gradient)
    shown = Box(rows.min(), rows.max(), columns.min(), columns.max())
    assert shown == (max(box.top, 0), min(box.bottom, 23), max(box.left, 0), min(box.right, 23))


def gradient_of_one_output(image, layers, row, column):
    values, caches = image[np.newaxis, :, :, np.newaxis], []
    for layer in layers:
        values, cache = layer.forward(values)
        caches.append(cache)
    gradient = np.zeros_like(values)
    gradient[0, row, column, 0] = 1
    for layer, cache in zip(reversed(layers), reversed(caches), strict=True):
        gradient, _ = layer.backward(gradient, cache)
    return gradient[0, :, :, 0]


def test_receptive_fields_of_the_plan():
    fields = {
        name: figures.receptive_field_table(layers).rows[-1][-1] for name, layers in STACKS.items()
    }
    assert fields["three 3 x 3"] == 7
    assert fields["lenet"] == 16
    two = figures.receptive_field_table([nn.Conv2D(1, 3), nn.Activation("relu"), nn.Conv2D(1, 3)])
    assert [row[-1] for row in two.rows] == [3, 5]


def test_the_receptive_field_figure_outlines_every_map():
    figure = figures.receptive_field_frames(
        np.ones((20, 20)), STACKS["lenet"], 1, 1, ["image", "conv", "pool", "conv", "pool"]
    )
    widths = [
        next(p.get_width() for p in axes.patches if p.get_linewidth() == 2.5)
        for axes in figure.axes
    ]
    assert widths == [16, 12, 6, 2, 1]
    assert "16 x 16 of image" in figure.description


def test_pictures_are_grey_coloured_or_signed():
    grey, colour, signed = np.eye(3), np.ones((3, 3, 3)), -np.eye(3)
    figure = figures.pictures([grey, colour, signed], ["a", "b", "c"], "Three small pictures here.")
    names = [axes.images[0].get_cmap().name for axes in figure.axes]
    assert (names[0], names[2]) == ("gray", "signed")
    assert [axes.get_title() for axes in figure.axes] == ["a", "b", "c"]


def test_negative_numbers_are_written_in_brackets():
    assert written_out(np.array([-1.0, 0.5]), np.array([2.0, -3.0])) == "(-1)*2 + 0.5*(-3)"


COLOURS = np.arange(27.0).reshape(3, 3, 3) % 5
FILTERS = np.arange(-12.0, 12).reshape(2, 2, 3, 2) % 3 - 1


def test_each_filter_adds_up_its_channels():
    figure = figures.filters_on_channels(COLOURS, FILTERS, 1, 0)
    sums = {0: [], 1: []}
    for channel in range(3):
        window = COLOURS[1:3, 0:2, channel]
        for number in range(2):
            sums[number].append(float(np.sum(window * FILTERS[:, :, channel, number])))
    titles = [axes.get_title() for axes in figure.axes]
    for number, parts in sums.items():
        assert f"map {number}\n{figures.written_sum(parts)}" in titles
        for part in parts:
            assert f"sum {part:g}" in titles
    maps = figures.channel_maps(COLOURS, FILTERS)
    assert maps[1, 0].tolist() == [sum(parts) for parts in sums.values()]


def test_numbers_that_are_asked_for_on_paper_are_not_shown():
    for whole, shown in ((True, 4), (False, 1)):
        figure = figures.filters_on_channels(COLOURS, FILTERS, 1, 0, whole_map=whole)
        (of_map,) = [axes for axes in figure.axes if axes.get_title().startswith("map 0")]
        assert len([each for each in of_map.texts if each.get_text() != "nan"]) == shown


def test_a_sum_over_channels_with_a_kernel_of_its_own_for_each():
    swapped = figures.channel_maps(COLOURS[..., ::-1], FILTERS)
    assert not np.array_equal(swapped, figures.channel_maps(COLOURS, FILTERS))
    both = figures.channel_maps(COLOURS[..., ::-1], FILTERS[:, :, ::-1])
    np.testing.assert_allclose(both, figures.channel_maps(COLOURS, FILTERS))


def test_pooling_keeps_one_number_of_each_window():
    values = np.array([[1, 2, 5, 0], [3, 4, 1, 1], [0, 0, 9, 1], [8, 0, 1, 1]])
    whole, *pooled = figures.pooling_windows(values).axes
    assert [" ".join(drawn_numbers(axes)) for axes in pooled] == [
        "4 5 8 9",
        "2.5 1.75 2 3",
        "1 0 0 1",
    ]
    colours = [patch.get_edgecolor() for patch in whole.patches if patch.get_linewidth() == 2.5]
    assert len(set(colours)) == 4
    for axes in pooled:
        marks = [patch.get_edgecolor() for patch in axes.patches if patch.get_linewidth() == 2.5]
        assert marks == colours


def test_colour_spaces_of_pure_colours():
    red_grey = np.array([[[1.0, 0, 0], [0.5, 0.5, 0.5]]])
    shown = {a.get_title(): a.images[0].get_array() for a in figures.colour_spaces(red_grey).axes}
    np.testing.assert_allclose(shown["grey (luma)"], [[0.299, 0.5]])
    np.testing.assert_allclose(shown["saturation"], [[1, 0]])
    np.testing.assert_allclose(shown["value"], [[1, 0.5]])
    assert shown["red"].tolist() == [[1, 0.5]]


def test_pooling_forgives_a_small_shift_and_no_turn():
    rng = np.random.default_rng(0)
    blurred = np.cumsum(np.cumsum(rng.normal(size=(100, 120)), axis=0), axis=1)
    rows = figures.pooling_table(blurred, np.flipud(blurred)).rows
    numbers = {what: [float(value) for value in values] for what, *values in rows}
    assert numbers["moved by 1 pixel"][1] <= numbers["moved by 1 pixel"][0]
    assert numbers["turned by 90 degrees"][1] > numbers["moved by 1 pixel"][1]


def test_the_photograph_of_the_hook():
    photo = np.zeros((6, 8, 3))
    photo[:, 4:] = 1
    _, edges = figures.photograph_and_edges(photo).axes
    assert edges.images[0].get_array().max() == pytest.approx(4)


def test_what_lenet_sees_is_16_pixels_wide():
    figure = figures.what_lenet_sees(np.ones((213, 320, 3)))
    assert "16 x 16 of image" in figure.description


def test_three_ways_are_timed():
    asked = []

    def convolve(image, kernel):
        asked.append((image.shape, kernel.shape))
        return np.ones((3, 4))

    table = figures.speed_table(np.ones((5, 6, 3)), np.ones((3, 3, 3, 2)), convolve)
    assert len(table.rows) == 3
    assert asked == [((5, 6), (3, 3))] * 12  # twice two filters on three channels
