"""`devices` names what is there and says in words why no GPU is used."""

import sys

import pytest

from dlcourse import compare

module = sys.modules["dlcourse.compare.devices"]  # the name is the function's


def test_this_machine():
    found = compare.devices()
    assert "TensorFlow" in found.backend
    assert found.cpu
    assert bool(found.gpus) != bool(found.why_no_gpu)
    assert [row[0] for row in found.rows[:3]] == ["Keras", "CPU", "GPU"]


@pytest.mark.parametrize(
    ("system", "hidden", "driver", "words"),
    [
        ("Linux", "-1", True, "CUDA_VISIBLE_DEVICES hides"),
        ("Linux", None, False, "no NVIDIA driver"),
        ("Linux", None, True, "lacks the CUDA libraries"),
        ("Darwin", None, False, "macOS"),
        ("Windows", None, False, "WSL 2"),
    ],
)
def test_why_no_gpu_is_used(monkeypatch, system, hidden, driver, words):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if hidden:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    monkeypatch.setattr(module.platform, "system", lambda: system)
    monkeypatch.setattr(module.Path, "exists", lambda self: False)
    monkeypatch.setattr(
        module.shutil, "which", lambda name: "/usr/bin/nvidia-smi" if driver else None
    )
    assert words in module._why_no_gpu()


def test_a_gpu_has_its_name_and_memory(monkeypatch):
    class TensorFlow:
        class config:  # noqa: N801
            class experimental:  # noqa: N801
                @staticmethod
                def get_device_details(gpu):
                    return {"device_name": "NVIDIA H200"}

    monkeypatch.setattr(module, "_output_of", lambda *command: "NVIDIA H200, 143771")
    assert module._describe(TensorFlow, None) == "NVIDIA H200, 140 GiB"
    monkeypatch.setattr(module, "_output_of", lambda *command: "")
    assert module._describe(TensorFlow, None) == "NVIDIA H200"


def test_a_command_that_is_not_there_prints_nothing():
    assert module._output_of("no-such-command-anywhere") == ""
