"""The table of `speed`; how fast anything is, is no matter for a test."""

import numpy as np

from dlcourse import compare, nn


def test_a_row_a_task_and_a_model_left_alone():
    model = nn.Sequential([nn.Dense(1), nn.Activation("sigmoid")], input_shape=(2,), seed=0)
    before = model.get_weights()
    x, y = np.eye(2), np.array([0, 1])
    table = compare.speed(model, x, y, loss=nn.BinaryCrossentropy(), optimizer=nn.SGD(), rounds=2)
    assert [row[:2] for row in table.rows][:2] == [["CPU", "training step"], ["CPU", "prediction"]]
    assert all(float(row[4]) > 0 for row in table.rows)
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)
