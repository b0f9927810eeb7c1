"""The rivals of lesson 16: what they start from, and the records that they left."""

import json

import numpy as np

from benchmarks import adding_rivals, quotes
from benchmarks.adding_rivals import RIVALS, Rival


def test_each_network_starts_as_its_name_says():
    found = {}
    for rival in RIVALS:
        layer = adding_rivals.network(rival, 0).layers[0]
        assert f", {layer.units} units" in rival.name
        found[rival.name] = layer
    bias = found["LSTM, 8 units, forget bias 1"].params["bias"].reshape(4, 8)
    assert (bias[1] == 1).all()
    assert not bias[[0, 2, 3]].any()
    recurrent = found["ReLU, 40 units, identity start"].params["recurrent_kernel"]
    np.testing.assert_array_equal(recurrent, np.eye(40))
    assert found["tanh, 20 units"].activation == "tanh"


def test_a_run_ends_at_its_budget():
    rival = Rival("tanh, 20 units", 30, 0.005, 320, 1)
    run = adding_rivals.measure(rival, 0)
    assert (run["sequences"], run["stopped"]) == (320, False)
    assert run["wrong"] > 1000


def test_the_record_of_the_rivals_is_whole():
    record = json.loads(adding_rivals.RECORD.read_text(encoding="utf-8"))
    found = [(r["name"], r["lag"], r["seed"], r["most_sequences"]) for r in record["runs"]]
    wanted = [(r.name, r.lag, s, r.most_sequences) for r in RIVALS for s in range(r.seeds)]
    assert found == wanted


def test_the_record_of_the_quotes_is_whole():
    record = json.loads(quotes.RECORD.read_text(encoding="utf-8"))
    found = [(run["name"], run["seed"]) for run in record["runs"]]
    names = ("LSTM, 8 units", "tanh, 20 units")
    assert found == [(name, seed) for name in names for seed in range(quotes.SEEDS)]
