"""`devices` names what is there and says in words why no GPU is used."""

import sys

import pytest

from dlcourse import compare
from dlcourse.compare import machine as machine_module
from dlcourse.compare.keras_backend import load_backend
from dlcourse.compare.machine import Gpu, Machine, ask_driver, look

module = sys.modules["dlcourse.compare.devices"]  # the name is the function's

H200 = Gpu("NVIDIA H200", 140.4, 3.0, "570.124.06", "9.0")
CUDA = module.Build(cuda="12.5.1", has_libraries=True)
WITH_GPU = Machine(has_card=True, driver_loaded=True, gpus=(H200,))


def with_gpu(**changes):
    return Machine(**(vars(WITH_GPU) | changes))


def build(name="tensorflow", **changes):
    title = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}[name]
    return module.Build(**(vars(CUDA) | {"name": name, "title": title} | changes))


def test_this_machine():
    found = compare.devices()
    assert load_backend().title in found.backend
    assert found.cpu
    assert bool(found.gpus) != bool(found.why_no_gpu)
    assert [row[0] for row in found.rows[:3]] == ["Keras", "CPU", "GPU"]


OLD_CARD = Gpu("NVIDIA GTX 970", 4.0, 0.2, "470.82")
FULL_CARD = Gpu("NVIDIA T4", 15.0, 14.5, "580.1")


@pytest.mark.parametrize(
    ("machine", "build", "words"),
    [
        (with_gpu(settings={"CUDA_VISIBLE_DEVICES": ""}), CUDA, 'CUDA_VISIBLE_DEVICES="" hides'),
        (with_gpu(settings={"CUDA_VISIBLE_DEVICES": "-1"}), CUDA, "hides every GPU; unset"),
        (with_gpu(settings={"CUDA_VISIBLE_DEVICES": "1,0"}), CUDA, "hides every GPU"),
        (with_gpu(settings={"JAX_PLATFORMS": "cpu"}), build("jax"), "JAX_PLATFORMS=cpu keeps JAX"),
        (with_gpu(settings={"KERAS_TORCH_DEVICE": "cpu"}), build("torch"), "keeps PyTorch on"),
        (Machine("Darwin"), CUDA, "under macOS TensorFlow computes on the CPU"),
        (Machine("Darwin"), build("jax"), "under macOS JAX computes on the CPU"),
        (Machine("Darwin"), build("torch"), "this Mac has no GPU that PyTorch can use"),
        (with_gpu(system="Windows"), CUDA, "TensorFlow uses no GPU under Windows; inside WSL 2"),
        (with_gpu(system="Windows"), build("jax"), "JAX uses no GPU under Windows"),
        (with_gpu(system="Windows"), build("torch", cuda=""), "PyTorch is built without CUDA"),
        (Machine(), CUDA, "this machine has no NVIDIA GPU"),
        (Machine(has_card=True), CUDA, "no driver for it; install NVIDIA's driver"),
        (Machine(has_card=True, driver_loaded=True), CUDA, "started without --gpus=all"),
        (Machine(wsl=True, driver_loaded=True), CUDA, "driver in Windows, not in WSL, and run"),
        (Machine(complaint="Driver/library version mismatch"), CUDA, "version mismatch); restart"),
        (WITH_GPU, build(cuda=""), "TensorFlow is built without CUDA; "),
        (WITH_GPU, build(cuda=""), "-m pip install -r requirements/gpu.txt"),
        (WITH_GPU, build("jax", cuda=""), '-m pip install "jax[cuda12]"'),
        (WITH_GPU, build("torch", cuda=""), "choose CUDA on https://pytorch.org"),
        (with_gpu(gpus=(OLD_CARD,)), CUDA, "driver 470.82 is too old for CUDA 12.5.1"),
        (with_gpu(gpus=(OLD_CARD,)), CUDA, "NVIDIA GTX 970: its driver"),
        (WITH_GPU, build("jax", cuda="13"), "JAX is built; install driver 580 or newer"),
        (WITH_GPU, build(has_libraries=False), "TensorFlow lacks the CUDA libraries; "),
        (with_gpu(gpus=(FULL_CARD,)), CUDA, "14 of its 15 GiB are taken; nvidia-smi lists by"),
        (WITH_GPU, build("torch", refusal="CUDA error: busy\nmore"), "says: CUDA error: busy"),
        (WITH_GPU, CUDA, "TensorFlow gives no reason; it prints more when TF_CPP_MIN_LOG"),
    ],
)
def test_why_no_gpu_is_used(machine, build, words):
    assert words in module.why_no_gpu(machine, build)


def test_a_gpu_that_is_chosen_is_not_called_hidden():
    one_of_two = with_gpu(gpus=(H200, H200), settings={"CUDA_VISIBLE_DEVICES": "1"})
    assert "hides" not in module.why_no_gpu(one_of_two, CUDA)
    by_name = with_gpu(settings={"CUDA_VISIBLE_DEVICES": "GPU-8932f937"})
    assert "hides" not in module.why_no_gpu(by_name, CUDA)


def test_a_gpu_in_use_is_told_with_memory_and_driver():
    found = compare.Devices("3 on TensorFlow 2", "a CPU", [H200], "12.5.1")
    assert found.rows[2:] == [
        ["GPU", "NVIDIA H200, 140 GiB"],
        ["driver", "NVIDIA 570.124.06, CUDA 12.5.1 in the backend"],
    ]
    assert not found.why_no_gpu


def test_what_the_driver_tells_is_found_by_the_name():
    t4 = Gpu("NVIDIA T4", 15.0, 0.0, "570.1")
    assert module.known_to_driver(["NVIDIA T4", "NVIDIA H200"], (H200, t4)) == [t4, H200]
    assert module.known_to_driver(["NVIDIA T4", "NVIDIA T4"], (t4,)) == [t4, Gpu("NVIDIA T4")]
    assert module.known_to_driver(["Apple GPU (Metal)"], ()) == [Gpu("Apple GPU (Metal)")]


# ------------------------------------------------------------------ a fake nvidia-smi


def smi(*answers):
    """Return a `run` that answers one after the other, and keeps what it was asked."""
    left = list(answers)

    def run(*command):
        run.commands.append(command)
        return left.pop(0)

    run.commands = []
    return run


def test_the_driver_lists_its_gpus(monkeypatch):
    row = "NVIDIA H200, 143771, 3072, 570.124.06, 9.0"
    monkeypatch.setattr(machine_module, "run", smi((0, f"{row}\n{row}")))
    gpus, complaint = ask_driver()
    assert [str(gpu) for gpu in gpus] == ["NVIDIA H200, 140 GiB"] * 2
    assert (gpus[0].used, gpus[0].driver, gpus[0].capability) == (3, "570.124.06", "9.0")
    assert complaint == ""


def test_memory_that_is_not_told_is_not_known(monkeypatch):
    row = "NVIDIA GB10, [N/A], [N/A], 580.95, 12.1"
    monkeypatch.setattr(machine_module, "run", smi((0, row)))
    ((gpu,), _) = ask_driver()
    assert (str(gpu), gpu.used) == ("NVIDIA GB10", None)


def test_an_old_driver_is_asked_for_less(monkeypatch):
    fake = smi((2, 'Field "compute_cap" is not a valid field'), (0, "Tesla K80, 11441, 0, 450.1"))
    monkeypatch.setattr(machine_module, "run", fake)
    assert ask_driver() == ((Gpu("Tesla K80", 11441 / 1024, 0.0, "450.1"),), "")
    assert "compute_cap" not in fake.commands[1][1]


def test_a_driver_that_fails_is_quoted(monkeypatch):
    monkeypatch.setattr(machine_module, "run", smi((9, "NVIDIA-SMI has failed because\nit could")))
    assert ask_driver() == ((), "NVIDIA-SMI has failed because")


def test_no_driver_complains_of_nothing(monkeypatch):
    monkeypatch.setattr(machine_module, "run", smi((None, "")))
    assert ask_driver() == ((), "")


def test_a_card_is_seen_without_a_driver(monkeypatch, tmp_path):
    for name, vendor, kind in [
        ("0000:00:01.0", "0x8086\n", "0x030000\n"),  # graphics of another maker
        ("0000:01:00.1", "0x10de\n", "0x040300\n"),  # the sound of an NVIDIA card
    ]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "vendor").write_text(vendor)
        (tmp_path / name / "class").write_text(kind)
    (tmp_path / "unreadable").mkdir()
    monkeypatch.setattr(machine_module, "PCI", tmp_path)
    assert not look().has_card
    (tmp_path / "0000:01:00.1/class").write_text("0x030200\n")
    assert look().has_card


def test_settings_are_read(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    assert look().settings["CUDA_VISIBLE_DEVICES"] == "0"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert "CUDA_VISIBLE_DEVICES" not in look().settings


def test_a_command_that_is_not_there_has_no_status():
    assert machine_module.run("no-such-command-anywhere") == (None, "")
    status, said = machine_module.run(sys.executable, "-c", "import sys; sys.exit('no')")
    assert (status, said) == (1, "no")


def test_a_folder_on_path_that_may_not_be_read_is_no_driver_that_fails(monkeypatch):
    """Of a command that is missing, the system then says that it may not be run."""

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied", "nvidia-smi")

    monkeypatch.setattr(machine_module.subprocess, "run", refuse)
    assert machine_module.run("no-such-command-anywhere") == (None, "")
    assert machine_module.run(sys.executable)[0] == 1  # one that is there, and may not
