import numpy as np

from dlcourse import datasets, nn
from dlcourse.figures import plane
from dlcourse.lessons.lesson_07_training import figures


def network(*hidden, activation="tanh", seed=0):
    layers = [layer for n in hidden for layer in (nn.Dense(n), nn.Activation(activation))]
    return nn.Sequential(
        [*layers, nn.Dense(1), nn.Activation("sigmoid")], input_shape=(2,), seed=seed
    )


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
    figure = figures.decision_boundaries([[network()]], [(x, y)], ["circles"], ["0 hidden"])
    for axes in figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel()
