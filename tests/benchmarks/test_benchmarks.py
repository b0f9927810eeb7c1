"""The benchmark runs and judges rightly; how fast anything is, no test asks."""

import json
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import worker
from benchmarks.networks import EXAMPLES
from benchmarks.products import Product, forward_and_backward
from dlcourse import nn


def result(ratio, network="LSTM", floor=0.5):
    times = {"dlcourse": ratio, "keras": 1.0, "products": floor}
    ratios = {"dlcourse": [0.9, ratio, 1.1], "products": [0.4, floor, 0.6]}
    return benchmarks.Result(network, 64, "step", 1, times, ratios)


def test_one_network_from_the_command_line():
    command = [sys.executable, "-m", "benchmarks", "XOR", "--rounds", "2", "--block", "0.002"]
    command += ["--threads", "1"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = printed.splitlines()
    assert lines[0].split()[:4] == ["network", "batch", "task", "threads"]
    expected = [["XOR", "4", task, "1"] for task in ("step", "inference")]
    assert [line.split()[:4] for line in lines[2:]] == expected


def test_an_unknown_network_is_refused_in_words(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "Transformer"])
    with pytest.raises(SystemExit):
        benchmarks.main()
    assert "no network Transformer; there are MLP, " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(0.95, "reached"), (1.1, "missed by 10%"), (2.3, "beyond the gate, 2.2")],
)
def test_verdicts(ratio, verdict):
    assert benchmarks.verdict(result(ratio)) == verdict


def test_only_what_lies_beyond_a_gate_fails():
    memory = {"dlcourse": 30, "keras": 50}
    assert benchmarks.failures([result(0.5), result(1.2)], memory) == []
    assert benchmarks.failures([result(2.4)], {"dlcourse": 60, "keras": 50}) == [
        "LSTM, batch of 64, step, threads: 1: 2.400 of Keras's time, at most 2.2 allowed, and 4.8 "
        "times the products alone, at most 4; ms: dlcourse 2.4, keras 1, products 0.5",
        "Conv2D takes more memory than Keras",
    ]


def test_where_keras_is_quicker_than_the_products_nothing_is_at_fault():
    assert benchmarks.failures([result(2.4, floor=1.0)], None) == []


def test_on_two_threads_keras_alone_decides():
    slow = result(2.4, floor=1.0)
    slow.to_keras.pop("products")
    assert len(benchmarks.failures([slow], None)) == 1


def test_onednn_is_switched_on_for_one_contender(monkeypatch):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    assert "TF_ENABLE_ONEDNN_OPTS" not in benchmarks.environment(1, "keras")
    assert benchmarks.environment(1, "onednn")["TF_ENABLE_ONEDNN_OPTS"] == "1"


def test_nothing_holds_back_one_contender_only(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "0")
    environment = benchmarks.environment(2)
    assert not {"OPENBLAS_CORETYPE", "MALLOC_TRIM_THRESHOLD_"} & environment.keys()
    assert environment["OMP_NUM_THREADS"] == environment["TF_NUM_INTRAOP_THREADS"] == "2"
    assert environment["OPENBLAS_NUM_THREADS"] == "1"


def test_the_record_names_no_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmarks, "RECORDS", tmp_path)
    path = benchmarks.save([result(0.951234)], {"dlcourse": 26.7, "keras": 51.2}, rounds=3)
    record = json.loads(path.read_text())
    assert record["results"][0]["to_keras"]["dlcourse"] == [0.9, 0.9512, 1.1]
    assert {"python", "numpy", "keras", "tensorflow"} <= set(record["versions"])
    assert benchmarks.platform.node() not in path.read_text().split()


@pytest.mark.parametrize("name", benchmarks.NAMES)
def test_the_products_are_those_of_the_layers(name):
    """Each kernel takes part in a product of the forward pass, with its own shape."""
    model = worker.NETWORK[name].model()
    forward, backward = forward_and_backward(model, 64)
    products = {(product.inner, product.columns) for product in forward}
    kernels = {
        (int(np.prod(array.shape[:-1])), array.shape[-1])
        for key, array in model.params.items()
        if key.endswith("kernel") and name != "LeCun 1989"
    }
    assert kernels <= products
    assert len(backward) >= len(forward)


def test_the_products_of_a_dense_network_are_counted_by_hand():
    forward, backward = forward_and_backward(worker.NETWORK["MLP"].model(), 32)
    assert forward == [Product(1, 32, 784, 128), Product(1, 32, 128, 10)]
    assert backward == [
        Product(1, 784, 32, 128), Product(1, 128, 32, 10), Product(1, 32, 10, 128),
    ]  # fmt: skip


@pytest.mark.parametrize("contender", ["dlcourse", "keras", "torch", "jax"])
@pytest.mark.parametrize("name", ["LeNet", "GRU"])
def test_every_contender_computes_the_same_before_it_is_timed(contender, name):
    if contender in ("torch", "jax") and not find_spec(contender):
        pytest.skip(f"{contender} is not installed")
    if contender == "torch" and "tensorflow" in sys.modules:
        pytest.skip("beside TensorFlow PyTorch can crash; the benchmark gives each its process")
    network = worker.NETWORK[name]
    found = worker.errors(network, worker.CONTENDERS[contender](network, EXAMPLES, 1))
    assert max(found.values()) < 1e-5


def test_what_computes_something_else_is_not_timed(monkeypatch):
    def wrong(network, batch, threads):
        tasks = worker.dlcourse_tasks(network, batch, threads)
        return tasks | {"inference": lambda: 1.01 * tasks["inference"]()}

    monkeypatch.setitem(worker.CONTENDERS, "dlcourse", wrong)
    with pytest.raises(SystemExit, match=r"outputs off by 1\.0e-02; it is not timed"):
        worker.refuse_wrong("dlcourse", worker.NETWORK["MLP"], 1)


@pytest.mark.parametrize("name", benchmarks.NAMES)
def test_the_network_takes_a_step(name):
    network = worker.NETWORK[name]
    model, (x, y) = network.model(), network.data(4)
    before = model.get_weights()
    model.train_on_batch(x, y, loss=network.loss, optimizer=nn.SGD(0.01))
    assert any((a != b).any() for a, b in zip(model.get_weights(), before, strict=True))
