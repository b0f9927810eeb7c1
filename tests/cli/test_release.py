"""`dlcourse release` and `dlcourse progress`: thin, so only what they add is tested here."""

import json
import shutil

import pytest
from click.testing import CliRunner

from dlcourse.cli import main, release
from dlcourse.layout import COURSE, SOLUTIONS

NAME = "02_perceptron/02_perceptron.ipynb"


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Copies of the solutions and an empty folder for exercises."""
    solutions, exercises = tmp_path / "solutions", tmp_path / "exercises"
    shutil.copytree(SOLUTIONS, solutions)
    monkeypatch.setattr(release, "SOLUTIONS", solutions)
    monkeypatch.setattr(release, "EXERCISES", exercises)
    return solutions, exercises


def run(*arguments):
    result = CliRunner().invoke(main, arguments)
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_release_writes_and_check_agrees(folders):
    status, output = run("release", "--check")
    assert status == 1
    assert "is missing" in output
    assert not folders[1].exists()

    status, output = run("release")
    assert status == 0
    assert output.startswith("wrote ")
    assert (folders[1] / NAME).is_file()

    assert run("release", "--check")[0] == 0
    assert run("release") == (
        0,
        "Nothing to do: exercises, maps and tables of digits are up to date.\n",
    )


def test_check_sees_an_edited_exercise(folders):
    run("release")
    exercise = folders[1] / NAME
    exercise.write_text(exercise.read_text().replace("perceptron", "Perceptron", 1))
    status, output = run("release", "--check")
    assert status == 1
    assert f"Run `{COURSE} release`" in output


def test_a_solution_that_is_not_well_formed_is_told_and_nothing_is_written(folders):
    solution = folders[0] / NAME
    notebook = json.loads(solution.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = [line for line in cell["source"] if "END SOLUTION" not in line]
    solution.write_text(json.dumps(notebook))
    status, output = run("release")
    assert status == 2
    assert NAME in output
    assert not folders[1].exists()


def test_progress_is_a_table_with_every_graded_function():
    status, output = run("progress")
    assert status == 0
    assert "perceptron_step" in output
