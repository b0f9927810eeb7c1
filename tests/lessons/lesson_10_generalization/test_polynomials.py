import numpy as np
import pytest

from dlcourse.lessons.lesson_10_generalization import polynomials


def test_a_fit_is_that_of_any_other_basis():
    points = polynomials.draw(15, 0.25, 3)
    places = np.linspace(-1, 1, 9)
    other = np.polynomial.Polynomial.fit(*points, 6)(places)
    ours = polynomials.columns(places, 6) @ polynomials.fit(points, 6)
    np.testing.assert_allclose(ours, other, atol=1e-9)


def test_the_columns_are_equally_large_and_at_right_angles():
    places, weights = np.polynomial.legendre.leggauss(20)
    columns = polynomials.columns(places, 8)
    np.testing.assert_allclose(
        columns.T @ (columns * weights[:, np.newaxis]) / 2, np.eye(9), atol=1e-12
    )


@pytest.mark.parametrize("degree", [3, 14, 30])
def test_a_ridge_solves_its_equations(degree):
    points, price = polynomials.draw(15, 0.25, 0), 0.3
    a = polynomials.columns(points.x, degree)
    expected = np.linalg.solve(a.T @ a + price * np.eye(degree + 1), a.T @ points.y)
    np.testing.assert_allclose(polynomials.fit(points, degree, price), expected, atol=1e-9)


def test_of_all_that_fit_the_smallest_weights_are_taken():
    points = polynomials.draw(5, 0.25, 0)
    a = polynomials.columns(points.x, 9)
    weights = polynomials.fit(points, 9)
    np.testing.assert_allclose(a @ weights, points.y, atol=1e-9)
    np.testing.assert_allclose(weights, np.linalg.pinv(a) @ points.y, atol=1e-9)


def test_more_points_or_another_noise_keep_the_random_numbers():
    few, many = polynomials.draw(5, 0.0, 1), polynomials.draw(20, 1.0, 1)
    assert set(few.x) <= set(many.x)
    np.testing.assert_array_equal(few.y, polynomials.truth(few.x))
    assert np.all(np.diff(many.x) > 0)


def test_what_the_lesson_says_of_degrees_holds_for_other_points():
    sets = [polynomials.draw(15, 0.25, seed) for seed in range(100, 130)]
    train, test = (
        np.median(
            [[polynomials.errors(points, d)[which] for d in (1, 3, 14)] for points in sets], 0
        )
        for which in (0, 1)
    )
    assert train[0] > train[1] > 1e6 * train[2]
    assert test[1] < test[0] / 2
    assert test[2] > 100


def test_the_example_by_hand():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.0])
    for degree, weights, trained, at_3 in (
        (0, [2.0], 2 / 3, 2.0),
        (1, [1.5, 0.5], 0.5, 3.0),
        (2, [1.0, 3.5, -1.5], 0.0, -2.0),
    ):
        found = np.polynomial.Polynomial.fit(x, y, degree).convert()
        np.testing.assert_allclose(found.coef, weights, atol=1e-9)
        assert np.mean((found(x) - y) ** 2) == pytest.approx(trained, abs=1e-9)
        assert found(3.0) == pytest.approx(at_3)
