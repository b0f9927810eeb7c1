"""The bootstrap, with a Python in .venv that only pretends: nothing is installed here."""

import ast
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from zipfile import ZipFile

import pytest

from dlcourse.cli import COMMANDS
from dlcourse.layout import ROOT
from tests.test_import_rules import imports

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended Python is a POSIX script")

COURSE = ROOT / "course.py"

# Stands in .venv/bin: writes down how it is called, and plays pip and dlcourse. It is a shell
# script and a Python program at once, because no path with a space may follow #!.
PRETENDED_PYTHON = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import json, os, sys, time
from pathlib import Path

root = Path(__file__).parent.parent.parent
with (root / "calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
if sys.argv[1:4] == ["-m", "pip", "config"]:
    told = root / "pip-is-told"
    print(told.read_text() if told.exists() else "")
if sys.argv[1:4] == ["-m", "pip", "install"]:
    (root / "environment").write_text(json.dumps(dict(os.environ)))
    said = root / "pip-says"
    print(said.read_text() if said.exists() else "Collecting numpy==2.4.6", flush=True)
    while (root / "pip-hangs").exists():
        (root / "pip-is-running").touch()
        time.sleep(0.01)
    sys.exit(1 if said.exists() else 0)
if sys.argv[1:3] == ["-m", "dlcourse"]:
    (root / "utf-8").write_text(str(sys.flags.utf8_mode))
    print("dlcourse got", sys.argv[3:])
    sys.exit(7)
"""

# Stands on PATH as uv: writes down how it is called, says what it is to say.
PRETENDED_UV = """\
#!{python}
import json, os, sys
from pathlib import Path

root = Path(__file__).parent.parent
with (root / "uv-calls").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + chr(10))
(root / "uv-environment").write_text(json.dumps(dict(os.environ)))
command = "-".join(sys.argv[1:3])
said = root / f"uv-{{command}}-says"
print(said.read_text() if said.exists() else "", flush=True)
sys.exit((root / f"uv-{{command}}-fails").exists())
"""

# Runs course.py with that Python instead of a real environment, after the changes of a test.
# Ctrl-C reaches it even where the tests run in the background of a shell, which ignores it.
DRIVER = """\
import signal
import sys
import course

signal.signal(signal.SIGINT, signal.default_int_handler)

def make_venv():
    import shutil
    shutil.rmtree(course.VENV, ignore_errors=True)
    course.PYTHON.parent.mkdir(parents=True)
    course.PYTHON.write_text({python!r})
    course.PYTHON.chmod(0o755)

course.make_venv = make_venv
course.find_python = lambda: None
course.shutil.which = lambda name, which=course.shutil.which: which(name, path={bin!r})
course.shutil.disk_usage = lambda path: type("Usage", (), dict(free=1e12))
{patch}
sys.exit(course.main(sys.argv[1:]))
"""


LOCKS = {
    "requirements.txt": "numpy==2.4.6\n",
    "requirements/test.txt": "numpy==2.4.6\npytest==9\n",
    "requirements/light.txt": "numpy==2.4.6\njax==0.10\n",
}


class Clone:
    """A folder with course.py, locks and a pyproject.toml, as a learner has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder.parent  # HOME, and where the pretended uv finds what to say
        self.settings: dict[str, str] = {}  # environment variables of a test
        (folder / "requirements").mkdir(parents=True)
        shutil.copy(COURSE, folder)
        for name, content in LOCKS.items():
            (folder / name).write_text(content)
        (folder / "pyproject.toml").write_text("[project]\n")

    def start(self, *arguments: str, patch: str = "") -> "subprocess.Popen[str]":
        """Start course.py in a process of its own."""
        pretended = PRETENDED_PYTHON.format(python=sys.executable)
        driver = DRIVER.format(
            python=pretended, patch=textwrap.dedent(patch), bin=str(self.home / "bin")
        )
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "XDG_"))}
        ours = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.Popen(
            [sys.executable, "-c", driver, *arguments],
            cwd=self.folder,
            env=kept | ours | {"HOME": str(self.home)} | self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, patch: str = "") -> tuple[int, str, str]:
        """Run course.py; return its exit status and what it printed."""
        process = self.start(*arguments, patch=patch)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def start_hanging(self) -> "subprocess.Popen[str]":
        """Start course.py and return when its pip is at work, which it stays."""
        (self.folder / "pip-hangs").touch()
        process = self.start("lab")
        while not (self.folder / "pip-is-running").exists():
            assert process.poll() is None
            time.sleep(0.01)
        return process

    def let_pip_end(self) -> None:
        """Let pip end when it is started again."""
        (self.folder / "pip-hangs").unlink()
        (self.folder / "pip-is-running").unlink()

    def installations(self) -> list[list[str]]:
        """Return the arguments of every ``pip install`` so far."""
        calls = self.folder / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [call[3:] for call in map(json.loads, lines) if call[:3] == ["-m", "pip", "install"]]

    def environment(self) -> dict[str, str]:
        """Return the environment of the last ``pip install``."""
        return json.loads((self.folder / "environment").read_text())

    def tell_pip(self, *settings: str) -> None:
        """Let `pip config list` print these lines."""
        (self.folder / "pip-is-told").write_text("\n".join(settings))

    def put_uv(self, **says: str) -> None:
        """Put a uv on PATH; for each command, what it says."""
        uv = self.home / "bin/uv"
        uv.parent.mkdir()
        uv.write_text(PRETENDED_UV.format(python=sys.executable))
        uv.chmod(0o755)
        for command, said in says.items():
            (self.home / f"uv-{command.replace('_', '-')}-says").write_text(said)

    def let_uv_fail(self, command: str, said: str = "") -> None:
        """Let a command of uv say this and fail."""
        (self.home / f"uv-{command}-says").write_text(said)
        (self.home / f"uv-{command}-fails").touch()

    def uv_calls(self) -> list[list[str]]:
        """Return the arguments of every call of uv so far."""
        calls = self.home / "uv-calls"
        return list(map(json.loads, calls.read_text().splitlines())) if calls.exists() else []


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path / "the course, ünïcode")


# ------------------------------------------------------------------ when it installs


def test_the_first_run_installs_the_lock_then_the_project_and_passes_everything_on(clone):
    status, out, err = clone.run("lab", "--no-browser", "--port", "8899")
    assert status == 7
    assert err == ""
    assert "dlcourse got ['lab', '--no-browser', '--port', '8899']" in out
    lock, project = clone.installations()
    assert lock[-3:-1] == ["--require-hashes", "--requirement"]
    assert project[-2:] == ["--editable", str(clone.folder)]
    assert "numpy==2.4.6" in out  # progress is visible


def test_on_windows_dlcourse_is_a_child_and_its_status_comes_back(clone):
    patch = """
        def hand_over(command, settings, hand_over=course.hand_over):
            course.os.name = "nt"
            return hand_over(command, settings)
        course.hand_over = hand_over
        del course.os.execve
    """
    status, out, err = clone.run("grade", "unit", patch=patch)
    assert (status, err) == (7, "")
    assert "dlcourse got ['grade', 'unit']" in out
    assert (clone.folder / "utf-8").read_text() == "1"


def test_the_second_run_installs_nothing(clone):
    clone.run("lab")
    status, out, _ = clone.run("doctor")
    assert (status, out) == (7, "dlcourse got ['doctor']\n")
    assert len(clone.installations()) == 2


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_change_of_the_lock_or_the_packaging_updates_in_place(clone, name):
    clone.run("lab")
    (clone.folder / ".venv" / "what the learner added").touch()
    with (clone.folder / name).open("a") as file:
        file.write("# changed\n")
    status, out, _ = clone.run("lab")
    assert status == 7
    assert "has changed" in out
    assert len(clone.installations()) == 4
    assert (clone.folder / ".venv" / "what the learner added").exists()


def test_a_change_would_go_unseen_without_the_fingerprint(clone):
    blind = "course.Lock.state = lambda self: {'always': 'the same'}"
    clone.run("lab", patch=blind)
    (clone.folder / "requirements.txt").write_text("numpy==9\n")
    clone.run("lab", patch=blind)
    assert len(clone.installations()) == 2


def test_a_folder_that_was_moved_is_told_and_its_scripts_follow(clone, tmp_path):
    clone.run("lab")
    shell = "/bin/sh\n'''exec' \"{}\" \"$0\" \"$@\"\n' '''"  # as pip writes where there is a space
    script = f"#!{shell}\nimport sys; print(sys.argv[1:])\n"
    (clone.folder / ".venv/bin/say").write_text(script.format(clone.folder / ".venv/bin/python"))
    (clone.folder / ".venv/bin/say").chmod(0o755)
    for name in "elsewhere", "else where":
        clone.folder = clone.folder.rename(tmp_path / name)
        status, out, _ = clone.run("lab")
        assert status == 7
        assert out.startswith("The folder of the course has moved: updating .venv\n")
        assert clone.installations()[-1][-1] == str(clone.folder)
        subprocess.run([clone.folder / ".venv/bin/say", "a b"], check=True)
        assert json.loads((clone.folder / "calls").read_text().splitlines()[-1])[1:] == ["a b"]


def test_a_script_without_a_space_gets_one(clone, tmp_path):
    clone.folder = clone.folder.rename(tmp_path / "plain")
    clone.run("lab")
    script = f"#!{clone.folder}/.venv/bin/python\n"
    (clone.folder / ".venv/bin/say").write_text(script)
    (clone.folder / ".venv/bin/say").chmod(0o755)
    clone.folder = clone.folder.rename(tmp_path / "with space")
    clone.run("lab")
    subprocess.run([clone.folder / ".venv/bin/say", "a b"], check=True)
    assert json.loads((clone.folder / "calls").read_text().splitlines()[-1])[1:] == ["a b"]


def test_an_installation_with_the_stamp_of_an_older_version_is_kept_and_brought_up_to_date(clone):
    clone.run("lab")
    (clone.folder / ".venv/installed").write_text("f5a772af8b2135e6941df783931218754f0b9641")
    (clone.folder / ".venv" / "what the learner added").touch()
    status, out, _ = clone.run("lab")
    assert status == 7
    assert out.startswith("The course has changed: updating .venv\n")
    assert (clone.folder / ".venv" / "what the learner added").exists()
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_a_python_that_no_longer_runs_is_replaced(clone):
    clone.run("lab")
    (clone.folder / ".venv/bin/python").unlink()
    assert clone.run("lab")[0] == 7
    assert len(clone.installations()) == 4


# ------------------------------------------------------------------ what it installs


def test_a_command_for_developers_adds_their_tools_once(clone):
    clone.run("lab")
    status, out, err = clone.run("test", "style")
    assert (status, err) == (7, "")
    assert out.startswith("`test` needs the tools of developers: adding them to .venv")
    assert clone.installations()[-1][-1] == str(clone.folder / "requirements/test.txt")
    assert clone.run("test")[1] == clone.run("lock")[1].replace("lock", "test")
    assert len(clone.installations()) == 3
    (clone.folder / "requirements/test.txt").write_text("pytest==10\n")
    clone.run("lab")
    assert len(clone.installations()) == 3
    clone.run("test")
    assert len(clone.installations()) == 4


def test_tools_that_cannot_be_had_leave_the_course_as_it_is(clone):
    clone.run("lab")
    (clone.folder / "pip-says").write_text("Installing collected packages: pytest\nErrno 28")
    assert clone.run("test")[0] == 1
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_the_light_course_is_remembered_and_left_again(clone):
    status, out, _ = clone.run("--light", "lab")
    assert status == 7
    assert out.startswith("Installing the course with Keras on JAX into .venv")
    assert clone.installations()[0][-1] == str(clone.folder / "requirements/light.txt")
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"
    (line,) = clone.folder.glob(".venv/lib/*/site-packages/keras_backend.pth")
    for value, found in (None, "jax"), ("torch", "torch"):
        settings = {} if value is None else {"KERAS_BACKEND": value}
        code = "import os, pathlib, sys; exec(pathlib.Path(sys.argv[1]).read_text())"
        code += "; print(os.environ['KERAS_BACKEND'])"
        kept = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}
        command = [sys.executable, "-c", code, str(line)]
        assert subprocess.check_output(command, env=kept | settings, text=True) == f"{found}\n"

    status, _, err = clone.run("test")
    assert status == 1
    assert "needs TensorFlow" in err
    assert "--full test" in err

    assert clone.run("--full", "lab")[1].startswith("Installing the course into .venv")
    assert not (clone.folder / ".venv/light").exists()
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_the_light_course_is_remembered_by_what_an_interruption_left(clone):
    (clone.folder / "pip-says").write_text("Installing collected packages: jax\nkilled")
    assert clone.run("--light", "lab")[0] == 1
    (clone.folder / "pip-says").unlink()
    assert "with Keras on JAX" in clone.run("lab")[1]


# ------------------------------------------------------------------ with uv


def test_uv_installs_the_same_lock_with_hashes(clone):
    clone.put_uv(pip_install="Resolved 2 packages in 1ms\nDownloading numpy (16.0MiB)")
    status, out, err = clone.run("lab")
    assert (status, err) == (7, "")
    assert clone.installations() == []
    python = str(clone.folder / ".venv/bin/python")
    lock, project = clone.uv_calls()
    assert lock[:4] == ["pip", "install", "--python", python]
    assert lock[-3:-1] == ["--require-hashes", "--requirement"]
    assert project[-2:] == ["--editable", str(clone.folder)]
    assert "numpy (16.0MiB)" in out  # progress is visible
    assert "Downloading numpy" in (clone.folder / ".venv/install.log").read_text()
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_what_uv_cannot_do_pip_tries(clone):
    clone.put_uv()
    clone.let_uv_fail("pip-install", "error: unexpected argument '--python' found")
    status, out, _ = clone.run("lab")
    assert status == 7
    assert "uv could not do it; pip tries." in out
    assert len(clone.installations()) == 2


UV_SAYS = [
    (
        "error: Failed to fetch: http://127.0.0.1:9/simple/click/\n"
        "  cause: error sending request for url (http://127.0.0.1:9/simple/click/)\n"
        "  cause: tcp connect error\n  cause: Connection refused (os error 111)",
        "no connection to the package index",
    ),
    ("  cause: tunnel error: proxy authorization required", "The proxy asks for a name"),
    ("  cause: invalid peer certificate: UnknownIssuer", "a certificate that is not trusted"),
    ("  cause: Hash mismatch for `click==8.2.1`", "differs from the one that the lock names"),
    ("  cause: No space left on device (os error 28)", "The disk is full."),
    ("hint: unavailable because the network was disabled.", "the package index may not be asked"),
]


@pytest.mark.parametrize(("said", "sentence"), UV_SAYS)
def test_what_uv_says_becomes_the_same_sentences_and_pip_does_not_try(clone, said, sentence):
    clone.put_uv()
    clone.let_uv_fail("pip-install", said)
    status, _, err = clone.run("lab")
    assert status == 1
    assert sentence in err
    assert clone.installations() == []


@pytest.mark.parametrize(
    ("told", "settings", "is_uv"),
    [
        ("global.index-url='https://mirror.example/simple'", {}, False),
        (":env:.no-index='1'", {}, False),
        ("global.cert='/company.pem'", {"UV_DEFAULT_INDEX": "https://mirror.example"}, True),
        (":env:.timeout='60'", {}, True),
    ],
)
def test_where_pip_alone_is_told_of_a_mirror_pip_installs(clone, told, settings, is_uv):
    clone.put_uv()
    clone.tell_pip(told)
    clone.settings = settings
    assert clone.run("lab")[0] == 7
    assert (clone.installations() == []) == is_uv


def test_uv_gets_no_setting_that_names_another_place(clone):
    clone.put_uv()
    clone.settings = {
        **{"VIRTUAL_ENV": "/a", "CONDA_PREFIX": "/b", "UV_SYSTEM_PYTHON": "1", "UV_PYTHON": "3.14"},
        **{"UV_CONSTRAINT": "/c", "UV_INDEX_URL": "https://mirror.example", "UV_CACHE_DIR": "/d"},
    }
    assert clone.run("lab")[0] == 7
    environment = json.loads((clone.home / "uv-environment").read_text())
    assert clone.settings.items() & environment.items() == {
        ("UV_INDEX_URL", "https://mirror.example"),
        ("UV_CACHE_DIR", "/d"),
    }


TOO_NEW = "sys.version_info = (3, 14, 0)"


def test_with_a_python_that_is_too_new_uv_brings_another_and_it_goes_on(clone, tmp_path):
    other = tmp_path / "another python"
    other.write_text('#!/bin/sh\n[ "$1" = -c ] || echo it goes on: "$@" $DLCOURSE_AGAIN\n')
    other.chmod(0o755)
    clone.put_uv(python_find=str(other))
    status, out, err = clone.run("lab", "--port=1", patch=TOO_NEW)
    assert (status, err) == (0, "")
    assert out == (
        "The course needs Python 3.11, 3.12 or 3.13, and this is Python 3.14. TensorFlow is not "
        f"built for it. It goes on with {other}.\n"
        f"it goes on: {clone.folder}/course.py lab --port=1 1\n"
    )
    assert clone.uv_calls()[0] == ["python", "find", "--system", "3.13"]


def test_a_python_that_uv_cannot_bring_is_told(clone):
    clone.put_uv()
    clone.let_uv_fail("python-find")
    clone.let_uv_fail("python-install", "error: Failed to install cpython-3.13\ncause: dns")
    status, _, err = clone.run("lab", patch=TOO_NEW)
    assert status == 1
    assert "uv could not bring Python 3.13: error: Failed to install cpython-3.13\n" in err


def test_another_python_that_does_not_fit_either_looks_for_no_third(clone):
    clone.put_uv(python_find=sys.executable)
    clone.settings = {"DLCOURSE_AGAIN": "1"}
    status, _, err = clone.run("lab", patch=TOO_NEW)
    assert status == 1
    assert "this is Python 3.14" in err


def test_once_it_is_installed_any_python_starts_it(clone):
    clone.run("lab")
    assert clone.run("lab", patch="sys.version_info = (3, 6, 0)")[1] == "dlcourse got ['lab']\n"


# ------------------------------------------------------------------ settings of pip


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
    """An environment of its own, a wheel made here, no network."""
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


# ------------------------------------------------------------------ when it is interrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_next_run_repairs_an_interrupted_installation(clone, number):
    process = clone.start_hanging()
    (clone.folder / ".venv" / "half").touch()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    clone.let_pip_end()
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert err == "\nStopped. The next run begins the installation again.\n"
    assert not (clone.folder / ".venv/installed").exists()

    status, out, _ = clone.run("lab")
    assert status == 7
    assert out.startswith("Installing the course into .venv")
    assert not (clone.folder / ".venv" / "half").exists()


def test_an_interruption_would_go_unseen_if_the_stamp_came_first(clone):
    hasty = """
        make = make_venv
        def stamp_first():
            make()
            course.FULL.stamp.write_text(course.json.dumps(course.FULL.state()))
        course.make_venv = stamp_first
    """
    (clone.folder / "pip-says").write_text("killed")
    assert clone.run("lab", patch=hasty)[0] == 1
    (clone.folder / "pip-says").unlink()
    assert clone.run("lab", patch=hasty)[1] == "dlcourse got ['lab']\n"


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [("Collecting numpy==9", True), ("Installing collected packages: numpy", False)],
)
def test_an_update_that_fails_costs_the_old_installation_only_if_it_was_touched(
    clone, said, is_kept
):
    clone.run("lab")
    (clone.folder / ".venv" / "old").touch()
    (clone.folder / "requirements.txt").write_text("numpy==9\n")
    (clone.folder / "pip-says").write_text(said)
    assert clone.run("lab")[0] == 1
    (clone.folder / "pip-says").unlink()
    assert clone.run("lab")[0] == 7
    assert (clone.folder / ".venv" / "old").exists() == is_kept


# ------------------------------------------------------------------ what it says when it cannot


@pytest.mark.parametrize(
    ("said", "sentence", "remedy"),
    [
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: Could not find a version that satisfies the requirement numpy\n"
            "ERROR: No matching distribution found for numpy==2.4.6",
            "there is no connection to the package index",
            "Connect to the internet",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or "
            "directory: 'C:\\\\...'\nHINT: This error might have occurred since this system does "
            "not have Windows Long Path support enabled.",
            "too long for Windows",
            "a folder with a short path",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on "
            "device",
            "The disk is full.",
            "Free some space",
        ),
        (
            "SSLError(SSLCertVerificationError(1, 'certificate verify failed'))",
            "has a certificate that is not trusted",
            "PIP_CERT",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "differs from the one that the lock names",
            "pip cache purge",
        ),
        (
            "ERROR: No matching distribution found for tensorflow==2.21.0",
            "not built for this machine",
            "Apple Silicon",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied",
            "cannot be written",
            "writable",
        ),
        (
            "OSError('Tunnel connection failed: 407 Proxy Authentication Required')\n"
            "ERROR: No matching distribution found for numpy==2.4.6",
            "The proxy asks for a name and a password.",
            "HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [WinError 206] The filename or "
            "extension is too long",
            "too long for Windows",
            "a folder with a short path",
        ),
        ("ERROR: Configuration file contains invalid utf-8", "cannot read its config", "Mend"),
        ("something {unheard} of", "The installation failed: something {unheard} of", "delete"),
        ("", "The installation failed", "delete"),
    ],
)
def test_what_pip_says_becomes_a_sentence_and_a_remedy(clone, said, sentence, remedy):
    (clone.folder / "pip-says").write_text(said)
    status, _, err = clone.run("lab")
    assert status == 1
    assert sentence in err
    assert remedy in err
    assert "Traceback" not in err
    log = clone.folder / ".venv/install.log"
    assert str(log) in err
    assert said in log.read_text()


def test_the_real_pip_without_a_network_is_understood(clone):
    """Words of the pip that is installed here, when nobody listens at the index."""
    request = ["--index-url=http://127.0.0.1:9/simple", "no-such-package==1.0"]
    result = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "download", "--retries=1", *request],
        env=os.environ | {"PIP_CONFIG_FILE": os.devnull},
        cwd=clone.folder,
        capture_output=True,
        text=True,
    )
    assert result.returncode != 0
    (clone.folder / "pip-says").write_text(result.stdout + result.stderr)
    assert "there is no connection to the package index" in clone.run("lab")[2]


@pytest.mark.parametrize(
    ("patch", "sentence", "remedy"),
    [
        ("sys.version_info = (3, 10, 9)", "and this is Python 3.10.\n", "Install Python 3.13"),
        (
            "sys.version_info = (3, 14, 0)",
            "and this is Python 3.14. TensorFlow is not built for it.\n",
            "or install uv (https://docs.astral.sh/uv), which brings Python 3.13",
        ),
        (
            "course.runs = lambda command, *_: command[-1] != 'import ssl'",
            "built without SSL",
            "libssl-dev",
        ),
        ("sys.maxsize = 2**31 - 1", "32-bit", "64-bit"),
        (
            "course.platform.system = lambda: 'Darwin'; course.platform.machine = lambda: 'x86_64'",
            "Intel processors",
            "Docker",
        ),
        ("course.platform.python_implementation = lambda: 'PyPy'", "CPython", "python.org"),
        (
            "course.importlib.util.find_spec = lambda name: None",
            "cannot make a virtual environment",
            "sudo apt install python3",
        ),
        ("sys.prefix = str(course.VENV)", "the one in .venv", "deactivate"),
        (
            "course.shutil.disk_usage = lambda path: type('Usage', (), dict(free=1.2e9))",
            "The disk has 1.2 GB left, and the course needs",
            "Free some space",
        ),
        (
            "def refuse(): raise PermissionError(13, 'Permission denied')\n"
            "course.make_venv = refuse",
            "cannot be written",
            "writable",
        ),
    ],
)
def test_an_unsuitable_machine_is_told_before_anything_is_downloaded(
    clone, patch, sentence, remedy
):
    status, _, err = clone.run("lab", "--port=1", patch=patch)
    assert status == 1
    assert sentence in err
    assert remedy in err
    assert "Traceback" not in err
    assert clone.installations() == []


def test_a_real_older_python_gets_the_sentence():
    names = [f"python3.{minor}" for minor in range(6, 11)]
    older = [name for name in names if shutil.which(name) and is_working(name)]
    if not older:
        pytest.skip("no Python older than 3.11 runs here")
    for name in older:
        result = subprocess.run([name, COURSE, "lab"], capture_output=True, text=True)
        assert result.returncode == 1
        assert "The course needs Python 3.11, 3.12 or 3.13, and this is Python 3." in result.stderr
        assert "Traceback" not in result.stderr


def is_working(name: str) -> bool:
    return subprocess.run([name, "-c", ""], capture_output=True).returncode == 0


def test_it_is_written_in_the_syntax_of_python_3_6():
    ast.parse(COURSE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_uses_the_standard_library_only():
    tree = ast.parse(COURSE.read_text(encoding="utf-8"))
    names = [name for name, *_ in imports(tree)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


# ------------------------------------------------------------------ help


@pytest.mark.parametrize("arguments", [(), ("-h",), ("--help",)])
def test_alone_it_explains_itself_and_installs_nothing(clone, arguments):
    status, out, err = clone.run(*arguments)
    assert (status, err) == (0, "")
    assert "python3 course.py lab" in out
    assert not (clone.folder / ".venv").exists()


def test_alone_it_adds_the_help_of_dlcourse_once_that_is_there(clone):
    clone.run("lab")
    _, out, _ = clone.run()
    assert "python3 course.py lab" in out
    assert out.endswith("dlcourse got ['--help']\n")


def test_the_commands_that_it_names_exist(clone):
    _, out, _ = clone.run()
    named = set(re.findall(r"python3 course\.py (?:--\w+ )?(\w+)", out))
    assert named <= {*COMMANDS, "COMMAND"}
