"""The benchmark by batch size: what it checks, keeps and leaves out; how fast, no test asks."""

import copy
import json
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import correctness, gpu, provenance
from benchmarks.networks import EXAMPLES, NETWORKS
from benchmarks.rerun import agreement, meet
from dlcourse import nn
from dlcourse.compare.devices import Devices
from dlcourse.compare.keras_backend import load_backend
from dlcourse.compare.machine import Gpu
from dlcourse.compare.speed import contenders
from dlcourse.compare.speed.contenders import Here
from dlcourse.compare.speed.recorded import Recorded, records
from dlcourse.compare.speed.timing import Limits
from dlcourse.compare.speed.work import work
from dlcourse.layout import ROOT
from dlcourse.nn import devices
from tests.nn.device_array import to_stand_in

NO_GPU = {"kind": "CPU", "name": "a made-up CPU"}
OLD_GPU = {"kind": "GPU", "name": "a made-up GPU", "compute_capability": "7.5"}
NEW_GPU = OLD_GPU | {"compute_capability": "9.0"}


@pytest.fixture
def little(monkeypatch):
    """Measure hardly anything, and nothing that takes long."""
    monkeypatch.setattr(gpu, "QUICK_BATCH_SIZES", (4,))
    monkeypatch.setattr(gpu, "QUICK_ROUNDS", 2)
    monkeypatch.setattr(gpu, "BLOCK", 1e-4)
    monkeypatch.setattr(gpu, "limits", lambda contender: Limits(1.0, 1.0))
    for name in gpu.NOT_WANTED:
        monkeypatch.delenv(name, raising=False)


def run(monkeypatch, *arguments):
    """Run the command in this process and return its exit status."""
    monkeypatch.setattr(sys, "argv", ["gpu", *map(str, arguments)])
    return gpu.main()


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


# ------------------------------------------------------------------ the networks


@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_weights_in_every_dtype_and_work_that_can_be_counted(name):
    single, double = (NETWORKS[name].model(dtype) for dtype in (np.float32, np.float64))
    for one, other in zip(single.get_weights(), double.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert work(single).operations["training step"] > 10_000


@pytest.mark.parametrize("name", ["LeCun 1989", "ResNet block"])
def test_a_large_batch_learns_what_the_examples_that_differ_teach(name):
    """One of 128 is 64 examples twice: the same outputs, losses and gradient, without rounding."""
    network = NETWORKS[name]
    model, descent = network.model(np.float64), nn.SGD(correctness.LEARNING_RATE)
    twice = Here(model, *network.data(2 * EXAMPLES), network.loss, descent, "CPU")
    expected = correctness.expected_behaviour(network, 2 * EXAMPLES)
    assert len(expected.outputs) == EXAMPLES
    found = correctness.errors(correctness.behaviour(twice), expected)
    assert max(found.values()) < 1e-9


# ------------------------------------------------------------------ what is checked


def test_errors_by_hand():
    expected = correctness.Behaviour(np.array([3.0, 4.0]), np.array([2.0, 1.0]), np.array([1.0]))
    found = correctness.Behaviour(np.array([3.0, 4.5]), np.array([2.0, 0.9]), np.array([1.25]))
    assert correctness.errors(found, expected) == pytest.approx(
        {"outputs": 0.1, "losses": 0.05, "gradient": 0.25}
    )


@pytest.mark.parametrize("quantity", ["outputs", "losses", "gradient"])
def test_one_wrong_quantity_is_enough(quantity):
    network = NETWORKS["MLP"]
    expected = correctness.expected_behaviour(network, 4)
    good = Here(network.model(), *network.data(4), network.loss, nn.SGD(0.1), "CPU")
    assert correctness.check(good, expected, "float32")[quantity] < 1e-5
    for wrong in (2 * getattr(expected, quantity), np.nan * getattr(expected, quantity)):
        good = Here(network.model(), *network.data(4), network.loss, nn.SGD(0.1), "CPU")
        with pytest.raises(correctness.WrongResult, match=f"{quantity} off by .* at most"):
            correctness.check(good, expected._replace(**{quantity: wrong}), "float32")


def test_a_broken_network_is_refused_before_it_is_timed(little, monkeypatch, tmp_path, capsys):
    """Break it on purpose: the twin gets the input and forget gates the wrong way round."""
    to_keras = contenders.to_keras

    def swapped(model, policy):
        model = copy.deepcopy(model)
        for array in (model.params["0.kernel"], model.params["0.recurrent_kernel"]):
            gates = array.reshape(len(array), 4, -1)
            gates[:, [0, 1]] = gates[:, [1, 0]]
        return to_keras(model, policy)

    monkeypatch.setattr(contenders, "to_keras", swapped)
    path = tmp_path / "record.json"
    assert run(monkeypatch, "LSTM", "--quick", "--record", path) == 1
    record = read(path)
    assert {figure["contender"] for figure in record["figures"]} == {"dlcourse, CPU"}
    refused = {failure["contender"]: failure["reason"] for failure in record["failures"]}
    assert list(refused) == ["Keras, CPU", "Keras, CPU, bfloat16"]
    assert refused["Keras, CPU"].startswith("WrongResult: outputs off by ")
    assert "Not timed, because it failed: LSTM, batch of 4, Keras, CPU: Wrong" in (
        capsys.readouterr().out
    )


# ------------------------------------------------------------------ what is measured


@pytest.mark.parametrize(
    ("network", "device", "gpu_names"),
    [
        ("MLP", NO_GPU, []),
        ("MLP", OLD_GPU, ["", ", bfloat16"]),
        ("MLP", NEW_GPU, ["", ", TF32", ", bfloat16"]),
        ("LSTM", NEW_GPU, ["", ", TF32", ", bfloat16", ", not fused"]),
        ("RNN", NEW_GPU, ["", ", TF32", ", bfloat16"]),
    ],
)
def test_what_a_device_offers(monkeypatch, network, device, gpu_names):
    monkeypatch.setattr(gpu, "cupy_has_gpu", lambda: device is NEW_GPU)
    found = [entry.name for entry in gpu.entries(NETWORKS[network], 4, device)]
    assert found[:2] == ["dlcourse, CPU", "Keras, CPU"]
    if device is NO_GPU:
        assert found[2:] == ["Keras, CPU, bfloat16"]
    else:
        here = ["dlcourse, GPU"] if device is NEW_GPU else []
        assert found[2:] == [f"Keras, GPU{name}" for name in gpu_names] + here


def test_a_small_run_from_the_command_line(monkeypatch, tmp_path):
    """In a process of its own, without what a bare machine with a GPU does not have."""
    path = tmp_path / "record.json"
    code = f"""
import sys
from importlib.machinery import PathFinder

missing = {{"IPython", "anywidget", "click", "ipywidgets", "jupyterlab", "matplotlib", "nbclient",
           "nbformat", "sklearn", "threadpoolctl", "tqdm"}}

class Bare(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        found = name.partition(".")[0] not in missing
        return super().find_spec(name, path, target) if found else None

sys.meta_path[sys.meta_path.index(PathFinder)] = Bare
from benchmarks import gpu
gpu.QUICK_BATCH_SIZES, gpu.QUICK_ROUNDS, gpu.BLOCK = (2,), 2, 1e-4
sys.argv = ["gpu", "MLP", "--quick", "--record", {str(path)!r}]
sys.exit(gpu.main())
"""
    for name in gpu.NOT_WANTED:
        monkeypatch.delenv(name, raising=False)  # else it begins again, without what is set here
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    record = read(path)
    assert record["complete"]
    assert record["command"].endswith("python -m benchmarks.gpu --quick")
    assert f"Record: {path}" in done.stdout
    of_mlp = [figure for figure in record["figures"] if figure["task"] == "training step"]
    assert [f["contender"] for f in of_mlp][:2] == ["dlcourse, CPU", "Keras, CPU"]
    for figure in record["figures"]:
        counted = work(NETWORKS["MLP"].model(), 2)
        assert figure["operations"] == counted.operations[figure["task"]]
        share = 2 if figure["precision"] == "bfloat16" else 1
        assert figure["bytes"] == counted.bytes[figure["task"]] // share
        assert figure["errors"]["gradient"] <= record["tolerances"][figure["precision"]]["gradient"]


def test_a_gpu_that_is_none(little, monkeypatch, tmp_path):
    """Keras's device computes on the CPU, CuPy is the stand-in: every contender, checked."""
    monkeypatch.setattr(provenance, "device", lambda: NEW_GPU)
    monkeypatch.setattr(type(load_backend()), "on", lambda self, device: self.keras.device("cpu"))
    monkeypatch.setitem(devices.DEVICES, "cuda", lambda: to_stand_in)
    path = tmp_path / "sweep-made-up.json"
    assert run(monkeypatch, "LSTM", "--quick", "--record", path) == 0
    record = read(path)
    found = {figure["contender"]: figure for figure in record["figures"]}
    others = ("", ", TF32", ", bfloat16", ", not fused")
    expected = ["dlcourse, CPU", "Keras, CPU", *(f"Keras, GPU{other}" for other in others)]
    assert list(found) == [*expected, "dlcourse, GPU"]
    assert {name: figure.get("fused") for name, figure in found.items()} == {
        name: False if "Keras" in name else None for name in found
    }
    assert found["Keras, GPU, TF32"]["precision"] == "tfloat32"
    assert 1e-4 < found["Keras, GPU, bfloat16"]["errors"]["outputs"] < 0.05
    (again,) = records(tmp_path)
    assert Recorded(again, "LSTM").title == f"LSTM, recorded on a made-up GPU, {record['date']}"


def test_it_can_be_imported_without_any_framework():
    code = (
        "import sys\n"
        "for name in ('tensorflow', 'keras', 'torch', 'jax', 'cupy', 'scipy', 'matplotlib'):\n"
        "    sys.modules[name] = None\n"
        "import benchmarks.gpu\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_part_is_printed_and_not_recorded(little, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(gpu, "RECORDS", tmp_path)
    assert run(monkeypatch, "MLP", "--quick") == 0
    assert list(tmp_path.iterdir()) == []
    assert "Record" not in capsys.readouterr().out


def test_an_unknown_network_is_refused_in_words(monkeypatch, capsys):
    with pytest.raises(SystemExit):
        run(monkeypatch, "Transformer")
    assert "no network Transformer; there are MLP, LeNet, " in capsys.readouterr().err


def test_what_holds_numpy_back_is_taken_away_before_numpy_is_imported(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    begun = []
    monkeypatch.setattr(
        gpu.subprocess, "call", lambda arguments, env: begun.append((arguments, env)) or 7
    )
    assert run(monkeypatch, "MLP", "--quick") == 7
    ((arguments, environment),) = begun
    assert arguments[1:] == ["-m", "benchmarks.gpu", "MLP", "--quick"]
    assert "OPENBLAS_CORETYPE" not in environment


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [
        (("tensorflow", "torch"), None),  # Keras's own choice
        (("jax", "torch"), "jax"),
        (("torch",), "torch"),
        ((), "tensorflow"),  # it is not there either; Keras says so
    ],
)
def test_keras_runs_on_what_is_installed(monkeypatch, installed, chosen):
    monkeypatch.setattr(gpu.os, "environ", {})
    monkeypatch.setattr(gpu, "find_spec", lambda name: name in installed)
    gpu.prepare_backend()
    assert gpu.os.environ.get("KERAS_BACKEND") == chosen
    monkeypatch.setitem(gpu.os.environ, "KERAS_BACKEND", "torch")
    gpu.prepare_backend()
    assert gpu.os.environ["KERAS_BACKEND"] == "torch"


# ------------------------------------------------------------------ what is left out


def test_nothing_is_begun_after_the_time_is_up(little, monkeypatch, capsys):
    assert run(monkeypatch, "MLP", "--quick", "--minutes", "0") == 0
    assert "Left out: MLP, batch of 4, Keras, CPU: the time was up" in capsys.readouterr().out


def test_a_batch_that_would_take_too_long_on_a_cpu_is_left_out():
    one = gpu.Run(["MLP"], quick=True, minutes=1)
    one.slowness = {("MLP", "Keras, CPU"): 0.01, ("MLP", "Keras, GPU"): 0.01}
    about = {"network": "MLP", "batch_size": 101, "contender": "Keras, CPU"}
    assert one._reason_to_leave_out(about) == "a step would take about 1.0 s"
    assert one._reason_to_leave_out(about | {"batch_size": 99}) == ""
    assert one._reason_to_leave_out(about | {"contender": "Keras, GPU"}) == ""


def test_a_run_that_is_interrupted_keeps_what_was_measured(little, monkeypatch, tmp_path, capsys):
    measure = gpu.Run.measure

    def interrupted(self, name, size):
        if name == "RNN":
            raise KeyboardInterrupt
        measure(self, name, size)

    monkeypatch.setattr(gpu.Run, "measure", interrupted)
    path = tmp_path / "record.json"
    assert run(monkeypatch, "MLP", "RNN", "--quick", "--record", path) == 1
    record = read(path)
    assert not record["complete"]
    assert {figure["network"] for figure in record["figures"]} == {"MLP"}
    assert "interrupted" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["record.json"]


def test_what_fails_while_it_is_timed_is_said(little, monkeypatch, capsys):
    def out_of_memory(*arguments):
        raise MemoryError("no more")

    monkeypatch.setattr(gpu, "in_turns", out_of_memory)
    assert run(monkeypatch, "MLP", "--quick") == 1
    assert "dlcourse, CPU: MemoryError: no more" in capsys.readouterr().out


# ------------------------------------------------------------------ records and reruns


def test_a_record_says_in_its_name_what_it_is_of():
    record = {"device": NEW_GPU, "backend": "jax", "date": "2000-01-01"}
    assert gpu.path_of(record).name == "sweep-gpu-a-made-up-gpu-jax-2000-01-01.json"
    record["device"] = NO_GPU
    assert gpu.path_of(record).name == "sweep-cpu-jax-2000-01-01.json"


def test_again_and_whether_it_agrees(little, monkeypatch, tmp_path, capsys):
    path = tmp_path / "record.json"
    assert run(monkeypatch, "MLP", "--quick", "--record", path) == 0
    record = read(path)
    for figure in record["figures"]:
        figure["seconds"] = [0.0, 1.0, 1e6]  # anything agrees with that
    path.write_text(json.dumps(record), encoding="utf-8")
    capsys.readouterr()
    assert run(monkeypatch, "MLP", "--compare", path) == 0
    count = len(record["figures"])
    assert f"{count} of {count} figures agree. seconds: lower quartile" in capsys.readouterr().out

    record["figures"][0]["seconds"] = [1e6, 1e6, 1e6]  # and nothing with this
    path.write_text(json.dumps(record), encoding="utf-8")
    assert run(monkeypatch, "MLP", "--compare", path) == 1
    assert f"{count - 1} of {count} figures agree" in capsys.readouterr().out

    path.write_text(json.dumps(record | {"device": NEW_GPU}), encoding="utf-8")
    with pytest.raises(SystemExit, match="the device of the record is a made-up GPU, here it is"):
        run(monkeypatch, "--compare", path)


def test_a_figure_that_failed_does_not_agree_and_one_left_out_is_not_asked_for():
    place = {"network": "MLP", "batch_size": 1, "contender": "x"}
    figure = place | {"task": "prediction", "seconds": [1.0, 2.0, 3.0]}
    before = {"figures": [figure], "spread": ""}
    table, agree = agreement(before, {"figures": [], "left_out": []})
    assert not agree
    assert table.rows[0][-2:] == ["failed", "NO"]
    table, agree = agreement(before, {"figures": [], "left_out": [place | {"reason": "time"}]})
    assert agree
    assert table.rows == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1.0, 1.1, 1.2], [1.1, 1.2, 1.3], True),
        ([1.0, 1.1, 1.2], [1.8, 1.9, 2.0], True),  # 1.8 / 1.25 < 1.2 * 1.25
        ([1.0, 1.1, 1.2], [1.9, 2.0, 2.1], False),
        ([1.9, 2.0, 2.1], [1.0, 1.1, 1.2], False),
    ],
)
def test_when_two_intervals_meet(one, other, expected):
    assert meet(one, other) is expected


@pytest.mark.parametrize(
    ("gpus", "found"),
    [
        ([], {"kind": "CPU", "name": "a made-up CPU"}),
        (
            [Gpu("a made-up GPU", 1.0, 0.5, "0.1", "9.0"), Gpu("another")],
            {
                "kind": "GPU",
                "name": "a made-up GPU",
                "memory": "1 GiB",
                "driver": "0.1",
                "cuda": "0.2",
                "compute_capability": "9.0",
            },
        ),
        ([Gpu("a made-up GPU")], {"kind": "GPU", "name": "a made-up GPU", "cuda": "0.2"}),
    ],
)
def test_what_a_record_says_of_the_device(monkeypatch, gpus, found):
    made_up = Devices("made up", "a made-up CPU", gpus, "0.2", "")
    monkeypatch.setattr(provenance, "devices", lambda: made_up)
    assert provenance.device() == found


def test_the_cores_are_those_that_may_be_used(monkeypatch):
    monkeypatch.setattr(provenance.os, "sched_getaffinity", lambda process: {3}, raising=False)
    assert provenance.cpu()["cores"] == 1
    monkeypatch.delattr(provenance.os, "sched_getaffinity")
    assert provenance.cpu()["cores"] == provenance.os.cpu_count()


def test_the_record_names_no_machine():
    record = gpu.Run(["MLP"], quick=True, minutes=1).record
    assert gpu.platform.node() not in json.dumps(record).split('"')
    assert str(ROOT) not in json.dumps(record)
