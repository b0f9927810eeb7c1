import numpy as np

from dlcourse.lessons.lesson_07_training import figures
from dlcourse.lessons.lesson_07_training.family import Families
from dlcourse.lessons.lesson_07_training.many import Runs


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
    assert figure.description.endswith("still high at the end: 1.")
    assert "summed" in figure.axes[0].get_ylabel()  # not the average of the lesson's loop


def test_learning_curves_start_before_the_first_epoch():
    figure = figures.epochs_figure({"a": [1.0, 0.5], "b": [1.0, 0.25]}, "two ways")
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xdata(), [0, 1])
    assert figure.description.endswith("a: 0.50; b: 0.25.")


def test_the_two_ratios_are_told_apart():
    first = np.array([[[1], [2], [-4], [4], [-2], [-1]], [[4], [3], [2], [-2], [-3], [-4]]])
    np.testing.assert_allclose(figures.ratios(first), [[2, 4], [1.5, 2]])
    assert list(figures.is_1_2_4(first)) == [True, False]
    figure = figures.ratios_figure(np.concatenate([first[:1], first]))
    assert "2 points lie at 2 and 4" in figure.description
    written = [text.get_text() for text in figure.axes[0].texts]  # where dots hide each other
    assert written == ["1 : 2 : 4\n2 of 3", "2 : 3 : 4\n1 of 3"]


def test_the_trees_name_everybody():
    drawn = {text.get_text() for axes in figures.tree_figure().axes for text in axes.texts}
    assert drawn == set(figures.family.PEOPLE)


def test_a_person_stands_above_its_like_in_the_other_family():
    weights = np.random.default_rng(0).normal(size=(24, 6)) / 100
    weights[[0, 12], 2] = 1.0, -1.0
    picture = figures.persons_figure(weights).axes[2].images[0].get_array()
    np.testing.assert_array_equal(picture[:, 0], [1, -1])


def test_the_units_that_follow_family_and_generation_are_named_and_people_in_full():
    weights = np.random.default_rng(0).normal(size=(24, 6)) / 10
    weights[:12, 3] += 1
    weights[:, 5] += np.tile(figures.family.GENERATION, 2)
    figure = figures.persons_figure(weights)
    titles = [axes.get_title(loc="left") for axes in figure.axes[:6]]
    assert titles == ["unit 1", "unit 2", "unit 3", "unit 4: the family", "unit 5",
                      "unit 6: the generation"]  # fmt: skip
    names = [name.get_text() for name in figure.axes[5].get_xticklabels()]
    assert names == list(figures.family.ENGLISH)
    assert "weight" in figure.axes[6].get_ylabel()  # what the colours are


def test_frames_of_xor_show_what_each_unit_answers():
    params = [np.array([[9.0, 0], [0, 9]]), np.full(2, -4.5), np.array([[9.0], [9]]), [-4.5]]
    params = [np.array(one) for one in params]
    figure = figures.frames_of_xor([params, params], ["first", "last"])
    assert [axes.get_title() for axes in figure.axes[:2]] == ["first", "last"]
    assert [axes.get_ylabel() for axes in figure.axes[::2]] == [
        "hidden unit 1\n$x_2$", "hidden unit 2\n$x_2$", "output\n$x_2$"
    ]  # fmt: skip
    first, second, output = (axes.images[0].get_array() for axes in figure.axes[::2])
    left, right, low, high = slice(0, 20), slice(44, 64), slice(44, 64), slice(0, 20)
    assert (first[:, left] < 0).all()  # the first unit asks for x1, which grows to the right
    assert (first[:, right] > 0).all()
    assert (second[low] < 0).all()  # and the second for x2, which grows upwards
    assert (second[high] > 0).all()
    assert (output[low, left] < 0).all()
    assert (output[high, right] > 0).all()
    assert all(axes.collections for axes in figure.axes)  # the examples


def test_the_table_says_what_was_measured():
    first = np.zeros((2, 6, 2))
    first[0, :, 0] = [1, 2, 4, -4, -2, -1]
    first[0, :, 1] = -first[0, :, 0]
    mirror = Runs([800, None], [first], np.zeros((2, 64, 1)), np.zeros((2, 0)))
    old, new = (
        Families(np.array([s]), [n], [[0]], np.zeros((1, 24, 6))) for s, n in ((0, 0), (1, 2))
    )
    table = figures.history_table(mirror, old, new, [(2, 19, 15), (4, 20, 7)])
    rows = [row[-1] for row in table.rows]
    assert rows == [
        "1 of 2 in 6,000 sweeps",
        "800 to 800",
        "1 : 2 : 4 in 1, not in 0",
        "in 1 of 1",
        "15, 7 of 20 learned",
        "19, 20 of 20 learned",
        "0 of 100",
        "100 of 100",
        "2 of 4 on average",
    ]
