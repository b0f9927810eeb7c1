"""The record of lesson 19: what a part of it writes, and that the stored one is whole."""

import json

from benchmarks import graphs
from dlcourse.lessons.lesson_19_graphs import experiments


def test_the_stored_record_is_whole():
    record = json.loads(graphs.RECORD.read_text(encoding="utf-8"))
    assert record["seeds"] == graphs.SEEDS
    few = {(row["labels"], row["method"]) for row in record["few_labels"]}
    assert few == {(n, method) for n in graphs.LABELS for method in experiments.METHODS}
    assert all(len(row["right"]) == 2 * graphs.SEEDS for row in record["few_labels"])
    times = [row["times"] for row in record["depth"] if row["way"].startswith("means")]
    assert times == [*graphs.DEPTHS, *graphs.MORE]
    assert len(record["pixels"]) == 2 * len(experiments.PIXELS)


def test_a_part_of_the_record_is_measured_anew(monkeypatch, capsys):
    """Other machines round otherwise, so a run may differ from the record by a member or two."""
    monkeypatch.setattr(graphs, "DEPTHS", (2,))
    found = graphs.club_depth(1)
    stored = json.loads(graphs.RECORD.read_text(encoding="utf-8"))["club_depth"]
    (expected,) = (row for row in stored if row["times"] == 2)
    for seed, right in enumerate(found[0]["right"]):
        assert abs(right - expected["right"][seed]) <= 2
    assert capsys.readouterr().out.count("\n") == len(found)
