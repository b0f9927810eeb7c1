"""Times by batch size: what is in the table; how fast anything is, is no matter for a test."""

import numpy as np

from dlcourse import compare, nn
from dlcourse.compare.speed.sweep import Point, Sweep


def point(contender, task, size, median):
    return Point(contender, task, size, 0.9 * median, median, 1.1 * median, 100 * size, 10 * size)


def test_a_small_sweep():
    model = nn.Sequential([nn.Dense(3)], input_shape=(2,), seed=0)
    before = model.get_weights()
    x, y = np.eye(2), np.zeros((2, 3))
    sweep = compare.speed_sweep(
        model, x, y, loss="mse", optimizer=nn.SGD(), batch_sizes=(1, 4), rounds=2
    )
    expected = [[task, size] for task in ("training step", "prediction") for size in (1, 4)]
    assert [row[:2] for row in sweep.rows] == expected
    assert sweep.columns[2:4] == ["dlcourse, CPU, ms", "Keras, CPU, ms"]
    assert sweep.title == f"measured here, on {compare.devices().cpu}"
    counted = compare.work(model, 4)
    for each in sweep.points:
        assert 0 < each.low <= each.median <= each.high
        if each.batch_size == 4:
            assert each.operations == counted.operations[each.task]
            assert each.bytes == counted.bytes[each.task]
    assert all(limit.operations > 1e6 for limit in sweep.limits.values())
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_ratios_are_those_to_keras_on_the_cpu():
    points = [
        point("dlcourse, CPU", "training step", 1, 0.001),
        point("Keras, CPU", "training step", 1, 0.002),
        point("Keras, GPU", "training step", 1, 0.008),
        point("Keras, CPU", "training step", 8, 0.004),
    ]
    sweep = Sweep("made up", points, {})
    assert sweep.columns[-2:] == ["dlcourse, CPU : Keras, CPU", "Keras, GPU : Keras, CPU"]
    assert sweep.rows == [
        ["training step", 1, "1", "2", "8", "0.50", "4.00"],
        ["training step", 8, "", "4", "", "", ""],
    ]
