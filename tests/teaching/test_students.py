"""The course for a class: nothing of the solutions, and whole without them."""

import io
import json
import re
import subprocess
import sys
import zipfile

import pytest

from dlcourse.layout import ROOT, SOLUTIONS
from dlcourse.teaching.students import FOLDER, LEFT_OUT, TO_A_CLASS, students_zip, tracked
from tests.test_hygiene import FILES

pytestmark = pytest.mark.skipif(not FILES, reason="this is no clone")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("students")
    with zipfile.ZipFile(io.BytesIO(students_zip())) as archive:
        archive.extractall(folder)
    return folder / FOLDER


def test_what_is_left_out_is_there_to_be_left_out():
    names = tracked(ROOT)
    for left in LEFT_OUT:
        assert any(name == left or name.startswith(f"{left}/") for name in names), left


def test_no_solution_no_test_and_no_notes_are_in_it(copy):
    assert not (copy / "solutions").exists()
    assert not (copy / "tests").exists()
    assert not list(copy.rglob("notes.toml"))
    for path in copy.rglob("*.ipynb"):
        assert "### BEGIN SOLUTION" not in path.read_text(encoding="utf-8"), path


def test_no_answer_cell_of_a_solution_is_in_an_exercise(copy):
    for path in SOLUTIONS.rglob("*.ipynb"):
        exercise = copy / "exercises" / path.parent.name / path.name
        given = exercise.read_text(encoding="utf-8")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            hidden = re.findall(
                r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", "".join(cell["source"]), re.DOTALL
            )
            for answer in hidden:
                lines = [line for line in answer.splitlines() if len(line.strip()) > 40]
                assert not any(json.dumps(line)[1:-1] in given for line in lines), path


def test_links_lead_somewhere(copy):
    for page in copy.rglob("*.md"):
        for target in re.findall(
            r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8")
        ):
            assert (page.parent / target).exists(), (page, target)


def test_the_readme_speaks_to_learners(copy):
    text = (copy / "README.md").read_text(encoding="utf-8")
    assert re.search(r"python3? course\.py lab", text)
    assert "course.py test" not in text
    assert "Teach with it" not in text
    assert "## Cite it, use it" in text


@pytest.mark.parametrize("page", sorted(TO_A_CLASS))
def test_a_class_is_told_to_unpack_and_not_to_clone(copy, page):
    """A clone would bring the solutions, and what is said of git does not work in a zip."""
    whole, text = ((folder / page).read_text(encoding="utf-8") for folder in (ROOT, copy))
    for said, _ in TO_A_CLASS[page]:
        assert re.search(said, whole, re.DOTALL), said
    assert "git clone" not in text.split("## ")[1 if page == "README.md" else 0]
    assert "course.py update" not in text
    assert f"open a terminal in the folder `{FOLDER}`" in text
    assert "unpack it over this folder" in text


@pytest.mark.parametrize("command", ["site", "test", "release"])
def test_what_needs_the_whole_course_says_so(copy, command):
    result = subprocess.run(
        [sys.executable, "-m", "dlcourse", command],
        cwd=copy, capture_output=True, encoding="utf-8", check=False,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "HOME": str(copy)},
    )  # fmt: skip
    assert result.returncode == 2
    assert "This is the students' copy of the course" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_is_a_course_that_runs(copy):
    code = (
        "from pathlib import Path; from dlcourse import checks, layout;"
        "from dlcourse.exercises.hand_out import hand_out;"
        f"assert layout.ROOT == Path({str(copy)!r}), layout.ROOT;"
        "assert layout.IS_CLONE; hand_out(layout.ROOT / 'work'); print(len(checks.lessons()))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, capture_output=True, encoding="utf-8", check=False,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin", "HOME": str(copy)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert (copy / "work" / "02_perceptron_exercise.ipynb").is_file()


def test_a_folder_that_git_does_not_know_is_refused(tmp_path):
    with pytest.raises(OSError, match="git does not list the files"):
        students_zip(tmp_path)
