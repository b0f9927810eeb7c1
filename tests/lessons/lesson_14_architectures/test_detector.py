"""The detector: trained from another start it finds most shapes of new drawings."""

import numpy as np
import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_14_architectures import detector, rectangles
from dlcourse.lessons.lesson_14_architectures.drawings import draw


@pytest.fixture(scope="module")
def trained():
    return detector.trained(seed=23)


def test_it_finds_shapes_in_new_drawings(trained):
    half, three_quarters = detector.scores(trained, detector.fresh(seed=23))
    assert half > 0.95
    assert 0.75 < three_quarters < half
    elsewhere = rectangles.mean_average_precision(
        detector.detect(trained, (other := draw(200, seed=99)).images), other
    )
    assert elsewhere > 0.95


def test_shapes_of_other_sizes_are_found_less_well(trained):
    drawings = detector.fresh(seed=23, n=100, sides=(16.0, 22.0), most=1)
    assert detector.scores(trained, drawings)[0] < 0.7


def test_without_training_it_finds_nothing():
    model = detector.network(seed=0)
    assert detector.scores(model, detector.fresh(0, n=50))[0] < 0.05


def test_suppression_and_least_score_are_handed_on(trained):
    images = detector.fresh(23, n=60).images
    few = detector.detect(trained, images, least=0.5)
    many = detector.detect(trained, images, overlap=1.0)
    assert sum(len(f.scores) for f in few) < sum(len(f.scores) for f in many)
    assert all((f.scores >= 0.5).all() for f in few)


def test_the_grid_may_be_coarser():
    assert detector.network(0, cells=4).output_shapes[-1] == (4, 4, 8)
    assert detector.network(0, dtype=np.float64).dtype == np.float64


def test_without_roots_the_sides_themselves_are_the_goal():
    target = rectangles.targets(draw(3, seed=0), 8)
    kinds = np.eye(3)[target[..., 5].astype(int)] * target[..., :1]
    right = np.concatenate([target[..., :5], kinds], axis=-1).astype(float)
    assert detector.WithoutRoots()(target, right) == pytest.approx(0, abs=1e-9)
    assert nn.YOLOLoss()(target, right) > 0.1
