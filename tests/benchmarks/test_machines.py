"""The record of lesson 11's machines: what a part of it writes."""

import json

from benchmarks import machines
from dlcourse.lessons.lesson_11_machines import measure


def test_what_is_kept_of_some_runs():
    runs = [measure.Run(0.9, 1.0, 0.12345, 2.0, 7.0), measure.Run(0.8, 0.9, 0.12345, 2.0, 9.0)]
    kept = machines._kept(runs)
    assert kept["right"] == [0.9, 0.8]
    assert kept["fit"] == 0.123
    assert kept["kilobytes"] == 8.0


def test_the_record_says_when_and_on_what():
    record = json.loads(machines.RECORD.read_text(encoding="utf-8"))
    assert record["seeds"] == machines.SEEDS
    assert set(record) == {
        *("date", "processor", "versions", "seeds", "tables", "useless", "sizes", "hands"),
        *("numbers", "one_class"),
    }
    sizes = [row["size"] for row in record["sizes"][: len(machines.SIZES)]]
    assert tuple(sizes) == machines.SIZES
