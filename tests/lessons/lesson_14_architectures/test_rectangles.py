"""Boxes: overlap, suppression, the grid there and back, and the score."""

import numpy as np
import pytest

from dlcourse.lessons.lesson_14_architectures import rectangles
from dlcourse.lessons.lesson_14_architectures.drawings import draw
from dlcourse.lessons.lesson_14_architectures.rectangles import Found


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0, 4, 4), (2, 2, 6, 6), 4 / 28),
        ((0, 0, 4, 4), (1, 1, 5, 5), 9 / 23),
        ((0, 0, 4, 4), (0, 0, 4, 2), 0.5),
        ((0, 0, 2, 2), (2, 0, 4, 2), 0.0),
        ((0, 0, 2, 2), (5, 5, 6, 6), 0.0),
        ((1, 2, 3, 7), (1, 2, 3, 7), 1.0),
    ],
)
def test_overlap(a, b, expected):
    assert rectangles.iou(a, b) == pytest.approx(expected)
    assert rectangles.iou(b, a) == pytest.approx(expected)


def test_suppression_keeps_the_best_of_those_that_overlap():
    chain = np.array([[0.0, 0, 6, 2], [2, 0, 8, 2], [4, 0, 10, 2]])
    assert rectangles.nms(chain, [0.9, 0.8, 0.7], 0.3) == [0, 2]
    assert rectangles.nms(chain, [0.8, 0.9, 0.7], 0.3) == [1]
    assert rectangles.nms(chain, [0.7, 0.8, 0.9], 1.0) == [2, 1, 0]
    assert rectangles.nms(np.zeros((0, 4)), []) == []


def outputs_of(target):
    """Return what a perfect network would put out for a target."""
    kinds = np.eye(3)[target[..., 5].astype(int)] * target[..., :1]
    return np.concatenate([target[..., :3], np.sqrt(target[..., 3:5]), kinds], axis=-1)


@pytest.mark.parametrize("cells", [4, 8, 16])
def test_the_grid_there_and_back(cells):
    drawings = draw(40, seed=3)
    grids = rectangles.targets(drawings, cells)
    assert grids.shape == (40, cells, cells, 6)
    for grid, truth, kinds in zip(grids, drawings.boxes, drawings.kinds, strict=True):
        found = rectangles.decode_grid(outputs_of(grid), size=32)
        if len(found.boxes) < len(truth):  # two in one cell
            assert cells == 4
            continue
        best = [int(np.argmin(np.abs(found.boxes - box).sum(axis=1))) for box in truth]
        np.testing.assert_allclose(found.boxes[best], truth, atol=1e-4)
        np.testing.assert_array_equal(found.kinds[best], kinds)


def test_of_two_middles_in_one_cell_the_first_stays():
    two = np.array([[1.0, 1, 6, 4], [2, 2, 7, 8]])
    grid = rectangles.encode_grid(two, np.array([2, 1]), size=32, cells=4)
    assert np.count_nonzero(grid[..., 0]) == 1
    assert grid[0, 0, 5] == 2


def test_a_middle_on_the_far_edge_stays_in_the_image():
    grid = rectangles.encode_grid(np.array([[24.0, 24, 40, 40]]), np.array([0]), size=32, cells=4)
    assert grid[3, 3].tolist() == [1, 1, 1, 0.5, 0.5, 0]


def test_a_score_is_object_times_kind_and_the_faint_are_left_out():
    outputs = np.zeros((2, 2, 8))
    outputs[0, 1] = 0.8, 0.5, 0.5, 0.5, 0.5, 0.1, 0.5, 0.2
    outputs[1, 1] = 0.9, 0.5, 0.5, 0.5, 0.5, 0.9, 0.1, 0.2
    found = rectangles.decode_grid(outputs, size=16, least=0.3)
    assert found.scores.tolist() == pytest.approx([0.81, 0.4])
    assert found.kinds.tolist() == [0, 1]
    assert found.boxes[1].tolist() == [10, 2, 14, 6]
    assert len(found.above(0.5).scores) == 1
    assert len(rectangles.decode_grid(outputs, size=16, least=0.5).scores) == 1


def test_each_shape_counts_once_and_only_for_its_kind():
    truth, kinds = np.array([[0.0, 0, 4, 4], [10, 10, 14, 14]]), np.array([0, 1])
    guesses = np.array([[0.0, 0, 4, 4], [0, 0, 4, 3], [10, 10, 14, 14], [10, 10, 14, 13]])
    found = Found(guesses, np.array([0.9, 0.8, 0.7, 0.6]), np.array([0, 0, 2, 1]))
    assert rectangles.hits(found, truth, kinds) == [True, False, False, True]
    assert rectangles.hits(found, truth, kinds, good=0.8) == [True, False, False, False]


def test_average_precision_of_known_lists():
    assert rectangles.average_precision([0.9, 0.8, 0.7], [1, 0, 1], 2) == pytest.approx(5 / 6)
    assert rectangles.average_precision([0.9, 0.8], [1, 1], 4) == pytest.approx(0.5)
    assert rectangles.average_precision([0.9, 0.5], [0, 1], 1) == pytest.approx(0.5)
    assert rectangles.average_precision([], [], 3) == 0
    # A dent is filled: 1, 1/2, 2/3, 3/4 counts as 1, 3/4, 3/4.
    dent = rectangles.average_precision([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 1], 3)
    assert dent == pytest.approx((1 + 0.75 + 0.75) / 3)


def test_average_precision_is_the_area_of_the_definition():
    rng = np.random.default_rng(1)
    for _ in range(20):
        scores, right = rng.random(30), rng.random(30) < 0.6
        positives = int(right.sum()) + 3
        order = np.argsort(-scores)
        found = np.cumsum(right[order])
        recall, precision = found / positives, found / np.arange(1, 31)
        places = (np.arange(20000) + 0.5) / 20000
        area = np.mean([precision[recall >= at].max(initial=0) for at in places])
        assert rectangles.average_precision(scores, right, positives) == pytest.approx(
            area, abs=1e-3
        )


def test_the_truth_itself_is_perfect_and_a_shifted_one_is_not():
    drawings = draw(60, seed=5)
    sure = [np.ones(len(kinds)) for kinds in drawings.kinds]
    right = [Found(*one) for one in zip(drawings.boxes, sure, drawings.kinds, strict=True)]
    assert rectangles.mean_average_precision(right, drawings) == 1
    moved = [Found(one.boxes + 6, one.scores, one.kinds) for one in right]
    assert rectangles.mean_average_precision(moved, drawings) < 0.2
    other = [Found(one.boxes, one.scores, (one.kinds + 1) % 3) for one in right]
    assert rectangles.mean_average_precision(other, drawings) < 0.1


def test_a_score_that_counts_doubles_would_be_seen(monkeypatch):
    drawings = draw(60, seed=5)
    twice = [
        Found(np.vstack([b, b]), np.r_[np.ones(len(k)), np.full(len(k), 0.9)], np.r_[k, k])
        for b, k in zip(drawings.boxes, drawings.kinds, strict=True)
    ]
    judged = rectangles.judge(twice, drawings)
    assert judged.hits.sum() == drawings.shapes
    monkeypatch.setattr(rectangles, "hits", lambda found, *truth: [True] * len(found.scores))
    assert rectangles.judge(twice, drawings).hits.sum() == 2 * drawings.shapes
