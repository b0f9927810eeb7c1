"""The command that grades a class."""

import os

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.grading.sandbox import host
from tests.grading.notebooks import RIGHT, answers, no_sandbox, solution

sandboxed = pytest.mark.skipif(bool(no_sandbox()), reason=no_sandbox())


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in {"jane": solution(), "tom": answers(**RIGHT), "eve": b"{"}.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.ipynb").write_bytes(content)
    return lambda *arguments: CliRunner().invoke(main, ["grade", *arguments])


@sandboxed
def test_a_class(run, tmp_path):
    result = run("in", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert "jane" in result.output
    assert "not valid JSON" in result.output
    assert "3 graded now, 0 before." in result.output
    assert (tmp_path / "grades" / "report.html").exists()
    assert "0 graded now, 3 before." in run("in").output
    assert "1 graded now, 0 before." in run("in", "--only", "tom", "--regrade").output


def test_a_roster(run, tmp_path):
    (tmp_path / "class.txt").write_text("Jane\nTom\nZoe\n", encoding="utf-8")
    roster = ("in", "--trusted", "--jobs", "1", "--roster", "class.txt")
    result = run(*roster, "--only", "TOM")
    assert result.exit_code == 0, result.output
    assert "1 graded now, 0 before." in result.output
    assert "Jane" not in result.output  # handed in, not graded yet
    result = run(*roster)
    assert result.exit_code == 0, result.output
    lines = {line.split()[0]: line for line in result.output.splitlines() if line}
    assert "Nothing was handed in." in lines["Zoe"]
    assert "Not on the roster class.txt." in lines["eve"]
    assert "Nothing" not in lines["Jane"] + lines["Tom"]
    again = run(*roster, "--only", "Tom", "--regrade")
    assert "1 graded now, 0 before." in again.output
    for name in ("Jane", "Tom", "Zoe", "eve"):
        assert lines[name] in again.output


def test_trusted_says_so_everywhere(run, tmp_path):
    result = run("in", "--trusted", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert result.output.count("WITHOUT a sandbox") == 2
    assert "WITHOUT a sandbox" in (tmp_path / "grades" / "report.html").read_text()


def test_it_refuses_without_a_sandbox(run, monkeypatch, tmp_path):
    def missing():
        raise host.NoSandboxError("There is no sandbox. Get one.")

    monkeypatch.setattr(host, "ready", missing)
    result = run("in")
    assert result.exit_code == 2
    assert "There is no sandbox. Get one." in result.output
    assert "--trusted" in result.output
    assert not (tmp_path / "grades").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["in", "--lesson", "99"], "There is no exercise 99"),
        (["nowhere"], "does not exist"),
        (["in", "--late", "200"], "not in the range"),
        (["in", "--deadline", "tomorrow"], "A deadline is written 2026-05-01 or"),
        (["in", "--trusted", "--only", "nobody"], "No submission is by nobody"),
        (["in", "--trusted", "--roster", "class.csv"], "class.csv has no column that names"),
        (["in", "--trusted", "--roster", "nowhere.csv"], "does not exist"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(run, arguments, words, tmp_path):
    (tmp_path / "class.csv").write_text("Vorname,Nachname\nJane,Doe\n", encoding="utf-8")
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_no_gradebook(run, tmp_path):
    (tmp_path / "grades").mkdir()
    (tmp_path / "grades" / "gradebook.sqlite").write_bytes(b"not a database" * 1000)
    result = run("in", "--trusted")
    assert result.exit_code == 2
    assert "cannot be used as a gradebook" in result.output


def test_ones_own_work(run, tmp_path, monkeypatch):
    work = tmp_path / "work"
    work.mkdir()
    (work / "02_perceptron.ipynb").write_bytes(answers())  # the lesson is not graded
    (work / "02_perceptron_exercise.ipynb").write_bytes(answers(**RIGHT))
    monkeypatch.setenv("DLCOURSE_HOME", str(work))
    before = sorted(os.walk(work))
    result = run()
    assert result.exit_code == 0, result.output
    assert "02_perceptron_exercise.ipynb: 4 of 10 points" in result.output
    assert "✓ novikoff_bound: all " in result.output
    assert sorted(os.walk(work)) == before
    assert not (tmp_path / "grades").exists()


def test_ones_own_work_on_windows(run, tmp_path, monkeypatch):
    work = tmp_path / "work"
    work.mkdir()
    (work / "02_perceptron_exercise.ipynb").write_bytes(answers(**RIGHT))
    monkeypatch.setenv("DLCOURSE_HOME", str(work))
    monkeypatch.delattr(host.select, "poll")
    monkeypatch.setattr(host.platform, "system", lambda: "Windows")
    result = run("work")
    assert result.exit_code == 2
    assert "there is none for Windows" in result.output
    assert "check(...) says the same" in result.output
    assert "Traceback" not in result.output


def test_a_cluster_needs_dask(run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    result = run("in", "--trusted", "--scheduler", "tcp://localhost:1")
    assert result.exit_code == 2
    assert "needs dask.distributed" in result.output
