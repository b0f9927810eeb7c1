"""`dlcourse doctor`: it finds what is wrong and says how to fix it."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from dlcourse import compare, layout
from dlcourse.cli import doctor, main
from dlcourse.cli.doctor import Finding
from dlcourse.layout import ROOT

DEVICES = SimpleNamespace(backend="3 on TensorFlow 2", cpu="a CPU", gpus=[], why_no_gpu="no driver")


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A healthy machine on which Keras need not be imported."""
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path / "work"))
    monkeypatch.setattr(compare, "devices", lambda: DEVICES)
    monkeypatch.setattr(doctor, "locked", lambda lock: {})
    monkeypatch.setattr(doctor, "find_chromium", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(doctor, "other_kernel", lambda: None)
    monkeypatch.setattr(doctor, "unwritable", lambda: None)


def run(*options):
    result = CliRunner().invoke(main, ["doctor", *options])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_a_healthy_machine_passes():
    status, output = run()
    assert status == 0
    assert output.endswith("Everything is in place.\n")
    assert "problem" not in output


def test_json_is_for_programs():
    status, output = run("--json")
    findings = json.loads(output)
    assert status == 0
    assert {finding["level"] for finding in findings} <= {"ok", "note"}
    assert all(finding["text"] for finding in findings)


def test_a_package_of_another_version_is_a_problem(monkeypatch):
    monkeypatch.setattr(doctor, "locked", lambda lock: {"click": "0.1", "no-such": "1.0"})
    status, output = run()
    assert status == 1
    assert "expected 0.1; no-such is missing, expected 1.0" in output
    assert "Delete the folder .venv" in output
    assert output.endswith("1 to fix.\n")


def test_a_full_disk_is_a_problem(monkeypatch):
    usage = SimpleNamespace(free=0.2e9)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    status, output = run()
    assert status == 1
    assert "0.2 GB free" in output


def test_a_work_folder_that_cannot_be_written_is_a_problem(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path / "file/work"))
    status, output = run()
    assert status == 1
    assert "work cannot be written" in output


@pytest.mark.parametrize(
    "error",
    [ImportError("no keras"), RuntimeError("Keras runs on jax"), compare.NoBackendError("no jax")],
)
def test_a_keras_that_does_not_start_is_a_problem(monkeypatch, error):
    def devices():
        raise error

    monkeypatch.setattr(compare, "devices", devices)
    status, output = run()
    assert status == 1
    assert str(error) in output


def test_what_tensorflow_lacks_on_windows_is_named(monkeypatch):
    def refuse():
        raise ImportError("DLL load failed while importing _pywrap_tensorflow_internal")

    monkeypatch.setattr(compare, "devices", refuse)
    status, output = run()
    assert status == 1
    assert "Visual C++ Redistributable" in output


def test_a_kernel_of_another_python_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    monkeypatch.setattr(doctor, "other_kernel", lambda: ("/opt/conda/bin/python", tmp_path))
    status, output = run()
    assert status == 1
    assert "notebooks run with another Python, /opt/conda/bin/python" in output
    assert f"Remove the folder {tmp_path}" in output
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert "Unset the environment variable JUPYTER_PATH" in run()[1]


def test_a_home_folder_that_cannot_be_written_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "unwritable", lambda: tmp_path / ".local")
    status, output = run()
    assert status == 1
    assert f"Jupyter cannot write to {tmp_path / '.local'}" in output
    assert "HOME" in output


def test_the_light_course_is_compared_with_its_own_lock(tmp_path):
    assert doctor.lock_of(tmp_path) == "requirements.txt"
    (tmp_path / "light").touch()
    assert doctor.lock_of(tmp_path) == "requirements/light.txt"
    assert (ROOT / "requirements/light.txt").is_file()


def test_no_gpu_and_no_browser_are_only_noted(monkeypatch):
    monkeypatch.setattr(doctor, "find_chromium", lambda: None)
    status, output = run()
    assert status == 0
    assert "the browser tests will be skipped" in output
    assert "no driver" in output


def test_exercises_that_are_not_copied_are_noted(tmp_path, monkeypatch):
    exercise = tmp_path / "exercises/02_perceptron/02_perceptron.ipynb"
    exercise.parent.mkdir(parents=True)
    exercise.touch()
    monkeypatch.setattr(doctor, "EXERCISES", tmp_path / "exercises")
    assert "1 of 1 exercises are not in your folder yet" in run()[1]
    (tmp_path / "work/02_perceptron_exercise.ipynb").touch()
    assert "exercises in your folder: 1" in run()[1]


def test_an_installed_package_without_a_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("DLCOURSE_HOME")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(layout, "IS_CLONE", False)
    monkeypatch.setattr(doctor, "IS_CLONE", False)
    status, output = run()
    assert status == 0
    assert "an installed package" in output
    assert "`dlcourse start FOLDER` makes one" in output


def test_a_finding_reads_as_a_line_and_its_remedy():
    assert str(Finding("ok", "fine")) == "ok       fine"
    assert str(Finding("note", "hm", "do this")) == "note     hm\n         do this"


def test_markers_of_the_lock_are_obeyed(tmp_path, monkeypatch):
    monkeypatch.undo()
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "# a comment\n"
        "here==1.0 \\\n    --hash=sha256:00\n    # via there\n"
        "never==2.0 ; python_full_version < '3' \\\n    --hash=sha256:00\n"
    )
    assert doctor.locked(lock) == {"here": "1.0"}
