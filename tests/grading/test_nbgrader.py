"""nbgrader itself takes our solutions as they are: generate_assignment, validate, autograde."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from dlcourse import checks, layout
from dlcourse.grading.marking import mark
from tests.grading.notebooks import no_sandbox

pytestmark = pytest.mark.skipif(
    find_spec("nbgrader") is None,
    reason="nbgrader is not installed: pip install 'dlcourse[nbgrader]'",
)

ASSIGNMENTS = sorted(path.name for path in layout.SOLUTIONS.iterdir() if path.is_dir())
# What one lesson shows for all: a kernel starts for each notebook, and 23 lessons have two.
ONE = "02_perceptron"
# Several of nbgrader's commands in one process: most of the time of a short one is its start.
COMMANDS = """
import sys
from nbgrader.apps.nbgraderapp import NbGraderApp
for command in sys.argv[1:]:
    NbGraderApp.clear_instance()
    NbGraderApp.launch_instance(command.split())
"""


def notebook(folder: Path, name: str) -> Path:
    return folder / name / f"{name}.ipynb"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of nbgrader's: our solutions, our settings, nothing else."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(layout.SOLUTIONS, folder / "solutions")
    shutil.copy(layout.ROOT / "nbgrader_config.py", folder)
    nbgrader(folder, *(f"generate_assignment {name}" for name in ASSIGNMENTS))
    return folder


def nbgrader(folder: Path, *commands: str) -> str:
    """Run nbgrader in a folder; it calls `alembic` by name, so that must be on the PATH."""
    scripts = str(Path(sys.executable).parent)
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, *commands],
        cwd=folder,
        env={**os.environ, "PATH": os.pathsep.join([scripts, os.environ["PATH"]])},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_generate_assignment_makes_our_exercise(course, name):
    theirs = notebook(course / "exercises", name).read_bytes()
    assert theirs == notebook(layout.EXERCISES, name).read_bytes()


def test_validate(course):
    name = ONE
    assert "passes all the tests" in nbgrader(course, f"validate solutions/{name}/{name}.ipynb")
    graded = checks.lessons()[name.partition("_")[0]]
    said = nbgrader(course, f"validate exercises/{name}/{name}.ipynb")
    assert f"FAILED ON {len(graded)} CELL(S)" in " ".join(said.split())


def answers(of):
    """Return the answer cells of a notebook by the name of their function."""
    cells = (cell for cell in of.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    return {cell.metadata["nbgrader"]["grade_id"]: cell for cell in cells}


def autograde(course, name, submissions):
    """Grade notebooks, one per student; return the full marks and the score of each."""
    from nbgrader.api import Gradebook

    for student, submission in submissions.items():
        target = notebook(course / "submitted" / student, name)
        target.parent.mkdir(parents=True)
        nbformat.write(submission, target)
    nbgrader(course, f"autograde {name}")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        scores = {student: book.find_submission(name, student).score for student in submissions}
        return book.find_assignment(name).max_score, scores


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_autograde(course, name):
    """Full marks for the solution, none for the untouched exercise; once, an answer's for one."""
    full, none = (
        nbformat.read(notebook(folder, name), as_version=4)
        for folder in (layout.SOLUTIONS, layout.EXERCISES)
    )
    submissions, expected = {"full": full, "none": none}, {"none": 0.0}
    if name == ONE:
        part = nbformat.read(notebook(layout.EXERCISES, name), as_version=4)
        first = next(iter(answers(full)))
        answers(part)[first].source = answers(full)[first].source
        submissions["part"], expected["part"] = part, checks.find(first).points
    most, scores = autograde(course, name, submissions)
    assert most == sum(check.points for check in checks.lessons()[name.partition("_")[0]])
    assert scores == {"full": most, **expected}


def test_a_mistake_costs_a_part_of_the_points(course):
    name = ONE
    submission = nbformat.read(notebook(layout.SOLUTIONS, name), as_version=4)
    step = answers(submission)["perceptron_step"]
    assert "<= 0" in step.source
    step.source = step.source.replace("<= 0", "< 0")
    most, scores = autograde(course, name, {"careless": submission})
    assert most - checks.find("perceptron_step").points < scores["careless"] < most


def test_nbgrader_does_not_keep_students_from_the_answers(course):
    """docs/grading.md says so; in the sandbox of `dlcourse grade` there is nothing to import."""
    name = ONE
    submission = nbformat.read(notebook(layout.SOLUTIONS, name), as_version=4)
    for function, cell in answers(submission).items():
        cell.source = (
            f"def {function}(*given):\n    from importlib import import_module\n"
            "    course = import_module('dlcourse.lessons.lesson_02_perceptron.checks')\n"
            f"    return course.{function}(*given)"
        )
    most, scores = autograde(course, name, {"importer": submission})
    assert scores["importer"] == most
    assert mark(nbformat.writes(submission).encode(), 1, confined=not no_sandbox()).points == 0
