"""What surrounds the code: a clone on any system, workflows, hooks, forms, the version."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import dlcourse
from dlcourse.cli import main
from dlcourse.layout import ROOT
from tests.test_hygiene import FILES

pytestmark = pytest.mark.skipif(not FILES, reason="this is no clone")

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = [
    path
    for path in sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
    if path.name != "config.yml"
]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def read(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


# ------------------------------------------------------------------ a clone


def git(folder: Path, *arguments: str) -> str:
    """Run git there as somebody who has set nothing up."""
    nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *nobody, "-c", "core.autocrlf=true", *arguments],
        cwd=folder,
        env=os.environ | nothing,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout


def clone(folder: Path, names: list[str]) -> Path:
    """Commit these files as they are in the working tree; clone them as Git for Windows does."""
    origin = folder / "origin"
    for name in names:
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, origin / name)
    git(origin, "init", "--quiet", "--initial-branch=main")
    git(origin, "add", "--all", "--force")
    git(origin, "commit", "--quiet", "--message=all of it")
    git(folder, "clone", "--quiet", str(origin), "clone")
    return folder / "clone"


def different(folder: Path, names: list[str]) -> list[str]:
    return [name for name in names if (folder / name).read_bytes() != (ROOT / name).read_bytes()]


def release_check(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dlcourse", "release", "--check"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
    )


HERE = [name for name in FILES if (ROOT / name).is_file()]


def test_a_clone_with_autocrlf_is_the_same_and_its_exercises_are_in_order(tmp_path):
    folder = clone(tmp_path, HERE)
    assert different(folder, HERE) == []
    assert git(folder, "status", "--porcelain") == ""
    result = release_check(folder)
    assert result.returncode == 0, result.stdout + result.stderr


def test_without_the_attributes_it_would_differ(tmp_path):
    names = [name for name in HERE if name != ".gitattributes" and not name.endswith(".ipynb")]
    folder = clone(tmp_path, names)
    assert "dlcourse/layout.py" in different(folder, names)
    assert "docs/images/playground.gif" not in different(folder, names)


def test_files_are_written_as_editorconfig_says():
    wrong = []
    for name in HERE:
        content = (ROOT / name).read_bytes()
        if b"\0" in content or not content:
            continue
        is_clean = b"\r" not in content and content.endswith(b"\n")
        if not is_clean or re.search(rb"[ \t]$", content, re.MULTILINE):
            wrong.append(name)
    assert wrong == []


# ------------------------------------------------------------------ workflows and hooks


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_jobs_may_only_read_and_must_end(path):
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 120
        for step in job["steps"]:
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+", step.get("uses", "a/b@v1.2.3"))


def test_every_python_is_tested_on_every_system_and_everything_on_debian():
    everything, unit = read(ROOT / ".github/workflows/test.yml")["jobs"].values()
    assert everything["steps"][-1]["run"] == ".ci/run"
    assert unit["steps"][-1]["run"] == "python course.py test unit"
    matrix = unit["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "windows", "macos"]
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    assert PROJECT["requires-python"] == ">=3.11,<3.14"


def test_hooks_run_what_is_here_and_download_nothing():
    (source,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert source["repo"] == "local"
    for hook in source["hooks"]:
        assert hook["language"] == "unsupported"  # pre-commit's word for: needs no installation
        assert hook["entry"].startswith(".ci/python -m ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
@pytest.mark.parametrize("name", [".ci/python", ".ci/run"])
def test_scripts_are_executable(name):
    assert os.access(ROOT / name, os.X_OK)


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_script_says_what_to_do_where_there_is_no_venv(tmp_path):
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci/python", tmp_path / ".ci/python")
    result = subprocess.run([script, "-V"], capture_output=True, encoding="utf-8")
    assert (result.returncode, result.stdout) == (1, "")
    assert "Run: python3 course.py test style" in result.stderr
    for place in ".venv/bin/python", ".venv/Scripts/python.exe":
        python = tmp_path / place
        python.parent.mkdir(parents=True)
        python.write_text('#!/bin/sh\necho "$0" "$@"\n')
        python.chmod(0o755)
        assert subprocess.check_output([script, "-V"], text=True).endswith(f"{place} -V\n")
        python.unlink()


# ------------------------------------------------------------------ forms and pages


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_is_what_github_asks_for(path):
    form = read(path)
    assert form.keys() == {"name", "description", "title", "body"}
    questions = [item for item in form["body"] if item["type"] != "markdown"]
    assert len({item["id"] for item in questions}) == len(questions)
    for item in questions:
        assert item["type"] in {"input", "textarea", "dropdown"}
        assert item["attributes"]["label"]
        assert (item["type"] == "dropdown") == ("options" in item["attributes"])


def test_there_is_a_form_for_a_lesson_and_one_for_a_grade():
    assert [path.stem for path in FORMS] == ["grade", "lesson"]


def test_the_citation_has_what_its_format_asks_for():
    """Cff-version 1.2.0: these are required; the version stands elsewhere."""
    citation = read(ROOT / "CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    assert citation["authors"] == [{"name": "The dlcourse authors"}]
    assert set(citation["license"]) == set(PROJECT["license"].split(" AND "))
    assert "version" not in citation


# ------------------------------------------------------------------ the version


def test_the_version_stands_in_one_place():
    assert PROJECT["dynamic"] == ["version"]
    assert PYPROJECT["tool"]["hatch"]["version"] == {"path": "dlcourse/__init__.py"}
    result = CliRunner().invoke(main, ["--version"])
    assert result.output == f"dlcourse, version {dlcourse.__version__}\n"
