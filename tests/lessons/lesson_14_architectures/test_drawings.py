"""Drawings: the boxes are those of the shapes, and a seed says all."""

import numpy as np

from dlcourse.lessons.lesson_14_architectures.drawings import KINDS, draw


def test_a_seed_says_all():
    first, again, other = draw(5, seed=1), draw(5, seed=1), draw(5, seed=2)
    np.testing.assert_array_equal(first.images, again.images)
    assert not np.array_equal(first.images, other.images)


def test_shapes_fill_their_boxes_and_nothing_else_is_dark():
    drawings = draw(200, seed=4, most=1)
    for image, (box,), (kind,) in zip(drawings.images, drawings.boxes, drawings.kinds, strict=True):
        inside = np.zeros((32, 32), dtype=bool)
        x1, y1, x2, y2 = box
        assert 0 <= x1 < x2 <= 32
        assert 0 <= y1 < y2 <= 32
        inside[int(y1) : int(np.ceil(y2)), int(x1) : int(np.ceil(x2))] = True
        dark = image[..., 0] > np.median(image[~inside]) + 0.25
        assert dark[~inside].mean() < 0.03
        share = dark[inside].mean()
        least = {"disc": 0.4, "square": 0.5, "triangle": 0.2}[KINDS[kind]]
        assert share > least


def test_sides_and_numbers_are_as_asked():
    drawings = draw(100, seed=0, sides=(4, 7), most=2)
    sides = np.concatenate([box[:, 2:] - box[:, :2] for box in drawings.boxes])
    assert sides.min() >= 4
    assert sides.max() <= 7
    assert {len(kinds) for kinds in drawings.kinds} == {1, 2}
    assert drawings.shapes == sum(map(len, drawings.boxes))


def test_a_gap_keeps_shapes_apart_and_a_negative_one_lets_them_overlap():
    def overlapping(gap):
        count = 0
        for found in draw(200, seed=7, gap=gap).boxes:
            for i, a in enumerate(found):
                for b in found[:i]:
                    shared = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
                    count += bool((shared > 3).all())
        return count

    assert overlapping(1.0) == 0
    assert overlapping(-7.0) > 10
