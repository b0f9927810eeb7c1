"""The record is whole and was measured as it says; the verdicts follow from their rule alone."""

import json
from statistics import mean

import pytest

from dlcourse.lessons import records
from dlcourse.lessons.lesson_11_machines import claims, measure, results
from dlcourse.lessons.lesson_11_machines.machines import CLASSIFIERS, REGRESSORS, classifier


@pytest.mark.parametrize("machine", ["naive Bayes", "linear regression", "SVM"])
@pytest.mark.parametrize("scaled", [True, False])
def test_a_part_of_the_record_is_measured_again(machine, scaled):
    x, y = measure.data("wines")
    again = measure.cross_validate(classifier(machine, 1, scaled), x, y, 1)
    assert results.right("wines", machine, scaled)[1] == pytest.approx(again.right, abs=0.012)


def test_the_record_has_every_machine_and_seed():
    found = results.record()
    for table in ("digits", "tumours", "wines"):
        for machine in CLASSIFIERS:
            shares = results.right(table, machine)
            assert len(shares) == found["seeds"]
            assert all(0.3 < share <= 1 for share in shares)
    assert [row["machine"] for row in found["numbers"]] == list(REGRESSORS)
    assert results.machines() == list(CLASSIFIERS)


def test_without_a_record_the_command_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "RECORDS", tmp_path)
    results.record.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\.machines"):
            results.record()
    finally:
        results.record.cache_clear()


def test_the_tables_name_their_command_and_all_machines():
    for table in (results.exam(), results.raw(), results.useless()):
        assert "python -m benchmarks.machines" in table.caption
        assert [row[0] for row in table.rows] == list(CLASSIFIERS)


def test_only_a_table_with_times_says_where_they_were_taken():
    """And only one of cross-validation speaks of folds."""
    assert "one core" in results.exam().caption
    for table in (results.raw(), results.useless(), results.two_exams()):
        assert "one core" not in table.caption
    assert "folds" not in results.two_exams().caption


def test_needed_is_the_first_size_that_suffices(monkeypatch):
    rows = [
        {"machine": "A", "size": size, "right": [right, right]}
        for size, right in ((20, 0.5), (50, 0.81), (100, 0.9))
    ]
    monkeypatch.setattr(results, "record", lambda: {"sizes": rows})
    assert results.needed("A") == 50
    monkeypatch.setattr(results, "ENOUGH", 0.95)
    assert results.needed("A") is None


def fake(numbers, words):
    """Let two words stand for these numbers, one machine each."""

    def measured(column, machine):
        return numbers[machine]

    return measured, {name: ("", "", "", word, "", "") for name, word in words.items()}


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ({"A": 9.0, "B": 1.0, "C": 2.0}, "holds"),
        ({"A": 0.1, "B": 1.0, "C": 2.0}, "contradicted"),
        ({"A": 1.4, "B": 1.0, "C": 2.0}, "open"),
        ({"A": 1.1, "B": 1.0, "C": 1.0}, "open"),
    ],
)
def test_a_word_is_held_against_the_other_words(monkeypatch, numbers, verdict):
    measured, words = fake(numbers, {"A": "costly", "B": "fast", "C": "fast"})
    monkeypatch.setattr(claims, "measured", measured)
    monkeypatch.setattr(claims, "WORDS", words)
    assert claims.verdict("learning", "A") == verdict


def test_every_word_has_its_level_and_every_cell_is_judged():
    for machine, words in claims.WORDS.items():
        assert len(words) == len(claims.LEVELS)
        for word, (column, levels) in zip(words, claims.LEVELS.items(), strict=True):
            assert word in ("", *levels)
            judged = claims.verdict(column, machine)
            assert judged in ("holds", "contradicted", "open", "")
            assert (judged == "") == (not word or claims.measured(column, machine) is None)
    assert sum(claims.counted().values()) == sum(
        bool(claims.verdict(c, m)) for c in claims.LEVELS for m in claims.WORDS
    )


def test_the_two_tables_of_claims():
    assert len(claims.machine_or_deep().rows) == 13
    table = claims.cells("memory", "learning")
    assert [row[0] for row in table.rows] == list(claims.WORDS)
    assert mean(len(row) for row in table.rows) == 7
    json.dumps(table.rows)
