import numpy as np
import pytest

from dlcourse import nn
from dlcourse.figures import plane, signed, unit_outputs


def network(*hidden, activation="tanh", seed=0):
    layers = [layer for n in hidden for layer in (nn.Dense(n), nn.Activation(activation))]
    return nn.Sequential(
        [*layers, nn.Dense(1), nn.Activation("sigmoid")], input_shape=(2,), seed=seed
    )


def test_the_plane_starts_at_its_upper_left_corner():
    points = plane(2.0, 5)
    assert points.shape == (25, 2)
    assert points[0].tolist() == [-2, 2]
    assert points[4].tolist() == [2, 2]
    assert points[-1].tolist() == [2, -2]


def test_the_outputs_of_the_units_are_those_of_the_layers():
    model = network(3, 2)
    x = plane(1.0, 4)
    first, second, last = unit_outputs(model, x)
    np.testing.assert_array_equal(last, model.predict(x, len(x)))
    np.testing.assert_array_equal(
        first, np.tanh(x @ model.params["0.kernel"] + model.params["0.bias"])
    )
    assert second.shape == (16, 2)


@pytest.mark.parametrize(
    ("activation", "values", "scaled"),
    [
        ("sigmoid", [0, 0.5, 1], [-1, 0, 1]),
        ("tanh", [-1, 0, 0.5], [-1, 0, 0.5]),
        ("relu", [0, 1, 4], [0, 0.25, 1]),
        ("linear", [-4, 0, 2], [-1, 0, 0.5]),
        ("relu", [0, 0, 0], [0, 0, 0]),
        ("linear", [np.nan, np.inf, 2], [0, 0, 1]),
    ],
)
def test_values_are_scaled_about_the_middle_of_the_activation(activation, values, scaled):
    column = np.array(values, float)[:, np.newaxis]
    np.testing.assert_allclose(signed(column, activation)[:, 0], scaled)
