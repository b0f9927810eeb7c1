"""`dlcourse update`: a clone gets the newest version, and nothing of the learner's is lost."""

import subprocess

import pytest

from dlcourse.cli import update
from dlcourse.cli.problem import Problem


def git(folder, *arguments):
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(origin, **files):
    for name, text in files.items():
        path = origin / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "x")


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone of a course with one lesson and one file of code."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q", "-b", "main")
    commit(origin, notebooks__lesson="lesson 1\n", code="code 1\n")
    subprocess.run(["git", "clone", "-q", str(origin), str(tmp_path / "clone")], check=True)
    monkeypatch.setattr(update, "ROOT", tmp_path / "clone")
    commit(origin, notebooks__lesson="lesson 2\n", code="code 2\n")
    return tmp_path / "clone"


def test_it_brings_the_newest_version(clone, tmp_path):
    assert update.pull(tmp_path / "mine") == ["The course is new."]
    assert (clone / "code").read_text() == "code 2\n"
    assert update.pull(tmp_path / "mine") == ["The course is up to date."]


@pytest.mark.parametrize("staged", [False, True])
def test_a_lesson_that_was_changed_in_place_is_kept_first(clone, tmp_path, staged):
    (clone / "notebooks/lesson").write_text("my notes\n")
    if staged:
        git(clone, "add", "-A")
    told, _ = update.pull(tmp_path / "mine")
    assert "Your changes of notebooks/lesson are kept in" in told
    (kept,) = (tmp_path / "mine").rglob("lesson")
    assert kept.read_text() == "my notes\n"
    assert (clone / "notebooks/lesson").read_text() == "lesson 2\n"


def test_code_that_was_changed_is_not_touched(clone, tmp_path):
    (clone / "code").write_text("mine\n")
    with pytest.raises(Problem, match=r"changed the course itself \(code\)"):
        update.pull(tmp_path / "mine")
    assert (clone / "code").read_text() == "mine\n"


def test_a_server_that_does_not_answer(clone, tmp_path):
    git(clone, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    with pytest.raises(Problem, match="git could not do it"):
        update.pull(tmp_path / "mine")


def test_no_git(clone, tmp_path, monkeypatch):
    def missing(*arguments, **options):
        raise FileNotFoundError

    monkeypatch.setattr(update.subprocess, "run", missing)
    with pytest.raises(Problem, match="needs git"):
        update.pull(tmp_path / "mine")


def test_a_folder_that_came_as_a_zip_is_told_how_it_gets_newer(tmp_path, monkeypatch):
    monkeypatch.setattr("dlcourse.cli.update.ROOT", tmp_path)
    with pytest.raises(Problem, match="Unpack a newer zip over it"):
        update.pull(tmp_path)
