"""The record: that its tables say what it holds, and that the lesson's sentences follow from it."""

from statistics import median

import pytest

from dlcourse.lessons import records
from dlcourse.lessons.lesson_20_radial import forecasts, results, vowels


def test_the_record_has_every_seed():
    record = results.record()
    for row in record["forecasts"]:
        assert len(row["errors"]) == len(row["seconds"]) == record["seeds"]["forecasts"]
    for row in record["lines"]:
        assert len(row["errors"]) == record["seeds"]["lines"]
    for row in record["vowels"]:
        assert len(row["epochs"]) == record["seeds"]["vowels"]
        assert len(row["test"]) == len(results.arrived(row))


def test_a_row_of_each_table_is_what_was_measured():
    (row,) = (
        r for r in results.record()["forecasts"] if (r["ahead"], r["machine"]) == (85, "300 bells")
    )
    shown = {line[0]: line for line in results.forecasts().rows}
    assert set(shown) == set(forecasts.machines())
    assert shown["300 bells"][2].startswith(f"{median(row['errors']):.3f} (")
    assert len(results.lines().rows) == 5
    assert [line[0] for line in results.race().rows] == list(vowels.SYSTEMS)


def test_a_forecast_of_the_record_can_be_made_again():
    (row,) = (
        r for r in results.record()["forecasts"] if (r["ahead"], r["machine"]) == (6, "20 bells")
    )
    machine = forecasts.machines()["20 bells"]
    error, _ = forecasts.measured(machine, forecasts.task(6, 0), 0)
    assert error == pytest.approx(row["errors"][0], rel=0.02)


def test_the_best_rate_never_failed():
    assert results.best_rate("1 expert") is None
    for system in vowels.SYSTEMS[1:]:
        rate = results.best_rate(system)
        (row,) = (
            r for r in results.record()["vowels"] if (r["system"], r["rate"]) == (system, rate)
        )
        assert None not in row["epochs"]


def test_what_the_lesson_says_of_competition():
    at = {(r["competition"], r["experts"]): r for r in results.record()["lines"]}
    for number in (4, 8):
        assert max(at[True, number]["errors"]) < min(at[False, number]["errors"])
        assert set(at[True, number]["used"]) == {3}
    assert median(at[True, 2]["errors"]) > median(at[False, 2]["errors"])
    assert max(at[True, 3]["errors"]) > 1
    assert results.bits(True, 4) < results.bits(False, 4)


def test_what_the_lesson_says_of_the_race():
    assert min(results.speedup()) > 2
    assert 1 < min(results.speedup(results.EQUAL)) <= max(results.speedup(results.EQUAL)) < 2


def test_no_record_is_no_table(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "RECORDS", tmp_path)
    results.record.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\.radial"):
        results.record()
    results.record.cache_clear()
