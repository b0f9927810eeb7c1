"""The record and its tables: what they say stands in the record."""

import json

import numpy as np
import pytest

from dlcourse.layout import RECORDS
from dlcourse.lessons import records
from dlcourse.lessons.lesson_14_architectures import networks, results


def test_the_record_has_what_the_lesson_shows():
    found = json.loads((RECORDS / "architectures.json").read_text("utf-8"))
    assert {"date", "processor", "versions", "seeds"} <= set(found)
    names = [row["style"] for row in found["styles"]]
    assert names == [*networks.STYLES, *networks.WHY]
    assert all(len(row["test"]) == found["seeds"] for row in found["styles"])
    for row in found["detectors"]:
        assert len(row["at_50"]) == len(row["at_75"]) == found["seeds"]


def test_tables_show_the_record():
    row = results.record()["styles"][0]
    assert results.styles().rows[0] == [
        row["style"],
        f"{row['parameters']:,}",
        results.spread(row["train"], 0),
        results.spread(row["test"], 0),
    ]
    assert len(results.styles().rows) == len(networks.STYLES)
    assert [line[0] for line in results.styles(networks.WHY).rows] == list(networks.WHY)
    assert [line[0] for line in results.depths().rows] == list(networks.DEPTHS)
    assert len(results.detectors().rows) == len(results.record()["detectors"])
    assert len(results.sides().rows) == len(results.record()["sides"])
    assert results.record()["date"] in results.source()


def test_what_the_lesson_says_of_depth_holds_on_every_seed():
    last = {
        (layers, way): [run[-1] for run in results.stack(layers, way)["epochs"]]
        for layers in networks.DEPTHS
        for way in (False, True)
    }
    assert min(last[34, False]) > 10 * max(last[10, False])
    assert max(last[34, True]) < 2
    worse = [run > max(last[10, False]) for run in last[18, False]]
    assert sum(worse) > len(worse) / 2  # "on most starts"


def test_what_the_lesson_says_of_styles_holds_on_every_seed():
    test = {row["style"]: row["test"] for row in results.record()["styles"]}
    best, without = test["ResNet: blocks with a shortcut"], test["ResNet without shortcuts"]
    others = [
        wrong for name in networks.STYLES if not name.startswith("ResNet") for wrong in test[name]
    ]
    assert max(best) < min(others)
    assert min(without) <= max(best)  # they overlap
    assert np.mean(test["VGG with batch normalization"]) < np.mean(test["VGG: pairs of 3 x 3"])


def test_what_the_lesson_says_of_the_detector_holds_on_every_seed():
    rows = {row["way"]: row for row in results.record()["detectors"]}
    paper = rows["as in the paper"]
    assert min(paper["at_50"]) > 0.95
    assert max(rows["boxes count 1"]["at_75"]) < min(paper["at_75"])
    assert max(rows["4 x 4 cells"]["at_75"]) < min(paper["at_75"])
    small, usual, large = np.array(paper["sides"]).T
    assert min(usual) > 0.95
    assert max(*small, *large) < 0.6


def test_a_row_that_is_not_there_is_asked_for_in_words():
    with pytest.raises(KeyError, match=r"no stack with.*99"):
        results.stack(99, True)


def test_a_missing_record_says_how_to_make_it(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "RECORDS", tmp_path)
    results.record.cache_clear()
    try:
        with pytest.raises(FileNotFoundError, match=r"python -m benchmarks\.architectures"):
            results.record()
    finally:
        results.record.cache_clear()


def test_more_epochs_help_the_deepest_stack_and_do_not_cure_it():
    (patient,) = results.record()["patient"]
    short = [run[-1] for run in results.stack(34, False)["epochs"]]
    assert patient["layers"] == 34
    assert np.median(patient["last"]) < np.median(short)
    with_shortcuts = [run[-1] for run in results.stack(34, True)["epochs"]]
    assert min(patient["last"]) > max(with_shortcuts)
    assert results.spread(patient["last"]) in results.patient()
