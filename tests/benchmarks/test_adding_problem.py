"""The long runs of the adding problem: the rule that stops them, and the record they left."""

import json
import math

import numpy as np
import pytest

from benchmarks import adding_problem


def test_the_gates_start_as_the_lag_asks():
    bias = adding_problem.adding_network(100, seed=0).params["0.bias"].reshape(4, -1)
    np.testing.assert_allclose(1 / (1 + np.exp(-bias[1])), 100 / 101, rtol=1e-5)
    np.testing.assert_allclose(bias[0], -math.log(100), rtol=1e-6)
    assert not bias[2:].any()


def test_training_stops_at_the_limit_and_says_so():
    run = adding_problem.measure(30, seed=0, most_sequences=320)
    assert (run["sequences"], run["stopped"]) == (320, False)
    assert run["wrong"] > 1000  # nothing can be learned from 320 sequences


def test_training_stops_when_2000_in_a_row_were_right(monkeypatch):
    monkeypatch.setattr(adding_problem, "ALLOWED_ERROR", 0.999)
    monkeypatch.setattr(adding_problem, "MEAN_ERROR", 0.9)
    model = adding_problem.adding_network(30, seed=0)
    sequences, stopped = adding_problem.train(model, 30, seed=0)
    assert stopped
    assert 2000 <= sequences < 2000 + adding_problem.BATCH
    monkeypatch.setattr(adding_problem, "MEAN_ERROR", 0.0)
    assert adding_problem.train(model, 30, 0, most_sequences=3200) == (3200, False)


def test_the_record_is_whole():
    record = json.loads(adding_problem.RECORD.read_text(encoding="utf-8"))
    found = [(run["lag"], run["seed"]) for run in record["runs"]]
    assert found == [(lag, seed) for lag in adding_problem.LAGS for seed in range(5)]
    assert record["most_sequences"] == adding_problem.MOST_SEQUENCES
    for run in record["runs"]:
        assert run["sequences"] <= record["most_sequences"]
        assert 0 <= run["wrong"] <= record["test_sequences"]


@pytest.mark.parametrize("arguments", [["30", "--seeds", "1"]])
def test_a_part_is_printed_and_not_recorded(arguments, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(adding_problem, "MOST_SEQUENCES", 64)
    monkeypatch.setattr(adding_problem, "RECORD", tmp_path / "record.json")
    monkeypatch.setattr(adding_problem, "measure", lambda lag, seed: {"lag": lag, "seed": seed})
    monkeypatch.setattr("sys.argv", ["adding_problem", *arguments])
    monkeypatch.setattr(adding_problem.os, "nice", lambda by: 0, raising=False)
    adding_problem.main()
    assert json.loads(capsys.readouterr().out) == {"lag": 30, "seed": 0}
    assert not adding_problem.RECORD.exists()
