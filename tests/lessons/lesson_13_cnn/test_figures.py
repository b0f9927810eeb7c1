import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.lessons.lesson_12_convolution.figures import stack_boxes
from dlcourse.lessons.lesson_13_cnn import figures


@pytest.fixture(scope="module")
def model():
    layers = [
        *(nn.Conv2D(3, 3, padding="same"), nn.Activation("relu")),
        *(nn.Conv2D(20, 3, 2), nn.MaxPooling2D(), nn.Flatten(), nn.Dense(10)),
    ]
    return nn.Sequential(layers, input_shape=(8, 8, 1), seed=0, dtype=np.float64)


@pytest.fixture(scope="module")
def digits():
    return datasets.digits()


def drawn(figure):
    """Return the arrays of all pictures in a figure."""
    return [np.asarray(axes.images[0].get_array()) for axes in figure.axes if axes.images]


def test_a_network_is_drawn_with_all_its_shapes():
    stages = [("image", (16, 16, 1)), ("H1", (8, 8, 12)), ("output", (10,))]
    figure = figures.network_planes(stages)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert {"image", "16 x 16", "H1", "12 maps of\n8 x 8", "output", "10 units"} <= set(texts)
    assert "H1: 8 x 8 x 12" in figure.description


def test_numbers_stand_in_their_cells_and_in_the_description():
    rows = [[("z", np.array([[0.0, 2], [-1, 1]]))], [("p", np.array([0.25]))]]
    figure = figures.number_grids(rows)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert texts == ["0", "2", "-1", "1", ".250"]
    assert "z 0 2 / -1 1; p 0.25" in figure.description


def test_both_ways_through_the_worked_example():
    layers = [nn.Conv2D(1, 3), nn.Activation("relu"), nn.MaxPooling2D(), nn.Flatten()]
    layers += [nn.Dense(2), nn.Activation("softmax")]
    tiny = nn.Sequential(layers, input_shape=(4, 4, 1), dtype=np.float64)
    kernel = np.array([[0.0, 1, 0], [0, 1, 0], [0, 1, 0]])
    tiny.set_weights([kernel.reshape(3, 3, 1, 1), [-1], [[0.5, -0.5]], [0, 0]])
    seven = np.array([[0.0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    said = figures.both_ways(tiny, seven, label=0).description
    for part in (
        "z 0 2 / -1 1; ReLU 0 2 / 0 1; maximum 2; outputs 1 / -1; softmax 0.8808 / 0.1192",
        "dL/d kernel -0.1192 -0.1192 0 / 0 -0.1192 0 / 0 -0.1192 0",
        "dL/d z 0 -0.1192 / 0 0; dL/d ReLU 0 -0.1192 / 0 0; dL/d maximum -0.1192",
        "dL/d outputs -0.1192 / 0.1192.",
    ):
        assert part in said


def test_the_maps_are_what_the_layers_put_out(model, digits):
    image = digits.x[7]
    outputs = figures.layer_outputs(model, image)
    np.testing.assert_array_equal(outputs[-1], model.predict(image[np.newaxis])[0])
    rows = [("conv 1", image, outputs[2]), ("conv 2", None, outputs[3])]
    figure = figures.map_rows(rows, columns=10)
    shown = drawn(figure)
    assert len(shown) == 1 + 3 + 20
    np.testing.assert_array_equal(shown[0], image[..., 0])
    for number in range(3):
        np.testing.assert_array_equal(shown[1 + number], outputs[2][..., number])
    for number in range(20):
        np.testing.assert_array_equal(shown[4 + number], outputs[3][..., number])
    assert "conv 1: 3 maps of 8 x 8, from 0.0 to" in figure.description


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (nn.Conv2D(1, 3), (4, 6, 2, 4)),
        (nn.Conv2D(1, 5, 2, padding="same"), (7, 11, 3, 7)),
        (nn.MaxPooling2D(2), (8, 9, 4, 5)),
        (nn.Subsampling2D(3), (12, 14, 6, 8)),
        (nn.Activation("relu"), (4, 4, 2, 2)),
    ],
)
def test_a_window_lies_where_the_layer_looks(layer, expected):
    size = (16, 16)
    (window, _) = stack_boxes([size], [layer], 4, 2)
    assert window == expected
    if isinstance(layer, nn.Activation):
        return
    layer.build((*size, 1), np.random.default_rng(0), np.float64)
    image = np.random.default_rng(1).normal(size=(1, *size, 1))
    unit = layer.forward(image)[0][0, 4, 2, 0]
    top, bottom, left, right = window
    window = np.zeros(image.shape, bool)
    window[:, top : bottom + 1, left : right + 1] = True
    assert layer.forward(image + 9 * ~window)[0][0, 4, 2, 0] == pytest.approx(unit)
    assert layer.forward(image + 9 * window)[0][0, 4, 2, 0] != pytest.approx(unit)


def test_patches_are_where_a_unit_is_most_excited(model, digits):
    images = digits.x[:40]
    figure = figures.favourite_patches(model, 2, images, [4, 9], count=3)
    shown = drawn(figure)
    assert len(shown) == 6
    outputs = figures.layer_outputs(model, images[0])[3]
    assert shown[0].shape == (5, 5)
    values = np.array([figures.layer_outputs(model, image)[3][..., 4] for image in images])
    best = np.argmax(values.reshape(40, -1).max(axis=1))
    row, column = np.unravel_index(values[best].argmax(), outputs.shape[:2])
    framed = np.pad(images[best, ..., 0], 8)
    top, left = 8 + 2 * row - 1, 8 + 2 * column - 1  # stride 2, and one pixel of padding below
    np.testing.assert_array_equal(shown[0], framed[top : top + 5, left : left + 5])
    assert "correlation of" in figure.description


def test_errors_among_the_accepted():
    outputs = np.array([[0.9, 0.1, 0.0], [0.5, 0.4, 0.1], [0.1, 0.8, 0.1], [0.3, 0.2, 0.5]])
    errors = figures.reject_errors(outputs, np.array([0, 1, 1, 2]))  # the second one is wrong
    np.testing.assert_allclose(errors, [0.25, 0, 0, 0])
    errors = figures.reject_errors(outputs, np.array([1, 0, 1, 2]))  # the surest one is wrong
    np.testing.assert_allclose(errors, [1 / 4, 1 / 3, 1 / 2, 1])


def test_curves_are_drawn_in_percent_with_the_published_point():
    errors = np.linspace(0.05, 0, 100)
    figure = figures.reject_curves({"net": errors}, {"paper": (0.09, 0.01)})
    curve, point = figure.axes[0].lines[:2]
    np.testing.assert_allclose(curve.get_ydata(), 100 * errors)
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (9, 1)
    assert "net: 5.0 % when none is rejected, 4.0 % when a fifth is" in figure.description
    assert figure.axes[0].get_xlabel()
    assert figure.axes[0].get_ylabel()


def test_answers_and_what_they_look_at(digits):
    falls = np.linspace(-1, 1, 3 * 64).reshape(3, 8, 8)
    figure = figures.looked_at(digits.x[:3], [0, 1, 7], [0, 1, 2], falls)
    shown = drawn(figure)
    np.testing.assert_array_equal(shown[2], digits.x[2, ..., 0])
    np.testing.assert_array_equal(shown[5], falls[2])
    assert "reads 0 1 7, 1 of them wrongly" in figure.description
    titles = [axes.get_title() for axes in figure.axes[:3]]
    assert titles == ["reads 0", "reads 1", "reads 7"]
    colours = [axes.title.get_color() for axes in figure.axes[:3]]
    assert colours[0] == colours[1] != colours[2]


def test_a_row_has_the_numbers_of_all_maps_in_order():
    maps = np.arange(12.0).reshape(2, 2, 3)
    figure = figures.flattened(maps, marked=1)
    assert "at the places 1, 4, 7, 10 of the row" in figure.description
    greys = [float(patch.get_facecolor()[0]) for patch in figure.axes[1].patches if patch.fill]
    np.testing.assert_allclose(greys, 1 - np.arange(12) / 11)


def test_the_bar_of_the_answer_is_filled():
    figure = figures.bars(np.array([0.25, 0.75]), "probability", 1)
    heights = [patch.get_height() for patch in figure.axes[0].patches]
    assert heights == [0.25, 0.75]
    white, filled = (patch.get_facecolor() for patch in figure.axes[0].patches)
    assert white == (1, 1, 1, 1) != filled
    assert "0: 0.25, 1: 0.75" in figure.description
