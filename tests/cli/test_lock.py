"""The lock files: complete, within the ranges of pyproject.toml, and for every platform."""

import re
import subprocess
import tomllib
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dlcourse.cli import lock, main
from dlcourse.layout import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
# An extra of pyproject.toml that is locked in a file of its own, and what only that file has.
ADDED = {
    "nbgrader": "nbgrader",
    "class": "nbgrader",
    "backends": "jax",
    "gpu": "cupy-cuda12x",
    "cuda": "cupy-cuda12x",
}
PINNED = re.compile(r"^(\S+)==(\S+)(?: ; (.+?))? \\$")


def entries(text: str) -> dict[str, Requirement]:
    """Return what a lock file pins, by name."""
    lines = [line.removesuffix("\\") for line in text.splitlines() if line[:1].isalnum()]
    pins = [Requirement(line) for line in lines]
    assert len({pin.name for pin in pins}) == len(pins), "one version of each package"
    return {canonicalize_name(pin.name): pin for pin in pins}


@pytest.fixture(params=lock.LOCKS)
def text(request):
    return (ROOT / request.param).read_text(encoding="utf-8")


def test_every_package_has_one_exact_version_and_hashes(text):
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    for block in blocks:
        assert PINNED.match(block.splitlines()[0])
        assert "--hash=sha256:" in block


def test_it_says_nothing_about_where_packages_come_from(text):
    assert "python course.py lock" in text
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, flags=re.MULTILINE)


def test_it_is_up_to_date_with_the_ranges_in_pyproject(text):
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *PYPROJECT["dependency-groups"]["dev"]]
    for extra, sign in ADDED.items():
        if f"\n{sign}==" in text:
            wanted += extras[extra]
    pinned = entries(text)
    for requirement in map(Requirement, wanted):
        pin = pinned[canonicalize_name(requirement.name)]
        (version,) = (spec.version for spec in pin.specifier)
        assert requirement.specifier.contains(version), f"{requirement}: {version} is locked"


@pytest.mark.parametrize(
    ("name", "platform"), [("appnope", "darwin"), ("colorama", "win32"), ("pexpect", "linux")]
)
def test_it_serves_every_platform(text, name, platform):
    assert platform in str(entries(text)[name].marker) or platform == "linux"


@pytest.mark.parametrize("name", list(lock.LOCKS)[1:])
def test_the_other_locks_only_add(name):
    base, extended = (
        entries((ROOT / file).read_text(encoding="utf-8")) for file in ("requirements.txt", name)
    )
    assert {name: str(extended[name].specifier) for name in base} == {
        name: str(pin.specifier) for name, pin in base.items()
    }
    assert sum(sign in extended for sign in set(ADDED.values())) == 1


# ------------------------------------------------------------------ the command, without uv


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose uv writes `content` into every lock file."""
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    uv = SimpleNamespace(folder=tmp_path, content="new\n", status=0, seen=[])

    def run(command, cwd, **_):
        name = command[-1].removeprefix("--output-file=")
        uv.seen.append((cwd / name).exists())
        (cwd / name).write_text(uv.content)
        return subprocess.CompletedProcess(command, uv.status, stderr="no network")

    monkeypatch.setattr(lock.subprocess, "run", run)
    return uv


def invoke(*options):
    result = CliRunner().invoke(main, ["lock", *options])
    return result.exit_code, result.output


def test_it_writes_what_has_changed(project):
    assert invoke() == (0, "".join(f"wrote {name}\n" for name in lock.LOCKS))
    assert invoke() == (0, "Nothing to do: the lock files are up to date.\n")
    assert (project.folder / "requirements.txt").read_text() == "new\n"


def test_check_writes_nothing_and_fails_if_stale(project):
    assert invoke("--check")[0] == 1
    assert not (project.folder / "requirements.txt").exists()
    invoke()
    assert invoke("--check")[0] == 0
    project.content = "newer\n"
    status, output = invoke("--check")
    assert status == 1
    assert f"Out of date: {', '.join(lock.LOCKS)}." in output


def test_it_keeps_locked_versions_unless_told_to_upgrade(project):
    invoke()
    project.seen.clear()
    invoke()
    assert project.seen == [True] * len(lock.LOCKS)  # uv sees the old lock and keeps its versions
    project.seen.clear()
    invoke("--upgrade")
    assert project.seen == [False] * len(lock.LOCKS)


def test_a_failure_of_uv_is_told_and_changes_nothing(project):
    project.status = 1
    status, output = invoke()
    assert status == 2
    assert "uv could not compile requirements.txt:\nno network" in output
    assert not (project.folder / "requirements.txt").exists()


def test_upgrade_and_check_exclude_each_other(project):
    assert invoke("--upgrade", "--check")[0] == 2
