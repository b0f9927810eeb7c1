import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_03_boundaries import figures, shapes

HOUSE = shapes.draw(list(shapes.HOUSE.values()), shapes.SIGNS)


def test_every_activation_is_drawn():
    names = ["step", "relu"]
    for axes, name in zip(figures.activation_shapes(names).axes, names, strict=True):
        z, a = axes.lines[-1].get_data()
        np.testing.assert_array_equal(a, nn.activations.get_activation(name).forward(z))


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


def two_stripes(x):
    return (np.abs(np.abs(x[:, 0]) - 1) < 0.5) * 1.0


def test_a_region_of_two_pieces_is_described_so():
    said = figures.regions({"stripes": two_stripes}, (-2, 2, -1, 1)).description
    assert "Stripes: 50% of the plane, in 2 separate pieces" in said


def test_a_region_is_shaded_from_its_upper_left_corner():
    inside = figures.answer_on(lambda x: (x[:, 1] > 1.5) * 1.0, (0, 3, 0, 2), 5)
    assert inside[0].all()
    assert not inside[1:].any()


def test_lines_are_drawn_where_the_sums_are_zero():
    lines = (np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([-1.0, 3.0]))
    figure = figures.regions({"stripes": two_stripes}, (-2, 2, -1, 1), [lines])
    drawn = figure.axes[0].lines
    assert len(drawn) == 2
    for line, weights, bias in zip(drawn, lines[0].T, lines[1], strict=True):
        np.testing.assert_allclose([line.get_xy1() @ weights, line.get_xy2() @ weights], -bias)


def test_the_stages_end_with_what_the_network_answers():
    figure = figures.stages(HOUSE, shapes.BOX)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["one unit", "AND of 3", "OR of 3 ANDs", "and 2 NOTs"]
    assert [len(axes.lines) for axes in figure.axes] == [1, 3, 11, 19]
    pictures = [axes.images[0].get_array() for axes in figure.axes]
    expected = figures.answer_on(HOUSE.predict, shapes.BOX)
    np.testing.assert_array_equal(pictures[-1] > 0, expected)
    assert (pictures[1] > 0).sum() < (pictures[2] > 0).sum()


def test_an_approximation_is_what_the_network_puts_out():
    networks = {"a line": lambda x: 2 * x[:, 0] + 1}
    figure = figures.approximations(np.sin, networks, points=11)
    function, drawn = figure.axes[0].lines
    np.testing.assert_allclose(function.get_ydata(), np.sin(np.linspace(0, 1, 11)))
    np.testing.assert_allclose(drawn.get_ydata(), 1 + 2 * np.linspace(0, 1, 11))


def test_axes_are_labelled():
    for figure in (
        figures.activation_shapes(["tanh"]),
        figures.regions({"stripes": two_stripes}, (-2, 2, -1, 1)),
        figures.xor_by_hand(),
        figures.threshold_sum([1, 2], [1, -1], 0.5),
    ):
        for axes in figure.axes:
            assert axes.get_xlabel()
            assert axes.get_ylabel()
