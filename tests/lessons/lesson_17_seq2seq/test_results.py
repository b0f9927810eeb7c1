"""The record is whole, and says what the lesson says of it."""

import pytest

from dlcourse.lessons import records
from dlcourse.lessons.lesson_17_seq2seq import experiments, results


def test_the_first_run_is_measured_again():
    model = experiments.copier(0, steps=1_500)
    found = experiments.by_length(model, [6], 0)[6]
    recorded = results.lengths("copying")["as it is"][6][0]
    assert found.whole == pytest.approx(recorded, abs=0.25)  # other processors round otherwise


def test_the_sentences_of_the_lesson_hold_on_every_seed():
    assert results.wins() == (5, 5)
    plain, attention, large = (
        results.runs("into_words", kind=kind) for kind in results.kinds("into_words")
    )
    assert all(run["whole"] < 0.02 and run["forced"] > 0.88 for run in plain)
    assert all(run["whole"] > 0.85 for run in attention)
    assert all(run["whole"] < 0.1 for run in large)
    assert large[0]["parameters"] >= attention[0]["parameters"]
    straight, backwards, _ = (
        results.runs("into_digits", kind=kind) for kind in results.kinds("into_digits")
    )
    for old, new in zip(straight, backwards, strict=True):
        assert new["whole"] < old["whole"]
    greedy, wide = (results.runs("beams", width=width) for width in (1, 5))
    for one, five in zip(greedy, wide, strict=True):
        assert five["whole"] > one["whole"]
        assert five["log_p"] > one["log_p"]
    far = results.lengths("copying")["with attention"]
    assert min(far[10]) > 0.95
    assert max(far[12]) < 0.05
    for run in results.runs("padding", way="skipped"):
        assert min(run["widths"].values()) > 0.8
    for run in results.runs("padding", way="after"):
        assert run["widths"]["20"] < 0.2


def test_the_tables_name_their_command():
    tables = (results.into_words(), results.into_digits(), results.padding(), results.beams())
    assert results.reversal().caption == results.source("copying")
    for table in tables:
        assert "python -m benchmarks.seq2seq" in table.caption
        assert len({len(row) for row in table.rows} | {len(table.columns)}) == 1


def test_percents():
    assert results.percents([0.0, 0.004, 0.0096, 0.5, 0.998, 1]) == "0, 0.4, 1, 50, 99.8, 100"


def test_without_a_record_the_command_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "RECORDS", tmp_path)
    results.record.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\.seq2seq"):
            results.record()
    finally:
        results.record.cache_clear()
