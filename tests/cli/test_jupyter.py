"""Which kernel a notebook gets, and where Jupyter can write."""

import json
import os
import sys

import pytest

from dlcourse.cli import jupyter


def put_kernel(folder, python):
    """Make a kernel `python3` in a folder of kernels, for another Python."""
    place = folder / "kernels/python3"
    place.mkdir(parents=True)
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Python 3"}))
    return place


@pytest.fixture(autouse=True)
def nothing_set(tmp_path, monkeypatch):
    for name in ("JUPYTER_PATH", "JUPYTER_PREFER_ENV_PATH", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "mine"))


def test_the_kernel_of_this_environment_is_this_python():
    assert jupyter.other_kernel() is None


def test_one_that_jupyter_path_names_comes_first(tmp_path, monkeypatch):
    place = put_kernel(tmp_path / "theirs", "/opt/conda/bin/python")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "theirs"))
    assert jupyter.other_kernel() == ("/opt/conda/bin/python", place)


def test_one_in_the_user_s_folder_wins_only_if_it_is_preferred(tmp_path, monkeypatch):
    place = put_kernel(tmp_path / "mine", "/usr/bin/python3")
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    assert jupyter.other_kernel() is None
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    assert jupyter.other_kernel() == ("/usr/bin/python3", place)


@pytest.mark.parametrize("python", [sys.executable, "python3", "python"])
def test_one_of_the_same_name_for_this_python_is_no_other(tmp_path, monkeypatch, python):
    put_kernel(tmp_path / "theirs", python)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "theirs"))
    assert jupyter.other_kernel() is None


def test_folders_that_jupyter_makes_itself_can_be_written(tmp_path):
    assert jupyter.unwritable() is None
    assert not (tmp_path / "mine").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such rights for folders")
def test_a_home_that_may_not_be_written_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(jupyter.os, "access", lambda path, mode: path != tmp_path)  # root may all
    assert jupyter.unwritable() == tmp_path / "mine/runtime"


def test_a_file_in_the_place_of_a_folder_is_seen(tmp_path):
    (tmp_path / "mine").touch()
    assert jupyter.unwritable() == tmp_path / "mine/runtime"
