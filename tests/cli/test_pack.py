"""``dlcourse pack``: the files that it names, and nothing half-done."""

import re
from functools import partial

import pytest
from click.testing import CliRunner

from dlcourse.cli import main
from dlcourse.teaching.students import students_zip


def pack(*arguments: str):
    return CliRunner().invoke(main, ["pack", *arguments])


def test_it_writes_a_lesson_and_a_front_page_whose_links_hold(tmp_path):
    kinds = ("slides", "notes", "questions")
    result = pack("5", "--output", str(tmp_path), *(f"--only={kind}" for kind in kinds))
    assert result.exit_code == 0, result.output
    links = re.findall(r'href="([^"]+)"', (tmp_path / "index.html").read_text(encoding="utf-8"))
    assert len(links) == 4
    assert all((tmp_path / link).is_file() for link in links)
    assert "wrote 5 files" in result.output
    assert not (tmp_path / "students.zip").exists()


def test_only_slides(tmp_path):
    assert pack("02", "--only", "slides", "--output", str(tmp_path)).exit_code == 0
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "02_perceptron.html",
        "index.html",
    ]


@pytest.mark.parametrize("name", ["99", "two"])
def test_an_unknown_lesson_is_named(name, tmp_path):
    result = pack(name, "--output", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert f"There is no lesson {name}" in result.output
    assert not (tmp_path / "out").exists()


def test_in_the_students_copy_it_says_why_not(tmp_path, monkeypatch):
    monkeypatch.setattr("dlcourse.teaching.notes.NOTES", tmp_path / "notes.toml")
    result = pack("05", "--output", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "students' copy" in result.output


def test_without_git_it_writes_the_rest_and_says_what_is_missing(tmp_path, monkeypatch):
    no_git = partial(students_zip, tmp_path)
    monkeypatch.setattr("dlcourse.teaching.students.students_zip", no_git)
    result = pack("05", "--only=notes", "--only=students", "--output", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "install git and clone the course" in result.output
    assert (tmp_path / "out/index.html").is_file()
    assert not (tmp_path / "out/students.zip").exists()


def test_the_front_page_links_the_course_for_a_class(tmp_path, monkeypatch):
    monkeypatch.setattr("dlcourse.teaching.students.students_zip", lambda: b"PK")
    result = pack("05", "--only=notes", "--only=students", "--output", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert '<a href="students.zip">' in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert pack("05", "--only=students", "--output", str(tmp_path / "b")).exit_code == 0
    page = (tmp_path / "b/index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', page) == ["students.zip"]
