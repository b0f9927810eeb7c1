"""The record of lesson 14: what is measured anew is written, and the rest of it stays."""

import json
import sys

import pytest

from benchmarks import architectures


@pytest.fixture
def record(monkeypatch, tmp_path):
    path = tmp_path / "architectures.json"
    path.write_text(json.dumps({"date": "1998-11-01", "styles": ["old"], "depths": ["old"]}))
    monkeypatch.setattr(architectures, "RECORD", path)
    parts = {
        name: lambda seeds, name=name: [f"{name}, {seeds} seeds"] for name in ("styles", "depths")
    }
    monkeypatch.setattr(architectures, "PARTS", parts)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["architectures", *arguments])
        architectures.main()
        return json.loads(path.read_text())

    return run


def test_a_part_is_written_into_the_record(record):
    found = record("styles")
    assert found["styles"] == ["styles, 5 seeds"]
    assert found["depths"] == ["old"]
    assert found["date"] > "2026"
    assert found["seeds"] == 5


def test_all_parts_make_a_new_record(record):
    found = record()
    assert found["styles"] == ["styles, 5 seeds"]
    assert found["depths"] == ["depths, 5 seeds"]


def test_fewer_seeds_are_not_recorded(record):
    assert record("styles", "--seeds", "1")["styles"] == ["old"]


def test_an_unknown_part_is_refused(record, capsys):
    with pytest.raises(SystemExit):
        record("stiles")
    assert "no such part: stiles; there are styles, depths" in capsys.readouterr().err


def test_a_row_of_a_detector_has_a_number_for_each_seed():
    row = architectures._of_side(architectures.detector.network(0), 0, (7.0, 16.0))
    assert 0 <= row < 0.1  # it has learned nothing
