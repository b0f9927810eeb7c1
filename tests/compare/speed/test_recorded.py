"""Reading records. Those made up here say so, in a device that nobody can take for one."""

import copy
import json
import re
import sys

import pytest

from dlcourse import compare
from dlcourse.layout import RECORDS

module = sys.modules["dlcourse.compare.speed.recorded"]
MADE_UP = {
    "device": {
        "kind": "GPU",
        "name": "a made-up GPU",
        "memory": "1 GiB",
        "driver": "0",
        "cuda": "0",
    },
    "cpu": {"name": "a made-up CPU", "cores": 1, "threads": "one per core"},
    "backend": "tensorflow",
    "versions": {"python": "0.0", "keras": "0.0"},
    "date": "2000-01-01",
    "complete": True,
    "tolerances": {"float32": {"outputs": 0.1, "losses": 0.1, "gradient": 0.5}},
    "limits": {"Keras, GPU": {"operations": 1e9, "bytes": 1e9}},
    "figures": [
        {
            "network": "LSTM",
            "batch_size": size,
            "contender": "Keras, GPU",
            "precision": "float32",
            "errors": {"outputs": 0.01 * size, "losses": 0.02, "gradient": 0.03},
            "task": task,
            "seconds": [0.001, 0.002, 0.003],
            "operations": 1000,
            "bytes": 100,
        }
        for task in ("prediction", "training step")
        for size in (4, 1)
    ],
}
ON_CPU = {"device": {"kind": "CPU", "name": "a made-up CPU"}}


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Keep records in an empty folder and read them from there."""
    monkeypatch.setattr(module, "RECORDS", tmp_path)

    def put(**changed):
        path = tmp_path / f"sweep-{len(list(tmp_path.iterdir()))}.json"
        path.write_text(json.dumps(copy.deepcopy(MADE_UP) | changed), encoding="utf-8")

    return put


def test_a_gpu_record_says_on_what_and_when(store):
    store()
    found = compare.recorded("LSTM")
    assert found.title == "LSTM, recorded on a made-up GPU, 1 GiB, 2000-01-01"
    assert found.caption.startswith("LSTM: recorded on a made-up GPU, 1 GiB, 2000-01-01. ")
    for part in (
        "Keras on tensorflow",
        "python 0.0",
        "driver 0",
        "cuda 0",
        "beside it a made-up CPU",
    ):
        assert part in found.caption
    assert [row[:3] for row in found.rows] == [
        [task, size, "2"] for task in ("training step", "prediction") for size in (1, 4)
    ]
    assert found.limits["Keras, GPU"].operations == 1e9


@pytest.mark.parametrize(("fused", "said"), [(True, "Keras, GPU"), (False, "none")])
def test_whether_a_fused_kernel_was_taken_is_said(store, fused, said):
    figures = [figure | {"fused": fused} for figure in MADE_UP["figures"]]
    store(figures=figures)
    assert compare.recorded("LSTM").caption.endswith(f" In a fused kernel of cuDNN: {said}.")
    store(figures=figures, date="2000-01-02", **ON_CPU)
    assert "fused" not in module.Recorded(module.records()[1], "LSTM").caption


def test_a_cpu_record_cannot_be_taken_for_one_of_a_gpu(store):
    store(**ON_CPU)
    found = compare.recorded("LSTM")
    assert found.title == "LSTM, recorded on CPU (a made-up CPU), 2000-01-01"
    assert (
        "no GPU has been measured for this course yet; this was recorded on a "
        "CPU (a made-up CPU), 2000-01-01. On a machine with a GPU: python -m benchmarks.gpu."
    ) in found.caption


def test_which_record_is_shown(store):
    store(**ON_CPU, date="2000-01-09")
    store(backend="jax", date="2000-01-02")
    store(date="2000-01-01")
    store(date="2000-01-08", complete=False)
    assert compare.recorded("LSTM").record["date"] == "2000-01-02"  # a GPU, the newest
    assert compare.recorded("LSTM", "tensorflow").record["date"] == "2000-01-01"
    store(date="2000-01-02")
    assert compare.recorded("LSTM").record["backend"] == "tensorflow"


def test_what_is_not_recorded_is_said(store):
    with pytest.raises(LookupError, match=r"no record of 'LSTM', only of nothing; make one with"):
        compare.recorded("LSTM")
    store()
    with pytest.raises(LookupError, match="no record of 'Transformer', only of LSTM; "):
        compare.recorded("Transformer")
    with pytest.raises(LookupError, match="no record of 'LSTM' with Keras on jax, only of"):
        compare.recorded("LSTM", "jax")


def test_the_largest_errors_stand_beside_what_is_allowed(store):
    store()
    table = compare.recorded("LSTM").agreement()
    assert table.rows == [["Keras, GPU", "4.0e-02", "2.0e-02", "3.0e-02", "5e-01"]]


# ------------------------------------------------------------------ the records of the course

STORED = sorted(RECORDS.glob(module.PATTERN))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_record_is_whole(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["complete"]
    kind = "gpu" if record["device"]["kind"] == "GPU" else "cpu"
    assert path.name.startswith(f"sweep-{kind}-")
    assert record["backend"] in path.name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", record["date"])
    for name in ("python", "numpy", "keras", record["backend"]):
        assert record["versions"][name]
    for figure in record["figures"]:
        assert ("GPU" in figure["contender"]) <= (kind == "gpu")
        low, median, high = figure["seconds"]
        assert 0 < low <= median <= high
        for quantity, error in figure["errors"].items():
            assert error <= record["tolerances"][figure["precision"]][quantity]


def test_no_record_is_made_up():
    assert all("made-up" not in path.read_text(encoding="utf-8") for path in STORED)
