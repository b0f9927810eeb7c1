"""Every command, run in the wrong place, ends in a sentence."""

import pytest
from click.testing import CliRunner

from dlcourse import layout
from dlcourse.cli import COMMANDS, execute, home, main


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An installed package, in a folder that holds no course."""
    monkeypatch.delenv("DLCOURSE_HOME", raising=False)
    monkeypatch.setattr(layout, "IS_CLONE", False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", ["test", "execute", "release", "lock", "site", "pack"])
def test_what_maintains_the_course_needs_a_clone(elsewhere, command):
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 2
    assert "it needs a clone of it" in result.output


@pytest.mark.parametrize("command", ["lab", "review", "grade", "update"])
def test_what_a_learner_runs_needs_a_folder(elsewhere, command):
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 2
    assert "dlcourse start FOLDER" in result.output


def test_progress_needs_none(elsewhere):
    result = CliRunner().invoke(main, ["progress"])
    assert result.exit_code == 0
    assert "0 of" in result.output


@pytest.mark.parametrize(("command", "missing"), [("test", "nbval"), ("lock", "uv")])
def test_what_needs_tools_says_how_to_get_them(command, missing, monkeypatch):
    monkeypatch.setattr(home, "find_spec", lambda name: None if name == missing else name)
    result = CliRunner().invoke(main, [command])
    assert result.exit_code == 2
    assert f"`dlcourse {command}` needs {missing}, which only developers get" in result.output
    assert f"`{layout.COURSE} {command}` installs that first." in result.output


def test_stored_outputs_need_tensorflow(monkeypatch):
    monkeypatch.setattr(execute, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["execute"])
    assert result.exit_code == 2
    assert f"`{layout.COURSE} --full execute` installs it" in result.output


def test_every_command_is_looked_at_here():
    looked_at = {
        "test",
        "execute",
        "release",
        "lock",
        "site",
        "pack",
        "lab",
        "review",
        "grade",
        "update",
        "progress",
        "library",
    }
    assert set(COMMANDS) - looked_at == {"start", "doctor", "colab"}  # these work everywhere


@pytest.mark.parametrize("where", ["", "notebooks/mine"])
def test_the_course_itself_is_no_learner_s_folder(where):
    result = CliRunner().invoke(main, ["start", str(layout.ROOT / where)])
    assert result.exit_code == 2
    assert "a part of the course itself" in result.output


def test_the_folder_is_found_from_below_it(tmp_path, monkeypatch):
    monkeypatch.delenv("DLCOURSE_HOME", raising=False)
    (tmp_path / "mine/deep").mkdir(parents=True)
    (tmp_path / "mine" / layout.HANDED_OUT).write_text("{}")
    monkeypatch.chdir(tmp_path / "mine/deep")
    assert home.learners_folder() == tmp_path / "mine"
    monkeypatch.chdir(tmp_path)
    assert home.learners_folder() == layout.ROOT / "work"
    monkeypatch.setenv("DLCOURSE_HOME", str(tmp_path / "named"))
    assert home.learners_folder() == tmp_path / "named"
