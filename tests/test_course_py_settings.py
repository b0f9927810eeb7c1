"""What pip is told by others: mirrors are kept, what would spoil the installation is not."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.pretended import COURSE, Clone

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended Python is a POSIX script")


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path / "the course, ünïcode")


def test_settings_that_would_spoil_the_installation_are_left_aside_and_told(clone):
    clone.settings = {
        **{"PIP_TARGET": "/t", "PIP_PREFIX": "/p", "PIP_ROOT": "/r", "PIP_CONSTRAINT": "/c"},
        **{"PIP_DRY_RUN": "1", "PIP_CONFIG_FILE": "/etc/mine.conf", "PIP_NO_BINARY": ":all:"},
        **{"PIP_REQUIRE_VIRTUALENV": "1", "PYTHONUSERBASE": "/u", "PYTHONHOME": sys.base_prefix},
    }
    clone.tell_pip(":env:.target='/t'", "install.constraint='/c'", "global.timeout='99'")
    status, out, _ = clone.run("lab")
    assert status == 7
    assert "Left aside, for this installation only: pip's constraint, target\n" in out
    found = clone.environment()
    assert clone.settings.items() & found.items() == set()
    assert {k: v for k, v in found.items() if k.startswith("PIP_")} == {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_TIMEOUT": "99",
    }


def test_a_mirror_is_kept_and_no_password_gets_into_the_log(clone):
    clone.tell_pip(
        "global.index-url='https://me:secret@mirror.example/simple'",
        ":env:.index-url='https://me:secret@other.example/simple'",
        "global.find-links='/wheels\\n/more'",
        "global.no-index='0'",
    )
    assert clone.run("lab")[0] == 7
    found = clone.environment()
    assert found["PIP_INDEX_URL"] == "https://me:secret@other.example/simple"
    assert found["PIP_FIND_LINKS"].split() == ["/wheels", "/more"]
    assert found["PIP_NO_INDEX"] == "0"
    log = (clone.folder / ".venv/install.log").read_text()
    assert "https://****@other.example/simple" in log
    assert "secret" not in log


NONE_FOUND = "ERROR: No matching distribution found for numpy==2.4.6"


@pytest.mark.parametrize(
    ("told", "sentence", "remedy"),
    [
        (":env:.no-index='1'", "the package index may not be asked", "unset PIP_NO_INDEX"),
        ("global.no-index='0'", "is not built for this machine", "Use 64-bit"),
        ("global.index-url='https://m.example'", "lacks a package", "unset PIP_INDEX_URL"),
    ],
)
def test_what_somebody_wanted_is_explained(clone, told, sentence, remedy):
    clone.tell_pip(told)
    (clone.folder / "pip-says").write_text(NONE_FOUND)
    status, _, err = clone.run("lab")
    assert status == 1
    assert sentence in err
    assert remedy in err


def test_the_real_pip_gets_a_wheel_into_venv_past_all_settings(tmp_path, monkeypatch):
    """An environment of its own, on another disk; a wheel made here, no network."""
    (tmp_path / ".venv").symlink_to(tmp_path / "disk")
    wheels, lock, elsewhere = tmp_path / "wheels", tmp_path / "lock.txt", tmp_path / "elsewhere"
    wheels.mkdir()
    lock.write_text(f"little==1.0 --hash=sha256:{little_wheel(wheels)}\n")
    (tmp_path / "pip.conf").write_text(f"[install]\nroot = {elsewhere}\nconstraint = /none\n")
    settings = {
        **{"PIP_TARGET": str(elsewhere), "PIP_CONSTRAINT": "/no/such/file", "PIP_DRY_RUN": "1"},
        **{"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "PIP_NO_BINARY": ":all:"},
        **{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PYTHONUSERBASE": str(elsewhere)},
    }
    shutil.copy(COURSE, tmp_path)
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import course
course.shutil.which = lambda name: None
course.make_venv()
course.Installer(course.FULL.stamp).add("--require-hashes", "--requirement", {str(lock)!r})
"""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, env=kept | settings, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "pip's constraint, dry-run, no-binary, root, target" in result.stdout
    python = tmp_path / ".venv/bin/python"
    assert subprocess.check_output([python, "-c", "import little; print(little.n)"]) == b"1\n"
    assert list((tmp_path / "disk").rglob("little.py"))
    assert not elsewhere.exists()


def little_wheel(folder: Path) -> str:
    """Make a wheel with one module; return its hash."""
    path = folder / "little-1.0-py3-none-any.whl"
    info = "little-1.0.dist-info"
    files = {
        "little.py": "n = 1\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: little\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
        wheel.writestr(f"{info}/RECORD", record)
    return hashlib.sha256(path.read_bytes()).hexdigest()
