"""The record of lesson 21: what a part of it measures, and that the stored one is whole."""

import json

from benchmarks import groups as benchmark
from dlcourse.lessons.lesson_21_scale import groups


def test_the_stored_record_is_whole():
    record = json.loads(benchmark.RECORD.read_text(encoding="utf-8"))
    assert record["seeds"] == benchmark.SEEDS
    found = {(row["kind"], row["way"], row["share"]) for row in record["rows"]}
    ways = {("as it is", share) for share in groups.SHARES}
    ways |= {(way, share) for way in groups.WAYS[1:] for share in benchmark.REPAIRED}
    assert found == {(kind, *way) for kind in groups.KINDS for way in ways}
    assert all(len(row["rates"]) == benchmark.SEEDS for row in record["rows"])


def test_a_part_of_the_record_is_measured_anew(monkeypatch, capsys):
    monkeypatch.setattr(groups, "trained", lambda share, seed, way, kind: (way, kind))
    monkeypatch.setattr(groups, "rates", lambda model, share, kind: groups.Rates(0.1, 0.2, share))
    rows = benchmark.measure(1)
    assert len(rows) == len(json.loads(benchmark.RECORD.read_text(encoding="utf-8"))["rows"])
    assert rows[0] == {
        "kind": "inverted",
        "way": "as it is",
        "share": 0.0,
        "rates": [[0.1, 0.2, 0.0]],
    }
    assert capsys.readouterr().out.count("\n") == len(rows)
