"""The experiments of lesson 06 count, measure and compare what they say."""

import pytest

from dlcourse.lessons.lesson_06_autodiff import experiments
from dlcourse.nn.autodiff import Value


def test_a_wrong_class_is_seen_beside_a_right_one():
    table = experiments.three_ways(lambda a, b: a * b, lambda x: Value(x + 1), [2.0, 3.0])
    assert table.rows[0] == ["a", "4.000000", "3.000000", "4.000000"]


def test_nudging_is_worst_at_both_ends():
    _, errors, _ = experiments.errors_of_nudging(0.7, 0.0)
    assert 3 <= errors.argmin() <= 6


def test_reverse_mode_never_costs_more_than_five_times_the_answer():
    parameters, counts = experiments.count_operations([(2, 2, 2), (8, 8, 4), (32, 32, 10)])
    assert parameters == [12, 108, 1386]
    for back, alone, nudging in zip(
        counts["reverse mode"], counts["the answer alone"], counts["nudging"], strict=True
    ):
        assert 4 < back / alone <= 5
        assert nudging > 10 * alone


def test_the_finer_the_rounding_the_better_the_prediction():
    w = Value(0.3)
    table = experiments.rounding_table(
        lambda unit: unit(unit(w) * 2 + 0.1) ** 2, Value.sigmoid, Value, [1, 3]
    )
    errors = [abs(float(off) - float(told)) / abs(float(off)) for _, off, told in table.rows]
    assert errors[1] < errors[0] < 0.2


def test_determinants_meet_the_bound_of_three():
    table = experiments.determinant_table([2, 3])
    assert [row[1:3] for row in table.rows] == [[3, 9], [10, 30]]
    assert [row[3] for row in table.rows] == pytest.approx([3, 3])
    assert all(row[4] == "yes" for row in table.rows)


def test_times_have_a_row_for_each_way():
    table = experiments.times({"nothing": lambda: None, "little": lambda: sum(range(9))})
    assert [row[0] for row in table.rows] == ["nothing", "little"]
