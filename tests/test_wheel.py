"""What a built wheel holds beside the code."""

import subprocess
import sys
from zipfile import ZipFile

import pytest

import dlcourse
from dlcourse import layout


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=layout.ROOT, check=True, capture_output=True)
    (wheel,) = folder.iterdir()
    assert wheel.name.startswith(f"dlcourse-{dlcourse.__version__}-")
    return set(ZipFile(wheel).namelist())


def test_every_record_is_where_the_package_looks_for_it(names):
    stored = {f"dlcourse/records/{path.name}" for path in layout.RECORDS.glob("*.json")}
    assert stored
    assert {name for name in names if name.startswith("dlcourse/records/")} == stored


def test_the_package_looks_there_where_no_checkout_is(tmp_path):
    """Copied to a place of its own, the module that knows the folders."""
    package = tmp_path / "dlcourse"
    package.mkdir()
    source = (layout.ROOT / "dlcourse" / "layout.py").read_text(encoding="utf-8")
    (package / "layout.py").write_text(source, encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(package)!r}); import layout; print(layout.RECORDS)"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert found.stdout.strip() == str((package / "records").resolve())


def test_lessons_and_exercises_are_in_it_and_no_solutions(names):
    lessons = {path.name for path in layout.NOTEBOOKS.glob("*.ipynb")}
    exercises = {path.name for path in layout.EXERCISES.rglob("*.ipynb")}
    inside = "dlcourse/material/"
    assert {f"{inside}notebooks/{name}" for name in lessons} <= names
    assert {f"{inside}exercises/{name[:-6]}/{name}" for name in exercises} <= names
    assert not any("solution" in name for name in names)


def test_nothing_of_the_benchmarks_or_tests_is_in_it(names):
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"dlcourse"}
    assert not any("test" in name.partition("/")[2].partition("/")[0] for name in names)


def test_the_templates_of_cards_and_pages_are_in_it(names):
    folder = layout.ROOT / "dlcourse" / "grading" / "templates"
    stored = {f"dlcourse/grading/templates/{path.name}" for path in folder.iterdir()}
    assert "dlcourse/grading/templates/card.html" in stored
    assert stored <= names
