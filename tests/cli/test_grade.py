"""The command that grades a class."""

import json
import os
import shutil
import zipfile

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.grading.sandbox import host, processes
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
        raise processes.NoSandboxError("There is no sandbox. Get one.")

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
    monkeypatch.setattr(processes.platform, "system", lambda: "Windows")
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


# ------------------------------------------------------------------ a teacher of many


def by_hand(folder, *lines):
    path = folder / "grades" / "by-hand.csv"
    path.write_text(path.read_text("utf-8-sig") + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_grade_corrected_by_hand_stands(run, tmp_path):
    once = ("in", "--trusted", "--jobs", "1")
    assert "Change points by hand in" in run(*once).output
    by_hand(tmp_path, "tom,,02,is_separable,0.5,,The idea is right.")
    for more in ([], ["--regrade"], ["--regrade", "--only", "tom"]):
        result = run(*once, *more)
        assert result.exit_code == 0, result.output
        lines = {line.split()[0]: line for line in result.output.splitlines() if line}
        assert lines["tom"].split()[2:4] == ["4.5", "10"]
    page = next((tmp_path / "grades" / "students").glob("tom-*.html")).read_text("utf-8")
    assert "The idea is right." in page
    assert "Points given by hand." in page
    (tmp_path / "grades" / "gradebook.sqlite").unlink()
    assert "4.5" in run(*once).output


def test_what_changed_is_told(run, tmp_path):
    once = ("in", "--trusted", "--jobs", "1")
    run(*once)
    assert "not those of the last run" not in run(*once, "--regrade").output
    by_hand(tmp_path, "tom,,02,is_separable,0.5,,")
    assert "2 numbers are not those of the last run" in run(*once).output
    changes = (tmp_path / "grades" / "changes-without-sandbox.csv").read_text("utf-8-sig")
    assert "tom,,02,is_separable,0,0.5,by hand" in changes
    assert "Changed since the last run" in (tmp_path / "grades" / "report.html").read_text("utf-8")


def test_a_decision_that_fits_nobody_is_an_error_after_all_is_written(run, tmp_path):
    once = ("in", "--trusted", "--jobs", "1")
    run(*once)
    by_hand(tmp_path, "Tim,,02,is_separable,0.5,,")
    result = run(*once)
    assert result.exit_code == 2
    assert "line 2, changed nothing: nobody is called Tim" in result.output
    assert "Correct grades" in result.output
    by_hand(tmp_path, "tom,,02,novikoff_bound,99,,")
    result = run(*once)
    assert (result.exit_code, "worth 2 points at most" in result.output) == (2, True)


def test_anonymous_pages_name_nobody(run, tmp_path):
    shutil.rmtree(tmp_path / "in")
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "quibble.zip", "w") as packed:
        packed.writestr("02.ipynb", answers(**RIGHT))
    (tmp_path / "in" / "quibble-too.zip").write_bytes(b"PK")
    (tmp_path / "in" / "quibble-three.rar").write_bytes(b"Rar!")
    result = run("in", "--trusted", "--jobs", "1", "--anonymous", "--export", "jplag")
    assert result.exit_code == 0, result.output
    out = tmp_path / "grades"
    pages = [out / "report-anonymous.html", *(out / "students-anonymous").iterdir()]
    pages += [*(out / "questions-anonymous").iterdir(), *(out / "jplag").rglob("*")]
    assert len(pages) > 8
    for page in pages:
        assert "quibble" not in page.name
        if page.is_file():
            assert "quibble" not in page.read_text("utf-8")
    assert "quibble" in (out / "grades-without-sandbox.csv").read_text("utf-8-sig")


def test_results_for_gradescope(run, tmp_path):
    result = run("in/tom.ipynb", "--trusted", "--jobs", "1", "--export", "gradescope")
    assert result.exit_code == 0, result.output
    (path,) = (tmp_path / "grades" / "gradescope").rglob("results.json")
    results = json.loads(path.read_text("utf-8"))
    assert results["score"] == 4
    assert "can be forged" in results["output"]
    assert [test["score"] for test in results["tests"]] == [2, 0, 2, 0, 0]
    assert {test["status"] for test in results["tests"]} == {"passed", "failed"}
    assert sum(test["max_score"] for test in results["tests"]) == 10


def test_a_deadline_says_by_which_clock(run, tmp_path):
    os.utime(tmp_path / "in" / "tom.ipynb", (0, 1_777_673_400))  # 1 May 2026, 22:10 UTC
    once = ("in", "--trusted", "--jobs", "1", "--late", "50", "--deadline", "2026-05-01")
    berlin = run(*once, "--timezone", "Europe/Berlin").output
    assert "by: the times of the files (3)." in berlin
    assert "Handed in late: 1 day begun, which costs 50 %." in berlin
    lines = {line.split()[0]: line for line in run(*once, "--timezone", "UTC").output.splitlines()
             if line}  # fmt: skip
    assert "late" not in lines["tom"]
    assert "no time zone 'Berlin'" in run(*once, "--timezone", "Berlin").output


def test_a_download_of_moodle_has_no_time_but_its_worksheet_has(run, tmp_path):
    (tmp_path / "m").mkdir()
    for number, name in enumerate(["Jane Doe", "Tom Poe"], 11):
        folder = tmp_path / "m" / f"{name}_{number}_assignsubmission_file"
        folder.mkdir()
        (folder / "02.ipynb").write_bytes(answers(**RIGHT))
    once = ("m", "--trusted", "--jobs", "1", "--late", "50", "--deadline", "2026-05-01")
    output = run(*once).output
    assert (
        "nothing, because there is no time to trust, for Moodle's are those of the download (2)"
        in output
    )
    (tmp_path / "class.csv").write_text(
        "Identifier,Full name,Last modified (submission)\n"
        'Participant 11,Jane Doe,"Friday, 1 May 2026, 11:58 PM"\n'
        'Participant 12,Tom Poe,"Saturday, 2 May 2026, 12:10 AM"\n',
        encoding="utf-8",
    )
    output = run(*once, "--roster", "class.csv", "--timezone", "Europe/Berlin").output
    assert "by: the times in Moodle's grading worksheet (2)." in output
    lines = {line.split()[0]: line for line in output.splitlines() if line}
    assert "late" in lines["Tom"]
    assert "late" not in lines["Jane"]
