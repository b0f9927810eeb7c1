"""Figures say in words what they show."""

import numpy as np

from dlcourse.figures.style import Picture
from dlcourse.lessons.lesson_14_architectures import counts, figures, rectangles
from dlcourse.lessons.lesson_14_architectures.drawings import KINDS, draw
from dlcourse.lessons.lesson_14_architectures.rectangles import Found

DRAWINGS = draw(6, seed=2)
TRUE = [
    Found(b, np.linspace(0.9, 0.8, len(k)), k)
    for b, k in zip(DRAWINGS.boxes, DRAWINGS.kinds, strict=True)
]


def frames(axes):
    return [patch for patch in axes.patches if not patch.get_fill()]


def test_the_gallery_draws_a_frame_and_a_name_for_each_box():
    figure = figures.gallery(DRAWINGS, TRUE, [0, 3, 5])
    for axes, number in zip(figure.axes, (0, 3, 5), strict=False):
        assert len(frames(axes)) == len(TRUE[number].boxes)
        named = {text.get_text().split()[0] for text in axes.texts}
        assert named == {KINDS[kind] for kind in TRUE[number].kinds}
    first = ", ".join(KINDS[kind] for kind in sorted(TRUE[0].kinds))
    assert f"There are: {first};" in figure.description


def test_a_name_lies_in_the_drawing_and_on_no_other_shape():
    drawings = draw(24, seed=7)
    true = [
        Found(b, np.ones(len(k)), k) for b, k in zip(drawings.boxes, drawings.kinds, strict=True)
    ]
    figure = figures.gallery(drawings, true, range(24))
    Picture(figure)  # it is laid out now
    covered = []  # what share of a name lies on each of the shapes
    for axes, one in zip(figure.axes, true, strict=True):
        back = axes.transData.inverted()
        for text in axes.texts:
            place = back.transform_bbox(text.get_window_extent())
            room = np.array([place.xmin, place.ymin, place.xmax, place.ymax])
            assert -1 < room.min() < room.max() < 33
            covered += [
                figures.shared(room, box) / np.prod(room[2:] - room[:2]) for box in one.boxes
            ]
    assert max(covered) < 0.4
    assert np.mean(np.array(covered) > 0.1) < 0.08


def test_four_ideas_are_named():
    figure = figures.four_ideas()
    assert [axes.get_title().split(":")[0] for axes in figure.axes] == [
        "AlexNet", "VGG", "GoogLeNet", "ResNet",
    ]  # fmt: skip
    for idea in ("separate 5 x 5", "in a row", "four branches", "both are added"):
        assert idea in figure.description


def test_sizes_are_told_in_millions():
    parts = {"AlexNet": counts.halves(counts.alexnet()), "tiny": (2_000_000, 500_000)}
    figure = figures.sizes(parts)
    assert "AlexNet 61.0, of which 58.6 in dense layers" in figure.description
    assert "tiny 2.5, of which 0.5 in dense layers" in figure.description
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert sorted(round(width, 1) for width in widths) == [0.5, 2.0, 2.3, 58.6]


def test_depths_end_where_their_median_ends():
    curves = {10: ([[50.0, 1], [40, 3], [60, 2]], [[30.0, 0], [20, 0], [10, 0]])}
    figure = figures.depths(curves)
    assert "plain, 10 layers: 2 %; with shortcuts, 10 layers: 0 %" in figure.description
    assert figure.axes[0].lines[0].get_ydata().tolist() == [50, 2]


def test_the_cell_of_each_middle_is_marked():
    figure = figures.grid(DRAWINGS, 1, cells=8)
    box, kind = DRAWINGS.boxes[1][0], DRAWINGS.kinds[1][0]
    x, y = (box[:2] + box[2:]) / 2
    place = f"the {KINDS[kind]} belongs to row {int(y // 4)}, column {int(x // 4)}"
    assert place in figure.description
    marked = [patch for patch in figure.axes[0].patches if patch.get_fill()]
    assert len(marked) == len(DRAWINGS.boxes[1])
    assert marked[0].get_xy() == (4 * int(x // 4), 4 * int(y // 4))


def test_before_and_after_shows_where_most_is_dropped():
    doubled = [Found(*(np.concatenate([part, part]) for part in one)) for one in TRUE]
    before = [*TRUE[:2], doubled[2], *TRUE[3:]]
    after = [rectangles.suppressed(one) for one in before]
    figure = figures.before_and_after(DRAWINGS, before, after, cells=8)
    left, right = figure.axes
    assert len(frames(left)) == 2 * len(TRUE[2].boxes)
    assert len(frames(right)) == len(TRUE[2].boxes)


def test_the_area_of_precision_and_recall_is_told():
    figure = figures.precision_and_recall(np.array([0.9, 0.8, 0.7]), np.array([1, 0, 1]), 2)
    assert "for 2 shapes" in figure.description
    assert "above 0.80" in figure.description  # 5/6
    line = figure.axes[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), [1, 1 / 2, 2 / 3])
    np.testing.assert_allclose(line.get_xdata(), [1 / 2, 1 / 2, 1])
