import numpy as np
import pytest

from dlcourse.lessons.lesson_10_generalization import figures, polynomials


def test_each_degree_has_a_panel_and_its_errors_are_told():
    points = polynomials.draw(15, 0.25, 0)
    figure = figures.fits(points, [1, 3])
    assert [axes.get_title("left") for axes in figure.axes] == ["degree 1", "degree 3"]
    train, test = polynomials.errors(points, 3)
    assert (
        f"degree 3: error {train:.2g} on the points, {test:.2g} on the curve" in figure.description
    )


@pytest.mark.parametrize("log", [False, True])
def test_the_lowest_place_of_both_errors_is_told(log):
    figure = figures.two_errors(
        [1, 2, 4], [[3.0, 2.0, 1.0]] * 2, [[5.0, 3.0, 4.0]] * 2, "units", "errors (%)",
        log_x=log, log_y=log, rule=(2, 4) if log else None,
    )  # fmt: skip
    assert "lowest at 2 with 3" in figure.description
    assert "from 3 to 1" in figure.description


def test_the_gap_of_choosing_is_told():
    said = figures.choosing([1, 30], [10.0, 4.0], [10.0, 6.0]).description
    assert "With 30, the best scores 4.0 % on what it was chosen by, 6.0 % on fresh" in said


def test_the_best_epoch_is_counted_from_one():
    figure = figures.epochs({"loss": [3.0, 1.0, 2.0]}, {"errors": [9.0, 5.0, 6.0]}, best=1)
    assert "lowest after epoch 2" in figure.description
    assert figure.axes[0].lines[-1].get_xdata()[0] == 2


def test_the_peak_is_told():
    none, ridge = ([[[error, 1.0] for error in run]] for run in ([10, 60, 5], [10, 8, 5]))
    runs = {"none": np.array(none), "ridge": np.array(ridge)}
    said = figures.descent([25, 200, 4000], runs, 200).description
    assert "none: largest errors on new digits (%) 60, at 200 features" in said
    assert "ridge: largest errors on new digits (%) 10, at 25 features" in said


def test_a_shift_moves_the_digit_and_loses_nothing():
    figure = figures.shifts(np.linspace(0, 1, 64)[np.newaxis], 0)
    first, *others = (axes.images[0].get_array() for axes in figure.axes)
    assert all(np.isclose(other.sum(), first.sum()) for other in others)
    assert any(not np.array_equal(other, first) for other in others)
