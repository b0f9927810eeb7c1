"""The record of lesson 17's readers and writers: all seeds, and each replaced alone."""

import json

from benchmarks import seq2seq
from dlcourse.lessons.lesson_17_seq2seq import results


def test_every_part_has_all_its_seeds():
    for part, seeds in seq2seq.SEEDS.items():
        for kind in results.kinds(part, "way" if part == "padding" else "kind"):
            key = "way" if part == "padding" else "kind"
            found = results.runs(part, **{key: kind})
            assert sorted({run["seed"] for run in found}) == list(range(seeds)), (part, kind)


def test_a_seed_replaces_its_own_runs_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(seq2seq, "RECORD", tmp_path / "record.json")
    seq2seq._record("copying", [{"seed": 1, "kind": "old"}])
    seq2seq._record("copying", [{"seed": 0, "kind": "a"}, {"seed": 0, "kind": "b"}])
    seq2seq._record("copying", [{"seed": 1, "kind": "new"}])
    seq2seq._record("padding", [{"seed": 0, "kind": "c"}])
    found = json.loads(seq2seq.RECORD.read_text(encoding="utf-8"))
    assert [run["kind"] for run in found["copying"]["runs"]] == ["a", "b", "new"]
    assert list(found) == ["copying", "padding"]
