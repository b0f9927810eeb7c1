"""What is special to the checks of lesson 14: published counts, and a fair open task."""

from itertools import pairwise

import numpy as np
import pytest

from dlcourse.checks import Case
from dlcourse.lessons.lesson_14_architectures import checks

CASES = checks.shape_cases(np.random.default_rng(0))
GOAL = checks.CHECKS[-1].goal


def shares(answer):
    return [GOAL.measure(answer(*case.arguments), case.hidden) for case in CASES]


def largest_patch(train_images, train_boxes, test_images):
    def area(patch):
        x1, y1, x2, y2 = patch[0]
        return (x2 - x1) * (y2 - y1)

    return np.array([max(checks._patches(image)[1:], key=area)[0] for image in test_images])


def all_that_is_bright(train_images, train_boxes, test_images):
    boxes = []
    for image in test_images:
        rows, columns = np.nonzero(image > np.median(image) + 0.2)
        boxes.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
    return np.array(boxes)


def test_each_bar_asks_for_another_idea():
    first, second, third = GOAL.bars
    assert max(shares(checks.in_the_middle)) < first
    assert max(shares(all_that_is_bright)) < first
    found = shares(largest_patch)
    assert first < min(found) <= max(found) < second
    assert min(shares(checks.find_shapes)) > third


def test_each_task_marks_another_kind_and_shapes_do_not_touch():
    orders = {
        tuple(
            round(float(np.mean(np.prod(case.hidden[:, 2:] - case.hidden[:, :2], axis=1))))
            for case in checks.shape_cases(np.random.default_rng(seed))
        )
        for seed in range(3)
    }
    assert all(len(order) == 3 for order in orders)
    for seed in range(50):
        image, boxes = checks.drawn_image(np.random.default_rng(seed))
        assert image.shape == (checks.SIDE, checks.SIDE)
        assert len(boxes) == 3
        for i, j in ((0, 1), (0, 2), (1, 2)):
            apart = np.maximum(boxes[i, :2] - boxes[j, 2:], boxes[j, :2] - boxes[i, 2:])
            assert apart.max() >= 2


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (lambda box: box[:, [1, 0, 3, 2]], "x and y are exchanged"),
        (lambda box: box - [0, 0, 1, 1], "end one pixel early"),
        (lambda box: np.hstack([box[:, :2], box[:, 2:] - box[:, :2]]), "width and height"),
        (
            lambda box: np.hstack([(box[:, :2] + box[:, 2:]) / 2, box[:, 2:] - box[:, :2]]),
            "centre, width and height",
        ),
        (lambda box: box[:, [0, 2, 1, 3]], "the order x1, x2, y1, y2"),
        (lambda box: box[:, [2, 3, 0, 1]], "right lower corner comes first"),
        (lambda box: box / checks.SIDE, "shares of the image"),
        (lambda box: np.tile(box[0], (len(box), 1)), "the same box for every image"),
    ],
)
def test_boxes_written_in_another_way_are_told_so(written, words):
    case = CASES[0]
    assert words in checks.slip_of_boxes(written(case.hidden), case)


def test_slips_bear_any_value():
    case = CASES[0]
    for value in (None, "boxes", np.zeros(4), np.zeros((2, 2)), case.hidden.tolist()):
        assert checks.slip_of_boxes(value, case) == ""
    assert checks.slip_of_boxes(case.hidden, case) == ""
    for value in (case.hidden * np.nan, case.hidden + np.inf, -case.hidden):
        assert checks.mean_iou(value, case.hidden) == 0
    assert checks.slip_of_boxes(np.zeros((1, 4)), Case((), hidden=np.ones((1, 4)))) != ""


def test_mean_iou_is_the_mean_of_iou():
    rng = np.random.default_rng(0)
    a, b = np.sort(rng.normal(size=(2, 40, 2, 2)), axis=2).reshape(2, 40, 4)
    expected = np.mean([checks.iou(one, other) for one, other in zip(a, b, strict=True)])
    assert 0 < checks.mean_iou(a, b) == pytest.approx(expected)


def test_published_counts():
    channels = [3, 64, 64, 128, 128, *[256] * 3, *[512] * 6]
    vgg16 = [("conv", 3, a, b, 1, True) for a, b in pairwise(channels)]
    vgg16 += [("dense", 25_088, 4_096), ("dense", 4_096, 4_096), ("dense", 4_096, 1_000)]
    assert checks.count_params(vgg16) == 138_357_544
    alexnet = [
        ("conv", 11, 3, 96, 1, True),
        ("conv", 5, 96, 256, 2, True),
        ("conv", 3, 256, 384, 1, True),
        ("conv", 3, 384, 384, 2, True),
        ("conv", 3, 384, 256, 2, True),
        ("dense", 9_216, 4_096),
        ("dense", 4_096, 4_096),
        ("dense", 4_096, 1_000),
    ]
    assert checks.count_params(alexnet) == 60_965_224


def test_the_examples_on_paper():
    assert checks.iou(np.array([0, 0, 4, 4]), np.array([2, 2, 6, 6])) == pytest.approx(4 / 28)
    assert checks.iou(np.array([0, 0, 4, 4]), np.array([1, 1, 5, 5])) == pytest.approx(9 / 23)
    scores, hits = np.array([0.9, 0.8, 0.7]), np.array([True, False, True])
    assert checks.average_precision(scores, hits, 2) == pytest.approx(5 / 6)
    target = checks.encode_grid(np.array([[4, 2, 10, 14]]), np.array([2]), 16, 4)
    assert target[2, 1].tolist() == [1, 0.75, 0, 0.375, 0.75, 2]
    assert target.sum() == target[2, 1].sum()
