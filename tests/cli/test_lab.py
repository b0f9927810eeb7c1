"""`dlcourse lab`: what it prepares, and how it starts JupyterLab."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from dlcourse import layout
from dlcourse.cli import lab, main
from dlcourse.layout import ROOT

URL = "--LabApp.default_url=/lab/tree/00_welcome.ipynb"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A learner's folder that is not there yet; `started` fills with JupyterLab's arguments."""
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path / "mine"))
    started = []
    monkeypatch.setattr(lab, "start", lambda arguments, home: started.append(arguments))
    monkeypatch.setattr(lab, "is_root", lambda: False)
    monkeypatch.setattr(lab, "unwritable", lambda: None)
    monkeypatch.setattr(lab, "other_kernel", lambda: None)
    return started


def run(*options):
    result = CliRunner().invoke(main, ["lab", *options])
    assert result.exception is None, result.output
    return result.output


def test_it_opens_the_welcome_page_in_the_learner_s_folder(course, tmp_path):
    assert "lessons and exercises are new" in run()
    assert course == [[f"--ServerApp.root_dir={tmp_path / 'mine'}", URL, "-y"]]
    assert (tmp_path / "mine" / "00_welcome.ipynb").is_file()
    assert "new" not in run()


def test_nothing_that_it_opens_lies_in_the_clone(course, tmp_path):
    run()
    for path in (tmp_path / "mine").iterdir():
        assert not path.is_symlink()


def test_options_pass_through_to_jupyterlab(course):
    run("--no-browser", "--port=8899", "--ip", "0.0.0.0", "--ServerApp.base_url=/a/")
    (arguments,) = course
    assert arguments[-5:] == [
        "--no-browser",
        "--port=8899",
        "--ip",
        "0.0.0.0",
        "--ServerApp.base_url=/a/",
    ]


def test_an_option_of_the_learner_replaces_the_course_s(course):
    run("--LabApp.default_url=/lab")
    assert course[0].count("--LabApp.default_url=/lab") == 1
    assert URL not in course[0]


def test_it_leaves_the_learner_s_work_alone(course, tmp_path):
    run()
    copy = tmp_path / "mine" / "02_perceptron_exercise.ipynb"
    mine = b"my own, \xff not even a notebook\r\n"
    copy.write_bytes(mine)
    run()
    assert copy.read_bytes() == mine


def test_root_gets_jupyterlab_and_a_hint(course, monkeypatch):
    monkeypatch.setattr(lab, "is_root", lambda: True)
    assert "You are root" in run()
    assert "--allow-root" in course[0]
    assert "You are root" not in run("--allow-root")
    assert course[1].count("--allow-root") == 1


def test_an_installed_package_needs_a_folder(course, tmp_path, monkeypatch):
    monkeypatch.delenv("DLCOURSE_HOME")
    monkeypatch.setattr(layout, "IS_CLONE", False)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["lab"])
    assert result.exit_code == 2
    assert "`dlcourse start FOLDER` makes one there" in result.output

    started = CliRunner().invoke(main, ["start", "mine"])
    assert started.exit_code == 0, started.output
    monkeypatch.chdir(tmp_path / "mine")
    assert run()
    assert course[0][0] == f"--ServerApp.root_dir={tmp_path / 'mine'}"


def test_jupyterlab_knows_every_option_that_it_gets():
    from jupyterlab.labapp import LabApp

    assert "default_url" in LabApp.class_trait_names(config=True)
    assert "allow-root" in LabApp.flags
    assert "y" in LabApp.flags
    settings = json.loads((ROOT / "dlcourse/cli/lab_settings.json").read_text())
    code = settings["@jupyterlab/notebook-extension:tracker"]["codeCellConfig"]
    assert code == {"lineWrap": True}  # tests/browser/test_narrow.py sees what it does
    kernels = settings["@jupyterlab/apputils-extension:kernels-settings"]
    assert kernels == {"commsOverSubshells": "disabled"}  # tests/browser/test_order.py, too


def test_kernels_use_one_thread_unless_the_learner_says_otherwise():
    assert lab.kernel_settings({})["OPENBLAS_NUM_THREADS"] == "1"
    assert lab.kernel_settings({"OPENBLAS_NUM_THREADS": "8"})["OPENBLAS_NUM_THREADS"] == "8"


def test_a_home_folder_that_cannot_be_written_is_named(course, tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "unwritable", lambda: tmp_path / ".local")
    result = CliRunner().invoke(main, ["lab"])
    assert result.exit_code == 2
    assert f"cannot write to {tmp_path / '.local'}" in result.output
    assert f"HOME={tmp_path}" in result.output
    assert course == []


def test_a_kernel_of_another_python_is_told(course, tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "other_kernel", lambda: ("/opt/conda/bin/python", tmp_path))
    assert "Notebooks will run with another Python, /opt/conda/bin/python" in run()
    assert len(course) == 1


# ------------------------------------------------------------------ its end

# Starts with a pretended JupyterLab, whose thread goes on when it has returned or been stopped.
DRIVER = """
import sys, threading, time
from pathlib import Path
from jupyter_server.serverapp import ServerApp
from jupyterlab.labapp import LabApp
from dlcourse.cli import lab

def launch_instance(arguments):
    threading.Thread(target=time.sleep, args=[600]).start()
    print("it runs", flush=True)
    {ends}

LabApp.launch_instance = launch_instance
ServerApp.stop = lambda self, from_signal: None
lab.PATIENCE = 0.1
{patch}
lab.start([], Path("."))
"""


@pytest.mark.parametrize("ends", ["return", "ServerApp.stop(ServerApp(), True); time.sleep(600)"])
def test_it_ends_whatever_jupyterlab_s_threads_do(ends):
    command = [sys.executable, "-c", DRIVER.format(ends=ends, patch="")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout) == (0, "it runs\n"), result.stderr


def test_without_that_it_would_wait():
    command = [sys.executable, "-c", DRIVER.format(ends="return", patch="lab.leave = print")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "it runs\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        process.kill()
