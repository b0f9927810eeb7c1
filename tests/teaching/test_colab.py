"""Copies for Colab: they run elsewhere, lead to each other, and leave the lessons as they are."""

import json
import re

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.layout import EXERCISES, NOTEBOOKS, ROOT
from dlcourse.syllabus import LESSONS
from dlcourse.teaching.colab import Home, colab_copies

HOME = Home("someone/course", "abc123", "colab")


@pytest.fixture(scope="module")
def copies():
    return {name: json.loads(content) for name, content in colab_copies(HOME)}


def prose(notebook) -> str:
    cells = notebook["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_every_lesson_and_exercise_has_a_copy(copies):
    lessons = {lesson.name for lesson in LESSONS if lesson.is_here}
    exercises = {f"{lesson.name}_exercise" for lesson in LESSONS if lesson.has_exercise}
    assert copies.keys() == lessons | exercises


def test_a_copy_begins_with_a_badge_and_installs_only_what_colab_lacks(copies):
    for name, notebook in copies.items():
        badge, first = ("".join(cell["source"]) for cell in notebook["cells"][:2])
        assert f"github/someone/course/blob/colab/{name}.ipynb)" in badge
        installs = re.findall(r"^%pip install (.*)$", first, re.MULTILINE)
        assert installs == [
            "--quiet anywidget",
            '--quiet --no-deps "git+https://github.com/someone/course@abc123"',
        ]


def test_no_link_leads_beside_the_notebook(copies):
    for notebook in copies.values():
        assert re.findall(r"\]\((?!https?://|#|attachment:)[^)]*\)", prose(notebook)) == []


def test_links_lead_to_copies_and_to_files_that_are_there(copies):
    for notebook in copies.values():
        text = prose(notebook)
        for name in re.findall(r"\]\(https://colab[^)]*/blob/colab/([^)#]*)\.ipynb", text):
            assert name in copies
        for path in re.findall(r"someone/course/blob/abc123/([^)#]*)", text):
            assert (ROOT / path).exists()


def test_a_copy_has_no_output_and_no_two_cells_of_one_id(copies):
    for notebook in copies.values():
        cells = notebook["cells"]
        assert not any(cell.get("outputs") for cell in cells)
        assert len({cell["id"] for cell in cells}) == len(cells)


def test_the_command_writes_them_and_changes_no_lesson(tmp_path):
    before = {
        path: path.read_bytes() for path in [*NOTEBOOKS.glob("*"), *EXERCISES.rglob("*.ipynb")]
    }
    arguments = ["colab", "--repository", "someone/course", "--output", str(tmp_path)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    written = {path.stem for path in tmp_path.glob("*.ipynb")}
    listed = re.findall(r"^- \[(\w+)\]", (tmp_path / "README.md").read_text(), re.MULTILINE)
    assert written == set(listed)
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.parametrize("name", ["", "course", "https://github.com/a/b", "a/b/c", 'a/"b'])
def test_what_is_no_repository_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    arguments = ["colab", "--repository", name, "--output", str(tmp_path / "out")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "--repository OWNER/NAME" in result.output
    assert not (tmp_path / "out").exists()
