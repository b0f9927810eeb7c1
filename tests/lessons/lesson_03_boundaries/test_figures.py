import numpy as np
import pytest

from dlcourse import datasets, nn
from dlcourse.figures import plane, signed, unit_outputs
from dlcourse.lessons.lesson_03_boundaries import figures


def network(*hidden, activation="tanh", seed=0):
    layers = [layer for n in hidden for layer in (nn.Dense(n), nn.Activation(activation))]
    return nn.Sequential(
        [*layers, nn.Dense(1), nn.Activation("sigmoid")], input_shape=(2,), seed=seed
    )


def test_the_plane_starts_at_its_upper_left_corner():
    points = plane(2.0, 5)
    assert points.shape == (25, 2)
    assert points[0].tolist() == [-2, 2]
    assert points[4].tolist() == [2, 2]
    assert points[-1].tolist() == [2, -2]


def test_the_outputs_of_the_units_are_those_of_the_layers():
    model = network(3, 2)
    x = plane(1.0, 4)
    first, second, last = unit_outputs(model, x)
    np.testing.assert_array_equal(last, model.predict(x, len(x)))
    np.testing.assert_array_equal(
        first, np.tanh(x @ model.params["0.kernel"] + model.params["0.bias"])
    )
    assert second.shape == (16, 2)


@pytest.mark.parametrize(
    ("activation", "values", "scaled"),
    [
        ("sigmoid", [0, 0.5, 1], [-1, 0, 1]),
        ("tanh", [-1, 0, 0.5], [-1, 0, 0.5]),
        ("relu", [0, 1, 4], [0, 0.25, 1]),
        ("linear", [-4, 0, 2], [-1, 0, 0.5]),
        ("relu", [0, 0, 0], [0, 0, 0]),
        ("linear", [np.nan, np.inf, 2], [0, 0, 1]),
    ],
)
def test_values_are_scaled_about_the_middle_of_the_activation(activation, values, scaled):
    column = np.array(values, float)[:, np.newaxis]
    np.testing.assert_allclose(signed(column, activation)[:, 0], scaled)


def test_every_activation_is_drawn_with_its_derivative():
    figure = figures.activation_shapes(["sigmoid", "relu"])
    sigmoid, relu = figure.axes
    value, slope = sigmoid.lines[-2:]
    z, a = value.get_data()
    np.testing.assert_allclose(slope.get_ydata(), np.gradient(a, z), atol=1e-3)
    assert relu.lines[-1].get_ydata()[0] == 0


def test_the_boundary_lies_where_the_answer_changes():
    model = network()
    model.set_weights([[[1.0], [-2.0]], [0.5]])
    x, y = datasets.moons(40, np.random.default_rng(0))
    figure = figures.decision_boundaries([[model]], [(x, y)], ["moons"], ["0 hidden"])
    contours = [c for c in figure.axes[0].collections if np.allclose(c.get_linewidth(), 1.3)]
    line = np.concatenate([path.vertices for path in contours[0].get_paths()])
    np.testing.assert_allclose(line @ [1, -2] + 0.5, 0, atol=0.05)


def test_the_description_names_the_networks_that_are_good_enough():
    x = np.array([[-1.0, 0], [1, 0]])
    right, wrong = network(), network()
    right.set_weights([[[5.0], [0.0]], [0.0]])
    wrong.set_weights([[[-5.0], [0.0]], [0.0]])
    data = [(x, np.array([0, 1]))]
    said = figures.decision_boundaries([[right, wrong]], data, ["two"], ["a", "b"]).description
    assert said.endswith("are right for: two with a.")


def test_the_picture_of_xor_puts_every_point_on_its_side():
    left, right = figures.xor_by_hand().axes
    zeros, ones = (collection.get_offsets() for collection in right.collections[1:3])
    assert np.all(zeros[:, 1] > zeros[:, 0] - 0.5)
    assert np.all(ones[:, 1] < ones[:, 0] - 0.5)
    assert len(left.lines) == 2


def test_the_stripes_are_where_the_sum_reaches_the_threshold():
    said = figures.threshold_sum([1, 2, 3, 4], [1, -1, 1, -1], 0.5).description
    assert "from 1 to 2 and from 3 to 4, and nowhere else" in said


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [(["###", "#.#", "###"], 1), (["#.#", ".#.", "#.#"], 5), (["...", "..."], 0), (["##.#"], 2)],
)
def test_pieces_touch_along_their_sides(rows, pieces):
    region = np.array([[letter == "#" for letter in row] for row in rows])
    assert figures.count_pieces(region) == pieces


def test_a_region_of_two_pieces_is_described_so():
    model = nn.Sequential(
        [nn.Dense(4), nn.Activation("step"), nn.Dense(1), nn.Activation("step")], input_shape=(2,)
    )
    across = [[1, 1, 1, 1], [0, 0, 0, 0]]
    model.set_weights([across, [-1, -2, -3, -4], [[1], [-1], [1], [-1]], [-0.5]])
    assert "2 separate pieces" in figures.answer_region(model, (0, 5, 0, 3)).description


def test_an_approximation_is_what_the_network_puts_out():
    model = nn.Sequential([nn.Dense(1)], input_shape=(1,), dtype=np.float64)
    model.set_weights([[[2.0]], [1.0]])
    figure = figures.approximations(np.sin, {"a line": model}, points=11)
    function, drawn = figure.axes[0].lines
    np.testing.assert_allclose(function.get_ydata(), np.sin(np.linspace(0, 1, 11)))
    np.testing.assert_allclose(drawn.get_ydata(), 1 + 2 * np.linspace(0, 1, 11))


def test_frames_show_every_unit_of_every_moment():
    x, y = datasets.circles(20, np.random.default_rng(0))
    models = [network(3, 2, seed=seed) for seed in (0, 1)]
    figure = figures.unit_frames(models, ["first", "last"], x, y)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["1.1", "1.2", "1.3", "2.1", "2.2", "output"] * 2
    output = figure.axes[-1].images[0].get_array()
    values = 2 * models[1].predict(plane(1.25, 64), 4096).reshape(64, 64) - 1
    np.testing.assert_allclose(output, values, atol=1 / 16 + 1e-6)  # drawn in bands


def test_axes_are_labelled():
    x, y = datasets.circles(20, np.random.default_rng(0))
    for figure in (
        figures.activation_shapes(["tanh"]),
        figures.decision_boundaries([[network()]], [(x, y)], ["circles"], ["0 hidden"]),
        figures.xor_by_hand(),
        figures.threshold_sum([1, 2], [1, -1], 0.5),
    ):
        for axes in figure.axes:
            assert axes.get_xlabel()
            assert axes.get_ylabel()
