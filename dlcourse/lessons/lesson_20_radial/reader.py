"""Bells that read digits: ten outputs, the highest of which is the answer."""

import numpy as np

from dlcourse import datasets
from dlcourse.lessons.lesson_20_radial.bells import Bells, kmeans, spacing

ASIDE = 300  # of the digits to learn from, the last ones: by these a setting is chosen
RIDGE = 1e-3


def misread(k: int, step: float, seed: int, *, tested: bool = False) -> int:
    """Return how many digits k bells read wrongly.

    Parameters
    ----------
    k : int
    step : float
        Their reach, in mean distances from a centre to the next one.
    seed : int
        Of k-means.
    tested : bool, default False
        Whether to learn from all 1437 and read the 360 of the test; else learn from 1137 and read
        the 300 kept aside.
    """
    train, test = datasets.digits_split()
    x, y = train.x.reshape(-1, 64).astype(float), train.y
    known = len(x) if tested else len(x) - ASIDE
    new_x, new_y = x[known:], y[known:]
    if tested:
        new_x, new_y = test.x.reshape(-1, 64).astype(float), test.y
    centres = kmeans(x[:known], k, np.random.default_rng(seed))
    bells = Bells.fit(x[:known], np.eye(10)[y[:known]], centres, step * spacing(centres), RIDGE)
    return int(np.sum(bells.predict(new_x).argmax(axis=1) != new_y))
