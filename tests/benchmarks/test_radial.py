"""The record of lesson 20: what its parts write, and that it is what they would write."""

import json
import sys

import pytest

from benchmarks import radial
from dlcourse.lessons.lesson_20_radial import experts, forecasts, vowels


def test_the_record_says_when_and_on_what():
    record = json.loads(radial.RECORD.read_text(encoding="utf-8"))
    assert set(record) == {"date", "processor", "versions", "seeds", *radial.PARTS}
    assert record["seeds"] == radial.SEEDS
    assert [row["experts"] for row in record["lines"]] == list(radial.EXPERTS) * 2
    raced = {(row["system"], row["rate"]) for row in record["vowels"]}
    assert raced == {(system, rate) for system in vowels.SYSTEMS for rate in vowels.RATES}


def test_a_run_of_the_record_can_be_made_again():
    record = json.loads(radial.RECORD.read_text(encoding="utf-8"))
    for row in record["lines"]:
        if row["experts"] == 4:
            again = experts.train(4, row["competition"], 1)
            assert again.error == pytest.approx(row["errors"][1], rel=0.05)
    (row,) = (r for r in record["vowels"] if (r["system"], r["rate"]) == ("4 experts", 10.0))
    assert vowels.race("4 experts", 10.0, 2).epochs == pytest.approx(row["epochs"][2], abs=1)


def test_one_seed_is_printed_and_not_recorded(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(radial, "RECORD", tmp_path / "radial.json")
    monkeypatch.setattr(radial, "EXPERTS", (1,))
    monkeypatch.setattr(sys, "argv", ["radial", "--seeds", "1", "--part", "lines"])
    radial.main()
    assert capsys.readouterr().out.count('"competition"') == 2
    assert not radial.RECORD.exists()


def test_a_part_is_measured_anew_and_the_others_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(radial, "RECORD", tmp_path / "radial.json")
    radial.RECORD.write_text(json.dumps({"lines": ["kept"]}), encoding="utf-8")
    monkeypatch.setitem(radial.SEEDS, "forecasts", 1)
    monkeypatch.setattr(radial, "AHEAD", (6,))
    plain = {"the last value": forecasts.machines()["the last value"]}
    monkeypatch.setattr(forecasts, "machines", lambda: plain)
    monkeypatch.setattr(sys, "argv", ["radial", "--part", "forecasts"])
    radial.main()
    record = json.loads(radial.RECORD.read_text(encoding="utf-8"))
    assert record["lines"] == ["kept"]
    assert len(record["forecasts"][0]["errors"]) == 1
