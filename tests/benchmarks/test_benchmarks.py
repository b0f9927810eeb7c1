"""The benchmark runs and judges rightly; how fast anything is, no test asks."""

import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.workloads import WORKLOADS
from dlcourse import nn


def result(ratio, target=1.0, gate=1.3):
    times = {"dlcourse": 1.0, "keras": 1.0, "products": 0.5}
    return benchmarks.Result("LSTM", "step", times, [0.9, ratio, 1.1], 0.5, target, gate)


def test_one_workload_from_the_command_line():
    command = [sys.executable, "-m", "benchmarks", "XOR", "--rounds", "2", "--block", "0.002"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines()[0].split()[:2] == ["workload", "task"]
    assert [line.split()[:2] for line in printed.splitlines()[2:]] == [
        ["XOR", "step"],
        ["XOR", "inference"],
    ]


def test_an_unknown_workload_is_refused_in_words(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "Transformer"])
    with pytest.raises(SystemExit):
        benchmarks.main()
    assert "no workload Transformer; there are MLP 32, " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(0.95, "reached"), (1.1, "missed by 10%"), (1.4, "beyond the gate, 1.3")],
)
def test_verdicts(ratio, verdict):
    assert benchmarks.verdict(result(ratio)) == verdict


def test_only_what_lies_beyond_a_gate_fails():
    assert benchmarks.failures([result(0.5), result(1.2)], {"dlcourse": 30, "keras": 50}) == []
    assert benchmarks.failures([result(1.4)], {"dlcourse": 60, "keras": 50}) == [
        "LSTM, step: 1.400 of Keras's time, at most 1.3 allowed",
        "Conv2D takes more memory than Keras",
    ]


def test_nothing_holds_back_one_contender_only(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    environment = benchmarks.environment()
    assert "OPENBLAS_CORETYPE" not in environment
    assert environment["OPENBLAS_NUM_THREADS"] == environment["TF_NUM_INTRAOP_THREADS"] == "1"


def test_the_record_names_no_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmarks, "RECORDS", tmp_path)
    path = benchmarks.save([result(0.951234)], {"dlcourse": 26.7, "keras": 51.2}, rounds=3)
    record = json.loads(path.read_text())
    assert record["results"][0]["ratio"] == [0.9, 0.9512, 1.1]
    assert set(record["versions"]) == {"python", "numpy", "keras", "tensorflow"}
    assert benchmarks.platform.node() not in path.read_text().split()


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_products_are_those_of_the_layers(name):
    """Each kernel takes part in a product of the forward pass, with its own shape."""
    workload = WORKLOADS[name]
    products = {(inner, columns) for _, _, inner, columns in workload.forward}
    kernels = {
        (int(np.prod(array.shape[:-1])), array.shape[-1])
        for key, array in workload.model().params.items()
        if key.endswith("kernel")
    }
    assert products == kernels


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_network_takes_a_step(name):
    workload = WORKLOADS[name]
    model, (x, y) = workload.model(), workload.data()
    before = model.get_weights()
    model.train_on_batch(x[:2], y[:2], loss=workload.loss, optimizer=nn.SGD(0.01))
    assert any((a != b).any() for a, b in zip(model.get_weights(), before, strict=True))
