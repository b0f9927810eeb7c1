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
LIGHT = "requirements/light.txt"
PINNED = re.compile(r"^(\S+)==(\S+)(?: ; (.+?))? \\$")


def entries(text: str) -> dict[str, Requirement]:
    """Return what a lock file pins, by name."""
    lines = [line.removesuffix("\\") for line in text.splitlines() if line[:1].isalnum()]
    pins = [Requirement(line) for line in lines]
    assert len({pin.name for pin in pins}) == len(pins), "one version of each package"
    return {canonicalize_name(pin.name): pin for pin in pins}


def read(name: str) -> dict[str, Requirement]:
    return entries((ROOT / name).read_text(encoding="utf-8"))


def versions(pins: dict[str, Requirement]) -> dict[str, str]:
    return {name: str(pin.specifier) for name, pin in pins.items()}


def wanted(name: str) -> list[Requirement]:
    """Return the ranges of pyproject.toml that a lock is compiled from."""
    words = list(PROJECT["dependencies"])
    for option in lock.LOCKS[name]:
        kind, _, value = option.partition("=")
        if kind == "--group":
            words += group(value)
        elif kind == "--extra":
            words += PROJECT["optional-dependencies"][value]
    ranges = list(map(Requirement, words))
    without = "tensorflow" if name == LIGHT else None
    return [requirement for requirement in ranges if requirement.name != without]


def group(name: str) -> list[str]:
    items = PYPROJECT["dependency-groups"][name]
    return [
        word
        for item in items
        for word in ([item] if isinstance(item, str) else group(item["include-group"]))
    ]


@pytest.fixture(params=lock.LOCKS)
def name(request):
    return request.param


@pytest.fixture
def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_package_has_one_exact_version_and_hashes(text):
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    for block in blocks:
        assert PINNED.match(block.splitlines()[0])
        assert "--hash=sha256:" in block


def test_it_says_nothing_about_where_packages_come_from(text):
    assert "python3 course.py lock" in text
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, flags=re.MULTILINE)


def test_it_is_up_to_date_with_the_ranges_in_pyproject(name):
    pinned = read(name)
    for requirement in wanted(name):
        pin = pinned[canonicalize_name(requirement.name)]
        (version,) = (spec.version for spec in pin.specifier)
        assert requirement.specifier.contains(version), f"{requirement}: {version} is locked"


@pytest.mark.parametrize(
    ("package", "platform"), [("appnope", "darwin"), ("colorama", "win32"), ("pexpect", "linux")]
)
def test_it_serves_every_platform(text, package, platform):
    assert platform in str(entries(text)[package].marker) or platform == "linux"


@pytest.mark.parametrize("other", [other for other in list(lock.LOCKS)[1:] if other != LIGHT])
def test_the_other_locks_only_add(other):
    learner, more = versions(read("requirements.txt")), versions(read(other))
    assert learner.items() < more.items()


@pytest.mark.parametrize("other", list(lock.LOCKS)[2:])
def test_no_lock_differs_from_the_others_in_a_version(other):
    """But for CUDA itself, of which TensorFlow and PyTorch need one each."""
    pins = versions(read(other))
    known = versions(read("requirements/test.txt"))
    if other == LIGHT:
        known |= versions(read("requirements/backends.txt"))
    assert {name: known[name] for name in pins.keys() & known.keys()}.items() <= pins.items()


def test_a_learner_gets_no_tool_of_developers():
    tools = {Requirement(word).name for word in group("dev")} - {
        Requirement(word).name for word in group("install")
    }
    assert {"pytest", "mypy", "ruff", "playwright", "sphinx"} <= tools
    for other in lock.LOCKS.keys() - {"requirements/test.txt"}:
        assert not tools & read(other).keys(), other


def test_the_light_lock_has_jax_instead_of_tensorflow():
    learner, light = read("requirements.txt"), read(LIGHT)
    assert light.keys() - learner.keys() == {"jax", "jaxlib"}
    missing = learner.keys() - light.keys()
    assert "tensorflow" in missing
    assert missing.isdisjoint(requirement.name for requirement in wanted(LIGHT))


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
