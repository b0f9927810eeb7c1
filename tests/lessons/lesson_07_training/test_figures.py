import numpy as np

from dlcourse import datasets, nn
from dlcourse.figures import plane
from dlcourse.lessons.lesson_07_training import figures
from dlcourse.lessons.lesson_07_training.family import Families
from dlcourse.lessons.lesson_07_training.many import Runs


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


def test_the_mirror_picture_has_a_bar_for_each_weight():
    first = np.array([[1, -1], [2, -2], [4, -4], [-4, 4], [-2, 2], [-1, 1.0]])
    figure = figures.mirror_figure(first)
    heights = [[bar.get_height() for bar in axes.patches] for axes in figure.axes]
    np.testing.assert_allclose(heights, first.T)
    assert "1.0, 2.0, 4.0, -4.0, -2.0, -1.0" in figure.description


def test_a_run_that_has_not_ended_is_dashed():
    curves = np.array([[0.5, 0.1, np.nan], [0.5, 0.4, 0.3]])
    figure = figures.curves_figure(curves, 10, most=20, title="two runs")
    assert [line.get_linestyle() for line in figure.axes[0].lines[:2]] == ["-", "--"]
    assert "1 of them is still high" in figure.description


def test_learning_curves_start_before_the_first_epoch():
    figure = figures.epochs_figure({"a": [1.0, 0.5], "b": [1.0, 0.25]}, "two ways")
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xdata(), [0, 1])
    assert figure.description.endswith("a: 0.50; b: 0.25.")


def test_the_two_ratios_are_told_apart():
    first = np.array([[[1], [2], [-4], [4], [-2], [-1]], [[4], [3], [2], [-2], [-3], [-4]]])
    np.testing.assert_allclose(figures.ratios(first), [[2, 4], [1.5, 2]])
    assert list(figures.is_1_2_4(first)) == [True, False]
    assert "1 points lie at 2 and 4" in figures.ratios_figure(first).description


def test_the_trees_name_everybody():
    drawn = {text.get_text() for axes in figures.tree_figure().axes for text in axes.texts}
    assert drawn == set(figures.family.PEOPLE)


def test_a_person_stands_above_its_like_in_the_other_family():
    weights = np.zeros((24, 6))
    weights[[0, 12], 2] = 1.0, -1.0
    picture = figures.persons_figure(weights).axes[2].images[0].get_array()
    np.testing.assert_array_equal(picture[:, 0], [1, -1])


def test_frames_of_xor_have_three_columns():
    params = [np.ones((2, 2)), np.zeros(2), np.ones((2, 1)), np.zeros(1)]
    figure = figures.frames_of_xor([params, params], ["first", "last"])
    assert [axes.get_title() for axes in figure.axes[:3]] == ["1.1", "1.2", "output"]


def test_the_table_says_what_was_measured():
    first = np.zeros((2, 6, 2))
    first[0, :, 0] = [1, 2, 4, -4, -2, -1]
    first[0, :, 1] = -first[0, :, 0]
    mirror = Runs([800, None], [first], np.zeros((2, 64, 1)), np.zeros((2, 0)))
    old, new = (
        Families(np.array([s]), [n], [[0]], np.zeros((1, 24, 6))) for s, n in ((0, 0), (1, 2))
    )
    rows = [row[-1] for row in figures.history_table(mirror, old, new).rows]
    assert rows == [
        "1 of 2 in 6,000 sweeps",
        "800 to 800",
        "1 : 2 : 4 in 1, not in 0",
        "in 1 of 1",
        "at most 0 of 100 learned",
        "about 2 of 4 new on average",
    ]
