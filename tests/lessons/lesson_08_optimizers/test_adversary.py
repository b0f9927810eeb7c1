from itertools import islice

import numpy as np
import pytest

from dlcourse.lessons.lesson_08_optimizers import adversary


@pytest.mark.parametrize(
    ("slope", "period"), [(adversary.online, 101), (adversary.period_three, 3)]
)
def test_on_average_the_slope_points_to_minus_one(slope, period):
    assert sum(slope(step) for step in range(1, period + 1)) > 0


def end(beta_2, amsgrad):
    *_, w = adversary.walk(adversary.period_three, 3000, 0.1, 0, beta_2, amsgrad=amsgrad)
    return w


def test_adam_goes_to_the_worst_place_and_amsgrad_to_the_best():
    assert end(0.1, amsgrad=False) == pytest.approx(1, abs=0.01)
    assert end(0.1, amsgrad=True) == pytest.approx(-1, abs=0.01)


def test_a_long_memory_saves_adam_here():
    assert end(0.999, amsgrad=False) < -0.99


def test_the_online_example_after_ten_thousand_steps():
    paths = adversary.both(10_000)
    assert paths["Adam"][-1] > 0.99
    assert paths["AMSGrad"][-1] < -0.7
    assert {len(path) for path in paths.values()} == {10_000}


def test_the_weight_stays_between_its_limits():
    walk = adversary.walk(adversary.online, 500, 50.0, 0.9, 0.99, amsgrad=False)
    assert np.abs(list(islice(walk, 500))).max() <= 1
